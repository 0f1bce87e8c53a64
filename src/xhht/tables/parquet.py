"""Parquet files as tables: columns by normalised names, rows by number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from xhht.errors import TableError
from xhht.numbers import Convention
from xhht.tables.table import Row, Table
from xhht.text import Text, normalize_text

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ROW", "ParquetScan", "ParquetTable", "cells_as_text", "scan"]

ROW: Final = "#row"
"""The added column with the number of the row."""


@frozen(eq=False)
class ParquetScan:
    """Parquet files, not yet read.

    Attributes:
        frame: a lazy frame of their columns, by normalised names, after the column `#row`.
        columns: the names of the columns.
        rows: the number of rows.
    """

    frame: pl.LazyFrame = field(repr=False)
    columns: tuple[str, ...]
    rows: int


def scan(path: Path) -> ParquetScan:
    """Return a Parquet file, or all Parquet files of a folder.

    Raises:
        TableError: it is not a Parquet file, or has duplicate column names.
        OSError: the file cannot be read.
    """
    import polars as pl

    parts = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not parts:
        raise TableError(_EMPTY_FOLDER)
    try:
        frame = pl.scan_parquet(parts, row_index_name=ROW, row_index_offset=1, glob=False)
        names = [name for name in frame.collect_schema().names() if name != ROW]
        rows = int(pl.scan_parquet(parts, glob=False).select(pl.len()).collect().item())
    except pl.exceptions.PolarsError:
        raise TableError(_NO_PARQUET) from None
    columns = {name: normalize_text(name) for name in names}
    if len(set(columns.values())) < len(names):
        raise TableError(_REPEATED)
    own = (pl.col(name).alias(column) for name, column in columns.items())
    return ParquetScan(
        frame.select(pl.col(ROW).cast(pl.Int64), *own), tuple(columns.values()), rows
    )


def cells_as_text(frame: pl.LazyFrame, name: str, numbers: Convention) -> pl.Expr:
    """Return a column as text in a number format."""
    import polars as pl

    dtype = frame.collect_schema()[name]
    text = pl.col(name).cast(pl.String)
    if dtype.is_numeric() and numbers is Convention.VI:
        text = text.str.replace(".", ",", literal=True)
    return text.alias(name)


class ParquetTable(Table):
    """The table of Parquet files as text.

    Args:
        path: the file, or a folder of files.
        numbers: the number format in which numbers are written.
    """

    def __init__(self, path: Path, numbers: Convention) -> None:
        scanned = scan(path)
        self.columns = scanned.columns
        self._frame = scanned.frame.select(
            ROW, *(cells_as_text(scanned.frame, name, numbers) for name in self.columns)
        )

    def __iter__(self) -> Iterator[Row]:
        import polars as pl

        try:
            frame = self._frame.collect(engine="streaming")
        except pl.exceptions.PolarsError:
            raise TableError(_NO_PARQUET) from None
        for number, *values in frame.iter_rows():
            cells = [normalize_text(value or "") for value in values]
            if any(cells):
                yield Row(number, dict(zip(self.columns, cells, strict=True)))


_EMPTY_FOLDER = Text(
    vi="Thư mục không có tệp .parquet nào.",
    en="The folder contains no .parquet files.",
)
_NO_PARQUET = Text(
    vi="Không đọc được dữ liệu Parquet: tệp bị hỏng, hoặc các tệp trong thư mục có các cột khác "
    "nhau.",
    en="Cannot read the Parquet data: the file is damaged, or the files in the folder have "
    "different columns.",
)
_REPEATED = Text(
    vi="Tệp Parquet có hai cột trùng tên (sau khi chuẩn hóa Unicode); hãy đổi tên một cột.",
    en="The Parquet file has duplicate column names (after Unicode normalisation); rename one of "
    "them.",
)
