"""Finds the unknowns that could make an interval wider than the truth: inputs, and marks.

Interval evaluation is exact while every unknown pulls the outcome one way only (all its uses are
then at their best, or at their worst, together), or is used in just one place. The analysis
follows each operator's pull on the results back to the inputs. It takes every denominator to be
above 0; a result in which one may be 0 is not exact anyway.
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
    Operator,
    Portion,
    Product,
    Read,
    Rounded,
    operands,
)

_MIXED = 0


@frozen
class Mixed:
    """What pulls the results both ways from more than one place.

    Attributes:
        inputs: the inputs that do.
        marks: whether a mark that no source shows may.
    """

    inputs: frozenset[int]
    marks: bool


def mixed(
    operators: Sequence[Operator], bounds: Sequence[Interval], results: Sequence[int]
) -> Mixed:
    """Return the unknowns that pull the results both ways from more than one place."""
    pull: dict[int, int] = {}
    users: dict[int, set[int]] = {}
    for place in results:
        pull[place] = 1
    for place in range(len(operators) - 1, -1, -1):
        if place not in pull:
            continue
        for operand, sign in _pulls(operators[place], bounds):
            here = sign * pull[place]
            pull[operand] = here if pull.get(operand, here) == here else _MIXED
            users.setdefault(operand, set()).add(place)
    return _unclean(operators, pull, users, frozenset(results))


def _unclean(
    operators: Sequence[Operator],
    pull: dict[int, int],
    users: dict[int, set[int]],
    results: frozenset[int],
) -> Mixed:
    clean: dict[int, bool] = {}
    for place in sorted(pull, reverse=True):
        above = users.get(place, set())
        alone = (
            len(above) == 1
            and place not in results
            and clean[min(above)]
            and not (isinstance(operators[min(above)], IsZero) and _may_have_gaps(operators, place))
        )
        clean[place] = pull[place] != _MIXED or alone
    readers: dict[int, list[int]] = {}
    for place in pull:
        operator = operators[place]
        if isinstance(operator, (Read, Among)):
            readers.setdefault(operator.input, []).append(place)
    inputs = frozenset(
        index
        for index, places in readers.items()
        if not all(clean[place] for place in places) or not _one_way(operators, pull, places)
    )
    return Mixed(inputs, any(not clean[place] and _is_mark(operators[place]) for place in pull))


def _is_mark(operator: Operator) -> bool:
    """Return whether an operator stands for what no source shows."""
    return isinstance(operator, Known) and operator.low != operator.high


def _may_have_gaps(operators: Sequence[Operator], place: int) -> bool:
    """Return whether not every number of an operator's interval need be reached."""
    match operators[place]:
        case Read():
            return False
        case Linear((of,), (1 | -1,), _):
            return _may_have_gaps(operators, of)
        case _:
            return True


def _one_way(operators: Sequence[Operator], pull: dict[int, int], places: list[int]) -> bool:
    """Return whether an input read at these places may be exact: one place, or one pull."""
    if len(places) == 1:
        return True
    options = any(isinstance(operators[place], Among) for place in places)
    return not options and len({pull[place] for place in places}) == 1


def _pulls(operator: Operator, bounds: Sequence[Interval]) -> Iterator[tuple[int, int]]:
    """Yield the operands with the way they pull: 1 up, -1 down, 0 either."""
    match operator:
        case Linear(of, factors, _):
            yield from ((place, 1 if f > 0 else -1) for place, f in zip(of, factors, strict=True))
        case Least(of) | Greatest(of):
            yield from ((place, 1) for place in of)
        case AtLeastZero(of) | Rounded(of, _, _, _):
            yield of, 1
        case Choose(condition, then, other):
            if bounds[then][0] >= bounds[other][1]:
                yield condition, 1
            elif bounds[then][1] <= bounds[other][0]:
                yield condition, -1
            else:
                yield condition, _MIXED
            yield from ((then, 1), (other, 1))
        case Defined(_, condition):
            yield condition, 1
        case Portion(_, numerator, denominator, _, _):
            yield from ((numerator, 1), (denominator, -1))
        case Product(left, right):
            yield left, _side(bounds[right])
            yield right, _side(bounds[left])
        case _:
            yield from ((place, _MIXED) for place in operands(operator))


def _side(interval: Interval) -> int:
    if interval[0] >= 0:
        return 1
    return -1 if interval[1] <= 0 else _MIXED
