"""A table of areas read into a tree, faults and all: what is sound is used, the rest is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve, field, frozen

from xhht.domain.area_faults import repadded
from xhht.domain.areas import Area, AreaFault, AreaFaultCode, AreaLevel, AreaTree
from xhht.domain.ids import AreaCode
from xhht.errors import DomainError
from xhht.rollup.cells import CellError, blank_cell, day_in, legal_basis_in, require_columns
from xhht.rollup.counts import count_text
from xhht.rollup.faults import FaultCode, FileKind, RowFault
from xhht.tabular import Row
from xhht.text import Text, match_key

__all__ = ["AREA_COLUMNS", "AreaTable", "read_areas"]

AREA_COLUMNS = ("code", "name", "level", "parent")
"""The columns that a table of areas must have; `valid_from`, `valid_to`, `source` may follow."""

_UNUSABLE = (AreaFaultCode.DUPLICATE_CODE, AreaFaultCode.CYCLE)


@frozen(kw_only=True)
class AreaTable:
    """A tree of areas, and what was wrong with the table it was read from.

    Attributes:
        tree: the sound areas. One whose parent is missing or faulty stands at the top.
        faults: in the order of rows.
        left_out: codes that are not in the tree because their own rows cannot be used.
        cut_off: codes at the top of the tree only because of a fault.
        rows: the row of each area of the tree, by code and `valid_from`.
        warnings: what was read otherwise than written.
    """

    tree: AreaTree
    faults: tuple[RowFault, ...]
    left_out: frozenset[str]
    cut_off: frozenset[str]
    rows: Mapping[tuple[str, date], int] = field(repr=False)
    warnings: tuple[Text, ...]

    def on(self, day: date) -> AreaTable:
        """Return the same with the tree of one day; DomainError as by `AreaTree.on`."""
        return evolve(self, tree=self.tree.on(day))


def read_areas(columns: Sequence[str], rows: Iterable[Row]) -> AreaTable:
    """Return the areas that a table lists.

    A parent that differs from one code above it only by lost zeros means that area, with a
    warning; where several fit, or none, it is unknown.

    Args:
        columns: the header, with code, name, level and parent; if areas of several days are
            listed, also valid_from, and valid_to, the first day on which it no longer is so; and
            if wanted source, the document that made it so.
        rows: one row an area; a blank parent stands at the top; a level is an identifier or its
            Vietnamese name; a blank day is no limit.

    Raises:
        TableError: columns are missing.

    >>> from xhht.tabular import read_csv_text
    >>> table = read_csv_text("code,name,level,parent\\n60,Bình Thuận,province,VN\\n")
    >>> found = read_areas(table.columns, table)
    >>> [str(fault.code) for fault in found.faults], [area.code for area in found.tree]
    (['unknown_parent'], ['60'])
    """
    require_columns(columns, AREA_COLUMNS, FileKind.AREAS)
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
    areas, repadded_rows = _with_parents_found(areas, numbers)
    found = AreaTree.check(areas)
    faults.extend(_row_fault(fault, numbers[fault.index]) for fault in found)
    unusable = {fault.index for fault in found if fault.code in _UNUSABLE}
    left_out.update(areas[index].code for index in unusable)
    usable = [index for index in range(len(areas)) if index not in unusable]
    kept, cut_off = _cut([areas[index] for index in usable])
    return AreaTable(
        tree=AreaTree(kept),
        faults=tuple(sorted(faults, key=lambda fault: fault.row)),
        left_out=frozenset(left_out),
        cut_off=cut_off,
        rows={(areas[index].code, areas[index].valid_from): numbers[index] for index in usable},
        warnings=tuple(_zeros_lost(repadded_rows)),
    )


def _with_parents_found(
    areas: Sequence[Area], numbers: Sequence[int]
) -> tuple[list[Area], list[int]]:
    """Return the areas, parents that lost their zeros replaced, and the rows of these."""
    by_code: dict[str, list[Area]] = {}
    for area in areas:
        by_code.setdefault(area.code, []).append(area)
    found: list[Area] = []
    rows: list[int] = []
    for area, number in zip(areas, numbers, strict=True):
        if area.parent is not None and area.parent not in by_code:
            parent = repadded(area.parent, by_code, below=area.level)
            if parent is not None:
                rows.append(number)
                area = evolve(area, parent=parent.code)
        found.append(area)
    return found, rows


def _zeros_lost(rows: Sequence[int]) -> Iterator[Text]:
    if rows:
        yield _ZEROS_LOST.format(number=count_text(len(rows)), row=rows[0])


def _cut(areas: Sequence[Area]) -> tuple[list[Area], frozenset[AreaCode]]:
    """Return the areas, cut off from parents that cannot be used, and the codes cut off."""
    loose = {fault.index for fault in AreaTree.check(areas)}
    kept = [
        evolve(area, parent=None) if index in loose else area for index, area in enumerate(areas)
    ]
    return kept, frozenset(areas[index].code for index in loose)


def _area(row: Row) -> Area | RowFault:
    cells = row.cells
    if row.fault is not None:
        return _fault(row.number, FaultCode.BROKEN_ROW, None, row.fault)
    blank = next((name for name in ("code", "name", "level") if not cells[name]), None)
    if blank is not None:
        return _fault(row.number, FaultCode.MISSING, blank, blank_cell(blank))
    level = _LEVELS.get(match_key(cells["level"]))
    if level is None:
        return _fault(row.number, FaultCode.UNKNOWN_LEVEL, "level", _UNKNOWN_LEVEL)
    try:
        return Area(
            code=AreaCode(cells["code"]),
            name=cells["name"],
            level=level,
            parent=AreaCode(cells["parent"]) if cells["parent"] else None,
            valid_from=day_in(cells, "valid_from") or date.min,
            valid_to=day_in(cells, "valid_to"),
            legal_basis=legal_basis_in(cells),
        )
    except CellError as error:
        return _fault(row.number, error.code, error.field, error.text)
    except DomainError as error:
        return _fault(row.number, FaultCode.INVALID_AREA, None, error.text)


def _row_fault(fault: AreaFault, row: int) -> RowFault:
    return _fault(row, FaultCode(fault.code.value), fault.field, fault.text)


def _fault(row: int, code: FaultCode, field: str | None, text: Text) -> RowFault:
    return RowFault(row=row, code=code, field=field, text=text, file=FileKind.AREAS)


_LEVELS = {match_key(name): level for level in AreaLevel for name in (level.value, level.label.vi)}
_UNKNOWN_LEVEL = Text(
    vi="Không có cấp này; hãy dùng một trong: {levels}.",
    en="There is no such level; use one of: {levels}.",
).format(
    levels=Text(
        vi=", ".join(f"{level.value} ({level.label.vi})" for level in AreaLevel),
        en=", ".join(AreaLevel),
    )
)
_ZEROS_LOST = Text(
    vi="{number} dòng của bảng khu vực có mã cấp trên (parent) chỉ khác mã (code) của khu vực đó ở "
    "các số 0 ở đầu, nên được coi là cùng một mã (dòng đầu tiên: {row}); hãy lưu các cột mã dưới "
    "dạng văn bản.",
    en="{number} rows of the table of areas have a parent that differs from that area's code only "
    "by leading zeros; it was taken for the same code (first row: {row}). Save the columns of "
    "codes as text.",
)
