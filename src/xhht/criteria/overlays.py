"""Overlays: a profile written as another one with some values put in place of its own.

A province that keeps a ministry's criteria but for one mark writes `extends`, its `area`, and what
it overrides, each with reason and legal basis. The two files are joined before anything is typed,
so an overlay is checked, lowered and evaluated like any profile, and every value knows the file
and line that it came from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Protocol

from attrs import evolve

from xhht.criteria._report import Report
from xhht.criteria._yaml import Mapping, Node, Scalar, Sequence, read_yaml
from xhht.criteria.diagnostics import Diagnostic, Sink
from xhht.criteria.document import OverlayDocument, OverrideEntry
from xhht.criteria.reading import document_of

__all__ = ["Finder", "is_overlay", "joined"]


class Finder(Protocol):
    """Finds the files of bases."""

    def __call__(self, reference: str) -> tuple[bytes, str] | None:
        """Return content and name of the file that writes the profile `ID@VERSION`, or None."""
        ...

    def known(self) -> Collection[str]:
        """Return the profiles that can be found."""
        ...


_OWN = {
    "id",
    "version",
    "status",
    "area",
    "extends",
    "name",
    "effective_from",
    "effective_to",
    "dates_source",
    "ended_by",
    "legal_basis",
    "source_covers",
    "provenance",
    "note",
}
"""What an overlay says of itself; what it leaves out is the base's, but for `_NOT_INHERITED`."""

_NOT_INHERITED = {"area", "extends", "effective_from", "effective_to", "ended_by", "dates_source"}
_TOLD_BY_ID = ("criteria", "levels")
_BELOW = ("criteria", "indicators")


def is_overlay(node: Node) -> bool:
    """Return whether a file extends another."""
    return isinstance(node, Mapping) and node.get("extends") is not None


def joined(
    node: Node, report: Report, find: Finder, *, below: tuple[str, ...] = ()
) -> Mapping | None:
    """Return an overlay joined with what it extends; None where that cannot be read.

    Args:
        node: the overlay.
        report: where its faults go.
        find: finds the file of a base.
        below: the profiles that extend this one, the nearest last.
    """
    assert isinstance(node, Mapping)
    extends = node.get("extends")
    if isinstance(extends, Sequence):
        report.sink.add("XH606", extends.mark, "/extends")
        return None
    overlay = document_of(OverlayDocument, node, report)
    if overlay is None or not isinstance(extends, Scalar):
        return None
    chain = (*below, f"{overlay.id}@{overlay.version}")
    if overlay.extends in chain:
        circle = " → ".join((*chain, overlay.extends))
        report.sink.add("XH603", extends.mark, "/extends", circle=circle)
        return None
    base = _base(overlay.extends, extends, report, find, chain)
    return None if base is None else _Joining(base, node, overlay, report).result()


def _base(
    reference: str, extends: Scalar, report: Report, find: Finder, chain: tuple[str, ...]
) -> Mapping | None:
    found = find(reference)
    if found is None:
        likely = report.suggest(reference, find.known())
        report.sink.add("XH602", extends.mark, "/extends", found=reference, hint=likely)
        return None
    below = Report(Sink(found[1]))
    node, faults = _read_base(*found)
    for fault in faults:
        below.sink.take(fault)
    if node is not None and is_overlay(node):
        node = joined(node, below, find, below=chain)
    for fault in below.sink.found:
        report.sink.take(fault)
    return node if isinstance(node, Mapping) else None


