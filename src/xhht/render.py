"""Plain text tables for a terminal, aligned by display width."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from attrs import field, frozen

from xhht.text import Lang, Text, normalize_text

__all__ = ["Column", "HtmlColumn", "display_width", "html_table", "render_table", "sanitize_line"]


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


_LEFT = "text-align:left;vertical-align:top"


_RIGHT = "text-align:right;vertical-align:top;font-variant-numeric:tabular-nums"


_MOST_ROWS = 200


@frozen
class HtmlColumn:
    """A column: its header, and whether its cells are numbers, aligned right."""

    header: str
    numeric: bool = field(default=False, kw_only=True)


def html_table(
    caption: str, columns: Sequence[HtmlColumn], rows: Iterable[Sequence[str]], *notes: str
) -> str:
    """Return a table whose first cells name the rows; all texts are escaped.

    Long tables show the first rows, and the number of rows.

    Args:
        caption: what the table shows; placed above it.
        columns: the columns.
        rows: a text for each column; leading spaces of the first one become indentation.
        notes: lines below the table.

    >>> print(html_table("Bảng <1>", [HtmlColumn("Mã"), HtmlColumn("Số", numeric=True)], []))
    <table><caption style="text-align:left;font-weight:bold">Bảng &lt;1&gt;</caption><thead><tr>\
<th scope="col" style="text-align:left;vertical-align:top">Mã</th>\
<th scope="col" style="text-align:right;vertical-align:top;font-variant-numeric:tabular-nums">Số\
</th></tr></thead><tbody></tbody></table>
    """
    all_rows = list(rows)
    head = "".join(
        f'<th scope="col" style="{_style(column)}">{_escaped(column.header)}</th>'
        for column in columns
    )
    body = "".join(_row(columns, cells) for cells in all_rows[:_MOST_ROWS])
    if len(all_rows) > _MOST_ROWS:
        notes = (f"{_MOST_ROWS}/{len(all_rows)} …", *notes)
    footnotes = "".join(f"<p><small>{_escaped(note)}</small></p>" for note in notes)
    return (
        f'<table><caption style="text-align:left;font-weight:bold">{_escaped(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{footnotes}"
    )


def _row(columns: Sequence[HtmlColumn], cells: Sequence[str]) -> str:
    name, *others = cells
    indent = len(name) - len(name.lstrip(" "))
    first = f'<th scope="row" style="{_LEFT};font-weight:normal;padding-left:{indent + 0.5:g}em">'
    pairs = zip(columns[1:], others, strict=True)
    other_cells = "".join(
        f'<td style="{_style(column)}">{_escaped(cell)}</td>' for column, cell in pairs
    )
    return f"<tr>{first}{_escaped(name.strip())}</th>{other_cells}</tr>"


def _style(column: HtmlColumn) -> str:
    return _RIGHT if column.numeric else _LEFT


def _escaped(text: str) -> str:
    from html import escape  # imported late to keep `import xhht` fast

    return escape(text)
