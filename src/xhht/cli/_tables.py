"""What the commands on tables of areas and counts share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar

import click
from attrs import frozen

from xhht.cli._common import STDIN, counted, open_table, print_text, refuse
from xhht.dates import day_text
from xhht.domain.areas import Area, AreaLevel
from xhht.domain.titles import Title
from xhht.reporting.rollups import faults_report
from xhht.rollup.area_cells import FAULTY_AREA
from xhht.rollup.area_table import AreaTable, read_areas
from xhht.rollup.counts import Count, count_text
from xhht.rollup.faults import FaultCode, RowFault
from xhht.rollup.rates import Rate
from xhht.rollup.reports import Reports
from xhht.rollup.tally import Tally
from xhht.rollup.tree import AreaRollup, Coverage, Rollup, rollup
from xhht.text import Lang, Text

__all__ = [
    "AddedUp",
    "add_up",
    "area_of",
    "coverage_of",
    "day_option",
    "fault_of",
    "known_areas",
    "level_option",
    "one_stdin",
    "print_with_faults",
    "rollup_of",
    "tally_of",
]

P = ParamSpec("P")
R = TypeVar("R")


def day_option(
    flag: str, name: str, *, text: str, required: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Give a command an option that takes a day, as `name: date | None`."""
    return click.option(
        flag,
        name,
        metavar="DATE",
        required=required,
        type=click.DateTime(["%Y-%m-%d"]),
        callback=_day,
        help=text,
    )


def _day(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> Any:
    return None if value is None else value.date()


def level_option(
    flag: str, name: str, *, text: str, required: bool = False, default: AreaLevel | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Give a command an option that takes a level of areas, as `name: AreaLevel | None`."""
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


def one_stdin(lang: Lang, *paths: str | None) -> None:
    """Refuse a command line that names standard input twice."""
    if paths.count(STDIN) > 1:
        refuse(_ONE_STDIN, lang)


def known_areas(path: str, lang: Lang, *, on: date | None = None) -> AreaTable:
    """Return the areas of a table, those of the day `on`; a table of several days needs one."""
    with open_table(path) as table:
        known = read_areas(table.columns, counted(table, lang))
    if on is not None:
        known = known.on(on)
        if not len(known.tree) and not known.faults:
            refuse(_NO_AREAS.format(day=day_text(on)), lang)
    elif not known.tree.has_common_day:
        refuse(_MANY_DAYS, lang)
    return known


@frozen(kw_only=True)
class AddedUp:
    """Reports added up to one level, and what is to be said of that.

    Attributes:
        result: the areas of the level.
        faults: reports that differ from those below them, or lie in an area cut off by a fault.
        warnings: reports that lie in no area of the level.
    """

    result: Rollup
    faults: tuple[RowFault, ...]
    warnings: tuple[Text, ...]


def add_up(reports: Reports, known: AreaTable, by: AreaLevel) -> AddedUp:
    """Return the reports added up to the areas of a level."""
    result = _rolled_up(reports, known, by)
    lost = {key for key in result.not_shown if _is_cut_off(key[0], known)}
    rows = [reports.rows[key] for key in result.not_shown if key not in lost]
    text = _NOT_SHOWN.format(number=count_text(len(rows)), row=min(rows, default=0), level=by.label)
    differences = [
        RowFault(
            row=reports.rows[conflict.area.code, conflict.title],
            code=FaultCode.PARENT_DIFFERS,
            field=conflict.count.value,
            text=conflict.text,
        )
        for conflict in result.conflicts
    ]
    cut_off = [
        RowFault(row=reports.rows[key], code=FaultCode.FAULTY_AREA, field="area", text=FAULTY_AREA)
        for key in result.not_shown
        if key in lost
    ]
    return AddedUp(result=result, faults=(*differences, *cut_off), warnings=(text,) if rows else ())


def _rolled_up(reports: Reports, known: AreaTable, by: AreaLevel) -> Rollup:
    if known.faults and not known.tree.at_level(by):
        # The faults say why there is no such area; refusing would hide them.
        return Rollup(by=by, rows=(), conflicts=(), not_shown=tuple(reports.tallies))
    return rollup(
        reports.tallies,
        known.tree,
        by=by,
        titles=reports.titles,
        subjects=reports.by_subject,
    )


def _is_cut_off(code: str, known: AreaTable) -> bool:
    top = (known.tree[code], *known.tree.ancestors(code))[-1]
    return top.code in known.cut_off


def print_with_faults(text: str, faults: Sequence[RowFault], lang: Lang) -> None:
    """Print a report, and under it the faults if there are any."""
    print_text(f"{text}\n\n{faults_report(faults, lang)}" if faults else text)


def area_of(area: Area) -> dict[str, Any]:
    """Return an area as JSON names it."""
    return {"area": area.code, "name": area.name, "level": area.level.value}


def tally_of(area: Area, title: Title, tally: Tally) -> dict[str, Any]:
    """Return an area's counts of one title for JSON."""
    counts = tally.counts()
    return {
        **area_of(area),
        "title": title.value,
        **{count.value: counts.get(count) for count in Count},
    }


def coverage_of(coverage: Coverage) -> dict[str, int]:
    """Return how many leaf areas are covered, for JSON."""
    return {"reported": coverage.reported, "expected": coverage.expected}


def rollup_of(row: AreaRollup) -> dict[str, Any]:
    """Return what an area adds up to in one title, for JSON."""
    return {
        **tally_of(row.area, row.title, row.tally),
        "coverage": coverage_of(row.coverage),
        "rates": {denominator.value: _rate(rate) for denominator, rate in row.rates.items()},
        "recognised_by_level": dict(sorted(row.tally.levels.items())),
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "percent": rate.percent,
        "percent_min": rate.percent_min,
        "percent_max": rate.percent_max,
    }


def fault_of(fault: RowFault, lang: Lang) -> dict[str, Any]:
    """Return a fault for JSON."""
    return {
        "row": fault.row,
        "code": str(fault.code),
        "field": fault.field,
        "message": fault.text.in_(lang),
        "file": fault.file.value,
    }


_NOT_SHOWN = Text(
    vi="{number} báo cáo (dòng đầu tiên: {row}) không nằm trong khu vực nào ở cấp {level} "
    "nên không có trong kết quả.",
    en="{number} reports (first row: {row}) lie in no area of the level {level}, "
    "so the result does not hold them.",
)
_ONE_STDIN = Text(
    vi="Chỉ một tệp được đọc từ đầu vào chuẩn (-).",
    en="Only one file can be read from standard input (-).",
)
_MANY_DAYS = Text(
    vi="Bảng khu vực có khu vực của nhiều thời kỳ; hãy nêu ngày cần lấy, ví dụ --on 2025-07-01.",
    en="The table lists areas of several times; name the day that is meant, such as "
    "--on 2025-07-01.",
)
_NO_AREAS = Text(
    vi="Bảng khu vực không có khu vực nào vào ngày {day}.",
    en="The table of areas has no areas on {day}.",
)
