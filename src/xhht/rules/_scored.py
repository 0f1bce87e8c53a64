"""The lowered form of one criterion, and the context in which a plan is built."""

from __future__ import annotations

from attrs import frozen

from xhht.numbers import Grid
from xhht.rules._builder import Builder
from xhht.rules._conditions import ConditionLowering
from xhht.rules.model import NaPolicy, Requirement, TreeNode


@frozen
class LoweringContext:
    """What lowering shares: the builder, the conditions inside criteria, the grid of points."""

    build: Builder
    conditions: ConditionLowering
    grid: Grid


@frozen(kw_only=True)
class LoweredNode:
    """Indices of the results of one criterion in the plan being built.

    `earned` and `offered` are its points and maximum points if it applies; `points` and `available`
    are what the branch above counts, also if it does not apply.
    """

    node: TreeNode
    earned: int
    offered: int
    points: int
    own_points: int
    available: int
    maximum: int
    met: int
    applies: int


def policy_of(node: TreeNode) -> NaPolicy | None:
    """Return what happens to a criterion's points when it does not apply."""
    return node.applies.policy if node.applies else None


def counts(node: TreeNode) -> bool:
    """Return whether a criterion's points and barriers count."""
    return node.requirement is not Requirement.ADVISORY
