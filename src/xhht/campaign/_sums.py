"""The sums of what members give, by the profile that asks and by who has the members.

A society has a million members and few profiles, so the inputs of one profile that ask for one
title are kept together: what a member gives to all of them is one row of numbers, the same object
for all members that come to the same, and a holder's sum is one row as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from operator import add, sub
from typing import TypeAlias

from attrs import field, frozen

from xhht.campaign.members import (
    NOTHING,
    Given,
    Outcome,
    given_by,
    given_by_report,
    open_members,
    value_of,
)
from xhht.campaign.order import fits, members_of
from xhht.campaign.places import Holder, Places
from xhht.campaign.society import AreaReport, Key, Record, kind_of
from xhht.criteria.document import MembersEntry
from xhht.criteria.profile import Profile
from xhht.domain.titles import Title
from xhht.errors import FactsError
from xhht.evaluation.condition import SubjectCondition
from xhht.text import Text

__all__ = ["MemberSums"]

_Row: TypeAlias = tuple[int, ...]
_WIDTH = len(NOTHING)


@frozen(eq=False)
class _Asking:
    """The inputs of one profile that ask for members with one title.

    Attributes:
        profile: the profile.
        entries: what each input asks for, by name.
        levels: for communities, the levels of areas that the profile is for; None for all.
        conditions: the conditions on members, each once.
        sums: what the members of each holder give, a few numbers for each input.
    """

    profile: Profile
    entries: Mapping[str, MembersEntry]
    levels: Collection[str] | None
    conditions: tuple[str, ...]
    sums: dict[str, _Row] = field(factory=dict)
    rows: dict[tuple[object, ...], _Row] = field(factory=dict)


class MemberSums:
    """What the members of each holder give; adding and removing undo each other."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._of_profile: dict[Profile, tuple[_Asking, ...]] = {}
        self._of_title: dict[Title, list[_Asking]] = {}
        self._held: dict[Key, tuple[tuple[_Asking, tuple[str, ...], _Row], ...]] = {}
        self._truths: dict[tuple[Profile, str], SubjectCondition] = {}
        self._changed: dict[Profile, dict[Key, None]] = {}

    def asks(self, profile: Profile) -> bool:
        """Return whether some input of a profile comes from members."""
        return bool(self._of_profile.get(profile))

    def add_profile(self, profile: Profile) -> None:
        """Know the inputs of a profile, before any of its members gives anything."""
        by_title: dict[Title, dict[str, MembersEntry]] = {}
        for name, entry in members_of(profile).items():
            by_title.setdefault(entry.title, {})[name] = entry
        found = []
        for title, entries in by_title.items():
            wheres = (entry.where for entry in entries.values() if entry.where is not None)
            levels = (profile.document.applies_to or {}).get("level")
            is_area = profile.title is Title.LEARNING_COMMUNITY
            asking = _Asking(
                profile, entries, levels if is_area else None, tuple(dict.fromkeys(wheres))
            )
            self._of_title.setdefault(title, []).append(asking)
            found.append(asking)
        self._of_profile[profile] = tuple(found)

    def facts(self, key: Key, record: Record, profile: Profile) -> Mapping[str, object]:
        """Return the facts of a subject with those that come from its members.

        Raises:
            FactsError: more members have records than the subject says it has.
        """
        asked = self._of_profile[profile]
        if not asked:
            return record.facts
        facts = dict(record.facts)
        for asking in asked:
            row = asking.sums.get(key[1])
            for at, (name, entry) in enumerate(asking.entries.items()):
                if facts.get(name) is None:
                    start = at * _WIDTH
                    given = _given(row[start : start + _WIDTH]) if row else NOTHING
                    declared = (record.members or {}).get(entry.title)
                    facts[name] = _fact(name, entry, given, declared)
        return facts

    def take_changed(self, profile: Profile) -> Iterator[Key]:
        """Yield the subjects of a profile whose members give something else than before."""
        yield from self._changed.pop(profile, ())

    def remove(self, key: Key) -> None:
        """Take back what a member gave, if it gave anything."""
        for asking, holders, row in self._held.pop(key, ()):
            self._move(asking, holders, tuple(map(sub, (0,) * len(row), row)))

    def replace(
        self,
        key: Key,
        record: Record,
        outcome: Outcome,
        facts: Mapping[str, object],
        judged_by: tuple[Profile, date] | None,
    ) -> None:
        """Let a member give what it comes to now, in place of what it gave before.

        Args:
            key, record: the member.
            outcome: what it comes to.
            facts: its facts, with those that come from its own members.
            judged_by: its profile and the day, or None where it has no profile.
        """
        asked = self._of_title.get(key[0])
        if not asked:
            return
        holders = tuple(self._places.holders(record))
        held = []
        for asking in asked:
            of = self._holders(asking, holders)
            if of:
                held.append((asking, of, self._row(asking, record, outcome, facts, judged_by)))
        if tuple(held) == self._held.get(key, ()):
            return
        self.remove(key)
        if held:
            self._held[key] = tuple(held)
            for asking, of, row in held:
                self._move(asking, of, row)

    def add_report(self, report: AreaReport, to: Collection[Profile]) -> None:
        """Let the counts of an area stand for its members, in what some profiles ask."""
        kind = {"level": report.level.value} if report.level else {}
        path = self._places.path(report.area)
        holders = tuple((Title.LEARNING_COMMUNITY, code) for code in path)
        for asking in self._of_title.get(report.title, ()):
            of = self._holders(asking, holders)
            if asking.profile in to and of:
                given = (
                    given_by_report(entry, report.counts) if fits(entry, kind) else NOTHING
                    for entry in asking.entries.values()
                )
                self._move(asking, of, tuple(number for part in given for number in part))

    def _holders(self, asking: _Asking, holders: tuple[Holder, ...]) -> tuple[str, ...]:
        title, levels = asking.profile.title, asking.levels
        if levels is None:
            return tuple([of for holder, of in holders if holder is title])
        level_of = self._places.level_of_area
        return tuple([of for holder, of in holders if holder is title and level_of(of) in levels])

    def _row(
        self,
        asking: _Asking,
        record: Record,
        outcome: Outcome,
        facts: Mapping[str, object],
        judged_by: tuple[Profile, date] | None,
    ) -> _Row:
        """Return what a member gives to each input, the same object for the same."""
        truths = tuple([self._truth(text, facts, judged_by) for text in asking.conditions])
        kind = kind_of(record)
        alike = (outcome, record.registered, truths, *kind.items())
        row = asking.rows.get(alike)
        if row is None:
            where = dict(zip(asking.conditions, truths, strict=True))
            given = (
                given_by(
                    entry,
                    outcome,
                    record.registered,
                    True if entry.where is None else where[entry.where],
                )
                if fits(entry, kind)
                else NOTHING
                for entry in asking.entries.values()
            )
            row = asking.rows[alike] = tuple(int(number) for part in given for number in part)
        return row

    def _truth(
        self, text: str, facts: Mapping[str, object], judged_by: tuple[Profile, date] | None
    ) -> bool | None:
        if judged_by is None:
            return None
        profile, as_of = judged_by
        condition = self._truths.get((profile, text))
        if condition is None:
            condition = self._truths[profile, text] = SubjectCondition(profile, text)
        try:
            return condition(facts, as_of=as_of)
        except FactsError:
            return None

    def _move(self, asking: _Asking, holders: tuple[str, ...], row: _Row) -> None:
        if not any(row):
            return
        sums, title = asking.sums, asking.profile.title
        changed = self._changed.setdefault(asking.profile, {})
        for of in holders:
            before = sums.get(of)
            sums[of] = row if before is None else tuple(map(add, before, row))
            changed[title, of] = None


def _given(row: _Row) -> Given:
    held, most_held, others, most_others, known = row
    return held, most_held, others, most_others, known


def _fact(name: str, entry: MembersEntry, given: Given, declared: int | None) -> object:
    """Return the fact that members give, None where it is not known who they are."""
    known = given[4]
    if declared is None:
        return value_of(entry.take, given) if known else None
    if declared < known:
        text = _TOO_MANY.format(name=name, declared=declared, known=known)
        raise FactsError(text, code="too_many_members", field=name)
    more = open_members(declared - known)
    return value_of(entry.take, _given(tuple(map(add, given, more))))


_TOO_MANY = Text(
    vi="'{name}': có {known} thành viên có hồ sơ nhưng chỉ khai {declared}; hãy sửa số đã khai.",
    en="'{name}': {known} members have records but only {declared} are declared; mend the number.",
)
