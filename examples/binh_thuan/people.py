"""The records and counts that the synthetic Bình Thuận sends in, drawn by its plan.

Every household, clan, village and unit sends a record. Citizens do in two districts only; the
communes of the others send counts of them, and households and units there tell a share of their
own. So records and counts mix, and the whole runs in seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

import facts
from generate import Commune, Province

from xhht.campaign import AreaReport, Record, Society
from xhht.domain import (
    AreaLevel,
    Citizen,
    Clan,
    Community,
    Household,
    ManagedBy,
    Title,
    Unit,
    UnitKind,
)
from xhht.rollup import Count, Counts

__all__ = ["CITIZENS_IN_RECORDS", "make_society"]

CITIZENS_IN_RECORDS = frozenset({"595", "602"})
"""Tuy Phong and Phú Quí; with every citizen of the province it would take three times as long."""

_CLAN_MEMBERS, _UNIT_MEMBERS = 15, 12
_KINDS = tuple(UnitKind)


def make_society(province: Province) -> Society:
    """Return all records and counts; the same province gives the same ones."""
    sent = [_Commune(commune, province.seed) for commune in province.communes]
    # Counts of citizens are known once the households of a commune have been drawn.
    records = [record for commune in sent for record in commune.records()]
    return Society(
        records=records,
        reports=[one for sent_counts in sent for one in sent_counts.reports()],
        # A commune without any clan says so; else it would count as one that has not reported.
        totals={
            (commune.area.code, Title.LEARNING_CLAN): commune.clans.total
            for commune in province.communes
        },
    )


class _Commune:
    """What is sent in from one commune."""

    def __init__(self, plan: Commune, seed: int) -> None:
        self._plan, self._code = plan, plan.area.code
        self._draw = Random(f"{seed}:{plan.area.code}").random
        self._has_citizens = plan.area.parent in CITIZENS_IN_RECORDS
        self._in_clans, self._in_units = _Places(), _Places()
        self._citizens: Counter[Count] = Counter()

    def records(self) -> Iterator[Record]:
        """Yield clans and units first, as households and citizens take their places in them."""
        for number in range(self._plan.clans.total):
            yield self._clan(number, meets=number < self._plan.clans.recognised)
        for number in range(self._plan.units.total):
            yield self._unit(number, meets=number < self._plan.units.recognised)
        for village in self._plan.villages:
            community = Community(village.area.code, AreaLevel.VILLAGE)
            yield Record(subject=community, facts=facts.village(self._draw), registered=True)
            for number in range(village.households):
                yield from self._household(
                    village.area.code, number, meets=number < village.meeting
                )

    def reports(self) -> Iterator[AreaReport]:
        """Yield the counts of citizens where they send no records."""
        if not self._has_citizens:
            yield AreaReport(
                area=self._code, title=Title.LEARNING_CITIZEN, counts=Counts.of(self._citizens)
            )

    def _clan(self, number: int, *, meets: bool) -> Record:
        clan = Clan(f"d{self._code}-{number}", self._code)
        members = min(_CLAN_MEMBERS, self._plan.meeting // self._plan.clans.total)
        self._in_clans.open(clan.id, meeting=members, lacking=members * 3 // 7)
        return Record(subject=clan, facts=facts.clan(self._draw, meets=meets), registered=True)

    def _unit(self, number: int, *, meets: bool) -> Record:
        unit = Unit(
            id=f"u{self._code}-{number}",
            name=f"Đơn vị {number + 1} (giả định)",
            kind=_KINDS[number % len(_KINDS)],
            managed_by=ManagedBy.COMMUNE,
            commune=self._code,
        )
        given = facts.unit(self._draw, meets=meets)
        if not self._has_citizens:
            given["learning_citizens"] = facts.unit_share(self._draw, meets=meets)
        elif meets:
            members = min(_UNIT_MEMBERS, self._plan.meeting // self._plan.units.total)
            self._in_units.open(unit.id, meeting=members, lacking=members // 2)
        else:
            self._in_units.open(unit.id, meeting=1, lacking=3)
        return Record(subject=unit, facts=given, registered=True)

    def _household(self, village: str, number: int, *, meets: bool) -> Iterator[Record]:
        draw = self._draw
        given, citizens = facts.household(draw, meets=meets, disadvantaged=self._plan.disadvantaged)
        adults = given["adults"]
        assert isinstance(adults, int)
        home = Household(
            id=f"{village}-{number:04d}", village=village, clan=self._in_clans.take(meets=meets)
        )
        registered = [at < citizens or draw() < 0.6 for at in range(adults)]
        if self._has_citizens:
            for at in range(adults):
                yield self._citizen(home.id, at, meets=at < citizens, registered=registered[at])
        else:
            given["learning_citizens"] = facts.held(citizens, adults)
            self._citizens[Count.TOTAL] += adults
            self._citizens[Count.REGISTERED] += sum(registered)
            self._citizens[Count.ASSESSED] += sum(registered)
            self._citizens[Count.RECOGNISED] += citizens
        yield Record(subject=home, facts=given, registered=meets or draw() < 0.8)

    def _citizen(self, home: str, at: int, *, meets: bool, registered: bool) -> Record:
        citizen = Citizen(id=f"{home}-{at}", household=home, unit=self._in_units.take(meets=meets))
        known_facts: facts.Facts = {}
        if registered:
            known_facts = facts.citizen(
                self._draw, meets=meets, disadvantaged=self._plan.disadvantaged
            )
        return Record(subject=citizen, facts=known_facts, registered=registered)


class _Places:
    """Places in clans or units, taken one after another by those whom they are for."""

    def __init__(self) -> None:
        self._open: dict[bool, list[str]] = {True: [], False: []}

    def open(self, holder: str, *, meeting: int, lacking: int) -> None:
        """Open places for members who meet their criteria, and for some who do not."""
        self._open[True] += [holder] * meeting
        self._open[False] += [holder] * lacking

    def take(self, *, meets: bool) -> str | None:
        """Return where a member belongs; None once all places are taken."""
        place = self._open[meets]
        return place.pop() if place else None
