"""What one criterion comes to while a plan is built, and the tools that building takes."""

from __future__ import annotations

from attrs import frozen

from xhht.exact import Grid
from xhht.rules._builder import Builder
from xhht.rules._conditions import ConditionLowering
from xhht.rules.model import NaPolicy, Requirement, TreeNode


@frozen
class LoweringContext:
    """Where a plan is built: its operators, the conditions inside criteria, the grid of points."""

    build: Builder
    conditions: ConditionLowering
    grid: Grid


@frozen(kw_only=True)
class LoweredNode:
    """Where the results of one criterion stand while the plan is built.

    `earned` and `offered` are its points, and the most it could give, if it applies; `points` and
    `available` are what the branch above counts, also when it does not apply.
    """

    node: TreeNode
    earned: int
    offered: int
    points: int
    judged: int
    available: int
    maximum: int
    met: int
    applies: int


def policy_of(node: TreeNode) -> NaPolicy | None:
    """Return what becomes of a criterion's points where it does not apply."""
    return node.applies.policy if node.applies else None


def counts(node: TreeNode) -> bool:
    """Return whether a criterion's points and barriers count."""
    return node.requirement is not Requirement.ADVISORY
