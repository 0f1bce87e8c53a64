"""Compares the results of a population under two profiles, row by row and in one pass.

A change of a subject's result is attributed to the clauses with different results under the two
profiles. If there is a single such clause, it alone explains the change.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve

from xhht.criteria.changes import ChangedPart, ProfileChanges
from xhht.criteria.comparing import compare_profiles
from xhht.criteria.profile import Profile
from xhht.errors import FrameError
from xhht.evaluation.result import Verdict
from xhht.exact import Convention
from xhht.frames._attribution import Attribution
from xhht.frames._columns import int64_literal, when
from xhht.frames._engine import prepare_frame
from xhht.frames._outputs import blocking_columns, blocking_keys, result_columns, result_keys
from xhht.frames._reading import column_names
from xhht.frames._staged import PREFIX, input_columns
from xhht.frames.evaluate import Evaluated, OutputSelection, evaluate_outputs
from xhht.rollup.transitions import Clause, SubjectOutcome, Transition, Transitions
from xhht.text import Text

__all__ = ["compare"]

_OLD, _NEW, _NAMED = "__old_", "__new_", "__named_"
_GROUP, _NUMBER, _CLAUSES = "__group", "__number", "__clauses"
_TELL: tuple[OutputSelection, ...] = (
    (result_keys, result_columns),
    (blocking_keys, blocking_columns),
)


def compare(
    old: Profile,
    new: Profile,
    frame: Any,
    *,
    as_of: date | None = None,
    by: str | None = None,
    id: str | None = None,
    numbers: Convention | str = Convention.PLAIN,
) -> Transitions:
    """Return how many rows of a frame change from one outcome to another, and by which clause.

    Both profiles are evaluated for one day, so that dates cause no differences.

    Args:
        old: the old profile.
        new: the new profile.
        frame: the population, as for `evaluate`; a lazy frame is streamed. An input without a
            column is unknown, and is listed in `lacking`.
        as_of: the day of evaluation, as for `evaluate`.
        by: the column that names groups, such as `area`.
        id: the column of subject ids; rows with a duplicate id are rejected.
        numbers: the number format of columns of text.

    Raises:
        FrameError: as for `evaluate`; the column `by` is missing.
        FactsError: `as_of` is required and missing, or is not a date.

    >>> import polars as pl
    >>> import xhht, xhht.frames
    >>> old = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
    >>> new = xhht.loads_profile(xhht.dump_profile(old).replace("floor: 5", "floor: 6"))
    >>> points = {f"indicator_{n}": [9, 5 if n == 1 else 9] for n in range(1, 11)}
    >>> found = xhht.frames.compare(old, new, pl.DataFrame(points))
    >>> [(cell.new.verdict.value, cell.number) for cell in found.cells if cell.alone]
    [('not_recognised', 1)]
    """
    run = _Run(compare_profiles(old, new), as_of, by, id, Convention(numbers))
    return run.transitions(frame)


class _Run:
    def __init__(
        self,
        changes: ProfileChanges,
        as_of: date | None,
        by: str | None,
        id: str | None,
        numbers: Convention,
    ) -> None:
        self._changes, self._by, self._id = changes, by, id
        self._as_of, self._numbers = as_of, numbers
        self._attribution = Attribution(changes, (_OLD, _NEW), _NAMED)

    def transitions(self, native: Any) -> Transitions:
        plans = self._changes.old.plan, self._changes.new.plan
        others = [name for name in (self._by, self._id) if name is not None]
        inputs = [name for plan in plans for name in input_columns(plan)]
        opened = prepare_frame(native, (*inputs, *others), PREFIX)
        if self._by is not None and self._by not in opened.names:
            raise FrameError(_NO_GROUP.format(name=self._by))
        frame = opened.frame.drop(opened.row) if opened.row else opened.frame
        lacking = {
            declared.declared_input.name: None
            for plan in plans
            for declared in plan.inputs
            if not any(name in opened.names for name in column_names(declared))
        }
        return Transitions(
            changes=self._changes,
            cells=tuple(self._cells(frame.to_native())),
            missing_inputs=tuple(lacking),
        ).merged()

    def _cells(self, frame: Any) -> Iterator[Transition]:
        """Yield the transitions of rows by which of the profiles can evaluate them."""
        old_results = self._evaluated(self._changes.old, _OLD, frame)
        both_results = self._evaluated(self._changes.new, _NEW, old_results.rows)
        only_new = self._evaluated(self._changes.new, _NEW, old_results.rejected)
        counted = [self._of_both(both_results.rows)]
        counted += [
            self._of_one(*part)
            for part in (
                (both_results.rejected, _OLD, _NEW),
                (only_new.rows, _NEW, _OLD),
                (only_new.rejected, None, _OLD),
            )
        ]
        by_both, by_old, by_new, by_none = _collected(counted)
        yield from map(self._transition_of_both, by_both)
        yield from (self._transition_of_one(row, _OLD, _NEW) for row in by_old)
        yield from (self._transition_of_one(row, _NEW, _OLD) for row in by_new)
        for row in by_none:
            none = SubjectOutcome(None)
            yield Transition(group=row[_GROUP], old=none, new=none, number=row[_NUMBER])

    def _evaluated(self, profile: Profile, prefix: str, frame: Any) -> Evaluated:
        return evaluate_outputs(
            profile,
            frame,
            outputs=_TELL,
            as_of=self._as_of,
            id=self._id,
            numbers=self._numbers,
            prefix=prefix,
        )

    def _of_both(self, rows: Any) -> nw.LazyFrame[Any]:
        frame = self._attribution.marked(nw.from_native(rows))
        names = self._attribution.names.values()
        marks = [_number_of(nw.col(name)) for name in names]
        frame = frame.with_columns(nw.sum_horizontal(*marks).alias(_CLAUSES))
        alone = nw.col(_CLAUSES) == 1
        sums = [_number_of(~alone).sum().alias(_CLAUSES)]
        for name in names:
            sums.append(_number_of(nw.col(name) & alone).sum().alias(f"{name}a"))
            sums.append(_number_of(nw.col(name) & ~alone).sum().alias(f"{name}s"))
        return self._grouped(frame, [*_result(_OLD), *_result(_NEW)], sums)

    def _of_one(self, rows: Any, evaluated_by: str | None, rejected_by: str) -> nw.LazyFrame[Any]:
        keys = [f"{rejected_by}column", *(_result(evaluated_by) if evaluated_by else ())]
        return self._grouped(nw.from_native(rows), keys, [])

    def _grouped(
        self, frame: nw.LazyFrame[Any], keys: list[str], sums: list[nw.Expr]
    ) -> nw.LazyFrame[Any]:
        group = nw.lit(None, nw.String) if self._by is None else nw.col(self._by).cast(nw.String)
        counted = frame.with_columns(group.alias(_GROUP)).group_by(_GROUP, *keys)
        return counted.agg(nw.len().alias(_NUMBER), *sums)

    def _transition_of_both(self, row: dict[str, Any]) -> Transition:
        old, new = _outcome(row, _OLD), _outcome(row, _NEW)
        transition = Transition(group=row[_GROUP], old=old, new=new, number=row[_NUMBER])
        if self._changes.is_same_level(old.level, new.level) and old.verdict is new.verdict:
            return transition
        names = self._attribution.names.items()
        return evolve(
            transition,
            alone={clause: n for clause, name in names if (n := row[f"{name}a"])},
            several=row[_CLAUSES],
            among={clause: n for clause, name in names if (n := row[f"{name}s"])},
        )

    def _transition_of_one(
        self, row: dict[str, Any], evaluated_by: str, rejected_by: str
    ) -> Transition:
        outcomes = {evaluated_by: _outcome(row, evaluated_by), rejected_by: SubjectOutcome(None)}
        clause = Clause(ChangedPart.INPUT, row[f"{rejected_by}column"] or "")
        return Transition(
            group=row[_GROUP],
            old=outcomes[_OLD],
            new=outcomes[_NEW],
            number=row[_NUMBER],
            alone={clause: row[_NUMBER]},
        )


def _collected(frames: list[nw.LazyFrame[Any]]) -> list[list[dict[str, Any]]]:
    """Return the rows of frames; Polars streams all of them at once.

    Common parts are computed once for each frame: a shared result would hold all rows in memory.
    """
    if not all(frame.implementation.is_polars() for frame in frames):
        return [list(frame.collect().iter_rows(named=True)) for frame in frames]
    import polars as pl

    apart = pl.QueryOptFlags(comm_subplan_elim=False)
    natives = [frame.to_native() for frame in frames]
    tables = pl.collect_all(natives, engine="streaming", optimizations=apart)
    return [list(table.iter_rows(named=True)) for table in tables]


def _result(prefix: str) -> tuple[str, str]:
    return f"{prefix}verdict", f"{prefix}level"


def _number_of(truth: nw.Expr) -> nw.Expr:
    return when(truth, int64_literal(1), int64_literal(0))


def _outcome(row: dict[str, Any], prefix: str) -> SubjectOutcome:
    verdict, level = (row[name] for name in _result(prefix))
    return SubjectOutcome(Verdict(verdict), level)


_NO_GROUP = Text(
    vi="Dữ liệu không có cột '{name}' để chia nhóm; hãy nêu tên một cột có trong tệp.",
    en="The data has no column '{name}' to group by; give the name of a column in the file.",
)
