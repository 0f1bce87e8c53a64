"""`xhht evaluate` inside DuckDB (on Parquet) or inside a database through Ibis.

The engine evaluates the rows. Only counts and the requested tables leave it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from xhht import labels
from xhht.cli._progress import Progress, progress_bar
from xhht.cli._request import TITLE, Request
from xhht.evaluation.result import Verdict
from xhht.frames import Evaluated, evaluate
from xhht.frames.evaluate import exact_points
from xhht.frames.sources import TableSource
from xhht.reporting.evaluations import RejectedRows, Summary
from xhht.reporting.table_files import table_file
from xhht.text import Text

if TYPE_CHECKING:
    import polars as pl


def explain(source: TableSource, request: Request) -> Iterator[tuple[Text, str]]:
    """Yield the SQL of results and of invalid rows; only the schema is queried."""
    evaluated = _evaluate(source, request)
    yield labels.RESULTS, source.sql(_output_rows(evaluated.rows, evaluated, source, request))
    yield _REJECTED, source.sql(evaluated.rejected)


def evaluate_source(
    source: TableSource, request: Request, *, into: str | None, replace: bool
) -> Summary:
    """Evaluate a table in its engine, write the requested tables, and return a summary.

    Args:
        source: the table.
        request: the options of the evaluation.
        into: a table of the same database for the results, or None.
        replace: whether to replace an existing table.
    """
    evaluated = _evaluate(source, request)
    with progress_bar(request.lang) as bar, ExitStack() as files, source.snapshot():
        write_results, write_rejected = (
            files.enter_context(table_file(file, request.layout)) if file else None
            for file in (request.target, request.rejected)
        )
        results = evaluated.rows
        if into is not None:
            output = _output_rows(evaluated.rows, evaluated, source, request)
            results = source.write(output, into, replace=replace)
        if write_results:
            rows = _stream(source, evaluated.rows, bar)
            write_results(_output_rows(rows, evaluated, source, request)).collect(
                engine="streaming"
            )
        if write_rejected:
            write_rejected(_stream(source, evaluated.rejected, bar)).collect(engine="streaming")
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


def _evaluate(source: TableSource, request: Request) -> Evaluated:
    return evaluate(
        request.profile,
        source.frame,
        as_of=request.day,
        id=request.id_column(_columns(source.frame)),
        detail=request.detail,
        numbers=request.numbers,
    )


def _columns(frame: Any) -> list[str]:
    names: list[str] = nw.from_native(frame).collect_schema().names()
    return names


def _output_rows(rows: Any, evaluated: Evaluated, source: TableSource, request: Request) -> Any:
    """Return evaluated rows as written: points as numbers, and the title."""
    columns = _columns(source.frame)
    exact = exact_points(rows, evaluated.grid, columns)
    if TITLE in columns:
        return exact
    title = nw.lit(request.profile.title.value).alias(TITLE)
    return nw.from_native(exact).with_columns(title).to_native()


def _count_by(frame: Any, *names: str) -> list[tuple[Any, ...]]:
    counts = nw.from_native(frame).group_by(*names).agg(nw.len().alias("rows")).collect()
    return list(counts.iter_rows())


def _stream(source: TableSource, frame: Any, bar: Progress) -> pl.LazyFrame:
    """Return rows as a lazy Polars frame that can be read once."""
    import polars as pl

    def observe(block: pl.DataFrame) -> pl.DataFrame:
        bar.advance(block.height, 0)
        return block

    bar.begin()
    return pl.scan_arrow_c_stream(source.stream(frame)).map_batches(observe, streamable=True)


_REJECTED = Text(vi="Các dòng bị loại", en="Rejected rows")
