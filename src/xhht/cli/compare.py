"""`xhht compare`: what differs between two profiles, and whom the change would touch."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from attrs import frozen

from xhht.cli._common import (
    STDIN,
    Format,
    common_options,
    finish,
    numbers_option,
    print_json,
    print_text,
    refuse,
    refusing,
)
from xhht.cli._profiles import named_profile
from xhht.cli._tables import day_option, level_option
from xhht.criteria.changes import ProfileChanges
from xhht.criteria.comparing import compare_profiles
from xhht.criteria.profile import Profile
from xhht.dates import day_text
from xhht.domain.areas import AreaLevel
from xhht.exact import Convention
from xhht.reporting.comparisons import changes_dict, changes_text
from xhht.text import Lang, Text

__all__ = ["command"]

_file = click.Path(dir_okay=True, path_type=Path)


@click.command("compare")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--population", type=_file, help="CSV, Parquet or XLSX to preview. Tệp dân cư.")
@click.option("--by", help="Group by a column, or a level of --areas. Chia theo cột hoặc cấp.")
@click.option("--areas", type=click.Path(path_type=str), help="Table of areas. Bảng khu vực.")
@level_option(
    "--area-level",
    "area_level",
    text="Level of the codes in the column area, to put lost zeros back. Cấp của mã khu vực.",
)
@click.option("--sheet", help="The sheet of a workbook. Trang của bảng tính.")
@day_option("--as-of", "as_of", text="The day to judge for, under both. Ngày đánh giá.")
@numbers_option
@common_options
@refusing
def command(
    old: str,
    new: str,
    population: Path | None,
    by: str | None,
    areas: str | None,
    area_level: AreaLevel | None,
    sheet: str | None,
    as_of: date | None,
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> None:
    """Tell in what the profile NEW differs from OLD, and what that does to a population.

    Each is a file, or an id with optional `@version`. Exit codes: 0 no difference, 1 differences,
    2 wrong usage.

    So sánh hai bộ tiêu chí theo nội dung; xem trước ai được hơn, ai bị kém đi.
    """
    if old == new == STDIN:
        refuse(_ONE_STDIN, lang)
    if population is None and any((by, areas, area_level, sheet, as_of)):
        refuse(_NEEDS_POPULATION, lang)
    changes = compare_profiles(named_profile(old, output, lang), named_profile(new, output, lang))
    asked = _Asked(by=by, areas=areas, level=area_level, sheet=sheet, numbers=numbers)
    if population is None:
        if output is Format.JSON:
            print_json({**changes_dict(changes, lang), "population": None})
        else:
            print_text(changes_text(changes, lang))
        finish(faults=bool(changes))
        return
    day = as_of or _day_of(changes.new)
    finish(faults=_preview(changes, population, asked, day, output, lang) or bool(changes))


@frozen(kw_only=True)
class _Asked:
    """What is asked for beside the population."""

    by: str | None
    areas: str | None
    level: AreaLevel | None
    sheet: str | None
    numbers: Convention


def _day_of(profile: Profile) -> date:
    """Return the day to judge for: today, or the first day of a profile that is to come."""
    return max(date.today(), profile.document.effective_from or date.min)


def _preview(
    changes: ProfileChanges,
    population: Path,
    asked: _Asked,
    day: date,
    output: Format,
    lang: Lang,
) -> bool:
    """Print what differs and what that does to a population; tell whether rows were rejected."""
    try:
        from xhht.cli._population import Preview, preview
    except ModuleNotFoundError:
        refuse(_NEEDS_FRAMES, lang)
    found: Preview = preview(
        changes,
        population,
        by=asked.by,
        areas=asked.areas,
        level=asked.level,
        sheet=asked.sheet,
        numbers=asked.numbers,
        day=day,
        lang=lang,
    )
    if output is Format.JSON:
        told = {"as_of": day.isoformat(), **found.to_dict(lang)}
        print_json({**changes_dict(changes, lang), "population": told})
    else:
        judged = _AS_OF.in_(lang, day=day_text(day))
        print_text("\n\n".join([changes_text(changes, lang), judged, found.text(lang)]))
    return found.has_rejected


_ONE_STDIN = Text(
    vi="Chỉ một trong hai bộ tiêu chí được đọc từ đầu vào chuẩn (-).",
    en="Only one of the two profiles can be read from standard input (-).",
)
_NEEDS_POPULATION = Text(
    vi="--by, --areas, --area-level, --sheet và --as-of cần --population.",
    en="--by, --areas, --area-level, --sheet and --as-of need --population.",
)
_NEEDS_FRAMES = Text(
    vi="Việc này cần cài thêm: pip install 'xhht[frames]'.",
    en="This needs an extra: pip install 'xhht[frames]'.",
)
_AS_OF = Text(
    vi="Cả hai bộ đánh giá cho ngày: {day}",
    en="Both judge as of: {day}",
)
