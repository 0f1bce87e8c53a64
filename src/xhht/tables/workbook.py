"""The rows of a table on a sheet of a workbook: finds its header, reads its cells as text."""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from fractions import Fraction
from itertools import islice, starmap
from pathlib import Path
from typing import Any, TypeAlias

from attrs import field, frozen

from xhht.errors import TableError
from xhht.numbers import Convention, count_label
from xhht.rules.inputs import Input, InputType, share_maxima
from xhht.tables.book import UNCACHED, Book, Cells, Merged, column_letter
from xhht.tables.books import open_book
from xhht.tables.cells import CellKind, ColumnCells, UnreadableCellError
from xhht.tables.excluded import RowShape
from xhht.tables.header import Header, find_header
from xhht.tables.reasons import reason_text
from xhht.tables.table import Row, Table
from xhht.text import Text, normalize_text

__all__ = [
    "AMBIGUOUS_PERCENT",
    "PLAIN_SHARES",
    "CellIssue",
    "RowProgress",
    "SheetReader",
    "SheetRow",
    "TableRequest",
    "WorkbookTable",
    "hidden_rows_note",
    "open_sheet",
]

RowProgress: TypeAlias = Callable[[int, int], object]
"""A progress callback: the number of rows just read, and the approximate total."""

CellIssue: TypeAlias = tuple[str, str]
"""The column of an unreadable cell, and the code of the error."""

AMBIGUOUS_PERCENT = "ambiguous_percent"
PLAIN_SHARES = (CellKind.PLAIN_SHARE, CellKind.LARGE_SHARE)
"""If a share of one row is larger than its maximum, these of other rows may be percentages too."""

_TOP = 60


@frozen(kw_only=True)
class TableRequest:
    """The expected columns of a table.

    Attributes:
        inputs: the columns with data of each row, and the input that they hold; None if it is not
            an input.
        codes: the columns whose cells are codes, which are text.
        percents: columns of `inputs` with percentages as they are shown, such as `96.3%`.
        numbers: the number format of texts.
        expected: the names by which the header of a sheet is found; by default all columns, or, if
            there are no `inputs`, none.
        keys: the columns that say whose row it is; the first that a table has counts.
        counts: the columns whose values add up, beside the inputs that are counts.
    """

    inputs: Mapping[str, Input | None]
    codes: frozenset[str]
    numbers: Convention
    percents: frozenset[str] = frozenset()
    expected: frozenset[str] | None = None
    keys: tuple[str, ...] = ()
    counts: frozenset[str] = frozenset()

    def shape(self, columns: Collection[str]) -> RowShape:
        """Return what the columns of a table hold, as far as it tells subjects from other rows."""
        names = (key for key in self.keys if key in columns and self.inputs.get(key) is None)
        key = next(names, None)
        declared = ((name, self.inputs.get(name)) for name in columns)
        counts = {name for name, one in declared if one and one.kind is InputType.COUNT}
        return RowShape(
            columns=tuple(columns),
            data={*self.inputs} - {key},
            counts=[name for name in columns if name in counts | self.counts],
            id=key,
            numbers=self.numbers,
        )

    @property
    def shares(self) -> Mapping[str, Fraction]:
        """The columns of shares, with their maximum."""
        return share_maxima({name: one for name, one in self.inputs.items() if one is not None})

    @property
    def names(self) -> frozenset[str]:
        """All columns with a meaning."""
        return self.codes.union(self.inputs)

    @property
    def header(self) -> frozenset[str]:
        """The names by which a header is found."""
        if self.expected is not None:
            return self.expected
        return self.names if self.inputs else frozenset()


@contextmanager
def open_sheet(path: Path, wanted: TableRequest, title: str | None) -> Iterator[SheetReader]:
    """Open the table of a sheet; without a title, of the only visible sheet with a header.

    Raises:
        TableError: not a workbook, no such sheet, no header, several sheets with a header,
            duplicate column names, legacy-encoded text.
        OSError: the file cannot be read.
    """
    with warnings.catch_warnings():
        # openpyxl warns of features that it drops, such as drop-down lists; they hold no data.
        warnings.simplefilter("ignore")
        with closing(open_book(path)) as book:
            chosen, header = _choose(book, wanted, title)
            yield SheetReader(book, chosen, header, wanted)


