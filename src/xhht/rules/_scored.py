"""The lowered form of one criterion."""

from __future__ import annotations

from attrs import frozen

from xhht.rules.model import NaPolicy, Requirement, TreeNode
from xhht.rules.scoring import ChildPoints


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

    def as_child(self) -> ChildPoints:
        """Return what the combination of the branch above counts."""
        return ChildPoints(
            points=self.points,
            available=self.available,
            met=self.met,
            applies=self.applies,
            maximum=self.maximum,
            weight=self.node.weight,
            has_condition=self.node.applies is not None,
            is_dropped=policy_of(self.node) in (NaPolicy.DROP, NaPolicy.REDISTRIBUTE),
        )


def policy_of(node: TreeNode) -> NaPolicy | None:
    """Return what happens to a criterion's points when it does not apply."""
    return node.applies.policy if node.applies else None


def counts(node: TreeNode) -> bool:
    """Return whether a criterion's points and barriers count."""
    return node.requirement is not Requirement.ADVISORY
