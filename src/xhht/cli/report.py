"""`xhht report`: counts of areas as a self-contained HTML page or as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import click
from attrs import evolve

from xhht.cli._context import CommandContext, with_context
from xhht.cli._counts import read_counts
from xhht.cli._files import require_known_suffixes, write_reports
from xhht.cli._inputs import area_code, load_areas, named_programmes, require_single_stdin
from xhht.cli._options import (
    area_option,
    areas_day_option,
    areas_option,
    changes_option,
    day_option,
    input_path,
    numbers_option,
    programme_option,
    protect_option,
    sheet_option,
)
from xhht.criteria.targets import Programme
from xhht.errors import RollupError
from xhht.issues import RowIssue
from xhht.numbers import Convention
from xhht.reporting.report import Report, of_top
from xhht.rollup.reports import Reports
from xhht.rollup.targets import CountTargetEvaluator, TargetResults
from xhht.tables.level_rollup import roll_up_to_level
from xhht.text import Text

__all__ = ["command"]


@click.command("report")
@click.argument("counts", type=input_path)
@areas_option
@click.option(
    "-o",
    "--output",
    "files",
    required=True,
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Report to write: .html or .xlsx; may be repeated. Tệp báo cáo.",
)
@area_option
@protect_option
@programme_option
@day_option("--as-of", "as_of", text="Date of the counts. Ngày của số liệu.")
@areas_day_option
@changes_option
@sheet_option
@numbers_option
@with_context()
def command(
    context: CommandContext,
    counts: str,
    areas: str,
    files: tuple[Path, ...],
    area: str | None,
    protect: int | None,
    programme_ids: tuple[str, ...],
    as_of: date | None,
    on: date | None,
    changes: str | None,
    sheet: str | None,
    numbers: Convention,
) -> None:
    """Report COUNTS (as for `rollup`) on one page, from a province down to its villages.

    Lập báo cáo một trang, từ tỉnh xuống thôn. The page needs no network and prints on A4; the
    workbook has a sheet for each title. `xhht campaign --report FILE` writes the same report with
    criteria and targets.

    Exits with 1 if any row is invalid; invalid rows are listed, also in the report, and excluded.
    """
    require_known_suffixes(context, files)
    require_single_stdin(context, counts, areas, changes)
    if programme_ids and as_of is None:
        context.fail(_NEEDS_DAY)
    programmes = named_programmes(context, programme_ids)
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
    issues: list[RowIssue] = [*area_table.faults, *reports.faults]
    try:
        report = Report.of_counts(
            reports.tallies,
            area_table.tree,
            area=area_code(context, area_table.tree, area),
            subjects=reports.by_subject,
            titles=reports.titles,
            year=as_of.year if as_of else None,
            as_of=as_of,
        )
    except RollupError as error:
        if not area_table.faults:
            raise
        # The row issues explain the missing areas; an error here would hide them.
        _emit(context, [], error.text, issues)
        return
    aggregated = roll_up_to_level(reports, area_table, report.top.level)
    issues += aggregated.issues
    # With --area, reports from other areas are expected.
    outside = aggregated.warnings if area is None else ()
    context.warn(*area_table.warnings, *reports.warnings, *outside)
    attained = _evaluate_targets(report, reports, programmes)
    report = evolve(report, faults=issues, targets=attained)
    write_reports(context, report, files, protect)
    written = [str(file) for file in files]
    _emit(context, written, _WRITTEN.format(files=", ".join(written)), issues)


def _evaluate_targets(
    report: Report, reports: Reports, programmes: Iterable[Programme]
) -> list[tuple[Programme, TargetResults]]:
    """Return the attainment of the targets of programmes in the area of the report."""
    if report.as_of is None:
        return []
    counts = CountTargetEvaluator(reports, report.tree, by=report.top.level)
    return [
        (programme, of_top(counts.evaluate(programme.targets, as_of=report.as_of), report.top))
        for programme in programmes
    ]


def _emit(
    context: CommandContext, files: list[str], text: Text, issues: Sequence[RowIssue]
) -> None:
    context.emit_with_issues(lambda _: {"files": files}, text.get, issues)


_NEEDS_DAY = Text(
    vi="Muốn so với chỉ tiêu thì cần biết ngày của số liệu; hãy nêu --as-of.",
    en="Comparing counts with targets requires their date; give --as-of.",
)
_WRITTEN = Text(vi="Đã ghi: {files}.", en="Written: {files}.")
