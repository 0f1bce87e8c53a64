"""A tally shared out among areas by weights: whole numbers, and nothing lost or gained."""

from __future__ import annotations

from collections.abc import Sequence
from operator import add

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
    the counts themselves can give an area more recognised than it has in total. Those with a level
    go where there is room for them among the recognised.

    Raises:
        RollupError: the tally does not validate, or the weights cannot be.
    """
    tally.validate()
    sums: list[dict[frozenset[Count], tuple[int, ...]]] = [{} for _ in weights]
    for pattern, group in zip(tally.sums, tally.groups(), strict=True):
        shared = _shared_counts(group.counts, weights)
        none = [0] * len(weights)
        columns = [share_out(group.parts, weights), *(shared.get(each, none) for each in Count)]
        for at, entry in enumerate(zip(*columns, strict=True)):
            sums[at][pattern] = entry
    rooms = [Tally(sums=entries).bounds(Count.RECOGNISED).high for entries in sums]
    levels: dict[str, Shares] = {}
    for level, number in tally.levels.items():
        levels[level] = shares = _within(rooms, share_out(number, weights))
        rooms = [r if r is None else r - share for r, share in zip(rooms, shares, strict=True)]
    points = {one: share_out(number, weights) for one, number in tally.points.items()}
    return [
        Tally(
            sums=sums[at],
            levels={level: shares[at] for level, shares in levels.items()},
            points={one: shares[at] for one, shares in points.items()},
        )
        for at in range(len(weights))
    ]


def _shared_counts(counts: Counts, weights: Sequence[int]) -> dict[Count, Shares]:
    shared: dict[Count, Shares] = {}
    within, held = [0] * len(weights), 0
    for count in (Count.UNDETERMINED, Count.RECOGNISED, *reversed(WHOLES)):
        number = counts.get(count)
        if number is None:
            continue
        # A whole holds the counts before it; what it adds to them is shared out.
        added = number - held if count in WHOLES else number
        shares = share_out(added, weights)
        within, held = list(map(add, within, shares)), held + added
        shared[count] = within if count in WHOLES else shares
    return shared


def _within(rooms: Sequence[int | None], shares: Shares) -> Shares:
    """Return the shares with what has no room where it is moved to where there is; None is any."""
    fitting = [s if r is None else min(s, r) for r, s in zip(rooms, shares, strict=True)]
    left = sum(shares) - sum(fitting)
    for at, room in enumerate(rooms):
        more = left if room is None else min(left, room - fitting[at])
        fitting[at] += more
        left -= more
    return fitting


_BAD_WEIGHTS = Text(
    vi="Trọng số phải là các số nguyên từ 0 trở lên và không được bằng 0 tất cả.",
    en="Weights are whole numbers of 0 or more, and not all of them 0.",
)
