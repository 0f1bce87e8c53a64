"""`xhht report`: counts of areas as one page that opens anywhere, and as a workbook to file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

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
from xhht.cli._report_files import area_option, protect_option, require_endings, write_reports
from xhht.cli._tables import (
    add_up,
    day_option,
    fault_of,
    known_areas,
    one_stdin,
    print_with_faults,
)
from xhht.errors import RollupError
from xhht.exact import Convention
from xhht.reporting.report import Report
from xhht.rollup.faults import RowFault
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("report")
@click.argument("counts", type=input_path)
@click.option(
    "--areas", required=True, type=input_path, help="Table of areas: code, name, level, parent."
)
@click.option(
    "-o",
    "--output",
    "files",
    required=True,
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write FILE: .html or .xlsx; may be repeated. Tệp báo cáo.",
)
@area_option
@protect_option
@click.option(
    "--year",
    type=click.IntRange(1900, 2999),
    help="The year that the counts are of. Năm của số liệu.",
)
@day_option("--on", "on", text="The day of AREAS, if it lists several. Ngày của bảng khu vực.")
@click.option("--sheet", help="The sheet of a workbook. Trang của bảng tính.")
@numbers_option
@common_options
@refusing
def command(
    counts: str,
    areas: str,
    files: tuple[Path, ...],
    area: str | None,
    protect: int | None,
    year: int | None,
    on: date | None,
    sheet: str | None,
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> None:
    """Report COUNTS (as for `rollup`) on one page, from a province down to its villages.

    Lập báo cáo một trang, từ tỉnh xuống thôn. The page needs no network and prints to A4; the
    workbook has a sheet for each title. After an evaluation, `xhht campaign --report FILE` writes
    the same with its criteria and targets.

    Exit code 1 when rows cannot be; they are named, in the report too, and not added.
    """
    require_endings(files, lang)
    one_stdin(lang, counts, areas)
    known = known_areas(areas, lang, on=on)
    reports = read_counts(counts, sheet, known, numbers, lang)
    faults: list[RowFault] = [*known.faults, *reports.faults]
    try:
        report = Report.of_counts(
            reports.tallies,
            known.tree,
            area=area,
            subjects=reports.by_subject,
            titles=reports.titles,
            year=year,
        )
    except RollupError as error:
        if not known.faults:
            raise
        # The faults say why areas are missing; refusing would hide them.
        _tell([], error.text, faults, output, lang)
        return
    added = add_up(reports, known, report.top.level)
    faults += added.faults
    for warning in (*known.warnings, *reports.warnings, *added.warnings):
        warn(warning, lang)
    write_reports(report.with_faults(faults), files, protect, lang)
    named = [str(file) for file in files]
    _tell(named, _WRITTEN.format(files=", ".join(named)), faults, output, lang)


def _tell(files: list[str], text: Text, faults: list[RowFault], output: Format, lang: Lang) -> None:
    if output is Format.JSON:
        print_json({"files": files, "errors": [fault_of(fault, lang) for fault in faults]})
    else:
        print_with_faults(text.in_(lang), faults, lang)
    finish(faults=bool(faults))


_WRITTEN = Text(vi="Đã ghi: {files}.", en="Written: {files}.")
