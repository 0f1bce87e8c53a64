"""Lowers a profile's rules to a plan of integer-interval operators."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import evolve

from xhht.rules import expressions as ex
from xhht.rules._branches import BranchLowering
from xhht.rules._builder import Builder, LinearForm
from xhht.rules._conditions import ConditionLowering
from xhht.rules._dated import read_once
from xhht.rules._exactness import non_monotone_unknowns
from xhht.rules._leaves import LeafLowering, expressions_of, scoring_expressions
from xhht.rules._levels import LevelTotals, LoweredTree
from xhht.rules._scored import LoweredNode, LoweringContext
from xhht.rules.inputs import bound_propagation_order
from xhht.rules.model import Branch, Leaf, LevelRule, NaPolicy, Requirement, Rules, TreeNode
from xhht.rules.plan import AsOfDay, LevelPlan, NodePlan, Plan, SharePlan

__all__ = ["expressions_of", "lower", "scoring_expressions"]


def lower(rules: Rules, waived: frozenset[str] = frozenset()) -> Plan:
    """Return the plan of `rules`.

    Args:
        rules: checked rules; names, types and the grid are assumed valid.
        waived: indicators waived by an authority: they have all their points, whatever the facts.
    """
    return _Lowering(rules, waived).plan()


class _Lowering:
    def __init__(self, rules: Rules, waived: frozenset[str]) -> None:
        self.rules = rules
        self.waived = waived
        self.build = Builder(rules.inputs)
        self.conditions = ConditionLowering(self.build)
        self.context = LoweringContext(self.build, self.conditions, rules.grid)
        self.leaves, self.branches = LeafLowering(self.context), BranchLowering(self.context)
        self.index = {declared.name: i for i, declared in enumerate(rules.inputs)}
        self.scored: dict[str, LoweredNode] = {}

    def plan(self) -> Plan:
        root = Branch(id="", children=self.rules.criteria)
        total = self._score(root)
        tree = LoweredTree.of(root, self.scored, self.build)
        gate = self.build.all_of(self._barriers(tree))
        conditions = ConditionLowering(self.build, LevelTotals(self.context, total, tree))
        levels = tuple(self._level(rule, gate, conditions) for rule in self.rules.levels)
        nodes = tuple(self._node_plan(node, tree.within[node.id]) for node in self.rules.nodes())
        shares = self._shares(conditions, total.available)
        doubtful, marks = self._marks()
        operators, bounds = tuple(self.build.operators), tuple(self.build.bounds)
        results = (total.points, *(level.award for level in levels))
        non_monotone = non_monotone_unknowns(operators, bounds, results)
        return Plan(
            inputs=self.rules.inputs,
            bound_pairs=bound_propagation_order(self.rules.inputs) or (),
            operators=operators,
            bounds=bounds,
            nodes=nodes,
            levels=levels,
            points=total.points,
            available=total.available,
            maximum=total.maximum,
            gate=gate,
            shares=shares,
            non_monotone_inputs=non_monotone.inputs,
            non_monotone_thresholds=marks if non_monotone.marks else doubtful,
            grid=self.rules.grid,
            uses_as_of=any(isinstance(operator, AsOfDay) for operator in operators),
        )

    def _score(self, node: TreeNode) -> LoweredNode:
        if isinstance(node, Leaf):
            applicable = self.leaves.score(node, waived=node.id in self.waived)
        else:
            children = [self._score(child) for child in node.children]
            applicable, counted = self.branches.score(node, children)
            self.scored.update((child.node.id, child) for child in counted)
        scored = self._apply(applicable)
        self.scored[node.id] = scored
        return scored

    def _apply(self, applicable: LoweredNode) -> LoweredNode:
        """Return the criterion with its points, maximum and truth when it does not apply."""
        rule = applicable.node.applies
        if rule is None:
            return applicable
        truth = self.conditions.truth(rule.when)
        policy, build = rule.policy, self.build
        points_outside = applicable.available if policy is NaPolicy.FULL else build.known(0)
        keeps_maximum = policy in (NaPolicy.FULL, NaPolicy.ZERO)
        applies = build.all_of([truth, applicable.applies])
        not_applicable_is_met = build.known(int(policy is NaPolicy.FULL))
        return evolve(
            applicable,
            points=build.choose(truth, applicable.earned, points_outside),
            available=applicable.available
            if keeps_maximum
            else build.choose(truth, applicable.available, build.known(0)),
            met=build.choose(truth, applicable.met, not_applicable_is_met),
            applies=applies,
        )

    def _barriers(self, tree: LoweredTree) -> Iterator[int]:
        """Yield the truths that every level requires."""
        for scored in tree.counted():
            not_applicable = self.build.negation(tree.within[scored.node.id])
            if scored.node.requirement is Requirement.MUST:
                yield self.build.any_of([not_applicable, scored.met])
            floor_reached = self._floor(scored)
            if floor_reached is not None:
                yield self.build.any_of([not_applicable, floor_reached])

    def _floor(self, scored: LoweredNode) -> int | None:
        if scored.node.floor is None:
            return None
        margin = LinearForm(
            {scored.own_points: Fraction(1)}, Fraction(-self.rules.grid.units(scored.node.floor))
        )
        return self.build.at_least_zero(margin)

    def _level(self, rule: LevelRule, gate: int, conditions: ConditionLowering) -> LevelPlan:
        parts = [conditions.truth(rule.when)]
        names = list(ex.input_names(rule.when))
        if rule.requires is not None:
            since = ex.NumberInput(rule.requires.since)
            long_enough = ex.Compare(">=", ex.AsOf(rule.requires.months), since)
            parts.append(conditions.truth(long_enough))
            names.append(rule.requires.since)
        when = self.build.all_of(parts)
        return LevelPlan(
            id=rule.id,
            award=self.build.all_of([gate, when]),
            when=when,
            inputs=tuple(self.index[name] for name in names),
            unknown_threshold=conditions.depends_on_unknown(rule.when),
        )

    def _node_plan(self, node: TreeNode, within: int) -> NodePlan:
        scored = self.scored[node.id]
        reads = scoring_expressions(node.scoring) if isinstance(node, Leaf) else ()
        decides = (node.applies.when,) if node.applies else ()
        return NodePlan(
            id=node.id,
            is_leaf=isinstance(node, Leaf),
            points=scored.points,
            own_points=scored.own_points,
            available=scored.available,
            maximum=scored.maximum,
            minimum=self.build.bounds[scored.own_points][0],
            met=scored.met,
            applies=within,
            floor=self._floor(scored),
            must=node.requirement is Requirement.MUST,
            waived=node.id in self.waived,
            compares=any(
                isinstance(part, (ex.Compare, ex.NumberInput)) for r in reads for part in ex.walk(r)
            ),
            inputs=tuple(self.index[name] for name in ex.input_names(*reads)),
            applicability_inputs=tuple(self.index[name] for name in ex.input_names(*decides)),
            unknown_threshold=self.conditions.depends_on_unknown(*reads),
            unknown_applies=self.conditions.depends_on_unknown(*decides),
        )

    def _shares(self, in_levels: ConditionLowering, available: int) -> tuple[SharePlan, ...]:
        """Return the shares whose denominator may be 0, and where they are compared."""
        shares: list[SharePlan] = []
        for node in self.rules.nodes():
            zeros = self._zero_denominators(expressions_of(node), self.conditions)
            shares += (SharePlan(node=node.id, denominator=index) for index in zeros)
        for level_index, rule in enumerate(self.rules.levels):
            zeros = self._zero_denominators((rule.when,), in_levels)
            shares += (SharePlan(level=level_index, denominator=index) for index in zeros)
            asks_percent = any(isinstance(part, ex.Percent) for part in ex.walk(rule.when))
            if asks_percent and self.build.bounds[available][0] <= 0:
                shares.append(SharePlan(level=level_index, denominator=available, of_points=True))
        return tuple(dict.fromkeys(shares))

    def _marks(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the indices of the truths that a threshold is unknown.

        First for dated values that may count several times or not at all, then for all thresholds.
        """
        trees: list[object] = [rule.when for rule in self.rules.levels]
        for node in self.rules.nodes():
            trees += expressions_of(node)
        values = dict.fromkeys(ex.values_in(*trees))
        once = read_once(trees)
        doubtful = [
            self.conditions.depends_on_unknown_value(value) for value in values if value not in once
        ]
        marks = [self.conditions.depends_on_unknown(tree) for tree in trees]
        first, second = (
            {index: None for index in indices if index is not None} for indices in (doubtful, marks)
        )
        return tuple(first), tuple(second)

    def _zero_denominators(
        self, trees: tuple[object, ...], conditions: ConditionLowering
    ) -> Iterator[int]:
        for share in ex.shares_in(*trees):
            index, _ = self.build.index_of(conditions.number(share.denominator))
            if self.build.bounds[index][0] <= 0:
                yield index
