"""Lowers how a branch makes its points from those of its children."""

from __future__ import annotations

from fractions import Fraction

from xhht.rules._builder import Form
from xhht.rules._scored import Scored, Site, counts
from xhht.rules._sharing import Sharing
from xhht.rules.model import Branch, Combination, NaPolicy
from xhht.rules.plan import Rounded


class Branches:
    """Scores branches on one site."""

    def __init__(self, site: Site) -> None:
        self._build, self._grid = site.build, site.grid
        self._sharing = Sharing(site)

    def score(self, branch: Branch, children: list[Scored]) -> tuple[Scored, list[Scored]]:
        """Return the branch as if it applied, and its children with what they were handed."""
        handed = self._sharing.redistribute([c for c in children if counts(c.node)])
        counted = handed.children
        points, available, maximum = self._combine(branch, counted)
        if handed.sums is not None:
            points, available = handed.sums
        if branch.cap is not None:
            cap = self._grid.units(branch.cap)
            ceiling = self._build.known(cap)
            points = self._build.extreme([points, ceiling], greatest=False)
            available = self._build.extreme([available, ceiling], greatest=False)
            maximum = min(maximum, cap)
        if maximum or self._build.bounds[points][0]:
            margin = self._build.linear([(points, 1), (available, -1)])
            margin = self._build.by_cases(margin, handed.asked)
            met = self._build.at_least_zero(Form({margin: Fraction(1)}))
        else:
            met = self._all_met(branch, counted)
        scored = Scored(
            node=branch,
            earned=points,
            offered=available,
            points=points,
            judged=points,
            available=available,
            maximum=maximum,
            met=met,
            applies=self._build.any_of(child.applies for child in counted or children),
        )
        return scored, counted

    def _all_met(self, branch: Branch, counted: list[Scored]) -> int:
        if branch.combine is Combination.BEST_OF:
            return self._build.any_of(child.met for child in counted)
        return self._build.all_of(self._met_or_outside(child) for child in counted)

    def _met_or_outside(self, child: Scored) -> int:
        return self._build.choose(child.applies, child.met, self._build.known(1))

    def _combine(self, branch: Branch, counted: list[Scored]) -> tuple[int, int, int]:
        """Return the places of points and of available points, and the most by the profile."""
        points = [child.points for child in counted]
        available = [child.available for child in counted]
        maxima = [child.maximum for child in counted]
        match branch.combine:
            case Combination.SUM:
                return self._sum(points), self._sum(available), sum(maxima)
            case Combination.ALL_OR_NOTHING:
                total = self._all_or_nothing(counted)
                return total, self._sum(available), sum(maxima)
            case Combination.BEST_OF:
                best = [self._build.extreme(side, greatest=True) for side in (points, available)]
                return best[0], best[1], max(maxima)
            case Combination.WORST_OF:
                worst = [self._worst(counted, side) for side in (points, available)]
                return worst[0], worst[1], min(maxima)
            case Combination.WEIGHTED_MEAN:
                return self._weighted_mean(branch, counted)

    def _sum(self, places: list[int]) -> int:
        return self._build.linear([(place, 1) for place in places])

    def _all_or_nothing(self, counted: list[Scored]) -> int:
        build = self._build
        all_met = build.all_of(self._met_or_outside(child) for child in counted)
        # Where all is met, whatever applies has all it can give.
        whole = self._sum([build.choose(c.applies, c.available, c.points) for c in counted])
        total = build.choose(all_met, whole, build.known(0))
        return build.by_cases(total, [c.applies for c in counted if c.node.applies is not None])

    def _worst(self, counted: list[Scored], side: list[int]) -> int:
        """Return the least over the children that apply; 0 where none does."""
        beyond = self._build.known(max(self._build.bounds[place][1] for place in side))
        dropped = (NaPolicy.DROP, NaPolicy.REDISTRIBUTE)
        places = [
            self._build.choose(child.applies, place, beyond)
            if child.node.applies is not None and child.node.applies.policy in dropped
            else place
            for child, place in zip(counted, side, strict=True)
        ]
        least = self._build.extreme(places, greatest=False)
        some = self._build.any_of(
            child.applies if place != own else self._build.known(1)
            for child, place, own in zip(counted, places, side, strict=True)
        )
        return self._build.choose(some, least, self._build.known(0))

    def _weighted_mean(self, branch: Branch, counted: list[Scored]) -> tuple[int, int, int]:
        rounding = branch.rounding
        assert rounding is not None  # the checks demand it
        scale = Fraction(1)
        for child in counted:
            scale *= child.node.weight.denominator
        weights = [(child.node.weight * scale).numerator for child in counted]

        def mean(places: list[int]) -> int:
            total = self._build.linear(list(zip(places, weights, strict=True)))
            step = self._grid.units(rounding.step)
            return self._build.add(Rounded(total, sum(weights), step, rounding.mode))

        points = mean([child.points for child in counted])
        available = mean([child.available for child in counted])
        most = mean([self._build.known(child.maximum) for child in counted])
        return points, available, self._build.bounds[most][0]
