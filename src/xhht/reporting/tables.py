"""Tables as text, and numbers in their cells."""

from __future__ import annotations

from fractions import Fraction

from xhht.numbers import format_vi
from xhht.render import Column, display_width, render_table, sanitize_line
from xhht.text import Lang

__all__ = [
    "Column",
    "display_width",
    "number_text",
    "percent_label",
    "render_table",
    "sanitize_line",
]

NOT_REPORTED = "–"
"""Placeholder for a value that was not reported."""


def number_text(number: int | None, lang: Lang | str) -> str:
    """Return a count in the notation of the language, a dash for None.

    >>> number_text(253853, "vi"), number_text(253853, "en"), number_text(None, "vi")
    ('253.853', '253,853', '–')
    """
    if number is None:
        return NOT_REPORTED
    return format_vi(number) if Lang(lang) is Lang.VI else f"{number:,}"


def percent_label(percent: str | Fraction | None, lang: Lang | str) -> str:
    """Return a percentage with its sign in the notation of the language, a dash for None.

    >>> percent_label("78.10", "vi"), percent_label("78.10", "en")
    ('78,10%', '78.10%')
    """
    if percent is None:
        return NOT_REPORTED
    text = str(percent)
    return f"{text.replace('.', ',') if Lang(lang) is Lang.VI else text}%"
