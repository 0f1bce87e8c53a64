"""Reads CSV tables as text, as spreadsheets and other programs write them.

Every cell stays text, so codes keep their leading zeros. The reader of the row interprets them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO

from xhht.errors import TableError
from xhht.tables.table import Row, Table
from xhht.text import Text, normalize_text

__all__ = ["NOT_UTF8", "CsvTable", "open_csv", "read_csv_text", "unnamed_columns_warnings"]

_DELIMITERS = ",;\t"
_SAMPLE = 64 * 1024
_NUL = "\0"


class CsvTable(Table):
    """A CSV table; its rows can be iterated once.

    Attributes:
        columns: the normalised names of the header; a name may be empty.
        delimiter: the delimiter of its cells.
        warnings: messages on what was ignored while reading.
    """

    def __init__(self, stream: IO[str]) -> None:
        # Raises TableError if the header is invalid.
        first = stream.readline(_SAMPLE)
        self.delimiter = max(_DELIMITERS, key=first.count)
        self._reader = csv.reader(chain([first], stream), delimiter=self.delimiter, strict=True)
        try:
            header = next(self._reader, [])
        except UnicodeError:
            raise TableError(NOT_UTF8) from None
        except csv.Error:
            raise TableError(_MALFORMED_HEADER) from None
        if any(_NUL in name for name in header):
            raise TableError(_MALFORMED_HEADER)
        self.columns = tuple(normalize_text(name) for name in header)
        if not any(self.columns):
            raise TableError(_NO_HEADER)
        # By position only: without a header the first line is personal data.
        duplicates = [
            str(position)
            for position, name in enumerate(self.columns, 1)
            if name and self.columns.count(name) > 1
        ]
        if duplicates:
            raise TableError(_DUPLICATE_COLUMNS.format(columns=", ".join(duplicates)))
        self._named = [place for place, name in enumerate(self.columns) if name]
        self.warnings = unnamed_columns_warnings(self.columns)

    def __iter__(self) -> Iterator[Row]:
        for number, cells in self.records():
            if cells is None:
                yield Row(number, dict.fromkeys(self.columns, ""), _MALFORMED.format(row=number))
                continue
            values = [normalize_text(cell) for cell in cells]
            has_extra_cells = any(values[len(self.columns) :])
            values += [""] * (len(self.columns) - len(values))
            if not has_extra_cells and not any(map(values.__getitem__, self._named)):
                continue
            yield Row(
                number,
                dict(zip(self.columns, values, strict=False)),
                _TOO_WIDE.format(columns=len(self.columns)) if has_extra_cells else None,
            )

    def records(self) -> Iterator[tuple[int, list[str] | None]]:
        """Yield the number of each row and its raw cells, None if the row is malformed.

        Blank rows are included. Raises TableError at the first bytes that are not UTF-8.
        """
        number = 0
        while True:
            try:
                cells = next(self._reader, None)
                broken = _NUL in "".join(cells or ())
            except UnicodeError:
                raise TableError(NOT_UTF8) from None
            except csv.Error:
                # The reader recovers at the next line, so reading continues.
                cells, broken = [], True
            if cells is None:
                return
            number += 1
            yield number, None if broken else cells


@contextmanager
def open_csv(source: Path | IO[bytes]) -> Iterator[CsvTable]:
    """Open a CSV file as a table: UTF-8 with or without BOM; comma, semicolon or tab.

    Raises:
        TableError: not UTF-8, no header, or duplicate column names.
        OSError: the file cannot be read.
    """
    binary = source.open("rb") if isinstance(source, Path) else source
    try:
        head = binary.peek(4)[:4] if isinstance(binary, io.BufferedReader) else b""
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise TableError(_UTF16)
        if head.startswith(b"PK\x03\x04"):
            raise TableError(_ZIP)
        with io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as stream:
            try:
                table = CsvTable(stream)
            except UnicodeError:
                raise TableError(NOT_UTF8) from None
            yield table
    finally:
        binary.close()


def read_csv_text(text: str) -> CsvTable:
    """Return the table in `text`.

    >>> [row.cells["area"] for row in read_csv_text("area;total\\n00004;12\\n")]
    ['00004']
    """
    return CsvTable(io.StringIO(text.removeprefix("\ufeff"), newline=""))


def unnamed_columns_warnings(columns: Sequence[str]) -> tuple[Text, ...]:
    """Return the warning on columns without a name, which are ignored; empty if there are none.

    >>> [warning.get("en") for warning in unnamed_columns_warnings(["id", ""])]
    ['Columns without a name in the header are ignored: number 2.']
    """
    places = [str(place) for place, name in enumerate(columns, 1) if not name]
    return (_UNNAMED.format(columns=", ".join(places)),) if places else ()


_UNNAMED = Text(
    vi="Bỏ qua các cột không có tên trong dòng tiêu đề: cột thứ {columns}.",
    en="Columns without a name in the header are ignored: number {columns}.",
)
_NO_HEADER = Text(
    vi="Bảng không có dòng tiêu đề; dòng đầu phải là tên các cột.",
    en="The table has no header; the first line must contain the column names.",
)
_DUPLICATE_COLUMNS = Text(
    vi="Tên cột bị trùng ở các cột thứ {columns}; mỗi cột phải có tên riêng.",
    en="Duplicate column names in columns {columns}; give each column its own name.",
)
_TOO_WIDE = Text(
    vi="Dòng có nhiều ô hơn {columns} cột của tiêu đề; vui lòng kiểm tra dấu phân cách.",
    en="The row has more cells than the header (columns: {columns}); check the delimiter.",
)
NOT_UTF8 = Text(
    vi="Tệp không phải UTF-8; vui lòng lưu lại dưới dạng CSV UTF-8.",
    en="The file is not UTF-8; save it as CSV UTF-8.",
)
_UTF16 = Text(
    vi="Tệp ở dạng UTF-16; vui lòng lưu lại dưới dạng CSV UTF-8.",
    en="The file is UTF-16; save it as CSV UTF-8.",
)
_ZIP = Text(
    vi="Đây là bảng tính Excel hoặc tệp nén, không phải CSV; vui lòng lưu dưới dạng CSV UTF-8.",
    en="This is an Excel workbook or an archive, not CSV; save it as CSV UTF-8.",
)
_MALFORMED_HEADER = Text(
    vi="Dòng tiêu đề của bảng không hợp lệ: dấu nháy không đóng, ô quá dài hoặc ký tự NUL.",
    en="The table header is invalid: unclosed quote, overlong cell, or NUL character.",
)
_MALFORMED = Text(
    vi="Dòng {row} của bảng không hợp lệ: dấu nháy không đóng, ô quá dài hoặc ký tự NUL.",
    en="Row {row} of the table is invalid: unclosed quote, overlong cell, or NUL character.",
)
