"""Loads and checks profile files; all errors of a file are reported in one pass."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from attrs import frozen

from xhht.criteria import document as doc
from xhht.criteria._check_changes import check_changes
from xhht.criteria._check_criteria import TreeReader
from xhht.criteria._check_inputs import InputReader, ValueReader
from xhht.criteria._check_semantics import SemanticChecker
from xhht.criteria.decoding import as_bytes, document_of, read_node
from xhht.criteria.dependencies import can_evaluate, key_of_source, sources_of
from xhht.criteria.diagnostics import Diagnostic, DiagnosticCollector, ProfileError
from xhht.criteria.files import ProfileFinder
from xhht.criteria.overlays import is_overlay, merged_overlay
from xhht.criteria.profile import Profile
from xhht.criteria.recovery import CheckContext
from xhht.criteria.writing import content_hash
from xhht.criteria.yaml_nodes import Mapping, Node, Scalar, child
from xhht.issues import Severity

__all__ = [
    "CheckResult",
    "check_profile",
    "examine_profile",
    "load_profile",
    "load_tree",
    "loads_profile",
    "profile_of",
]

Bases: TypeAlias = Iterable[Path | str] | ProfileFinder
"""Where to search for the base of an overlay, in addition to its own directory."""


def load_profile(path: Path | str, *, bases: Bases = ()) -> Profile:
    """Return the profile in a file.

    Args:
        path: the file.
        bases: files and directories to search for the base of an overlay, in addition to its own
            directory and the bundled profiles.

    Raises:
        ProfileError: the file has errors; `diagnostics` contains all of them.
        OSError: the file cannot be read.
    """
    path = Path(path)
    return _loaded(_read(path.read_bytes(), str(path), bases))


def loads_profile(text: str | bytes, file: str = "<text>", *, bases: Bases = ()) -> Profile:
    """Return the profile in a text; see `load_profile`."""
    return _loaded(_read(as_bytes(text), file, bases))


def check_profile(data: bytes, file: str, *, bases: Bases = ()) -> tuple[Diagnostic, ...]:
    """Return all diagnostics of a profile file, including warnings, in the order of the file."""
    return examine_profile(data, file, bases=bases).diagnostics


@frozen
class CheckResult:
    """The result of checking one file.

    Attributes:
        diagnostics: all diagnostics, including warnings, in the order of the file.
        is_complete: whether every check could be made; earlier errors can prevent some.
        profile: the profile, or None if the file has an error.
    """

    diagnostics: tuple[Diagnostic, ...]
    is_complete: bool
    profile: Profile | None = None


def examine_profile(data: bytes, file: str, *, bases: Bases = ()) -> CheckResult:
    """Return all diagnostics of a profile file, and whether every check could be made.

    To check many files, pass one shared finder so that directories are searched only once.
    """
    read = _read(data, file, bases)
    sink = read.report.sink
    return CheckResult(sink.diagnostics, read.is_whole, None if sink.has_errors else read.profile)


@frozen
class _ReadResult:
    profile: Profile | None
    report: CheckContext
    is_whole: bool


def _loaded(read: _ReadResult) -> Profile:
    sink = read.report.sink
    if read.profile is None or sink.has_errors:
        raise ProfileError(item for item in sink.diagnostics if item.severity is Severity.ERROR)
    return read.profile


def load_tree(path: Path | str, *, bases: Bases = ()) -> Node:
    """Return the located values of a valid file; an overlay is merged with its base.

    Raises:
        ProfileError: the file has errors.
        OSError: the file cannot be read.
    """
    path = Path(path)
    node, report = _tree(path.read_bytes(), str(path), bases)
    if node is None:
        raise ProfileError(report.sink.diagnostics)
    return node


def profile_of(tree: Node, file: str, *, semantic_checks: bool = True) -> Profile:
    """Return the profile in a tree of values.

    Args:
        tree: the result of `load_tree`.
        file: the file name for messages.
        semantic_checks: whether it must pass the semantic checks (`XH4xx`), such as reachable
        levels.

    Raises:
        ProfileError: as for `load_profile`.
    """
    read = _read_tree(tree, CheckContext(DiagnosticCollector(file)), file)
    if not semantic_checks and read.profile is not None:
        return read.profile
    return _loaded(read)


def _read(data: bytes, file: str, bases: Bases) -> _ReadResult:
    node, report = _tree(data, file, bases)
    if node is None:
        return _ReadResult(None, report, is_whole=False)
    return _read_tree(node, report, file)


def _tree(data: bytes, file: str, bases: Bases) -> tuple[Node | None, CheckContext]:
    """Return the values of a file, or None if they cannot be checked, and the check context."""
    node, report = read_node(data, file)
    if node is None or _is_other_format(node, report):
        return None, report
    if is_overlay(node):
        node = merged_overlay(node, CheckContext(report.sink), _Finder.of(file, bases))
        if report.sink.has_errors:
            return None, report
    return node, report


def _read_tree(node: Node, report: CheckContext, file: str) -> _ReadResult:
    document = document_of(doc.ProfileDocument, node, report)
    if document is None:
        return _ReadResult(None, report, is_whole=False)
    _check_document(document, report)
    _check_self_reference(document, report)
    inputs = InputReader(report, document.choice_lists).read(document.inputs)
    values = ValueReader(report).read(document.values, document.inputs)
    tree = TreeReader(document, inputs, values, report)
    rules = tree.read()
    meaning = SemanticChecker(rules, tree.pointers, document.levels, report)
    has_errors = report.sink.has_errors
    meaning.check()
    if meaning.plan is None or has_errors:
        return _ReadResult(None, report, meaning.is_complete)
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
    return _ReadResult(profile, report, meaning.is_complete)


@frozen
class _Finder:
    """Finds a base: in the directory of the file, in the given files, then in the library."""

    files: ProfileFinder
    beside: Path | None

    @classmethod
    def of(cls, file: str, bases: Bases) -> _Finder:
        files = bases if isinstance(bases, ProfileFinder) else ProfileFinder(bases)
        return cls(files, Path(file).parent if Path(file).is_file() else None)

    def __call__(self, reference: str) -> tuple[bytes, str] | None:
        path = self.files.find(reference, self.beside)
        return None if path is None else (path.read_bytes(), str(path))

    def known(self) -> Collection[str]:
        return self.files.known(self.beside)


def _is_other_format(node: Node, report: CheckContext) -> bool:
    """Report an unsupported format, whose other keys cannot be checked by this version."""
    value = node.get("format") if isinstance(node, Mapping) else None
    if not isinstance(value, Scalar) or not value.text.isdecimal() or value.text == str(doc.FORMAT):
        return False
    report.sink.add("XH124", value.mark, "/format", found=value.text)
    return True


def _entries(document: doc.ProfileDocument) -> Iterator[doc.CriterionEntry | doc.IndicatorEntry]:
    stack: list[doc.CriterionEntry | doc.IndicatorEntry] = list(reversed(document.criteria))
    while stack:
        entry = stack.pop()
        yield entry
        if isinstance(entry, doc.CriterionEntry):
            stack += reversed((*(entry.criteria or ()), *(entry.indicators or ())))


def _check_self_reference(document: doc.ProfileDocument, report: CheckContext) -> None:
    """Check that a profile does not depend on itself; other profiles are unknown here."""
    reference = f"{document.id}@{document.version}"
    for name, source in sources_of(document).items():
        if not can_evaluate(document, source, document):
            continue
        key = key_of_source(document.inputs[name])
        pointer = f"{child('/inputs', name)}/{key}"
        needs = ("/id", "/version", "/title", "/applies_to", pointer)
        report.report_error("XH239", pointer, *needs, key=key, circle=f"{reference} → {reference}")


def _check_document(document: doc.ProfileDocument, report: CheckContext) -> None:
    start, end = document.effective_from, document.effective_to
    if start and end and end <= start:
        report.report_error("XH501", "/effective_to", "/effective_from")
    last = document.no_subjects_from
    if last and ((start and last.date <= start) or (end and last.date >= end)):
        pointer = "/no_subjects_from/date"
        report.report_error("XH506", pointer, "/effective_from", "/effective_to")
    check_changes(document, report)
    if document.legal_basis is None and document.provenance is not doc.Provenance.ILLUSTRATIVE:
        report.report_error("XH502", "", "/legal_basis", "/provenance")
    if document.status is doc.ProfileStatus.RETIRED and not (end and document.ended_by):
        report.report_error("XH503", "/status", "/effective_to", "/ended_by")
