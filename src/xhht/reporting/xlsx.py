"""Writes XLSX with real numbers and their formats, codes as text, and a frozen header.

Rows are streamed, so memory use does not grow with the table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from xhht.errors import TableError
from xhht.labels import RESULTS, SOURCE
from xhht.render import display_width
from xhht.text import Lang, Text

if TYPE_CHECKING:
    import polars as pl

__all__ = ["FONT", "HEADER_FORMAT", "WorkbookWriter"]

_MAX_ROWS = 1_048_576
_MAX_EXACT = 10**15
FONT = {"font_name": "Times New Roman", "font_size": 12}
HEADER_FORMAT = {
    "bold": True,
    "text_wrap": True,
    "valign": "vcenter",
    "bottom": 1,
    "bg_color": "#E7EFEF",
}
_MIN_WIDTH, _MAX_WIDTH = 8, 60

_Write: TypeAlias = Callable[[int, int, Any], int]
"""Writes a value to a row and column; returns 0 on success."""


class WorkbookWriter:
    """Writes one table to a workbook, with its sources on a second sheet.

    Args:
        path: the file; complete after `close`.
        schema: the columns and their types.
        lang: the language of the sheets' names and of `about`.
        labels: column headings instead of the column names.
        percents: columns of percentages, shown with their sign.
        about: the sources of the table, line by line.
    """

    def __init__(
        self,
        path: Path,
        schema: pl.Schema,
        *,
        lang: Lang = Lang.VI,
        labels: Mapping[str, Text] | None = None,
        percents: Collection[str] = (),
        about: Sequence[Text] = (),
    ) -> None:
        import xlsxwriter

        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "tmpdir": str(path.parent),  # personal data must not go to a shared folder
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "default_format_properties": dict(FONT),
            },
        )
        self._lang, self._about = lang, about
        self._sheet = self._book.add_worksheet(RESULTS.get(lang))
        self._percents = frozenset(percents)
        self._headers = [
            labels[name].get(lang) if labels and name in labels else name for name in schema
        ]
        self._writers = [self._writer(name, dtype) for name, dtype in schema.items()]
        self._rows = 0
        self._is_full = self._is_cut = self._is_closed = False

    def write(self, frame: pl.DataFrame) -> bool:
        """Append rows; return whether the sheet is full."""
        if not self._rows:
            self._begin(frame)
        for row in frame.iter_rows():
            if self._rows >= _MAX_ROWS:
                self._is_full = True
                return True
            for at, (value, write) in enumerate(zip(row, self._writers, strict=True)):
                if value is not None and write(self._rows, at, value):
                    self._is_cut = True
            self._rows += 1
        return False

    def close(self) -> None:
        """Finish the file; raises TableError if rows or texts did not fit."""
        if not self._rows:
            self._begin(None)
        if self._about:
            self._write_about()
        self._is_closed = True
        self._book.close()
        if self._is_full:
            raise TableError(_TOO_LONG)
        if self._is_cut:
            raise TableError(_TEXT_TOO_LONG)

    def abandon(self) -> None:
        """Discard an incomplete file and its temporary files."""
        if not self._is_closed:
            with suppress(Exception):  # what failed before may fail again
                self._book.close()

    def _begin(self, first: pl.DataFrame | None) -> None:
        """Write the header; the column widths fit the header and the first rows."""
        head = first.head(200).rows() if first is not None else []
        self._sheet.freeze_panes(1, 0)
        look = self._book.add_format({**FONT, **HEADER_FORMAT})
        for at, header in enumerate(self._headers):
            texts = (header, *(str(row[at]) for row in head if row[at] is not None))
            width = max(map(display_width, texts)) + 3
            self._sheet.set_column(at, at, min(max(width, _MIN_WIDTH), _MAX_WIDTH))
            self._sheet.write_string(0, at, header, look)
        self._rows = 1

    def _writer(self, name: str, dtype: pl.DataType) -> _Write:
        import polars as pl

        sheet = self._sheet
        text = self._format("@")
        if name in self._percents:
            share = self._format("0.00%")
            return lambda row, at, value: sheet.write_number(row, at, float(value / 100), share)
        if dtype == pl.Boolean:
            return lambda row, at, value: sheet.write_boolean(row, at, value)
        if dtype == pl.Date:
            day = self._format("dd/mm/yyyy")
            return lambda row, at, value: sheet.write_datetime(row, at, value, day)
        if dtype.is_numeric():
            number = self._format(_number_format(dtype))

            def write(row: int, at: int, value: int | float | Decimal) -> int:
                # A workbook stores 15 digits of a number, and neither infinities nor NaN.
                if -_MAX_EXACT < value < _MAX_EXACT:
                    return int(sheet.write_number(row, at, float(value), number))
                return int(sheet.write_string(row, at, str(value), text))

            return write
        return lambda row, at, value: sheet.write_string(row, at, str(value), text)

    def _format(self, number_format: str) -> Any:
        return self._book.add_format({**FONT, "num_format": number_format})

    def _write_about(self) -> None:
        sheet = self._book.add_worksheet(SOURCE.get(self._lang))
        sheet.set_column(0, 0, 100)
        for row, line in enumerate(self._about):
            sheet.write_string(row, 0, line.get(self._lang), self._format("@"))


def _number_format(dtype: pl.DataType) -> str:
    import polars as pl

    if dtype.is_float():
        return "General"
    places: int = dtype.scale if isinstance(dtype, pl.Decimal) else 0
    return f"#,##0.{'0' * places}" if places else "#,##0"


_TOO_LONG = Text(
    vi="Bảng vượt quá 1.048.576 dòng của một trang tính Excel; hãy ghi ra .csv hoặc .parquet.",
    en="The table exceeds the 1,048,576 rows of an Excel sheet; use .csv or .parquet.",
)
_TEXT_TOO_LONG = Text(
    vi="Bảng có văn bản vượt quá 32.767 ký tự của một ô Excel; hãy ghi ra .csv hoặc .parquet.",
    en="The table has texts that exceed the 32,767 characters of an Excel cell; use .csv or "
    ".parquet.",
)
