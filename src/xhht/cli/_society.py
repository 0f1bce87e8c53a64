"""Reads the files of a society: tables of subjects, counts and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from xhht.campaign.decision_table import DecisionTable, read_decisions
from xhht.campaign.findings import Rejected
from xhht.campaign.run import Run
from xhht.campaign.sent_counts import sent_counts
from xhht.campaign.society import Record, Society
from xhht.campaign.subject_table import ReadTable, SubjectTables, fault_of_row
from xhht.cli._common import counted, open_table, refuse
from xhht.criteria.profile import Profile
from xhht.criteria.targets import Programme
from xhht.domain.areas import AreaLevel
from xhht.errors import TableError
from xhht.exact import Convention
from xhht.rollup.area_table import AreaTable
from xhht.rollup.faults import FaultCode, FileKind, RowFault
from xhht.rollup.reports import Reports, read_reports
from xhht.rules.inputs import Input
from xhht.tabular import Table
from xhht.text import Lang, Text

__all__ = ["SocietyFiles"]

_NO_DECISIONS = DecisionTable(decisions={}, rows={}, faults=(), warnings=())
_NO_COUNTS = Reports(tallies={}, rows={}, titles=(), by_subject=False, faults=(), warnings=())


class SocietyFiles:
    """The files of a society, read as the campaign asks for them.

    Args:
        subjects: the tables of subjects, by kind.
        counts, decisions: the other tables, where they are given.
        known: the areas.
        profiles: those that subjects may go by.
        programmes: those whose targets are asked for.
        year: the year that is assessed.
        communities: the level of the communities that counts are of.
        numbers: how the tables write numbers.
        lang: the language in which to tell how far reading is.

    Raises:
        TableError: a table of counts or decisions cannot be used; names the file.
        CampaignError: counts do not fit a campaign.
        OSError: a file cannot be read.
    """

    def __init__(
        self,
        subjects: Mapping[FileKind, str],
        *,
        counts: str | None,
        decisions: str | None,
        known: AreaTable,
        profiles: Iterable[Profile],
        programmes: Iterable[Programme],
        year: int,
        communities: AreaLevel | None,
        numbers: Convention,
        lang: Lang,
    ) -> None:
        self._subjects, self._lang = subjects, lang
        self._decided, self._counts = _NO_DECISIONS, _NO_COUNTS
        if decisions is not None:
            with _named_table(decisions) as table:
                self._decided = read_decisions(
                    table.columns,
                    counted(table, lang),
                    known.tree,
                    year=year,
                    left_out=known.left_out,
                )
        if counts is not None:
            with _named_table(counts) as table:
                self._counts = read_reports(
                    table.columns,
                    counted(table, lang),
                    known.tree,
                    numbers=numbers,
                    left_out=known.left_out,
                )
        self._sent = sent_counts(self._counts, communities=communities)
        self._tables = SubjectTables(
            known.tree,
            profiles,
            answers=_answers(programmes, lang),
            decisions=self._decided.decisions,
            numbers=numbers,
            left_out=known.left_out,
        )

    @property
    def has_decisions(self) -> bool:
        """Whether some decision counts."""
        return bool(self._decided.decisions)

    @property
    def society(self) -> Society:
        """What the campaign is told; records are read when they are asked for, once."""
        return Society(
            records=self._records(), reports=self._sent.reports, totals=self._sent.totals
        )

    @property
    def warnings(self) -> tuple[Text, ...]:
        """What was read otherwise than written, and what has no meaning."""
        return (*self._tables.warnings, *self._counts.warnings, *self._decided.warnings)

    def faults(self, run: Run) -> list[RowFault]:
        """Return everything wrong with rows, by table and row."""
        found = [
            *self._tables.faults,
            *self._counts.faults,
            *self._decided.faults,
            *map(self._fault, run.rejected),
            *self._about_nobody(),
        ]
        files = list(FileKind)
        return sorted(found, key=lambda fault: (files.index(fault.file), fault.row))

    def read(self, run: Run) -> tuple[ReadTable, ...]:
        """Return what became of the rows of each table of subjects."""
        return self._tables.read(run.rejected)

    def _records(self) -> Iterator[Record]:
        for file, path in self._subjects.items():
            with _named_table(path) as table:
                yield from self._tables.records(file, table.columns, counted(table, self._lang))

    def _fault(self, rejected: Rejected) -> RowFault:
        """Return what the campaign could not use as a fault of the row it came from."""
        row = self._counts.rows.get((rejected.id, rejected.title), 0)
        return fault_of_row(rejected) or RowFault(
            row=row, code=rejected.code, field=rejected.field, text=rejected.text
        )

    def _about_nobody(self) -> Iterator[RowFault]:
        for key in self._tables.undecided:
            yield RowFault(
                row=self._decided.rows[key],
                code=FaultCode.UNKNOWN_SUBJECT,
                field="id",
                text=_NOBODY,
                file=FileKind.DECISIONS,
            )


@contextmanager
def _named_table(path: str) -> Iterator[Table]:
    """Open a table whose faults name its file."""
    try:
        with open_table(path) as table:
            yield table
    except TableError as error:
        raise TableError(_IN_FILE.format(file=path, fault=error.text)) from None


def _answers(programmes: Iterable[Programme], lang: Lang) -> list[Input]:
    """Return what the targets of programmes ask beside profiles, each name once."""
    found: dict[str, Input] = {}
    for programme in programmes:
        for asked in programme.targets[0].inputs if programme.targets else ():
            if found.setdefault(asked.name, asked) != asked:
                refuse(_TWO_KINDS.format(name=asked.name, programme=programme.id), lang)
    return list(found.values())


_IN_FILE = Text(vi="{file}: {fault}", en="{file}: {fault}")
_NOBODY = Text(
    vi="Không bảng nào có đối tượng này, hoặc dòng của đối tượng đã bị loại; quyết định không được "
    "tính. Hãy kiểm tra title và id.",
    en="No table has the subject, or its row was refused; the decision does not count. Check title "
    "and id.",
)
_TWO_KINDS = Text(
    vi="Hai chương trình hỏi '{name}' theo hai cách khác nhau; hãy bỏ chương trình {programme} và "
    "chạy riêng.",
    en="Two programmes ask for '{name}' in different ways; leave out {programme}, and run it by "
    "itself.",
)
