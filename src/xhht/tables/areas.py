"""A table of areas read into a tree: valid rows are used, invalid rows are reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import evolve, field, frozen

from xhht.dates import day_text
from xhht.domain.area_checks import find_by_repadded_code
from xhht.domain.area_words import LEVEL_WORDS_HINT, levels_named
from xhht.domain.areas import OFFICIAL_WIDTHS, Area, AreaLevel, AreaTree
from xhht.domain.concordance import Concordance
from xhht.domain.people import AreaCode
from xhht.errors import TableError
from xhht.issues import FileKind, RowIssue, RowIssueCode
from xhht.numbers import count_label
from xhht.tables.area_layouts import HEADINGS, plain_rows
from xhht.tables.reader import CellError, RowCells, RowReader
from xhht.tables.table import Row, TableFormat
from xhht.text import Text

__all__ = ["AREAS", "AreaTable", "read_areas"]

AREAS = TableFormat(
    file=FileKind.AREAS,
    required=("code", "name", "level", "parent"),
    optional=("valid_from", "valid_to", "source", *HEADINGS),
    filled=("code", "name", "level"),
    key="code",
)
"""The columns of a table of areas."""

_UNUSABLE = (RowIssueCode.DUPLICATE_CODE, RowIssueCode.CYCLE)


@frozen(kw_only=True)
class AreaTable:
    """A tree of areas, and the errors in the table it was read from.

    Attributes:
        tree: the valid areas. An area whose parent is missing or invalid is a root.
        faults: in the order of rows.
        excluded: codes that are not in the tree because their own rows are invalid.
        detached: codes that are roots of the tree only because of an error.
        rows: the row of each area of the tree, by code and `valid_from`.
        warnings: values that were not read as written.
        changes: the changes between its areas, for readers that look for old names.
    """

    tree: AreaTree
    faults: tuple[RowIssue, ...]
    excluded: frozenset[str]
    detached: frozenset[str]
    rows: Mapping[tuple[str, date], int] = field(repr=False)
    warnings: tuple[Text, ...]
    changes: Concordance | None = field(default=None, repr=False)

    def on(self, day: date) -> AreaTable:
        """Return the same with the tree of one day; DomainError as by `AreaTree.on`."""
        return evolve(self, tree=self.tree.on(day))

    def of_one_day(self, day: date | None = None) -> AreaTable:
        """Return the areas of one day.

        Args:
            day: the day; required if the table has areas of several days.

        Raises:
            TableError: no area is valid on the day, or the table has areas of several days.
        """
        if day is None:
            if not self.tree.has_common_day:
                raise TableError(_SEVERAL_DAYS)
            return self
        table = self.on(day)
        if not len(table.tree) and not table.faults:
            raise TableError(_NO_AREAS.format(day=day_text(day)))
        return table


def read_areas(columns: Sequence[str], rows: Iterable[Row]) -> AreaTable:
    """Return the areas that a table lists.

    A parent that differs from a code of a higher level only by lost leading zeros is read as that
    code, with a warning; where several codes match, or none, the parent is unknown.

    Args:
        columns: the header, with code, name, level and parent; if areas of several days are
            listed, also valid_from, and valid_to, the first day on which the row no longer holds;
            optionally source, the document that established the area. Or the layout of the
            statistics office: pairs of columns with name and code of province, district and
            commune.
        rows: one row per area; an area with a blank parent is a root; a level is an identifier or
            a Vietnamese word for the kind of area, such as `Thị trấn`; a blank day is no limit.

    Raises:
        TableError: columns are missing.

    >>> from xhht.tables.csv import read_csv_text
    >>> table = read_csv_text("code,name,level,parent\\n60,Bình Thuận,province,VN\\n")
    >>> areas = read_areas(table.columns, table)
    >>> [str(fault.code) for fault in areas.faults], [area.code for area in areas.tree]
    (['unknown_parent'], ['60'])
    """
    columns, rows, notes = plain_rows(columns, rows)
    reader = RowReader(AREAS, columns, invalid=RowIssueCode.INVALID_AREA)
    areas: list[Area] = []
    numbers: list[int] = []
    excluded: set[str] = set()
    for row in rows:
        area = reader.parse(row, _parse_area)
        if area is None:
            excluded.add(row.cells.get("code", ""))
        else:
            areas.append(area)
            numbers.append(row.number)
    areas, repadded_rows = _restore_parent_codes(areas, numbers)
    issues = AreaTree.check(areas)
    for issue in issues:
        reader.report(numbers[issue.index], issue.code, issue.field, issue.text)
    unusable = {issue.index for issue in issues if issue.code in _UNUSABLE}
    excluded.update(areas[index].code for index in unusable)
    valid = [index for index in range(len(areas)) if index not in unusable]
    attached, detached = _detach_orphans([areas[index] for index in valid])
    return AreaTable(
        tree=AreaTree(attached),
        faults=reader.sorted_issues(),
        excluded=frozenset(excluded),
        detached=detached,
        rows={(areas[index].code, areas[index].valid_from): numbers[index] for index in valid},
        warnings=(*notes, *_repadding_warnings(repadded_rows)),
    )


def _restore_parent_codes(
    areas: Sequence[Area], numbers: Sequence[int]
) -> tuple[list[Area], list[int]]:
    """Return the areas with lost leading zeros of parents restored, and the rows concerned."""
    by_code: dict[str, list[Area]] = {}
    for area in areas:
        by_code.setdefault(area.code, []).append(area)
    restored: list[Area] = []
    rows: list[int] = []
    for area, number in zip(areas, numbers, strict=True):
        if area.parent is not None and area.parent not in by_code:
            parent = find_by_repadded_code(area.parent, by_code, below=area.level)
            if parent is not None:
                rows.append(number)
                area = evolve(area, parent=parent.code)
        restored.append(area)
    return restored, rows


def _repadding_warnings(rows: Sequence[int]) -> tuple[Text, ...]:
    if not rows:
        return ()
    return (_PARENTS_REPADDED.format(number=count_label(len(rows)), row=rows[0]),)


def _detach_orphans(areas: Sequence[Area]) -> tuple[list[Area], frozenset[AreaCode]]:
    """Return the areas without links to invalid parents, and the codes of those detached."""
    orphans = {issue.index for issue in AreaTree.check(areas)}
    detached = [
        evolve(area, parent=None) if index in orphans else area for index, area in enumerate(areas)
    ]
    return detached, frozenset(areas[index].code for index in orphans)


def _parse_area(cells: RowCells) -> Area:
    parent = cells.optional_text("parent")
    return Area(
        code=AreaCode(cells.text("code")),
        name=cells.text("name"),
        level=_level(cells, parent),
        parent=None if parent is None else AreaCode(parent),
        valid_from=cells.optional_day("valid_from") or date.min,
        valid_to=cells.optional_day("valid_to"),
        legal_basis=cells.source(),
    )


def _level(cells: RowCells, parent: str | None) -> AreaLevel:
    levels = levels_named(cells.text("level"))
    if len(levels) == 1:
        return levels[0]
    if not levels:
        raise CellError(RowIssueCode.UNKNOWN_LEVEL, "level", _UNKNOWN_LEVEL)
    # A city is a province or part of one: its place in the table decides, if anything does.
    width = len(cells.text("code")) if cells.text("code").isdecimal() else 0
    if parent is None and 0 < width <= OFFICIAL_WIDTHS[AreaLevel.PROVINCE]:
        return AreaLevel.PROVINCE
    if parent is None and width == OFFICIAL_WIDTHS[AreaLevel.DISTRICT]:
        return AreaLevel.DISTRICT
    if parent is not None and not parent.isdecimal():
        return AreaLevel.PROVINCE
    if parent is not None and len(parent) <= OFFICIAL_WIDTHS[AreaLevel.PROVINCE]:
        return AreaLevel.DISTRICT
    raise CellError(RowIssueCode.UNKNOWN_LEVEL, "level", _WHICH_CITY)


_UNKNOWN_LEVEL = Text(
    vi="Cấp khu vực không hợp lệ; hãy dùng một trong: {levels}.",
    en="Unknown area level; use one of: {levels}.",
).format(levels=LEVEL_WORDS_HINT)
_WHICH_CITY = Text(
    vi="Chưa rõ thành phố thuộc cấp nào; hãy viết “thành phố trực thuộc trung ương” (province) "
    "hoặc “thành phố thuộc tỉnh” (district).",
    en="The level of the city is not clear; write “thành phố trực thuộc trung ương” (province) or "
    "“thành phố thuộc tỉnh” (district).",
)
_PARENTS_REPADDED = Text(
    vi="{number} dòng của bảng khu vực có mã cấp trên (parent) chỉ khác mã (code) của khu vực đó ở "
    "các số 0 ở đầu, nên được coi là cùng một mã (dòng đầu tiên: {row}); hãy lưu các cột mã dưới "
    "dạng văn bản.",
    en="Rows of the table of areas whose parent differs from an area code only by leading zeros: "
    "{number} (first row: {row}). They are treated as the same code. Save the code columns as "
    "text.",
)
_NO_AREAS = Text(
    vi="Bảng khu vực không có khu vực nào vào ngày {day}.",
    en="The table of areas has no areas on {day}.",
)
_SEVERAL_DAYS = Text(
    vi="Bảng khu vực có khu vực của nhiều thời kỳ; hãy nêu ngày cần lấy, ví dụ --on 2025-07-01.",
    en="The table lists areas of several periods; give a date, such as --on 2025-07-01.",
)
