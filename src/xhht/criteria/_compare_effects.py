"""Effects of changes: whether a change of one clause makes a profile looser or tighter.

Monotonicity analysis: the effect follows from the order of the old and the new clause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, TypeAlias, assert_never

from xhht.criteria.changes import Effect
from xhht.criteria.profile import Profile
from xhht.rules import expressions as ex
from xhht.rules.model import Branch, FactorCase, Leaf, NaPolicy, Requirement, Rules, TreeNode
from xhht.rules.ordering import TreeOrder, is_monotone_in_points
from xhht.rules.scoring import MaximumRole

EffectRule: TypeAlias = Callable[[TreeOrder], Effect]
"""Returns the effect of a new condition or number from its order relative to the old one."""

_EFFECT_OF_ORDER = {
    TreeOrder.SAME: Effect.NEITHER,
    TreeOrder.HIGHER: Effect.LOOSER,
    TreeOrder.LOWER: Effect.TIGHTER,
    TreeOrder.UNCLEAR: Effect.UNKNOWN,
}


def effect_of_order(order: TreeOrder) -> Effect:
    """Return the effect of a change in the condition of a level."""
    return _EFFECT_OF_ORDER[order]


class MonotonicityAnalysis:
    """Derives the effects of changes between two profiles from the rules of both."""

    def __init__(self, old: Profile, new: Profile) -> None:
        both_rules = (old.rules, new.rules)
        self._is_monotone_in_points = all(map(_is_monotone_in_points, both_rules))
        self._is_monotone_in_maximum = self._is_monotone_in_points and all(
            map(_is_monotone_in_maximum, both_rules)
        )
        self._depends_on_full_points = any(map(_depends_on_full_points, both_rules))
        self._depends_on_lowest = any(map(_depends_on_lowest, both_rules))
        self._ids_in_levels = {node_id for rules in both_rules for node_id in _ids_in_levels(rules)}

    def scoring_rule(self, old: Leaf, new: Leaf) -> EffectRule:
        """Return the effect rule for changes of an indicator's scoring rule."""
        both_advisory = old.requirement is new.requirement is Requirement.ADVISORY
        if both_advisory and not self._ids_in_levels & {old.id, new.id}:
            return _no_effect
        if not self._is_monotone_in_points:
            return unknown_unless_same
        if old.points >= 0 and new.points >= 0:
            return effect_of_order
        if old.points < 0 and new.points < 0 and not self._depends_on_full_points:
            return _tighter
        return unknown_unless_same

    def declared_points_rule(self, old: Leaf, new: Leaf) -> EffectRule:
        """Return the effect rule for points within a scoring rule, which rise with them.

        Conditions and counts lower the points of a deduction; the points that it declares do not.
        """
        rule = self.scoring_rule(old, new)
        return effect_of_order if rule is _tighter else rule

    def points_effect(self, old: Leaf, new: Leaf) -> Effect:
        """Return the effect of changed points of an indicator."""
        order = TreeOrder.of(old.points, new.points)
        effect = self.scoring_rule(old, new)(order)
        if not self._is_monotone_in_maximum or effect is Effect.NEITHER:
            return effect if effect is Effect.NEITHER else Effect.UNKNOWN
        match new.scoring.maximum_role:
            case MaximumRole.EARNED:
                # A smaller deduction is also above the old one.
                return effect_of_order(order) if old.points * new.points >= 0 else Effect.UNKNOWN
            case MaximumRole.FACTOR:
                return Effect.UNKNOWN if self._depends_on_full_points else effect
            case MaximumRole.BOUND:
                return Effect.UNKNOWN if self._depends_on_full_points else Effect.NEITHER
            case MaximumRole.RANGE:
                return Effect.UNKNOWN
            case role:
                assert_never(role)

    def maximum_effect(self, order: TreeOrder) -> Effect:
        """Return the effect of a changed maximum of a criterion."""
        if order is TreeOrder.SAME:
            return Effect.NEITHER
        return (
            effect_of_order(order)
            if self._is_monotone_in_maximum and not self._depends_on_full_points
            else Effect.UNKNOWN
        )

    def factor_effect(self, old: TreeNode, new: TreeNode) -> Effect:
        """Return the effect of changed factors of the points of a criterion.

        It is known if all cases rise or fall, and nothing there takes points off.
        """
        ones = [case for case in (_factors(old), _factors(new)) if len(case) == 1]
        before, after = _factors(old), _factors(new)
        if not ones and [case.when for case in before] != [case.when for case in after]:
            return Effect.UNKNOWN
        width = max(len(before), len(after))
        pairs = zip(
            before if len(before) == width else before * width,
            after if len(after) == width else after * width,
            strict=True,
        )
        orders = {TreeOrder.of(one.value, other.value) for one, other in pairs} - {TreeOrder.SAME}
        if not orders:
            return Effect.NEITHER
        if len(orders) > 1 or any(map(_deducts, (old, new))):
            return Effect.UNKNOWN
        return self.maximum_effect(orders.pop())

    def minimum_effect(self, old: Fraction | None, new: Fraction | None) -> Effect:
        """Return the effect of changed minimum points of a criterion."""
        if not (self._is_monotone_in_points and self._is_monotone_in_maximum):
            return Effect.UNKNOWN
        if old is None or new is None:
            return Effect.LOOSER if old is None else Effect.TIGHTER
        return effect_of_order(TreeOrder.of(old, new))

    def applicability_effect(self, old: TreeNode, new: TreeNode, order: TreeOrder) -> Effect:
        """Return the effect of a changed applicability condition."""
        policies = {node.applies.policy for node in (old, new) if node.applies}
        if order is TreeOrder.SAME:
            return Effect.NEITHER
        if (
            policies != {NaPolicy.FULL}
            or not self._is_monotone_in_points
            or self._depends_on_lowest
        ):
            return Effect.UNKNOWN
        return _tighter(order)

    def addition_effect(self, node: TreeNode, parents: Iterable[Branch]) -> Effect:
        """Return the effect of adding an indicator when nothing else changes."""
        only_sums = all(parent.combine.rule.is_plain_sum for parent in parents)
        if (
            not isinstance(node, Leaf)
            or node.applies
            or not only_sums
            or node.id in self._ids_in_levels
        ):
            return Effect.UNKNOWN
        if node.requirement is Requirement.ADVISORY:
            return Effect.NEITHER
        is_mandatory = node.requirement is Requirement.MUST or node.floor is not None
        if (
            not self._is_monotone_in_maximum
            or self._depends_on_full_points
            or self._depends_on_lowest
        ):
            return Effect.UNKNOWN
        if node.points == 0:
            return Effect.TIGHTER if is_mandatory else Effect.NEITHER
        if node.points < 0:
            return Effect.TIGHTER
        return Effect.UNKNOWN if is_mandatory else Effect.LOOSER


