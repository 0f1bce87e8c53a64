"""A small profile for tests of frames, and what a frame comes to under it."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from engines import Engine, rows_of
from inline_profiles import profile_of
from xhht.frames import Evaluated, evaluate

SMALL = profile_of(
    {
        "plan": "type: bool",
        "total": "type: count, max: 100",
        "part": "type: count, max: 100, at_most: total",
        "kind": "type: choice, choices: {hill: {vi: núi, en: hill}, city: {vi: phố, en: city}}",
        "rate": "type: share, places: 2",
        "day": "type: date",
    },
    """
    - {id: "1.1", points: 1, met_when: plan}
    - {id: "1.2", points: 2, met_when: part >= 3}
    - {id: "1.3", points: 4, met_when: 'kind == "hill"'}
    - {id: "1.4", points: 8, met_when: rate >= 50%}
    - {id: "1.5", points: 16, met_when: 'day >= "2024-01-01"'}
    - {id: "1.6", points: 32, met_when: total >= 7}
    """,
)


def table(**columns: Any) -> pa.Table:
    """Return columns with numbers of rows beside them."""
    arrays = {
        name: values if isinstance(values, pa.Array) else pa.array(values)
        for name, values in columns.items()
    }
    return pa.table({"row": pa.array(range(len(next(iter(arrays.values()))))), **arrays})


def points(evaluated: Evaluated) -> dict[int, int]:
    """Return the certain points of every row that was evaluated."""
    return dict(_columns(evaluated.rows, "row", "points_certain"))


def reasons(evaluated: Evaluated) -> dict[int, tuple[str, str]]:
    """Return the column and reason of every row that was rejected."""
    rejected = _columns(evaluated.rejected, "row", "column", "reason")
    return {row: (column, reason) for row, column, reason in rejected}


def _columns(native: Any, *names: str) -> list[tuple[Any, ...]]:
    """Return columns alone: not every engine has a way out for every type."""
    chosen = rows_of(nw.from_native(native).select(*names).to_native())
    return [tuple(row[name] for name in names) for row in chosen]


def judged(make: Engine, columns: pa.Table, **options: Any) -> tuple[dict[int, int], Any]:
    """Return the points of the rows that can be, and the reasons of those that cannot."""
    evaluated = evaluate(SMALL, make(columns), **options)
    return points(evaluated), reasons(evaluated)
