"""The output columns of a result: verdict, level, points, statuses of criteria."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import narwhals.stable.v2 as nw

from xhht.evaluation.state import Status, Verdict
from xhht.frames._compile import CompiledExpressions, ExpressionKey
from xhht.frames._expr import all_of, any_of, int64_literal, when
from xhht.rules.inputs import NO_LEVEL
from xhht.rules.plan import ClosingPlan, LevelMarks, NodePlan, Plan

SEPARATOR = "|"
"""What is between the names in one cell."""

END_SUFFIXES = {False: "", True: "_possible"}
"""The suffixes of the columns of the two bounds of a result, by whether it is the upper one."""

OutputColumns: TypeAlias = Iterator[tuple[str, nw.Expr]]
"""Output columns by name."""


def result_keys(plan: Plan) -> list[ExpressionKey]:
    """Return the plan bounds that verdict, level and points are computed from."""
    return [(plan.points, False), (plan.points, True), *level_keys(plan), *level_keys(plan)]


def level_keys(plan: Plan) -> list[ExpressionKey]:
    """Return the plan bounds that the possible levels are computed from."""
    return [(level.award, upper) for level in plan.levels for upper in (False, True)]


def result_columns(plan: Plan, compiled: CompiledExpressions) -> OutputColumns:
    """Yield verdict, level and the range of points, in steps of the profile's grid."""
    certain = [compiled.truth((level.award, False)) for level in plan.levels]
    possible = [compiled.truth((level.award, True)) for level in plan.levels]
    open_or_not = when(any_of(possible), _text(Verdict.UNDETERMINED), _text(Verdict.NOT_RECOGNISED))
    level = nw.lit(None, nw.String)
    for index in reversed(range(len(plan.levels))):
        alone = certain[index] & ~any_of(possible[:index]) if index else certain[index]
        level = when(alone, nw.lit(plan.levels[index].id), level)
    yield "verdict", when(any_of(certain), _text(Verdict.RECOGNISED), open_or_not)
    yield "level", level
    yield "points_certain", compiled.number((plan.points, False))
    yield "points_possible", compiled.number((plan.points, True))


def level_columns(plan: Plan, compiled: CompiledExpressions) -> OutputColumns:
    """Yield the possible outcomes, best first, joined by `|`; `none` means no level."""
    yield "levels_possible", _listed(possible_levels(plan, compiled))


def standard_columns(standards: Mapping[str, Mapping[str, nw.Expr]]) -> OutputColumns:
    """Yield the possible outcomes of each standard, `levels_possible[ID]`, best first.

    Args:
        standards: by the id of the profile, whether each level, and none, is possible.
    """
    for profile_id, levels in standards.items():
        yield f"levels_possible[{profile_id}]", _listed(levels)


def possible_levels(plan: Plan, compiled: CompiledExpressions) -> dict[str, nw.Expr]:
    """Return for each level, best first, and for none, whether it is still possible."""
    certain = [compiled.truth((level.award, False)) for level in plan.levels]
    levels: dict[str, nw.Expr] = {}
    for number, level in enumerate(plan.levels):
        is_open = compiled.truth((level.award, True))
        levels[level.id] = is_open & ~any_of(certain[:number]) if number else is_open
    return {**levels, NO_LEVEL: ~any_of(certain)}


def _listed(levels: Mapping[str, nw.Expr]) -> nw.Expr:
    """Return the names of the levels that are possible, as one text."""
    return _joined(
        [when(is_open, nw.lit(level + SEPARATOR), nw.lit("")) for level, is_open in levels.items()]
    )


def _joined(parts: list[nw.Expr]) -> nw.Expr:
    """Return parts that end in a separator as one text."""
    return nw.concat_str(*parts).str.replace_all("[|]$", "")


def closing_keys(plan: Plan) -> list[ExpressionKey]:
    """Return the plan bounds from which the closed facts are computed."""
    ends: list[ExpressionKey] = []
    for closing in plan.closings:
        ends += [(index, e) for index in (closing.before, closing.after) for e in (False, True)]
        ends += [(closing.within, True)]
        ends += [(level.award, False) for level in plan.levels[: closing.level or 0]]
    return ends


def closing_columns(plan: Plan, compiled: CompiledExpressions) -> OutputColumns:
    """Yield the facts that were closed, joined by `|`; empty if there are none."""
    closed_by_name: dict[str, list[nw.Expr]] = {
        declared.declared_input.name: [] for declared in plan.inputs
    }
    for closing in plan.closings:
        is_closed = all_of(list(_closes(closing, plan, compiled)))
        for index in closing.inputs:
            name = plan.inputs[index].declared_input.name
            closed_by_name[name].append(is_closed & compiled.unknown(index))
    parts = [
        when(any_of(closed), nw.lit(name + SEPARATOR), nw.lit(""))
        for name, closed in closed_by_name.items()
        if closed
    ]
    yield "closed", _joined(parts) if parts else nw.lit("")


def _closes(closing: ClosingPlan, plan: Plan, compiled: CompiledExpressions) -> Iterator[nw.Expr]:
    """Yield the conditions under which a number or truth was open and was closed."""
    before, after = (
        [compiled.number((index, upper)) for upper in (False, True)]
        for index in (closing.before, closing.after)
    )
    yield before[0] != before[1]
    yield after[0] == after[1]
    yield compiled.truth((closing.within, True))
    yield from (
        ~compiled.truth((level.award, False)) for level in plan.levels[: closing.level or 0]
    )


