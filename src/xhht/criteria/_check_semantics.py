"""Semantic checks of a profile: unreachable levels, zero denominators, unused inputs.

If a file has errors, only the checks that do not depend on them are made.
"""

from __future__ import annotations

from collections.abc import Iterator

from xhht.criteria.document import LevelEntry
from xhht.criteria.recovery import (
    CheckContext,
    points_are_certain,
    unreliable_criteria,
    unreliable_levels,
    uses_are_certain,
)
from xhht.numbers import decimal_text
from xhht.rules import expressions as ex
from xhht.rules.analysis import DomainAnalysis
from xhht.rules.lowering import lower
from xhht.rules.model import Leaf, Requirement, Rules, TreeNode, expressions_of
from xhht.rules.plan import LevelPlan, Plan, SharePlan
from xhht.rules.scoring import ConditionPart, MetByLevel


class SemanticChecker:
    """Checks the meaning of one file, as far as it could be read.

    Attributes:
        plan: the lowered rules, or None if points are in doubt.
        is_complete: whether every check could be made.
    """

    def __init__(
        self,
        rules: Rules,
        pointers: dict[str, str],
        levels: tuple[LevelEntry, ...],
        report: CheckContext,
    ) -> None:
        self._rules = rules
        self._pointers = pointers
        self._entries = levels
        self._report = report
        self._reach = DomainAnalysis(rules.inputs)
        self._doubtful_levels = unreliable_levels(report)
        self._doubtful_criteria = unreliable_criteria(report)
        self._uses_are_certain = uses_are_certain(report)
        self.plan: Plan | None = lower(rules) if points_are_certain(report) else None
        self.is_complete = not (
            self.plan is None
            or self._doubtful_levels
            or self._doubtful_criteria
            or report.undetermined_conditions
            or not self._uses_are_certain
        )

    def check(self) -> None:
        """Report every diagnostic about the meaning."""
        if self.plan is not None:
            self._check_levels(self.plan)
            self._check_floors(self.plan)
        for node in self._rules.nodes():
            pointer = self._pointers.get(node.id)
            if pointer is not None:
                self._check_node(node, pointer)
        for definition in self._rules.definitions:
            if definition.kind is None and self._reach.is_never_true(definition.tree):
                self._add("XH402", f"/definitions/{definition.name}/when")
        for index, rule in enumerate(self._rules.levels):
            if self._reach.is_never_true(rule.when):
                self._add("XH402", f"/levels/{index}/when")
        possible = self._possible_uses() if self._uses_are_certain else set()
        if self._uses_are_certain and not self._report.suggest.is_spent:
            self._check_uses(possible)

    def _add(self, code: str, pointer: str, **values: object) -> None:
        self._report.sink.add(code, self._report.mark(pointer), pointer, **values)

    # Levels

    def _check_levels(self, plan: Plan) -> None:
        without_points = {
            share.level
            for share in plan.shares
            if share.of_points and plan.bounds[share.denominator][1] <= 0
        }
        for index, level in enumerate(plan.levels):
            if index in without_points:
                self._add("XH403", f"/levels/{index}/when")
            elif index not in self._doubtful_levels:
                self._check_level(plan, index, level)
        undefined = (
            (self._undefined_code(plan, share), share.level)
            for share in plan.shares
            if share.node is None and share.level not in without_points
        )
        for code, level_index in dict.fromkeys(undefined):
            self._add(code, f"/levels/{level_index}/when")

    @staticmethod
    def _undefined_code(plan: Plan, share: SharePlan) -> str:
        if share.of_points:
            return "XH406"
        return "XH353" if plan.bounds[share.denominator][1] <= 0 else "XH405"

    def _check_level(self, plan: Plan, index: int, level: LevelPlan) -> None:
        if plan.bounds[level.award][1] == 0:
            maximum = decimal_text(plan.grid.number(plan.maximum))
            self._add("XH401", f"/levels/{index}/when", level=level.id, maximum=maximum)

    # Criteria

    def _check_floors(self, plan: Plan) -> None:
        minima = {node.id: node.minimum for node in plan.nodes}
        for node in self._rules.nodes():
            pointer = self._pointers.get(node.id)
            is_barrier = node.requirement is not Requirement.ADVISORY and node.floor == 0
            if pointer is not None and is_barrier and minima[node.id] < 0:
                self._add("XH350", f"{pointer}/floor", node=node.id)

    def _check_node(self, node: TreeNode, pointer: str) -> None:
        trees = expressions_of(node)
        if pointer not in self._doubtful_criteria and self._reach.may_divide_by_zero(*trees):
            if self._reach.always_divides_by_zero(*trees):
                self._add("XH353", pointer)
            elif not _is_guarded(node):
                self._add("XH405", pointer)
        for key, condition in _conditions(node):
            if self._reach.is_never_true(condition):
                self._add("XH402", f"{pointer}/{key}")

    # Inputs

    def _check_uses(self, possible: set[str]) -> None:
        used = self._used() | possible
        for declared in self._rules.inputs:
            name = declared.declared_input.name
            if declared.name not in used:
                self._add("XH233", f"/inputs/{name}", name=name)
        for value in self._rules.values:
            if value.name not in used:
                self._add("XH243", f"/values/{value.name}", name=value.name)
        for definition in self._rules.definitions:
            if definition.name not in used:
                self._add("XH388", f"/definitions/{definition.name}", name=definition.name)

    def _used(self) -> set[str]:
        names: set[str] = set()
        trees: list[object] = [rule.when for rule in self._rules.levels]
        for node in self._rules.nodes():
            trees += expressions_of(node)
        trees += (definition.tree for definition in self._rules.definitions)
        names |= {*ex.input_names(*trees), *(n for tree in trees for n in ex.names_in(tree))}
        for rule in self._rules.levels:
            names |= {*rule.requires.inputs()} if rule.requires else set()
        for declared in self._rules.inputs:
            names |= {declared.name, declared.at_most} if declared.at_most else set()
        return names

    def _possible_uses(self) -> set[str]:
        """Return the inputs, values and definitions that expressions with errors may refer to."""
        names = [declared.declared_input.name for declared in self._rules.inputs]
        names += [value.name for value in self._rules.values]
        names += [definition.name for definition in self._rules.definitions]
        words = {word for words in self._report.undetermined_conditions.values() for word in words}
        words |= {declared.at_most for declared in self._rules.inputs if declared.at_most}
        required = [entry.requires for entry in self._entries if entry.requires]
        words |= {name for rule in required for name in (rule.since, rule.held) if name}
        likely = {self._report.suggest(word, names) for word in words.difference(names)}
        return words | {name for name in likely if name}


