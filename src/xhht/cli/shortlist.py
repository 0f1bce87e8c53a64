"""`xhht shortlist`: proposals for commendation by explicit rules, with a reason for everyone."""

from __future__ import annotations

from datetime import date

import click

from xhht.cli._common import (
    Format,
    common_options,
    fail,
    finish,
    handle_errors,
    input_path,
    numbers_option,
    open_table,
    print_json,
    warn,
    with_progress,
)
from xhht.cli._profiles import named_profile
from xhht.cli._tables import (
    day_option,
    level_option,
    load_areas,
    print_with_issues,
    require_single_stdin,
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
from xhht.tables.candidates import read_candidates
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("shortlist")
@click.argument("candidates", metavar="CANDIDATES", type=input_path)
@click.option(
    "--areas",
    required=True,
    type=input_path,
    help="Table of areas: code, name, level, parent. Bảng khu vực.",
)
@click.option(
    "--year",
    required=True,
    type=click.IntRange(1900, 2999),
    help="Year of the commendation. Năm xét.",
)
@click.option(
    "--quota",
    required=True,
    type=click.IntRange(min=1),
    help="Number per title in each area of --per. Số lượng được chọn.",
)
@level_option("--per", "per", required=True, text="Level of the areas with a quota. Cấp phân bổ.")
@click.option("--under", metavar="CODE", help="Only candidates in this area. Mã khu vực.")
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
@click.option(
    "--ties",
    type=click.Choice([policy.value for policy in TiePolicy]),
    default=TiePolicy.NONE.value,
    show_default=True,
    callback=lambda _context, _parameter, value: TiePolicy(value),
    help="Tied candidates at the quota limit: take all or none. Khi bằng nhau.",
)
@day_option("--on", "on", text="Date of AREAS, if it covers several. Ngày của bảng khu vực.")
@numbers_option
@common_options
@handle_errors
def command(
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
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> None:
    """Rank CANDIDATES (CSV, `-` for standard input) for commendation, with reasons.

    Lập danh sách đề nghị khen thưởng. CANDIDATES has the columns id, area, title, verdict and, if
    known, level, points_certain, points_possible and years (2021-2023). The list is a proposal;
    the authority decides.

    Exits with 1 if any row is invalid; invalid rows are listed and not ranked.
    """
    require_single_stdin(lang, candidates, areas, profile)
    if RankKey.LEVEL in keys and profile is None:
        fail(_NEEDS_PROFILE, lang)
    chosen = named_profile(profile, output, lang) if profile is not None else None
    rules = ShortlistRules(
        year=year,
        quota=quota,
        per=per,
        keys=keys,
        levels=_levels(chosen),
        min_years=min_years,
        ties=ties,
    )
    area_table = load_areas(areas, lang, on=on)
    with open_table(candidates) as table:
        candidate_table = read_candidates(
            table.columns,
            with_progress(table, lang),
            area_table.tree,
            title=chosen.title if chosen else None,
            numbers=numbers,
            excluded=area_table.excluded,
        )
    result = shortlist(candidate_table.candidates, area_table.tree, area=under, rules=rules)
    issues = [*area_table.faults, *candidate_table.faults]
    for warning in (*area_table.warnings, *candidate_table.warnings):
        warn(warning, lang)
    if output is Format.JSON:
        errors = [issue.to_dict(lang) for issue in issues]
        print_json({**result.to_dict(lang), "errors": errors})
    else:
        text = shortlist_report(result, area_table.tree, lang)
        print_with_issues(text, issues, lang)
    finish(has_errors=bool(issues))


def _levels(profile: Profile | None) -> dict[str, Text]:
    return {level.id: level.name for level in profile.document.levels} if profile else {}


_NEEDS_PROFILE = Text(
    vi="Xếp hạng theo mức độ cần biết thứ tự các mức: hãy nêu bộ tiêu chí bằng --profile, hoặc "
    "chọn --rank points và --rank years.",
    en="Ranking by level requires the order of levels: give the profile with --profile, or use "
    "--rank points and --rank years.",
)
