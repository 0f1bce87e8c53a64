"""Facts written out of a plan's steps: as values for `evaluate`, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from xhht.dates import day_text
from xhht.evaluation.facts import Between, Held, OneOf
from xhht.exact import decimal_text, format_vi
from xhht.rules.inputs import Input, InputType
from xhht.rules.plan import Interval
from xhht.text import Text

__all__ = ["fact_of", "fact_text", "facts_of", "number_text"]


def facts_of(inputs: Sequence[Input], sets: Mapping[int, Interval]) -> dict[str, Any]:
    """Return the facts that some sets of inputs, by index, stand for; unknown ones are left out."""
    found: dict[str, Any] = {}
    for index, ends in sets.items():
        declared = inputs[index]
        if declared.part_of is not None:
            part = found.setdefault(declared.asked.name, {})
            part[declared.name.rpartition(".")[2]] = ends
        elif ends != declared.domain or declared.is_known(*ends):
            found[declared.name] = fact_of(declared, ends)
    for name, parts in found.items():
        if isinstance(parts, dict):
            found[name] = Held(*(_held(parts[side]) for side in ("held", "others")))
    return found


def _held(ends: Interval) -> int | Between:
    return ends[0] if ends[0] == ends[1] else Between(*ends)


def fact_of(declared: Input, ends: Interval) -> Any:
    """Return the value that a set of an input stands for."""
    low, high = ends
    if declared.kind is InputType.CHOICE:
        options = [option for at, option in enumerate(declared.choices) if high >> at & 1]
        return options[0] if len(options) == 1 else OneOf(options)
    if declared.kind is InputType.BOOL:
        return bool(low)
    if declared.kind is InputType.DATE:
        days = date.fromordinal(low), date.fromordinal(high)
        return days[0] if low == high else Between(*days)
    numbers = _plain(declared.number(low)), _plain(declared.number(high))
    return numbers[0] if low == high else Between(*numbers)


def _plain(number: Fraction) -> Fraction | int:
    return number.numerator if number.denominator == 1 else number


def fact_text(value: object) -> Text:
    """Return a value of a fact in words."""
    match value:
        case bool():
            return _YES if value else _NO
        case date():
            return day_text(value)
        case Held(held, others) if isinstance(held, int) and isinstance(others, int):
            return _MEMBERS.format(held=held, all=held + others)
        case int() | Fraction():
            return number_text(Fraction(value))
        case _:
            return Text(vi=str(value), en=str(value))


def number_text(number: Fraction) -> Text:
    """Return a number as each language writes it."""
    return Text(vi=format_vi(number), en=decimal_text(number))


_YES = Text(vi="có", en="yes")
_NO = Text(vi="không", en="no")
_MEMBERS = Text(vi="{held}/{all} thành viên", en="{held}/{all} members")
