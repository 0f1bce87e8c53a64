"""A table of candidates for commendation: valid rows are read, invalid rows are reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from functools import partial

from attrs import frozen

from xhht.domain.areas import AreaTree
from xhht.domain.concordance import Concordance
from xhht.domain.titles import Title
from xhht.evaluation.state import Verdict
from xhht.issues import FileKind, RowIssue, RowIssueCode
from xhht.numbers import Convention
from xhht.rollup.shortlist import Candidate
from xhht.tables.reader import POINTS, AreaResolver, CellError, RowCells, RowReader
from xhht.tables.table import Row, TableFormat
from xhht.text import Text

__all__ = ["CANDIDATES", "CandidateTable", "read_candidates"]

CANDIDATES = TableFormat(
    file=FileKind.CANDIDATES,
    required=("id", "area", "title", "verdict"),
    optional=("level", "years"),
    filled=("id",),
    data=dict.fromkeys(POINTS),
    key="id",
)
"""The columns of a table of candidates."""


@frozen(kw_only=True)
class CandidateTable:
    """The candidates that a table lists, and the errors in its rows."""

    candidates: tuple[Candidate, ...]
    faults: tuple[RowIssue, ...]
    warnings: tuple[Text, ...]


def read_candidates(
    columns: Sequence[str],
    rows: Iterable[Row],
    tree: AreaTree,
    *,
    title: Title | None = None,
    numbers: Convention = Convention.PLAIN,
    excluded: Collection[str] = (),
    changes: Concordance | None = None,
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
        changes: the changes up to the day of the areas; with them old names are found.

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
    areas = AreaResolver(tree, excluded, changes=changes)
    reader = RowReader(CANDIDATES, columns, areas=areas, numbers=numbers)
    rows_read = list(reader.read(rows, partial(_parse_candidate, required_title=title)))
    occurrences = Counter((candidate.title, candidate.id) for _, candidate in rows_read)
    candidates = []
    for row, candidate in rows_read:
        if occurrences[candidate.title, candidate.id] == 1:
            candidates.append(candidate)
        else:
            reader.report(row.number, RowIssueCode.DUPLICATE_KEY, "id", _DUPLICATE)
    return CandidateTable(
        candidates=tuple(candidates), faults=reader.sorted_issues(), warnings=areas.warnings()
    )


def _parse_candidate(cells: RowCells, *, required_title: Title | None) -> Candidate:
    certain, possible = _points(cells)
    return Candidate(
        id=cells.text("id"),
        area=cells.area(),
        title=_title(cells, required_title),
        outcome=cells.verdict() or Verdict.UNDETERMINED,
        level=cells.optional_text("level"),
        points_certain=certain,
        points_possible=possible,
        years=cells.years("years"),
    )


def _title(cells: RowCells, required_title: Title | None) -> Title:
    title = cells.title()
    if required_title is not None and title is not required_title:
        text = _OTHER_TITLE.format(title=required_title.label)
        raise CellError(RowIssueCode.OTHER_TITLE, "title", text)
    return title


def _points(cells: RowCells) -> tuple[Fraction | None, Fraction | None]:
    certain, possible = (
        cells.number(name, RowIssueCode.POINTS_RANGE) if cells.optional_text(name) else None
        for name in POINTS
    )
    if possible is not None and (certain is None or certain > possible):
        raise CellError(RowIssueCode.POINTS_RANGE, POINTS[0], _POINTS_CROSSED)
    return certain, possible


_DUPLICATE = Text(
    vi="Mã đối tượng (id) bị trùng ở nhiều dòng với cùng danh hiệu; không dòng nào được xét, hãy "
    "giữ một dòng.",
    en="Duplicate id for the same title; none of these rows is ranked. Keep only one of them.",
)
_OTHER_TITLE = Text(
    vi="Bộ tiêu chí dùng để xếp mức độ là của danh hiệu {title}; hãy xét danh hiệu khác riêng.",
    en="The profile used to rank levels is for the title {title}; rank other titles separately.",
)
_POINTS_CROSSED = Text(
    vi="points_certain để trống hoặc lớn hơn points_possible; hãy kiểm tra lại hai ô.",
    en="points_certain is blank or larger than points_possible; check both cells.",
)
