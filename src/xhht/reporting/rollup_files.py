"""A roll-up as a table in a file: counts, coverage and rates of every area and title."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from xhht import labels
from xhht.reporting.table_files import FileFormat, Layout, write_table
from xhht.rollup.counts import Count
from xhht.rollup.display import COUNT_HEADS, RATE_HEADS
from xhht.rollup.rates import Denominator
from xhht.rollup.tree import AreaRollup

if TYPE_CHECKING:
    import polars as pl

__all__ = ["rollup_frame", "write_rollup"]

_PERCENTS = tuple(
    f"{denominator.value}_percent_{end}" for denominator in Denominator for end in ("min", "max")
)


def write_rollup(rows: Sequence[AreaRollup], path: str | Path, layout: Layout) -> None:
    """Write a roll-up to a file, in the format given by its extension.

    A workbook labels columns, levels and titles in the language of the layout; the other formats
    use the names of JSON.

    Raises:
        TableError: as for `write_table`.
    """
    frame = rollup_frame(rows)
    if FileFormat.of(Path(path)) is FileFormat.XLSX:
        import polars as pl

        level_labels = {str(row.area.level): row.area.level.label.get(layout.lang) for row in rows}
        titles = {row.title.value: row.title.label.get(layout.lang) for row in rows}
        frame = frame.with_columns(
            pl.col("level").replace(level_labels), pl.col("title").replace(titles)
        )
        layout = evolve(layout, labels=_LABELS, percents=_PERCENTS)
    write_table(frame, path, layout)


def rollup_frame(rows: Sequence[AreaRollup]) -> pl.DataFrame:
    """Return a roll-up as a Polars frame; percentages are rounded as in JSON.

    `of_total_percent_min` and similar are the bounds of each rate, null if there is none.
    """
    import polars as pl

    percent = pl.Decimal(5, 2)
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        **dict.fromkeys(("area", "name", "level", "title"), pl.String),
        **dict.fromkeys(map(str, Count), pl.Int64),
        **dict.fromkeys(("coverage_reported", "coverage_expected"), pl.Int64),
        **dict.fromkeys(_PERCENTS, percent),
    }
    return pl.DataFrame([_cells(row) for row in rows], schema=schema, orient="row")


def _cells(row: AreaRollup) -> list[object]:
    counts = row.tally.counts()
    ends = [end for rate in row.rates.values() for end in (rate.percent_min, rate.percent_max)]
    return [
        str(row.area.code),
        row.area.name,
        row.area.level.value,
        row.title.value,
        *(counts.get(count) for count in Count),
        row.coverage.reported,
        row.coverage.expected,
        *(None if end is None else Decimal(end) for end in ends),
    ]


_ENDS = {
    "min": labels.AT_LEAST,
    "max": labels.AT_MOST,
}
_LABELS = {
    "area": labels.CODE,
    "name": labels.AREA,
    "title": labels.TITLE,
    **{count.value: head for count, head in COUNT_HEADS.items()},
    "level": labels.LEVEL,
    "coverage_reported": labels.AREAS_REPORTED,
    "coverage_expected": labels.AREAS_EXPECTED,
    **{
        f"{denominator.value}_percent_{end}": text.format(of=head)
        for denominator, head in RATE_HEADS.items()
        for end, text in _ENDS.items()
    },
}
