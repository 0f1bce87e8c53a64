"""Builds the definitions of a file: conditions and numbers that have a name."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from xhht.criteria._check_conditions import UNDETERMINED, ConditionReader
from xhht.criteria.document import DEFINED_AS, DefinitionEntry, Expression
from xhht.criteria.recovery import CheckContext
from xhht.criteria.yaml_nodes import child
from xhht.rules.expressions import Definition, NumberKind
from xhht.rules.parser import RESERVED, Scope, names_in


class DefinitionReader:
    """Builds the definitions of one file, each after those that it uses."""

    def __init__(self, report: CheckContext, scope: Scope, *, all_ids_known: bool = True) -> None:
        self._report = report
        self._scope = scope
        self._all_ids_known = all_ids_known
        self._entries: Mapping[str, DefinitionEntry] = {}
        self._definitions: dict[str, Definition] = {}
        self._open: list[str] = []

    def read(self, entries: Mapping[str, DefinitionEntry] | None) -> dict[str, Definition]:
        """Return the definitions by name, in the order of the file.

        One with an error, or that uses one, is undetermined.
        """
        self._entries = entries or {}
        for name in self._entries:
            self._read(name)
        return {name: self._definitions[name] for name in self._entries}

    def _read(self, name: str) -> None:
        if name in self._definitions:
            return
        entry, pointer = self._entries[name], child("/definitions", name)
        self._check_name(name, pointer)
        given = [key for key in DEFINED_AS if getattr(entry, key) is not None]
        if len(given) != 1:
            needs = (f"{pointer}/{key}" for key in DEFINED_AS if not given)
            self._report.report_error("XH386", pointer, *needs, keys=", ".join(DEFINED_AS))
            self._leave_open(name)
            return
        text = Expression(getattr(entry, given[0]))
        self._open.append(name)
        for used in sorted(names_in(text) & self._entries.keys()):
            if used in self._open:
                self._report_circle(used)
            else:
                self._read(used)
        self._open.pop()
        if name not in self._definitions:
            self._define(name, text, f"{pointer}/{given[0]}")

    def _check_name(self, name: str, pointer: str) -> None:
        if name in RESERVED:
            self._report.report_error("XH221", pointer, name=name)
        if name in self._scope.names:
            self._report.report_error("XH387", pointer, name=name)

    def _report_circle(self, start: str) -> None:
        """Report the circle that closes at `start`; every definition on it is undetermined."""
        circle = self._open[self._open.index(start) :]
        pointer = child("/definitions", start)
        self._report.report_error("XH385", pointer, circle=" → ".join((*circle, start)))
        for name in circle:
            self._leave_open(name)

    def _leave_open(self, name: str) -> None:
        self._report.mark_placeholder(child("/definitions", name))
        is_number = self._entries[name].when is None
        kind = NumberKind.NUMBER if is_number else None
        self._definitions[name] = Definition(name, kind, UNDETERMINED)

    def _define(self, name: str, text: Expression, pointer: str) -> None:
        scope = evolve(self._scope, definitions=self._definitions)
        reader = ConditionReader(self._report, scope, all_ids_known=self._all_ids_known)
        definition = reader.definition(name, text, pointer)
        if definition is None or pointer in self._report.undetermined_conditions:
            self._leave_open(name)
        else:
            self._definitions[name] = definition