def _factors(node: TreeNode) -> tuple[FactorCase, ...]:
    return node.factor.cases if node.factor else (FactorCase(None, Fraction(1)),)


def _deducts(node: TreeNode) -> bool:
    """Return whether some indicator, here or below, is a deduction."""
    if isinstance(node, Leaf):
        return node.points < 0
    return any(map(_deducts, node.children))


def floor_effect(old: Fraction | None, new: Fraction | None) -> Effect:
    """Return the effect of a changed floor."""
    if old is None or new is None:
        return Effect.TIGHTER if old is None else Effect.LOOSER
    return _tighter(TreeOrder.of(old, new))


def requirement_effect(old: Requirement, new: Requirement) -> Effect:
    """Return the effect of a changed requirement."""
    pair = (old, new)
    if pair == (Requirement.SCORED, Requirement.MUST):
        return Effect.TIGHTER
    return Effect.LOOSER if pair == (Requirement.MUST, Requirement.SCORED) else Effect.UNKNOWN


def _tighter(order: TreeOrder) -> Effect:
    return effect_of_order(order.flipped)


def _no_effect(_order: TreeOrder) -> Effect:
    return Effect.NEITHER


def unknown_unless_same(order: TreeOrder) -> Effect:
    """Return that the effect of a change is unknown."""
    return Effect.NEITHER if order is TreeOrder.SAME else Effect.UNKNOWN


def _is_monotone_in_points(rules: Rules) -> bool:
    """Return whether more points never lead to a lower level."""
    return all(is_monotone_in_points(level.when) for level in rules.levels)


def _is_monotone_in_maximum(rules: Rules) -> bool:
    """Return whether a higher maximum never leads to a lower level."""
    kinds = {type(node) for level in rules.levels for node in ex.walk(level.when)}
    changes_maximum = any(
        node.applies and node.applies.policy in (NaPolicy.REDISTRIBUTE, NaPolicy.DROP)
        for node in rules.nodes()
    )
    return ex.Percent not in kinds and not changes_maximum


def _depends_on_full_points(rules: Rules) -> bool:
    """Return whether some rule depends on a criterion reaching its maximum points."""
    if any(isinstance(node, ex.Met) for level in rules.levels for node in ex.walk(level.when)):
        return True
    return any(
        node.requirement is Requirement.MUST
        or (isinstance(node, Branch) and node.combine.rule.needs_all_points)
        for node in rules.nodes()
    )


def _depends_on_lowest(rules: Rules) -> bool:
    return any(
        isinstance(node, ex.LowestIndicator)
        for level in rules.levels
        for node in ex.walk(level.when)
    )


def _ids_in_levels(rules: Rules) -> Iterator[Any]:
    """Yield the criterion ids that level conditions refer to."""
    for level in rules.levels:
        yield from ex.node_ids(level.when)
