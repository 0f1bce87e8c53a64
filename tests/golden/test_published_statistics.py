"""Figures that were really published, each with the status and the totals it allows.

The rows are those of `examples/binh_thuan/published-statistics.csv`, where the sources stand.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from xhht.numbers import percent_text
from xhht.rollup.reconcile import ReconciliationStatus, Totals
from xhht.tables.csv import open_csv
from xhht.tables.figures import Figure, reconcile_rows

FILE = Path(__file__).parents[2] / "examples" / "binh_thuan" / "published-statistics.csv"

IMPLIED = {
    1: (719, 719),
    2: (689, 695),
    3: (117, 117),
    4: (324_828, 325_244),
    5: (1_873_996, 1_874_205),
    6: (9_587, 9_587),
    7: (5_137, 5_137),
    8: (4_074, 4_074),
    12: (908_779, 909_018),
    15: (277_878, 278_274),
    16: (1_080, 1_096),
    17: (400_874, 408_811),
    18: (2_890, 2_935),
    19: (1_315, 1_334),
    29: (56_502, 56_590),
    34: (50_899, 51_554),
    36: (402, 405),
    37: (153, 154),
    39: (293_116, 299_158),
    40: (96, 96),
    41: (707, 715),
    42: (961, 979),
    47: (317_680, 321_395),
}
NO_COUNT = {9, 10, 11}
CONSISTENT = {31, 32, 33}
IMPOSSIBLE = {35}
ROWS = range(1, 52)
NO_PERCENTAGE = set(ROWS) - set(IMPLIED) - NO_COUNT - CONSISTENT - IMPOSSIBLE


@pytest.fixture(scope="module")
def figures() -> dict[int, Figure]:
    with open_csv(FILE) as table:
        return {figure.row: figure for figure in reconcile_rows(table)}


def rows_with(figures: dict[int, Figure], status: ReconciliationStatus) -> set[int]:
    return {row for row, figure in figures.items() if figure.finding.status is status}


def test_every_row_has_its_status(figures: dict[int, Figure]) -> None:
    assert set(figures) == set(ROWS)
    assert rows_with(figures, ReconciliationStatus.IMPLIED) == set(IMPLIED)
    assert rows_with(figures, ReconciliationStatus.NO_COUNT) == NO_COUNT
    assert rows_with(figures, ReconciliationStatus.CONSISTENT) == CONSISTENT
    assert rows_with(figures, ReconciliationStatus.IMPOSSIBLE) == IMPOSSIBLE
    assert rows_with(figures, ReconciliationStatus.NO_PERCENTAGE) == NO_PERCENTAGE


def test_implied_totals(figures: dict[int, Figure]) -> None:
    implied = {row: figures[row].finding.implied_total for row in IMPLIED}
    assert implied == {row: Totals(*totals) for row, totals in IMPLIED.items()}


def test_households_of_binh_thuan_by_hand() -> None:
    # The four neighbours of the interval's ends, divided out: 78.1 within, 78.2 and 78.0 outside.
    assert percent_text(253_853, 324_827, 4) == "78.1502"
    assert percent_text(253_853, 324_828, 4) == "78.1500"
    assert 253_853 * 100 * 100 < 7815 * 324_828
    assert 253_853 * 100 * 100 >= 7815 * 324_827
    assert 253_853 * 100 * 100 >= 7805 * 325_244
    assert 253_853 * 100 * 100 < 7805 * 325_245


def test_clans_of_dai_tu_fit_only_a_value_cut_off(figures: dict[int, Figure]) -> None:
    figure = figures[35]
    assert (figure.cells["place"], figure.cells["title"]) == ("Đại Từ", "dong_ho")
    assert "107" in figure.message.vi
    assert percent_text(95, 107, 2) == "88.79"


def test_approximate_counts_are_warned_of(figures: dict[int, Figure]) -> None:
    assert {row for row, figure in figures.items() if figure.warnings} == {12, 17, 47}
