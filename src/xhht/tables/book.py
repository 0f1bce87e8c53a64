"""An open XLSX workbook: rows of cells, merged ranges, formulas without a value, old fonts.

openpyxl reads it. Faster readers report neither number formats nor fonts, which are needed to
recognise percentages and legacy-encoded texts.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, TypeAlias

from attrs import frozen

from xhht.errors import TableError
from xhht.text import Text, normalize_text

__all__ = ["UNCACHED", "Book", "Cells", "Merged", "column_letter"]

Cells: TypeAlias = Mapping[int, Any]
"""The cells of a row that are not blank, by the number of their column, from 1."""

UNCACHED: Final = object()
"""Placeholder for a formula whose value is not stored in the file."""

_MAX_ROWS = 1_048_576
_MAX_BYTES = 2 * 2**30
_BLOCK, _OVERLAP = 1 << 20, 256
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row ([^>]*?hidden="(?:1|true)"[^>]*)>')
_ROW_NUMBER = re.compile(rb'(?:^| )r="([0-9]+)"')
_LEGACY_FONTS = (".vn", "vni-")


@frozen
class Merged:
    """A range of merged cells, by its rows and columns."""

    top: int
    bottom: int
    left: int
    right: int


class Book:
    """A workbook, open for reading.

    Args:
        path: the file.

    Attributes:
        sheets: the visible worksheets by name.
        lengths: the declared number of rows of each; 0 if undeclared.

    Raises:
        TableError: it is not a readable workbook, or unpacks to more than 2 GiB.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = _opened(path, data_only=True)
        self._formulas: Any = None
        self._parts = {sheet.name: rel.target for sheet, rel in self._values.parser.find_sheets()}
        self._fonts: dict[int, str | None] = {}
        self.sheets: Mapping[str, Any] = {
            normalize_text(sheet.title): sheet
            for sheet in self._values.wb.worksheets
            if sheet.sheet_state == "visible"
        }
        self.lengths = {title: sheet.max_row or 0 for title, sheet in self.sheets.items()}

    def close(self) -> None:
        """Close the file."""
        for reader in filter(None, (self._values, self._formulas)):
            reader.archive.close()

    def rows(self, title: str) -> Generator[tuple[int, Cells], None, None]:
        """Yield the number of each row of a sheet and its cells, blank rows included."""
        sheet = self.sheets[title]
        sheet.reset_dimensions()  # some programs write wrong dimensions, which would hide rows
        if self._find(title, _FORMULA):
            yield from self._rows_with_formulas(sheet)
            return
        for number, row in _numbered(sheet):
            yield number, {cell.column: cell for cell in row if cell.value is not None}

    def _rows_with_formulas(self, sheet: Any) -> Iterator[tuple[int, Cells]]:
        if self._formulas is None:
            self._formulas = _opened(self._path, data_only=False)
        twin = self._formulas.wb[sheet.title]
        twin.reset_dimensions()
        for (number, row), (_, written) in zip(_numbered(sheet), _numbered(twin), strict=True):
            cells = {cell.column: cell for cell in row if cell.value is not None}
            for value, formula in zip(row, written, strict=True):
                # A formula that gives an empty text has a value of that type, and is blank.
                if formula.data_type == "f" and value.value is None and value.data_type == "n":
                    cells[value.column] = UNCACHED
            yield number, cells

    def merged(self, title: str) -> list[Merged]:
        """Return the merged ranges of a sheet, from top to bottom."""
        from openpyxl.utils import column_index_from_string

        ranges = []
        for match in self._find(title, _MERGED):
            left, top, right, bottom = (part.decode() for part in match)
            columns = column_index_from_string(left), column_index_from_string(right)
            ranges.append(Merged(int(top), int(bottom), *columns))
        return sorted(ranges, key=lambda merged: (merged.top, merged.left))

    def hidden_rows(self, title: str) -> frozenset[int]:
        """Return the numbers of the rows of a sheet that are hidden, by hand or by a filter."""
        numbers = (_ROW_NUMBER.search(attributes) for (attributes,) in self._find(title, _HIDDEN))
        return frozenset(int(number[1]) for number in numbers if number)

    def require_unicode(self, title: str, row: int, cell: Any) -> None:
        """Raise TableError for legacy-encoded text, in a font such as `.VnTime` or `VNI-Times`."""
        font = self._legacy_font(cell)
        if font is not None:
            place = f"{title}!{column_letter(cell.column)}{row}"
            raise TableError(_LEGACY_FONT.format(cell=place, font=font))

    def _legacy_font(self, cell: Any) -> str | None:
        if cell.data_type != "s":
            return None
        font = cell.style_array.fontId
        if font not in self._fonts:
            name = str(cell.font.name or "")
            self._fonts[font] = name if name.casefold().startswith(_LEGACY_FONTS) else None
        return self._fonts[font]

    def _find(self, title: str, pattern: re.Pattern[bytes]) -> list[tuple[bytes, ...]]:
        """Return the matches of a pattern in the XML of a sheet; without groups, only the first."""
        matches: dict[tuple[bytes, ...], None] = {}
        with self._values.archive.open(self._parts[self.sheets[title].title]) as part:
            tail = b""
            while block := part.read(_BLOCK):
                for match in pattern.finditer(tail + block):
                    matches[match.groups()] = None
                    if not pattern.groups:
                        return list(matches)
                tail = block[-_OVERLAP:]
        return list(matches)


def column_letter(number: int) -> str:
    """Return the letters of a column by its number, from 1."""
    from openpyxl.utils import get_column_letter

    letters: str = get_column_letter(number)
    return letters


def _opened(path: Path, *, data_only: bool) -> Any:
    from openpyxl.reader.excel import ExcelReader

    with ExitStack() as unread:
        try:
            reader = ExcelReader(path, read_only=True, data_only=data_only, keep_links=False)
            unread.callback(reader.archive.close)
            if sum(part.file_size for part in reader.archive.infolist()) > _MAX_BYTES:
                raise TableError(_TOO_LARGE)
            reader.read()
        except (TableError, OSError):
            raise
        except Exception:
            # openpyxl raises many kinds of exceptions for a damaged file.
            raise TableError(_NO_WORKBOOK) from None
        unread.pop_all()
    return reader


def _numbered(sheet: Any) -> Iterator[tuple[int, Any]]:
    rows = enumerate(sheet.rows, 1)
    while True:
        try:
            number, row = next(rows)
        except StopIteration:
            return
        except Exception:
            raise TableError(_NO_WORKBOOK) from None
        if number > _MAX_ROWS:
            raise TableError(_NO_WORKBOOK)
        yield number, row


_NO_WORKBOOK = Text(
    vi="Không đọc được bảng tính: tệp bị hỏng, hoặc không phải .xlsx; hãy mở bằng Excel và lưu "
    "lại dưới dạng .xlsx.",
    en="Cannot read the workbook: it is damaged or not an .xlsx file; open it in Excel and save "
    "it as .xlsx.",
)
_TOO_LARGE = Text(
    vi="Bảng tính lớn hơn 2 GiB khi giải nén; hãy lưu dưới dạng CSV UTF-8 hoặc Parquet.",
    en="The workbook is larger than 2 GiB when unpacked; save it as UTF-8 CSV or Parquet.",
)
_LEGACY_FONT = Text(
    vi="Ô {cell} dùng phông chữ {font}, không phải Unicode; hãy chuyển bảng tính sang Unicode "
    "(phông Times New Roman) rồi chạy lại.",
    en="Cell {cell} uses the legacy font {font}, which is not Unicode; convert the workbook to "
    "Unicode (Times New Roman) and run again.",
)
