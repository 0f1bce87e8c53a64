"""Checks whether every level can be reached, and what prevents it otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import z3
from attrs import evolve, frozen

from xhht import labels
from xhht.proving._encoding import Encoding
from xhht.proving._query import (
    ProofContext,
    certain_outcomes,
    level_is_possible,
    outcome_is_uncertain,
    outcomes_differ,
)
from xhht.proving._solver import UndecidedError
from xhht.proving.findings import Topic
from xhht.rules.model import Branch, Requirement, TreeNode
from xhht.text import Text, join


@frozen
class Barrier:
    """A floor, a must or a cap of one criterion.

    Attributes:
        node: the criterion.
        kind: its label.
        key: its key in the profile file.
        index: index of the operator that tests whether it is passed, for some level; None for a
            bound of points.
        without: the criterion without it.
    """

    node: str
    kind: Text
    key: str
    index: int | None
    without: TreeNode

    @property
    def is_cap(self) -> bool:
        """Whether it limits points and excludes nobody."""
        return self.index is None

    @property
    def name(self) -> Text:
        """The label together with the criterion."""
        return _NAME.format(kind=self.kind, node=self.node)


def barriers_of(context: ProofContext) -> Iterator[Barrier]:
    """Yield the floors, musts and caps of a profile."""
    for node in context.profile.rules.nodes():
        plan = context.nodes[node.id]
        if node.requirement is Requirement.MUST:
            scored = evolve(node, requirement=Requirement.SCORED)
            passed = plan.partly if plan.by_level else plan.met
            yield Barrier(node.id, _MUST, "requirement", passed, scored)
        if node.floor is not None:
            yield Barrier(node.id, labels.THE_FLOOR, "floor", plan.floor, evolve(node, floor=None))
        if isinstance(node, Branch) and node.cap is not None:
            yield Barrier(node.id, _CAP, "cap", None, evolve(node, cap=None))
        if isinstance(node, Branch) and node.not_below is not None:
            without = evolve(node, not_below=None)
            yield Barrier(node.id, _NOT_BELOW, "not_below", None, without)


def check_barriers(context: ProofContext) -> None:
    """Find barriers that nobody passes, and whether each affects the level of a subject."""
    for barrier in barriers_of(context):
        pointer = f"{context.profile.pointers[barrier.node]}/{barrier.key}"
        with context.catch_undecided(Topic.FLOORS, barrier.node, pointer):
            _check_barrier(context, barrier, pointer)


def _check_barrier(context: ProofContext, barrier: Barrier, pointer: str) -> None:
    find, values = context.solver.find, {"barrier": barrier.kind, "node": barrier.node}
    if barrier.index is not None:
        applies = context.applies(context.nodes[barrier.node]).possible
        passed = find(applies, context.span(barrier.index).possible)
        blocked = find(applies) if passed is None else None
        if blocked is not None:
            context.add_finding("XP401", barrier.node, pointer, blocked, **values)
            return
    without = context.encode_changed(barrier.without)
    affected = find(outcomes_differ(context.encoding, without), variants=[without])
    if affected is not None:
        context.add_finding("XP402", barrier.node, pointer, affected, **values)
        return
    in_doubt = find(outcome_is_uncertain(context.encoding, without), variants=[without])
    context.add_finding("XP404" if in_doubt else "XP403", barrier.node, pointer, in_doubt, **values)


_MUST: Final = Text(vi="yêu cầu bắt buộc", en="the mandatory requirement")
_NOT_BELOW: Final = Text(vi="mức chặn dưới của điểm", en="the lower bound of points")
_CAP: Final = Text(vi="mức trần điểm", en="the cap")
_QUOTED: Final = Text(vi="'{name}'", en="'{name}'")
_NAME: Final = Text(vi="{kind} của '{node}'", en="{kind} of '{node}'")


def check_levels(context: ProofContext) -> None:
    """Find levels that can be reached, and those prevented by better levels or by barriers."""
    for index, level in enumerate(context.plan.levels):
        pointer = f"/levels/{index}/when"
        with context.catch_undecided(Topic.LEVELS, level.id, pointer):
            _check_level(context, index, pointer)


def _check_level(context: ProofContext, index: int, pointer: str) -> None:
    level, find = context.plan.levels[index], context.solver.find
    reached = find(certain_outcomes(context.encoding)[index])
    if reached is not None:
        context.add_finding("XP102", level.id, pointer, reached, level=level.id)
        return
    possible = find(level_is_possible(context.encoding, index))
    if possible is not None:
        context.add_finding("XP105", level.id, pointer, possible, level=level.id)
        return
    outranked = find(context.span(level.award).possible)
    if outranked is None:
        # It is proven that nobody reaches it, even if the cause remains undecided.
        try:
            why = _cause(context, index)
        except UndecidedError:
            why = _CAUSE_UNDECIDED
        context.add_finding("XP101", level.id, pointer, level=level.id, why=why)
        return
    implied = [better for better in range(index) if _implies(context, index, better)]
    equal = [better for better in implied if _implies(context, better, index)]
    code, levels = ("XP104", equal[:1]) if equal else ("XP103", implied[:1] or range(index))
    better_levels = (context.levels[context.plan.levels[better].id] for better in levels)
    names = join((_QUOTED.format(name=name) for name in better_levels), ", ")
    context.add_finding(code, level.id, pointer, outranked, level=level.id, better=names)


def _implies(context: ProofContext, one: int, other: int) -> bool:
    """Return whether everyone who possibly reaches one level certainly reaches the other."""
    first, second = (context.span(context.plan.levels[index].award) for index in (one, other))
    try:
        return context.solver.find(first.possible, z3.Not(second.certain)) is None
    except UndecidedError:
        return False


def _cause(context: ProofContext, index: int) -> Text:
    """Return what prevents a level that nobody reaches."""
    when = context.span(context.plan.levels[index].when)
    blocked = context.solver.find(when.possible) is not None
    barriers = [b for b in barriers_of(context) if b.is_cap or blocked]
    names = [barrier.name for barrier in barriers if _is_reached_without(context, index, barrier)]
    if names:
        return _BLOCKED.format(barriers=join(names, ", "))
    return _TOGETHER if blocked else _ITSELF


def _is_reached_without(context: ProofContext, index: int, barrier: Barrier) -> bool:
    changed: Encoding = context.encode_changed(barrier.without)
    award = changed.span(changed.plan.levels[index].award)
    return context.solver.find(award.possible, variants=[changed]) is not None


_BLOCKED = Text(vi="Bị chặn bởi: {barriers}.", en="It is blocked by: {barriers}.")
_CAUSE_UNDECIDED = Text(vi="Chưa xác định được nguyên nhân.", en="The cause is not decided.")
_TOGETHER = Text(
    vi="Các yêu cầu bắt buộc và điểm sàn cùng chặn mức này.",
    en="Mandatory requirements and floors jointly block it.",
)
_ITSELF = Text(
    vi="Điều kiện của mức này không bao giờ đúng.",
    en="Its condition can never be true.",
)
