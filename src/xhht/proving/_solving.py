"""Solves for a subject that satisfies conditions, and confirms the subject by evaluation.

A query has one of three results: a subject, none, or `UndecidedError` if the solver exceeds a fixed
budget. The budget counts steps and not time, so the result is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import z3
from attrs import frozen

from xhht.criteria.profile import Profile
from xhht.evaluation._codegen import CompiledPlan, compile_plan
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.result import Evaluation
from xhht.evaluation.textual import fact_from_json
from xhht.proving._encoding import Encoding, Formula
from xhht.proving._subjects import SolvedSubject, Subjects, value_of
from xhht.proving.findings import Example
from xhht.rules.plan import Plan

__all__ = ["Answer", "Solver", "UndecidedError"]

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
        self._compiled: dict[Plan, CompiledPlan] = {}

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
        if plan not in self._compiled:
            self._compiled[plan] = compile_plan(plan)
        compiled = self._compiled[plan]
        days = self.subjects.days(subject.as_of, compiled.months)
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
    nodes = (index for node in plan.nodes for index in (node.own_points, node.met, node.applies))
    return frozenset((plan.points, plan.available, *levels, *nodes))
