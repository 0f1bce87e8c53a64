"""Which subjects of an area are nearest to a title, and which of them a target takes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import field, frozen

from xhht.evaluation.path import Cost
from xhht.evaluation.path_result import Path, PathState
from xhht.evaluation.result import Evaluation
from xhht.rollup.attainment import Attainment

__all__ = ["Nearest", "Way", "nearest"]


@frozen(kw_only=True)
class Way:
    """How far one subject is from a level.

    Attributes:
        id: the subject; not shown in `repr`.
        path: the cheapest way.
    """

    id: str = field(repr=False)
    path: Path


@frozen(kw_only=True)
class Nearest:
    """Subjects by how far they are from a level.

    Attributes:
        reached: those who are there.
        ways: those who can get there, the cheapest first; equal ones in the order of their ids.
        others: those who cannot, and those whose way was not worked out.
    """

    reached: tuple[str, ...] = field(repr=False)
    ways: tuple[Way, ...]
    others: tuple[Way, ...]

    def cheapest(self, number: int) -> tuple[tuple[Way, ...], Fraction]:
        """Return the first so many subjects, or all there are, and what their ways cost."""
        chosen = self.ways[: max(0, number)]
        return chosen, sum((way.path.cost or Fraction(0) for way in chosen), Fraction(0))

    def for_target(self, stands: Attainment) -> tuple[tuple[Way, ...], Fraction] | None:
        """Return whom it takes to meet a target for certain, and what their ways cost.

        Fewer than are needed are returned where no more can get there. None where it is not known
        how many are needed.
        """
        needed = stands.needed
        if needed is None or needed.high is None:
            return None
        return self.cheapest(needed.high)


def nearest(
    results: Mapping[str, Evaluation],
    level: str | None = None,
    costs: Mapping[str, Cost] | None = None,
) -> Nearest:
    """Return which subjects are nearest to a level.

    Args:
        results: what the facts of each subject came to, by id.
        level: the level; left out, the lowest of each subject's profile, which is the title.
        costs: as for `Evaluation.path_to`.

    >>> from xhht import bundled_profiles, evaluate
    >>> profile = bundled_profiles().get("vn.citizen.qd324-2023")
    >>> results = {
    ...     name: evaluate(profile, {f"indicator_{n}": each for n in range(1, 11)})
    ...     for name, each in (("a", 6), ("b", 7), ("c", 8))
    ... }
    >>> found = nearest(results)
    >>> found.reached, [(way.id, int(way.path.cost)) for way in found.ways]
    (('c',), [('b', 4), ('a', 5)])
    """
    ways = [
        Way(id=name, path=result.path_to(level or result.plan.levels[-1].id, costs))
        for name, result in results.items()
    ]
    found = [way for way in ways if way.path.state is PathState.FOUND]
    return Nearest(
        reached=tuple(way.id for way in ways if way.path.state is PathState.REACHED),
        ways=tuple(sorted(found, key=lambda way: (way.path.cost or Fraction(0), way.id))),
        others=tuple(way for way in ways if way.path.reason is not None),
    )
