"""Syntax trees of the condition language, typed.

Conditions and numbers are separate unions; the parser never builds a tree that mixes them.

A part that a profile writes by the name of a definition is the tree of the definition, and its
`definition` is the name. The name is not part of the meaning and takes no part in equality: plans,
columns and proofs are the same with and without it; explanations and comparisons show it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import TypeAlias

from attrs import evolve, field, fields, frozen, has

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
    "Definition",
    "Extreme",
    "LowestIndicator",
    "Met",
    "Named",
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
    "distinct",
    "input_names",
    "names_in",
    "node_ids",
    "reads_totals",
    "shares_in",
    "values_in",
    "walk",
]


class NumberKind(StrEnum):
    """The type of a number, which decides what it can be compared with."""

    NUMBER = "number"
    FRACTION = "fraction"
    DATE = "date"


@frozen(kw_only=True)
class Named:
    """A part of an expression, which may have a name.

    Attributes:
        definition: the name of the definition that the part is written by, or None.
    """

    definition: str | None = field(default=None, eq=False, repr=False)


@frozen
class TruthConstant(Named):
    """`true` or `false`."""

    value: bool


@frozen
class Unknown(Named):
    """A threshold or condition not given by the sources: any value is possible."""


@frozen
class TruthInput(Named):
    """A `bool` input."""

    name: str


@frozen
class ChoiceIn(Named):
    """Whether a `choice` input is one of some options."""

    name: str
    options: frozenset[str]


@frozen
class Met(Named):
    """Whether the criterion with this id has all its points."""

    node: str


@frozen
class Not(Named):
    """The opposite of a condition."""

    of: Condition


@frozen
class All(Named):
    """Whether every condition holds."""

    of: tuple[Condition, ...]


@frozen
class Any_(Named):  # noqa: N801 - `Any` means something else to every reader
    """Whether some condition holds."""

    of: tuple[Condition, ...]


@frozen
class Compare(Named):
    """`left >= right`, `left > right` or `left == right`; other signs are rewritten to these.

    Attributes:
        is_swapped: whether the right side is written first, as in `right <= left`.
    """

    sign: str
    left: Number
    right: Number
    is_swapped: bool = field(default=False, eq=False, repr=False)


@frozen
class TruthIf(Named):
    """The condition `then` where another holds, else the condition `other`."""

    condition: Condition
    then: Condition
    other: Condition


@frozen
class NumberIf(Named):
    """The number `then` where a condition holds, else the number `other`."""

    condition: Condition
    then: Number
    other: Number


@frozen
class Constant(Named):
    """A number; a date is its ordinal day.

    Attributes:
        kind: how it is written: with a percent sign, as a date, or plain (None).
    """

    value: Fraction
    kind: NumberKind | None = field(default=None, eq=False, repr=False)


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
class Dated(Named):
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
class NumberInput(Named):
    """A numeric or date input."""

    name: str


@frozen
class AsOf(Named):
    """The latest day from which `months` calendar months have passed on the day of evaluation."""

    months: int = 0


@frozen
class Sum(Named):
    """Numbers added, each with a constant factor."""

    of: tuple[tuple[Fraction, Number], ...]


@frozen
class Product(Named):
    """Two numbers multiplied."""

    left: Number
    right: Number


@frozen
class Extreme(Named):
    """The least or the greatest of some numbers."""

    greatest: bool
    of: tuple[Number, ...]


@frozen
class ShareOf(Named):
    """`numerator / denominator`, compared without division; undefined if the denominator is 0."""

    numerator: Number
    denominator: Number


@frozen
class AllPoints(Named):
    """The total points of the profile."""


@frozen
class Percent(Named):
    """Points as a share of the available points: of one criterion, or in total."""

    node: str | None = None


@frozen
class PointsOf(Named):
    """The points of one criterion."""

    node: str


@frozen
class LowestIndicator(Named):
    """The lowest points of any applicable scored indicator."""


Condition: TypeAlias = (
    "TruthConstant | Unknown | TruthInput | ChoiceIn | Met | Not | All | Any_ | Compare | TruthIf"
)
Number: TypeAlias = (
    "Constant | Unknown | Dated | NumberInput | AsOf | Sum | Product | Extreme | NumberIf | ShareOf"
    " | AllPoints | Percent | PointsOf | LowestIndicator"
)


@frozen
class Definition:
    """A condition or number of a profile that has a name.

    Attributes:
        name: as used in conditions.
        kind: its type of number, or None for a condition.
        tree: what it stands for.
        length: the number of characters of its text, with the names in it written out.
        depth: the nesting depth of its text, with the names in it written out.
    """

    name: str
    kind: NumberKind | None
    tree: Condition | Number
    length: int = 0
    depth: int = 0
    _part: Condition | Number = field(init=False, eq=False, repr=False)

    @_part.default
    def _named_tree(self) -> Condition | Number:
        return evolve(self.tree, definition=self.name)

    def named(self) -> Condition | Number:
        """Return the tree as a part of others, with the name; the same tree each time.

        >>> (plan := Definition("has_plan", None, TruthInput("plan"))).named().definition
        'has_plan'
        >>> plan.named() == TruthInput("plan")
        True
        """
        return self._part


def walk(tree: object) -> Iterator[object]:
    """Yield every node of an expression in preorder, once for each place where it is."""
    return _nodes((tree,), once=False)


def distinct(*trees: object) -> Iterator[object]:
    """Yield every node of expressions in preorder; a definition that is shared only once."""
    return _nodes(trees, once=True)


def _nodes(trees: tuple[object, ...], *, once: bool) -> Iterator[object]:
    seen: set[int] = set()
    for tree in trees:
        yield tree
        stack = list(_parts(tree))
        while stack:
            value = stack.pop()
            if isinstance(value, tuple):
                stack += reversed(value)
                continue
            kind: type = type(value)
            if not _is_node(kind):
                continue
            if once and getattr(value, "definition", None) is not None:
                if id(value) in seen:
                    continue
                seen.add(id(value))
            yield value
            stack += _parts(value)


_is_node = cache(has)


def _parts(node: object) -> list[object]:
    """Return the values of a node's fields in reverse order."""
    kind: type = type(node)
    return [getattr(node, name) for name in reversed(_field_names(kind))]


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    if not has(kind):
        return ()
    return tuple(attribute.name for attribute in fields(kind) if attribute.name != "definition")