def _choose(book: Book, wanted: TableRequest, title: str | None) -> tuple[str, Header]:
    titles = list(book.sheets)
    if title is not None:
        titles = [normalize_text(title)]
        if titles[0] not in book.sheets:
            raise TableError(_NO_SHEET)
    candidates = []
    for sheet in titles:
        top = [(number, _texts(cells)) for number, cells in islice(book.rows(sheet), _TOP)]
        header = find_header(top, book.merged(sheet), wanted.header)
        if header is not None:
            candidates.append((sheet, header))
    if not candidates:
        raise TableError(_no_header(wanted))
    if len(candidates) > 1:
        raise TableError(_MANY_SHEETS.format(sheets=", ".join(sheet for sheet, _ in candidates)))
    return candidates[0]


def _texts(cells: Cells) -> dict[int, str]:
    texts = {
        c: normalize_text(str(cell.value)) for c, cell in cells.items() if cell is not UNCACHED
    }
    return {column: text for column, text in texts.items() if text}


@frozen
class SheetRow:
    """A row of a sheet that is not blank.

    Attributes:
        number: the number of the sheet row.
        texts: the text of each named column.
        kinds: the stored type of each cell; None if it is blank.
        issue: why the row cannot be read, or None.
    """

    number: int
    texts: list[str | None] = field(repr=False)
    kinds: list[int | None] = field(repr=False)
    issue: CellIssue | None = None


class SheetReader:
    """Reads the rows of a sheet below its header.

    Attributes:
        title: the name of the sheet.
        names: the column names by column number, from left to right.
        columns: the readers of the cells of each column.
    """

    def __init__(self, book: Book, title: str, header: Header, wanted: TableRequest) -> None:
        self._book, self.title, self._bottom = book, title, header.bottom
        self.names = dict(sorted(header.names.items()))
        _check_names(self.names)
        self.columns = {
            column: ColumnCells(
                wanted.inputs.get(name),
                is_code=name in wanted.codes,
                is_percent=name in wanted.percents,
                is_used=name in wanted.names,
                numbers=wanted.numbers,
            )
            for column, name in self.names.items()
        }
        self._inputs = {column for column, name in self.names.items() if name in wanted.inputs}
        self._merged = deque(merged for merged in book.merged(title) if merged.top > header.bottom)
        self._reaching: list[tuple[Merged, str | None]] = []
        self._unnamed: set[int] = set()
        self._hidden = book.hidden_rows(title)
        self._hidden_read: list[int] = []

    @property
    def length(self) -> int:
        """The approximate number of rows; 0 if unknown."""
        return self._book.lengths[self.title]

    @property
    def inputs(self) -> Collection[str]:
        """The names of the columns that hold data of each row."""
        return {self.names[column] for column in self._inputs}

    @property
    def warnings(self) -> tuple[Text, ...]:
        """Messages on columns without a name and on hidden rows, of the rows read so far."""
        letters = ", ".join(map(column_letter, sorted(self._unnamed)))
        unnamed = self._book.notes + ((_UNNAMED.format(columns=letters),) if letters else ())
        if not self._hidden_read:
            return unnamed
        return (*unnamed, hidden_rows_note(self.title, self._hidden_read))

    def rows(self) -> Iterator[SheetRow]:
        """Yield the rows that are not blank."""
        yield from filter(None, starmap(self._row, self._book.rows(self.title)))

    def _row(self, number: int, cells: Cells) -> SheetRow | None:
        """Return a row; None for a blank row."""
        if number <= self._bottom:
            return None
        texts: dict[int, str | None] = {}
        kinds: dict[int, int] = {}
        issue: CellIssue | None = None
        for column in filter(cells.__contains__, self.columns):
            try:
                texts[column], kinds[column] = self._cell(number, column, cells[column])
            except UnreadableCellError as error:
                issue = issue or (self.names[column], error.code)
        is_blank = issue is None and not any(texts.values())
        merged = self._reach(number, texts)
        if is_blank:
            return None
        self._unnamed |= cells.keys() - self.columns.keys()
        if number in self._hidden:
            self._hidden_read.append(number)
        return SheetRow(
            number,
            [texts.get(column) for column in self.columns],
            [kinds.get(column) if texts.get(column) else None for column in self.columns],
            issue or merged,
        )

    def _cell(self, number: int, column: int, cell: Any) -> tuple[str | None, int]:
        reader = self.columns[column]
        if cell is UNCACHED:
            if reader.is_used:
                raise UnreadableCellError("no_cached_value")
            return None, CellKind.TEXT
        return reader.read(cell)

    def _reach(self, number: int, texts: dict[int, str | None]) -> CellIssue | None:
        """Copy the text of merged cells into all their rows; return a issue if one covers an input.

        A name or code applies to every row of its cell; a number does not.
        """
        while self._merged and self._merged[0].top <= number:
            merged = self._merged.popleft()
            self._reaching.append((merged, texts.get(merged.left)))
        self._reaching = [
            (merged, text) for merged, text in self._reaching if number <= merged.bottom
        ]
        for merged, text in self._reaching:
            for column in sorted(self._inputs):
                if merged.left <= column <= merged.right:
                    return self.names[column], "merged_cell"
            if merged.left in self.columns and not texts.get(merged.left):
                texts[merged.left] = text
        return None


