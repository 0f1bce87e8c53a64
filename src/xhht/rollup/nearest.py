"""Subjects ranked by the cost of reaching a level, and the selection that a target needs."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import field, frozen

from xhht.evaluation.path import Cost, Path, PathState
from xhht.evaluation.result import Evaluation
from xhht.rollup.attainment import Attainment

__all__ = ["Nearest", "SubjectPath", "nearest"]


@frozen(kw_only=True)
class SubjectPath:
    """The distance of one subject from a level.

    Attributes:
        id: the subject; not shown in `repr`.
        path: the cheapest path.
    """

    id: str = field(repr=False)
    path: Path


@frozen(kw_only=True)
class Nearest:
    """Subjects by their distance from a level.

    Attributes:
        reached: those who have reached it.
        paths: those who can reach it, the cheapest first; ties in the order of ids.
        others: those who cannot reach it, and those whose path was not computed.
    """

    reached: tuple[str, ...] = field(repr=False)
    paths: tuple[SubjectPath, ...]
    others: tuple[SubjectPath, ...]

    def cheapest(self, number: int) -> tuple[tuple[SubjectPath, ...], Fraction]:
        """Return the first `number` subjects, or all if fewer, and the total cost."""
        chosen = self.paths[: max(0, number)]
        return chosen, sum((way.path.cost or Fraction(0) for way in chosen), Fraction(0))

    def for_target(self, result: Attainment) -> tuple[tuple[SubjectPath, ...], Fraction] | None:
        """Return the subjects needed to meet a target for certain, and the total cost.

        Returns fewer than needed where no more can reach the level, and None where the number
        needed is unknown.
        """
        needed = result.needed
        if needed is None or needed.upper is None:
            return None
        return self.cheapest(needed.upper)


def nearest(
    results: Mapping[str, Evaluation],
    level: str | None = None,
    costs: Mapping[str, Cost] | None = None,
) -> Nearest:
    """Return the subjects nearest to a level.

    Args:
        results: the evaluation of each subject, by id.
        level: the level; by default the lowest of each subject's profile, which is the title.
        costs: as for `Evaluation.path_to`.

    >>> from xhht import bundled_profiles, evaluate
    >>> profile = bundled_profiles().get("vn.citizen.qd324-2023")
    >>> results = {
    ...     name: evaluate(profile, {f"indicator_{n}": points for n in range(1, 11)})
    ...     for name, points in (("a", 6), ("b", 7), ("c", 8))
    ... }
    >>> ranking = nearest(results)
    >>> ranking.reached, [(way.id, int(way.path.cost)) for way in ranking.paths]
    (('c',), [('b', 4), ('a', 5)])
    """
    ways = [
        SubjectPath(id=name, path=result.path_to(level or result.plan.levels[-1].id, costs))
        for name, result in results.items()
    ]
    reachable = [way for way in ways if way.path.state is PathState.FOUND]
    return Nearest(
        reached=tuple(way.id for way in ways if way.path.state is PathState.REACHED),
        paths=tuple(sorted(reachable, key=lambda way: (way.path.cost or Fraction(0), way.id))),
        others=tuple(way for way in ways if way.path.reason is not None),
    )
