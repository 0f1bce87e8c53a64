"""Inputs: what a profile asks to know, and the set of values each may take.

Inside a plan every value is a whole number of the input's own steps (a date is its ordinal day),
so that no fraction is left when rules are evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from fractions import Fraction

from attrs import field, frozen

__all__ = [
    "BOOL_DOMAIN",
    "COUNT_MAX",
    "EvidenceRule",
    "Input",
    "InputType",
    "narrowing_order",
    "share_parts",
]

COUNT_MAX = 10**9
"""The upper bound of a count or decimal that declares none."""

BOOL_DOMAIN = (0, 1)


class InputType(StrEnum):
    """What kind of value an input takes."""

    BOOL = "bool"
    COUNT = "count"
    DECIMAL = "decimal"
    SHARE = "share"
    CHOICE = "choice"
    DATE = "date"
    ASSESSED = "assessed"

    @property
    def numeric(self) -> bool:
        """Whether values of this kind can be compared with numbers."""
        return self in _NUMERIC


_NUMERIC = {InputType.COUNT, InputType.DECIMAL, InputType.SHARE, InputType.ASSESSED}


@frozen
class EvidenceRule:
    """What an input's value must be backed by.

    Attributes:
        required: whether a value without a verifier stays unknown.
        valid_months: calendar months for which dated evidence counts, or None for ever.
    """

    required: bool = False
    valid_months: int | None = None


@frozen(kw_only=True)
class Input:
    """One input: its kind and its whole domain.

    Attributes:
        name: identifier, as conditions write it.
        kind: what kind of value it takes.
        low: the least value, in steps; 0 for `bool` and `choice`.
        high: the greatest value, in steps.
        step: the number that one step stands for.
        choices: the identifiers of a `choice`, in the profile's order.
        at_most: the input that this one never exceeds, or None.
        evidence: what a value must be backed by.
        part_of: for a share of members, kept as two counts, the input that is asked; else None.
    """

    name: str
    kind: InputType
    low: int = 0
    high: int = 1
    step: Fraction = field(default=Fraction(1))
    choices: tuple[str, ...] = ()
    at_most: str | None = None
    evidence: EvidenceRule = EvidenceRule()
    part_of: Input | None = None

    @property
    def asked(self) -> Input:
        """The input as a profile declares it."""
        return self.part_of or self

    @property
    def domain(self) -> tuple[int, int]:
        """The set of all values: an interval in steps; for a choice, the bits of its options.

        A choice keeps its set in the second number alone.
        """
        if self.kind is InputType.CHOICE:
            return (0, (1 << len(self.choices)) - 1)
        return (self.low, self.high)

    def is_known(self, lower: int, upper: int) -> bool:
        """Return whether the set `(low, high)` holds one value alone."""
        if self.kind is InputType.CHOICE:
            return upper & (upper - 1) == 0
        return lower == upper

    def number(self, units: int) -> Fraction:
        """Return the number that `units` steps stand for."""
        return self.step * units

    def units(self, value: Fraction | date) -> int | None:
        """Return `value` in steps, or None when it lies between two steps."""
        if isinstance(value, date):
            return value.toordinal()
        units = value / self.step
        return units.numerator if units.denominator == 1 else None


def share_parts(share: Input) -> tuple[Input, Input]:
    """Return the two counts that a share of members is kept as: those that hold, and the others.

    Taken apart so, a share has no bound that its members cannot reach, and never passes 1.
    """
    return (
        Input(name=f"{share.name}.held", kind=InputType.COUNT, high=COUNT_MAX, part_of=share),
        Input(name=f"{share.name}.others", kind=InputType.COUNT, high=COUNT_MAX, part_of=share),
    )


def narrowing_order(inputs: Iterable[Input]) -> tuple[tuple[int, int], ...] | None:
    """Return the pairs (smaller, larger) of `at_most`, smaller chains first; None on a circle.

    Walking the pairs backwards lowers upper bounds along every chain, walking them forwards
    raises lower bounds.
    """
    listed = tuple(inputs)
    index_of = {declared.name: index for index, declared in enumerate(listed)}
    larger = {
        index: index_of[declared.at_most]
        for index, declared in enumerate(listed)
        if declared.at_most in index_of
    }
    depth: dict[int, int] = {}
    for start in larger:
        chain: dict[int, None] = {}
        index = start
        while index in larger and index not in depth:
            if index in chain:
                return None
            chain[index] = None
            index = larger[index]
        for length, member in enumerate(reversed(chain), depth.get(index, 0) + 1):
            depth[member] = length
    return tuple((index, larger[index]) for index in sorted(larger, key=lambda i: -depth[i]))
