"""A table of areas read into a tree, faults and all: what is sound is used, the rest is named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import evolve, frozen

from xhht.domain.areas import Area, AreaFault, AreaFaultCode, AreaLevel, AreaTree
from xhht.domain.ids import AreaCode
from xhht.errors import DomainError, TableError
from xhht.rollup.faults import FaultCode, FileKind, RowFault
from xhht.tabular import Row
from xhht.text import Text, match_key

__all__ = ["AREA_COLUMNS", "AreaTable", "read_areas"]

AREA_COLUMNS = ("code", "name", "level", "parent")
"""The columns of a table of areas."""

_UNUSABLE = (AreaFaultCode.DUPLICATE_CODE, AreaFaultCode.CYCLE)


@frozen(kw_only=True)
class AreaTable:
    """A tree of areas, and what was wrong with the table it was read from.

    Attributes:
        tree: the sound areas. One whose parent is missing or faulty stands at the top.
        faults: in the order of rows.
        left_out: codes that are not in the tree because their own rows cannot be used.
        cut_off: codes at the top of the tree only because of a fault.
    """

    tree: AreaTree
    faults: tuple[RowFault, ...]
    left_out: frozenset[str]
    cut_off: frozenset[str]


def read_areas(columns: Sequence[str], rows: Iterable[Row]) -> AreaTable:
    """Return the areas that a table lists.

    Args:
        columns: the header, with code, name, level and parent.
        rows: one row an area; a blank parent stands at the top; a level is an identifier or its
            Vietnamese name.

    Raises:
        TableError: columns are missing.

    >>> from xhht.tabular import read_csv_text
    >>> table = read_csv_text("code,name,level,parent\\n60,Bình Thuận,province,VN\\n")
    >>> found = read_areas(table.columns, table)
    >>> [fault.code.value for fault in found.faults], [area.code for area in found.tree]
    (['unknown_parent'], ['60'])
    """
    missing = [name for name in AREA_COLUMNS if name not in columns]
    if missing:
        raise TableError(_MISSING_COLUMNS.format(columns=", ".join(missing)))
    areas: list[Area] = []
    numbers: list[int] = []
    faults: list[RowFault] = []
    left_out: set[str] = set()
    for row in rows:
        area = _area(row)
        if isinstance(area, RowFault):
            faults.append(area)
            left_out.add(row.cells["code"])
        else:
            areas.append(area)
            numbers.append(row.number)
    found = AreaTree.check(areas)
    faults.extend(_row_fault(fault, numbers[fault.index]) for fault in found)
    unusable = {fault.index for fault in found if fault.code in _UNUSABLE}
    left_out.update(areas[index].code for index in unusable)
    loose = {fault.index for fault in found} - unusable
    kept, cut_off = _cut(areas, unusable, loose)
    return AreaTable(
        tree=AreaTree(kept),
        faults=tuple(sorted(faults, key=lambda fault: fault.row)),
        left_out=frozenset(left_out),
        cut_off=frozenset(cut_off),
    )


def _cut(
    areas: Sequence[Area], unusable: set[int], loose: set[int]
) -> tuple[list[Area], set[AreaCode]]:
    """Return the usable areas, cut off from parents that are not, and the codes cut off."""
    codes = {area.code for index, area in enumerate(areas) if index not in unusable}
    kept: list[Area] = []
    cut_off: set[AreaCode] = set()
    for index, area in enumerate(areas):
        if index in unusable:
            continue
        if index in loose or (area.parent is not None and area.parent not in codes):
            cut_off.add(area.code)
            area = evolve(area, parent=None)
        kept.append(area)
    return kept, cut_off


def _area(row: Row) -> Area | RowFault:
    cells = row.cells
    if row.fault is not None:
        return _fault(row.number, FaultCode.BROKEN_ROW, None, row.fault)
    blank = next((name for name in ("code", "name", "level") if not cells[name]), None)
    if blank is not None:
        return _fault(row.number, FaultCode.MISSING, blank, _BLANK.format(field=blank))
    level = _LEVELS.get(match_key(cells["level"]))
    if level is None:
        return _fault(row.number, FaultCode.UNKNOWN_LEVEL, "level", _UNKNOWN_LEVEL)
    try:
        return Area(
            code=AreaCode(cells["code"]),
            name=cells["name"],
            level=level,
            parent=AreaCode(cells["parent"]) if cells["parent"] else None,
        )
    except DomainError as error:
        return _fault(row.number, FaultCode.INVALID_AREA, None, error.text)


def _row_fault(fault: AreaFault, row: int) -> RowFault:
    return _fault(row, FaultCode(fault.code.value), fault.field, fault.text)


def _fault(row: int, code: FaultCode, field: str | None, text: Text) -> RowFault:
    return RowFault(row=row, code=code, field=field, text=text, file=FileKind.AREAS)


_LEVELS = {match_key(name): level for level in AreaLevel for name in (level.value, level.label.vi)}
_MISSING_COLUMNS = Text(
    vi="Bảng khu vực thiếu cột: {columns}.",
    en="The table of areas lacks the columns: {columns}.",
)
_BLANK = Text(vi="Ô {field} để trống.", en="The cell {field} is blank.")
_UNKNOWN_LEVEL = Text(
    vi="Không có cấp này; hãy dùng một trong: {levels}.",
    en="There is no such level; use one of: {levels}.",
).format(levels=", ".join(AreaLevel))
