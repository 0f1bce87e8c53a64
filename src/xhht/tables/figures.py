"""Published figures in tables: each row is read, checked and reconciled, never changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from xhht.domain.titles import Title
from xhht.errors import DomainError, NumberFormatError
from xhht.issues import parse_count
from xhht.numbers import Convention
from xhht.rollup.reconcile import FigureFinding, PrintedPercent, ReconciliationStatus, reconcile
from xhht.tables.table import Row, TableFormat
from xhht.text import Lang, Text, join

__all__ = [
    "FIGURES",
    "FIGURE_COLUMNS",
    "REQUIRED_COLUMNS",
    "SHORT_NAMES",
    "Figure",
    "reconcile_rows",
]

REQUIRED_COLUMNS = ("numerator", "denominator", "printed_pct")
"""The columns required for reconciliation; their cells may be blank."""

FIGURE_COLUMNS = ("place", "level", "year", "title", *REQUIRED_COLUMNS, "pct_basis")
"""The columns with a defined meaning; others are passed through."""

FIGURES = TableFormat(
    required=REQUIRED_COLUMNS,
    optional=("place", "level", "year", "title", "pct_basis", "note"),
    data=dict.fromkeys(REQUIRED_COLUMNS),
    percents=frozenset({"printed_pct"}),
)
"""The columns of a table of published figures."""

SHORT_NAMES = {
    "gia_dinh": Title.LEARNING_HOUSEHOLD,
    "dong_ho": Title.LEARNING_CLAN,
    "cong_dong": Title.LEARNING_COMMUNITY,
    "don_vi": Title.LEARNING_UNIT,
    "cdht": Title.LEARNING_CITIZEN,
}
"""Short forms of titles in published tables, in addition to those of `Title.parse`."""

RESULT_COLUMNS = ("row", "status", "implied_total", "recomputed_percent", "message")
"""The keys that reconciling adds to a row."""

_NOTE = "note"


@frozen(kw_only=True)
class Figure:
    """One row of published figures.

    Attributes:
        row: counted from 1 for the first row under the header.
        cells: the row as read.
        numerator: the count as a number; None when blank or unreadable.
        denominator: likewise.
        printed: the percentage; None when blank or unreadable.
        finding: the result of reconciling percentage and counts.
        warnings: why the finding is only approximate, if so.
    """

    row: int
    cells: Mapping[str, str]
    numerator: int | None
    denominator: int | None
    printed: PrintedPercent | None
    finding: FigureFinding
    warnings: tuple[Text, ...] = ()

    @property
    def title(self) -> Title | None:
        """The title that the figure is about, or None where the row names no known title."""
        cell = self.cells.get("title", "")
        if cell in SHORT_NAMES:
            return SHORT_NAMES[cell]
        try:
            return Title.parse(cell)
        except DomainError:
            return None

    @property
    def message(self) -> Text:
        """The message of the finding, followed by any warnings."""
        return join([self.finding.message, *self.warnings])

    def to_dict(self, lang: Lang | str = Lang.VI) -> dict[str, object]:
        """Return the row as `xhht reconcile --format json` prints it.

        The cells of other columns are included unless they have the name of a result.
        """
        other_cells = {
            name: cell
            for name, cell in self.cells.items()
            if name and name not in FIGURE_COLUMNS and name not in RESULT_COLUMNS
        }
        return {
            "row": self.row,
            **{name: self.cells.get(name) for name in FIGURE_COLUMNS},
            "numerator": self.numerator,
            "denominator": self.denominator,
            "printed_pct": self.cells["printed_pct"] or None,
            **other_cells,
            **self.finding.to_dict(lang),
            "message": self.message.get(lang),
        }


def reconcile_rows(rows: Iterable[Row], numbers: Convention = Convention.PLAIN) -> Iterator[Figure]:
    """Yield the result of reconciliation for each of `rows`.

    Args:
        rows: rows with the columns `numerator`, `denominator` and `printed_pct`.
        numbers: how the counts are written; percentages may have a comma or a point.

    >>> from xhht.tables.csv import read_csv_text
    >>> table = read_csv_text("numerator,denominator,printed_pct\\n~26,27,96.3\\n")
    >>> [(figure.row, figure.finding.status.value) for figure in reconcile_rows(table)]
    [(1, 'consistent')]
    """
    for row in rows:
        yield _figure(row, numbers)


def _figure(row: Row, numbers: Convention) -> Figure:
    problems = [row.error] if row.error else []
    counts: list[int | None] = []
    approximate = False
    for column in ("numerator", "denominator"):
        marked, text = _split_mark(row.cells[column])
        approximate = approximate or marked
        count = parse_count(text, numbers) if text else None
        if isinstance(count, tuple):
            problems.append(_IN_COLUMN.format(field=column, problem=count[1]))
            count = None
        counts.append(count)
    printed = None
    if row.cells["printed_pct"]:
        try:
            printed = PrintedPercent.parse(row.cells["printed_pct"])
        except NumberFormatError as error:
            problems.append(_IN_COLUMN.format(field="printed_pct", problem=error.text))
    numerator, denominator = counts
    if problems:
        finding = FigureFinding(status=ReconciliationStatus.INVALID, message=join(problems))
    else:
        finding = reconcile(numerator, denominator, printed)
    return Figure(
        row=row.number,
        cells=row.cells,
        numerator=numerator,
        denominator=denominator,
        printed=printed,
        finding=finding,
        warnings=tuple(_warnings(approximate, row.cells.get(_NOTE, ""))),
    )


_MARK_WORDS = (
    r"trên|hơn|khoảng|gần|xấp xỉ|ước tính|ước|over|more than|about|around|nearly|almost|"
    r"approximately|approx\.?"
)
_MARK = re.compile(rf"(?:[~≈]|(?:{_MARK_WORDS})(?=[\s0-9]))\s*", re.IGNORECASE)
_MARKED_NUMBER = re.compile(rf"(?:[~≈]|\b(?:{_MARK_WORDS}))\s*([0-9][0-9.,]*\s*%?)", re.IGNORECASE)
_MARK_ONLY = re.compile(rf"[~≈]|{_MARK_WORDS}", re.IGNORECASE)
_APPROXIMATE = re.compile(r"\bapprox|\bxấp xỉ\b|\bước tính\b", re.IGNORECASE)
_OF_A_YEAR = re.compile(r"\byear\b|\bnăm\b", re.IGNORECASE)
_CLAUSES = re.compile(r"[;()]")


def _split_mark(cell: str) -> tuple[bool, str]:
    """Return whether a mark such as `~` or `trên` precedes the number, and the number."""
    match = _MARK.match(cell)
    return (True, cell[match.end() :]) if match else (False, cell)


def _warnings(approximate: bool, note: str) -> Iterator[Text]:
    clauses = [clause.strip(" '\"“”.,") for clause in _CLAUSES.split(note)]
    if approximate or any(map(_marks_count_approximate, clauses)):
        yield _APPROXIMATE_COUNT
    if any(number.endswith("%") for clause in clauses for number in _MARKED_NUMBER.findall(clause)):
        yield _APPROXIMATE_PERCENTAGE


def _marks_count_approximate(clause: str) -> bool:
    """Return whether a clause of a note marks a count as approximate, not a year or percentage."""
    if _OF_A_YEAR.search(clause):
        return False
    numbers = _MARKED_NUMBER.findall(clause)
    if numbers:
        return not all(number.endswith("%") for number in numbers)
    return bool(_MARK_ONLY.fullmatch(clause) or _APPROXIMATE.search(clause))


_IN_COLUMN = Text(vi="Cột {field}: {problem}", en="Column {field}: {problem}")
_APPROXIMATE_COUNT = Text(
    vi="Cảnh báo: số lượng được ghi là gần đúng, nên kết quả đối chiếu chỉ để tham khảo.",
    en="Warning: the count is marked as approximate, so treat the result as indicative only.",
)
_APPROXIMATE_PERCENTAGE = Text(
    vi="Cảnh báo: tỉ lệ được ghi là gần đúng, nên kết quả đối chiếu chỉ để tham khảo.",
    en="Warning: the percentage is marked as approximate, so treat the result as indicative only.",
)
