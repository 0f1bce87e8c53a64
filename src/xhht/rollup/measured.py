"""What was measured for a target: two numbers that hang together, each known or a range.

Where something is open, numerator and denominator are not free of one another: a person whose
eligibility is open moves both. All that can still be lies between two ends, `worst` and `best`,
each a pair of numbers that can be true together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias

from attrs import field, frozen

from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.errors import RollupError
from xhht.rollup.counts import Bounds
from xhht.rollup.tree import Coverage
from xhht.text import Text

__all__ = ["AreaMeasured", "End", "JointTally", "Measured", "State", "Truth", "joint_rollup"]

Truth: TypeAlias = bool | None
State: TypeAlias = tuple[Truth, Truth]


@frozen
class End:
    """A numerator and a denominator that can be true together; None is without bound."""

    numerator: int
    denominator: int | None


@frozen(kw_only=True)
class Measured:
    """A share or a count as far as it is known.

    Attributes:
        numerator: what the numerator can be.
        denominator: what the denominator can be.
        worst: the least numerator with the largest denominator it can have.
        best: the largest numerator with the least denominator that holds it.
    """

    numerator: Bounds
    denominator: Bounds
    worst: End
    best: End

    @classmethod
    def of(cls, numerator: int, denominator: int) -> Measured:
        """Return two known numbers; raises RollupError when they cannot be.

        >>> Measured.of(30, 40).low
        Fraction(3, 4)
        """
        if not 0 <= numerator <= denominator:
            raise RollupError(_NOT_A_PART)
        end = End(numerator, denominator)
        return cls(
            numerator=Bounds(numerator, numerator),
            denominator=Bounds(denominator, denominator),
            worst=end,
            best=end,
        )

    @property
    def low(self) -> Fraction | None:
        """The least share, in [0, 1]; None where nothing is counted or no bound is known."""
        return _share(self.worst, self.best)

    @property
    def high(self) -> Fraction | None:
        """The most it can be, likewise."""
        return _share(self.best, self.worst)


@frozen(kw_only=True)
class AreaMeasured:
    """What was measured in one area.

    Attributes:
        area: the area.
        measured: the share or number.
        coverage: how many of its leaf areas are in it; None for a number or share of areas, which
            are open themselves where nothing is known of them.
        reported: whether anything is known of the area at all.
    """

    area: Area
    measured: Measured
    coverage: Coverage | None
    reported: bool


def _share(end: End, other: End) -> Fraction | None:
    """Return the share at one end; where nothing is counted there, the other end has them all."""
    if end.denominator == 0:
        end = other
    if not end.denominator:
        return None
    return Fraction(end.numerator, end.denominator)


def _nonzero(states: Mapping[State, int]) -> Mapping[State, int]:
    return MappingProxyType({state: number for state, number in states.items() if number})


@frozen(hash=False)
class JointTally:
    """How many subjects are in the denominator, in the numerator, in both, or open.

    Tallies add and subtract without restriction, as those of reports do.

    >>> people = [(True, True), (True, None), (None, None), (False, None)]
    >>> found = JointTally.sum(JointTally.of(*each) for each in people).measured()
    >>> found.low, found.high
    (Fraction(1, 3), Fraction(1, 1))

    Attributes:
        states: subjects by (in the denominator, in the numerator), None for open.
    """

    states: Mapping[State, int] = field(factory=dict, converter=_nonzero)

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
        """Return what any number of tallies add up to."""
        states: dict[State, int] = {}
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

    def measured(self) -> Measured:
        """Return the two numbers; raises RollupError when some state has fewer than 0 subjects."""
        if any(number < 0 for number in self.states.values()):
            raise RollupError(_NEGATIVE)
        inside, may_be = self._row(True), self._row(None)
        sure, whole, maybe = inside[True], sum(inside.values()), sum(may_be.values())
        entering = may_be[True] + may_be[None]
        most = sure + inside[None] + entering
        return Measured(
            numerator=Bounds(sure, most),
            denominator=Bounds(whole, whole + maybe),
            worst=End(sure, whole + maybe - may_be[True]),
            best=End(most, whole + entering),
        )

    def _row(self, inside: Truth) -> dict[Truth, int]:
        return {holds: self.states.get((inside, holds), 0) for holds in (True, False, None)}


def joint_rollup(
    tallies: Mapping[str, JointTally], tree: AreaTree, *, by: AreaLevel
) -> dict[str, JointTally]:
    """Return the tallies of areas added up to the areas of one level, by code.

    Args:
        tallies: by code; the subjects listed at just that area.
        tree: the areas.
        by: the level to add up to; areas that lie in none of this level are left out.

    Raises:
        DomainError: an area is not in the tree.
    """
    parts: dict[str, list[JointTally]] = {area.code: [] for area in tree.at_level(by)}
    for code, tally in tallies.items():
        area = tree.up(code, by)
        if area is not None:
            parts[area.code].append(tally)
    return {code: JointTally.sum(found) for code, found in parts.items()}


_NOT_A_PART = Text(
    vi="Tử số phải từ 0 đến mẫu số; hãy kiểm tra lại hai số này.",
    en="The numerator must lie from 0 to the denominator; check the two.",
)
_NEGATIVE = Text(
    vi="Số đối tượng là số âm: đã trừ đi đối tượng chưa từng được cộng.",
    en="The number of subjects is negative: one was taken away that was never added.",
)
