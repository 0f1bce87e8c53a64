"""Subjects to evaluate, in a CSV table with one row per subject, or in JSON.

A table gives the same subjects, invalid rows and excluded rows as it does over columns
(`xhht.frames.scan_table`).
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from xhht._json import DuplicateKeys, read_json, read_json_lines
from xhht.criteria.kinds import check_kind, kind_columns
from xhht.criteria.profile import Profile
from xhht.criteria.standards import chain_of
from xhht.errors import FactsError, TableError
from xhht.evaluation.fact_io import fact_from_text, facts_from_json
from xhht.evaluation.facts import Waiver, to_value_set, unknown_columns, unknown_key_error
from xhht.numbers import Convention
from xhht.rules.inputs import Input, InputType
from xhht.tables.csv import CsvTable, open_csv
from xhht.tables.excluded import RowFilter, RowShape
from xhht.tables.table import Row
from xhht.text import Text, normalize_text

__all__ = [
    "ID",
    "KEYS",
    "FactTable",
    "SubjectFacts",
    "read_json_subjects",
    "subject_shape",
    "unknown_columns_warning",
]

ID = "id"
"""The column of the ids of subjects."""

KEYS: Final = (ID, "area")
"""The columns that say whose row it is; the first that a table has counts."""


@frozen
class SubjectFacts:
    """One subject to evaluate.

    Attributes:
        id: its id, or its row number, from 1.
        facts: facts by input; empty if the row is invalid.
        error: the error in the row, or None.
    """

    id: str | int = field(repr=False)
    facts: Mapping[str, object] = field(repr=False)
    error: FactsError | None = None


def read_json_subjects(
    data: bytes, profile: Profile, standards: Iterable[Profile] = ()
) -> Iterator[SubjectFacts]:
    """Yield the subjects of JSON data: an object, a list of them, or one on each line.

    An id that is a whole number becomes its digits. Raises TableError if it is not valid JSON.
    """
    rows = read_json_lines(data)
    if rows is None:
        content = read_json(data)
        rows = content if isinstance(content, list) else [content]
    reader = _JsonReader(profile, chain_of(profile, standards).inputs)
    reader.find_repeated(rows)
    return itertools.starmap(reader.subject, enumerate(rows, 1))


class FactTable:
    """A CSV table with one row per subject; blank cells are unknown.

    All rows of an id that occurs more than once are invalid, as it is not known which one is
    meant. Totals rows, repeated headers and the row of column numbers are no subjects. The table is
    read twice, row by row: first its ids, then its subjects.

    Args:
        source: the file, or its content.
        profile: the profile whose inputs are columns.
        numbers: the number format.
        standards: the standards it rests on, whose inputs are columns too.

    Attributes:
        warnings: messages on rows that are no subjects, and on unknown columns.

    Raises:
        TableError: not a table, or no column is an input.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")
    >>> table = FactTable(b"id,members\\nA,90\\nB,x\\n,90\\n", profile)
    >>> [(subject.id, subject.error and subject.error.code) for subject in table.subjects()]
    [('A', None), ('B', 'wrong_type'), (3, None)]
    """

    def __init__(
        self,
        source: Path | bytes,
        profile: Profile,
        numbers: Convention = Convention.PLAIN,
        standards: Iterable[Profile] = (),
    ) -> None:
        self._source, self._numbers, self._profile = source, numbers, profile
        self._inputs = chain_of(profile, standards).inputs
        self._kinds = kind_columns(profile, self._inputs)
        self._has_ids = ID not in self._inputs
        ids: Counter[str] = Counter()
        with self._open() as table:
            if self._inputs.keys().isdisjoint(table.columns):
                raise TableError(_NO_COLUMN)
            rows = self._filter(table)
            with suppress(TableError):  # the subject that breaks the table reports it
                ids.update(self._id(row) for row in rows.subjects(table) if row.error is None)
            unknown = unknown_columns_warning(table.columns, {ID, *self._inputs, *self._kinds})
            warnings = (*table.warnings, unknown, *rows.notes)
            self.warnings = tuple(warning for warning in warnings if warning is not None)
        self._repeated = {name for name, number in ids.items() if name and number > 1}

    def subjects(self) -> Iterator[SubjectFacts]:
        """Yield the subjects; a row that breaks the table is the last, with its error."""
        last = 0
        with self._open() as table:
            try:
                for row in self._filter(table).subjects(table):
                    last = row.number
                    yield self._subject(row)
            except TableError as table_error:
                error = FactsError(table_error.text, code="broken_table", field=None)
                yield SubjectFacts(last + 1, {}, error)

    def _open(self) -> AbstractContextManager[CsvTable]:
        source = self._source
        stream = BytesIO(source) if isinstance(source, bytes) else source
        return open_csv(stream, {ID, *self._inputs})

    def _filter(self, table: CsvTable) -> RowFilter:
        return RowFilter(subject_shape(table.columns, self._inputs, self._numbers))

    def _id(self, row: Row) -> str:
        return row.cells.get(ID, "") if self._has_ids else ""

    def _subject(self, row: Row) -> SubjectFacts:
        name = self._id(row)
        try:
            if row.error is not None:
                raise FactsError(row.error, code=row.code.value, field=None)
            if name in self._repeated:
                raise FactsError(_DUPLICATE_ID, code="duplicate_id", field=ID)
            check_kind(self._profile, self._kinds, row.cells)
            facts = self._facts(row.cells)
        except FactsError as error:
            return SubjectFacts(name or row.number, {}, error)
        return SubjectFacts(name or row.number, facts)

    def _facts(self, cells: Mapping[str, str]) -> dict[str, object]:
        facts: dict[str, object] = {}
        try:
            for name, declared in self._inputs.items():
                if cells.get(name):
                    facts[name] = fact_from_text(declared, cells[name], self._numbers)
        except FactsError:
            # The first invalid input is reported; a value may be invalid although it was read.
            for name, value in facts.items():
                if not isinstance(value, Waiver):
                    to_value_set(self._inputs[name], value)
            raise
        return facts


def subject_shape(
    columns: Sequence[str], inputs: Mapping[str, Input], numbers: Convention
) -> RowShape:
    """Return what the columns of a table of subjects hold.

    Args:
        columns: the header.
        inputs: the inputs, by the name of their column.
        numbers: the number format.
    """
    return RowShape(
        columns=columns,
        data=inputs.keys(),
        counts=[
            name for name in columns if name in inputs and inputs[name].kind is InputType.COUNT
        ],
        id=next((key for key in KEYS if key in columns and key not in inputs), None),
        numbers=numbers,
    )


def unknown_columns_warning(columns: Collection[str], known: Collection[str]) -> Text | None:
    """Return a warning about unknown columns, or None."""
    unknown = unknown_columns(columns, known, set(known).difference(columns))
    return None if unknown is None else _UNKNOWN_COLUMNS.format(columns=unknown)


class _JsonReader:
    def __init__(self, profile: Profile, inputs: Mapping[str, Input]) -> None:
        self._profile, self._inputs = profile, inputs
        self._kinds = kind_columns(profile, inputs)
        self._has_id_input = ID in self._inputs
        self._repeated: frozenset[str | int] = frozenset()

    def find_repeated(self, rows: Iterable[object]) -> None:
        """Find the ids of several subjects, of which none is evaluated."""
        ids = Counter(
            name
            for number, row in enumerate(rows, 1)
            if isinstance(row, dict) and isinstance(name := self._id(number, row)[0], str)
        )
        self._repeated = frozenset(name for name, number in ids.items() if number > 1)

    def subject(self, number: int, row: object) -> SubjectFacts:
        if not isinstance(row, dict):
            error = FactsError(_NOT_OBJECT, code="not_an_object", field=None)
            return SubjectFacts(number, {}, error)
        name, invalid_id = self._id(number, row)
        try:
            if invalid_id is not None:
                raise invalid_id
            if isinstance(row, DuplicateKeys):
                raise FactsError(_DUPLICATE_KEY, code="duplicate_key", field=None)
            if name in self._repeated:
                raise FactsError(_DUPLICATE_ID, code="duplicate_id", field=ID)
            beside = {ID, *self._kinds}
            if row.keys() - self._inputs.keys() - beside:
                raise unknown_key_error(row, {*self._inputs, *beside})
            check_kind(self._profile, self._kinds, row)
            facts = {key: row[key] for key in row if key in self._inputs}
            return SubjectFacts(name, facts_from_json(facts))
        except FactsError as error:
            return SubjectFacts(name, {}, error)

    def _id(self, number: int, row: dict[str, Any]) -> tuple[str | int, FactsError | None]:
        """Return the id, or the number of the row and, if it is no id, the error."""
        name = None if self._has_id_input else row.get(ID)
        if isinstance(name, int) and not isinstance(name, bool):
            return str(name), None
        if name is None or isinstance(name, str):
            return normalize_text(name or "") or number, None
        return number, FactsError(_ID_NOT_TEXT.format(row=number), code="wrong_type", field=ID)


_UNKNOWN_COLUMNS = Text(
    vi="Bỏ qua các cột mà bộ tiêu chí không dùng: {columns}.",
    en="Columns that the profile does not use are ignored: {columns}.",
)
_NO_COLUMN = Text(
    vi="Không cột nào là đầu vào của bộ tiêu chí; dòng đầu của bảng phải có tên các đầu vào.",
    en="No column is an input of the profile; the first line of the table must name inputs.",
)
_NOT_OBJECT = Text(
    vi="Mỗi đối tượng phải là một object JSON với các khóa là tên đầu vào.",
    en="Each subject must be a JSON object whose keys are input names.",
)
_DUPLICATE_KEY = Text(
    vi="Khóa bị trùng trong object; hãy giữ lại một.",
    en="Duplicate key in the object; keep one.",
)
_DUPLICATE_ID = Text(
    vi="Mã bị trùng ở nhiều dòng, nên không dòng nào được đánh giá; mỗi đối tượng chỉ có một dòng.",
    en="Duplicate id; none of its rows is evaluated. Each subject may have only one row.",
)
_ID_NOT_TEXT = Text(
    vi="Dòng {row}: id không phải văn bản hay số nguyên; hãy đặt id trong dấu nháy.",
    en="Row {row}: the id is neither text nor a whole number; put ids in quotes.",
)
