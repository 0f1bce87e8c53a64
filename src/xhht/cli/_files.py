"""Files of commands: result documents, drafts and reports, each written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from attrs import frozen

from xhht._files import new_file, replace_file, unwritable_file_error
from xhht._json import read_json
from xhht.cli._context import CommandContext, print_text
from xhht.cli._inputs import read_input
from xhht.criteria.profile import Profile
from xhht.documents.document import ResultDocument
from xhht.documents.making import make_document
from xhht.documents.serialization import document_of_json, dumps_result, loads_result
from xhht.errors import FactsError, ProofError, TableError
from xhht.render import sanitize_line
from xhht.reporting.report import Report
from xhht.tables.facts import SubjectFacts
from xhht.text import Text

_PAGE, _WORKBOOK = (".html", ".htm"), (".xlsx",)


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
def document_writer(
    context: CommandContext, target: Path | None
) -> Iterator[Callable[[ResultDocument], None]]:
    """Yield a function that writes documents, one per line, to a file, or to standard output.

    The file is UTF-8 whatever the encoding of the shell. No partial file remains if writing fails.
    """
    if target is None:
        yield lambda document: print_text(dumps_result(document))
        return
    try:
        with new_file(target) as part, part.open("wb") as stream:
            yield lambda document: stream.writelines((dumps_result(document).encode(), b"\n"))
    except OSError:
        context.fail(unwritable_file_error(target).text)


def write_documents(
    context: CommandContext,
    subjects: Iterable[SubjectFacts],
    profile: Profile,
    day: date,
    *,
    final: bool,
    keep_facts: bool,
    standards: Collection[Profile] = (),
    write: Callable[[ResultDocument], None],
) -> bool:
    """Write the document of every subject, and errors to standard error; return whether any."""
    has_errors = False
    for subject in subjects:
        try:
            if subject.error is not None:
                raise subject.error
            document = make_document(
                profile,
                subject.facts,
                as_of=day,
                standards=standards,
                final=final,
                subject=subject.id,
                keep_facts=keep_facts,
            )
        except FactsError as error:
            has_errors = True
            context.warn(
                _INVALID_FACTS.format(id=sanitize_line(str(subject.id)), problem=error.text)
            )
        else:
            write(document)
    return has_errors


def read_documents(context: CommandContext, path: str) -> Iterator[DocumentEntry]:
    """Return the documents of a file: one, a JSON list, or one per line; raises OSError."""
    data = read_input(path)
    if not data.strip():
        context.fail(_NO_DOCUMENTS)
    try:
        content = read_json(data)
    except TableError as error:
        lines = [line for line in data.splitlines() if line.strip()]
        if any(map(_is_document, lines)):
            return (DocumentEntry(number, _document(line)) for number, line in enumerate(lines, 1))
        return iter([DocumentEntry(1, ProofError(error.text, code="not_json"))])
    if content == []:
        context.fail(_NO_DOCUMENTS)
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


def fail_if_exists(context: CommandContext, target: Path | None, *, force: bool) -> None:
    """Fail if the file exists, unless `force` is set."""
    if target is not None and target.exists() and not force:
        context.fail(_EXISTS.format(file=target))


def write_draft(context: CommandContext, text: str, target: Path | None) -> None:
    """Write a text to a file and report its name, or print the text."""
    if target is None:
        print_text(text, end="")
        return
    replace_file(target, text.encode())
    context.note(WRITTEN.format(file=target))


def require_known_suffixes(context: CommandContext, files: Sequence[Path]) -> None:
    """Fail if a file has no suffix of a report format."""
    for file in files:
        if file.suffix.lower() not in (*_PAGE, *_WORKBOOK):
            context.fail(_UNKNOWN_SUFFIX.format(file=file))


def write_reports(
    context: CommandContext, report: Report, files: Sequence[Path], protect: int | None
) -> None:
    """Write a report to each file; raises TableError and RollupError."""
    with context.require_extras():
        from xhht.reporting.protect import protected_report
        from xhht.reporting.report_html import write_page
        from xhht.reporting.report_xlsx import write_report_workbook
        from xhht.rollup.disclosure import DisclosurePolicy

        if protect is not None:
            report = protected_report(report, DisclosurePolicy(threshold=protect))
        for file in files:
            write = write_page if file.suffix.lower() in _PAGE else write_report_workbook
            write(report, file, context.lang)


_EXISTS = Text(
    vi="Đã có tệp {file}; hãy chọn tên khác, hoặc thêm --force để ghi đè.",
    en="File {file} already exists; choose another name, or add --force to overwrite it.",
)
WRITTEN = Text(vi="Đã ghi {file}.", en="Wrote {file}.")
_INVALID_FACTS = Text(
    vi="{id}: không tạo văn bản vì dữ kiện không hợp lệ: {problem}",
    en="{id}: no document written; invalid facts: {problem}",
)
_NO_DOCUMENTS = Text(
    vi="Tệp không có văn bản kết quả nào; hãy tạo bằng xhht evaluate với --document.",
    en="The file contains no result documents; create them with xhht evaluate --document.",
)
_UNKNOWN_SUFFIX = Text(
    vi="{file}: tên tệp báo cáo phải có đuôi .html hoặc .xlsx.",
    en="{file}: the file name of a report must end with .html or .xlsx.",
)
