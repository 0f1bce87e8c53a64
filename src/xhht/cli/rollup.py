"""`xhht rollup`: counts of small areas aggregated to larger areas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from xhht.cli._columnar import require_extras
from xhht.cli._common import (
    Format,
    common_options,
    finish,
    handle_errors,
    input_path,
    numbers_option,
    print_json,
    warn,
)
from xhht.cli._counts import read_counts
from xhht.cli._tables import (
    day_option,
    level_option,
    load_areas,
    print_with_issues,
    require_single_stdin,
    roll_up_to_level,
)
from xhht.domain.areas import AreaLevel
from xhht.domain.titles import Title
from xhht.numbers import Convention
from xhht.reporting.rollups import rollup_table
from xhht.rollup.reports import Reports
from xhht.rollup.tree import AreaRollup
from xhht.tables.areas import AreaTable
from xhht.text import Lang

__all__ = ["command"]


@click.command("rollup")
@click.argument("counts", type=input_path)
@click.option(
    "--areas",
    required=True,
    type=input_path,
    help="Table of areas: code, name, level, parent. Bảng khu vực.",
)
@level_option("--by", "by", required=True, text="Level to aggregate to. Cấp cần tổng hợp.")
@day_option("--on", "on", text="Date of AREAS, if it covers several. Ngày của bảng khu vực.")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the table to FILE: .csv, .parquet or .xlsx. Tệp kết quả.",
)
@click.option("--explain", is_flag=True, help="Explain the rate of each area. Giải thích tỉ lệ.")
@click.option("--sheet", help="Sheet of a workbook. Trang của bảng tính.")
@numbers_option
@common_options
@handle_errors
def command(
    counts: str,
    areas: str,
    by: AreaLevel,
    on: date | None,
    target: Path | None,
    explain: bool,
    sheet: str | None,
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> None:
    """Aggregate COUNTS (CSV, Parquet, XLSX; `-` for standard input) to the areas of one level.

    Tổng hợp số liệu theo cấp. COUNTS has the columns area, title, total, registered, assessed,
    recognised, undetermined, or one row per subject with area, title and verdict (and level and id,
    if known). A blank cell means not reported, never 0.

    Exits with 1 if any row is invalid; invalid rows are listed and excluded.
    """
    require_single_stdin(lang, counts, areas)
    area_table = load_areas(areas, lang, on=on)
    reports = read_counts(counts, sheet, area_table, numbers, lang)
    aggregated = roll_up_to_level(reports, area_table, by)
    count_issues = sorted([*reports.faults, *aggregated.issues], key=lambda issue: issue.row)
    issues = [*area_table.faults, *count_issues]
    for warning in (*area_table.warnings, *reports.warnings, *aggregated.warnings):
        warn(warning, lang)
    rows = aggregated.result.rows
    if target is not None:
        with require_extras(lang):
            from xhht.reporting.rollup_files import write_rollup
            from xhht.reporting.table_files import Layout

            write_rollup(rows, target, Layout(numbers=numbers, lang=lang))
    rows_with_parts = _with_parts(rows, reports, area_table) if explain else []
    explanations = [row.explain(parts, lang=lang).text() for row, parts in rows_with_parts]
    if output is Format.JSON:
        errors = [issue.to_dict(lang) for issue in issues]
        data: dict[str, Any] = {**aggregated.result.to_dict(lang)}
        if explain:
            explained = zip(data["areas"], explanations, strict=True)
            data["areas"] = [{**item, "explanation": text} for item, text in explained]
        print_json({**data, "errors": errors})
    else:
        table_text = "\n\n".join(explanations) if explain else rollup_table(rows, lang)
        print_with_issues(table_text, issues, lang)
    finish(has_errors=bool(issues))


def _with_parts(
    rows: Sequence[AreaRollup], reports: Reports, area_table: AreaTable
) -> list[tuple[AreaRollup, list[AreaRollup]]]:
    """Return each area with its child areas."""
    children = [child for row in rows for child in area_table.tree.children(row.area.code)]
    below: dict[tuple[str | None, Title], list[AreaRollup]] = {}
    for level in dict.fromkeys(child.level for child in children):
        for part in roll_up_to_level(reports, area_table, level).result.rows:
            below.setdefault((part.area.parent, part.title), []).append(part)
    return [(row, below.get((row.area.code, row.title), [])) for row in rows]
