"""`xhht evaluate` where data lives: in DuckDB on Parquet, or in a database by way of Ibis.

The engine judges the rows. What leaves it are counts, and the tables that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from xhht.cli._progress import Progress, progress_bar
from xhht.cli._request import TITLE, Request
from xhht.evaluation.result import Verdict
from xhht.frames import Evaluated, evaluate
from xhht.frames.points import exact_points
from xhht.frames.sources import Source
from xhht.reporting.evaluated import RejectedRows, Summary
from xhht.reporting.table_files import table_file
from xhht.text import Text

if TYPE_CHECKING:
    import polars as pl

__all__ = ["evaluate_source", "explain"]


def explain(source: Source, request: Request) -> Iterator[tuple[Text, str]]:
    """Yield the SQL of results and of rows that cannot be; nothing runs but a look at columns."""
    evaluated = _evaluated(source, request)
    yield _RESULTS, source.sql(_told(evaluated.rows, evaluated, source, request))
    yield _REJECTED, source.sql(evaluated.rejected)


def evaluate_source(
    source: Source, request: Request, *, into: str | None, replace: bool
) -> Summary:
    """Evaluate a table where it is, write what is asked for, and return what it comes to.

    Args:
        source: the table.
        request: what is asked for.
        into: a table of the same database for the results, or None.
        replace: whether that may be there already.
    """
    evaluated = _evaluated(source, request)
    with progress_bar(request.lang) as bar, ExitStack() as files, source.snapshot():
        keep, scrap = (
            files.enter_context(table_file(file, request.layout)) if file else None
            for file in (request.target, request.rejected)
        )
        results = evaluated.rows
        if into is not None:
            told = _told(evaluated.rows, evaluated, source, request)
            results = source.write(told, into, replace=replace)
        if keep:
            streamed = _streamed(source, evaluated.rows, bar)
            keep(_told(streamed, evaluated, source, request)).collect(engine="streaming")
        if scrap:
            scrap(_streamed(source, evaluated.rejected, bar)).collect(engine="streaming")
        verdicts = _counted(results, "verdict", "level")
        faults = _counted(evaluated.rejected, "column", "reason")
    return Summary(
        profile=request.profile,
        as_of=request.day,
        results={(Verdict(verdict), level): number for verdict, level, number in verdicts},
        rejected=[
            RejectedRows(column=column, reason=reason, rows=number, first=None)
            for column, reason, number in sorted(faults)
        ],
    )


def _evaluated(source: Source, request: Request) -> Evaluated:
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


def _told(rows: Any, evaluated: Evaluated, source: Source, request: Request) -> Any:
    """Return evaluated rows as they are written: points as numbers, and the title."""
    own = _columns(source.frame)
    numbers = exact_points(rows, evaluated.grid, own)
    if TITLE in own:
        return numbers
    title = nw.lit(request.profile.title.value).alias(TITLE)
    return nw.from_native(numbers).with_columns(title).to_native()


def _counted(frame: Any, *names: str) -> list[tuple[Any, ...]]:
    counted = nw.from_native(frame).group_by(*names).agg(nw.len().alias("rows")).collect()
    return list(counted.iter_rows())


def _streamed(source: Source, frame: Any, bar: Progress) -> pl.LazyFrame:
    """Return rows as a lazy Polars frame, which may be read once."""
    import polars as pl

    def seen(block: pl.DataFrame) -> pl.DataFrame:
        bar.advance(block.height, 0)
        return block

    bar.begin()
    return pl.scan_arrow_c_stream(source.stream(frame)).map_batches(seen, streamable=True)


_RESULTS = Text(vi="Kết quả", en="Results")
_REJECTED = Text(vi="Các dòng bị loại", en="Rejected rows")
