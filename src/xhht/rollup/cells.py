"""Cells that several tables share: days and legal sources; and the error for an invalid cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from xhht.dates import iso_day
from xhht.domain.legal import LegalBasis
from xhht.errors import DomainError, TableError
from xhht.rollup.faults import FaultCode, FileKind
from xhht.text import Text

__all__ = ["CellError", "blank_cell", "parse_day_cell", "parse_source_cell", "require_columns"]


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
