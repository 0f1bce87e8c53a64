"""Builds the definitions of a file: conditions and numbers that have a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve

from xhht.criteria._check_conditions import UNDETERMINED, ConditionReader
from xhht.criteria.document import DEFINED_AS, DefinitionEntry, Expression
from xhht.criteria.recovery import CheckContext
from xhht.criteria.yaml_nodes import child
from xhht.rules.expressions import Definition, NumberKind
from xhht.rules.parser import RESERVED, Scope, names_in

_MOST_SHOWN = 10
"""The number of definitions of a circle that a message names."""


class DefinitionReader:
    """Builds the definitions of one file, each after those that it uses."""

    def __init__(self, report: CheckContext, scope: Scope, *, all_ids_known: bool = True) -> None:
        self._report = report
        self._outside = scope.names
        self._entries: Mapping[str, DefinitionEntry] = {}
        self._definitions: dict[str, Definition] = {}
        self._scope = scope
        self._all_ids_known = all_ids_known
        self._done: set[str] = set()

    def read(self, entries: Mapping[str, DefinitionEntry] | None) -> dict[str, Definition]:
        """Return the definitions by name, in the order of the file.

        One with an error, or that uses one, is undetermined.
        """
        self._entries = entries or {}
        self._definitions = {name: self._undetermined(name) for name in self._entries}
        scope = evolve(self._scope, definitions=self._definitions)
        self._conditions = ConditionReader(self._report, scope, all_ids_known=self._all_ids_known)
        for name in self._entries:
            self._read(name)
        return self._definitions

    def _read(self, first: str) -> None:
        """Read a definition after all that it uses, without recursion: a chain may be long."""
        path: dict[str, Iterator[str]] = {}
        upcoming: str | None = first
        while upcoming is not None:
            if upcoming in path:
                self._report_circle(list(path), upcoming)
            elif upcoming not in self._done:
                path[upcoming] = iter(self._uses(upcoming))
            upcoming = None
            while path and upcoming is None:
                name = next(reversed(path))
                upcoming = next(path[name], None)
                if upcoming is None:
                    del path[name]
                    self._define(name)

    def _given(self, name: str) -> list[str]:
        return [key for key in DEFINED_AS if getattr(self._entries[name], key) is not None]

    def _uses(self, name: str) -> list[str]:
        """Check the head of a definition; return the definitions that it uses."""
        pointer = child("/definitions", name)
        if name in RESERVED:
            self._report.report_error("XH221", pointer, name=name)
        if name in self._outside:
            self._report.report_error("XH387", pointer, name=name)
        given = self._given(name)
        if len(given) != 1:
            needs = (f"{pointer}/{key}" for key in DEFINED_AS if not given)
            self._report.report_error("XH386", pointer, *needs, keys=", ".join(DEFINED_AS))
            self._leave_open(name)
            return []
        return sorted(names_in(getattr(self._entries[name], given[0])) & self._entries.keys())

    def _report_circle(self, path: list[str], start: str) -> None:
        """Report the circle that closes at `start`; every definition on it is undetermined."""
        circle = path[path.index(start) :]
        shown = circle if len(circle) <= _MOST_SHOWN else [*circle[: _MOST_SHOWN - 1], "…"]
        pointer = child("/definitions", start)
        self._report.report_error("XH385", pointer, circle=" → ".join((*shown, start)))
        for name in circle:
            self._leave_open(name)

    def _undetermined(self, name: str) -> Definition:
        is_number = self._entries[name].when is None
        return Definition(name, NumberKind.NUMBER if is_number else None, UNDETERMINED)

    def _leave_open(self, name: str) -> None:
        self._report.mark_placeholder(child("/definitions", name))
        self._conditions.doubt(name)
        self._definitions[name] = self._undetermined(name)
        self._done.add(name)

    def _define(self, name: str) -> None:
        if name in self._done:
            return
        (key,) = self._given(name)
        pointer = f"{child('/definitions', name)}/{key}"
        text = Expression(getattr(self._entries[name], key))
        definition = self._conditions.definition(name, text, pointer)
        if definition is None or pointer in self._report.undetermined_conditions:
            self._leave_open(name)
        else:
            self._definitions[name] = definition
            self._done.add(name)
