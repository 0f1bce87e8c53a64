"""A tally shared out among areas by weights: whole numbers, and nothing lost or gained."""

from __future__ import annotations

from collections.abc import Sequence
from operator import add, sub

from xhht.errors import RollupError
from xhht.rollup.counts import WHOLES, Count, Counts
from xhht.rollup.tally import Tally
from xhht.text import Text

__all__ = ["share_out", "shared_tally"]

Shares = list[int]


def share_out(number: int, weights: Sequence[int]) -> Shares:
    """Return `number` shared out in proportion to `weights` by largest remainder.

    Equal remainders are served in the order of the weights.

    Raises:
        RollupError: weights that are no whole numbers of 0 or more, or are all 0.

    >>> share_out(10, [1, 1, 1]), share_out(1, [1, 3])
    ([4, 3, 3], [0, 1])
    """
    whole = sum(weights)
    if any(type(weight) is not int or weight < 0 for weight in weights) or not whole:
        raise RollupError(_BAD_WEIGHTS)
    shares = [number * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: -(number * weights[at] % whole))
    for at in by_remainder[: number - sum(shares)]:
        shares[at] += 1
    return shares


def shared_tally(tally: Tally, weights: Sequence[int]) -> list[Tally]:
    """Return one tally for each weight; together they are `tally`.

    Every count is shared out as a sum of its parts that do not overlap, as largest remainders of
    the counts themselves can give an area more recognised than it has in total.

    Raises:
        RollupError: the tally does not validate, or the weights cannot be.
    """
    tally.validate()
    levels = {level: share_out(number, weights) for level, number in tally.levels.items()}
    points = {one: share_out(number, weights) for one, number in tally.points.items()}
    levelled = [sum(column) for column in zip(*levels.values(), strict=True)] or [0] * len(weights)
    sums: list[dict[frozenset[Count], tuple[int, ...]]] = [{} for _ in weights]
    for pattern, group in zip(tally.sums, tally.groups(), strict=True):
        shared, levelled = _shared_counts(group.counts, levelled, weights)
        none = [0] * len(weights)
        columns = [share_out(group.parts, weights), *(shared.get(each, none) for each in Count)]
        for at, entry in enumerate(zip(*columns, strict=True)):
            sums[at][pattern] = entry
    return [
        Tally(
            sums=sums[at],
            levels={level: shares[at] for level, shares in levels.items()},
            points={one: shares[at] for one, shares in points.items()},
        )
        for at in range(len(weights))
    ]


def _shared_counts(
    counts: Counts, levelled: Shares, weights: Sequence[int]
) -> tuple[dict[Count, Shares], Shares]:
    """Return the shares of each count, and who of those with a level are left for other reports."""
    shared: dict[Count, Shares] = {}
    within = [0] * len(weights)
    held = 0
    if counts.undetermined is not None:
        shared[Count.UNDETERMINED] = within = share_out(counts.undetermined, weights)
        held = counts.undetermined
    innermost = True
    for count in (Count.RECOGNISED, *reversed(WHOLES)):
        number = counts.get(count)
        if number is None:
            continue
        # The first is what those with a level are part of: they are in it where they are.
        added = number if count is Count.RECOGNISED else number - held
        taken = _filled(levelled, added) if innermost else [0] * len(weights)
        levelled = list(map(sub, levelled, taken))
        shares = list(map(add, taken, share_out(added - sum(taken), weights)))
        innermost = False
        within = list(map(add, within, shares))
        held += added
        shared[count] = shares if count is Count.RECOGNISED else within
    return shared, levelled


def _filled(available: Shares, most: int) -> Shares:
    taken: Shares = []
    for number in available:
        taken.append(min(number, most - sum(taken)))
    return taken


_BAD_WEIGHTS = Text(
    vi="Trọng số phải là các số nguyên từ 0 trở lên và không được bằng 0 tất cả.",
    en="Weights are whole numbers of 0 or more, and not all of them 0.",
)
