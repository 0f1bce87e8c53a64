"""Options, inputs and JSON output shared by the commands on areas and counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar

import click
from attrs import frozen

from xhht.cli._common import STDIN, fail, open_table, print_text, with_progress
from xhht.dates import day_text
from xhht.domain.areas import AreaLevel
from xhht.issues import FaultCode, RowFault
from xhht.numbers import count_label
from xhht.reporting.rollups import faults_report
from xhht.rollup.reports import Reports
from xhht.rollup.tree import Rollup, rollup
from xhht.tables._reader import AREA_HAS_ERRORS
from xhht.tables.areas import AreaTable, read_areas
from xhht.text import Lang, Text

P = ParamSpec("P")
R = TypeVar("R")


def day_option(
    flag: str, name: str, *, text: str, required: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Add an option that takes a date, as `name: date | None`."""
    return click.option(
        flag,
        name,
        metavar="DATE",
        required=required,
        type=click.DateTime(["%Y-%m-%d"]),
        callback=_parse_day,
        help=text,
    )


def _parse_day(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> Any:
    return None if value is None else value.date()


def level_option(
    flag: str, name: str, *, text: str, required: bool = False, default: AreaLevel | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Add an option that takes an area level, as `name: AreaLevel | None`."""
    return click.option(
        flag,
        name,
        required=required,
        default=default.value if default else None,
        show_default=default is not None,
        type=click.Choice([level.value for level in AreaLevel]),
        callback=lambda _context, _parameter, value: AreaLevel(value) if value else None,
        help=text,
    )


def require_single_stdin(lang: Lang, *paths: str | None) -> None:
    """Fail if several inputs are standard input."""
    if paths.count(STDIN) > 1:
        fail(_SINGLE_STDIN, lang)


def load_areas(path: str, lang: Lang, *, on: date | None = None) -> AreaTable:
    """Return the areas of a table on the day `on`; required if the table covers several."""
    with open_table(path) as table:
        area_table = read_areas(table.columns, with_progress(table, lang))
    if on is not None:
        area_table = area_table.on(on)
        if not len(area_table.tree) and not area_table.faults:
            fail(_NO_AREAS.format(day=day_text(on)), lang)
    elif not area_table.tree.has_common_day:
        fail(_SEVERAL_DAYS, lang)
    return area_table


@frozen(kw_only=True)
class LevelRollup:
    """Reports aggregated to one area level, with issues and warnings.

    Attributes:
        result: the areas of the level.
        issues: reports that differ from the sum below them, or are in an area cut off by an error.
        warnings: reports that are in no area of the level.
    """

    result: Rollup
    issues: tuple[RowFault, ...]
    warnings: tuple[Text, ...]


def roll_up_to_level(reports: Reports, area_table: AreaTable, by: AreaLevel) -> LevelRollup:
    """Return the reports aggregated to the areas of a level."""
    result = _roll_up(reports, area_table, by)
    cut_off_keys = {key for key in result.not_shown if _is_cut_off(key[0], area_table)}
    rows = [reports.rows[key] for key in result.not_shown if key not in cut_off_keys]
    text = _OUTSIDE_LEVEL.format(
        number=count_label(len(rows)), row=min(rows, default=0), level=by.label
    )
    conflict_issues = [
        RowFault(
            row=reports.rows[conflict.area.code, conflict.title],
            code=FaultCode.PARENT_DIFFERS,
            field=conflict.count.value,
            text=conflict.text,
        )
        for conflict in result.conflicts
    ]
    cut_off_issues = [
        RowFault(
            row=reports.rows[key], code=FaultCode.FAULTY_AREA, field="area", text=AREA_HAS_ERRORS
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


def print_with_issues(text: str, issues: Sequence[RowFault], lang: Lang) -> None:
    """Print a report, followed by the row issues if any."""
    print_text(f"{text}\n\n{faults_report(issues, lang)}" if issues else text)


_OUTSIDE_LEVEL = Text(
    vi="{number} báo cáo (dòng đầu tiên: {row}) không nằm trong khu vực nào ở cấp {level} "
    "nên không có trong kết quả.",
    en="Reports excluded because they are in no area at level {level}: {number} "
    "(first row: {row}).",
)
_SINGLE_STDIN = Text(
    vi="Chỉ một tệp được đọc từ đầu vào chuẩn (-).",
    en="Only one file can be read from standard input (-).",
)
_SEVERAL_DAYS = Text(
    vi="Bảng khu vực có khu vực của nhiều thời kỳ; hãy nêu ngày cần lấy, ví dụ --on 2025-07-01.",
    en="The table lists areas of several periods; give a date, such as --on 2025-07-01.",
)
_NO_AREAS = Text(
    vi="Bảng khu vực không có khu vực nào vào ngày {day}.",
    en="The table of areas has no areas on {day}.",
)
