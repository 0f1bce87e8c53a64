"""A synthetic Bình Thuận of 2023 whose results come out at the published counts.

The 10 districts and 124 communes are real; every village, household and size is invented. Facts
are drawn so that just the published number of households meets the illustrative criteria: no
verdict is written down anywhere, the evaluator has to find it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import TypeAlias

from attrs import frozen

from xhht.domain.areas import Area, AreaLevel
from xhht.domain.ids import AreaCode
from xhht.domain.titles import Title
from xhht.exact import round_ratio
from xhht.rollup.counts import Counts
from xhht.rollup.figures import Figure

__all__ = [
    "Facts",
    "Province",
    "Target",
    "Village",
    "apportion",
    "household_facts",
    "make_province",
    "published",
]

Facts: TypeAlias = dict[str, int | bool]

_TOWN_WEIGHT = {"Phường": 160, "Thị": 150, "Xã": 100}
_DISADVANTAGED_ONE_IN = 7


@frozen
class Target:
    """A result to come out at: how many subjects are recognised, of which total."""

    recognised: int
    total: int

    @classmethod
    def implied_by(cls, figure: Figure) -> Target:
        """Return a published count with the middle one of the totals that its percentage implies.

        Raises:
            ValueError: the figure implies no range of totals.
        """
        totals = figure.finding.implied_total
        if figure.numerator is None or totals is None or totals.max is None:
            raise ValueError(f"row {figure.row} implies no range of totals")
        return cls(figure.numerator, (totals.min + totals.max) // 2)

    def scaled_to(self, total: int) -> Target:
        """Return the same share of another total, rounded half up to a whole subject."""
        return Target(round_ratio(self.recognised * total, self.total), total)


@frozen(kw_only=True)
class Village:
    """An invented village.

    Attributes:
        area: its code is the commune's with a number; its name says that it is invented.
        households: how many there are.
        meeting: how many of them get facts that meet the illustrative criteria.
        disadvantaged: whether its commune counts as a disadvantaged area in this example.
    """

    area: Area
    households: int
    meeting: int
    disadvantaged: bool


@frozen
class Province:
    """The synthetic province.

    Attributes:
        villages: in the order of their codes.
        ready_counts: what communes report without records, by code and title.
        seed: from which all of it was drawn.
    """

    villages: tuple[Village, ...]
    ready_counts: Mapping[tuple[str, Title], Counts]
    seed: int


def published(figures: Iterable[Figure], place: str, year: str) -> dict[Title, Figure]:
    """Return the published figures of one place and year, by title."""
    return {
        figure.title: figure
        for figure in figures
        if figure.title and (figure.cells["place"], figure.cells["year"]) == (place, year)
    }


def apportion(total: int, weights: Sequence[int], limits: Sequence[int] | None = None) -> list[int]:
    """Return `total` split by `weights` with largest remainders, so that nothing is lost.

    Args:
        total: what to split, 0 or more.
        weights: 0 or more each.
        limits: the most each part may get; what is above goes to the others by weight.

    Raises:
        ValueError: the parts that have a weight cannot hold the total.

    >>> apportion(10, [1, 1, 1])
    [4, 3, 3]
    >>> apportion(10, [8, 1, 1], limits=[4, 9, 9])
    [4, 3, 3]
    """
    room = list(limits) if limits is not None else [total] * len(weights)
    parts = [0] * len(weights)
    while left := total - sum(parts):
        open_parts = [i for i, weight in enumerate(weights) if weight and parts[i] < room[i]]
        whole = sum(weights[i] for i in open_parts)
        if not whole or left < 0:
            raise ValueError("the parts cannot hold the total")
        quotas = {i: divmod(left * weights[i], whole) for i in open_parts}
        spare = left - sum(quota for quota, _ in quotas.values())
        first = set(sorted(open_parts, key=lambda i: (-quotas[i][1], i))[:spare])
        for i in open_parts:
            parts[i] = min(room[i], parts[i] + quotas[i][0] + (i in first))
    return parts


def make_province(
    communes: Sequence[Area], targets: Mapping[Title, Target], *, seed: int
) -> Province:
    """Return a province whose parts add up to the targets at every level.

    Args:
        communes: the real communes, each of which gets at least one village.
        targets: households come as records, one or more a village; communities are the villages,
            which like all other titles are reported by communes as counts alone.
        seed: the same seed gives the same province.
    """
    random = Random(seed)
    sizes = [
        _TOWN_WEIGHT[commune.name.split(" ")[0]] * _between(random, 40, 160) for commune in communes
    ]
    spare_villages = targets[Title.LEARNING_COMMUNITY].total - len(communes)
    village_counts = [1 + spare for spare in apportion(spare_villages, sizes)]
    households = targets[Title.LEARNING_HOUSEHOLD]
    villages = tuple(_villages(random, communes, sizes, village_counts, households))
    ready_counts: dict[tuple[str, Title], Counts] = {}
    for title, target in targets.items():
        if title is Title.LEARNING_HOUSEHOLD:
            continue
        of_villages = title is Title.LEARNING_COMMUNITY
        totals = village_counts if of_villages else apportion(target.total, sizes)
        reached = _recognised(random, totals, target.recognised)
        for commune, total, recognised in zip(communes, totals, reached, strict=True):
            ready_counts[commune.code, title] = Counts(total=total, recognised=recognised)
    return Province(villages, ready_counts, seed)


def _villages(
    random: Random,
    communes: Sequence[Area],
    sizes: Sequence[int],
    village_counts: Sequence[int],
    households: Target,
) -> Iterator[Village]:
    places = [(at, n + 1) for at, count in enumerate(village_counts) for n in range(count)]
    weights = [sizes[at] * _between(random, 60, 140) // village_counts[at] for at, _ in places]
    totals = [1 + spare for spare in apportion(households.total - len(places), weights)]
    lack = [_between(random, 50, 150) for _ in communes]
    meeting = _recognised(random, totals, households.recognised, [lack[at] for at, _ in places])
    disadvantaged = [
        commune.name.startswith("Xã") and _between(random, 1, _DISADVANTAGED_ONE_IN) == 1
        for commune in communes
    ]
    for (at, number), total, reached in zip(places, totals, meeting, strict=True):
        yield Village(
            area=_village_area(communes[at], number),
            households=total,
            meeting=reached,
            disadvantaged=disadvantaged[at],
        )


def _village_area(commune: Area, number: int) -> Area:
    kind = "Thôn" if commune.name.startswith("Xã") else "Khu phố"
    return Area(
        code=AreaCode(f"{commune.code}-{number:02d}"),
        name=f"{kind} {number} (giả định)",
        level=AreaLevel.VILLAGE,
        parent=commune.code,
    )


def _recognised(
    random: Random,
    totals: Sequence[int],
    recognised: int,
    lack: Sequence[int] | None = None,
) -> list[int]:
    """Split the recognised over `totals`; `lack` weighs where fewer of them are recognised."""
    weighed = [
        total * (lack[i] if lack else 100) * _between(random, 70, 130)
        for i, total in enumerate(totals)
    ]
    missing = apportion(sum(totals) - recognised, weighed, limits=totals)
    return [total - lacking for total, lacking in zip(totals, missing, strict=True)]


def _between(random: Random, low: int, high: int) -> int:
    # `random()` alone is promised to give the same numbers in every version of Python.
    return low + int(random.random() * (high - low + 1))


def household_facts(village: Village, seed: int) -> Iterator[Facts]:
    """Yield the facts of each household of `village`, complete and within their bounds."""
    draw = Random(f"{seed}:{village.area.code}").random
    for _ in range(village.meeting):
        yield _meeting(draw, village.disadvantaged)
    for _ in range(village.households - village.meeting):
        yield _lacking(draw, village.disadvantaged)


def _meeting(draw: Callable[[], float], disadvantaged: bool) -> Facts:
    """Draw facts that reach 80 points, or 70 in a disadvantaged area.

    Children give 35 points and adults who learn 20. Learning citizens give 20 from 60% on, 15
    from 40% on; the study corner gives 10, and without it activities must make up for it.
    """
    children = int(draw() * 4)
    adults = 1 + int(draw() * 5)
    corner = draw() < 0.8
    one_adult_rests = corner and adults >= 4 and draw() < 0.3
    citizens = (adults * (2 if disadvantaged else 3) + 4) // 5
    return {
        "children_of_school_age": children,
        "children_in_school": children,
        "children_passing": children,
        "adults": adults,
        "adults_learning": adults - one_adult_rests,
        "adults_learning_citizens": citizens + int(draw() * (adults - citizens + 1)),
        "has_study_corner": corner,
        "activities_joined": int(draw() * 5) + (0 if corner or disadvantaged else 3),
        "village_assessment": int(draw() * 6),
        "disadvantaged_area": disadvantaged,
    }


def _lacking(draw: Callable[[], float], disadvantaged: bool) -> Facts:
    """Draw facts that miss the criteria in one of three ways.

    A child is out of school, which bars the title; no adult learns, which is under the floor; or
    there is neither a learning citizen nor a study corner, which leaves 68 points at the most.
    """
    cause = int(draw() * 3)
    children = int(draw() * 3) + (cause == 0)
    in_school = int(draw() * children) if cause == 0 else children
    adults = 1 + int(draw() * 5)
    return {
        "children_of_school_age": children,
        "children_in_school": in_school,
        "children_passing": int(draw() * (in_school + 1)),
        "adults": adults,
        "adults_learning": 0 if cause == 1 else int(draw() * (adults + 1)),
        "adults_learning_citizens": 0 if cause == 2 else int(draw() * (adults + 1)),
        "has_study_corner": cause != 2 and draw() < 0.5,
        "activities_joined": int(draw() * 5),
        "village_assessment": int(draw() * 6),
        "disadvantaged_area": disadvantaged,
    }
