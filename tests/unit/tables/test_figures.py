from __future__ import annotations

import pytest

from xhht.numbers import Convention
from xhht.rollup.reconcile import ReconciliationStatus
from xhht.tables.csv import read_csv_text
from xhht.tables.figures import Figure, reconcile_rows


def figure(
    numerator: str = "",
    denominator: str = "",
    printed: str = "",
    note: str = "",
    numbers: Convention = Convention.PLAIN,
) -> Figure:
    table = read_csv_text(
        "numerator;denominator;printed_pct;note\n"
        + ";".join([numerator, denominator, printed, f'"{note}"'])
        + "\n"
    )
    [row] = reconcile_rows(table, numbers)
    return row


@pytest.mark.parametrize("printed", ["12.5", "12,5", "12,5%", "12.5 %"])
def test_a_percentage_may_be_written_in_any_of_three_ways(printed: str) -> None:
    assert figure("1", "8", printed).finding.status is ReconciliationStatus.CONSISTENT


@pytest.mark.parametrize(
    "cells",
    [("x", "8", "1"), ("1", "8.5", "1"), ("1", "1.000", "1"), ("1", "8", "x"), ("-1", "", "")],
)
def test_unreadable_cells_make_a_row_invalid(cells: tuple[str, str, str]) -> None:
    row = figure(*cells)
    assert row.finding.status is ReconciliationStatus.INVALID
    assert "Cột" in row.message.vi


def test_all_unreadable_cells_are_named() -> None:
    message = figure("x", "y", "z").message.en
    assert all(name in message for name in ("numerator", "denominator", "printed_pct"))


def test_vietnamese_numbers_are_read_when_asked_for() -> None:
    row = figure("253.853", "325.035", "78,1%", numbers=Convention.VI)
    assert (row.numerator, row.denominator) == (253_853, 325_035)
    assert row.finding.status is ReconciliationStatus.CONSISTENT


@pytest.mark.parametrize(
    "mark", ["~", "≈", "trên ", "Hơn ", "khoảng ", "over ", "about ", "approx. "]
)
def test_a_mark_before_a_count_is_a_warning(mark: str) -> None:
    row = figure(f"{mark}26", "27", "96.3")
    assert (row.numerator, row.finding.status) == (26, ReconciliationStatus.CONSISTENT)
    assert "gần đúng" in row.message.vi
    assert "approximate" in row.message.en


@pytest.mark.parametrize(
    "note",
    [
        "over",
        "trên",
        "~",
        "over 344,200",
        "trên 5.000 hộ",
        "~344200",
        "source A; over",
        "approximate count",
        "count is approximate",
        "số lượng ước tính",
        "hơn 100 hộ (2020)",
    ],
)
def test_notes_that_mark_a_count_as_approximate(note: str) -> None:
    assert figure("26", "27", "96.3", note).warnings


@pytest.mark.parametrize(
    "note",
    [
        "",
        "year approximate",
        "năm ~2024",
        "các xã trên địa bàn tỉnh",
        "cao hơn năm trước",
        "overall result",
        "pct not printed",
        "10 districts",
    ],
)
def test_notes_that_do_not(note: str) -> None:
    assert not figure("26", "27", "96.3", note).warnings


def test_an_approximate_percentage_is_told_from_an_approximate_count() -> None:
    [warning] = figure("26", "", "96", "printed 'trên 96%'").warnings
    assert "percentage" in warning.en


def test_a_row_too_wide_is_invalid() -> None:
    [row] = reconcile_rows(read_csv_text("numerator,denominator,printed_pct\n1,2,50,9\n"))
    assert row.finding.status is ReconciliationStatus.INVALID
