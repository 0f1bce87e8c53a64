"""Facts drawn by chance that meet the criteria of a title, or miss them.

Each function knows the criteria well enough to aim; whether it hit is for the evaluator to find.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from xhht.evaluation.facts import MemberShare

__all__ = ["Draw", "Facts", "citizen", "clan", "held", "household", "unit", "unit_share", "village"]

Facts: TypeAlias = dict[str, object]
Draw: TypeAlias = Callable[[], float]
"""Gives a number in [0, 1) at every call."""

_INDICATORS = tuple(f"indicator_{number}" for number in range(1, 11))


@cache
def held(members: int, total: int) -> MemberShare:
    """Return the share of members who hold a title, as their household or unit tells it."""
    return MemberShare(members, total - members)


def citizen(draw: Draw, *, meets: bool, disadvantaged: bool) -> Facts:
    """Return points for the ten indicators of Decision 324/QĐ-KHVN.

    Whoever meets them has at least 8 for each, or 7 in a disadvantaged area. Others have at most 6
    for each, or fall under the floor of 5 with one of them.
    """
    low, high = (7 if disadvantaged else 8, 10) if meets or draw() < 0.5 else (5, 6)
    points = {name: low + int(draw() * (high - low + 1)) for name in _INDICATORS}
    if not meets and high == 10:
        points[_INDICATORS[int(draw() * len(_INDICATORS))]] = int(draw() * 5)
    return {"disadvantaged_area": disadvantaged, **points}


def household(draw: Draw, *, meets: bool, disadvantaged: bool) -> tuple[Facts, int]:
    """Return what a household tells of itself, and how many of its adults are learning citizens."""
    aimed = _meeting_household if meets else _lacking_household
    facts, citizens = aimed(draw, disadvantaged)
    return {**facts, "disadvantaged_area": disadvantaged}, citizens


def _meeting_household(draw: Draw, disadvantaged: bool) -> tuple[Facts, int]:
    """Draw facts that reach 80 points, or 70 in a disadvantaged area.

    Children give 35 points and adults who learn 20. Learning citizens give 20 from 60% on, 15
    from 40% on; the study corner gives 10, and without it activities must make up for it.
    """
    children = int(draw() * 4)
    adults = 1 + int(draw() * 5)
    corner = draw() < 0.8
    one_adult_rests = corner and adults >= 4 and draw() < 0.3
    citizens = (adults * (2 if disadvantaged else 3) + 4) // 5
    facts: Facts = {
        "children_of_school_age": children,
        "children_in_school": children,
        "children_passing": children,
        "adults": adults,
        "adults_learning": adults - one_adult_rests,
        "has_study_corner": corner,
        "activities_joined": int(draw() * 5) + (0 if corner or disadvantaged else 3),
        "village_assessment": int(draw() * 6),
    }
    return facts, citizens + int(draw() * (adults - citizens + 1))


def _lacking_household(draw: Draw, _disadvantaged: bool) -> tuple[Facts, int]:
    """Draw facts that miss the criteria in one of three ways.

    A child is out of school, which bars the title; no adult learns, which is under the floor; or
    there is neither a learning citizen nor a study corner, which leaves 68 points at the most.
    """
    cause = int(draw() * 3)
    children = int(draw() * 3) + (cause == 0)
    in_school = int(draw() * children) if cause == 0 else children
    adults = 1 + int(draw() * 5)
    facts: Facts = {
        "children_of_school_age": children,
        "children_in_school": in_school,
        "children_passing": int(draw() * (in_school + 1)),
        "adults": adults,
        "adults_learning": 0 if cause == 1 else int(draw() * (adults + 1)),
        "has_study_corner": cause != 2 and draw() < 0.5,
        "activities_joined": int(draw() * 5),
        "village_assessment": int(draw() * 6),
    }
    return facts, 0 if cause == 2 else int(draw() * (adults + 1))


def village(draw: Draw) -> Facts:
    """Return facts with which a village meets the criteria as soon as 60% of its households do."""
    has_house = draw() < 0.8
    sessions = 2 + int(draw() * 7) if has_house else 6 + int(draw() * 3)
    return {"has_meeting_house": has_house, "learning_sessions": sessions}


def clan(draw: Draw, *, meets: bool) -> Facts:
    """Return facts with which a clan of learning households meets the criteria, or misses them."""
    has_fund = meets and draw() < 0.8
    return {"has_learning_fund": has_fund, "meets_yearly": meets and (not has_fund or draw() < 0.9)}


def unit(draw: Draw, *, meets: bool) -> Facts:
    """Return facts with which a unit meets the criteria as soon as 60% of its people do."""
    return {"has_learning_plan": True, "helps_learning_centre": meets or draw() < 0.5}


def unit_share(draw: Draw, *, meets: bool) -> MemberShare:
    """Return a share of learning citizens in a unit: 60% at the least, or half at the most."""
    return held(6 + int(draw() * 5) if meets else int(draw() * 6), 10)
