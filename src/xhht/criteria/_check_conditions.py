"""Reads the conditions and numbers of a file and reports their errors."""

from __future__ import annotations

import re

from xhht.criteria.document import Expression
from xhht.criteria.recovery import CheckContext, unreliable_names
from xhht.criteria.yaml_nodes import child
from xhht.numbers import MAX_DIGITS
from xhht.rules import expressions as ex
from xhht.rules.parser import (
    ConditionIssue,
    Scope,
    parse_condition,
    parse_definition,
    parse_number,
)

UNDETERMINED = ex.Unknown()


"""The placeholder for a condition with an error."""


_WORD = re.compile(r"[a-z][a-z0-9_]*")


_SYNTAX_ERRORS = {"XH201", "XH203", "XH206", "XH210", "XH211", "XH212", "XH214", "XH395"}


class ConditionReader:
    """Reads conditions and numbers in one scope.

    With `all_ids_known`, the scope names every criterion of the file.
    """

    def __init__(self, report: CheckContext, scope: Scope, *, all_ids_known: bool = True) -> None:
        self._report = report
        self._scope = scope
        self._all_ids_known = all_ids_known
        self._doubtful_values = unreliable_names(report, "values")
        self._doubtful_values |= unreliable_names(report, "definitions")
        self._doubtful = unreliable_names(report, "inputs") | self._doubtful_values

    def doubt(self, name: str) -> None:
        """Note that a definition has an error, or uses one that has."""
        self._doubtful_values |= {name}
        self._doubtful |= {name}

    def condition(self, text: Expression, pointer: str) -> ex.Condition:
        """Return the condition at `pointer`, or `UNDETERMINED` if it has an error."""
        condition, issues = parse_condition(text, self._scope)
        self._report_issues(issues, text, pointer)
        self._note_undetermined(condition, text, pointer)
        return UNDETERMINED if condition is None else condition

    def number(self, text: Expression, pointer: str) -> ex.Number | None:
        """Return the number at `pointer`, or None if it has an error."""
        number, issues = parse_number(text, self._scope)
        self._report_issues(issues, text, pointer)
        self._note_undetermined(number, text, pointer)
        return number

    def definition(self, name: str, text: Expression, pointer: str) -> ex.Definition | None:
        """Return the definition at `pointer`, or None if it has an error."""
        is_condition = pointer.endswith("/when")
        definition, issues = parse_definition(name, text, self._scope, is_condition=is_condition)
        self._report_issues(issues, text, pointer)
        self._note_undetermined(definition and definition.tree, text, pointer)
        return definition

    def _note_undetermined(self, tree: object, text: Expression, pointer: str) -> None:
        """Remember an expression as undetermined if it, or a name in it, has an error."""
        parts = tuple(ex.distinct(tree))
        too_long = any(
            isinstance(part, ex.Constant) and len(str(part.value)) > 2 * MAX_DIGITS
            for part in parts
        )
        if too_long:
            self._report.report_error("XH302", pointer)
        names = {*ex.input_names(tree), *ex.names_in(tree)}
        if tree is None or too_long or not self._doubtful.isdisjoint(names):
            self._report.undetermined_conditions[pointer] = _WORD.findall(text)

    def _report_issues(
        self, issues: tuple[ConditionIssue, ...], text: Expression, pointer: str
    ) -> None:
        if not self._report.is_read(pointer):
            return
        scalar = self._report.expressions[pointer]
        for issue in issues:
            if self._is_certain(issue, text):
                mark = scalar.mark_at(issue.offset)
                self._report.sink.add(issue.code, mark, pointer, **issue.values)

    def _is_certain(self, issue: ConditionIssue, text: Expression) -> bool:
        """Return whether an issue is independent of the values that could not be read."""
        is_read = self._report.is_read
        if issue.code in _SYNTAX_ERRORS:
            return True
        if issue.code == "XH208":
            return self._all_ids_known
        sections = ("/inputs", "/values", "/definitions")
        return all(map(is_read, sections)) and (
            issue.code == "XH202" or all(self._kind_is_read(name) for name in _WORD.findall(text))
        )

    def _kind_is_read(self, name: str) -> bool:
        if name in self._doubtful_values:
            return False
        pointer = child("/inputs", name)
        return all(self._report.is_read(f"{pointer}/{key}") for key in ("type", "choices"))
