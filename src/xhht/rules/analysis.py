"""Monotonicity analysis: finds unknowns that may make an interval wider than necessary.

This is the dependency problem of interval arithmetic. Evaluation is exact if the results are
monotone in every unknown, or use it only once. The analysis propagates each operator's direction
of influence from the results back to the inputs. It assumes that every denominator is above 0; a
result in which one may be 0 is not exact anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import gcd
from typing import TypeAlias, assert_never

from attrs import frozen

from xhht.rules import expressions as ex
from xhht.rules import plan as op
from xhht.rules._builder import Builder
from xhht.rules._conditions import ConditionLowering
from xhht.rules.inputs import Input
from xhht.rules.parser import shares_of_members
from xhht.rules.plan import Interval, Operator, Plan, operands

__all__ = ["DomainAnalysis", "spacing"]

_EITHER_WAY = 0


@frozen
class NonMonotoneUnknowns:
    """Unknowns in which the results are not monotone and which are used more than once.

    Attributes:
        inputs: indices of such inputs.
        marks: whether an unknown threshold may be one.
    """

    inputs: frozenset[int]
    marks: bool


def non_monotone_unknowns(
    operators: Sequence[Operator], bounds: Sequence[Interval], results: Sequence[int]
) -> NonMonotoneUnknowns:
    """Return the unknowns in which the results are not monotone, used more than once."""
    directions: dict[int, int] = {}
    users: dict[int, set[int]] = {}
    for index in results:
        directions[index] = 1
    for index in range(len(operators) - 1, -1, -1):
        if index not in directions:
            continue
        for operand, sign in _directions(operators[index], bounds):
            direction = sign * directions[index]
            directions[operand] = (
                direction if directions.get(operand, direction) == direction else _EITHER_WAY
            )
            users.setdefault(operand, set()).add(index)
    return _inexact(operators, directions, users, frozenset(results))


def _inexact(
    operators: Sequence[Operator],
    directions: dict[int, int],
    users: dict[int, set[int]],
    results: frozenset[int],
) -> NonMonotoneUnknowns:
    exact: dict[int, bool] = {}
    for index in sorted(directions, reverse=True):
        using = users.get(index, set())
        used_once = (
            len(using) == 1
            and index not in results
            and exact[min(using)]
            and not (
                isinstance(operators[min(using)], op.IsZero) and _may_have_gaps(operators, index)
            )
        )
        exact[index] = directions[index] != _EITHER_WAY or used_once
    readers: dict[int, list[int]] = {}
    for index in directions:
        operator = operators[index]
        if isinstance(operator, (op.Read, op.Among)):
            readers.setdefault(operator.input, []).append(index)
    inputs = frozenset(
        input_index
        for input_index, indices in readers.items()
        if not all(exact[index] for index in indices)
        or not _one_way(operators, directions, indices)
    )
    return NonMonotoneUnknowns(
        inputs, any(not exact[index] and _is_mark(operators[index]) for index in directions)
    )


def _is_mark(operator: Operator) -> bool:
    """Return whether an operator is an unknown constant."""
    return isinstance(operator, op.Known) and operator.lower != operator.upper


def _may_have_gaps(operators: Sequence[Operator], index: int) -> bool:
    """Return whether an operator may skip numbers of its interval."""
    match operators[index]:
        case op.Read():
            return False
        case op.Linear((of,), (1 | -1,), _):
            return _may_have_gaps(operators, of)
        case _:
            return True


def _one_way(operators: Sequence[Operator], directions: dict[int, int], indices: list[int]) -> bool:
    """Return whether an input with these reads may be exact: one read, or one direction."""
    if len(indices) == 1:
        return True
    options = any(isinstance(operators[index], op.Among) for index in indices)
    return not options and len({directions[index] for index in indices}) == 1


def _directions(operator: Operator, bounds: Sequence[Interval]) -> Iterator[tuple[int, int]]:
    """Yield the operands with their direction: 1 increasing, -1 decreasing, 0 either."""
    match operator:
        case op.Linear(of, factors, _):
            yield from (
                (index, 1 if factor > 0 else -1) for index, factor in zip(of, factors, strict=True)
            )
        case op.Least(of) | op.Greatest(of):
            yield from ((index, 1) for index in of)
        case op.AtLeastZero(of) | op.Rounded(of, _, _, _):
            yield of, 1
        case op.Choose(condition, then, other):
            if bounds[then][0] >= bounds[other][1]:
                yield condition, 1
            elif bounds[then][1] <= bounds[other][0]:
                yield condition, -1
            else:
                yield condition, _EITHER_WAY
            yield from ((then, 1), (other, 1))
        case op.Defined(_, condition, _):
            yield condition, 1
        case op.End():  # each is a result of its own, see `lower`
            return
        case op.Portion(_, numerator, denominator):
            yield from ((numerator, 1), (denominator, -1))
        case op.Multiply(left, right):
            yield left, _side(bounds[right])
            yield right, _side(bounds[left])
        case _:
            yield from ((index, _EITHER_WAY) for index in operands(operator))


def _side(interval: Interval) -> int:
    if interval[0] >= 0:
        return 1
    return -1 if interval[1] <= 0 else _EITHER_WAY


class DomainAnalysis:
    """Analyses conditions by the domains and cross-bounds of some inputs."""

    def __init__(self, inputs: tuple[Input, ...]) -> None:
        self._inputs = {declared.name: declared for declared in inputs}
        self._build = Builder(inputs)
        self._conditions = ConditionLowering(self._build)
        self._of_members = set(shares_of_members(inputs).values())

    def may_divide_by_zero(self, *trees: object) -> bool:
        """Return whether an explicit share has a denominator that may be 0.

        Shares of members are excluded, because a profile cannot bound the number of members.
        """
        return any(lower <= 0 for lower, _ in self._denominators(trees))

    def always_divides_by_zero(self, *trees: object) -> bool:
        """Return whether an explicit share has a denominator that is never above 0."""
        return any(upper <= 0 for _, upper in self._denominators(trees))

    def _denominators(self, trees: Sequence[object]) -> Iterator[Interval]:
        """Yield the bounds of the denominators of explicit shares."""
        for share in ex.shares_in(*trees):
            if share not in self._of_members:
                index, _ = self._build.index_of(self._conditions.number(share.denominator))
                yield self._build.bounds[index]

    def is_never_true(self, condition: object) -> bool:
        """Return whether a condition requires a comparison that is false for all facts."""
        return any(self._never_holds(compared) for compared in _required_comparisons(condition))

    def _never_holds(self, compared: ex.Compare) -> bool:
        if ex.reads_totals(compared):
            return False
        if self._is_above_one(compared):
            return True
        return self._build.is_known(self._conditions.truth(compared), 0)

    def _is_above_one(self, compared: ex.Compare) -> bool:
        """Return whether a share is required to exceed 1."""
        share, threshold = compared.left, compared.right
        if compared.sign == "==" and isinstance(threshold, ex.ShareOf):
            share, threshold = threshold, share
        return (
            isinstance(share, ex.ShareOf)
            and isinstance(threshold, ex.Constant)
            and (threshold.value > 1 or (threshold.value == 1 and compared.sign == ">"))
            and self._is_part(share.numerator, share.denominator)
        )

    def _is_part(self, number: ex.Number, total: ex.Number) -> bool:
        """Return whether an input is bounded from above by another that is never below 0."""
        if not isinstance(number, ex.NumberInput) or not isinstance(total, ex.NumberInput):
            return False
        if self._inputs[total.name].minimum < 0:
            return False
        return total.name in _bounds_above(number.name, self._inputs)


def _bounds_above(name: str, inputs: Mapping[str, Input]) -> set[str]:
    """Return an input and all inputs that bound it from above."""
    names: set[str] = set()
    larger: str | None = name
    while larger is not None and larger in inputs and larger not in names:
        names.add(larger)
        larger = inputs[larger].at_most
    return names


def _required_comparisons(condition: object) -> Iterator[ex.Compare]:
    """Yield the comparisons that a condition requires to hold.

    Without those under `not`, and those of a definition, which are examined where it is.
    """
    if isinstance(condition, ex.Named) and condition.definition is not None:
        return
    match condition:
        case ex.Compare():
            yield condition
        case ex.All(of) | ex.Any_(of):
            for part in of:
                yield from _required_comparisons(part)
        case ex.TruthIf(_, then, other):
            yield from _required_comparisons(then)
            yield from _required_comparisons(other)


_Grid: TypeAlias = tuple[int, int]


"""A start and a distance: all values are the start plus a multiple; 0 for a single value."""


def spacing(plan: Plan) -> int:
    """Return the greatest common distance between total points, in steps of the profile's grid.

    It is 1 if any total is possible, and 0 if there is only one.

    >>> import xhht
    >>> spacing(xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing").plan)
    5
    """
    grids: list[_Grid] = []
    for index, operator in enumerate(plan.operators):
        lower, upper = plan.bounds[index]
        grids.append((lower, 0) if lower == upper else _grid(operator, grids))
    return grids[plan.points][1]


def _grid(operator: Operator, grids: list[_Grid]) -> _Grid:
    match operator:
        case op.Known(lower, upper):
            return lower, int(lower != upper)
        case op.Linear(of, factors, constant):
            terms = [(grids[index], factor) for index, factor in zip(of, factors, strict=True)]
            first = constant + sum(factor * start for (start, _), factor in terms)
            return first, gcd(*(factor * distance for (_, distance), factor in terms))
        case op.Least(of) | op.Greatest(of):
            return _any_of([grids[index] for index in of])
        case op.Choose(_, then, other):
            return _any_of([grids[then], grids[other]])
        case op.Defined(_, condition, _):
            return _any_of([grids[condition], (0, 1)])
        case op.End(of, _):
            return grids[of]
        case op.Multiply(left, right):
            (start, distance), (other_start, other_distance) = grids[left], grids[right]
            return start * other_start, gcd(
                start * other_distance, other_start * distance, distance * other_distance
            )
        case op.Portion(points, _, _, step):
            return 0, gcd(step, points)
        case op.Rounded(_, _, step, _):
            return 0, step
        case op.Read() | op.AsOfDay() | op.Among() | op.AtLeastZero() | op.IsZero():
            return 0, 1
        case _:
            assert_never(operator)


def _any_of(grids: list[_Grid]) -> _Grid:
    """Return the finest common grid of some grids."""
    first = grids[0][0]
    distances = (distance for _, distance in grids)
    return first, gcd(*distances, *(start - first for start, _ in grids))
