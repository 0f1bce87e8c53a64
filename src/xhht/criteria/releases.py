"""Holds released versions to what they were: a change needs a version of its own.

What was evaluated by an active version can be evaluated again, and verified, only while the version
says the same. So it may not change or vanish; it may only be retired, by what tells of its end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from xhht.criteria._yaml import child
from xhht.criteria.diagnostics import Diagnostic, Mark, Sink
from xhht.criteria.document import Status
from xhht.criteria.profile import Profile
from xhht.criteria.writing import plain_value

__all__ = ["release_faults"]

_TELLS_OF_THE_END = ("/status", "/effective_to", "/ended_by", "/dates_source")
_MOST_SHOWN = 5


def release_faults(
    before: Iterable[Profile], now: Iterable[Profile], *, unread: Collection[str] = ()
) -> tuple[Diagnostic, ...]:
    """Return a finding for each released version that was changed or is gone.

    Args:
        before: the profiles as they were; drafts among them do not count.
        now: the profiles as they are.
        unread: versions, as `ID@VERSION`, that are there and cannot be read; nothing is said of
            them.
    """
    current = {profile.reference: profile for profile in now}
    found: list[Diagnostic] = []
    for released in before:
        if released.document.status is Status.DRAFT or released.reference in unread:
            continue
        new = current.get(released.reference)
        if new is None:
            sink = Sink(released.file)
            mark = Mark(released.marks["/version"].line, released.marks["/version"].column)
            sink.add("XH505", mark, "/version", found=released.reference)
            found += sink.found
        elif new.hash != released.hash:
            found += _changed(released, new)
    return tuple(found)


def _changed(released: Profile, new: Profile) -> Iterator[Diagnostic]:
    changes = list(_differences(plain_value(released.document), plain_value(new.document), ""))
    if new.document.status is Status.RETIRED:
        changes = [each for each in changes if not each.startswith(_TELLS_OF_THE_END)]
    if not changes:
        return
    shown = ", ".join(changes[:_MOST_SHOWN]) + (", …" if len(changes) > _MOST_SHOWN else "")
    place = changes[0]
    while place not in new.marks:
        place = place.rpartition("/")[0]
    sink = Sink(new.file)
    sink.add("XH504", new.marks[place], place, found=released.reference, changed=shown)
    yield from sink.found


def _differences(before: Any, now: Any, pointer: str) -> Iterator[str]:
    """Yield the JSON pointers of the values that differ."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in {**now, **before}:
            yield from _differences(before.get(key), now.get(key), child(pointer, key))
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for at, (old, new) in enumerate(zip(before, now, strict=True)):
            yield from _differences(old, new, f"{pointer}/{at}")
    elif before != now:
        yield pointer
