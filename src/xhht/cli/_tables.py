"""Counts aggregated to one area level, and JSON output shared by the commands on counts."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from xhht.domain.areas import Area, AreaLevel
from xhht.domain.titles import Title
from xhht.issues import RowIssue, RowIssueCode
from xhht.rollup.counts import Count, count_text
from xhht.rollup.rates import Rate
from xhht.rollup.reports import Reports
from xhht.rollup.tally import Tally
from xhht.rollup.tree import AreaRollup, Coverage, Rollup, rollup
from xhht.tables._reader import AREA_HAS_ERRORS
from xhht.tables.areas import AreaTable
from xhht.text import Text


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
    """Return the reports aggregated to the areas of a level."""
    result = _roll_up(reports, area_table, by)
    cut_off_keys = {key for key in result.not_shown if _is_cut_off(key[0], area_table)}
    rows = [reports.rows[key] for key in result.not_shown if key not in cut_off_keys]
    text = _OUTSIDE_LEVEL.format(
        number=count_text(len(rows)), row=min(rows, default=0), level=by.label
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


def area_json(area: Area) -> dict[str, Any]:
    """Return an area for JSON."""
    return {"area": area.code, "name": area.name, "level": area.level.value}


def tally_json(area: Area, title: Title, tally: Tally) -> dict[str, Any]:
    """Return an area's counts of one title for JSON."""
    counts = tally.counts()
    return {
        **area_json(area),
        "title": title.value,
        **{count.value: counts.get(count) for count in Count},
    }


def coverage_json(coverage: Coverage) -> dict[str, int]:
    """Return how many leaf areas are covered, for JSON."""
    return {"reported": coverage.reported, "expected": coverage.expected}


def rollup_json(row: AreaRollup) -> dict[str, Any]:
    """Return the aggregate of an area for one title, for JSON."""
    return {
        **tally_json(row.area, row.title, row.tally),
        "coverage": coverage_json(row.coverage),
        "rates": {denominator.value: _rate_json(rate) for denominator, rate in row.rates.items()},
        "recognised_by_level": dict(sorted(row.tally.levels.items())),
    }


def _rate_json(rate: Rate) -> dict[str, Any]:
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "percent": rate.percent,
        "percent_min": rate.percent_min,
        "percent_max": rate.percent_max,
    }


_OUTSIDE_LEVEL = Text(
    vi="{number} báo cáo (dòng đầu tiên: {row}) không nằm trong khu vực nào ở cấp {level} "
    "nên không có trong kết quả.",
    en="Reports excluded because they are in no area at level {level}: {number} "
    "(first row: {row}).",
)
