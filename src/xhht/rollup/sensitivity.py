"""How many sit close to a mark, and what another mark would do, from the points of a tally."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from xhht.criteria.profile import Profile
from xhht.errors import RollupError
from xhht.exact import decimal_text, exact, format_vi
from xhht.rollup.counts import Bounds
from xhht.rollup.tally import Tally
from xhht.rules import expressions as ex
from xhht.text import Text

__all__ = ["Sensitivity", "Threshold", "sensitivity"]


@frozen(kw_only=True)
class Threshold:
    """A mark of points, and how many stand where around it.

    Attributes:
        level: the level.
        name: what it is called.
        mark: the points that it asks for.
        reach: how many reach the mark.
        below: how many miss it by no more than the points asked about.
        above: how many reach it with no more than these points to spare.
    """

    level: str
    name: Text
    mark: Fraction
    reach: Bounds
    below: Bounds
    above: Bounds

    @property
    def text(self) -> Text:
        """The mark and the counts in words."""
        return _THRESHOLD.format(
            level=self.name,
            mark=_number(self.mark),
            reach=self.reach.text,
            below=self.below.text,
            above=self.above.text,
        )


@frozen(kw_only=True)
class Sensitivity:
    """How the subjects of a tally stand to the marks of a profile.

    Counts are ranges where points are open. They speak of points alone: what must be met and
    floors may bar a level all the same.

    Attributes:
        within: the points asked about.
        thresholds: the levels with a fixed mark of points, best first.
        others: the levels without one, whose condition asks for something else.
        subjects: how many subjects have points, or a range of them.
        points: how many subjects have which points, from certain to possible.
    """

    within: Fraction
    thresholds: tuple[Threshold, ...]
    others: tuple[str, ...]
    subjects: int
    points: tuple[tuple[Fraction, Fraction, int], ...]

    def reach(self, mark: Fraction | int | str) -> Bounds:
        """Return how many would reach another mark."""
        return _between(self.points, exact(mark), None)

    def change(self, level: str, mark: Fraction | int | str) -> tuple[int, int]:
        """Return the least and the most by which the number that reach a level's mark changes.

        Raises:
            KeyError: the level has no fixed mark.
        """
        old = next((each.mark for each in self.thresholds if each.level == level), None)
        if old is None:
            raise KeyError(level)
        new = exact(mark)
        moved = _between(self.points, min(old, new), max(old, new), until=True)
        low, high = moved.low, moved.high or 0
        return (low, high) if new < old else (-high, -low)


def sensitivity(tally: Tally, profile: Profile, within: Fraction | int | str = 5) -> Sensitivity:
    """Return how many subjects sit close to the marks of a profile's levels.

    Args:
        tally: a tally with the points of its subjects; those of other profiles are left out.
        profile: the profile.
        within: how many points count as close, 0 or more.

    Raises:
        RollupError: `within` is below 0, or the tally does not validate.

    >>> from xhht import bundled_profiles
    >>> from xhht.rollup.tally import Points
    >>> profile = bundled_profiles().get("vn.unit.tt22-2020")
    >>> points = {Points(profile.hash, 84, 84): 2, Points(profile.hash, 60, 90): 1}
    >>> found = sensitivity(Tally(points=points), profile, within=2)
    >>> found.thresholds[0].below, found.change("good", 84)
    (Bounds(low=2, high=3), (2, 3))
    """
    close = exact(within)
    if close < 0:
        raise RollupError(_BELOW_ZERO)
    tally.validate()
    points = tuple(
        sorted(
            (each.certain, each.possible, number)
            for each, number in tally.points.items()
            if each.profile == profile.hash
        )
    )
    marks = {rule.id: _mark(rule.when) for rule in profile.rules.levels}
    return Sensitivity(
        within=close,
        thresholds=tuple(
            Threshold(
                level=level,
                name=profile.level(level).name,
                mark=mark,
                reach=_between(points, mark, None),
                below=_between(points, mark - close, mark, until=True),
                above=_between(points, mark, mark + close),
            )
            for level, mark in marks.items()
            if mark is not None
        ),
        others=tuple(level for level, mark in marks.items() if mark is None),
        subjects=sum(number for _, _, number in points),
        points=points,
    )


def _mark(when: ex.Condition) -> Fraction | None:
    """Return the points that a condition asks for at least, None where they are not fixed."""
    found = [*_marks(when)]
    return found[0] if len(found) == 1 else None


def _marks(when: ex.Condition) -> Iterator[Fraction]:
    match when:
        case ex.Compare(">=", ex.Points(), ex.Constant(mark)):
            yield mark
        case ex.All(of):
            for part in of:
                yield from _marks(part)
        case _:
            pass


def _between(
    points: tuple[tuple[Fraction, Fraction, int], ...],
    low: Fraction,
    high: Fraction | None,
    *,
    until: bool = False,
) -> Bounds:
    """Return how many have points from `low` to `high`, with `until` those short of `high`."""

    if until and high is not None and low >= high:
        return Bounds(0, 0)

    def is_in(number: Fraction) -> bool:
        top = high is None or number < high or (not until and number == high)
        return number >= low and top

    sure = sum(n for least, most, n in points if is_in(least) and is_in(most))
    # Points that are open may stop anywhere between: only those wholly beside it are out.
    beside = sum(
        n
        for least, most, n in points
        if most < low or (high is not None and (least > high or (until and least == high)))
    )
    return Bounds(sure, sum(n for _, _, n in points) - beside)


def _number(number: Fraction) -> Text:
    return Text(vi=format_vi(number), en=decimal_text(number))


_THRESHOLD = Text(
    vi="Mức '{level}' ({mark} điểm): đạt ngưỡng {reach}; sát dưới ngưỡng {below}; "
    "vừa qua ngưỡng {above}.",
    en="Level '{level}' ({mark} points): {reach} reach it; {below} just miss it; "
    "{above} just reach it.",
)
_BELOW_ZERO = Text(vi="Số điểm phải từ 0 trở lên.", en="The points must be 0 or more.")
