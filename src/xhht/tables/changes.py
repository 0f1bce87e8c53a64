"""A table of changes between areas: valid rows are used, invalid rows are reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import field, frozen

from xhht.domain.area_changes import AreaChange, ChangeKind
from xhht.domain.area_checks import ChangeFault
from xhht.domain.concordance import Concordance
from xhht.domain.people import AreaCode
from xhht.errors import DomainError
from xhht.issues import FaultCode, FileKind, RowFault
from xhht.tables.areas import AreaTable
from xhht.tables.reader import (
    CellError,
    blank_cell,
    parse_day_cell,
    parse_source_cell,
    require_columns,
)
from xhht.tables.table import Row
from xhht.text import Text, match_key

__all__ = ["CHANGE_COLUMNS", "ChangeTable", "read_changes"]

CHANGE_COLUMNS = ("from", "to", "effective", "kind")
"""The columns that a table of changes must have; `source` may follow."""


@frozen(kw_only=True)
class ChangeTable:
    """The changes that a table lists, and the errors in its rows.

    Attributes:
        changes: the valid ones, in the order of rows.
        faults: in the order of rows.
        rows: the row of each change.
    """

    changes: tuple[AreaChange, ...]
    faults: tuple[RowFault, ...]
    rows: tuple[int, ...] = field(repr=False)

    def check(self, areas: AreaTable) -> tuple[RowFault, ...]:
        """Return inconsistencies between changes and areas, by row of either table."""
        issues = Concordance.check(self.changes, areas.tree)
        return tuple(self._row_fault(fault, areas) for fault in issues)

    def concordance(self, areas: AreaTable) -> Concordance:
        """Return the concordance of the two tables; DomainError where they are inconsistent."""
        return Concordance(self.changes, areas.tree)

    def _row_fault(self, fault: ChangeFault, areas: AreaTable) -> RowFault:
        code = FaultCode(fault.code.value)
        if fault.index is not None:
            column = _COLUMNS.get(fault.field, fault.field)
            return _fault(self.rows[fault.index], code, column, fault.text)
        area = fault.area
        row = areas.rows.get((area.code, area.valid_from), 0) if area is not None else 0
        return RowFault(row=row, code=code, field=fault.field, text=fault.text, file=FileKind.AREAS)


def read_changes(columns: Sequence[str], rows: Iterable[Row]) -> ChangeTable:
    """Return the changes that a table lists.

    Args:
        columns: the header, with from, to, effective and kind, and optionally source, the document
            that made the change.
        rows: one row per change: the code on the day before, the code from that day, the day, and
            the kind, an identifier or its Vietnamese name.

    Raises:
        TableError: columns are missing.

    >>> from xhht.tables.csv import read_csv_text
    >>> table = read_csv_text("from,to,effective,kind\\n22915,22918,2025-07-01,nhập toàn bộ\\n")
    >>> read_changes(table.columns, table).changes[0].kind.value
    'merged_whole'
    """
    require_columns(columns, CHANGE_COLUMNS, FileKind.CHANGES)
    changes: list[AreaChange] = []
    numbers: list[int] = []
    faults: list[RowFault] = []
    for row in rows:
        change = _change(row)
        if isinstance(change, RowFault):
            faults.append(change)
        else:
            changes.append(change)
            numbers.append(row.number)
    return ChangeTable(changes=tuple(changes), faults=tuple(faults), rows=tuple(numbers))


def _change(row: Row) -> AreaChange | RowFault:
    cells = row.cells
    if row.fault is not None:
        return _fault(row.number, FaultCode.BROKEN_ROW, None, row.fault)
    blank = next((name for name in CHANGE_COLUMNS if not cells[name]), None)
    if blank is not None:
        return _fault(row.number, FaultCode.MISSING, blank, blank_cell(blank))
    kind = _KINDS.get(match_key(cells["kind"]))
    if kind is None:
        return _fault(row.number, FaultCode.UNKNOWN_KIND, "kind", _UNKNOWN_KIND)
    try:
        effective = parse_day_cell(cells, "effective")
        assert effective is not None
        return AreaChange(
            from_code=AreaCode(cells["from"]),
            to_code=AreaCode(cells["to"]),
            effective=effective,
            kind=kind,
            legal_basis=parse_source_cell(cells),
        )
    except CellError as error:
        return _fault(row.number, error.code, error.field, error.text)
    except DomainError as error:
        return _fault(row.number, FaultCode.INVALID_CHANGE, None, error.text)


def _fault(row: int, code: FaultCode, field: str | None, text: Text) -> RowFault:
    return RowFault(row=row, code=code, field=field, text=text, file=FileKind.CHANGES)


_COLUMNS = {"from_code": "from", "to_code": "to"}
_KINDS = {match_key(name): kind for kind in ChangeKind for name in (kind.value, kind.label.vi)}
_UNKNOWN_KIND = Text(
    vi="Loại biến động không hợp lệ; hãy dùng một trong: {kinds}.",
    en="Unknown kind of change; use one of: {kinds}.",
).format(kinds=", ".join(ChangeKind))
