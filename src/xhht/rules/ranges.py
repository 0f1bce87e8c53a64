"""The labels of a profile, the values of a subject, and the ranges of numbers that follow.

They say what a sentence about a condition shows; verdicts and points come from the plan alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from fractions import Fraction
from typing import TypeAlias, assert_never

from xhht.dates import months_before
from xhht.rules import expressions as ex
from xhht.rules.inputs import Input
from xhht.rules.plan import Interval
from xhht.text import Text

__all__ = ["Range", "Ranges", "Situation", "Vocabulary", "share_of_members"]

Range: TypeAlias = tuple[Fraction, Fraction]
"""The lower and the upper end of the values that a number may have."""


class Vocabulary(ABC):
    """The labels that a profile gives to what its conditions name."""

    @abstractmethod
    def input(self, name: str) -> Input:
        """Return an input of the plan."""

    @abstractmethod
    def label(self, name: str) -> Text:
        """Return the label of an input as declared."""

    @abstractmethod
    def unit(self, name: str) -> Text | None:
        """Return the unit of an input, or None."""

    @abstractmethod
    def option(self, name: str, option: str) -> Text:
        """Return the label of an option of a choice."""

    @abstractmethod
    def criterion(self, node: str) -> Text:
        """Return the id and the name of a criterion."""

    @abstractmethod
    def level(self, level: str) -> Text:
        """Return the name of a level."""

    @abstractmethod
    def value(self, name: str) -> Text:
        """Return the label of a dated value."""

    @abstractmethod
    def definition(self, name: str) -> Text:
        """Return the label of a definition."""


class Situation(ABC):
    """The values of one subject on the day of evaluation."""

    @property
    @abstractmethod
    def day(self) -> date | None:
        """The day of evaluation, if there is one."""

    @abstractmethod
    def ends(self, name: str) -> Interval:
        """Return the set of values of an input, in steps."""

    @abstractmethod
    def has_counts(self, share: str) -> bool:
        """Return whether a share of members was given by its counts, and not as a number."""

    @abstractmethod
    def points(self, node: str | None) -> Range:
        """Return the points of a criterion; the total for None."""

    @abstractmethod
    def lowest_indicator(self) -> Range:
        """Return the points of the lowest indicator that has points and applies."""

    @abstractmethod
    def available(self, node: str | None) -> Range:
        """Return the points available of a criterion; all that are for None."""

    @abstractmethod
    def is_met(self, node: str) -> tuple[bool, bool]:
        """Return whether a criterion is certainly met, and whether it is possibly met."""

    @abstractmethod
    def status(self, node: str) -> Text:
        """Return the status of a criterion."""


def share_of_members(vocabulary: Vocabulary, share: ex.ShareOf) -> str | None:
    """Return the input whose two counts a share compares; None if it is no share of members."""
    if isinstance(share.numerator, ex.NumberInput):
        part = vocabulary.input(share.numerator.name)
        if part.part_of is not None:
            return part.name
    return None


class Ranges:
    """Works out the ranges of numbers and the truths of conditions for one subject."""

    def __init__(self, vocabulary: Vocabulary, situation: Situation) -> None:
        self._vocabulary, self._situation = vocabulary, situation

    def number(self, tree: ex.Number) -> Range | None:  # noqa: C901 - one case a node
        """Return the range of a number, or None if a part of it has none."""
        match tree:
            case ex.Constant(value):
                return value, value
            case ex.Unknown():
                return None
            case ex.LowestIndicator():
                return self._situation.lowest_indicator()
            case ex.Dated():
                step = tree.on(self._situation.day)
                return None if step.value is None else (step.value, step.value)
            case ex.NumberInput(name):
                lower, upper = map(self._vocabulary.input(name).number, self._situation.ends(name))
                return lower, upper
            case ex.AsOf(months):
                day = self._situation.day
                if day is None:
                    return None
                ordinal = Fraction(months_before(day, months).toordinal())
                return ordinal, ordinal
            case ex.Sum(of):
                return self._sum(of)
            case ex.Product(left, right):
                return self._corners(left, right)
            case ex.Extreme(greatest, of):
                choose = max if greatest else min
                ends = [end for end in map(self.number, of) if end is not None]
                if len(ends) < len(of):
                    return None
                return choose(lower for lower, _ in ends), choose(upper for _, upper in ends)
            case ex.NumberIf(condition, then, other):
                return self._either(condition, then, other)
            case ex.ShareOf() | ex.Percent():
                return self._share(tree)
            case ex.AllPoints():
                return self._situation.points(None)
            case ex.PointsOf(node):
                return self._situation.points(node)
            case _:
                assert_never(tree)

    def _sum(self, of: tuple[tuple[Fraction, ex.Number], ...]) -> Range | None:
        lower = upper = Fraction(0)
        for factor, part in of:
            ends = self.number(part)
            if ends is None:
                return None
            first, second = sorted(factor * end for end in ends)
            lower, upper = lower + first, upper + second
        return lower, upper

    def _corners(self, left: ex.Number, right: ex.Number) -> Range | None:
        first, second = self.number(left), self.number(right)
        if first is None or second is None:
            return None
        products = [one * other for one in first for other in second]
        return min(products), max(products)

    def _either(self, condition: ex.Condition, then: ex.Number, other: ex.Number) -> Range | None:
        certain, possible = self.truth(condition)
        if certain == possible:
            return self.number(then if certain else other)
        first, second = self.number(then), self.number(other)
        if first is None or second is None:
            return None
        return min(first[0], second[0]), max(first[1], second[1])

    def sides(self, share: ex.ShareOf | ex.Percent) -> tuple[Range | None, Range | None]:
        """Return the ranges of the part and the total of a share."""
        if isinstance(share, ex.Percent):
            return self._situation.points(share.node), self._situation.available(share.node)
        return self.number(share.numerator), self.number(share.denominator)

    def _share(self, share: ex.ShareOf | ex.Percent) -> Range | None:
        part, total = self.sides(share)
        if part is None or total is None or total[0] <= 0 or part[0] < 0:
            return None
        if isinstance(share, ex.ShareOf) and share_of_members(self._vocabulary, share) is not None:
            others = total[0] - part[0], total[1] - part[1]
            return part[0] / (part[0] + others[1]), part[1] / (part[1] + others[0])
        match share:
            case ex.ShareOf(ex.NumberInput(name), ex.NumberInput(larger)):
                if self._vocabulary.input(name).at_most == larger:
                    return part[0] / total[1], min(part[1] / total[0], Fraction(1))
        return part[0] / total[1], part[1] / total[0]

    def truth(self, tree: ex.Condition) -> tuple[bool, bool]:
        """Return whether a condition is certain, and whether it is possible."""
        match tree:
            case ex.TruthConstant(value):
                return value, value
            case ex.Unknown():
                return False, True
            case ex.TruthInput(name):
                lower, upper = self._situation.ends(name)
                return bool(lower), bool(upper)
            case ex.ChoiceIn(name, options):
                choices = self._vocabulary.input(name).options(self._situation.ends(name)[1])
                return all(c in options for c in choices), any(c in options for c in choices)
            case ex.Met(node):
                return self._situation.is_met(node)
            case ex.Not(of):
                certain, possible = self.truth(of)
                return not possible, not certain
            case ex.All(of) | ex.Any_(of):
                together = all if isinstance(tree, ex.All) else any
                truths = [self.truth(part) for part in of]
                certain, possible = (together(truth[end] for truth in truths) for end in (0, 1))
                return certain, possible
            case ex.Compare():
                return self._compared(tree)
            case ex.TruthIf(condition, then, other):
                certain, possible = self.truth(condition)
                sides = self.truth(then), self.truth(other)
                if certain == possible:
                    return sides[not certain]
                return sides[0][0] and sides[1][0], sides[0][1] or sides[1][1]
            case _:
                assert_never(tree)

    def _compared(self, tree: ex.Compare) -> tuple[bool, bool]:
        left, right = self.number(tree.left), self.number(tree.right)
        if left is None or right is None:
            return False, True
        if tree.sign == ">=":
            return left[0] >= right[1], left[1] >= right[0]
        if tree.sign == ">":
            return left[0] > right[1], left[1] > right[0]
        meet = left[0] <= right[1] and right[0] <= left[1]
        return left[0] == left[1] == right[0] == right[1], meet
