"""Areas of a day, and counts carried onto the map of another day, as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from xhht.dates import day_text
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.concordance import Concordance
from xhht.domain.titles import Title
from xhht.reporting.rollups import COUNT_COLUMNS
from xhht.reporting.tables import Column, number_text, plain, render_table
from xhht.rollup.carry import Carried, Unplaced
from xhht.rollup.counts import Count
from xhht.rollup.tally import Tally
from xhht.text import Lang, Text

__all__ = ["areas_report", "carried_report"]


def areas_report(
    areas: Sequence[Area], tree: AreaTree, day: date, lang: Lang | str = Lang.VI
) -> str:
    """Return areas with those within them set in, and how many there are of each level.

    Args:
        areas: each before those within it.
        tree: the tree of the day.
        day: the day.
        lang: the language.
    """
    depths = [len(tree.ancestors(area.code)) for area in areas]
    least = min(depths, default=0)
    lines = [
        f"{'  ' * (depth - least)}{plain(area.code)}  {plain(area.name)}"
        for area, depth in zip(areas, depths, strict=True)
    ]
    numbers = Counter(area.level for area in areas)
    levels = [
        f"{level.label.in_(lang)}: {number_text(numbers[level], lang)}"
        for level in AreaLevel
        if numbers[level]
    ]
    summary = _SUMMARY if levels else _NOTHING
    lines.append(summary.format(day=day_text(day)).in_(lang, levels="; ".join(levels)))
    return "\n".join(lines)


def carried_report(
    carried: Carried,
    sums: Mapping[Title, Mapping[str, Mapping[Count, int]]],
    concordance: Concordance,
    lang: Lang | str = Lang.VI,
) -> str:
    """Return what is placed, estimated and unplaced, and that together they are what came in.

    Args:
        carried: the counts.
        sums: by title, what was `reported`, `placed`, `estimated` and `unplaced`, in this order.
        concordance: the areas.
        lang: the language.
    """
    blocks = [_sums(sums, lang)]
    for heading, reports in ((_PLACED, carried.placed), (_ESTIMATED, carried.estimated)):
        if reports:
            rows = [
                [
                    *_counts(concordance.area(code, carried.day), title, tally, lang),
                    "; ".join(sorted(f.label.in_(lang) for f in carried.flags(code, title))),
                ]
                for (code, title), tally in reports.items()
            ]
            table = render_table([*COUNT_COLUMNS, Column(_NOTE)], rows, lang)
            blocks.append(f"{heading.format(day=day_text(carried.day)).in_(lang)}\n{table}")
    if carried.unplaced:
        rows = [_unplaced(one, lang) for one in carried.unplaced]
        table = render_table([*COUNT_COLUMNS, Column(_WHY)], rows, lang)
        blocks.append(f"{_UNPLACED.in_(lang)}\n{table}")
    return "\n\n".join(blocks)


def _sums(sums: Mapping[Title, Mapping[str, Mapping[Count, int]]], lang: Lang | str) -> str:
    rows = [
        [
            title.label.in_(lang),
            count.label.in_(lang),
            *(number_text(side[count], lang) for side in sides.values()),
        ]
        for title, sides in sums.items()
        for count in sides["reported"]
    ]
    return render_table(_SUM_COLUMNS, rows, lang)


def _unplaced(one: Unplaced, lang: Lang | str) -> list[str]:
    said = one.reason.text.in_(lang)
    if one.candidates:
        said += f": {_names(one.candidates)}"
    return [*_counts(one.area, one.title, one.tally, lang), said]


def _names(areas: Iterable[Area]) -> str:
    return ", ".join(f"{area.name} ({area.code})" for area in areas)


def _counts(area: Area, title: Title, tally: Tally, lang: Lang | str) -> list[str]:
    numbers = [number_text(tally.known(count), lang) for count in Count]
    return [area.code, area.name, title.label.in_(lang), *numbers]


_SUM_COLUMNS = (
    Column(Text(vi="Danh hiệu", en="Title")),
    Column(Text(vi="Số liệu", en="Count")),
    Column(Text(vi="Báo cáo", en="Reported"), numeric=True),
    Column(Text(vi="Đã quy đổi", en="Placed"), numeric=True),
    Column(Text(vi="Ước tính", en="Estimated"), numeric=True),
    Column(Text(vi="Chưa quy đổi được", en="Unplaced"), numeric=True),
)
_NOTE = Text(vi="Ghi chú", en="Note")
_WHY = Text(vi="Lý do", en="Reason")
_SUMMARY = Text(vi="Ngày {day}: {{levels}}.", en="On {day}: {{levels}}.")
_NOTHING = Text(vi="Ngày {day}: không có khu vực nào.", en="On {day}: no areas.")
_PLACED = Text(
    vi="Đã quy đổi chính xác về bản đồ ngày {day}:", en="Placed exactly on the map of {day}:"
)
_ESTIMATED = Text(
    vi="Ước tính theo trọng số, về bản đồ ngày {day}:",
    en="Estimated by weights, on the map of {day}:",
)
_UNPLACED = Text(vi="Chưa quy đổi được:", en="Unplaced:")
