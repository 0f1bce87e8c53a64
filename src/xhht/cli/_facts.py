"""Reads subjects for `xhht evaluate`: a JSON object or list, or CSV with one row per subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BufferedReader
from typing import IO, Any

from attrs import field, frozen

from xhht._json import DuplicateKeys, is_json, read_json
from xhht.cli._context import CommandContext
from xhht.criteria.profile import Profile
from xhht.errors import FactsError, TableError
from xhht.evaluation.fact_io import fact_from_text, facts_from_json
from xhht.evaluation.facts import unknown_columns_warning, unknown_key_error
from xhht.numbers import Convention
from xhht.tables.csv import Row, Table, open_csv
from xhht.text import Text, canonical_key, normalize_text

ID = "id"

_HEAD = 64


@frozen
class SubjectFacts:
    """One subject to evaluate.

    Attributes:
        id: its id, or its row number, from 1.
        facts: facts by input; empty if the row is invalid.
        error: the error in the row, or None.
        warning: a warning about the row, or None.
    """

    id: str | int = field(repr=False)
    facts: Mapping[str, object] = field(repr=False)
    error: FactsError | None = None
    warning: Text | None = None


def read_subjects(
    context: CommandContext,
    stream: IO[bytes],
    name: str,
    profile: Profile,
    numbers: Convention,
) -> Iterator[SubjectFacts]:
    """Return the subjects of a file.

    Errors that make the file unusable are raised before the first subject.
    """
    head = stream.peek(_HEAD) if isinstance(stream, BufferedReader) else b""
    if name.lower().endswith(".json") or is_json(head):
        return read_json_subjects(stream.read(), profile)
    return _open_csv_subjects(context, stream, profile, numbers)


def _open_csv_subjects(
    context: CommandContext, stream: IO[bytes], profile: Profile, numbers: Convention
) -> Iterator[SubjectFacts]:
    with open_csv(stream) as table:
        warning = column_warning(table, profile)
        if warning is not None:
            context.warn(warning)
        yield from read_csv_subjects(table, profile, numbers)


def read_json_subjects(data: bytes, profile: Profile) -> Iterator[SubjectFacts]:
    """Yield the subjects of JSON data; raises TableError if it is not valid JSON."""
    content = read_json(data)
    rows = content if isinstance(content, list) else [content]
    reader = _Reader(profile)
    return (reader.json_subject(number, row) for number, row in enumerate(rows, 1))


def read_csv_subjects(
    table: Table, profile: Profile, numbers: Convention
) -> Iterator[SubjectFacts]:
    """Yield the subjects of a table; a row that breaks the table is the last, with its error."""
    reader = _Reader(profile)
    try:
        for row in table:
            yield reader.csv_subject(row, numbers)
    except TableError as table_error:
        error = FactsError(table_error.text, code="broken_table", field=None)
        yield SubjectFacts(reader.rows_read + 1, {}, error)


def column_warning(table: Table, profile: Profile) -> Text | None:
    """Return a warning about columns that the profile does not use, or None."""
    inputs = {declared.declared_input.name for declared in profile.plan.inputs}
    known = {ID, *inputs}
    if inputs.isdisjoint(map(canonical_key, table.columns)):
        return _NO_COLUMN
    return unknown_columns_warning(table.columns, known)


class _Reader:
    def __init__(self, profile: Profile) -> None:
        self._inputs = {
            declared.declared_input.name: declared.declared_input
            for declared in profile.plan.inputs
        }
        self._has_id_input = ID in self._inputs
        self._seen: set[str] = set()
        self._warned_about_ids = False
        self.rows_read = 0

    def json_subject(self, number: int, row: object) -> SubjectFacts:
        if not isinstance(row, dict):
            return SubjectFacts(
                number, {}, FactsError(_NOT_OBJECT, code="not_an_object", field=None)
            )
        subject_id, warning = self._json_id(number, row)
        try:
            if isinstance(row, DuplicateKeys):
                raise FactsError(_DUPLICATE_KEY, code="duplicate_key", field=None)
            self._check_duplicate(subject_id)
            if row.keys() - self._inputs.keys() - {ID}:
                raise unknown_key_error(row, {*self._inputs, ID})
            facts = {k: v for k, v in row.items() if k != ID or self._has_id_input}
            converted = facts_from_json(facts)
        except FactsError as error:
            return SubjectFacts(subject_id, {}, error, warning)
        return SubjectFacts(subject_id, converted, None, warning)

    def _json_id(self, number: int, row: dict[str, Any]) -> tuple[str | int, Text | None]:
        id_value = None if self._has_id_input else row.get(ID)
        if id_value is None or isinstance(id_value, str):
            return normalize_text(id_value or "") or number, None
        if self._warned_about_ids:
            return number, None
        self._warned_about_ids = True
        return number, _ID_NOT_TEXT.format(row=number)

    def csv_subject(self, row: Row, numbers: Convention) -> SubjectFacts:
        self.rows_read = row.number
        id_value = "" if self._has_id_input else row.cells.get(ID, "")
        subject_id: str | int = id_value or row.number
        try:
            if row.fault is not None:
                raise FactsError(row.fault, code="broken_row", field=None)
            self._check_duplicate(subject_id)
            facts = {
                name: fact_from_text(declared, row.cells[name], numbers)
                for name, declared in self._inputs.items()
                if row.cells.get(name)
            }
        except FactsError as error:
            return SubjectFacts(subject_id, {}, error)
        return SubjectFacts(subject_id, facts)

    def _check_duplicate(self, subject_id: str | int) -> None:
        if isinstance(subject_id, str):
            if subject_id in self._seen:
                raise FactsError(_DUPLICATE_ID, code="duplicate_id", field=ID)
            self._seen.add(subject_id)


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
    vi="Mã bị trùng với một dòng trước; mỗi đối tượng chỉ có một dòng.",
    en="Duplicate id; each subject may have only one row.",
)
_ID_NOT_TEXT = Text(
    vi="Dòng {row}: id không phải văn bản; những dòng như vậy dùng số thứ tự dòng. "
    "Hãy đặt id trong dấu nháy.",
    en="Row {row}: the id is not text; the row number is used for such rows. Put ids in quotes.",
)
