"""Checks that released versions are unchanged, and that each new version says what it changes.

Results of an active version can be reproduced and verified only while its content is the same. So
it must not be changed or deleted; it may only be retired, by the keys that record its end. A new
version of a profile or a targets file names what it changes and why, in `changes`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from xhht.criteria.diagnostics import Diagnostic, DiagnosticCollector
from xhht.criteria.document import ChangeEntry, ProfileStatus, version_key
from xhht.criteria.profile import Profile
from xhht.criteria.targets import Programme
from xhht.criteria.writing import plain_value
from xhht.criteria.yaml_nodes import child
from xhht.issues import Mark
from xhht.text import suggestion

__all__ = ["Release", "changed_places", "check_releases", "reasons_between"]

Release: TypeAlias = Profile | Programme
"""A version of a profile or of a programme with its targets."""

_RETIREMENT_KEYS = ("/status", "/effective_to", "/ended_by", "/dates_source")
_NOT_NAMED = ("version", "status", "changes")
_MAX_SHOWN = 5


def check_releases(
    before: Iterable[Release], after: Iterable[Release], *, unreadable: Collection[str] = ()
) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each released version that was changed or is missing.

    Also for each new version of a released profile or programme that does not say what it changes.
    A programme has one file, so a later version replaces an earlier one.

    Args:
        before: the earlier profiles and programmes; drafts are ignored.
        after: the current ones.
        unreadable: versions, as `ID@VERSION`, that exist but cannot be read; they are ignored.
    """
    current = {item.reference: item for item in after}
    released = [
        item
        for item in before
        if item.document.status is not ProfileStatus.DRAFT and item.reference not in unreadable
    ]
    diagnostics: list[Diagnostic] = []
    for item in released:
        new = current.get(item.reference)
        if new is None:
            if not _is_replaced(item, current.values(), unreadable):
                diagnostics += _missing(item)
        else:
            diagnostics += _changed(item, new)
    known = {item.reference for item in released}
    for new in current.values():
        earlier = _latest_before(new, released)
        is_draft = new.document.status is ProfileStatus.DRAFT
        if new.reference not in known and not is_draft and earlier is not None:
            diagnostics += _undeclared(earlier, new)
    return tuple(diagnostics)


def reasons_between(old: Release, new: Release) -> tuple[ChangeEntry, ...]:
    """Return the changes that the versions after `old`, up to `new`, name.

    Without any if they are not versions of one profile or programme.
    """
    if old.id != new.id:
        return ()
    first, last = version_key(old.version), version_key(new.version)
    entries = new.document.changes or ()
    return tuple(entry for entry in entries if first < version_key(entry.version) <= last)


def _is_replaced(item: Release, current: Iterable[Release], unreadable: Collection[str]) -> bool:
    """Return whether a later version of a programme exists; it may have errors."""
    return isinstance(item, Programme) and (
        any(_is_later(new, item) for new in current)
        or any(reference.startswith(f"{item.id}@") for reference in unreadable)
    )


def _is_later(new: Release, old: Release) -> bool:
    is_same = new.id == old.id and isinstance(new, Programme) is isinstance(old, Programme)
    return is_same and version_key(new.version) > version_key(old.version)


def _latest_before(new: Release, released: Iterable[Release]) -> Release | None:
    earlier = [item for item in released if _is_later(new, item)]
    return max(earlier, key=lambda item: version_key(item.version), default=None)


def _missing(released: Release) -> Iterator[Diagnostic]:
    sink = DiagnosticCollector(released.file)
    mark = Mark(released.marks["/version"].line, released.marks["/version"].column)
    sink.add("XH505", mark, "/version", found=released.reference)
    yield from sink.diagnostics


def _changed(released: Release, new: Release) -> Iterator[Diagnostic]:
    changes = list(_differences(plain_value(released.document), plain_value(new.document), ""))
    if new.document.status is ProfileStatus.RETIRED:
        changes = [pointer for pointer in changes if not pointer.startswith(_RETIREMENT_KEYS)]
    if not changes:
        return
    pointer = changes[0]
    while pointer not in new.marks:
        pointer = pointer.rpartition("/")[0]
    sink = DiagnosticCollector(new.file)
    stated = {"found": released.reference, "changed": _listed(changes)}
    sink.add("XH504", new.marks[pointer], pointer, **stated)
    yield from sink.diagnostics


