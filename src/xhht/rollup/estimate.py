"""Apportionment of a tally among areas by weights: whole numbers with the same total."""

from __future__ import annotations

from collections.abc import Sequence
from operator import add

from xhht.errors import RollupError
from xhht.rollup.counts import DENOMINATORS, Count, Counts
from xhht.rollup.tally import Tally
from xhht.text import Text

__all__ = ["apportion", "apportion_tally"]

Shares = list[int]


def apportion(number: int, weights: Sequence[int]) -> Shares:
    """Return `number` apportioned in proportion to `weights` by the largest remainder method.

    Equal remainders are served in the order of the weights.

    Raises:
        RollupError: weights that are not whole numbers of 0 or more, or are all 0.

    >>> apportion(10, [1, 1, 1]), apportion(1, [1, 3])
    ([4, 3, 3], [0, 1])
    """
    total = sum(weights)
    if any(type(weight) is not int or weight < 0 for weight in weights) or not total:
        raise RollupError(_BAD_WEIGHTS)
    shares = [number * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: -(number * weights[index] % total))
    for index in by_remainder[: number - sum(shares)]:
        shares[index] += 1
    return shares


def apportion_tally(tally: Tally, weights: Sequence[int]) -> list[Tally]:
    """Return one tally for each weight; their sum is `tally`.

    Every count is apportioned as a sum of disjoint parts, because largest remainders of the counts
    themselves could give an area more recognised than its total. Recognised subjects with a level
    are placed within the number recognised of each area.

    Raises:
        RollupError: the tally does not validate, or the weights are invalid.
    """
    tally.validate()
    sums: list[dict[frozenset[Count], tuple[int, ...]]] = [{} for _ in weights]
    for pattern, group in zip(tally.sums, tally.groups(), strict=True):
        shared = _apportion_counts(group.counts, weights)
        zeros = [0] * len(weights)
        columns = [apportion(group.parts, weights), *(shared.get(count, zeros) for count in Count)]
        for index, entry in enumerate(zip(*columns, strict=True)):
            sums[index][pattern] = entry
    capacities = [Tally(sums=entries).bounds(Count.RECOGNISED).upper for entries in sums]
    levels: dict[str, Shares] = {}
    for level, number in tally.levels.items():
        levels[level] = shares = _fit_to_capacity(capacities, apportion(number, weights))
        capacities = [
            None if capacity is None else capacity - share
            for capacity, share in zip(capacities, shares, strict=True)
        ]
    points = {value: apportion(number, weights) for value, number in tally.points.items()}
    return [
        Tally(
            sums=sums[index],
            levels={level: shares[index] for level, shares in levels.items()},
            points={value: shares[index] for value, shares in points.items()},
        )
        for index in range(len(weights))
    ]


def _apportion_counts(counts: Counts, weights: Sequence[int]) -> dict[Count, Shares]:
    shared: dict[Count, Shares] = {}
    cumulative, counted = [0] * len(weights), 0
    for count in (Count.UNDETERMINED, Count.RECOGNISED, *reversed(DENOMINATORS)):
        number = counts.get(count)
        if number is None:
            continue
        # A denominator contains the counts before it; only its increment is apportioned.
        increment = number - counted if count in DENOMINATORS else number
        shares = apportion(increment, weights)
        cumulative, counted = list(map(add, cumulative, shares)), counted + increment
        shared[count] = cumulative if count in DENOMINATORS else shares
    return shared


def _fit_to_capacity(capacities: Sequence[int | None], shares: Shares) -> Shares:
    """Return the shares with excess over capacity moved elsewhere; None is unlimited."""
    fitted = [
        share if capacity is None else min(share, capacity)
        for capacity, share in zip(capacities, shares, strict=True)
    ]
    remaining = sum(shares) - sum(fitted)
    for index, capacity in enumerate(capacities):
        moved = remaining if capacity is None else min(remaining, capacity - fitted[index])
        fitted[index] += moved
        remaining -= moved
    return fitted


_BAD_WEIGHTS = Text(
    vi="Trọng số phải là các số nguyên từ 0 trở lên, trong đó có ít nhất một số lớn hơn 0.",
    en="Weights must be whole numbers of 0 or more, and at least one must be above 0.",
)
