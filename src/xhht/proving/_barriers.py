"""Checks whether floors, musts and caps can be passed, and whether they affect any level."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from attrs import evolve, frozen

from xhht.proving._asking import ProofContext, outcome_is_uncertain, outcomes_differ
from xhht.proving.findings import Topic
from xhht.rules.model import Branch, Requirement, TreeNode
from xhht.text import Text

__all__ = ["Barrier", "barriers_of", "check_barriers"]


@frozen(kw_only=True)
class Barrier:
    """A floor, a must or a cap of one criterion.

    Attributes:
        node: the criterion.
        kind: its label.
        key: its key in the profile file.
        index: index of the operator that tests whether it is passed; None for a cap.
        drop: removes it from the criterion.
    """

    node: str
    kind: Text
    key: str
    index: int | None
    drop: Callable[[TreeNode], TreeNode]

    @property
    def is_cap(self) -> bool:
        """Whether it limits points and excludes nobody."""
        return self.index is None

    @property
    def name(self) -> Text:
        """The label together with the criterion."""
        return _NAME.format(kind=self.kind, node=self.node)


def barriers_of(context: ProofContext) -> Iterator[Barrier]:
    """Yield the floors, musts and caps of a profile."""
    for node in context.profile.rules.nodes():
        plan = context.nodes[node.id]
        if node.requirement is Requirement.MUST:
            yield Barrier(
                node=node.id, kind=_MUST, key="requirement", index=plan.met, drop=_no_must
            )
        if node.floor is not None:
            yield Barrier(node=node.id, kind=_FLOOR, key="floor", index=plan.floor, drop=_no_floor)
        if isinstance(node, Branch) and node.cap is not None:
            yield Barrier(node=node.id, kind=_CAP, key="cap", index=None, drop=_no_cap)


def _no_must(node: TreeNode) -> TreeNode:
    return evolve(node, requirement=Requirement.SCORED)


def _no_floor(node: TreeNode) -> TreeNode:
    return evolve(node, floor=None)


def _no_cap(node: TreeNode) -> TreeNode:
    assert isinstance(node, Branch)
    return evolve(node, cap=None)


def check_barriers(context: ProofContext) -> None:
    """Find barriers that nobody passes, and whether each affects the level of a subject."""
    for barrier in barriers_of(context):
        pointer = f"{context.profile.pointers[barrier.node]}/{barrier.key}"
        with context.catch_undecided(Topic.FLOORS, barrier.node, pointer):
            _check_barrier(context, barrier, pointer)


def _check_barrier(context: ProofContext, barrier: Barrier, pointer: str) -> None:
    find, values = context.solver.find, {"barrier": barrier.kind, "node": barrier.node}
    if barrier.index is not None:
        applies = context.applies(context.nodes[barrier.node]).possible
        passed = find(applies, context.span(barrier.index).possible)
        blocked = find(applies) if passed is None else None
        if blocked is not None:
            context.add_finding("XP401", barrier.node, pointer, blocked, **values)
            return
    without = context.encode_changed(barrier.node, barrier.drop)
    affected = find(outcomes_differ(context.encoding, without), variants=[without])
    if affected is not None:
        context.add_finding("XP402", barrier.node, pointer, affected, **values)
        return
    in_doubt = find(outcome_is_uncertain(context.encoding, without), variants=[without])
    context.add_finding("XP404" if in_doubt else "XP403", barrier.node, pointer, in_doubt, **values)


_MUST: Final = Text(vi="yêu cầu bắt buộc", en="the mandatory requirement")
_FLOOR: Final = Text(vi="điểm sàn", en="the floor")
_CAP: Final = Text(vi="mức trần điểm", en="the cap")
_NAME: Final = Text(vi="{kind} của '{node}'", en="{kind} of '{node}'")
