"""Rows of office tables that are no subjects: totals, headings, notes, numbers of columns.

They are recognised by what they are. Words only help: a row is a total because it has the label of
one, or because it has no id and its counts are the sums of the rows above it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from attrs import define, evolve, field, frozen

from xhht import labels
from xhht.issues import RowIssueCode
from xhht.numbers import Convention, count_label
from xhht.tables.table import Row
from xhht.text import Text

__all__ = [
    "COUNT",
    "DOUBTFUL_TOTAL",
    "ORDINALS",
    "ROMAN",
    "TOTALS_HINT",
    "TOTALS_LABEL",
    "TOTALS_WORD",
    "ExcludedRow",
    "RowFilter",
    "RowShape",
    "RunningSums",
    "count_in",
    "excluded_rows_notes",
    "numbers_the_columns",
    "total_without_id",
    "totals_notes",
]

_WORD: Final = r"(?:tổng cộng|tổng số|tổng|cộng|lũy kế|luỹ kế|grand total|subtotal|total|sum)"
TOTALS_LABEL: Final = (
    rf"(?i)^\W*{_WORD}(?:\s+chung)?\s*[:.*]*\s*(?:\(.*\)|[ivxlcdm0-9+,–\s-]*)\s*[:.*]*$"
)
"""The regular expression of a label that no subject has: `Tổng cộng (I+II)`, `TỔNG SỐ:`."""

TOTALS_WORD: Final = (
    rf"(?i)^\W*{_WORD}(?:\W|$)|^\W*(?:toàn|cả)\s+"
    r"(?:xã|phường|thị trấn|đặc khu|huyện|quận|thành phố|tỉnh|thôn|bản|khu phố|khối|trường|đơn vị)"
    r"(?:\W|$)"
)
"""The regular expression of a label that a subject may have too: `Cộng thôn 12`, `Toàn xã`."""

TOTALS_HINT: Final = (
    r"(?i)tổng|cộng|lũy kế|luỹ kế|total|sum|toàn|cả"
    r"|\p{M}|[\u{200b}-\u{200d}\u{2060}\u{ad}]"
)
"""The regular expression (of Rust) of lines that may have such a label, also before they are
normalised.
"""

ORDINALS: Final = frozenset({"stt", "tt", "so_tt", "so_thu_tu", "no", "no.", "#"})
"""The keys of the columns that number the rows."""

ROMAN: Final = r"^(?:[A-HK-Z]|[IVX]+)[.)]?$"
"""The regular expression of the number of a heading among rows that are numbered 1, 2, 3."""

_TOTALS, _TOTALS_WORD, _ROMAN = map(re.compile, (TOTALS_LABEL, TOTALS_WORD, ROMAN))
_MIN_NUMBERS = 3
_MIN_SUMMED = 2


class ExcludedRow(StrEnum):
    """The kinds of rows that are no subjects."""

    TOTALS = "totals_row"
    """A row with the label of a total, or without an id and with the sums of the rows above."""
    NO_FACTS = "no_facts"
    """A heading or note: a row without an id that says nothing of any input."""
    REPEATED_HEADER = "repeated_header"
    """A row whose cells repeat the names of their columns."""
    COLUMN_NUMBERS = "column_numbers"
    """The row below the header that numbers the columns, as in `A, B, 1, 2` or `(1), (2)`."""


def _named(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in columns if name)


@frozen(kw_only=True)
class RowShape:
    """What the columns of a table hold, as far as it tells subjects from other rows.

    Attributes:
        columns: the header; columns without a name are left out.
        data: the columns that hold something of the subject, such as inputs.
        counts: those of them whose values add up.
        id: the column that identifies the subject, or None if the table has none.
        numbers: the number format of texts.
    """

    columns: tuple[str, ...] = field(converter=_named)
    data: Collection[str]
    counts: Sequence[str] = ()
    id: str | None = None
    numbers: Convention = Convention.PLAIN

    @property
    def data_columns(self) -> frozenset[str]:
        """The columns of the table that hold something of the subject."""
        return frozenset(self.columns).intersection(self.data)

    @property
    def labels(self) -> tuple[str, ...]:
        """The columns that may hold the label of a row that is no subject."""
        return tuple(name for name in self.columns if name not in self.data)

    @property
    def ordinal(self) -> str | None:
        """The column that numbers the rows, or None."""
        keys = {name.casefold().replace(" ", "_"): name for name in self.labels}
        return next((keys[key] for key in keys if key in ORDINALS), None)


COUNT: Final[Mapping[Convention, str]] = {
    Convention.PLAIN: r"^[0-9]{1,15}$",
    Convention.VI: r"^(?:[0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3}){1,4})$",
}
"""The regular expression of a count in each number format."""


def count_in(cell: str, numbers: Convention) -> int | None:
    """Return the count in a cell, or None if there is none.

    >>> count_in("1.234", Convention.VI), count_in("1.234", Convention.PLAIN)
    (1234, None)
    """
    return int(cell.replace(".", "")) if re.match(COUNT[numbers], cell) else None


@define
class RunningSums:
    """The sums of the counts of subjects, since the last total and of all.

    >>> sums = RunningSums(["members"])
    >>> for members in (3, 4):
    ...     sums.add({"members": members})
    >>> sums.match({"members": 7}), sums.match({"members": 8})
    (True, False)
    """

    names: Sequence[str]
    _section: Counter[str] = field(factory=Counter, init=False)
    _all: Counter[str] = field(factory=Counter, init=False)
    _section_rows: Counter[str] = field(factory=Counter, init=False)
    _all_rows: Counter[str] = field(factory=Counter, init=False)

    def add(self, counts: Mapping[str, int | None], rows: Mapping[str, int] | None = None) -> None:
        """Add the counts of subjects.

        Args:
            counts: the sum of each column.
            rows: of how many counts that are not 0 each is the sum; of one if omitted.
        """
        known = {name: count for name, count in counts.items() if count}
        added = dict.fromkeys(known, 1) if rows is None else rows
        for sums, numbers in self._levels:
            sums.update(known)
            numbers.update(added)

    @property
    def _levels(self) -> tuple[tuple[Counter[str], Counter[str]], ...]:
        return (self._section, self._section_rows), (self._all, self._all_rows)

    def close_section(self) -> None:
        """Begin a new section below a total."""
        self._section.clear()
        self._section_rows.clear()

    def match(self, counts: Mapping[str, int | None]) -> bool:
        """Return whether all counts of a row are sums of the section, or of all rows."""
        known = {name: count for name, count in counts.items() if count is not None}
        return any(
            all(sums[name] == count for name, count in known.items())
            and any(numbers[name] >= _MIN_SUMMED for name in known)
            for sums, numbers in self._levels
        )

    def differing(self, counts: Mapping[str, int | None]) -> tuple[str, ...]:
        """Return the columns whose count is neither the sum of the section nor that of all."""
        return tuple(
            name
            for name, count in counts.items()
            if count is not None and count not in (self._section[name], self._all[name])
        )


class RowFilter:
    """Separates rows that are no subjects from the others, and counts them.

    Rows must come in their order.

    >>> rows = RowFilter(RowShape(columns=["name", "members"], data=["members"]))
    >>> subjects = [Row(1, {"name": "Hộ A", "members": "3"})]
    >>> total = Row(2, {"name": "Tổng cộng", "members": "3"})
    >>> [row.number for row in rows.subjects([*subjects, total])]
    [1]
    >>> [note.get("en") for note in rows.notes]
    ['Totals rows are excluded: 1 (first: row 2).']
    """

    def __init__(self, shape: RowShape) -> None:
        self._shape, self._labels, self._ordinal = shape, shape.labels, shape.ordinal
        self._data = shape.data_columns
        self._sums = RunningSums(shape.counts)
        self._is_first, self._has_ids = True, False
        self._kinds: dict[ExcludedRow, tuple[int, int]] = {}
        self._differing: list[tuple[int, str]] = []

    def subjects(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows that may be subjects; the others are counted.

        A row that has the label of a total, but not the sums of one, is yielded with an error.
        """
        for row in rows:
            # A total whose formulas have no stored values is still a total.
            is_total = row.error is not None and self._has_totals_label(row.cells)
            if row.error is not None and not is_total:
                self._sums.add(self._counts(row.cells))
                yield row
                continue
            kind = ExcludedRow.TOTALS if is_total else self._kind(row.cells)
            if kind is None:
                self._sums.add(self._counts(row.cells))
                self._has_ids |= bool(self._shape.id and row.cells[self._shape.id])
                yield row
            elif isinstance(kind, Text):
                yield evolve(row, error=kind, code=RowIssueCode.DOUBTFUL_TOTAL)
            else:
                if kind is ExcludedRow.TOTALS:
                    differing = self._sums.differing(self._counts(row.cells))
                    self._differing += ((row.number, name) for name in differing)
                    self._sums.close_section()
                number, first = self._kinds.get(kind, (0, row.number))
                self._kinds[kind] = number + 1, first

    def _kind(self, cells: Mapping[str, str]) -> ExcludedRow | Text | None:
        is_first, self._is_first = self._is_first, False
        shape = self._shape
        filled = [name for name in shape.columns if cells[name]]
        if filled and all(cells[name] == name for name in filled):
            return ExcludedRow.REPEATED_HEADER
        if is_first and numbers_the_columns([cells[name] for name in filled]):
            return ExcludedRow.COLUMN_NUMBERS
        if self._has_totals_label(cells):
            return ExcludedRow.TOTALS
        subject = "" if shape.id is None else cells[shape.id]
        labels = [cells[name] for name in self._labels if cells[name]]
        if self._data and self._data.isdisjoint(filled):
            is_heading = self._ordinal is not None and _ROMAN.match(cells[self._ordinal])
            return ExcludedRow.NO_FACTS if is_heading or (labels and not subject) else None
        return None if subject else self._total(cells, labels)

    def _has_totals_label(self, cells: Mapping[str, str]) -> bool:
        subject = "" if self._shape.id is None else cells[self._shape.id]
        labels = [subject] if subject else [cells[name] for name in self._labels]
        return any(map(_TOTALS.match, labels))

    def _total(self, cells: Mapping[str, str], labels: list[str]) -> ExcludedRow | Text | None:
        """Return what a row without an id is, which may be a total by its sums."""
        has_word = any(map(_TOTALS_WORD.match, labels))
        if not (has_word or self._has_ids or (self._labels and not labels)):
            return None
        is_sum = self._sums.match(self._counts(cells))
        return total_without_id(is_sum, has_word=has_word, has_label=bool(labels))

    def _counts(self, cells: Mapping[str, str]) -> dict[str, int | None]:
        shape = self._shape
        return {name: count_in(cells[name], shape.numbers) for name in shape.counts if cells[name]}

    @property
    def notes(self) -> tuple[Text, ...]:
        """Messages on the rows excluded so far."""
        notes = excluded_rows_notes(
            {kind: (number, _ROW.format(row=row)) for kind, (number, row) in self._kinds.items()}
        )
        totals, _ = self._kinds.get(ExcludedRow.TOTALS, (0, 0))
        if not totals or not self._shape.counts:
            return notes
        places = [_CELL.format(row=row, column=name) for row, name in self._differing]
        return (*notes, *totals_notes(totals, places))


