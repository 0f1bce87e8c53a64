"""Facts written out of a plan's steps: as values for `evaluate`, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import evolve

from xhht.dates import day_text
from xhht.evaluation.facts import Between, Evidence, Held, OneOf, Verification, Waiver
from xhht.evaluation.result import Evaluation
from xhht.exact import decimal_text, format_vi
from xhht.rules.inputs import Input, InputType
from xhht.rules.plan import Interval
from xhht.text import Text

__all__ = ["after_facts", "fact_of", "fact_text", "facts_of", "number_text"]


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


def after_facts(
    result: Evaluation, base: Sequence[Interval], changed: Mapping[int, Interval]
) -> dict[str, Any]:
    """Return all facts once some inputs, by index, are changed, as `evaluate` takes them.

    What stays keeps its evidence or waiver; what changes and needs evidence is verified on the day.
    """
    inputs = result.plan.inputs
    sets = {index: changed.get(index, ends) for index, ends in enumerate(base)}
    found = facts_of(inputs, sets)
    moved = {inputs[index].asked.name for index in changed}
    for declared in dict.fromkeys(inputs[index].asked for index in changed):
        if declared.evidence.required or declared.evidence.valid_months is not None:
            found[declared.name] = Evidence(
                value=found[declared.name],
                dated=result.as_of,
                verification=Verification.VERIFIED,
            )
    if result.reader is not None:
        kept: dict[int, Evidence | Waiver] = {**result.reader.evidence, **result.reader.waivers}
        for index, backed in sorted(kept.items()):
            name = inputs[index].asked.name
            if name not in moved:
                found[name] = _rejoined(backed, found.get(name), inputs[index])
    return found


def _rejoined(backed: Evidence | Waiver, value: Any, declared: Input) -> Evidence | Waiver:
    """Return what backs a fact, with both counts where it is a share of members."""
    if isinstance(backed, Waiver) or declared.part_of is None:
        return backed
    return evolve(backed, value=value)


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
