"""How far apart the numbers lie that an operator of a plan can give: points in fives, say."""

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
    Operator,
    Plan,
    Portion,
    Product,
    Rounded,
)

__all__ = ["spacing"]

_Grid: TypeAlias = tuple[int, int]
"""A number, and how far from it all others lie, in whole multiples; 0 if there are no others."""


def spacing(plan: Plan) -> int:
    """Return the distance, in steps of the grid, of which all totals of points are multiples apart.

    Where they may lie anywhere it is 1; where there is just one total it is 0.

    >>> import xhht
    >>> spacing(xhht.bundled_profiles().get("vn.unit.tt22-2020").plan)
    5
    """
    found: list[_Grid] = []
    for place, operator in enumerate(plan.operators):
        low, high = plan.bounds[place]
        found.append((low, 0) if low == high else _grid(operator, found))
    return found[plan.points][1]


def _grid(operator: Operator, found: list[_Grid]) -> _Grid:
    match operator:
        case Known(low, high):
            return low, int(low != high)
        case Linear(of, factors, constant):
            ends = [(found[place], factor) for place, factor in zip(of, factors, strict=True)]
            start = constant + sum(factor * each[0] for each, factor in ends)
            return start, gcd(*(factor * each[1] for each, factor in ends))
        case Least(of) | Greatest(of):
            return _any_of([found[place] for place in of])
        case Choose(_, then, other):
            return _any_of([found[then], found[other]])
        case Defined(_, condition):
            return _any_of([found[condition], (0, 1)])
        case Product(left, right):
            (start, by), (other, other_by) = found[left], found[right]
            return start * other, gcd(start * other_by, other * by, by * other_by)
        case Portion(points, _, _, step, _):
            return 0, gcd(step, points)
        case Rounded(_, _, step, _):
            return 0, step
        case _:
            return 0, 1


def _any_of(grids: list[_Grid]) -> _Grid:
    """Return the grid that holds all numbers of some grids."""
    start = grids[0][0]
    return start, gcd(*(by for _, by in grids), *(each - start for each, _ in grids))
