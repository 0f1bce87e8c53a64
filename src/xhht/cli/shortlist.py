"""`xhht shortlist`: who is proposed for commendation, by stated rules, with everybody's reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from xhht.cli._common import (
    Format,
    common_options,
    counted,
    finish,
    input_path,
    numbers_option,
    open_table,
    print_json,
    refuse,
    refusing,
    warn,
)
from xhht.cli._profiles import named_profile
from xhht.cli._tables import (
    day_option,
    fault_of,
    known_areas,
    level_option,
    one_stdin,
    print_with_faults,
)
from xhht.criteria.profile import Profile
from xhht.domain.areas import AreaLevel
from xhht.exact import Convention, json_number
from xhht.reporting.shortlists import shortlist_report
from xhht.rollup.candidate_table import read_candidates
from xhht.rollup.shortlist import (
    Placing,
    RankKey,
    Shortlist,
    ShortlistRules,
    TiePolicy,
    shortlist,
)
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("shortlist")
@click.argument("candidates", metavar="CANDIDATES", type=input_path)
@click.option(
    "--areas", required=True, type=input_path, help="Table of areas: code, name, level, parent."
)
@click.option(
    "--year",
    required=True,
    type=click.IntRange(1900, 2999),
    help="The year for which to commend. Năm xét.",
)
@click.option(
    "--quota",
    required=True,
    type=click.IntRange(min=1),
    help="How many of each title in each area of --per. Số lượng được chọn.",
)
@level_option("--per", "per", required=True, text="Level of the areas with a quota. Cấp phân bổ.")
@click.option("--under", metavar="CODE", help="The area to choose in; else all. Mã khu vực.")
@click.option(
    "--min-years",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="The least consecutive years up to the year. Số năm liên tục ít nhất.",
)
@click.option(
    "--rank",
    "keys",
    multiple=True,
    type=click.Choice([key.value for key in RankKey]),
    callback=lambda _context, _parameter, value: tuple(map(RankKey, value)) or tuple(RankKey),
    help="What to rank by, the first before all others; repeat it. All three in this order if "
    "not given. Tiêu chí xếp hạng.",
)
@click.option(
    "--profile",
    metavar="PROFILE",
    help="Whose levels rank, best first: id or path. Bộ tiêu chí có các mức độ.",
)
@click.option(
    "--ties",
    type=click.Choice([policy.value for policy in TiePolicy]),
    default=TiePolicy.NONE.value,
    show_default=True,
    callback=lambda _context, _parameter, value: TiePolicy(value),
    help="Equal candidates at the edge of a quota: take all, or none. Khi bằng nhau.",
)
@day_option("--on", "on", text="The day of AREAS, if it lists several. Ngày của bảng khu vực.")
@numbers_option
@common_options
@refusing
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
    """Rank CANDIDATES (CSV, `-` for standard input) for commendation, and say why.

    Lập danh sách đề nghị khen thưởng. CANDIDATES has the columns id, area, title, verdict and, if
    known, level, points_certain, points_possible and years (2021-2023). It proposes; an authority
    decides.

    Exit code 1 when rows have faults; they are named and not ranked.
    """
    one_stdin(lang, candidates, areas, profile)
    if RankKey.LEVEL in keys and profile is None:
        refuse(_NEEDS_PROFILE, lang)
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
    known = known_areas(areas, lang, on=on)
    with open_table(candidates) as table:
        read = read_candidates(
            table.columns,
            counted(table, lang),
            known.tree,
            title=chosen.title if chosen else None,
            numbers=numbers,
            left_out=known.left_out,
        )
    found = shortlist(read.candidates, known.tree, area=under, rules=rules)
    faults = [*known.faults, *read.faults]
    for warning in (*known.warnings, *read.warnings):
        warn(warning, lang)
    if output is Format.JSON:
        errors = [fault_of(fault, lang) for fault in faults]
        print_json({**_result(found, lang), "errors": errors})
    else:
        text = shortlist_report(found, known.tree, lang)
        print_with_faults(text, faults, lang)
    finish(faults=bool(faults))


def _levels(profile: Profile | None) -> dict[str, Text]:
    return {level.id: level.name for level in profile.document.levels} if profile else {}


def _result(found: Shortlist, lang: Lang) -> dict[str, Any]:
    rules = found.rules
    return {
        "area": found.area,
        "year": rules.year,
        "rules": {
            "quota": rules.quota,
            "per": rules.per.value,
            "rank": [key.value for key in rules.keys],
            "levels": list(rules.levels),
            "min_years": rules.min_years,
            "ties": rules.ties.value,
        },
        "placings": [_placing(placing, rules.year, lang) for placing in found.placings],
        "outside": found.outside,
    }


def _placing(placing: Placing, year: int, lang: Lang) -> dict[str, Any]:
    candidate = placing.candidate
    certain, possible = candidate.points_certain, candidate.points_possible
    return {
        "id": candidate.id,
        "area": candidate.area,
        "title": candidate.title.value,
        "standing": placing.standing.value,
        "group": placing.group,
        "rank": placing.rank,
        "tied": placing.tied,
        "verdict": candidate.verdict.value,
        "level": candidate.level_held,
        "points_certain": None if certain is None else json_number(certain),
        "points_possible": None if possible is None else json_number(possible),
        "consecutive_years": candidate.consecutive_years(year),
        "reason": placing.reason.in_(lang),
    }


_NEEDS_PROFILE = Text(
    vi="Xếp hạng theo mức độ cần biết thứ tự các mức: hãy nêu bộ tiêu chí bằng --profile, hoặc "
    "chọn --rank points và --rank years.",
    en="To rank by level the order of levels is needed: name the profile with --profile, or choose "
    "--rank points and --rank years.",
)
