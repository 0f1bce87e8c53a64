"""Reads a scoring form from a workbook: header, merged cells, totals, numbers stored as text."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from xhht.criteria.document import NODE_ID
from xhht.drafting.form import Form, FormIssue, FormLine
from xhht.drafting.headings import (
    HEADINGS,
    ColumnKind,
    is_total,
    kind_of,
    points_in,
    without_brackets,
)
from xhht.errors import TableError
from xhht.numbers import decimal_text
from xhht.tables.book import UNCACHED, Book, Cells, Merged, column_letter
from xhht.tables.books import open_book
from xhht.tables.header import find_header
from xhht.text import Text, normalize_text

__all__ = ["EMBEDDED_SHEET", "is_leaf", "read_form", "subtree_end"]

EMBEDDED_SHEET = "xhht"
"""The sheet on which an exported form embeds the complete profile."""

_NAMED = (ColumnKind.CRITERION, ColumnKind.INDICATOR)
_HEADER_ROWS, _MAX_ROWS = 60, 5_000
_ROMAN = re.compile(r"[IVXLC]+\.?")
_CAPITAL, _SMALL = re.compile(r"[A-ZĐ]"), re.compile(r"[a-zđ]")
_NUMBERED = re.compile(NODE_ID)
_IN_NAME = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})+)[.)]?\s+(?=\S)")


def read_form(path: Path, sheet: str | None = None) -> Form:
    """Return the scoring form on a sheet; by default the first sheet with the headings of a form.

    Args:
        path: an XLSX file.
        sheet: the sheet's name.

    Raises:
        TableError: no workbook, no such sheet, or no sheet with the headings of a form.
        OSError: the file cannot be read.
    """
    with warnings.catch_warnings():
        # openpyxl warns of features that it drops, such as drop-down lists; they hold no data.
        warnings.simplefilter("ignore")
        with closing(open_book(path)) as book:
            embedded_profile, lang = _embedded_profile(book)
            titles = [title for title in book.sheets if title != EMBEDDED_SHEET]
            if sheet is not None:
                titles = [title for title in titles if title == normalize_text(sheet)]
            for title in titles:
                form_sheet = _Sheet.of(book, title)
                if form_sheet is not None:
                    return evolve(form_sheet.form(), embedded_profile=embedded_profile, lang=lang)
    raise TableError(_NO_FORM if sheet is None or titles else _NO_SHEET)


def _embedded_profile(book: Book) -> tuple[str | None, str | None]:
    if EMBEDDED_SHEET not in book.sheets:
        return None, None
    lines = {
        number: str(cells[1].value) for number, cells in book.rows(EMBEDDED_SHEET) if 1 in cells
    }
    if not lines or not lines.get(1, "").startswith("# xhht "):
        return None, None
    text = "".join(f"{lines.get(number, '')}\n" for number in range(2, max(lines) + 1))
    return text, lines[1].rpartition(" ")[2]


@frozen
class _Sheet:
    """A sheet that contains a form."""

    title: str
    bottom: int
    columns: Mapping[ColumnKind, int]
    rows: Sequence[tuple[int, Cells]]
    merged: Sequence[Merged]

    @classmethod
    def of(cls, book: Book, title: str) -> _Sheet | None:
        rows = list(islice(book.rows(title), _MAX_ROWS))
        merged = book.merged(title)
        top = [(number, _texts(cells)) for number, cells in rows[:_HEADER_ROWS]]
        header = find_header(top, merged, HEADINGS)
        if header is None:
            return None
        best: dict[ColumnKind, tuple[int, int]] = {}
        for column, name in sorted(header.names.items()):
            kind = kind_of(name)
            if kind is not None and (kind[0] not in best or kind[1] < best[kind[0]][0]):
                best[kind[0]] = kind[1], column
        columns = {kind: column for kind, (_, column) in best.items()}
        if ColumnKind.POINTS not in columns or columns.keys().isdisjoint(_NAMED):
            return None
        return cls(title, header.bottom, columns, rows, merged)

    def form(self) -> Form:
        """Return the form below the header."""
        issues: list[FormIssue] = []
        totals: list[_Total] = []
        lines = tuple(_with_depths(list(self._lines(issues, totals))))
        sums = tuple(_sums_that_differ(lines, totals))
        return Form(lines=lines, faults=tuple(issues), sums=sums)

    def _place(self, row: int, kind: ColumnKind) -> str:
        return f"{self.title}!{column_letter(self.columns.get(kind, 1))}{row}"

    def _lines(self, issues: list[FormIssue], totals: list[_Total]) -> Iterator[FormLine]:
        has_both = ColumnKind.INDICATOR in self.columns and ColumnKind.CRITERION in self.columns
        line_count, previous = 0, ""
        for number, cells in self.rows:
            if number <= self.bottom:
                continue
            values = {kind: self._value(number, cells, kind) for kind in self.columns}
            texts = {kind: _text(value) for kind, value in values.items()}
            if _is_numbering(list(texts.values())) or not any(texts.values()):
                continue
            names = [texts.get(kind, "") for kind in _NAMED]
            place = self._place(number, ColumnKind.POINTS)
            points = self._points(values.get(ColumnKind.POINTS), place, issues)
            if any(map(is_total, (*names, texts.get(ColumnKind.NUMBER, "")))):
                if points is not None:
                    totals.append(_Total(line_count, place, points))
                continue
            criterion, indicator = names
            if has_both and criterion and criterion != previous:
                previous, line_count = criterion, line_count + 1
                own_texts = texts if not indicator else {**texts, ColumnKind.CONDITION: ""}
                yield self._line(
                    number, own_texts, criterion, None if indicator else points, depth=0
                )
            name = (indicator if has_both else criterion or indicator) or ""
            if not name:
                if points is not None and not (has_both and criterion):
                    issues.append(FormIssue.of("form_no_name", place))
                continue
            line_count += 1
            yield self._line(number, texts, name, points, depth=1 if has_both else -1)

    def _line(
        self,
        row: int,
        texts: Mapping[ColumnKind, str],
        name: str,
        points: Fraction | None,
        *,
        depth: int,
    ) -> FormLine:
        number = texts.get(ColumnKind.NUMBER, "").rstrip(".)")
        match = _IN_NAME.match(name)
        if match and (not number or depth >= 0):
            number, name = match[1], name[match.end() :]
        elif depth >= 0:
            number = ""
        return FormLine(
            place=self._place(
                row, ColumnKind.CRITERION if depth == 0 else _name_kind(self.columns)
            ),
            number=number if _NUMBERED.fullmatch(number) else "",
            name=name,
            points=points,
            points_place=self._place(row, ColumnKind.POINTS),
            condition=texts.get(ColumnKind.CONDITION, ""),
            depth=depth,
        )

    def _value(self, row: int, cells: Cells, kind: ColumnKind) -> Any:
        """Return a cell's value; for the name of a criterion, the value of its merged cell."""
        column = self.columns[kind]
        cell = cells.get(column)
        if cell is None and kind is ColumnKind.CRITERION:
            for area in self.merged:
                if area.left <= column <= area.right and area.top <= row <= area.bottom:
                    above = dict(self.rows).get(area.top, {})
                    cell = above.get(area.left) if area.top > self.bottom else None
        return None if cell is None or cell is UNCACHED else cell.value

    def _points(self, value: Any, place: str, issues: list[FormIssue]) -> Fraction | None:
        if value is None or not _text(value):
            return None
        points = points_in(value)
        if points is None:
            issues.append(FormIssue.of("form_not_a_number", place))
        return points


