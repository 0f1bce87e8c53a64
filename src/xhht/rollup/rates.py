"""Rates: recognised over a named denominator, exact, and a range where something is open.

A rate is a sum over a sum; percentages are never averaged. Three things make it a range:

- undetermined subjects may still be recognised;
- a report that leaves `recognised` blank may contain from 0 up to what its other counts allow;
- a report that leaves the denominator blank bounds it by its other counts.

Numerator and denominator are always those of the lower bound: the certain recognised over the
largest denominator that the reports allow. So the fraction shown is never outside its own range.
There is no rate if the denominator is reported as 0 and left blank by others, or is unbounded.

A report that gives `recognised` and leaves `undetermined` blank is read as final. An area that
reports nothing changes no rate: the coverage given with the rate shows it.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TypedDict

from attrs import frozen

from xhht.numbers import count_label, percent_range_label, percent_text
from xhht.rollup.counts import Count, Counts
from xhht.rollup.tally import Tally
from xhht.text import Text

__all__ = [
    "Coverage",
    "CoverageDict",
    "Denominator",
    "Rate",
    "RateDict",
    "rate",
    "rate_ends",
    "rates",
]


class Denominator(StrEnum):
    """The denominator of a rate. Published reports mix the three, so each is named."""

    OF_TOTAL = "of_total"
    OF_REGISTERED = "of_registered"
    OF_ASSESSED = "of_assessed"

    @property
    def base_count(self) -> Count:
        """The count that is the denominator."""
        return Count(self.value.removeprefix("of_"))


class CoverageDict(TypedDict):
    """Coverage in JSON."""

    reported: int
    expected: int


@frozen
class Coverage:
    """How many of the leaf areas below an area are in its tally, of how many there are.

    A report of an area covers all leaf areas below it; subjects listed at the area cover none.
    """

    reported: int
    expected: int

    @property
    def text(self) -> Text:
        """The coverage as text.

        >>> Coverage(2, 1200).text.en
        '2/1,200'
        """
        return _PART.format(
            reported=count_label(self.reported), expected=count_label(self.expected)
        )

    def to_dict(self) -> CoverageDict:
        """Return the coverage as JSON data."""
        return {"reported": self.reported, "expected": self.expected}


class RateDict(TypedDict):
    """A rate in JSON; percentages are decimals with two digits."""

    numerator: int | None
    denominator: int | None
    percent: str | None
    percent_min: str | None
    percent_max: str | None


@frozen(kw_only=True)
class Rate:
    """The share recognised, between `lower` and `upper`.

    Attributes:
        numerator: the number reported as recognised; None when no report gives it.
        denominator: the named count; where a report leaves it blank, the largest value that its
            other counts allow; None when unknown.
        lower: the lower bound, in [0, 1]; None when the denominator is 0 or unknown.
        upper: the upper bound, in [0, 1]; None together with `lower`.
    """

    numerator: int | None
    denominator: int | None
    lower: Fraction | None = None
    upper: Fraction | None = None

    @property
    def value(self) -> Fraction | None:
        """The rate when it is known exactly, else None."""
        return self.lower if self.lower == self.upper else None

    @property
    def percent_min(self) -> str | None:
        """The lower bound in percent, rounded half up to two digits."""
        return _percent(self.lower)

    @property
    def percent_max(self) -> str | None:
        """The upper bound in percent, rounded half up to two digits."""
        return _percent(self.upper)

    @property
    def percent(self) -> str | None:
        """The rate in percent when both bounds print the same, else None."""
        return self.percent_min if self.percent_min == self.percent_max else None

    @property
    def text(self) -> Text:
        """The rate as text: one percentage, a range, or a dash when there is none.

        >>> Rate(numerator=1, denominator=4, lower=Fraction(1, 4), upper=Fraction(1, 2)).text.vi
        '25,00–50,00%'
        """
        return percent_range_label(self.percent_min, self.percent_max)

    def to_dict(self) -> RateDict:
        """Return the rate as JSON data."""
        return {
            "numerator": self.numerator,
            "denominator": self.denominator,
            "percent": self.percent,
            "percent_min": self.percent_min,
            "percent_max": self.percent_max,
        }


def rate(tally: Tally, denominator: Denominator) -> Rate:
    """Return the rate recognised of `denominator`, correct and as narrow as the reports allow.

    The denominator is unknown, and there is no rate, if no report gives it, or if a report leaves
    it blank while the others add up to 0 or it has no upper bound.

    Args:
        tally: sums of possible reports (`Tally.validate`).
        denominator: which count to divide by.

    >>> reports = [Counts(total=100, recognised=80), Counts(total=50)]
    >>> share = rate(Tally.sum(map(Tally.of, reports)), Denominator.OF_TOTAL)
    >>> share.numerator, share.denominator, share.percent_min, share.percent_max, share.percent
    (80, 150, '53.33', '86.67', None)
    """
    count = denominator.base_count
    numerator, denominator_sum = tally.known(Count.RECOGNISED), tally.known(count)
    groups = list(tally.groups())
    ends = [rate_ends(group.counts, count) for group in groups]
    bounded_ends = [end for end in ends if end is not None]
    if not denominator_sum or len(bounded_ends) < len(ends):
        is_blank = any(group.counts.get(count) is None for group in groups)
        return Rate(numerator=numerator, denominator=None if is_blank else denominator_sum)
    low, high, smallest, largest = map(sum, zip(*bounded_ends, strict=True))
    return Rate(
        numerator=numerator,
        denominator=largest,
        lower=Fraction(low, largest),
        upper=Fraction(high, smallest),
    )


def rates(tally: Tally) -> dict[Denominator, Rate]:
    """Return the rate for every denominator."""
    return {denominator: rate(tally, denominator) for denominator in Denominator}


def rate_ends(counts: Counts, denominator: Count) -> tuple[int, int, int, int] | None:
    """Return the minimum and maximum recognised, then the minimum and maximum denominator.

    One more recognised never lowers a ratio that is at most 1, even when it needs one more in the
    denominator; so the highest rate has the most recognised, and the smallest denominator
    that contains them.
    """
    largest = counts.bounds(denominator).upper
    if largest is None:
        return None
    settled = counts.settled(Count.RECOGNISED)
    lower, upper = settled.lower, settled.upper or 0
    if counts.get(denominator) is not None:
        return lower, upper, largest, largest
    smallest = counts.nearest_contained(denominator)
    return lower, upper, upper if smallest is None else smallest, largest


def _percent(share: Fraction | None) -> str | None:
    return None if share is None else percent_text(share.numerator, share.denominator)


_PART = Text(vi="{reported}/{expected}", en="{reported}/{expected}")
