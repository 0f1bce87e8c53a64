"""Evaluates every row of a frame under a profile, where its data lives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
from attrs import field, frozen

from xhht.criteria.profile import Profile
from xhht.dates import months_before
from xhht.errors import FrameError
from xhht.evaluation.evaluator import check_day
from xhht.exact import Convention
from xhht.frames._compile import Compiled, Key, compile_columns
from xhht.frames._engine import open_frame, refuse_taken, with_layers
from xhht.frames._outputs import (
    Told,
    criteria_keys,
    criterion_columns,
    level_columns,
    level_keys,
    result_columns,
    result_keys,
)
from xhht.frames._staged import PREFIX, columns_of, stage
from xhht.rules.plan import AsOfDay, Plan
from xhht.text import Text

__all__ = ["Detail", "Errors", "Evaluated", "Tell", "days_of", "evaluate", "evaluate_told"]


class Detail(StrEnum):
    """How much of each result is told; each step tells what those before it tell, and more."""

    VERDICT = "verdict"
    LEVELS = "levels"
    CRITERIA = "criteria"


class Errors(StrEnum):
    """What becomes of rows that cannot be."""

    COLLECT = "collect"
    RAISE = "raise"


@frozen(eq=False)
class Evaluated:
    """What the rows of a frame come to; every row is in one of the two frames.

    Both are of the kind that was given, lazy where that was lazy.

    Attributes:
        rows: the rows that were evaluated, with the columns of the result beside their own.
        grid: what one step of points stands for; columns of points hold whole steps.
    """

    rows: Any = field(repr=False)
    grid: Fraction
    _rejected: Callable[[], Any] = field(repr=False)

    @property
    def rejected(self) -> Any:
        """The rows that cannot be, with `column` and `reason` beside their own.

        The reason is the code of the FactsError that `xhht.evaluate` raises for such a subject.
        """
        return self._rejected()


def evaluate(
    profile: Profile,
    frame: object,
    *,
    as_of: date | None = None,
    id: str | None = None,
    errors: Errors | str = Errors.COLLECT,
    detail: Detail | str = Detail.VERDICT,
    numbers: Convention | str = Convention.PLAIN,
    prefix: str = "",
) -> Evaluated:
    """Return what every row of a frame comes to, as `xhht.evaluate` would have it, to the bit.

    Args:
        profile: a loaded profile.
        frame: a Polars, pandas, PyArrow, DuckDB, Ibis or PySpark frame; lazy ones stay lazy. Its
            columns are named after inputs; null, and an input without a column, is unknown. An
            interval is two columns, `NAME__low` and `NAME__high`; evidence is
            `NAME__verification` and `NAME__dated`; the members behind a share are `NAME__held`
            and `NAME__others`. Other columns are carried through.
        as_of: the day for which to judge; needed where the profile compares dates or evidence
            grows old.
        id: the column that names subjects; rows that share an id are rejected, all of them.
        errors: `collect` sets rows aside that cannot be; `raise` refuses the frame for the first.
        detail: `verdict` gives `verdict`, `level`, `points_certain` and `points_possible`;
            `levels` also `levels_possible`, joined by `|`; `criteria` also `status[ID]` and the
            points of every criterion.
        numbers: how columns of text write numbers.
        prefix: put before the names of all columns of the result.

    Raises:
        FrameError: no frame, no column that the profile asks for, a name that is taken, a number
            that 64 bits may not hold; with `raise`, a row that cannot be.
        FactsError: `as_of` is needed and missing, or is no day.

    >>> import polars as pl
    >>> import xhht, xhht.frames
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020")
    >>> units = pl.DataFrame({"has_learning_policy": [True, None], "members": [-1, 20]})
    >>> found = xhht.frames.evaluate(profile, units)
    >>> found.rows["points_certain"].to_list(), found.rejected["reason"].to_list()
    ([0], ['out_of_bounds'])
    """
    return evaluate_told(
        profile,
        frame,
        tell=_OUTPUTS[Detail(detail)],
        as_of=as_of,
        id=id,
        errors=Errors(errors),
        numbers=Convention(numbers),
        prefix=prefix,
    )


def evaluate_told(
    profile: Profile,
    frame: object,
    *,
    tell: Sequence[Tell],
    as_of: date | None,
    id: str | None,
    numbers: Convention,
    prefix: str,
    errors: Errors = Errors.COLLECT,
) -> Evaluated:
    """Return what every row comes to in chosen columns; see `evaluate`.

    Args:
        profile, frame, as_of, id, numbers, prefix, errors: as for `evaluate`.
        tell: what gives the ends of places that are asked for, and the columns told by them.
    """
    plan = profile.plan
    opened = open_frame(frame, (*columns_of(plan), *([id] if id else ())), PREFIX)
    days = days_of(plan, as_of)
    staged = stage(plan, opened, as_of=as_of, numbers=numbers, id=id)
    keys = [key for keys, _ in tell for key in keys(plan)]
    compiled = compile_columns(plan, staged.ends, days, keys, PREFIX)
    results = {
        f"{prefix}{name}": expression
        for _, columns in tell
        for name, expression in columns(plan, compiled)
    }
    column, reason = f"{prefix}column", f"{prefix}reason"
    refuse_taken(opened, (*results, column, reason))
    good = with_layers(staged.good(), compiled.layers)
    if errors is Errors.RAISE:
        _raise_if_rejected(staged.rejected(column, reason), column, reason)
    return Evaluated(
        rows=opened.give_back(good.select(*staged.own, **results)),
        grid=plan.grid.step,
        rejected=lambda: opened.give_back(staged.rejected(column, reason)),
    )


Tell: TypeAlias = tuple[Callable[[Plan], list[Key]], Callable[[Plan, Compiled], Told]]
"""What gives the ends of places that are asked for, and the columns told by them."""

_OUTPUTS: dict[Detail, Sequence[Tell]] = {
    Detail.VERDICT: ((result_keys, result_columns),),
    Detail.LEVELS: ((result_keys, result_columns), (level_keys, level_columns)),
    Detail.CRITERIA: (
        (result_keys, result_columns),
        (level_keys, level_columns),
        (criteria_keys, criterion_columns),
    ),
}


def days_of(plan: Plan, as_of: date | None) -> dict[int, int]:
    """Return the ordinals of the days that lie so many months before the day of evaluation."""
    if as_of is not None or plan.needs_date():
        check_day(as_of)
    if as_of is None:
        return {}
    months = {operator.months for operator in plan.operators if isinstance(operator, AsOfDay)}
    return {count: months_before(as_of, count).toordinal() for count in months}


def _raise_if_rejected(rejected: nw.LazyFrame[Any], column: str, reason: str) -> None:
    """Raise FrameError if there is a rejected row."""
    counted = rejected.select(column, reason).collect()
    if len(counted):
        first = counted.row(0)
        raise FrameError(_REJECTED.format(number=len(counted), column=first[0], reason=first[1]))


_REJECTED = Text(
    vi="Có {number} dòng không hợp lệ; lỗi đầu tiên ở cột '{column}': {reason}. Hãy sửa, hoặc "
    "dùng errors='collect' để tách các dòng đó ra.",
    en="Invalid rows: {number}; first error in column '{column}': {reason}. Fix them, or use "
    "errors='collect' to separate them.",
)
