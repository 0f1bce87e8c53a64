"""A sheet of a workbook as a frame: finds its table, reads its cells, locates faults by cell."""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from itertools import islice, starmap
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import evolve, frozen

from xhht.errors import TableError
from xhht.frames._cells import CellKind, ColumnCells, UnreadableCellError
from xhht.frames._sheet import EXCLUDED, FAULT, FIELD, ROW, Sheet, exclusion_reason
from xhht.frames.book import UNCACHED, Book, Cells, Merged, column_letter
from xhht.frames.header import Header, find_header
from xhht.numbers import Convention
from xhht.rules.inputs import Input
from xhht.text import Text, normalize_text

if TYPE_CHECKING:
    import polars as pl


RowProgress: TypeAlias = Callable[[int, int], object]
"""A progress callback: the number of rows just read, and the approximate total."""

_TOP = 60
_ROWS = 5_000
_KIND = "#kind"
_PLAIN = [CellKind.PLAIN_SHARE, CellKind.LARGE_SHARE]


@frozen(kw_only=True)
class TableRequest:
    """The expected columns of a table.

    Attributes:
        inputs: the columns with data of each row, and the input that they hold; None if it is not
            an input.
        codes: the columns whose cells are codes, which are text.
        numbers: the number format of texts.
    """

    inputs: Mapping[str, Input | None]
    codes: frozenset[str]
    numbers: Convention

    @property
    def names(self) -> frozenset[str]:
        """All columns with a meaning."""
        return self.codes.union(self.inputs)


def read_workbook(path: Path, wanted: TableRequest, title: str | None, watch: RowProgress) -> Sheet:
    """Return the table of a sheet; without a title, of the only visible sheet with a header.

    Raises:
        TableError: not a workbook, no such sheet, no header, several sheets with a header,
            duplicate column names, legacy-encoded text.
        OSError: the file cannot be read.
    """
    with warnings.catch_warnings():
        # openpyxl warns of features that it drops, such as drop-down lists; they hold no data.
        warnings.simplefilter("ignore")
        with closing(Book(path)) as book:
            chosen, header = _choose(book, wanted, title)
            return _Reader(book, chosen, header, wanted).read(watch)


def _choose(book: Book, wanted: TableRequest, title: str | None) -> tuple[str, Header]:
    titles = list(book.sheets)
    if title is not None:
        titles = [normalize_text(title)]
        if titles[0] not in book.sheets:
            raise TableError(_NO_SHEET)
    names = wanted.names if wanted.inputs else frozenset()
    candidates = []
    for sheet in titles:
        top = [(number, _texts(cells)) for number, cells in islice(book.rows(sheet), _TOP)]
        header = find_header(top, book.merged(sheet), names)
        if header is not None:
            candidates.append((sheet, header))
    if not candidates:
        raise TableError(_NO_HEADER.format(rows=_TOP))
    if len(candidates) > 1:
        raise TableError(_MANY_SHEETS.format(sheets=", ".join(sheet for sheet, _ in candidates)))
    return candidates[0]


def _texts(cells: Cells) -> dict[int, str]:
    texts = {
        c: normalize_text(str(cell.value)) for c, cell in cells.items() if cell is not UNCACHED
    }
    return {column: text for column, text in texts.items() if text}


