"""Reads the files of a society: tables of subjects, counts and decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias

from xhht.campaign.campaign import Run
from xhht.campaign.records import Record, Rejected, Society
from xhht.campaign.sent_counts import sent_counts
from xhht.criteria.profile import Profile
from xhht.criteria.targets import Programme
from xhht.domain.areas import AreaLevel
from xhht.errors import CampaignError, TableError
from xhht.issues import FileKind, RowIssue, RowIssueCode
from xhht.numbers import Convention
from xhht.rollup.reports import Reports
from xhht.rules.inputs import Input
from xhht.tables.areas import AreaTable
from xhht.tables.decisions import DECISIONS, DecisionTable, read_decisions
from xhht.tables.subjects import SubjectTables, TableSummary, row_issue
from xhht.tables.table import Table, TableFormat
from xhht.text import Text

__all__ = ["SocietyFiles", "TableOpener", "errors_name_file"]

TableOpener: TypeAlias = Callable[[str, TableFormat], AbstractContextManager[Table]]
"""Opens the table at a path, whose columns are known."""

_NO_DECISIONS = DecisionTable(decisions={}, rows={}, faults=(), warnings=())
_NO_COUNTS = Reports(tallies={}, rows={}, titles=(), by_subject=False, faults=(), warnings=())


class SocietyFiles:
    """The files of a society, read lazily by the campaign.

    Args:
        subjects: the tables of subjects, by kind.
        decisions: the table of decisions, or None.
        counts: the counts that were reported, or None.
        open_table: opens a table whose rows can be iterated once.
        area_table: the areas.
        profiles: the profiles that subjects may be evaluated under.
        programmes: the programmes whose targets are evaluated.
        year: the assessed year.
        communities: the area level of the communities in the counts.
        numbers: the number format of the tables.

    Raises:
        TableError: the table of decisions is unusable; names the file.
        CampaignError: counts do not fit a campaign, or programmes do not fit together.
        OSError: a file cannot be read.
    """

    def __init__(
        self,
        subjects: Mapping[FileKind, str],
        *,
        decisions: str | None,
        counts: Reports | None,
        open_table: TableOpener,
        area_table: AreaTable,
        profiles: Iterable[Profile],
        programmes: Iterable[Programme],
        year: int,
        communities: AreaLevel | None,
        numbers: Convention,
    ) -> None:
        self._subjects, self._open = subjects, open_table
        self._decisions, self._counts = _NO_DECISIONS, counts or _NO_COUNTS
        if decisions is not None:
            with self._open_named(decisions, DECISIONS) as table:
                self._decisions = read_decisions(
                    table.columns,
                    table,
                    area_table.tree,
                    year=year,
                    excluded_codes=area_table.excluded,
                )
        self._sent = sent_counts(self._counts, communities=communities)
        self._tables = SubjectTables(
            area_table.tree,
            profiles,
            answers=_target_inputs(programmes),
            decisions=self._decisions.decisions,
            numbers=numbers,
            excluded_codes=area_table.excluded,
            changes=area_table.changes,
        )

    @property
    def has_decisions(self) -> bool:
        """Whether there are valid decisions."""
        return bool(self._decisions.decisions)

    @property
    def society(self) -> Society:
        """The input of the campaign; its records can be iterated once."""
        return Society(
            records=self._records(), reports=self._sent.reports, totals=self._sent.totals
        )

    @property
    def warnings(self) -> tuple[Text, ...]:
        """Warnings about values read differently than written, and about unknown columns."""
        return (*self._tables.warnings, *self._counts.warnings, *self._decisions.warnings)

    def issues(self, run: Run) -> list[RowIssue]:
        """Return all row issues, by table and row."""
        issues = [
            *self._tables.faults,
            *self._counts.faults,
            *self._decisions.faults,
            *map(self._row_issue, run.rejected),
            *self._undecided_rows(),
        ]
        files = list(FileKind)
        return sorted(issues, key=lambda issue: (files.index(issue.file), issue.row))

    def read(self, run: Run) -> tuple[TableSummary, ...]:
        """Return the row statistics of each table of subjects."""
        return self._tables.read(run.rejected)

    def _records(self) -> Iterator[Record]:
        for file, path in self._subjects.items():
            with self._open_named(path, self._tables.form(file)) as table:
                yield from self._tables.records(file, table.columns, table)

    @contextmanager
    def _open_named(self, path: str, form: TableFormat) -> Iterator[Table]:
        """Open a table whose errors name its file."""
        with errors_name_file(path), self._open(path, form) as table:
            yield table

    def _row_issue(self, rejected: Rejected) -> RowIssue:
        """Return a record rejected by the campaign as an issue of its row."""
        row = self._counts.rows.get((rejected.id, rejected.title), 0)
        return row_issue(rejected) or RowIssue(
            row=row, code=rejected.code, field=rejected.field, text=rejected.text
        )

    def _undecided_rows(self) -> Iterator[RowIssue]:
        for key in self._tables.undecided:
            yield RowIssue(
                row=self._decisions.rows[key],
                code=RowIssueCode.UNKNOWN_SUBJECT,
                field="id",
                text=_UNKNOWN_SUBJECT,
                file=FileKind.DECISIONS,
            )


@contextmanager
def errors_name_file(path: str) -> Iterator[None]:
    """Name a file in the errors of its table."""
    try:
        yield
    except TableError as error:
        raise TableError(_IN_FILE.format(file=path, error=error.text)) from None


def _target_inputs(programmes: Iterable[Programme]) -> list[Input]:
    """Return the additional inputs of the targets of programmes, by unique name."""
    inputs: dict[str, Input] = {}
    for programme in programmes:
        for declared in programme.targets[0].inputs if programme.targets else ():
            if inputs.setdefault(declared.name, declared) != declared:
                text = _CONFLICTING_INPUTS.format(name=declared.name, programme=programme.id)
                raise CampaignError(text)
    return list(inputs.values())


_IN_FILE = Text(vi="{file}: {error}", en="{file}: {error}")
_UNKNOWN_SUBJECT = Text(
    vi="Không bảng nào có đối tượng này, hoặc dòng của đối tượng đã bị loại; quyết định không được "
    "tính. Hãy kiểm tra title và id.",
    en="No table contains this subject, or its row is invalid; the decision is excluded. Check "
    "title and id.",
)
_CONFLICTING_INPUTS = Text(
    vi="Hai chương trình khai báo '{name}' khác nhau; hãy bỏ chương trình {programme} và chạy "
    "riêng.",
    en="Two programmes declare '{name}' differently; omit {programme}, and run it separately.",
)
