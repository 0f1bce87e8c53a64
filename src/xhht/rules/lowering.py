"""Lowers a profile's rules to a plan of integer-interval operators."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from xhht.numbers import Rounding
from xhht.rules import expressions as ex
from xhht.rules import model
from xhht.rules._builder import Builder, LinearForm
from xhht.rules._conditions import ConditionLowering, read_once
from xhht.rules.analysis import non_monotone_unknowns
from xhht.rules.inputs import bound_propagation_order
from xhht.rules.plan import (
    AsOfDay,
    ClosingPlan,
    End,
    FactorPlan,
    LevelMarks,
    LevelPlan,
    NodePlan,
    Plan,
    Rounded,
    SharePlan,
)
from xhht.rules.scoring import (
    AllAbsent,
    ChildPoints,
    CombinationRule,
    LevelMark,
    LevelTruths,
    LoweringContext,
    MetByLevel,
    Sharing,
)

__all__ = ["lower"]


@frozen(kw_only=True)
class LoweredNode:
    """Indices of the results of one criterion in the plan being built.

    `earned` and `offered` are its points and maximum points if it applies; `points` and `available`
    are what the branch above counts, also if it does not apply. `kept` is the truth that it is not
    dropped, and neither is all that is below it; `condition` that of its own `applies_when`.
    `by_level` is what each level finds of it, and empty if all find the same; `met` and `applies`
    then mean every level that asks for it, and some level. Its `own_points` are before its factor,
    whose cases have the truths in `factor`; `cases` are those of all below it too, and `least` its
    maximum for the least factor.
    """

    node: model.TreeNode
    earned: int
    offered: int
    points: int
    own_points: int
    available: int
    maximum: int
    met: int
    applies: int
    kept: int
    condition: int
    by_level: tuple[LevelTruths, ...] = ()
    factor: tuple[int, ...] = ()
    cases: tuple[int, ...] = ()
    least: int | None = None

    def at_level(self, level: int) -> LoweredNode:
        """Return what a level, counted from 0, finds of it; all levels, if it has no mark."""
        if level >= len(self.by_level):
            return self
        truths = self.by_level[level]
        return evolve(self, met=truths.met, applies=truths.applies)

    def as_child(self) -> ChildPoints:
        """Return what the combination of the branch above counts."""
        policy = policy_of(self.node)
        return ChildPoints(
            points=self.points,
            available=self.available,
            met=self.met,
            applies=self.applies,
            maximum=self.maximum,
            weight=self.node.weight,
            has_condition=self.node.applies is not None,
            earned=self.earned,
            offered=self.offered,
            kept=self.kept,
            shares=policy in (None, model.NaPolicy.REDISTRIBUTE),
            gives=policy is model.NaPolicy.REDISTRIBUTE,
        )


def policy_of(node: model.TreeNode) -> model.NaPolicy | None:
    """Return what happens to a criterion's points when it does not apply."""
    return node.applies.policy if node.applies else None


def counts(node: model.TreeNode) -> bool:
    """Return whether a criterion's points and barriers count."""
    return node.requirement is not model.Requirement.ADVISORY


def deducts(node: model.TreeNode) -> bool:
    """Return whether some indicator that counts, here or below, is a deduction."""
    if isinstance(node, model.Leaf):
        return node.points < 0
    return any(deducts(child) for child in node.children if counts(child))


