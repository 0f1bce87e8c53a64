"""Tables of counts, or of subjects with their verdicts, read into one tally per area and title.

A subject is added to its tally and not stored, so memory grows with areas and titles, not with
rows; only ids are kept, as each may occur once for its title. An invalid row is never summed: it
is listed in `faults`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from attrs import evolve, frozen

from xhht.domain.areas import AreaTree
from xhht.domain.concordance import Concordance
from xhht.domain.titles import Title
from xhht.errors import TableError
from xhht.evaluation.facts import unknown_columns
from xhht.issues import RowIssueCode
from xhht.numbers import MAX_DIGITS, Convention
from xhht.rollup.counts import Count, Counts
from xhht.rollup.reports import Reports
from xhht.rollup.tally import Points, Tally, TallySum
from xhht.rollup.tree import AreaTitle
from xhht.tables.reader import AREA_NAME, POINTS, AreaResolver, CellError, RowCells, RowReader
from xhht.tables.table import Row, TableFormat
from xhht.text import Text

__all__ = ["COUNTS", "NAME", "REPORT_COLUMNS", "VERDICT", "read_reports"]

VERDICT = "verdict"
_COUNTS = tuple(Count)
_COUNT_COLUMNS = tuple(count.value for count in Count)
_RESULT_COLUMNS = (VERDICT, "level", "points_certain", "points_possible", "profile")
_ID = "id"
_SUBJECT_COLUMNS = (*_RESULT_COLUMNS, _ID)
NAME = "name"
"""The column with the name of the area in a table of counts."""

REPORT_COLUMNS = ("area", AREA_NAME, NAME, "title", *_COUNT_COLUMNS, *_SUBJECT_COLUMNS)
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
    has one row per area and title.

    The column `area` has the code or the name of an area, and `area_name` (in a table of counts
    also `name`) may hold the name beside its code: a row where both disagree is invalid.

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
    reader = _Reader(row_reader, areas, times or {})
    read = reader.read_subject if by_subject else reader.read_counts
    for row in rows:
        if row.error is None:
            read(row, RowCells(row, row_reader))
        else:
            row_reader.report(row.number, row.code, row.column, row.error)
    meant = ("area", "title", *(_SUBJECT_COLUMNS if by_subject else _COUNT_COLUMNS))
    unknown = unknown_columns(columns, (*meant, *beside), meant)
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

    def __init__(self, reader: RowReader, areas: AreaResolver, times: Mapping[int, int]) -> None:
        self._reader, self._areas = reader, areas
        self._times = times
        self._rows: dict[AreaTitle, int] = {}
        self._repeated: set[AreaTitle] = set()
        self._tallies: dict[AreaTitle, Tally] = {}
        self._sums: dict[AreaTitle, TallySum] = {}
        self._ids: dict[tuple[Title, str], _FirstOccurrence] = {}
        # Subjects with equal cells share one tally, read once: no more entries than the histogram.
        self._subjects: dict[tuple[str, ...], Tally] = {}

    def reports(self, by_subject: bool, warnings: list[Text]) -> Reports:
        tallies = {**self._tallies, **{key: s.tally() for key, s in self._sums.items()}}
        seen = {title for title in self._reader.titles.values() if isinstance(title, Title)}
        return Reports(
            tallies={key: t for key, t in tallies.items() if key not in self._repeated},
            rows=self._rows,
            titles=tuple(title for title in Title if title in seen),
            by_subject=by_subject,
            faults=self._reader.sorted_issues(),
            warnings=(*warnings, *self._areas.warnings()),
        )

    def read_counts(self, row: Row, cells: RowCells) -> None:
        key, counts = self._key(row, cells), self._counts(row, cells)
        if key is None:
            return
        if key in self._rows:
            self._report_duplicate(key, row)
            return
        self._rows[key] = row.number
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
        first = self._ids.setdefault((key[1], name), _FirstOccurrence(row.number, key, subject))
        if first.row == row.number:
            return False
        if not first.is_repeated:
            self._ids[key[1], name] = evolve(first, is_repeated=True)
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
        title: Title | Text | None = self._reader.titles.get(row.cells["title"])
        if not isinstance(title, Title):
            title = self._reader.attempt(row, cells.title)
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
    vi="Khu vực và danh hiệu bị trùng với dòng {row}; không dòng nào được cộng, hãy giữ một dòng.",
    en="Duplicate area and title, also in row {row}; neither row is added. Keep one of them.",
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
