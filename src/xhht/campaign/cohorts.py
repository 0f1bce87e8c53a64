"""Cohorts: the subjects of one title and kind in one area, with one profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache

from xhht.campaign.places import SubjectPlaces
from xhht.campaign.records import Cohort, Record, Refusal, TitleGroup, kind_of
from xhht.criteria.dependencies import standards_of
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry
from xhht.criteria.standards import StandardChain, chain_of
from xhht.domain.people import Community
from xhht.domain.titles import Title
from xhht.errors import ProfileNotFoundError
from xhht.text import Text

__all__ = ["Cohorts", "resolved_chain"]


class Cohorts:
    """Finds the cohort of each record; equal cohorts share one object.

    Args:
        registry: the profiles to choose from.
        places: the locations of subjects.
        as_of: the day of evaluation.
        illustrative: whether invented profiles may be chosen.
        is_reported: whether a group in an area is covered by reported counts.
    """

    def __init__(
        self,
        registry: Registry,
        places: SubjectPlaces,
        *,
        as_of: date,
        illustrative: bool,
        is_reported: Callable[[TitleGroup, str], bool],
    ) -> None:
        self._registry, self._places = registry, places
        self._as_of, self._illustrative = as_of, illustrative
        self._is_reported = is_reported
        self._by_key: dict[tuple[object, ...], Cohort] = {}

    @property
    def profiles(self) -> set[tuple[Profile, Title]]:
        """The profiles of all cohorts and their standards, with the title of the subjects."""
        return {
            (profile, cohort.group[0])
            for cohort in self._by_key.values()
            if cohort.chain is not None
            for profile in cohort.chain.profiles
        }

    def of(self, record: Record) -> Cohort | None:
        """Return the cohort of a record, or None if its area is unknown."""
        area = self._places.area_of(record)
        if area is None:
            return None
        kind = kind_of(record)
        key = record.key[0], area, *kind.items()
        cohort = self._by_key.get(key)
        if cohort is None:
            cohort = self._by_key[key] = self._cohort(record, area, kind)
        return cohort

    def _cohort(self, record: Record, area: str, kind: Mapping[str, str]) -> Cohort:
        title, subject = record.key[0], record.subject
        group = title, subject.level if isinstance(subject, Community) else None
        if self._is_reported(group, area):
            return Cohort(group, area, kind, None, _REPORTED)
        path = self._places.path(area)
        try:
            chain = resolved_chain(
                self._registry,
                title,
                as_of=self._as_of,
                path=path,
                kind=kind,
                illustrative=self._illustrative,
            )
        except ProfileNotFoundError as error:
            refusal = Refusal("no_profile", None, error.text, counted=True)
            return Cohort(group, area, kind, None, refusal)
        return Cohort(group, area, kind, chain, None)


def resolved_chain(
    registry: Registry,
    title: Title,
    *,
    as_of: date,
    path: Sequence[str],
    kind: Mapping[str, str],
    illustrative: bool,
) -> StandardChain:
    """Return the profile of a kind of subjects, with the standards that it rests on.

    An input takes its value from the facts if no profile of its standard is in force.

    Args:
        registry: the profiles to choose from.
        title: the title of the subjects.
        as_of: the day of evaluation.
        path: the codes of their area and of all enclosing areas, the nearest first.
        kind: their properties that a profile's `applies_to` may use.
        illustrative: whether invented profiles may be chosen.

    Raises:
        ProfileNotFoundError: no profile of the title, or several, are in force.
        ProfileError: the profile and its standards do not fit together.
    """

    def resolved(wanted: Title) -> Profile:
        return registry.resolve(
            wanted, as_of=as_of, area=path, applies_to=kind, illustrative=illustrative
        )

    profile = resolved(title)
    standards: dict[Title, Profile] = {}
    pending = [profile]
    while pending:
        for entry in standards_of(pending.pop()).values():
            if entry.title not in standards:
                with suppress(ProfileNotFoundError):
                    standards[entry.title] = resolved(entry.title)
                    pending.append(standards[entry.title])
    return _chain(profile, tuple(standards.values()))


@lru_cache(maxsize=256)
def _chain(profile: Profile, standards: tuple[Profile, ...]) -> StandardChain:
    """Return a chain; equal ones are one object."""
    return chain_of(profile, standards)


_REPORTED = Refusal(
    "reported_area",
    "area",
    Text(
        vi="Khu vực này, hoặc khu vực chứa nó, đã gửi số tổng hợp cho danh hiệu này; hãy bỏ số "
        "tổng hợp hoặc bỏ hồ sơ.",
        en="This area, or an area that contains it, sends counts for this title; remove the "
        "counts or the record.",
    ),
)
