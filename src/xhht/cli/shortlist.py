"""`xhht shortlist`: proposals for commendation by explicit rules, with a reason for everyone."""

from __future__ import annotations

from datetime import date

import click

from xhht.cli._context import CommandContext, choice_option, with_context
from xhht.cli._inputs import area_code, load_areas, named_profile, open_table, require_single_stdin
from xhht.cli._options import (
    areas_day_option,
    areas_option,
    changes_option,
    input_path,
    level_option,
    numbers_option,
    year_option,
)
from xhht.criteria.profile import Profile
from xhht.domain.areas import AreaLevel
from xhht.numbers import Convention
from xhht.reporting.shortlists import shortlist_report
from xhht.rollup.shortlist import (
    RankKey,
    ShortlistRules,
    TiePolicy,
    shortlist,
)
from xhht.tables.candidates import CANDIDATES, read_candidates
from xhht.text import Text

__all__ = ["command"]


@click.command("shortlist")
@click.argument("candidates", metavar="CANDIDATES", type=input_path)
@areas_option
@changes_option
@year_option(text="Year of the commendation. Năm xét.")
@click.option(
    "--quota",
    required=True,
    type=click.IntRange(min=1),
    help="Number per title in each area of --per. Số lượng được chọn.",
)
@level_option("--per", "per", required=True, text="Level of the areas with a quota. Cấp phân bổ.")
@click.option("--under", metavar="AREA", help="Only candidates in this area. Khu vực.")
@click.option(
    "--min-years",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Minimum consecutive years up to --year. Số năm liên tục ít nhất.",
)
@click.option(
    "--rank",
    "keys",
    multiple=True,
    type=click.Choice([key.value for key in RankKey]),
    callback=lambda _context, _parameter, value: tuple(map(RankKey, value)) or tuple(RankKey),
    help="Ranking key, most important first; may be repeated. Default: all three in this order. "
    "Tiêu chí xếp hạng.",
)
@click.option(
    "--profile",
    metavar="PROFILE",
    help="Profile that defines the order of levels: id or path. Bộ tiêu chí có các mức độ.",
)
@choice_option(
    "--ties",
    "ties",
    TiePolicy,
    default=TiePolicy.NONE,
    text="Tied candidates at the quota limit: take all or none. Khi bằng nhau.",
)
@areas_day_option
@numbers_option
@with_context()
def command(
    context: CommandContext,
    candidates: str,
    areas: str,
    year: int,
    quota: int,
    per: AreaLevel,
    under: str | None,
    min_years: int,
    keys: tuple[RankKey, ...],
    profile: str | None,
    ties: TiePolicy,
    on: date | None,
    changes: str | None,
    numbers: Convention,
) -> None:
    """Rank CANDIDATES (CSV, XLSX, Parquet; `-` for standard input) for commendation, with reasons.

    Lập danh sách đề nghị khen thưởng. CANDIDATES has the columns id, area, title, verdict and, if
    known, level, points_certain, points_possible and years (2021-2023). The list is a proposal;
    the authority decides.

    Exits with 1 if any row is invalid; invalid rows are listed and not ranked.
    """
    require_single_stdin(context, candidates, areas, profile, changes)
    if RankKey.LEVEL in keys and profile is None:
        context.fail(_NEEDS_PROFILE)
    chosen = named_profile(context, profile) if profile is not None else None
    rules = ShortlistRules(
        year=year,
        quota=quota,
        per=per,
        keys=keys,
        levels=_levels(chosen),
        min_years=min_years,
        ties=ties,
    )
    area_table = load_areas(context, areas, on=on, changes=changes)
    with open_table(context, candidates, CANDIDATES, numbers) as table:
        candidate_table = read_candidates(
            table.columns,
            context.progress(table),
            area_table.tree,
            title=chosen.title if chosen else None,
            numbers=numbers,
            excluded=area_table.excluded,
            changes=area_table.changes,
        )
    result = shortlist(
        candidate_table.candidates,
        area_table.tree,
        area=area_code(context, area_table.tree, under),
        rules=rules,
    )
    issues = [*area_table.faults, *candidate_table.faults]
    context.warn(*area_table.warnings, *candidate_table.warnings)
    context.emit_with_issues(
        result.to_dict, lambda lang: shortlist_report(result, area_table.tree, lang), issues
    )


def _levels(profile: Profile | None) -> dict[str, Text]:
    return {level.id: level.name for level in profile.document.levels} if profile else {}


_NEEDS_PROFILE = Text(
    vi="Xếp hạng theo mức độ cần biết thứ tự các mức: hãy nêu bộ tiêu chí bằng --profile, hoặc "
    "chọn --rank points và --rank years.",
    en="Ranking by level requires the order of levels: give the profile with --profile, or use "
    "--rank points and --rank years.",
)
