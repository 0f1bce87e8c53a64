"""`xhht targets`: the bundled programmes, and the attainment of targets by a table of counts."""

from __future__ import annotations

from datetime import date

import click

from xhht.cli._context import CommandContext, with_context
from xhht.cli._counts import read_counts
from xhht.cli._inputs import load_areas, named_programmes, require_single_stdin
from xhht.cli._options import (
    areas_option,
    changes_option,
    day_option,
    input_path,
    level_option,
    numbers_option,
    programme_option,
    year_option,
)
from xhht.criteria.targets import bundled_programmes, national_targets
from xhht.domain.areas import AreaLevel
from xhht.numbers import Convention
from xhht.reporting.targets import attained_report, programmes_report
from xhht.rollup.targets import CountTargetEvaluator, results_of_programmes
from xhht.tables.level_rollup import roll_up_to_level

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
        lambda lang: [programme.to_dict(lang) for programme in programmes],
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
@changes_option
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
    changes: str | None,
    numbers: Convention,
) -> None:
    """Show which targets COUNTS (as for `rollup`) meet, and what is still needed.

    Xét mức đạt chỉ tiêu theo số liệu. Without --programme: the national targets with a deadline in
    or after the year. Targets that counts cannot decide are listed with the reason.

    Exits with 1 if any row is invalid. An unmet target is not an error.
    """
    require_single_stdin(context, counts, areas, changes)
    as_of = date(year, 12, 31)
    chosen = [(item, item.targets) for item in named_programmes(context, programme_ids)]
    chosen = chosen or national_targets(as_of)
    area_table = load_areas(context, areas, on=on or as_of, changes=changes)
    reports = read_counts(
        context,
        counts,
        area_table.tree,
        numbers,
        excluded=area_table.excluded,
        changes=area_table.changes,
    )
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
        lambda lang: {"as_of": as_of.isoformat(), **results_of_programmes(results, lang)},
        lambda lang: attained_report(results, lang),
        issues,
    )
