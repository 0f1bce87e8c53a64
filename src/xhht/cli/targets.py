"""`xhht targets`: the bundled programmes, and the attainment of targets by a table of counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from xhht.cli._context import CommandContext, with_context
from xhht.cli._counts import read_counts
from xhht.cli._inputs import load_areas, named_programmes, require_single_stdin
from xhht.cli._options import (
    areas_option,
    day_option,
    input_path,
    level_option,
    numbers_option,
    programme_option,
    year_option,
)
from xhht.cli._targets import attainments_json, goal_json
from xhht.criteria.target_document import AreasEntry, ConditionEntry, RateEntry
from xhht.criteria.targets import Programme, Target, bundled_programmes, national_targets
from xhht.domain.areas import AreaLevel
from xhht.numbers import Convention
from xhht.reporting.targets import attained_report, programmes_report
from xhht.rollup.targets import CountTargetEvaluator
from xhht.tables.level_rollup import roll_up_to_level
from xhht.text import Lang

__all__ = ["command"]


@click.group("targets")
def command() -> None:
    """List targets and evaluate their attainment. Các chỉ tiêu và mức đạt."""


@command.command("list")
@programme_option
@with_context()
def list_targets(
    context: CommandContext,
    programme_ids: tuple[str, ...],
) -> None:
    """List the bundled targets with their sources.

    Liệt kê chỉ tiêu của các chương trình, kế hoạch.
    """
    programmes = named_programmes(context, programme_ids) or list(bundled_programmes())
    context.emit(
        lambda lang: [_programme_json(programme, lang) for programme in programmes],
        lambda lang: programmes_report(programmes, lang),
    )


@command.command("attain")
@click.argument("counts", metavar="COUNTS", type=input_path)
@areas_option
@year_option(text="Year of the counts, as of its last day. Năm của số liệu.")
@programme_option
@level_option(
    "--by",
    "by",
    default=AreaLevel.PROVINCE,
    text="Level of the areas to evaluate. Cấp cần xét.",
)
@day_option("--on", "on", text="Date of AREAS; default: the last day of the year. Ngày.")
@numbers_option
@with_context()
def attain(
    context: CommandContext,
    counts: str,
    areas: str,
    year: int,
    programme_ids: tuple[str, ...],
    by: AreaLevel,
    on: date | None,
    numbers: Convention,
) -> None:
    """Show which targets COUNTS (as for `rollup`) meet, and what is still needed.

    Xét mức đạt chỉ tiêu theo số liệu. Without --programme: the national targets with a deadline in
    or after the year. Targets that counts cannot decide are listed with the reason.

    Exits with 1 if any row is invalid. An unmet target is not an error.
    """
    require_single_stdin(context, counts, areas)
    as_of = date(year, 12, 31)
    chosen = [(item, item.targets) for item in named_programmes(context, programme_ids)]
    chosen = chosen or national_targets(as_of)
    area_table = load_areas(context, areas, on=on or as_of)
    reports = read_counts(context, counts, area_table.tree, numbers, excluded=area_table.excluded)
    aggregated = roll_up_to_level(reports, area_table, by)
    counts_to_attain = CountTargetEvaluator(reports, area_table.tree, by=by)
    results = [
        (programme, counts_to_attain.evaluate(targets, as_of=as_of))
        for programme, targets in chosen
    ]
    count_issues = sorted([*reports.faults, *aggregated.issues], key=lambda issue: issue.row)
    issues = [*area_table.faults, *count_issues]
    context.warn(*area_table.warnings, *reports.warnings, *aggregated.warnings)
    context.emit_with_issues(
        lambda lang: {"as_of": as_of.isoformat(), **attainments_json(results, lang)},
        lambda lang: attained_report(results, lang),
        issues,
    )


def _programme_json(programme: Programme, lang: Lang) -> dict[str, Any]:
    basis = programme.legal_basis
    return {
        "id": programme.id,
        "name": programme.name.get(lang),
        "legal_basis": basis.document,
        "source": basis.source,
        "provenance": programme.provenance.value,
        "targets": [_target_json(target, lang) for target in programme.targets],
    }


def _target_json(target: Target, lang: Lang) -> dict[str, Any]:
    title = getattr(target.measure, "title", None)
    return {
        "id": target.id,
        "text": target.text.get(lang),
        "measure": _measure_kind(target),
        "title": title.value if title else None,
        **goal_json(target),
        "scope": {
            "level": target.scope.level.value,
            "area": target.scope.area,
            "places": target.scope.places.value,
        },
        "provenance": target.provenance.value,
        "source": target.source,
        "note": target.note.get(lang) if target.note else None,
    }


def _measure_kind(target: Target) -> str:
    kinds = {RateEntry: "rate", ConditionEntry: "condition", AreasEntry: "areas"}
    return kinds.get(type(target.measure), "external")
