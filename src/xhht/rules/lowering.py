"""Lowers a profile's rules to a plan of integer-interval operators."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import evolve

from xhht.rules import expressions as ex
from xhht.rules._branches import Branches
from xhht.rules._builder import Builder, Form
from xhht.rules._conditions import Conditions
from xhht.rules._dated import read_once
from xhht.rules._exactness import mixed
from xhht.rules._leaves import Leaves, expressions_of, scoring_expressions
from xhht.rules._levels import LevelTotals, Reached
from xhht.rules._scored import Scored, Site
from xhht.rules.inputs import narrowing_order
from xhht.rules.model import Branch, Leaf, LevelRule, NaPolicy, Requirement, Rules, TreeNode
from xhht.rules.plan import AsOfDay, LevelPlan, NodePlan, Plan, SharePlan

__all__ = ["expressions_of", "lower", "scoring_expressions"]


def lower(rules: Rules, waived: frozenset[str] = frozenset()) -> Plan:
    """Return the plan of `rules`.

    Args:
        rules: checked rules; names, types and the grid are known to be right.
        waived: indicators that an authority waived: they have all their points, whatever the facts.
    """
    return _Lowering(rules, waived).plan()


class _Lowering:
    def __init__(self, rules: Rules, waived: frozenset[str]) -> None:
        self.rules = rules
        self.waived = waived
        self.build = Builder(rules.inputs)
        self.conditions = Conditions(self.build)
        self.site = Site(self.build, self.conditions, rules.grid)
        self.leaves, self.branches = Leaves(self.site), Branches(self.site)
        self.index = {declared.name: i for i, declared in enumerate(rules.inputs)}
        self.scored: dict[str, Scored] = {}

    def plan(self) -> Plan:
        root = Branch(id="", children=self.rules.criteria)
        total = self._score(root)
        tree = Reached.of(root, self.scored, self.build)
        gate = self.build.all_of(self._barriers(tree))
        conditions = Conditions(self.build, LevelTotals(self.site, total, tree))
        levels = tuple(self._level(rule, gate, conditions) for rule in self.rules.levels)
        nodes = tuple(self._node_plan(node, tree.within[node.id]) for node in self.rules.nodes())
        shares = self._shares(conditions, total.available)
        doubtful, marks = self._marks()
        operators, bounds = tuple(self.build.operators), tuple(self.build.bounds)
        results = (total.points, *(level.award for level in levels))
        twice = mixed(operators, bounds, results)
        return Plan(
            inputs=self.rules.inputs,
            narrowings=narrowing_order(self.rules.inputs) or (),
            operators=operators,
            bounds=bounds,
            nodes=nodes,
            levels=levels,
            points=total.points,
            available=total.available,
            maximum=total.maximum,
            gate=gate,
            shares=shares,
            mixed_inputs=twice.inputs,
            cautious_marks=marks if twice.marks else doubtful,
            grid=self.rules.grid,
            uses_as_of=any(isinstance(operator, AsOfDay) for operator in operators),
        )

    def _score(self, node: TreeNode) -> Scored:
        if isinstance(node, Leaf):
            bare = self.leaves.score(node, waived=node.id in self.waived)
        else:
            children = [self._score(child) for child in node.children]
            bare, counted = self.branches.score(node, children)
            self.scored.update((child.node.id, child) for child in counted)
        scored = self._apply(bare)
        self.scored[node.id] = scored
        return scored

    def _apply(self, bare: Scored) -> Scored:
        """Return the criterion with what becomes of it where it does not apply."""
        rule = bare.node.applies
        if rule is None:
            return bare
        truth = self.conditions.truth(rule.when)
        policy, build = rule.policy, self.build
        outside = bare.available if policy is NaPolicy.FULL else build.known(0)
        kept = policy in (NaPolicy.FULL, NaPolicy.ZERO)
        applies = build.all_of([truth, bare.applies])
        not_applicable_is_met = build.known(int(policy is NaPolicy.FULL))
        return evolve(
            bare,
            points=build.choose(truth, bare.earned, outside),
            available=bare.available
            if kept
            else build.choose(truth, bare.available, build.known(0)),
            met=build.choose(truth, bare.met, not_applicable_is_met),
            applies=applies,
        )

    def _barriers(self, tree: Reached) -> Iterator[int]:
        """Yield the truths without which no level is awarded."""
        for scored in tree.counted():
            outside = self.build.negation(tree.within[scored.node.id])
            if scored.node.requirement is Requirement.MUST:
                yield self.build.any_of([outside, scored.met])
            kept = self._floor(scored)
            if kept is not None:
                yield self.build.any_of([outside, kept])

    def _floor(self, scored: Scored) -> int | None:
        if scored.node.floor is None:
            return None
        margin = Form(
            {scored.judged: Fraction(1)}, Fraction(-self.rules.grid.units(scored.node.floor))
        )
        return self.build.at_least_zero(margin)

    def _level(self, rule: LevelRule, gate: int, conditions: Conditions) -> LevelPlan:
        parts = [conditions.truth(rule.when)]
        names = list(ex.input_names(rule.when))
        if rule.requires is not None:
            since = ex.NumberInput(rule.requires.since)
            held = ex.Compare(">=", ex.AsOf(rule.requires.months), since)
            parts.append(conditions.truth(held))
            names.append(rule.requires.since)
        when = self.build.all_of(parts)
        return LevelPlan(
            id=rule.id,
            award=self.build.all_of([gate, when]),
            when=when,
            inputs=tuple(self.index[name] for name in names),
            unknown_mark=conditions.mark_unseen(rule.when),
        )

    def _node_plan(self, node: TreeNode, within: int) -> NodePlan:
        scored = self.scored[node.id]
        reads = scoring_expressions(node.scoring) if isinstance(node, Leaf) else ()
        decides = (node.applies.when,) if node.applies else ()
        return NodePlan(
            id=node.id,
            is_leaf=isinstance(node, Leaf),
            points=scored.points,
            judged=scored.judged,
            available=scored.available,
            maximum=scored.maximum,
            minimum=self.build.bounds[scored.judged][0],
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
            unknown_mark=self.conditions.mark_unseen(*reads),
            unknown_applies=self.conditions.mark_unseen(*decides),
        )

    def _shares(self, in_levels: Conditions, available: int) -> tuple[SharePlan, ...]:
        """Return the shares whose denominator may be 0, and where."""
        found: list[SharePlan] = []
        for node in self.rules.nodes():
            zeros = self._zeros(expressions_of(node), self.conditions)
            found += (SharePlan(node=node.id, denominator=place) for place in zeros)
        for at, rule in enumerate(self.rules.levels):
            zeros = self._zeros((rule.when,), in_levels)
            found += (SharePlan(level=at, denominator=place) for place in zeros)
            asks_percent = any(isinstance(part, ex.Percent) for part in ex.walk(rule.when))
            if asks_percent and self.build.bounds[available][0] <= 0:
                found.append(SharePlan(level=at, denominator=available, of_points=True))
        return tuple(dict.fromkeys(found))

    def _marks(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the places of the truths that no source shows a mark.

        First of the dated values that may count twice or not at all, then of all marks.
        """
        trees: list[object] = [rule.when for rule in self.rules.levels]
        for node in self.rules.nodes():
            trees += expressions_of(node)
        values = dict.fromkeys(ex.values_in(*trees))
        once = read_once(trees)
        doubtful = [self.conditions.unseen(value) for value in values if value not in once]
        marks = [self.conditions.mark_unseen(tree) for tree in trees]
        first, second = ({p: None for p in places if p is not None} for places in (doubtful, marks))
        return tuple(first), tuple(second)

    def _zeros(self, trees: tuple[object, ...], conditions: Conditions) -> Iterator[int]:
        for share in ex.shares_in(*trees):
            place, _ = self.build.place_of(conditions.number(share.denominator))
            if self.build.bounds[place][0] <= 0:
                yield place
