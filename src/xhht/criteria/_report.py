"""What is noted about one file, and which of its values could be read at all.

A value with a fault is replaced by a stand-in, so that one pass finds every fault of a file. What
is said later about a stand-in would be said about nothing the file holds, and is left out here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xhht.criteria._yaml import Scalar
from xhht.criteria.diagnostics import Mark, Sink
from xhht.text import Suggestions

__all__ = ["Report"]


class Report:
    """Notes the faults of one file.

    Attributes:
        sink: where they go.
        marks: where each value stands, by JSON pointer.
        expressions: what writes each condition, by JSON pointer.
        doubts: pointers of values that may mean something else than what was read.
        open_conditions: conditions that are judged as if anything could be meant by them, with
            the words in them, by JSON pointer.
        suggest: finds the likely words for what is misspelt in the file.
    """

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.suggest = Suggestions()
        self.marks: dict[str, Mark] = {}
        self.expressions: dict[str, Scalar] = {}
        self.doubts: set[str] = set()
        self.open_conditions: dict[str, Collection[str]] = {}
        self._unread: set[str] = set()
        self._above_unread: set[str] = set()

    def note_unread(self, pointer: str) -> None:
        """Remember that a stand-in is kept in place of what stands at `pointer`."""
        self._unread.add(pointer)
        self.doubts.add(pointer)
        self._above_unread.update(_ancestors(pointer))

    def is_read(self, pointer: str) -> bool:
        """Return whether neither the value at `pointer` nor one that holds it is a stand-in."""
        return pointer not in self._unread and self._unread.isdisjoint(_ancestors(pointer))

    def is_whole(self, pointer: str) -> bool:
        """Return whether the value at `pointer` was read with all that is in it."""
        return self.is_read(pointer) and pointer not in self._above_unread

    def mark(self, pointer: str) -> Mark:
        """Return where a value stands, or the nearest value that holds it."""
        while pointer not in self.marks:
            pointer = pointer.rpartition("/")[0]
        return self.marks[pointer]

    def fault(self, code: str, pointer: str, /, *needs: str, **values: object) -> None:
        """Note a fault at `pointer`, if what it is about was read.

        Args:
            code: the diagnostic.
            pointer: the value that it names.
            needs: pointers of other values that it follows from; all must be whole.
            values: what fills its message.
        """
        if self.is_read(pointer) and all(map(self.is_whole, needs)):
            self.sink.add(code, self.mark(pointer), pointer, **values)


def _ancestors(pointer: str) -> Iterator[str]:
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer
