"""Subjects to evaluate, in a CSV table with one row per subject, or in JSON.

A table gives the same subjects, invalid rows and excluded rows as it does over columns
(`xhht.frames.scan_table`).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from fractions import Fraction
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Final

from attrs import field, frozen

from xhht._json import DuplicateKeys, read_json, read_json_lines
from xhht.criteria.kinds import check_kind, kind_columns
from xhht.criteria.profile import Profile
from xhht.criteria.standards import chain_of
from xhht.errors import FactsError, TableError
from xhht.evaluation.fact_io import fact_from_text, facts_from_json
from xhht.evaluation.facts import Waiver, to_value_set, unknown_columns, unknown_key_error
from xhht.numbers import Convention
from xhht.rules.inputs import Input, InputType, share_maxima
from xhht.tables.csv import CsvTable, open_csv
from xhht.tables.excluded import RowFilter, RowShape
from xhht.tables.table import Row
from xhht.text import Text, normalize_text

__all__ = [
    "ID",
    "KEYS",
    "PLAIN_SHARE",
    "FactTable",
    "SubjectFacts",
    "read_json_subjects",
    "subject_shape",
    "unknown_columns_warning",
]

ID = "id"
"""The column of the ids of subjects."""

PLAIN_SHARE: Final = r"^[0-9]{1,15}([.,][0-9]{1,15})?$"
"""The regular expression of a share without a percent sign."""

_PLAIN = re.compile(PLAIN_SHARE)

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
    """Yield the subjects of JSON data: an object, a list of objects, or JSON Lines.

    Raises:
        TableError: it is not valid JSON.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")
    >>> lines = b'{"id": 7, "members": 90}\\n{"id": "B"}\\n'
    >>> [subject.id for subject in read_json_subjects(lines, profile)]
    ['7', 'B']
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
        self._shares = share_maxima(self._inputs)
        self._unclear: set[str] = set()
        ids: Counter[str] = Counter()
        with self._open() as table:
            if self._inputs.keys().isdisjoint(table.columns):
                raise TableError(_NO_COLUMN)
            rows = self._filter(table)
            with suppress(TableError):  # the subject that breaks the table reports it
                for row in rows.subjects(table):
                    if row.error is None:
                        ids[self._id(row)] += 1
                        self._unclear.update(filter(partial(self._is_large, row), self._shares))
            unknown = unknown_columns_warning(table.columns, {ID, *self._inputs, *self._kinds})
            warnings = (*table.warnings, unknown, *rows.notes)
            self.warnings = tuple(warning for warning in warnings if warning is not None)
        if self._unclear:
            ids = self._ids_of_clear_rows()
        self._repeated = {name for name, number in ids.items() if name and number > 1}

    def _ids_of_clear_rows(self) -> Counter[str]:
        """Return the ids of the rows whose shares are clear; the others are not evaluated."""
        with self._open() as table, suppress(TableError):
            rows = self._filter(table).subjects(table)
            clear = (row for row in rows if row.error is None and self._unclear_share(row) is None)
            return Counter(map(self._id, clear))
        return Counter()

    def _is_large(self, row: Row, name: str) -> bool:
        """Return whether a plain number is larger than its share can be."""
        cell = row.cells.get(name, "")
        return bool(_PLAIN.match(cell)) and Fraction(cell.replace(",", ".")) > self._shares[name]

    def _unclear_share(self, row: Row) -> str | None:
        """Return the first share of a row that may be a fraction or a percentage, or None."""
        shares = (name for name in self._shares if name in self._unclear)
        return next((name for name in shares if _PLAIN.match(row.cells.get(name, ""))), None)

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
            share = self._unclear_share(row) if self._unclear else None
            if share is not None:
                raise FactsError(_UNCLEAR_SHARE, code="ambiguous_percent", field=share)
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
        self._repeated: frozenset[str] = frozenset()

    def find_repeated(self, rows: Iterable[object]) -> None:
        """Find the ids of several subjects, of which none is evaluated."""
        ids = Counter(map(self._id, rows))
        self._repeated = frozenset(name for name, number in ids.items() if name and number > 1)

    def subject(self, number: int, row: object) -> SubjectFacts:
        if not isinstance(row, dict):
            error = FactsError(_NOT_OBJECT, code="not_an_object", field=None)
            return SubjectFacts(number, {}, error)
        name = self._id(row)
        try:
            if name is None:
                raise FactsError(_ID_NOT_TEXT, code="wrong_type", field=ID)
            if isinstance(row, DuplicateKeys):
                raise FactsError(_DUPLICATE_KEY, code="duplicate_key", field=None)
            if name in self._repeated:
                raise FactsError(_DUPLICATE_ID, code="duplicate_id", field=ID)
            beside = {ID, *self._kinds}
            if row.keys() - self._inputs.keys() - beside:
                raise unknown_key_error(row, {*self._inputs, *beside})
            check_kind(self._profile, self._kinds, row)
            facts = {key: row[key] for key in row if key in self._inputs}
            return SubjectFacts(name or number, facts_from_json(facts))
        except FactsError as error:
            return SubjectFacts(name or number, {}, error)

    def _id(self, row: object) -> str | None:
        """Return the id of an object, a whole number by its digits; blank without one.

        None if it is neither text nor a whole number.
        """
        name = row.get(ID) if isinstance(row, dict) and not self._has_id_input else None
        if name is None or isinstance(name, str):
            return normalize_text(name or "")
        return str(name) if isinstance(name, int) and not isinstance(name, bool) else None


_UNKNOWN_COLUMNS = Text(
    vi="Bỏ qua các cột mà bộ tiêu chí không dùng: {columns}.",
    en="Columns that the profile does not use are ignored: {columns}.",
)
_UNCLEAR_SHARE = Text(
    vi="Không rõ là tỉ lệ hay phần trăm, vì cùng cột có số lớn hơn 1; hãy ghi dấu % cho cả cột, ví "
    "dụ 70%.",
    en="It is unclear whether this is a fraction or a percentage, as the column has a number above "
    "1; write a % sign in the whole column, for example 70%.",
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
    vi="id phải là văn bản hoặc số nguyên; hãy đặt trong dấu nháy.",
    en="The id must be text or a whole number; put it in quotes.",
)
