"""Measured values for a target: a numerator and a denominator, each known or a range.

Where something is open, numerator and denominator are dependent: a person whose eligibility is
open changes both. All possible pairs are between two ends, `worst` and `best`, each a pair of
numbers that can be true together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias, TypedDict

from attrs import field, frozen

from xhht.domain.area import AreaReference
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.errors import RollupError
from xhht.rollup.counts import Bounds, BoundsDict
from xhht.rollup.rates import Coverage, CoverageDict, Rate
from xhht.text import Lang, Text

__all__ = [
    "AreaMeasurement",
    "JointState",
    "JointTally",
    "Measurement",
    "RatioEnd",
    "Truth",
    "joint_rollup",
]

Truth: TypeAlias = bool | None
JointState: TypeAlias = tuple[Truth, Truth]


@frozen
class RatioEnd:
    """A numerator and a denominator that can be true together; None is unbounded."""

    numerator: int
    denominator: int | None


class MeasurementDict(TypedDict):
    """A share or a count in JSON."""

    numerator: BoundsDict
    denominator: BoundsDict
    percent_min: str | None
    percent_max: str | None


class AreaMeasurementDict(AreaReference, MeasurementDict):
    """What was measured in one area, in JSON."""

    coverage: CoverageDict | None
    reported: bool


@frozen(kw_only=True)
class Measurement:
    """A share or a count, exact or as a range.

    Attributes:
        numerator: the possible values of the numerator.
        denominator: the possible values of the denominator.
        worst: the smallest numerator with the largest denominator possible for it.
        best: the largest numerator with the smallest denominator that contains it.
    """

    numerator: Bounds
    denominator: Bounds
    worst: RatioEnd
    best: RatioEnd

    @classmethod
    def of(cls, numerator: int, denominator: int) -> Measurement:
        """Return two known numbers; raises RollupError if they are invalid.

        >>> Measurement.of(30, 40).lower
        Fraction(3, 4)
        """
        if not 0 <= numerator <= denominator:
            raise RollupError(_NOT_A_PART)
        end = RatioEnd(numerator, denominator)
        return cls(
            numerator=Bounds(numerator, numerator),
            denominator=Bounds(denominator, denominator),
            worst=end,
            best=end,
        )

    @property
    def lower(self) -> Fraction | None:
        """The smallest possible share, in [0, 1]; None where nothing is counted or unbounded."""
        return _share(self.worst, self.best)

    @property
    def upper(self) -> Fraction | None:
        """The largest possible share, likewise."""
        return _share(self.best, self.worst)

    def to_dict(self) -> MeasurementDict:
        """Return the measurement as JSON data; a share is given in percent with two digits."""
        share = Rate(numerator=None, denominator=None, lower=self.lower, upper=self.upper)
        return {
            "numerator": self.numerator.to_dict(),
            "denominator": self.denominator.to_dict(),
            "percent_min": share.percent_min,
            "percent_max": share.percent_max,
        }


@frozen(kw_only=True)
class AreaMeasurement:
    """What was measured in one area.

    Attributes:
        area: the area.
        measured: the share or number.
        coverage: how many of its leaf areas are included; None for a number or share of areas,
            where an area without figures is open itself.
        reported: whether the area has any figures.
    """

    area: Area
    measured: Measurement
    coverage: Coverage | None
    reported: bool

    def to_dict(self, lang: Lang | str = Lang.VI) -> AreaMeasurementDict:
        """Return the measurement as JSON data.

        Args:
            lang: a language; the data contain no texts.
        """
        return {
            **self.area.reference(),
            **self.measured.to_dict(),
            "coverage": self.coverage.to_dict() if self.coverage else None,
            "reported": self.reported,
        }


def _share(end: RatioEnd, other: RatioEnd) -> Fraction | None:
    """Return the share at one end; if its denominator is 0, that at the other end."""
    if end.denominator == 0:
        end = other
    if not end.denominator:
        return None
    return Fraction(end.numerator, end.denominator)


def _nonzero(states: Mapping[JointState, int]) -> Mapping[JointState, int]:
    return MappingProxyType({state: number for state, number in states.items() if number})


@frozen(hash=False)
class JointTally:
    """How many subjects are in the denominator, in the numerator, in both, or open.

    Tallies form a commutative group under addition, as tallies of reports do.

    >>> people = [(True, True), (True, None), (None, None), (False, None)]
    >>> measured = JointTally.sum(JointTally.of(*person) for person in people).measured()
    >>> measured.lower, measured.upper
    (Fraction(1, 3), Fraction(1, 1))

    Attributes:
        states: subjects by (in the denominator, in the numerator), None for open.
    """

    states: Mapping[JointState, int] = field(factory=dict, converter=_nonzero)

    @classmethod
    def of(cls, inside: Truth, holds: Truth) -> JointTally:
        """Return the tally of one subject.

        Args:
            inside: whether it is in the denominator; None for open.
            holds: whether it is in the numerator, if it is in the denominator.
        """
        return cls({(inside, holds): 1})

    @classmethod
    def sum(cls, tallies: Iterable[JointTally]) -> JointTally:
        """Return the sum of any number of tallies."""
        states: dict[JointState, int] = {}
        for tally in tallies:
            for state, number in tally.states.items():
                states[state] = states.get(state, 0) + number
        return cls(states)

    def __add__(self, other: JointTally) -> JointTally:
        return JointTally.sum((self, other))

    def __neg__(self) -> JointTally:
        return JointTally({state: -number for state, number in self.states.items()})

    def __sub__(self, other: JointTally) -> JointTally:
        return self + -other

    def measured(self) -> Measurement:
        """Return the two numbers; raises RollupError if a state has a negative number."""
        if any(number < 0 for number in self.states.values()):
            raise RollupError(_NEGATIVE)
        inside_row, open_row = self._row(True), self._row(None)
        certain = inside_row[True]
        certain_size, open_size = sum(inside_row.values()), sum(open_row.values())
        possible_entries = open_row[True] + open_row[None]
        largest = certain + inside_row[None] + possible_entries
        return Measurement(
            numerator=Bounds(certain, largest),
            denominator=Bounds(certain_size, certain_size + open_size),
            worst=RatioEnd(certain, certain_size + open_size - open_row[True]),
            best=RatioEnd(largest, certain_size + possible_entries),
        )

    def to_dict(self) -> MeasurementDict:
        """Return what was measured as JSON data."""
        return self.measured().to_dict()

    def _row(self, inside: Truth) -> dict[Truth, int]:
        return {holds: self.states.get((inside, holds), 0) for holds in (True, False, None)}


def joint_rollup(
    tallies: Mapping[str, JointTally], tree: AreaTree, *, by: AreaLevel
) -> dict[str, JointTally]:
    """Return the tallies of areas added up to the areas of one level, by code.

    Args:
        tallies: by code; the subjects listed at exactly that area.
        tree: the areas.
        by: the level to add up to; areas outside every area of this level are ignored.

    Raises:
        DomainError: an area is not in the tree.
    """
    parts: dict[str, list[JointTally]] = {area.code: [] for area in tree.at_level(by)}
    for code, tally in tallies.items():
        area = tree.up(code, by)
        if area is not None:
            parts[area.code].append(tally)
    return {code: JointTally.sum(members) for code, members in parts.items()}


_NOT_A_PART = Text(
    vi="Tử số phải từ 0 đến mẫu số; hãy kiểm tra lại hai số này.",
    en="The numerator must be between 0 and the denominator; check both numbers.",
)
_NEGATIVE = Text(
    vi="Số đối tượng là số âm: đã trừ đi đối tượng chưa từng được cộng.",
    en="The number of subjects is negative: a subject was subtracted that was never added.",
)
