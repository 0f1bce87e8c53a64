"""`xhht areas`: the areas on a date, and counts carried between the areas of two dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import click
from attrs import frozen

from xhht.cli._context import CommandContext, with_context
from xhht.cli._counts import read_counts
from xhht.cli._inputs import load_areas, open_table, require_single_stdin
from xhht.cli._options import day_option, input_path, level_option, numbers_option
from xhht.dates import day_text
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.concordance import Concordance
from xhht.domain.titles import Title
from xhht.issues import RowIssue
from xhht.numbers import Convention
from xhht.reporting.areas import areas_report, carried_report
from xhht.rollup.carry import Carried, carry
from xhht.rollup.national import national_concordance
from xhht.tables.areas import AREAS, read_areas
from xhht.tables.changes import CHANGES, read_changes
from xhht.tables.weights import WEIGHTS, read_weights
from xhht.text import Lang, Text

__all__ = ["command"]


@click.group("areas")
def command() -> None:
    """List the areas on a date; carry counts to another date. Khu vực theo thời gian.

    AREAS has the columns code, name, level, parent and, if it covers several dates, valid_from
    and valid_to.
    """


@command.command("show")
@click.argument("areas", metavar="AREAS", type=input_path)
@day_option("--on", "on", required=True, text="Date to show. Ngày cần xem.")
@level_option("--level", "level", text="Only areas at this level. Chỉ một cấp.")
@click.option("--under", metavar="CODE", help="Only this area and the areas in it. Mã khu vực.")
@with_context()
def show(
    context: CommandContext,
    areas: str,
    on: date,
    level: AreaLevel | None,
    under: str | None,
) -> None:
    """Show the areas on a date (AREAS is CSV, XLSX or Parquet; `-` for standard input).

    Xem các khu vực vào một ngày. Exits with 1 if any row of the table is invalid.
    """
    area_table = load_areas(context, areas, on=on)
    tree, issues = area_table.tree, area_table.faults
    shown = [area for area in _within(tree, under) if level is None or area.level is level]
    for warning in area_table.warnings:
        context.warn(warning)
    context.emit_with_issues(
        lambda _: {"on": on.isoformat(), "areas": [area.to_dict() for area in shown]},
        lambda lang: areas_report(shown, tree, on, lang),
        issues,
    )


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
@with_context()
def carry_counts(
    context: CommandContext,
    counts: str,
    areas: str | None,
    changes: str | None,
    national: bool,
    from_day: date,
    to_day: date,
    by: AreaLevel | None,
    weights: str | None,
    numbers: Convention,
) -> None:
    """Carry COUNTS (as for `rollup`) from the areas of one date to those of another.

    Quy đổi số liệu theo đơn vị hành chính của một ngày khác. Counts that belong to one area are
    placed exactly; split counts are estimated with --weights, else returned with the reason.
    Totals are preserved: reported = placed + estimated + unplaced.

    Exits with 1 if any row is invalid; if areas and changes are inconsistent, nothing is carried.
    """
    require_single_stdin(context, counts, areas, changes, weights)
    history = _load_concordance(context, areas, changes, national=national)
    days = {"from": from_day, "to": to_day}
    if history.concordance is None:
        _emit_carried(context, None, (), days, by, history, history.issues)
        return
    for day in days.values():
        if not len(history.concordance.tree.on(day)):
            context.fail(_NO_AREAS.format(day=day_text(day)))
    reports = read_counts(
        context,
        counts,
        history.concordance.tree.on(from_day),
        numbers,
        excluded=history.excluded,
    )
    shares, weight_issues = _weights(
        context, weights, history.concordance, from_day, to_day, numbers
    )
    carried = carry(
        reports.tallies,
        history.concordance,
        from_day=from_day,
        to_day=to_day,
        level=by,
        weights=shares,
        subjects=reports.by_subject,
    )
    context.warn(*history.warnings, *reports.warnings)
    issues = (*history.issues, *weight_issues, *reports.faults)
    _emit_carried(context, carried, reports.titles, days, by, history, issues)


@frozen(kw_only=True)
class _AreaHistory:
    """Areas and their changes; no concordance if they are inconsistent."""

    concordance: Concordance | None
    issues: tuple[RowIssue, ...] = ()
    warnings: tuple[Text, ...] = ()
    excluded: frozenset[str] = frozenset()


def _load_concordance(
    context: CommandContext, areas: str | None, changes: str | None, *, national: bool
) -> _AreaHistory:
    if national and areas is changes is None:
        return _AreaHistory(concordance=national_concordance())
    if national or areas is None or changes is None:
        context.fail(_NEEDS_AREAS)
    with open_table(context, areas, AREAS) as table:
        area_table = read_areas(table.columns, context.progress(table))
    with open_table(context, changes, CHANGES) as table:
        change_table = read_changes(table.columns, context.progress(table))
    inconsistencies = change_table.check(area_table)
    return _AreaHistory(
        concordance=None if inconsistencies else change_table.concordance(area_table),
        issues=(*area_table.faults, *change_table.faults, *inconsistencies),
        warnings=area_table.warnings,
        excluded=area_table.excluded,
    )


def _weights(
    context: CommandContext,
    path: str | None,
    concordance: Concordance,
    from_day: date,
    to_day: date,
    numbers: Convention,
) -> tuple[Mapping[tuple[str, str], int], tuple[RowIssue, ...]]:
    if path is None:
        return {}, ()
    with open_table(context, path, WEIGHTS, numbers) as table:
        weight_table = read_weights(
            table.columns,
            context.progress(table),
            concordance,
            from_day=from_day,
            to_day=to_day,
            numbers=numbers,
        )
    return weight_table.weights, weight_table.faults


def _emit_carried(
    context: CommandContext,
    carried: Carried | None,
    titles: Sequence[Title],
    days: Mapping[str, date],
    by: AreaLevel | None,
    history: _AreaHistory,
    issues: tuple[RowIssue, ...],
) -> None:
    def data(lang: Lang) -> dict[str, Any]:
        return {
            **{name: day.isoformat() for name, day in days.items()},
            "by": by.value if by else None,
            **(carried.to_dict(lang, titles=titles) if carried else _NOTHING),
        }

    def text(lang: Lang) -> str:
        return carried_report(carried, titles, lang) if carried else _NOT_CARRIED.get(lang)

    context.emit_with_issues(data, text, issues)


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
