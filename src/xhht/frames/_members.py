"""Contributions of members to the inputs derived from them, as columns summed by holder.

The column form of `xhht.campaign.members`: for each member the lower and upper bound of what it
adds to the members that count and to the other members, and the number of members.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw
from attrs import frozen

from xhht.criteria.document import MembersEntry, Step, Take, Unregistered
from xhht.frames._columns import any_of, int64_literal, when
from xhht.frames._compile import CompiledExpressions, IntervalExpr
from xhht.rules.inputs import COUNT_MAX
from xhht.rules.plan import Plan

__all__ = [
    "WIDTH",
    "EvaluatedRows",
    "contribution_of",
    "derived_bounds",
    "merge_sums",
    "sum_by_holder",
]

WIDTH = 5
"""The number of columns of a contribution to one input."""


@frozen(eq=False)
class EvaluatedRows:
    """What is known about the rows of one profile.

    Attributes:
        plan: the plan they were evaluated by; None if they were not evaluated.
        compiled: its expressions, or None likewise.
        registered: whether each is registered; null if unknown.
        where: the bounds of the truth of each condition on members.
    """

    plan: Plan | None
    compiled: CompiledExpressions | None
    registered: nw.Expr
    where: Mapping[str, IntervalExpr]


def contribution_of(entry: MembersEntry, evaluated: EvaluatedRows, fits: nw.Expr) -> list[nw.Expr]:
    """Return the contribution of each row to an input; see
    `xhht.campaign.members.contribution_of`.
    """
    inside = IntervalExpr(nw.lit(True), nw.lit(True))
    if entry.where is not None:
        inside = evaluated.where.get(entry.where, IntervalExpr(nw.lit(False), nw.lit(True)))
    base, part = _reaches(entry, entry.over, evaluated), _reaches(entry, entry.held, evaluated)
    certain = fits & base.lower & inside.lower
    possible = fits & base.upper & inside.upper
    truths = (
        certain & part.lower,
        possible & part.upper,
        certain & ~part.upper,
        possible & ~part.lower,
        fits,
    )
    return [when(truth, int64_literal(1), int64_literal(0)) for truth in truths]


def _reaches(entry: MembersEntry, step: Step, evaluated: EvaluatedRows) -> IntervalExpr:
    """Return whether rows certainly reach a step, and whether they possibly do."""
    true, false = nw.lit(True), nw.lit(False)
    if step is Step.TOTAL:
        return IntervalExpr(true, true)
    registered = evaluated.registered
    if step is Step.REGISTERED:
        return IntervalExpr(registered.fill_null(False), registered.fill_null(True))
    if evaluated.plan is None or evaluated.compiled is None:
        ends = IntervalExpr(false, true)
    elif step is Step.ASSESSED:
        ends = IntervalExpr(true, true)
    else:
        ends = _awarded(entry.level, evaluated.plan, evaluated.compiled)
    if entry.unregistered is Unregistered.AS_JUDGED:
        return ends
    not_excluded = registered.fill_null(True)
    return IntervalExpr(not_excluded & ends.lower, not_excluded & ends.upper)


def _awarded(level: str | None, plan: Plan, compiled: CompiledExpressions) -> IntervalExpr:
    ladder = [level.id for level in plan.levels]
    enough = plan.levels if level is None else plan.levels[: ladder.index(level) + 1]
    certain, possible = (
        any_of([compiled.truth((level.award, upper)) for level in enough])
        for upper in (False, True)
    )
    return IntervalExpr(certain, possible)


def sum_by_holder(
    frame: nw.LazyFrame[Any], holder: str, columns: Sequence[str]
) -> nw.LazyFrame[Any]:
    """Return the total contribution of the rows of each holder; rows without one are ignored."""
    members = frame.filter(~nw.col(holder).is_null())
    return members.group_by(holder).agg(*(nw.col(name).sum() for name in columns))


def merge_sums(
    parts: Iterable[nw.LazyFrame[Any]], holder: str, columns: Sequence[str]
) -> nw.LazyFrame[Any]:
    """Return the sums over several frames of sums."""
    listed = list(parts)
    return listed[0] if len(listed) == 1 else sum_by_holder(nw.concat(listed), holder, columns)


def derived_bounds(
    name: str, entry: MembersEntry, given: Sequence[nw.Expr], more: nw.Expr
) -> dict[str, IntervalExpr]:
    """Return the bounds of the inputs derived from members, null where no members are known.

    Args:
        name: the input.
        entry: its definition.
        given: the total contribution of its members, null if none has a record.
        more: the number of members without a row; null if undeclared: there are none then.
    """
    is_known = (given[4].fill_null(0) > 0) | ~more.is_null()
    more = more.fill_null(0)
    holding, others = given[0].fill_null(0), given[2].fill_null(0)
    max_holding, max_others = given[1].fill_null(0) + more, given[3].fill_null(0) + more
    match entry.take:
        case Take.COUNT:
            return {name: _known(is_known, holding, _capped(max_holding))}
        case Take.SHARE:
            return {
                f"{name}.held": _known(is_known, holding, _capped(max_holding)),
                f"{name}.others": _known(is_known, others, _capped(max_others)),
            }
        case Take.ANY:
            return {name: _known(is_known, holding > 0, max_holding > 0)}
        case Take.ALL:
            return {name: _known(is_known, max_others == 0, others == 0)}


def _known(is_known: nw.Expr, lower: nw.Expr, upper: nw.Expr) -> IntervalExpr:
    return IntervalExpr(*(nw.when(is_known).then(end) for end in (lower, upper)))


def _capped(count: nw.Expr) -> nw.Expr:
    return nw.min_horizontal(count, int64_literal(COUNT_MAX))
