"""Issues in rows of tables: their kinds of file, codes and counts in cells."""

from __future__ import annotations

import pytest

from xhht.issues import FileKind, parse_count
from xhht.numbers import Convention
from xhht.text import Text


@pytest.mark.parametrize("kind", FileKind)
def test_every_kind_of_file_has_a_name_in_both_languages(kind: FileKind) -> None:
    assert kind.label.vi
    assert kind.label.en


def test_codes_are_their_names_in_lower_case() -> None:
    parsed = parse_count("x")
    assert not isinstance(parsed, int)
    assert all(code.value == code.name.lower() for code in type(parsed[0]))


@pytest.mark.parametrize(
    ("cell", "convention", "count"),
    [("12", Convention.PLAIN, 12), ("0", Convention.PLAIN, 0), ("1.234", Convention.VI, 1234)],
)
def test_a_count_is_a_whole_number(cell: str, convention: Convention, count: int) -> None:
    assert parse_count(cell, convention) == count


@pytest.mark.parametrize("cell", ["-1", "1.5", "x", "1.234", "9" * 40])
def test_what_is_no_count_is_a_code_and_a_text_that_does_not_repeat_it(cell: str) -> None:
    parsed = parse_count(cell, Convention.PLAIN)
    assert not isinstance(parsed, int)
    code, text = parsed
    assert code.value in ("not_a_count", "negative")
    assert isinstance(text, Text)
    assert cell not in text.vi
