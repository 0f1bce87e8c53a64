"""Reads `.xls`, `.xlsb`, `.ods` and Strict Open XML with calamine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from attrs import frozen

from xhht.errors import TableError
from xhht.tables.book import Book, Cells, Merged, sorted_ranges
from xhht.tables.encodings import LEGACY_TEXT, LegacyTexts, find_text_encoding
from xhht.text import Text, normalize_text

__all__ = ["CalamineBook"]

_MAX_BYTES = 256 * 2**20
"""calamine keeps a whole sheet in memory."""


@frozen
class _Cell:
    """A cell as openpyxl describes it; its format is unknown."""

    value: Any
    column: int
    data_type: str
    has_style: bool = False
    number_format: str = "General"


class CalamineBook(Book):
    """A workbook that calamine reads.

    Args:
        path: the file.

    Raises:
        TableError: it is damaged, or larger than 256 MiB, also when unpacked.
    """

    def __init__(self, path: Path) -> None:
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        if _unpacked_size(path) > _MAX_BYTES:
            raise TableError(_TOO_LARGE)
        self._book: Any = _guarded(CalamineWorkbook.from_path, str(path))
        self._names = {
            normalize_text(sheet.name): sheet.name
            for sheet in self._book.sheets_metadata
            if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
        }
        self._loaded: dict[str, Any] = {}
        self._rows: dict[str, list[list[Any]]] = {}
        self._legacy: dict[str, LegacyTexts | None] = {}
        self.sheets = tuple(self._names)
        self.lengths: Mapping[str, int] = dict.fromkeys(self.sheets, 0)

    @property
    def notes(self) -> tuple[Text, ...]:
        """Messages on how the rows so far were read."""
        used = dict.fromkeys(legacy.encoding for legacy in self._legacy.values() if legacy)
        return (_LESS_KNOWN, *(LEGACY_TEXT.format(encoding=encoding.value) for encoding in used))

    def close(self) -> None:
        """Close the file."""
        self._book.close()

    def rows(self, title: str) -> Iterator[tuple[int, Cells]]:
        """Yield the number of each row of a sheet and its cells, blank rows included."""
        if title not in self._rows:
            self._load(title)
        rows, legacy = self._rows[title], self._legacy[title]
        for number, values in enumerate(rows, 1):
            cells = {}
            for column, value in enumerate(values, 1):
                if value == "":
                    continue
                if isinstance(value, str):
                    text = None if legacy is None else legacy.unicode(value)
                    cells[column] = _Cell(value if text is None else text, column, "s")
                else:
                    cells[column] = _Cell(value, column, "n")
            yield number, cells

    def _load(self, title: str) -> None:
        """Load the rows of a sheet once: they are read for the header, and again for the table."""
        rows = _guarded(self._sheet(title).to_python, skip_empty_area=False)
        texts = (cell for cell in chain.from_iterable(rows) if isinstance(cell, str))
        encoding = find_text_encoding(texts)
        self._legacy[title] = None if encoding is None else LegacyTexts(encoding, is_certain=True)
        self._rows[title] = rows

    def merged(self, title: str) -> list[Merged]:
        """Return the merged ranges of a sheet, from top to bottom; none if they are unknown."""
        ranges = self._sheet(title).merged_cell_ranges or ()
        return sorted_ranges(
            Merged(top + 1, bottom + 1, left + 1, right + 1)
            for (top, left), (bottom, right) in ranges
        )

    def hidden_rows(self, title: str) -> frozenset[int]:
        """Return no rows: calamine does not tell which are hidden."""
        return frozenset()

    def _sheet(self, title: str) -> Any:
        if title not in self._loaded:
            self._loaded[title] = _guarded(self._book.get_sheet_by_name, self._names[title])
        return self._loaded[title]


def _guarded(call: Any, *arguments: Any, **options: Any) -> Any:
    """Call calamine; damaged files make it raise several exceptions, panics among them."""
    try:
        return call(*arguments, **options)
    except (OSError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of Rust is no Exception
        raise TableError(_DAMAGED) from None


def _unpacked_size(path: Path) -> int:
    try:
        with ZipFile(path) as archive:
            return sum(part.file_size for part in archive.infolist())
    except BadZipFile:
        return path.stat().st_size


_DAMAGED = Text(
    vi="Không đọc được bảng tính: tệp bị hỏng; hãy mở bằng Excel và lưu lại dưới dạng .xlsx.",
    en="Cannot read the workbook: it is damaged; open it in Excel and save it as .xlsx.",
)
_TOO_LARGE = Text(
    vi="Bảng tính lớn hơn 256 MiB; hãy lưu dưới dạng .xlsx hoặc CSV UTF-8.",
    en="The workbook is larger than 256 MiB; save it as .xlsx or UTF-8 CSV.",
)
_LESS_KNOWN = Text(
    vi="Bảng tính không ở dạng .xlsx thông thường, nên không nhận biết được dòng ẩn, ô lỗi công "
    "thức (đọc như ô trống) và định dạng phần trăm; nếu có, hãy lưu dưới dạng .xlsx.",
    en="The workbook is not a plain .xlsx, so hidden rows, error values (read as blank) and "
    "percent formats are not recognised; if it has some, save it as .xlsx.",
)
