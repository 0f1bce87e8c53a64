"""Contributions of members to the inputs derived from them, as numbers that add and subtract.

A member is in the base of an input or not, and if so it is counted or not; either may be open. Its
contribution is four numbers: the lower and upper bound of what it adds to the counted members, and
to the other members of the base. A share is extreme when every open member is decided one way, so
the sums give exact bounds of the share of all members, which never exceed 1.
"""

from __future__ import annotations

from typing import TypeAlias

from attrs import frozen

from xhht.criteria.document import MembersEntry, Step, Take, Unregistered
from xhht.evaluation.facts import Between, MemberShare
from xhht.rollup.counts import Count, Counts
from xhht.rules.inputs import COUNT_MAX

__all__ = [
    "NOTHING",
    "Contribution",
    "MemberOutcome",
    "contribution_of",
    "fact_of_contribution",
    "report_contribution",
    "unknown_members",
]

Contribution: TypeAlias = tuple[int, int, int, int, int]
"""Bounds of the counted members, bounds of the others, and the number of known members."""

NOTHING: Contribution = (0, 0, 0, 0, 0)


@frozen(eq=False)
class MemberOutcome:
    """The result of one subject, as needed by the subjects that depend on it.

    Compared by identity, which makes lookups fast.

    Attributes:
        levels: the possible outcomes, best first; None means no level. Empty if the subject could
            not be evaluated.
        ladder: the levels of its profile, best first.
    """

    levels: tuple[str | None, ...]
    ladder: tuple[str, ...]

    def reaches(self, level: str | None) -> tuple[bool, bool]:
        """Return whether a level or a better one is certain, and whether it is possible."""
        if not self.levels:
            return False, True
        enough = self.ladder if level is None else self.ladder[: self.ladder.index(level) + 1]
        reached = [one in enough for one in self.levels]
        return all(reached), any(reached)


def contribution_of(
    entry: MembersEntry, outcome: MemberOutcome, registered: bool | None, where: bool | None
) -> Contribution:
    """Return the contribution of one member to an input."""
    if where is False:
        return 0, 0, 0, 0, 1
    certain, possible = _reaches(entry, entry.over, outcome, registered)
    certain = certain and where is True
    holds, may_hold = _reaches(entry, entry.held, outcome, registered)
    return (
        certain and holds,
        possible and may_hold,
        certain and not may_hold,
        possible and not holds,
        1,
    )


def _reaches(
    entry: MembersEntry, step: Step, outcome: MemberOutcome, registered: bool | None
) -> tuple[bool, bool]:
    if step is Step.TOTAL:
        return True, True
    if step is Step.REGISTERED:
        return registered is True, registered is not False
    if registered is False and entry.unregistered is Unregistered.NOT_HELD:
        return False, False
    if step is Step.ASSESSED:
        return bool(outcome.levels), True
    return outcome.reaches(entry.level)


def report_contribution(entry: MembersEntry, counts: Counts) -> Contribution:
    """Return the contribution of the counts of an area to an input.

    Counts do not show which subjects meet a condition, or reach a level that is not listed.
    """
    low, high = _ends(counts, Count(entry.held))
    min_over, max_over = _ends(counts, Count(entry.over))
    high = min(high, max_over)
    if entry.where is not None:
        return 0, high, 0, max_over, 1
    if entry.level is not None:
        low = 0
    return low, high, max(min_over - high, 0), max_over - low, 1


def _ends(counts: Counts, count: Count) -> tuple[int, int]:
    """Return the bounds of a count once nothing is open."""
    bounds = counts.settled(count)
    return bounds.lower, COUNT_MAX if bounds.upper is None else bounds.upper


def unknown_members(number: int) -> Contribution:
    """Return the contribution of unknown members."""
    return 0, number, 0, number, number


def fact_of_contribution(take: Take, given: Contribution) -> object:
    """Return the fact that an input derives from its members' contributions; None if open."""
    holding, max_holding, others, max_others, _ = given
    if take is Take.COUNT:
        return _number(holding, max_holding)
    if take is Take.SHARE:
        return MemberShare(_number(holding, max_holding), _number(others, max_others))
    if take is Take.ANY:
        return _truth(holding > 0, max_holding > 0)
    return _truth(max_others == 0, others == 0)


def _number(low: int, high: int) -> int | Between:
    return low if low == high else Between(low, min(high, COUNT_MAX))


def _truth(certain: bool, possible: bool) -> bool | None:
    return certain if certain == possible else None
