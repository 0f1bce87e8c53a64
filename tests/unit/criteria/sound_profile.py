"""A sound profile that uses every key of the format, and copies of it that are changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

LABEL = {"vi": "Nhãn", "en": "Label"}
ROUNDING = {"step": 1, "mode": "half_up"}

SOUND: dict[str, Any] = {
    "format": 1,
    "id": "test.unit",
    "version": "1.0.0",
    "status": "retired",
    "title": "learning_unit",
    "applies_to": {"managed_by": ["district"]},
    "name": LABEL,
    "effective_from": "2020-09-21",
    "effective_to": "2025-07-01",
    "ended_by": {"document": "Văn bản"},
    "legal_basis": {"document": "22/2020/TT-BGDĐT", "issued": "2020-08-06"},
    "provenance": "partial",
    "changes": [
        {"version": "1.0.0", "date": "2020-08-06", "reason": LABEL, "at": ["levels/good"]},
        {"version": "1.0.0", "reason": LABEL},
    ],
    "grid": 1,
    "cycle": {"period": "calendar_year", "submit_by": "03-31"},
    "choice_lists": {"regions": {"hill": LABEL, "plain": LABEL}},
    "inputs": {
        "plan": {"type": "bool", "label": LABEL, "evidence": {"valid_months": 12}},
        "members": {"type": "count", "label": LABEL, "min": 1, "max": 900},
        "learners": {"type": "count", "label": LABEL, "max": 900, "at_most": "members"},
        "hours": {"type": "decimal", "label": LABEL, "places": 1, "min": 0.5},
        "rate": {"type": "share", "label": LABEL, "places": 2, "max": 0.9},
        "area": {"type": "choice", "label": LABEL, "choices": {"hill": LABEL, "plain": LABEL}},
        "home": {"type": "choice", "label": LABEL, "choices": "regions"},
        "since": {"type": "date", "label": LABEL, "min": "2000-01-01"},
        "panel": {"type": "assessed", "label": LABEL, "max": 10, "step": 2},
    },
    "values": {
        "quota": {
            "label": LABEL,
            "dated": [
                {"value": "50%", "source": "https://example.org/a"},
                {"from": "2021-01-01", "value": "80%", "provenance": "partial", "note": LABEL},
                {"from": "2022-01-01", "value": "unknown"},
            ],
        },
        "mark": {"label": LABEL, "note": LABEL, "dated": [{"from": "2020-09-21", "value": 5}]},
        "cutoff": {"label": LABEL, "dated": [{"value": "2020-01-01"}]},
    },
    "definitions": {
        "ready": {"label": LABEL, "when": "plan and busy", "clause": "Điều 1"},
        "busy": {"label": LABEL, "when": "hours >= 1.5"},
        "taught": {"label": LABEL, "number": "share(learners, members)", "provenance": "partial"},
        "second": {"label": LABEL, "number": 'points_of("2")', "note": LABEL},
    },
    "criteria": [
        {
            "id": "1",
            "points": 30,
            "floor": 5,
            "requirement": "must",
            "rounding": ROUNDING,
            "indicators": [
                {"id": "1.1", "points": 10, "met_when": "ready", "floor": 1},
                {
                    "id": "1.2",
                    "points": 10,
                    "bands": [
                        {"when": 'area == "hill" or home == "plain"', "points": 10},
                        {"when": "rate >= quota", "points": 5},
                    ],
                },
                {
                    "id": "1.3",
                    "points": 10,
                    "proportional": {"share": "taught", "rounding": ROUNDING},
                    "applies_when": "since <= cutoff",
                    "na_policy": "redistribute",
                },
            ],
        },
        {
            "id": "2",
            "points": 10,
            "cap": 10,
            "combine": "weighted_mean",
            "rounding": ROUNDING,
            "indicators": [
                {"id": "2.1", "points": 10, "per_item": {"count": "learners", "each": 2}},
                {"id": "2.2", "points": 10, "assessed": "panel", "weight": 2},
                {
                    "id": "2.3",
                    "points": 10,
                    "proportional": {"share": "rate", "rounding": ROUNDING},
                    "applies_when": "plan",
                    "na_policy": "drop",
                },
            ],
        },
        {
            "id": "3",
            "combine": "best_of",
            "criteria": [
                {"id": "3.1", "indicators": [{"id": "3.1.1", "points": 5, "met_when": "plan"}]}
            ],
        },
    ],
    "levels": [
        {
            "id": "good",
            "name": LABEL,
            "when": 'percent >= 80% and met("1.1") and second >= mark',
            "requires": {"level": "fair", "months": 12, "since": "since"},
            "validity_months": 24,
        },
        {"id": "fair", "name": LABEL, "when": "percent >= 50%"},
    ],
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value but the whole; labels count as one value."""
    items: Any = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        items = enumerate(value)
    for key, below in items:
        if path[-2:] != ("applies_to", "managed_by"):
            yield (*path, key)
        if below != LABEL:
            yield from places(below, (*path, key))


PLACES = list(places(SOUND))
KEYS = [
    path
    for path in PLACES
    if isinstance(path[-1], str) and not {"choices", "regions"} & {*path[:-1]}
]
NAMED = {("inputs",), ("values",), ("definitions",), ("choice_lists",), ("applies_to",)}
FIXED_KEYS = [path for path in KEYS if path[:-1] not in NAMED]


def changed(path: tuple[Any, ...]) -> tuple[dict[str, Any], Any]:
    """Return a copy of the sound profile, and what in it holds the value at `path`."""
    data = json.loads(json.dumps(SOUND))
    holder: Any = data
    for step in path[:-1]:
        holder = holder[step]
    return data, holder
