"""`xhht compare`: the differences between two profiles, and their effect on a population."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from attrs import frozen

from xhht.cli._common import (
    STDIN,
    Format,
    common_options,
    fail,
    finish,
    handle_errors,
    numbers_option,
    print_json,
    print_text,
)
from xhht.cli._profiles import named_profile
from xhht.cli._tables import day_option, level_option
from xhht.criteria.changes import ProfileChanges
from xhht.criteria.compare import compare_profiles
from xhht.criteria.profile import Profile
from xhht.dates import day_text
from xhht.domain.areas import AreaLevel
from xhht.numbers import Convention
from xhht.reporting.comparisons import changes_text
from xhht.text import Lang, Text

__all__ = ["command"]

_file = click.Path(dir_okay=True, path_type=Path)


@click.command("compare")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--population", type=_file, help="CSV, Parquet or XLSX for a preview. Tệp dân cư.")
@click.option("--by", help="Group by a column, or a level of --areas. Chia theo cột hoặc cấp.")
@click.option("--areas", type=click.Path(path_type=str), help="Table of areas. Bảng khu vực.")
@level_option(
    "--area-level",
    "area_level",
    text="Level of the codes in column area, to restore leading zeros. Cấp của mã khu vực.",
)
@click.option("--sheet", help="Sheet of a workbook. Trang của bảng tính.")
@day_option("--as-of", "as_of", text="Evaluation date for both. Ngày đánh giá.")
@numbers_option
@common_options
@handle_errors
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
    """Compare profile NEW with OLD, and preview the effect on a population.

    Each is a file, or an id with optional `@version`. Exit codes: 0 no differences, 1 differences,
    2 invalid usage.

    So sánh hai bộ tiêu chí theo nội dung; xem trước ai được hơn, ai bị kém đi.
    """
    if old == new == STDIN:
        fail(_ONE_STDIN, lang)
    if population is None and any((by, areas, area_level, sheet, as_of)):
        fail(_NEEDS_POPULATION, lang)
    changes = compare_profiles(named_profile(old, output, lang), named_profile(new, output, lang))
    options = _PreviewOptions(by=by, areas=areas, level=area_level, sheet=sheet, numbers=numbers)
    if population is None:
        if output is Format.JSON:
            print_json({**changes.to_dict(lang), "population": None})
        else:
            print_text(changes_text(changes, lang))
        finish(has_errors=bool(changes))
        return
    day = as_of or _default_day(changes.new)
    finish(has_errors=_preview(changes, population, options, day, output, lang) or bool(changes))


@frozen(kw_only=True)
class _PreviewOptions:
    """Options of the preview."""

    by: str | None
    areas: str | None
    level: AreaLevel | None
    sheet: str | None
    numbers: Convention


def _default_day(profile: Profile) -> date:
    """Return the default evaluation date: today, or the first day of a future profile."""
    return max(date.today(), profile.document.effective_from or date.min)


def _preview(
    changes: ProfileChanges,
    population: Path,
    options: _PreviewOptions,
    day: date,
    output: Format,
    lang: Lang,
) -> bool:
    """Print the differences and their effect; return whether rows were rejected."""
    try:
        from xhht.cli._population import Preview, preview
    except ModuleNotFoundError:
        fail(_NEEDS_FRAMES, lang)
    result: Preview = preview(
        changes,
        population,
        by=options.by,
        areas=options.areas,
        level=options.level,
        sheet=options.sheet,
        numbers=options.numbers,
        day=day,
        lang=lang,
    )
    if output is Format.JSON:
        effect = {"as_of": day.isoformat(), **result.to_dict(lang)}
        print_json({**changes.to_dict(lang), "population": effect})
    else:
        as_of = _AS_OF.get(lang, day=day_text(day))
        print_text("\n\n".join([changes_text(changes, lang), as_of, result.text(lang)]))
    return result.has_rejected


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
    en="Both evaluated as of: {day}",
)
