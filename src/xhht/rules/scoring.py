"""Lowers indicators and their scoring rules."""

from __future__ import annotations

from fractions import Fraction

from xhht.rules import expressions as ex
from xhht.rules._builder import LinearForm
from xhht.rules._scored import LoweredNode, LoweringContext
from xhht.rules.model import (
    Assessed,
    Bands,
    Leaf,
    MetWhen,
    PerItem,
    Proportional,
    RoundingRule,
    Scoring,
    TreeNode,
)
from xhht.rules.plan import Known, Portion
from xhht.rules.plan import portion_of as part_of


def scoring_expressions(scoring: Scoring) -> tuple[ex.Condition | ex.Number, ...]:
    """Return the expressions of a scoring rule."""
    match scoring:
        case MetWhen(when):
            return (when,)
        case Bands(bands):
            return tuple(band.when for band in bands)
        case Proportional(share, _):
            return (share,)
        case PerItem(count, _):
            return (count,)
        case Assessed(name):
            return (ex.NumberInput(name),)


def expressions_of(node: TreeNode) -> tuple[ex.Condition | ex.Number, ...]:
    """Return the expressions of a criterion's scoring and applicability."""
    scoring = scoring_expressions(node.scoring) if isinstance(node, Leaf) else ()
    return (*scoring, node.applies.when) if node.applies else scoring


class LeafLowering:
    """Lowers the leaves of one plan."""

    def __init__(self, context: LoweringContext) -> None:
        self._build, self._conditions, self._grid = context.build, context.conditions, context.grid

    def score(self, leaf: Leaf, *, waived: bool) -> LoweredNode:
        """Return the leaf as if it applied; a waived leaf has all its points."""
        top = self._grid.units(leaf.points)
        maximum = max(top, 0)
        if waived:
            points, met = self._build.known(maximum), self._build.known(1)
        else:
            points, met = self._points(leaf, top)
        return LoweredNode(
            node=leaf,
            earned=points,
            offered=self._build.known(maximum),
            points=points,
            own_points=points,
            available=self._build.known(maximum),
            maximum=maximum,
            met=met,
            applies=self._build.known(1),
        )

    def _points(self, leaf: Leaf, top: int) -> tuple[int, int]:
        """Return the indices of a leaf's points and of the truth that it has all of them."""
        if isinstance(leaf.scoring, MetWhen):
            truth = self._conditions.truth(leaf.scoring.when)
            points = self._build.linear([(truth, top)])
            return points, self._build.negation(truth) if top < 0 else truth
        points = self._graded(leaf.scoring, top)
        margin = LinearForm({points: Fraction(1)}, Fraction(-max(top, 0)))
        return points, self._build.at_least_zero(margin)

    def _graded(self, scoring: Scoring, top: int) -> int:
        match scoring:
            case Bands(bands):
                points = self._build.known(0)
                for band in reversed(bands):
                    truth = self._conditions.truth(band.when)
                    band_points = self._build.known(self._grid.units(band.points))
                    points = self._build.choose(truth, band_points, points)
                return points
            case PerItem(count, points_per_item):
                index, step = self._build.index_of(self._conditions.number(count))
                earned = self._build.linear([(index, self._grid.units(points_per_item * step))])
                return self._build.extreme([earned, self._build.known(top)], greatest=top < 0)
            case Assessed(name):
                awarded = self._conditions.number(ex.NumberInput(name))
                index, step = self._build.index_of(awarded)
                return self._build.linear([(index, self._grid.units(step))])
            case Proportional(share, rounding):
                return self._portion(share, rounding, top)
            case _:
                raise TypeError(scoring)

    def _portion(self, share: ex.Number, rounding: RoundingRule, top: int) -> int:
        denominator_tree: ex.Number = ex.Constant(Fraction(1))
        numerator_tree = share
        if isinstance(share, ex.ShareOf):
            numerator_tree, denominator_tree = share.numerator, share.denominator
        sides = [
            self._build.index_of(self._conditions.number(side))
            for side in (numerator_tree, denominator_tree)
        ]
        (numerator, numerator_step), (denominator, denominator_step) = sides
        ratio = numerator_step / denominator_step
        portion = Portion(
            abs(top),
            self._build.linear([(numerator, ratio.numerator)]),
            self._build.linear([(denominator, ratio.denominator)]),
            self._grid.units(rounding.step),
            rounding.mode,
        )
        points = self._build.linear([(self._build.add(portion), -1 if top < 0 else 1)])
        is_unknown = self._conditions.depends_on_unknown_value(share)
        if is_unknown is None:
            return points
        max_points = part_of(portion.points, 1, 1, portion.step, portion.mode)
        interval = (-max_points, 0) if top < 0 else (0, max_points)
        return self._build.choose(is_unknown, self._build.add(Known(*interval)), points)
