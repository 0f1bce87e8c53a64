"""Declared numbers of subjects of areas, compared with the known subjects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from xhht.campaign.places import SubjectPlaces
from xhht.domain.titles import Title
from xhht.errors import CampaignError
from xhht.text import Text

__all__ = ["DeclaredTotals"]


class DeclaredTotals:
    """Declared totals, and the number of missing subjects as records change.

    Areas may declare totals inside one another: subjects missing in an area are then known in the
    areas that contain it. A missing subject may be in any part of its area.

    Args:
        declared: totals by code and title.
        places: the areas.

    Raises:
        CampaignError: a total is invalid.
    """

    def __init__(self, declared: Mapping[tuple[str, Title], int], places: SubjectPlaces) -> None:
        self._places = places
        self._declared: dict[Title, dict[str, int]] = {}
        self._below: dict[tuple[Title, str], list[str]] = {}
        self._known: Counter[tuple[Title, str]] = Counter()
        self._touched: dict[str, None] = {}
        self._missing: dict[tuple[Title, str], int] = {}
        for (code, title), number in declared.items():
            if code not in places.areas or title is Title.LEARNING_COMMUNITY or number < 0:
                raise CampaignError(_BAD_TOTAL)
            self._declared.setdefault(title, {})[code] = number
        for title, by_code in self._declared.items():
            for code in by_code:
                self._attach(title, code)

    def _attach(self, title: Title, code: str) -> None:
        """Add an area below those that contain it, up to the nearest that declares a total too."""
        for above in self._places.path(code)[1:]:
            self._below.setdefault((title, above), []).append(code)
            if above in self._declared[title]:
                return

    @property
    def titles(self) -> tuple[Title, ...]:
        """The titles with declared totals."""
        return tuple(self._declared)

    def add_known(self, title: Title, area: str, number: int) -> None:
        """Add a number of known subjects to an area; the number may be negative."""
        if title in self._declared:
            self._missing.clear()
            for code in self._places.path(area):
                self._known[title, code] += number
                self._touched[code] = None

    def pop_changed(self) -> list[str]:
        """Return the areas whose missing subjects may have changed since the last call."""
        if not self._touched:
            return []
        touched = dict(self._touched)
        self._touched.clear()
        for code in list(touched):
            if any(code in declared for declared in self._declared.values()):
                within = self._places.areas.descendants(code)
                touched.update((area.code, None) for area in within)
        return list(touched)

    def excess(self, title: Title) -> Iterator[tuple[str, int]]:
        """Yield the declared minus the known number of subjects of each area.

        It is negative if an area declares fewer subjects than are known.
        """
        for code in self._declared.get(title, ()):
            yield code, self._excess(title, code)

    def around(self, title: Title, area: str) -> int:
        """Return the number of missing subjects that may be in an area or elsewhere around it."""
        declared = self._declared.get(title, {})
        above = [code for code in self._places.path(area)[1:] if code in declared]
        return sum(max(self._excess(title, code), 0) for code in above)

    def missing(self, title: Title, area: str) -> int | None:
        """Return how many subjects may be missing in an area; None if no total is declared."""
        declared = self._declared.get(title)
        if declared is None or not (
            (title, area) in self._below
            or any(code in declared for code in self._places.path(area))
        ):
            return None
        return self._within(title, area) + self.around(title, area)

    def _excess(self, title: Title, code: str) -> int:
        return (
            self._declared[title][code]
            - self._known[title, code]
            - self._missing_below(title, code)
        )

    def _within(self, title: Title, area: str) -> int:
        """Return the number of missing subjects declared by an area or by areas in it."""
        below = self._missing_below(title, area)
        return max(below, self._declared[title].get(area, 0) - self._known[title, area])

    def _missing_below(self, title: Title, area: str) -> int:
        """Return the number of missing subjects declared by areas in an area."""
        missing = self._missing.get((title, area))
        if missing is None:
            missing = sum(self._within(title, part) for part in self._below.get((title, area), ()))
            self._missing[title, area] = missing
        return missing


_BAD_TOTAL = Text(
    vi="Tổng số phải từ 0 trở lên, của khu vực có trong cây khu vực, và không phải của cộng đồng "
    "(các cấp cộng đồng phải báo cáo riêng).",
    en="A total must be 0 or more, for an area in the tree of areas, and not for communities "
    "(report each level of communities separately).",
)
