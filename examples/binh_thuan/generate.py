"""The plan of a synthetic Bình Thuận of 2023: who is where, and how many of them meet the criteria.

The 10 districts and 124 communes are real, and so is the name of thôn Nha Mé; every other village
and every number is invented, such that the parts add up to the published counts. No verdict is
written down: `people.py` draws facts by this plan, and the evaluator has to find it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random

from attrs import frozen

from xhht.domain.areas import Area, AreaLevel
from xhht.domain.people import AreaCode
from xhht.domain.titles import Title
from xhht.numbers import round_ratio
from xhht.tables.figures import Figure

__all__ = [
    "NHA_ME",
    "Commune",
    "Province",
    "Target",
    "Village",
    "apportion",
    "make_province",
    "published",
]

NHA_ME = AreaCode("22978-01")
"""Thôn Nha Mé of Xã Phong Phú, which went another way than the rest of it on 1 July 2025."""

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
    """A village of the plan.

    Attributes:
        area: its code is the commune's with a number; its name says what is invented.
        households: how many there are.
        meeting: how many of them get facts that meet the illustrative criteria.
    """

    area: Area
    households: int
    meeting: int


@frozen(kw_only=True)
class Commune:
    """A real commune with what is planned for it.

    Attributes:
        area: the commune.
        villages: its villages, at least one.
        clans: how many clans it has, and how many get facts that meet the criteria.
        units: the same of the units that it runs.
        disadvantaged: whether it counts as a disadvantaged area in this example.
    """

    area: Area
    villages: tuple[Village, ...]
    clans: Target
    units: Target
    disadvantaged: bool

    @property
    def meeting(self) -> int:
        """How many of its households get facts that meet the criteria."""
        return sum(village.meeting for village in self.villages)


@frozen
class Province:
    """The synthetic province.

    Attributes:
        communes: in the order of their codes.
        seed: from which all of it was drawn.
    """

    communes: tuple[Commune, ...]
    seed: int

    @property
    def villages(self) -> tuple[Village, ...]:
        """The villages of all communes."""
        return tuple(village for commune in self.communes for village in commune.villages)


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
        total_weight = sum(weights[i] for i in open_parts)
        if not total_weight or left < 0:
            raise ValueError("the parts cannot hold the total")
        quotas = {i: divmod(left * weights[i], total_weight) for i in open_parts}
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
        targets: of households, clans, communities (the villages) and units.
        seed: the same seed gives the same province.

    Raises:
        ValueError: there are too few households for villages that shall meet the criteria.
    """
    random = Random(seed)
    sizes = [
        _TOWN_WEIGHT[commune.name.split(" ")[0]] * _between(random, 40, 160) for commune in communes
    ]
    villages = _villages(random, communes, sizes, targets)
    clans = _spread(random, targets[Title.LEARNING_CLAN], sizes)
    units = _spread(random, targets[Title.LEARNING_UNIT], sizes)
    return Province(
        tuple(
            Commune(
                area=area,
                villages=tuple(its_villages),
                clans=its_clans,
                units=its_units,
                disadvantaged=area.name.startswith("Xã")
                and _between(random, 1, _DISADVANTAGED_ONE_IN) == 1,
            )
            for area, its_villages, its_clans, its_units in zip(
                communes, villages, clans, units, strict=True
            )
        ),
        seed,
    )


def _villages(
    random: Random,
    communes: Sequence[Area],
    sizes: Sequence[int],
    targets: Mapping[Title, Target],
) -> list[list[Village]]:
    """Return the villages of each commune; a village meets the criteria by its households."""
    wanted, households = targets[Title.LEARNING_COMMUNITY], targets[Title.LEARNING_HOUSEHOLD]
    numbers = [1 + spare for spare in apportion(wanted.total - len(communes), sizes)]
    places = [(at, n + 1) for at, number in enumerate(numbers) for n in range(number)]
    weights = [sizes[at] * _between(random, 60, 140) // numbers[at] for at, _ in places]
    totals = [1 + spare for spare in apportion(households.total - len(places), weights)]
    meets = _recognised(random, [1] * len(places), wanted.recognised)
    meeting = _meeting_households(random, [at for at, _ in places], totals, meets, households)
    villages: list[list[Village]] = [[] for _ in communes]
    for (at, number), total, reached in zip(places, totals, meeting, strict=True):
        area = _village_area(communes[at], number)
        villages[at].append(Village(area=area, households=total, meeting=reached))
    return villages


def _meeting_households(
    random: Random,
    commune_of: Sequence[int],
    totals: Sequence[int],
    meets: Sequence[int],
    households: Target,
) -> list[int]:
    """Return how many households of each village meet the criteria.

    At least 60% do in a village that meets its own, and at most half in one that does not.
    """
    fixed = [0 if met else (total + 1) // 2 for total, met in zip(totals, meets, strict=True)]
    lack = {at: _between(random, 50, 150) for at in sorted(set(commune_of))}
    weights = [
        met * total * lack[at] * _between(random, 70, 130)
        for at, total, met in zip(commune_of, totals, meets, strict=True)
    ]
    lacking = households.total - households.recognised - sum(fixed)
    parts = apportion(lacking, weights, limits=[2 * total // 5 for total in totals])
    return [total - one - part for total, one, part in zip(totals, fixed, parts, strict=True)]


def _village_area(commune: Area, number: int) -> Area:
    code = AreaCode(f"{commune.code}-{number:02d}")
    kind = "Thôn" if commune.name.startswith("Xã") else "Khu phố"
    invented = f"{kind} {number} (giả định)"
    return Area(
        code=code,
        name="Thôn Nha Mé (số liệu giả định)" if code == NHA_ME else invented,
        level=AreaLevel.VILLAGE,
        parent=commune.code,
    )


def _spread(random: Random, target: Target, sizes: Sequence[int]) -> list[Target]:
    """Return a target split over the communes."""
    totals = apportion(target.total, sizes)
    return list(map(Target, _recognised(random, totals, target.recognised), totals))


def _recognised(random: Random, totals: Sequence[int], recognised: int) -> list[int]:
    """Return the recognised split over `totals`."""
    weights = [total * _between(random, 70, 130) for total in totals]
    missing = apportion(sum(totals) - recognised, weights, limits=totals)
    return [total - lacking for total, lacking in zip(totals, missing, strict=True)]


def _between(random: Random, low: int, high: int) -> int:
    # `random()` alone is promised to give the same numbers in every version of Python.
    return low + int(random.random() * (high - low + 1))
