"""Areas on a day, and counts converted to the map of another day, as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from xhht import labels
from xhht.dates import day_text
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.numbers import number_text
from xhht.render import Column, DisplayTable, sanitize_line
from xhht.reporting.rollups import COUNT_COLUMNS
from xhht.rollup.carry import Carried, CarriedSums, Unplaced
from xhht.rollup.counted import TitleKey
from xhht.rollup.counts import Count
from xhht.rollup.tally import Tally
from xhht.text import Lang, Text

__all__ = ["areas_report", "carried_report"]


def areas_report(
    areas: Sequence[Area], tree: AreaTree, day: date, lang: Lang | str = Lang.VI
) -> str:
    """Return an indented list of areas, and the number of areas of each level.

    Args:
        areas: each before its subareas.
        tree: the tree of the day.
        day: the day.
        lang: the language.
    """
    depths = [len(tree.ancestors(area.code)) for area in areas]
    top_depth = min(depths, default=0)
    lines = [
        f"{'  ' * (depth - top_depth)}{sanitize_line(area.code)}  {sanitize_line(area.name)}"
        for area, depth in zip(areas, depths, strict=True)
    ]
    numbers = Counter(area.level for area in areas)
    levels = [
        f"{level.label.get(lang)}: {number_text(numbers[level], lang)}"
        for level in AreaLevel
        if numbers[level]
    ]
    summary = _SUMMARY if levels else _NO_AREAS
    lines.append(summary.format(day=day_text(day)).get(lang, levels="; ".join(levels)))
    return "\n".join(lines)


def carried_report(
    carried: Carried,
    titles: Collection[TitleKey] | None = None,
    lang: Lang | str = Lang.VI,
) -> str:
    """Return the placed, estimated and unplaced counts, and their sums against the reports.

    Args:
        carried: the counts.
        titles: the titles of the sums; by default those reported.
        lang: the language.
    """
    blocks = [_sums(carried.sums(titles), lang)]
    for heading, reports in ((_PLACED, carried.placed), (_ESTIMATED, carried.estimated)):
        if reports:
            rows = [
                [
                    *_counts(carried.area(code), title, tally, lang),
                    "; ".join(sorted(f.label.get(lang) for f in carried.flags(code, title))),
                ]
                for (code, title), tally in reports.items()
            ]
            table = DisplayTable([*COUNT_COLUMNS, Column(_NOTE)], rows).text(lang)
            blocks.append(f"{heading.format(day=day_text(carried.day)).get(lang)}\n{table}")
    if carried.unplaced:
        rows = [_unplaced_row(unplaced, lang) for unplaced in carried.unplaced]
        table = DisplayTable([*COUNT_COLUMNS, Column(labels.REASON)], rows).text(lang)
        blocks.append(f"{_UNPLACED.get(lang)}\n{table}")
    return "\n\n".join(blocks)


def _sums(sums: CarriedSums, lang: Lang | str) -> str:
    rows = [
        [
            title.label.get(lang),
            count.label.get(lang),
            *(number_text(tally[count], lang) for tally in tallies.values()),
        ]
        for title, tallies in sums.items()
        for count in tallies["reported"]
    ]
    return DisplayTable(_SUM_COLUMNS, rows).text(lang)


def _unplaced_row(unplaced: Unplaced, lang: Lang | str) -> list[str]:
    reason = unplaced.reason.text.get(lang)
    if unplaced.candidates:
        reason += f": {_names(unplaced.candidates)}"
    return [*_counts(unplaced.area, unplaced.title, unplaced.tally, lang), reason]


def _names(areas: Iterable[Area]) -> str:
    return ", ".join(f"{area.name} ({area.code})" for area in areas)


def _counts(area: Area, title: TitleKey, tally: Tally, lang: Lang | str) -> list[str]:
    numbers = [number_text(tally.known(count), lang) for count in Count]
    return [area.code, area.name, title.label.get(lang), *numbers]


_SUM_COLUMNS = (
    Column(labels.TITLE),
    Column(Text(vi="Số liệu", en="Count")),
    Column(Text(vi="Báo cáo", en="Reported"), numeric=True),
    Column(Text(vi="Đã quy đổi", en="Placed"), numeric=True),
    Column(Text(vi="Ước tính", en="Estimated"), numeric=True),
    Column(Text(vi="Chưa quy đổi được", en="Unplaced"), numeric=True),
)
_NOTE = Text(vi="Ghi chú", en="Note")
_SUMMARY = Text(vi="Ngày {day}: {{levels}}.", en="On {day}: {{levels}}.")
_NO_AREAS = Text(vi="Ngày {day}: không có khu vực nào.", en="On {day}: no areas.")
_PLACED = Text(
    vi="Đã quy đổi chính xác về bản đồ ngày {day}:", en="Placed exactly on the map of {day}:"
)
_ESTIMATED = Text(
    vi="Ước tính theo trọng số, về bản đồ ngày {day}:",
    en="Estimated by weights, on the map of {day}:",
)
_UNPLACED = Text(vi="Chưa quy đổi được:", en="Unplaced:")
