"""A yearly assessment of a society, on the administrative map of its day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from xhht.campaign.run import ProgressCallback, Run
from xhht.campaign.society import Society
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry
from xhht.domain.areas import AreaTree

__all__ = ["Campaign"]


class Campaign:
    """The setup for evaluating societies of one year.

    Args:
        year: the year of assessment.
        profiles: the profiles to choose from, by title, kind of subject and area.
        areas: the areas; those that exist on the day are used.
        as_of: the day of evaluation; if omitted, 31 December of the year.
        illustrative: whether invented profiles may be chosen; the result is marked as such.

    Raises:
        DomainError: the areas do not form a tree on that day.
    """

    def __init__(
        self,
        year: int,
        profiles: Registry | Iterable[Profile],
        areas: AreaTree,
        *,
        as_of: date | None = None,
        illustrative: bool = False,
    ) -> None:
        self.year = year
        self.as_of = as_of or date(year, 12, 31)
        self.profiles = profiles if isinstance(profiles, Registry) else Registry(tuple(profiles))
        self.areas = areas.on(self.as_of)
        self.illustrative = illustrative

    def run(self, society: Society, *, watch: ProgressCallback = iter) -> Run:
        """Return a society evaluated bottom-up: each title after those it depends on.

        Args:
            society: the records and counts.
            watch: wraps the iteration over the subjects of each profile, to show progress.

        Raises:
            CampaignError: profiles depend on one another in a circle, an input counts members
                that such subjects do not have, or a declared total is invalid.
            ProfileError: the condition of an input on its members is invalid.
        """
        return Run(
            society,
            profiles=self.profiles,
            areas=self.areas,
            year=self.year,
            as_of=self.as_of,
            illustrative=self.illustrative,
            watch=watch,
        )
