"""Reads CSV tables as text, as spreadsheets and other programs write them.

Every cell stays text, so codes keep their leading zeros. The reader of the row interprets them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any

from attrs import frozen

from xhht.errors import TableError
from xhht.issues import RowIssueCode
from xhht.tables.encodings import NOT_UTF8, TextEncoding, decode_legacy, find_encoding
from xhht.tables.file_kinds import foreign_kind
from xhht.tables.header import find_header
from xhht.tables.table import Row, Table
from xhht.text import Text, canonical_key, normalize_text

__all__ = [
    "CsvTable",
    "MalformedRow",
    "open_csv",
    "read_csv_rows",
    "read_csv_text",
    "unnamed_columns_warnings",
]

_DELIMITERS = ",;\t|"
_LINE = 2**20
_SAMPLE = 2**16
_TOP = 60
_NUL = "\0"
_SEPARATOR = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)
"""The first line of a file that tells Excel its delimiter; Excel does not show it."""


@frozen
class _Head:
    """Where the header of a file is.

    Attributes:
        delimiter: the delimiter of cells.
        columns: the names of the header.
        lines: the number of lines down to the end of the header.
        notes: messages on what stands above it.
    """

    delimiter: str
    columns: tuple[str, ...]
    lines: int
    notes: tuple[Text, ...]


class CsvTable(Table):
    """A CSV table; its rows can be iterated once.

    Args:
        stream: the text.
        expected: the names by which the header is found below titles; without one of them in the
            first lines, the first line is the header.

    Attributes:
        columns: the normalised names of the header; a name may be empty.
        delimiter: the delimiter of its cells.
        encoding: the encoding of the file.
        header_lines: the number of lines down to the end of the header.
        warnings: messages on what was ignored while reading.
    """

    def __init__(self, stream: IO[str], expected: Collection[str] = ()) -> None:
        # Raises TableError if the header is invalid.
        self.encoding = TextEncoding.UTF8
        try:
            lines = list(_first_lines(stream))
        except UnicodeError:
            raise TableError(NOT_UTF8) from None
        head = _find_head(lines, expected)
        self.delimiter, self.columns, self.header_lines = head.delimiter, head.columns, head.lines
        below = chain(lines[head.lines :], stream)
        self._reader = csv.reader(below, delimiter=self.delimiter, strict=True)
        if not any(self.columns):
            raise TableError(_NO_HEADER)
        self.columns = _distinct(self.columns, expected)
        self._named = [place for place, name in enumerate(self.columns) if name]
        self.warnings = (*head.notes, *unnamed_columns_warnings(head.columns))

    def __iter__(self) -> Iterator[Row]:
        for number, cells in self.records():
            if isinstance(cells, MalformedRow):
                blank = dict.fromkeys(self.columns, "")
                yield Row(number, blank, cells.text(number), code=cells.code)
                continue
            values = [normalize_text(cell) for cell in cells]
            has_extra_cells = any(values[len(self.columns) :])
            values += [""] * (len(self.columns) - len(values))
            if not has_extra_cells and not any(map(values.__getitem__, self._named)):
                continue
            yield Row(
                number,
                dict(zip(self.columns, values, strict=False)),
                _TOO_WIDE.format(columns=len(self.columns)) if has_extra_cells else None,
            )

    def records(self) -> Iterator[tuple[int, list[str] | MalformedRow]]:
        """Yield the number of each row and its raw cells.

        Blank rows are included; a malformed row counts as many rows as it has lines. Raises
        TableError at the first bytes that are not UTF-8.
        """
        number = 0
        for _, cells in _rows_by_line(self._reader):
            number += 1
            yield number, cells
            if isinstance(cells, MalformedRow):
                number += cells.lines - 1

    def count_lines(self) -> int:
        """Read all rows, and return the number of lines below the header."""
        lines = 0
        for _, cells in self.records():
            lines += cells.lines if isinstance(cells, MalformedRow) else 1
        return lines


def _rows_by_line(reader: Any) -> Iterator[tuple[int, list[str] | MalformedRow]]:
    """Yield how many lines a reader of `csv` read before each row, and its cells."""
    while True:
        before = reader.line_num
        cells: list[str] | MalformedRow | None
        try:
            cells = next(reader, None)
            if cells is not None and _NUL in "".join(cells):
                cells = MalformedRow(1)
        except UnicodeError:
            raise TableError(NOT_UTF8) from None
        except csv.Error:
            # The reader recovers at the next line, so reading continues.
            cells = MalformedRow(max(1, reader.line_num - before))
        if cells is None:
            return
        yield before, cells


@frozen
class MalformedRow:
    """What cannot be read as a row.

    Attributes:
        lines: the number of lines that were read for it.
    """

    lines: int

    @property
    def code(self) -> RowIssueCode:
        """The code of the error: a quote that is not closed swallows the lines below it."""
        return RowIssueCode.OPEN_QUOTE if self.lines > 1 else RowIssueCode.BROKEN_ROW

    def text(self, number: int) -> Text:
        """Return the message of the error of the row with a number."""
        if self.lines == 1:
            return _MALFORMED.format(row=number)
        last = number + self.lines - 1
        return _OPEN_QUOTE.format(row=number, last=last, lines=self.lines)


@contextmanager
def open_csv(source: Path | IO[bytes], expected: Collection[str] = ()) -> Iterator[CsvTable]:
    """Open a CSV file as a table: comma, semicolon, tab or bar.

    The file is UTF-8 or UTF-16; an older Vietnamese encoding is read with a note if it is certain.

    Args:
        source: the file.
        expected: the names by which the header is found, as for `CsvTable`.

    Raises:
        TableError: no known encoding, another kind of file, no header, or duplicate names.
        OSError: the file cannot be read.
    """
    with _open_text(source) as (stream, encoding):
        try:
            table = CsvTable(stream, expected)
        except UnicodeError:
            raise TableError(NOT_UTF8) from None
        table.encoding = encoding
        if encoding.note is not None:
            table.warnings = (encoding.note, *table.warnings)
        yield table


@contextmanager
def read_csv_rows(
    path: Path,
) -> Iterator[tuple[Iterator[tuple[int, list[str] | MalformedRow]], tuple[Text, ...]]]:
    """Open a CSV file of which no header is known yet.

    Args:
        path: the file; its encoding and delimiter are found as `open_csv` finds them.

    Yields:
        The number of the first line of each row and its raw cells, and notes on the reading.

    Raises:
        TableError: no known encoding, or another kind of file.
        OSError: the file cannot be read.
    """
    with _open_text(path) as (stream, encoding):
        try:
            first = list(_first_lines(stream))
        except UnicodeError:
            raise TableError(NOT_UTF8) from None
        separator = _SEPARATOR.fullmatch(first[0]) if first else None
        begin = 1 if separator else 0
        delimiter = separator[1] if separator else _likely_delimiter(first)
        notes = (*([encoding.note] if encoding.note else []), *([_SEPARATOR_LINE] if begin else []))
        reader = csv.reader(chain(first[begin:], stream), delimiter=delimiter, strict=True)
        yield ((begin + before + 1, cells) for before, cells in _rows_by_line(reader)), notes


def _likely_delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter by which the most lines have the same number of several cells."""

    def regularity(delimiter: str) -> tuple[int, int]:
        widths = [len(cells) for cells, _ in _records_of(lines, delimiter) if len(cells) > 1]
        common = max(widths, key=widths.count, default=0)
        return widths.count(common), common

    return max(_DELIMITERS, key=regularity)


