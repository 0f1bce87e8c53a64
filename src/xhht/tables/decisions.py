"""Reads a table of the authorities' decisions for the year of assessment."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from attrs import frozen

from xhht.campaign.society import SubjectKey
from xhht.domain.areas import AreaTree
from xhht.domain.people import LevelId, SubjectId
from xhht.domain.recognitions import Recognition
from xhht.domain.titles import Title
from xhht.errors import DomainError
from xhht.issues import FaultCode, FileKind, RowFault
from xhht.numbers import count_label
from xhht.tables._reader import AreaResolver, CellError, blank_cell, parse_day_cell, require_columns
from xhht.tables.csv import Row
from xhht.text import Text

__all__ = ["DECISION_COLUMNS", "DecisionTable", "read_decisions"]

DECISION_COLUMNS = ("title", "id", "decided_on", "document", "authority")
"""The required columns of a table of decisions; `level` and `for_year` are optional."""

_YEAR = re.compile(r"[12][0-9]{3}")


@frozen(kw_only=True)
class DecisionTable:
    """The decisions in a table, and the errors in its rows.

    Attributes:
        decisions: by title and subject.
        rows: the row number of each.
        faults: in the order of rows.
        warnings: messages on what was excluded or changed while reading.
    """

    decisions: Mapping[SubjectKey, Recognition]
    rows: Mapping[SubjectKey, int]
    faults: tuple[RowFault, ...]
    warnings: tuple[Text, ...]


def read_decisions(
    columns: Sequence[str],
    rows: Iterable[Row],
    areas: AreaTree,
    *,
    year: int,
    excluded_codes: Collection[str] = (),
) -> DecisionTable:
    """Return the decisions in a table for a year.

    Args:
        columns: the header, with title, id (of a community: the code of its area), decided_on,
            document and authority; perhaps level, and for_year.
        rows: one row for each decision. Those for a year other than `year` are excluded with a
            warning; of duplicates for a subject the first counts.
        areas: the areas, for the codes of communities.
        year: the year of assessment.
        excluded_codes: codes that are missing from `areas` because their own rows have faults.

    Raises:
        TableError: columns are missing.
    """
    require_columns(columns, DECISION_COLUMNS, FileKind.DECISIONS)
    codes = AreaResolver(areas, excluded_codes)
    decisions: dict[SubjectKey, Recognition] = {}
    places: dict[SubjectKey, int] = {}
    faults: list[RowFault] = []
    of_other_years = 0
    for row in rows:
        try:
            decision = _decision(row, codes)
            if decision.for_year not in (None, year):
                of_other_years += 1
                continue
            key = decision.title, decision.subject
            if key in decisions:
                raise CellError(FaultCode.DUPLICATE_KEY, "id", _TWICE.format(row=places[key]))
            decisions[key], places[key] = decision, row.number
        except CellError as error:
            faults.append(_fault(row, error.code, error.field, error.text))
        except DomainError as error:
            faults.append(_fault(row, FaultCode.INVALID_SUBJECT, None, error.text))
    others = _OTHER_YEARS.format(number=count_label(of_other_years), year=year)
    return DecisionTable(
        decisions=decisions,
        rows=places,
        faults=tuple(faults),
        warnings=(*((others,) if of_other_years else ()), *codes.warnings()),
    )


def _decision(row: Row, codes: AreaResolver) -> Recognition:
    cells = row.cells
    if row.fault is not None:
        raise CellError(FaultCode.BROKEN_ROW, None, row.fault)
    blank = next((name for name in DECISION_COLUMNS if not cells[name]), None)
    if blank is not None:
        raise CellError(FaultCode.MISSING, blank, blank_cell(blank))
    title = _title(cells["title"])
    subject = codes.code(row, "id") if title is Title.LEARNING_COMMUNITY else cells["id"]
    decided_on = parse_day_cell(cells, "decided_on")
    assert decided_on is not None  # it is not blank
    level = cells.get("level")
    return Recognition(
        title=title,
        subject=SubjectId(subject),
        level=LevelId(level) if level else None,
        decided_on=decided_on,
        document=cells["document"],
        authority=cells["authority"],
        for_year=_year(cells.get("for_year", "")),
    )


def _title(cell: str) -> Title:
    try:
        return Title.parse(cell)
    except DomainError as error:
        raise CellError(FaultCode.UNKNOWN_TITLE, "title", error.text) from None


def _year(cell: str) -> int | None:
    if not cell:
        return None
    if not _YEAR.fullmatch(cell):
        raise CellError(FaultCode.NOT_YEARS, "for_year", _NOT_A_YEAR)
    return int(cell)


def _fault(row: Row, code: str, where: str | None, text: Text) -> RowFault:
    return RowFault(row=row.number, code=code, field=where, text=text, file=FileKind.DECISIONS)


_TWICE = Text(
    vi="Quyết định về đối tượng này bị trùng; quyết định ở dòng {row} được dùng. Hãy chỉ giữ một "
    "dòng.",
    en="Duplicate decision on this subject; the one in row {row} is used. Keep only one of the "
    "rows.",
)
_OTHER_YEARS = Text(
    vi="{number} quyết định thuộc năm khác {year} (cột for_year) nên không được tính.",
    en="Decisions for a year other than {year} (column for_year) are excluded: {number}.",
)
_NOT_A_YEAR = Text(
    vi="Ô for_year phải là một năm, như 2023, hoặc để trống.",
    en="The cell for_year must be a year such as 2023, or blank.",
)
