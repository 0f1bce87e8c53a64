"""The meaning of each operator on intervals, on which all engines agree."""

from __future__ import annotations

import pytest

from xhht.numbers import Rounding
from xhht.rules.plan import (
    Among,
    AsOfDay,
    AtLeastZero,
    Choose,
    Defined,
    Greatest,
    Interval,
    IsZero,
    Known,
    Least,
    Linear,
    Multiply,
    Operator,
    Portion,
    Read,
    Rounded,
    meaning,
    operands,
    portion_of,
)


@pytest.mark.parametrize(
    ("operator", "of", "expected"),
    [
        (Known(2, 5), (), (2, 5)),
        (Linear((0, 1), (2, -3), 1), ((1, 2), (0, 4)), (-9, 5)),
        (Multiply(0, 1), ((-2, 3), (4, 5)), (-10, 15)),
        (Least((0, 1)), ((1, 9), (3, 4)), (1, 4)),
        (Greatest((0, 1)), ((1, 9), (3, 4)), (3, 9)),
        (AtLeastZero(0), ((0, 7),), (1, 1)),
        (AtLeastZero(0), ((-1, 0),), (0, 1)),
        (AtLeastZero(0), ((-2, -1),), (0, 0)),
        (IsZero(0), ((0, 0),), (1, 1)),
        (IsZero(0), ((-1, 1),), (0, 1)),
        (IsZero(0), ((1, 2),), (0, 0)),
        (Choose(0, 1, 2), ((1, 1), (5, 6), (0, 1)), (5, 6)),
        (Choose(0, 1, 2), ((0, 0), (5, 6), (0, 1)), (0, 1)),
        (Choose(0, 1, 2), ((0, 1), (5, 6), (0, 1)), (0, 6)),
        (Defined(0, 1, 1), ((1, 9), (1, 1)), (1, 1)),
        (Defined(0, 1, 1), ((0, 9), (1, 1)), (0, 1)),
        (Portion(10, 0, 1, 1, Rounding.HALF_UP), ((1, 2), (4, 4)), (3, 5)),
        (Portion(10, 0, 1, 1, Rounding.HALF_UP), ((1, 2), (0, 4)), (0, 10)),
        (Rounded(0, 4, 1, Rounding.DOWN), ((5, 11),), (1, 2)),
    ],
)
def test_meaning(operator: Operator, of: tuple[Interval, ...], expected: Interval) -> None:
    assert meaning(operator, of) == expected


@pytest.mark.parametrize("operator", [Read(0), Among(0, 3), AsOfDay(12)])
def test_what_reads_facts_has_no_meaning_by_itself(operator: Operator) -> None:
    assert operands(operator) == ()
    with pytest.raises(TypeError):
        meaning(operator, ())


def test_operands_are_the_indices_that_are_read() -> None:
    assert operands(Linear((3, 1), (1, 1), 0)) == (3, 1)
    assert operands(Choose(4, 5, 6)) == (4, 5, 6)
    assert operands(Portion(10, 7, 8, 1, Rounding.UP)) == (7, 8)
    assert operands(Rounded(2, 4, 1, Rounding.UP)) == (2,)


@pytest.mark.parametrize(
    ("numerator", "expected"), [(-1, 0), (0, 0), (1, 4), (2, 6), (3, 10), (9, 10)]
)
def test_a_portion_is_rounded_to_steps_and_never_above_its_points(
    numerator: int, expected: int
) -> None:
    assert portion_of(10, numerator, 3, 2, Rounding.HALF_UP) == expected
