"""Checks whether each band is ever used, and whether bands leave a gap or overlap."""

from __future__ import annotations

from itertools import combinations

import z3

from xhht.proving._asking import ProofContext
from xhht.proving._encoding import Encoding, Formula, Span
from xhht.proving.findings import Topic
from xhht.rules.model import Bands, Leaf

__all__ = ["check_bands"]


def check_bands(context: ProofContext) -> None:
    """Find bands that are never used, subjects in no band, and overlapping bands."""
    for node in context.profile.rules.nodes():
        if isinstance(node, Leaf) and isinstance(node.scoring, Bands):
            pointer = context.profile.pointers[node.id]
            with context.catch_undecided(Topic.BANDS, node.id, pointer):
                _Bands(context, node, node.scoring, pointer).check()


class _Bands:
    def __init__(self, context: ProofContext, leaf: Leaf, scoring: Bands, pointer: str) -> None:
        self._context, self._leaf, self._pointer = context, leaf, pointer
        self._bands = scoring.bands
        self._probe: Encoding
        self._truths: list[Span]
        self._probe, self._truths = context.probe(*(band.when for band in scoring.bands))
        applies = next(
            self._probe.span(node.applies) for node in self._probe.plan.nodes if node.id == leaf.id
        )
        self._applies, self._possibly_applies = applies.certain, applies.possible

    def check(self) -> None:
        if self._context.solver.find(self._possibly_applies, variants=[self._probe]) is None:
            return  # the indicator check reports that it never applies
        for at in range(len(self._bands)):
            self._check_use(at)
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

    def _none_before(self, at: int) -> Formula:
        return z3.And([z3.Not(truth.possible) for truth in self._truths[:at]])

    def _check_overlaps(self) -> None:
        is_reported = False
        for index, later in combinations(range(len(self._bands)), 2):
            has_fewer_points = self._bands[index].points < self._bands[later].points
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
