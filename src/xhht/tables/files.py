"""Opens a table in a file, whatever its format: CSV, a workbook or Parquet."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path
from typing import IO, assert_never

from xhht.errors import TableError
from xhht.numbers import Convention
from xhht.tables.csv import open_csv
from xhht.tables.excluded import RowFilter, RowShape
from xhht.tables.table import Row, Table, TableFormat
from xhht.text import Text

__all__ = ["SourceFormat", "is_binary", "missing_extra_text", "open_table", "source_format"]

_WORKBOOK, _OLD_WORKBOOK, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"


class SourceFormat(Enum):
    """The format of a file with a table."""

    CSV = auto()
    WORKBOOK = auto()
    PARQUET = auto()


def is_binary(path: Path) -> bool:
    """Return whether a file is a workbook or Parquet, or a folder of Parquet; raises OSError."""
    if path.is_dir():
        return any(path.glob("*.parquet"))
    return _head(path) in (_WORKBOOK, _OLD_WORKBOOK, _PARQUET)


def source_format(path: Path, sheet: str | None = None) -> SourceFormat:
    """Return the format of a file, by its content.

    Args:
        path: the file, or a folder of Parquet files.
        sheet: the sheet to read, if one was chosen.

    Raises:
        TableError: a file that has no sheets. What a workbook is, its reader says.
        OSError: the file cannot be opened.
    """
    if path.is_dir():
        return SourceFormat.PARQUET
    head = _head(path)
    if head in (_OLD_WORKBOOK, _WORKBOOK):
        return SourceFormat.WORKBOOK
    if sheet is not None:
        raise TableError(_NO_SHEETS)
    return SourceFormat.PARQUET if head == _PARQUET else SourceFormat.CSV


@contextmanager
def open_table(
    source: Path | IO[bytes],
    form: TableFormat,
    *,
    numbers: Convention = Convention.PLAIN,
    sheet: str | None = None,
) -> Iterator[Table]:
    """Open the table in a file.

    Every cell is text: numbers of a workbook or of Parquet are written in the format `numbers`,
    and days as 2025-07-01. The header of a workbook may be below titles.

    Args:
        source: the file, or a folder of Parquet files; a stream is CSV.
        form: the columns of the table.
        numbers: the number format of the table.
        sheet: the sheet of a workbook; if omitted, the only one that has a header.

    Raises:
        TableError: the file cannot be read as a table, or a library for its format is missing.
        OSError: the file cannot be opened.

    >>> import tempfile
    >>> from xhht.tables.weights import WEIGHTS
    >>> path = Path(tempfile.mkdtemp()) / "weights.csv"
    >>> _ = path.write_text("from,to,weight\\n00004,00007,12\\n", "utf-8")
    >>> with open_table(path, WEIGHTS) as table:
    ...     [row.cells["weight"] for row in table]
    ['12']
    """
    if isinstance(source, Path) and source.is_dir() and not is_binary(source):
        raise IsADirectoryError(errno.EISDIR, "no Parquet files in the directory", str(source))
    kind = source_format(source, sheet) if isinstance(source, Path) else SourceFormat.CSV
    if kind is SourceFormat.CSV or not isinstance(source, Path):
        with open_csv(source, form.columns) as csv_table:
            yield FilteredTable(csv_table, form, numbers)
        return
    try:
        table = _open_binary(source, kind, form, numbers, sheet)
    except ModuleNotFoundError as error:
        raise TableError(missing_extra_text(error)) from None
    yield FilteredTable(table, form, numbers)


class FilteredTable(Table):
    """A table without its totals, headings, notes and numbers of columns.

    Attributes:
        warnings: also the messages on these rows, once all rows are read.
    """

    def __init__(self, table: Table, form: TableFormat, numbers: Convention) -> None:
        self.columns, self._table = table.columns, table
        key = form.key if form.key in table.columns else None
        data = [name for name in form.columns if name != key]
        counts = [name for name in table.columns if name in form.counts]
        shape = RowShape(columns=table.columns, data=data, counts=counts, id=key, numbers=numbers)
        self._filter = None if form.key is None else RowFilter(shape)

    @property
    def warnings(self) -> tuple[Text, ...]:  # type: ignore[override]
        """Messages on what was ignored, so far."""
        return (*self._table.warnings, *(self._filter.notes if self._filter else ()))

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows that are not blank and not excluded."""
        return iter(self._table) if self._filter is None else self._filter.subjects(self._table)


def _open_binary(
    path: Path, kind: SourceFormat, form: TableFormat, numbers: Convention, sheet: str | None
) -> Table:
    match kind:
        case SourceFormat.WORKBOOK:
            from xhht.tables.workbook import TableRequest, WorkbookTable, open_sheet

            wanted = TableRequest(
                inputs=form.data,
                codes=frozenset(form.columns).difference(form.data),
                numbers=numbers,
                percents=form.percents,
                expected=frozenset(form.columns),
            )
            with open_sheet(path, wanted, sheet) as reader:
                return WorkbookTable(reader)
        case SourceFormat.PARQUET:
            from xhht.tables.parquet import ParquetTable

            return ParquetTable(path, numbers)
        case SourceFormat.CSV:
            raise AssertionError
        case other:
            assert_never(other)


def missing_extra_text(error: ModuleNotFoundError) -> Text:
    """Return the message for an optional library that is not installed.

    >>> error = ModuleNotFoundError(name="openpyxl")
    >>> missing_extra_text(error).get("en")
    "This needs an extra: pip install 'xhht[excel]'."
    """
    return _NEEDS_EXTRA.format(extra=_EXTRAS.get((error.name or "").partition(".")[0], "frames"))


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(4)


_NO_SHEETS = Text(
    vi="Chỉ bảng tính mới có trang (sheet); hãy bỏ tùy chọn đó.",
    en="Only workbooks have sheets; omit that option.",
)
_EXTRAS = {
    "openpyxl": "excel",
    "python_calamine": "excel",
    "xlsxwriter": "excel",
    "jinja2": "report",
    "duckdb": "duckdb",
    "pyarrow": "pandas",
    "ibis": "postgres",
    "psycopg": "postgres",
    "z3": "prove",
}
_NEEDS_EXTRA = Text(
    vi="Việc này cần cài thêm: pip install 'xhht[{extra}]'.",
    en="This needs an extra: pip install 'xhht[{extra}]'.",
)
