"""The cheapest path to a level: its steps, its cost, and the facts after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from xhht import labels
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.fact_io import fact_text, facts_from_intervals
from xhht.evaluation.result import Evaluation
from xhht.numbers import decimal_label
from xhht.rules.plan import Interval
from xhht.text import Text, join, plural

__all__ = ["FactChange", "Path", "PathState", "PathStep", "StepBuilder", "unreachable_reason"]


class PathState(StrEnum):
    """The outcome of the search for a path."""

    REACHED = "reached"
    FOUND = "found"
    UNREACHABLE = "unreachable"
    NOT_WORKED_OUT = "not_worked_out"


@frozen(kw_only=True)
class FactChange:
    """A fact to change, or to show if it is unknown.

    Attributes:
        input: the name of the input.
        label: its label.
        before: the current value, None if unknown; not shown in `repr`.
        after: the required value; not shown in `repr`.
    """

    input: str
    label: Text = field(repr=False)
    before: Any = field(repr=False)
    after: Any = field(repr=False)

    @property
    def text(self) -> Text:
        """The change as text."""
        if self.before is None:
            return _SHOW.format(label=self.label, input=self.input, after=fact_text(self.after))
        return _CHANGE.format(
            label=self.label,
            input=self.input,
            before=fact_text(self.before),
            after=fact_text(self.after),
        )


@frozen(kw_only=True)
class PathStep:
    """The changes for one indicator, or for the condition of a level.

    Attributes:
        criterion: the indicator; None for facts that only levels read.
        name: the name of the indicator.
        before, after: its certain points before and after; None without an indicator.
        changes: the changed facts that it reads. A fact may be in several steps.
        clause: the clause of the document, None if not found in the sources.
        line: the line in the profile's file; None without an indicator.
    """

    criterion: str | None
    name: Text
    before: Fraction | None
    after: Fraction | None
    changes: tuple[FactChange, ...]
    clause: str | None
    line: int | None

    @property
    def text(self) -> Text:
        """The step as text."""
        changes = join((change.text for change in self.changes), "; ")
        if self.before is None or self.after is None:
            return _CONDITION.format(changes=changes)
        clause = Text(vi=self.clause, en=self.clause) if self.clause else labels.NOT_IN_SOURCES
        return _STEP.format(
            id=self.criterion,
            name=self.name,
            before=decimal_label(self.before),
            after=decimal_label(self.after),
            changes=changes,
            clause=clause,
        )


@frozen(kw_only=True, eq=False)
class Path:
    """The cheapest path to a level, or the reason why there is none.

    Attributes:
        result: the current result; not shown in `repr`.
        level: the level to reach; a better one counts too.
        state: the outcome of the search.
        steps: the steps, in the order of the profile; empty if no change is needed.
        cost: the total cost; None if no path was found.
        facts: all facts after the changes, for which `evaluate` gives the level; None if no path
            was found.
        reason: why no path was found; None if one was found.
    """

    result: Evaluation = field(repr=False)
    level: str
    state: PathState
    steps: tuple[PathStep, ...]
    cost: Fraction | None
    facts: Mapping[str, Any] | None = field(repr=False)
    reason: Text | None

    @property
    def changes(self) -> tuple[FactChange, ...]:
        """The facts that change, each once, in the order of the steps."""
        return tuple({c.input: c for step in self.steps for c in step.changes}.values())

    @property
    def text(self) -> Text:
        """The path as one line of text, without its steps."""
        name = self.result.profile.level(self.level).name
        if self.reason is not None:
            head = _HEADS[self.state].format(level=name)
            return join((head, self.reason))
        number = len(self.changes)
        return _HEADS[self.state].format(
            level=name,
            number=number,
            changes=plural(number, "change", "changes"),
            cost=decimal_label(self.cost or Fraction(0)),
        )

    def lines(self) -> tuple[Text, ...]:
        """Return the summary and each step as text."""
        return (self.text, *(step.text for step in self.steps))


_HEADS = {
    PathState.REACHED: Text(
        vi="Đã đạt mức '{level}'; không cần thay đổi gì.",
        en="Level '{level}' is already reached; no changes are needed.",
    ),
    PathState.FOUND: Text(
        vi="Cách ít chi phí nhất để đạt mức '{level}': {number} thay đổi, chi phí {cost}.",
        en="Cheapest path to level '{level}': {number} {changes}, cost {cost}.",
    ),
    PathState.UNREACHABLE: Text(
        vi="Không thể đạt mức '{level}'.", en="Level '{level}' cannot be reached."
    ),
    PathState.NOT_WORKED_OUT: Text(
        vi="Chưa tính được cách đạt mức '{level}'.",
        en="The path to level '{level}' was not determined.",
    ),
}


_SHOW = Text(
    vi="chứng minh rằng {label} ({input}) = {after}", en="show that {label} ({input}) = {after}"
)


_CHANGE = Text(
    vi="{label} ({input}): {before} → {after}", en="{label} ({input}): {before} → {after}"
)


_STEP = Text(
    vi="{id} {name}: {before} → {after} điểm; {changes}. Điều khoản: {clause}.",
    en="{id} {name}: {before} → {after} points; {changes}. Clause: {clause}.",
)


_CONDITION = Text(vi="Điều kiện của mức: {changes}.", en="Condition of the level: {changes}.")


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
