"""Numbers as text in findings."""

from __future__ import annotations

from fractions import Fraction

from xhht.numbers import decimal_text, format_vi
from xhht.text import Text


def number_text(number: Fraction) -> Text:
    """Return a number in the notation of each language."""
    return Text(vi=format_vi(number), en=decimal_text(number))


def percent_text(share: Fraction) -> Text:
    """Return a share as a percentage with at most two decimals.

    >>> percent_text(Fraction(2, 3)).en
    '66.67%'
    """
    places = None if (share * 10000).denominator == 1 else 2
    number = share * 100
    return Text(vi=f"{format_vi(number, places)}%", en=f"{decimal_text(number, places)}%")
