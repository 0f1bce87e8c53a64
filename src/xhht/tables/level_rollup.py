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
        issues: reports that differ from the sum below them, or are in an area cut off by an error.
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
    cut_off_keys = {key for key in result.not_shown if _is_cut_off(key[0], area_table)}
    rows = [reports.rows[key] for key in result.not_shown if key not in cut_off_keys]
    text = _OUTSIDE_LEVEL.format(
        number=count_label(len(rows)), row=min(rows, default=0), level=by.label
    )
    conflict_issues = [
        RowIssue(
            row=reports.rows[conflict.area.code, conflict.title],
            code=RowIssueCode.PARENT_DIFFERS,
            field=conflict.count.value,
            text=conflict.text,
        )
        for conflict in result.conflicts
    ]
    cut_off_issues = [
        RowIssue(
            row=reports.rows[key], code=RowIssueCode.FAULTY_AREA, field="area", text=AREA_HAS_ERRORS
        )
        for key in result.not_shown
        if key in cut_off_keys
    ]
    warnings = (text,) if rows else ()
    return LevelRollup(result=result, issues=(*conflict_issues, *cut_off_issues), warnings=warnings)


def _roll_up(reports: Reports, area_table: AreaTable, by: AreaLevel) -> Rollup:
    if area_table.faults and not area_table.tree.at_level(by):
        # The row issues explain the missing areas; an error here would hide them.
        return Rollup(by=by, rows=(), conflicts=(), not_shown=tuple(reports.tallies))
    return rollup(
        reports.tallies,
        area_table.tree,
        by=by,
        titles=reports.titles,
        subjects=reports.by_subject,
    )


def _is_cut_off(code: str, area_table: AreaTable) -> bool:
    top = (area_table.tree[code], *area_table.tree.ancestors(code))[-1]
    return top.code in area_table.detached


_OUTSIDE_LEVEL = Text(
    vi="{number} báo cáo (dòng đầu tiên: {row}) không nằm trong khu vực nào ở cấp {level} "
    "nên không có trong kết quả.",
    en="Reports excluded because they are in no area at level {level}: {number} "
    "(first row: {row}).",
)
