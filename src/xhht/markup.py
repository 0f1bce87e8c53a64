"""HTML for notebooks: one table with its caption, in the colours of the page.

It has no scripts and no colours, so that it is readable in light and dark themes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import field, frozen

__all__ = ["HtmlColumn", "html_table"]

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
