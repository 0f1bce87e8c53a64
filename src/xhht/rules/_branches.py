"""Lowers branches: computes points from those of the children."""

from __future__ import annotations

from fractions import Fraction

from xhht.rules._builder import LinearForm
from xhht.rules._scored import LoweredNode, LoweringContext, counts
from xhht.rules._sharing import Redistributor
from xhht.rules.model import Branch, Combination, NaPolicy
from xhht.rules.plan import Rounded


class BranchLowering:
    """Lowers the branches of one plan."""

    def __init__(self, context: LoweringContext) -> None:
        self._build, self._grid = context.build, context.grid
        self._sharing = Redistributor(context)

    def score(
        self, branch: Branch, children: list[LoweredNode]
    ) -> tuple[LoweredNode, list[LoweredNode]]:
        """Return the branch as if it applied, and its children after redistribution."""
        redistribution = self._sharing.redistribute([c for c in children if counts(c.node)])
        counted = redistribution.children
        points, available, maximum = self._combine(branch, counted)
        if redistribution.sums is not None:
            points, available = redistribution.sums
        if branch.cap is not None:
            cap = self._grid.units(branch.cap)
            ceiling = self._build.known(cap)
            points = self._build.extreme([points, ceiling], greatest=False)
            available = self._build.extreme([available, ceiling], greatest=False)
            maximum = min(maximum, cap)
        if maximum or self._build.bounds[points][0]:
            margin = self._build.linear([(points, 1), (available, -1)])
            margin = self._build.by_cases(margin, redistribution.case_conditions)
            met = self._build.at_least_zero(LinearForm({margin: Fraction(1)}))
        else:
            met = self._all_met(branch, counted)
        scored = LoweredNode(
            node=branch,
            earned=points,
            offered=available,
            points=points,
            own_points=points,
            available=available,
            maximum=maximum,
            met=met,
            applies=self._build.any_of(child.applies for child in counted or children),
        )
        return scored, counted

    def _all_met(self, branch: Branch, counted: list[LoweredNode]) -> int:
        if branch.combine is Combination.BEST_OF:
            return self._build.any_of(child.met for child in counted)
        return self._build.all_of(self._met_or_outside(child) for child in counted)

    def _met_or_outside(self, child: LoweredNode) -> int:
        return self._build.choose(child.applies, child.met, self._build.known(1))

    def _combine(self, branch: Branch, counted: list[LoweredNode]) -> tuple[int, int, int]:
        """Return the indices of points and of available points, and the maximum."""
        points = [child.points for child in counted]
        available = [child.available for child in counted]
        maxima = [child.maximum for child in counted]
        match branch.combine:
            case Combination.SUM:
                return self._sum(points), self._sum(available), sum(maxima)
            case Combination.ALL_OR_NOTHING:
                total = self._all_or_nothing(counted)
                return total, self._sum(available), sum(maxima)
            case Combination.BEST_OF:
                best = [self._build.extreme(side, greatest=True) for side in (points, available)]
                return best[0], best[1], max(maxima)
            case Combination.WORST_OF:
                worst = [self._worst(counted, side) for side in (points, available)]
                return worst[0], worst[1], min(maxima)
            case Combination.WEIGHTED_MEAN:
                return self._weighted_mean(branch, counted)

    def _sum(self, indices: list[int]) -> int:
        return self._build.linear([(index, 1) for index in indices])

    def _all_or_nothing(self, counted: list[LoweredNode]) -> int:
        build = self._build
        all_met = build.all_of(self._met_or_outside(child) for child in counted)
        # If all are met, every child that applies has its maximum points.
        all_available = self._sum([build.choose(c.applies, c.available, c.points) for c in counted])
        total = build.choose(all_met, all_available, build.known(0))
        return build.by_cases(total, [c.applies for c in counted if c.node.applies is not None])

    def _worst(self, counted: list[LoweredNode], side: list[int]) -> int:
        """Return the minimum over the children that apply; 0 if none applies."""
        upper_bound = self._build.known(max(self._build.bounds[index][1] for index in side))
        dropped = (NaPolicy.DROP, NaPolicy.REDISTRIBUTE)
        indices = [
            self._build.choose(child.applies, index, upper_bound)
            if child.node.applies is not None and child.node.applies.policy in dropped
            else index
            for child, index in zip(counted, side, strict=True)
        ]
        minimum = self._build.extreme(indices, greatest=False)
        any_applies = self._build.any_of(
            child.applies if index != own_index else self._build.known(1)
            for child, index, own_index in zip(counted, indices, side, strict=True)
        )
        return self._build.choose(any_applies, minimum, self._build.known(0))

    def _weighted_mean(self, branch: Branch, counted: list[LoweredNode]) -> tuple[int, int, int]:
        rounding = branch.rounding
        assert rounding is not None  # the checks demand it
        scale = Fraction(1)
        for child in counted:
            scale *= child.node.weight.denominator
        weights = [(child.node.weight * scale).numerator for child in counted]

        def mean(indices: list[int]) -> int:
            total = self._build.linear(list(zip(indices, weights, strict=True)))
            step = self._grid.units(rounding.step)
            return self._build.add(Rounded(total, sum(weights), step, rounding.mode))

        points = mean([child.points for child in counted])
        available = mean([child.available for child in counted])
        maximum = mean([self._build.known(child.maximum) for child in counted])
        return points, available, self._build.bounds[maximum][0]
