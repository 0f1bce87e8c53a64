"""Binary search for the greatest integer that satisfies a monotone condition."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["greatest"]


def greatest(holds: Callable[[int], bool], lower: int, upper: int) -> int:
    """Return the greatest number in the range for which `holds`; `holds(lower)` must be true.

    >>> greatest(lambda number: number * number <= 50, 0, 50)
    7
    """
    while lower < upper:
        middle = (lower + upper + 1) // 2
        if holds(middle):
            lower = middle
        else:
            upper = middle - 1
    return lower