class Closing:
    """Closes what missing facts leave open of criteria, in the plan of a final evaluation.

    Nothing else is closed: neither an unknown threshold nor a share of nothing is a missing fact,
    and what a level asks for itself is no criterion.
    """

    def __init__(
        self,
        context: LoweringContext,
        at_close: model.MissingAtClose | None,
        unsettled: frozenset[str],
    ) -> None:
        self._build, self._conditions = context.build, context.conditions
        self._unsettled = unsettled
        self.is_final = at_close is model.MissingAtClose.UNMET
        self._index = {declared.name: i for i, declared in enumerate(self._build.inputs)}
        self._closings: dict[ClosingPlan, None] = {}

    def applies(self, node: model.TreeNode) -> int:
        """Return the truth that a criterion applies: what is not known not to apply applies."""
        assert node.applies is not None
        when = node.applies.when
        truth = self._conditions.truth(when)
        return self._closed(truth, (when,), node=node.id, upper=True)

    def never(self, trees: tuple[object, ...]) -> int:
        """Return the truth that what reads expressions is never closed: rules are unknown."""
        if not self._unsettled.isdisjoint(ex.input_names(*trees)):
            return self._build.known(1)
        return self._build.any_of(self._open_rules_of(trees))

    def fewest(self, index: int, leaf: model.Leaf) -> int:
        """Return the fewest points of an indicator, or the truth that it is certainly met."""
        return self._closed(index, leaf.scoring.expressions(), node=leaf.id)

    def asks(self, truth: int, when: ex.Condition, node: str, level: int) -> int:
        """Return the truth that a level asks for an indicator: unless it is known not to."""
        return self._closed(truth, (when,), node=node, level=level, upper=True)

    def meets(self, truth: int, when: ex.Condition, node: str, level: int) -> int:
        """Return the truth that an indicator is certainly met for a level."""
        return self._closed(truth, (when,), node=node, level=level)

    def factor(self, value: int, node: LoweredNode, conditions: tuple[ex.Condition, ...]) -> int:
        """Return the factor of a criterion: the least that is possible, of deductions the most."""
        return self._closed(
            value, conditions, node=node.node.id, upper=node.maximum == 0, decides=False
        )

    def _closed(
        self,
        index: int,
        trees: tuple[object, ...],
        *,
        node: str,
        level: int | None = None,
        upper: bool = False,
        decides: bool | None = None,
    ) -> int:
        if not self.is_final or not self._unsettled.isdisjoint(ex.input_names(*trees)):
            return index
        build, rules = self._build, self._open_rules_of(trees)
        closed = build.choose(build.any_of(rules), index, build.end(index, upper=upper))
        if closed != index:
            closing = ClosingPlan(
                node=node,
                level=level,
                decides_applicability=upper if decides is None else decides,
                before=index,
                after=closed,
                inputs=tuple(self._index[name] for name in ex.input_names(*trees)),
                within=build.known(1),
            )
            self._closings[closing] = None
        return closed

    def _open_rules_of(self, trees: tuple[object, ...]) -> Iterator[int]:
        """Yield the truths that rules are unknown: a threshold, or a share of nothing."""
        unknown = self._conditions.depends_on_unknown(*trees)
        if unknown is not None:
            yield unknown
        build = self._build
        for denominator in zero_denominators(trees, build, self._conditions):
            above = build.at_least_zero(LinearForm({denominator: Fraction(1)}), strictly=True)
            yield build.end(build.negation(above), upper=False)

    def plans(self, tree: LoweredTree) -> tuple[ClosingPlan, ...]:
        """Return what was closed, each with the truth that it matters."""
        return tuple(
            evolve(
                closing,
                within=tree.around[closing.node]
                if closing.decides_applicability
                else tree.within[closing.node],
            )
            for closing in self._closings
        )


def zero_denominators(
    trees: tuple[object, ...], build: Builder, conditions: ConditionLowering
) -> Iterator[int]:
    """Yield the denominators of shares that may be 0."""
    for share in ex.shares_in(*trees):
        index, _ = build.index_of(conditions.number(share.denominator))
        if build.bounds[index][0] <= 0:
            yield index


@frozen
class LoweredTree:
    """The tree after every criterion is lowered.

    Attributes:
        root: the branch over all criteria.
        scored: every criterion by id.
        within: the truth that a criterion and all above it apply.
        around: the truth that the conditions of all above it hold.
    """

    root: model.Branch
    scored: Mapping[str, LoweredNode]
    within: Mapping[str, int]
    around: Mapping[str, int]

    @classmethod
    def of(
        cls, root: model.Branch, scored: Mapping[str, LoweredNode], build: Builder
    ) -> LoweredTree:
        """Return the tree with applicability propagated from the root down."""
        within: dict[str, int] = {}
        around: dict[str, int] = {}
        stack = [(child, build.known(1)) for child in root.children]
        while stack:
            node, above = stack.pop()
            around[node.id] = above
            within[node.id] = build.all_of([above, scored[node.id].applies])
            if isinstance(node, model.Branch):
                inside = build.all_of([above, scored[node.id].condition])
                stack += [(child, inside) for child in node.children]
        return cls(root, scored, within, around)

    def counted_points(self, node_id: str, build: Builder) -> int:
        """Return the index of a criterion's points.

        A criterion that does not apply has the points of its own `na_policy`. Below a criterion
        whose condition does not hold, the points are 0.
        """
        return build.choose(self.around[node_id], self.scored[node_id].points, build.known(0))

    def counted(self) -> Iterator[LoweredNode]:
        """Yield the criteria that count: neither advisory nor below an advisory one."""
        stack = list(reversed(self.root.children))
        while stack:
            node = stack.pop()
            if counts(node):
                yield self.scored[node.id]
                if isinstance(node, model.Branch):
                    stack += reversed(node.children)


