"""The excerpt of a finding: what is shown, and that the underline stands below what is meant."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from xhht.issues import Mark
from xhht.reporting.excerpts import SourceLine, SourceLines


def excerpt(text: str, column: int, length: int | None = None) -> tuple[str, str]:
    line = SourceLines({"x": text.encode("utf-8", "surrogatepass")}).line(
        "x", Mark(1, column, length=length)
    )
    assert line is not None
    shown, marks = line.excerpt(1)
    assert shown[:8] == "    1 | "
    assert marks[:8] == "      | "
    return shown[8:], marks[8:]


def columns(shown: str) -> list[str]:
    """Return what a terminal shows in each of its columns, marks joined to what they stand on."""
    cells: list[str] = []
    for character in shown:
        if unicodedata.combining(character):
            cells[-1] += character
        else:
            wide = unicodedata.east_asian_width(character) in ("W", "F")
            cells += [character, *([""] if wide else [])]
    return cells


def underlined(shown: str, marks: str) -> str:
    first, last = marks.index("^"), len(marks)
    return "".join(columns(shown)[first:last])


@pytest.mark.parametrize(
    ("text", "column", "length", "meant"),
    [
        ("id: bad id", 5, 6, "bad id"),
        ("\tid:\tbad", 6, 3, "bad"),
        (
            unicodedata.normalize("NFD", "Đơn vị: học tập"),
            12,
            3,
            unicodedata.normalize("NFD", "ọc"),
        ),
        ("日本語: 学習 x", 6, 2, "学習"),
        ("x: 😀 bad", 6, 3, "bad"),
        ('when: "share(learnes, members) >= 50%"', 14, None, "learnes"),
        ("source: https://x.vn/a b", 9, None, "https://x.vn/a"),
        ("when: {a: 1}", 7, None, "{"),
        ("- id: 1", 3, None, "id"),
        ("ngày: 21/9/2020 # x", 7, None, "21/9/2020"),
    ],
)
def test_what_is_meant_is_underlined(
    text: str, column: int, length: int | None, meant: str
) -> None:
    shown, marks = excerpt(text, column, length)
    assert underlined(shown, marks) == meant
    assert set(marks.strip()) <= {"^", "~"}


def test_a_place_after_the_end_of_a_line_has_a_mark_there() -> None:
    assert excerpt("name: {vi: x", 13) == ("name: {vi: x", " " * 12 + "^")
    assert excerpt("name: x", 40) == ("name: x", " " * 7 + "^")


@pytest.mark.parametrize("hidden", ["\x1b", "\x07", "\u202e", "\u200b", "\ufeff", "\xad"])
def test_what_could_hide_or_move_text_is_shown_as_a_replacement(hidden: str) -> None:
    shown, marks = excerpt(f"a: {hidden}bad", 5, 3)
    assert shown == "a: �bad"
    assert underlined(shown, marks) == "bad"


def test_a_long_line_is_cut_around_what_is_meant() -> None:
    text = "a: " + "x" * 5_000 + " bad " + "y" * 5_000
    shown, marks = excerpt(text, 5_005, 3)
    assert underlined(shown, marks) == "bad"
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 120


def test_what_is_meant_may_itself_be_too_long() -> None:
    shown, marks = excerpt("a: " + "x" * 5_000, 4, 5_000)
    assert len(marks) <= len(shown) < 120


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_lines_end_where_yaml_ends_them(end: str) -> None:
    line = SourceLines({"x": f"a: 1{end}b: 2\x0c{end}".encode()}).line("x", Mark(2, 4))
    assert line == SourceLine("b: 2\x0c", 3, 4)


def test_a_byte_order_mark_is_no_column() -> None:
    assert SourceLines({"x": b"\xef\xbb\xbfid: a"}).line("x", Mark(1, 5)) == SourceLine(
        "id: a", 4, 5
    )


def test_a_file_that_cannot_be_read_has_no_lines(tmp_path: Path) -> None:
    sources = SourceLines()
    for file in ("<text>", str(tmp_path / "none"), str(tmp_path), "\0"):
        assert sources.line(file, Mark(1, 1)) is None
    (tmp_path / "a").write_bytes(b"\xff\xfe")
    assert sources.line(str(tmp_path / "a"), Mark(1, 1)) is not None
    assert sources.line(str(tmp_path / "a"), Mark(2, 1)) is None
