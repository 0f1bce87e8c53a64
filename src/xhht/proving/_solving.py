"""Asks the solver for a subject of whom something holds, and confirms whom it finds.

A question has one of three answers: a subject, none at all, or `UndecidedError` where the solver
gives up within a fixed amount of work. The amount is counted in steps and not in time, so that
the answer is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import z3
from attrs import frozen

from xhht.criteria.profile import Profile
from xhht.evaluation._codegen import Compiled, compile_plan
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.result import Evaluation
from xhht.evaluation.textual import fact_from_json
from xhht.proving._encoding import Encoding, Formula
from xhht.proving._subjects import Chosen, Subjects, value_of
from xhht.proving.findings import Example
from xhht.rules.plan import Plan

__all__ = ["Answer", "Solver", "UndecidedError"]

_EFFORT = 6_000_000
"""How many steps of the solver a question may take; a second or two."""

_EFFORT_FOR_PLAIN = 400_000


class UndecidedError(Exception):
    """A question that the solver gave up."""


class _MismatchError(AssertionError):
    """A subject for whom evaluation says something else than the solver: a bug of this library."""


@frozen
class Answer:
    """A subject of whom holds what was asked, as evaluation confirmed.

    Attributes:
        subject: its inputs.
        result: what evaluation says of it under the profile.
        model: the solver's own numbers.
    """

    subject: Chosen
    result: Evaluation
    model: Any

    @property
    def example(self) -> Example:
        """The subject as a finding shows it."""
        return Example.of(self.subject.facts, self.subject.as_of, self.result)

    def value(self, formula: Formula) -> int:
        """Return a whole number of the model."""
        return value_of(self.model, formula)


class Solver:
    """Answers questions about the subjects of one profile.

    Attributes:
        subjects: all subjects.
        inputs: the variables of one.
        encoding: the profile's own plan.
    """

    def __init__(self, profile: Profile, as_of: date | None, effort: int = _EFFORT) -> None:
        self.profile = profile
        self.subjects = Subjects(profile, as_of)
        self.inputs = self.subjects.inputs
        self.encoding = self.subjects.encode(profile.plan)
        self._effort = effort
        self._compiled: dict[Plan, Compiled] = {}

    def find(self, *conditions: Formula, variants: Sequence[Encoding] = ()) -> Answer | None:
        """Return a subject of whom all conditions hold, or None if there is none.

        Args:
            conditions: formulas over the subject's inputs.
            variants: other plans that the conditions speak of; they are confirmed too.

        Raises:
            UndecidedError: the solver gave up.
        """
        model = self._model([*self.subjects.rules(self.inputs), *conditions], [self.inputs])
        return None if model is None else self._answer(model, self.encoding, variants)

    def find_pair(self, other: Encoding, *conditions: Formula) -> tuple[Answer, Answer] | None:
        """Return two subjects that differ in one input; see `find` and `Subjects.encode_other`."""
        both = [self.inputs, other.inputs]
        rules = [rule for inputs in both for rule in self.subjects.rules(inputs)]
        model = self._model([*rules, *conditions], both)
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
        found = solver.model()
        solver.set("rlimit", _EFFORT_FOR_PLAIN)
        solver.add(*(rule for inputs in subjects for rule in self.subjects.plain(inputs)))
        return solver.model() if solver.check() == z3.sat else found

    def _answer(self, model: Any, own: Encoding, variants: Sequence[Encoding] = ()) -> Answer:
        subject = self.subjects.chosen(model, own.inputs)
        facts = {name: fact_from_json(name, fact) for name, fact in subject.facts.items()}
        result = evaluate(self.profile, facts, as_of=subject.as_of)
        _confirm(own, result.lows, result.highs, model)
        for variant in variants:
            _confirm(variant, *self._ends(variant.plan, subject), model)
        return Answer(subject, result, model)

    def _ends(self, plan: Plan, subject: Chosen) -> tuple[Sequence[int], Sequence[int]]:
        """Return the ends of every interval of a plan that no profile has."""
        if plan not in self._compiled:
            self._compiled[plan] = compile_plan(plan)
        compiled = self._compiled[plan]
        days = self.subjects.days(subject.as_of, compiled.months)
        return compiled.ranges(subject.units, subject.units, days)


def _confirm(encoding: Encoding, lows: Sequence[int], highs: Sequence[int], model: Any) -> None:
    """Raise where the solver's results are not those of evaluation."""
    for place, span in encoding.encoded().items():
        if place not in _results(encoding.plan):
            continue
        for formula, end in ((span.least, lows[place]), (span.most, highs[place])):
            if value_of(model, formula) != end:
                raise _MismatchError(place, encoding.plan.operators[place])


@cache
def _results(plan: Plan) -> frozenset[int]:
    """Return the places of a plan on which results rest."""
    levels = (place for level in plan.levels for place in (level.award, level.when))
    nodes = (place for node in plan.nodes for place in (node.judged, node.met, node.applies))
    return frozenset((plan.points, plan.available, *levels, *nodes))