@contextmanager
def _open_text(source: Path | IO[bytes]) -> Iterator[tuple[IO[str], TextEncoding]]:
    binary = source.open("rb") if isinstance(source, Path) else source
    try:
        head = binary.peek(1024) if isinstance(binary, io.BufferedReader) else b""
        foreign = foreign_kind(head)
        if foreign is not None:
            raise TableError(foreign)
        encoding = find_encoding(binary) if binary.seekable() else TextEncoding.UTF8
        with _text_stream(binary, encoding) as stream:
            yield stream, encoding
    finally:
        binary.close()


def _text_stream(binary: IO[bytes], encoding: TextEncoding) -> IO[str]:
    if encoding is TextEncoding.UTF8:
        return io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")
    try:
        return io.StringIO(decode_legacy(binary.read(), encoding), newline="")
    except UnicodeDecodeError:
        raise TableError(NOT_UTF8) from None


def _first_lines(stream: IO[str]) -> Iterator[str]:
    """Yield the first lines of a file, of bounded length altogether."""
    length = 0
    for _ in range(_TOP):
        line = stream.readline(_LINE)
        if not line:
            return
        yield line
        length += len(line)
        if length >= _SAMPLE:
            return


def _find_head(lines: Sequence[str], expected: Collection[str]) -> _Head:
    """Return where the header is: the row with the most expected names, or else the first."""
    separator = _SEPARATOR.fullmatch(lines[0]) if lines else None
    above = 1 if separator else 0
    notes = (_SEPARATOR_LINE,) if separator else ()
    first = lines[above] if len(lines) > above else ""
    likely = sorted(_DELIMITERS, key=first.count, reverse=True)
    names = set(map(canonical_key, expected))
    best: tuple[int, _Head] | None = None
    for delimiter in (separator[1],) if separator else likely:
        records = list(_records_of(lines[above:], delimiter))
        rows = [(line, dict(_filled(cells))) for cells, line in records]
        header = find_header(rows, [], expected) if expected else None
        if header is None:
            continue
        number = sum(canonical_key(name) in names for name in header.names.values())
        if best is None or number > best[0]:
            width = max(len(cells) for cells, line in records if line <= header.bottom)
            columns = tuple(header.names.get(place, "") for place in range(1, width + 1))
            above_header = any(line < header.top and any(cells) for cells, line in records)
            titles = (_TITLES.format(line=above + header.top),) if above_header else ()
            best = number, _Head(delimiter, columns, above + header.bottom, (*notes, *titles))
    if best is not None:
        if any(_NUL in name for name in best[1].columns):
            raise TableError(_MALFORMED_HEADER)
        return best[1]
    delimiter = separator[1] if separator else likely[0]
    try:
        cells, line = next(_records_of(lines[above:], delimiter, strict=True), ([], 0))
    except csv.Error:
        raise TableError(_MALFORMED_HEADER) from None
    if any(_NUL in name for name in cells):
        raise TableError(_MALFORMED_HEADER)
    return _Head(delimiter, tuple(map(normalize_text, cells)), above + line, notes)


