"""`xhht report`: counts of areas as a self-contained HTML page or as a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click
from attrs import evolve

from xhht.cli._common import (
    Format,
    common_options,
    fail,
    finish,
    handle_errors,
    input_path,
    numbers_option,
    print_json,
    warn,
)
from xhht.cli._counts import read_counts
from xhht.cli._report_files import (
    area_option,
    protect_option,
    require_known_suffixes,
    write_reports,
)
from xhht.cli._tables import (
    day_option,
    load_areas,
    print_with_issues,
    require_single_stdin,
    roll_up_to_level,
)
from xhht.cli._targets import named_programmes, programme_option
from xhht.criteria.targets import Programme
from xhht.errors import RollupError
from xhht.issues import RowFault
from xhht.numbers import Convention
from xhht.reporting.report import Report, of_top
from xhht.rollup.reports import Reports
from xhht.rollup.targets import CountTargetEvaluator, TargetResults
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("report")
@click.argument("counts", type=input_path)
@click.option(
    "--areas",
    required=True,
    type=input_path,
    help="Table of areas: code, name, level, parent. Bảng khu vực.",
)
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
@day_option("--on", "on", text="Date of AREAS, if it covers several. Ngày của bảng khu vực.")
@click.option("--sheet", help="Sheet of a workbook. Trang của bảng tính.")
@numbers_option
@common_options
@handle_errors
def command(
    counts: str,
    areas: str,
    files: tuple[Path, ...],
    area: str | None,
    protect: int | None,
    programme_ids: tuple[str, ...],
    as_of: date | None,
    on: date | None,
    sheet: str | None,
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> None:
    """Report COUNTS (as for `rollup`) on one page, from a province down to its villages.

    Lập báo cáo một trang, từ tỉnh xuống thôn. The page needs no network and prints on A4; the
    workbook has a sheet for each title. `xhht campaign --report FILE` writes the same report with
    criteria and targets.

    Exits with 1 if any row is invalid; invalid rows are listed, also in the report, and excluded.
    """
    require_known_suffixes(files, lang)
    require_single_stdin(lang, counts, areas)
    if programme_ids and as_of is None:
        fail(_NEEDS_DAY, lang)
    programmes = named_programmes(programme_ids, output, lang)
    area_table = load_areas(areas, lang, on=on)
    reports = read_counts(counts, sheet, area_table, numbers, lang)
    issues: list[RowFault] = [*area_table.faults, *reports.faults]
    try:
        report = Report.of_counts(
            reports.tallies,
            area_table.tree,
            area=area,
            subjects=reports.by_subject,
            titles=reports.titles,
            year=as_of.year if as_of else None,
            as_of=as_of,
        )
    except RollupError as error:
        if not area_table.faults:
            raise
        # The row issues explain the missing areas; an error here would hide them.
        _print_outcome([], error.text, issues, output, lang)
        return
    aggregated = roll_up_to_level(reports, area_table, report.top.level)
    issues += aggregated.issues
    # With --area, reports from other areas are expected.
    outside = aggregated.warnings if area is None else ()
    for warning in (*area_table.warnings, *reports.warnings, *outside):
        warn(warning, lang)
    attained = _evaluate_targets(report, reports, programmes)
    report = evolve(report, faults=issues, targets=attained)
    write_reports(report, files, protect, lang)
    written = [str(file) for file in files]
    _print_outcome(written, _WRITTEN.format(files=", ".join(written)), issues, output, lang)


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


def _print_outcome(
    files: list[str], text: Text, issues: list[RowFault], output: Format, lang: Lang
) -> None:
    if output is Format.JSON:
        print_json({"files": files, "errors": [issue.to_dict(lang) for issue in issues]})
    else:
        print_with_issues(text.get(lang), issues, lang)
    finish(has_errors=bool(issues))


_NEEDS_DAY = Text(
    vi="Muốn so với chỉ tiêu thì cần biết ngày của số liệu; hãy nêu --as-of.",
    en="Comparing counts with targets requires their date; give --as-of.",
)
_WRITTEN = Text(vi="Đã ghi: {files}.", en="Written: {files}.")
