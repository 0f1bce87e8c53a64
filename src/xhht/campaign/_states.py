"""Where subjects stand in a share: in the denominator or not, in the numerator or not, or open."""

from __future__ import annotations

from typing import TypeAlias

from xhht.campaign.tallies import Entry, counts_of
from xhht.criteria.target_document import AreasEntry, ConditionEntry, RateEntry
from xhht.rollup.counts import Bounds, Count, Counts
from xhht.rollup.measured import JointTally, State, Truth
from xhht.rollup.rates import Denominator

__all__ = ["Share", "areas_of_report", "state_of", "states_of_counts"]

Share: TypeAlias = RateEntry | ConditionEntry
"""A measure that asks a condition of each subject."""


def state_of(share: Share, entry: Entry, where: Truth, *, decided: bool) -> State:
    """Return where one subject stands.

    Args:
        share: the measure.
        entry: what the subject is counted as.
        where: whether the condition holds for it; None for open.
        decided: whether the authority's decision counts and not the computed verdict.
    """
    in_denominator = _truth(counts_of(entry, decided=decided).settled(_whole(share)))
    if isinstance(share, ConditionEntry):
        return in_denominator, where
    recognised = _recognised(entry, share.levels, decided=decided)
    return _both(in_denominator, where), recognised


def states_of_counts(share: Share, counts: Counts) -> JointTally | None:
    """Return where the subjects stand of whom only counts are known.

    Counts do not tell of whom a condition holds, nor at which level anybody is. None where they
    do not even bound how many subjects the share is of.
    """
    denominator, recognised = counts.settled(_whole(share)), counts.settled(Count.RECOGNISED)
    if denominator.high is None:
        return None
    if isinstance(share, ConditionEntry):
        return JointTally(
            {(True, None): denominator.low, (None, None): denominator.high - denominator.low}
        )
    most = denominator.high if recognised.high is None else min(recognised.high, denominator.high)
    certain = recognised.low if share.levels is None else 0
    return JointTally(
        {
            (None, True): certain,
            (None, None): most - certain,
            (None, False): denominator.high - most,
        }
    )


def areas_of_report(measure: AreasEntry, counts: Counts, number: int) -> JointTally:
    """Return whether areas are what is asked for of which only counts are known, not which is.

    Args:
        measure: what an area itself must be.
        counts: what is said of the areas together.
        number: how many areas there are.
    """
    counted = counts.settled(Count(measure.count.value))
    unspoken = 0 if counts.total is None else max(number - counts.total, 0)
    high = number if counted.high is None else min(counted.high + unspoken, number)
    low = 0 if measure.levels is not None else min(counted.low, high)
    if measure.at_least > 1:
        low = high = 0
    return JointTally({(True, True): low, (True, None): high - low, (True, False): number - high})


def _whole(share: Share) -> Count:
    if isinstance(share, RateEntry):
        return Denominator(share.of).whole
    return Count(share.among.value)


def _recognised(entry: Entry, levels: tuple[str, ...] | None, *, decided: bool) -> Truth:
    """Return whether a subject is recognised, at one of some levels if any are named."""
    recognised = _truth(counts_of(entry, decided=decided).settled(Count.RECOGNISED))
    if levels is None or recognised is False:
        return recognised
    _, standing, decision = entry
    if decided:
        return decision in levels if decision else None
    truths = {level in levels for level in standing.levels}
    return truths.pop() if len(truths) == 1 else None


def _truth(of_one: Bounds) -> Truth:
    """Return whether one subject counts, by how many it can count as."""
    return True if of_one.low else (False if of_one.high == 0 else None)


def _both(one: Truth, other: Truth) -> Truth:
    if one is False or other is False:
        return False
    return True if one and other else None