class LevelTotals:
    """Implements `Totals` for level conditions."""

    def __init__(
        self, context: LoweringContext, closing: Closing, total: LoweredNode, tree: LoweredTree
    ) -> None:
        self._build, self._grid, self._closing = context.build, context.grid, closing
        self._total = total
        self._tree = tree

    def _number(self, index: int) -> LinearForm:
        return LinearForm({index: self._grid.step})

    def points(self) -> LinearForm:
        return self._number(self._total.points)

    def points_of(self, node: str) -> LinearForm:
        return self._number(self._tree.counted_points(node, self._build))

    def met(self, node: str) -> int:
        return self._build.all_of([self._tree.around[node], self._tree.scored[node].met])

    def lowest_indicator(self) -> LinearForm:
        leaves = [
            scored
            for scored in self._tree.counted()
            if isinstance(scored.node, model.Leaf) and scored.maximum > 0
        ]
        upper_bound = self._build.known(max((leaf.maximum for leaf in leaves), default=0))
        own_points = [
            self._build.choose(self._tree.within[c.node.id], c.own_points, upper_bound)
            for c in leaves
        ]
        return self._number(self._build.extreme(own_points or [upper_bound], greatest=False))

    def available(self, node: str | None) -> int:
        if node is None:
            return self._total.available
        available, build = self._tree.scored[node].available, self._build
        return build.choose(self._tree.around[node], available, build.known(0))

    def percent_margin(self, share: Fraction, node: str | None) -> LinearForm:
        build = self._build
        if node is None:
            margin = self._margin(self._total, share)
        else:
            margin = self._margin(self._tree.scored[node], share)
            margin = build.choose(self._tree.around[node], margin, build.known(0))
        return LinearForm({margin: Fraction(1)})

    def _margin(self, scored: LoweredNode, share: Fraction) -> int:
        """Return the index of points minus a share of the available points.

        A criterion that does not apply lowers both together, so separate intervals would be too
        wide (the dependency problem). Sums are combined leaf by leaf, all else case by case.
        """
        node = scored.node
        if isinstance(node, model.Branch) and _is_plain_sum(node):
            below = [self._tree.scored[child.id] for child in node.children]
            parts = [self._margin(child, share) for child in below if counts(child.node)]
            return self._build.linear([(part, 1) for part in parts])
        margin = self._build.linear(
            [(scored.points, share.denominator), (scored.available, -share.numerator)]
        )
        return self._build.by_cases(margin, self._applicability_truths(node))

    def _applicability_truths(self, node: model.TreeNode) -> Iterator[int]:
        """Yield the truths that decide what applies of a criterion, and by which factor."""
        yield from self._tree.scored[node.id].factor
        if node.applies is not None:
            yield self._closing.applies(node)
        if isinstance(node, model.Branch):
            for child in node.children:
                yield from self._applicability_truths(child)


def _is_plain_sum(branch: model.Branch) -> bool:
    return (
        branch.combine.rule.is_plain_sum
        and branch.cap is None
        and branch.not_below is None
        and branch.applies is None
        and branch.factor is None
        and all(policy_of(child) is not model.NaPolicy.REDISTRIBUTE for child in branch.children)
    )


def some_level_asks(build: Builder, by_level: Iterable[LevelTruths]) -> int:
    """Return the truth that a criterion applies for some level; true if levels do not differ."""
    truths = [level.applies for level in by_level]
    return build.any_of(truths) if truths else build.known(1)


