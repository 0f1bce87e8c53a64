"""Finds the layout of a sheet by evidence, and reads the counts that it certainly tells.

The header is the block of rows whose headings say the most. A count is told by a column, a title
by a column, a row, a heading above the rows, or the sheet. Every row is used or set aside.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import define, evolve, field, frozen

from xhht.criteria.mapping_document import Confidence, HeadingMeaning
from xhht.criteria.mappings import HeadingMapping
from xhht.domain.area_names import AreaMatch, AreaNames
from xhht.domain.area_words import AREA_KINDS
from xhht.domain.titles import AreaLevel, Title
from xhht.gathering.decisions import SKIP, QuestionKind
from xhht.gathering.headings import COUNTS, Heading, read_heading, titles_named
from xhht.gathering.sheets import CellSheet, SheetCells
from xhht.tables.book import column_letter
from xhht.tables.excluded import TOTALS_LABEL, TOTALS_WORD, numbers_the_columns
from xhht.text import LabelledEnum, Text, match_key

__all__ = [
    "Aside",
    "AsideKind",
    "Ask",
    "ColumnUse",
    "SheetLayout",
    "SheetReading",
    "Value",
    "read_sheet",
]

Ask = Callable[[QuestionKind, str, Text, Sequence[str]], str | None]
"""Asks a question and returns the decision, or None if it is open."""


class SheetLayout(LabelledEnum):
    """How a sheet is laid out."""

    TITLE_ROWS = "title_rows", "mỗi dòng một danh hiệu", "one row a title"
    AREA_ROWS = "area_rows", "mỗi dòng một khu vực", "one row an area"
    PARTS = "parts", "mỗi dòng một thôn, cộng lại", "one row a village, added up"
    COUNT_ROWS = "count_rows", "mỗi dòng một loại số", "one row a count"
    SUBJECTS = "subjects", "danh sách đối tượng có đánh dấu", "a list of subjects with marks"
    NONE = "none", "không có bảng số liệu", "no table of counts"


class AsideKind(LabelledEnum):
    """Why a row is not counted."""

    ABOVE = "above", "trên bảng", "above the table"
    HEADER = "header", "tiêu đề", "header"
    NUMBERS = "numbers", "số của cột", "numbers of columns"
    TOTAL = "total", "dòng cộng", "totals row"
    GROUP = "group", "tiêu đề nhóm", "group heading"
    NOTE = "note", "ghi chú, chữ ký", "note or signature"
    UNREAD = "unread", "chưa rõ", "not clear"


@frozen
class Aside:
    """A row that is not counted, and why."""

    row: int
    kind: AsideKind


@frozen(kw_only=True)
class ColumnUse:
    """What a column was read as; `is_used` is False if it does not contribute counts."""

    letter: str
    heading: str
    means: HeadingMeaning | None
    title: Title | None
    confidence: Confidence
    is_used: bool


@frozen(kw_only=True)
class Value:
    """A count as read: `area` is None if it belongs to the area of the file."""

    area: str | None
    title: Title
    title_level: str | None
    count: HeadingMeaning
    number: int


@define(kw_only=True)
class SheetReading:
    """What was read from one sheet.

    Attributes:
        sheet: its name.
        layout: how it is laid out.
        above: the texts above the table, from which the area of the file is read.
        columns: its columns.
        used: the number of rows that were counted.
        aside: the rows that were set aside.
        rows: the number of rows that are not blank.
        values: the counts.
        withheld: areas and titles of which nothing is counted because of an open question.
        notes: what was found on the way.
        faults: what should be mended.
        totals_checked: how many sums of totals rows were compared with their parts.
    """

    sheet: str
    layout: SheetLayout = SheetLayout.NONE
    above: list[str] = field(factory=list, repr=False)
    columns: list[ColumnUse] = field(factory=list)
    used: int = 0
    aside: list[Aside] = field(factory=list)
    rows: int = 0
    values: list[Value] = field(factory=list)
    notes: list[Text] = field(factory=list)
    faults: list[Text] = field(factory=list)
    totals_checked: int = 0


@frozen
class _Header:
    top: int  # index of its first row
    bottom: int
    headings: Mapping[int, Heading]
    score: tuple[float, int, int]


_TOP = 60
_TALLEST = 4
_LABEL, _WORD = re.compile(TOTALS_LABEL), re.compile(TOTALS_WORD)
_GROUPED = re.compile(r"\d{1,3}(?:([.,  ])\d{3})(?:\1\d{3})*")
_WHOLE = re.compile(r"\d{1,15}")
_NUMBERED = re.compile(r"\(?(\d{1,2})\)?\s*(?:[=(].*)?")
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,6}))?\s*%?")
_YES = frozenset(map(match_key, ("x", "v", "✓", "✔", "√", "có", "đạt", "+", "yes", "co", "dat")))
_NO = frozenset(map(match_key, ("-", "–", "không", "chưa", "ko", "khong", "no", "0")))
_NIL = ("-", "–", "—")
_ROMAN = re.compile(r"(?:[IVX]+|[A-H])[.)]?")
_VILLAGE_WORDS = tuple(
    match_key(kind.word) + " " for kind in AREA_KINDS if kind.levels == (AreaLevel.VILLAGE,)
)


def read_sheet(
    sheet: CellSheet, file: str, mapping: HeadingMapping, names: AreaNames, ask: Ask
) -> SheetReading:
    """Return what a sheet tells.

    Args:
        sheet: the sheet.
        file: the name of the file, for entries of the mapping that are for it.
        mapping: the words of headings.
        names: the areas.
        ask: asks what is doubtful.
    """
    return _Reader(sheet, file, mapping, names, ask).read()


@define
class _Line:
    row: SheetCells
    label: str
    kind: str  # "data", "total", "group_total"
    title: Title | None = None
    area: str | None = None
    count: HeadingMeaning | None = None


class _Reader:
    def __init__(
        self, sheet: CellSheet, file: str, mapping: HeadingMapping, names: AreaNames, ask: Ask
    ) -> None:
        self._sheet, self._file, self._mapping = sheet, file, mapping
        self._names, self._ask = names, ask
        self._cache: dict[tuple[str, ...], Heading] = {}
        self._merged: dict[tuple[int, int], tuple[int, int]] = {}
        for merge in sheet.merged:
            if merge.bottom <= _TOP + _TALLEST:
                for number in range(merge.top, merge.bottom + 1):
                    for column in range(merge.left, merge.right + 1):
                        self._merged[number, column] = merge.top, merge.left
        self._by_number = {row.number: row for row in sheet.rows[: _TOP + _TALLEST]}
        self.reading = SheetReading(sheet=sheet.title, rows=len(sheet.rows))
        self.reading.notes.extend(sheet.notes)
        self.reading.faults.extend(sheet.faults)

    def read(self) -> SheetReading:
        rows, reading = self._sheet.rows, self.reading
        header = self._find_header()
        if header is None:
            reading.above = [text for row in rows[:_TOP] for text in row.texts.values()]
            reading.aside = [Aside(row.number, AsideKind.UNREAD) for row in rows]
            if any(_number(value) is not None for row in rows for value in row.values.values()):
                self._ask(QuestionKind.TABLE, "", _NO_TABLE, [SKIP])
            return reading
        reading.above = [text for row in rows[: header.top] for text in row.texts.values()]
        for row in rows[: header.top]:
            reading.aside.append(Aside(row.number, AsideKind.ABOVE))
        for row in rows[header.top : header.bottom + 1]:
            reading.aside.append(Aside(row.number, AsideKind.HEADER))
        self._read_body(header, rows[header.bottom + 1 :])
        return reading

    # The header
    def _find_header(self) -> _Header | None:
        rows = self._sheet.rows[:_TOP]
        best: _Header | None = None
        for bottom in range(len(rows)):
            if _has_numbers(rows[bottom]):
                continue
            for top in range(bottom, max(-1, bottom - _TALLEST), -1):
                if rows[bottom].number - rows[top].number != bottom - top or _has_numbers(
                    rows[top]
                ):
                    break
                header = self._header(rows, top, bottom)
                if header is not None and (best is None or header.score > best.score):
                    best = header
        return best

    def _header(self, rows: Sequence[SheetCells], top: int, bottom: int) -> _Header | None:
        block = rows[top : bottom + 1]
        headings = {}
        numbers = {row.number for row in block}
        columns = {column for row in block for column in row.texts}
        # A name that is merged downwards from above the block is a heading too.
        columns |= {
            column
            for (number, column), (first, left) in self._merged.items()
            if number in numbers and first < number and left == column
        }
        for column in sorted(columns):
            parts = self._parts(block, column)
            if parts:
                headings[column] = self._heading(parts)
        known = [
            item for item in headings.values() if item.means or (item.title and not item.unknown)
        ]
        certain = [item for item in known if item.confidence is Confidence.CERTAIN]
        named = [item for item in certain if item.title]
        is_table = any(item.is_count for item in known) or (
            any(item.means in (HeadingMeaning.TITLE, HeadingMeaning.PLACE) for item in certain)
            and (
                len(named) >= 2
                or (named and any(self._row_count(row, headings) for row in rows[bottom + 1 :][:3]))
            )
        )
        if len(known) < 2 or not is_table:
            return None
        doubtful = len(known) - len(certain)
        titled = sum(item.title is not None for item in certain)
        score = (len(certain) + doubtful / 2, titled, top - bottom)
        return _Header(top, bottom, headings, score)

    def _parts(self, block: Sequence[SheetCells], column: int) -> list[str]:
        parts: list[str] = []
        bottom = block[-1]
        for row in block:
            place = self._merged.get((row.number, column))
            if place is not None:
                above = self._by_number.get(place[0])
                text = above.texts.get(place[1], "") if above else ""
            else:
                text = row.texts.get(column, "")
                if not text and row is not bottom and column in bottom.texts:
                    text = self._from_left(row, bottom, column)
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        return parts

    def _from_left(self, row: SheetCells, bottom: SheetCells, column: int) -> str:
        """Return the group heading to the left, in a row where no cells are merged."""
        if any(number == row.number for number, _ in self._merged):
            return ""
        left = max((place for place in row.texts if place < column), default=0)
        return row.texts[left] if left in bottom.texts else ""

    def _heading(self, parts: Sequence[str]) -> Heading:
        key = tuple(parts)
        if key not in self._cache:
            self._cache[key] = read_heading(
                key, self._mapping, file=self._file, sheet=self._sheet.title
            )
        return self._cache[key]

    # The body
    def _read_body(self, header: _Header, body: Sequence[SheetCells]) -> None:
        headings = header.headings
        roles: dict[HeadingMeaning, list[int]] = {}
        for column, heading in headings.items():
            if heading.means is not None and heading.confidence is not Confidence.DOUBTFUL:
                roles.setdefault(heading.means, []).append(column)
        numeric = [c for c, h in headings.items() if h.is_count or h.means is HeadingMeaning.RATE]
        title_column = self._title_column(body, headings, roles)
        context = self._context(header)
        by_count = title_column is None and self._counts_in_rows(body, headings, numeric)
        if by_count:
            self._read_count_rows(body, headings)
            return
        columns = self._slots(headings, title_column is not None, context)
        lines = self._lines(header, body, roles, title_column, list(columns))
        data = [line for line in lines if line.kind == "data"]
        if _are_marks(data, columns, roles):
            self._read_marks(lines, columns, context)
            return
        if title_column is not None:
            has_parts = _has_parts(data, roles.get(HeadingMeaning.PLACE, ()))
            self.reading.layout = SheetLayout.PARTS if has_parts else SheetLayout.TITLE_ROWS
        self._areas_of(data, roles)
        if any(line.area for line in data):
            self.reading.layout = SheetLayout.AREA_ROWS
        elif title_column is None:
            self.reading.layout = SheetLayout.PARTS
        self._read_counts(lines, columns, headings)
        self._check_rates(lines, headings, columns)

    def _context(self, header: _Header) -> Title | None:
        """Return the title that the name of the sheet, or the lines above the table, name."""
        by_name = titles_named(self._sheet.title, self._mapping)
        lines = self.reading.above
        above = frozenset(title for text in lines for title in titles_named(text, self._mapping))
        both = by_name | above
        if len(by_name) == 1 and len(both) > 1 and len(above) == 1:
            answer = self._ask(
                QuestionKind.HEADING, "sheet", _SHEET_TITLE, [title.value for title in sorted(both)]
            )
            return Title(answer) if answer in set(Title) else None
        if len(by_name) == 1:
            return next(iter(by_name))
        return next(iter(above)) if len(above) == 1 else None

    def _title_column(
        self,
        body: Sequence[SheetCells],
        headings: Mapping[int, Heading],
        roles: Mapping[HeadingMeaning, list[int]],
    ) -> int | None:
        best, most = None, 1
        for column, heading in headings.items():
            if heading.is_count or heading.means in (HeadingMeaning.RATE, HeadingMeaning.NOTE):
                continue
            texts = [row.texts[column] for row in body[:_TOP] if column in row.texts]
            named = sum(len(titles_named(text, self._mapping)) == 1 for text in texts)
            needed = 1 if heading.means is HeadingMeaning.TITLE else 2
            if named >= max(needed, most) and 2 * named >= len(texts):
                best, most = column, named + 1
        return best

    def _counts_in_rows(
        self, body: Sequence[SheetCells], headings: Mapping[int, Heading], numeric: Sequence[int]
    ) -> bool:
        titled = [h for h in headings.values() if h.title and h.means is None and not h.unknown]
        return (
            not numeric
            and bool(titled)
            and any(self._row_count(row, headings) is not None for row in body)
        )

    def _row_count(self, row: SheetCells, headings: Mapping[int, Heading]) -> Heading | None:
        for column, text in row.texts.items():
            if column in headings and headings[column].title is not None:
                continue
            heading = self._heading((text,))
            if heading.is_count or heading.means is HeadingMeaning.RATE:
                return heading
        return None

    def _read_count_rows(self, body: Sequence[SheetCells], headings: Mapping[int, Heading]) -> None:
        reading = self.reading
        reading.layout = SheetLayout.COUNT_ROWS
        titled = {c: h for c, h in headings.items() if h.title and h.means is None}
        for column, heading in headings.items():
            reading.columns.append(_use(column, heading, heading.title, column in titled))
        seen: set[HeadingMeaning] = set()
        for row in body:
            counted = self._row_count(row, headings)
            if (
                counted is None
                or counted.means is HeadingMeaning.RATE
                or not any(column in row.values for column in titled)
            ):
                kind = AsideKind.NOTE if counted is None else AsideKind.GROUP
                if counted is None and any(_number(row.values.get(c)) is not None for c in titled):
                    kind = AsideKind.UNREAD
                    self._ask(
                        QuestionKind.ROW, str(row.number), _ROW.format(row=row.number), [SKIP]
                    )
                reading.aside.append(Aside(row.number, kind))
                continue
            means = counted.means
            if counted.confidence is not Confidence.CERTAIN or means in seen or means is None:
                about = counted.text
                self._ask(QuestionKind.HEADING, about, _HEADING.format(heading=about), ["unused"])
                reading.aside.append(Aside(row.number, AsideKind.UNREAD))
                continue
            seen.add(means)
            reading.used += 1
            for column, titled_heading in titled.items():
                if column not in row.values or titled_heading.title is None:
                    continue
                number = self._count(row, column)
                if number is not None:
                    self._add(None, titled_heading.title, None, means, number)

    # Columns
    def _slots(
        self, headings: Mapping[int, Heading], has_title_column: bool, context: Title | None
    ) -> dict[int, Heading]:
        """Return the columns with counts that may be used, with their titles."""
        strong = {h.title for h in headings.values() if h.title is not None and h.is_count}
        only = next(iter(strong)) if len(strong) == 1 else None
        years = {h.years for h in headings.values() if h.is_count and h.years}
        under: dict[str, set[Title | None]] = {}
        for heading in headings.values():
            under.setdefault(heading.text.rpartition(" / ")[2], set()).add(heading.title)
        chosen: dict[int, Heading] = {}
        copied: dict[str, None] = {}
        for column, heading in headings.items():
            if not heading.is_count:
                reading = _use(column, heading, heading.title, False)
                self.reading.columns.append(reading)
                if heading.means is None and heading.unknown:
                    self._propose(column, heading)
                continue
            title = heading.title or context
            if title is None and not has_title_column:
                title = heading.subjects_of or only
            is_certain = heading.confidence is not Confidence.DOUBTFUL
            is_certain = is_certain and (title is not None or has_title_column)
            is_certain = is_certain and len(years) < 2
            last = heading.text.rpartition(" / ")[2]
            if heading.subjects_of is not None and (
                (has_title_column and heading.title is None)
                or (title is not None and title is not heading.subjects_of)
            ):
                if has_title_column or len(under[last]) > 1:
                    copied[last] = None
                else:
                    is_certain = False
            if not is_certain:
                answered = self._decided(column, heading, title)
                if answered is None:
                    self.reading.columns.append(_use(column, heading, title, False))
                    continue
                heading = answered
                title = heading.title or title
            chosen[column] = evolve(heading, title=title)
        chosen = self._without_repeated(chosen)
        for text in copied:
            self.reading.notes.append(_COPIED.format(heading=text))
        for column, heading in chosen.items():
            self.reading.columns.append(_use(column, heading, heading.title, True))
        return chosen

    def _propose(self, column: int, heading: Heading) -> None:
        has_numbers = sum(_number(row.values.get(column)) is not None for row in self._sheet.rows)
        if has_numbers:
            self.reading.notes.append(
                _UNUSED.format(heading=heading.text, column=column_letter(column))
            )

    def _decided(self, column: int, heading: Heading, title: Title | None) -> Heading | None:
        likely = heading.means.value if heading.means else ""
        named = [f"{likely} {title.value}"] if title else [f"{likely} {t.value}" for t in Title]
        about = f"{column_letter(column)}: {heading.text}"
        answer = self._ask(
            QuestionKind.HEADING, about, _HEADING.format(heading=about), [*named, "unused"]
        )
        means, _, titled = (answer or "").partition(" ")
        if means not in {count.value for count in COUNTS}:
            return None
        known = Title(titled) if titled in set(Title) else title
        if known is None:
            return None
        return evolve(
            heading, means=HeadingMeaning(means), title=known, confidence=Confidence.CERTAIN
        )

    def _without_repeated(self, chosen: dict[int, Heading]) -> dict[int, Heading]:
        """Return the columns, of those with one meaning only the one that is decided on."""
        by_slot: dict[object, list[int]] = {}
        for column, heading in chosen.items():
            slot = heading.title, heading.title_level, heading.means
            by_slot.setdefault(slot, []).append(column)
        for columns in by_slot.values():
            if len(columns) < 2:
                continue
            texts = [f"{column_letter(c)}: {chosen[c].text}" for c in columns]
            answer = self._ask(
                QuestionKind.HEADING,
                " | ".join(texts),
                _TWO_COLUMNS.format(headings="; ".join(texts)),
                [column_letter(c) for c in columns],
            )
            for column in columns:
                if column_letter(column) != answer:
                    heading = chosen.pop(column)
                    self.reading.columns.append(_use(column, heading, heading.title, False))
        return chosen

    # Rows
    def _lines(
        self,
        header: _Header,
        body: Sequence[SheetCells],
        roles: Mapping[HeadingMeaning, list[int]],
        title_column: int | None,
        columns: Sequence[int],
    ) -> list[_Line]:
        reading, lines = self.reading, []
        ordinal = next(iter(roles.get(HeadingMeaning.ORDINAL, ())), None)
        bottom = self._sheet.rows[header.bottom].texts
        counts = [c for c, h in header.headings.items() if h.is_count]
        others = [c for c in header.headings if c not in counts] or [1]
        numbers = [_number(row.values.get(ordinal)) for row in body] if ordinal else []
        is_numbered = sum(number is not None for number in numbers) >= 2
        section: Title | None = None
        head = 0
        for index, row in enumerate(body):
            if _is_repeated(row.texts, bottom):
                reading.aside.append(Aside(row.number, AsideKind.HEADER))
                head = index + 1
                continue
            if index < head + 2 and _numbers_columns(row):
                reading.aside.append(Aside(row.number, AsideKind.NUMBERS))
                continue
            label = self._label(row, others, title_column, roles)
            given = any(column in row.values for column in counts)
            number = row.texts.get(ordinal, "") if ordinal else ""
            has_number = bool(_WHOLE.fullmatch(number.rstrip(".)")))
            titles = titles_named(label, self._mapping)
            if not given:
                if title_column is None and len(titles) == 1 and not has_number:
                    section = next(iter(titles))
                    reading.aside.append(Aside(row.number, AsideKind.GROUP))
                elif has_number and label and len(row.texts) > 1:
                    lines.append(_Line(row, label, "data", section))
                else:
                    reading.aside.append(Aside(row.number, AsideKind.NOTE))
                continue
            if not any(
                _number(row.values[c]) is not None or _mark(row.texts[c]) is not None
                for c in counts
                if c in row.texts
            ) and not (label and (has_number or _LABEL.match(label) or _is_named(row, roles))):
                reading.aside.append(Aside(row.number, AsideKind.NOTE))
                continue
            is_total = bool(_LABEL.match(label) or (_WORD.match(label) and not has_number))
            is_total = is_total and not titles  # Cộng đồng học tập
            kind = "total" if is_total else "data"
            if kind == "data" and is_numbered and _ROMAN.fullmatch(number):
                kind = "group_total"
            title = section
            if title_column is not None and kind == "data":
                named = titles_named(row.texts.get(title_column, ""), self._mapping)
                if len(named) != 1:
                    self._ask(
                        QuestionKind.ROW, str(row.number), _ROW.format(row=row.number), [SKIP]
                    )
                    reading.aside.append(Aside(row.number, AsideKind.UNREAD))
                    continue
                title = next(iter(named))
            if kind == "data" and not label and not has_number:
                kind = "unnamed"
            lines.append(_Line(row, label, kind, title))
        return lines

    def _label(
        self,
        row: SheetCells,
        others: Sequence[int],
        title_column: int | None,
        roles: Mapping[HeadingMeaning, list[int]],
    ) -> str:
        texts = [row.texts[c] for c in others if c in row.texts]
        total = next(
            (
                text
                for text in texts
                if (_LABEL.match(text) or _WORD.match(text))
                and not titles_named(text, self._mapping)
            ),
            None,
        )
        if total is not None:
            return total
        preferred = [
            *([title_column] if title_column is not None else ()),
            *roles.get(HeadingMeaning.PLACE, ()),
            *roles.get(HeadingMeaning.SUBJECT, ()),
        ]
        for column in preferred:
            if column in row.texts:
                return row.texts[column]
        return next((text for text in texts if not _WHOLE.fullmatch(text)), "")

    def _areas_of(self, data: Sequence[_Line], roles: Mapping[HeadingMeaning, list[int]]) -> None:
        """Find the areas of rows that each name one."""
        places = roles.get(HeadingMeaning.PLACE, []) + roles.get(HeadingMeaning.CODE, [])
        matches: list[tuple[_Line, Any]] = []
        for line in data:
            for column in places:
                text = line.row.texts.get(column, "")
                if not text or match_key(text).startswith(_VILLAGE_WORDS):
                    continue
                matches.append((line, self._names.find(text)))
                break
        named = [match for _, match in matches if isinstance(match, AreaMatch)]
        if not named or 2 * len(named) < len(data):
            return
        for line, match in matches:
            if isinstance(match, AreaMatch):
                line.area = match.area.code
                if not match.is_as_written:
                    self.reading.notes.append(match.said)
            else:
                answer = self._ask(
                    QuestionKind.AREA,
                    str(line.row.number),
                    _ROW_AREA.format(row=line.row.number, question=match.message),
                    [area.code for area in match.candidates],
                )
                line.area = answer
                line.kind = line.kind if answer else "unread"
        for line in data:
            if line.area is None and line.kind == "data":
                line.kind = "unread"
                self._ask(
                    QuestionKind.ROW,
                    str(line.row.number),
                    _ROW.format(row=line.row.number),
                    [SKIP],
                )

    # Numbers
    def _count(self, row: SheetCells, column: int) -> int | None:
        value = row.values.get(column)
        number = _number(value)
        if number is None:
            cell = f"{column_letter(column)}{row.number}"
            candidates = [str(round(value * 1000))] if isinstance(value, float) else []
            answer = self._ask(
                QuestionKind.NUMBER, cell, _NOT_A_NUMBER.format(cell=cell), candidates
            )
            number = int(answer) if answer and _WHOLE.fullmatch(answer) else None
        return number

    def _add(
        self, area: str | None, title: Title, level: str | None, count: HeadingMeaning, number: int
    ) -> None:
        self.reading.values.append(
            Value(area=area, title=title, title_level=level, count=count, number=number)
        )

    def _read_counts(
        self, lines: list[_Line], columns: Mapping[int, Heading], headings: Mapping[int, Heading]
    ) -> None:
        reading = self.reading
        numbers: dict[tuple[int, int], int] = {}
        unread: set[tuple[Title | None, int]] = set()
        for line in lines:
            given = [column for column in columns if column in line.row.values]
            if line.kind in ("total", "group_total"):
                readable = [c for c in given if _number(line.row.values[c]) is not None]
                if len(readable) < len(given):
                    reading.faults.append(_TOTAL_NOT_READ.format(row=line.row.number))
                given = readable
            for column in given:
                if line.kind != "unread":
                    number = self._count(line.row, column)
                    if number is None:
                        unread.add((line.title, column))
                    else:
                        numbers[line.row.number, column] = number
        self._set_totals_aside(lines)
        data = [line for line in lines if line.kind == "data"]
        if not data:
            totals = [line for line in lines if line.kind in ("total", "unnamed", "group_total")]
            if len(totals) == 1:
                totals[0].kind = "data"
                data = totals
                reading.aside = [a for a in reading.aside if a.row != totals[0].row.number]
                reading.notes.append(_ONLY_TOTAL.format(row=totals[0].row.number))
        reading.used += len(data)
        sections = list(dict.fromkeys(line.title for line in lines))
        for title in sections if reading.layout is SheetLayout.PARTS else [None]:
            part = (
                [x for x in lines if x.title is title]
                if reading.layout is SheetLayout.PARTS
                else lines
            )
            withheld, confirmed, only_total = self._check_totals(part, columns, numbers, unread)
            rows = [line for line in part if line.kind == "data"]
            if reading.layout is SheetLayout.PARTS:
                self._add_up(rows, title, columns, numbers, unread, withheld, confirmed, only_total)
            else:
                self._add_rows(rows, columns, numbers, withheld)

    def _add_rows(
        self,
        rows: Sequence[_Line],
        columns: Mapping[int, Heading],
        numbers: Mapping[tuple[int, int], int],
        withheld: set[int],
    ) -> None:
        for line in rows:
            for column, heading in columns.items():
                title = heading.title if line.title is None else line.title
                number = numbers.get((line.row.number, column))
                if number is None or title is None or heading.means is None:
                    continue
                if column not in withheld or self.reading.layout is SheetLayout.TITLE_ROWS:
                    self._add(line.area, title, heading.title_level, heading.means, number)

    def _add_up(
        self,
        rows: Sequence[_Line],
        section: Title | None,
        columns: Mapping[int, Heading],
        numbers: Mapping[tuple[int, int], int],
        unread: set[tuple[Title | None, int]],
        withheld: set[int],
        confirmed: set[int],
        only_total: Mapping[int, int],
    ) -> None:
        for column, heading in columns.items():
            title = heading.title if section is None else section
            if title is None or heading.means is None or column in withheld:
                continue
            if (section, column) in unread:
                continue
            given = [
                numbers[r.row.number, column] for r in rows if (r.row.number, column) in numbers
            ]
            if not given:
                if column in only_total:
                    self._add(None, title, heading.title_level, heading.means, only_total[column])
                    self.reading.notes.append(_TOTAL_WITHOUT_PARTS.format(heading=heading.text))
                else:
                    self.reading.notes.append(_ALL_BLANK.format(heading=heading.text))
                continue
            if len(given) < len(rows) and column not in confirmed:
                answer = self._ask(
                    QuestionKind.BLANK,
                    heading.text,
                    _BLANK.format(heading=heading.text, number=len(rows) - len(given)),
                    ["zero"],
                )
                if answer != "zero":
                    continue
            self._add(None, title, heading.title_level, heading.means, sum(given))

    def _set_totals_aside(self, lines: Iterable[_Line]) -> None:
        for line in lines:
            if line.kind in ("total", "group_total", "unnamed"):
                self.reading.aside.append(Aside(line.row.number, AsideKind.TOTAL))
            elif line.kind == "unread":
                self.reading.aside.append(Aside(line.row.number, AsideKind.UNREAD))

    def _check_totals(
        self,
        lines: Sequence[_Line],
        columns: Mapping[int, Heading],
        numbers: Mapping[tuple[int, int], int],
        unread: set[tuple[Title | None, int]],
    ) -> tuple[set[int], set[int], dict[int, int]]:
        """Compare totals rows with their parts.

        Returns the columns that are withheld, those whose total equals all parts, and the totals
        of columns whose parts are blank.
        """
        withheld: set[int] = set()
        confirmed: set[int] = set()
        only_total: dict[int, int] = {}
        every = [i for i, line in enumerate(lines) if line.kind == "data"]
        for index, line in enumerate(lines):
            if line.kind not in ("total", "group_total", "unnamed"):
                continue
            total = {
                c: numbers[line.row.number, c] for c in columns if (line.row.number, c) in numbers
            }
            ways = _ways(lines, index)

            def sums(places: Sequence[int], column: int) -> int:
                return sum(numbers.get((lines[i].row.number, column), 0) for i in places)

            usable = {c: n for c, n in total.items() if (line.title, c) not in unread}
            fits = [sum(sums(way, c) == n for c, n in usable.items()) for way in ways]
            if not fits:
                continue
            best = max(range(len(ways)), key=lambda place: (fits[place], -place))
            way = ways[best]
            is_all = list(way) == every
            if line.kind == "unnamed" and 2 * fits[best] < len(usable):
                self._ask(
                    QuestionKind.ROW,
                    str(line.row.number),
                    _ROW.format(row=line.row.number),
                    [SKIP],
                )
                withheld.update(columns)
                continue
            for column, number in usable.items():
                parts = [i for i in way if (lines[i].row.number, column) in numbers]
                if not parts and is_all:
                    only_total[column] = number
                    continue
                self.reading.totals_checked += 1
                if sums(way, column) == number:
                    if is_all:
                        confirmed.add(column)
                    continue
                text = _TOTAL.format(
                    row=line.row.number,
                    heading=columns[column].text,
                    total=number,
                    parts=sums(way, column),
                )
                about = f"{column_letter(column)}{line.row.number}"
                answer = self._ask(QuestionKind.TOTAL, about, text, ["parts", SKIP])
                if answer == "parts":
                    continue
                withheld.add(column)
        return withheld, confirmed, only_total

    # Marks
    def _read_marks(
        self, lines: list[_Line], columns: Mapping[int, Heading], context: Title | None
    ) -> None:
        reading = self.reading
        reading.layout = SheetLayout.SUBJECTS
        data = [line for line in lines if line.kind in ("data", "unread")]
        titles = {heading.title for heading in columns.values()} - {None}
        sums = dict.fromkeys(columns, 0)
        running = dict(sums)
        bad: set[int] = set()
        for line in lines:
            if line.kind in ("total", "group_total", "unnamed"):
                self._check_marks(line, columns, running, sums)
                running = dict.fromkeys(columns, 0)
                continue
            for column in columns:
                is_yes = _mark(line.row.texts.get(column, ""))
                if is_yes is None:
                    cell = f"{column_letter(column)}{line.row.number}"
                    answer = self._ask(
                        QuestionKind.NUMBER, cell, _NOT_A_MARK.format(cell=cell), ["x", "0"]
                    )
                    is_yes = None if answer is None else _mark(answer)
                    if is_yes is None:
                        bad.add(column)
                        continue
                sums[column] += is_yes
                running[column] += is_yes
        self._set_totals_aside(lines)
        reading.used += len(data)
        for title in sorted(filter(None, titles)):
            if not any(
                h.means is HeadingMeaning.TOTAL and h.title is title for h in columns.values()
            ):
                self._add(None, title, None, HeadingMeaning.TOTAL, len(data))
        for column, heading in columns.items():
            if column not in bad and heading.title is not None and heading.means is not None:
                self._add(None, heading.title, heading.title_level, heading.means, sums[column])

    def _check_marks(
        self,
        line: _Line,
        columns: Mapping[int, Heading],
        running: Mapping[int, int],
        sums: Mapping[int, int],
    ) -> None:
        for column in columns:
            number = _number(line.row.values.get(column))
            if number is None:
                continue
            self.reading.totals_checked += 1
            if number not in (running[column], sums[column]):
                self.reading.faults.append(
                    _TOTAL.format(
                        row=line.row.number,
                        heading=columns[column].text,
                        total=number,
                        parts=running[column] or sums[column],
                    )
                )

    # Rates
    def _check_rates(
        self,
        lines: Sequence[_Line],
        headings: Mapping[int, Heading],
        columns: Mapping[int, Heading],
    ) -> None:
        """Compare the percentages with the counts that they are computed from."""
        for column, heading in headings.items():
            if heading.means is not HeadingMeaning.RATE:
                continue
            titled = {
                h.means: c
                for c, h in columns.items()
                if (heading.title is None or h.title is heading.title) and h.title_level is None
            }
            if heading.title is None and len({h.title for h in columns.values()}) > 1:
                continue
            best: tuple[int, list[int]] | None = None
            pairs = [
                (titled[upper], titled[lower])
                for upper in (HeadingMeaning.RECOGNISED, HeadingMeaning.REGISTERED)
                for lower in COUNTS
                if upper in titled and lower in titled and lower is not upper
            ]
            for part, base in pairs:
                good, wrong = 0, []
                for line in lines:
                    rate = _rate(line.row.values.get(column))
                    over = _number(line.row.values.get(part))
                    under = _number(line.row.values.get(base))
                    if rate is None or over is None or not under:
                        continue
                    share, step = rate
                    if abs(Fraction(over, under) - share) <= step:
                        good += 1
                    else:
                        wrong.append(line.row.number)
                if best is None or good > best[0]:
                    best = good, wrong
            if best is None:
                continue
            good, wrong = best
            if wrong:
                listed = ", ".join(map(str, wrong[:10]))
                self.reading.faults.append(_RATES.format(heading=heading.text, rows=listed))
            elif good:
                self.reading.notes.append(_RATES_AGREE.format(heading=heading.text, number=good))


def _ways(lines: Sequence[_Line], index: int) -> list[list[int]]:
    """Return the rows that a totals row may be the sum of, the likeliest first."""
    data = [i for i, line in enumerate(lines) if line.kind == "data"]
    totals = [i for i, line in enumerate(lines) if line.kind != "data" and line.kind != "unread"]
    before = max((i for i in totals if i < index), default=-1)
    after = min((i for i in totals if i > index), default=len(lines))
    ways = [
        data,
        [i for i in data if before < i < index],
        [i for i in data if i < index],
        [i for i in data if index < i < after],
        [i for i in data if i > index],
    ]
    return [way for way in ways if way]


def _use(column: int, heading: Heading, title: Title | None, is_used: bool) -> ColumnUse:
    return ColumnUse(
        letter=column_letter(column),
        heading=heading.text,
        means=heading.means,
        title=title,
        confidence=heading.confidence,
        is_used=is_used,
    )


def _number(value: Any) -> int | None:
    """Return the whole number in a cell, or None."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value if value >= 0 else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and value >= 0 else None
    if isinstance(value, str):
        text = value.strip()
        if text in _NIL:
            return 0
        if _WHOLE.fullmatch(text):
            return int(text)
        if _GROUPED.fullmatch(text):
            return int(re.sub(r"\D", "", text))
    return None