def criteria_keys(plan: Plan) -> list[ExpressionKey]:
    """Return the plan bounds that the results of criteria are computed from."""
    ends = [(plan.available, False), (plan.available, True)]
    ends += [(plan.points, False), (plan.points, True)]
    for node in plan.nodes:
        indices = [node.applies, node.met, node.partly, node.points, node.available]
        indices += [index for level in node.by_level for index in (level.applies, level.met)]
        ends += [(index, upper) for index in indices for upper in (False, True)]
    return ends


def criterion_columns(plan: Plan, compiled: CompiledExpressions) -> OutputColumns:
    """Yield available points and percent, then for each criterion its status and points.

    The statuses of a criterion that differ by level follow its own: `status[ID][LEVEL]`.
    """
    yield "available_certain", compiled.number((plan.available, False))
    yield "available_possible", compiled.number((plan.available, True))
    yield from _percent_columns(plan, compiled)
    for node in plan.nodes:
        available = compiled.number((node.available, True))
        yield f"status[{node.id}]", _status(node, compiled)
        for level, marks in zip(plan.levels, node.by_level, strict=False):
            yield f"status[{node.id}][{level.id}]", _status_for(marks, compiled)
        yield f"points_certain[{node.id}]", compiled.number((node.points, False))
        yield f"points_possible[{node.id}]", compiled.number((node.points, True))
        yield f"max_points[{node.id}]", nw.max_horizontal(available, int64_literal(node.maximum))


def _percent_columns(plan: Plan, compiled: CompiledExpressions) -> OutputColumns:
    """Yield both ends of points / available points, as `Evaluation` has them exactly."""
    most = compiled.number((plan.available, True))
    fewest = nw.max_horizontal(compiled.number((plan.available, False)), int64_literal(1))
    for name, upper in (("percent_certain", False), ("percent_possible", True)):
        points = compiled.number((plan.points, upper))
        is_divided_by_most = points < 0 if upper else points >= 0
        total = nw.max_horizontal(when(is_divided_by_most, most, fewest), int64_literal(1))
        # Polars multiplies a column by the reciprocal of a constant, which differs in the last bit.
        total = total + points * 0
        share = points.cast(nw.Float64) / total.cast(nw.Float64)
        yield name, when(most > 0, when(share > 1, nw.lit(1.0), share), nw.lit(None, nw.Float64))


def blocking_keys(plan: Plan) -> list[ExpressionKey]:
    """Return the plan bounds that decide: points, blocking criteria and conditions of levels."""
    indices = [level.when for level in plan.levels]
    for node in plan.nodes:
        indices += [node.points, node.applies, node.met]
        indices += [node.floor] if node.floor is not None else []
        indices += [index for marks in node.by_level for index in (marks.applies, marks.met)]
    return [(index, upper) for index in indices for upper in (False, True)]


def blocking_columns(plan: Plan, compiled: CompiledExpressions) -> OutputColumns:
    """Yield points, met and not blocking for each criterion, then the conditions of levels.

    Each has two bounds, `NAME[ID]` and `NAME_possible[ID]`. What a level finds of a criterion that
    is met by level follows as `NAME[ID][LEVEL]`.
    """
    for node in plan.nodes:
        for upper, end in END_SUFFIXES.items():
            yield f"points{end}[{node.id}]", compiled.number((node.points, upper))
            yield f"met{end}[{node.id}]", compiled.truth((node.met, upper))
            if node.must or node.floor is not None:
                yield f"kept{end}[{node.id}]", _kept(node, compiled, upper=upper)
            for level, marks in zip(plan.levels, node.by_level, strict=False):
                met = compiled.truth((marks.met, upper))
                yield f"met{end}[{node.id}][{level.id}]", met
                if node.must:
                    kept = met | ~compiled.truth((marks.applies, not upper))
                    yield f"kept{end}[{node.id}][{level.id}]", kept
    for level in plan.levels:
        for upper, end in END_SUFFIXES.items():
            yield f"holds{end}[{level.id}]", compiled.truth((level.when, upper))


def _kept(node: NodePlan, compiled: CompiledExpressions, *, upper: bool) -> nw.Expr:
    kept = [compiled.truth((node.met, upper))] if node.must else []
    kept += [compiled.truth((node.floor, upper))] if node.floor is not None else []
    return all_of(kept) | ~compiled.truth((node.applies, not upper))


def _status(node: NodePlan, compiled: CompiledExpressions) -> nw.Expr:
    lower, upper = compiled.number((node.partly, False)), compiled.number((node.partly, True))
    partial = when(lower == upper, _text(Status.PARTIAL), _text(Status.UNKNOWN))
    unmet = when(upper <= node.minimum, _text(Status.UNMET), partial)
    return _where_applies(node, unmet, compiled)


def _status_for(marks: LevelMarks, compiled: CompiledExpressions) -> nw.Expr:
    return _where_applies(marks, _text(Status.UNMET), compiled)


def _where_applies(
    marks: NodePlan | LevelMarks, unmet: nw.Expr, compiled: CompiledExpressions
) -> nw.Expr:
    """Return a status, given the one of a criterion that applies and is not met."""
    open_met = when(compiled.truth((marks.met, True)), _text(Status.UNKNOWN), unmet)
    status = when(compiled.truth((marks.met, False)), _text(Status.MET), open_met)
    applies = when(compiled.truth((marks.applies, False)), status, _text(Status.UNKNOWN))
    return when(compiled.truth((marks.applies, True)), applies, _text(Status.NOT_APPLICABLE))


def _text(value: Status | Verdict) -> nw.Expr:
    return nw.lit(value.value)
