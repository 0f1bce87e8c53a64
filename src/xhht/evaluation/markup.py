"""An explanation as text, Markdown or HTML; all quoted text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from attrs import field, frozen

from xhht.evaluation.result_types import ExplanationDict
from xhht.render import Column, render_table
from xhht.text import Lang, Text

__all__ = ["Explanation", "markdown_text"]

_MARKS = re.compile(r"([\\`*_\[\]<>#|~&])")
_ITEM = re.compile(r"^(\d*)([-+.)]) ")


@frozen(kw_only=True)
class Explanation:
    """The explanation of a result, or of one criterion, in one language.

    Attributes:
        id: the criterion, or None for the total result.
        lang: the language.
        heading: name, status and points; for `sentence`, the sentence.
        details: the rule, its clause and source line, and the value of each dated value and input
            that it reads.
        columns, rows: for `table`, its header, and a row for each criterion.
        children: for `full`, the child criteria.
    """

    id: str | None
    lang: Lang
    heading: str = field(repr=False)
    details: tuple[str, ...] = field(default=(), repr=False)
    columns: tuple[str, ...] = field(default=(), repr=False)
    rows: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    children: tuple[Explanation, ...] = ()

    def text(self) -> str:
        """Return it as text for a terminal: the table aligned, the tree indented."""
        return "\n".join(_lines(self, ""))

    def markdown(self) -> str:
        """Return it as Markdown; text from facts and profiles is escaped."""
        return _markdown(self)

    def html(self) -> str:
        """Return it as a fragment of HTML without scripts or styles, all text escaped."""
        return _html(self)

    def __str__(self) -> str:
        return self.text()

    def to_dict(self) -> ExplanationDict:
        """Return it as JSON data."""
        return {
            "id": self.id,
            "heading": self.heading,
            "details": list(self.details),
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "children": [child.to_dict() for child in self.children],
        }


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


def _markdown(explained: Explanation) -> str:
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


def _html(explained: Explanation) -> str:
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