@lru_cache(maxsize=8)
def _read_base(data: bytes, file: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Return a base's YAML and what was found; many overlays may rest on one."""
    sink = Sink(file)
    return read_yaml(data, sink), sink.found


class _Joining:
    def __init__(
        self, base: Mapping, node: Mapping, overlay: OverlayDocument, report: Report
    ) -> None:
        self._base, self._node, self._overlay, self._report = base, node, overlay, report

    def result(self) -> Mapping:
        whole = self._with_own(self._base)
        places: dict[str, int] = {}
        for at, entry in enumerate(self._overlay.overrides or ()):
            pointer = f"/overrides/{at}/at"
            if not self._report.is_whole(f"/overrides/{at}"):
                continue
            overlap = next((p for p in places if _overlap(p, entry.at)), None)
            if overlap is not None:
                line = self._report.mark(f"/overrides/{places[overlap]}/at").line
                self._report.fault("XH605", pointer, found=entry.at, line=line)
                continue
            places[entry.at] = at
            whole = self._apply(whole, entry, pointer)
        return whole

    def _with_own(self, base: Mapping) -> Mapping:
        own = {key.text: (key, value) for key, value in self._node.items if key.text in _OWN}
        kept = [
            own.pop(key.text, (key, value))
            for key, value in base.items
            if key.text in own or key.text not in _NOT_INHERITED
        ]
        return Mapping((*kept, *own.values()), self._node.mark)

    def _apply(self, whole: Mapping, entry: OverrideEntry, pointer: str) -> Mapping:
        steps = entry.at.split("/")
        if steps[0] in _OWN or steps[0] in ("format", "title", "overrides"):
            self._report.fault("XH607", pointer, found=steps[0])
            return whole
        assert isinstance(entry.value, (Scalar, Sequence, Mapping))
        removed = isinstance(entry.value, Scalar) and entry.value.is_null
        changed = _replaced(whole, steps, None if removed else entry.value)
        if changed is None:
            known = [*_addresses(whole)]
            hint = self._report.suggest(entry.at, known)
            self._report.fault("XH604", pointer, found=entry.at, hint=hint)
            return whole
        if _content(changed) == _content(whole):
            self._report.fault("XH608", pointer, found=entry.at)
        return changed


def _content(node: Node) -> object:
    """Return what a value says, wherever it stands."""
    if isinstance(node, Mapping):
        return {key.text: _content(value) for key, value in node.items}
    if isinstance(node, Sequence):
        return [_content(item) for item in node.items]
    return node.text if isinstance(node, Scalar) else None


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _replaced(node: Mapping, steps: list[str], value: Node | None) -> Mapping | None:
    """Return a mapping with the value at some steps replaced, or None where nothing is there."""
    first, rest = steps[0], steps[1:]
    if first in _TOLD_BY_ID and rest:
        return _replaced_in_list(node, first, rest, value)
    found = node.get(first)
    if not rest:
        return _set(node, first, value)
    if not isinstance(found, Mapping):
        return None
    below = _replaced(found, rest, value)
    return None if below is None else _set(node, first, below)


def _set(node: Mapping, name: str, value: Node | None) -> Mapping | None:
    if node.get(name) is None:
        if value is None:
            return None
        return evolve(node, items=(*node.items, (Scalar(name, value.mark, plain=True), value)))
    items = ((key, value if key.text == name else old) for key, old in node.items)
    return evolve(node, items=tuple((key, each) for key, each in items if each is not None))


def _replaced_in_list(
    node: Mapping, name: str, steps: list[str], value: Node | None
) -> Mapping | None:
    """Return a mapping with a criterion, indicator or level changed that is told by its id."""
    found = node.get(name)
    if not isinstance(found, Sequence):
        return None
    for at, item in enumerate(found.items):
        if not isinstance(item, Mapping):
            continue
        if _id_of(item) == steps[0]:
            new = _replaced(item, steps[1:], value) if steps[1:] else value
            if new is None and steps[1:]:
                return None
        else:
            new = _replaced_below(item, steps, value)
            if new is None:
                continue
        kept = () if new is None else (new,)
        items = (*found.items[:at], *kept, *found.items[at + 1 :])
        return _set(node, name, evolve(found, items=items))
    return None


def _replaced_below(item: Mapping, steps: list[str], value: Node | None) -> Mapping | None:
    for name in _BELOW:
        inner = _replaced_in_list(item, name, steps, value)
        if inner is not None:
            return inner
    return None


def _id_of(item: Mapping) -> str | None:
    found = item.get("id")
    return found.text if isinstance(found, Scalar) else None


def _addresses(node: Mapping) -> Iterator[str]:
    """Yield the places that an override may name, two steps deep."""
    for name in ("inputs", "values"):
        found = node.get(name)
        if isinstance(found, Mapping):
            yield from (f"{name}/{key.text}" for key, _ in found.items)
    levels = node.get("levels")
    if isinstance(levels, Sequence):
        yield from (f"levels/{_id_of(i)}" for i in levels.items if isinstance(i, Mapping))
    yield from (f"criteria/{node_id}" for node_id in _ids(node))


def _ids(node: Mapping) -> Iterator[str]:
    for name in _BELOW:
        found = node.get(name)
        for item in found.items if isinstance(found, Sequence) else ():
            if isinstance(item, Mapping):
                yield _id_of(item) or ""
                yield from _ids(item)
