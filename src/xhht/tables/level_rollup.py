"""Reports rolled up to one level of areas, with the rows that do not fit into it."""

from __future__ import annotations

from attrs import frozen

from xhht.domain.areas import AreaLevel
from xhht.issues import RowIssue, RowIssueCode
from xhht.numbers import count_label
from xhht.rollup.reports import Reports
from xhht.rollup.tree import Rollup, rollup
from xhht.tables.areas import AreaTable
from xhht.tables.reader import AREA_HAS_ERRORS
from xhht.text import Text

__all__ = ["LevelRollup", "roll_up_to_level"]


@frozen(kw_only=True)
class LevelRollup:
    """Reports aggregated to one area level, with issues and warnings.

    Attributes:
        result: the areas of the level.
        issues: reports that differ from the sum below them, or are in an area detached by an error.
        warnings: reports that are in no area of the level.
    """

    result: Rollup
    issues: tuple[RowIssue, ...]
    warnings: tuple[Text, ...]


def roll_up_to_level(reports: Reports, area_table: AreaTable, by: AreaLevel) -> LevelRollup:
    """Return the reports aggregated to the areas of a level.

    Args:
        reports: the reports on the areas of the table.
        area_table: the areas, and the errors in their table.
        by: the level.

    Raises:
        RollupError: there is no area at the level, although the table of areas has no errors.
    """
    result = _roll_up(reports, area_table, by)
    issues = [
        RowIssue(
            row=reports.rows[conflict.area.code, conflict.title],
            code=RowIssueCode.PARENT_DIFFERS,
            field=conflict.count.value,
            text=conflict.text,
        )
        for conflict in result.conflicts
    ]
    outside: list[int] = []
    for key in result.not_shown:
        row = reports.rows[key]
        if _is_detached(key[0], area_table):
            code, text = RowIssueCode.FAULTY_AREA, AREA_HAS_ERRORS
            issues.append(RowIssue(row=row, code=code, field="area", text=text))
        else:
            outside.append(row)
    number, first = count_label(len(outside)), min(outside, default=0)
    warning = _OUTSIDE_LEVEL.format(number=number, row=first, level=by.label)
    warnings = (warning,) if outside else ()
    return LevelRollup(result=result, issues=tuple(issues), warnings=warnings)


def _roll_up(reports: Reports, area_table: AreaTable, by: AreaLevel) -> Rollup:
    if area_table.faults and not area_table.tree.at_level(by):
        # The row issues explain the missing areas; an error here would hide them.
        return Rollup(by=by, rows=(), conflicts=(), not_shown=tuple(reports.tallies))
    return rollup(
        reports.tallies, area_table.tree, by=by, titles=reports.titles, subjects=reports.by_subject
    )


def _is_detached(code: str, area_table: AreaTable) -> bool:
    top = (area_table.tree[code], *area_table.tree.ancestors(code))[-1]
    return top.code in area_table.detached


_OUTSIDE_LEVEL = Text(
    vi="{number} báo cáo (dòng đầu tiên: {row}) không nằm trong khu vực nào ở cấp {level} "
    "nên không có trong kết quả.",
    en="Reports excluded because they are in no area at level {level}: {number} "
    "(first row: {row}).",
)
