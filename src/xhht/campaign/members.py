"""The contributions of members with records, summed by holder.

`xhht.campaign.contributions` states what a member adds. This module reads it for one record at a
time and keeps the sums, to which contributions are added and from which they are removed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain
from operator import add, neg
from typing import TypeAlias, assert_never

from attrs import field, frozen

from xhht.campaign.contributions import (
    DERIVED,
    KNOWN,
    NOTHING,
    UNKNOWN_MEMBER,
    WIDTH,
    ContributionRule,
    MemberFact,
    MemberQuery,
    MemberTruth,
    derived_ends,
    is_requested_member,
    member_queries,
    rule_of,
)
from xhht.campaign.places import SubjectPlaces
from xhht.campaign.records import AreaReport, Cohort, MemberPart, Record, SubjectCase, SubjectKey
from xhht.campaign.totals import DeclaredTotals
from xhht.criteria.document import MembersEntry, Take
from xhht.criteria.profile import Profile
from xhht.domain.titles import Title
from xhht.errors import FactsError
from xhht.evaluation.condition import condition_for
from xhht.evaluation.facts import Between, MemberShare, is_given
from xhht.rules.inputs import COUNT_MAX
from xhht.text import Text

__all__ = ["MemberOutcome", "MemberSums", "contribution_of", "fact_of_contribution", "member_ends"]


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
    rule: ContributionRule, ends: Callable[[MemberFact], tuple[bool, bool]]
) -> tuple[int, ...]:
    """Return the contribution of one member by a rule.

    Args:
        rule: the rule.
        ends: whether a fact about the member is certain, and whether it is possible.
    """

    def holds(truths: tuple[MemberTruth, ...]) -> bool:
        return all(ends(fact)[possible] for fact, possible in truths)

    return tuple(
        int(holds(number.when) and (number.unless is None or not holds(number.unless)))
        for number in rule
    )


def member_ends(
    fact: MemberFact,
    *,
    level: str | None,
    outcome: MemberOutcome,
    registered: bool | None,
    where: bool | None,
) -> tuple[bool, bool]:
    """Return whether a fact about a member is certain, and whether it is possible.

    Args:
        fact: the fact.
        level: the level of the input; None for any level.
        outcome: the result of the member.
        registered: whether it is registered; None if unknown.
        where: whether it meets the condition of the input; None if open.
    """
    match fact:
        case MemberFact.REGISTERED:
            return registered is True, registered is not False
        case MemberFact.EVALUATED:
            return bool(outcome.levels), True
        case MemberFact.AWARDED:
            return outcome.reaches(level)
        case MemberFact.CONDITION:
            return where is True, where is not False
        case _:
            assert_never(fact)


def fact_of_contribution(take: Take, total: Sequence[int]) -> object:
    """Return the fact that an input derives from its members' contributions; None if open."""
    ends = [derived_ends(fact, total) for fact in DERIVED[take]]
    match take:
        case Take.SHARE:
            return MemberShare(*(_number(lower, upper) for lower, upper in ends))
        case Take.COUNT:
            return _number(*ends[0])
        case Take.ANY | Take.ALL:
            return _truth(*ends[0])
        case _:
            assert_never(take)


def _number(lower: int, upper: int) -> int | Between:
    return lower if lower == upper else Between(lower, min(upper, COUNT_MAX))


def _truth(certain: bool, possible: bool) -> bool | None:
    return certain if certain == possible else None


_Row: TypeAlias = tuple[int, ...]


@frozen(eq=False)
class _QuerySums:
    """The contributions to the holders of one query.

    Attributes:
        query: the query.
        rules: the rule of each of its inputs.
        conditions: its conditions on members, without duplicates.
        changed: the holders whose sums changed, shared by all queries of one profile.
        sums: the total contribution to each holder, a few numbers for each input.
        rows: the contributions to all inputs, cached by everything they depend on.
        areas: for communities, the areas that have the subjects of a cohort as members.
    """

    query: MemberQuery
    rules: tuple[ContributionRule, ...]
    conditions: tuple[str, ...]
    changed: dict[SubjectKey, None]
    sums: dict[str, _Row] = field(factory=dict)
    rows: dict[tuple[object, ...], _Row] = field(factory=dict)
    areas: dict[Cohort, tuple[str, ...]] = field(factory=dict)

    @classmethod
    def of(cls, query: MemberQuery, changed: dict[SubjectKey, None]) -> _QuerySums:
        """Return the empty sums of a query."""
        entries = query.entries.values()
        wheres = (entry.where for entry in entries if entry.where is not None)
        return cls(query, tuple(map(rule_of, entries)), tuple(dict.fromkeys(wheres)), changed)