def is_waived(node: model.TreeNode, waived: frozenset[str], level: str | None = None) -> bool:
    """Return whether the scoring of a criterion reads a waived input.

    With marks by level, that is asked of the mark of one level, or else of every level that can
    ask for the criterion.
    """
    if isinstance(node, model.Leaf) and isinstance(node.scoring, MetByLevel) and level is None:
        asking = [mark.level for mark in node.scoring.marks if mark.can_ask()]
        return bool(asking) and all(is_waived(node, waived, one) for one in asking)
    return not waived.isdisjoint(ex.input_names(*model.scoring_of(node, level)))


class LeafLowering:
    """Lowers the leaves of one plan."""

    def __init__(self, context: LoweringContext, closing: Closing, waived: frozenset[str]) -> None:
        self._context, self._build, self._closing = context, context.build, closing
        self._waived = waived

    def score(self, leaf: model.Leaf) -> LoweredNode:
        """Return the leaf as if it applied; a waived leaf has all its points."""
        top = self._context.grid.units(leaf.points)
        maximum = max(top, 0)
        by_level: tuple[LevelTruths, ...] = ()
        if isinstance(leaf.scoring, MetByLevel):
            marks = enumerate(leaf.scoring.marks)
            by_level = tuple(self._truths(leaf, level, mark) for level, mark in marks)
        if is_waived(leaf, self._waived):
            points, met = self._build.known(maximum), self._build.known(1)
        else:
            points, met = (
                self._closing.fewest(index, leaf)
                for index in leaf.scoring.lower(self._context, top)
            )
        return LoweredNode(
            node=leaf,
            earned=points,
            offered=self._build.known(maximum),
            points=points,
            own_points=points,
            available=self._build.known(maximum),
            maximum=maximum,
            met=self._build.all_of([met, *(truths.met for truths in by_level)]),
            applies=some_level_asks(self._build, by_level),
            kept=self._build.known(1),
            condition=self._build.known(1),
            by_level=by_level,
        )

    def _truths(self, leaf: model.Leaf, level: int, mark: LevelMark) -> LevelTruths:
        """Return what a level finds of the leaf, by its own mark."""
        build, truth = self._build, self._context.conditions.truth
        applies = met = build.known(1)
        if mark.applies is not None:
            applies = self._closing.asks(truth(mark.applies), mark.applies, leaf.id, level)
        if mark.when is not None and not is_waived(leaf, self._waived, mark.level):
            met = self._closing.meets(truth(mark.when), mark.when, leaf.id, level)
        return LevelTruths(build.choose(applies, met, build.known(1)), applies)


class BranchLowering:
    """Lowers the branches of one plan."""

    def __init__(self, context: LoweringContext) -> None:
        self._context, self._build, self._grid = context, context.build, context.grid

    def score(
        self, branch: model.Branch, children: list[LoweredNode], left_out: Mapping[str, int]
    ) -> LoweredNode:
        """Return the branch as if it applied, with the truths that children are left out."""
        build = self._build
        counted = [child for child in children if counts(child.node)]
        rule, parts = branch.combine.rule, [child.as_child() for child in counted]
        if left_out:
            present = [build.negation(left_out[child.node.id]) for child in counted]
            parts = [
                evolve(part, kept=build.all_of([part.kept, truth]))
                for part, truth in zip(parts, present, strict=True)
            ]
        sharing = Sharing(branch.rounding, branch.all_absent)
        points, available, maximum, cases = rule.lower(self._context, parts, sharing)
        if branch.cap is not None:
            cap = self._grid.units(branch.cap)
            ceiling = build.known(cap)
            points = build.extreme([points, ceiling], greatest=False)
            available = build.extreme([available, ceiling], greatest=False)
            maximum = min(maximum, cap)
        keeps_points = branch.all_absent in (AllAbsent.FULL, AllAbsent.ZERO)
        kept = (
            build.known(1)
            if keeps_points
            else build.any_of(child.kept for child in counted or children)
        )
        if branch.not_below is not None:
            lowest = self._grid.units(branch.not_below)
            bound = build.choose(kept, build.known(lowest), build.known(min(lowest, 0)))
            points = build.extreme([points, bound], greatest=True)
            available = build.extreme([available, bound], greatest=True)
        inner = tuple(dict.fromkeys(truth for child in counted for truth in child.cases))
        applies = build.any_of(child.applies for child in counted or children)
        by_level: tuple[LevelTruths, ...] = ()
        if maximum or deducts(branch):
            margin = build.by_cases(build.linear([(points, 1), (available, -1)]), (*cases, *inner))
            met = build.at_least_zero(LinearForm({margin: Fraction(1)}))
        elif any(child.by_level for child in counted):
            by_level = tuple(self._levels(rule, counted))
            met = build.all_of(truths.met for truths in by_level)
            applies = some_level_asks(build, by_level)
        else:
            met = rule.met_without_points(build, parts)
        if branch.all_absent is not None:
            full = build.known(int(branch.all_absent is AllAbsent.FULL))
            met = build.choose(applies, met, full)
            by_level = tuple(
                truths._replace(met=build.choose(truths.applies, truths.met, full))
                for truths in by_level
            )
        return LoweredNode(
            node=branch,
            earned=points,
            offered=available,
            points=points,
            own_points=points,
            available=available,
            maximum=maximum,
            met=met,
            applies=applies,
            kept=kept,
            condition=build.known(1),
            by_level=by_level,
            cases=inner,
        )

    def _levels(self, rule: CombinationRule, counted: list[LoweredNode]) -> Iterator[LevelTruths]:
        """Yield what each level finds of a branch without points."""
        for level in range(max(len(child.by_level) for child in counted)):
            parts = [child.at_level(level).as_child() for child in counted]
            yield LevelTruths(
                met=rule.met_without_points(self._build, parts),
                applies=self._build.any_of(part.applies for part in parts),
            )


