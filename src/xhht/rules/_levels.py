"""Lowers what level conditions read from criteria: points, percent, single criteria."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from attrs import frozen

from xhht.rules._builder import Builder, LinearForm
from xhht.rules._scored import LoweredNode, LoweringContext, counts, policy_of
from xhht.rules.model import Branch, Combination, Leaf, NaPolicy, TreeNode


@frozen
class LoweredTree:
    """The tree after every criterion is lowered.

    Attributes:
        root: the branch over all criteria.
        scored: every criterion by id.
        within: the truth that a criterion and all above it apply.
        around: the truth that all above it apply.
    """

    root: Branch
    scored: Mapping[str, LoweredNode]
    within: Mapping[str, int]
    around: Mapping[str, int]

    @classmethod
    def of(cls, root: Branch, scored: Mapping[str, LoweredNode], build: Builder) -> LoweredTree:
        """Return the tree with applicability propagated from the root down."""
        within: dict[str, int] = {}
        around: dict[str, int] = {}
        stack = [(child, build.known(1)) for child in root.children]
        while stack:
            node, parent_applies = stack.pop()
            around[node.id] = parent_applies
            within[node.id] = build.all_of([parent_applies, scored[node.id].applies])
            if isinstance(node, Branch):
                stack += [(child, within[node.id]) for child in node.children]
        return cls(root, scored, within, around)

    def counted(self) -> Iterator[LoweredNode]:
        """Yield the criteria that count: neither advisory nor below an advisory one."""
        stack = list(reversed(self.root.children))
        while stack:
            node = stack.pop()
            if counts(node):
                yield self.scored[node.id]
                if isinstance(node, Branch):
                    stack += reversed(node.children)


class LevelTotals:
    """Implements `Totals` for level conditions."""

    def __init__(self, context: LoweringContext, total: LoweredNode, tree: LoweredTree) -> None:
        self._build, self._conditions, self._grid = context.build, context.conditions, context.grid
        self._total = total
        self._tree = tree

    def _number(self, index: int) -> LinearForm:
        return LinearForm({index: self._grid.step})

    def points(self) -> LinearForm:
        return self._number(self._total.points)

    def points_of(self, node: str) -> LinearForm:
        # A branch that does not apply counts by its own `na_policy`; nodes below it have no points.
        applies_above = self._tree.around[node]
        points = self._build.choose(
            applies_above, self._tree.scored[node].points, self._build.known(0)
        )
        return self._number(points)

    def met(self, node: str) -> int:
        return self._build.all_of([self._tree.around[node], self._tree.scored[node].met])

    def lowest_indicator(self) -> LinearForm:
        leaves = [
            scored
            for scored in self._tree.counted()
            if isinstance(scored.node, Leaf) and scored.maximum > 0
        ]
        upper_bound = self._build.known(max((leaf.maximum for leaf in leaves), default=0))
        own_points = [
            self._build.choose(self._tree.within[c.node.id], c.own_points, upper_bound)
            for c in leaves
        ]
        return self._number(self._build.extreme(own_points or [upper_bound], greatest=False))

    def available(self) -> int:
        return self._total.available

    def percent_margin(self, share: Fraction) -> LinearForm:
        return LinearForm({self._margin(self._total, share): Fraction(1)})

    def _margin(self, scored: LoweredNode, share: Fraction) -> int:
        """Return the index of points minus a share of the available points.

        A criterion that does not apply lowers both together, so separate intervals would be too
        wide (the dependency problem). Sums are combined leaf by leaf, all else case by case.
        """
        node = scored.node
        if isinstance(node, Branch) and _is_plain_sum(node):
            below = [self._tree.scored[child.id] for child in node.children]
            parts = [self._margin(child, share) for child in below if counts(child.node)]
            return self._build.linear([(part, 1) for part in parts])
        margin = self._build.linear(
            [(scored.points, share.denominator), (scored.available, -share.numerator)]
        )
        return self._build.by_cases(margin, self._applicability_truths(node))

    def _applicability_truths(self, node: TreeNode) -> Iterator[int]:
        """Yield the truths that decide whether a criterion and those below it apply."""
        if node.applies is not None:
            yield self._conditions.truth(node.applies.when)
        if isinstance(node, Branch):
            for child in node.children:
                yield from self._applicability_truths(child)


def _is_plain_sum(branch: Branch) -> bool:
    return (
        branch.combine is Combination.SUM
        and branch.cap is None
        and branch.applies is None
        and all(policy_of(child) is not NaPolicy.REDISTRIBUTE for child in branch.children)
    )
