"""Hands the points of absent criteria to their siblings (`na_policy: redistribute`)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from attrs import evolve, frozen

from xhht.exact import Rounding, round_ratio
from xhht.rules._scored import Scored, Site, policy_of
from xhht.rules.model import NaPolicy, TreeNode, natural_key
from xhht.rules.plan import Rounded


def hand_out(points: int, weights: Sequence[int], step: int, mode: Rounding) -> list[int]:
    """Return how many of `points` each sibling takes: by weight, in whole steps, none lost.

    What rounding leaves over or takes too much goes step by step to the siblings in their order.

    >>> hand_out(10, [5, 5, 5], 1, Rounding.HALF_UP)
    [4, 3, 3]
    """
    total = sum(weights)
    parts = [step * round_ratio(points * weight, total * step, mode) for weight in weights]
    left = points - sum(parts)
    direction = step if left > 0 else -step
    at = 0
    while left:
        if parts[at] + direction >= 0:
            parts[at] += direction
            left -= direction
        at = (at + 1) % len(parts)
    return parts


@frozen
class Handed:
    """The children of a branch with what absent siblings handed to them.

    Attributes:
        children: with the points and available points that the branch counts.
        sums: the places of their sums, each judged case by case; None where nothing is handed out.
        asked: the truths that tell the cases apart.
    """

    children: list[Scored]
    sums: tuple[int, int] | None = None
    asked: tuple[int, ...] = ()


class Sharing:
    """Hands out points on one site."""

    def __init__(self, site: Site) -> None:
        self._build, self._conditions, self._grid = site.build, site.conditions, site.grid

    def redistribute(self, counted: list[Scored]) -> Handed:
        """Return the children with the points of absent siblings."""
        givers = [c for c in counted if policy_of(c.node) is NaPolicy.REDISTRIBUTE]
        if not givers:
            return Handed(counted)
        truths = {giver.node.id: self._own_truth(giver.node) for giver in givers}
        asked = list(dict.fromkeys(truths.values()))
        cases: dict[tuple[bool, ...], list[tuple[int, int]]] = {}
        for holds in product((True, False), repeat=len(asked)):
            present = dict(zip(asked, holds, strict=True))
            absent = [giver for giver in givers if not present[truths[giver.node.id]]]
            cases[holds] = self._handed_out(counted, absent)
        taken = []
        for at, child in enumerate(counted):
            points, available = (
                self._by_case(asked, {holds: case[at][side] for holds, case in cases.items()})
                for side in (0, 1)
            )
            taken.append(evolve(child, points=points, available=available))
        points, available = (
            self._by_case(
                asked,
                {
                    holds: self._build.linear([(places[side], 1) for places in case])
                    for holds, case in cases.items()
                },
            )
            for side in (0, 1)
        )
        return Handed(taken, (points, available), tuple(asked))

    def _own_truth(self, node: TreeNode) -> int:
        assert node.applies is not None
        return self._conditions.truth(node.applies.when)

    def _handed_out(self, counted: list[Scored], absent: list[Scored]) -> list[tuple[int, int]]:
        """Return the places of points and available points of each child when some are absent."""
        takers = sorted(
            (child for child in counted if _takes(child) and child not in absent),
            key=lambda child: natural_key(child.node.id),
        )
        weights = [taker.maximum for taker in takers]
        extras: dict[str, list[tuple[int, int, Rounding]]] = {t.node.id: [] for t in takers}
        for giver in absent:
            assert giver.node.applies is not None
            rounding = giver.node.applies.rounding
            assert rounding is not None  # the checks demand it
            step = self._grid.units(rounding.step)
            parts = hand_out(giver.maximum, weights, step, rounding.mode)
            for taker, part in zip(takers, parts, strict=True):
                extras[taker.node.id].append((part, step, rounding.mode))
        places = []
        for child in counted:
            if child in absent:
                places.append((self._build.known(0), self._build.known(0)))
            elif child.node.id in extras:
                places.append(self._enlarged(child, extras[child.node.id]))
            else:
                places.append((child.points, child.available))
        return places

    def _enlarged(self, child: Scored, extras: list[tuple[int, int, Rounding]]) -> tuple[int, int]:
        points, available = [(child.earned, 1)], [(child.offered, 1)]
        for part, step, mode in extras:
            for own, total in ((child.earned, points), (child.offered, available)):
                grown = self._build.linear([(own, part)])
                total.append((self._build.add(Rounded(grown, child.maximum, step, mode)), 1))
        return self._build.linear(points), self._build.linear(available)

    def _by_case(self, asked: list[int], places: dict[tuple[bool, ...], int]) -> int:
        if not asked:
            return places[()]
        sides = [
            self._by_case(asked[1:], {k[1:]: place for k, place in places.items() if k[0] is side})
            for side in (True, False)
        ]
        return self._build.choose(asked[0], sides[0], sides[1])


def _takes(child: Scored) -> bool:
    """Return whether a child may take a sibling's points: it always applies, or is a giver."""
    return child.maximum > 0 and policy_of(child.node) in (None, NaPolicy.REDISTRIBUTE)
