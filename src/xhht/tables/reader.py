"""Reads tables by row: typed cells, and every error by row and column.

A reader of a kind of table declares its columns (`TableFormat`) and says what one row gives
(a function of `RowCells`); `RowReader` does the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from attrs import evolve

from xhht.dates import iso_day
from xhht.domain.area_names import AreaMatch, AreaNames, AreaQuestion
from xhht.domain.areas import AreaTree
from xhht.domain.concordance import Concordance
from xhht.domain.legal import LegalBasis
from xhht.domain.people import AreaCode
from xhht.domain.titles import Title
from xhht.errors import DomainError, NumberFormatError, TableError
from xhht.evaluation.state import Verdict
from xhht.issues import FileKind, RowIssue, RowIssueCode, parse_count
from xhht.numbers import Convention, count_label, parse_number
from xhht.tables.table import Row, TableFormat
from xhht.text import Text, join, match_key

__all__ = [
    "AREA_HAS_ERRORS",
    "AREA_NAME",
    "LARGER_AREAS",
    "POINTS",
    "AreaResolver",
    "CellError",
    "RowCells",
    "RowReader",
    "require_columns",
]

T = TypeVar("T")
S = TypeVar("S")

POINTS = ("points_certain", "points_possible")
"""The columns with points."""


AREA_NAME = "area_name"
"""The column with the name of the area whose code is in another column."""

LARGER_AREAS = ("commune", "district", "province")
"""The columns with larger areas that contain the area of a row, by code or name."""

_PLACES = ("area", "village", "commune")


class CellError(Exception):
    """An invalid cell; `RowReader` turns it into an issue of the row."""

    def __init__(self, code: str, field: str | None, text: Text) -> None:
        super().__init__(text.en)
        self.code = code
        self.field = field
        self.text = text


class RowReader:
    """Reads the rows of a table, and collects their errors.

    Args:
        form: the columns of the table.
        columns: its header.
        areas: the areas that rows may name; None if they name none.
        numbers: how numbers are written.
        invalid: the code of a row whose cells are valid, but do not fit together.

    Attributes:
        issues: the errors so far, in the order in which they were found.

    Raises:
        TableError: required columns are missing.

    >>> form = TableFormat(file=FileKind.WEIGHTS, required=("to", "weight"), filled=("to",))
    >>> reader = RowReader(form, ["to", "weight"])
    >>> rows = [Row(1, {"to": "00004", "weight": "12"}), Row(2, {"to": "00007", "weight": "x"})]
    >>> [count for row, count in reader.read(rows, lambda cells: cells.count("weight"))]
    [12]
    >>> [(issue.row, issue.field, issue.code.value) for issue in reader.issues]
    [(2, 'weight', 'not_a_count')]
    """

    def __init__(
        self,
        form: TableFormat,
        columns: Sequence[str],
        *,
        areas: AreaResolver | None = None,
        numbers: Convention = Convention.PLAIN,
        invalid: RowIssueCode = RowIssueCode.INVALID_SUBJECT,
    ) -> None:
        require_columns(columns, form.required, form.file)
        self._form = form
        self._invalid = invalid
        self.areas = areas
        self.numbers = numbers
        self.titles: dict[str, Title | Text] = {}
        self.issues: list[RowIssue] = []

    def read(self, rows: Iterable[Row], parse: Callable[[RowCells], T]) -> Iterator[tuple[Row, T]]:
        """Yield each valid row with what `parse` makes of its cells.

        The first error of any other row is reported: a malformed row, a blank cell that must be
        filled, or what `parse` raises (CellError, DomainError).
        """
        for row in rows:
            cells = self.parse(row, parse)
            if cells is not None:
                yield row, cells

    def parse(self, row: Row, parse: Callable[[RowCells], T]) -> T | None:
        """Return what `parse` makes of a row; None if the row is invalid, which is reported."""
        try:
            if row.error is not None:
                raise CellError(row.code, row.column, row.error)
            for column in self._form.filled:
                _filled(row, column)
            return parse(RowCells(row, self))
        except CellError as error:
            self.report(row.number, error.code, error.field, error.text)
        except DomainError as error:
            self.report(row.number, self._invalid, None, error.text)
        return None

    def attempt(self, row: Row, read: Callable[[], T]) -> T | None:
        """Return what `read` returns; None if it raises CellError, which is reported.

        For rows of which all errors are reported, not only the first.
        """
        try:
            return read()
        except CellError as error:
            self.report(row.number, error.code, error.field, error.text)
            return None

    def report(self, row: int, code: str, field: str | None, text: Text) -> None:
        """Add an error of a row."""
        self.issues.append(
            RowIssue(row=row, code=code, field=field, text=text, file=self._form.file)
        )

    def sorted_issues(self) -> tuple[RowIssue, ...]:
        """Return the errors in the order of rows."""
        return tuple(sorted(self.issues, key=lambda issue: issue.row))


class RowCells:
    """The cells of one row, typed; a cell that does not have its type raises CellError.

    The column of an optional cell may be missing; None stands for a blank cell.
    """

    __slots__ = ("_reader", "row")

    def __init__(self, row: Row, reader: RowReader) -> None:
        self.row = row
        self._reader = reader

    def text(self, column: str) -> str:
        """Return a required text."""
        return _filled(self.row, column)

    def optional_text(self, column: str) -> str | None:
        """Return an optional text."""
        return self.row.cells.get(column) or None

    def count(self, column: str) -> int:
        """Return a required whole number of 0 or more."""
        number = parse_count(self.text(column), self._reader.numbers)
        if isinstance(number, int):
            return number
        raise CellError(number[0], column, number[1])

    def number(self, column: str, code: RowIssueCode) -> Fraction:
        """Return a number; `code` is the code of its error."""
        try:
            return parse_number(self.row.cells.get(column, ""), self._reader.numbers)
        except NumberFormatError as error:
            raise CellError(code, column, error.text) from None

    def day(self, column: str) -> date:
        """Return a required day."""
        try:
            return iso_day(self.text(column))
        except ValueError:
            text = _NOT_A_DAY.format(field=column)
            raise CellError(RowIssueCode.NOT_A_DAY, column, text) from None

    def optional_day(self, column: str) -> date | None:
        """Return an optional day."""
        return self.day(column) if self.row.cells.get(column) else None

    def choice(
        self,
        column: str,
        choices: Mapping[str, S],
        code: RowIssueCode = RowIssueCode.UNKNOWN_OPTION,
        text: Text | None = None,
    ) -> S:
        """Return one of some choices, which are listed by `match_key` of their names."""
        choice = choices.get(match_key(self.text(column)))
        if choice is None:
            options = ", ".join(str(option) for option in dict.fromkeys(choices.values()))
            text = text or _NO_OPTION.format(field=column, options=options)
            raise CellError(code, column, text)
        return choice

    def title(self, column: str = "title") -> Title:
        """Return a required title."""
        cell, titles = self.text(column), self._reader.titles
        title = titles.get(cell) or titles.setdefault(cell, _parse_title(cell))
        if isinstance(title, Title):
            return title
        raise CellError(RowIssueCode.UNKNOWN_TITLE, column, title)

    @property
    def tree(self) -> AreaTree:
        """The areas that rows may name."""
        assert self._reader.areas is not None
        return self._reader.areas.tree

    def area(self, column: str = "area") -> AreaCode:
        """Return the required code of an area, as it is in the tree."""
        assert self._reader.areas is not None
        return AreaCode(self._reader.areas.code(self.row, column))

    def verdict(self, column: str = "verdict") -> Verdict | None:
        """Return an optional verdict."""
        cell = self.row.cells[column]
        if cell and cell not in _VERDICTS:
            raise CellError(RowIssueCode.UNKNOWN_VERDICT, column, _UNKNOWN_VERDICT)
        return _VERDICTS.get(cell)

    def years(self, column: str) -> frozenset[int]:
        """Return optional years, written like `2021-2023` or `2021 2023`."""
        years: set[int] = set()
        for part in _SEPARATORS.split(_RANGE.sub("-", self.row.cells.get(column, ""))):
            if not part:
                continue
            match = _YEARS.fullmatch(part)
            first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
            if first > last:
                raise CellError(RowIssueCode.NOT_YEARS, column, _NOT_YEARS)
            years.update(range(first, last + 1))
        return frozenset(years)

    def optional_year(self, column: str) -> int | None:
        """Return an optional year."""
        cell = self.row.cells.get(column, "")
        if cell and not _YEAR.fullmatch(cell):
            raise CellError(RowIssueCode.NOT_YEARS, column, _NOT_A_YEAR.format(field=column))
        return int(cell) if cell else None

    def source(self, column: str = "source") -> LegalBasis | None:
        """Return the document that an optional cell cites; a web address may follow.

        >>> form = TableFormat(required=("source",))
        >>> row = Row(1, {"source": "202/2025/QH15 https://example.org/nq202"})
        >>> basis = RowCells(row, RowReader(form, ["source"])).source()
        >>> basis.document, basis.source
        ('202/2025/QH15', 'https://example.org/nq202')
        """
        text = self.row.cells.get(column, "")
        if not text:
            return None
        address = _ADDRESS.search(text)
        citation = _ADDRESS.sub(" ", text)
        try:
            return LegalBasis.parse(citation, source=address[0] if address else None)
        except DomainError as error:
            message = _BAD_SOURCE.format(field=column, error=error.text)
            raise CellError(RowIssueCode.INVALID_SOURCE, column, message) from None


def require_columns(columns: Sequence[str], required: Iterable[str], file: FileKind) -> None:
    """Raise TableError if a table lacks required columns."""
    missing = [name for name in required if name not in columns]
    if missing:
        raise TableError(_MISSING_COLUMNS.format(table=file.label, columns=", ".join(missing)))


def _filled(row: Row, column: str) -> str:
    cell = row.cells[column]
    if not cell:
        raise CellError(RowIssueCode.MISSING, column, _BLANK.format(field=column))
    return cell


def _parse_title(cell: str) -> Title | Text:
    try:
        return Title.parse(cell)
    except DomainError as error:
        return error.text


class AreaResolver:
    """Finds the area that a row names, by code, also where leading zeros were lost, or by name.

    Args:
        tree: the areas of one day.
        excluded: codes that are missing from `tree` because their own rows are invalid.
        changes: the changes up to that day; with them old names are found.
        beside: the columns that hold the name of the area beside its code, if a row has them.
        with_parts: whether a former area may stand for the area that it is now part of, which is
            right for subjects, and wrong for their counts.
        times: how many subjects a row represents, by its number; by default one each.
    """

    def __init__(
        self,
        tree: AreaTree,
        excluded: Collection[str],
        *,
        changes: Concordance | None = None,
        beside: Sequence[str] = (AREA_NAME,),
        with_parts: bool = True,
        times: Mapping[int, int] | None = None,
    ) -> None:
        self.tree = tree
        self._excluded = excluded
        self._beside = beside
        self._with_parts = with_parts
        self._changes = changes
        self._codes: dict[str, str | None] = {}
        self._contradictions: dict[tuple[str, str], AreaQuestion | None] = {}
        self._times = times or {}
        self._repadded = _Noted()
        self._named = _Noted()
        self._matches: dict[str, AreaMatch] = {}

    @cached_property
    def _names(self) -> AreaNames:
        """The areas by name; most tables have codes alone."""
        return AreaNames(self.tree, self._changes)

    def code(self, row: Row, column: str = "area") -> str:
        """Return the code of the area in a column as it is in the tree; raises CellError."""
        cell = _filled(row, column)
        code = cell if cell in self.tree else self._found(row, cell, column)
        for beside in self._beside if column in _PLACES else ():
            name = row.cells.get(beside)
            if name:
                self._hold(code, name, beside)
        return code

    def _found(self, row: Row, cell: str, column: str) -> str:
        if cell not in self._codes:
            area = self.tree.find_repadded(cell)
            self._codes[cell] = area.code if area else None
        code = self._codes[cell]
        if code is not None:
            self._repadded.add(row.number, self._times)
            return code
        if cell in self._excluded:
            raise CellError(RowIssueCode.FAULTY_AREA, column, AREA_HAS_ERRORS)
        match = self._names.find(", ".join([cell, *self._larger(row, column)]))
        if isinstance(match, AreaMatch) and match.is_part and not self._with_parts:
            match = self._names.question_of(match)
        if isinstance(match, AreaMatch):
            self._named.add(row.number, self._times)
            if not match.is_as_written:
                self._matches.setdefault(cell, evolve(match, text=cell))
            return match.area.code
        if match.candidates:
            raise CellError(RowIssueCode.AREA_NOT_CLEAR, column, match.message)
        raise CellError(RowIssueCode.UNKNOWN_AREA, column, _UNKNOWN_AREA)

    def _larger(self, row: Row, column: str) -> Iterator[str]:
        """Yield the names of the larger areas that a row gives in columns of their own."""
        for larger in LARGER_AREAS:
            cell = row.cells.get(larger)
            if cell and larger != column:
                area = self.tree[cell] if cell in self.tree else self.tree.find_repadded(cell)
                yield cell if area is None else area.name

    def _hold(self, code: str, name: str, column: str) -> None:
        """Hold the name beside a code against the area's name; raises CellError."""
        key = code, name
        if key not in self._contradictions:
            self._contradictions[key] = self._names.check(code, name)
        question = self._contradictions[key]
        if question is not None:
            raise CellError(RowIssueCode.CODE_AND_NAME, column, question.message)

    def warnings(self) -> tuple[Text, ...]:
        """Return warnings about values that were not read as written."""
        warnings = []
        if self._repadded.number:
            warnings.append(
                _REPADDED.format(
                    number=count_label(self._repadded.number), row=self._repadded.first
                )
            )
        if self._matches:
            said = [match.said for match in list(self._matches.values())[:_MOST_SAID]]
            more = count_label(max(0, len(self._matches) - _MOST_SAID))
            warnings.append(
                (_NAMED_AND_MORE if len(self._matches) > _MOST_SAID else _NAMED).format(
                    number=count_label(self._named.number),
                    row=self._named.first,
                    readings=join(said, "; "),
                    more=more,
                )
            )
        return tuple(warnings)


