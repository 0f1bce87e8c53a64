"""Counts aggregated to one area level, and JSON output shared by the commands on counts."""

from __future__ import annotations

from typing import Any

from xhht.domain.areas import Area
from xhht.domain.titles import Title
from xhht.rollup.counts import Count
from xhht.rollup.rates import Rate
from xhht.rollup.tally import Tally
from xhht.rollup.tree import AreaRollup, Coverage


def area_json(area: Area) -> dict[str, Any]:
    """Return an area for JSON."""
    return {"area": area.code, "name": area.name, "level": area.level.value}


def tally_json(area: Area, title: Title, tally: Tally) -> dict[str, Any]:
    """Return an area's counts of one title for JSON."""
    counts = tally.counts()
    return {
        **area_json(area),
        "title": title.value,
        **{count.value: counts.get(count) for count in Count},
    }


def coverage_json(coverage: Coverage) -> dict[str, int]:
    """Return how many leaf areas are covered, for JSON."""
    return {"reported": coverage.reported, "expected": coverage.expected}


def rollup_json(row: AreaRollup) -> dict[str, Any]:
    """Return the aggregate of an area for one title, for JSON."""
    return {
        **tally_json(row.area, row.title, row.tally),
        "coverage": coverage_json(row.coverage),
        "rates": {denominator.value: _rate_json(rate) for denominator, rate in row.rates.items()},
        "recognised_by_level": dict(sorted(row.tally.levels.items())),
    }


def _rate_json(rate: Rate) -> dict[str, Any]:
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "percent": rate.percent,
        "percent_min": rate.percent_min,
        "percent_max": rate.percent_max,
    }
