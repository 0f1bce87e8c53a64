"""Tables of counts, or of subjects with their verdicts, read into one tally per area and title.

A subject is added to its tally and not stored, so memory grows with areas and titles, not with
rows; only ids are kept, as each may occur once for its title. An invalid row is never summed: it
is listed in `faults`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from attrs import evolve, frozen

from xhht.domain.areas import AreaTree
from xhht.domain.concordance import Concordance
from xhht.domain.titles import AreaLevel, Title
from xhht.errors import TableError
from xhht.evaluation.facts import unknown_columns
from xhht.issues import RowIssueCode, parse_count
from xhht.numbers import MAX_DIGITS, Convention, count_label
from xhht.rollup.counted import Counted, TitleKey, counted
from xhht.rollup.counts import Count, Counts
from xhht.rollup.reports import Reports
from xhht.rollup.tally import Points, Tally, TallySum
from xhht.rollup.tree import AreaTitle
from xhht.tables.reader import (
    AREA_NAME,
    LARGER_AREAS,
    POINTS,
    AreaResolver,
    CellError,
    RowCells,
    RowReader,
)
from xhht.tables.table import Row, TableFormat
from xhht.tables.words import (
    MANAGER_WORDS,
    UNIT_KIND_WORDS,
    UNKNOWN_COMMUNITY_LEVEL,
    UNKNOWN_MANAGER,
    UNKNOWN_UNIT_KIND,
    community_level_named,
    condition_named,
    title_key_named,
    title_level_named,
)
from xhht.text import Text

__all__ = ["COUNTS", "NAME", "REPORT_COLUMNS", "VERDICT", "read_reports"]

T = TypeVar("T")

VERDICT = "verdict"
_COUNTS = tuple(Count)
_COUNT_COLUMNS = tuple(count.value for count in Count)
_RESULT_COLUMNS = (VERDICT, "level", "points_certain", "points_possible", "profile")
_ID = "id"
_SUBJECT_COLUMNS = (*_RESULT_COLUMNS, _ID)
NAME = "name"
"""The column with the name of the area in a table of counts."""

_STATED = ("community_level", "managed_by", "kind", "condition")
"""The columns that say which subjects of a title are counted."""

TITLE_LEVEL = "title_level"
"""The column with the level of the title of which a row counts those recognised."""

BY_LEVEL = "recognised_by_level"
"""The column that lists how many are recognised at each level, as a roll-up writes it."""

REPORT_COLUMNS = (
    "area",
    *LARGER_AREAS,
    AREA_NAME,
    NAME,
    "title",
    *_STATED,
    TITLE_LEVEL,
    BY_LEVEL,
    *_COUNT_COLUMNS,
    *_SUBJECT_COLUMNS,
)
"""The columns that have a meaning in one kind of table or the other."""

COUNTS = TableFormat(
    required=("area", "title"),
    optional=REPORT_COLUMNS[2:],
    key="area",
    counts=_COUNT_COLUMNS,
)
"""The columns that both kinds of table must have."""


def read_reports(
    columns: Sequence[str],
    rows: Iterable[Row],
    tree: AreaTree,
    *,
    numbers: Convention = Convention.PLAIN,
    excluded: Collection[str] = (),
    times: Mapping[int, int] | None = None,
    changes: Concordance | None = None,
) -> Reports:
    """Return the tallies that a table gives for the areas of `tree`.

    A table with a column `verdict` has one row per subject; with a blank verdict only the existence
    of the subject is known. An `id` identifies one subject of its title in the whole table; if it
    occurs again, in the same area or in another, none of these rows is added. Any other table
    has one row per area and title. Rows of one
    area and title may count different subjects: `community_level` (communities of villages, of
    communes), `managed_by` and `kind` (of units) and `condition` say which; a row with
    `title_level` gives the number recognised at that level of the title.

    The column `area` has the code or the name of an area. Of a name that several areas have, the
    columns `commune`, `district` and `province` may tell which is meant. The column `area_name` (in
    a table of counts also `name`) may hold the name beside its code: a row where both disagree is
    invalid.

    Args:
        columns: the header of the table.
        rows: its rows.
        tree: the areas that may report.
        numbers: how counts and points are written.
        excluded: codes that are missing from `tree` because their own rows are invalid.
        times: how many subjects a row represents, by its number; by default one each.
        changes: the changes up to the day of the areas; with them old names are found.

    Raises:
        TableError: columns are missing, or columns of both kinds of table are present.
    """
    by_subject = _is_by_subject(columns)
    beside = (AREA_NAME,) if by_subject else (AREA_NAME, NAME)
    areas = AreaResolver(
        tree, excluded, changes=changes, beside=beside, with_parts=by_subject, times=times
    )
    row_reader = RowReader(COUNTS, columns, areas=areas, numbers=numbers)
    stated = tuple(name for name in _STATED if name in columns)
    reader = _Reader(row_reader, areas, times or {}, stated)
    read = reader.read_subject if by_subject else reader.read_counts
    for row in rows:
        if row.error is None:
            read(row, RowCells(row, row_reader))
        else:
            row_reader.report(row.number, row.code, row.column, row.error)
    meant = ("area", "title", *(_SUBJECT_COLUMNS if by_subject else _COUNT_COLUMNS))
    more = (*LARGER_AREAS, *beside, *_STATED, *(() if by_subject else (TITLE_LEVEL, BY_LEVEL)))
    unknown = unknown_columns(columns, (*meant, *more), meant)
    warnings = [] if unknown is None else [_UNKNOWN_COLUMNS.format(columns=unknown)]
    return reader.reports(by_subject, warnings)


def _is_by_subject(columns: Sequence[str]) -> bool:
    counts = [name for name in _COUNT_COLUMNS if name in columns]
    if VERDICT in columns and counts:
        raise TableError(_MIXED_KINDS.format(columns=", ".join(counts)))
    if VERDICT not in columns and not counts:
        raise TableError(_NO_KIND)
    return VERDICT in columns


@frozen
class _FirstOccurrence:
    """The first row with an id, and the tally added for it."""

    row: int
    key: AreaTitle
    subject: Tally | None
    is_repeated: bool = False


class _Reader:
    """Gathers tallies and issues row by row."""

    def __init__(
        self,
        reader: RowReader,
        areas: AreaResolver,
        times: Mapping[int, int],
        stated: tuple[str, ...],
    ) -> None:
        self._reader, self._areas = reader, areas
        self._times = times
        self._stated = stated
        self._keys: dict[tuple[str, ...], TitleKey] = {}
        self._levels = _Levels(reader)
        self._titles: set[Title] = set()
        self._alone: list[int] = []
        self._rows: dict[AreaTitle, int] = {}
        self._repeated: set[AreaTitle] = set()
        self._tallies: dict[AreaTitle, Tally] = {}
        self._sums: dict[AreaTitle, TallySum] = {}
        self._ids: dict[tuple[Title, str], _FirstOccurrence] = {}
        # Subjects with equal cells share one tally, read once: no more entries than the histogram.
        self._subjects: dict[tuple[str, ...], Tally] = {}

    def reports(self, by_subject: bool, warnings: list[Text]) -> Reports:
        tallies = {**self._tallies, **{key: s.tally() for key, s in self._sums.items()}}
        tallies = {key: t for key, t in tallies.items() if key not in self._repeated}
        tallies |= self._levels.tallies(tallies, self._rows)
        for key in self._above_whole(tallies):
            del tallies[key]
        warnings = [*warnings, *self._levels.warnings()]
        if self._alone:
            number, row = count_label(len(self._alone)), min(self._alone)
            warnings.append(_CONDITION_ALONE.format(number=number, row=row))
        return Reports(
            tallies=tallies,
            rows={**self._levels.rows, **self._rows},
            titles=tuple(title for title in Title if title in self._titles),
            by_subject=by_subject,
            faults=self._reader.sorted_issues(),
            warnings=(*warnings, *self._areas.warnings()),
        )

    def _above_whole(self, tallies: Mapping[AreaTitle, Tally]) -> list[AreaTitle]:
        """Return the rows that count more under a condition than there are; they are reported."""
        above: list[AreaTitle] = []
        for (area, title), tally in tallies.items():
            if not isinstance(title, Counted) or title.condition is None:
                continue
            subjects = tallies.get((area, title.whole))
            if subjects is None:
                self._alone.append(self._rows[area, title])
                continue
            for count in Count:
                number, limit = tally.known(count), subjects.known(count)
                if number is not None and limit is not None and number > limit:
                    text = _ABOVE_WHOLE.format(field=count.value, limit=count_label(limit))
                    row, code = self._rows[area, title], RowIssueCode.ABOVE_WHOLE
                    self._reader.report(row, code, count.value, text)
                    above.append((area, title))
                    break
        return above

    def read_counts(self, row: Row, cells: RowCells) -> None:
        key, counts = self._key(row, cells), self._counts(row, cells)
        if key is None:
            return
        if row.cells.get(TITLE_LEVEL):
            self._levels.add(key, row, counts)
            return
        if key in self._rows:
            self._report_duplicate(key, row)
            return
        self._rows[key] = row.number
        if row.cells.get(BY_LEVEL):
            self._levels.add_listed(key, row)
        if counts is not None:
            self._tallies[key] = Tally.of(counts)

    def read_subject(self, row: Row, cells: RowCells) -> None:
        key, subject = self._key(row, cells), self._subject(row, cells)
        if key is None or self._is_repeated(row, key, subject) or subject is None:
            return
        self._rows.setdefault(key, row.number)
        times = self._times.get(row.number, 1)
        self._sums.setdefault(key, TallySum()).add(subject, times)

    def _is_repeated(self, row: Row, key: AreaTitle, subject: Tally | None) -> bool:
        """Return whether the row's id occurred before; then none of its rows is counted."""
        name = row.cells.get(_ID)
        if not name:
            return False
        title = key[1].title if isinstance(key[1], Counted) else key[1]
        first = self._ids.setdefault((title, name), _FirstOccurrence(row.number, key, subject))
        if first.row == row.number:
            return False
        if not first.is_repeated:
            self._ids[title, name] = evolve(first, is_repeated=True)
            self._report_duplicate_id(first.row, other=row.number)
            if first.subject is not None:
                self._sums[first.key].add(first.subject, -1)
        self._report_duplicate_id(row.number, other=first.row)
        return True

    def _report_duplicate_id(self, row: int, *, other: int) -> None:
        text = _DUPLICATE_ID.format(row=other)
        self._reader.report(row, RowIssueCode.DUPLICATE_KEY, _ID, text)

    def _report_duplicate(self, key: AreaTitle, row: Row) -> None:
        first, code = self._rows[key], RowIssueCode.DUPLICATE_KEY
        if key not in self._repeated:
            self._repeated.add(key)
            self._reader.report(first, code, "area", _DUPLICATE.format(row=row.number))
        self._reader.report(row.number, code, "area", _DUPLICATE.format(row=first))

    def _key(self, row: Row, cells: RowCells) -> AreaTitle | None:
        area = self._reader.attempt(row, cells.area)
        stated = (row.cells["title"], *[row.cells.get(name, "") for name in self._stated])
        title = self._keys.get(stated)
        if title is None:
            title = self._reader.attempt(row, partial(_title_key, cells))
            if title is not None:
                self._keys[stated] = title
                self._titles.add(title.title if isinstance(title, Counted) else title)
        return None if area is None or title is None else (area, title)

    def _counts(self, row: Row, cells: RowCells) -> Counts | None:
        given: dict[Count, int] = {}
        before = len(self._reader.issues)
        for count in _COUNTS:
            cell = row.cells.get(count)
            if not cell:
                continue
            # Each row has several counts: the plain ones are read without a call for each.
            plain = cell.isascii() and cell.isdigit() and len(cell) <= MAX_DIGITS
            number = (
                int(cell) if plain else self._reader.attempt(row, partial(cells.count, count.value))
            )
            if number is not None:
                given[count] = number
        counts = Counts.of(given)
        for issue in counts.faults():
            self._reader.report(row.number, issue.code, issue.field, issue.text)
        return counts if len(self._reader.issues) == before else None

    def _subject(self, row: Row, cells: RowCells) -> Tally | None:
        key = tuple([row.cells.get(name, "") for name in _RESULT_COLUMNS])
        subject = self._subjects.get(key)
        if subject is None:
            subject = self._read_subject(row, cells)
            if subject is not None:
                self._subjects[key] = subject
        return subject

    def _read_subject(self, row: Row, cells: RowCells) -> Tally | None:
        before = len(self._reader.issues)
        self._reader.attempt(row, cells.verdict)
        verdict, level = row.cells[VERDICT], row.cells.get("level", "")
        if level and verdict != "recognised":
            code = RowIssueCode.LEVEL_WITHOUT_RECOGNITION
            self._reader.report(row.number, code, "level", _LEVEL_NOT_RECOGNISED)
        points = self._reader.attempt(row, partial(_points, cells))
        if len(self._reader.issues) > before:
            return None
        return Tally.of_subject(verdict or None, level=level or None, points=points)


