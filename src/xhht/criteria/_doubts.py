"""Tells what the faults of a file leave open, and so what can still be judged.

A condition with a fault is judged as if anything could be meant by it, so that what is said of
the rest is sure. Where points or the shape of the tree are in doubt, nothing is said of points.
"""

from __future__ import annotations

from collections.abc import Iterator

from xhht.criteria._report import Report
from xhht.criteria.diagnostics import Severity

__all__ = [
    "criteria_in_doubt",
    "doubtful_levels",
    "doubtful_names",
    "points_are_sure",
    "uses_are_sure",
]

_SAID_ONLY = {"label", "unit", "name", "note", "clause", "source", "provenance"}
_OPEN_KEYS = {"met_when", "applies_when", "when", "share", "count", "assessed"}
_BESIDE = {(key,) for key in (*_SAID_ONLY, "id", "points", "requirement", "floor", "weight")}
_HARMLESS = {"XH105", "XH106", "XH107", "XH109", "XH110", "XH114", "XH115"}
_OF_POINTS = {"XH301", "XH306"}


def _doubts(report: Report) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what leaves something open: its code, if it has one, and the steps of its pointer.

    A harmless fault leaves its value readable, or what it leaves open is noted apart.
    """
    for pointer in report.doubts:
        yield "", _steps(pointer)
    for found in report.sink.found:
        if found.severity is Severity.ERROR and found.code not in _HARMLESS:
            yield found.code, _steps(found.pointer)


def _steps(pointer: str) -> tuple[str, ...]:
    return tuple(pointer.split("/")[1:])


def doubtful_names(report: Report, key: str) -> frozenset[str]:
    """Return the names under `key`, inputs or values, of which it is in doubt what they may be."""
    return frozenset(
        steps[1]
        for _, steps in _doubts(report)
        if steps[:1] == (key,) and len(steps) > 1 and _SAID_ONLY.isdisjoint(steps[2:])
    )


def doubtful_levels(report: Report) -> frozenset[int]:
    """Return the levels, counted from 0, of which something that decides is in doubt."""
    return frozenset(
        int(steps[1])
        for _, steps in _doubts(report)
        if steps[:1] == ("levels",) and len(steps) > 1 and _SAID_ONLY.isdisjoint(steps[2:])
    )


def points_are_sure(report: Report) -> bool:
    """Return whether points and the shape of the tree stand, whatever conditions may mean."""
    return not any(_touches_points(code, steps) for code, steps in _doubts(report))


def _touches_points(code: str, steps: tuple[str, ...]) -> bool:
    if steps[:1] != ("criteria",):
        return steps[:1] == ("grid",)
    if not _SAID_ONLY.isdisjoint(steps):
        return False
    if code in ("XH122", "XH123") and steps[-2:-1] == ("indicators",):
        return False
    return code in _OF_POINTS or steps[-1] not in _OPEN_KEYS


def uses_are_sure(report: Report) -> bool:
    """Return whether every place that may name an input could be read."""
    return not any(_hides_names(code, steps) for code, steps in _doubts(report))


def _hides_names(code: str, steps: tuple[str, ...]) -> bool:
    if steps[:1] not in (("inputs",), ("criteria",), ("levels",)):
        return False
    if not _SAID_ONLY.isdisjoint(steps[2:]):
        return False
    if code:
        return code in ("XH104", "XH111", "XH112", "XH122", "XH123")
    return steps[0] != "inputs" or len(steps) < 3 or steps[2] == "at_most"


def criteria_in_doubt(report: Report) -> frozenset[str]:
    """Return the pointers of criteria of which it is open how they score or when they apply."""
    places = {place for place in report.open_conditions if place.endswith("/applies_when")}
    places |= {place for place in report.doubts if _steps(place)[-1:] not in _BESIDE}
    return frozenset(place.rpartition("/")[0] for place in places)
