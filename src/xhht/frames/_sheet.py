"""A table read from a file, and the text normalisation shared by all file formats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from xhht.text import Text, normalize_text

if TYPE_CHECKING:
    import polars as pl

__all__ = ["EXCLUDED", "FAULT", "FIELD", "ROW", "Sheet", "normalized", "unnamed_column_notes"]

ROW, FIELD, FAULT, EXCLUDED = "#row", "#field", "#fault", "#left_out"
"""Added columns: no input can have such a name, and a header hardly ever does."""

_UNTIDY = r"[^ -~\u{a1}-\u{ac}\u{ae}-\u{24f}\u{1e00}-\u{1eff}]|  |^ | $"
"""Texts that normalisation may change: all but precomposed Latin with single spaces."""


@frozen(eq=False, kw_only=True)
class Sheet:
    """The rows of a table in a file that are not blank.

    Attributes:
        frame: the table's own columns, with the row number in ROW. For an unreadable row FAULT
            holds a code, and FIELD the column (null for the whole row). For a row that is not a
            subject EXCLUDED holds the reason.
        columns: the names of its own columns.
        rows: the approximate number of rows.
        title: the name of the sheet; None for a file without sheets.
        letters: the column letters by column name, for a file with sheets.
        notes: messages on what was changed or ignored while reading.
    """

    frame: pl.LazyFrame
    columns: tuple[str, ...]
    rows: int
    title: str | None = None
    letters: Mapping[str, str] = field(factory=dict)
    notes: tuple[Text, ...] = ()

    def location(self, row: int, column: str | None = None) -> Text:
        """Return the location of a cell or row as text: `Hộ!C7` on a sheet, else its number."""
        if self.title is not None:
            cell = f"{self.title}!{self.letters.get(column or '', '')}{row}"
            return Text(vi=cell, en=cell)
        return _CELL.format(row=row, column=column) if column else _ROW.format(row=row)


def normalized(column: str) -> pl.Expr:
    """Return a column of text with every cell normalised; blank cells are null."""
    import polars as pl

    clean = pl.col(column).map_batches(_normalised, return_dtype=pl.String, is_elementwise=True)
    return pl.when(clean != "").then(clean).alias(column)


def _normalised(texts: pl.Series) -> pl.Series:
    """Return texts as `normalize_text` gives them; only those that may change are processed."""
    untidy = texts.filter(texts.str.contains(_UNTIDY)).unique()
    if untidy.is_empty():
        return texts
    return texts.replace(untidy, untidy.map_elements(normalize_text, return_dtype=untidy.dtype))


def unnamed_column_notes(columns: tuple[str, ...]) -> tuple[Text, ...]:
    """Return the notes on columns without a name, which are ignored."""
    places = [str(place) for place, name in enumerate(columns, 1) if not name]
    return (_UNNAMED.format(columns=", ".join(places)),) if places else ()


_ROW = Text(vi="dòng {row}", en="row {row}")
_CELL = Text(vi="dòng {row}, cột {column}", en="row {row}, column {column}")
_UNNAMED = Text(
    vi="Bỏ qua các cột không có tên trong dòng tiêu đề: cột thứ {columns}.",
    en="Columns without a name in the header are ignored: number {columns}.",
)
