"""The context of checking one file: its diagnostics, and which of its values could be read.

Error recovery: a value with an error is replaced by a placeholder, so that one pass reports all
errors of a file. Later errors about a placeholder would be spurious and are suppressed here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xhht.criteria.diagnostics import DiagnosticCollector
from xhht.criteria.document import expression_keys, key_at
from xhht.criteria.yaml_nodes import Scalar
from xhht.issues import Mark, Severity
from xhht.rules.parser import LengthBudget
from xhht.text import Suggestions

__all__ = [
    "CheckContext",
    "points_are_certain",
    "unreliable_criteria",
    "unreliable_levels",
    "unreliable_names",
    "uses_are_certain",
]


class CheckContext:
    """Collects the errors of one file and tracks its placeholders.

    Attributes:
        sink: collects the diagnostics.
        marks: the place of each value, by JSON pointer.
        expressions: the scalar of each condition, by JSON pointer.
        doubtful_pointers: pointers of values that may differ from what was read.
        undetermined_conditions: the words of each condition that is treated as undetermined, by
        JSON
            pointer.
        suggest: suggests corrections for misspelt words of the file.
        budget: the length that the conditions of the file may have.
    """

    def __init__(self, sink: DiagnosticCollector) -> None:
        self.sink = sink
        self.suggest = Suggestions()
        self.budget = LengthBudget()
        self.marks: dict[str, Mark] = {}
        self.expressions: dict[str, Scalar] = {}
        self.doubtful_pointers: set[str] = set()
        self.undetermined_conditions: dict[str, Collection[str]] = {}
        self._unread: set[str] = set()
        self._above_unread: set[str] = set()

    def mark_placeholder(self, pointer: str) -> None:
        """Record that the value at `pointer` is a placeholder."""
        self._unread.add(pointer)
        self.doubtful_pointers.add(pointer)
        self._above_unread.update(_ancestors(pointer))

    def is_read(self, pointer: str) -> bool:
        """Return whether neither the value at `pointer` nor an ancestor is a placeholder."""
        return pointer not in self._unread and self._unread.isdisjoint(_ancestors(pointer))

    def is_complete(self, pointer: str) -> bool:
        """Return whether the value at `pointer` was read completely."""
        return self.is_read(pointer) and pointer not in self._above_unread

    def mark(self, pointer: str) -> Mark:
        """Return the place of a value, or of its nearest known ancestor."""
        while pointer not in self.marks:
            pointer = pointer.rpartition("/")[0]
        return self.marks[pointer]

    def report_error(self, code: str, pointer: str, /, *needs: str, **values: object) -> None:
        """Report an error at `pointer`, unless it concerns a placeholder.

        Args:
            code: the diagnostic.
            pointer: the value that it concerns.
            needs: pointers of other values that it depends on; all must be complete.
            values: fields of its message.
        """
        if self.is_read(pointer) and all(map(self.is_complete, needs)):
            self.sink.add(code, self.mark(pointer), pointer, **values)


def _ancestors(pointer: str) -> Iterator[str]:
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


_DESCRIPTIVE_KEYS = {"label", "unit", "name", "note", "clause", "source", "provenance"}


_UNRELATED_KEYS = {
    (key,) for key in (*_DESCRIPTIVE_KEYS, "id", "points", "requirement", "floor", "weight")
}


_HARMLESS = {"XH105", "XH106", "XH107", "XH109", "XH110", "XH114", "XH115"}


_POINT_ERRORS = {"XH301", "XH306"}


_HIDE_NAMES = {"XH104", "XH111", "XH112", "XH122", "XH123", "XH316", "XH341", "XH342"}
"""The errors whose correction may name inputs: a value is missing, or not used as it stands."""


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
    """Return the names under `key` (inputs, values, definitions) whose meaning is in doubt."""
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
    return code in _POINT_ERRORS or key_at("/" + "/".join(steps)) not in expression_keys()


def uses_are_certain(report: CheckContext) -> bool:
    """Return whether every place that can name an input was read, and none is missing."""
    return not any(_hides_names(code, steps) for code, steps in _doubts(report))


def _hides_names(code: str, steps: tuple[str, ...]) -> bool:
    if steps[:1] not in (("inputs",), ("definitions",), ("criteria",), ("levels",)):
        return False
    if not _DESCRIPTIVE_KEYS.isdisjoint(steps[2:]):
        return False
    if code:
        return code in _HIDE_NAMES
    return steps[0] != "inputs" or len(steps) < 3 or steps[2] == "at_most"


def unreliable_criteria(report: CheckContext) -> frozenset[str]:
    """Return the pointers of criteria whose scoring or applicability is in doubt."""
    pointers = {p for p in report.undetermined_conditions if p.endswith("/applies_when")}
    pointers |= {p for p in report.doubtful_pointers if _steps(p)[-1:] not in _UNRELATED_KEYS}
    return frozenset(pointer.rpartition("/")[0] for pointer in pointers)
