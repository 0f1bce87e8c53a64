"""Asks of bands whether each is ever used, and where they leave a gap or overlap."""

from __future__ import annotations

from itertools import combinations

import z3

from xhht.proving._asking import Asking
from xhht.proving._encoding import Encoding, Formula, Span
from xhht.proving.findings import Topic
from xhht.rules.model import Bands, Leaf

__all__ = ["ask_bands"]


def ask_bands(asking: Asking) -> None:
    """Find bands that are never used, subjects in no band, and bands that hold together."""
    for node in asking.profile.rules.nodes():
        if isinstance(node, Leaf) and isinstance(node.scoring, Bands):
            pointer = asking.profile.pointers[node.id]
            with asking.deciding(Topic.BANDS, node.id, pointer):
                _Bands(asking, node, node.scoring, pointer).ask()


class _Bands:
    def __init__(self, asking: Asking, leaf: Leaf, scoring: Bands, pointer: str) -> None:
        self._asking, self._leaf, self._pointer = asking, leaf, pointer
        self._bands = scoring.bands
        self._probe: Encoding
        self._truths: list[Span]
        self._probe, self._truths = asking.probe(*(band.when for band in scoring.bands))
        applies = next(
            self._probe.span(node.applies) for node in self._probe.plan.nodes if node.id == leaf.id
        )
        self._applies, self._may_apply = applies.holds, applies.may_hold

    def ask(self) -> None:
        if self._asking.solver.find(self._may_apply, variants=[self._probe]) is None:
            return  # that it applies to nobody is said of the indicator
        for at in range(len(self._bands)):
            self._ask_use(at)
        gap = self._asking.solver.find(
            self._applies, self._none_before(len(self._bands)), variants=[self._probe]
        )
        if gap is not None:
            self._asking.note("XP302", self._leaf.id, self._pointer, gap, node=self._leaf.id)
        self._ask_overlaps()

    def _ask_use(self, at: int) -> None:
        find = self._asking.solver.find
        first = z3.And(self._truths[at].holds, self._none_before(at))
        if find(self._applies, first, variants=[self._probe]) is not None:
            return
        before = [z3.Not(truth.holds) for truth in self._truths[:at]]
        may = z3.And([self._may_apply, self._truths[at].may_hold, *before])
        in_doubt = find(may, variants=[self._probe])
        code = "XP305" if in_doubt else "XP301"
        place = f"{self._pointer}/bands/{at}"
        self._asking.note(code, self._leaf.id, place, in_doubt, node=self._leaf.id, at=at + 1)

    def _none_before(self, at: int) -> Formula:
        return z3.And([z3.Not(truth.may_hold) for truth in self._truths[:at]])

    def _ask_overlaps(self) -> None:
        told = False
        for at, later in combinations(range(len(self._bands)), 2):
            less = self._bands[at].points < self._bands[later].points
            if self._bands[at].points == self._bands[later].points or (told and not less):
                continue
            both = z3.And(
                self._applies,
                self._none_before(at),
                self._truths[at].holds,
                self._truths[later].holds,
            )
            found = self._asking.solver.find(both, variants=[self._probe])
            if found is not None:
                told = told or not less
                self._asking.note(
                    "XP303" if less else "XP304",
                    self._leaf.id,
                    f"{self._pointer}/bands/{at}",
                    found,
                    node=self._leaf.id,
                    at=at + 1,
                    later=later + 1,
                )
