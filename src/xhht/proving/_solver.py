"""Finds subjects of a profile that satisfy formulas, each confirmed by evaluation.

The inputs and the day of evaluation are variables with constraints; a day some months before it is
a formula too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final, assert_never

import z3
from attrs import frozen

from xhht.criteria.profile import Profile
from xhht.errors import NumberFormatError
from xhht.evaluation.codegen import compile_plan
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.fact_io import fact_from_json
from xhht.evaluation.result import Evaluation
from xhht.numbers import MAX_DIGITS, decimal_text, json_number
from xhht.proving._encoding import Encoding, Formula
from xhht.proving.findings import Example
from xhht.rules.inputs import COUNT_MAX, Input, InputType
from xhht.rules.plan import Plan

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Calendar:
    """The day of evaluation as a variable between two dates.

    Attributes:
        day: its ordinal.
        rules: the constraints.
    """

    def __init__(self, first: date, last: date) -> None:
        self.day = z3.Int("as_of")
        self._months = z3.Int("as_of.months")
        self._in_month = z3.Int("as_of.day")
        self.rules = [self.day >= first.toordinal(), self.day <= last.toordinal()]
        self._has_month_rules = False

    def months_before(self, months: int) -> Formula:
        """Return the ordinal that `xhht.dates.months_before` returns."""
        if months == 0:
            return self.day
        self._add_month_rules()
        earlier = self._months - months
        length, earlier_length = _length(self._months), _length(earlier)
        day = z3.If(
            self._in_month < length,
            z3.If(self._in_month < earlier_length, self._in_month, earlier_length),
            earlier_length,
        )
        return _before_month(earlier) + day

    def _add_month_rules(self) -> None:
        """Constrain year, month and day to those of the ordinal."""
        if self._has_month_rules:
            return
        self._has_month_rules = True
        self.rules += [
            self._in_month >= 1,
            self._in_month <= _length(self._months),
            self.day == _before_month(self._months) + self._in_month,
        ]


def _is_leap(year: Formula) -> Formula:
    return z3.And(year % 4 == 0, z3.Or(year % 100 != 0, year % 400 == 0))


def _length(months: Formula) -> Formula:
    """Return how many days a month has, counted from January of year 0."""
    month = months % 12
    length: Formula = z3.IntVal(_LENGTHS[11])
    for index in range(10, -1, -1):
        length = z3.If(month == index, _LENGTHS[index], length)
    return z3.If(z3.And(month == 1, _is_leap(months / 12)), 29, length)


def _before_month(months: Formula) -> Formula:
    """Return the ordinal of the last day before a month."""
    year, month = months / 12, months % 12
    full_years = year - 1
    days_in_year: Formula = z3.IntVal(sum(_LENGTHS[:11]))
    for index in range(10, -1, -1):
        days_in_year = z3.If(month == index, sum(_LENGTHS[:index]), days_in_year)
    leap = z3.If(z3.And(month >= 2, _is_leap(year)), 1, 0)
    leap_days = full_years / 4 - full_years / 100 + full_years / 400
    return 365 * full_years + leap_days + days_in_year + leap


_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)
_DEFAULT_DAY = date(2000, 1, 1)
_MAX_UNITS: Final = 10**MAX_DIGITS - 1
_SMALL = 100
_PERCENT_OF_MEMBERS = COUNT_MAX // 100
_SIMPLIFIED = (InputType.COUNT, InputType.DECIMAL)


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
        constraints += [inputs[i] + inputs[i + 1] == COUNT_MAX for i in self._shares()]
        return constraints + (self._calendar.rules if self._plan.uses_as_of else [])

    def simplifications(self, inputs: Sequence[Formula]) -> list[Formula]:
        """Return constraints that make a subject easy to read: small numbers, round shares."""
        constraints = []
        shares = set(self._shares())
        for index, declared in enumerate(self._plan.inputs):
            step, variable = declared.step, inputs[index]
            if index in shares:
                constraints.append(variable % _PERCENT_OF_MEMBERS == 0)
            elif declared.part_of is None and declared.kind in _SIMPLIFIED:
                constraints.append(step.numerator * variable <= _SMALL * step.denominator)
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

    def _day(self, model: Any) -> date | None:
        if self._plan.uses_as_of:
            return date.fromordinal(value_of(model, self._calendar.day))
        return self._default_day if self._needs_day else None

    def _shares(self) -> list[int]:
        """Return the first of the two counts of each share of members."""
        parts = [index for index, declared in enumerate(self._plan.inputs) if declared.part_of]
        return parts[::2]

    def _facts(self, values: list[int], day: date | None) -> Iterator[tuple[str, Any]]:
        shares = set(self._shares())
        for index, (declared, value) in enumerate(zip(self._plan.inputs, values, strict=True)):
            if index in shares:
                yield declared.declared_input.name, value / COUNT_MAX
            elif declared.part_of is None:
                yield declared.name, _with_evidence(declared, _json(declared, value), day)


def _days(profile: Profile, as_of: date | None) -> tuple[date, date]:
    """Return the first and the last possible day of evaluation."""
    if as_of is not None:
        return as_of, as_of
    end = profile.document.effective_to
    return profile.begins or _FIRST, end - timedelta(days=1) if end else _LAST


def _variable(index: int, declared: Input) -> Formula:
    name = f"{index}:{declared.name}"
    return z3.Bool(name) if declared.kind is InputType.BOOL else z3.Int(name)


def _bounds(declared: Input, variable: Formula) -> list[Formula]:
    match declared.kind:
        case InputType.BOOL:
            truths = {0: [z3.Not(variable)], 1: [variable]}
            return truths[declared.minimum] if declared.minimum == declared.maximum else []
        case InputType.CHOICE:
            return [variable >= 0, variable < len(declared.choices)]
        case (
            InputType.COUNT
            | InputType.DECIMAL
            | InputType.SHARE
            | InputType.ASSESSED
            | InputType.DATE
        ):
            lower, upper = max(declared.minimum, -_MAX_UNITS), min(declared.maximum, _MAX_UNITS)
            return [variable >= lower, variable <= upper]
        case _:
            assert_never(declared.kind)


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
        case InputType.COUNT | InputType.DECIMAL | InputType.SHARE | InputType.ASSESSED:
            return _number(declared, value)
        case _:
            assert_never(declared.kind)


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
    if day is None or rule.valid_months is None:
        return fact
    return {**fact, "dated": day.isoformat()}


_EFFORT = 6_000_000
"""Solver steps allowed for a query; one or two seconds."""
_EFFORT_FOR_SIMPLE = 400_000


class UndecidedError(Exception):
    """The solver gave up on a query."""


class _MismatchError(AssertionError):
    """Evaluation and solver disagree about a subject: a bug of this library."""


@frozen
class Answer:
    """A subject that satisfies the conditions, confirmed by evaluation.

    Attributes:
        subject: its inputs.
        result: its evaluation under the profile.
        model: the solver's model.
    """

    subject: SolvedSubject
    result: Evaluation
    model: Any

    @property
    def example(self) -> Example:
        """The subject as the example of a finding."""
        return Example.of(self.subject.facts, self.subject.as_of, self.result)

    def value(self, formula: Formula) -> int:
        """Return the integer that a formula has in the model."""
        return value_of(self.model, formula)


class Solver:
    """Finds subjects of one profile that satisfy given conditions.

    Attributes:
        subjects: all subjects.
        inputs: the variables of one subject.
        encoding: the profile's own plan.
    """

    def __init__(self, profile: Profile, as_of: date | None, effort: int = _EFFORT) -> None:
        self.profile = profile
        self.subjects = Subjects(profile, as_of)
        self.inputs = self.subjects.inputs
        self.encoding = self.subjects.encode(profile.plan)
        self._effort = effort

    def find(self, *conditions: Formula, variants: Sequence[Encoding] = ()) -> Answer | None:
        """Return a subject that satisfies all conditions, or None if there is none.

        Args:
            conditions: formulas over the subject's inputs.
            variants: other plans that the conditions refer to; they are confirmed too.

        Raises:
            UndecidedError: the solver gave up.
        """
        model = self._model([*self.subjects.constraints(self.inputs), *conditions], [self.inputs])
        return None if model is None else self._answer(model, self.encoding, variants)

    def find_pair(self, other: Encoding, *conditions: Formula) -> tuple[Answer, Answer] | None:
        """Return two subjects that differ in one input; see `find` and `Subjects.encode_other`."""
        subjects = [self.inputs, other.inputs]
        rules = [rule for inputs in subjects for rule in self.subjects.constraints(inputs)]
        model = self._model([*rules, *conditions], subjects)
        if model is None:
            return None
        return self._answer(model, self.encoding), self._answer(model, other)

    def _model(
        self, conditions: list[Formula], subjects: Sequence[Sequence[Formula]]
    ) -> Any | None:
        solver = z3.Solver()
        solver.set("rlimit", self._effort)
        solver.add(*conditions)
        verdict = solver.check()
        if verdict == z3.unsat:
            return None
        if verdict != z3.sat:
            raise UndecidedError
        model = solver.model()
        solver.set("rlimit", _EFFORT_FOR_SIMPLE)
        solver.add(*(rule for inputs in subjects for rule in self.subjects.simplifications(inputs)))
        return solver.model() if solver.check() == z3.sat else model

    def _answer(self, model: Any, own: Encoding, variants: Sequence[Encoding] = ()) -> Answer:
        subject = self.subjects.subject_of(model, own.inputs)
        facts = {name: fact_from_json(name, fact) for name, fact in subject.facts.items()}
        result = evaluate(self.profile, facts, as_of=subject.as_of)
        _confirm(own, result.lows, result.highs, model)
        for variant in variants:
            _confirm(variant, *self._bounds_of(variant.plan, subject), model)
        return Answer(subject, result, model)

    def _bounds_of(self, plan: Plan, subject: SolvedSubject) -> tuple[Sequence[int], Sequence[int]]:
        """Return the bounds of every interval of a plan that does not belong to a profile."""
        compiled = compile_plan(plan)
        days = () if subject.as_of is None else compiled.days(subject.as_of)
        return compiled.ranges(subject.units, subject.units, days)


def _confirm(encoding: Encoding, lows: Sequence[int], highs: Sequence[int], model: Any) -> None:
    """Raise an error if the results of solver and evaluation differ."""
    for index, span in encoding.encoded().items():
        if index not in _results(encoding.plan):
            continue
        for formula, bound in ((span.lower_number, lows[index]), (span.upper_number, highs[index])):
            if value_of(model, formula) != bound:
                raise _MismatchError(index, encoding.plan.operators[index])


@cache
def _results(plan: Plan) -> frozenset[int]:
    """Return the indices of the operators that determine results."""
    levels = (index for level in plan.levels for index in (level.award, level.when))
    nodes = (
        index
        for node in plan.nodes
        for index in (node.own_points, node.partly, node.met, node.applies)
    )
    marks = (
        index
        for node in plan.nodes
        for level in node.by_level
        for index in (level.met, level.applies)
    )
    factors = (truth for node in plan.nodes if node.factor for truth in node.factor.truths)
    return frozenset((plan.points, plan.available, *levels, *nodes, *marks, *factors))
