"""The counts of a year that communes send: invented, and the same on every run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random

from attrs import frozen

from xhht.domain import Area, Title

__all__ = ["MEASURES", "Commune", "Row", "Village", "make_communes", "sums"]

MEASURES = ("total", "registered", "assessed", "recognised")
"""What is counted of each title, in the order of a row."""

Row = tuple[int, int, int, int]

_TITLES = tuple(title for title in Title)
_SIZES = {
    Title.LEARNING_HOUSEHOLD: (300, 800),
    Title.LEARNING_CLAN: (0, 2),
    Title.LEARNING_COMMUNITY: (1, 1),
    Title.LEARNING_UNIT: (0, 3),
    Title.LEARNING_CITIZEN: (500, 1900),
}


@frozen
class Village:
    """A village and its counts by title."""

    name: str
    counts: Mapping[Title, Row]


@frozen
class Commune:
    """A commune and its villages."""

    area: Area
    villages: Sequence[Village]

    @property
    def counts(self) -> Mapping[Title, Row]:
        """The sums of its villages by title."""
        return {
            title: sums(village.counts[title] for village in self.villages) for title in _TITLES
        }


def sums(rows: Iterable[Row]) -> Row:
    """Return the sum of rows, measure by measure."""
    total, registered, assessed, recognised = (sum(column) for column in zip(*rows, strict=True))
    return total, registered, assessed, recognised


def make_communes(areas: Iterable[Area], seed: int = 2025) -> list[Commune]:
    """Return communes with 5 to 12 villages each, and counts that fit together."""
    random = Random(seed)
    return [
        Commune(area, [_village(random, number) for number in range(1, random.randint(5, 12) + 1)])
        for area in areas
    ]


def _village(random: Random, number: int) -> Village:
    return Village(f"Thôn {number}", {title: _row(random, *_SIZES[title]) for title in _TITLES})


def _row(random: Random, least: int, most: int) -> Row:
    total = random.randint(least, most)
    registered = _part(random, total)
    assessed = _part(random, registered)
    return total, registered, assessed, _part(random, assessed)


def _part(random: Random, number: int) -> int:
    return random.randint(number * 4 // 5, number)
