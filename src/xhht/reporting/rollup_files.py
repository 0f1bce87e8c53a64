"""A roll-up as a table in a file: counts, coverage and rates of every area and title."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
        **dict.fromkeys(_stated(rows), pl.String),
        **dict.fromkeys(map(str, Count), pl.Int64),
        **dict.fromkeys(("coverage_reported", "coverage_expected"), pl.Int64),
        **dict.fromkeys(_PERCENTS, percent),
    }
    stated = _stated(rows)
    return pl.DataFrame([_cells(row, stated) for row in rows], schema=schema, orient="row")


_STATED: Mapping[str, Callable[[AreaRollup], str | None]] = {
    "community_level": lambda row: row.communities,
    "managed_by": lambda row: row.managed_by,
    "kind": lambda row: row.kind,
    "condition": lambda row: row.condition,
    "recognised_by_level": lambda row: (
        "; ".join(f"{level}: {number}" for level, number in sorted(row.tally.levels.items()))
        or None
    ),
}
"""The columns that say what is counted; a table has those in which any row has a value."""


def _stated(rows: Sequence[AreaRollup]) -> tuple[str, ...]:
    return tuple(name for name, value in _STATED.items() if any(map(value, rows)))


def _cells(row: AreaRollup, stated: Sequence[str]) -> list[object]:
    counts = row.tally.counts()
    ends = [end for rate in row.rates.values() for end in (rate.percent_min, rate.percent_max)]
    return [
        str(row.area.code),
        row.area.name,
        row.area.level.value,
        row.title.value,
        *(_STATED[name](row) for name in stated),
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
    "community_level": labels.COMMUNITY_LEVEL,
    "managed_by": labels.MANAGED_BY,
    "kind": labels.UNIT_KIND,
    "condition": labels.CONDITION,
    "recognised_by_level": labels.BY_LEVEL,
    "coverage_reported": labels.AREAS_REPORTED,
    "coverage_expected": labels.AREAS_EXPECTED,
    **{
        f"{denominator.value}_percent_{end}": text.format(of=head)
        for denominator, head in RATE_HEADS.items()
        for end, text in _ENDS.items()
    },
}
