"""`xhht targets`: the bundled programmes, and the attainment of targets by a table of counts."""

from __future__ import annotations

from datetime import date

import click

from xhht.cli._common import (
    Format,
    common_options,
    finish,
    handle_errors,
    input_path,
    numbers_option,
    open_table,
    print_json,
    print_text,
    warn,
    with_progress,
)
from xhht.cli._tables import (
    day_option,
    level_option,
    load_areas,
    print_with_issues,
    require_single_stdin,
    roll_up_to_level,
)
from xhht.cli._targets import named_programmes, programme_option
from xhht.criteria.targets import Programme, Target, bundled_programmes
from xhht.domain.areas import AreaLevel
from xhht.numbers import Convention
from xhht.reporting.targets import attained_report, programmes_report
from xhht.rollup.targets import CountTargetEvaluator, results_of_programmes
from xhht.tables.counts import read_reports
from xhht.text import Lang

__all__ = ["command"]


@click.group("targets")
def command() -> None:
    """List targets and evaluate their attainment. Các chỉ tiêu và mức đạt."""


@command.command("list")
@programme_option
@common_options
@handle_errors
def list_targets(programme_ids: tuple[str, ...], output: Format, lang: Lang) -> None:
    """List the bundled targets with their sources.

    Liệt kê chỉ tiêu của các chương trình, kế hoạch.
    """
    programmes = named_programmes(programme_ids, output, lang) or list(bundled_programmes())
    if output is Format.JSON:
        print_json([programme.to_dict(lang) for programme in programmes])
        return
    print_text(programmes_report(programmes, lang))


@command.command("attain")
@click.argument("counts", metavar="COUNTS", type=input_path)
@click.option(
    "--areas",
    required=True,
    type=input_path,
    help="Table of areas: code, name, level, parent. Bảng khu vực.",
)
@click.option(
    "--year",
    required=True,
    type=click.IntRange(1900, 2999),
    help="Year of the counts, as of its last day. Năm của số liệu.",
)
@programme_option
@level_option(
    "--by",
    "by",
    default=AreaLevel.PROVINCE,
    text="Level of the areas to evaluate. Cấp cần xét.",
)
@day_option("--on", "on", text="Date of AREAS; default: the last day of the year. Ngày.")
@numbers_option
@common_options
@handle_errors
def attain(
    counts: str,
    areas: str,
    year: int,
    programme_ids: tuple[str, ...],
    by: AreaLevel,
    on: date | None,
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> None:
    """Show which targets COUNTS (CSV as for `rollup`) meet, and what is still needed.

    Xét mức đạt chỉ tiêu theo số liệu. Without --programme: the national targets with a deadline in
    or after the year. Targets that counts cannot decide are listed with the reason.

    Exits with 1 if any row is invalid. An unmet target is not an error.
    """
    require_single_stdin(lang, counts, areas)
    as_of = date(year, 12, 31)
    chosen = [(item, item.targets) for item in named_programmes(programme_ids, output, lang)]
    chosen = chosen or _national_targets(as_of)
    area_table = load_areas(areas, lang, on=on or as_of)
    with open_table(counts) as table:
        reports = read_reports(
            table.columns,
            with_progress(table, lang),
            area_table.tree,
            numbers=numbers,
            excluded=area_table.excluded,
        )
    aggregated = roll_up_to_level(reports, area_table, by)
    counts_to_attain = CountTargetEvaluator(reports, area_table.tree, by=by)
    results = [
        (programme, counts_to_attain.evaluate(targets, as_of=as_of))
        for programme, targets in chosen
    ]
    count_issues = sorted([*reports.faults, *aggregated.issues], key=lambda issue: issue.row)
    issues = [*area_table.faults, *count_issues]
    for warning in (*area_table.warnings, *reports.warnings, *aggregated.warnings):
        warn(warning, lang)
    if output is Format.JSON:
        errors = [issue.to_dict(lang) for issue in issues]
        print_json(
            {"as_of": as_of.isoformat(), **results_of_programmes(results, lang), "errors": errors}
        )
    else:
        text = attained_report(results, lang)
        print_with_issues(text, issues, lang)
    finish(has_errors=bool(issues))


def _national_targets(as_of: date) -> list[tuple[Programme, tuple[Target, ...]]]:
    """Return the bundled national targets whose deadline has not passed."""
    chosen = [
        (
            programme,
            tuple(
                target
                for target in programme.targets
                if target.scope.level is AreaLevel.NATION and target.deadline >= as_of
            ),
        )
        for programme in bundled_programmes()
    ]
    return [(programme, targets) for programme, targets in chosen if targets]
