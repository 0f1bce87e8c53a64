"""Reads subjects for `xhht evaluate`: a JSON object or list, or CSV with one row a subject."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from io import BufferedReader
from typing import IO, Any

from attrs import field, frozen

from xhht.cli._common import warn
from xhht.criteria.profile import Profile
from xhht.errors import FactsError, TableError
from xhht.evaluation.facts import spare_columns, unknown_key
from xhht.evaluation.textual import fact_from_text, facts_from_json
from xhht.exact import Convention
from xhht.json_text import Repeated, read_json
from xhht.tabular import Row, Table, open_csv
from xhht.text import Lang, Text, bare_key, normalize_text

ID = "id"

_HEAD = 64


@frozen
class Subject:
    """One subject to evaluate.

    Attributes:
        id: its own, or the number of its row, from 1.
        facts: by input; empty where there is a fault.
        fault: what is wrong with its row, or None.
        warning: what to say about the row on standard error, or None.
    """

    id: str | int = field(repr=False)
    facts: Mapping[str, object] = field(repr=False)
    fault: FactsError | None = None
    warning: Text | None = None


def subjects_of(
    stream: IO[bytes], name: str, profile: Profile, numbers: Convention, lang: Lang
) -> Iterator[Subject]:
    """Return the subjects of a file.

    Whatever makes the file unusable is raised before the first of them.
    """
    head = stream.peek(_HEAD) if isinstance(stream, BufferedReader) else b""
    if name.lower().endswith(".json") or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return subjects_of_json(stream.read(), profile)
    return _csv_subjects(stream, profile, numbers, lang)


def _csv_subjects(
    stream: IO[bytes], profile: Profile, numbers: Convention, lang: Lang
) -> Iterator[Subject]:
    with open_csv(stream) as table:
        warning = column_warning(table, profile)
        if warning is not None:
            warn(warning, lang)
        yield from subjects_of_csv(table, profile, numbers)


def subjects_of_json(data: bytes, profile: Profile) -> Iterator[Subject]:
    """Yield the subjects that JSON writes; raises TableError when it is not JSON at all."""
    content = read_json(data)
    rows = content if isinstance(content, list) else [content]
    reader = _Reader(profile)
    return (reader.json_subject(number, row) for number, row in enumerate(rows, 1))


def subjects_of_csv(table: Table, profile: Profile, numbers: Convention) -> Iterator[Subject]:
    """Yield the subjects of a table; a row that breaks the table is the last, with its fault."""
    reader = _Reader(profile)
    try:
        for row in table:
            yield reader.csv_subject(row, numbers)
    except TableError as fault:
        error = FactsError(fault.text, code="broken_table", field=None)
        yield Subject(reader.rows_read + 1, {}, error)


def column_warning(table: Table, profile: Profile) -> Text | None:
    """Return what to say of the columns that the profile does not ask for, or None."""
    inputs = {declared.asked.name for declared in profile.plan.inputs}
    known = {ID, *inputs}
    if inputs.isdisjoint(map(bare_key, table.columns)):
        return _NO_COLUMN
    return extra_columns(table.columns, known)


def extra_columns(columns: Collection[str], known: Collection[str]) -> Text | None:
    """Return what to warn of columns that nothing asks for, None where there are none."""
    extra = spare_columns(columns, known, set(known).difference(columns))
    return None if extra is None else _EXTRA.format(columns=extra)


class _Reader:
    def __init__(self, profile: Profile) -> None:
        self._inputs = {declared.asked.name: declared.asked for declared in profile.plan.inputs}
        self._has_id_input = ID in self._inputs
        self._seen: set[str] = set()
        self._warned_of_ids = False
        self.rows_read = 0

    def json_subject(self, number: int, row: object) -> Subject:
        if not isinstance(row, dict):
            return Subject(number, {}, FactsError(_NOT_OBJECT, code="not_an_object", field=None))
        subject_id, warning = self._json_id(number, row)
        try:
            if isinstance(row, Repeated):
                raise FactsError(_REPEATED_KEY, code="duplicate_key", field=None)
            self._note_id(subject_id)
            if row.keys() - self._inputs.keys() - {ID}:
                raise unknown_key(row, {*self._inputs, ID})
            facts = {k: v for k, v in row.items() if k != ID or self._has_id_input}
            read = facts_from_json(facts)
        except FactsError as fault:
            return Subject(subject_id, {}, fault, warning)
        return Subject(subject_id, read, None, warning)

    def _json_id(self, number: int, row: dict[str, Any]) -> tuple[str | int, Text | None]:
        given = None if self._has_id_input else row.get(ID)
        if given is None or isinstance(given, str):
            return normalize_text(given or "") or number, None
        if self._warned_of_ids:
            return number, None
        self._warned_of_ids = True
        return number, _ID_NOT_TEXT.format(row=number)

    def csv_subject(self, row: Row, numbers: Convention) -> Subject:
        self.rows_read = row.number
        given = "" if self._has_id_input else row.cells.get(ID, "")
        subject_id: str | int = given or row.number
        try:
            if row.fault is not None:
                raise FactsError(row.fault, code="broken_row", field=None)
            self._note_id(subject_id)
            facts = {
                name: fact_from_text(declared, row.cells[name], numbers)
                for name, declared in self._inputs.items()
                if row.cells.get(name)
            }
        except FactsError as fault:
            return Subject(subject_id, {}, fault)
        return Subject(subject_id, facts)

    def _note_id(self, subject_id: str | int) -> None:
        if isinstance(subject_id, str):
            if subject_id in self._seen:
                raise FactsError(_REPEATED_ID, code="duplicate_id", field=ID)
            self._seen.add(subject_id)


_EXTRA = Text(
    vi="Bỏ qua các cột mà bộ tiêu chí không hỏi: {columns}.",
    en="Columns that the profile does not ask for are ignored: {columns}.",
)
_NO_COLUMN = Text(
    vi="Không cột nào là đầu vào của bộ tiêu chí; dòng đầu của bảng phải nêu tên các đầu vào.",
    en="No column is an input of the profile; the table's first line must name inputs.",
)
_NOT_OBJECT = Text(
    vi="Mỗi đối tượng phải là một object JSON với các khóa là tên đầu vào.",
    en="Each subject must be a JSON object whose keys are inputs.",
)
_REPEATED_KEY = Text(
    vi="Một khóa bị lặp trong object; hãy giữ lại một.",
    en="A key stands twice in the object; keep one.",
)
_REPEATED_ID = Text(
    vi="Mã này đã có ở một dòng trước; mỗi đối tượng chỉ có một dòng.",
    en="This id stood in an earlier row; a subject has one row.",
)
_ID_NOT_TEXT = Text(
    vi="Dòng {row}: id không phải văn bản; những dòng như vậy dùng số thứ tự dòng. "
    "Hãy đặt id trong dấu nháy.",
    en="Row {row}: the id is not text; such rows go by their number. Put ids in quotes.",
)
