"""The cheapest path to a level: its steps, its cost, and the facts after it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import field, frozen

from xhht.errors import FactsError
from xhht.evaluation.fact_io import fact_to_plain
from xhht.evaluation.result_types import FactChangeDict, PathDict, PathStepDict
from xhht.evaluation.state import EvaluationState
from xhht.labels import level_text
from xhht.numbers import decimal_label, exact, json_number
from xhht.rules.sentences import capitalized
from xhht.text import Lang, Text, join, plural

__all__ = ["Cost", "FactChange", "Path", "PathState", "PathStep", "PerPoint", "exact_cost"]


def exact_cost(value: int | str | float | Decimal | Fraction) -> Fraction:
    """Return a cost as a number; raises FactsError if it is below 0."""
    cost = exact(value)
    if cost < 0:
        raise FactsError(_BELOW_ZERO, code="bad_cost", field=None)
    return cost


@frozen
class PerPoint:
    """The cost of each point that an indicator gains."""

    cost: Fraction = field(converter=exact_cost)


Cost: TypeAlias = int | str | float | Decimal | Fraction | PerPoint
"""The cost of changing an input or raising an indicator; 0 or more."""


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
        before_text, after_text: the values as text, options by their labels.
    """

    input: str
    label: Text = field(repr=False)
    before: Any = field(repr=False)
    after: Any = field(repr=False)
    before_text: Text | None = field(repr=False)
    after_text: Text = field(repr=False)

    @property
    def text(self) -> Text:
        """The change as text."""
        if self.before_text is None:
            return _SHOW.format(label=self.label, after=self.after_text)
        return _CHANGE.format(label=self.label, before=self.before_text, after=self.after_text)

    def to_dict(self) -> FactChangeDict:
        """Return it as JSON data."""
        return {
            "input": self.input,
            "before": fact_to_plain(self.before),
            "after": fact_to_plain(self.after),
        }


@frozen(kw_only=True)
class PathStep:
    """The changes for one indicator, or for the condition of a level.

    Attributes:
        criterion: the indicator; None for facts that only levels read.
        name: the id and the name of the indicator.
        before, after: its certain points before and after; None without an indicator, and for
            one that has no points.
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
        if self.criterion is None:
            return _CONDITION.format(changes=changes)
        if self.before is None or self.after is None:
            template = _WITHOUT_POINTS_BY_CLAUSE if self.clause else _WITHOUT_POINTS
            return template.format(name=self.name, changes=changes, clause=self.clause)
        return (_STEP_BY_CLAUSE if self.clause else _STEP).format(
            name=self.name,
            before=decimal_label(self.before),
            after=decimal_label(self.after),
            changes=changes,
            clause=self.clause,
        )

    def to_dict(self, lang: Lang | str = Lang.VI) -> PathStepDict:
        """Return it as JSON data."""
        return {
            "criterion": self.criterion,
            "points_before": None if self.before is None else json_number(self.before),
            "points_after": None if self.after is None else json_number(self.after),
            "changes": [change.to_dict() for change in self.changes],
            "clause": self.clause,
            "line": self.line,
            "message": self.text.get(lang),
        }


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

    result: EvaluationState = field(repr=False)
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
        name = level_text(self.result.profile.level(self.level).name)
        if self.reason is not None:
            head = capitalized(_HEADS[self.state].format(level=name))
            return join((head, self.reason))
        number = len(self.changes)
        text = _HEADS[self.state].format(
            level=name,
            number=number,
            changes=plural(number, "change", "changes"),
            cost=decimal_label(self.cost or Fraction(0)),
        )
        return capitalized(text)

    def lines(self) -> tuple[Text, ...]:
        """Return the summary and each step as text, and once that steps have no clause."""
        lacks_clause = any(step.criterion and not step.clause for step in self.steps)
        notes = (_NO_CLAUSE,) if lacks_clause else ()
        return (self.text, *(step.text for step in self.steps), *notes)

    def to_dict(self, lang: Lang | str = Lang.VI) -> PathDict:
        """Return it as `xhht path --format json` prints it, without `id`."""
        return {
            "level": self.level,
            "state": self.state.value,
            "cost": None if self.cost is None else json_number(self.cost),
            "steps": [step.to_dict(lang) for step in self.steps],
            "message": self.text.get(lang),
        }


_HEADS = {
    PathState.REACHED: Text(
        vi="Đã đạt {level}; không cần thay đổi gì.",
        en="{level} is already reached; no changes are needed.",
    ),
    PathState.FOUND: Text(
        vi="Cách ít chi phí nhất để đạt {level}: {number} thay đổi, chi phí {cost}.",
        en="Cheapest path to {level}: {number} {changes}, cost {cost}.",
    ),
    PathState.UNREACHABLE: Text(vi="Không thể đạt {level}.", en="{level} cannot be reached."),
    PathState.NOT_WORKED_OUT: Text(
        vi="Chưa tính được cách đạt {level}.",
        en="The path to {level} was not determined.",
    ),
}
_SHOW = Text(vi="chứng minh được “{label}”: {after}", en="show that “{label}” is: {after}")
_CHANGE = Text(vi="{label}: {before} → {after}", en="{label}: {before} → {after}")
_STEP = Text(
    vi="{name}: {before} → {after} điểm; {changes}.",
    en="{name}: {before} → {after} points; {changes}.",
)
_NO_CLAUSE = Text(
    vi="Điều khoản của các bước không ghi điều khoản: chưa thấy trong nguồn.",
    en="Steps without a clause: the clause was not found in the sources.",
)
_STEP_BY_CLAUSE = Text(
    vi="{name}: {before} → {after} điểm; {changes}. Điều khoản: {clause}.",
    en="{name}: {before} → {after} points; {changes}. Clause: {clause}.",
)
_WITHOUT_POINTS = Text(vi="{name}: {changes}.", en="{name}: {changes}.")
_WITHOUT_POINTS_BY_CLAUSE = Text(
    vi="{name}: {changes}. Điều khoản: {clause}.",
    en="{name}: {changes}. Clause: {clause}.",
)
_CONDITION = Text(vi="Điều kiện của mức: {changes}.", en="Condition of the level: {changes}.")


_BELOW_ZERO = Text(vi="Chi phí phải từ 0 trở lên.", en="A cost must be 0 or more.")
