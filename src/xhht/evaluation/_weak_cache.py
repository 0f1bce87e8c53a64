"""Results cached for as long as what they are derived from exists."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

K = TypeVar("K")
V = TypeVar("V")


def weakly_cached(function: Callable[[K], V]) -> Callable[[K], V]:
    """Return a function that caches each result for as long as its argument exists.

    A result must not refer to its argument, or neither is ever freed. Safe to share among threads:
    each access is one operation on a dictionary, and the first of two equal results stays.
    """
    results: WeakKeyDictionary[K, V] = WeakKeyDictionary()

    @wraps(function)
    def cached(argument: K) -> V:
        result = results.get(argument)
        if result is None:
            result = results.setdefault(argument, function(argument))
        return result

    return cached
