"""Redistributes the points of absent criteria to their siblings (`na_policy: redistribute`)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from attrs import evolve, frozen

from xhht.exact import Rounding, round_ratio
from xhht.rules._scored import LoweredNode, LoweringContext, policy_of
from xhht.rules.model import NaPolicy, TreeNode, natural_key
from xhht.rules.plan import Rounded


def apportion(points: int, weights: Sequence[int], step: int, mode: Rounding) -> list[int]:
    """Return the apportionment of `points` by weight, in whole steps, with the exact total.

    The rounding difference is added or removed step by step, in the order of the siblings.

    >>> apportion(10, [5, 5, 5], 1, Rounding.HALF_UP)
    [4, 3, 3]
    """
    total = sum(weights)
    parts = [step * round_ratio(points * weight, total * step, mode) for weight in weights]
    remaining = points - sum(parts)
    direction = step if remaining > 0 else -step
    index = 0
    while remaining:
        if parts[index] + direction >= 0:
            parts[index] += direction
            remaining -= direction
        index = (index + 1) % len(parts)
    return parts


@frozen
class Redistribution:
    """The children of a branch with the points received from absent siblings.

    Attributes:
        children: the children, with the points and available points that the branch counts.
        sums: indices of the sums, computed case by case; None if nothing is redistributed.
        case_conditions: the truths that distinguish the cases.
    """

    children: list[LoweredNode]
    sums: tuple[int, int] | None = None
    case_conditions: tuple[int, ...] = ()


class Redistributor:
    """Redistributes points within one plan."""

    def __init__(self, context: LoweringContext) -> None:
        self._build, self._conditions, self._grid = context.build, context.conditions, context.grid

    def redistribute(self, counted: list[LoweredNode]) -> Redistribution:
        """Return the children with the points of absent siblings."""
        donors = [c for c in counted if policy_of(c.node) is NaPolicy.REDISTRIBUTE]
        if not donors:
            return Redistribution(counted)
        truths = {donor.node.id: self._own_truth(donor.node) for donor in donors}
        case_conditions = list(dict.fromkeys(truths.values()))
        cases: dict[tuple[bool, ...], list[tuple[int, int]]] = {}
        for holds in product((True, False), repeat=len(case_conditions)):
            present = dict(zip(case_conditions, holds, strict=True))
            absent = [donor for donor in donors if not present[truths[donor.node.id]]]
            cases[holds] = self._case_values(counted, absent)
        shared = []
        for index, child in enumerate(counted):
            points, available = (
                self._by_case(
                    case_conditions, {holds: case[index][side] for holds, case in cases.items()}
                )
                for side in (0, 1)
            )
            shared.append(evolve(child, points=points, available=available))
        points, available = (
            self._by_case(
                case_conditions,
                {
                    holds: self._build.linear([(indices[side], 1) for indices in case])
                    for holds, case in cases.items()
                },
            )
            for side in (0, 1)
        )
        return Redistribution(shared, (points, available), tuple(case_conditions))

    def _own_truth(self, node: TreeNode) -> int:
        assert node.applies is not None
        return self._conditions.truth(node.applies.when)

    def _case_values(
        self, counted: list[LoweredNode], absent: list[LoweredNode]
    ) -> list[tuple[int, int]]:
        """Return the indices of points and available points of each child when some are absent."""
        recipients = sorted(
            (child for child in counted if _can_receive(child) and child not in absent),
            key=lambda child: natural_key(child.node.id),
        )
        weights = [recipient.maximum for recipient in recipients]
        extras: dict[str, list[tuple[int, int, Rounding]]] = {t.node.id: [] for t in recipients}
        for donor in absent:
            assert donor.node.applies is not None
            rounding = donor.node.applies.rounding
            assert rounding is not None  # the checks require it
            step = self._grid.units(rounding.step)
            parts = apportion(donor.maximum, weights, step, rounding.mode)
            for recipient, part in zip(recipients, parts, strict=True):
                extras[recipient.node.id].append((part, step, rounding.mode))
        indices = []
        for child in counted:
            if child in absent:
                indices.append((self._build.known(0), self._build.known(0)))
            elif child.node.id in extras:
                indices.append(self._enlarged(child, extras[child.node.id]))
            else:
                indices.append((child.points, child.available))
        return indices

    def _enlarged(
        self, child: LoweredNode, extras: list[tuple[int, int, Rounding]]
    ) -> tuple[int, int]:
        points, available = [(child.earned, 1)], [(child.offered, 1)]
        for part, step, mode in extras:
            for own_index, terms in ((child.earned, points), (child.offered, available)):
                enlarged = self._build.linear([(own_index, part)])
                terms.append((self._build.add(Rounded(enlarged, child.maximum, step, mode)), 1))
        return self._build.linear(points), self._build.linear(available)

    def _by_case(self, conditions: list[int], indices: dict[tuple[bool, ...], int]) -> int:
        if not conditions:
            return indices[()]
        sides = [
            self._by_case(
                conditions[1:], {k[1:]: index for k, index in indices.items() if k[0] is side}
            )
            for side in (True, False)
        ]
        return self._build.choose(conditions[0], sides[0], sides[1])


def _can_receive(child: LoweredNode) -> bool:
    """Return whether a child may receive points: it always applies, or is a donor itself."""
    return child.maximum > 0 and policy_of(child.node) in (None, NaPolicy.REDISTRIBUTE)
