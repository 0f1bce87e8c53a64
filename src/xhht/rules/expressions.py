"""The condition language as typed trees: what a parsed condition says.

Truth values and numbers are different unions; the parser never builds a tree that mixes them.
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
    "Among",
    "Any_",
    "AsOf",
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
    "Points",
    "PointsOf",
    "Product",
    "ShareOf",
    "Since",
    "Sum",
    "Truth",
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
    """What a number is, and so what it may be compared with."""

    NUMBER = "number"
    FRACTION = "fraction"
    DATE = "date"


@frozen
class Truth:
    """`true` or `false`."""

    value: bool


@frozen
class Unknown:
    """A mark or condition that no source shows: any value is possible, and no fact settles it."""


@frozen
class TruthInput:
    """A `bool` input."""

    name: str


@frozen
class Among:
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
    """`left >= right`, `left > right` or `left == right`; other signs are written with these."""

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
    """A number; a date is the number of its day."""

    value: Fraction


@frozen
class Since:
    """What a dated value is from a day on.

    Attributes:
        start: the first day, or None for ever before.
        value: the number, or None where no source shows it; a date is the number of its day.
    """

    start: date | None
    value: Fraction | None


@frozen
class Dated:
    """A named constant that changes by date; before its first day it is unknown.

    Attributes:
        name: as conditions write it.
        kind: what kind of number it is, or None where it is unknown on every day.
        steps: what it is from which day on, in the order of days; at least one.
    """

    name: str
    kind: NumberKind | None
    steps: tuple[Since, ...]

    def on(self, day: date | None) -> Since:
        """Return what holds on a day; without a day, what holds from ever."""
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
    """`numerator / denominator`, compared without dividing; undefined when the whole is 0."""

    numerator: Number
    denominator: Number


@frozen
class Points:
    """The points of the whole profile."""


@frozen
class Percent:
    """The points of the whole profile as a share of the points available."""


@frozen
class PointsOf:
    """The points of one criterion."""

    node: str


@frozen
class LowestIndicator:
    """The fewest points that any applicable scored indicator has."""


Condition: TypeAlias = (
    "Truth | Unknown | TruthInput | Among | Met | Not | All | Any_ | Compare | TruthIf"
)
Number: TypeAlias = (
    "Constant | Unknown | Dated | NumberInput | AsOf | Sum | Product | Extreme | NumberIf | ShareOf"
    " | Points | Percent | PointsOf | LowestIndicator"
)


def walk(tree: object) -> Iterator[object]:
    """Yield every node of an expression, the outermost first."""
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
    """Return the values of a node's fields, the last first."""
    kind: type = type(node)
    return [getattr(node, name) for name in reversed(_field_names(kind))]


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(attribute.name for attribute in fields(kind)) if has(kind) else ()


def input_names(*trees: object) -> tuple[str, ...]:
    """Return the inputs that expressions read, each once, in the order of reading."""
    names = (
        node.name
        for tree in trees
        for node in walk(tree)
        if isinstance(node, (TruthInput, Among, NumberInput))
    )
    return tuple(dict.fromkeys(names))


def node_ids(tree: object) -> tuple[str, ...]:
    """Return the criteria that an expression names."""
    return tuple(node.node for node in walk(tree) if isinstance(node, (Met, PointsOf)))


def asks_unknown(*trees: object) -> bool:
    """Return whether expressions ask for what no source shows."""
    return any(isinstance(node, Unknown) for tree in trees for node in walk(tree))


def values_in(*trees: object) -> tuple[Dated, ...]:
    """Return the dated values that expressions read, once for each time they do."""
    return tuple(node for tree in trees for node in walk(tree) if isinstance(node, Dated))


def shares_in(*trees: object) -> tuple[ShareOf, ...]:
    """Return the shares that expressions compare."""
    shares = (node for tree in trees for node in walk(tree) if isinstance(node, ShareOf))
    return tuple(dict.fromkeys(shares))