class WorkbookTable(Table):
    """The table of a sheet as text, read whole."""

    def __init__(self, sheet: SheetReader) -> None:
        self.columns = tuple(sheet.names.values())
        self._rows = list(sheet.rows())
        self.warnings = sheet.warnings
        self._unclear = [
            index
            for index in range(len(self.columns))
            if any(row.kinds[index] == CellKind.LARGE_SHARE for row in self._rows)
        ]

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            cells = {name: text or "" for name, text in zip(self.columns, row.texts, strict=True)}
            issue = row.issue or self._ambiguous_share(row)
            if issue is None:
                yield Row(row.number, cells)
            else:
                yield Row(row.number, cells, reason_text(issue[1]), issue[0])

    def _ambiguous_share(self, row: SheetRow) -> CellIssue | None:
        for index in self._unclear:
            if row.kinds[index] in PLAIN_SHARES:
                return self.columns[index], AMBIGUOUS_PERCENT
        return None


def hidden_rows_note(title: str, numbers: Sequence[int]) -> Text:
    """Return the note on rows of a sheet that are hidden and read all the same.

    >>> hidden_rows_note("Biểu 1", [7, 9]).get("en").partition(".")[0]
    'Rows that are hidden or filtered out are read like the others: 2 (first: Biểu 1!7)'
    """
    rows, first = count_label(len(numbers)), f"{title}!{numbers[0]}"
    return _HIDDEN_ROWS.format(rows=rows, first=first)


def _no_header(wanted: TableRequest) -> Text:
    if any(wanted.inputs.values()) or not wanted.header:
        return _NO_HEADER.format(rows=_TOP)
    return _NO_TABLE.format(rows=_TOP, columns=", ".join(sorted(wanted.header)))


def _check_names(names: Mapping[int, str]) -> None:
    listed = list(names.values())
    repeated = [column_letter(column) for column, name in names.items() if listed.count(name) > 1]
    if repeated:
        raise TableError(_REPEATED.format(columns=", ".join(repeated)))


_HIDDEN_ROWS = Text(
    vi="{rows} dòng đang bị ẩn hoặc bị lọc vẫn được đọc như các dòng khác (đầu tiên: {first}); hãy "
    "xóa các dòng đó nếu không muốn tính.",
    en="Rows that are hidden or filtered out are read like the others: {rows} (first: {first}). "
    "Delete them if they should not count.",
)
_NO_SHEET = Text(
    vi="Bảng tính không có trang (sheet) nào mang tên này, hoặc trang đó đang bị ẩn.",
    en="The workbook has no visible sheet with this name.",
)
_NO_HEADER = Text(
    vi="Không tìm thấy dòng tiêu đề: trong {rows} dòng đầu không dòng nào nêu tên đầu vào của bộ "
    "tiêu chí.",
    en="No header row found: none of the first {rows} rows contains names of inputs of the "
    "profile.",
)
_MANY_SHEETS = Text(
    vi="Nhiều trang (sheet) của bảng tính có dòng tiêu đề: {sheets}; hãy nêu trang cần đọc.",
    en="Several sheets of the workbook have a header: {sheets}; give the name of the sheet to "
    "read.",
)
_NO_TABLE = Text(
    vi="Không tìm thấy dòng tiêu đề: trong {rows} dòng đầu không dòng nào có tên cột nào trong số: "
    "{columns}.",
    en="No header row found: none of the first {rows} rows has one of the column names {columns}.",
)
_REPEATED = Text(
    vi="Dòng tiêu đề có tên bị trùng ở các cột {columns}; mỗi cột phải có tên riêng.",
    en="Duplicate names in the header, in columns {columns}; give each column its own name.",
)
_UNNAMED = Text(
    vi="Bỏ qua các cột có số liệu nhưng không có tên trong dòng tiêu đề: {columns}.",
    en="Columns with data but without a name in the header are ignored: {columns}.",
)
