"""Finds the nearest whole number for which something is so, in few questions."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["greatest"]


def greatest(holds: Callable[[int], bool], low: int, high: int) -> int:
    """Return the greatest number for which `holds`, which is so from `low` up to it.

    >>> greatest(lambda number: number * number <= 50, 0, 50)
    7
    """
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low
