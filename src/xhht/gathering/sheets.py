"""The sheets of a file as rows of cells, for layouts that have no named columns yet."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from attrs import field, frozen

from xhht.errors import TableError
from xhht.tables.book import UNCACHED, Book, Merged
from xhht.tables.books import open_book
from xhht.tables.csv import MalformedRow, read_csv_rows
from xhht.tables.files import SourceFormat, missing_extra_text, source_format
from xhht.tables.workbook import hidden_rows_note
from xhht.text import Text, normalize_text

__all__ = ["CellSheet", "SheetCells", "open_sheets"]

_MOST_ROWS = 200_000
_MOST_CELLS = 5_000_000


@frozen
class SheetCells:
    """The cells of a row that are not blank: number of the row, and values and texts by column."""

    number: int
    values: Mapping[int, Any] = field(repr=False)
    texts: Mapping[int, str] = field(repr=False)


@frozen
class CellSheet:
    """One sheet.

    Attributes:
        title: its name; "" of a CSV file.
        rows: its rows that are not blank.
        merged: its merged cells.
        notes: messages on how it was read.
        faults: messages on rows that cannot be read.
    """

    title: str
    rows: Sequence[SheetCells] = field(repr=False)
    merged: Sequence[Merged] = ()
    notes: tuple[Text, ...] = ()
    faults: tuple[Text, ...] = ()


def open_sheets(path: Path) -> list[CellSheet]:
    """Return the visible sheets of a file.

    Raises:
        TableError: no table, damaged, too large, or a library for its format is missing.
        OSError: the file cannot be read.
    """
    match source_format(path):
        case SourceFormat.WORKBOOK:
            try:
                return list(_of_workbook(path))
            except ModuleNotFoundError as error:
                raise TableError(missing_extra_text(error)) from None
        case SourceFormat.PARQUET:
            raise TableError(_PARQUET)
        case SourceFormat.CSV:
            return [_of_csv(path)]


def _of_workbook(path: Path) -> Iterator[CellSheet]:
    with warnings.catch_warnings():
        # openpyxl warns of features that it drops, such as drop-down lists; they hold no data.
        warnings.simplefilter("ignore")
        with closing(open_book(path)) as book:
            for title in book.sheets:
                yield _of_sheet(book, title)


def _of_sheet(book: Book, title: str) -> CellSheet:
    rows, hidden = [], book.hidden_rows(title)
    size, is_uncached = 0, False
    for number, cells in book.rows(title):
        values: dict[int, Any] = {}
        texts: dict[int, str] = {}
        for column, cell in cells.items():
            if cell is UNCACHED:
                is_uncached = True
                values[column], texts[column] = UNCACHED, "="
                continue
            value = cell.value
            text = normalize_text(value if isinstance(value, str) else str(value))
            if text:
                values[column], texts[column] = value, text
        if values:
            rows.append(SheetCells(number, values, texts))
            size += len(values)
            _require_size(rows, size)
    hidden_read = [row.number for row in rows if row.number in hidden]
    notes = [*book.notes, *([_UNCACHED] if is_uncached else [])]
    if hidden_read:
        notes.append(hidden_rows_note(title, hidden_read))
    return CellSheet(title, rows, book.merged(title), tuple(notes))


def _of_csv(path: Path) -> CellSheet:
    rows, faults = [], []
    size = 0
    with read_csv_rows(path) as (records, notes):
        for number, cells in records:
            if isinstance(cells, MalformedRow):
                faults.append(cells.text(number))
                continue
            texts = {column: normalize_text(cell) for column, cell in enumerate(cells, 1)}
            texts = {column: text for column, text in texts.items() if text}
            if texts:
                rows.append(SheetCells(number, texts, texts))
                size += len(texts)
                _require_size(rows, size)
    return CellSheet("", rows, (), notes, tuple(faults))


def _require_size(rows: Sequence[SheetCells], size: int) -> None:
    if len(rows) > _MOST_ROWS or size > _MOST_CELLS:
        raise TableError(_TOO_LARGE)


_PARQUET = Text(
    vi="Tệp Parquet không phải biểu của cơ quan; hãy đọc bằng lệnh rollup.",
    en="A Parquet file is no form of an office; read it with rollup.",
)
_TOO_LARGE = Text(
    vi="Trang có hơn 200.000 dòng hoặc 5 triệu ô; hãy tách nhỏ.",
    en="The sheet has more than 200,000 rows or 5 million cells; split it.",
)
_UNCACHED = Text(
    vi="Có công thức chưa được tính; hãy mở bằng Excel và lưu lại.",
    en="Some formulas have no stored value; open the file in Excel and save it.",
)
