"""Reads a register of titles: the decisions of all years, of any titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from xhht.domain.people import LevelId, SubjectId
from xhht.domain.recognitions import Recognition, ValidityStart
from xhht.domain.titles import Title
from xhht.issues import FileKind, RowIssue
from xhht.tables.reader import RowCells, RowReader
from xhht.tables.table import Row, TableFormat
from xhht.text import match_key

__all__ = ["REGISTER", "RegisterTable", "read_register"]

REGISTER = TableFormat(
    file=FileKind.DECISIONS,
    required=("title", "id", "decided_on", "document", "authority"),
    optional=(
        "level",
        "for_year",
        "valid_months",
        "counted_from",
        "revoked_on",
        "revoked_by",
    ),
    filled=("title", "id", "decided_on", "document", "authority"),
    key="id",
)
"""The columns of a register of titles."""


@frozen(kw_only=True)
class RegisterTable:
    """The decisions of a register, and the errors in its rows.

    Attributes:
        decisions: in the order of rows.
        faults: in the order of rows.
    """

    decisions: tuple[Recognition, ...]
    faults: tuple[RowIssue, ...]


def read_register(
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    validity: Mapping[tuple[Title, str], int] | None = None,
) -> RegisterTable:
    """Return the decisions in a register.

    Args:
        columns: the header, with title, id, decided_on, document and authority; perhaps level,
            for_year, valid_months, counted_from (`decision` or `end_of_year`), revoked_on and
            revoked_by.
        rows: one row for each decision.
        validity: the months of validity, by title and level, of decisions that state none; others
            have no limit.

    Raises:
        TableError: columns are missing.
    """
    months = validity or {}
    reader = RowReader(REGISTER, columns)
    decisions = tuple(decision for _, decision in reader.read(rows, lambda c: _decision(c, months)))
    return RegisterTable(decisions=decisions, faults=tuple(reader.issues))


_STARTS = {match_key(start.value): start for start in ValidityStart}


def _decision(cells: RowCells, validity: Mapping[tuple[Title, str], int]) -> Recognition:
    title, level = cells.title(), cells.optional_text("level")
    default = validity.get((title, level or ""))
    has_months = cells.optional_text("valid_months") is not None
    has_start = cells.optional_text("counted_from") is not None
    return Recognition(
        title=title,
        subject=SubjectId(cells.text("id")),
        level=LevelId(level) if level else None,
        decided_on=cells.day("decided_on"),
        document=cells.text("document"),
        authority=cells.text("authority"),
        for_year=cells.optional_year("for_year"),
        valid_months=cells.count("valid_months") if has_months else default,
        counted_from=cells.choice("counted_from", _STARTS) if has_start else ValidityStart.DECISION,
        revoked_on=cells.optional_day("revoked_on"),
        revoked_by=cells.optional_text("revoked_by"),
    )
