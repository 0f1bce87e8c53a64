"""The steps of a path to a level, and the reason if there is no path."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from xhht.evaluation._told import facts_from_intervals
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.path_result import FactChange, PathStep
from xhht.evaluation.result import Evaluation
from xhht.exact import decimal_label
from xhht.rules.plan import Interval
from xhht.text import Text, join

__all__ = ["StepBuilder", "unreachable_reason"]


class StepBuilder:
    """Describes how setting some inputs changes each indicator."""

    def __init__(
        self,
        result: Evaluation,
        base: Sequence[Interval],
        sets: Mapping[int, Interval],
        facts: Mapping[str, Any],
    ) -> None:
        inputs = result.plan.inputs
        self._result = result
        self._after = evaluate(result.profile, facts, as_of=result.as_of)
        changed_names = {inputs[index].declared_input.name for index in sets}
        changed_inputs = [
            i for i, declared in enumerate(inputs) if declared.declared_input.name in changed_names
        ]
        before = facts_from_intervals(
            inputs, {i: base[i] for i in changed_inputs if inputs[i].is_known(*base[i])}
        )
        after = facts_from_intervals(inputs, {i: sets.get(i, base[i]) for i in changed_inputs})
        labels = result.profile.document.inputs
        self._changes = {
            name: FactChange(
                input=name, label=labels[name].label, before=before.get(name), after=after[name]
            )
            for name in dict.fromkeys(declared.declared_input.name for declared in inputs)
            if name in changed_names
        }

    def all(self) -> tuple[PathStep, ...]:
        """Return the steps, in the order of the profile."""
        return tuple(self._steps())

    def _steps(self) -> Iterator[PathStep]:
        result, inputs = self._result, self._result.plan.inputs
        assigned: set[str] = set()
        for node in result.plan.nodes:
            names = dict.fromkeys(inputs[index].declared_input.name for index in node.inputs)
            changes = tuple(self._changes[name] for name in names if name in self._changes)
            if node.is_leaf and changes:
                assigned.update(change.input for change in changes)
                yield self._step(node.id, changes)
        remaining = tuple(change for name, change in self._changes.items() if name not in assigned)
        if remaining:
            yield PathStep(
                criterion=None,
                name=Text(vi="", en=""),
                before=None,
                after=None,
                changes=remaining,
                clause=None,
                line=None,
            )

    def _step(self, node_id: str, changes: tuple[FactChange, ...]) -> PathStep:
        profile = self._result.profile
        entry = profile.entries[node_id]
        return PathStep(
            criterion=node_id,
            name=entry.name or Text(vi="", en=""),
            before=self._result.criterion(node_id).points_certain,
            after=self._after.criterion(node_id).points_certain,
            changes=changes,
            clause=entry.clause,
            line=profile.line(node_id),
        )


def unreachable_reason(
    result: Evaluation, at: int, hull: Sequence[Interval], free: Collection[int]
) -> Text:
    """Return why no permitted change of facts reaches a level.

    Args:
        result: the current result.
        at: the index of the level, best level first.
        hull: the interval of every operator over all values of the inputs that may change.
        free: the inputs that may change.
    """
    plan, profile = result.plan, result.profile
    level = plan.levels[at]
    entry = profile.level(level.id)
    if not hull[plan.gate][1]:
        return _BARRED.format(criteria=_names(_barriers(result, hull)))
    if not hull[level.when][1]:
        points = profile.points(hull[plan.points][1])
        return _TOO_FEW.format(when=entry.when, points=decimal_label(points))
    if level.unknown_threshold is not None and hull[level.unknown_threshold][1]:
        return _NO_MARK.format(when=entry.when)
    fixed_unknowns = {
        plan.inputs[index].declared_input.name: None
        for index in sorted(result.unknown_inputs())
        if index not in free
    }
    if fixed_unknowns:
        labels = [profile.document.inputs[name].label for name in fixed_unknowns]
        return _STAY_OPEN.format(names=join(labels, "; "))
    return _NO_WAY.format(when=entry.when)


def _barriers(result: Evaluation, hull: Sequence[Interval]) -> Iterator[str]:
    """Yield the criteria that block every level for all permitted changes."""
    for node in result.plan.nodes:
        if not hull[node.applies][0]:
            continue
        unmet = node.must and not hull[node.met][1]
        if unmet or (node.floor is not None and not hull[node.floor][1]):
            yield node.id


def _names(ids: Iterable[str]) -> str:
    return ", ".join(ids) or "–"


_BARRED = Text(
    vi="Không thể đạt điều kiện bắt buộc hoặc điểm sàn ở: {criteria}.",
    en="Mandatory criteria or floors that cannot be reached: {criteria}.",
)
_TOO_FEW = Text(
    vi="Mức này yêu cầu {when}; sau mọi thay đổi được phép, điểm tối đa là {points}, hoặc còn "
    "một điều kiện khác không thay đổi được.",
    en="It requires {when}; after all permitted changes the maximum points are {points}, or "
    "another of its conditions cannot change.",
)
_NO_MARK = Text(
    vi="Ngưỡng của mức này ({when}) chưa thấy trong nguồn nào.",
    en="No source states the threshold of this level ({when}).",
)
_STAY_OPEN = Text(
    vi="Không thay đổi nào bảo đảm đạt mức này khi còn thiếu: {names}.",
    en="No change makes the level certain while these are unknown: {names}.",
)
_NO_WAY = Text(
    vi="Không thay đổi nào được phép đáp ứng đồng thời {when}, các điều kiện bắt buộc và điểm sàn.",
    en="No permitted change satisfies {when} together with mandatory criteria and floors.",
)
