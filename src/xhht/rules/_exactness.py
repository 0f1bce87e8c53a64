"""Monotonicity analysis: finds unknowns that may make an interval wider than necessary.

This is the dependency problem of interval arithmetic. Evaluation is exact if the results are
monotone in every unknown, or use it only once. The analysis propagates each operator's direction
of influence from the results back to the inputs. It assumes that every denominator is above 0; a
result in which one may be 0 is not exact anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from xhht.rules.plan import (
    Among,
    AtLeastZero,
    Choose,
    Defined,
    Greatest,
    Interval,
    IsZero,
    Known,
    Least,
    Linear,
    Multiply,
    Operator,
    Portion,
    Read,
    Rounded,
    operands,
)

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
            and not (isinstance(operators[min(using)], IsZero) and _may_have_gaps(operators, index))
        )
        exact[index] = directions[index] != _EITHER_WAY or used_once
    readers: dict[int, list[int]] = {}
    for index in directions:
        operator = operators[index]
        if isinstance(operator, (Read, Among)):
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
    return isinstance(operator, Known) and operator.lower != operator.upper


def _may_have_gaps(operators: Sequence[Operator], index: int) -> bool:
    """Return whether an operator may skip numbers of its interval."""
    match operators[index]:
        case Read():
            return False
        case Linear((of,), (1 | -1,), _):
            return _may_have_gaps(operators, of)
        case _:
            return True


def _one_way(operators: Sequence[Operator], directions: dict[int, int], indices: list[int]) -> bool:
    """Return whether an input with these reads may be exact: one read, or one direction."""
    if len(indices) == 1:
        return True
    options = any(isinstance(operators[index], Among) for index in indices)
    return not options and len({directions[index] for index in indices}) == 1


def _directions(operator: Operator, bounds: Sequence[Interval]) -> Iterator[tuple[int, int]]:
    """Yield the operands with their direction: 1 increasing, -1 decreasing, 0 either."""
    match operator:
        case Linear(of, factors, _):
            yield from (
                (index, 1 if factor > 0 else -1) for index, factor in zip(of, factors, strict=True)
            )
        case Least(of) | Greatest(of):
            yield from ((index, 1) for index in of)
        case AtLeastZero(of) | Rounded(of, _, _, _):
            yield of, 1
        case Choose(condition, then, other):
            if bounds[then][0] >= bounds[other][1]:
                yield condition, 1
            elif bounds[then][1] <= bounds[other][0]:
                yield condition, -1
            else:
                yield condition, _EITHER_WAY
            yield from ((then, 1), (other, 1))
        case Defined(_, condition):
            yield condition, 1
        case Portion(_, numerator, denominator, _, _):
            yield from ((numerator, 1), (denominator, -1))
        case Multiply(left, right):
            yield left, _side(bounds[right])
            yield right, _side(bounds[left])
        case _:
            yield from ((index, _EITHER_WAY) for index in operands(operator))


def _side(interval: Interval) -> int:
    if interval[0] >= 0:
        return 1
    return -1 if interval[1] <= 0 else _EITHER_WAY
