"""`xhht report`: counts of areas as one page that opens anywhere, and as a workbook to file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click
from attrs import evolve

from xhht.cli._common import (
    Format,
    common_options,
    finish,
    input_path,
    numbers_option,
    print_json,
    refuse,
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
from xhht.cli._targets import named_programmes, programme_option
from xhht.criteria.targets import Programme
from xhht.errors import RollupError
from xhht.exact import Convention
from xhht.reporting.report import Report, of_top
from xhht.rollup.attain_counts import CountsToAttain
from xhht.rollup.attained import Attained
from xhht.rollup.faults import RowFault
from xhht.rollup.reports import Reports
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
@programme_option
@day_option("--as-of", "as_of", text="The day for which the counts hold. Ngày của số liệu.")
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
    named: tuple[str, ...],
    as_of: date | None,
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
    if named and as_of is None:
        refuse(_WHICH_DAY, lang)
    programmes = named_programmes(named, output, lang)
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
            year=as_of.year if as_of else None,
            as_of=as_of,
        )
    except RollupError as error:
        if not known.faults:
            raise
        # The faults say why areas are missing; refusing would hide them.
        _tell([], error.text, faults, output, lang)
        return
    added = add_up(reports, known, report.top.level)
    faults += added.faults
    # Whoever asks for an area knows that others report too.
    outside = added.warnings if area is None else ()
    for warning in (*known.warnings, *reports.warnings, *outside):
        warn(warning, lang)
    report = evolve(report, faults=faults, targets=_held(report, reports, programmes))
    write_reports(report, files, protect, lang)
    written = [str(file) for file in files]
    _tell(written, _WRITTEN.format(files=", ".join(written)), faults, output, lang)


def _held(
    report: Report, reports: Reports, programmes: Iterable[Programme]
) -> list[tuple[Programme, Attained]]:
    """Return how the targets of programmes stand in the area that the report is about."""
    if report.as_of is None:
        return []
    held = CountsToAttain(reports, report.tree, by=report.top.level)
    return [
        (each, of_top(held.attained(each.targets, as_of=report.as_of), report.top))
        for each in programmes
    ]


def _tell(files: list[str], text: Text, faults: list[RowFault], output: Format, lang: Lang) -> None:
    if output is Format.JSON:
        print_json({"files": files, "errors": [fault_of(fault, lang) for fault in faults]})
    else:
        print_with_faults(text.in_(lang), faults, lang)
    finish(faults=bool(faults))


_WHICH_DAY = Text(
    vi="Muốn so với chỉ tiêu thì cần biết số liệu tính đến ngày nào; hãy nêu --as-of.",
    en="To hold counts against targets, their day must be known; name --as-of.",
)
_WRITTEN = Text(vi="Đã ghi: {files}.", en="Written: {files}.")