@frozen
class _Total:
    """A totals row, with the number of lines before it."""

    after: int
    place: str
    points: Fraction


def _sums_that_differ(lines: Sequence[FormLine], totals: Sequence[_Total]) -> Iterator[FormIssue]:
    """Yield totals rows and criteria whose points differ from the sum of their indicators."""

    def total_points(start: int, end: int) -> Fraction:
        points_below = (lines[index].points for index in range(start, end) if is_leaf(lines, index))
        return sum((points for points in points_below if points is not None), Fraction(0))

    previous_end = 0
    for total in totals:
        sums = (total_points(previous_end, total.after), total_points(0, total.after))
        if total.points not in sums:
            yield _wrong_total(total.place, total.points, sums[-1])
        previous_end = total.after
    for index, line in enumerate(lines):
        if line.points is not None and not is_leaf(lines, index):
            total_below = total_points(index, subtree_end(lines, index))
            if line.points != total_below:
                yield _wrong_total(line.points_place, line.points, total_below)


def is_leaf(lines: Sequence[FormLine], index: int) -> bool:
    """Return whether a line has no children."""
    return subtree_end(lines, index) == index + 1


def subtree_end(lines: Sequence[FormLine], index: int) -> int:
    """Return the index after a line and all its descendants."""
    following = (
        other for other in range(index + 1, len(lines)) if lines[other].depth <= lines[index].depth
    )
    return next(following, len(lines))


