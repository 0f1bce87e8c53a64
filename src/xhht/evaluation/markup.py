"""Writes an explanation as text, Markdown or HTML; all quoted text is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from xhht.render import Column, DisplayTable, markdown_text
from xhht.text import Text

if TYPE_CHECKING:
    from xhht.evaluation.explanation import Explanation

__all__ = ["html_of", "markdown_of", "text_of"]


def text_of(explained: Explanation) -> str:
    """Return an explanation as text for a terminal."""
    return "\n".join(_lines(explained, ""))


def _lines(explained: Explanation, indent: str) -> Iterator[str]:
    yield indent + explained.heading
    for detail in explained.details:
        yield f"{indent}    {detail}"
    if explained.rows:
        yield ""
        yield _table(explained).text()
    for child in explained.children:
        yield from _lines(child, indent + "  ")


def _table(explained: Explanation) -> DisplayTable:
    return DisplayTable(
        [Column(Text(vi=name, en=name)) for name in explained.columns], explained.rows
    )


def markdown_of(explained: Explanation) -> str:
    """Return an explanation as Markdown: a paragraph, a list and a table, or nested lists."""
    if not (explained.details or explained.children):
        return markdown_text(explained.heading)
    lines = [f"**{markdown_text(explained.heading)}**", ""]
    lines += [f"- {markdown_text(detail)}" for detail in explained.details]
    if explained.rows:
        lines += ["", _table(explained).markdown()]
    for child in explained.children:
        lines += _markdown_list(child, "")
    return "\n".join(lines)


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
        lines.append(_table(explained).html(caption=explained.heading, is_styled=False))
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
