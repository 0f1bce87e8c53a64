"""`xhht rollup`: counts of small areas added up to larger ones."""

from __future__ import annotations

from typing import Any

import click

from xhht.cli._common import (
    STDIN,
    Format,
    common_options,
    counted,
    finish,
    input_path,
    numbers_option,
    open_table,
    print_json,
    print_text,
    refuse,
    refusing,
    warn,
)
from xhht.domain.areas import AreaLevel
from xhht.exact import Convention
from xhht.reporting.rollups import faults_report, rollup_table
from xhht.rollup.area_table import AreaTable, read_areas
from xhht.rollup.counts import Count, count_text
from xhht.rollup.faults import FaultCode, RowFault
from xhht.rollup.rates import Rate
from xhht.rollup.reports import FAULTY_AREA, Reports, read_reports
from xhht.rollup.tree import AreaRollup, Rollup, rollup
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("rollup")
@click.argument("counts", type=input_path)
@click.option(
    "--areas", required=True, type=input_path, help="Table of areas: code, name, level, parent."
)
@click.option(
    "--by",
    required=True,
    type=click.Choice([level.value for level in AreaLevel]),
    callback=lambda _context, _parameter, value: AreaLevel(value),
    help="Level to add up to. Cấp cần tổng hợp.",
)
@numbers_option
@common_options
@refusing
def command(
    counts: str, areas: str, by: AreaLevel, numbers: Convention, output: Format, lang: Lang
) -> None:
    """Add up COUNTS (CSV, `-` for standard input) to the areas of one level.

    Tổng hợp số liệu theo cấp. COUNTS has the columns area, title, total, registered, assessed,
    recognised, undetermined, or one row a subject with area, title and verdict (and level and id,
    if known). A blank cell is not reported, never 0.

    Exit code 1 when rows cannot be; they are named and not added.
    """
    if counts == areas == STDIN:
        refuse(_ONE_STDIN, lang)
    with open_table(areas) as table:
        known = read_areas(table.columns, counted(table, lang))
    with open_table(counts) as table:
        reports = read_reports(
            table.columns,
            counted(table, lang),
            known.tree,
            numbers=numbers,
            left_out=known.left_out,
        )
    result = _rolled_up(reports, known, by)
    faults = sorted(
        [*reports.faults, *_differences(result, reports), *_cut_off(result, reports, known)],
        key=lambda fault: fault.row,
    )
    faults = [*known.faults, *faults]
    for warning in (*known.warnings, *reports.warnings, *_not_shown(result, reports, known)):
        warn(warning, lang)
    if output is Format.JSON:
        areas_found = [_area(row) for row in result.rows]
        print_json({"areas": areas_found, "errors": [_error(fault, lang) for fault in faults]})
    else:
        table_text = rollup_table(result.rows, lang)
        print_text(f"{table_text}\n\n{faults_report(faults, lang)}" if faults else table_text)
    finish(faults=bool(faults))


def _differences(result: Rollup, reports: Reports) -> list[RowFault]:
    return [
        RowFault(
            row=reports.rows[conflict.area.code, conflict.title],
            code=FaultCode.PARENT_DIFFERS,
            field=conflict.count.value,
            text=conflict.text,
        )
        for conflict in result.conflicts
    ]


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


def _cut_off(result: Rollup, reports: Reports, known: AreaTable) -> list[RowFault]:
    return [
        RowFault(row=reports.rows[key], code=FaultCode.FAULTY_AREA, field="area", text=FAULTY_AREA)
        for key in result.not_shown
        if _is_cut_off(key[0], known)
    ]


def _not_shown(result: Rollup, reports: Reports, known: AreaTable) -> list[Text]:
    rows = [reports.rows[key] for key in result.not_shown if not _is_cut_off(key[0], known)]
    if not rows:
        return []
    return [_NOT_SHOWN.format(number=count_text(len(rows)), row=min(rows), level=result.by.label)]


def _is_cut_off(code: str, known: AreaTable) -> bool:
    top = (known.tree[code], *known.tree.ancestors(code))[-1]
    return top.code in known.cut_off


def _area(row: AreaRollup) -> dict[str, Any]:
    counts = row.tally.counts()
    return {
        "area": row.area.code,
        "name": row.area.name,
        "level": row.area.level.value,
        "title": row.title.value,
        **{count.value: counts.get(count) for count in Count},
        "coverage": {"reported": row.coverage.reported, "expected": row.coverage.expected},
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


def _error(fault: RowFault, lang: Lang) -> dict[str, Any]:
    return {
        "row": fault.row,
        "code": fault.code.value,
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
    vi="Chỉ một trong hai bảng được đọc từ đầu vào chuẩn (-).",
    en="Only one of the two tables can be read from standard input (-).",
)
