"""`xhht evaluate` over columns: tables of files, evaluated by Polars as they are read."""

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
from xhht.frames.files import ROW, Scanned, kinds_in, reading, scan_table
from xhht.frames.points import exact_points
from xhht.reporting.evaluated import RejectedRows, Summary
from xhht.reporting.table_files import Sink, table_file

if TYPE_CHECKING:
    import polars as pl

__all__ = ["evaluate_file"]

Kinds: TypeAlias = Mapping[str, tuple[int, int]]
"""For each kind of row how many there are, and the first of them."""


def evaluate_file(path: Path, request: Request) -> Summary:
    """Evaluate a table, write what is asked for, and return what it comes to.

    Rows are read, evaluated and written as they come. Those that cannot be are looked for in a
    second pass, where there are any.
    """
    with reading(), progress_bar(request.lang) as bar:
        scanned = scan_table(
            path,
            request.profile,
            numbers=request.numbers,
            sheet=request.sheet,
            level=request.level,
            watch=bar.advance,
        )
        for note in scanned.notes:
            warn(note, request.lang)
        return _Run(scanned, request, bar).summary()


class _Run:
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
        self._faults: dict[tuple[str | None, str], tuple[int, int]] = {}

    def summary(self) -> Summary:
        request = self._request
        with ExitStack() as files:
            keep, scrap = (
                files.enter_context(table_file(file, request.layout)) if file else _uncollected
                for file in (request.target, request.rejected)
            )
            kinds = self._evaluate(keep)
            self._reject(kinds, scrap)
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
                    first=self._scanned.place(first, column),
                )
                for (column, reason), (number, first) in sorted(
                    self._faults.items(), key=lambda fault: fault[1][1]
                )
            ],
            left_out=sum(kinds[kind][0] for kind in _LEFT_OUT if kind in kinds),
        )

    def _evaluate(self, keep: Sink) -> Kinds:
        """Evaluate all rows; return how many there are of each kind, and the first of them."""
        import polars as pl

        rows = exact_points(
            self._evaluated.rows, self._evaluated.grid, (ROW, *self._scanned.columns)
        ).drop(ROW)
        if TITLE not in self._scanned.columns:
            rows = rows.with_columns(pl.lit(self._request.profile.title.value).alias(TITLE))
        self._bar.begin()
        _, noticed = pl.collect_all(
            [keep(_seen(rows, self._count)), self._scanned.noticed], engine="streaming"
        )
        return kinds_in(noticed)

    def _count(self, block: pl.DataFrame) -> None:
        counted = block.group_by("verdict", "level").len().rows()
        with self._lock:
            for verdict, level, number in counted:
                self._results[Verdict(verdict), level] += number
        self._bar.advance(block.height, self._scanned.rows)

    def _reject(self, kinds: Kinds, scrap: Sink) -> None:
        """Look for the rows that cannot be, where some of those read were not evaluated."""
        import polars as pl

        parts = [self._scanned.faulty] if "faulty" in kinds else []
        number, _ = kinds.get("subject", (0, 0))
        if number > self._results.total():
            parts.append(self._evaluated.rejected)
        rejected = pl.concat(parts or [self._scanned.faulty.head(0)])
        cell = self._scanned.cell()
        named = pl.col(ROW).alias("row") if "row" not in self._scanned.columns else pl.col(ROW)
        rejected = rejected.select(
            named,
            *([cell.alias("cell")] if cell is not None else []),
            *self._scanned.columns,
            "column",
            "reason",
        )
        self._bar.begin()
        if parts or self._request.rejected:
            scrap(_seen(rejected, self._count_faults)).collect(engine="streaming")

    def _count_faults(self, block: pl.DataFrame) -> None:
        import polars as pl

        row = block.columns[0]
        counted = block.group_by("column", "reason").agg(pl.len(), pl.col(row).min()).rows()
        with self._lock:
            for column, reason, number, first in counted:
                before, earliest = self._faults.get((column, reason), (0, first))
                self._faults[column, reason] = before + number, min(earliest, first)
        self._bar.advance(block.height, 0)


def _seen(rows: pl.LazyFrame, note: Callable[[pl.DataFrame], None]) -> pl.LazyFrame:
    """Return rows of which every block is noted as it passes."""

    def noted(block: pl.DataFrame) -> pl.DataFrame:
        note(block)
        return block

    return rows.map_batches(noted, streamable=True)


def _uncollected(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return what lets all rows pass and keeps none of them."""
    import polars as pl

    return rows.select(pl.len())


_LEFT_OUT = ("totals_row", "repeated_header", "column_numbers")
