"""`xhht rollup`: counts of small areas aggregated to larger areas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from xhht.cli._context import CommandContext, with_context
from xhht.cli._counts import read_counts
from xhht.cli._inputs import load_areas, require_single_stdin
from xhht.cli._options import (
    areas_day_option,
    areas_option,
    changes_option,
    input_path,
    level_option,
    numbers_option,
    sheet_option,
    target_option,
)
from xhht.domain.areas import AreaLevel
from xhht.numbers import Convention
from xhht.reporting.rollups import rollup_table
from xhht.rollup.counted import TitleKey
from xhht.rollup.reports import Reports
from xhht.rollup.tree import AreaRollup
from xhht.tables.areas import AreaTable
from xhht.tables.level_rollup import roll_up_to_level
from xhht.text import Lang

__all__ = ["command"]


@click.command("rollup")
@click.argument("counts", type=input_path)
@areas_option
@level_option("--by", "by", required=True, text="Level to aggregate to. Cấp cần tổng hợp.")
@areas_day_option
@changes_option
@target_option(text="Also write the table to FILE: .csv, .parquet or .xlsx. Tệp kết quả.")
@click.option("--explain", is_flag=True, help="Explain the rate of each area. Giải thích tỉ lệ.")
@sheet_option
@numbers_option
@with_context()
def command(
    context: CommandContext,
    counts: str,
    areas: str,
    by: AreaLevel,
    on: date | None,
    changes: str | None,
    target: Path | None,
    explain: bool,
    sheet: str | None,
    numbers: Convention,
) -> None:
    """Aggregate COUNTS (CSV, Parquet, XLSX; `-` for standard input) to the areas of one level.

    Tổng hợp số liệu theo cấp. COUNTS has the columns area, title, total, registered, assessed,
    recognised, undetermined, or one row per subject with area, title and verdict (and level and id,
    if known). A blank cell means not reported, never 0.

    Exits with 1 if any row is invalid; invalid rows are listed and excluded.
    """
    require_single_stdin(context, counts, areas, changes)
    area_table = load_areas(context, areas, on=on, changes=changes)
    reports = read_counts(
        context,
        counts,
        area_table.tree,
        numbers,
        excluded=area_table.excluded,
        sheet=sheet,
        changes=area_table.changes,
    )
    aggregated = roll_up_to_level(reports, area_table, by)
    count_issues = sorted([*reports.faults, *aggregated.issues], key=lambda issue: issue.row)
    issues = [*area_table.faults, *count_issues]
    context.warn(*area_table.warnings, *reports.warnings, *aggregated.warnings)
    rows = aggregated.result.rows
    if target is not None:
        with context.require_extras():
            from xhht.reporting.rollup_files import write_rollup
            from xhht.reporting.table_files import Layout

            write_rollup(rows, target, Layout(numbers=numbers, lang=context.lang))
    parts = _parts(rows, reports, area_table) if explain else {}

    def explanation(row: AreaRollup, lang: Lang) -> str:
        return row.explain(parts.get((row.area.code, row.key), ()), lang=lang).text()

    def data(lang: Lang) -> dict[str, Any]:
        return {
            "areas": [
                {**row.to_dict(lang), "explanation": explanation(row, lang)}
                if explain
                else row.to_dict(lang)
                for row in rows
            ]
        }

    def text(lang: Lang) -> str:
        if explain:
            return "\n\n".join(explanation(row, lang) for row in rows)
        return rollup_table(rows, lang)

    context.emit_with_issues(data, text, issues)


def _parts(
    rows: Sequence[AreaRollup], reports: Reports, area_table: AreaTable
) -> dict[tuple[str | None, TitleKey], list[AreaRollup]]:
    """Return the child areas of each area, by its code and title."""
    children = [child for row in rows for child in area_table.tree.children(row.area.code)]
    below: dict[tuple[str | None, TitleKey], list[AreaRollup]] = {}
    for level in dict.fromkeys(child.level for child in children):
        for part in roll_up_to_level(reports, area_table, level).result.rows:
            below.setdefault((part.area.parent, part.key), []).append(part)
    return below