class _Noted:
    """How many rows a note is about, and the first of them."""

    number = first = 0

    def add(self, row: int, times: Mapping[int, int]) -> None:
        self.first = min(row, self.first) if self.number else row
        self.number += times.get(row, 1)


_MOST_SAID = 20
_ADDRESS = re.compile(r"https?://\S+")
_SEPARATORS = re.compile(r"[\s,;]+")
_RANGE = re.compile(r"\s*[-–]\s*")
_YEAR = re.compile(r"[12][0-9]{3}")
_YEARS = re.compile(r"([12][0-9]{3})(?:-([12][0-9]{3}))?", re.ASCII)
_VERDICTS = {verdict.value: verdict for verdict in Verdict}
_MISSING_COLUMNS = Text(
    vi="{table} thiếu cột bắt buộc: {columns}.", en="{table} lacks required columns: {columns}."
)
_BLANK = Text(
    vi="Ô {field} bắt buộc nhưng để trống; hãy bổ sung.",
    en="The cell {field} is required but blank; fill it in.",
)
_NOT_A_DAY = Text(
    vi="Ô {field} không phải là ngày hợp lệ; hãy viết như 2025-07-01, hoặc để trống.",
    en="The cell {field} is not a valid date; write it as 2025-07-01, or leave it blank.",
)
_BAD_SOURCE = Text(
    vi="Ô {field}: {error} Ví dụ: 1671/NQ-UBTVQH15 ngày 16/6/2025.",
    en="The cell {field}: {error} For example: 1671/NQ-UBTVQH15 ngày 16/6/2025.",
)
_NO_OPTION = Text(
    vi="Ô {field} phải là một trong: {options}.",
    en="The cell {field} must be one of: {options}.",
)
_UNKNOWN_VERDICT = Text(
    vi="Kết quả đánh giá phải là recognised, not_recognised, undetermined hoặc để trống.",
    en="The verdict must be recognised, not_recognised, undetermined, or blank.",
)
_NOT_YEARS = Text(
    vi="Năm không hợp lệ; hãy viết như 2021-2023 hoặc 2021 2023.",
    en="Invalid years; write them as 2021-2023 or 2021 2023.",
)
_NOT_A_YEAR = Text(
    vi="Ô {field} phải là một năm, như 2023, hoặc để trống.",
    en="The cell {field} must be a year such as 2023, or blank.",
)
_UNKNOWN_AREA = Text(
    vi="Không có khu vực nào mang mã hoặc tên này trong bảng khu vực, hoặc không có hiệu lực vào "
    "ngày được chọn; hãy kiểm tra mã (cả các số 0 ở đầu) hoặc tên.",
    en="No area in the table of areas has this code or name, or it is not valid on the selected "
    "day; check the code and its leading zeros, or the name.",
)
_NAMED = Text(
    vi="{number} dòng nêu khu vực bằng tên (dòng đầu tiên: {row}). Cách hiểu: {readings}.",
    en="Rows that give the area by name: {number} (first row: {row}). Readings: {readings}.",
)
_NAMED_AND_MORE = Text(
    vi="{number} dòng nêu khu vực bằng tên (dòng đầu tiên: {row}). Cách hiểu: {readings}; và "
    "{more} cách viết khác.",
    en="Rows that give the area by name: {number} (first row: {row}). Readings: {readings}; and "
    "{more} more spellings.",
)
AREA_HAS_ERRORS = Text(
    vi="Chưa được cộng vì khu vực có lỗi trong bảng khu vực; hãy sửa bảng đó trước.",
    en="Excluded because of an error in the table of areas; fix that table first.",
)
_REPADDED = Text(
    vi="{number} dòng có mã khu vực chỉ khác bảng khu vực ở các số 0 ở đầu, nên được coi là cùng "
    "một mã (dòng đầu tiên: {row}); hãy lưu cột mã của cả hai bảng dưới dạng văn bản.",
    en="Rows whose area code differs from the table of areas only by leading zeros: {number} "
    "(first row: {row}). They are treated as the same code. Save the code columns of both tables "
    "as text.",
)
