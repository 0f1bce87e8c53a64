"""Checks whether a criterion can give points, all of them, and whether it affects any level."""

from __future__ import annotations

from itertools import combinations

import z3
from attrs import evolve

from xhht.numbers import decimal_label
from xhht.proving._encoding import Encoding, Formula, Span
from xhht.proving._query import ProofContext, outcome_is_uncertain, outcomes_differ
from xhht.proving._thresholds import greatest
from xhht.proving.findings import Topic
from xhht.rules.expressions import TruthConstant
from xhht.rules.model import Branch, Leaf, Requirement, TreeNode
from xhht.rules.plan import NodePlan
from xhht.rules.scoring import Band, MetWhen


def check_bands(context: ProofContext) -> None:
    """Find bands that are never used, subjects in no band, and overlapping bands."""
    for node in context.profile.rules.nodes():
        bands = node.scoring.alternatives() if isinstance(node, Leaf) else ()
        if isinstance(node, Leaf) and bands:
            pointer = context.profile.pointers[node.id]
            with context.catch_undecided(Topic.BANDS, node.id, pointer):
                _Bands(context, node, bands, pointer).check()


class _Bands:
    def __init__(
        self, context: ProofContext, leaf: Leaf, bands: tuple[Band, ...], pointer: str
    ) -> None:
        self._context, self._leaf, self._pointer = context, leaf, pointer
        self._bands = bands
        self._probe: Encoding
        self._truths: list[Span]
        self._probe, self._truths = context.probe(*(band.when for band in bands))
        applies = next(
            self._probe.span(node.applies) for node in self._probe.plan.nodes if node.id == leaf.id
        )
        self._applies, self._possibly_applies = applies.certain, applies.possible

    def check(self) -> None:
        if self._context.solver.find(self._possibly_applies, variants=[self._probe]) is None:
            return  # the indicator check reports that it never applies
        for index in range(len(self._bands)):
            self._check_use(index)
        gap = self._context.solver.find(
            self._applies, self._none_before(len(self._bands)), variants=[self._probe]
        )
        if gap is not None:
            self._context.add_finding(
                "XP302", self._leaf.id, self._pointer, gap, node=self._leaf.id
            )
        self._check_overlaps()

    def _check_use(self, index: int) -> None:
        find = self._context.solver.find
        is_first = z3.And(self._truths[index].certain, self._none_before(index))
        if find(self._applies, is_first, variants=[self._probe]) is not None:
            return
        none_before = [z3.Not(truth.certain) for truth in self._truths[:index]]
        may_be_first = z3.And([self._possibly_applies, self._truths[index].possible, *none_before])
        in_doubt = find(may_be_first, variants=[self._probe])
        code = "XP305" if in_doubt else "XP301"
        band_pointer = f"{self._pointer}/bands/{index}"
        self._context.add_finding(
            code, self._leaf.id, band_pointer, in_doubt, node=self._leaf.id, at=index + 1
        )

    def _none_before(self, index: int) -> Formula:
        return z3.And([z3.Not(truth.possible) for truth in self._truths[:index]])

    def _check_overlaps(self) -> None:
        is_reported = False
        for index, later in combinations(range(len(self._bands)), 2):
            # A deduction counts by its size: the greater one comes first.
            points, later_points = abs(self._bands[index].points), abs(self._bands[later].points)
            has_fewer_points = points < later_points
            if self._bands[index].points == self._bands[later].points or (
                is_reported and not has_fewer_points
            ):
                continue
            in_both_bands = z3.And(
                self._applies,
                self._none_before(index),
                self._truths[index].certain,
                self._truths[later].certain,
            )
            overlap = self._context.solver.find(in_both_bands, variants=[self._probe])
            if overlap is not None:
                is_reported = is_reported or not has_fewer_points
                self._context.add_finding(
                    "XP303" if has_fewer_points else "XP304",
                    self._leaf.id,
                    f"{self._pointer}/bands/{index}",
                    overlap,
                    node=self._leaf.id,
                    at=index + 1,
                    later=later + 1,
                )


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
    own, find = context.span(plan.own_points), context.solver.find
    applies = context.applies(plan).possible
    if leaf.points == 0:
        return
    if find(applies, z3.Or(own.lower_number != 0, own.upper_number != 0)) is None:
        context.add_finding("XP201", leaf.id, pointer, node=leaf.id)
        return
    full = context.profile.plan.grid.units(leaf.points)
    reaches_full = _reaches(own, full)
    if find(applies, reaches_full) is not None:
        return
    bounds = context.plan.bounds[plan.own_points]
    sign = 1 if full > 0 else -1
    best = greatest(
        lambda end: find(applies, _reaches(own, sign * end)) is not None,
        0,
        max(sign * end for end in bounds),
    )
    points = context.profile.points(sign * best)
    context.add_finding(
        "XP202",
        leaf.id,
        pointer,
        find(applies, _reaches(own, sign * best)),
        node=leaf.id,
        points=decimal_label(leaf.points),
        most=decimal_label(points),
    )


def _reaches(own: Span, units: int) -> object:
    """Return that the points may reach `units`, from above for a deduction."""
    return own.upper_number >= units if units > 0 else own.lower_number <= units


def _is_effect_open(context: ProofContext, leaf: Leaf, pointer: str) -> bool:
    """Check whether an indicator ever affects a level; return whether that is uncertain."""
    encoding = context.encoding
    # The plan with the indicator met by no subject, and by every subject.
    fixed = (evolve(leaf, scoring=MetWhen(TruthConstant(met))) for met in (False, True))
    variants = [context.encode_changed(changed) for changed in fixed]
    differs = z3.Or([outcomes_differ(encoding, other) for other in variants])
    decides = context.solver.find(differs, variants=variants)
    if decides is not None:
        context.add_finding("XP206", leaf.id, pointer, decides, node=leaf.id)
        return False
    in_doubt = outcome_is_uncertain(encoding, *variants)
    if context.solver.find(in_doubt, variants=variants) is not None:
        return True
    context.add_finding("XP204", leaf.id, pointer, node=leaf.id)
    return False
