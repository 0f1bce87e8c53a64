"""Random rows for a profile, as facts for `evaluate` and as columns for a frame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import strategies as st
from profile_strategies import BOUNDS, Data, domain_of

from xhht import FactsError, Profile, evaluate

AS_OF = date(2025, 1, 1)
Row = dict[str, Any]


@st.composite
def rows(draw: st.DrawFn, data: Data, *, faulty: bool = True) -> list[Row]:
    """Rows of facts, many of them missing; with `faulty`, some beyond their bounds."""
    found = draw(st.lists(_row(data, faulty), min_size=1, max_size=8))
    for at, row in enumerate(found):
        row["row"] = at
    return found


@st.composite
def _row(draw: st.DrawFn, data: Data, faulty: bool) -> Row:
    row: Row = {}
    for name, entry in data["inputs"].items():
        values = [None, *domain_of(entry)]
        if faulty and draw(st.integers(0, 30)) == 0:
            values = _beyond(entry)
        value = draw(st.sampled_from(values))
        row[name] = date.fromisoformat(value) if _is_day(entry, value) else value
    if not faulty:
        for small, large in BOUNDS:
            if None not in (row[small], row[large]):
                row[small] = min(row[small], row[large])
    return row


def _beyond(entry: Data) -> list[Any]:
    match entry["type"]:
        case "count":
            return [-1, 9]
        case "choice":
            return ["sea"]
        case "share" | "decimal":
            return [1.1, -0.5, 0.25]
        case "assessed":
            return [1, 6]
        case "date":
            return ["2022-01-01", "2026-01-01"]
        case _:
            return [None]


def _is_day(entry: Data, value: Any) -> bool:
    return entry["type"] == "date" and value is not None


def expected(profile: Profile, found: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Return the rows that `evaluate` gives for each, and those that it refuses."""
    good, bad = [], []
    for row in found:
        facts = {name: value for name, value in row.items() if name != "row"}
        try:
            result = evaluate(profile, facts, as_of=AS_OF)
        except FactsError as fault:
            bad.append({"row": row["row"], "column": fault.field, "reason": fault.code})
            continue
        told: Row = {
            "row": row["row"],
            "verdict": result.verdict.value,
            "level": result.level,
            "points_certain": _steps(profile, result.points_certain),
            "points_possible": _steps(profile, result.points_possible),
            "levels_possible": "|".join(level or "none" for level in result.levels_possible),
            "available_certain": _steps(profile, result.available_certain),
            "available_possible": _steps(profile, result.available_points),
        }
        for criterion in result.criteria:
            told[f"status[{criterion.id}]"] = criterion.status.value
            told[f"points_certain[{criterion.id}]"] = _steps(profile, criterion.points_certain)
            told[f"points_possible[{criterion.id}]"] = _steps(profile, criterion.points_possible)
            told[f"max_points[{criterion.id}]"] = _steps(profile, criterion.max_points)
        good.append(told)
    return good, bad


def _steps(profile: Profile, points: Any) -> int:
    return profile.plan.grid.units(points)


def columns_of(found: Sequence[Row]) -> dict[str, list[Any]]:
    """Return rows as columns."""
    return {name: [row[name] for row in found] for name in found[0]}
