"""Small profiles written inside a test, and what a subject comes to under them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from textwrap import dedent, indent

import xhht

HEAD = """\
format: 1
id: test.inline
version: 1.0.0
status: active
title: learning_unit
provenance: illustrative
name: {vi: Mẫu thử, en: Sample}
"""
PASS_AT_HALF = "- {id: pass, name: {vi: Đạt, en: Pass}, when: points >= 5}"


def profile_of(
    inputs: dict[str, str], indicators: str, levels: str = PASS_AT_HALF, *, branch: str = ""
) -> xhht.Profile:
    """Return a profile with one criterion "1" over `indicators`; `branch` adds keys to it."""
    criterion = f'- id: "1"\n{_under(branch)}  indicators:\n{_under(indicators)}'
    return profile_of_criteria(inputs, criterion, levels)


def profile_of_criteria(
    inputs: dict[str, str], criteria: str, levels: str = PASS_AT_HALF, *, grid: str | None = None
) -> xhht.Profile:
    """Return a profile with these criteria."""
    declared = "".join(
        f"  {name}: {{{kind}, label: {{vi: nhãn {name}, en: label {name}}}}}\n"
        for name, kind in inputs.items()
    )
    return xhht.loads_profile(
        f"{HEAD}{f'grid: {grid}' if grid else ''}\ninputs:\n{declared}"
        f"criteria:\n{_under(criteria)}levels:\n{_under(levels)}"
    )


def _under(text: str) -> str:
    return indent(dedent(text).strip("\n") + "\n", "  ") if text else ""


def span(
    profile: xhht.Profile, facts: Mapping[str, object], as_of: date | None = None
) -> tuple[Fraction | int, Fraction | int]:
    """Return the range of points of a subject."""
    result = xhht.evaluate(profile, facts, as_of=as_of)
    return result.points_certain, result.points_possible


def points(profile: xhht.Profile, facts: Mapping[str, object]) -> Fraction | int:
    """Return the points of a subject about whom enough is known."""
    low, high = span(profile, facts)
    assert low == high
    return low
