"""Plain text tables for a terminal, aligned by display width."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from attrs import field, frozen

from xhht.text import Lang, Text, normalize_text

__all__ = ["Column", "display_width", "render_table", "sanitize_line"]


@frozen
class Column:
    """A column of a table: its header, and whether its cells are numbers, aligned right."""

    header: Text
    numeric: bool = field(default=False, kw_only=True)


def sanitize_line(text: str) -> str:
    """Return `text` on one line, without control characters that affect a terminal.

    >>> sanitize_line("Xã \\x1b[31mHòa\\nThắng")
    'Xã [31mHòa Thắng'
    """
    line = normalize_text(text)
    return "".join(char for char in line if unicodedata.category(char) not in ("Cc", "Cf"))


def display_width(text: str) -> int:
    """Return the display width of `text` in terminal cells.

    >>> display_width("Thắng"), display_width("學")
    (5, 2)
    """
    if text.isascii():
        return len(text)
    return sum(map(_cells, unicodedata.normalize("NFC", text)))


def _cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def render_table(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], lang: Lang | str = Lang.VI
) -> str:
    """Return an aligned table with a header and a separator line, without trailing spaces.

    >>> columns = [
    ...     Column(Text(vi="Khu vực", en="Area")),
    ...     Column(Text(vi="Số", en="Count"), numeric=True),
    ... ]
    >>> print(render_table(columns, [["Xã Hòa Thắng", "12"], ["Phan Thiết", "1.204"]]))
    Khu vực          Số
    ------------  -----
    Xã Hòa Thắng     12
    Phan Thiết    1.204
    """
    header = [column.header.get(lang) for column in columns]
    body = [[sanitize_line(cell) for cell in row] for row in rows]
    widths = [max(map(display_width, cells)) for cells in zip(header, *body, strict=True)]
    separator = ["-" * width for width in widths]
    return "\n".join(_line(cells, widths, columns) for cells in (header, separator, *body))


def _line(cells: Sequence[str], widths: Sequence[int], columns: Sequence[Column]) -> str:
    padded = []
    for cell, width, column in zip(cells, widths, columns, strict=True):
        space = " " * (width - display_width(cell))
        padded.append(space + cell if column.numeric else cell + space)
    return "  ".join(padded).rstrip()
