"""Rates: recognised over a named denominator, exact, and a range where something is open.

A rate is a sum over a sum; percentages are never averaged. Three things make it a range:

- undetermined subjects may yet be recognised;
- a report that leaves `recognised` blank may hold none, or as many as its other counts allow;
- a report that leaves the denominator blank bounds it by its other counts.

Numerator and denominator are always those of the lower bound: what is recognised for certain, of
the most that the reports allow. So the fraction shown never lies outside its own range. There is
no rate at all of a denominator that is reported as 0 and left blank by others, or that nothing
bounds.

A report that gives `recognised` and leaves `undetermined` blank is read as final. An area that
reports nothing changes no rate: the coverage that stands beside the rate shows it.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from attrs import frozen

from xhht.exact import percent_text
from xhht.rollup.counts import Count, Counts
from xhht.rollup.tally import Tally
from xhht.text import Text

__all__ = ["Denominator", "Rate", "rate", "rate_ends", "rates"]


class Denominator(StrEnum):
    """What a rate is a rate of. Published reports mix the three, so each is named."""

    OF_TOTAL = "of_total"
    OF_REGISTERED = "of_registered"
    OF_ASSESSED = "of_assessed"

    @property
    def whole(self) -> Count:
        """The count that is the denominator."""
        return Count(self.value.removeprefix("of_"))


@frozen(kw_only=True)
class Rate:
    """The share recognised, between `low` and `high`.

    Attributes:
        numerator: recognised for certain, as far as reported; None when nobody reports it.
        denominator: the named count, and where a report leaves it blank the most that its other
            counts allow; None when it is unknown.
        low: the least the rate can be, in [0, 1]; None when the denominator is 0 or unknown.
        high: the most it can be, in [0, 1]; None together with `low`.
    """

    numerator: int | None
    denominator: int | None
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def value(self) -> Fraction | None:
        """The rate when it is known exactly, else None."""
        return self.low if self.low == self.high else None

    @property
    def percent_min(self) -> str | None:
        """The lower bound in percent, rounded half up to two digits."""
        return _percent(self.low)

    @property
    def percent_max(self) -> str | None:
        """The upper bound in percent, rounded half up to two digits."""
        return _percent(self.high)

    @property
    def percent(self) -> str | None:
        """The rate in percent when both bounds print the same, else None."""
        return self.percent_min if self.percent_min == self.percent_max else None

    @property
    def text(self) -> Text:
        """The rate as people read it: one percentage, a range, or a dash when there is none.

        >>> Rate(numerator=1, denominator=4, low=Fraction(1, 4), high=Fraction(1, 2)).text.vi
        '25,00–50,00%'
        """
        if self.percent_min is None or self.percent_max is None:
            return Text(vi="–", en="–")
        said = "–".join(dict.fromkeys((self.percent_min, self.percent_max))) + "%"
        return Text(vi=said.replace(".", ","), en=said)


def rate(tally: Tally, denominator: Denominator) -> Rate:
    """Return the rate recognised of `denominator`, sound and as narrow as the reports allow.

    A denominator that no report gives is unknown, and so is one that some report leaves blank
    while the others add up to 0, or without an upper bound: there is no rate then.

    Args:
        tally: sums of possible reports (`Tally.validate`).
        denominator: which count to divide by.

    >>> reports = [Counts(total=100, recognised=80), Counts(total=50)]
    >>> found = rate(Tally.sum(map(Tally.of, reports)), Denominator.OF_TOTAL)
    >>> found.numerator, found.denominator, found.percent_min, found.percent_max, found.percent
    (80, 150, '53.33', '86.67', None)
    """
    count = denominator.whole
    numerator, whole = tally.known(Count.RECOGNISED), tally.known(count)
    groups = list(tally.groups())
    ends = [rate_ends(group.counts, count) for group in groups]
    bounded = [end for end in ends if end is not None]
    if not whole or len(bounded) < len(ends):
        is_blank = any(group.counts.get(count) is None for group in groups)
        return Rate(numerator=numerator, denominator=None if is_blank else whole)
    low, high, least, most = map(sum, zip(*bounded, strict=True))
    return Rate(
        numerator=numerator,
        denominator=most,
        low=Fraction(low, most),
        high=Fraction(high, least),
    )


def rates(tally: Tally) -> dict[Denominator, Rate]:
    """Return the rate for every denominator."""
    return {denominator: rate(tally, denominator) for denominator in Denominator}


def rate_ends(counts: Counts, denominator: Count) -> tuple[int, int, int, int] | None:
    """Return least and most recognised, the least denominator for the most, the most denominator.

    One more recognised never lowers a ratio that is at most 1, even when it needs one more in the
    denominator; so the highest rate has the most recognised, and of denominators the smallest
    that holds them.
    """
    most = counts.bounds(denominator).high
    if most is None:
        return None
    settled = counts.settled(Count.RECOGNISED)
    low, high = settled.low, settled.high or 0
    if counts.get(denominator) is not None:
        return low, high, most, most
    below = counts.whole_below(denominator)
    return low, high, high if below is None else below, most


def _percent(share: Fraction | None) -> str | None:
    return None if share is None else percent_text(share.numerator, share.denominator)
