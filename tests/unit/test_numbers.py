"""Exact numbers: rounding, grids, and numbers as people write them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from xhht.errors import NumberFormatError
from xhht.numbers import (
    Convention,
    Grid,
    Rounding,
    decimal_places,
    decimal_text,
    exact,
    finest_step,
    format_vi,
    json_number,
    parse_number,
    parse_percent,
    round_ratio,
)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Rounding.HALF_UP, [-3, -2, 0, 2, 3]),
        (Rounding.HALF_EVEN, [-2, -2, 0, 2, 2]),
        (Rounding.UP, [-3, -2, 0, 2, 3]),
        (Rounding.DOWN, [-2, -1, 0, 1, 2]),
    ],
)
def test_rounding_is_the_same_on_both_sides_of_zero(mode: Rounding, expected: list[int]) -> None:
    assert [round_ratio(number, 6, mode) for number in (-15, -10, 0, 10, 15)] == expected


@pytest.mark.parametrize("number", [0.1, "0.1", Decimal("0.1"), Fraction(1, 10)])
def test_a_number_is_taken_as_it_is_written(number: object) -> None:
    assert exact(number) == Fraction(1, 10)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", ["", "x", "nan", "1/0", float("inf"), Decimal("NaN")])
def test_what_is_no_finite_number_is_refused(number: object) -> None:
    with pytest.raises(NumberFormatError):
        exact(number)  # type: ignore[arg-type]


def test_decimals_of_a_number() -> None:
    assert [decimal_places(Fraction(n, 40)) for n in (40, 20, 5, 1)] == [0, 1, 3, 3]
    assert decimal_places(Fraction(1, 7)) is None
    assert finest_step([Fraction(5), Fraction(1, 4)]) == Fraction(1, 100)


def test_a_grid_counts_in_steps_and_refuses_what_lies_between() -> None:
    grid = Grid(Fraction(1, 4))
    assert [grid.units(grid.number(units)) for units in (-3, 0, 7)] == [-3, 0, 7]
    with pytest.raises(NumberFormatError):
        grid.units(Fraction(1, 3))


@pytest.mark.parametrize(
    ("text", "convention", "number"),
    [
        ("253853", Convention.PLAIN, Fraction(253853)),
        ("12.5", Convention.PLAIN, Fraction(25, 2)),
        ("253.853", Convention.VI, Fraction(253853)),
        ("12,5", Convention.VI, Fraction(25, 2)),
    ],
)
def test_numbers_are_read_by_their_convention(
    text: str, convention: Convention, number: Fraction
) -> None:
    assert parse_number(text, convention) == number


@pytest.mark.parametrize("text", ["1,5", "1 000", "1e3", "٣", "--1", "1.2.3"])
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(NumberFormatError):
        parse_number(text)


def test_a_printed_percentage_keeps_its_digits() -> None:
    assert parse_percent("78.1%") == (Fraction(781, 10), 1)
    assert parse_percent("78,10") == (Fraction(781, 10), 2)


def test_numbers_are_written_exactly_in_each_language() -> None:
    assert decimal_text(Fraction(5, 2)) == "2.5"
    assert format_vi(Fraction(5, 2)) == "2,5"
    assert format_vi(1234567) == "1.234.567"
    assert json_number(Fraction(3)) == 3
    assert json_number(Fraction(5, 2)) == 2.5
