"""All subjects a profile can evaluate: every input known and within its bounds.

The solver chooses among them; its model is converted back to facts for `evaluate`.
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

__all__ = ["SolvedSubject", "Subjects", "value_of"]

_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)
_DEFAULT_DAY = date(2000, 1, 1)
_MAX_UNITS: Final = 10**MAX_DIGITS - 1
_SMALL = 100
_PERCENT_OF_MEMBERS = COUNT_MAX // 100


@frozen(kw_only=True)
class SolvedSubject:
    """A subject that the solver chose.

    Attributes:
        units: its inputs as the plan reads them, a choice as its bit.
        facts: its facts in JSON form.
        as_of: the day of evaluation, or None if the profile needs none.
    """

    units: tuple[int, ...]
    facts: Mapping[str, Any]
    as_of: date | None


class Subjects:
    """The inputs of a profile as variables, with their constraints.

    Attributes:
        inputs: a variable for each input of the plan.
    """

    def __init__(self, profile: Profile, as_of: date | None) -> None:
        plan = profile.plan
        self._plan = plan
        self._calendar = Calendar(*_days(profile, as_of))
        self._needs_day = plan.needs_date()
        self._default_day = as_of or profile.begins or _DEFAULT_DAY
        self.inputs = tuple(map(_variable, range(len(plan.inputs)), plan.inputs))

    def encode(self, plan: Plan) -> Encoding:
        """Return a plan encoded over these inputs."""
        return Encoding(plan, self.inputs, self._calendar.months_before)

    def encode_other(self, like: Encoding, changed: Sequence[int]) -> Encoding:
        """Return an encoded plan for a second subject that differs only in some inputs."""
        inputs = list(self.inputs)
        for index in changed:
            inputs[index] = _variable(len(inputs) + index, self._plan.inputs[index])
        return Encoding(like.plan, inputs, self._calendar.months_before, like)

    def constraints(self, inputs: Sequence[Formula]) -> list[Formula]:
        """Return the constraints on the inputs of any subject."""
        constraints = [
            bound
            for declared, variable in zip(self._plan.inputs, inputs, strict=True)
            for bound in _bounds(declared, variable)
        ]
        constraints += [inputs[small] <= inputs[large] for small, large in self._plan.bound_pairs]
        constraints += [
            inputs[first_count] + inputs[first_count + 1] == COUNT_MAX
            for first_count in self._shares()
        ]
        return constraints + (self._calendar.rules if self._plan.uses_as_of else [])

    def simplifications(self, inputs: Sequence[Formula]) -> list[Formula]:
        """Return constraints that make a subject easy to read: small numbers, round shares."""
        constraints = []
        shares = set(self._shares())
        for at, (declared, variable) in enumerate(zip(self._plan.inputs, inputs, strict=True)):
            if at in shares:
                constraints.append(variable % _PERCENT_OF_MEMBERS == 0)
            elif declared.part_of is None and declared.kind in (
                InputType.COUNT,
                InputType.DECIMAL,
            ):
                constraints.append(
                    declared.step.numerator * variable <= _SMALL * declared.step.denominator
                )
        return constraints

    def subject_of(self, model: Any, inputs: Sequence[Formula]) -> SolvedSubject:
        """Return the subject of a model."""
        values = [value_of(model, variable) for variable in inputs]
        units = [
            1 << value if declared.kind is InputType.CHOICE else value
            for declared, value in zip(self._plan.inputs, values, strict=True)
        ]
        day = self._day(model)
        return SolvedSubject(units=tuple(units), facts=dict(self._facts(values, day)), as_of=day)

    def days(self, as_of: date | None, months: Sequence[int]) -> tuple[int, ...]:
        """Return the days that a plan reads when evaluated for `as_of`."""
        if as_of is None:
            return ()
        return tuple(months_before(as_of, count).toordinal() for count in months)

    def _day(self, model: Any) -> date | None:
        if self._plan.uses_as_of:
            return date.fromordinal(value_of(model, self._calendar.day))
        return self._default_day if self._needs_day else None

    def _shares(self) -> list[int]:
        """Return the first of the two counts of each share of members."""
        parts = [at for at, declared in enumerate(self._plan.inputs) if declared.part_of]
        return parts[::2]

    def _facts(self, values: list[int], day: date | None) -> Iterator[tuple[str, Any]]:
        shares = set(self._shares())
        for at, (declared, value) in enumerate(zip(self._plan.inputs, values, strict=True)):
            if at in shares:
                yield declared.declared_input.name, value / COUNT_MAX
            elif declared.part_of is None:
                yield declared.name, _with_evidence(declared, _json(declared, value), day)


def _days(profile: Profile, as_of: date | None) -> tuple[date, date]:
    """Return the first and the last possible day of evaluation."""
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
            return truths[declared.minimum] if declared.minimum == declared.maximum else []
        case InputType.CHOICE:
            return [variable >= 0, variable < len(declared.choices)]
        case _:
            lower, upper = max(declared.minimum, -_MAX_UNITS), min(declared.maximum, _MAX_UNITS)
            return [variable >= lower, variable <= upper]


def value_of(model: Any, formula: Formula) -> int:
    """Return the integer value of a formula in a model; a truth is 0 or 1."""
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


def _with_evidence(declared: Input, value: Any, day: date | None) -> Any:
    """Return a fact with the evidence it needs to count."""
    rule = declared.evidence
    if not rule.required and rule.valid_months is None:
        return value
    fact = {"value": value, "verification": "verified"}
    return {**fact, "dated": day.isoformat()} if day and rule.valid_months else fact
