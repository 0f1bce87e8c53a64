"""Results cached for as long as what they are derived from exists."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import ref

K = TypeVar("K")
V = TypeVar("V")


def weakly_cached(function: Callable[[K], V]) -> Callable[[K], V]:
    """Return a function that caches each result for as long as its argument exists.

    A result must not refer to its argument, or neither is ever freed. Safe to share among threads:
    each access is one operation on a dictionary, and the first of two equal results stays.
    """
    # Not a WeakKeyDictionary, which adds a call to each look-up: `evaluate` needs one each time.
    results: dict[ref[K], V] = {}

    def forget(reference: ref[K]) -> None:
        results.pop(reference, None)

    @wraps(function)
    def cached(argument: K) -> V:
        result = results.get(ref(argument))
        if result is None:
            result = results.setdefault(ref(argument, forget), function(argument))
        return result

    return cached
