"""Error recovery: which checks of a file remain reliable after earlier errors.

A condition with an error is treated as one that may have any value, so that diagnostics about the
rest of the file are reliable. If points or the shape of the tree are in doubt, no check of points
is made.
"""

from __future__ import annotations

from collections.abc import Iterator

from xhht.criteria._report import CheckContext
from xhht.criteria.diagnostics import Severity

__all__ = [
    "points_are_certain",
    "unreliable_criteria",
    "unreliable_levels",
    "unreliable_names",
    "uses_are_certain",
]

_DESCRIPTIVE_KEYS = {"label", "unit", "name", "note", "clause", "source", "provenance"}
_CONDITION_KEYS = {"met_when", "applies_when", "when", "share", "count", "assessed"}
_UNRELATED_KEYS = {
    (key,) for key in (*_DESCRIPTIVE_KEYS, "id", "points", "requirement", "floor", "weight")
}
_HARMLESS = {"XH105", "XH106", "XH107", "XH109", "XH110", "XH114", "XH115"}
_POINT_ERRORS = {"XH301", "XH306"}


def _doubts(report: CheckContext) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the code, or "" without one, and the pointer steps of each doubtful value.

    A harmless error leaves its value readable, or its doubts are recorded separately.
    """
    for pointer in report.doubtful_pointers:
        yield "", _steps(pointer)
    for diagnostic in report.sink.diagnostics:
        if diagnostic.severity is Severity.ERROR and diagnostic.code not in _HARMLESS:
            yield diagnostic.code, _steps(diagnostic.pointer)


def _steps(pointer: str) -> tuple[str, ...]:
    return tuple(pointer.split("/")[1:])


def unreliable_names(report: CheckContext, key: str) -> frozenset[str]:
    """Return the names under `key` (inputs or values) whose definition is in doubt."""
    return frozenset(
        steps[1]
        for _, steps in _doubts(report)
        if steps[:1] == (key,) and len(steps) > 1 and _DESCRIPTIVE_KEYS.isdisjoint(steps[2:])
    )


def unreliable_levels(report: CheckContext) -> frozenset[int]:
    """Return the indexes, from 0, of the levels whose decisive keys are in doubt."""
    return frozenset(
        int(steps[1])
        for _, steps in _doubts(report)
        if steps[:1] == ("levels",) and len(steps) > 1 and _DESCRIPTIVE_KEYS.isdisjoint(steps[2:])
    )


def points_are_certain(report: CheckContext) -> bool:
    """Return whether points and the shape of the tree are reliable, whatever conditions mean."""
    return not any(_touches_points(code, steps) for code, steps in _doubts(report))


def _touches_points(code: str, steps: tuple[str, ...]) -> bool:
    if steps[:1] != ("criteria",):
        return steps[:1] == ("grid",)
    if not _DESCRIPTIVE_KEYS.isdisjoint(steps):
        return False
    if code in ("XH122", "XH123") and steps[-2:-1] == ("indicators",):
        return False
    return code in _POINT_ERRORS or steps[-1] not in _CONDITION_KEYS


def uses_are_certain(report: CheckContext) -> bool:
    """Return whether every place that can name an input was read."""
    return not any(_hides_names(code, steps) for code, steps in _doubts(report))


def _hides_names(code: str, steps: tuple[str, ...]) -> bool:
    if steps[:1] not in (("inputs",), ("criteria",), ("levels",)):
        return False
    if not _DESCRIPTIVE_KEYS.isdisjoint(steps[2:]):
        return False
    if code:
        return code in ("XH104", "XH111", "XH112", "XH122", "XH123")
    return steps[0] != "inputs" or len(steps) < 3 or steps[2] == "at_most"


def unreliable_criteria(report: CheckContext) -> frozenset[str]:
    """Return the pointers of criteria whose scoring or applicability is in doubt."""
    pointers = {p for p in report.undetermined_conditions if p.endswith("/applies_when")}
    pointers |= {p for p in report.doubtful_pointers if _steps(p)[-1:] not in _UNRELATED_KEYS}
    return frozenset(pointer.rpartition("/")[0] for pointer in pointers)
