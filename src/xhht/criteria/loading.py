"""Loads and checks profile files; every fault of a file is found in one go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from xhht.criteria._inputs import InputReader
from xhht.criteria._report import Report
from xhht.criteria._tree import TreeReader
from xhht.criteria.diagnostics import Diagnostic, Mark, ProfileError, Severity, Sink
from xhht.criteria.document import (
    FORMAT,
    CriterionEntry,
    IndicatorEntry,
    ProfileDocument,
    Provenance,
    Status,
)
from xhht.criteria.profile import Profile
from xhht.criteria.reading import read_document
from xhht.criteria.writing import content_hash
from xhht.exact import decimal_text
from xhht.rules import expressions as ex
from xhht.rules.lowering import lower, scoring_expressions
from xhht.rules.model import Leaf

__all__ = ["check_profile", "load_profile", "loads_profile"]


def load_profile(path: Path | str) -> Profile:
    """Return the profile in a file.

    Raises:
        ProfileError: the file has faults; `diagnostics` holds all of them.
        OSError: the file cannot be read.
    """
    path = Path(path)
    return _loaded(*_read(path.read_bytes(), str(path)))


def loads_profile(text: str | bytes, file: str = "<text>") -> Profile:
    """Return the profile that a text writes; raises ProfileError like `load_profile`."""
    data = text.encode() if isinstance(text, str) else text
    return _loaded(*_read(data, file))


def check_profile(data: bytes, file: str) -> tuple[Diagnostic, ...]:
    """Return every finding about a profile file, warnings included, in the order of the file."""
    return _read(data, file)[1].found


def _loaded(profile: Profile | None, sink: Sink) -> Profile:
    if profile is None or sink.has_errors:
        raise ProfileError(found for found in sink.found if found.severity is Severity.ERROR)
    return profile


def _read(data: bytes, file: str) -> tuple[Profile | None, Sink]:
    document, report = read_document(ProfileDocument, data, file)
    sink = report.sink
    if document is None:
        return None, sink
    _check_document(document, report)
    inputs = InputReader(report).read(document.inputs)
    tree = TreeReader(document, inputs, report)
    rules = tree.read()
    if sink.has_errors:
        return None, sink
    plan = lower(rules)
    profile = Profile(
        document=document,
        rules=rules,
        plan=plan,
        hash=content_hash(document),
        file=file,
        marks=report.marks,
        pointers=tree.pointers,
        entries={entry.id: entry for entry in _entries(document)},
    )
    _check_meaning(profile, sink, report.marks)
    return (None if sink.has_errors else profile), sink


def _entries(document: ProfileDocument) -> Iterator[CriterionEntry | IndicatorEntry]:
    waiting: list[CriterionEntry | IndicatorEntry] = list(reversed(document.criteria))
    while waiting:
        entry = waiting.pop()
        yield entry
        if isinstance(entry, CriterionEntry):
            waiting += reversed((*(entry.criteria or ()), *(entry.indicators or ())))


def _check_document(document: ProfileDocument, report: Report) -> None:
    if document.format != FORMAT:
        report.fault("XH124", "/format", found=document.format)
    start, end = document.effective_from, document.effective_to
    if start and end and end <= start:
        report.fault("XH501", "/effective_to", "/effective_from")
    if document.legal_basis is None and document.provenance is not Provenance.ILLUSTRATIVE:
        report.fault("XH502", "", "/legal_basis", "/provenance")
    if document.status is Status.RETIRED and not (end and document.ended_by):
        report.fault("XH503", "/status", "/effective_to", "/ended_by")


def _check_meaning(profile: Profile, sink: Sink, marks: Mapping[str, Mark]) -> None:
    plan = profile.plan
    for at, level in enumerate(plan.levels):
        if plan.bounds[level.award][1] == 0:
            sink.add(
                "XH401",
                marks[f"/levels/{at}/when"],
                f"/levels/{at}/when",
                level=level.id,
                maximum=decimal_text(profile.max_points),
            )
    for share in plan.shares:
        if share.node is None or not _guarded(profile, share.node, share.denominator):
            pointer = profile.pointers[share.node] if share.node else "/levels"
            sink.add("XH405", marks[pointer], pointer)
    used = {index for node in plan.nodes for index in (*node.inputs, *node.applicability_inputs)}
    used |= {index for level in plan.levels for index in level.inputs}
    used |= {index for pair in plan.narrowings for index in pair}
    for index, declared in enumerate(plan.inputs):
        if index not in used:
            pointer = f"/inputs/{declared.name}"
            sink.add("XH233", marks[pointer], pointer, name=declared.name)


def _guarded(profile: Profile, node_id: str, denominator: int) -> bool:
    """Return whether a criterion applies only where the denominator is above 0."""
    node = next(node for node in profile.rules.nodes() if node.id == node_id)
    if node.applies is None or not isinstance(node, Leaf):
        return False
    when = node.applies.when
    sides = when.of if isinstance(when, ex.All) else (when,)
    whole = {share.denominator for share in ex.shares_in(*scoring_expressions(node.scoring))}
    positive = {
        side.left
        for side in sides
        if isinstance(side, ex.Compare)
        and isinstance(side.right, ex.Constant)
        and _is_positive(side)
    }
    return whole <= positive


def _is_positive(side: ex.Compare) -> bool:
    """Return whether a comparison with a constant says that its left side is above 0."""
    assert isinstance(side.right, ex.Constant)
    return side.right.value > 0 or (side.right.value == 0 and side.sign == ">")
