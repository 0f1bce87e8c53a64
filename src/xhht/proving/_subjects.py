"""All subjects a profile may ever judge: every input known, within its bounds.

The solver chooses among them; whom it finds is read back as facts that `evaluate` takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import z3
from attrs import frozen

from xhht.criteria.profile import Profile
from xhht.dates import months_before
from xhht.errors import NumberFormatError
from xhht.exact import MAX_DIGITS, decimal_text, json_number
from xhht.proving._calendar import Calendar
from xhht.proving._encoding import Encoding, Formula
from xhht.rules.inputs import COUNT_MAX, Input, InputType
from xhht.rules.plan import Plan

__all__ = ["Chosen", "Subjects", "value_of"]

_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)
_PLAIN_DAY = date(2000, 1, 1)
_MOST_UNITS: Final = 10**MAX_DIGITS - 1
_SMALL = 100
_PERCENT_OF_MEMBERS = COUNT_MAX // 100


@frozen(kw_only=True)
class Chosen:
    """A subject that the solver chose.

    Attributes:
        units: its inputs as the plan reads them, a choice as its bit.
        facts: its facts as JSON writes them.
        as_of: the day it is judged for, or None where the profile needs none.
    """

    units: tuple[int, ...]
    facts: Mapping[str, Any]
    as_of: date | None


class Subjects:
    """The inputs of a profile as variables, and what ties them together.

    Attributes:
        inputs: a variable for each input of the plan.
    """

    def __init__(self, profile: Profile, as_of: date | None) -> None:
        plan = profile.plan
        self._plan = plan
        self._calendar = Calendar(*_days(profile, as_of))
        self._needs_day = plan.needs_date()
        self._asked_day = as_of or profile.begins or _PLAIN_DAY
        self.inputs = tuple(map(_variable, range(len(plan.inputs)), plan.inputs))

    def encode(self, plan: Plan) -> Encoding:
        """Return a plan over these inputs as formulas."""
        return Encoding(plan, self.inputs, self._calendar.months_before)

    def encode_other(self, like: Encoding, changed: Sequence[int]) -> Encoding:
        """Return an encoded plan for a second subject that differs in some inputs alone."""
        inputs = list(self.inputs)
        for index in changed:
            inputs[index] = _variable(len(inputs) + index, self._plan.inputs[index])
        return Encoding(like.plan, inputs, self._calendar.months_before, like)

    def rules(self, inputs: Sequence[Formula]) -> list[Formula]:
        """Return what holds of the inputs of any subject."""
        found = [
            bound
            for declared, variable in zip(self._plan.inputs, inputs, strict=True)
            for bound in _bounds(declared, variable)
        ]
        found += [inputs[small] <= inputs[large] for small, large in self._plan.narrowings]
        found += [inputs[held] + inputs[held + 1] == COUNT_MAX for held in self._shares()]
        return found + (self._calendar.rules if self._plan.uses_as_of else [])

    def plain(self, inputs: Sequence[Formula]) -> list[Formula]:
        """Return what makes a subject easy to read: small numbers, round shares."""
        found = []
        shares = set(self._shares())
        for at, (declared, variable) in enumerate(zip(self._plan.inputs, inputs, strict=True)):
            if at in shares:
                found.append(variable % _PERCENT_OF_MEMBERS == 0)
            elif declared.part_of is None and declared.kind in (
                InputType.COUNT,
                InputType.DECIMAL,
            ):
                found.append(
                    declared.step.numerator * variable <= _SMALL * declared.step.denominator
                )
        return found

    def chosen(self, model: Any, inputs: Sequence[Formula]) -> Chosen:
        """Return the subject of a model."""
        found = [value_of(model, variable) for variable in inputs]
        units = [
            1 << value if declared.kind is InputType.CHOICE else value
            for declared, value in zip(self._plan.inputs, found, strict=True)
        ]
        day = self._day(model)
        return Chosen(units=tuple(units), facts=dict(self._facts(found, day)), as_of=day)

    def days(self, as_of: date | None, months: Sequence[int]) -> tuple[int, ...]:
        """Return the days that a plan reads when it is evaluated for `as_of`."""
        if as_of is None:
            return ()
        return tuple(months_before(as_of, count).toordinal() for count in months)

    def _day(self, model: Any) -> date | None:
        if self._plan.uses_as_of:
            return date.fromordinal(value_of(model, self._calendar.day))
        return self._asked_day if self._needs_day else None

    def _shares(self) -> list[int]:
        """Return the first of the two counts of each share of members."""
        parts = [at for at, declared in enumerate(self._plan.inputs) if declared.part_of]
        return parts[::2]

    def _facts(self, values: list[int], day: date | None) -> Iterator[tuple[str, Any]]:
        shares = set(self._shares())
        for at, (declared, value) in enumerate(zip(self._plan.inputs, values, strict=True)):
            if at in shares:
                yield declared.asked.name, value / COUNT_MAX
            elif declared.part_of is None:
                yield declared.name, _backed(declared, _json(declared, value), day)


def _days(profile: Profile, as_of: date | None) -> tuple[date, date]:
    """Return the first and the last day for which subjects are judged."""
    if as_of is not None:
        return as_of, as_of
    end = profile.document.effective_to
    return profile.begins or _FIRST, end - timedelta(days=1) if end else _LAST


def _variable(at: int, declared: Input) -> Formula:
    name = f"{at}:{declared.name}"
    return z3.Bool(name) if declared.kind is InputType.BOOL else z3.Int(name)


def _bounds(declared: Input, variable: Formula) -> list[Formula]:
    match declared.kind:
        case InputType.BOOL:
            truths = {0: [z3.Not(variable)], 1: [variable]}
            return truths[declared.low] if declared.low == declared.high else []
        case InputType.CHOICE:
            return [variable >= 0, variable < len(declared.choices)]
        case _:
            low, high = max(declared.low, -_MOST_UNITS), min(declared.high, _MOST_UNITS)
            return [variable >= low, variable <= high]


def value_of(model: Any, formula: Formula) -> int:
    """Return the number, or 0 or 1 for a truth, that a formula has in a model."""
    value = model.eval(formula, model_completion=True)
    return int(z3.is_true(value)) if z3.is_bool(value) else int(value.as_long())


def _json(declared: Input, value: int) -> Any:
    match declared.kind:
        case InputType.BOOL:
            return bool(value)
        case InputType.CHOICE:
            return declared.choices[value]
        case InputType.DATE:
            return date.fromordinal(value).isoformat()
        case _:
            return _number(declared, value)


def _number(declared: Input, value: int) -> int | float | Decimal:
    number = declared.number(value)
    try:
        return json_number(number)
    except NumberFormatError:
        return Decimal(decimal_text(number))


def _backed(declared: Input, value: Any, day: date | None) -> Any:
    """Return a fact with the evidence that lets it count."""
    rule = declared.evidence
    if not rule.required and rule.valid_months is None:
        return value
    backed = {"value": value, "verification": "verified"}
    return {**backed, "dated": day.isoformat()} if day and rule.valid_months else backed
