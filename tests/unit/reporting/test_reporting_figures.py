from __future__ import annotations

import pytest

from xhht.numbers import number_text
from xhht.reporting.figures import figures_report, title_text, totals_text
from xhht.rollup.counts import Counts
from xhht.rollup.rates import Denominator, rate
from xhht.rollup.reconcile import Totals
from xhht.rollup.tally import Tally
from xhht.tables.csv import read_csv_text
from xhht.tables.figures import reconcile_rows


@pytest.mark.parametrize(
    ("number", "vi", "en"), [(0, "0", "0"), (1234567, "1.234.567", "1,234,567"), (None, "–", "–")]
)
def test_numbers(number: int | None, vi: str, en: str) -> None:
    assert (number_text(number, "vi"), number_text(number, "en")) == (vi, en)


def test_rates() -> None:
    def text(**counts: int) -> str:
        return rate(Tally.of(Counts(**counts)), Denominator.OF_TOTAL).text.get("en")

    assert text(total=3, recognised=1) == "33.33%"
    assert text(total=4, recognised=1, undetermined=1) == "25.00–50.00%"
    assert text(recognised=1) == "–"


def test_totals() -> None:
    assert totals_text(Totals(7, 7)) == "7"
    assert totals_text(None) == ""


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("learning_clan", "Dòng họ học tập"),
        ("Dòng họ học tập", "Dòng họ học tập"),
        ("dong_ho", "Dòng họ học tập"),
        ("dong_ho_registered", "Dòng họ học tập (đăng ký)"),
        ("don_vi_cap_tinh_tot", "Đơn vị học tập cấp tỉnh (loại tốt)"),
        ("something else", "something else"),
        ("", ""),
    ],
)
def test_titles_of_figures(cell: str, shown: str) -> None:
    table = read_csv_text(f"title,numerator,denominator,printed_pct\n{cell},1,2,50\n")
    [figure] = reconcile_rows(table)
    assert title_text(figure, "vi") == shown


def test_figures_are_written_as_the_language_does_and_doubts_are_named() -> None:
    rows = "numerator,denominator,printed_pct\n1,8,12.50\n120,100,\n1,8,x\n"
    text = figures_report(list(reconcile_rows(read_csv_text(rows))), "vi")
    assert "12,50%" in text
    assert "Dòng 2: không có tỉ lệ." in text
    assert "Tử số lớn hơn mẫu số" in text
