"""Cells that several tables share: days and legal sources; and the error for an invalid cell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from xhht.dates import iso_day
from xhht.domain.areas import AreaTree
from xhht.domain.legal import LegalBasis
from xhht.errors import DomainError, TableError
from xhht.issues import FaultCode, FileKind
from xhht.numbers import count_label
from xhht.tables.csv import Row
from xhht.text import Text


class CellError(Exception):
    """An invalid cell; the readers of tables turn it into a row fault."""

    def __init__(self, code: FaultCode, field: str | None, text: Text) -> None:
        super().__init__(text.en)
        self.code = code
        self.field = field
        self.text = text


def require_columns(columns: Sequence[str], required: Iterable[str], file: FileKind) -> None:
    """Raise TableError if a table lacks required columns."""
    missing = [name for name in required if name not in columns]
    if missing:
        raise TableError(_MISSING_COLUMNS.format(table=file.label, columns=", ".join(missing)))


def blank_cell(column: str) -> Text:
    """Return the message for a required cell that is blank."""
    return _BLANK.format(field=column)


def parse_day_cell(cells: Mapping[str, str], column: str) -> date | None:
    """Return the day in a column, None where it is blank or there is no such column."""
    text = cells.get(column, "")
    if not text:
        return None
    try:
        return iso_day(text)
    except ValueError:
        raise CellError(FaultCode.NOT_A_DAY, column, _NOT_A_DAY.format(field=column)) from None


def parse_source_cell(cells: Mapping[str, str]) -> LegalBasis | None:
    """Return the document that the column `source` cites, None where it is blank or missing.

    A web address may follow the citation.

    >>> basis = parse_source_cell({"source": "202/2025/QH15 https://example.org/nq202"})
    >>> basis.document, basis.source
    ('202/2025/QH15', 'https://example.org/nq202')
    """
    text = cells.get("source", "")
    if not text:
        return None
    address = _ADDRESS.search(text)
    citation = _ADDRESS.sub(" ", text)
    try:
        return LegalBasis.parse(citation, source=address[0] if address else None)
    except DomainError as error:
        message = _BAD_SOURCE.format(fault=error.text)
        raise CellError(FaultCode.INVALID_SOURCE, "source", message) from None


_ADDRESS = re.compile(r"https?://\S+")


_MISSING_COLUMNS = Text(
    vi="{table} thiếu cột bắt buộc: {columns}.", en="{table} lacks required columns: {columns}."
)


_BLANK = Text(
    vi="Ô {field} bắt buộc nhưng để trống; hãy bổ sung.",
    en="The cell {field} is required but blank; fill it in.",
)


_NOT_A_DAY = Text(
    vi="Ô {field} không phải là ngày hợp lệ; hãy viết như 2025-07-01, hoặc để trống.",
    en="The cell {field} is not a valid date; write it as 2025-07-01, or leave it blank.",
)


_BAD_SOURCE = Text(
    vi="Ô source: {fault} Ví dụ: 1671/NQ-UBTVQH15 ngày 16/6/2025.",
    en="The cell source: {fault} For example: 1671/NQ-UBTVQH15 ngày 16/6/2025.",
)


class AreaResolver:
    """Finds the area that a row names, also where leading zeros were lost."""

    def __init__(self, tree: AreaTree, left_out: Collection[str]) -> None:
        self._tree = tree
        self._left_out = left_out
        self._codes: dict[str, str | None] = {}
        self._repadded: list[int] = []

    def code(self, row: Row, column: str = "area") -> str:
        """Return the code in a column as it is in the tree; raises CellError."""
        cell = row.cells[column]
        if not cell:
            raise CellError(FaultCode.MISSING, column, blank_cell(column))
        if cell in self._tree:
            return cell
        if cell not in self._codes:
            area = self._tree.find_repadded(cell)
            self._codes[cell] = area.code if area else None
        code = self._codes[cell]
        if code is not None:
            self._repadded.append(row.number)
            return code
        if cell in self._left_out:
            raise CellError(FaultCode.FAULTY_AREA, column, AREA_HAS_ERRORS)
        raise CellError(FaultCode.UNKNOWN_AREA, column, _UNKNOWN_AREA)

    def warnings(self) -> tuple[Text, ...]:
        """Return warnings about values that were not read as written."""
        if not self._repadded:
            return ()
        return (leading_zeros_warning(len(self._repadded), self._repadded[0]),)


def leading_zeros_warning(rows: int, first: int) -> Text:
    """Return the warning about codes whose leading zeros were restored."""
    return _REPADDED.format(number=count_label(rows), row=first)


_UNKNOWN_AREA = Text(
    vi="Mã khu vực không có trong bảng khu vực, hoặc không có hiệu lực vào ngày được chọn; hãy "
    "kiểm tra mã và các số 0 ở đầu.",
    en="The area code is not in the table of areas, or is not valid on the selected day; check the "
    "code and its leading zeros.",
)


AREA_HAS_ERRORS = Text(
    vi="Chưa được cộng vì khu vực có lỗi trong bảng khu vực; hãy sửa bảng đó trước.",
    en="Excluded because of an error in the table of areas; fix that table first.",
)


_REPADDED = Text(
    vi="{number} dòng có mã khu vực chỉ khác bảng khu vực ở các số 0 ở đầu, nên được coi là cùng "
    "một mã (dòng đầu tiên: {row}); hãy lưu cột mã của cả hai bảng dưới dạng văn bản.",
    en="Rows whose area code differs from the table of areas only by leading zeros: {number} "
    "(first row: {row}). They are treated as the same code. Save the code columns of both tables "
    "as text.",
)
