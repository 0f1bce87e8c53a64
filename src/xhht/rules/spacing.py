"""The grid on which the values of a plan's operators lie, such as points in multiples of 5."""

from __future__ import annotations

from math import gcd
from typing import TypeAlias

from xhht.rules.plan import (
    Choose,
    Defined,
    Greatest,
    Known,
    Least,
    Linear,
    Multiply,
    Operator,
    Plan,
    Portion,
    Rounded,
)

__all__ = ["spacing"]

_Grid: TypeAlias = tuple[int, int]
"""A start and a distance: all values are the start plus a multiple; 0 for a single value."""


def spacing(plan: Plan) -> int:
    """Return the greatest common distance between total points, in steps of the profile's grid.

    It is 1 if any total is possible, and 0 if there is only one.

    >>> import xhht
    >>> spacing(xhht.bundled_profiles().get("vn.unit.tt22-2020").plan)
    5
    """
    grids: list[_Grid] = []
    for index, operator in enumerate(plan.operators):
        lower, upper = plan.bounds[index]
        grids.append((lower, 0) if lower == upper else _grid(operator, grids))
    return grids[plan.points][1]


def _grid(operator: Operator, grids: list[_Grid]) -> _Grid:
    match operator:
        case Known(lower, upper):
            return lower, int(lower != upper)
        case Linear(of, factors, constant):
            terms = [(grids[index], factor) for index, factor in zip(of, factors, strict=True)]
            first = constant + sum(factor * start for (start, _), factor in terms)
            return first, gcd(*(factor * distance for (_, distance), factor in terms))
        case Least(of) | Greatest(of):
            return _any_of([grids[index] for index in of])
        case Choose(_, then, other):
            return _any_of([grids[then], grids[other]])
        case Defined(_, condition):
            return _any_of([grids[condition], (0, 1)])
        case Multiply(left, right):
            (start, distance), (other_start, other_distance) = grids[left], grids[right]
            return start * other_start, gcd(
                start * other_distance, other_start * distance, distance * other_distance
            )
        case Portion(points, _, _, step, _):
            return 0, gcd(step, points)
        case Rounded(_, _, step, _):
            return 0, step
        case _:
            return 0, 1


def _any_of(grids: list[_Grid]) -> _Grid:
    """Return the finest common grid of some grids."""
    first = grids[0][0]
    distances = (distance for _, distance in grids)
    return first, gcd(*distances, *(start - first for start, _ in grids))
