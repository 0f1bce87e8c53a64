"""Overlays: a profile defined as another profile with some values overridden.

A province that uses a ministry's criteria with one different threshold writes `extends`, its
`area`, and its overrides, each with reason and legal basis. The two files are merged before typing,
so an overlay is checked, lowered and evaluated like any profile, and every value keeps the file
and line that it comes from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Protocol

from attrs import evolve

from xhht.criteria.decoding import document_of
from xhht.criteria.diagnostics import Diagnostic, DiagnosticCollector
from xhht.criteria.document import OverlayDocument, OverrideEntry
from xhht.criteria.recovery import CheckContext
from xhht.criteria.yaml_nodes import Mapping, Node, Scalar, Sequence, read_yaml

__all__ = ["Finder", "is_overlay", "merged_overlay"]


class Finder(Protocol):
    """Finds the files of bases."""

    def __call__(self, reference: str) -> tuple[bytes, str] | None:
        """Return content and name of the file with the profile `ID@VERSION`, or None."""
        ...

    def known(self) -> Collection[str]:
        """Return the known profiles."""
        ...


_OWN_KEYS = {
    "id",
    "version",
    "status",
    "area",
    "extends",
    "name",
    "effective_from",
    "effective_to",
    "no_subjects_from",
    "dates_source",
    "ended_by",
    "legal_basis",
    "source_covers",
    "provenance",
    "note",
    "at_close",
    "changes",
}
"""Keys that an overlay sets itself; omitted ones are inherited, except `_NOT_INHERITED`."""

_NOT_INHERITED = {
    "area",
    "extends",
    "effective_from",
    "effective_to",
    "ended_by",
    "dates_source",
    "changes",
}
_LISTS_BY_ID = ("criteria", "levels")
_CHILD_KEYS = ("criteria", "indicators")


def is_overlay(node: Node) -> bool:
    """Return whether a file extends another."""
    return isinstance(node, Mapping) and node.get("extends") is not None


def merged_overlay(
    node: Node, report: CheckContext, find: Finder, *, below: tuple[str, ...] = ()
) -> Mapping | None:
    """Return an overlay merged with its base, or None if the base cannot be read.

    Args:
        node: the overlay.
        report: collects its errors.
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
        cycle = " → ".join((*chain, overlay.extends))
        report.sink.add("XH603", extends.mark, "/extends", circle=cycle)
        return None
    base = _base(overlay.extends, extends, report, find, chain)
    return None if base is None else _Merge(base, node, overlay, report).result()


def _base(
    reference: str, extends: Scalar, report: CheckContext, find: Finder, chain: tuple[str, ...]
) -> Mapping | None:
    source = find(reference)
    if source is None:
        likely = report.suggest(reference, find.known())
        report.sink.add("XH602", extends.mark, "/extends", found=reference, hint=likely)
        return None
    base_report = CheckContext(DiagnosticCollector(source[1]))
    node, diagnostics = _read_base(*source)
    for diagnostic in diagnostics:
        base_report.sink.add_existing(diagnostic)
    if node is not None and is_overlay(node):
        node = merged_overlay(node, base_report, find, below=chain)
    for diagnostic in base_report.sink.diagnostics:
        report.sink.add_existing(diagnostic)
    return node if isinstance(node, Mapping) else None


