"""Writes values that change by date as choices by the day of evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from xhht.rules import expressions as ex


def by_day(value: ex.Dated) -> ex.Number:
    """Return a value as a choice among its numbers.

    Where it is unknown, a number that is known on another day stands in: what is compared with it
    is open then, see `unseen`.
    """
    known = [step.value for step in value.steps if step.value is not None]
    held = known[0] if known else Fraction(0)
    tree: ex.Number = ex.Constant(held)
    for at, step in enumerate(value.steps):
        held = held if step.value is None else step.value
        number = ex.Constant(held)
        # Before its first day it is unknown, so what it is then stands for that time too.
        tree = number if at == 0 else ex.NumberIf(_since(step), number, tree)
    return tree


def unseen(value: ex.Dated) -> ex.Condition:
    """Return the condition that no source shows what a value is on the day of evaluation."""
    truth: ex.Condition = ex.Truth(True)
    for step in value.steps:
        open_ = ex.Truth(step.value is None)
        if open_ != truth:
            truth = open_ if step.start is None else ex.TruthIf(_since(step), open_, truth)
    return truth


def _since(step: ex.Since) -> ex.Condition:
    assert step.start is not None  # only the first step of a value has no first day
    return ex.Compare(">=", ex.AsOf(), ex.Constant(Fraction(step.start.toordinal())))


def parts_of(tree: ex.Number) -> Iterator[ex.Number]:
    """Yield the numbers that a number is calculated from."""
    match tree:
        case ex.Sum(of):
            yield from (part for _, part in of)
        case ex.Extreme(_, of):
            yield from of
        case ex.Product(left, right) | ex.ShareOf(left, right):
            yield from (left, right)
