"""Whether a change of one clause eases: what an order of conditions means for those judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, TypeAlias

from xhht.criteria.changes import Effect
from xhht.criteria.profile import Profile
from xhht.rules import expressions as ex
from xhht.rules.model import (
    Assessed,
    Bands,
    Branch,
    Combination,
    Leaf,
    MetWhen,
    NaPolicy,
    Requirement,
    Rules,
    TreeNode,
)
from xhht.rules.ordering import Order, rises_with_points

__all__ = ["Effects", "Judge", "looser", "of_floor", "of_requirement"]

Judge: TypeAlias = Callable[[Order], Effect]
"""Says what a clause's new condition or number, by its order to the old one, does."""

_EASES = {
    Order.SAME: Effect.NEITHER,
    Order.HIGHER: Effect.LOOSER,
    Order.LOWER: Effect.TIGHTER,
    Order.UNCLEAR: Effect.UNKNOWN,
}


def looser(order: Order) -> Effect:
    """Return the effect of a condition that is asked of a level."""
    return _EASES[order]


class Effects:
    """What changes between two profiles do, as far as both sides' rules show it."""

    def __init__(self, old: Profile, new: Profile) -> None:
        sides = (old.rules, new.rules)
        self._points_help = all(_points_help(rules) for rules in sides)
        self._sizes_help = self._points_help and all(map(_sizes_help, sides))
        self._met_counts = any(map(_met_counts, sides))
        self._lowest_counts = any(map(_lowest_counts, sides))
        self._named = {node for rules in sides for node in _named(rules)}

    def of_scoring(self, old: Leaf, new: Leaf) -> Judge:
        """Return the judge of what earns an indicator's points."""
        only_shown = old.requirement is new.requirement is Requirement.ADVISORY
        if only_shown and not self._named & {old.id, new.id}:
            return _neither
        if not self._points_help:
            return _unknown_unless_same
        if old.points >= 0 and new.points >= 0:
            return looser
        if old.points < 0 and new.points < 0 and not self._met_counts:
            return _tighter
        return _unknown_unless_same

    def of_points(self, old: Leaf, new: Leaf) -> Effect:
        """Return what other points of an indicator do."""
        order = Order.of(old.points, new.points)
        judged = self.of_scoring(old, new)(order)
        if not self._sizes_help or judged is Effect.NEITHER:
            return judged if judged is Effect.NEITHER else Effect.UNKNOWN
        if isinstance(new.scoring, MetWhen):
            # A deduction that takes less is above the old one as well.
            return looser(order) if old.points * new.points >= 0 else Effect.UNKNOWN
        if isinstance(new.scoring, Assessed) or self._met_counts:
            return Effect.UNKNOWN
        return Effect.NEITHER if isinstance(new.scoring, Bands) else judged

    def of_size(self, order: Order) -> Effect:
        """Return what a number of points that a criterion may reach does."""
        if order is Order.SAME:
            return Effect.NEITHER
        return looser(order) if self._sizes_help and not self._met_counts else Effect.UNKNOWN

    def of_applying(self, old: TreeNode, new: TreeNode, order: Order) -> Effect:
        """Return what it does that a criterion applies in other cases."""
        policies = {each.applies.policy for each in (old, new) if each.applies}
        if order is Order.SAME:
            return Effect.NEITHER
        if policies != {NaPolicy.FULL} or not self._points_help or self._lowest_counts:
            return Effect.UNKNOWN
        return _tighter(order)

    def of_existence(self, node: TreeNode, parents: Iterable[Branch]) -> Effect:
        """Return what it does that there is an indicator, when all else stays."""
        plain = all(each.combine is Combination.SUM for each in parents)
        if not isinstance(node, Leaf) or node.applies or not plain or node.id in self._named:
            return Effect.UNKNOWN
        if node.requirement is Requirement.ADVISORY:
            return Effect.NEITHER
        bars = node.requirement is Requirement.MUST or node.floor is not None
        if not self._sizes_help or self._met_counts or self._lowest_counts:
            return Effect.UNKNOWN
        if node.points == 0:
            return Effect.TIGHTER if bars else Effect.NEITHER
        if node.points < 0:
            return Effect.TIGHTER
        return Effect.UNKNOWN if bars else Effect.LOOSER


def of_floor(old: Fraction | None, new: Fraction | None) -> Effect:
    """Return what another floor does."""
    if old is None or new is None:
        return Effect.TIGHTER if old is None else Effect.LOOSER
    return _tighter(Order.of(old, new))


def of_requirement(old: Requirement, new: Requirement) -> Effect:
    """Return what another obligation does."""
    pair = (old, new)
    if pair == (Requirement.SCORED, Requirement.MUST):
        return Effect.TIGHTER
    return Effect.LOOSER if pair == (Requirement.MUST, Requirement.SCORED) else Effect.UNKNOWN


def _tighter(order: Order) -> Effect:
    return looser(order.flipped)


def _neither(_order: Order) -> Effect:
    return Effect.NEITHER


def _unknown_unless_same(order: Order) -> Effect:
    return Effect.NEITHER if order is Order.SAME else Effect.UNKNOWN


def _points_help(rules: Rules) -> bool:
    """Return whether nobody comes to less by having more points somewhere."""
    return all(rises_with_points(level.when) for level in rules.levels)


def _sizes_help(rules: Rules) -> bool:
    """Return whether nobody comes to less because there are more points to have."""
    reads = {type(node) for level in rules.levels for node in ex.walk(level.when)}
    hands_on = any(
        node.applies and node.applies.policy in (NaPolicy.REDISTRIBUTE, NaPolicy.DROP)
        for node in rules.nodes()
    )
    return ex.Percent not in reads and not hands_on


def _met_counts(rules: Rules) -> bool:
    """Return whether it counts somewhere that a criterion has all the points it may have."""
    if any(isinstance(node, ex.Met) for level in rules.levels for node in ex.walk(level.when)):
        return True
    return any(
        node.requirement is Requirement.MUST
        or (isinstance(node, Branch) and node.combine is Combination.ALL_OR_NOTHING)
        for node in rules.nodes()
    )


def _lowest_counts(rules: Rules) -> bool:
    return any(
        isinstance(node, ex.LowestIndicator)
        for level in rules.levels
        for node in ex.walk(level.when)
    )


def _named(rules: Rules) -> Iterator[Any]:
    """Yield the ids that levels name."""
    for level in rules.levels:
        yield from ex.node_ids(level.when)
