"""Result documents on the command line: written one a line, read one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from attrs import frozen

from xhht.cli._common import open_input, print_text, refuse, warn
from xhht.cli._facts import Subject
from xhht.criteria.profile import Profile
from xhht.documents.document import ResultDocument
from xhht.documents.form import document_of_json, dumps_result, loads_result
from xhht.documents.making import make_document
from xhht.errors import FactsError, ProofError, TableError
from xhht.json_text import read_json
from xhht.reporting.tables import plain
from xhht.text import Lang, Text

__all__ = ["UNWRITABLE", "Entry", "documents_in", "print_documents", "written_to"]


@frozen
class Entry:
    """One document of a file, or why it is none.

    Attributes:
        number: its place in the file, from 1.
        found: the document, or the fault.
    """

    number: int
    found: ResultDocument | ProofError


@contextmanager
def written_to(target: Path | None, lang: Lang) -> Iterator[Callable[[ResultDocument], None]]:
    """Give what writes documents, one a line, to a file, or to standard output for None.

    A shell that writes another encoding than UTF-8 into files cannot spoil the file. Nothing is
    left of it where writing stops half-way.
    """
    if target is None:
        yield lambda document: print_text(dumps_result(document))
        return
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("wb") as stream:
            yield lambda document: stream.writelines((dumps_result(document).encode(), b"\n"))
        part.replace(target)
    except OSError:
        refuse(UNWRITABLE.format(file=target), lang)
    finally:
        with suppress(OSError):
            part.unlink()


def print_documents(
    subjects: Iterable[Subject],
    profile: Profile,
    day: date,
    *,
    keep_facts: bool,
    write: Callable[[ResultDocument], None],
    lang: Lang,
) -> bool:
    """Write the document of every subject; tell of faults on standard error."""
    faults = False
    for subject in subjects:
        if subject.warning is not None:
            warn(subject.warning, lang)
        try:
            if subject.fault is not None:
                raise subject.fault
            document = make_document(
                profile, subject.facts, as_of=day, subject=subject.id, keep_facts=keep_facts
            )
        except FactsError as fault:
            faults = True
            warn(_FAULT.format(id=plain(str(subject.id)), problem=fault.text), lang)
        else:
            write(document)
    return faults


def documents_in(path: str, lang: Lang) -> Iterator[Entry]:
    """Return the documents of a file: one, a JSON list of them, or one a line; raises OSError."""
    with open_input(path) as stream:
        data = stream.read()
    if not data.strip():
        refuse(_NOTHING, lang)
    try:
        found = read_json(data)
    except TableError as error:
        lines = [line for line in data.splitlines() if line.strip()]
        if any(map(_is_document, lines)):
            return (Entry(number, _document(line)) for number, line in enumerate(lines, 1))
        return iter([Entry(1, ProofError(error.text, code="not_json"))])
    if found == []:
        refuse(_NOTHING, lang)
    items = found if isinstance(found, list) else [found]
    return (Entry(number, _document(item)) for number, item in enumerate(items, 1))


def _is_document(line: bytes) -> bool:
    try:
        found = read_json(line)
    except TableError:
        return False
    return isinstance(found, dict) and "kind" in found


def _document(found: object) -> ResultDocument | ProofError:
    try:
        return loads_result(found) if isinstance(found, bytes) else document_of_json(found)
    except ProofError as error:
        return error


UNWRITABLE = Text(
    vi="Không ghi được tệp {file}; hãy kiểm tra thư mục và quyền ghi.",
    en="The file {file} cannot be written; check the folder and the right to write there.",
)
_FAULT = Text(
    vi="{id}: không có văn bản vì dữ kiện sai: {problem}",
    en="{id}: no document, because of faulty facts: {problem}",
)
_NOTHING = Text(
    vi="Tệp không có văn bản kết quả nào; hãy tạo bằng xhht evaluate với --document.",
    en="The file has no result document; make some by xhht evaluate with --document.",
)
