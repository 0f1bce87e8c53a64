"""The sheets of a file as rows of cells, for layouts that have no named columns yet."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from attrs import field, frozen

from xhht.errors import TableError
from xhht.tables.book import UNCACHED, Book, Merged
from xhht.text import Text, normalize_text

__all__ = ["CellSheet", "SheetCells", "open_sheets"]

_DELIMITERS = ";,\t|"
_SAMPLE_LINES = 20
_MAX_BYTES = 256 * 2**20


@frozen
class SheetCells:
    """The cells of a row that are not blank: number of the row, and values and texts by column."""

    number: int
    values: Mapping[int, Any] = field(repr=False)
    texts: Mapping[int, str] = field(repr=False)


@frozen
class CellSheet:
    """One sheet: its name ("" of a CSV file), rows, merged cells and notes on the reading."""

    title: str
    rows: Sequence[SheetCells] = field(repr=False)
    merged: Sequence[Merged] = ()
    notes: tuple[Text, ...] = ()


def open_sheets(path: Path) -> list[CellSheet]:
    """Return the visible sheets of a file.

    Raises:
        TableError: the file is in no known format, or damaged.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    if head.startswith(b"PK"):
        return list(_of_workbook(path))
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(_OLD_WORKBOOK)
    if path.stat().st_size > _MAX_BYTES:
        raise TableError(_TOO_LARGE)
    return [_of_csv(path.read_bytes())]


def _of_workbook(path: Path) -> Iterator[CellSheet]:
    with closing(Book(path)) as book:
        for title in book.sheets:
            rows = []
            uncached = False
            for number, cells in book.rows(title):
                values: dict[int, Any] = {}
                texts: dict[int, str] = {}
                for column, cell in cells.items():
                    if cell is UNCACHED:
                        uncached = True
                        values[column], texts[column] = UNCACHED, "="
                        continue
                    book.require_unicode(title, number, cell)
                    value = cell.value
                    text = normalize_text(value if isinstance(value, str) else str(value))
                    if text:
                        values[column], texts[column] = value, text
                if values:
                    rows.append(SheetCells(number, values, texts))
            notes = (_UNCACHED,) if uncached else ()
            yield CellSheet(title, rows, book.merged(title), notes)


def _of_csv(data: bytes) -> CellSheet:
    text, notes = _decoded(data)
    lines = text.splitlines()
    begin = 0
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        delimiter, begin = lines[0].strip()[4], 1
    else:
        sample = lines[:_SAMPLE_LINES]
        delimiter = max(_DELIMITERS, key=lambda char: _fields(sample, char))
    reader = csv.reader(io.StringIO("\n".join(lines[begin:]), newline=""), delimiter=delimiter)
    rows = []
    number = begin + 1
    for cells in reader:
        texts = {place: normalize_text(cell) for place, cell in enumerate(cells, 1)}
        texts = {place: cell for place, cell in texts.items() if cell}
        if texts:
            rows.append(SheetCells(number, texts, texts))
        number = begin + reader.line_num + 1
    return CellSheet("", rows, (), notes)


def _fields(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
    common = max(widths, key=widths.count, default=0)
    return (widths.count(common) if common > 1 else 0), common


def _decoded(data: bytes) -> tuple[str, tuple[Text, ...]]:
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(name), (_ENCODING.format(name="UTF-16"),)
            except UnicodeDecodeError:
                raise TableError(_NO_TEXT) from None
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        raise TableError(_NO_TEXT) from None
    return text, (_ENCODING.format(name="Windows-1258"),)


_ENCODING = Text(vi="Tệp được đọc theo bảng mã {name}.", en="The file was read as {name}.")
_NO_TEXT = Text(
    vi="Tệp không phải là bảng tính .xlsx, cũng không phải CSV UTF-8, UTF-16 hay Windows-1258; hãy "
    "lưu lại dưới dạng .xlsx.",
    en="The file is neither an .xlsx workbook nor CSV in UTF-8, UTF-16 or Windows-1258; save it as "
    ".xlsx.",
)
_OLD_WORKBOOK = Text(
    vi="Tệp .xls đời cũ, hoặc có mật khẩu; hãy mở bằng Excel và lưu lại dưới dạng .xlsx không mật "
    "khẩu.",
    en="An old .xls file, or one with a password; open it in Excel and save it as .xlsx without a "
    "password.",
)
_TOO_LARGE = Text(
    vi="Tệp CSV lớn hơn 256 MiB; hãy tách nhỏ.",
    en="The CSV file is larger than 256 MiB; split it.",
)
_UNCACHED = Text(
    vi="Có công thức chưa được tính; hãy mở bằng Excel và lưu lại.",
    en="Some formulas have no stored value; open the file in Excel and save it.",
)
