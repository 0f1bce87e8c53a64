"""XLSX as officials use it: real numbers with their formats, codes as text, a header that stays.

Rows are written as they come, so a long table needs no memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from xhht.errors import TableError
from xhht.reporting.tables import display_width
from xhht.text import Lang, Text

if TYPE_CHECKING:
    import polars as pl

__all__ = ["FONT", "HEADER", "WorkbookWriter"]

_MOST_ROWS = 1_048_576
_MOST_DIGITS = 10**15
FONT = {"font_name": "Times New Roman", "font_size": 12}
HEADER = {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "bg_color": "#E7EFEF"}
_NARROWEST, _WIDEST = 8, 60

_Write: TypeAlias = Callable[[int, int, Any], int]
"""Writes a value into a row and column; gives 0 where it found place."""


class WorkbookWriter:
    """Writes one table into a workbook, and on a second sheet what it rests on.

    Args:
        path: the file; it is there once `close` was called.
        schema: the columns and their types.
        lang: the language of the sheets' names and of `about`.
        labels: what to write above columns in place of their names.
        percents: columns of percentages, which are shown with their sign.
        about: what the table rests on, line by line.
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
                "tmpdir": str(path.parent),  # rows may be personal data; they go nowhere else
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "default_format_properties": dict(FONT),
            },
        )
        self._lang, self._about = lang, about
        self._sheet = self._book.add_worksheet(_TABLE.in_(lang))
        self._percents = frozenset(percents)
        self._headers = [
            labels[name].in_(lang) if labels and name in labels else name for name in schema
        ]
        self._writers = [self._writer(name, dtype) for name, dtype in schema.items()]
        self._rows = 0
        self._is_full = self._is_cut = self._is_closed = False

    def write(self, frame: pl.DataFrame) -> bool:
        """Write rows below those before; tell whether there is no place for more."""
        if not self._rows:
            self._begin(frame)
        for row in frame.iter_rows():
            if self._rows >= _MOST_ROWS:
                self._is_full = True
                return True
            for at, (value, write) in enumerate(zip(row, self._writers, strict=True)):
                if value is not None and write(self._rows, at, value):
                    self._is_cut = True
            self._rows += 1
        return False

    def close(self) -> None:
        """Finish the file; raises TableError when something found no place in it."""
        if not self._rows:
            self._begin(None)
        if self._about:
            self._tell()
        self._is_closed = True
        self._book.close()
        if self._is_full:
            raise TableError(_TOO_LONG)
        if self._is_cut:
            raise TableError(_TEXT_TOO_LONG)

    def abandon(self) -> None:
        """Leave no trace of rows beside the file, which is not whole."""
        if not self._is_closed:
            with suppress(Exception):  # what failed before may fail again
                self._book.close()

    def _begin(self, first: pl.DataFrame | None) -> None:
        """Write the header; columns are as wide as it and the first rows ask for."""
        head = first.head(200).rows() if first is not None else []
        self._sheet.freeze_panes(1, 0)
        look = self._book.add_format({**FONT, **HEADER})
        for at, header in enumerate(self._headers):
            texts = (header, *(str(row[at]) for row in head if row[at] is not None))
            width = max(map(display_width, texts)) + 3
            self._sheet.set_column(at, at, min(max(width, _NARROWEST), _WIDEST))
            self._sheet.write_string(0, at, header, look)
        self._rows = 1

    def _writer(self, name: str, dtype: pl.DataType) -> _Write:
        import polars as pl

        sheet = self._sheet
        text = self._look("@")
        if name in self._percents:
            share = self._look("0.00%")
            return lambda row, at, value: sheet.write_number(row, at, float(value / 100), share)
        if dtype == pl.Boolean:
            return lambda row, at, value: sheet.write_boolean(row, at, value)
        if dtype == pl.Date:
            day = self._look("dd/mm/yyyy")
            return lambda row, at, value: sheet.write_datetime(row, at, value, day)
        if dtype.is_numeric():
            number = self._look(_number_format(dtype))

            def write(row: int, at: int, value: int | float | Decimal) -> int:
                # A workbook keeps 15 digits of a number, and neither infinities nor NaN.
                if -_MOST_DIGITS < value < _MOST_DIGITS:
                    return int(sheet.write_number(row, at, float(value), number))
                return int(sheet.write_string(row, at, str(value), text))

            return write
        return lambda row, at, value: sheet.write_string(row, at, str(value), text)

    def _look(self, number_format: str) -> Any:
        return self._book.add_format({**FONT, "num_format": number_format})

    def _tell(self) -> None:
        sheet = self._book.add_worksheet(_ABOUT.in_(self._lang))
        sheet.set_column(0, 0, 100)
        for row, line in enumerate(self._about):
            sheet.write_string(row, 0, line.in_(self._lang), self._look("@"))


def _number_format(dtype: pl.DataType) -> str:
    import polars as pl

    if dtype.is_float():
        return "General"
    places: int = dtype.scale if isinstance(dtype, pl.Decimal) else 0
    return f"#,##0.{'0' * places}" if places else "#,##0"


_TABLE = Text(vi="Kết quả", en="Results")
_ABOUT = Text(vi="Nguồn", en="Source")
_TOO_LONG = Text(
    vi="Một trang Excel chỉ có 1.048.576 dòng, không đủ cho bảng này; hãy ghi ra .csv hoặc "
    ".parquet.",
    en="A sheet of Excel has 1,048,576 rows, too few for this table; write .csv or .parquet.",
)
_TEXT_TOO_LONG = Text(
    vi="Bảng có văn bản dài hơn 32.767 ký tự, một ô Excel không chứa hết; hãy ghi ra .csv hoặc "
    ".parquet.",
    en="The table has texts of more than 32,767 characters, too long for a cell of Excel; write "
    ".csv or .parquet.",
)
