"""Tables as text: aligned by what is seen, and safe to print."""

from __future__ import annotations

import unicodedata

import pytest

from xhht.render import Column, DisplayTable, display_width, sanitize_line
from xhht.text import Text

NAME = Column(Text(vi="Tên", en="Name"))
NUMBER = Column(Text(vi="Số", en="Number"), numeric=True)


def test_columns_align_by_what_is_seen() -> None:
    decomposed = unicodedata.normalize("NFD", "Thắng")
    table = DisplayTable([NAME, NUMBER], [[decomposed, "1"], ["Hà", "22"], ["學習", "333"]])
    lines = table.text().split("\n")
    assert {display_width(line) for line in lines} == {10}


def test_a_table_without_rows_has_its_header() -> None:
    assert DisplayTable([NAME], []).text("en") == "Name\n----"


@pytest.mark.parametrize("mark", ["\x1b", "\x07", "\x9b", "\u202e", "\r", "\n", "\t"])
def test_no_mark_drives_the_terminal(mark: str) -> None:
    assert mark not in sanitize_line(f"a{mark}b")
