"""Inputs of a profile, and the domain of values of each.

Inside a plan every value is a whole number of the input's own steps (a date is its ordinal day),
so that rules are evaluated without fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from attrs import field, frozen

from xhht.domain.titles import Title

__all__ = [
    "BOOL_DOMAIN",
    "COUNT_MAX",
    "NO_LEVEL",
    "EvidenceRule",
    "Input",
    "InputType",
    "Standard",
    "bound_propagation_order",
    "share_maxima",
    "share_parts",
]

COUNT_MAX = 10**9
"""The upper bound of a count or decimal that declares none."""

BOOL_DOMAIN = (0, 1)

NO_LEVEL: Final = "none"
"""The name of "no level" among levels."""


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
    """The evidence that a value of an input requires.

    Attributes:
        required: whether a value without a verifier is treated as unknown.
        valid_months: calendar months for which dated evidence counts, the last day included, or
            None for no limit.
    """

    required: bool = False
    valid_months: int | None = None


@frozen(kw_only=True)
class Standard:
    """The title of a profile on whose result for the same subject an input rests.

    Attributes:
        title: the title.
        applies_to: the kinds of subject that its profile must be for: keys with their values.
    """

    title: Title
    applies_to: tuple[tuple[str, tuple[str, ...]], ...] = ()


@frozen(kw_only=True)
class Input:
    """One input: its kind and its domain.

    Attributes:
        name: identifier, as used in conditions.
        kind: what kind of value it takes.
        minimum: the minimum, in steps; 0 for `bool` and `choice`.
        maximum: the maximum, in steps.
        step: the number that one step represents.
        choices: the identifiers of a `choice`, in the profile's order.
        at_most: the input that bounds this one from above, or None.
        evidence: the evidence that a value requires.
        part_of: for one of the two counts of a share of members, the declared input; else None.
        standard: the standard on whose result it rests, or None.
    """

    name: str
    kind: InputType
    minimum: int = 0
    maximum: int = 1
    step: Fraction = field(default=Fraction(1))
    choices: tuple[str, ...] = ()
    at_most: str | None = None
    evidence: EvidenceRule = EvidenceRule()
    part_of: Input | None = None
    standard: Standard | None = None

    @property
    def declared_input(self) -> Input:
        """The input as a profile declares it."""
        return self.part_of or self

    @property
    def domain(self) -> tuple[int, int]:
        """The set of all values: an interval in steps; for a choice, the bits of its options.

        For a choice only the second number is used.
        """
        if self.kind is InputType.CHOICE:
            return (0, (1 << len(self.choices)) - 1)
        return (self.minimum, self.maximum)

    def is_known(self, lower: int, upper: int) -> bool:
        """Return whether the set `(lower, upper)` contains exactly one value."""
        if self.kind is InputType.CHOICE:
            return upper & (upper - 1) == 0
        return lower == upper

    def options(self, mask: int) -> list[str]:
        """Return the options of a choice whose bits are in `mask`."""
        return [option for index, option in enumerate(self.choices) if mask >> index & 1]

    def number(self, units: int) -> Fraction:
        """Return the number that `units` steps represent."""
        return self.step * units

    def units(self, value: Fraction | date) -> int | None:
        """Return `value` in steps, or None if it is not a whole number of steps."""
        if isinstance(value, date):
            return value.toordinal()
        units = value / self.step
        return units.numerator if units.denominator == 1 else None


def share_parts(share: Input) -> tuple[Input, Input]:
    """Return the two counts that represent a share of members: those that hold, and the others.

    With two counts every bound of the share is reachable, and the share never exceeds 1.
    """
    return (
        Input(name=f"{share.name}.held", kind=InputType.COUNT, maximum=COUNT_MAX, part_of=share),
        Input(name=f"{share.name}.others", kind=InputType.COUNT, maximum=COUNT_MAX, part_of=share),
    )


def share_maxima(inputs: Mapping[str, Input]) -> dict[str, Fraction]:
    """Return the maximum of each input that is a share, by its name in a mapping.

    >>> inputs = [Input(name="rate", kind=InputType.SHARE), Input(name="plan", kind=InputType.BOOL)]
    >>> share_maxima({declared.name: declared for declared in inputs})
    {'rate': Fraction(1, 1)}
    """
    return {
        name: declared.number(declared.maximum)
        for name, declared in inputs.items()
        if declared.kind is InputType.SHARE
    }


def bound_propagation_order(inputs: Iterable[Input]) -> tuple[tuple[int, int], ...] | None:
    """Return the `at_most` pairs (smaller, larger) in topological order; None if there is a cycle.

    For bound propagation: going through the pairs backwards lowers upper bounds along every
    chain, forwards raises lower bounds.
    """
    all_inputs = tuple(inputs)
    index_of = {declared.name: index for index, declared in enumerate(all_inputs)}
    larger = {
        index: index_of[declared.at_most]
        for index, declared in enumerate(all_inputs)
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
