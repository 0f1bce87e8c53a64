"""`xhht campaign`: a complete learning society, evaluated bottom-up from files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from xhht.campaign.campaign import Campaign
from xhht.campaign.run import Run
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
    with_progress,
)
from xhht.cli._profiles import load_registry
from xhht.cli._report_files import (
    area_option,
    protect_option,
    require_known_suffixes,
    write_reports,
)
from xhht.cli._society import SocietyFiles
from xhht.cli._tables import (
    day_option,
    level_option,
    load_areas,
    print_with_issues,
    require_single_stdin,
)
from xhht.cli._targets import named_programmes, programme_option
from xhht.criteria.targets import Programme
from xhht.domain.areas import AreaLevel
from xhht.issues import FileKind
from xhht.numbers import Convention
from xhht.reporting.campaigns import CampaignResults, campaign_report
from xhht.reporting.report import Report
from xhht.rollup.targets import TargetResults
from xhht.rollup.tree import AreaRollup
from xhht.text import Lang, Text

__all__ = ["command"]

P = ParamSpec("P")
R = TypeVar("R")

_SUBJECTS = (
    (FileKind.CITIZENS, "Table of citizens: id, household, unit. Công dân."),
    (FileKind.HOUSEHOLDS, "Table of households: id, village, clan. Gia đình."),
    (FileKind.CLANS, "Table of clans: id, commune. Dòng họ."),
    (FileKind.UNITS, "Table of units: id, commune, managed_by, kind, name. Đơn vị."),
    (FileKind.COMMUNITIES, "Table of villages, communes and so on: area. Cộng đồng."),
)


def _table_options(command: Callable[P, R]) -> Callable[P, R]:
    """Add an option for each table of subjects, as `citizens: str | None` and so on."""
    for file, text in reversed(_SUBJECTS):
        command = click.option(f"--{file}", file.value, type=input_path, help=text)(command)
    return command


@click.command("campaign")
@click.option(
    "--year",
    required=True,
    type=click.IntRange(1900, 2999),
    help="Year to assess. Năm được đánh giá.",
)
@click.option(
    "--areas",
    required=True,
    type=input_path,
    help="Table of areas: code, name, level, parent. Bảng khu vực.",
)
@_table_options
@click.option(
    "--counts",
    type=input_path,
    help="Table of counts, as for `rollup`, for areas without records; may hold totals only. "
    "Số tổng hợp.",
)
@click.option(
    "--decisions",
    type=input_path,
    help="Table of decisions: title, id, level, decided_on, document, authority, for_year. "
    "Quyết định.",
)
@click.option(
    "--profiles",
    "paths",
    metavar="PATH",
    multiple=True,
    type=click.Path(path_type=str),
    help="Profile or directory of profiles, preferred to installed ones; may be repeated. "
    "Bộ tiêu chí.",
)
@click.option(
    "--illustrative",
    is_flag=True,
    help="Allow illustrative profiles. Cho phép bộ tiêu chí minh họa.",
)
@day_option(
    "--as-of", "as_of", text="Evaluation date; default: the last day of the year. Ngày đánh giá."
)
@click.option(
    "--by",
    "levels",
    multiple=True,
    default=[AreaLevel.PROVINCE.value],
    show_default=True,
    type=click.Choice([level.value for level in AreaLevel]),
    help="Level to aggregate to; may be repeated. Cấp cần tổng hợp.",
)
@programme_option
@level_option(
    "--community-level",
    "community_level",
    text="Area level of the communities in counts and targets. Cấp của cộng đồng.",
)
@click.option(
    "--decided",
    is_flag=True,
    help="Evaluate targets by decisions instead of verdicts. Xét chỉ tiêu theo quyết định.",
)
@click.option(
    "--report",
    "reports",
    metavar="FILE",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write a report to FILE: .html or .xlsx; may be repeated. Tệp báo cáo.",
)
@area_option
@protect_option
@numbers_option
@common_options
@handle_errors
def command(
    year: int,
    areas: str,
    counts: str | None,
    decisions: str | None,
    paths: tuple[str, ...],
    illustrative: bool,
    as_of: date | None,
    levels: tuple[str, ...],
    programme_ids: tuple[str, ...],
    community_level: AreaLevel | None,
    decided: bool,
    reports: tuple[Path, ...],
    area: str | None,
    protect: int | None,
    numbers: Convention,
    output: Format,
    lang: Lang,
    **tables: str | None,
) -> None:
    """Evaluate a learning society bottom-up and aggregate it, optionally with targets.

    Đánh giá cả một xã hội học tập từ dưới lên. Each table (CSV, `-` for standard input) has one row
    per subject, with registered, the inputs of its profile, and optionally members.TITLE; a blank
    cell is unknown, never no and never 0.

    Exits with 1 if any row is invalid; invalid rows are listed, all other rows are counted.
    """
    subjects = {file: path for file, _ in _SUBJECTS if (path := tables[file.value]) is not None}
    require_known_suffixes(reports, lang)
    require_single_stdin(lang, areas, counts, decisions, *subjects.values())
    if not subjects and counts is None:
        fail(_NO_INPUT, lang)
    if FileKind.CITIZENS in subjects and FileKind.HOUSEHOLDS not in subjects:
        fail(_NO_HOUSEHOLDS, lang)
    day = as_of or date(year, 12, 31)
    profiles = load_registry(paths, output, lang)
    programmes = named_programmes(programme_ids, output, lang, profiles=profiles)
    area_table = load_areas(areas, lang, on=day)
    files = SocietyFiles(
        subjects,
        counts=counts,
        decisions=decisions,
        area_table=area_table,
        profiles=profiles,
        programmes=programmes,
        year=year,
        communities=community_level,
        numbers=numbers,
        lang=lang,
    )
    campaign = Campaign(year, profiles, area_table.tree, as_of=day, illustrative=illustrative)
    run = campaign.run(files.society, watch=partial(with_progress, lang=lang, text=_EVALUATED))
    requested_levels = [
        by
        for by in map(AreaLevel, dict.fromkeys(levels))
        # A level missing because of invalid areas is already explained by their row issues.
        if area_table.tree.at_level(by) or not area_table.faults
    ]
    results = CampaignResults(
        run=run,
        read=files.read(run),
        areas=_rollup_rows(run, requested_levels),
        decided=_rollup_rows(run, requested_levels, decided=True) if files.has_decisions else {},
        targets=[
            (
                programme,
                _attainment(run, programme, requested_levels, community_level, decided=decided),
            )
            for programme in programmes
        ],
        differences=list(run.differences),
    )
    issues = [*area_table.faults, *files.issues(run)]
    for warning in (*area_table.warnings, *files.warnings):
        warn(warning, lang)
    if reports:
        report_data = Report.of_run(
            run,
            area=area,
            programmes=programmes,
            communities=community_level,
            decided=decided,
            faults=issues,
        )
        write_reports(report_data, reports, protect, lang)
    if output is Format.JSON:
        errors = [issue.to_dict(lang) for issue in issues]
        print_json({**results.to_dict(lang), "errors": errors})
    else:
        print_with_issues(campaign_report(results, lang), issues, lang)
    finish(has_errors=bool(issues))


def _rollup_rows(
    run: Run, levels: Sequence[AreaLevel], *, decided: bool = False
) -> dict[AreaLevel, list[AreaRollup]]:
    """Return the areas of each level with each title."""
    return {
        by: [
            row
            for title, level in run.groups()
            for row in run.rollup(title, by=by, level=level, decided=decided).rows
        ]
        for by in levels
    }


def _attainment(
    run: Run,
    programme: Programme,
    levels: Sequence[AreaLevel],
    communities: AreaLevel | None,
    *,
    decided: bool,
) -> TargetResults:
    """Return the attainment of the targets of a programme at some levels."""
    results = [
        run.attainment(programme.targets, by=by, level=communities, decided=decided)
        for by in levels
    ]
    rows = tuple(row for result in results for row in result.rows)
    computed = {row.target.id for row in rows}
    not_computed = {entry.target.id: entry for result in results for entry in result.not_computed}
    return TargetResults(
        rows=rows,
        not_computed=tuple(entry for name, entry in not_computed.items() if name not in computed),
    )


_EVALUATED = Text(vi="Đã đánh giá {number} đối tượng…", en="{number} subjects evaluated…")
_NO_INPUT = Text(
    vi="Không có gì để đánh giá: hãy nêu ít nhất một bảng đối tượng (ví dụ --households) hoặc "
    "--counts.",
    en="Nothing to evaluate; give a table of subjects, such as --households, or --counts.",
)
_NO_HOUSEHOLDS = Text(
    vi="Khu vực của công dân được lấy từ hộ gia đình; hãy nêu cả --households.",
    en="The area of a citizen is that of the household; give --households too.",
)
