"""Reads the files of a society: tables of subjects, counts and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from xhht.campaign.findings import Rejected
from xhht.campaign.run import Run
from xhht.campaign.sent_counts import sent_counts
from xhht.campaign.society import Record, Society
from xhht.cli._common import fail, open_table, with_progress
from xhht.criteria.profile import Profile
from xhht.criteria.targets import Programme
from xhht.domain.areas import AreaLevel
from xhht.errors import TableError
from xhht.issues import FaultCode, FileKind, RowFault
from xhht.numbers import Convention
from xhht.rollup.reports import Reports
from xhht.rules.inputs import Input
from xhht.tables.areas import AreaTable
from xhht.tables.counts import read_reports
from xhht.tables.decisions import DecisionTable, read_decisions
from xhht.tables.subjects import SubjectTables, TableSummary, row_issue
from xhht.tables.table import Table
from xhht.text import Lang, Text

_NO_DECISIONS = DecisionTable(decisions={}, rows={}, faults=(), warnings=())
_NO_COUNTS = Reports(tallies={}, rows={}, titles=(), by_subject=False, faults=(), warnings=())


class SocietyFiles:
    """The files of a society, read lazily by the campaign.

    Args:
        subjects: the tables of subjects, by kind.
        counts, decisions: the other tables, or None.
        area_table: the areas.
        profiles: the profiles that subjects may be evaluated under.
        programmes: the programmes whose targets are evaluated.
        year: the assessed year.
        communities: the area level of the communities in the counts.
        numbers: the number format of the tables.
        lang: the language of progress messages.

    Raises:
        TableError: a table of counts or decisions is unusable; names the file.
        CampaignError: counts do not fit a campaign.
        OSError: a file cannot be read.
    """

    def __init__(
        self,
        subjects: Mapping[FileKind, str],
        *,
        counts: str | None,
        decisions: str | None,
        area_table: AreaTable,
        profiles: Iterable[Profile],
        programmes: Iterable[Programme],
        year: int,
        communities: AreaLevel | None,
        numbers: Convention,
        lang: Lang,
    ) -> None:
        self._subjects, self._lang = subjects, lang
        self._decisions, self._counts = _NO_DECISIONS, _NO_COUNTS
        if decisions is not None:
            with _named_table(decisions) as table:
                self._decisions = read_decisions(
                    table.columns,
                    with_progress(table, lang),
                    area_table.tree,
                    year=year,
                    excluded_codes=area_table.excluded,
                )
        if counts is not None:
            with _named_table(counts) as table:
                self._counts = read_reports(
                    table.columns,
                    with_progress(table, lang),
                    area_table.tree,
                    numbers=numbers,
                    excluded=area_table.excluded,
                )
        self._sent = sent_counts(self._counts, communities=communities)
        self._tables = SubjectTables(
            area_table.tree,
            profiles,
            answers=_target_inputs(programmes, lang),
            decisions=self._decisions.decisions,
            numbers=numbers,
            excluded_codes=area_table.excluded,
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

    def issues(self, run: Run) -> list[RowFault]:
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
            with _named_table(path) as table:
                yield from self._tables.records(
                    file, table.columns, with_progress(table, self._lang)
                )

    def _row_issue(self, rejected: Rejected) -> RowFault:
        """Return a record rejected by the campaign as an issue of its row."""
        row = self._counts.rows.get((rejected.id, rejected.title), 0)
        return row_issue(rejected) or RowFault(
            row=row, code=rejected.code, field=rejected.field, text=rejected.text
        )

    def _undecided_rows(self) -> Iterator[RowFault]:
        for key in self._tables.undecided:
            yield RowFault(
                row=self._decisions.rows[key],
                code=FaultCode.UNKNOWN_SUBJECT,
                field="id",
                text=_UNKNOWN_SUBJECT,
                file=FileKind.DECISIONS,
            )


@contextmanager
def _named_table(path: str) -> Iterator[Table]:
    """Open a table whose errors name its file."""
    try:
        with open_table(path) as table:
            yield table
    except TableError as error:
        raise TableError(_IN_FILE.format(file=path, fault=error.text)) from None


def _target_inputs(programmes: Iterable[Programme], lang: Lang) -> list[Input]:
    """Return the additional inputs of the targets of programmes, by unique name."""
    inputs: dict[str, Input] = {}
    for programme in programmes:
        for declared in programme.targets[0].inputs if programme.targets else ():
            if inputs.setdefault(declared.name, declared) != declared:
                fail(_CONFLICTING_INPUTS.format(name=declared.name, programme=programme.id), lang)
    return list(inputs.values())


_IN_FILE = Text(vi="{file}: {fault}", en="{file}: {fault}")
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
