"""`xhht areas`: the areas of a day, and counts carried from one day's map onto another's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

import click
from attrs import frozen

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
from xhht.cli._tables import (
    area_of,
    day_option,
    fault_of,
    known_areas,
    level_option,
    one_stdin,
    print_with_faults,
    tally_of,
)
from xhht.dates import day_text
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.concordance import Concordance
from xhht.domain.titles import Title
from xhht.exact import Convention
from xhht.reporting.areas import areas_report, carried_report
from xhht.rollup.area_table import read_areas
from xhht.rollup.carry import Carried, CarryFlag, Unplaced, carry
from xhht.rollup.change_table import read_changes
from xhht.rollup.counts import Count
from xhht.rollup.faults import RowFault
from xhht.rollup.national import national_concordance
from xhht.rollup.reports import Reports, read_reports
from xhht.rollup.tally import Tally
from xhht.rollup.weight_table import read_weights
from xhht.text import Lang, Text

__all__ = ["command"]

Sums: TypeAlias = dict[Title, dict[str, dict[Count, int]]]


@click.group("areas")
def command() -> None:
    """Areas through time: the tree of a day, counts on another day's map. Khu vực theo thời gian.

    AREAS.csv has the columns code, name, level, parent and, if it lists several days, valid_from
    and valid_to.
    """


@command.command("show")
@click.argument("areas", metavar="AREAS", type=input_path)
@day_option("--on", "on", required=True, text="The day. Ngày cần xem.")
@level_option("--level", "level", text="Only areas of this level. Chỉ một cấp.")
@click.option("--under", metavar="CODE", help="Only this area and those within it. Mã khu vực.")
@common_options
@refusing
def show(
    areas: str, on: date, level: AreaLevel | None, under: str | None, output: Format, lang: Lang
) -> None:
    """Show the areas of one day (AREAS is CSV, `-` for standard input).

    Xem các khu vực của một ngày. Exit code 1 when rows of the table have faults.
    """
    known = known_areas(areas, lang, on=on)
    found = [area for area in _within(known.tree, under) if level is None or area.level is level]
    for warning in known.warnings:
        warn(warning, lang)
    if output is Format.JSON:
        errors = [fault_of(fault, lang) for fault in known.faults]
        print_json({"on": on.isoformat(), "areas": list(map(_dated, found)), "errors": errors})
    else:
        print_with_faults(areas_report(found, known.tree, on, lang), known.faults, lang)
    finish(faults=bool(known.faults))


@command.command("carry")
@click.argument("counts", metavar="COUNTS", type=input_path)
@click.option("--areas", type=input_path, help="Table of areas of both days. Bảng khu vực.")
@click.option("--changes", type=input_path, help="Table of changes. Bảng biến động.")
@click.option(
    "--national",
    is_flag=True,
    help="The country's tables of 2025 in place of both. Bảng toàn quốc năm 2025.",
)
@day_option("--from", "from_day", required=True, text="The day of COUNTS. Ngày của số liệu.")
@day_option("--to", "to_day", required=True, text="The day of the map. Ngày cần quy đổi về.")
@level_option("--by", "by", text="Level to carry to; the nearest areas if not given. Cấp.")
@click.option(
    "--weights",
    type=input_path,
    help="Table from, to, weight, to estimate what was split. Bảng trọng số.",
)
@numbers_option
@common_options
@refusing
def carry_counts(
    counts: str,
    areas: str | None,
    changes: str | None,
    national: bool,
    from_day: date,
    to_day: date,
    by: AreaLevel | None,
    weights: str | None,
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> None:
    """Carry COUNTS (CSV as for `rollup`) from the areas of one day to those of another.

    Quy đổi số liệu theo đơn vị hành chính của một ngày khác. What lies in one area is placed
    exactly; what was split is estimated with --weights, else handed back with the reason. Nothing
    is lost: reported = placed + estimated + unplaced.

    Exit code 1 when rows have faults; where areas and changes do not fit, nothing is carried.
    """
    one_stdin(lang, counts, areas, changes, weights)
    known = _known(areas, changes, national, lang)
    days = {"from": from_day, "to": to_day}
    if known.concordance is None:
        _print_carried(None, {}, days, by, known, known.faults, output, lang)
        finish(faults=True)
        return
    for day in days.values():
        if not len(known.concordance.tree.on(day)):
            refuse(_NO_AREAS.format(day=day_text(day)), lang)
    with open_table(counts) as table:
        reports = read_reports(
            table.columns,
            counted(table, lang),
            known.concordance.tree.on(from_day),
            numbers=numbers,
            left_out=known.left_out,
        )
    shares, weight_faults = _weights(weights, known.concordance, from_day, to_day, numbers, lang)
    carried = carry(
        reports.tallies,
        known.concordance,
        from_day=from_day,
        to_day=to_day,
        level=by,
        weights=shares,
        subjects=reports.by_subject,
    )
    for warning in (*known.warnings, *reports.warnings):
        warn(warning, lang)
    faults = (*known.faults, *weight_faults, *reports.faults)
    _print_carried(carried, _sums(reports, carried), days, by, known, faults, output, lang)
    finish(faults=bool(faults))


@frozen(kw_only=True)
class _Known:
    """The areas and their changes; no concordance where the two do not fit."""

    concordance: Concordance | None
    faults: tuple[RowFault, ...] = ()
    warnings: tuple[Text, ...] = ()
    left_out: frozenset[str] = frozenset()


def _known(areas: str | None, changes: str | None, national: bool, lang: Lang) -> _Known:
    if national and areas is changes is None:
        return _Known(concordance=national_concordance())
    if national or areas is None or changes is None:
        refuse(_WHICH_AREAS, lang)
    with open_table(areas) as table:
        known = read_areas(table.columns, counted(table, lang))
    with open_table(changes) as table:
        changed = read_changes(table.columns, counted(table, lang))
    unfit = changed.check(known)
    return _Known(
        concordance=None if unfit else changed.concordance(known),
        faults=(*known.faults, *changed.faults, *unfit),
        warnings=known.warnings,
        left_out=known.left_out,
    )


def _weights(
    path: str | None,
    concordance: Concordance,
    from_day: date,
    to_day: date,
    numbers: Convention,
    lang: Lang,
) -> tuple[Mapping[tuple[str, str], int], tuple[RowFault, ...]]:
    if path is None:
        return {}, ()
    with open_table(path) as table:
        found = read_weights(
            table.columns,
            counted(table, lang),
            concordance,
            from_day=from_day,
            to_day=to_day,
            numbers=numbers,
        )
    return found.weights, found.faults


def _sums(reports: Reports, carried: Carried) -> Sums:
    sides = {
        "reported": [(title, tally) for (_, title), tally in reports.tallies.items()],
        "placed": [(title, tally) for (_, title), tally in carried.placed.items()],
        "estimated": [(title, tally) for (_, title), tally in carried.estimated.items()],
        "unplaced": [(one.title, one.tally) for one in carried.unplaced],
    }
    sums: Sums = {}
    for title in reports.titles:
        added = {
            side: Tally.sum(tally for one, tally in found if one is title)
            for side, found in sides.items()
        }
        given = [count for count in Count if added["reported"].known(count) is not None]
        sums[title] = {
            side: {count: tally.known(count) or 0 for count in given}
            for side, tally in added.items()
        }
    return sums


def _print_carried(
    carried: Carried | None,
    sums: Sums,
    days: Mapping[str, date],
    by: AreaLevel | None,
    known: _Known,
    faults: tuple[RowFault, ...],
    output: Format,
    lang: Lang,
) -> None:
    if output is Format.JSON:
        print_json(
            {
                **{name: day.isoformat() for name, day in days.items()},
                "by": by.value if by else None,
                **_carried(carried, sums, known.concordance, lang),
                "errors": [fault_of(fault, lang) for fault in faults],
            }
        )
        return
    if carried is None or known.concordance is None:
        print_with_faults(_NOT_CARRIED.in_(lang), faults, lang)
        return
    print_with_faults(carried_report(carried, sums, known.concordance, lang), faults, lang)


def _carried(
    carried: Carried | None, sums: Sums, concordance: Concordance | None, lang: Lang
) -> dict[str, Any]:
    if carried is None or concordance is None:
        return dict.fromkeys(("sums", "placed", "estimated", "unplaced"))
    found: dict[str, Any] = {
        "sums": [
            {
                "title": title.value,
                **{side: _counts(side_sums) for side, side_sums in sides.items()},
            }
            for title, sides in sums.items()
        ]
    }
    for name, reports in (("placed", carried.placed), ("estimated", carried.estimated)):
        found[name] = [
            {
                **tally_of(concordance.area(code, carried.day), title, tally),
                "recognised_by_level": dict(sorted(tally.levels.items())),
                "incomplete": CarryFlag.INCOMPLETE in carried.flags(code, title),
            }
            for (code, title), tally in reports.items()
        ]
    return {**found, "unplaced": [_unplaced(one, lang) for one in carried.unplaced]}


def _counts(found: Mapping[Count, int]) -> dict[str, int | None]:
    return {count.value: found.get(count) for count in Count}


def _unplaced(one: Unplaced, lang: Lang) -> dict[str, Any]:
    return {
        **tally_of(one.area, one.title, one.tally),
        "recognised_by_level": dict(sorted(one.tally.levels.items())),
        "reason": one.reason.value,
        "message": one.reason.text.in_(lang),
        "candidates": [area_of(area) for area in one.candidates],
        "within": area_of(one.within) if one.within else None,
    }


def _within(tree: AreaTree, under: str | None) -> list[Area]:
    tops = tree.roots if under is None else (tree[under],)
    return [area for top in tops for area in (top, *tree.descendants(top.code))]


def _dated(area: Area) -> dict[str, Any]:
    return {
        **area_of(area),
        "parent": area.parent,
        "valid_from": None if area.valid_from == date.min else area.valid_from.isoformat(),
        "valid_to": area.valid_to.isoformat() if area.valid_to else None,
        "legal_basis": area.legal_basis.document if area.legal_basis else None,
    }


_WHICH_AREAS = Text(
    vi="Hãy nêu cả --areas và --changes, hoặc chỉ --national.",
    en="Name both --areas and --changes, or --national alone.",
)
_NO_AREAS = Text(
    vi="Không có khu vực nào vào ngày {day}; hãy kiểm tra ngày và bảng khu vực.",
    en="There are no areas on {day}; check the day and the table of areas.",
)
_NOT_CARRIED = Text(
    vi="Chưa quy đổi: bảng khu vực và bảng biến động không khớp nhau; hãy sửa các lỗi sau.",
    en="Nothing was carried: the areas and the changes do not fit; mend these faults.",
)