def _wrong_total(place: str, stated: Fraction, total: Fraction) -> FormIssue:
    numbers = {"stated": decimal_text(stated), "sum": decimal_text(total)}
    return FormIssue.of("form_wrong_total", place, **numbers)


def _name_kind(columns: Mapping[ColumnKind, int]) -> ColumnKind:
    return ColumnKind.INDICATOR if ColumnKind.INDICATOR in columns else ColumnKind.CRITERION


def _texts(cells: Cells) -> dict[int, str]:
    texts = {
        column: without_brackets(_text(cell.value))
        for column, cell in cells.items()
        if cell is not UNCACHED
    }
    return {column: text for column, text in texts.items() if text}


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else normalize_text(str(value))


def _is_numbering(texts: Sequence[str]) -> bool:
    """Return whether a row below the header numbers the columns: `(1) (2) (3)`."""
    marks = [text.strip("()") for text in texts if text]
    return len(marks) > 2 and marks == [str(n) for n in range(1, len(marks) + 1)]


def _with_depths(lines: Sequence[FormLine]) -> Iterator[FormLine]:
    """Yield lines with their depth, derived from their numbers where columns do not give it."""
    if all(line.depth >= 0 for line in lines):
        yield from lines
        return
    ranks = [_rank(line) for line in lines]
    open_ranks: list[int] = []
    for line, rank in zip(lines, ranks, strict=True):
        while open_ranks and open_ranks[-1] >= rank:
            open_ranks.pop()
        yield evolve(line, depth=len(open_ranks))
        open_ranks.append(rank)


_SMALL_LETTERS, _LEAF = 8, 9


def _rank(line: FormLine) -> int:
    """Return the rank of a line by its number; without a number, by whether it has points."""
    if _ROMAN.fullmatch(line.number) or _CAPITAL.fullmatch(line.number):
        return 0
    if _SMALL.fullmatch(line.number):
        return _SMALL_LETTERS
    if line.number:
        return 1 + line.number.count(".")
    return _LEAF if line.points is not None else 0


_NO_FORM = Text(
    vi="Không tìm thấy biểu điểm: trong {rows} dòng đầu cần một dòng tiêu đề có cột 'Điểm tối đa' "
    "và cột 'Tiêu chí' hoặc 'Chỉ số'.",
    en="Found no scoring form: the first {rows} rows must contain a header with a column 'Maximum "
    "points' and a column 'Criterion' or 'Indicator'.",
).format(rows=_HEADER_ROWS)
_NO_SHEET = Text(
    vi="Tệp không có trang tính với tên đã nêu; vui lòng kiểm tra tên trang tính.",
    en="The workbook has no sheet with this name; check the sheet name.",
)