def input_names(*trees: object) -> tuple[str, ...]:
    """Return the inputs that expressions read, without duplicates, in order of first use."""
    names = (
        node.name
        for node in distinct(*trees)
        if isinstance(node, (TruthInput, ChoiceIn, NumberInput))
    )
    return tuple(dict.fromkeys(names))


def node_ids(tree: object) -> tuple[str, ...]:
    """Return the criteria that an expression names."""
    named = (node for node in walk(tree) if isinstance(node, (Met, PointsOf, Percent)))
    return tuple(node.node for node in named if node.node is not None)


def asks_unknown(*trees: object) -> bool:
    """Return whether expressions contain `unknown`."""
    return any(isinstance(node, Unknown) for node in distinct(*trees))


def values_in(*trees: object) -> tuple[Dated, ...]:
    """Return the dated values that expressions read, without duplicates, in order of first use."""
    return tuple(dict.fromkeys(node for node in distinct(*trees) if isinstance(node, Dated)))


def shares_in(*trees: object) -> tuple[ShareOf, ...]:
    """Return the shares that expressions compare."""
    shares = (node for node in distinct(*trees) if isinstance(node, ShareOf))
    return tuple(dict.fromkeys(shares))


def names_in(tree: object) -> Iterator[str]:
    """Yield the dated values and definitions that an expression uses by name."""
    for node in distinct(tree):
        if isinstance(node, Dated):
            yield node.name
        if isinstance(node, Named) and node.definition is not None:
            yield node.definition


def reads_totals(*trees: object) -> bool:
    """Return whether expressions read points or criteria, which only levels know."""
    totals = (AllPoints, Percent, PointsOf, LowestIndicator, Met)
    return any(isinstance(node, totals) for node in distinct(*trees))
