"""A sheet of a workbook as a frame with typed columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from xhht.evaluation.fact_io import VI_DAY
from xhht.frames._sheet import EXCLUDED, FIELD, ISSUE, Sheet, issue_columns, with_exclusions
from xhht.rules.inputs import InputType
from xhht.tables.book import column_letter
from xhht.tables.cells import CellKind, ColumnCells
from xhht.tables.parquet import ROW
from xhht.tables.workbook import (
    AMBIGUOUS_PERCENT,
    PLAIN_SHARES,
    CellIssue,
    RowProgress,
    SheetReader,
    TableRequest,
    open_sheet,
)

if TYPE_CHECKING:
    import polars as pl


_ROWS = 5_000
_MONTHS = 12
SWAPPED_DAYS = "swapped_days"
_KIND = "#kind"


def read_workbook(
    path: Path, wanted: TableRequest, title: str | None, progress: RowProgress
) -> Sheet:
    """Return the table of a sheet; see `xhht.tables.workbook.open_sheet`."""
    with open_sheet(path, wanted, title) as sheet:
        return _FrameReader(sheet, wanted).read(progress)


class _FrameReader:
    """Reads the rows of a sheet into a frame."""

    def __init__(self, sheet: SheetReader, wanted: TableRequest) -> None:
        self._sheet, self._wanted = sheet, wanted
        self._numbers: list[int] = []
        self._issues: list[CellIssue | None] = []

    def read(self, progress: RowProgress) -> Sheet:
        import polars as pl

        texts = pl.concat(self._frames(progress)).with_columns(
            pl.Series(ROW, self._numbers, pl.Int64),
            pl.Series(FIELD, [issue and issue[0] for issue in self._issues], pl.String),
            pl.Series(ISSUE, [issue and issue[1] for issue in self._issues], pl.String),
        )
        own = tuple(self._sheet.names.values())
        sheet = Sheet(
            frame=texts.lazy(),
            columns=own,
            rows=texts.height,
            title=self._sheet.title,
            letters={name: column_letter(number) for number, name in self._sheet.names.items()},
        )
        sheet = with_exclusions(sheet, self._wanted.shape(own))
        frame = sheet.frame.collect()
        for number, name in self._sheet.names.items():
            frame = self._typed(frame, number, name)
        return evolve(
            sheet,
            frame=frame.select(ROW, *own, FIELD, ISSUE, EXCLUDED).lazy(),
            notes=(*self._sheet.warnings, *sheet.notes),
        )

    def _typed(self, frame: pl.DataFrame, number: int, name: str) -> pl.DataFrame:
        """Return a frame with one column typed, and with its ambiguous shares rejected.

        If one plain number is too large for a share, the others may be percentages too.
        """
        import polars as pl

        kind, is_subject = f"{name}{_KIND}", frame[EXCLUDED].is_null()
        kinds = frame[kind].filter(is_subject).drop_nulls().unique().to_list()
        frame = frame.with_columns(
            _typed(self._sheet.columns[number], frame[name], kinds, is_subject)
        )
        if CellKind.LARGE_SHARE in kinds:
            is_plain = pl.col(kind).is_in(list(PLAIN_SHARES))
            return frame.with_columns(issue_columns(is_plain, name, AMBIGUOUS_PERCENT))
        if {CellKind.DAY, CellKind.TEXT}.issubset(kinds) and _may_be_swapped(
            self._sheet.columns[number], frame.filter(is_subject), name, kind
        ):
            is_day = pl.col(kind) == CellKind.DAY
            return frame.with_columns(issue_columns(is_day, name, SWAPPED_DAYS))
        return frame

    def _frames(self, progress: RowProgress) -> Iterator[pl.DataFrame]:
        """Yield the texts and cell kinds of rows, block by block."""
        import polars as pl

        schema: dict[str, pl.DataType | type[pl.DataType]] = {}
        for name in self._sheet.names.values():
            schema |= {name: pl.String, f"{name}{_KIND}": pl.Int8}
        rows = self._sheet.rows()
        while block := list(islice(rows, _ROWS)):
            progress(len(block), self._sheet.length)
            self._numbers += [row.number for row in block]
            self._issues += [row.issue for row in block]
            cells = [
                [value for pair in zip(row.texts, row.kinds, strict=True) for value in pair]
                for row in block
            ]
            yield pl.DataFrame(cells, schema=schema, orient="row")
        yield pl.DataFrame(schema=schema)


def _may_be_swapped(column: ColumnCells, frame: pl.DataFrame, name: str, kind: str) -> bool:
    """Return whether a spreadsheet may have read day/month as month/day.

    It then turns dates with a day up to 12 into date cells, with day and month swapped, and leaves
    the others as texts.
    """
    import polars as pl

    if column.kind is not InputType.DATE:
        return False
    is_day = pl.col(kind) == CellKind.DAY
    stored = frame.filter(is_day)[name].str.slice(8, 2).cast(pl.Int64, strict=False)
    written = frame.filter(~is_day)[name].str.extract(f"^{VI_DAY}", 1).cast(pl.Int64, strict=False)
    return bool((stored <= _MONTHS).all() and (written > _MONTHS).any())


def _typed(
    column: ColumnCells, texts: pl.Series, kinds: Collection[int], is_subject: pl.Series
) -> pl.Series:
    """Return texts converted to the common type of all cells; unchanged if the types differ.

    Args:
        column: the reader of the cells.
        texts: the texts of the cells.
        kinds: the stored types of the cells of subjects.
        is_subject: whether each row is a subject; cells of other rows become null if they have
            another type.
    """
    import polars as pl

    if column.is_code or len(kinds) != 1:
        return texts
    (kind,) = kinds
    if kind == CellKind.TRUTH and column.kind in (None, InputType.BOOL):
        return texts == "true"
    if kind == CellKind.DAY and column.kind in (None, InputType.DATE):
        return texts.str.to_date("%Y-%m-%d", strict=False)
    if kind != CellKind.NUMBER or not (column.kind is None or column.kind.numeric):
        return texts
    plain = texts.str.replace(",", ".", literal=True)
    integers = plain.cast(pl.Int64, strict=False)
    is_integer = (integers.is_not_null() | texts.is_null() | ~is_subject).all()
    return integers if is_integer else plain.cast(pl.Float64, strict=False)
