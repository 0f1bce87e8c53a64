"""Converts values of a plan back to facts that `evaluate` takes, and to text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import evolve

from xhht.dates import day_text
from xhht.evaluation.facts import Between, Evidence, MemberShare, OneOf, Verification, Waiver
from xhht.evaluation.result import Evaluation
from xhht.exact import decimal_label
from xhht.rules.inputs import Input, InputType
from xhht.rules.plan import Interval
from xhht.text import Text

__all__ = ["fact_from_interval", "fact_text", "facts_after_changes", "facts_from_intervals"]


def facts_from_intervals(inputs: Sequence[Input], sets: Mapping[int, Interval]) -> dict[str, Any]:
    """Return the facts for sets of inputs, by index; unknown ones are omitted."""
    facts: dict[str, Any] = {}
    for index, ends in sets.items():
        declared = inputs[index]
        if declared.part_of is not None:
            counts = facts.setdefault(declared.declared_input.name, {})
            counts[declared.name.rpartition(".")[2]] = ends
        elif ends != declared.domain or declared.is_known(*ends):
            facts[declared.name] = fact_from_interval(declared, ends)
    for name, value in facts.items():
        if isinstance(value, dict):
            facts[name] = MemberShare(
                *(_count_or_range(value[side]) for side in ("held", "others"))
            )
    return facts


def facts_after_changes(
    result: Evaluation, base: Sequence[Interval], changed: Mapping[int, Interval]
) -> dict[str, Any]:
    """Return all facts after changes of some inputs, by index, as `evaluate` takes them.

    Unchanged facts keep their evidence or waiver; a changed fact that requires evidence gets
    evidence that is verified and dated on the day of the result.
    """
    inputs = result.plan.inputs
    sets = {index: changed.get(index, ends) for index, ends in enumerate(base)}
    facts = facts_from_intervals(inputs, sets)
    changed_names = {inputs[index].declared_input.name for index in changed}
    for declared in dict.fromkeys(inputs[index].declared_input for index in changed):
        if declared.evidence.required or declared.evidence.valid_months is not None:
            facts[declared.name] = Evidence(
                value=facts[declared.name],
                dated=result.as_of,
                verification=Verification.VERIFIED,
            )
    if result.reader is not None:
        backings: dict[int, Evidence | Waiver] = {**result.reader.evidence, **result.reader.waivers}
        for index, backing in sorted(backings.items()):
            name = inputs[index].declared_input.name
            if name not in changed_names:
                facts[name] = _backing_with_value(backing, facts.get(name), inputs[index])
    return facts


def _backing_with_value(
    backing: Evidence | Waiver, value: Any, declared: Input
) -> Evidence | Waiver:
    """Return the evidence or waiver of a fact; a share of members gets both counts."""
    if isinstance(backing, Waiver) or declared.part_of is None:
        return backing
    return evolve(backing, value=value)


def _count_or_range(ends: Interval) -> int | Between:
    return ends[0] if ends[0] == ends[1] else Between(*ends)


def fact_from_interval(declared: Input, ends: Interval) -> Any:
    """Return the fact for a set of values of an input."""
    lower, upper = ends
    if declared.kind is InputType.CHOICE:
        options = [
            option for position, option in enumerate(declared.choices) if upper >> position & 1
        ]
        return options[0] if len(options) == 1 else OneOf(options)
    if declared.kind is InputType.BOOL:
        return bool(lower)
    if declared.kind is InputType.DATE:
        days = date.fromordinal(lower), date.fromordinal(upper)
        return days[0] if lower == upper else Between(*days)
    numbers = _int_if_whole(declared.number(lower)), _int_if_whole(declared.number(upper))
    return numbers[0] if lower == upper else Between(*numbers)


def _int_if_whole(number: Fraction) -> Fraction | int:
    return number.numerator if number.denominator == 1 else number


def fact_text(value: object) -> Text:
    """Return the value of a fact as text."""
    match value:
        case bool():
            return _YES if value else _NO
        case date():
            return day_text(value)
        case MemberShare(holders, others) if isinstance(holders, int) and isinstance(others, int):
            return _MEMBERS.format(held=holders, all=holders + others)
        case int() | Fraction():
            return decimal_label(Fraction(value))
        case _:
            return Text(vi=str(value), en=str(value))


_YES = Text(vi="có", en="yes")
_NO = Text(vi="không", en="no")
_MEMBERS = Text(vi="{held}/{all} thành viên", en="{held}/{all} members")