@lru_cache(maxsize=8)
def _read_base(data: bytes, file: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Return the YAML of a base and its diagnostics; cached for overlays of the same base."""
    sink = DiagnosticCollector(file)
    return read_yaml(data, sink), sink.diagnostics


class _Merge:
    def __init__(
        self, base: Mapping, node: Mapping, overlay: OverlayDocument, report: CheckContext
    ) -> None:
        self._base, self._node, self._overlay, self._report = base, node, overlay, report

    def result(self) -> Mapping:
        merged = self._with_own(self._base)
        places: dict[str, int] = {}
        for index, entry in enumerate(self._overlay.overrides or ()):
            pointer = f"/overrides/{index}/at"
            if not self._report.is_complete(f"/overrides/{index}"):
                continue
            overlap = next((p for p in places if _overlap(p, entry.at)), None)
            if overlap is not None:
                line = self._report.mark(f"/overrides/{places[overlap]}/at").line
                self._report.report_error("XH605", pointer, found=entry.at, line=line)
                continue
            places[entry.at] = index
            merged = self._apply(merged, entry, pointer)
        return merged

    def _with_own(self, base: Mapping) -> Mapping:
        own = {key.text: (key, value) for key, value in self._node.items if key.text in _OWN_KEYS}
        kept = [
            own.pop(key.text, (key, value))
            for key, value in base.items
            if key.text in own or key.text not in _NOT_INHERITED
        ]
        return Mapping((*kept, *own.values()), self._node.mark)

    def _apply(self, merged: Mapping, entry: OverrideEntry, pointer: str) -> Mapping:
        steps = entry.at.split("/")
        if steps[0] in _OWN_KEYS or steps[0] in ("format", "title", "overrides"):
            self._report.report_error("XH607", pointer, found=steps[0])
            return merged
        assert isinstance(entry.value, (Scalar, Sequence, Mapping))
        removed = isinstance(entry.value, Scalar) and entry.value.is_null
        changed = _replaced(merged, steps, None if removed else entry.value)
        if changed is None:
            known = [*_addresses(merged)]
            hint = self._report.suggest(entry.at, known)
            self._report.report_error("XH604", pointer, found=entry.at, hint=hint)
            return merged
        if _content(changed) == _content(merged):
            self._report.report_error("XH608", pointer, found=entry.at)
        return changed


def _content(node: Node) -> object:
    """Return a value without its location."""
    if isinstance(node, Mapping):
        return {key.text: _content(value) for key, value in node.items}
    if isinstance(node, Sequence):
        return [_content(item) for item in node.items]
    return node.text if isinstance(node, Scalar) else None


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _replaced(node: Mapping, steps: list[str], value: Node | None) -> Mapping | None:
    """Return a mapping with the value at a path replaced, or None if the path does not exist."""
    first, remaining = steps[0], steps[1:]
    if first in _LISTS_BY_ID and remaining:
        return _replaced_in_list(node, first, remaining, value)
    if not remaining:
        return _set(node, first, value)
    child_node = node.get(first)
    if not isinstance(child_node, Mapping):
        return None
    changed = _replaced(child_node, remaining, value)
    return None if changed is None else _set(node, first, changed)


def _set(node: Mapping, name: str, value: Node | None) -> Mapping | None:
    if node.get(name) is None:
        if value is None:
            return None
        return evolve(node, items=(*node.items, (Scalar(name, value.mark, plain=True), value)))
    items = ((key, value if key.text == name else old) for key, old in node.items)
    return evolve(node, items=tuple((key, item) for key, item in items if item is not None))


def _replaced_in_list(
    node: Mapping, name: str, steps: list[str], value: Node | None
) -> Mapping | None:
    """Return a mapping with one criterion, indicator or level replaced, identified by its id."""
    sequence = node.get(name)
    if not isinstance(sequence, Sequence):
        return None
    for index, item in enumerate(sequence.items):
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
        items = (*sequence.items[:index], *kept, *sequence.items[index + 1 :])
        return _set(node, name, evolve(sequence, items=items))
    return None


def _replaced_below(item: Mapping, steps: list[str], value: Node | None) -> Mapping | None:
    for name in _CHILD_KEYS:
        inner = _replaced_in_list(item, name, steps, value)
        if inner is not None:
            return inner
    return None


def _id_of(item: Mapping) -> str | None:
    value = item.get("id")
    return value.text if isinstance(value, Scalar) else None


def _addresses(node: Mapping) -> Iterator[str]:
    """Yield the paths that an override can name, two steps deep."""
    for name in ("inputs", "values", "definitions", "choice_lists"):
        section = node.get(name)
        if isinstance(section, Mapping):
            yield from (f"{name}/{key.text}" for key, _ in section.items)
    levels = node.get("levels")
    if isinstance(levels, Sequence):
        yield from (f"levels/{_id_of(i)}" for i in levels.items if isinstance(i, Mapping))
    yield from (f"criteria/{node_id}" for node_id in _ids(node))


def _ids(node: Mapping) -> Iterator[str]:
    for name in _CHILD_KEYS:
        section = node.get(name)
        for item in section.items if isinstance(section, Sequence) else ():
            if isinstance(item, Mapping):
                yield _id_of(item) or ""
                yield from _ids(item)
