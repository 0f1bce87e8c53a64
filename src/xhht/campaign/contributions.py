"""What a member adds to the inputs derived from members, as data.

A member is in the base of an input or not, and if so it is counted or not; either may be open. Its
contribution is the lower and upper bound of what it adds to the counted members, and to the other
members of the base. A share is extreme when every open member is decided one way, so the sums give
exact bounds of the share of all members, which never exceed 1.

`rule_of` states each bound as data, by what is known about a member. Two interpreters read it:
`xhht.campaign.members` for one record, `xhht.frames` for columns of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum, auto
from itertools import chain
from operator import eq, gt
from typing import Any, Final, TypeAlias

from attrs import field, frozen

from xhht.campaign.places import SubjectPlaces
from xhht.campaign.records import AreaReport, is_of_kind
from xhht.criteria.dependencies import members_of
from xhht.criteria.document import MembersEntry, Step, Take, Unregistered
from xhht.criteria.profile import Profile
from xhht.domain.titles import Title
from xhht.rollup.counts import Count, Counts
from xhht.rules.inputs import COUNT_MAX

__all__ = [
    "DERIVED",
    "KNOWN",
    "NOTHING",
    "UNKNOWN_MEMBER",
    "WIDTH",
    "Contribution",
    "ContributionRule",
    "DerivedFact",
    "MemberFact",
    "MemberQuery",
    "MemberTruth",
    "NumberRule",
    "derived_ends",
    "is_requested_member",
    "member_queries",
    "report_contribution",
    "rule_of",
]

Contribution: TypeAlias = tuple[int, int, int, int, int]
"""Bounds of the counted members, bounds of the others, and the number of known members."""

NOTHING: Final[Contribution] = (0, 0, 0, 0, 0)
UNKNOWN_MEMBER: Final[Contribution] = (0, 1, 0, 1, 1)
"""What a member without a record adds."""

WIDTH: Final = len(NOTHING)
"""The number of numbers of a contribution to one input."""

_COUNTED, _MAX_COUNTED, _OTHERS, _MAX_OTHERS, KNOWN = range(WIDTH)


# What one member adds


class MemberFact(Enum):
    """A fact about a member, known by two truths: whether it is certain, and whether possible."""

    REGISTERED = auto()
    EVALUATED = auto()
    AWARDED = auto()
    """It is awarded the level of the input or a better one."""
    CONDITION = auto()
    """It meets the condition of the input."""


MemberTruth: TypeAlias = tuple[MemberFact, bool]
"""That a fact is certain (False), or that it is possible (True)."""


@frozen
class NumberRule:
    """When a member adds 1 to a number, else 0: if all of some truths hold, but not all of others.

    Attributes:
        when: the truths that must all hold.
        unless: the truths that must not all hold; None for no such limit.
    """

    when: tuple[MemberTruth, ...]
    unless: tuple[MemberTruth, ...] | None = None


ContributionRule: TypeAlias = tuple[NumberRule, ...]
"""A rule for each number of a contribution."""

_FACT_OF_STEP: Mapping[Step, MemberFact | None] = {
    Step.TOTAL: None,
    Step.REGISTERED: MemberFact.REGISTERED,
    Step.ASSESSED: MemberFact.EVALUATED,
    Step.RECOGNISED: MemberFact.AWARDED,
}
_NEEDS_REGISTRATION = frozenset({Step.ASSESSED, Step.RECOGNISED})
"""Steps that a member known not to be registered does not reach, unless evaluated all the same."""


def rule_of(entry: MembersEntry) -> ContributionRule:
    """Return the rule for the contribution of one member to an input."""
    certain, possible = (_base(entry, possible=end) for end in (False, True))
    counts, may_count = (_reached(entry, entry.held, possible=end) for end in (False, True))
    return (
        NumberRule((*certain, *counts)),
        NumberRule((*possible, *may_count)),
        NumberRule(certain, unless=may_count),
        NumberRule(possible, unless=counts),
        NumberRule(()),
    )


def _base(entry: MembersEntry, *, possible: bool) -> tuple[MemberTruth, ...]:
    """Return the truths that all hold if a member is in the base of an input."""
    truths = _reached(entry, entry.over, possible=possible)
    return truths if entry.where is None else (*truths, (MemberFact.CONDITION, possible))


def _reached(entry: MembersEntry, step: Step, *, possible: bool) -> tuple[MemberTruth, ...]:
    """Return the truths that all hold if a member reaches a step."""
    fact = _FACT_OF_STEP[step]
    truths = () if fact is None else ((fact, possible),)
    if step in _NEEDS_REGISTRATION and entry.unregistered is Unregistered.NOT_HELD:
        # Only a member known not to be registered is excluded, from what is certain as well.
        return ((MemberFact.REGISTERED, True), *truths)
    return truths


# What the counts of an area add


def report_contribution(entry: MembersEntry, counts: Counts) -> Contribution:
    """Return the contribution of the counts of an area to an input.

    Counts do not show which subjects meet a condition, or reach a level that is not listed.
    """
    lower, upper = _ends(counts, Count(entry.held))
    min_over, max_over = _ends(counts, Count(entry.over))
    upper = min(upper, max_over)
    if entry.where is not None:
        return 0, upper, 0, max_over, 1
    if entry.level is not None:
        lower = 0
    return lower, upper, max(min_over - upper, 0), max_over - lower, 1


def _ends(counts: Counts, count: Count) -> tuple[int, int]:
    """Return the bounds of a count once nothing is open."""
    bounds = counts.settled(count)
    return bounds.lower, COUNT_MAX if bounds.upper is None else bounds.upper


# What an input takes from the sum


@frozen
class DerivedFact:
    """A fact derived from the sum of contributions.

    Attributes:
        suffix: what follows the name of the input in that of the fact.
        lower, upper: the indexes of the numbers that give its bounds.
        compare: how a number is compared with 0 for a truth; None for a number.
    """

    suffix: str
    lower: int
    upper: int
    compare: Callable[[Any, int], Any] | None = None


DERIVED: Final[Mapping[Take, tuple[DerivedFact, ...]]] = {
    Take.COUNT: (DerivedFact("", _COUNTED, _MAX_COUNTED),),
    Take.SHARE: (
        DerivedFact(".held", _COUNTED, _MAX_COUNTED),
        DerivedFact(".others", _OTHERS, _MAX_OTHERS),
    ),
    Take.ANY: (DerivedFact("", _COUNTED, _MAX_COUNTED, gt),),
    Take.ALL: (DerivedFact("", _MAX_OTHERS, _OTHERS, eq),),
}
"""What an input takes from its members, by how it takes it."""


def derived_ends(fact: DerivedFact, total: Sequence[Any]) -> tuple[Any, Any]:
    """Return the bounds of a fact for a sum of contributions, of numbers or of expressions."""
    lower, upper = total[fact.lower], total[fact.upper]
    if fact.compare is None:
        return lower, upper
    return fact.compare(lower, 0), fact.compare(upper, 0)


# Queries


@frozen(eq=False)
class MemberQuery:
    """The inputs of one profile that query members with one title.

    Attributes:
        profile: the profile.
        holders: the title of the subjects that it evaluates.
        title: the title of the members.
        entries: the definition of each input, by name.
        levels: for communities, the levels of areas that the profile is for; None for all.
        is_of_areas: whether the holders are areas, which also have the members of the areas
            inside them.
    """

    profile: Profile
    holders: Title
    title: Title
    entries: Mapping[str, MembersEntry]
    levels: Collection[str] | None
    is_of_areas: bool = field(init=False)

    @is_of_areas.default
    def _is_of_areas(self) -> bool:
        return self.holders is Title.LEARNING_COMMUNITY

    def holding_areas(
        self, area: str, places: SubjectPlaces, *, reported: bool = False
    ) -> tuple[str, ...]:
        """Return the areas that have the members in an area, if holders are areas.

        Args:
            area: the code of the area.
            places: the areas.
            reported: whether the members are counts of the area. A community is no member of
                itself, but counts of communities cover the area that sends them.
        """
        path, levels, level_of = places.path(area), self.levels, places.level_of_area
        if self.title is Title.LEARNING_COMMUNITY and not reported:
            path = path[1:]
        return tuple(code for code in path if levels is None or level_of(code) in levels)

    def report_row(self, report: AreaReport) -> tuple[int, ...]:
        """Return the contribution of the counts of an area to each input."""
        kind = {"level": report.level.value} if report.level else {}
        parts = (
            report_contribution(entry, report.counts)
            if is_requested_member(entry, kind)
            else NOTHING
            for entry in self.entries.values()
        )
        return tuple(chain.from_iterable(parts))


def member_queries(profile: Profile, holders: Title) -> tuple[MemberQuery, ...]:
    """Return the inputs of a profile that come from members, grouped by the title of these.

    Args:
        profile: the profile.
        holders: the title of the subjects that it evaluates; of a standard, not its own.
    """
    by_title: dict[Title, dict[str, MembersEntry]] = {}
    for name, entry in members_of(profile).items():
        by_title.setdefault(entry.title, {})[name] = entry
    is_of_areas = holders is Title.LEARNING_COMMUNITY
    levels = (profile.document.applies_to or {}).get("level") if is_of_areas else None
    return tuple(
        MemberQuery(profile, holders, title, entries, levels) for title, entries in by_title.items()
    )


def is_requested_member(entry: MembersEntry, kind: Mapping[str, str]) -> bool:
    """Return whether an input counts members of a kind."""
    return is_of_kind(kind, entry.applies_to)
