"""Sensitivity to thresholds: how many are close to a mark, and the effect of another mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TypedDict

from attrs import frozen

from xhht.criteria.profile import Profile
from xhht.errors import RollupError
from xhht.numbers import decimal_label, exact, json_number
from xhht.rollup.counts import Bounds, BoundsDict
from xhht.rollup.tally import Tally
from xhht.rules import expressions as ex
from xhht.text import Lang, Text

__all__ = ["Sensitivity", "SensitivityDict", "Threshold", "ThresholdDict", "sensitivity"]


class MarkDict(TypedDict):
    """How many subjects reach a mark of points, in JSON."""

    mark: int | float
    reach: BoundsDict


class ThresholdDict(MarkDict):
    """The mark of a level, and how many subjects are close to it, in JSON."""

    level: str
    below: BoundsDict
    above: BoundsDict


class SensitivityDict(TypedDict):
    """The distribution of subjects around the marks of a profile in JSON."""

    subjects: int
    within: int | float
    thresholds: list[ThresholdDict]
    without_mark: list[str]
    marks: list[MarkDict]


@frozen(kw_only=True)
class Threshold:
    """A mark of points, and how many subjects are close to it.

    Attributes:
        level: the level.
        name: its display name.
        mark: the points that it requires.
        reach: how many reach the mark.
        below: how many miss it by at most `within` points.
        above: how many exceed it by at most `within` points.
    """

    level: str
    name: Text
    mark: Fraction
    reach: Bounds
    below: Bounds
    above: Bounds

    @property
    def text(self) -> Text:
        """The mark and the counts as a sentence."""
        return _THRESHOLD.format(
            level=self.name,
            mark=decimal_label(self.mark),
            reach=self.reach.text,
            below=self.below.text,
            above=self.above.text,
        )

    def to_dict(self) -> ThresholdDict:
        """Return the mark and the counts as JSON data."""
        return {
            "level": self.level,
            "mark": json_number(self.mark),
            "reach": self.reach.to_dict(),
            "below": self.below.to_dict(),
            "above": self.above.to_dict(),
        }


@frozen(kw_only=True)
class Sensitivity:
    """The distribution of the subjects of a tally around the marks of a profile.

    Counts are ranges where points are open. They refer to points only: mandatory criteria and
    minimum scores may still prevent a level.

    Attributes:
        within: the distance from a mark that counts as close, in points.
        thresholds: the levels with a fixed mark of points, best first.
        others: the levels without a fixed mark.
        subjects: how many subjects have points, or a range of them.
        points: certain points, possible points, and the number of subjects with these.
    """

    within: Fraction
    thresholds: tuple[Threshold, ...]
    others: tuple[str, ...]
    subjects: int
    points: tuple[tuple[Fraction, Fraction, int], ...]

    def reach(self, mark: Fraction | int | str) -> Bounds:
        """Return how many would reach another mark."""
        return _between(self.points, exact(mark), None)

    def to_dict(
        self, lang: Lang | str = Lang.VI, *, marks: Iterable[Fraction | int | str] = ()
    ) -> SensitivityDict:
        """Return the distribution as `xhht sensitivity --format json` prints it.

        Args:
            lang: a language; the data contain no texts.
            marks: other marks of points to include.
        """
        return {
            "subjects": self.subjects,
            "within": json_number(self.within),
            "thresholds": [threshold.to_dict() for threshold in self.thresholds],
            "without_mark": list(self.others),
            "marks": [
                {"mark": json_number(exact(mark)), "reach": self.reach(mark).to_dict()}
                for mark in marks
            ],
        }

    def change(self, level: str, mark: Fraction | int | str) -> tuple[int, int]:
        """Return the bounds of the change in the number of subjects that reach a level's mark.

        Raises:
            KeyError: the level has no fixed mark.
        """
        old = next(
            (threshold.mark for threshold in self.thresholds if threshold.level == level), None
        )
        if old is None:
            raise KeyError(level)
        new = exact(mark)
        between = _between(self.points, min(old, new), max(old, new), exclusive=True)
        lower, upper = between.lower, between.upper or 0
        return (lower, upper) if new < old else (-upper, -lower)


def sensitivity(tally: Tally, profile: Profile, within: Fraction | int | str = 5) -> Sensitivity:
    """Return how many subjects are close to the marks of a profile's levels.

    Args:
        tally: a tally with the points of its subjects; those of other profiles are ignored.
        profile: the profile.
        within: how many points count as close, 0 or more.

    Raises:
        RollupError: `within` is below 0, or the tally does not validate.

    >>> from xhht import bundled_profiles
    >>> from xhht.rollup.tally import Points
    >>> profile = bundled_profiles().get("vn.unit.tt22-2020")
    >>> points = {Points(profile.hash, 84, 84): 2, Points(profile.hash, 60, 90): 1}
    >>> result = sensitivity(Tally(points=points), profile, within=2)
    >>> result.thresholds[0].below, result.change("good", 84)
    (Bounds(lower=2, upper=3), (2, 3))
    """
    close = exact(within)
    if close < 0:
        raise RollupError(_BELOW_ZERO)
    tally.validate()
    points = tuple(
        sorted(
            (subject_points.certain, subject_points.possible, number)
            for subject_points, number in tally.points.items()
            if subject_points.profile == profile.hash
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
                below=_between(points, mark - close, mark, exclusive=True),
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
    """Return the minimum points that a condition requires, None where they are not fixed."""
    marks = [*_marks(when)]
    return marks[0] if len(marks) == 1 else None


def _marks(when: ex.Condition) -> Iterator[Fraction]:
    match when:
        case ex.Compare(">=", ex.AllPoints(), ex.Constant(mark)):
            yield mark
        case ex.All(of):
            for part in of:
                yield from _marks(part)
        case _:
            pass


def _between(
    points: tuple[tuple[Fraction, Fraction, int], ...],
    lower: Fraction,
    upper: Fraction | None,
    *,
    exclusive: bool = False,
) -> Bounds:
    """Return how many have points in [lower, upper]; with `exclusive`, in [lower, upper)."""

    if exclusive and upper is not None and lower >= upper:
        return Bounds(0, 0)

    def is_in(number: Fraction) -> bool:
        below_upper = upper is None or number < upper or (not exclusive and number == upper)
        return number >= lower and below_upper

    certain = sum(n for first, last, n in points if is_in(first) and is_in(last))
    # Open points may end anywhere in their range: exclude only ranges entirely outside.
    outside = sum(
        n
        for first, last, n in points
        if last < lower or (upper is not None and (first > upper or (exclusive and first == upper)))
    )
    return Bounds(certain, sum(n for _, _, n in points) - outside)


_THRESHOLD = Text(
    vi="Mức '{level}' ({mark} điểm): đạt ngưỡng {reach}; sát dưới ngưỡng {below}; "
    "vừa qua ngưỡng {above}.",
    en="Level '{level}' ({mark} points): reached by {reach}; just below: {below}; "
    "just above: {above}.",
)
_BELOW_ZERO = Text(vi="Số điểm phải từ 0 trở lên.", en="The points must be 0 or more.")
