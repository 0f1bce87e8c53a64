"""The dated values of a profile on the day of a result, as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from xhht import labels
from xhht.dates import day_text
from xhht.numbers import decimal_label, percent_label
from xhht.rules.expressions import Dated, NumberKind, values_in
from xhht.text import Text


def dated_values_on(day: date | None, *trees: object) -> Iterator[tuple[str, Text]]:
    """Yield the name of each dated value that expressions read, and its value on a day."""
    for value in dict.fromkeys(values_in(*trees)):
        yield value.name, _value_text(value, day)


def _value_text(value: Dated, day: date | None) -> Text:
    step = value.on(day)
    if step.value is None:
        return labels.NOT_IN_SOURCES
    number = _number(step.value, value.kind)
    return _SINCE.format(number=number, day=day_text(step.start)) if step.start else number


def _number(number: Fraction, kind: NumberKind | None) -> Text:
    if kind is NumberKind.DATE:
        return day_text(date.fromordinal(int(number)))
    if kind is NumberKind.FRACTION:
        return percent_label(number * 100)
    return decimal_label(number)


_SINCE = Text(vi="{number} (từ {day})", en="{number} (from {day})")
