"""Reads `.xlsx` with openpyxl."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from attrs import frozen

from xhht.errors import TableError
from xhht.tables.book import UNCACHED, Book, Cells, Merged, column_letter, sorted_ranges
from xhht.tables.encodings import LEGACY_TEXT, LegacyTexts, TextEncoding
from xhht.text import Text, normalize_text

__all__ = ["OpenpyxlBook"]

_MAX_ROWS = 1_048_576
_MAX_BYTES = 2 * 2**30
_BLOCK, _OVERLAP = 1 << 20, 256
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row ([^>]*?hidden="(?:1|true)"[^>]*)>')
_ROW_NUMBER = re.compile(rb'(?:^| )r="([0-9]+)"')
_LEGACY_FONTS = {".vn": TextEncoding.TCVN3, "vni-": TextEncoding.VNI}


@frozen
class _UnicodeCell:
    """A cell of openpyxl whose text was in a legacy font."""

    value: str
    column: int
    data_type: str = "s"
    has_style: bool = False
    number_format: str = "General"


class OpenpyxlBook(Book):
    """A workbook that openpyxl reads.

    Args:
        path: the file.

    Raises:
        TableError: it is not a readable workbook, or unpacks to more than 2 GiB.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files = ExitStack()
        self._values = self._opened(data_only=True)
        self._formulas: Any = None
        self._parts = {sheet.name: rel.target for sheet, rel in self._values.parser.find_sheets()}
        self._legacy = {code: LegacyTexts(code) for code in _LEGACY_FONTS.values()}
        self._fonts: dict[int, LegacyTexts | None] = {}
        self._sheets: dict[str, Any] = {
            normalize_text(sheet.title): sheet
            for sheet in self._values.wb.worksheets
            if sheet.sheet_state == "visible"
        }
        self.sheets = tuple(self._sheets)
        self.lengths = {title: sheet.max_row or 0 for title, sheet in self._sheets.items()}

    @property
    def notes(self) -> tuple[Text, ...]:
        """Messages on how the rows so far were read."""
        used = (legacy.encoding for legacy in self._legacy.values() if legacy.is_converted)
        return tuple(LEGACY_TEXT.format(encoding=encoding.value) for encoding in used)

    def close(self) -> None:
        """Close the file."""
        self._files.close()

    def _opened(self, *, data_only: bool) -> Any:
        from openpyxl.reader.excel import ExcelReader

        with ExitStack() as files:
            # openpyxl refuses a path whose ending is not of its formats.
            stream = files.enter_context(self._path.open("rb"))
            try:
                reader = ExcelReader(stream, read_only=True, data_only=data_only, keep_links=False)
                files.callback(reader.archive.close)
                if sum(part.file_size for part in reader.archive.infolist()) > _MAX_BYTES:
                    raise TableError(_TOO_LARGE)
                reader.read()
            except (TableError, OSError):
                raise
            except Exception:
                # openpyxl raises many kinds of exceptions for a damaged file.
                raise TableError(_NO_WORKBOOK) from None
            self._files.push(files.pop_all())
        return reader

    def rows(self, title: str) -> Iterator[tuple[int, Cells]]:
        """Yield the number of each row of a sheet and its cells, blank rows included."""
        sheet = self._sheets[title]
        sheet.reset_dimensions()  # some programs write wrong dimensions, which would hide rows
        if self._find(title, _FORMULA):
            yield from self._rows_with_formulas(title, sheet)
            return
        for number, row in _numbered(sheet):
            yield number, self._cells(title, number, row)

    def _rows_with_formulas(self, title: str, sheet: Any) -> Iterator[tuple[int, Cells]]:
        if self._formulas is None:
            self._formulas = self._opened(data_only=False)
        twin = self._formulas.wb[sheet.title]
        twin.reset_dimensions()
        for (number, row), (_, written) in zip(_numbered(sheet), _numbered(twin), strict=True):
            cells = self._cells(title, number, row)
            for value, formula in zip(row, written, strict=True):
                # A formula that gives an empty text has a value of that type, and is blank.
                if formula.data_type == "f" and value.value is None and value.data_type == "n":
                    cells[value.column] = UNCACHED
            yield number, cells

    def _cells(self, title: str, number: int, row: Any) -> dict[int, Any]:
        """Return the cells of a row that are not blank, with texts in legacy fonts as Unicode."""
        cells = {cell.column: cell for cell in row if cell.value is not None}
        for column, cell in cells.items():
            legacy = self._legacy_texts(cell) if cell.data_type == "s" else None
            if legacy is None:
                continue
            text = legacy.unicode(cell.value)
            if text is None:
                place = f"{title}!{column_letter(column)}{number}"
                raise TableError(_LEGACY_FONT.format(cell=place, font=cell.font.name))
            if text != cell.value:
                cells[column] = _UnicodeCell(text, column)
        return cells

    def _legacy_texts(self, cell: Any) -> LegacyTexts | None:
        font = cell.style_array.fontId
        if font not in self._fonts:
            name = str(cell.font.name or "").casefold()
            encodings = (code for begin, code in _LEGACY_FONTS.items() if name.startswith(begin))
            encoding = next(encodings, None)
            self._fonts[font] = None if encoding is None else self._legacy[encoding]
        return self._fonts[font]

    def merged(self, title: str) -> list[Merged]:
        """Return the merged ranges of a sheet, from top to bottom."""
        from openpyxl.utils import column_index_from_string

        ranges = []
        for match in self._find(title, _MERGED):
            left, top, right, bottom = (part.decode() for part in match)
            columns = column_index_from_string(left), column_index_from_string(right)
            ranges.append(Merged(int(top), int(bottom), *columns))
        return sorted_ranges(ranges)

    def hidden_rows(self, title: str) -> frozenset[int]:
        """Return the numbers of the rows of a sheet that are hidden, by hand or by a filter."""
        numbers = (_ROW_NUMBER.search(attributes) for (attributes,) in self._find(title, _HIDDEN))
        return frozenset(int(number[1]) for number in numbers if number)

    def _find(self, title: str, pattern: re.Pattern[bytes]) -> list[tuple[bytes, ...]]:
        """Return the matches of a pattern in the XML of a sheet; without groups, only the first."""
        matches: dict[tuple[bytes, ...], None] = {}
        with self._values.archive.open(self._parts[self._sheets[title].title]) as part:
            tail = b""
            while block := part.read(_BLOCK):
                for match in pattern.finditer(tail + block):
                    matches[match.groups()] = None
                    if not pattern.groups:
                        return list(matches)
                tail = block[-_OVERLAP:]
        return list(matches)


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