def _rate(value: Any) -> tuple[Fraction, Fraction] | None:
    """Return a percentage as a share, and how much rounding may change it."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        share = Fraction(repr(value))
        return (share, Fraction(1, 10**6)) if share <= 1 else (share / 100, Fraction(1, 100))
    match = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    decimals = match[2] or ""
    share = Fraction(int(match[1] + decimals), 100 * 10 ** len(decimals))
    return share, Fraction(11, 20 * 100 * 10 ** len(decimals))


def _mark(text: str | None) -> bool | None:
    """Return whether a cell has a mark, None if it has something else."""
    key = match_key(text or "")
    if not key or key in _NO:
        return False
    return True if key in _YES or key == "1" else None


def _are_marks(
    data: Sequence[_Line], columns: Mapping[int, Heading], roles: Mapping[HeadingMeaning, list[int]]
) -> bool:
    cells = Counter(
        match_key(line.row.texts[c]) for line in data for c in columns if c in line.row.texts
    )
    if not cells:
        return False
    marked = sum(number for cell, number in cells.items() if cell in _YES)
    if 2 * marked >= cells.total():
        return True
    return HeadingMeaning.SUBJECT in roles and set(cells) <= {"0", "1", *_YES, *_NO}


def _has_numbers(row: SheetCells) -> bool:
    numbers = [value for value in row.values.values() if _number(value) is not None]
    return 2 * len(numbers) >= len(row.values)


def _numbers_columns(row: SheetCells) -> bool:
    texts = list(row.texts.values())
    if numbers_the_columns(texts):
        return True
    matches = [_NUMBERED.fullmatch(text) for text in texts]
    numbers = [int(match[1]) for match in matches if match]
    consecutive = all(b == a + 1 for a, b in itertools.pairwise(numbers))
    return len(numbers) == len(matches) >= 3 and consecutive


def _is_named(row: SheetCells, roles: Mapping[HeadingMeaning, list[int]]) -> bool:
    """Return whether a row names an area, a title or a subject, so that it is no signature."""
    named = HeadingMeaning.PLACE, HeadingMeaning.CODE, HeadingMeaning.TITLE, HeadingMeaning.SUBJECT
    return any(column in row.texts for role in named for column in roles.get(role, ()))


def _has_parts(lines: Sequence[_Line], places: Sequence[int]) -> bool:
    """Return whether rows of one title each are of several villages, which add up.

    The name of a village stands in each of its rows, or in the first one.
    """
    if not places:
        return False
    column, place = places[0], ""
    pairs: list[tuple[str, Title | None]] = []
    for line in lines:
        place = line.row.texts.get(column, place)
        pairs.append((match_key(place), line.title))
    villages = {place for place, _ in pairs}
    return len(villages) > 1 and "" not in villages and len(set(pairs)) == len(pairs)


def _is_repeated(texts: Mapping[int, str], header: Mapping[int, str]) -> bool:
    same = sum(header.get(column) == text for column, text in texts.items())
    return same >= 2 and 3 * same >= 2 * len(texts)


_NO_TABLE = Text(
    vi="Không tìm thấy bảng số liệu trong trang này; hãy ghi tiêu đề các cột vào tệp ánh xạ, hoặc "
    "trả lời skip nếu trang không có số liệu.",
    en="No table of counts was found on this sheet; put the headings of its columns into a mapping "
    "file, or answer skip if it has no counts.",
)
_SHEET_TITLE = Text(
    vi="Tên trang và dòng trên bảng nêu hai danh hiệu khác nhau; là danh hiệu nào?",
    en="The name of the sheet and a line above the table name two titles; which one is meant?",
)
_ROW = Text(
    vi="Dòng {row} có số nhưng không rõ thuộc về đâu; dòng này chưa được tính.",
    en="Row {row} has numbers, but it is not clear what they are of; it is not counted.",
)
_ROW_AREA = Text(vi="Dòng {row}: {question}", en="Row {row}: {question}")
_HEADING = Text(
    vi="Chưa chắc cột “{heading}” là số gì; cột này chưa được tính.",
    en="The meaning of column “{heading}” is not certain; it is not counted.",
)
_TWO_COLUMNS = Text(
    vi="Các cột này cùng một nghĩa: {headings}; dùng cột nào?",
    en="These columns have one meaning: {headings}; which one is to be used?",
)
_COPIED = Text(
    vi="Tiêu đề “{heading}” được ghi cho cả danh hiệu khác; được hiểu theo danh hiệu của nhóm cột "
    "hoặc của dòng.",
    en="The heading “{heading}” is written over other titles too; it is read for the title of the "
    "group of columns or of the row.",
)
_UNUSED = Text(
    vi="Cột {column} “{heading}” không được dùng.", en="Column {column} “{heading}” is not used."
)
_NOT_A_NUMBER = Text(
    vi="Ô {cell} không phải số nguyên; số này là bao nhiêu?",
    en="Cell {cell} is not a whole number; what is the number?",
)
_NOT_A_MARK = Text(
    vi="Ô {cell} không phải dấu có (x) hay không (để trống); có hay không?",
    en="Cell {cell} is neither a mark (x) nor blank; is it yes (x) or no (0)?",
)
_ONLY_TOTAL = Text(
    vi="Bảng chỉ có dòng {row}; số của dòng này được dùng.",
    en="The table has only row {row}; its numbers are used.",
)
_TOTAL_WITHOUT_PARTS = Text(
    vi="Cột “{heading}” chỉ có số ở dòng cộng; số đó được dùng.",
    en="Column “{heading}” has a number in the totals row only; it is used.",
)
_ALL_BLANK = Text(
    vi="Cột “{heading}” để trống; coi là không báo cáo.",
    en="Column “{heading}” is blank; it is read as not reported.",
)
_BLANK = Text(
    vi="Cột “{heading}” có {number} ô trống và không có dòng cộng để kiểm tra; ô trống có phải là "
    "0 không?",
    en="Column “{heading}” has blank cells ({number}) and no totals row to check; are they 0?",
)
_TOTAL_NOT_READ = Text(
    vi="Dòng cộng {row} có ô không đọc được số (công thức chưa tính, hoặc có chữ) nên chưa kiểm "
    "được; hãy mở bằng Excel, kiểm tra và lưu lại.",
    en="Totals row {row} has cells without a readable number (formulas without a stored value, or "
    "words) and could not be checked; open it in Excel, check and save it.",
)
_TOTAL = Text(
    vi="Dòng {row}, cột “{heading}”: dòng cộng ghi {total}, tổng các dòng là {parts}.",
    en="Row {row}, column “{heading}”: the totals row has {total}, the rows add up to {parts}.",
)
_RATES = Text(
    vi="Cột “{heading}” không khớp với số lượng ở các dòng: {rows}.",
    en="Column “{heading}” does not agree with the counts in rows: {rows}.",
)
_RATES_AGREE = Text(
    vi="Cột “{heading}” khớp với số lượng ({number} dòng).",
    en="Column “{heading}” agrees with the counts (rows: {number}).",
)