class _Reader:
    """Reads the rows below a header."""

    def __init__(self, book: Book, title: str, header: Header, wanted: TableRequest) -> None:
        self._book, self._title, self._bottom = book, title, header.bottom
        self._names = {at: header.names[at] for at in sorted(header.names)}
        _check_names(self._names)
        self._columns = {
            at: ColumnCells(
                wanted.inputs.get(name),
                is_code=name in wanted.codes,
                is_used=name in wanted.names,
                numbers=wanted.numbers,
            )
            for at, name in self._names.items()
        }
        self._inputs = {at for at, name in self._names.items() if name in wanted.inputs}
        self._merged = deque(merged for merged in book.merged(title) if merged.top > header.bottom)
        self._reaching: list[tuple[Merged, str | None]] = []
        self._unnamed: set[int] = set()
        self._numbers: list[int] = []
        self._faults: list[_Fault | None] = []

    def read(self, watch: RowProgress) -> Sheet:
        import polars as pl

        texts = pl.concat(self._frames(watch)).with_columns(
            pl.Series(ROW, self._numbers, pl.Int64),
            pl.Series(FIELD, [fault and fault[0] for fault in self._faults], pl.String),
            pl.Series(FAULT, [fault and fault[1] for fault in self._faults], pl.String),
        )
        own = tuple(self._names.values())
        sheet = Sheet(
            frame=texts.lazy(),
            columns=own,
            rows=texts.height,
            title=self._title,
            letters={name: column_letter(at) for at, name in self._names.items()},
        )
        why = exclusion_reason(sheet, {self._names[at] for at in self._inputs})
        frame = texts.with_columns(why)
        for at, name in self._names.items():
            frame = self._typed(frame, at, name)
        letters = ", ".join(map(column_letter, sorted(self._unnamed)))
        return evolve(
            sheet,
            frame=frame.select(ROW, *own, FIELD, FAULT, EXCLUDED).lazy(),
            notes=(_UNNAMED.format(columns=letters),) if letters else (),
        )

    def _typed(self, frame: pl.DataFrame, at: int, name: str) -> pl.DataFrame:
        """Return a frame with one column typed, and with its ambiguous shares rejected.

        If one plain number is too large for a share, the others may be percentages too.
        """
        import polars as pl

        kind, is_subject = f"{name}{_KIND}", frame[EXCLUDED].is_null()
        kinds = frame[kind].filter(is_subject).drop_nulls().unique().to_list()
        frame = frame.with_columns(self._columns[at].typed(frame[name], kinds, is_subject))
        if CellKind.LARGE_SHARE not in kinds:
            return frame
        unclear = pl.col(FAULT).is_null() & pl.col(kind).is_in(_PLAIN)
        return frame.with_columns(
            pl.when(unclear).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
            for column, value in ((FIELD, name), (FAULT, "ambiguous_percent"))
        )

    def _frames(self, watch: RowProgress) -> Iterator[pl.DataFrame]:
        """Yield the texts and cell kinds of rows, block by block."""
        import polars as pl

        schema: dict[str, pl.DataType | type[pl.DataType]] = {}
        for name in self._names.values():
            schema |= {name: pl.String, f"{name}{_KIND}": pl.Int8}
        total = self._book.lengths[self._title]
        with closing(self._book.rows(self._title)) as cells:
            rows = filter(None, starmap(self._row, cells))
            while block := list(islice(rows, _ROWS)):
                watch(len(block), total)
                yield pl.DataFrame(block, schema=schema, orient="row")
        yield pl.DataFrame(schema=schema)

    def _row(self, number: int, cells: Cells) -> list[str | int | None] | None:
        """Return the texts of a row, each with its kind; None for a blank row."""
        if number <= self._bottom:
            return None
        texts: dict[int, str | None] = {}
        kinds: dict[int, int] = {}
        fault: _Fault | None = None
        for at in filter(cells.__contains__, self._columns):
            try:
                texts[at], kinds[at] = self._cell(number, at, cells[at])
            except UnreadableCellError as error:
                fault = fault or (self._names[at], error.code)
        is_blank = fault is None and not any(texts.values())
        merged = self._reach(number, texts)
        if is_blank:
            return None
        self._unnamed |= cells.keys() - self._columns.keys()
        self._numbers.append(number)
        self._faults.append(fault or merged)
        return [
            value
            for at in self._columns
            for value in (texts.get(at), kinds.get(at) if texts.get(at) else None)
        ]

    def _cell(self, number: int, at: int, cell: Any) -> tuple[str | None, int]:
        column = self._columns[at]
        if cell is UNCACHED:
            if column.is_used:
                raise UnreadableCellError("no_cached_value")
            return None, CellKind.TEXT
        self._book.require_unicode(self._title, number, cell)
        return column.read(cell)

    def _reach(self, number: int, texts: dict[int, str | None]) -> _Fault | None:
        """Copy the text of merged cells into all their rows; return a fault if one covers an input.

        A name or code applies to every row of its cell; a number does not.
        """
        while self._merged and self._merged[0].top <= number:
            merged = self._merged.popleft()
            self._reaching.append((merged, texts.get(merged.left)))
        self._reaching = [
            (merged, text) for merged, text in self._reaching if number <= merged.bottom
        ]
        for merged, text in self._reaching:
            for at in sorted(self._inputs):
                if merged.left <= at <= merged.right:
                    return self._names[at], "merged_cell"
            if merged.left in self._columns and not texts.get(merged.left):
                texts[merged.left] = text
        return None


def _check_names(names: Mapping[int, str]) -> None:
    listed = list(names.values())
    repeated = [column_letter(at) for at, name in names.items() if listed.count(name) > 1]
    if repeated:
        raise TableError(_REPEATED.format(columns=", ".join(repeated)))


_Fault: TypeAlias = tuple[str, str]
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
_REPEATED = Text(
    vi="Dòng tiêu đề có tên bị trùng ở các cột {columns}; mỗi cột phải có tên riêng.",
    en="Duplicate names in the header, in columns {columns}; give each column its own name.",
)
_UNNAMED = Text(
    vi="Bỏ qua các cột có số liệu nhưng không có tên trong dòng tiêu đề: {columns}.",
    en="Columns with data but without a name in the header are ignored: {columns}.",
)
