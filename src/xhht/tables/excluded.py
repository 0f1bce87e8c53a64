"""Rows of office tables that are no subjects: totals, repeated headers, numbers of columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from xhht.numbers import count_label
from xhht.tables.table import Row
from xhht.text import Text

__all__ = ["TOTALS_LABEL", "ExcludedRow", "RowFilter", "excluded_rows_notes", "numbers_the_columns"]

TOTALS_LABEL: Final = r"(?i)^(tổng cộng|tổng số|tổng|cộng|grand total|total)\s*:?$"
"""The regular expression of the label of a totals row."""

_TOTALS = re.compile(TOTALS_LABEL)
_MIN_NUMBERS = 3


class ExcludedRow(StrEnum):
    """The kinds of rows that are no subjects."""

    TOTALS = "totals_row"
    """A row with the label of a total in a column that is not an input."""
    REPEATED_HEADER = "repeated_header"
    """A row whose cells repeat the names of their columns."""
    COLUMN_NUMBERS = "column_numbers"
    """The row below the header that numbers the columns, as in `A, B, 1, 2` or `(1), (2)`."""


class RowFilter:
    """Separates rows that are no subjects from the others, and counts them.

    Args:
        columns: the header.
        inputs: the columns that hold inputs; the others may hold the label of a totals row.

    >>> rows = RowFilter(["name", "members"], ["members"])
    >>> subjects = [Row(1, {"name": "Hộ A", "members": "3"})]
    >>> total = Row(2, {"name": "Tổng cộng", "members": "3"})
    >>> [row.number for row in rows.subjects([*subjects, total])]
    [1]
    >>> [note.get("en") for note in rows.notes]
    ['Totals rows are excluded: 1 (first: row 2).']
    """

    def __init__(self, columns: Sequence[str], inputs: Collection[str]) -> None:
        self._columns = [name for name in columns if name]
        self._labels = [name for name in self._columns if name not in inputs]
        self._is_first = True
        self._numbers: Counter[ExcludedRow] = Counter()
        self._first: dict[ExcludedRow, int] = {}

    def subjects(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows that may be subjects; the others are counted."""
        for row in rows:
            kind = self.kind(row)
            if kind is None:
                yield row
            else:
                self._numbers[kind] += 1
                self._first.setdefault(kind, row.number)

    def kind(self, row: Row) -> ExcludedRow | None:
        """Return why a row is not a subject; None if it may be one. Rows come in their order."""
        is_first, self._is_first = self._is_first, False
        cells = row.cells
        if any(cells[name] and _TOTALS.match(cells[name]) for name in self._labels):
            return ExcludedRow.TOTALS
        filled = [name for name in self._columns if cells[name]]
        if filled and all(cells[name] == name for name in filled):
            return ExcludedRow.REPEATED_HEADER
        if is_first and numbers_the_columns([cells[name] for name in filled]):
            return ExcludedRow.COLUMN_NUMBERS
        return None

    @property
    def notes(self) -> tuple[Text, ...]:
        """Messages on the rows excluded so far."""
        places = {kind: _ROW.format(row=row) for kind, row in self._first.items()}
        return excluded_rows_notes({kind: (self._numbers[kind], places[kind]) for kind in places})


def numbers_the_columns(cells: Iterable[object]) -> bool:
    """Return whether the cells of a row number the columns; None is a blank cell.

    >>> numbers_the_columns(["A", "B", None, "1", "2"]), numbers_the_columns(["(1)", "(2)", "(3)"])
    (True, True)
    """
    marks = [str(cell).strip("()") for cell in cells if cell is not None]
    letters = [mark for mark in marks if mark.isalpha()]
    numbers = [mark for mark in marks if not mark.isalpha()]
    return (
        len(marks) >= _MIN_NUMBERS
        and len(numbers) > 0
        and letters == [chr(ord("A") + place) for place in range(len(letters))]
        and numbers == [str(number) for number in range(1, len(numbers) + 1)]
        and marks == letters + numbers
    )


def excluded_rows_notes(kinds: Mapping[str, tuple[int, Text]]) -> tuple[Text, ...]:
    """Return messages on excluded rows.

    Args:
        kinds: the number of rows of each kind, and the location of the first.
    """
    return tuple(
        text.format(rows=count_label(kinds[kind][0]), first=kinds[kind][1])
        for kind, text in _NOTES.items()
        if kind in kinds
    )


_ROW = Text(vi="dòng {row}", en="row {row}")
_NOTES = {
    ExcludedRow.TOTALS: Text(
        vi="{rows} dòng tổng không được đánh giá (đầu tiên: {first}).",
        en="Totals rows are excluded: {rows} (first: {first}).",
    ),
    ExcludedRow.REPEATED_HEADER: Text(
        vi="{rows} dòng lặp lại tiêu đề được bỏ qua (đầu tiên: {first}).",
        en="Repeated header rows are excluded: {rows} (first: {first}).",
    ),
    ExcludedRow.COLUMN_NUMBERS: Text(
        vi="Dòng đánh số các cột dưới tiêu đề được bỏ qua ({first}).",
        en="The row of column numbers below the header is excluded ({first}).",
    ),
}
