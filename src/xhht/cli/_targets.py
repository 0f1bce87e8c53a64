"""What the commands share that hold targets against areas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from xhht.cli._common import FAULTS_FOUND, Format, refuse
from xhht.cli._profiles import print_diagnostics
from xhht.cli._tables import area_of, coverage_of
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.profile import Profile
from xhht.criteria.targets import (
    Programme,
    Target,
    bundled_programmes,
    is_targets_file,
    loads_targets,
)
from xhht.exact import decimal_text
from xhht.rollup.attained import AreaAttainment, Attained, NotComputed
from xhht.rollup.counts import Bounds
from xhht.rollup.rates import Rate
from xhht.text import Lang, Text, suggestion

__all__ = ["attained_of", "mark_of", "named_programmes", "programme_option"]

programme_option = click.option(
    "--programme",
    "named",
    metavar="ID",
    multiple=True,
    help="A programme by id, or a file *.targets.yaml; may be repeated. Chương trình.",
)
"""Gives a command the option `--programme`, as `named: tuple[str, ...]`."""


def named_programmes(
    named: Iterable[str],
    output: Format,
    lang: Lang,
    *,
    profiles: Iterable[Profile] | None = None,
) -> list[Programme]:
    """Return the programmes that a command line names, each once.

    A file that does not load ends the command as `xhht check` would.

    Args:
        named: ids, and files.
        output, lang: how to print what is wrong with a file.
        profiles: those that conditions may name; left out, those that come with the library.
    """
    return [_named(name, output, lang, profiles) for name in dict.fromkeys(named)]


def _named(name: str, output: Format, lang: Lang, profiles: Iterable[Profile] | None) -> Programme:
    if is_targets_file(name):
        try:
            return loads_targets(Path(name).read_bytes(), name, profiles=profiles)
        except ProfileError as error:
            print_diagnostics(error.diagnostics, output, lang)
            raise click.exceptions.Exit(FAULTS_FOUND) from None
    known = {programme.id: programme for programme in bundled_programmes()}
    if name not in known:
        likely = suggestion(name, known)
        text = _NO_PROGRAMME.format(name=name)
        refuse(_LIKELY.format(text=text, likely=likely) if likely else text, lang)
    return known[name]


def mark_of(target: Target) -> dict[str, Any]:
    """Return what is to be reached by when, for JSON."""
    share = target.share
    return {
        "percent": None if share is None else decimal_text(share * 100),
        "count": target.count,
        "deadline": target.deadline.isoformat(),
    }


def attained_of(found: Sequence[tuple[Programme, Attained]], lang: Lang) -> dict[str, Any]:
    """Return how targets stand, and which it cannot be told of, for JSON."""
    return {
        "attained": [_row(p, row, lang) for p, each in found for row in each.rows],
        "not_computed": [_left(p, one, lang) for p, each in found for one in each.not_computed],
    }


def _row(programme: Programme, row: AreaAttainment, lang: Lang) -> dict[str, Any]:
    stands, coverage = row.attainment, row.attainment.coverage
    share = Rate(numerator=None, denominator=None, low=stands.low, high=stands.high)
    return {
        "programme": programme.id,
        "target": row.target.id,
        **area_of(row.area),
        "goal": mark_of(row.target),
        "state": stands.state.value,
        "of_reported": stands.of_reported.value,
        "numerator": _bounds(stands.numerator),
        "denominator": _bounds(stands.denominator),
        "percent_min": share.percent_min,
        "percent_max": share.percent_max,
        "needed": _bounds(row.needed),
        "years_left": stands.years_left,
        "pace": stands.pace.value,
        "per_year": _bounds(row.per_year),
        "coverage": None if coverage is None else coverage_of(coverage),
        "message": stands.text.in_(lang),
    }


def _bounds(bounds: Bounds | None) -> dict[str, int | None] | None:
    return None if bounds is None else {"min": bounds.low, "max": bounds.high}


def _left(programme: Programme, one: NotComputed, lang: Lang) -> dict[str, Any]:
    return {
        "programme": programme.id,
        "target": one.target.id,
        "reason": one.reason.value,
        "message": one.reason.text.in_(lang),
    }


_NO_PROGRAMME = Text(
    vi="Không có chương trình '{name}'; hãy xem các chương trình bằng lệnh: xhht targets list.",
    en="There is no programme '{name}'; xhht targets list shows them.",
)
_LIKELY = Text(
    vi="{text} Có phải ý bạn là '{likely}'?",
    en="{text} Did you mean '{likely}'?",
)
