"""`xhht areas`: the areas on a date, and counts carried between the areas of two dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import click
from attrs import frozen

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
from xhht.cli._tables import (
    day_option,
    level_option,
    load_areas,
    print_with_issues,
    require_single_stdin,
)
from xhht.dates import day_text
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.concordance import Concordance
from xhht.domain.titles import Title
from xhht.issues import RowFault
from xhht.numbers import Convention
from xhht.reporting.areas import areas_report, carried_report
from xhht.rollup.carry import Carried, carry
from xhht.rollup.national import national_concordance
from xhht.tables.areas import read_areas
from xhht.tables.changes import read_changes
from xhht.tables.counts import read_reports
from xhht.tables.weights import read_weights
from xhht.text import Lang, Text

__all__ = ["command"]


@click.group("areas")
def command() -> None:
    """List the areas on a date; carry counts to another date. Khu vực theo thời gian.

    AREAS.csv has the columns code, name, level, parent and, if it covers several dates, valid_from
    and valid_to.
    """


@command.command("show")
@click.argument("areas", metavar="AREAS", type=input_path)
@day_option("--on", "on", required=True, text="Date to show. Ngày cần xem.")
@level_option("--level", "level", text="Only areas at this level. Chỉ một cấp.")
@click.option("--under", metavar="CODE", help="Only this area and the areas in it. Mã khu vực.")
@common_options
@handle_errors
def show(
    areas: str, on: date, level: AreaLevel | None, under: str | None, output: Format, lang: Lang
) -> None:
    """Show the areas on a date (AREAS is CSV, `-` for standard input).

    Xem các khu vực vào một ngày. Exits with 1 if any row of the table is invalid.
    """
    area_table = load_areas(areas, lang, on=on)
    tree, issues = area_table.tree, area_table.faults
    shown = [area for area in _within(tree, under) if level is None or area.level is level]
    for warning in area_table.warnings:
        warn(warning, lang)
    if output is Format.JSON:
        errors = [issue.to_dict(lang) for issue in issues]
        print_json(
            {"on": on.isoformat(), "areas": [area.to_dict() for area in shown], "errors": errors}
        )
    else:
        print_with_issues(areas_report(shown, tree, on, lang), issues, lang)
    finish(has_errors=bool(issues))


@command.command("carry")
@click.argument("counts", metavar="COUNTS", type=input_path)
@click.option("--areas", type=input_path, help="Table of areas on both dates. Bảng khu vực.")
@click.option("--changes", type=input_path, help="Table of changes. Bảng biến động.")
@click.option(
    "--national",
    is_flag=True,
    help="Use the national tables of 2025 instead of both. Bảng toàn quốc năm 2025.",
)
@day_option("--from", "from_day", required=True, text="Date of COUNTS. Ngày của số liệu.")
@day_option("--to", "to_day", required=True, text="Date to carry to. Ngày cần quy đổi về.")
@level_option("--by", "by", text="Level to carry to; default: the nearest areas. Cấp.")
@click.option(
    "--weights",
    type=input_path,
    help="Table from, to, weight, to estimate split areas. Bảng trọng số.",
)
@numbers_option
@common_options
@handle_errors
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
    """Carry COUNTS (CSV as for `rollup`) from the areas of one date to those of another.

    Quy đổi số liệu theo đơn vị hành chính của một ngày khác. Counts that belong to one area are
    placed exactly; split counts are estimated with --weights, else returned with the reason.
    Totals are preserved: reported = placed + estimated + unplaced.

    Exits with 1 if any row is invalid; if areas and changes are inconsistent, nothing is carried.
    """
    require_single_stdin(lang, counts, areas, changes, weights)
    history = _load_concordance(areas, changes, national, lang)
    days = {"from": from_day, "to": to_day}
    if history.concordance is None:
        _print_carried(None, (), days, by, history, history.issues, output, lang)
        finish(has_errors=True)
        return
    for day in days.values():
        if not len(history.concordance.tree.on(day)):
            fail(_NO_AREAS.format(day=day_text(day)), lang)
    with open_table(counts) as table:
        reports = read_reports(
            table.columns,
            with_progress(table, lang),
            history.concordance.tree.on(from_day),
            numbers=numbers,
            excluded=history.excluded,
        )
    shares, weight_issues = _weights(weights, history.concordance, from_day, to_day, numbers, lang)
    carried = carry(
        reports.tallies,
        history.concordance,
        from_day=from_day,
        to_day=to_day,
        level=by,
        weights=shares,
        subjects=reports.by_subject,
    )
    for warning in (*history.warnings, *reports.warnings):
        warn(warning, lang)
    issues = (*history.issues, *weight_issues, *reports.faults)
    _print_carried(carried, reports.titles, days, by, history, issues, output, lang)
    finish(has_errors=bool(issues))


@frozen(kw_only=True)
class _AreaHistory:
    """Areas and their changes; no concordance if they are inconsistent."""

    concordance: Concordance | None
    issues: tuple[RowFault, ...] = ()
    warnings: tuple[Text, ...] = ()
    excluded: frozenset[str] = frozenset()


def _load_concordance(
    areas: str | None, changes: str | None, national: bool, lang: Lang
) -> _AreaHistory:
    if national and areas is changes is None:
        return _AreaHistory(concordance=national_concordance())
    if national or areas is None or changes is None:
        fail(_NEEDS_AREAS, lang)
    with open_table(areas) as table:
        area_table = read_areas(table.columns, with_progress(table, lang))
    with open_table(changes) as table:
        change_table = read_changes(table.columns, with_progress(table, lang))
    inconsistencies = change_table.check(area_table)
    return _AreaHistory(
        concordance=None if inconsistencies else change_table.concordance(area_table),
        issues=(*area_table.faults, *change_table.faults, *inconsistencies),
        warnings=area_table.warnings,
        excluded=area_table.excluded,
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
        weight_table = read_weights(
            table.columns,
            with_progress(table, lang),
            concordance,
            from_day=from_day,
            to_day=to_day,
            numbers=numbers,
        )
    return weight_table.weights, weight_table.faults


def _print_carried(
    carried: Carried | None,
    titles: Sequence[Title],
    days: Mapping[str, date],
    by: AreaLevel | None,
    history: _AreaHistory,
    issues: tuple[RowFault, ...],
    output: Format,
    lang: Lang,
) -> None:
    if output is Format.JSON:
        print_json(
            {
                **{name: day.isoformat() for name, day in days.items()},
                "by": by.value if by else None,
                **(carried.to_dict(lang, titles=titles) if carried else _NOTHING),
                "errors": [issue.to_dict(lang) for issue in issues],
            }
        )
        return
    if carried is None:
        print_with_issues(_NOT_CARRIED.get(lang), issues, lang)
        return
    report = carried_report(carried, titles, lang)
    print_with_issues(report, issues, lang)


def _within(tree: AreaTree, under: str | None) -> list[Area]:
    roots = tree.roots if under is None else (tree[under],)
    return [area for root in roots for area in (root, *tree.descendants(root.code))]


_NOTHING = dict.fromkeys(("sums", "placed", "estimated", "unplaced"))
_NEEDS_AREAS = Text(
    vi="Hãy nêu cả --areas và --changes, hoặc chỉ --national.",
    en="Give both --areas and --changes, or only --national.",
)
_NO_AREAS = Text(
    vi="Không có khu vực nào vào ngày {day}; hãy kiểm tra ngày và bảng khu vực.",
    en="There are no areas on {day}; check the date and the table of areas.",
)
_NOT_CARRIED = Text(
    vi="Chưa quy đổi: bảng khu vực và bảng biến động không khớp nhau; hãy sửa các lỗi sau.",
    en="Nothing was carried: areas and changes are inconsistent; fix these errors.",
)
