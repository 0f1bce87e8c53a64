"""Syntax trees of the condition language, typed.

Conditions and numbers are separate unions; the parser never builds a tree that mixes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import TypeAlias

from attrs import fields, frozen, has

__all__ = [
    "All",
    "AllPoints",
    "Any_",
    "AsOf",
    "ChoiceIn",
    "Compare",
    "Condition",
    "Constant",
    "Dated",
    "Extreme",
    "LowestIndicator",
    "Met",
    "Not",
    "Number",
    "NumberIf",
    "NumberInput",
    "NumberKind",
    "Percent",
    "PointsOf",
    "Product",
    "ShareOf",
    "Since",
    "Sum",
    "TruthConstant",
    "TruthIf",
    "TruthInput",
    "Unknown",
    "asks_unknown",
    "input_names",
    "node_ids",
    "shares_in",
    "values_in",
    "walk",
]


class NumberKind(StrEnum):
    """The type of a number, which decides what it can be compared with."""

    NUMBER = "number"
    FRACTION = "fraction"
    DATE = "date"


@frozen
class TruthConstant:
    """`true` or `false`."""

    value: bool


@frozen
class Unknown:
    """A threshold or condition not given by the sources: any value is possible."""


@frozen
class TruthInput:
    """A `bool` input."""

    name: str


@frozen
class ChoiceIn:
    """Whether a `choice` input is one of some options."""

    name: str
    options: frozenset[str]


@frozen
class Met:
    """Whether the criterion with this id has all its points."""

    node: str


@frozen
class Not:
    """The opposite of a condition."""

    of: Condition


@frozen
class All:
    """Whether every condition holds."""

    of: tuple[Condition, ...]


@frozen
class Any_:  # noqa: N801 - `Any` means something else to every reader
    """Whether some condition holds."""

    of: tuple[Condition, ...]


@frozen
class Compare:
    """`left >= right`, `left > right` or `left == right`; other signs are rewritten to these."""

    sign: str
    left: Number
    right: Number


@frozen
class TruthIf:
    """The condition `then` where another holds, else the condition `other`."""

    condition: Condition
    then: Condition
    other: Condition


@frozen
class NumberIf:
    """The number `then` where a condition holds, else the number `other`."""

    condition: Condition
    then: Number
    other: Number


@frozen
class Constant:
    """A number; a date is its ordinal day."""

    value: Fraction


@frozen
class Since:
    """The value of a dated constant from a day on.

    Attributes:
        start: the first day, or None for no first day.
        value: the number, or None if no source gives it; a date is its ordinal day.
    """

    start: date | None
    value: Fraction | None


@frozen
class Dated:
    """A named constant that changes by date; before its first day it is unknown.

    Attributes:
        name: as used in conditions.
        kind: its type of number, or None if it is unknown on every day.
        steps: its values by first day, in order; at least one.
    """

    name: str
    kind: NumberKind | None
    steps: tuple[Since, ...]

    def on(self, day: date | None) -> Since:
        """Return the step in force on a day; without a day, the one without a first day."""
        current = Since(None, None)
        for step in self.steps:
            if step.start is None or (day is not None and step.start <= day):
                current = step
        return current


@frozen
class NumberInput:
    """A numeric or date input."""

    name: str


@frozen
class AsOf:
    """The latest day from which `months` calendar months have passed on the day of evaluation."""

    months: int = 0


@frozen
class Sum:
    """Numbers added, each with a constant factor."""

    of: tuple[tuple[Fraction, Number], ...]


@frozen
class Product:
    """Two numbers multiplied."""

    left: Number
    right: Number


@frozen
class Extreme:
    """The least or the greatest of some numbers."""

    greatest: bool
    of: tuple[Number, ...]


@frozen
class ShareOf:
    """`numerator / denominator`, compared without division; undefined if the denominator is 0."""

    numerator: Number
    denominator: Number


@frozen
class AllPoints:
    """The total points of the profile."""


@frozen
class Percent:
    """The total points of the profile as a share of the available points."""


@frozen
class PointsOf:
    """The points of one criterion."""

    node: str


@frozen
class LowestIndicator:
    """The lowest points of any applicable scored indicator."""


Condition: TypeAlias = (
    "TruthConstant | Unknown | TruthInput | ChoiceIn | Met | Not | All | Any_ | Compare | TruthIf"
)
Number: TypeAlias = (
    "Constant | Unknown | Dated | NumberInput | AsOf | Sum | Product | Extreme | NumberIf | ShareOf"
    " | AllPoints | Percent | PointsOf | LowestIndicator"
)


def walk(tree: object) -> Iterator[object]:
    """Yield every node of an expression in preorder."""
    yield tree
    stack = list(_parts(tree))
    while stack:
        value = stack.pop()
        if isinstance(value, tuple):
            stack += reversed(value)
            continue
        kind: type = type(value)
        if _is_node(kind):
            yield value
            stack += _parts(value)


_is_node = cache(has)


def _parts(node: object) -> list[object]:
    """Return the values of a node's fields in reverse order."""
    kind: type = type(node)
    return [getattr(node, name) for name in reversed(_field_names(kind))]


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(attribute.name for attribute in fields(kind)) if has(kind) else ()


def input_names(*trees: object) -> tuple[str, ...]:
    """Return the inputs that expressions read, without duplicates, in order of first use."""
    names = (
        node.name
        for tree in trees
        for node in walk(tree)
        if isinstance(node, (TruthInput, ChoiceIn, NumberInput))
    )
    return tuple(dict.fromkeys(names))


def node_ids(tree: object) -> tuple[str, ...]:
    """Return the criteria that an expression names."""
    return tuple(node.node for node in walk(tree) if isinstance(node, (Met, PointsOf)))


def asks_unknown(*trees: object) -> bool:
    """Return whether expressions contain `unknown`."""
    return any(isinstance(node, Unknown) for tree in trees for node in walk(tree))


def values_in(*trees: object) -> tuple[Dated, ...]:
    """Return the dated values that expressions read, one entry for each use."""
    return tuple(node for tree in trees for node in walk(tree) if isinstance(node, Dated))


def shares_in(*trees: object) -> tuple[ShareOf, ...]:
    """Return the shares that expressions compare."""
    shares = (node for tree in trees for node in walk(tree) if isinstance(node, ShareOf))
    return tuple(dict.fromkeys(shares))
