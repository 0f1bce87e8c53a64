"""An explanation as text, Markdown or HTML; all quoted text is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from attrs import field, frozen

from xhht.evaluation.result_types import ExplanationDict
from xhht.render import Column, DisplayTable, markdown_text
from xhht.text import Lang, Text

__all__ = ["Explanation"]


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
        children: for `tree` and `full`, the child criteria.
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
        yield ""
        yield _table(explained).text()
    for child in explained.children:
        yield from _lines(child, indent + "  ")


def _table(explained: Explanation) -> DisplayTable:
    return DisplayTable(
        [Column(Text(vi=name, en=name)) for name in explained.columns], explained.rows
    )


def _markdown(explained: Explanation) -> str:
    """Return an explanation as Markdown: a paragraph, a list and a table, or nested lists."""
    if not (explained.details or explained.children):
        return markdown_text(explained.heading)
    lines = [f"**{markdown_text(explained.heading)}**", ""]
    lines += [f"- {markdown_text(detail.strip())}" for detail in explained.details]
    if explained.rows:
        lines += ["", _table(explained).markdown()]
    for child in explained.children:
        lines += _markdown_list(child, "")
    return "\n".join(lines)


def _markdown_list(explained: Explanation, indent: str) -> Iterator[str]:
    yield f"{indent}- **{markdown_text(explained.heading)}**"
    below = indent + "    "
    for detail in explained.details:
        yield f"{below}- {markdown_text(detail.removeprefix('- ').strip())}"
    for child in explained.children:
        yield from _markdown_list(child, below)


def _html(explained: Explanation) -> str:
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