class _Levels:
    """The rows that count those recognised at one level of a title."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader
        self._numbers: dict[AreaTitle, dict[str, int]] = {}
        self._level_rows: dict[AreaTitle, dict[str, int]] = {}
        self._broken: set[AreaTitle] = set()
        self._summed: list[AreaTitle] = []

    @property
    def rows(self) -> dict[AreaTitle, int]:
        """The first row of each area and title."""
        return {key: min(rows.values()) for key, rows in self._level_rows.items() if rows}

    def add(self, key: AreaTitle, row: Row, counts: Counts | None) -> None:
        """Add a row."""
        level = title_level_named(row.cells[TITLE_LEVEL])
        rows = self._level_rows.setdefault(key, {})
        if level in rows:
            text = _DUPLICATE_LEVEL.format(row=rows[level])
            self._reader.report(row.number, RowIssueCode.DUPLICATE_KEY, TITLE_LEVEL, text)
            if key not in self._broken:
                other = _DUPLICATE_LEVEL.format(row=row.number)
                self._reader.report(rows[level], RowIssueCode.DUPLICATE_KEY, TITLE_LEVEL, other)
            self._broken.add(key)
            return
        rows[level] = row.number
        if counts is None:
            self._broken.add(key)
        elif set(counts.given) - {Count.RECOGNISED}:
            code = RowIssueCode.LEVEL_WITHOUT_RECOGNITION
            self._reader.report(row.number, code, TITLE_LEVEL, _ONLY_RECOGNISED)
            self._broken.add(key)
        elif counts.recognised is not None:
            self._numbers.setdefault(key, {})[level] = counts.recognised

    def add_listed(self, key: AreaTitle, row: Row) -> None:
        """Add the levels that a row lists in one cell, as `good: 12; fair: 3`."""
        rows = self._level_rows.setdefault(key, {})
        for part in row.cells[BY_LEVEL].split(";"):
            word, _, number = part.rpartition(":")
            level = title_level_named(word)
            count = parse_count(number.strip(), self._reader.numbers)
            if not level or level in rows or not isinstance(count, int):
                self._reader.report(row.number, RowIssueCode.NOT_A_COUNT, BY_LEVEL, _NO_LEVELS)
                self._broken.add(key)
                return
            rows[level] = row.number
            self._numbers.setdefault(key, {})[level] = count

    def tallies(
        self, without_level: Mapping[AreaTitle, Tally], seen: Collection[AreaTitle]
    ) -> dict[AreaTitle, Tally]:
        """Return the tallies of areas and titles with levels.

        Those recognised are the sum of the levels where no row says how many they are. Where any
        row of an area and title is invalid, its levels are not counted.

        Args:
            without_level: the tallies of the rows without a level.
            seen: the areas and titles that have such a row, valid or not.
        """
        tallies: dict[AreaTitle, Tally] = {}
        for key, levels in self._numbers.items():
            if key in self._broken or (key in seen and key not in without_level):
                continue
            given = dict(without_level[key].counts().given) if key in without_level else {}
            if Count.RECOGNISED not in given:
                given[Count.RECOGNISED] = sum(levels.values())
                self._summed.append(key)
            tally = Tally.of(Counts.of(given), levels=levels)
            faults = tally.faults()
            for fault in faults[:1]:
                row = self.rows[key]
                self._reader.report(row, fault.code, TITLE_LEVEL, fault.text)
            if not faults:
                tallies[key] = tally
        return tallies

    def warnings(self) -> list[Text]:
        """Return the note on those recognised that were added up from their levels."""
        if not self._summed:
            return []
        first = min(self.rows[key] for key in self._summed)
        return [_SUM_OF_LEVELS.format(number=count_label(len(self._summed)), row=first)]


def _title_key(cells: RowCells) -> TitleKey:
    """Return what a row counts; raises CellError."""
    key: TitleKey | None = title_key_named(cells.text("title"))
    if key is None:
        key = cells.title()
    condition = cells.optional_text("condition")
    stated = {
        "communities": _community_level(cells),
        "managed_by": _optional_choice(cells, "managed_by", MANAGER_WORDS, UNKNOWN_MANAGER),
        "kind": None
        if _is_community(key)
        else _optional_choice(cells, "kind", UNIT_KIND_WORDS, UNKNOWN_UNIT_KIND),
        "condition": condition_named(condition) if condition else None,
    }
    title = key.title if isinstance(key, Counted) else key
    for name, value in stated.items():
        column = _COLUMN_OF.get(name, name)
        if value is not None and _TITLE_OF.get(name, title) is not title:
            text = _NOT_OF_TITLE.format(field=column, title=title.label)
            raise CellError(RowIssueCode.NOT_OF_TITLE, column, text)
        if isinstance(key, Counted) and getattr(key, name) is not None:
            if value not in (None, getattr(key, name)):
                text = _TITLE_SAYS.format(field=column, title=key.label)
                raise CellError(RowIssueCode.NOT_OF_TITLE, column, text)
            stated[name] = getattr(key, name)
    return counted(title, **stated)  # type: ignore[arg-type]


def _is_community(key: TitleKey) -> bool:
    return (key.title if isinstance(key, Counted) else key) is Title.LEARNING_COMMUNITY


def _community_level(cells: RowCells) -> AreaLevel | None:
    """Return the level of the communities; `kind` may state it too."""
    column = "community_level"
    word = cells.optional_text(column)
    title = cells.text("title")
    if word is None and _is_community(title_key_named(title) or Title.LEARNING_UNIT):
        column, word = "kind", cells.optional_text("kind")
    if word is None:
        return None
    level = community_level_named(word)
    if level is None:
        raise CellError(RowIssueCode.UNKNOWN_LEVEL, column, UNKNOWN_COMMUNITY_LEVEL)
    return level


def _optional_choice(
    cells: RowCells, column: str, choices: Mapping[str, T], text: Text
) -> T | None:
    return cells.choice(column, choices, text=text) if cells.optional_text(column) else None


def _points(cells: RowCells) -> Points | None:
    known = [cells.optional_text(name) is not None for name in POINTS]
    code = RowIssueCode.POINTS_RANGE
    if not any(known):
        return None
    if not known[0]:
        raise CellError(code, POINTS[0], _POINTS_INCOMPLETE)
    certain = cells.number(POINTS[0], code)
    if not known[1]:
        raise CellError(code, POINTS[1], _POINTS_INCOMPLETE)
    possible = cells.number(POINTS[1], code)
    if certain > possible:
        raise CellError(code, POINTS[0], _POINTS_CROSSED)
    return Points(cells.optional_text("profile") or "", certain, possible)


_COLUMN_OF = {"communities": "community_level"}
_TITLE_OF = {
    "communities": Title.LEARNING_COMMUNITY,
    "managed_by": Title.LEARNING_UNIT,
    "kind": Title.LEARNING_UNIT,
}
_NOT_OF_TITLE = Text(
    vi="Cột {field} không dùng cho danh hiệu {title}; hãy để trống.",
    en="The column {field} does not apply to the title {title}; leave it blank.",
)
_TITLE_SAYS = Text(
    vi="Cột {field} trái với ô danh hiệu ({title}); hãy sửa một trong hai.",
    en="The column {field} contradicts the cell of the title ({title}); correct one of them.",
)
_CONDITION_ALONE = Text(
    vi="{number} dòng có điều kiện nhưng khu vực và danh hiệu đó không có dòng nào cho tất cả đối "
    "tượng (dòng đầu tiên: {row}), nên chưa tính được tỉ lệ đạt điều kiện; hãy thêm dòng đó.",
    en="Rows with a condition whose area and title have no row for all subjects: {number} (first "
    "row: {row}). No share can be computed from them; add that row.",
)
_ABOVE_WHOLE = Text(
    vi="Số đối tượng đạt điều kiện lớn hơn số đối tượng của dòng không có điều kiện ({field}: "
    "{limit}); hãy kiểm tra lại hai dòng.",
    en="More subjects meet the condition than the row without the condition counts ({field}: "
    "{limit}); check both rows.",
)
_ONLY_RECOGNISED = Text(
    vi="Dòng của một mức độ (title_level) chỉ được có số được công nhận (recognised); hãy ghi các "
    "số khác ở dòng không có mức độ.",
    en="A row of one level (title_level) may give only the number recognised; put other counts in "
    "the row without a level.",
)
_NO_LEVELS = Text(
    vi="Không đọc được số theo mức độ, hoặc mức độ bị trùng; hãy viết như good: 12; fair: 3.",
    en="The numbers by level cannot be read, or a level occurs twice; write them like good: 12; "
    "fair: 3.",
)
_DUPLICATE_LEVEL = Text(
    vi="Khu vực, danh hiệu và mức độ bị trùng với dòng {row}; không mức độ nào được cộng, hãy giữ "
    "một dòng.",
    en="Duplicate area, title and level, also in row {row}; no level is added. Keep one of them.",
)
_SUM_OF_LEVELS = Text(
    vi="{number} khu vực và danh hiệu chỉ có số theo mức độ (dòng đầu tiên: {row}); số được công "
    "nhận là tổng các mức độ.",
    en="Areas and titles with numbers by level only: {number} (first row: {row}). The number "
    "recognised is the sum of the levels.",
)
_MIXED_KINDS = Text(
    vi="Bảng có cột verdict (mỗi dòng một đối tượng) nên không được có cột số lượng: {columns}.",
    en="A table with a column verdict has one subject per row and no count columns: {columns}.",
)
_NO_KIND = Text(
    vi="Bảng không có cột verdict, cũng không có cột số lượng nào "
    "(total, registered, assessed, recognised, undetermined).",
    en="The table has neither a column verdict nor any count column "
    "(total, registered, assessed, recognised, undetermined).",
)
_UNKNOWN_COLUMNS = Text(
    vi="Bỏ qua các cột không dùng đến: {columns}.",
    en="Unknown columns are ignored: {columns}.",
)
_DUPLICATE = Text(
    vi="Khu vực và danh hiệu bị trùng với dòng {row}; không dòng nào được cộng, hãy giữ một dòng. "
    "Nếu hai dòng đếm các đối tượng khác nhau, hãy ghi rõ ở cột community_level, managed_by, kind "
    "hoặc condition.",
    en="Duplicate area and title, also in row {row}; neither row is added. Keep one of them, or "
    "state in community_level, managed_by, kind or condition what each of them counts.",
)
_DUPLICATE_ID = Text(
    vi="Mã đối tượng (id) bị trùng với dòng {row} của cùng danh hiệu; không dòng nào được cộng. "
    "Hãy giữ một dòng; nếu là hai đối tượng khác nhau, hãy đặt mã không trùng trong cả bảng, ví dụ "
    "thêm mã khu vực vào trước.",
    en="Duplicate id for the same title, also in row {row}; neither row is added. Keep one of "
    "them; if they are two subjects, use ids that are unique in the whole table, for example with "
    "the area code as a prefix.",
)
_LEVEL_NOT_RECOGNISED = Text(
    vi="Có mức độ nhưng kết quả không phải recognised; hãy kiểm tra lại hai ô.",
    en="A level is given, but the verdict is not recognised; check both cells.",
)
_POINTS_INCOMPLETE = Text(
    vi="Thiếu một trong hai ô points_certain và points_possible.",
    en="One of points_certain and points_possible is blank.",
)
_POINTS_CROSSED = Text(
    vi="points_certain lớn hơn points_possible; hãy kiểm tra lại hai ô.",
    en="points_certain is larger than points_possible; check both cells.",
)
