from __future__ import annotations

import unicodedata

import pytest

from xhht.reporting.figures import totals_text
from xhht.reporting.rollups import rate_text
from xhht.reporting.tables import Column, display_width, number_text, plain, render_table
from xhht.rollup.counts import Counts
from xhht.rollup.rates import Denominator, rate
from xhht.rollup.reconcile import Totals
from xhht.rollup.tally import Tally
from xhht.text import Text

NAME = Column(Text(vi="Tên", en="Name"))
NUMBER = Column(Text(vi="Số", en="Number"), numeric=True)


def test_columns_align_by_what_is_seen() -> None:
    decomposed = unicodedata.normalize("NFD", "Thắng")
    lines = render_table([NAME, NUMBER], [[decomposed, "1"], ["Hà", "22"], ["學習", "333"]]).split(
        "\n"
    )
    assert {display_width(line) for line in lines} == {10}


def test_a_table_without_rows_has_its_header() -> None:
    assert render_table([NAME], [], "en") == "Name\n----"


@pytest.mark.parametrize("mark", ["\x1b", "\x07", "\x9b", "\u202e", "\r", "\n", "\t"])
def test_no_mark_drives_the_terminal(mark: str) -> None:
    assert mark not in plain(f"a{mark}b")


@pytest.mark.parametrize(
    ("number", "vi", "en"), [(0, "0", "0"), (1234567, "1.234.567", "1,234,567"), (None, "–", "–")]
)
def test_numbers(number: int | None, vi: str, en: str) -> None:
    assert (number_text(number, "vi"), number_text(number, "en")) == (vi, en)


def test_rates() -> None:
    def text(**counts: int) -> str:
        return rate_text(rate(Tally.of(Counts(**counts)), Denominator.OF_TOTAL), "en")

    assert text(total=3, recognised=1) == "33.33%"
    assert text(total=4, recognised=1, undetermined=1) == "25.00–50.00%"
    assert text(recognised=1) == "–"


def test_totals() -> None:
    assert totals_text(Totals(7, 7)) == "7"
    assert totals_text(None) == ""
