"""The context of checking one file: its diagnostics, and which of its values could be read.

Error recovery: a value with an error is replaced by a placeholder, so that one pass reports all
errors of a file. Later errors about a placeholder would be spurious and are suppressed here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xhht.criteria._yaml import Scalar
from xhht.criteria.diagnostics import DiagnosticCollector, Mark
from xhht.text import Suggestions

__all__ = ["CheckContext"]


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
    """

    def __init__(self, sink: DiagnosticCollector) -> None:
        self.sink = sink
        self.suggest = Suggestions()
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
