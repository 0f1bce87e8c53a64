"""A table of text: its header, and its rows by number."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping

from attrs import field, frozen

from xhht.errors import TableError
from xhht.issues import FileKind, RowIssueCode
from xhht.rules.inputs import Input
from xhht.text import Text

__all__ = ["Row", "Table", "TableFormat"]


@frozen
class Row:
    """One row of a table.

    Attributes:
        number: the row number, 1 for the first row under the header, blank rows included; on a
            sheet the number of the sheet row.
        cells: normalised text by column name; a blank cell is an empty string.
        error: the error of the row, or None.
        column: the column of the error, or None for the row as a whole.
        code: the code of the error.
    """

    number: int
    cells: Mapping[str, str] = field(repr=False)
    error: Text | None = None
    column: str | None = None
    code: RowIssueCode = RowIssueCode.BROKEN_ROW


@frozen(kw_only=True)
class TableFormat:
    """The columns of a kind of table.

    Attributes:
        file: the kind of table.
        required: the columns that it must have.
        optional: the columns that it may have.
        filled: the columns whose cells must not be blank.
        data: the columns with data of their own row, and the input that they hold, if any; the
            cells of the others are names and codes, which are text.
        percents: columns of `data` with percentages, which are read as they are shown.
        key: the column that says whose row it is, or None: totals and notes have none.
        counts: the columns whose values add up in a totals row.
    """

    file: FileKind = FileKind.COUNTS
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    data: Mapping[str, Input | None] = field(factory=dict)
    percents: frozenset[str] = frozenset()
    key: str | None = None
    counts: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns with a meaning."""
        return tuple(dict.fromkeys((*self.required, *self.optional, *self.data)))


class Table(ABC):
    """A table with a header; iterates over its rows, without blank ones.

    Attributes:
        columns: the normalised names of the header; a name may be empty.
        warnings: messages on what was ignored while reading.
    """

    columns: tuple[str, ...]
    warnings: tuple[Text, ...] = ()

    @abstractmethod
    def __iter__(self) -> Iterator[Row]:
        """Yield the rows that are not blank."""

    def require(self, *columns: str) -> None:
        """Raise TableError if one of `columns` is not in the header."""
        missing = [name for name in columns if name not in self.columns]
        if missing:
            raise TableError(_MISSING.format(columns=", ".join(missing)))


_MISSING = Text(
    vi="Thiếu cột: {columns}.",
    en="Missing columns: {columns}.",
)