def total_without_id(is_sum: bool, *, has_word: bool, has_label: bool) -> ExcludedRow | Text | None:
    """Return what a row without an id is: a total, doubtful (a message), or a subject (None).

    Args:
        is_sum: whether its counts are the sums of rows above.
        has_word: whether it has a label that totals often have.
        has_label: whether it has a label at all.
    """
    if is_sum and (has_word or not has_label):
        return ExcludedRow.TOTALS
    return DOUBTFUL_TOTAL if is_sum or has_word else None


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


def totals_notes(totals: int, differing: Sequence[Text]) -> tuple[Text, ...]:
    """Return messages on the sums in totals rows.

    Args:
        totals: the number of totals rows.
        differing: the places of the cells that are not the sum of rows above.
    """
    if not differing:
        return (_VERIFIED.format(rows=totals),)
    notes = [_DIFFERS.format(place=place) for place in differing[:_MOST_NAMED]]
    more = len(differing) - len(notes)
    return (*notes, labels.MORE_ERRORS.format(count=more)) if more else tuple(notes)


DOUBTFUL_TOTAL: Final = Text(
    vi="Không rõ dòng này là một đối tượng hay dòng tổng: dòng không có mã, và hoặc bằng tổng các "
    "dòng bên trên, hoặc có tên của dòng tổng. Nếu là đối tượng, hãy ghi mã; nếu là dòng tổng, hãy "
    "ghi “Tổng cộng” và kiểm tra các số.",
    en="It is unclear if the row is a subject or a total: it has no id, and is either the sum of "
    "the rows above or has the name of a total. Give it an id if it is a subject; write “Tổng "
    "cộng” and check its numbers if it is a total.",
)
_ROW = Text(vi="dòng {row}", en="row {row}")
_CELL = Text(vi="dòng {row}, cột {column}", en="row {row}, column {column}")
_MOST_NAMED = 20
_VERIFIED = Text(
    vi="Số ở các dòng tổng khớp với tổng các dòng ({rows} dòng tổng).",
    en="The sums in totals rows match the data rows (totals rows: {rows}).",
)
_DIFFERS = Text(
    vi="{place}: số ở dòng tổng không khớp với tổng các dòng; hãy kiểm tra xem có thiếu dòng "
    "không.",
    en="{place}: the totals row does not match the sum of the data rows; check for missing rows.",
)
_NOTES = {
    ExcludedRow.TOTALS: Text(
        vi="{rows} dòng tổng không được đánh giá (đầu tiên: {first}).",
        en="Totals rows are excluded: {rows} (first: {first}).",
    ),
    ExcludedRow.NO_FACTS: Text(
        vi="{rows} dòng tiêu đề nhóm hoặc ghi chú, không có mã và số liệu, được bỏ qua (đầu tiên: "
        "{first}).",
        en="Headings and notes, without id and data, are excluded: {rows} (first: {first}).",
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