def _undeclared(old: Release, new: Release) -> Iterator[Diagnostic]:
    """Yield what the entries of a new version fail to say about its changes since another."""
    entries = [
        (index, entry)
        for index, entry in enumerate(new.document.changes or ())
        if version_key(old.version) < version_key(entry.version)
    ]
    sink = DiagnosticCollector(new.file)
    changed = changed_places(old, new)
    stated = {"found": new.reference, "before": old.version}
    if not any(entry.version == new.version for _, entry in entries):
        listed = _listed(changed)
        sink.add("XH391", new.marks["/version"], "/version", **stated, changed=listed)
        yield from sink.diagnostics
        return
    known = _Places(old).prefixes | _Places(new).prefixes
    for index, entry in entries:
        for position, place in enumerate(entry.at or ()):
            if place not in known:
                pointer = f"/changes/{index}/at/{position}"
                hint = suggestion(place, known)
                sink.add("XH392", new.marks[pointer], pointer, found=place, hint=hint)
    places = [place for _, entry in entries for place in entry.at or ("",)]
    open_ = [item for item in changed if not any(_covers(place, item) for place in places)]
    if open_:
        sink.add("XH393", new.marks["/changes"], "/changes", **stated, changed=_listed(open_))
    yield from sink.diagnostics


def _listed(places: list[str]) -> str:
    return ", ".join(places[:_MAX_SHOWN]) + (", …" if len(places) > _MAX_SHOWN else "")


def _covers(place: str, address: str) -> bool:
    return not place or address == place or address.startswith(f"{place}/")


def changed_places(old: Release, new: Release) -> list[str]:
    """Return the places whose content differs between two versions, by ids as in `changes`.

    What only one version has is one place.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
    >>> raised = xhht.dump_profile(profile).replace("floor: 5", "floor: 6", 1)
    >>> changed_places(profile, xhht.loads_profile(raised))
    ['criteria/A.1/floor']
    """
    before, after = _Places(old), _Places(new)
    changed = [
        address
        for address in {**after.values, **before.values}
        if before.values.get(address) != after.values.get(address)
    ]
    both = before.prefixes & after.prefixes
    shortened = [_shortened(address, both) for address in changed]
    return list(dict.fromkeys((*shortened, *_reordered(before, after))))


class _Places:
    """The values of a version by their places, and the ids in each of its lists.

    Attributes:
        values: the values that are neither a mapping nor a list of entries with ids.
        lists: the ids of the entries, by the place of the list; criteria are nested.
        prefixes: all places that an entry of `changes` can name.
    """

    def __init__(self, release: Release) -> None:
        self.values: dict[str, object] = {}
        self.lists: dict[str, list[str]] = {}
        for key, value in plain_value(release.document).items():
            if key not in _NOT_NAMED:
                self._add(key, key, value)
        self.prefixes = {
            "/".join(steps[: index + 1])
            for steps in (address.split("/") for address in self.values)
            for index in range(len(steps))
        }

    def _add(self, address: str, key: str, value: Any, parent: str = "") -> None:
        if isinstance(value, Mapping):
            for name, item in value.items():
                self._add(f"{address}/{name}", name, item)
        elif key in _BY_ID and isinstance(value, list):
            root = _BY_ID[key]
            self.lists[parent or root] = [entry["id"] for entry in value]
            for entry in value:
                place = f"{root}/{entry['id']}"
                for name, item in entry.items():
                    self._add(f"{place}/{name}", name, item, place)
        else:
            self.values[address] = value

    def parents(self) -> dict[str, str]:
        """Return the list that contains each entry, by the place of the entry."""
        return {
            f"{place.partition('/')[0]}/{name}": place
            for place, names in self.lists.items()
            for name in names
        }


def _reordered(before: _Places, after: _Places) -> Iterator[str]:
    """Yield the lists whose common entries have another order, and the entries that moved."""
    for place, names in after.lists.items():
        common = [name for name in before.lists.get(place, ()) if name in names]
        if common != [name for name in names if name in common]:
            yield place
    old_parents = before.parents()
    for place, parent in after.parents().items():
        if old_parents.get(place, parent) != parent:
            yield place


def _shortened(address: str, both: Collection[str]) -> str:
    """Return the first part of an address that only one version has, or that without language."""
    steps = address.split("/")
    for index in range(2 if steps[0] in _BY_ID else 1, len(steps)):
        prefix = "/".join(steps[:index])
        if prefix not in both:
            return prefix
    return address.removesuffix("/vi").removesuffix("/en")


_BY_ID = {
    "criteria": "criteria",
    "indicators": "criteria",
    "levels": "levels",
    "targets": "targets",
}
"""The lists whose entries have ids, and the first step of their places."""


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
