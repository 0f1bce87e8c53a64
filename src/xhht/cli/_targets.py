"""Options, inputs and JSON output shared by the commands on targets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from xhht.cli._common import ERRORS_FOUND, Format, fail
from xhht.cli._profiles import print_issues
from xhht.cli._tables import area_json, coverage_json
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.profile import Profile
from xhht.criteria.targets import (
    Programme,
    Target,
    bundled_programmes,
    is_targets_file,
    loads_targets,
)
from xhht.numbers import decimal_text
from xhht.rollup.counts import Bounds
from xhht.rollup.rates import Rate
from xhht.rollup.targets import AreaAttainment, NotComputed, TargetResults
from xhht.text import Lang, Text, suggestion

programme_option = click.option(
    "--programme",
    "programme_ids",
    metavar="ID",
    multiple=True,
    help="Programme id, or a file *.targets.yaml; may be repeated. Chương trình.",
)
"""Adds the option `--programme`, as `programme_ids: tuple[str, ...]`."""


def named_programmes(
    programme_ids: Iterable[str],
    output: Format,
    lang: Lang,
    *,
    profiles: Iterable[Profile] | None = None,
) -> list[Programme]:
    """Return the programmes given on the command line, without duplicates.

    An invalid file ends the command like `xhht check`.

    Args:
        programme_ids: ids and files.
        output, lang: the output of diagnostics.
        profiles: the profiles that conditions may refer to; by default, the bundled ones.
    """
    return [_load_programme(name, output, lang, profiles) for name in dict.fromkeys(programme_ids)]


def _load_programme(
    name: str, output: Format, lang: Lang, profiles: Iterable[Profile] | None
) -> Programme:
    if is_targets_file(name):
        try:
            return loads_targets(Path(name).read_bytes(), name, profiles=profiles)
        except ProfileError as error:
            print_issues(error.diagnostics, output, lang)
            raise click.exceptions.Exit(ERRORS_FOUND) from None
    programmes = {programme.id: programme for programme in bundled_programmes()}
    if name not in programmes:
        similar = suggestion(name, programmes)
        text = _NO_PROGRAMME.format(name=name)
        fail(_NO_PROGRAMME_SIMILAR.format(text=text, similar=similar) if similar else text, lang)
    return programmes[name]


def goal_json(target: Target) -> dict[str, Any]:
    """Return the goal and the deadline of a target, for JSON."""
    share = target.share
    return {
        "percent": None if share is None else decimal_text(share * 100),
        "count": target.count,
        "deadline": target.deadline.isoformat(),
    }


def attainments_json(
    results: Sequence[tuple[Programme, TargetResults]], lang: Lang
) -> dict[str, Any]:
    """Return the attainment of targets, and the targets not computed, for JSON."""
    return {
        "attained": [
            _attainment_json(programme, row, lang)
            for programme, result in results
            for row in result.rows
        ],
        "not_computed": [
            _not_computed_json(programme, entry, lang)
            for programme, result in results
            for entry in result.not_computed
        ],
    }


def _attainment_json(programme: Programme, row: AreaAttainment, lang: Lang) -> dict[str, Any]:
    attainment, coverage = row.attainment, row.attainment.coverage
    share = Rate(numerator=None, denominator=None, lower=attainment.lower, upper=attainment.upper)
    return {
        "programme": programme.id,
        "target": row.target.id,
        **area_json(row.area),
        "goal": goal_json(row.target),
        "state": attainment.state.value,
        "of_reported": attainment.of_reported.value,
        "numerator": _bounds_json(attainment.numerator),
        "denominator": _bounds_json(attainment.denominator),
        "percent_min": share.percent_min,
        "percent_max": share.percent_max,
        "needed": _bounds_json(row.needed),
        "years_left": attainment.years_left,
        "pace": attainment.pace.value,
        "per_year": _bounds_json(row.per_year),
        "coverage": None if coverage is None else coverage_json(coverage),
        "message": attainment.text.get(lang),
    }


def _bounds_json(bounds: Bounds | None) -> dict[str, int | None] | None:
    return None if bounds is None else {"min": bounds.lower, "max": bounds.upper}


def _not_computed_json(programme: Programme, entry: NotComputed, lang: Lang) -> dict[str, Any]:
    return {
        "programme": programme.id,
        "target": entry.target.id,
        "reason": entry.reason.value,
        "message": entry.reason.text.get(lang),
    }


_NO_PROGRAMME = Text(
    vi="Không có chương trình '{name}'; hãy xem các chương trình bằng lệnh: xhht targets list.",
    en="Unknown programme '{name}'; list the programmes with: xhht targets list.",
)
_NO_PROGRAMME_SIMILAR = Text(
    vi="{text} Có phải ý bạn là '{similar}'?",
    en="{text} Did you mean '{similar}'?",
)
