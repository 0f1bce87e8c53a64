"""Checks whether a criterion can give points, all of them, and whether it affects any level."""

from __future__ import annotations

import z3
from attrs import evolve

from xhht.proving._asking import ProofContext, outcome_is_uncertain, outcomes_differ
from xhht.proving._encoding import Encoding, Span
from xhht.proving._search import greatest
from xhht.proving._wording import number_text
from xhht.proving.findings import Topic
from xhht.rules.expressions import TruthConstant
from xhht.rules.model import Branch, Leaf, MetWhen, Requirement, TreeNode
from xhht.rules.plan import NodePlan

__all__ = ["check_indicators"]


def check_indicators(context: ProofContext) -> None:
    """Find criteria that never give points, never give all points, or never affect a level."""
    advisory = _advisory(context.profile.rules.criteria)
    in_doubt: list[str] = []
    for node in context.profile.rules.nodes():
        pointer = context.profile.pointers[node.id]
        with context.catch_undecided(Topic.INDICATORS, node.id, pointer):
            plan = context.nodes[node.id]
            if not _check_use(context, plan, pointer):
                continue
            if isinstance(node, Leaf):
                _check_points(context, node, plan, pointer)
                if node.id not in advisory and _is_effect_open(context, node, pointer):
                    in_doubt.append(node.id)
    if in_doubt:
        listed = ", ".join(f"'{node_id}'" for node_id in in_doubt)
        context.add_finding(
            "XP205", in_doubt[0], context.profile.pointers[in_doubt[0]], nodes=listed
        )


def _advisory(nodes: tuple[TreeNode, ...], inside: bool = False) -> set[str]:
    """Return the ids of advisory criteria and of all their descendants."""
    advisory_ids: set[str] = set()
    for node in nodes:
        is_advisory = inside or node.requirement is Requirement.ADVISORY
        advisory_ids |= {node.id} if is_advisory else set()
        if isinstance(node, Branch):
            advisory_ids |= _advisory(node.children, is_advisory)
    return advisory_ids


def _check_use(context: ProofContext, plan: NodePlan, pointer: str) -> bool:
    """Return whether a criterion applies to any subject."""
    if context.solver.find(context.applies(plan).possible) is not None:
        return True
    context.add_finding("XP203", plan.id, pointer, node=plan.id)
    return False


def _check_points(context: ProofContext, leaf: Leaf, plan: NodePlan, pointer: str) -> None:
    judged, find = context.span(plan.own_points), context.solver.find
    applies = context.applies(plan).possible
    if leaf.points == 0:
        return
    if find(applies, z3.Or(judged.lower_number != 0, judged.upper_number != 0)) is None:
        context.add_finding("XP201", leaf.id, pointer, node=leaf.id)
        return
    full = context.profile.plan.grid.units(leaf.points)
    reaches_full = _reaches(judged, full)
    if find(applies, reaches_full) is not None:
        return
    bounds = context.plan.bounds[plan.own_points]
    sign = 1 if full > 0 else -1
    best = greatest(
        lambda end: find(applies, _reaches(judged, sign * end)) is not None,
        0,
        max(sign * end for end in bounds),
    )
    points = context.profile.points(sign * best)
    context.add_finding(
        "XP202",
        leaf.id,
        pointer,
        find(applies, _reaches(judged, sign * best)),
        node=leaf.id,
        points=number_text(leaf.points),
        most=number_text(points),
    )


def _reaches(judged: Span, units: int) -> object:
    """Return that the points may reach `units`, from above for a deduction."""
    return judged.upper_number >= units if units > 0 else judged.lower_number <= units


def _is_effect_open(context: ProofContext, leaf: Leaf, pointer: str) -> bool:
    """Check whether an indicator ever affects a level; return whether that is uncertain."""
    own = context.encoding
    variants = [_fixed(context, leaf, met=met) for met in (False, True)]
    differs = z3.Or([outcomes_differ(own, other) for other in variants])
    decides = context.solver.find(differs, variants=variants)
    if decides is not None:
        context.add_finding("XP206", leaf.id, pointer, decides, node=leaf.id)
        return False
    if context.solver.find(outcome_is_uncertain(own, *variants), variants=variants) is not None:
        return True
    context.add_finding("XP204", leaf.id, pointer, node=leaf.id)
    return False


def _fixed(context: ProofContext, leaf: Leaf, *, met: bool) -> Encoding:
    """Return the encoded plan with an indicator that every subject, or none, meets."""
    return context.encode_changed(
        leaf.id, lambda _: evolve(leaf, scoring=MetWhen(TruthConstant(met)))
    )
