"""Rewrites values that change by date as choices on the day of evaluation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

from xhht.rules import expressions as ex


def by_day(value: ex.Dated) -> ex.Number:
    """Return a value as a choice among its numbers.

    While it is unknown, a number known on another day is the placeholder; comparisons with it are
    then unknown, see `unknown_condition`.
    """
    known = [step.value for step in value.steps if step.value is not None]
    last_known = known[0] if known else Fraction(0)
    tree: ex.Number = ex.Constant(last_known)
    for index, step in enumerate(value.steps):
        last_known = last_known if step.value is None else step.value
        number = ex.Constant(last_known)
        # Before its first day it is unknown, so the first number also serves as placeholder there.
        tree = number if index == 0 else ex.NumberIf(_since(step), number, tree)
    return tree


def unknown_condition(value: ex.Dated) -> ex.Condition:
    """Return the condition that the value is unknown on the day of evaluation."""
    truth: ex.Condition = ex.TruthConstant(True)
    for step in value.steps:
        open_ = ex.TruthConstant(step.value is None)
        if open_ != truth:
            truth = open_ if step.start is None else ex.TruthIf(_since(step), open_, truth)
    return truth


def _since(step: ex.Since) -> ex.Condition:
    assert step.start is not None  # only the first step of a value has no first day
    return ex.Compare(">=", ex.AsOf(), ex.Constant(Fraction(step.start.toordinal())))


def read_once(trees: Iterable[object]) -> frozenset[ex.Dated]:
    """Return the values that can change the result of expressions, whatever else is known.

    They are read once: compared directly, in a sum, or used as a share. Values that are multiplied
    or bounded may make no difference, as when the other factor is 0.
    """
    expressions = tuple(trees)
    uses = Counter(ex.values_in(*expressions))
    compared = (
        node for tree in expressions for node in ex.walk(tree) if isinstance(node, ex.Compare)
    )
    sides = [side for node in compared for side in (node.left, node.right)]
    directly_read = {value for number in (*expressions, *sides) for value in _added(number)}
    return frozenset(value for value in directly_read if uses[value] == 1)


def _added(number: object) -> Iterator[ex.Dated]:
    match number:
        case ex.Dated():
            yield number
        case ex.Sum(of):
            for factor, part in of:
                yield from _added(part) if factor else ()
        case ex.NumberIf(_, then, other):
            yield from _added(then)
            yield from _added(other)


def parts_of(tree: ex.Number) -> Iterator[ex.Number]:
    """Yield the numbers that a number is calculated from."""
    match tree:
        case ex.Sum(of):
            yield from (part for _, part in of)
        case ex.Extreme(_, of):
            yield from of
        case ex.Product(left, right) | ex.ShareOf(left, right):
            yield from (left, right)
