"""An open workbook, whatever its format: rows of cells, merged ranges, hidden rows, notes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from attrs import frozen

from xhht.text import Text

__all__ = ["UNCACHED", "Book", "Cells", "Merged", "column_letter", "sorted_ranges"]

Cells: TypeAlias = Mapping[int, Any]
"""The cells of a row that are not blank, by the number of their column, from 1.

Each has the attributes of a cell of openpyxl: `value`, `column`, `data_type`, `has_style` and
`number_format`. Texts are Unicode.
"""

UNCACHED: Final = object()
"""Placeholder for a formula whose value is not stored in the file."""


@frozen
class Merged:
    """A range of merged cells, by its rows and columns."""

    top: int
    bottom: int
    left: int
    right: int


class Book(ABC):
    """A workbook, open for reading.

    Attributes:
        sheets: the names of the visible worksheets, in their order.
        lengths: the declared number of rows of each; 0 if undeclared.
    """

    sheets: tuple[str, ...]
    lengths: Mapping[str, int]

    @property
    @abstractmethod
    def notes(self) -> tuple[Text, ...]:
        """Messages on how the rows so far were read."""

    @abstractmethod
    def close(self) -> None:
        """Close the file."""

    @abstractmethod
    def rows(self, title: str) -> Iterator[tuple[int, Cells]]:
        """Yield the number of each row of a sheet and its cells; blank rows may be included.

        Raises:
            TableError: the sheet is damaged, or a text is in a legacy font and not certain.
        """

    @abstractmethod
    def merged(self, title: str) -> list[Merged]:
        """Return the merged ranges of a sheet, from top to bottom."""

    @abstractmethod
    def hidden_rows(self, title: str) -> frozenset[int]:
        """Return the numbers of the rows of a sheet that are known to be hidden or filtered."""


def sorted_ranges(ranges: Iterable[Merged]) -> list[Merged]:
    """Return merged ranges from top to bottom."""
    return sorted(ranges, key=lambda merged: (merged.top, merged.left))


def column_letter(number: int) -> str:
    """Return the letters of a column by its number, from 1.

    >>> column_letter(28)
    'AB'
    """
    from openpyxl.utils import get_column_letter

    letters: str = get_column_letter(number)
    return letters
