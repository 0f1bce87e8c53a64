"""Evaluates every row of a frame under a profile, in the engine of the frame."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
from attrs import field, frozen

from xhht.criteria.kinds import kind_columns
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry
from xhht.criteria.standards import (
    StandardChain,
    chain_of,
    check_used,
    given_standards,
    unused_standards,
)
from xhht.errors import FrameError
from xhht.frames._compile import CompiledExpressions, ExpressionKey, compile_columns
from xhht.frames._days import days_of
from xhht.frames._engine import check_free_names, prepare_frame, with_layers
from xhht.frames._outputs import (
    OutputColumns,
    closing_columns,
    closing_keys,
    criteria_keys,
    criterion_columns,
    level_columns,
    level_keys,
    result_columns,
    result_keys,
    standard_columns,
)
from xhht.frames._prepare import PREFIX, input_columns
from xhht.frames._standards import read_chain, with_standards
from xhht.numbers import Convention, decimal_text
from xhht.rules.plan import Plan
from xhht.text import Text

__all__ = [
    "Detail",
    "Errors",
    "Evaluated",
    "OutputSelection",
    "evaluate",
    "evaluate_outputs",
    "exact_points",
]

_DIGITS = 18


def exact_points(rows: Any, grid: Fraction, own: Collection[str]) -> Any:
    """Return evaluated rows with points as exact numbers: integers or decimals.

    Supports rows in Polars, DuckDB or a database.

    Args:
        rows: the rows that `evaluate` returns.
        grid: the grid that it returns.
        own: the names of the columns of the evaluated frame, which are not changed.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"id": [7], "points_certain": [43077]})
    >>> exact_points(rows, Fraction(1, 1000), ["id"])["points_certain"].item()
    Decimal('43.077')
    """
    frame = nw.from_native(rows)
    schema = frame.collect_schema()
    points = [name for name in schema.names() if name not in own and schema[name].is_integer()]
    if grid == 1 or not points:
        return rows
    if grid.denominator == 1:
        return frame.with_columns(nw.col(*points) * grid.numerator).to_native()
    step = nw.lit(Decimal(decimal_text(grid)))
    return frame.with_columns(nw.col(*points).cast(nw.Decimal(_DIGITS, 0)) * step).to_native()


class Detail(StrEnum):
    """The amount of output for each result; each member includes those before it."""

    VERDICT = "verdict"
    LEVELS = "levels"
    CRITERIA = "criteria"


class Errors(StrEnum):
    """What to do with invalid rows."""

    COLLECT = "collect"
    RAISE = "raise"


@frozen(eq=False)
class Evaluated:
    """The results of the rows of a frame; every row is in one of the two frames.

    Both are of the same kind as the input frame, lazy if that is lazy.

    Attributes:
        rows: the evaluated rows, with the columns of the result added.
        grid: the size of one step of points; columns of points hold numbers of steps.
        remarks: what applies to all rows: a profile that judges no subject on the day, a given
            standard that is not used.
    """

    rows: Any = field(repr=False)
    grid: Fraction
    _rejected: Callable[[], Any] = field(repr=False)
    remarks: tuple[Text, ...] = ()

    @property
    def rejected(self) -> Any:
        """The invalid rows, with the added columns `column` and `reason`.

        The reason is the code of the FactsError that `xhht.evaluate` raises for such a subject.
        """
        return self._rejected()


def evaluate(
    profile: Profile,
    frame: object,
    *,
    as_of: date | None = None,
    final: bool = False,
    id: str | None = None,
    errors: Errors | str = Errors.COLLECT,
    detail: Detail | str = Detail.VERDICT,
    numbers: Convention | str = Convention.PLAIN,
    prefix: str = "",
    standards: Iterable[Profile] | Profile = (),
) -> Evaluated:
    """Return the result of every row of a frame, identical to the result of `xhht.evaluate`.

    Args:
        profile: a loaded profile.
        frame: a Polars, pandas, PyArrow, DuckDB, Ibis or PySpark frame; lazy ones stay lazy. Its
            columns are named after inputs; null, and an input without a column, is unknown. An
            interval is two columns, `NAME__low` and `NAME__high`; evidence is
            `NAME__verification` and `NAME__dated`; the members behind a share are `NAME__held`
            and `NAME__others`. A key of the profile's `applies_to` may be a column as well; rows
            of another kind are rejected (`other_kind`). Other columns are kept unchanged.
        as_of: the day of evaluation; required if the profile compares dates or limits the age of
            evidence.
        final: whether the assessment is closed, as for `xhht.evaluate`; a column `closed` then
            names the facts that were closed, joined by `|`.
        id: the column of subject ids; all rows with a duplicate id are rejected.
        errors: `collect` separates invalid rows; `raise` raises if there is one.
        detail: `verdict` gives `verdict`, `level`, `points_certain` and `points_possible`;
            `levels` also `levels_possible`, joined by `|`, and `levels_possible[ID]` of each
            standard, which is what the standard gives, also where a row gives a fact in its
            place; `criteria` also the available points,
            `percent_certain` and `percent_possible` (floats; null if no points are available),
            `status[ID]` and the points of every criterion.
        numbers: the number format of columns of text.
        prefix: the prefix of the names of all columns of the result.
        standards: as for `xhht.evaluate`: profiles from which those are chosen on which the
            profile rests. Columns then answer the inputs of all of them.

    Raises:
        ProfileNotFoundError, ProfileError: as `xhht.evaluate` with standards.
        FrameError: not a frame, no column of an input, a name that is taken, a number that may
            exceed 64 bits; with `raise`, an invalid row.
        FactsError: `as_of` is required and missing, or is not a date.

    >>> import polars as pl
    >>> import xhht, xhht.frames
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")
    >>> units = pl.DataFrame({"has_learning_policy": [True, None], "members": [-1, 20]})
    >>> found = xhht.frames.evaluate(profile, units)
    >>> found.rows["points_certain"].to_list(), found.rejected["reason"].to_list()
    ([0], ['out_of_bounds'])
    """
    return evaluate_outputs(
        profile,
        frame,
        outputs=(*_OUTPUTS[Detail(detail)], *(_OF_FINAL if final else ())),
        as_of=as_of,
        final=final,
        id=id,
        errors=Errors(errors),
        numbers=Convention(numbers),
        prefix=prefix,
        standards=standards,
        has_standards=Detail(detail) is not Detail.VERDICT,
    )


def evaluate_outputs(
    profile: Profile,
    frame: object,
    *,
    outputs: Sequence[OutputSelection],
    as_of: date | None,
    id: str | None,
    numbers: Convention,
    prefix: str,
    errors: Errors = Errors.COLLECT,
    final: bool = False,
    standards: Iterable[Profile] | Profile = (),
    has_standards: bool = False,
) -> Evaluated:
    """Return the result of every row in chosen output columns; see `evaluate`.

    Args:
        profile, frame, as_of, id, numbers, prefix, errors, final, standards: as for `evaluate`.
        outputs: functions that give the required plan bounds, and the columns computed from them.
        has_standards: whether columns `levels_possible[ID]` of the standards are added.
    """
    listed = standards if isinstance(standards, Registry) else given_standards(standards)
    chain = chain_of(profile, listed, as_of)
    check_used(chain, listed)
    plan = profile.plan_of(final, chain.unsettled[profile])
    columns_read = [name for one in chain.profiles for name in input_columns(one.plan)]
    kinds = kind_columns(profile, chain.inputs)
    opened = prepare_frame(frame, (*columns_read, *kinds, *([id] if id else ())), PREFIX)
    days = days_of(plan, as_of)
    read = read_chain(chain, opened, as_of=as_of, numbers=numbers, id=id, kinds=kinds)
    staged = read.rows
    evaluated = with_standards(chain, read, staged.valid(), as_of, final=final)
    keys = [key for keys, _ in outputs for key in keys(plan)]
    compiled = compile_columns(plan, evaluated.ends, days, keys, PREFIX)
    results = {
        f"{prefix}{name}": expression
        for _, columns in outputs
        for name, expression in columns(plan, compiled)
    }
    if has_standards:
        of_standards = standard_columns(evaluated.levels)
        results |= {f"{prefix}{name}": expression for name, expression in of_standards}
    column, reason = f"{prefix}column", f"{prefix}reason"
    check_free_names(opened, (*results, column, reason))
    good = with_layers(evaluated.frame, compiled.layers)
    if errors is Errors.RAISE:
        _raise_if_rejected(staged.rejected(column, reason), column, reason)
    return Evaluated(
        rows=opened.restore_kind(good.select(*staged.own, **results)),
        grid=plan.grid.step,
        rejected=lambda: opened.restore_kind(staged.rejected(column, reason)),
        remarks=(*unused_standards(chain, listed), *_out_of_force(chain, as_of)),
    )


def _out_of_force(chain: StandardChain, as_of: date | None) -> Iterator[Text]:
    """Yield why a profile of a chain judges no subject on the day."""
    for one in reversed(chain.profiles):
        remark = one.remark_on(as_of) if as_of is not None else None
        if remark is not None:
            yield remark


OutputSelection: TypeAlias = tuple[
    Callable[[Plan], list[ExpressionKey]], Callable[[Plan, CompiledExpressions], OutputColumns]
]
"""A function that gives the required plan bounds, and one that gives their output columns."""

_OF_FINAL: Sequence[OutputSelection] = ((closing_keys, closing_columns),)
_OUTPUTS: dict[Detail, Sequence[OutputSelection]] = {
    Detail.VERDICT: ((result_keys, result_columns),),
    Detail.LEVELS: ((result_keys, result_columns), (level_keys, level_columns)),
    Detail.CRITERIA: (
        (result_keys, result_columns),
        (level_keys, level_columns),
        (criteria_keys, criterion_columns),
    ),
}


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
