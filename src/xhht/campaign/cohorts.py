"""Cohorts: the subjects of one title and kind in one area, with one profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from xhht.campaign.places import SubjectPlaces
from xhht.campaign.records import Cohort, Record, Refusal, TitleGroup, kind_of
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry
from xhht.domain.people import Community
from xhht.errors import ProfileNotFoundError
from xhht.text import Text

__all__ = ["Cohorts"]


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
    def profiles(self) -> set[Profile]:
        """The profiles of all cohorts found so far."""
        return {cohort.profile for cohort in self._by_key.values() if cohort.profile is not None}

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
        try:
            profile = self._registry.resolve(
                title,
                as_of=self._as_of,
                area=self._places.path(area),
                applies_to=kind,
                illustrative=self._illustrative,
            )
        except ProfileNotFoundError as error:
            refusal = Refusal("no_profile", None, error.text, counted=True)
            return Cohort(group, area, kind, None, refusal)
        return Cohort(group, area, kind, profile, None)


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
