"""Writes an explanation as text, Markdown or HTML; all quoted text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from xhht.render import Column, render_table
from xhht.text import Text

if TYPE_CHECKING:
    from xhht.evaluation.explanation import Explanation

__all__ = ["html_of", "markdown_of", "markdown_text", "text_of"]

_MARKS = re.compile(r"([\\`*_\[\]<>#|~&])")
_ITEM = re.compile(r"^(\d*)([-+.)]) ")


def text_of(explained: Explanation) -> str:
    """Return an explanation as text for a terminal."""
    return "\n".join(_lines(explained, ""))


def _lines(explained: Explanation, indent: str) -> Iterator[str]:
    yield indent + explained.heading
    for detail in explained.details:
        yield f"{indent}    {detail}"
    if explained.rows:
        columns = [Column(Text(vi=name, en=name)) for name in explained.columns]
        yield ""
        yield render_table(columns, explained.rows)
    for child in explained.children:
        yield from _lines(child, indent + "  ")


def markdown_text(text: str) -> str:
    """Return text escaped for Markdown, on one line.

    >>> print(markdown_text("a_b | <i>"))
    a\\_b \\| \\<i\\>
    """
    marked = _MARKS.sub(r"\\\1", " ".join(text.split()))
    return _ITEM.sub(r"\1\\\2 ", marked)


def markdown_of(explained: Explanation) -> str:
    """Return an explanation as Markdown: a paragraph, a list and a table, or nested lists."""
    if not (explained.details or explained.children):
        return markdown_text(explained.heading)
    lines = [f"**{markdown_text(explained.heading)}**", ""]
    lines += [f"- {markdown_text(detail)}" for detail in explained.details]
    if explained.rows:
        rows = [explained.columns, ("---",) * len(explained.columns), *explained.rows]
        lines += ["", *map(_markdown_row, rows)]
    for child in explained.children:
        lines += _markdown_list(child, "")
    return "\n".join(lines)


def _markdown_row(cells: tuple[str, ...]) -> str:
    shown = (cell if cell == "---" else markdown_text(cell) for cell in cells)
    return f"| {' | '.join(shown)} |"


def _markdown_list(explained: Explanation, indent: str) -> Iterator[str]:
    yield f"{indent}- **{markdown_text(explained.heading)}**"
    below = indent + "    "
    for detail in explained.details:
        yield f"{below}- {markdown_text(detail.removeprefix('- '))}"
    for child in explained.children:
        yield from _markdown_list(child, below)


def html_of(explained: Explanation) -> str:
    """Return an explanation as one `section`: a paragraph, a list and a table, or nested lists."""
    lines = [f'<section lang="{explained.lang.value}">', f"<p>{escape(explained.heading)}</p>"]
    lines += _html_list(explained)
    if explained.rows:
        lines += _html_table(explained)
    return "\n".join([*lines, "</section>"])


def _html_list(explained: Explanation) -> Iterator[str]:
    """Yield the details and child criteria as a list, if there are any."""
    if not (explained.details or explained.children):
        return
    yield "<ul>"
    for detail in explained.details:
        yield f"<li>{escape(detail.removeprefix('- '))}</li>"
    for child in explained.children:
        yield f"<li><strong>{escape(child.heading)}</strong>"
        yield from _html_list(child)
        yield "</li>"
    yield "</ul>"


def _html_table(explained: Explanation) -> Iterator[str]:
    yield "<table>"
    yield f"<caption>{escape(explained.heading)}</caption>"
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in explained.columns)
    yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for first, *others in explained.rows:
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in others)
        yield f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'
    yield "</tbody>"
    yield "</table>"