def lower(
    rules: model.Rules,
    waived: frozenset[str] = frozenset(),
    *,
    final: bool = False,
    unsettled: frozenset[str] = frozenset(),
) -> Plan:
    """Return the plan of `rules`.

    Args:
        rules: checked rules; names, types and the grid are assumed valid.
        waived: inputs waived by an authority: an indicator that is scored by one of them has all
            its points, whatever the facts; with marks by level, the marks that read one are met.
        final: whether the assessment is closed: what missing facts leave open is then what
            `rules.at_close` says; without such a rule it stays open.
        unsettled: inputs that take the result of a standard with a threshold that no source shows;
            what reads one is not closed.
    """
    return _Lowering(rules, waived, rules.at_close if final else None, unsettled).plan()


class _Lowering:
    def __init__(
        self,
        rules: model.Rules,
        waived: frozenset[str],
        at_close: model.MissingAtClose | None,
        unsettled: frozenset[str],
        context: LoweringContext | None = None,
    ) -> None:
        self.rules = rules
        self.waived = waived
        if context is None:
            build = Builder(rules.inputs)
            context = LoweringContext(build, ConditionLowering(build), rules.grid)
        self.context = context
        self.build, self.conditions = context.build, context.conditions
        self.closing = Closing(self.context, at_close, unsettled)
        self.leaves = LeafLowering(self.context, self.closing, waived)
        self.branches = BranchLowering(self.context)
        self.index = {declared.name: i for i, declared in enumerate(rules.inputs)}
        self.scored: dict[str, LoweredNode] = {}
        self.left_out: dict[str, int] = {}
        self.before: _Lowering | None = None
        leaves_out = (
            isinstance(node, model.Branch) and node.least_known is not None
            for node in rules.nodes()
        )
        if self.closing.is_final and any(leaves_out):
            self.before = _Lowering(rules, waived, None, unsettled, self.context)

    def plan(self) -> Plan:
        root = model.Branch(id="", children=self.rules.criteria)
        if self.before is not None:
            self.before._score(root)
        total = self._score(root)
        tree = LoweredTree.of(root, self.scored, self.build)
        trees = self._trees(tree)
        conditions = [
            ConditionLowering(self.build, LevelTotals(self.context, self.closing, total, at_level))
            for at_level in trees
        ]
        levels = tuple(map(self._level, self.rules.levels, trees, conditions))
        minima = self._minima()
        nodes = tuple(self._node_plan(node, tree, trees, minima) for node in self.rules.nodes())
        shares = self._shares(conditions)
        doubtful, marks = self._marks()
        operators, bounds = tuple(self.build.operators), tuple(self.build.bounds)
        results = (total.points, *(level.award for level in levels))
        # What is closed is exact if that of which it is an end is, whatever is read beside it.
        closed = {(operator.of,) for operator in operators if isinstance(operator, End)}
        non_monotone = [
            non_monotone_unknowns(operators, bounds, roots) for roots in (results, *closed)
        ]
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
            shares=shares,
            non_monotone_inputs=frozenset().union(*(unknowns.inputs for unknowns in non_monotone)),
            non_monotone_thresholds=marks
            if any(unknowns.marks for unknowns in non_monotone)
            else doubtful,
            grid=self.rules.grid,
            uses_as_of=any(isinstance(operator, AsOfDay) for operator in operators),
            closings=self.closing.plans(tree),
        )

    def _trees(self, tree: LoweredTree) -> list[LoweredTree]:
        """Return the tree as each level finds it, which for most profiles is the same one."""
        levels = range(len(self.rules.levels))
        if not any(scored.by_level for scored in self.scored.values()):
            return [tree] * len(levels)
        by_level = (
            {node_id: scored.at_level(level) for node_id, scored in self.scored.items()}
            for level in levels
        )
        return [LoweredTree.of(tree.root, scored, self.build) for scored in by_level]

    def _score(self, node: model.TreeNode) -> LoweredNode:
        if isinstance(node, model.Leaf):
            applicable = self.leaves.score(node)
        else:
            children = [self._score(child) for child in node.children]
            left_out = self._left_out(node, children)
            self.left_out |= left_out
            applicable = self.branches.score(node, children, left_out)
        scored = self._apply(self._scaled(applicable))
        self.scored[node.id] = scored
        return scored

    def _left_out(self, branch: model.Branch, children: list[LoweredNode]) -> dict[str, int]:
        """Return the truths that children are left out of a mean over what is known.

        A child is known if its points were before the close, as if it applied.
        """
        if branch.least_known is None or self.before is None:
            return {}
        build, (part, of) = self.build, branch.least_known.as_integer_ratio()
        counted = [child for child in children if counts(child.node)]
        scale = math.lcm(*(child.node.weight.denominator for child in counted))
        known, margins = list[int](), list[int]()
        for child in counted:
            earned = self.before.scored[child.node.id].earned
            ends = (build.end(earned, upper=upper) for upper in (False, True))
            width = build.linear(zip(ends, (-1, 1), strict=True))
            known.append(build.is_zero(LinearForm({width: Fraction(1)})))
            weight = (child.node.weight * scale).numerator
            margins.append(
                build.choose(
                    known[-1],
                    build.linear([(child.kept, weight * (of - part))]),
                    build.linear([(child.kept, -weight * part)]),
                )
            )
        margin = build.linear([(index, 1) for index in margins])
        enough = build.at_least_zero(LinearForm({margin: Fraction(1)}))
        left_out: dict[str, int] = {}
        for child, is_known in zip(counted, known, strict=True):
            never = self.closing.never(model.expressions_below(child.node))
            others = [build.negation(truth) for truth in (is_known, never)]
            left_out[child.node.id] = build.all_of([enough, *others])
        return left_out

    def _scaled(self, node: LoweredNode) -> LoweredNode:
        """Return the criterion with the points and maximum that its factor gives the branch above.

        Both are expanded into the same cases, so that no case mixes two factors.
        """
        factor = node.node.factor
        if factor is None:
            return node
        truths, build, grid = self._factor_truths(node, factor), self.build, self.rules.grid
        step = 1 if factor.rounding is None else grid.units(factor.rounding.step)
        mode = Rounding.HALF_UP if factor.rounding is None else factor.rounding.mode

        def scaled(index: int) -> int:
            products = []
            for case in factor.cases:
                numerator, divisor = case.value.as_integer_ratio()
                product = build.linear([(index, numerator)])
                if case.value != 1 and (divisor > 1 or step > 1):
                    product = build.add(Rounded(product, divisor, step, mode))
                products.append(product)
            result = products[-1]
            for truth, product in reversed(list(zip(truths, products, strict=False))):
                result = build.choose(truth, product, result)
            return result

        least, most = factor.ends(grid.number(node.maximum))
        return evolve(
            node,
            earned=scaled(node.earned),
            offered=scaled(node.offered),
            points=scaled(node.points),
            available=scaled(node.available),
            maximum=grid.units(most),
            least=grid.units(least),
            factor=truths,
            cases=tuple(dict.fromkeys((*truths, *node.cases))),
        )

    def _factor_truths(self, node: LoweredNode, factor: model.Factor) -> tuple[int, ...]:
        """Return the truths of the cases of a factor; at the close, those of the one that counts.

        They are asked in order, so more than one may hold.
        """
        build = self.build
        truths = tuple(map(self.conditions.truth, factor.conditions))
        scale = math.lcm(*(case.value.denominator for case in factor.cases))
        values = [(case.value * scale).numerator for case in factor.cases]
        value = build.known(values[-1])
        for truth, number in reversed(list(zip(truths, values, strict=False))):
            value = build.choose(truth, build.known(number), value)
        closed = self.closing.factor(value, node, factor.conditions)
        if closed == value:
            return truths
        never = self.closing.never(factor.conditions)
        return tuple(
            build.choose(
                never, truth, build.is_zero(LinearForm({closed: Fraction(1)}, Fraction(-number)))
            )
            for truth, number in zip(truths, values, strict=False)
        )

    def _apply(self, applicable: LoweredNode) -> LoweredNode:
        """Return the criterion with its points, maximum and truth when it does not apply."""
        rule = applicable.node.applies
        if rule is None:
            return applicable
        truth = self.closing.applies(applicable.node)
        policy, build = rule.policy, self.build
        points_outside = applicable.available if policy is model.NaPolicy.FULL else build.known(0)
        keeps_maximum = policy in (model.NaPolicy.FULL, model.NaPolicy.ZERO)
        kept = (
            build.any_of([build.negation(truth), applicable.kept])
            if keeps_maximum
            else build.all_of([truth, applicable.kept])
        )
        not_applicable_is_met = build.known(int(policy is model.NaPolicy.FULL))

        def outside(truths: LevelTruths) -> LevelTruths:
            met = build.choose(truth, truths.met, not_applicable_is_met)
            return LevelTruths(met, build.all_of([truth, truths.applies]))

        met, applies = outside(LevelTruths(applicable.met, applicable.applies))
        return evolve(
            applicable,
            points=build.choose(truth, applicable.earned, points_outside),
            available=applicable.available
            if keeps_maximum
            else build.choose(truth, applicable.available, build.known(0)),
            met=met,
            applies=applies,
            kept=kept,
            condition=truth,
            by_level=tuple(map(outside, applicable.by_level)),
        )

    def _barriers(self, tree: LoweredTree) -> Iterator[int]:
        """Yield the truths that every level requires."""
        for scored in tree.counted():
            not_applicable = self.build.negation(tree.within[scored.node.id])
            if scored.node.requirement is model.Requirement.MUST:
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

    def _level(
        self, rule: model.LevelRule, tree: LoweredTree, conditions: ConditionLowering
    ) -> LevelPlan:
        gate = self.build.all_of(self._barriers(tree))
        parts, prerequisite = [rule.when], tuple[str, ...]()
        if rule.requires is not None:
            parts.append(rule.requires.condition())
            prerequisite = rule.requires.inputs()
        when = self.build.all_of(map(conditions.truth, parts))
        return LevelPlan(
            id=rule.id,
            award=self.build.all_of([gate, when]),
            gate=gate,
            when=when,
            inputs=tuple(self.index[name] for name in ex.input_names(rule.when)),
            prerequisite_inputs=tuple(self.index[name] for name in prerequisite),
            unknown_threshold=conditions.depends_on_unknown(rule.when),
        )

    def _minima(self) -> Mapping[str, int]:
        """Return the minimum of each criterion's own points, before waivers and the close."""
        if self.waived or self.closing.is_final:
            plan = lower(self.rules)
            return {node.id: plan.bounds[node.own_points][0] for node in plan.nodes}
        return {
            node_id: self.build.bounds[scored.own_points][0]
            for node_id, scored in self.scored.items()
        }

    def _node_plan(
        self,
        node: model.TreeNode,
        tree: LoweredTree,
        trees: Sequence[LoweredTree],
        minima: Mapping[str, int],
    ) -> NodePlan:
        scored, marks = self.scored[node.id], self._level_marks(node, tree)
        applies, partly, minimum = marks.applies, scored.own_points, minima[node.id]
        by_level: tuple[LevelMarks, ...] = ()
        if scored.by_level:
            by_level = tuple(
                self._level_marks(node, at_level, rule.id)
                for at_level, rule, _ in zip(
                    trees, self.rules.levels, scored.by_level, strict=False
                )
            )
            applies = self.build.any_of(level.applies for level in by_level)
            for_some = (self.build.all_of([level.applies, level.met]) for level in by_level)
            partly, minimum = self.build.any_of(for_some), 0
        return NodePlan(
            id=node.id,
            is_leaf=isinstance(node, model.Leaf),
            points=tree.counted_points(node.id, self.build),
            own_points=scored.own_points,
            available=scored.available,
            maximum=scored.maximum if scored.least is None else scored.least,
            partly=partly,
            minimum=minimum,
            met=scored.met,
            applies=applies,
            floor=self._floor(scored),
            must=node.requirement is model.Requirement.MUST,
            waived=marks.waived,
            compares=marks.compares,
            inputs=marks.inputs,
            applicability_inputs=marks.applicability_inputs,
            unknown_threshold=marks.unknown_threshold,
            unknown_applies=marks.unknown_applies,
            by_level=by_level,
            left_out=self.left_out.get(node.id),
            factor=None
            if node.factor is None
            else FactorPlan(
                truths=scored.factor,
                inputs=tuple(self.index[n] for n in ex.input_names(*node.factor.conditions)),
                unknown_threshold=self.conditions.depends_on_unknown(*node.factor.conditions),
            ),
        )

    def _level_marks(
        self, node: model.TreeNode, tree: LoweredTree, level: str | None = None
    ) -> LevelMarks:
        """Return what a level finds of a criterion, or by its expressions for all levels."""
        reads, decides = model.scoring_of(node, level), model.applicability_of(node, level)
        return LevelMarks(
            met=tree.scored[node.id].met,
            applies=tree.within[node.id],
            waived=is_waived(node, self.waived, level),
            compares=any(
                isinstance(part, (ex.Compare, ex.NumberInput)) for part in ex.distinct(*reads)
            ),
            inputs=tuple(self.index[name] for name in ex.input_names(*reads)),
            applicability_inputs=tuple(self.index[name] for name in ex.input_names(*decides)),
            unknown_threshold=self.conditions.depends_on_unknown(*reads),
            unknown_applies=self.conditions.depends_on_unknown(*decides),
        )

    def _shares(self, in_levels: Sequence[ConditionLowering]) -> tuple[SharePlan, ...]:
        """Return the shares whose denominator may be 0, and where they are compared."""
        shares: list[SharePlan] = []
        for node in self.rules.nodes():
            for level, trees in self._trees_by_level(node):
                zeros = zero_denominators(trees, self.build, self.conditions)
                shares += (SharePlan(node=node.id, level=level, denominator=zero) for zero in zeros)
        for level_index, rule in enumerate(self.rules.levels):
            zeros = zero_denominators((rule.when,), self.build, in_levels[level_index])
            shares += (SharePlan(level=level_index, denominator=index) for index in zeros)
            percents = [part for part in ex.walk(rule.when) if isinstance(part, ex.Percent)]
            shares += (
                SharePlan(level=level_index, denominator=available, of_points=True)
                for available in map(in_levels[level_index].available, percents)
                if self.build.bounds[available][0] <= 0
            )
        return tuple(dict.fromkeys(shares))

    def _trees_by_level(
        self, node: model.TreeNode
    ) -> Iterator[tuple[int | None, tuple[object, ...]]]:
        """Yield the expressions of a criterion, for each level if it has marks by level."""
        if not (isinstance(node, model.Leaf) and isinstance(node.scoring, MetByLevel)):
            yield None, model.expressions_of(node)
            return
        for index, rule in enumerate(self.rules.levels):
            own = model.scoring_of(node, rule.id), model.applicability_of(node, rule.id)
            yield index, sum(own, ())

    def _marks(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the indices of the truths that a threshold is unknown.

        First for dated values that may count several times or not at all, then for all thresholds.
        """
        trees: list[object] = [rule.when for rule in self.rules.levels]
        for node in self.rules.nodes():
            trees += model.expressions_of(node)
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
