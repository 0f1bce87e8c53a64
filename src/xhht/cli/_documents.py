"""Result documents on the command line: written one per line, read one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from attrs import frozen

from xhht._json import read_json
from xhht.cli._common import fail, open_input, print_text, warn
from xhht.cli._facts import SubjectFacts
from xhht.criteria.profile import Profile
from xhht.documents.document import ResultDocument
from xhht.documents.making import make_document
from xhht.documents.serialization import document_of_json, dumps_result, loads_result
from xhht.errors import FactsError, ProofError, TableError
from xhht.render import sanitize_line
from xhht.text import Lang, Text


@frozen
class DocumentEntry:
    """One document of a file, or the error in it.

    Attributes:
        number: its position in the file, from 1.
        document: the document, or the error.
    """

    number: int
    document: ResultDocument | ProofError


@contextmanager
def document_writer(target: Path | None, lang: Lang) -> Iterator[Callable[[ResultDocument], None]]:
    """Yield a function that writes documents, one per line, to a file, or to standard output.

    The file is UTF-8 whatever the encoding of the shell. No partial file remains if writing fails.
    """
    if target is None:
        yield lambda document: print_text(dumps_result(document))
        return
    temporary = target.with_name(f"{target.name}.part")
    try:
        with temporary.open("wb") as stream:
            yield lambda document: stream.writelines((dumps_result(document).encode(), b"\n"))
        temporary.replace(target)
    except OSError:
        fail(CANNOT_WRITE.format(file=target), lang)
    finally:
        with suppress(OSError):
            temporary.unlink()


def write_documents(
    subjects: Iterable[SubjectFacts],
    profile: Profile,
    day: date,
    *,
    keep_facts: bool,
    write: Callable[[ResultDocument], None],
    lang: Lang,
) -> bool:
    """Write the document of every subject, and errors to standard error; return whether any."""
    has_errors = False
    for subject in subjects:
        if subject.warning is not None:
            warn(subject.warning, lang)
        try:
            if subject.error is not None:
                raise subject.error
            document = make_document(
                profile, subject.facts, as_of=day, subject=subject.id, keep_facts=keep_facts
            )
        except FactsError as error:
            has_errors = True
            warn(_INVALID_FACTS.format(id=sanitize_line(str(subject.id)), problem=error.text), lang)
        else:
            write(document)
    return has_errors


def read_documents(path: str, lang: Lang) -> Iterator[DocumentEntry]:
    """Return the documents of a file: one, a JSON list, or one per line; raises OSError."""
    with open_input(path) as stream:
        data = stream.read()
    if not data.strip():
        fail(_NO_DOCUMENTS, lang)
    try:
        content = read_json(data)
    except TableError as error:
        lines = [line for line in data.splitlines() if line.strip()]
        if any(map(_is_document, lines)):
            return (DocumentEntry(number, _document(line)) for number, line in enumerate(lines, 1))
        return iter([DocumentEntry(1, ProofError(error.text, code="not_json"))])
    if content == []:
        fail(_NO_DOCUMENTS, lang)
    items = content if isinstance(content, list) else [content]
    return (DocumentEntry(number, _document(item)) for number, item in enumerate(items, 1))


def _is_document(line: bytes) -> bool:
    try:
        content = read_json(line)
    except TableError:
        return False
    return isinstance(content, dict) and "kind" in content


def _document(content: object) -> ResultDocument | ProofError:
    try:
        return loads_result(content) if isinstance(content, bytes) else document_of_json(content)
    except ProofError as error:
        return error


CANNOT_WRITE = Text(
    vi="Không ghi được tệp {file}; hãy kiểm tra thư mục và quyền ghi.",
    en="Cannot write file {file}; check the directory and its permissions.",
)
_INVALID_FACTS = Text(
    vi="{id}: không tạo văn bản vì dữ kiện không hợp lệ: {problem}",
    en="{id}: no document written; invalid facts: {problem}",
)
_NO_DOCUMENTS = Text(
    vi="Tệp không có văn bản kết quả nào; hãy tạo bằng xhht evaluate với --document.",
    en="The file contains no result documents; create them with xhht evaluate --document.",
)
