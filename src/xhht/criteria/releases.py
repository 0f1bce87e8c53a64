"""Checks that released versions are unchanged: every change needs a new version.

Results of an active version can be reproduced and verified only while its content is the same. So
it must not be changed or deleted; it may only be retired, by the keys that record its end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from xhht.criteria.diagnostics import Diagnostic, DiagnosticCollector
from xhht.criteria.document import ProfileStatus
from xhht.criteria.profile import Profile
from xhht.criteria.writing import plain_value
from xhht.criteria.yaml_nodes import child
from xhht.issues import Mark

__all__ = ["check_releases"]

_RETIREMENT_KEYS = ("/status", "/effective_to", "/ended_by", "/dates_source")
_MAX_SHOWN = 5


def check_releases(
    before: Iterable[Profile], after: Iterable[Profile], *, unreadable: Collection[str] = ()
) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each released version that was changed or is missing.

    Args:
        before: the earlier profiles; drafts are ignored.
        after: the current profiles.
        unreadable: versions, as `ID@VERSION`, that exist but cannot be read; they are ignored.
    """
    current = {profile.reference: profile for profile in after}
    diagnostics: list[Diagnostic] = []
    for released in before:
        if released.document.status is ProfileStatus.DRAFT or released.reference in unreadable:
            continue
        new = current.get(released.reference)
        if new is None:
            sink = DiagnosticCollector(released.file)
            mark = Mark(released.marks["/version"].line, released.marks["/version"].column)
            sink.add("XH505", mark, "/version", found=released.reference)
            diagnostics += sink.diagnostics
        elif new.hash != released.hash:
            diagnostics += _changed(released, new)
    return tuple(diagnostics)


def _changed(released: Profile, new: Profile) -> Iterator[Diagnostic]:
    changes = list(_differences(plain_value(released.document), plain_value(new.document), ""))
    if new.document.status is ProfileStatus.RETIRED:
        changes = [pointer for pointer in changes if not pointer.startswith(_RETIREMENT_KEYS)]
    if not changes:
        return
    shown = ", ".join(changes[:_MAX_SHOWN]) + (", …" if len(changes) > _MAX_SHOWN else "")
    pointer = changes[0]
    while pointer not in new.marks:
        pointer = pointer.rpartition("/")[0]
    sink = DiagnosticCollector(new.file)
    sink.add("XH504", new.marks[pointer], pointer, found=released.reference, changed=shown)
    yield from sink.diagnostics


def _differences(before: Any, now: Any, pointer: str) -> Iterator[str]:
    """Yield the JSON pointers of the values that differ."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in {**now, **before}:
            yield from _differences(before.get(key), now.get(key), child(pointer, key))
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for index, (old, new) in enumerate(zip(before, now, strict=True)):
            yield from _differences(old, new, f"{pointer}/{index}")
    elif before != now:
        yield pointer
