"""A frame with the bounds of a profile's inputs as added columns, and its invalid rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
from attrs import field, frozen

from xhht.criteria.kinds import OTHER_KIND
from xhht.errors import FrameError
from xhht.frames._compile import IntervalExpr
from xhht.frames._engine import PreparedFrame, mark_duplicates, with_layers
from xhht.frames._expr import InvalidRows, all_of, any_of, when
from xhht.frames._inputs import ColumnReader, Reading, column_names, domain_bounds, text_among
from xhht.numbers import Convention
from xhht.rules.inputs import Input
from xhht.rules.plan import Plan
from xhht.text import Text, canonical_key

PREFIX = "__xhht_"
"""The prefix of the names of temporary columns."""


@frozen(eq=False)
class RowsWithBounds:
    """A frame whose inputs are read.

    Attributes:
        own: the names of the columns that are kept in results.
        frame: the frame, with the bounds of every input.
        ends: the bounds of every input, in the order of the plan.
        issues: the column and the rows of each issue, in the order of the checks.
        given: of the inputs that rest on a standard, whether a row has a value of its own.
    """

    own: tuple[str, ...]
    frame: nw.LazyFrame[Any]
    ends: Sequence[IntervalExpr]
    issues: Sequence[tuple[str, InvalidRows]]
    given: Mapping[str, nw.Expr] = field(factory=dict)

    def valid(self) -> nw.LazyFrame[Any]:
        """Return the valid rows."""
        return valid_rows(self.frame, self.issues)

    def rejected(self, column: str, reason: str) -> nw.LazyFrame[Any]:
        """Return the invalid rows, with the first issue of each in two columns."""
        return rejected_rows(self.frame, self.own, self.issues, column, reason)


def valid_rows(
    frame: nw.LazyFrame[Any], issues: Sequence[tuple[str, InvalidRows]]
) -> nw.LazyFrame[Any]:
    """Return the rows without an issue."""
    good = [issue.others for _, issue in issues]
    return frame.filter(all_of(good)) if good else frame


def rejected_rows(
    frame: nw.LazyFrame[Any],
    own: Sequence[str],
    issues: Sequence[tuple[str, InvalidRows]],
    column: str,
    reason: str,
) -> nw.LazyFrame[Any]:
    """Return the invalid rows, with the column and code of the first issue of each."""
    if not issues:
        no_text = nw.lit(None, nw.String)
        return frame.head(0).select(*own, **{column: no_text, reason: no_text})
    bad = any_of([issue.rows for _, issue in issues])
    (name, first), *others = issues
    where = nw.when(first.rows).then(nw.lit(name))
    why = nw.when(first.rows).then(nw.lit(first.code))
    for name, issue in others:
        where = where.when(issue.rows).then(nw.lit(name))
        why = why.when(issue.rows).then(nw.lit(issue.code))
    return frame.filter(bad).select(*own, **{column: where, reason: why})


def input_columns(plan: Plan) -> tuple[str, ...]:
    """Return the names of all columns that inputs may be read from."""
    return tuple(dict.fromkeys(name for declared in plan.inputs for name in column_names(declared)))


def read_inputs(
    plan: Plan,
    opened: PreparedFrame,
    *,
    as_of: date | None,
    numbers: Convention = Convention.PLAIN,
    id: str | None = None,
    derived: Mapping[str, IntervalExpr] | None = None,
    kinds: Mapping[str, Collection[str]] | None = None,
    prefix: str = PREFIX,
) -> RowsWithBounds:
    """Return a frame with the bounds of a plan's inputs.

    Args:
        plan: the plan.
        opened: the frame.
        as_of: the day of evaluation.
        numbers: the number format of texts.
        id: the column of subject ids, which must be unique.
        derived: the bounds of inputs, by name, used where the frame has no value; they may be null
            as well.
        kinds: the columns that say the kind of subject, with the words that are allowed.
        prefix: the prefix of the names of added columns.

    Raises:
        FrameError: a column is misspelt, or its type is not supported.
    """
    _check_names(plan, opened)
    schema = opened.schema
    reader = ColumnReader(
        schema,
        numbers=numbers,
        as_of=as_of,
        prefix=prefix,
        has_infinite_dates=opened.has_infinite_dates,
    )
    ends: list[IntervalExpr] = []
    issues: list[tuple[str, InvalidRows]] = []
    layer: list[nw.Expr] = []
    given: dict[str, nw.Expr] = {}
    frame = opened.frame
    if id is not None:
        if id not in opened.names:
            raise FrameError(_NO_ID.format(name=id))
        repeated = f"{PREFIX}repeated"
        frame = mark_duplicates(frame, id, repeated)
        issues.append((id, InvalidRows("duplicate_id", nw.col(repeated))))
    for name, words in (kinds or {}).items():
        if name in opened.names:
            of_kind = text_among(nw.col(name).cast(nw.String), words)
            issues.append((name, InvalidRows.unless(OTHER_KIND, of_kind)))
    for index, declared in enumerate(plan.inputs):
        reading = reader.read(declared)
        fallback = (derived or {}).get(declared.name)
        if fallback is not None:
            reading = _filled(declared, reading, fallback)
        if reading is None:
            ends.append(domain_bounds(declared))
            continue
        issues += ((declared.declared_input.name, issue) for issue in reading.issues)
        lower, upper = f"{prefix}a{index}", f"{prefix}b{index}"
        if declared.standard is not None:
            given[declared.name] = nw.col(f"{prefix}e{index}")
            layer.append(reading.is_given.alias(f"{prefix}e{index}"))
        layer.append(reading.ends.lower.alias(lower))
        if reading.ends.upper is reading.ends.lower:
            upper = lower
        else:
            layer.append(reading.ends.upper.alias(upper))
        ends.append(IntervalExpr(nw.col(lower), nw.col(upper)))
    frame = with_layers(frame, (*reader.layers, layer))
    frame = _narrowed(frame, plan, ends, issues, prefix)
    return RowsWithBounds(opened.own, frame, ends, issues, given)


def _filled(declared: Input, reading: Reading | None, derived: IntervalExpr) -> Reading:
    """Return a reading that falls back to the derived bounds, and then to the whole domain."""
    domain = domain_bounds(declared)
    lower, upper = (
        nw.coalesce(end, of_domain)
        for end, of_domain in ((derived.lower, domain.lower), (derived.upper, domain.upper))
    )
    if reading is None:
        return Reading(IntervalExpr(lower, upper))
    given = reading.is_given
    ends = IntervalExpr(
        when(given, reading.ends.lower, lower), when(given, reading.ends.upper, upper)
    )
    return Reading(ends, reading.issues, given)


def _narrowed(
    frame: nw.LazyFrame[Any],
    plan: Plan,
    ends: list[IntervalExpr],
    issues: list[tuple[str, InvalidRows]],
    prefix: str,
) -> nw.LazyFrame[Any]:
    """Propagate bounds between inputs that limit one another; empty sets make rows invalid."""
    for smaller, larger in reversed(plan.bound_pairs):
        one, other = ends[smaller], ends[larger]
        narrower = nw.min_horizontal(one.upper, other.upper)
        name = f"{prefix}n{smaller}"
        frame = with_layers(frame, [[narrower.alias(name)]])
        ends[smaller] = IntervalExpr(one.lower, nw.col(name))
        possible = InvalidRows.unless("at_most", nw.col(name) >= one.lower)
        issues.append((plan.inputs[smaller].declared_input.name, possible))
    for smaller, larger in plan.bound_pairs:
        one, other = ends[smaller], ends[larger]
        name = f"{prefix}m{larger}_{smaller}"
        frame = with_layers(frame, [[nw.max_horizontal(one.lower, other.lower).alias(name)]])
        ends[larger] = IntervalExpr(nw.col(name), other.upper)
    return frame


def _check_names(plan: Plan, opened: PreparedFrame) -> None:
    names = input_columns(plan)
    by_key = {canonical_key(name): name for name in names}
    for name in opened.names:
        similar = by_key.get(canonical_key(name))
        if name not in names and similar is not None and similar not in opened.names:
            raise FrameError(_MISSPELT.format(name=name, similar=similar))


_MISSPELT = Text(
    vi="Tên cột '{name}' gần giống đầu vào '{similar}'. Nếu đúng là đầu vào đó, hãy đổi tên cột; "
    "nếu không, hãy đặt tên khác hẳn.",
    en="Column '{name}' looks like the input '{similar}'. If it is that input, rename the column; "
    "if not, give it a clearly different name.",
)
_NO_ID = Text(
    vi="Không có cột '{name}'; hãy kiểm tra tên cột.",
    en="There is no column '{name}'; check the name.",
)
