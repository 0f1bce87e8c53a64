"""`xhht campaign`: a whole society evaluated bottom-up from files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from xhht.campaign.campaign import Campaign
from xhht.campaign.findings import Difference
from xhht.campaign.run import Run
from xhht.campaign.subject_table import ReadTable
from xhht.cli._common import (
    Format,
    common_options,
    counted,
    finish,
    input_path,
    numbers_option,
    print_json,
    refuse,
    refusing,
    warn,
)
from xhht.cli._profiles import known_profiles
from xhht.cli._report_files import area_option, protect_option, require_endings, write_reports
from xhht.cli._society import SocietyFiles
from xhht.cli._tables import (
    day_option,
    fault_of,
    known_areas,
    level_option,
    one_stdin,
    print_with_faults,
    rollup_of,
)
from xhht.cli._targets import attained_of, named_programmes, programme_option
from xhht.criteria.document import Provenance
from xhht.criteria.profile import Profile
from xhht.criteria.targets import Programme
from xhht.domain.areas import AreaLevel
from xhht.exact import Convention
from xhht.reporting.campaigns import CampaignFound, campaign_report
from xhht.reporting.report import Report
from xhht.rollup.attained import Attained
from xhht.rollup.counts import Count
from xhht.rollup.faults import FileKind
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
    """Give a command one option for each table of subjects, as `citizens: str | None` and so on."""
    for file, text in reversed(_SUBJECTS):
        command = click.option(f"--{file}", file.value, type=input_path, help=text)(command)
    return command


@click.command("campaign")
@click.option(
    "--year",
    required=True,
    type=click.IntRange(1900, 2999),
    help="The year that is assessed. Năm được đánh giá.",
)
@click.option(
    "--areas", required=True, type=input_path, help="Table of areas: code, name, level, parent."
)
@_table_options
@click.option(
    "--counts",
    type=input_path,
    help="Table of counts, as for `rollup`, of areas without records; a total alone says how many "
    "there are. Số tổng hợp.",
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
    help="A profile, or a folder of them, that goes before the installed ones; may be repeated. "
    "Bộ tiêu chí.",
)
@click.option(
    "--illustrative",
    is_flag=True,
    help="Let invented profiles be chosen too. Cho phép bộ tiêu chí minh họa.",
)
@day_option("--as-of", "as_of", text="The day to judge for; the last day of the year if not given.")
@click.option(
    "--by",
    "levels",
    multiple=True,
    default=[AreaLevel.PROVINCE.value],
    show_default=True,
    type=click.Choice([level.value for level in AreaLevel]),
    help="Level to add up to; may be repeated. Cấp cần tổng hợp.",
)
@programme_option
@level_option(
    "--community-level",
    "community_level",
    text="The level of the communities that counts and targets speak of. Cấp của cộng đồng.",
)
@click.option(
    "--decided",
    is_flag=True,
    help="Hold targets against decisions, not verdicts. Xét chỉ tiêu theo quyết định.",
)
@click.option(
    "--report",
    "reports",
    metavar="FILE",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a report to FILE too: .html or .xlsx; may be repeated. Tệp báo cáo.",
)
@area_option
@protect_option
@numbers_option
@common_options
@refusing
def command(
    year: int,
    areas: str,
    counts: str | None,
    decisions: str | None,
    paths: tuple[str, ...],
    illustrative: bool,
    as_of: date | None,
    levels: tuple[str, ...],
    named: tuple[str, ...],
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
    """Evaluate a whole society bottom-up and add it up, with targets if wanted.

    Đánh giá cả một xã hội học tập từ dưới lên. Each table (CSV, `-` for standard input) has one row
    a subject, with registered, the inputs of its profile, and perhaps members.TITLE; a blank cell
    is unknown, never no and never 0.

    Exit code 1 when rows have faults; they are named, and what can be counted is.
    """
    subjects = {file: path for file, _ in _SUBJECTS if (path := tables[file.value]) is not None}
    require_endings(reports, lang)
    one_stdin(lang, areas, counts, decisions, *subjects.values())
    if not subjects and counts is None:
        refuse(_NOTHING, lang)
    if FileKind.CITIZENS in subjects and FileKind.HOUSEHOLDS not in subjects:
        refuse(_NO_HOUSEHOLDS, lang)
    day = as_of or date(year, 12, 31)
    profiles = known_profiles(paths, output, lang)
    programmes = named_programmes(named, output, lang, profiles=profiles)
    known = known_areas(areas, lang, on=day)
    files = SocietyFiles(
        subjects,
        counts=counts,
        decisions=decisions,
        known=known,
        profiles=profiles,
        programmes=programmes,
        year=year,
        communities=community_level,
        numbers=numbers,
        lang=lang,
    )
    campaign = Campaign(year, profiles, known.tree, as_of=day, illustrative=illustrative)
    run = campaign.run(files.society, watch=partial(counted, lang=lang, text=_JUDGED))
    asked = [
        by
        for by in map(AreaLevel, dict.fromkeys(levels))
        # Where faults of the areas keep a level out of the tree, they say so.
        if known.tree.at_level(by) or not known.faults
    ]
    found = CampaignFound(
        run=run,
        read=files.read(run),
        areas=_rows(run, asked),
        decided=_rows(run, asked, decided=True) if files.has_decisions else {},
        targets=[
            (each, _attained(run, each, asked, community_level, decided=decided))
            for each in programmes
        ],
        differences=list(run.differences),
    )
    faults = [*known.faults, *files.faults(run)]
    for warning in (*known.warnings, *files.warnings):
        warn(warning, lang)
    if reports:
        made = Report.of_run(
            run,
            area=area,
            programmes=programmes,
            communities=community_level,
            decided=decided,
            faults=faults,
        )
        write_reports(made, reports, protect, lang)
    if output is Format.JSON:
        print_json({**_found(found, lang), "errors": [fault_of(fault, lang) for fault in faults]})
    else:
        print_with_faults(campaign_report(found, lang), faults, lang)
    finish(faults=bool(faults))


def _rows(
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


def _attained(
    run: Run,
    programme: Programme,
    levels: Sequence[AreaLevel],
    communities: AreaLevel | None,
    *,
    decided: bool,
) -> Attained:
    """Return how the targets of a programme stand at some levels."""
    found = [
        run.attainment(programme.targets, by=by, level=communities, decided=decided)
        for by in levels
    ]
    rows = tuple(row for each in found for row in each.rows)
    computed = {row.target.id for row in rows}
    left = {one.target.id: one for each in found for one in each.not_computed}
    return Attained(
        rows=rows,
        not_computed=tuple(one for name, one in left.items() if name not in computed),
    )


def _found(found: CampaignFound, lang: Lang) -> dict[str, Any]:
    run = found.run
    return {
        "as_of": run.as_of.isoformat(),
        "year": run.year,
        "profiles": [_profile(profile) for profile in run.profiles],
        "records": [_read(table) for table in found.read],
        "areas": [
            _area(row, found.decided[by][at] if by in found.decided else None)
            for by, rows in found.areas.items()
            for at, row in enumerate(rows)
        ],
        "targets": attained_of(found.targets, lang),
        "differences": [_difference(each) for each in found.differences],
    }


def _area(row: AreaRollup, decided: AreaRollup | None) -> dict[str, Any]:
    """Return an area, with what was decided beside what was computed."""
    return {
        **rollup_of(row),
        "communities": row.communities.value if row.communities else None,
        "decided": _decided(decided) if decided else None,
    }


def _decided(row: AreaRollup) -> dict[str, Any]:
    return {
        "recognised": row.tally.known(Count.RECOGNISED),
        "recognised_by_level": dict(sorted(row.tally.levels.items())),
    }


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        "id": profile.id,
        "version": profile.version,
        "hash": profile.hash,
        "provenance": profile.provenance.value,
        "illustrative": profile.provenance is Provenance.ILLUSTRATIVE,
    }


def _read(table: ReadTable) -> dict[str, Any]:
    return {
        "file": table.file.value,
        "rows": table.rows,
        "judged": table.judged,
        "unknown": table.unknown,
        "refused": table.refused,
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "title": difference.title.value,
        "id": difference.id,
        "computed": list(difference.computed),
        "decided": difference.decided,
    }


_JUDGED = Text(vi="Đã đánh giá {number} đối tượng…", en="{number} subjects judged…")
_NOTHING = Text(
    vi="Không có gì để đánh giá: hãy nêu ít nhất một bảng đối tượng (ví dụ --households) hoặc "
    "--counts.",
    en="There is nothing to evaluate: name a table of subjects, such as --households, or --counts.",
)
_NO_HOUSEHOLDS = Text(
    vi="Công dân ở đâu là do hộ gia đình cho biết; hãy nêu cả --households.",
    en="Where citizens are, their households tell; name --households too.",
)
