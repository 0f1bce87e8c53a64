"""Loads and checks profile files; every fault of a file is found in one go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from attrs import frozen

from xhht.criteria._inputs import InputReader
from xhht.criteria._meaning import Meaning
from xhht.criteria._report import Report
from xhht.criteria._tree import TreeReader
from xhht.criteria._values import ValueReader
from xhht.criteria._yaml import Mapping, Node, Scalar, child
from xhht.criteria.diagnostics import Diagnostic, ProfileError, Severity, Sink
from xhht.criteria.document import (
    FORMAT,
    CriterionEntry,
    IndicatorEntry,
    ProfileDocument,
    Provenance,
    Status,
)
from xhht.criteria.files import ProfileFinder
from xhht.criteria.overlays import is_overlay, joined
from xhht.criteria.profile import Profile
from xhht.criteria.reading import as_bytes, document_of, read_node
from xhht.criteria.resting import judges
from xhht.criteria.writing import content_hash

__all__ = [
    "Examined",
    "check_profile",
    "examine_profile",
    "load_profile",
    "load_tree",
    "loads_profile",
    "profile_of",
]

Bases: TypeAlias = Iterable[Path | str] | ProfileFinder
"""Where the profile that an overlay extends is looked for, beside its own directory."""


def load_profile(path: Path | str, *, bases: Bases = ()) -> Profile:
    """Return the profile in a file.

    Args:
        path: the file.
        bases: files and directories in which to look for the profile that an overlay extends,
            beside its own directory and the profiles that come with the library.

    Raises:
        ProfileError: the file has faults; `diagnostics` holds all of them.
        OSError: the file cannot be read.
    """
    path = Path(path)
    return _loaded(_read(path.read_bytes(), str(path), bases))


def loads_profile(text: str | bytes, file: str = "<text>", *, bases: Bases = ()) -> Profile:
    """Return the profile that a text writes; see `load_profile`."""
    return _loaded(_read(as_bytes(text), file, bases))


def check_profile(data: bytes, file: str, *, bases: Bases = ()) -> tuple[Diagnostic, ...]:
    """Return every finding about a profile file, warnings included, in the order of the file."""
    return examine_profile(data, file, bases=bases).found


@frozen
class Examined:
    """What came of checking one file.

    Attributes:
        found: every finding, warnings included, in the order of the file.
        is_whole: whether everything could be judged; if not, faults stand in the way.
        profile: the profile, or None where the file has an error.
    """

    found: tuple[Diagnostic, ...]
    is_whole: bool
    profile: Profile | None = None


def examine_profile(data: bytes, file: str, *, bases: Bases = ()) -> Examined:
    """Return every finding about a profile file, and whether everything could be judged.

    Where many files are checked, a finder that they share spares looking for bases again and again.
    """
    read = _read(data, file, bases)
    sink = read.report.sink
    return Examined(sink.found, read.is_whole, None if sink.has_errors else read.profile)


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


def load_tree(path: Path | str, *, bases: Bases = ()) -> Node:
    """Return the values of a file that loads, each with its place; an overlay joined with its base.

    Raises:
        ProfileError: the file has faults.
        OSError: the file cannot be read.
    """
    path = Path(path)
    node, report = _tree(path.read_bytes(), str(path), bases)
    if node is None:
        raise ProfileError(report.sink.found)
    return node


def profile_of(tree: Node, file: str, *, sensible: bool = True) -> Profile:
    """Return the profile that a tree of values writes.

    Args:
        tree: as `load_tree` returns it.
        file: the name it is loaded under.
        sensible: whether it must make sense: its levels can be reached, say (`XH4xx`).

    Raises:
        ProfileError: as for `load_profile`.
    """
    read = _read_tree(tree, Report(Sink(file)), file)
    if not sensible and read.profile is not None:
        return read.profile
    return _loaded(read)


def _read(data: bytes, file: str, bases: Bases) -> _FileRead:
    node, report = _tree(data, file, bases)
    if node is None:
        return _FileRead(None, report, is_whole=False)
    return _read_tree(node, report, file)


def _tree(data: bytes, file: str, bases: Bases) -> tuple[Node | None, Report]:
    """Return a file's values, None where nothing can be said of them, and what was found."""
    node, report = read_node(data, file)
    if node is None or _is_other_format(node, report):
        return None, report
    if is_overlay(node):
        node = joined(node, Report(report.sink), _Finder.of(file, bases))
        if report.sink.has_errors:
            return None, report
    return node, report


def _read_tree(node: Node, report: Report, file: str) -> _FileRead:
    document = document_of(ProfileDocument, node, report)
    if document is None:
        return _FileRead(None, report, is_whole=False)
    _check_document(document, report)
    _check_rest(document, report)
    inputs = InputReader(report).read(document.inputs)
    values = ValueReader(report).read(document.values, document.inputs)
    tree = TreeReader(document, inputs, values, report)
    rules = tree.read()
    meaning = Meaning(rules, tree.pointers, document.levels, report)
    is_faulty = report.sink.has_errors
    meaning.check()
    if meaning.plan is None or is_faulty:
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


@frozen
class _Finder:
    """Finds a base: beside the file, among those named with it, then in the library."""

    files: ProfileFinder
    beside: Path | None

    @classmethod
    def of(cls, file: str, bases: Bases) -> _Finder:
        files = bases if isinstance(bases, ProfileFinder) else ProfileFinder(bases)
        return cls(files, Path(file).parent if Path(file).is_file() else None)

    def __call__(self, reference: str) -> tuple[bytes, str] | None:
        found = self.files.find(reference, self.beside)
        return None if found is None else (found.read_bytes(), str(found))

    def known(self) -> Collection[str]:
        return self.files.known(self.beside)


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


def _check_rest(document: ProfileDocument, report: Report) -> None:
    """Check that a profile does not rest on itself; others are not known here."""
    reference = f"{document.id}@{document.version}"
    for name, entry in document.inputs.items():
        if entry.members is None or not judges(document, entry.members):
            continue
        pointer = f"{child('/inputs', name)}/members"
        needs = ("/id", "/version", "/title", "/applies_to", pointer)
        report.fault("XH239", pointer, *needs, circle=f"{reference} → {reference}")


def _check_document(document: ProfileDocument, report: Report) -> None:
    start, end = document.effective_from, document.effective_to
    if start and end and end <= start:
        report.fault("XH501", "/effective_to", "/effective_from")
    if document.legal_basis is None and document.provenance is not Provenance.ILLUSTRATIVE:
        report.fault("XH502", "", "/legal_basis", "/provenance")
    if document.status is Status.RETIRED and not (end and document.ended_by):
        report.fault("XH503", "/status", "/effective_to", "/ended_by")