def _records_of(
    lines: Sequence[str], delimiter: str, *, strict: bool = False
) -> Iterator[tuple[list[str], int]]:
    """Yield the cells of each row, and the number of its last line."""
    reader = csv.reader(iter(lines), delimiter=delimiter, strict=strict)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            if strict:
                raise
            continue
        if cells is None:
            return
        yield cells, reader.line_num


def _filled(cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    for place, cell in enumerate(cells, 1):
        text = normalize_text(cell)
        if text:
            yield place, text


def _distinct(columns: Sequence[str], expected: Collection[str]) -> tuple[str, ...]:
    """Return the names of a header; of a name that nobody expects, those that repeat are blank.

    Raises:
        TableError: an expected name is repeated, or any if none is expected.
    """
    keys = set(map(canonical_key, expected))
    repeated = [
        str(place)
        for place, name in enumerate(columns, 1)
        if name and columns.count(name) > 1 and (not keys or canonical_key(name) in keys)
    ]
    if repeated:
        # By position only: without a header the first line is personal data.
        raise TableError(_DUPLICATE_COLUMNS.format(columns=", ".join(repeated)))
    return tuple(
        f"{name} ({place})" if name and columns.index(name) != place - 1 else name
        for place, name in enumerate(columns, 1)
    )


def read_csv_text(text: str) -> CsvTable:
    """Return the table in `text`.

    >>> [row.cells["area"] for row in read_csv_text("area;total\\n00004;12\\n")]
    ['00004']
    """
    return CsvTable(io.StringIO(text.removeprefix("\ufeff"), newline=""))


def unnamed_columns_warnings(columns: Sequence[str]) -> tuple[Text, ...]:
    """Return the warning on columns without a name, which are ignored; empty if there are none.

    >>> [warning.get("en") for warning in unnamed_columns_warnings(["id", ""])]
    ['Columns without a name in the header are ignored: number 2.']
    """
    places = [str(place) for place, name in enumerate(columns, 1) if not name]
    return (_UNNAMED.format(columns=", ".join(places)),) if places else ()


_SEPARATOR_LINE = Text(
    vi="Dòng đầu (sep=) chỉ cho biết dấu phân cách; bảng bắt đầu từ dòng sau.",
    en="The first line (sep=) only tells the delimiter; the table begins on the next line.",
)
_TITLES = Text(
    vi="Các dòng bên trên dòng tiêu đề (dòng {line} của tệp) được bỏ qua.",
    en="The lines above the header (line {line} of the file) are ignored.",
)
_UNNAMED = Text(
    vi="Bỏ qua các cột không có tên trong dòng tiêu đề: cột thứ {columns}.",
    en="Columns without a name in the header are ignored: number {columns}.",
)
_NO_HEADER = Text(
    vi="Bảng không có dòng tiêu đề; dòng đầu phải là tên các cột.",
    en="The table has no header; the first line must contain the column names.",
)
_DUPLICATE_COLUMNS = Text(
    vi="Tên cột bị trùng ở các cột thứ {columns}; mỗi cột phải có tên riêng.",
    en="Duplicate column names in columns {columns}; give each column its own name.",
)
_TOO_WIDE = Text(
    vi="Dòng có nhiều ô hơn {columns} cột của tiêu đề; vui lòng kiểm tra dấu phân cách.",
    en="The row has more cells than the header (columns: {columns}); check the delimiter.",
)
_MALFORMED_HEADER = Text(
    vi="Dòng tiêu đề của bảng không hợp lệ: dấu nháy không đóng, ô quá dài hoặc ký tự NUL.",
    en="The table header is invalid: unclosed quote, overlong cell, or NUL character.",
)
_OPEN_QUOTE = Text(
    vi="Dấu nháy ở dòng {row} của bảng không được đóng, nên các dòng {row} đến {last} ({lines} "
    "dòng) không đọc được; hãy sửa dấu nháy rồi chạy lại.",
    en="A quote in row {row} of the table is not closed, so rows {row} to {last} (lines: {lines}) "
    "cannot be read; correct the quote and run again.",
)
_MALFORMED = Text(
    vi="Dòng {row} của bảng không hợp lệ: dấu nháy không đóng, ô quá dài hoặc ký tự NUL.",
    en="Row {row} of the table is invalid: unclosed quote, overlong cell, or NUL character.",
)
