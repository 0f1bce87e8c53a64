"""How each scoring kind and each combination turns what is known into points."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from inline_profiles import points, profile_of, span

INPUTS = {
    "a": "type: bool",
    "b": "type: bool",
    "n": "type: count, max: 8, at_most: total",
    "total": "type: count, min: 8, max: 8",
    "mark": "type: assessed, max: 10",
}
ROUNDED = "rounding: {mode: half_up, step: 1}"
KINDS = {
    "met_when": "met_when: a",
    "bands": "bands: [{when: n >= 6, points: 10}, {when: n >= 3, points: 4}]",
    "proportional": f'proportional: {{share: "share(n, total)", {ROUNDED}}}',
    "per_item": "per_item: {count: n, each: 2}",
    "assessed": "assessed: mark",
}


@pytest.mark.parametrize(
    ("kind", "facts", "expected"),
    [
        ("met_when", {"a": True}, 10),
        ("met_when", {"a": False}, 0),
        ("bands", {"n": 7}, 10),
        ("bands", {"n": 3}, 4),
        ("bands", {"n": 2}, 0),
        ("proportional", {"n": 3, "total": 8}, 4),
        ("proportional", {"n": 8, "total": 8}, 10),
        ("per_item", {"n": 3}, 6),
        ("per_item", {"n": 8}, 10),
        ("assessed", {"mark": 7}, 7),
    ],
)
def test_points_of_known_facts(kind: str, facts: Mapping[str, object], expected: int) -> None:
    assert (
        points(profile_of(INPUTS, f'- {{id: "1.1", points: 10, {KINDS[kind]}}}'), facts) == expected
    )


@pytest.mark.parametrize("kind", KINDS)
def test_without_facts_all_points_are_possible_and_none_is_certain(kind: str) -> None:
    assert span(profile_of(INPUTS, f'- {{id: "1.1", points: 10, {KINDS[kind]}}}'), {}) == (0, 10)


@pytest.mark.parametrize(
    ("combine", "neither", "first", "both"),
    [
        ("sum", 0, 6, 10),
        ("best_of", 0, 6, 6),
        ("worst_of", 0, 0, 4),
        ("all_or_nothing", 0, 0, 10),
    ],
)
def test_how_points_of_indicators_are_combined(
    combine: str, neither: int, first: int, both: int
) -> None:
    leaves = '- {id: "1.1", points: 6, met_when: a}\n- {id: "1.2", points: 4, met_when: b}'
    profile = profile_of(
        INPUTS,
        leaves,
        "- {id: pass, name: {vi: Đ, en: P}, when: points >= 1}",
        branch=f"combine: {combine}",
    )
    assert points(profile, {"a": False, "b": False}) == neither
    assert points(profile, {"a": True, "b": False}) == first
    assert points(profile, {"a": True, "b": True}) == both
