"""How many subjects areas say they have, beside those that are known of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from xhht.campaign.places import Places
from xhht.domain.titles import Title
from xhht.errors import CampaignError
from xhht.text import Text

__all__ = ["Totals"]


class Totals:
    """Declared totals, and who is missing from them as records come and go.

    Areas may declare totals within one another: who is missing in an area is then known of in
    those around it. Where in its area somebody is who is missing, nobody knows: it may be in any
    part of it.

    Args:
        declared: totals by code and title.
        places: the areas.

    Raises:
        CampaignError: a total cannot be.
    """

    def __init__(self, declared: Mapping[tuple[str, Title], int], places: Places) -> None:
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
        """Put an area below those around it, up to the nearest that declares a total as well."""
        for above in self._places.path(code)[1:]:
            self._below.setdefault((title, above), []).append(code)
            if above in self._declared[title]:
                return

    @property
    def titles(self) -> tuple[Title, ...]:
        """The titles of which totals are declared."""
        return tuple(self._declared)

    def move(self, title: Title, area: str, number: int) -> None:
        """Know of so many more subjects in an area, or fewer."""
        if title in self._declared:
            self._missing.clear()
            for code in self._places.path(area):
                self._known[title, code] += number
                self._touched[code] = None

    def take_touched(self) -> list[str]:
        """Return the areas in which other subjects may be missing than when last asked."""
        if not self._touched:
            return []
        touched = dict(self._touched)
        self._touched.clear()
        for code in list(touched):
            if any(code in declared for declared in self._declared.values()):
                within = self._places.areas.descendants(code)
                touched.update((area.code, None) for area in within)
        return list(touched)

    def beyond(self, title: Title) -> Iterator[tuple[str, int]]:
        """Yield how many subjects each area declares beyond those known of there.

        Below 0 it declares fewer than there are.
        """
        for code in self._declared.get(title, ()):
            yield code, self._excess(title, code)

    def around(self, title: Title, area: str) -> int:
        """Return how many subjects are missing who may be in an area, or elsewhere around it."""
        declared = self._declared.get(title, {})
        above = [code for code in self._places.path(area)[1:] if code in declared]
        return sum(max(self._excess(title, code), 0) for code in above)

    def missing(self, title: Title, area: str) -> int | None:
        """Return how many subjects may be missing in an area; None where nobody declares any."""
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
        """Return how many subjects are missing that areas within an area, or it, declare."""
        below = self._missing_below(title, area)
        return max(below, self._declared[title].get(area, 0) - self._known[title, area])

    def _missing_below(self, title: Title, area: str) -> int:
        """Return how many subjects are missing that areas within an area declare."""
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
