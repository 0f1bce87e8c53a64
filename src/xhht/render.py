"""Tables as text for a terminal, as Markdown and as HTML, from one model."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from attrs import field, frozen

from xhht.text import Lang, Text, normalize_text

__all__ = [
    "Column",
    "DisplayTable",
    "char_width",
    "display_width",
    "markdown_text",
    "sanitize_line",
]


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
    return sum(map(char_width, unicodedata.normalize("NFC", text)))


def char_width(char: str) -> int:
    """Return the display width of one character in terminal cells: 0, 1 or 2."""
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def markdown_text(text: str) -> str:
    """Return text escaped for Markdown, on one line.

    >>> print(markdown_text("a_b | <i>"))
    a\\_b \\| \\<i\\>
    """
    marked = _MARKS.sub(r"\\\1", " ".join(text.split()))
    return _ITEM.sub(r"\1\\\2 ", marked)


def _columns(columns: Iterable[Column]) -> tuple[Column, ...]:
    return tuple(columns)


def _rows(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, rows))


@frozen
class DisplayTable:
    """A table whose first cells name the rows; it is written in a format by a method.

    Attributes:
        columns: the columns.
        rows: a text for each column.

    >>> columns = [
    ...     Column(Text(vi="Khu vực", en="Area")),
    ...     Column(Text(vi="Số", en="Count"), numeric=True),
    ... ]
    >>> table = DisplayTable(columns, [["Xã Hòa Thắng", "12"], ["Phan Thiết", "1.204"]])
    >>> print(table.text("vi"))
    Khu vực          Số
    ------------  -----
    Xã Hòa Thắng     12
    Phan Thiết    1.204
    >>> print(table.markdown("en"))
    | Area | Count |
    | --- | --- |
    | Xã Hòa Thắng | 12 |
    | Phan Thiết | 1.204 |
    """

    columns: tuple[Column, ...] = field(converter=_columns)
    rows: tuple[tuple[str, ...], ...] = field(converter=_rows)

    def text(self, lang: Lang | str = Lang.VI) -> str:
        """Return an aligned table with a header and a separator line, without trailing spaces."""
        header = [column.header.get(lang) for column in self.columns]
        body = [[sanitize_line(cell) for cell in row] for row in self.rows]
        widths = [max(map(display_width, cells)) for cells in zip(header, *body, strict=True)]
        separator = ["-" * width for width in widths]
        return "\n".join(self._line(cells, widths) for cells in (header, separator, *body))

    def _line(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        padded = []
        for cell, width, column in zip(cells, widths, self.columns, strict=True):
            space = " " * (width - display_width(cell))
            padded.append(space + cell if column.numeric else cell + space)
        return "  ".join(padded).rstrip()

    def markdown(self, lang: Lang | str = Lang.VI) -> str:
        """Return a Markdown table; all texts are escaped."""
        header = [column.header.get(lang) for column in self.columns]
        lines = [[markdown_text(cell) for cell in cells] for cells in (header, *self.rows)]
        lines.insert(1, ["---"] * len(header))
        return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)

    def html(
        self,
        lang: Lang | str = Lang.VI,
        *,
        caption: str,
        notes: Iterable[str] = (),
        is_styled: bool = True,
    ) -> str:
        """Return an HTML table without scripts; all texts are escaped.

        With styles, as notebooks show it, a long table is cut after its first rows.

        Args:
            lang: the language of the header.
            caption: what the table shows; placed above it.
            notes: lines below the table.
            is_styled: whether numbers are aligned right, and leading spaces of the first column
                become indentation; otherwise each element is on its own line.
        """
        from html import escape  # imported late to keep `import xhht` fast

        shown_rows = self.rows[:_MOST_ROWS] if is_styled else self.rows
        if len(shown_rows) < len(self.rows):
            notes = (f"{_MOST_ROWS}/{len(self.rows)} …", *notes)
        styles = [_style(column) if is_styled else "" for column in self.columns]
        heads = "".join(
            f'<th scope="col"{style}>{escape(column.header.get(lang))}</th>'
            for column, style in zip(self.columns, styles, strict=True)
        )
        lines = ["<table>", f"<caption{_CAPTION if is_styled else ''}>{escape(caption)}</caption>"]
        lines += [f"<thead><tr>{heads}</tr></thead>", "<tbody>"]
        for name, *others in shown_rows:
            first = (
                f'<th scope="row"{_indented(name) if is_styled else ""}>{escape(name.strip())}</th>'
            )
            cells = "".join(
                f"<td{style}>{escape(cell)}</td>"
                for style, cell in zip(styles[1:], others, strict=True)
            )
            lines.append(f"<tr>{first}{cells}</tr>")
        lines += ["</tbody>", "</table>"]
        lines += [f"<p><small>{escape(note)}</small></p>" for note in notes]
        return ("" if is_styled else "\n").join(lines)


def _style(column: Column) -> str:
    return f' style="{_RIGHT if column.numeric else _LEFT}"'


def _indented(name: str) -> str:
    indent = len(name) - len(name.lstrip(" "))
    return f' style="{_LEFT};font-weight:normal;padding-left:{indent + 0.5:g}em"'


_MARKS = re.compile(r"([\\`*_\[\]<>#|~&])")
_ITEM = re.compile(r"^(\d*)([-+.)]) ")
_LEFT = "text-align:left;vertical-align:top"
_RIGHT = "text-align:right;vertical-align:top;font-variant-numeric:tabular-nums"
_CAPTION = ' style="text-align:left;font-weight:bold"'
_MOST_ROWS = 200
