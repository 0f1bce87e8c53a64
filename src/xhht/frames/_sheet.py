"""A table read from a file, and the text normalisation shared by all file formats."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from xhht.issues import RowIssueCode
from xhht.tables.excluded import (
    COUNT,
    ROMAN,
    TOTALS_LABEL,
    TOTALS_WORD,
    ExcludedRow,
    RowShape,
    RunningSums,
    numbers_the_columns,
    total_without_id,
    totals_notes,
)
from xhht.tables.facts import PLAIN_SHARE
from xhht.tables.parquet import ROW
from xhht.tables.workbook import AMBIGUOUS_PERCENT
from xhht.text import Text, normalize_text

if TYPE_CHECKING:
    import polars as pl


def with_exclusions(sheet: Sheet, shape: RowShape, *, has_totals: bool = True) -> Sheet:
    """Return a sheet with EXCLUDED: why a row is not a subject; null if it may be one.

    The same as `xhht.tables.excluded.RowFilter` says of single rows. A row that has the label of a
    total, or the sums of one, but not both, has an ISSUE.

    Args:
        sheet: the table, with FIELD and ISSUE.
        shape: what its columns hold.
        has_totals: whether there may be totals rows; if not, they are not looked for.
    """
    import polars as pl

    kind = _certain_kind(sheet, shape)
    # A total whose formulas have no stored values is still a total.
    is_readable = pl.col(ISSUE).is_null() | (kind == ExcludedRow.TOTALS)
    frame = sheet.frame.with_columns(pl.when(is_readable).then(kind).alias(EXCLUDED))
    if not has_totals:
        return evolve(sheet, frame=frame)
    totals, doubtful, notes = _Totals(sheet, frame, shape).find()
    if totals:
        is_total = pl.col(ROW).is_in(totals)
        kind = pl.when(is_total).then(pl.lit(ExcludedRow.TOTALS)).otherwise(EXCLUDED)
        frame = frame.with_columns(kind.alias(EXCLUDED))
    if doubtful:
        is_doubtful = pl.col(ROW).is_in(doubtful)
        issue = (
            pl.when(is_doubtful).then(pl.lit(RowIssueCode.DOUBTFUL_TOTAL.value)).otherwise(ISSUE)
        )
        frame = frame.with_columns(issue.alias(ISSUE))
    return evolve(sheet, frame=frame, sums=notes)


def with_clear_shares(sheet: Sheet, shares: Mapping[str, Fraction]) -> Sheet:
    """Return a sheet in which plain numbers in columns of shares have one meaning.

    If one of a column is larger than its maximum, the others may be percentages too, and all rows
    with one have an ISSUE.

    Args:
        sheet: the table, with EXCLUDED.
        shares: the columns of shares, with their maximum.
    """
    import polars as pl

    schema = sheet.frame.collect_schema()
    numbers = {name: _plain_number(name, schema[name]) for name in shares if name in schema}
    if not numbers:
        return sheet
    is_subject = pl.col(EXCLUDED).is_null() & pl.col(ISSUE).is_null()
    query = sheet.frame.filter(is_subject).select(
        (number > float(shares[name])).any().alias(name) for name, number in numbers.items()
    )
    ((*are_unclear,),) = query.collect(engine="streaming").rows()
    frame = sheet.frame
    for (name, number), is_unclear in zip(numbers.items(), are_unclear, strict=True):
        if is_unclear:
            unclear = pl.col(EXCLUDED).is_null() & number.is_not_null()
            frame = frame.with_columns(issue_columns(unclear, name, AMBIGUOUS_PERCENT))
    return evolve(sheet, frame=frame)


def issue_columns(applies: pl.Expr, field: str, code: str) -> list[pl.Expr]:
    """Return FIELD and ISSUE, with an issue where a condition applies and there is none yet."""
    import polars as pl

    is_new = pl.col(ISSUE).is_null() & applies
    return [
        pl.when(is_new).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
        for column, value in ((FIELD, field), (ISSUE, code))
    ]


def _plain_number(name: str, dtype: pl.DataType) -> pl.Expr:
    """Return the numbers of a column that have no percent sign; others are null."""
    import polars as pl

    column = pl.col(name)
    if dtype.is_numeric():
        return column.cast(pl.Float64)
    if dtype != pl.String:
        return pl.lit(None, pl.Float64)
    plain = pl.when(column.str.contains(PLAIN_SHARE)).then(column)
    return plain.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _certain_kind(sheet: Sheet, shape: RowShape) -> pl.Expr:
    """Return what a row is that is no subject by its own cells."""
    import polars as pl

    is_named = [(pl.col(name).cast(pl.String) == name) for name in shape.columns]
    is_header = pl.any_horizontal(is_named) & pl.all_horizontal(
        is_own_name | pl.col(name).is_null()
        for name, is_own_name in zip(shape.columns, is_named, strict=True)
    )
    labels = [_matches(name, TOTALS_LABEL) for name in shape.labels]
    is_total = pl.any_horizontal(pl.lit(False), *labels)
    has_id = pl.lit(False)
    if shape.id is not None:
        has_id = pl.col(shape.id).is_not_null()
        is_total = pl.when(has_id).then(_matches(shape.id, TOTALS_LABEL)).otherwise(is_total)
    has_label = pl.any_horizontal(
        pl.lit(False), *(pl.col(name).is_not_null() for name in shape.labels)
    )
    is_heading = pl.lit(False) if shape.ordinal is None else _matches(shape.ordinal, ROMAN)
    data = [pl.col(name).is_null() for name in sorted(shape.data_columns)]
    says_nothing = pl.lit(False)
    if data:
        says_nothing = pl.all_horizontal(data) & (is_heading | (has_label & ~has_id))
    return (
        pl.when(is_header)
        .then(pl.lit(ExcludedRow.REPEATED_HEADER))
        .when(pl.col(ROW) == _row_of_numbers(sheet))
        .then(pl.lit(ExcludedRow.COLUMN_NUMBERS))
        .when(is_total)
        .then(pl.lit(ExcludedRow.TOTALS))
        .when(says_nothing)
        .then(pl.lit(ExcludedRow.NO_FACTS))
    )


def _matches(name: str, pattern: str) -> pl.Expr:
    import polars as pl

    return pl.col(name).cast(pl.String).str.contains(pattern).fill_null(False)


def _row_of_numbers(sheet: Sheet) -> int:
    """Return the number of the first row if it numbers the columns, else 0."""
    import polars as pl

    readable = sheet.frame.filter(pl.col(ISSUE).is_null())
    first = readable.select(ROW, *sheet.columns).head(1).collect()
    if first.is_empty():
        return 0
    row, *cells = first.row(0)
    return int(row) if numbers_the_columns(cells) else 0


class _Totals:
    """Finds the totals rows that only the sums of the rows above tell, and checks all sums."""

    def __init__(self, sheet: Sheet, frame: pl.LazyFrame, shape: RowShape) -> None:
        self._sheet, self._frame, self._shape = sheet, frame, shape

    def find(self) -> tuple[list[int], list[int], tuple[Text, ...]]:
        """Return the numbers of totals rows and of doubtful rows, and messages on sums."""
        candidates = self._candidates()
        if candidates.is_empty():
            return [], [], ()
        sums, totals, doubtful = RunningSums(self._shape.counts), list[int](), list[int]()
        differing, labelled = list[Text](), 0
        sections = self._sections(candidates[ROW])
        for place, row in enumerate(candidates.iter_rows(named=True)):
            counted = sections.get(place)
            if counted:
                rows = {name: counted[f"{name}#rows"] for name in sums.names}
                sums.add({name: counted[name] for name in sums.names}, rows)
            counts = {name: row[name] for name in sums.names if row[name] is not None}
            if row["is_total"]:
                labelled += 1
                cells = (self._sheet.location(row[ROW], name) for name in sums.differing(counts))
                differing += cells
                sums.close_section()
                continue
            kind = total_without_id(
                sums.match(counts), has_word=row["has_word"], has_label=row["has_label"]
            )
            if kind is None:
                sums.add(counts)
            elif isinstance(kind, Text):
                doubtful.append(row[ROW])
            else:
                labelled += 1
                totals.append(row[ROW])
                sums.close_section()
        checked = labelled and self._shape.counts
        return totals, doubtful, totals_notes(labelled, differing) if checked else ()

    def _candidates(self) -> pl.DataFrame:
        """Return totals rows, and rows without an id that may be such, in their order."""
        import polars as pl

        shape = self._shape
        is_total = (pl.col(EXCLUDED) == ExcludedRow.TOTALS).fill_null(False)
        words = [_matches(name, TOTALS_WORD) for name in shape.labels]
        filled = [pl.col(name).is_not_null() for name in shape.labels]
        has_word = pl.any_horizontal(pl.lit(False), *words).alias("has_word")
        has_label = pl.any_horizontal(pl.lit(False), *filled).alias("has_label")
        is_open = pl.col(EXCLUDED).is_null() & pl.col(ISSUE).is_null()
        may_be = has_word | (~has_label if shape.labels else pl.lit(False))
        first_id = None
        if shape.id is not None:
            has_id = pl.col(shape.id).is_not_null()
            first_id = pl.col(ROW).filter(is_open & has_id).min()
            may_be, is_open = pl.lit(True), is_open & ~has_id
        rows = self._frame.filter(is_total | (is_open & may_be)).select(
            ROW,
            is_total.alias("is_total"),
            has_word,
            has_label,
            *(self._count(name) for name in shape.counts),
        )
        if first_id is None:
            return rows.collect(engine="streaming").sort(ROW)
        candidates, first = pl.collect_all([rows, self._frame.select(first_id)], engine="streaming")
        first_row = first.item()
        may_be = pl.col("is_total") | pl.col("has_word") | ~pl.col("has_label")
        if first_row is not None:
            may_be |= pl.col(ROW) > first_row
        return candidates.filter(may_be).sort(ROW)

    def _sections(self, bounds: pl.Series) -> dict[int, dict[str, int]]:
        """Return the sums of the other rows between candidates, by their place."""
        import polars as pl

        section = pl.lit(bounds).search_sorted(pl.col(ROW)).alias("section")
        is_subject = pl.col(EXCLUDED).is_null()
        others = self._frame.filter(is_subject & ~pl.col(ROW).is_in(bounds.to_list()))
        names = self._shape.counts
        rows = others.select(ROW, *(self._count(name) for name in names))
        addends = ((pl.col(name) > 0).sum().alias(f"{name}#rows") for name in names)
        summed = rows.group_by(section).agg(*(pl.col(name).sum() for name in names), *addends)
        collected = summed.collect(engine="streaming")
        return {part["section"]: part for part in collected.iter_rows(named=True)}

    def _count(self, name: str) -> pl.Expr:
        import polars as pl

        numbers = self._shape.numbers
        text = pl.col(name).cast(pl.String)
        count = text.str.replace_all(".", "", literal=True).cast(pl.Int64, strict=False)
        return pl.when(text.str.contains(COUNT[numbers])).then(count).alias(name)


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
        sums: messages on the sums in totals rows.
    """

    frame: pl.LazyFrame
    columns: tuple[str, ...]
    rows: int
    title: str | None = None
    letters: Mapping[str, str] = field(factory=dict)
    notes: tuple[Text, ...] = ()
    sums: tuple[Text, ...] = ()

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
