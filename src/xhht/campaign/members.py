"""Contributions of members to the inputs derived from them, as numbers that add and subtract.

A member is in the base of an input or not, and if so it is counted or not; either may be open. Its
contribution is four numbers: the lower and upper bound of what it adds to the counted members, and
to the other members of the base. A share is extreme when every open member is decided one way, so
the sums give exact bounds of the share of all members, which never exceed 1.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from operator import add, neg
from typing import TypeAlias

from attrs import field, frozen

from xhht.campaign.case import SubjectCase
from xhht.campaign.cohorts import Cohort
from xhht.campaign.order import is_requested_member, members_of
from xhht.campaign.places import SubjectPlaces
from xhht.campaign.society import AreaReport, Record, SubjectKey
from xhht.campaign.totals import DeclaredTotals
from xhht.criteria.document import MembersEntry, Step, Take, Unregistered
from xhht.criteria.profile import Profile
from xhht.domain.titles import Title
from xhht.errors import FactsError
from xhht.evaluation.condition import condition_for
from xhht.evaluation.facts import Between, MemberShare
from xhht.rollup.counts import Count, Counts
from xhht.rules.inputs import COUNT_MAX
from xhht.text import Text

__all__ = [
    "NOTHING",
    "Contribution",
    "MemberOutcome",
    "MemberPart",
    "MemberSums",
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


_Row: TypeAlias = tuple[int, ...]


_WIDTH = len(NOTHING)


_AREAS = Title.LEARNING_COMMUNITY


@frozen(eq=False)
class _MemberQuery:
    """The inputs of one profile that query members with one title.

    Attributes:
        profile: the profile.
        entries: the definition of each input, by name.
        levels: for communities, the levels of areas that the profile is for; None for all.
        conditions: the conditions on members, without duplicates.
        sums: the total contribution to each holder, a few numbers for each input.
        changed: the holders whose sums changed, shared by all queries of one profile.
        rows: the contributions to all inputs, cached by everything they depend on.
        areas: for communities, the areas that have the subjects of a cohort as members.
    """

    profile: Profile
    entries: Mapping[str, MembersEntry]
    levels: Collection[str] | None
    conditions: tuple[str, ...]
    changed: dict[SubjectKey, None]
    sums: dict[str, _Row] = field(factory=dict)
    rows: dict[tuple[object, ...], _Row] = field(factory=dict)
    areas: dict[Cohort, tuple[str, ...]] = field(factory=dict)


MemberPart: TypeAlias = tuple[_MemberQuery, tuple[str, ...], _Row]


"""The contribution of a member to one query, and the holders that get it."""


class MemberSums:
    """The contributions to each holder; adding and removing are inverse operations."""

    def __init__(self, places: SubjectPlaces, totals: DeclaredTotals, as_of: date) -> None:
        self._places, self._totals, self._as_of = places, totals, as_of
        self._of_profile: dict[Profile, tuple[_MemberQuery, ...]] = {}
        self._of_title: dict[Title, list[_MemberQuery]] = {}

    def has_member_inputs(self, profile: Profile) -> bool:
        """Return whether any input of a profile is derived from members."""
        return bool(self._of_profile.get(profile))

    def add_profile(self, profile: Profile) -> None:
        """Register the inputs of a profile, before its members contribute."""
        by_title: dict[Title, dict[str, MembersEntry]] = {}
        for name, entry in members_of(profile).items():
            by_title.setdefault(entry.title, {})[name] = entry
        queries: list[_MemberQuery] = []
        changed: dict[SubjectKey, None] = {}
        for title, entries in by_title.items():
            wheres = (entry.where for entry in entries.values() if entry.where is not None)
            levels = (profile.document.applies_to or {}).get("level")
            is_area = profile.title is _AREAS
            query = _MemberQuery(
                profile,
                entries,
                levels if is_area else None,
                tuple(dict.fromkeys(wheres)),
                changed,
            )
            self._of_title.setdefault(title, []).append(query)
            queries.append(query)
        self._of_profile[profile] = tuple(queries)

    def facts(
        self, record: Record, known: Mapping[str, object], profile: Profile
    ) -> Mapping[str, object]:
        """Return the given facts of a subject with those derived from its members.

        Raises:
            FactsError: more members have records than the subject declares.
        """
        queries = self._of_profile[profile]
        if not queries:
            return known
        facts = dict(known)
        for query in queries:
            row = query.sums.get(record.key[1])
            for at, (name, entry) in enumerate(query.entries.items()):
                if facts.get(name) is None:
                    start = at * _WIDTH
                    given = _given(row[start : start + _WIDTH]) if row else NOTHING
                    more = self._without_record(name, entry, record, given[4])
                    if more is not None:
                        total = _given(tuple(map(add, given, unknown_members(more))))
                        facts[name] = fact_of_contribution(entry.take, total)
        return facts

    def _without_record(
        self, name: str, entry: MembersEntry, record: Record, known: int
    ) -> int | None:
        """Return the number of members without a record, or None if no member is known."""
        title, of = record.key
        declared = (record.members or {}).get(entry.title)
        if declared is not None:
            if declared < known:
                text = _TOO_MANY.format(name=name, declared=declared, known=known)
                raise FactsError(text, code="too_many_members", field=name)
            return declared - known
        missing = self._totals.missing(entry.title, of) if title is _AREAS else None
        return 0 if missing is None and known else missing

    def pop_changed(self, profile: Profile) -> list[SubjectKey]:
        """Return the subjects of a profile with changed contributions of members."""
        queries = self._of_profile[profile]
        if not queries:
            return []
        changed = list(queries[0].changed)
        queries[0].changed.clear()
        return changed

    def remove(self, case: SubjectCase) -> None:
        """Remove the contributions of a member."""
        for query, holders, row in case.contributions:
            self._move(query, holders, tuple(map(neg, row)))
        case.contributions = ()

    def replace(
        self, case: SubjectCase, cohort: Cohort, outcome: MemberOutcome, facts: Mapping[str, object]
    ) -> None:
        """Replace the contributions of a member.

        Args:
            case, cohort: the member.
            outcome: its result.
            facts: its facts, with those derived from its own members.
        """
        record, parts = case.record, []
        for query in self._of_title.get(record.key[0], ()):
            holders = self._holders(query, record, cohort)
            if holders:
                parts.append((query, holders, self._row(query, record, cohort, outcome, facts)))
        given = tuple(parts)
        if given != case.contributions:
            self.remove(case)
            case.contributions = given
            for query, holders, row in given:
                self._move(query, holders, row)

    def add_report(self, report: AreaReport, to: Collection[Profile]) -> None:
        """Add the counts of an area in place of its members, for some profiles."""
        kind = {"level": report.level.value} if report.level else {}
        path = self._places.path(report.area)
        for query in self._of_title.get(report.title, ()):
            if query.profile.title is _AREAS and query.profile in to:
                given = (
                    report_contribution(entry, report.counts)
                    if is_requested_member(entry, kind)
                    else NOTHING
                    for entry in query.entries.values()
                )
                row = tuple(number for part in given for number in part)
                self._move(query, self._relevant_areas(query, path), row)

    def _holders(self, query: _MemberQuery, record: Record, cohort: Cohort) -> tuple[str, ...]:
        """Return the ids of the holders that a subject is a member of."""
        title = query.profile.title
        if title is not _AREAS:
            holder = self._places.holder(record, title)
            return () if holder is None else (holder,)
        areas = query.areas.get(cohort)
        if areas is None:
            path = self._places.path(cohort.area)
            inside = path[1:] if cohort.group[0] is _AREAS else path
            areas = query.areas[cohort] = self._relevant_areas(query, inside)
        return areas

    def _relevant_areas(self, query: _MemberQuery, path: tuple[str, ...]) -> tuple[str, ...]:
        levels, level_of = query.levels, self._places.level_of_area
        return tuple(code for code in path if levels is None or level_of(code) in levels)

    def _row(
        self,
        query: _MemberQuery,
        record: Record,
        cohort: Cohort,
        outcome: MemberOutcome,
        facts: Mapping[str, object],
    ) -> _Row:
        """Return the contribution of a member to each input; equal rows share one object."""
        truths = tuple([self._truth(text, facts, cohort.profile) for text in query.conditions])
        key = (outcome, record.registered, truths, *cohort.kind.items())
        row = query.rows.get(key)
        if row is None:
            where = dict(zip(query.conditions, truths, strict=True))
            given = (
                contribution_of(
                    entry,
                    outcome,
                    record.registered,
                    True if entry.where is None else where[entry.where],
                )
                if is_requested_member(entry, cohort.kind)
                else NOTHING
                for entry in query.entries.values()
            )
            row = query.rows[key] = tuple(int(number) for part in given for number in part)
        return row

    def _truth(
        self, text: str, facts: Mapping[str, object], profile: Profile | None
    ) -> bool | None:
        if profile is None:
            return None
        condition = condition_for(profile, text)
        try:
            return condition(facts, as_of=self._as_of)
        except FactsError:
            return None

    def _move(self, query: _MemberQuery, holders: tuple[str, ...], row: _Row) -> None:
        if not any(row):
            return
        sums, title = query.sums, query.profile.title
        for of in holders:
            before = sums.get(of)
            sums[of] = row if before is None else tuple(map(add, before, row))
            query.changed[title, of] = None


def _given(row: _Row) -> Contribution:
    holding, max_holding, others, max_others, known = row
    return holding, max_holding, others, max_others, known


_TOO_MANY = Text(
    vi="'{name}': có {known} thành viên có hồ sơ nhưng chỉ khai {declared}; hãy sửa số đã khai.",
    en="'{name}': members with records: {known}, but declared: {declared}; correct the declared "
    "number.",
)
