"""Hands the points of an absent criterion to its siblings."""

from __future__ import annotations

from collections.abc import Sequence

from xhht.exact import Rounding, round_ratio


def hand_out(points: int, weights: Sequence[int], step: int, mode: Rounding) -> list[int]:
    """Return how many of `points` each sibling takes: by weight, in whole steps, none lost.

    What rounding leaves over or takes too much goes step by step to the siblings in their order.

    >>> hand_out(10, [5, 5, 5], 1, Rounding.HALF_UP)
    [4, 3, 3]
    """
    total = sum(weights)
    parts = [step * round_ratio(points * weight, total * step, mode) for weight in weights]
    left = points - sum(parts)
    direction = step if left > 0 else -step
    at = 0
    while left:
        if parts[at] + direction >= 0:
            parts[at] += direction
            left -= direction
        at = (at + 1) % len(parts)
    return parts
