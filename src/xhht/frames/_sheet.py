"""A table read from a file, and the text normalisation shared by all file formats."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from xhht.numbers import Convention
from xhht.tables.excluded import TOTALS_LABEL, ExcludedRow, numbers_the_columns
from xhht.tables.parquet import ROW
from xhht.text import Text, normalize_text

if TYPE_CHECKING:
    import polars as pl
_MAX_CHECKED = 100


def exclusion_reason(sheet: Sheet, inputs: Collection[str]) -> pl.Expr:
    """Return why a row of text is not a subject, as EXCLUDED; null if it may be one.

    The same as `xhht.tables.excluded.RowFilter` says of single rows.
    """
    import polars as pl

    labels = [pl.col(name) for name in sheet.columns if name not in inputs]
    is_totals = [label.str.contains(TOTALS_LABEL).fill_null(False) for label in labels]
    is_named = [(pl.col(name) == name) for name in sheet.columns]
    is_header = pl.any_horizontal(is_named) & pl.all_horizontal(
        is_own_name | pl.col(name).is_null()
        for name, is_own_name in zip(sheet.columns, is_named, strict=True)
    )
    return (
        pl.when(pl.any_horizontal(pl.lit(False), *is_totals))
        .then(pl.lit(ExcludedRow.TOTALS))
        .when(is_header)
        .then(pl.lit(ExcludedRow.REPEATED_HEADER))
        .when(pl.col(ROW) == _row_of_numbers(sheet))
        .then(pl.lit(ExcludedRow.COLUMN_NUMBERS))
        .alias(EXCLUDED)
    )


def _row_of_numbers(sheet: Sheet) -> int:
    """Return the number of the first row if it numbers the columns, else 0."""
    first = sheet.frame.select(ROW, *sheet.columns).head(1).collect()
    if first.is_empty():
        return 0
    row, *cells = first.row(0)
    return int(row) if numbers_the_columns(cells) else 0


def totals_notes(sheet: Sheet, counts: Collection[str], numbers: Convention) -> tuple[Text, ...]:
    """Return notes on the sums in totals rows that differ from the sum of their rows.

    A totals row sums the rows since the previous totals row, or all rows above it.

    Args:
        sheet: the table, with the column EXCLUDED.
        counts: the columns that hold counts.
        numbers: the number format of texts.
    """
    import polars as pl

    is_total = (pl.col(EXCLUDED) == ExcludedRow.TOTALS).fill_null(False)
    totals_rows = sheet.frame.filter(is_total).select(ROW).head(_MAX_CHECKED)
    bounds = totals_rows.collect(engine="streaming")[ROW].sort().to_list()
    if not bounds or not counts:
        return ()
    cells = sheet.frame.select(ROW, EXCLUDED, *(_count(sheet, name, numbers) for name in counts))
    section = pl.sum_horizontal((pl.col(ROW) > bound).cast(pl.Int64) for bound in bounds)
    totals, parts = pl.collect_all(
        [
            cells.filter(pl.col(ROW).is_in(bounds)).sort(ROW),
            cells.filter(pl.col(EXCLUDED).is_null())
            .group_by(section.alias("section"))
            .agg(pl.col(counts).sum()),
        ],
        engine="streaming",
    )
    by_section = {part["section"]: part for part in parts.iter_rows(named=True)}
    differing = []
    for place, total in enumerate(totals.iter_rows(named=True)):
        for name in counts:
            below = [by_section.get(section, {}).get(name, 0) for section in range(place + 1)]
            if total[name] is not None and total[name] not in (below[-1], sum(below)):
                differing.append(sheet.location(total[ROW], name))
    if not differing:
        return (_VERIFIED.format(rows=len(bounds)),)
    return tuple(_DIFFERS.format(place=place) for place in differing)


def _count(sheet: Sheet, name: str, numbers: Convention) -> pl.Expr:
    import polars as pl

    column = pl.col(name)
    if sheet.frame.collect_schema()[name] == pl.String and numbers is Convention.VI:
        column = column.str.replace_all(".", "", literal=True)
    return column.cast(pl.Int64, strict=False)


_VERIFIED = Text(
    vi="Số ở các dòng tổng khớp với tổng các dòng ({rows} dòng tổng).",
    en="The sums in totals rows match the data rows (totals rows: {rows}).",
)
_DIFFERS = Text(
    vi="{place}: số ở dòng tổng không khớp với tổng các dòng; hãy kiểm tra xem có thiếu dòng "
    "không.",
    en="{place}: the totals row does not match the sum of the data rows; check for missing rows.",
)
FIELD, ISSUE, EXCLUDED = "#field", "#issue", "#excluded"
"""Added columns: no input can have such a name, and a header hardly ever does."""
_UNTIDY = r"[^ -~\u{a1}-\u{ac}\u{ae}-\u{24f}\u{1e00}-\u{1eff}]|  |^ | $"
"""Texts that normalisation may change: all but precomposed Latin with single spaces."""


@frozen(eq=False, kw_only=True)
class Sheet:
    """The rows of a table in a file that are not blank.

    Attributes:
        frame: the table's own columns, with the row number in ROW. For an unreadable row ISSUE
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


_ROW = Text(vi="dòng {row}", en="row {row}")
_CELL = Text(vi="dòng {row}, cột {column}", en="row {row}, column {column}")