def _conditions(node: TreeNode) -> Iterator[tuple[str, ex.Condition]]:
    """Yield the conditions of a criterion, each with its key."""
    if node.applies is not None:
        yield "applies_when", node.applies.when
    if isinstance(node, Leaf):
        for part in node.scoring.parts():
            if isinstance(part, ConditionPart):
                yield "/".join(map(str, part.path)), part.value


def _is_guarded(node: TreeNode) -> bool:
    """Return whether a criterion applies only if the denominators of its scoring are above 0."""
    if not isinstance(node, Leaf):
        return False
    own = [node.applies.when] if node.applies is not None else []
    if not isinstance(node.scoring, MetByLevel):
        return _denominators(*node.scoring.expressions()) <= _positive(*own)
    for mark in node.scoring.marks:
        guards = [*own, mark.applies] if mark.applies is not None else own
        if not _denominators(mark.when, mark.applies) <= _positive(*guards):
            return False
    return True


def _denominators(*trees: object) -> set[object]:
    return {share.denominator for share in ex.shares_in(*trees)}


def _positive(*guards: ex.Condition) -> set[object]:
    """Return the numbers that are above 0 wherever all of some conditions hold."""
    sides = [side for when in guards for side in (when.of if isinstance(when, ex.All) else (when,))]
    return {
        side.left
        for side in sides
        if isinstance(side, ex.Compare)
        and isinstance(side.right, ex.Constant)
        and _is_positive(side)
    }


def _is_positive(side: ex.Compare) -> bool:
    """Return whether a comparison with a constant implies that its left side is above 0."""
    assert isinstance(side.right, ex.Constant)
    return side.right.value > 0 or (side.right.value == 0 and side.sign == ">")
