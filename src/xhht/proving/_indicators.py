"""Asks of every criterion whether it can give points, all of them, and whether it ever matters."""

from __future__ import annotations

import z3
from attrs import evolve

from xhht.proving._asking import Asking, differ, unsettled
from xhht.proving._encoding import Encoding, Span
from xhht.proving._search import greatest
from xhht.proving._wording import number_text
from xhht.proving.findings import Topic
from xhht.rules.expressions import Truth
from xhht.rules.model import Branch, Leaf, MetWhen, Requirement, TreeNode
from xhht.rules.plan import NodePlan

__all__ = ["ask_indicators"]


def ask_indicators(asking: Asking) -> None:
    """Find criteria that nobody has, that nobody has in full, and that never decide a level."""
    advisory = _advisory(asking.profile.rules.criteria)
    in_doubt: list[str] = []
    for node in asking.profile.rules.nodes():
        pointer = asking.profile.pointers[node.id]
        with asking.deciding(Topic.INDICATORS, node.id, pointer):
            plan = asking.nodes[node.id]
            if not _ask_use(asking, plan, pointer):
                continue
            if isinstance(node, Leaf):
                _ask_points(asking, node, plan, pointer)
                if node.id not in advisory and _is_matter_open(asking, node, pointer):
                    in_doubt.append(node.id)
    if in_doubt:
        listed = ", ".join(f"'{node_id}'" for node_id in in_doubt)
        asking.note("XP205", in_doubt[0], asking.profile.pointers[in_doubt[0]], nodes=listed)


def _advisory(nodes: tuple[TreeNode, ...], inside: bool = False) -> set[str]:
    """Return the criteria that count nothing, with all below them."""
    found: set[str] = set()
    for node in nodes:
        here = inside or node.requirement is Requirement.ADVISORY
        found |= {node.id} if here else set()
        if isinstance(node, Branch):
            found |= _advisory(node.children, here)
    return found


def _ask_use(asking: Asking, plan: NodePlan, pointer: str) -> bool:
    """Return whether a criterion applies to anybody."""
    if asking.solver.find(asking.applies(plan).may_hold) is not None:
        return True
    asking.note("XP203", plan.id, pointer, node=plan.id)
    return False


def _ask_points(asking: Asking, leaf: Leaf, plan: NodePlan, pointer: str) -> None:
    judged, find = asking.span(plan.judged), asking.solver.find
    applies = asking.applies(plan).may_hold
    if leaf.points == 0:
        return
    if find(applies, z3.Or(judged.least != 0, judged.most != 0)) is None:
        asking.note("XP201", leaf.id, pointer, node=leaf.id)
        return
    full = asking.profile.plan.grid.units(leaf.points)
    whole = _reaches(judged, full)
    if find(applies, whole) is not None:
        return
    bounds = asking.plan.bounds[plan.judged]
    sign = 1 if full > 0 else -1
    most = greatest(
        lambda end: find(applies, _reaches(judged, sign * end)) is not None,
        0,
        max(sign * end for end in bounds),
    )
    points = asking.profile.points(sign * most)
    asking.note(
        "XP202",
        leaf.id,
        pointer,
        find(applies, _reaches(judged, sign * most)),
        node=leaf.id,
        points=number_text(leaf.points),
        most=number_text(points),
    )


def _reaches(judged: Span, units: int) -> object:
    """Return that points may be so many, or for a deduction so few."""
    return judged.most >= units if units > 0 else judged.least <= units


def _is_matter_open(asking: Asking, leaf: Leaf, pointer: str) -> bool:
    """Find whether an indicator ever decides a level; return whether that is open."""
    own = asking.encoding
    variants = [_fixed(asking, leaf, met=met) for met in (False, True)]
    differs = z3.Or([differ(own, other) for other in variants])
    decides = asking.solver.find(differs, variants=variants)
    if decides is not None:
        asking.note("XP206", leaf.id, pointer, decides, node=leaf.id)
        return False
    if asking.solver.find(unsettled(own, *variants), variants=variants) is not None:
        return True
    asking.note("XP204", leaf.id, pointer, node=leaf.id)
    return False


def _fixed(asking: Asking, leaf: Leaf, *, met: bool) -> Encoding:
    """Return the profile's plan with an indicator that everybody, or nobody, meets."""
    return asking.changed(leaf.id, lambda _: evolve(leaf, scoring=MetWhen(Truth(met))))
