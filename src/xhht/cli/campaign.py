"""`xhht campaign`: a complete learning society, evaluated bottom-up from files."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import click
from attrs import frozen

from xhht.campaign.campaign import Campaign
from xhht.cli._context import CommandContext, with_context
from xhht.cli._counts import read_counts
from xhht.cli._files import require_known_suffixes, write_reports
from xhht.cli._inputs import (
    area_code,
    load_areas,
    load_register,
    load_registry,
    named_programmes,
    open_table_with_progress,
    require_single_stdin,
)
from xhht.cli._options import (
    area_option,
    areas_option,
    changes_option,
    day_option,
    final_option,
    input_path,
    level_option,
    numbers_option,
    option_group,
    output_path,
    programme_option,
    protect_option,
    register_option,
    year_option,
)
from xhht.domain.areas import AreaLevel
from xhht.issues import FileKind
from xhht.numbers import Convention
from xhht.reporting.campaigns import CampaignResults, campaign_report
from xhht.reporting.report import Report
from xhht.tables.society import SocietyFiles, errors_name_file
from xhht.text import Text

__all__ = ["command"]

_SUBJECTS = (
    (FileKind.CITIZENS, "Table of citizens: id, household, unit. Công dân."),
    (FileKind.HOUSEHOLDS, "Table of households: id, village, clan. Gia đình."),
    (FileKind.CLANS, "Table of clans: id, commune. Dòng họ."),
    (FileKind.UNITS, "Table of units: id, commune, managed_by, kind, name. Đơn vị."),
    (FileKind.COMMUNITIES, "Table of villages, communes and so on: area. Cộng đồng."),
)


@frozen(kw_only=True)
class _Tables:
    """The paths of the input tables; None if not given."""

    areas: str
    changes: str | None
    citizens: str | None
    households: str | None
    clans: str | None
    units: str | None
    communities: str | None
    counts: str | None
    decisions: str | None

    @property
    def subjects(self) -> dict[FileKind, str]:
        """The given tables of subjects, by kind."""
        paths = {kind: getattr(self, kind.value) for kind, _ in _SUBJECTS}
        return {kind: path for kind, path in paths.items() if path is not None}


_tables_option = option_group(
    "tables",
    _Tables,
    areas_option,
    changes_option,
    *(
        click.option(f"--{kind}", kind.value, type=input_path, help=text)
        for kind, text in _SUBJECTS
    ),
    click.option(
        "--counts",
        type=input_path,
        help="Table of counts, as for `rollup`, for areas without records; may hold totals only. "
        "Số tổng hợp.",
    ),
    click.option(
        "--decisions",
        type=input_path,
        help="Table of decisions: title, id, level, decided_on, document, authority, for_year. "
        "Quyết định.",
    ),
)


@frozen(kw_only=True)
class _Rules:
    """Which profiles apply, and when."""

    paths: tuple[str, ...]
    illustrative: bool
    as_of: date | None
    final: bool
    register: str | None


_rules_option = option_group(
    "rules",
    _Rules,
    click.option(
        "--profiles",
        "paths",
        metavar="PATH",
        multiple=True,
        type=click.Path(path_type=str),
        help="Profile or directory of profiles, preferred to installed ones; may be repeated. "
        "Bộ tiêu chí.",
    ),
    click.option(
        "--illustrative",
        is_flag=True,
        help="Allow illustrative profiles. Cho phép bộ tiêu chí minh họa.",
    ),
    day_option(
        "--as-of",
        "as_of",
        text="Evaluation date; default: the last day of the year. Ngày đánh giá.",
    ),
    final_option,
    register_option,
)


@frozen(kw_only=True)
class _Aims:
    """What is aggregated, and the targets it is compared with."""

    levels: tuple[AreaLevel, ...]
    programme_ids: tuple[str, ...]
    community_level: AreaLevel | None
    decided: bool


_aims_option = option_group(
    "aims",
    _Aims,
    click.option(
        "--by",
        "levels",
        multiple=True,
        default=[AreaLevel.PROVINCE.value],
        show_default=True,
        type=click.Choice([level.value for level in AreaLevel]),
        callback=lambda _context, _parameter, value: tuple(map(AreaLevel, dict.fromkeys(value))),
        help="Level to aggregate to; may be repeated. Cấp cần tổng hợp.",
    ),
    programme_option,
    level_option(
        "--community-level",
        "community_level",
        text="Area level of the communities in counts and targets. Cấp của cộng đồng.",
    ),
    click.option(
        "--decided",
        is_flag=True,
        help="Evaluate targets by decisions instead of verdicts. Xét chỉ tiêu theo quyết định.",
    ),
)


@click.command("campaign")
@year_option(text="Year to assess. Năm được đánh giá.")
@_tables_option
@_rules_option
@_aims_option
@click.option(
    "--report",
    "reports",
    metavar="FILE",
    multiple=True,
    type=output_path,
    help="Also write a report to FILE: .html or .xlsx; may be repeated. Tệp báo cáo.",
)
@area_option
@protect_option
@numbers_option
@with_context()
def command(
    context: CommandContext,
    year: int,
    tables: _Tables,
    rules: _Rules,
    aims: _Aims,
    reports: tuple[Path, ...],
    area: str | None,
    protect: int | None,
    numbers: Convention,
) -> None:
    """Evaluate a learning society bottom-up and aggregate it, optionally with targets.

    Đánh giá cả một xã hội học tập từ dưới lên. Each table (CSV, XLSX, Parquet; `-` for CSV
    on standard input) has one row per subject, with registered, the inputs of its profile, and
    optionally members.TITLE; a blank cell is unknown, never no and never 0.

    Exits with 1 if any row is invalid; invalid rows are listed, all other rows are counted.
    """
    require_known_suffixes(context, reports)
    subjects = tables.subjects
    require_single_stdin(
        context,
        tables.areas,
        tables.changes,
        tables.counts,
        tables.decisions,
        *subjects.values(),
    )
    if not subjects and tables.counts is None:
        context.fail(_NO_INPUT)
    if FileKind.CITIZENS in subjects and FileKind.HOUSEHOLDS not in subjects:
        context.fail(_NO_HOUSEHOLDS)
    day = rules.as_of or date(year, 12, 31)
    profiles = load_registry(context, rules.paths)
    programmes = named_programmes(context, aims.programme_ids, profiles=profiles)
    area_table = load_areas(context, tables.areas, on=day, changes=tables.changes)
    counts = None
    if tables.counts is not None:
        with errors_name_file(tables.counts):
            counts = read_counts(
                context,
                tables.counts,
                area_table.tree,
                numbers,
                excluded=area_table.excluded,
                changes=area_table.changes,
            )
    files = SocietyFiles(
        subjects,
        decisions=tables.decisions,
        counts=counts,
        open_table=partial(open_table_with_progress, context, numbers),
        area_table=area_table,
        profiles=profiles,
        programmes=programmes,
        year=year,
        communities=aims.community_level,
        numbers=numbers,
    )
    campaign = Campaign(
        year,
        profiles,
        area_table.tree,
        as_of=day,
        illustrative=rules.illustrative,
        final=rules.final,
        register=load_register(context, rules.register, profiles),
    )
    run = campaign.run(files.society, progress=partial(context.progress, label=_EVALUATED))
    levels = [
        by
        for by in aims.levels
        # A level missing because of invalid areas is already explained by their row issues.
        if area_table.tree.at_level(by) or not area_table.faults
    ]
    results = CampaignResults.of_run(
        run,
        levels,
        read=files.read(run),
        programmes=programmes,
        communities=aims.community_level,
        has_decisions=files.has_decisions,
        decided=aims.decided,
    )
    issues = [*area_table.faults, *files.issues(run)]
    context.warn(*area_table.warnings, *files.warnings, *run.notes)
    if reports:
        report_data = Report.of_run(
            run,
            area=area_code(context, area_table.tree, area),
            programmes=programmes,
            communities=aims.community_level,
            decided=aims.decided,
            faults=issues,
        )
        write_reports(context, report_data, reports, protect)
    context.emit_with_issues(results.to_dict, partial(campaign_report, results), issues)


_EVALUATED = Text(vi="đối tượng đã đánh giá", en="subjects evaluated")
_NO_INPUT = Text(
    vi="Không có gì để đánh giá: hãy nêu ít nhất một bảng đối tượng (ví dụ --households) hoặc "
    "--counts.",
    en="Nothing to evaluate; give a table of subjects, such as --households, or --counts.",
)
_NO_HOUSEHOLDS = Text(
    vi="Khu vực của công dân được lấy từ hộ gia đình; hãy nêu cả --households.",
    en="The area of a citizen is that of the household; give --households too.",
)
