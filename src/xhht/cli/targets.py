"""`xhht targets`: the bundled programmes, and how their targets stand by a table of counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from xhht.cli._common import (
    Format,
    common_options,
    counted,
    finish,
    input_path,
    numbers_option,
    open_table,
    print_json,
    print_text,
    refusing,
    warn,
)
from xhht.cli._tables import (
    add_up,
    day_option,
    fault_of,
    known_areas,
    level_option,
    one_stdin,
    print_with_faults,
)
from xhht.cli._targets import attained_of, mark_of, named_programmes, programme_option
from xhht.criteria.target_document import AreasEntry, ConditionEntry, RateEntry
from xhht.criteria.targets import Programme, Target, bundled_programmes
from xhht.domain.areas import AreaLevel
from xhht.exact import Convention
from xhht.reporting.targets import attained_report, programmes_report
from xhht.rollup.attain_counts import CountsToAttain
from xhht.rollup.reports import read_reports
from xhht.text import Lang

__all__ = ["command"]


@click.group("targets")
def command() -> None:
    """List targets and see how they stand. Các chỉ tiêu và mức đạt."""


@command.command("list")
@programme_option
@common_options
@refusing
def list_targets(named: tuple[str, ...], output: Format, lang: Lang) -> None:
    """List the targets that come with the library, with their sources.

    Liệt kê chỉ tiêu của các chương trình, kế hoạch.
    """
    programmes = named_programmes(named, output, lang) or list(bundled_programmes())
    if output is Format.JSON:
        print_json([_programme(programme, lang) for programme in programmes])
        return
    print_text(programmes_report(programmes, lang))


@command.command("attain")
@click.argument("counts", metavar="COUNTS", type=input_path)
@click.option(
    "--areas", required=True, type=input_path, help="Table of areas: code, name, level, parent."
)
@click.option(
    "--year",
    required=True,
    type=click.IntRange(1900, 2999),
    help="The year whose last day the counts hold for. Năm của số liệu.",
)
@programme_option
@level_option(
    "--by",
    "by",
    default=AreaLevel.PROVINCE,
    text="Level of the areas to hold against the targets. Cấp cần xét.",
)
@day_option("--on", "on", text="The day of AREAS; the last day of the year if not given. Ngày.")
@numbers_option
@common_options
@refusing
def attain(
    counts: str,
    areas: str,
    year: int,
    named: tuple[str, ...],
    by: AreaLevel,
    on: date | None,
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> None:
    """Say which targets are met by COUNTS (CSV as for `rollup`), and what is still needed.

    Xét mức đạt chỉ tiêu theo số liệu. Without --programme: the national targets whose deadline is
    not before the year. What counts alone cannot tell is listed with the reason.

    Exit code 1 when rows have faults. A target that is not met is no fault.
    """
    one_stdin(lang, counts, areas)
    as_of = date(year, 12, 31)
    chosen = [(each, each.targets) for each in named_programmes(named, output, lang)]
    chosen = chosen or _national(as_of)
    known = known_areas(areas, lang, on=on or as_of)
    with open_table(counts) as table:
        reports = read_reports(
            table.columns,
            counted(table, lang),
            known.tree,
            numbers=numbers,
            left_out=known.left_out,
        )
    added = add_up(reports, known, by)
    held = CountsToAttain(reports, known.tree, by=by)
    found = [(programme, held.attained(targets, as_of=as_of)) for programme, targets in chosen]
    rows = sorted([*reports.faults, *added.faults], key=lambda fault: fault.row)
    faults = [*known.faults, *rows]
    for warning in (*known.warnings, *reports.warnings, *added.warnings):
        warn(warning, lang)
    if output is Format.JSON:
        errors = [fault_of(fault, lang) for fault in faults]
        print_json({"as_of": as_of.isoformat(), **attained_of(found, lang), "errors": errors})
    else:
        text = attained_report(found, lang)
        print_with_faults(text, faults, lang)
    finish(faults=bool(faults))


def _national(as_of: date) -> list[tuple[Programme, tuple[Target, ...]]]:
    """Return the bundled targets of the whole country that are still to be reached."""
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


def _programme(programme: Programme, lang: Lang) -> dict[str, Any]:
    basis = programme.legal_basis
    return {
        "id": programme.id,
        "name": programme.name.in_(lang),
        "legal_basis": basis.document,
        "source": basis.source,
        "provenance": programme.provenance.value,
        "targets": [_target(target, lang) for target in programme.targets],
    }


def _target(target: Target, lang: Lang) -> dict[str, Any]:
    title = getattr(target.measure, "title", None)
    return {
        "id": target.id,
        "text": target.text.in_(lang),
        "measure": _measure(target),
        "title": title.value if title else None,
        **mark_of(target),
        "scope": {
            "level": target.scope.level.value,
            "area": target.scope.area,
            "places": target.scope.places.value,
        },
        "provenance": target.provenance.value,
        "source": target.source,
        "note": target.note.in_(lang) if target.note else None,
    }


def _measure(target: Target) -> str:
    kinds = {RateEntry: "rate", ConditionEntry: "condition", AreasEntry: "areas"}
    return kinds.get(type(target.measure), "external")
