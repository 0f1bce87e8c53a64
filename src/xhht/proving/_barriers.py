"""Asks of floors, musts and caps whether anybody passes them, and whether they change a level."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from attrs import evolve, frozen

from xhht.proving._asking import Asking, differ, unsettled
from xhht.proving.findings import Topic
from xhht.rules.model import Branch, Requirement, TreeNode
from xhht.text import Text

__all__ = ["Barrier", "ask_barriers", "barriers_of"]


@frozen(kw_only=True)
class Barrier:
    """A floor, a must or a cap of one criterion.

    Attributes:
        node: the criterion.
        kind: what it is called.
        key: the key of the file that holds it.
        place: where the plan says whether it is passed, or None for a cap.
        drop: takes it away from the criterion.
    """

    node: str
    kind: Text
    key: str
    place: int | None
    drop: Callable[[TreeNode], TreeNode]

    @property
    def is_cap(self) -> bool:
        """Whether it limits points, and bars nobody."""
        return self.place is None

    @property
    def name(self) -> Text:
        """What it is called, with its criterion."""
        return _NAME.format(kind=self.kind, node=self.node)


def barriers_of(asking: Asking) -> Iterator[Barrier]:
    """Yield the floors, musts and caps of a profile."""
    for node in asking.profile.rules.nodes():
        plan = asking.nodes[node.id]
        if node.requirement is Requirement.MUST:
            yield Barrier(
                node=node.id, kind=_MUST, key="requirement", place=plan.met, drop=_no_must
            )
        if node.floor is not None:
            yield Barrier(node=node.id, kind=_FLOOR, key="floor", place=plan.floor, drop=_no_floor)
        if isinstance(node, Branch) and node.cap is not None:
            yield Barrier(node=node.id, kind=_CAP, key="cap", place=None, drop=_no_cap)


def _no_must(node: TreeNode) -> TreeNode:
    return evolve(node, requirement=Requirement.SCORED)


def _no_floor(node: TreeNode) -> TreeNode:
    return evolve(node, floor=None)


def _no_cap(node: TreeNode) -> TreeNode:
    assert isinstance(node, Branch)
    return evolve(node, cap=None)


def ask_barriers(asking: Asking) -> None:
    """Find barriers that nobody passes, and whether each changes somebody's level."""
    for barrier in barriers_of(asking):
        pointer = f"{asking.profile.pointers[barrier.node]}/{barrier.key}"
        with asking.deciding(Topic.FLOORS, barrier.node, pointer):
            _ask(asking, barrier, pointer)


def _ask(asking: Asking, barrier: Barrier, pointer: str) -> None:
    find, words = asking.solver.find, {"barrier": barrier.kind, "node": barrier.node}
    if barrier.place is not None:
        applies = asking.applies(asking.nodes[barrier.node]).may_hold
        passed = find(applies, asking.span(barrier.place).may_hold)
        stopped = find(applies) if passed is None else None
        if stopped is not None:
            asking.note("XP401", barrier.node, pointer, stopped, **words)
            return
    without = asking.changed(barrier.node, barrier.drop)
    costs = find(differ(asking.encoding, without), variants=[without])
    if costs is not None:
        asking.note("XP402", barrier.node, pointer, costs, **words)
        return
    in_doubt = find(unsettled(asking.encoding, without), variants=[without])
    asking.note("XP404" if in_doubt else "XP403", barrier.node, pointer, in_doubt, **words)


_MUST: Final = Text(vi="điều kiện bắt buộc", en="the must")
_FLOOR: Final = Text(vi="điểm sàn", en="the floor")
_CAP: Final = Text(vi="mức trần điểm", en="the cap")
_NAME: Final = Text(vi="{kind} của '{node}'", en="{kind} of '{node}'")
