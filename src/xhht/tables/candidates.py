"""A table of candidates for commendation: valid rows are read, invalid rows are reported."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction

from attrs import frozen

from xhht.domain.areas import AreaTree
from xhht.domain.titles import Title
from xhht.errors import DomainError, NumberFormatError
from xhht.evaluation.result import Verdict
from xhht.issues import FaultCode, FileKind, RowFault
from xhht.numbers import Convention, parse_number
from xhht.rollup.shortlist import Candidate
from xhht.tables.reader import AreaResolver, CellError, blank_cell, require_columns
from xhht.tables.table import Row
from xhht.text import Text

__all__ = ["CANDIDATE_COLUMNS", "CandidateTable", "read_candidates"]

CANDIDATE_COLUMNS = ("id", "area", "title", "verdict")
"""The columns that a table of candidates must have; `level`, `points_certain`, `points_possible`
and `years` may follow."""


@frozen(kw_only=True)
class CandidateTable:
    """The candidates that a table lists, and the errors in its rows."""

    candidates: tuple[Candidate, ...]
    faults: tuple[RowFault, ...]
    warnings: tuple[Text, ...]


def read_candidates(
    columns: Sequence[str],
    rows: Iterable[Row],
    tree: AreaTree,
    *,
    title: Title | None = None,
    numbers: Convention = Convention.PLAIN,
    excluded: Collection[str] = (),
) -> CandidateTable:
    """Return the candidates that a table lists.

    Where an id occurs more than once for a title, all its rows are invalid.

    Args:
        columns: the header, with id, area, title and verdict.
        rows: one row per candidate; a blank verdict is undetermined; years are written like
            `2021-2023` or `2021 2023`.
        tree: the areas.
        title: the only title allowed; by default any.
        numbers: how points are written.
        excluded: codes that are missing from `tree` because their own rows are invalid.

    Raises:
        TableError: columns are missing.

    >>> from xhht.domain.areas import Area, AreaLevel
    >>> from xhht.tables.csv import read_csv_text
    >>> tree = AreaTree([Area(code="01", name="Tỉnh Mẫu", level=AreaLevel.PROVINCE)])
    >>> text = "id,area,title,verdict,years\\nu1,01,learning_unit,recognised,2021-2023\\n"
    >>> table = read_csv_text(text)
    >>> sorted(read_candidates(table.columns, table, tree).candidates[0].years)
    [2021, 2022, 2023]
    """
    require_columns(columns, CANDIDATE_COLUMNS, FileKind.CANDIDATES)
    areas = AreaResolver(tree, excluded)
    candidates: list[tuple[int, Candidate]] = []
    faults: list[RowFault] = []
    for row in rows:
        try:
            candidates.append((row.number, _candidate(row, areas, title, numbers)))
        except CellError as error:
            faults.append(_fault(row.number, error.code, error.field, error.text))
    occurrences = Counter((candidate.title, candidate.id) for _, candidate in candidates)
    duplicates = [
        number for number, candidate in candidates if occurrences[candidate.title, candidate.id] > 1
    ]
    faults += [_fault(number, FaultCode.DUPLICATE_KEY, "id", _DUPLICATE) for number in duplicates]
    return CandidateTable(
        candidates=tuple(
            candidate
            for _, candidate in candidates
            if occurrences[candidate.title, candidate.id] == 1
        ),
        faults=tuple(sorted(faults, key=lambda fault: fault.row)),
        warnings=areas.warnings(),
    )


def _candidate(
    row: Row, areas: AreaResolver, required_title: Title | None, numbers: Convention
) -> Candidate:
    if row.fault is not None:
        raise CellError(FaultCode.BROKEN_ROW, None, row.fault)
    if not row.cells["id"]:
        raise CellError(FaultCode.MISSING, "id", blank_cell("id"))
    certain, possible = _points(row, numbers)
    return Candidate(
        id=row.cells["id"],
        area=areas.code(row),
        title=_title(row, required_title),
        outcome=_verdict(row),
        level=row.cells.get("level") or None,
        points_certain=certain,
        points_possible=possible,
        years=_years(row),
    )


def _title(row: Row, required_title: Title | None) -> Title:
    if not row.cells["title"]:
        raise CellError(FaultCode.MISSING, "title", blank_cell("title"))
    try:
        title = Title.parse(row.cells["title"])
    except DomainError as error:
        raise CellError(FaultCode.UNKNOWN_TITLE, "title", error.text) from None
    if required_title is not None and title is not required_title:
        raise CellError(
            FaultCode.OTHER_TITLE, "title", _OTHER_TITLE.format(title=required_title.label)
        )
    return title


def _verdict(row: Row) -> Verdict:
    try:
        return Verdict(row.cells["verdict"] or Verdict.UNDETERMINED)
    except ValueError:
        raise CellError(FaultCode.UNKNOWN_VERDICT, "verdict", _UNKNOWN_VERDICT) from None


def _points(row: Row, numbers: Convention) -> tuple[Fraction | None, Fraction | None]:
    certain, possible = (_number(row, name, numbers) for name in _POINTS)
    if possible is not None and (certain is None or certain > possible):
        raise CellError(FaultCode.POINTS_RANGE, _POINTS[0], _POINTS_CROSSED)
    return certain, possible


def _number(row: Row, name: str, numbers: Convention) -> Fraction | None:
    cell = row.cells.get(name)
    if not cell:
        return None
    try:
        return parse_number(cell, numbers)
    except NumberFormatError as error:
        raise CellError(FaultCode.POINTS_RANGE, name, error.text) from None


def _years(row: Row) -> frozenset[int]:
    years: set[int] = set()
    for part in re.split(r"[\s,;]+", _RANGE.sub("-", row.cells.get("years", ""))):
        if not part:
            continue
        match = _YEARS.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last:
            raise CellError(FaultCode.NOT_YEARS, "years", _NOT_YEARS)
        years.update(range(first, last + 1))
    return frozenset(years)


def _fault(row: int, code: FaultCode, field: str | None, text: Text) -> RowFault:
    return RowFault(row=row, code=code, field=field, text=text, file=FileKind.CANDIDATES)


_POINTS = ("points_certain", "points_possible")
_RANGE = re.compile(r"\s*[-–]\s*")
_YEARS = re.compile(r"([12][0-9]{3})(?:-([12][0-9]{3}))?", re.ASCII)
_DUPLICATE = Text(
    vi="Mã đối tượng (id) bị trùng ở nhiều dòng với cùng danh hiệu; không dòng nào được xét, hãy "
    "giữ một dòng.",
    en="Duplicate id for the same title; none of these rows is ranked. Keep only one of them.",
)
_OTHER_TITLE = Text(
    vi="Bộ tiêu chí dùng để xếp mức độ là của danh hiệu {title}; hãy xét danh hiệu khác riêng.",
    en="The profile used to rank levels is for the title {title}; rank other titles separately.",
)
_UNKNOWN_VERDICT = Text(
    vi="Kết quả đánh giá phải là recognised, not_recognised, undetermined hoặc để trống.",
    en="The verdict must be recognised, not_recognised, undetermined, or blank.",
)
_POINTS_CROSSED = Text(
    vi="points_certain để trống hoặc lớn hơn points_possible; hãy kiểm tra lại hai ô.",
    en="points_certain is blank or larger than points_possible; check both cells.",
)
_NOT_YEARS = Text(
    vi="Năm không hợp lệ; hãy viết như 2021-2023 hoặc 2021 2023.",
    en="Invalid years; write them as 2021-2023 or 2021 2023.",
)
