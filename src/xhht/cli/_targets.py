"""JSON output shared by the commands on targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xhht.cli._tables import area_json, coverage_json
from xhht.criteria.targets import (
    Programme,
    Target,
)
from xhht.numbers import decimal_text
from xhht.rollup.counts import Bounds
from xhht.rollup.rates import Rate
from xhht.rollup.targets import AreaAttainment, NotComputed, TargetResults
from xhht.text import Lang


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
