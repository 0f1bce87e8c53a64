"""A table of changes between areas: valid rows are used, invalid rows are reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import evolve, field, frozen

from xhht.domain.area_changes import AreaChange, ChangeKind
from xhht.domain.area_checks import ChangeIssue
from xhht.domain.concordance import Concordance
from xhht.domain.people import AreaCode
from xhht.issues import FileKind, RowIssue, RowIssueCode, at_row
from xhht.tables.areas import AreaTable
from xhht.tables.reader import RowCells, RowReader
from xhht.tables.table import Row, TableFormat
from xhht.text import Text, match_key

__all__ = ["CHANGES", "ChangeTable", "read_changes"]

CHANGES = TableFormat(
    file=FileKind.CHANGES,
    required=("from", "to", "effective", "kind"),
    optional=("source",),
    filled=("from", "to", "effective", "kind"),
    key="from",
)
"""The columns of a table of changes."""


@frozen(kw_only=True)
class ChangeTable:
    """The changes that a table lists, and the errors in its rows.

    Attributes:
        changes: the valid ones, in the order of rows.
        faults: in the order of rows.
        rows: the row of each change.
    """

    changes: tuple[AreaChange, ...]
    faults: tuple[RowIssue, ...]
    rows: tuple[int, ...] = field(repr=False)

    def check(self, areas: AreaTable) -> tuple[RowIssue, ...]:
        """Return inconsistencies between changes and areas, by row of either table."""
        issues = Concordance.check(self.changes, areas.tree)
        return tuple(self._row_issue(issue, areas) for issue in issues)

    def concordance(self, areas: AreaTable) -> Concordance:
        """Return the concordance of the two tables; DomainError where they are inconsistent."""
        return Concordance(self.changes, areas.tree)

    def _row_issue(self, issue: ChangeIssue, areas: AreaTable) -> RowIssue:
        if issue.index is not None:
            column = _COLUMNS.get(issue.field or "", issue.field)
            return evolve(at_row(issue, self.rows[issue.index], FileKind.CHANGES), field=column)
        area = issue.area
        row = areas.rows.get((area.code, area.valid_from), 0) if area is not None else 0
        return at_row(issue, row, FileKind.AREAS)


def read_changes(columns: Sequence[str], rows: Iterable[Row]) -> ChangeTable:
    """Return the changes that a table lists.

    Args:
        columns: the header, with from, to, effective and kind, and optionally source, the document
            that made the change.
        rows: one row per change: the code on the day before, the code from that day, the day, and
            the kind, an identifier or its Vietnamese name.

    Raises:
        TableError: columns are missing.

    >>> from xhht.tables.csv import read_csv_text
    >>> table = read_csv_text("from,to,effective,kind\\n22915,22918,2025-07-01,nhập toàn bộ\\n")
    >>> read_changes(table.columns, table).changes[0].kind.value
    'merged_whole'
    """
    reader = RowReader(CHANGES, columns, invalid=RowIssueCode.INVALID_CHANGE)
    changes = list(reader.read(rows, _parse_change))
    return ChangeTable(
        changes=tuple(change for _, change in changes),
        faults=tuple(reader.issues),
        rows=tuple(row.number for row, _ in changes),
    )


def _parse_change(cells: RowCells) -> AreaChange:
    return AreaChange(
        from_code=AreaCode(cells.text("from")),
        to_code=AreaCode(cells.text("to")),
        effective=cells.day("effective"),
        kind=cells.choice("kind", _KINDS, RowIssueCode.UNKNOWN_KIND, _UNKNOWN_KIND),
        legal_basis=cells.source(),
    )


_COLUMNS = {"from_code": "from", "to_code": "to"}
_KINDS = {match_key(name): kind for kind in ChangeKind for name in (kind.value, kind.label.vi)}
_UNKNOWN_KIND = Text(
    vi="Loại biến động không hợp lệ; hãy dùng một trong: {kinds}.",
    en="Unknown kind of change; use one of: {kinds}.",
).format(kinds=", ".join(ChangeKind))
