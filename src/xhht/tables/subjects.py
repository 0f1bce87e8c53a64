"""Tables of subjects: what identifies and locates them, and their untyped facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, TypedDict

from attrs import evolve, frozen

from xhht.campaign.places import HAS_MEMBERS
from xhht.campaign.records import Record, Rejected, Subject, SubjectKey, key_of
from xhht.campaign.untyped import FactColumns, UntypedFacts
from xhht.criteria.dependencies import profiles_for
from xhht.criteria.profile import Profile
from xhht.domain.areas import AreaTree
from xhht.domain.concordance import Concordance
from xhht.domain.people import (
    Citizen,
    CitizenId,
    Clan,
    ClanId,
    Community,
    Household,
    HouseholdId,
    Unit,
    UnitId,
)
from xhht.domain.recognitions import Recognition
from xhht.domain.titles import Title
from xhht.errors import FactsError
from xhht.evaluation.fact_io import fact_from_text
from xhht.evaluation.facts import to_value_set, unknown_columns
from xhht.issues import FileKind, RowIssue, parse_count
from xhht.numbers import Convention
from xhht.rules.inputs import Input, InputType
from xhht.tables.reader import AREA_NAME, LARGER_AREAS, AreaResolver, RowCells, RowReader
from xhht.tables.table import Row, TableFormat
from xhht.tables.words import (
    MANAGER_WORDS,
    UNIT_KIND_WORDS,
    UNKNOWN_MANAGER,
    UNKNOWN_UNIT_KIND,
)
from xhht.text import Text

__all__ = ["KINDS", "MEMBERS", "SubjectKind", "SubjectTables", "TableSummary", "row_issue"]


@frozen
class SubjectKind:
    """The format of a table of subjects of one title.

    Attributes:
        title: the title that they may earn.
        form: the columns that identify and locate a subject.
        place: the column that locates a subject.
        subject: creates the subject of a row; raises CellError and DomainError.
    """

    title: Title
    form: TableFormat
    place: str
    subject: Callable[[RowCells], Subject]


def _citizen(cells: RowCells) -> Citizen:
    unit = cells.optional_text("unit")
    return Citizen(
        id=CitizenId(cells.text("id")),
        household=HouseholdId(cells.text("household")),
        unit=UnitId(unit) if unit else None,
    )


def _household(cells: RowCells) -> Household:
    clan = cells.optional_text("clan")
    return Household(
        id=HouseholdId(cells.text("id")),
        village=cells.area("village"),
        clan=ClanId(clan) if clan else None,
    )


def _clan(cells: RowCells) -> Clan:
    return Clan(ClanId(cells.text("id")), cells.area("commune"))


def _unit(cells: RowCells) -> Unit:
    return Unit(
        id=UnitId(cells.text("id")),
        name=cells.optional_text("name") or cells.text("id"),
        kind=cells.choice("kind", UNIT_KIND_WORDS, text=UNKNOWN_UNIT_KIND),
        managed_by=cells.choice("managed_by", MANAGER_WORDS, text=UNKNOWN_MANAGER),
        commune=cells.area("commune"),
    )


def _community(cells: RowCells) -> Community:
    code = cells.area("area")
    return Community(code, cells.tree[code].level)


KINDS: Final[Mapping[FileKind, SubjectKind]] = {
    kind.form.file: kind
    for kind in (
        SubjectKind(
            Title.LEARNING_CITIZEN,
            TableFormat(
                file=FileKind.CITIZENS,
                required=("id", "household"),
                optional=("unit",),
                key="id",
            ),
            "household",
            _citizen,
        ),
        SubjectKind(
            Title.LEARNING_HOUSEHOLD,
            TableFormat(
                file=FileKind.HOUSEHOLDS,
                required=("id", "village"),
                optional=("clan", *LARGER_AREAS, AREA_NAME),
                key="id",
            ),
            "village",
            _household,
        ),
        SubjectKind(
            Title.LEARNING_CLAN,
            TableFormat(file=FileKind.CLANS, required=("id", "commune"), key="id"),
            "commune",
            _clan,
        ),
        SubjectKind(
            Title.LEARNING_UNIT,
            TableFormat(
                file=FileKind.UNITS,
                required=("id", "commune", "managed_by", "kind"),
                optional=("name",),
                key="id",
            ),
            "commune",
            _unit,
        ),
        SubjectKind(
            Title.LEARNING_COMMUNITY,
            TableFormat(file=FileKind.COMMUNITIES, required=("area",), key="area"),
            "area",
            _community,
        ),
    )
}
"""By which table lists them."""
MEMBERS: Final = "members."
"""The prefix of columns with a number of members, before the title of the members."""


_FILE_OF = {kind.title: file for file, kind in KINDS.items()}
_REGISTERED = Input(name="registered", kind=InputType.BOOL)


_OF_SUBJECT = {"managed_by", "kind", "level"}
"""The keys of `applies_to` that are properties of the subject itself."""


class TableSummaryDict(TypedDict):
    """The numbers of rows of a table in JSON."""

    file: str
    rows: int
    judged: int
    unknown: int
    refused: int


@frozen(kw_only=True)
class TableSummary:
    """The result of reading a table of subjects; each row is in exactly one of the numbers.

    Attributes:
        file: the kind of table.
        rows: the number of rows.
        unknown: the number of rows that count with an unknown result, because of an error.
        refused: the number of rows that do not count.
    """

    file: FileKind
    rows: int
    unknown: int
    refused: int

    @property
    def evaluated(self) -> int:
        """The number of rows that were evaluated."""
        return self.rows - self.unknown - self.refused

    def to_dict(self) -> TableSummaryDict:
        """Return the numbers of rows as JSON data."""
        return {
            "file": self.file.value,
            "rows": self.rows,
            "judged": self.evaluated,
            "unknown": self.unknown,
            "refused": self.refused,
        }


def row_issue(rejected: Rejected) -> RowIssue | None:
    """Return a rejection as a row issue, or None if it has no row."""
    if rejected.row is None:
        return None
    file = _FILE_OF[rejected.title]
    where = KINDS[file].place if rejected.field == "area" else rejected.field
    return RowIssue(
        row=rejected.row, code=rejected.code, field=where, text=rejected.text, file=file
    )


class SubjectTables:
    """Reads the tables of a society, one for each kind of subject.

    Args:
        areas: the areas.
        profiles: the possible profiles of subjects; their inputs, and the keys of their
            `applies_to`, are columns.
        answers: the inputs of targets, which are columns as well.
        decisions: the authorities' decisions, by title and id.
        numbers: the number format.
        excluded_codes: codes that are missing from `areas` because their own rows are invalid.
        changes: the changes up to the day of the areas; with them old names are found.

    Attributes:
        faults: the issues of the rows read so far, in their order.
    """

    def __init__(
        self,
        areas: AreaTree,
        profiles: Iterable[Profile],
        *,
        answers: Iterable[Input] = (),
        decisions: Mapping[SubjectKey, Recognition] | None = None,
        numbers: Convention = Convention.PLAIN,
        excluded_codes: Collection[str] = (),
        changes: Concordance | None = None,
    ) -> None:
        self._areas = AreaResolver(areas, excluded_codes, changes=changes)
        self._profiles, self._answers = tuple(profiles), tuple(answers)
        self._decisions = dict(decisions or {})
        self._numbers = numbers
        self._warnings: list[Text] = []
        self._rows: Counter[FileKind] = Counter()
        self._refused: Counter[FileKind] = Counter()
        self.faults: list[RowIssue] = []

    @property
    def warnings(self) -> tuple[Text, ...]:
        """Messages on unknown columns, and on what was changed while reading."""
        return (*self._warnings, *self._areas.warnings())

    @property
    def undecided(self) -> tuple[SubjectKey, ...]:
        """The subjects of decisions that are in no row read so far."""
        return tuple(self._decisions)

    def form(self, file: FileKind) -> TableFormat:
        """Return all columns of a table, with those that hold data of subjects."""
        kind = KINDS[file]
        data: dict[str, Input | None] = {_REGISTERED.name: _REGISTERED}
        data |= dict.fromkeys(f"{MEMBERS}{title}" for title in HAS_MEMBERS[kind.title])
        data |= {answer.name: answer for answer in self._answers}
        for profile in profiles_for(kind.title, self._profiles):
            for declared in profile.plan.inputs:
                data[declared.declared_input.name] = declared.declared_input
        own = {name: declared for name, declared in data.items() if name not in kind.form.columns}
        return evolve(kind.form, data=own)

    def records(
        self, file: FileKind, columns: Sequence[str], rows: Iterable[Row]
    ) -> Iterator[Record]:
        """Yield the record of each row that identifies and locates a subject.

        Args:
            file: which table it is: of citizens, households, clans, units or communities.
            columns: the header of the table.
            rows: its rows.

        Raises:
            TableError: columns are missing.
        """
        kind = KINDS[file]
        reader = RowReader(kind.form, columns, areas=self._areas, numbers=self._numbers)
        table_columns = self._columns(file, kind, columns)
        parse = partial(self._record, kind, table_columns)
        for row in rows:
            self._rows[file] += 1
            record = reader.parse(row, parse)
            if record is not None:
                yield record
                continue
            self._refused[file] += 1
            self.faults += reader.issues
            reader.issues.clear()

    def read(self, rejected: Iterable[Rejected]) -> tuple[TableSummary, ...]:
        """Return the row numbers of each table, given the rejections of a campaign."""
        unknown, refused = Counter[FileKind](), Counter(self._refused)
        for rejection in rejected:
            if rejection.row is not None:
                (unknown if rejection.counted else refused)[_FILE_OF[rejection.title]] += 1
        return tuple(
            TableSummary(file=file, rows=rows, unknown=unknown[file], refused=refused[file])
            for file, rows in self._rows.items()
        )

    def _columns(self, file: FileKind, kind: SubjectKind, columns: Sequence[str]) -> _Columns:
        """Return the meaning of the columns, with a warning on unknown columns."""
        profiles = profiles_for(kind.title, self._profiles)
        own = {*kind.form.columns, _REGISTERED.name}
        members = {f"{MEMBERS}{title}": title for title in HAS_MEMBERS[kind.title]}
        traits = {key for profile in profiles for key in profile.document.applies_to or {}}
        traits -= own | _OF_SUBJECT
        inputs = {name for profile in profiles for name in profile.document.inputs}
        answers = {answer.name: answer for answer in self._answers if answer.name not in own}
        known = {*own, *members, *traits, *inputs, *answers}
        unknown = unknown_columns(columns, known, known.difference(columns))
        if unknown is not None:
            self._warnings.append(_UNKNOWN_COLUMNS.format(table=file.label, columns=unknown))
        hidden = ", ".join(name for name in columns if name in own & inputs)
        if hidden:
            self._warnings.append(_HIDDEN.format(table=file.label, columns=hidden))
        facts = tuple(name for name in columns if name in inputs - own)
        return _Columns(
            members={name: title for name, title in members.items() if name in columns},
            traits=tuple(name for name in columns if name in traits),
            answers=tuple(answer for name, answer in answers.items() if name in columns),
            facts=facts,
            layout=FactColumns(facts, self._numbers),
        )

    def _record(self, kind: SubjectKind, columns: _Columns, typed: RowCells) -> Record:
        row, cells = typed.row, typed.row.cells
        subject = kind.subject(typed)
        registered, members, invalid_fact = None, None, None
        try:
            registered = _registered(cells)
            members = self._members(columns, cells)
        except FactsError as error:
            invalid_fact = error
        values = [cells[name] for name in columns.facts]
        return Record(
            subject=subject,
            registered=registered,
            decision=self._decisions.pop(key_of(subject), None) if self._decisions else None,
            members=members,
            traits={name: cells[name] for name in columns.traits if cells[name]},
            answers=self._read_answers(kind.form.file, columns, row) if columns.answers else {},
            untyped=UntypedFacts(columns.layout, tuple(values), invalid_fact),
            row=row.number,
        )

    def _members(self, columns: _Columns, cells: Mapping[str, str]) -> dict[Title, int] | None:
        members = {}
        for name, title in columns.members.items():
            if cells[name]:
                number = parse_count(cells[name], self._numbers)
                if not isinstance(number, int):
                    raise FactsError(number[1], code=number[0], field=name)
                members[title] = number
        return members or None

    def _read_answers(self, file: FileKind, columns: _Columns, row: Row) -> dict[str, object]:
        """Return the values of inputs of targets; an invalid one is reported and stays open."""
        answers: dict[str, object] = {}
        for declared in columns.answers:
            cell = row.cells[declared.name]
            if not cell:
                continue
            try:
                value = fact_from_text(declared, cell, self._numbers)
                to_value_set(declared, value)
            except FactsError as error:
                # If a profile has the input too, the evaluation of the subject reports the error.
                if declared.name not in columns.facts:
                    issue = RowIssue(
                        row=row.number,
                        code=error.code,
                        field=error.field,
                        text=error.text,
                        file=file,
                    )
                    self.faults.append(issue)
            else:
                answers[declared.name] = value
        return answers


@frozen(kw_only=True)
class _Columns:
    """The meaning of the columns of a table.

    Attributes:
        members: those with a number of members.
        traits: those that select a profile.
        answers: the inputs of targets.
        facts: the inputs of profiles.
        layout: converts the inputs of profiles.
    """

    members: Mapping[str, Title]
    traits: tuple[str, ...]
    answers: tuple[Input, ...]
    facts: tuple[str, ...]
    layout: FactColumns


def _registered(cells: Mapping[str, str]) -> bool | None:
    value = fact_from_text(_REGISTERED, cells.get(_REGISTERED.name, ""))
    return value if isinstance(value, bool) else None


_UNKNOWN_COLUMNS = Text(
    vi="{table}: bỏ qua các cột mà không bộ tiêu chí nào của danh hiệu này sử dụng: {columns}.",
    en="{table}: columns that no profile of this title uses are ignored: {columns}.",
)
_HIDDEN = Text(
    vi="{table}: các cột {columns} dùng để xác định đối tượng, nên đầu vào cùng tên của bộ tiêu "
    "chí coi như chưa biết; hãy đổi tên đầu vào.",
    en="{table}: the columns {columns} identify the subject, so inputs with the same names stay "
    "unknown; rename the inputs.",
)
