"""Expressions of a profile as sentences, with the current values of a subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from xhht.evaluation.state import EvaluationState, Status
from xhht.numbers import share_range_label
from xhht.rules import expressions as ex
from xhht.rules.model import Branch, Requirement, TreeNode
from xhht.rules.plan import Interval, NodePlan
from xhht.rules.ranges import Range, Situation
from xhht.rules.sentences import Wording
from xhht.text import Text

__all__ = ["current_wording", "percent_note", "status_at"]


class _CurrentValues(Situation):
    """The values of the subject of a result, and what one level or all find of its criteria."""

    def __init__(self, result: EvaluationState, level: str | None) -> None:
        self._result = result
        levels = [plan.id for plan in result.plan.levels]
        self._level = None if level is None else levels.index(level)
        self._indices = {declared.name: i for i, declared in enumerate(result.plan.inputs)}
        self._nodes = {node.id: node for node in result.plan.nodes}
        self._conditional = frozenset(_below_conditions(result.profile.rules.criteria))

    @property
    def day(self) -> date | None:
        return self._result.as_of

    def ends(self, name: str) -> Interval:
        index = self._indices[name]
        return self._result.input_lows[index], self._result.input_highs[index]

    def has_counts(self, share: str) -> bool:
        return share not in self._result.rates

    def points(self, node: str | None) -> Range:
        index = self._result.plan.points if node is None else self._nodes[node].points
        return self._points(index)

    def lowest_indicator(self) -> Range:
        result, scored = self._result, set(_scored(self._result.profile.rules.criteria))
        nodes = [node for node in result.plan.nodes if node.maximum > 0 and node.id in scored]
        most = max((node.maximum for node in nodes), default=0)
        lows = (result.lows[n.own_points] for n in nodes if result.highs[n.applies])
        highs = (result.highs[n.own_points] for n in nodes if result.lows[n.applies])
        points = result.profile.points
        return points(min(lows, default=most)), points(min(highs, default=most))

    def available(self, node: str | None) -> Range:
        index = self._result.plan.available if node is None else self._nodes[node].available
        return self._points(index)

    def _points(self, index: int) -> Range:
        points, result = self._result.profile.points, self._result
        return points(result.lows[index]), points(result.highs[index])

    def is_met(self, node: str) -> tuple[bool, bool]:
        plan, lows, highs = self._nodes[node], self._result.lows, self._result.highs
        marks = plan if self._level is None else plan.for_level(self._level)
        # Below a condition that may not hold, a criterion may be met and still not count as met.
        is_inside = lows[marks.applies] or node not in self._conditional
        return bool(is_inside and lows[marks.met]), bool(highs[marks.met])

    def status(self, node: str) -> Text:
        return self._status(node).label

    def _status(self, node: str) -> Status:
        return status_at(self._result, self._nodes[node], self._level)


def _below_conditions(nodes: Iterable[TreeNode], is_below: bool = False) -> Iterator[str]:
    """Yield the criteria below one that has a condition of its own."""
    for node in nodes:
        if is_below:
            yield node.id
        if isinstance(node, Branch):
            yield from _below_conditions(node.children, is_below or node.applies is not None)


def _scored(nodes: Iterable[TreeNode]) -> Iterator[str]:
    """Yield the indicators that count."""
    for node in nodes:
        if node.requirement is not Requirement.ADVISORY:
            if isinstance(node, Branch):
                yield from _scored(node.children)
            else:
                yield node.id


def status_at(result: EvaluationState, node: NodePlan, level: int | None) -> Status:
    """Return the status of a criterion for a level, counted from 0, or over all for None."""
    if level is None or not node.by_level:
        return result.status_of(node)
    return result.status_for(node, node.by_level[level])


def current_wording(result: EvaluationState, level: str | None = None) -> Wording:
    """Return what writes the conditions of a result's profile with the subject's values.

    Args:
        result: the result.
        level: the level whose condition is written, for which a criterion may be met or not; None
            for what all levels find.
    """
    return result.profile.wording(_CurrentValues(result, level))


def percent_note(result: EvaluationState) -> Text | None:
    """Return the percent of the available points in brackets, None if no level asks for it."""
    asks = any(
        isinstance(part, ex.Percent) and part.node is None
        for level in result.profile.rules.levels
        for part in ex.walk(level.when)
    )
    lower, upper = result.percent_certain, result.percent_possible
    if not asks or lower is None or upper is None:
        return None
    return _PERCENT.format(percent=share_range_label(lower, upper))


_PERCENT = Text(vi="({percent})", en="({percent})")
