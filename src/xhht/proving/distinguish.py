"""Finds subjects that two versions of a profile evaluate differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import z3
from attrs import evolve, frozen

from xhht.criteria.profile import Profile
from xhht.evaluation.facts import propagate_bounds
from xhht.evaluation.state import Status
from xhht.proving._encoding import Encoding, Formula, Span
from xhht.proving._query import level_is_possible
from xhht.proving._solver import Solver, UndecidedError
from xhht.rules.plan import Among, Known, LevelMarks, NodePlan, Plan, Read

__all__ = ["CompleteSubject", "DistinguishingSearch", "Witness"]


@frozen(kw_only=True)
class CompleteSubject:
    """Complete facts in JSON form, and the day of evaluation."""

    facts: Mapping[str, Any]
    as_of: date | None


@frozen
class Witness:
    """The result of a search.

    Attributes:
        subject: the subject, or None if there is none or the search gave up.
        is_known: False if the search gave up.
    """

    subject: CompleteSubject | None
    is_known: bool = True

    @property
    def is_proven_empty(self) -> bool:
        """Whether it is proven that there is no such subject."""
        return self.subject is None and self.is_known


class DistinguishingSearch:
    """Searches for subjects of one profile that a test case can describe.

    A case has plain facts. An input that needs verified evidence is therefore unknown in every
    case, and never among the facts of a subject.
    """

    def __init__(self, profile: Profile) -> None:
        self._solver = Solver(profile, None)
        self._inputs = profile.plan.inputs
        self._closed = frozenset(
            index for index, declared in enumerate(self._inputs) if declared.evidence.required
        )
        self._encoding = self._encode(profile.plan)

    def _encode(self, plan: Plan) -> Encoding:
        return self._solver.subjects.encode(_with_unknown(plan, self._closed))

    def distinguishing_subject(self, one: Plan, other: Plan) -> Witness:
        """Return a subject for which two versions give results that a test case can tell apart.

        Compared are the levels that are possible, points, and the status of every criterion.
        Versions with different inputs cannot be compared.
        """
        return self._find_difference(one, other, _results_differ)

    def subject_between(self, one: Plan, other: Plan) -> Witness:
        """Return a subject that two versions place on different sides of a threshold.

        Compared is also what no result shows: the points of every criterion, and the condition of
        a level even for subjects that reach a better one.
        """
        return self._find_difference(one, other, _parts_differ)

    def _find_difference(
        self, one: Plan, other: Plan, differences: Callable[[Encoding, Encoding], Iterator[Formula]]
    ) -> Witness:
        if not one.inputs == other.inputs == self._inputs:
            return Witness(None, is_known=False)
        encoded = [self._encode(plan) for plan in (one, other)]
        return self._find(z3.Or(list(differences(*encoded))), encoded)

    def subject_awarded(self, level: int | None) -> Witness:
        """Return a subject that is certainly awarded a level, and no better one.

        Args:
            level: index of the level in the profile, or None for no level.
        """
        plan = self._encoding.plan
        awards = [self._encoding.span(plan_level.award) for plan_level in plan.levels]
        better = [z3.Not(span.possible) for span in awards[:level]]
        return self._find(z3.And([*better, *([] if level is None else [awards[level].certain])]))

    def undetermined_subject(self) -> Witness:
        """Return a subject without facts whose verdict is undetermined.

        If there is none, no missing fact ever leaves the verdict undetermined.
        """
        plan = self._encoding.plan
        unknown = _with_unknown(plan, frozenset(range(len(self._inputs))))
        encoding = self._solver.subjects.encode(unknown)
        awards = [encoding.span(plan_level.award) for plan_level in plan.levels]
        is_open = [
            z3.Or([award.possible for award in awards]),
            z3.Not(z3.Or([award.certain for award in awards])),
        ]
        witness = self._find(z3.And(is_open), [encoding])
        if witness.subject is None:
            return witness
        return Witness(CompleteSubject(facts={}, as_of=witness.subject.as_of))

    def subject_with(
        self,
        node_id: str,
        *,
        status: Status | None = None,
        points: int | None = None,
        reaches_floor: bool | None = None,
        level: int | None = None,
        factor: int | None = None,
    ) -> Witness:
        """Return a subject with a certain result of one criterion.

        Args:
            node_id: the criterion.
            status: its status.
            level: the level, counted from 0, for which it has this status; None for all levels.
            points: its own points, in steps of the grid; it applies.
            reaches_floor: whether it has the points of its floor; it applies.
            factor: the number of the case of its factor that counts, from 1; it applies.
        """
        encoding = self._encoding
        node = next(node for node in encoding.plan.nodes if node.id == node_id)
        own = encoding.span(node.own_points)
        conditions = []
        if status is not None and level is not None:
            status_for = _status_for(encoding, node, node.for_level(level))
            return self._find(status_for == _STATUS_NUMBERS[status])
        if status is not None:
            conditions.append(_status(encoding, node) == _STATUS_NUMBERS[status])
        if status is not Status.NOT_APPLICABLE:
            conditions += [
                encoding.span(node.applies).certain,
                own.lower_number == own.upper_number,
            ]
        if factor is not None and node.factor is not None:
            spans = [encoding.span(truth) for truth in node.factor.truths]
            conditions += [z3.Not(span.possible) for span in spans[: factor - 1]]
            conditions += [span.certain for span in spans[factor - 1 : factor]]
        if points is not None:
            conditions.append(own.lower_number == points)
        if reaches_floor is not None and node.floor is not None:
            floor = encoding.span(node.floor).certain
            conditions.append(floor if reaches_floor else z3.Not(floor))
        return self._find(z3.And(conditions))

    def _find(self, condition: Formula, variants: Sequence[Encoding] = ()) -> Witness:
        try:
            answer = self._solver.find(condition, variants=variants or [self._encoding])
        except UndecidedError:
            return Witness(None, is_known=False)
        if answer is None:
            return Witness(None)
        subject, hidden = answer.subject, {self._inputs[index].name for index in self._closed}
        facts = {
            name: fact["value"] if isinstance(fact, dict) else fact
            for name, fact in subject.facts.items()
            if name not in hidden
        }
        return Witness(CompleteSubject(facts=facts, as_of=subject.as_of))


def _with_unknown(plan: Plan, inputs: frozenset[int]) -> Plan:
    """Return a plan in which some inputs are unknown for every subject."""
    if not inputs:
        return plan
    lows, highs = ([declared.domain[end] for declared in plan.inputs] for end in (0, 1))
    propagate_bounds(plan, lows, highs)
    operators = tuple(
        _unknown_read(operator, lows, highs)
        if isinstance(operator, (Read, Among)) and operator.input in inputs
        else operator
        for operator in plan.operators
    )
    return evolve(plan, operators=operators)


def _unknown_read(operator: Read | Among, lows: list[int], highs: list[int]) -> Known:
    if isinstance(operator, Among):
        return Known(0, 1)
    return Known(lows[operator.input], highs[operator.input])


def _results_differ(one: Encoding, other: Encoding) -> Iterator[Formula]:
    yield from _bounds_differ(one.span(one.plan.points), other.span(other.plan.points))
    for index in range(len(one.plan.levels)):
        yield level_is_possible(one, index) != level_is_possible(other, index)
    yield _some_level_is_certain(one) != _some_level_is_certain(other)
    for node, other_node in zip(one.plan.nodes, other.plan.nodes, strict=True):
        yield _status(one, node) != _status(other, other_node)
        for marks, other_marks in zip(node.by_level, other_node.by_level, strict=False):
            yield _status_for(one, node, marks) != _status_for(other, other_node, other_marks)


def _some_level_is_certain(encoding: Encoding) -> Formula:
    return z3.Or([encoding.span(level.award).certain for level in encoding.plan.levels])


def _status(encoding: Encoding, node: NodePlan) -> Formula:
    """Return the number of the status that `EvaluationState.status_of` returns."""
    applies, met = encoding.span(node.applies), encoding.span(node.met)
    points = encoding.span(node.partly)
    cases = (
        (z3.Not(applies.possible), Status.NOT_APPLICABLE),
        (z3.Not(applies.certain), Status.UNKNOWN),
        (z3.BoolVal(node.waived), Status.WAIVED),
        (met.certain, Status.MET),
        (met.possible, Status.UNKNOWN),
        (points.upper_number <= node.minimum, Status.UNMET),
        (points.lower_number == points.upper_number, Status.PARTIAL),
    )
    number: Formula = z3.IntVal(_STATUS_NUMBERS[Status.UNKNOWN])
    for condition, status in reversed(cases):
        number = z3.If(condition, _STATUS_NUMBERS[status], number)
    return number


def _status_for(encoding: Encoding, node: NodePlan, marks: LevelMarks) -> Formula:
    """Return the number of the status that `EvaluationState.status_for` returns."""
    applies, met = encoding.span(marks.applies), encoding.span(marks.met)
    cases = (
        (z3.Not(applies.possible), Status.NOT_APPLICABLE),
        (z3.Not(applies.certain), Status.UNKNOWN),
        (z3.BoolVal(marks.waived), Status.WAIVED),
        (met.certain, Status.MET),
        (met.possible, Status.UNKNOWN),
    )
    number: Formula = z3.IntVal(_STATUS_NUMBERS[Status.UNMET])
    for condition, status in reversed(cases):
        number = z3.If(condition, _STATUS_NUMBERS[status], number)
    return number


_STATUS_NUMBERS: Final = {status: index for index, status in enumerate(Status)}


def _parts_differ(one: Encoding, other: Encoding) -> Iterator[Formula]:
    yield from _bounds_differ(one.span(one.plan.points), other.span(other.plan.points))
    for level, other_level in zip(one.plan.levels, other.plan.levels, strict=True):
        yield from _bounds_differ(one.span(level.award), other.span(other_level.award))
    for node, other_node in zip(one.plan.nodes, other.plan.nodes, strict=True):
        yield from _bounds_differ(one.span(node.applies), other.span(other_node.applies))
        yield from _bounds_differ(one.span(node.points), other.span(other_node.points))
        # A criterion that does not apply is neither met nor unmet.
        possibly_applies = z3.And(
            one.span(node.applies).possible, other.span(other_node.applies).possible
        )
        index_pairs = zip(
            (node.met, node.own_points, *_level_indices(node)),
            (other_node.met, other_node.own_points, *_level_indices(other_node)),
            strict=True,
        )
        spans = ((one.span(place), other.span(other_level)) for place, other_level in index_pairs)
        yield z3.And(possibly_applies, z3.Or([f for pair in spans for f in _bounds_differ(*pair)]))


def _level_indices(node: NodePlan) -> Iterator[int]:
    for marks in node.by_level:
        yield from (marks.applies, marks.met)


def _bounds_differ(span: Span, other: Span) -> Iterator[Formula]:
    yield span.lower_number != other.lower_number
    if not (span.is_exact and other.is_exact):
        yield span.upper_number != other.upper_number
