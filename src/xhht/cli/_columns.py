"""`xhht evaluate` over columns: tables in files, streamed through Polars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

from xhht.cli._common import warn
from xhht.cli._progress import Progress, progress_bar
from xhht.cli._request import TITLE, Request
from xhht.evaluation.result import Verdict
from xhht.frames import evaluate
from xhht.frames.evaluate import exact_points
from xhht.frames.files import (
    AREA,
    ROW,
    Scanned,
    counts_by_kind,
    polars_errors_as_table_errors,
    scan_table,
)
from xhht.reporting.evaluations import RejectedRows, Summary
from xhht.reporting.table_files import FrameSink, table_file
from xhht.tables.facts import ID, unknown_columns_warning

if TYPE_CHECKING:
    import polars as pl


Kinds: TypeAlias = Mapping[str, tuple[int, int]]
"""Number of rows and first row, by kind of row."""


def evaluate_file(path: Path, request: Request) -> Summary:
    """Evaluate a table, write the requested files, and return a summary.

    Rows are read, evaluated and written as a stream. Only if rows are invalid, a second pass finds
    them.
    """
    with polars_errors_as_table_errors(), progress_bar(request.lang) as bar:
        scanned = scan_table(
            path,
            request.profile,
            numbers=request.numbers,
            sheet=request.sheet,
            level=request.level,
            progress=bar.advance,
        )
        unknown = unknown_columns_warning(scanned.columns, _known_columns(scanned, request))
        for note in (*scanned.notes, *([unknown] if unknown else [])):
            warn(note, request.lang)
        return _EvaluationRun(scanned, request, bar).summary()


def _known_columns(scanned: Scanned, request: Request) -> set[str]:
    """Return the known columns; `NAME__low` and the like belong to an input."""
    inputs = {d.declared_input.name for d in request.profile.plan.inputs}
    parts = {name for name in scanned.columns if name.partition("__")[0] in inputs}
    return {*inputs, *parts, ID, AREA, TITLE}


class _EvaluationRun:
    def __init__(self, scanned: Scanned, request: Request, bar: Progress) -> None:
        self._scanned, self._request, self._bar = scanned, request, bar
        self._evaluated = evaluate(
            request.profile,
            scanned.frame,
            as_of=request.day,
            id=request.id_column(scanned.columns),
            detail=request.detail,
            numbers=request.numbers,
        )
        self._lock = Lock()
        self._results: Counter[tuple[Verdict, str | None]] = Counter()
        self._rejections: dict[tuple[str | None, str], tuple[int, int]] = {}

    def summary(self) -> Summary:
        request = self._request
        with ExitStack() as files:
            write_results, write_rejected = (
                files.enter_context(table_file(file, request.layout)) if file else _discard
                for file in (request.target, request.rejected)
            )
            kinds = self._evaluate(write_results)
            self._find_rejected(kinds, write_rejected)
        for note in self._scanned.warnings(kinds):
            warn(note, request.lang)
        return Summary(
            profile=request.profile,
            as_of=request.day,
            results=self._results,
            rejected=[
                RejectedRows(
                    column=column,
                    reason=reason,
                    rows=number,
                    first=self._scanned.location(first, column),
                )
                for (column, reason), (number, first) in sorted(
                    self._rejections.items(), key=lambda rejection: rejection[1][1]
                )
            ],
            excluded=sum(kinds[kind][0] for kind in _EXCLUDED_KINDS if kind in kinds),
        )

    def _evaluate(self, write_results: FrameSink) -> Kinds:
        """Evaluate all rows; return the number and the first row of each kind."""
        import polars as pl

        rows = exact_points(
            self._evaluated.rows, self._evaluated.grid, (ROW, *self._scanned.columns)
        ).drop(ROW)
        if TITLE not in self._scanned.columns:
            rows = rows.with_columns(pl.lit(self._request.profile.title.value).alias(TITLE))
        self._bar.begin()
        _, observed_kinds = pl.collect_all(
            [write_results(_observe(rows, self._count_verdicts)), self._scanned.row_kinds],
            engine="streaming",
        )
        return counts_by_kind(observed_kinds)

    def _count_verdicts(self, block: pl.DataFrame) -> None:
        counted = block.group_by("verdict", "level").len().rows()
        with self._lock:
            for verdict, level, number in counted:
                self._results[Verdict(verdict), level] += number
        self._bar.advance(block.height, self._scanned.rows)

    def _find_rejected(self, kinds: Kinds, write_rejected: FrameSink) -> None:
        """Find the invalid rows, if not all rows that were read could be evaluated."""
        import polars as pl

        parts = [self._scanned.invalid] if "faulty" in kinds else []
        number, _ = kinds.get("subject", (0, 0))
        if number > self._results.total():
            parts.append(self._evaluated.rejected)
        rejected = pl.concat(parts or [self._scanned.invalid.head(0)])
        cell = self._scanned.cell()
        row_number = pl.col(ROW).alias("row") if "row" not in self._scanned.columns else pl.col(ROW)
        rejected = rejected.select(
            row_number,
            *([cell.alias("cell")] if cell is not None else []),
            *self._scanned.columns,
            "column",
            "reason",
        )
        self._bar.begin()
        if parts or self._request.rejected:
            write_rejected(_observe(rejected, self._count_rejections)).collect(engine="streaming")

    def _count_rejections(self, block: pl.DataFrame) -> None:
        import polars as pl

        row = block.columns[0]
        counted = block.group_by("column", "reason").agg(pl.len(), pl.col(row).min()).rows()
        with self._lock:
            for column, reason, number, first in counted:
                earlier_count, earlier_first = self._rejections.get((column, reason), (0, first))
                self._rejections[column, reason] = earlier_count + number, min(earlier_first, first)
        self._bar.advance(block.height, 0)


def _observe(rows: pl.LazyFrame, observe: Callable[[pl.DataFrame], None]) -> pl.LazyFrame:
    """Return rows that pass each block to `observe` while they are streamed."""

    def observed(block: pl.DataFrame) -> pl.DataFrame:
        observe(block)
        return block

    return rows.map_batches(observed, streamable=True)


def _discard(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return a sink that consumes all rows and keeps none."""
    import polars as pl

    return rows.select(pl.len())


_EXCLUDED_KINDS = ("totals_row", "repeated_header", "column_numbers")
