"""`xhht compare`: the differences between two profiles, and their effect on a population."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from xhht.cli._context import STDIN, CommandContext, with_context
from xhht.cli._inputs import load_areas, named_profile
from xhht.cli._options import PreviewOptions, day_option, numbers_option, preview_options
from xhht.criteria.compare import compare_profiles
from xhht.criteria.profile import Profile
from xhht.dates import day_text
from xhht.domain.areas import AreaLevel
from xhht.numbers import Convention, number_text
from xhht.reporting.comparisons import changes_text
from xhht.text import Lang, Text

__all__ = ["command"]

_file = click.Path(dir_okay=True, path_type=Path)


@click.command("compare")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--population", type=_file, help="CSV, Parquet or XLSX for a preview. Tệp dân cư.")
@preview_options
@day_option("--as-of", "as_of", text="Evaluation date for both. Ngày đánh giá.")
@numbers_option
@with_context()
def command(
    context: CommandContext,
    old: str,
    new: str,
    population: Path | None,
    options: PreviewOptions,
    as_of: date | None,
    numbers: Convention,
) -> None:
    """Compare profile NEW with OLD, and preview the effect on a population.

    Each is a file, or an id with optional `@version`. Exit codes: 0 no differences, 1 differences,
    2 invalid usage.

    So sánh hai bộ tiêu chí theo nội dung; xem trước ai được hơn, ai bị kém đi.
    """
    if old == new == STDIN:
        context.fail(_ONE_STDIN)
    if population is None and (options.any_given or as_of):
        context.fail(_NEEDS_POPULATION)
    changes = compare_profiles(named_profile(context, old), named_profile(context, new))
    if population is None:
        context.emit(
            lambda lang: {**changes.to_dict(lang), "population": None},
            lambda lang: changes_text(changes, lang),
        )
        context.finish(has_errors=bool(changes))
        return
    day = as_of or _default_day(changes.new)
    with context.require_extras():
        from xhht.reporting.population import preview_population
    if changes.old.title is not changes.new.title:
        context.fail(_DIFFERENT_TITLES)
    if options.areas is not None and options.by not in list(AreaLevel):
        context.fail(_NEEDS_LEVEL)
    tree = None if options.areas is None else load_areas(context, options.areas, on=day).tree
    with context.progress_bar() as bar:
        effect = preview_population(
            changes,
            population,
            as_of=day,
            by=options.by,
            tree=tree,
            code_level=options.area_level,
            sheet=options.sheet,
            numbers=numbers,
            progress=bar,
            warn=context.warn,
        )
    if effect.rejected:
        context.warn(_REJECTED.format(number=number_text(effect.rejected, context.lang)))
    if effect.outside:
        number, level = number_text(effect.outside, context.lang), AreaLevel(str(options.by)).label
        context.warn(_OUTSIDE_LEVEL.format(number=number, level=level))
    heading = _AS_OF.format(day=day_text(day))

    def data(lang: Lang) -> dict[str, Any]:
        population = {"as_of": day.isoformat(), **effect.to_dict(lang)}
        return {**changes.to_dict(lang), "population": population}

    def text(lang: Lang) -> str:
        return "\n\n".join([changes_text(changes, lang), heading.get(lang), effect.text(lang)])

    context.emit(data, text)
    context.finish(has_errors=bool(effect.rejected or changes))


def _default_day(profile: Profile) -> date:
    """Return the default evaluation date: today, or the first day of a future profile."""
    return max(date.today(), profile.document.effective_from or date.min)


_ONE_STDIN = Text(
    vi="Chỉ một trong hai bộ tiêu chí được đọc từ đầu vào chuẩn (-).",
    en="Only one of the two profiles can be read from standard input (-).",
)
_NEEDS_POPULATION = Text(
    vi="--by, --areas, --area-level, --sheet và --as-of cần --population.",
    en="--by, --areas, --area-level, --sheet and --as-of need --population.",
)
_AS_OF = Text(
    vi="Cả hai bộ đánh giá cho ngày: {day}",
    en="Both evaluated as of: {day}",
)
_NEEDS_LEVEL = Text(
    vi="Khi dùng --areas, --by phải là một cấp: nation, province, district, commune hoặc village.",
    en="With --areas, --by must be a level: nation, province, district, commune or village.",
)
_DIFFERENT_TITLES = Text(
    vi="Hai bộ tiêu chí thuộc hai danh hiệu khác nhau, nên không có đối tượng để so sánh; hãy bỏ "
    "--population hoặc chọn hai bộ của cùng một danh hiệu.",
    en="The two profiles have different titles, so no subjects can be compared; omit --population, "
    "or give two profiles with the same title.",
)
_REJECTED = Text(
    vi="{number} dòng không đánh giá được theo một hoặc cả hai bộ; xem dòng nào và lý do bằng xhht "
    "evaluate với --rejected.",
    en="Rows that cannot be evaluated under one or both profiles: {number}; run xhht evaluate with "
    "--rejected to see which and why.",
)
_OUTSIDE_LEVEL = Text(
    vi="{number} dòng không nằm trong khu vực nào ở cấp {level} của bảng khu vực.",
    en="Rows in no area at level {level} of the table of areas: {number}.",
)
