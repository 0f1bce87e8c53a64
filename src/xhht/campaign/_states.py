"""States of subjects in a share: in the denominator or not, in the numerator or not, or open."""

from __future__ import annotations

from typing import TypeAlias

from xhht.campaign.tallies import TallyEntry, counts_of
from xhht.criteria.target_document import AreasEntry, ConditionEntry, RateEntry
from xhht.rollup.counts import Bounds, Count, Counts
from xhht.rollup.measured import JointState, JointTally, Truth
from xhht.rollup.rates import Denominator

__all__ = ["Share", "area_states_from_counts", "states_from_counts", "subject_state"]

Share: TypeAlias = RateEntry | ConditionEntry
"""A measure with a condition on each subject."""


def subject_state(share: Share, entry: TallyEntry, where: Truth, *, decided: bool) -> JointState:
    """Return the state of one subject.

    Args:
        share: the measure.
        entry: the subject's entry in the counts.
        where: whether the condition holds for it; None if open.
        decided: whether to use the authority's decision instead of the computed verdict.
    """
    in_denominator = _truth(counts_of(entry, decided=decided).settled(_denominator(share)))
    if isinstance(share, ConditionEntry):
        return in_denominator, where
    recognised = _recognised(entry, share.levels, decided=decided)
    return _and(in_denominator, where), recognised


def states_from_counts(share: Share, counts: Counts) -> JointTally | None:
    """Return the states of subjects for which only aggregate counts are known.

    Counts do not show which subjects meet a condition or reach a level. None if they do not bound
    the denominator of the share.
    """
    denominator, recognised = counts.settled(_denominator(share)), counts.settled(Count.RECOGNISED)
    if denominator.upper is None:
        return None
    if isinstance(share, ConditionEntry):
        return JointTally(
            {(True, None): denominator.lower, (None, None): denominator.upper - denominator.lower}
        )
    max_recognised = (
        denominator.upper if recognised.upper is None else min(recognised.upper, denominator.upper)
    )
    min_recognised = recognised.lower if share.levels is None else 0
    return JointTally(
        {
            (None, True): min_recognised,
            (None, None): max_recognised - min_recognised,
            (None, False): denominator.upper - max_recognised,
        }
    )


def area_states_from_counts(measure: AreasEntry, counts: Counts, number: int) -> JointTally:
    """Classify areas for which only aggregate counts are known.

    Args:
        measure: the condition on each area.
        counts: the counts of the areas together.
        number: the number of areas.
    """
    counted = counts.settled(Count(measure.count.value))
    unreported = 0 if counts.total is None else max(number - counts.total, 0)
    high = number if counted.upper is None else min(counted.upper + unreported, number)
    low = 0 if measure.levels is not None else min(counted.lower, high)
    if measure.at_least > 1:
        low = high = 0
    return JointTally({(True, True): low, (True, None): high - low, (True, False): number - high})


def _denominator(share: Share) -> Count:
    if isinstance(share, RateEntry):
        return Denominator(share.of).base_count
    return Count(share.among.value)


def _recognised(entry: TallyEntry, levels: tuple[str, ...] | None, *, decided: bool) -> Truth:
    """Return whether a subject is recognised, at one of the given levels if there are any."""
    recognised = _truth(counts_of(entry, decided=decided).settled(Count.RECOGNISED))
    if levels is None or recognised is False:
        return recognised
    _, standing, decision = entry
    if decided:
        return decision in levels if decision else None
    truths = {level in levels for level in standing.levels}
    return truths.pop() if len(truths) == 1 else None


def _truth(of_one: Bounds) -> Truth:
    """Return whether one subject counts, from the bounds of its count (0 or 1)."""
    return True if of_one.lower else (False if of_one.upper == 0 else None)


def _and(one: Truth, other: Truth) -> Truth:
    if one is False or other is False:
        return False
    return True if one and other else None
