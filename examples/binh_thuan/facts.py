"""Facts drawn by chance that meet the criteria of a title, or miss them.

Each function knows the criteria well enough to aim; whether it hit is for the evaluator to find.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from xhht import Profile
from xhht.evaluation.facts import MemberShare

__all__ = [
    "Draw",
    "Facts",
    "citizen",
    "clan",
    "commune",
    "held",
    "household",
    "panel",
    "unit",
    "unit_share",
    "village",
]

Facts: TypeAlias = dict[str, object]
Draw: TypeAlias = Callable[[], float]
"""Gives a number in [0, 1) at every call."""

_INDICATORS = tuple(f"indicator_{number}" for number in range(1, 11))
_DONE_BY_COMMUNES = (
    "propaganda",
    "yearly_programme",
    "learning_week",
    "state_budget",
    "social_resources",
    "coordination",
    "learning_centre_equipped",
    "library_digital",
    "culture_centre_active",
)


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


def panel(draw: Draw, profile: Profile) -> Facts:
    """Return the points that a panel gives for each indicator, in steps of half a point.

    At most 100 in all: maxima that a source does not show share the 100 equally.
    """
    most = {name: float(one.max or 0) for name, one in profile.document.inputs.items()}
    total, quality = sum(most.values()), 0.4 + draw() * 0.6
    return {
        name: int(200 * points / total * min(1, quality + draw() / 5)) / 2
        for name, points in most.items()
    }


def commune(draw: Draw, citizens: int, *, disadvantaged: bool) -> Facts:
    """Return what a commune tells for Circular 25/2023 and for the standards of Decree 20/2014.

    Half of the communes aim at level 2 and half at level 1. Of every six, one has not done all that
    is asked of it, and one has too many adults who cannot read. The share of its learning citizens
    is counted by the campaign.
    """
    high, misses = draw() < 0.5, int(draw() * 6)
    lacking = _DONE_BY_COMMUNES[int(draw() * len(_DONE_BY_COMMUNES))] if misses == 0 else None
    literate_1, literate_2 = (80, 75) if misses == 1 else (95, 90 if high else 80)

    def part(number: int, least: int) -> int:
        """Draw a part of a number: at least so many percent of it, and up to 5 more."""
        return min(number, -(-number * least // 100) + int(draw() * number / 20))

    age_5, age_6, age_11, age_15_18, age_15_25 = (60 + int(draw() * 200) for _ in range(5))
    to_age_14, age_15_35, age_15_60 = 8 * age_6, 2 * age_15_25, 4 * age_15_25
    age_11_completed = part(age_11, 90 if high else 80)
    return {
        **{name: name != lacking for name in _DONE_BY_COMMUNES},
        "disadvantaged_area": disadvantaged,
        "especially_difficult": disadvantaged,
        "holds_level_1": False,
        "citizens": citizens,
        "citizens_trained": part(citizens, 60 if high else 50),
        "citizens_with_degree": part(citizens, 15 if high else 12),
        "age_5": age_5,
        "age_5_attending": part(age_5, 95),
        "age_5_completed": part(age_5, 90),
        "age_6": age_6,
        "age_6_in_grade_1": part(age_6, 98 if high else 95),
        "to_age_14": to_age_14,
        "to_age_14_completed": part(to_age_14, 90),
        "age_11": age_11,
        "age_11_completed": age_11_completed,
        "age_11_out_of_primary": 0,
        "age_15_18": age_15_18,
        "age_15_18_graduated": part(age_15_18, 95 if high else 90),
        "age_15_18_studying": part(age_15_18, 80 if high else 70),
        "age_15_25": age_15_25,
        "age_15_25_literate_1": part(age_15_25, literate_1),
        "age_15_35": age_15_35,
        "age_15_35_literate_1": part(age_15_35, literate_1),
        "age_15_35_literate_2": part(age_15_35, literate_2),
        "age_15_60": age_15_60,
        "age_15_60_literate_2": part(age_15_60, literate_2),
    }
