"""Reads a table of the authorities' decisions for the year of assessment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from attrs import frozen

from xhht.campaign.records import SubjectKey
from xhht.domain.areas import AreaTree
from xhht.domain.people import LevelId, SubjectId
from xhht.domain.recognitions import Recognition
from xhht.domain.titles import Title
from xhht.issues import FileKind, RowIssue, RowIssueCode
from xhht.numbers import count_label
from xhht.tables.reader import (
    AreaResolver,
    RowCells,
    RowReader,
)
from xhht.tables.table import Row, TableFormat
from xhht.text import Text

__all__ = ["DECISIONS", "DecisionTable", "read_decisions"]

DECISIONS = TableFormat(
    file=FileKind.DECISIONS,
    required=("title", "id", "decided_on", "document", "authority"),
    optional=("level", "for_year"),
    filled=("title", "id", "decided_on", "document", "authority"),
    key="id",
)
"""The columns of a table of decisions."""


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
    faults: tuple[RowIssue, ...]
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
            warning; of duplicates for a subject none counts.
        areas: the areas, for the codes of communities.
        year: the year of assessment.
        excluded_codes: codes that are missing from `areas` because their own rows are invalid.

    Raises:
        TableError: columns are missing.
    """
    codes = AreaResolver(areas, excluded_codes)
    reader = RowReader(DECISIONS, columns, areas=codes)
    decisions: dict[SubjectKey, Recognition] = {}
    places: dict[SubjectKey, int] = {}
    of_other_years = 0
    for row, decision in reader.read(rows, _parse_decision):
        key = decision.title, decision.subject
        if decision.for_year not in (None, year):
            of_other_years += 1
        elif key in places:
            if key in decisions:
                del decisions[key]
                other = _TWICE.format(row=row.number)
                reader.report(places[key], RowIssueCode.DUPLICATE_KEY, "id", other)
            text = _TWICE.format(row=places[key])
            reader.report(row.number, RowIssueCode.DUPLICATE_KEY, "id", text)
        else:
            decisions[key], places[key] = decision, row.number
    others = _OTHER_YEARS.format(number=count_label(of_other_years), year=year)
    return DecisionTable(
        decisions=decisions,
        rows=places,
        faults=reader.sorted_issues(),
        warnings=(*((others,) if of_other_years else ()), *codes.warnings()),
    )


def _parse_decision(cells: RowCells) -> Recognition:
    title = cells.title()
    subject = cells.area("id") if title is Title.LEARNING_COMMUNITY else cells.text("id")
    decided_on = cells.day("decided_on")
    level = cells.optional_text("level")
    return Recognition(
        title=title,
        subject=SubjectId(subject),
        level=LevelId(level) if level else None,
        decided_on=decided_on,
        document=cells.text("document"),
        authority=cells.text("authority"),
        for_year=cells.optional_year("for_year"),
    )


_TWICE = Text(
    vi="Quyết định về đối tượng này bị trùng với dòng {row}; không quyết định nào được dùng. Hãy "
    "chỉ giữ một dòng.",
    en="Duplicate decision on this subject, also in row {row}; neither of them is used. Keep only "
    "one of the rows.",
)
_OTHER_YEARS = Text(
    vi="{number} quyết định thuộc năm khác {year} (cột for_year) nên không được tính.",
    en="Decisions for a year other than {year} (column for_year) are excluded: {number}.",
)
