"""Evaluates whole tables into files: tables in files, streamed through Polars, and in databases.

DuckDB (on Parquet) and databases evaluate the rows themselves. Only counts and the requested tables
leave the engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import narwhals.stable.v2 as nw
from attrs import frozen

from xhht import labels
from xhht.criteria.kinds import kind_columns
from xhht.criteria.profile import Profile
from xhht.criteria.standards import chain_of
from xhht.dates import day_text
from xhht.domain.titles import AreaLevel
from xhht.evaluation.explanation import closing_text, origin_texts
from xhht.evaluation.state import Verdict
from xhht.frames import Detail, Evaluated, evaluate
from xhht.frames.evaluate import exact_points
from xhht.frames.files import (
    AREA,
    ROW,
    Scanned,
    counts_by_kind,
    polars_errors_as_table_errors,
    scan_table,
)
from xhht.frames.sources import TableSource
from xhht.numbers import Convention
from xhht.reporting.evaluations import RejectedRows, Summary
from xhht.reporting.table_files import FrameSink, Layout, table_file
from xhht.tables.facts import ID, unknown_columns_warning
from xhht.text import Lang, Text

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "NO_PROGRESS",
    "EvaluationRequest",
    "ProgressObserver",
    "evaluate_file",
    "evaluate_source",
    "explain_source",
    "ignore_warning",
]

_ID, _TITLE = "id", "title"

_Kinds: TypeAlias = Mapping[str, tuple[int, int]]
"""Number of rows and first row, by kind of row."""


class ProgressObserver(Protocol):
    """Is told of the rows that are done."""

    def begin(self) -> None:
        """Restart the count at 0 for the next part of the work."""

    def advance(self, rows: int, total: int = 0) -> None:
        """Add processed rows, of about `total`; 0 if the total is unknown."""


class _NoProgress:
    def begin(self) -> None:
        pass

    def advance(self, rows: int, total: int = 0) -> None:
        pass


NO_PROGRESS: ProgressObserver = _NoProgress()
"""Shows no progress."""


def ignore_warning(_: Text) -> None:
    """Do nothing with a warning."""


@frozen(kw_only=True)
class EvaluationRequest:
    """Options of an evaluation over columns, and its output files.

    Attributes:
        profile: the profile.
        day: the evaluation date.
        standards: the standards that it rests on.
        final: whether the assessment is closed.
        numbers: the number format of texts, read and written.
        detail: the detail of each result.
        target: the file for the results, or None.
        rejected: the file for invalid rows, or None.
        delimiter: the delimiter of CSV output, None for the default.
        sheet: the sheet of a workbook, or None.
        level: the level of the areas, or None.
        lang: the language of messages.
    """

    profile: Profile
    day: date
    standards: tuple[Profile, ...] = ()
    final: bool = False
    numbers: Convention = Convention.PLAIN
    detail: Detail = Detail.VERDICT
    target: Path | None = None
    rejected: Path | None = None
    delimiter: str | None = None
    sheet: str | None = None
    level: AreaLevel | None = None
    lang: Lang = Lang.VI

    @property
    def origin(self) -> tuple[Text, ...]:
        """The origin of results: profile, provenance and date, and what a final one closes."""
        as_of = labels.EVALUATED_AS_OF.format(day=day_text(self.day))
        closing = (closing_text(self.profile),) if self.final else ()
        return (*origin_texts(self.profile, self.standards), as_of, *closing)

    @property
    def layout(self) -> Layout:
        """The layout of result tables."""
        return Layout(
            numbers=self.numbers,
            delimiter=self.delimiter,
            lang=self.lang,
            about=self.origin,
            metadata={
                "xhht.profile": f"{self.profile.id}@{self.profile.version}",
                "xhht.hash": self.profile.hash,
                "xhht.provenance": self.profile.provenance.value,
                "xhht.as_of": self.day.isoformat(),
                **({"xhht.standards": self._standards_stated} if self.standards else {}),
                "xhht.final": "true" if self.final else "false",
            },
        )

    @property
    def _standards_stated(self) -> str:
        return ", ".join(f"{one.reference} {one.hash}" for one in self.standards)

    @property
    def inputs(self) -> Collection[str]:
        """The names of the inputs that columns answer."""
        return chain_of(self.profile, self.standards).inputs.keys()

    def id_column(self, columns: Collection[str]) -> str | None:
        """Return the column of subject ids, or None."""
        return _ID if _ID in columns and _ID not in self.inputs else None


def evaluate_file(
    path: Path,
    request: EvaluationRequest,
    *,
    progress: ProgressObserver = NO_PROGRESS,
    warn: Callable[[Text], None] = ignore_warning,
) -> Summary:
    """Evaluate a table in a file, write the requested files, and return a summary.

    Rows are read, evaluated and written as a stream. Only if rows are invalid, a second pass finds
    them.

    Args:
        path: a CSV, Parquet or XLSX file.
        request: the options of the evaluation.
        progress: is told of the rows that are done.
        warn: is called with warnings about the table.

    Raises:
        TableError: the table cannot be read, or a file cannot be written.

    >>> import tempfile, xhht
    >>> profile = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
    >>> path = Path(tempfile.mkdtemp()) / "citizens.csv"
    >>> _ = path.write_text("id,indicator_1\\nC1,\\nC2,\\n", encoding="utf-8")
    >>> request = EvaluationRequest(profile=profile, day=date(2025, 12, 31))
    >>> dict(evaluate_file(path, request).results)
    {(<Verdict.UNDETERMINED: 'undetermined'>, None): 2}
    """
    with polars_errors_as_table_errors():
        scanned = scan_table(
            path,
            (*request.standards, request.profile),
            numbers=request.numbers,
            sheet=request.sheet,
            level=request.level,
            progress=progress.advance,
        )
        unknown = unknown_columns_warning(scanned.columns, _known_columns(scanned, request))
        for note in (*scanned.notes, *([unknown] if unknown else [])):
            warn(note)
        return _EvaluationRun(scanned, request, progress, warn).summary()


def _known_columns(scanned: Scanned, request: EvaluationRequest) -> set[str]:
    """Return the known columns; `NAME__low` and the like belong to an input."""
    inputs = request.inputs
    parts = {name for name in scanned.columns if name.partition("__")[0] in inputs}
    return {*inputs, *parts, *kind_columns(request.profile, inputs), ID, AREA, _TITLE}


class _EvaluationRun:
    def __init__(
        self,
        scanned: Scanned,
        request: EvaluationRequest,
        progress: ProgressObserver,
        warn: Callable[[Text], None],
    ) -> None:
        self._scanned, self._request = scanned, request
        self._progress, self._warn = progress, warn
        self._evaluated = evaluate(
            request.profile,
            scanned.frame,
            as_of=request.day,
            final=request.final,
            id=request.id_column(scanned.columns),
            detail=request.detail,
            numbers=request.numbers,
            standards=request.standards,
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
            self._warn(note)
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

    def _evaluate(self, write_results: FrameSink) -> _Kinds:
        """Evaluate all rows; return the number and the first row of each kind."""
        import polars as pl

        rows = exact_points(
            self._evaluated.rows, self._evaluated.grid, (ROW, *self._scanned.columns)
        ).drop(ROW)
        if _TITLE not in self._scanned.columns:
            rows = rows.with_columns(pl.lit(self._request.profile.title.value).alias(_TITLE))
        self._progress.begin()
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
        self._progress.advance(block.height, self._scanned.rows)

    def _find_rejected(self, kinds: _Kinds, write_rejected: FrameSink) -> None:
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
        self._progress.begin()
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
        self._progress.advance(block.height, 0)


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


def explain_source(source: TableSource, request: EvaluationRequest) -> Iterator[tuple[Text, str]]:
    """Yield the SQL of results and of invalid rows; only the schema is queried."""
    evaluated = _evaluated(source, request)
    yield labels.RESULTS, source.sql(_output_rows(evaluated.rows, evaluated, source, request))
    yield _REJECTED, source.sql(evaluated.rejected)


def evaluate_source(
    source: TableSource,
    request: EvaluationRequest,
    *,
    into: str | None = None,
    replace: bool = False,
    progress: ProgressObserver = NO_PROGRESS,
) -> Summary:
    """Evaluate a table in its engine, write the requested tables, and return a summary.

    Args:
        source: the table.
        request: the options of the evaluation.
        into: a table of the same database for the results, or None.
        replace: whether to replace an existing table.
        progress: is told of the rows that are done.
    """
    evaluated = _evaluated(source, request)
    with ExitStack() as files, source.snapshot():
        write_results, write_rejected = (
            files.enter_context(table_file(file, request.layout)) if file else None
            for file in (request.target, request.rejected)
        )
        results = evaluated.rows
        if into is not None:
            output = _output_rows(evaluated.rows, evaluated, source, request)
            results = source.write(output, into, replace=replace)
        if write_results:
            rows = _stream(source, evaluated.rows, progress)
            write_results(_output_rows(rows, evaluated, source, request)).collect(
                engine="streaming"
            )
        if write_rejected:
            write_rejected(_stream(source, evaluated.rejected, progress)).collect(
                engine="streaming"
            )
        verdicts = _count_by(results, "verdict", "level")
        rejections = _count_by(evaluated.rejected, "column", "reason")
    return Summary(
        profile=request.profile,
        as_of=request.day,
        results={(Verdict(verdict), level): number for verdict, level, number in verdicts},
        rejected=[
            RejectedRows(column=column, reason=reason, rows=number, first=None)
            for column, reason, number in sorted(rejections)
        ],
    )


def _evaluated(source: TableSource, request: EvaluationRequest) -> Evaluated:
    return evaluate(
        request.profile,
        source.frame,
        as_of=request.day,
        final=request.final,
        id=request.id_column(_columns(source.frame)),
        detail=request.detail,
        numbers=request.numbers,
        standards=request.standards,
    )


def _columns(frame: Any) -> list[str]:
    names: list[str] = nw.from_native(frame).collect_schema().names()
    return names


def _output_rows(
    rows: Any, evaluated: Evaluated, source: TableSource, request: EvaluationRequest
) -> Any:
    """Return evaluated rows as written: points as numbers, and the title."""
    columns = _columns(source.frame)
    exact = exact_points(rows, evaluated.grid, columns)
    if _TITLE in columns:
        return exact
    title = nw.lit(request.profile.title.value).alias(_TITLE)
    return nw.from_native(exact).with_columns(title).to_native()


def _count_by(frame: Any, *names: str) -> list[tuple[Any, ...]]:
    counts = nw.from_native(frame).group_by(*names).agg(nw.len().alias("rows")).collect()
    return list(counts.iter_rows())


def _stream(source: TableSource, frame: Any, progress: ProgressObserver) -> pl.LazyFrame:
    """Return rows as a lazy Polars frame that can be read once."""
    import polars as pl

    def observe(block: pl.DataFrame) -> pl.DataFrame:
        progress.advance(block.height, 0)
        return block

    progress.begin()
    return pl.scan_arrow_c_stream(source.stream(frame)).map_batches(observe, streamable=True)


_EXCLUDED_KINDS = ("totals_row", "repeated_header", "column_numbers")
_REJECTED = Text(vi="Các dòng bị loại", en="Rejected rows")
