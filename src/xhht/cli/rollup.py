"""`xhht rollup`: counts of small areas added up to larger ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from xhht.cli._columnar import extras_at_hand
from xhht.cli._common import (
    Format,
    common_options,
    finish,
    input_path,
    numbers_option,
    print_json,
    refusing,
    warn,
)
from xhht.cli._counts import read_counts
from xhht.cli._tables import (
    add_up,
    day_option,
    fault_of,
    known_areas,
    level_option,
    one_stdin,
    print_with_faults,
    rollup_of,
)
from xhht.domain.areas import AreaLevel
from xhht.domain.titles import Title
from xhht.exact import Convention
from xhht.reporting.rollups import rollup_table
from xhht.rollup.area_table import AreaTable
from xhht.rollup.reports import Reports
from xhht.rollup.tree import AreaRollup
from xhht.text import Lang

__all__ = ["command"]


@click.command("rollup")
@click.argument("counts", type=input_path)
@click.option(
    "--areas", required=True, type=input_path, help="Table of areas: code, name, level, parent."
)
@level_option("--by", "by", required=True, text="Level to add up to. Cấp cần tổng hợp.")
@day_option("--on", "on", text="The day of AREAS, if it lists several. Ngày của bảng khu vực.")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the table to FILE too: .csv, .parquet or .xlsx. Tệp kết quả.",
)
@click.option(
    "--explain", is_flag=True, help="Tell of each area why its rate is so. Giải thích tỉ lệ."
)
@click.option("--sheet", help="The sheet of a workbook. Trang của bảng tính.")
@numbers_option
@common_options
@refusing
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
    """Add up COUNTS (CSV, Parquet, XLSX; `-` for standard input) to the areas of one level.

    Tổng hợp số liệu theo cấp. COUNTS has the columns area, title, total, registered, assessed,
    recognised, undetermined, or one row a subject with area, title and verdict (and level and id,
    if known). A blank cell is not reported, never 0.

    Exit code 1 when rows cannot be; they are named and not added.
    """
    one_stdin(lang, counts, areas)
    known = known_areas(areas, lang, on=on)
    reports = read_counts(counts, sheet, known, numbers, lang)
    added = add_up(reports, known, by)
    found = sorted([*reports.faults, *added.faults], key=lambda fault: fault.row)
    faults = [*known.faults, *found]
    for warning in (*known.warnings, *reports.warnings, *added.warnings):
        warn(warning, lang)
    rows = added.result.rows
    if target is not None:
        with extras_at_hand(lang):
            from xhht.reporting.rollup_files import write_rollup
            from xhht.reporting.table_files import Layout

            write_rollup(rows, target, Layout(numbers=numbers, lang=lang))
    pairs = _with_parts(rows, reports, known) if explain else []
    why = [row.explain(parts, lang=lang).text() for row, parts in pairs]
    if output is Format.JSON:
        errors = [fault_of(fault, lang) for fault in faults]
        areas_found = [rollup_of(row) for row in rows]
        if explain:
            explained = zip(areas_found, why, strict=True)
            areas_found = [{**found, "explanation": text} for found, text in explained]
        print_json({"areas": areas_found, "errors": errors})
    else:
        table_text = "\n\n".join(why) if explain else rollup_table(rows, lang)
        print_with_faults(table_text, faults, lang)
    finish(faults=bool(faults))


def _with_parts(
    rows: Sequence[AreaRollup], reports: Reports, known: AreaTable
) -> list[tuple[AreaRollup, list[AreaRollup]]]:
    """Return each area with the areas that it is made of."""
    children = [child for row in rows for child in known.tree.children(row.area.code)]
    below: dict[tuple[str | None, Title], list[AreaRollup]] = {}
    for level in dict.fromkeys(child.level for child in children):
        for part in add_up(reports, known, level).result.rows:
            below.setdefault((part.area.parent, part.title), []).append(part)
    return [(row, below.get((row.area.code, row.title), [])) for row in rows]
