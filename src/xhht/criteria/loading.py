"""Loads and checks profile files; every fault of a file is found in one go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from xhht.criteria._inputs import InputReader
from xhht.criteria._meaning import Meaning
from xhht.criteria._report import Report
from xhht.criteria._tree import TreeReader
from xhht.criteria._yaml import Mapping, Node, Scalar
from xhht.criteria.diagnostics import Diagnostic, ProfileError, Severity
from xhht.criteria.document import (
    FORMAT,
    CriterionEntry,
    IndicatorEntry,
    ProfileDocument,
    Provenance,
    Status,
)
from xhht.criteria.profile import Profile
from xhht.criteria.reading import document_of, read_node
from xhht.criteria.writing import content_hash

__all__ = ["Examined", "check_profile", "examine_profile", "load_profile", "loads_profile"]


def load_profile(path: Path | str) -> Profile:
    """Return the profile in a file.

    Raises:
        ProfileError: the file has faults; `diagnostics` holds all of them.
        OSError: the file cannot be read.
    """
    path = Path(path)
    return _loaded(_read(path.read_bytes(), str(path)))


def loads_profile(text: str | bytes, file: str = "<text>") -> Profile:
    """Return the profile that a text writes; raises ProfileError like `load_profile`."""
    data = text.encode() if isinstance(text, str) else text
    return _loaded(_read(data, file))


def check_profile(data: bytes, file: str) -> tuple[Diagnostic, ...]:
    """Return every finding about a profile file, warnings included, in the order of the file."""
    return examine_profile(data, file).found


@frozen
class Examined:
    """What came of checking one file.

    Attributes:
        found: every finding, warnings included, in the order of the file.
        is_whole: whether everything could be judged; if not, faults stand in the way.
    """

    found: tuple[Diagnostic, ...]
    is_whole: bool


def examine_profile(data: bytes, file: str) -> Examined:
    """Return every finding about a profile file, and whether everything could be judged."""
    read = _read(data, file)
    return Examined(read.report.sink.found, read.is_whole)


@frozen
class _FileRead:
    profile: Profile | None
    report: Report
    is_whole: bool


def _loaded(read: _FileRead) -> Profile:
    sink = read.report.sink
    if read.profile is None or sink.has_errors:
        raise ProfileError(found for found in sink.found if found.severity is Severity.ERROR)
    return read.profile


def _read(data: bytes, file: str) -> _FileRead:
    node, report = read_node(data, file)
    if node is None or _is_other_format(node, report):
        return _FileRead(None, report, is_whole=False)
    document = document_of(ProfileDocument, node, report)
    if document is None:
        return _FileRead(None, report, is_whole=False)
    _check_document(document, report)
    inputs = InputReader(report).read(document.inputs)
    tree = TreeReader(document, inputs, report)
    rules = tree.read()
    meaning = Meaning(rules, tree.pointers, document.levels, report)
    meaning.check()
    if meaning.plan is None or report.sink.has_errors:
        return _FileRead(None, report, meaning.is_whole)
    profile = Profile(
        document=document,
        rules=rules,
        plan=meaning.plan,
        hash=content_hash(document),
        file=file,
        marks=report.marks,
        pointers=tree.pointers,
        entries={entry.id: entry for entry in _entries(document)},
    )
    return _FileRead(profile, report, meaning.is_whole)


def _is_other_format(node: Node, report: Report) -> bool:
    """Note a file of another format: nothing else in it can be judged by this one's keys."""
    found = node.get("format") if isinstance(node, Mapping) else None
    if not isinstance(found, Scalar) or not found.text.isdecimal() or found.text == str(FORMAT):
        return False
    report.sink.add("XH124", found.mark, "/format", found=found.text)
    return True


def _entries(document: ProfileDocument) -> Iterator[CriterionEntry | IndicatorEntry]:
    waiting: list[CriterionEntry | IndicatorEntry] = list(reversed(document.criteria))
    while waiting:
        entry = waiting.pop()
        yield entry
        if isinstance(entry, CriterionEntry):
            waiting += reversed((*(entry.criteria or ()), *(entry.indicators or ())))


def _check_document(document: ProfileDocument, report: Report) -> None:
    start, end = document.effective_from, document.effective_to
    if start and end and end <= start:
        report.fault("XH501", "/effective_to", "/effective_from")
    if document.legal_basis is None and document.provenance is not Provenance.ILLUSTRATIVE:
        report.fault("XH502", "", "/legal_basis", "/provenance")
    if document.status is Status.RETIRED and not (end and document.ended_by):
        report.fault("XH503", "/status", "/effective_to", "/ended_by")
