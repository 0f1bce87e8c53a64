"""Writes tables to files as a stream: CSV, Parquet or XLSX by the extension of the name.

A file appears only when it is complete; until then it has a temporary name in the same folder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from xhht._files import new_file
from xhht.errors import TableError
from xhht.numbers import Convention
from xhht.reporting.xlsx import WorkbookWriter
from xhht.text import Lang, Text

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "FileFormat",
    "FrameSink",
    "Layout",
    "table_file",
    "write_table",
]

FrameSink: TypeAlias = "Callable[[pl.LazyFrame], pl.LazyFrame]"
"""Converts a lazy frame to one that writes its rows when collected."""

_FORMULA = r"^[=+\-@\t\r]"
_NUMBER = r"^[+-]?[0-9]+([.,][0-9]+)*%?$"


class FileFormat(StrEnum):
    """The format of a table file."""

    CSV = ".csv"
    PARQUET = ".parquet"
    XLSX = ".xlsx"

    @classmethod
    def of(cls, path: Path) -> FileFormat:
        """Return the format for the extension of a file; raises TableError if it is unknown."""
        try:
            return cls(path.suffix.lower())
        except ValueError:
            raise TableError(_UNKNOWN_ENDING) from None


@frozen(kw_only=True)
class Layout:
    """The layout of a table in a file; each format uses the options it supports.

    Attributes:
        numbers: the notation of decimals in CSV.
        delimiter: the delimiter of CSV; by default a semicolon for decimal commas, otherwise a
            comma.
        lang: the language of a workbook.
        labels: the column headings of a workbook instead of the column names.
        percents: columns of percentages, shown with their sign in a workbook.
        about: the sources of the table, line by line on a second sheet of a workbook.
        metadata: the same in machine-readable form, in Parquet.
    """

    numbers: Convention = Convention.PLAIN
    delimiter: str | None = None
    lang: Lang = Lang.VI
    labels: Mapping[str, Text] = {}
    percents: Collection[str] = ()
    about: Sequence[Text] = ()
    metadata: Mapping[str, str] = {}


def write_table(
    frame: pl.LazyFrame | pl.DataFrame, path: str | Path, layout: Layout | None = None
) -> None:
    """Write a table to a file, in the format given by its extension.

    CSV is UTF-8 with a byte order mark, and its texts cannot be interpreted as formulas.

    Raises:
        TableError: the extension is unknown, the file cannot be written, or the format cannot
            represent the table.

    >>> import polars as pl, tempfile
    >>> path = Path(tempfile.mkdtemp()) / "units.csv"
    >>> write_table(pl.DataFrame({"area": ["00004"], "note": ["=1+1"]}), path)
    >>> path.read_text("utf-8-sig").split()
    ['area,note', "00004,'=1+1"]
    """
    with table_file(path, layout) as sink:
        sink(frame.lazy()).collect(engine="streaming")


@contextmanager
def table_file(path: str | Path, layout: Layout | None = None) -> Iterator[FrameSink]:
    """Provide a sink that writes a lazy frame to a file; it appears if the block succeeds.

    Raises:
        TableError: as for `write_table`.
    """
    target, look = Path(path), layout or Layout()
    form = FileFormat.of(target)
    books: list[WorkbookWriter] = []
    with new_file(target) as part:

        def sink(frame: pl.LazyFrame) -> pl.LazyFrame:
            if form is FileFormat.PARQUET:
                return frame.sink_parquet(part, lazy=True, metadata=dict(look.metadata) or None)
            if form is FileFormat.CSV:
                return _csv(frame, part, look)
            books.append(_workbook(frame, part, look))
            return frame.sink_batches(books[0].write, lazy=True)

        try:
            yield sink
            for book in books:
                book.close()
        except BaseException:
            for book in books:
                book.abandon()
            raise


def _csv(frame: pl.LazyFrame, path: Path, look: Layout) -> pl.LazyFrame:
    import polars as pl

    schema = frame.collect_schema()
    nested = [name for name, dtype in schema.items() if dtype.is_nested() or dtype == pl.Binary]
    if nested:
        raise TableError(_NESTED)
    comma = look.numbers is Convention.VI
    safe = [_escaped_formulas(name) for name, dtype in schema.items() if _is_text(dtype)]
    return frame.with_columns(*safe).sink_csv(
        path,
        lazy=True,
        include_bom=True,
        check_extension=False,
        separator=look.delimiter or (";" if comma else ","),
        decimal_comma=comma,
    )


def _is_text(dtype: pl.DataType) -> bool:
    import polars as pl

    return dtype in (pl.String, pl.Categorical, pl.Enum)


def _escaped_formulas(name: str) -> pl.Expr:
    """Return a text column that spreadsheets do not interpret as formulas."""
    import polars as pl

    text = pl.col(name).cast(pl.String)
    is_formula = text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER)
    return pl.when(is_formula).then(pl.concat_str(pl.lit("'"), text)).otherwise(text).alias(name)


def _workbook(frame: pl.LazyFrame, path: Path, look: Layout) -> WorkbookWriter:
    return WorkbookWriter(
        path,
        frame.collect_schema(),
        lang=look.lang,
        labels=look.labels,
        percents=look.percents,
        about=look.about,
    )


_UNKNOWN_ENDING = Text(
    vi="Tên tệp kết quả phải có đuôi .csv, .parquet hoặc .xlsx.",
    en="The name of the output file must end with .csv, .parquet or .xlsx.",
)
_NESTED = Text(
    vi="Bảng có cột chứa danh sách hoặc dữ liệu lồng nhau, CSV không hỗ trợ; hãy ghi ra .parquet.",
    en="The table has columns of lists or nested values, which CSV does not support; use .parquet.",
)