class MemberSums:
    """The contributions to each holder; adding and removing are inverse operations."""

    def __init__(self, places: SubjectPlaces, totals: DeclaredTotals, as_of: date) -> None:
        self._places, self._totals, self._as_of = places, totals, as_of
        self._sums: list[_QuerySums] = []
        self._of_profile: dict[tuple[Profile, Title], tuple[_QuerySums, ...]] = {}
        self._of_title: dict[Title, list[int]] = {}

    @property
    def profiles(self) -> Collection[tuple[Profile, Title]]:
        """The registered profiles, with the title of the subjects that each evaluates."""
        return self._of_profile.keys()

    def has_member_inputs(self, profile: tuple[Profile, Title]) -> bool:
        """Return whether any input of a registered profile is derived from members."""
        return bool(self._of_profile[profile])

    def add_profile(self, profile: Profile, holders: Title) -> None:
        """Register the inputs of a profile, before members contribute to subjects of a title."""
        changed: dict[SubjectKey, None] = {}
        queries = member_queries(profile, holders)
        listed = tuple(_QuerySums.of(query, changed) for query in queries)
        for sums in listed:
            self._of_title.setdefault(sums.query.title, []).append(len(self._sums))
            self._sums.append(sums)
        self._of_profile[profile, holders] = listed

    def facts(
        self, record: Record, known: Mapping[str, object], profile: Profile
    ) -> Mapping[str, object]:
        """Return the given facts of a subject with those derived from its members.

        Raises:
            FactsError: more members have records than the subject declares.
        """
        listed = self._of_profile[profile, record.key[0]]
        if not listed:
            return known
        facts = dict(known)
        for sums in listed:
            row = sums.sums.get(record.key[1])
            for index, (name, entry) in enumerate(sums.query.entries.items()):
                if not is_given(facts.get(name)):
                    total = row[index * WIDTH : (index + 1) * WIDTH] if row else NOTHING
                    unknown = self._without_record(name, entry, record, total[KNOWN])
                    if unknown is not None:
                        total = _with_unknown(total, unknown)
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
        is_area = title is Title.LEARNING_COMMUNITY
        missing = self._totals.missing(entry.title, of) if is_area else None
        return 0 if missing is None and known else missing

    def pop_changed(self, profile: Profile) -> list[SubjectKey]:
        """Return the subjects of a profile with changed contributions of members."""
        changed: list[SubjectKey] = []
        for (registered, _), listed in self._of_profile.items():
            if registered is profile and listed:
                changed += listed[0].changed
                listed[0].changed.clear()
        return changed

    def remove(self, case: SubjectCase) -> None:
        """Remove the contributions of a member."""
        for index, holders, row in case.contributions:
            _add(self._sums[index], holders, tuple(map(neg, row)))
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
        record = case.record
        parts: list[MemberPart] = []
        for index in self._of_title.get(record.key[0], ()):
            sums = self._sums[index]
            holders = self._holders(sums, record, cohort)
            if holders:
                parts.append((index, holders, self._row(sums, record, cohort, outcome, facts)))
        given = tuple(parts)
        if given != case.contributions:
            self.remove(case)
            case.contributions = given
            for index, holders, row in given:
                _add(self._sums[index], holders, row)

    def add_report(self, report: AreaReport, to: Collection[tuple[Profile, Title]]) -> None:
        """Add the counts of an area in place of its members, for some profiles."""
        for index in self._of_title.get(report.title, ()):
            sums = self._sums[index]
            query = sums.query
            if query.is_of_areas and (query.profile, query.holders) in to:
                areas = query.holding_areas(report.area, self._places, reported=True)
                _add(sums, areas, query.report_row(report))

    def _holders(self, sums: _QuerySums, record: Record, cohort: Cohort) -> tuple[str, ...]:
        """Return the ids of the holders that a subject is a member of."""
        query = sums.query
        if not query.is_of_areas:
            holder = self._places.holder(record, query.holders)
            return () if holder is None else (holder,)
        areas = sums.areas.get(cohort)
        if areas is None:
            areas = sums.areas[cohort] = query.holding_areas(cohort.area, self._places)
        return areas

    def _row(
        self,
        sums: _QuerySums,
        record: Record,
        cohort: Cohort,
        outcome: MemberOutcome,
        facts: Mapping[str, object],
    ) -> _Row:
        """Return the contribution of a member to each input; equal rows share one object."""
        truths = tuple([self._truth(text, facts, cohort.profile) for text in sums.conditions])
        key = (outcome, record.registered, truths, *cohort.kind.items())
        row = sums.rows.get(key)
        if row is None:
            where = dict(zip(sums.conditions, truths, strict=True))
            parts = (
                contribution_of(
                    rule,
                    partial(
                        member_ends,
                        level=entry.level,
                        outcome=outcome,
                        registered=record.registered,
                        where=None if entry.where is None else where[entry.where],
                    ),
                )
                if is_requested_member(entry, cohort.kind)
                else NOTHING
                for entry, rule in zip(sums.query.entries.values(), sums.rules, strict=True)
            )
            row = sums.rows[key] = tuple(chain.from_iterable(parts))
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


def _with_unknown(total: Sequence[int], number: int) -> tuple[int, ...]:
    """Return the sum of contributions with that of members without a record."""
    return tuple(n + number * one for n, one in zip(total, UNKNOWN_MEMBER, strict=True))


def _add(sums: _QuerySums, holders: tuple[str, ...], row: _Row) -> None:
    """Add numbers to the sums of some holders."""
    if not any(row):
        return
    by_holder, title = sums.sums, sums.query.holders
    for of in holders:
        before = by_holder.get(of)
        by_holder[of] = row if before is None else tuple(map(add, before, row))
        sums.changed[title, of] = None


_TOO_MANY = Text(
    vi="'{name}': có {known} thành viên có hồ sơ nhưng chỉ khai {declared}; hãy sửa số đã khai.",
    en="'{name}': members with records: {known}, but declared: {declared}; correct the declared "
    "number.",
)
