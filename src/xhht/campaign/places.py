"""Where subjects are: in which area, and of which household, unit and clan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from xhht.campaign.society import Key, Record
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.people import Citizen, Community, Household
from xhht.domain.titles import Title

__all__ = ["HAS_MEMBERS", "Holder", "Places"]

Holder: TypeAlias = tuple[Title, str]
"""Who has members: a subject, or for communities an area."""


class Places:
    """The records of a society by key, and who belongs to whom."""

    def __init__(self, areas: AreaTree) -> None:
        self.areas = areas
        self.records: dict[Key, Record] = {}
        self._citizens: dict[str, set[Key]] = {}
        self._paths: dict[str, tuple[str, ...]] = {}
        self._levels: dict[str, AreaLevel] = {area.code: area.level for area in areas}

    def put(self, record: Record) -> None:
        """Remember a record in place of any before it."""
        self.withdraw(record.key)
        self.records[record.key] = record
        if isinstance(record.subject, Citizen):
            self._citizens.setdefault(record.subject.household, set()).add(record.key)

    def withdraw(self, key: Key) -> None:
        """Forget a record, if there is one."""
        record = self.records.pop(key, None)
        if record is not None and isinstance(record.subject, Citizen):
            self._citizens[record.subject.household].discard(key)

    def moved_with(self, key: Key) -> Iterator[Key]:
        """Yield those who are where a subject is: the citizens of a household."""
        if key[0] is Title.LEARNING_HOUSEHOLD:
            yield from self._citizens.get(key[1], ())

    def area_of(self, record: Record) -> str | None:
        """Return the area where a subject is, None where the tables do not tell."""
        subject = record.subject
        if isinstance(subject, Citizen):
            household = self._household(subject)
            return self.area_of(household) if household is not None else None
        if isinstance(subject, Community):
            code = subject.area
        else:
            code = subject.village if isinstance(subject, Household) else subject.commune
        return code if code in self._levels else None

    def path(self, code: str) -> tuple[str, ...]:
        """Return an area and those it lies in, the nearest first."""
        found = self._paths.get(code)
        if found is None:
            found = (code, *(area.code for area in self.areas.ancestors(code)))
            self._paths[code] = found
        return found

    def holders(self, record: Record) -> Iterator[Holder]:
        """Yield those who have a subject as a member."""
        subject = record.subject
        if isinstance(subject, Citizen):
            yield Title.LEARNING_HOUSEHOLD, subject.household
            if subject.unit is not None:
                yield Title.LEARNING_UNIT, subject.unit
            household = self._household(subject)
            if household is not None:
                yield from _clan_of(household)
        yield from _clan_of(record)
        area = self.area_of(record)
        if area is not None:
            inside = self.path(area)[1:] if isinstance(subject, Community) else self.path(area)
            for code in inside:
                yield Title.LEARNING_COMMUNITY, code

    def level_of_area(self, code: str) -> AreaLevel:
        """Return the level of an area."""
        return self._levels[code]

    def level_of(self, record: Record) -> AreaLevel | None:
        """Return the level of a community, None for any other subject."""
        return record.subject.level if isinstance(record.subject, Community) else None

    def _household(self, citizen: Citizen) -> Record | None:
        return self.records.get((Title.LEARNING_HOUSEHOLD, citizen.household))


def _clan_of(record: Record) -> Iterator[Holder]:
    if isinstance(record.subject, Household) and record.subject.clan is not None:
        yield Title.LEARNING_CLAN, record.subject.clan


HAS_MEMBERS = {
    Title.LEARNING_CITIZEN: (),
    Title.LEARNING_HOUSEHOLD: (Title.LEARNING_CITIZEN,),
    Title.LEARNING_UNIT: (Title.LEARNING_CITIZEN,),
    Title.LEARNING_CLAN: (Title.LEARNING_HOUSEHOLD, Title.LEARNING_CITIZEN),
    Title.LEARNING_COMMUNITY: tuple(Title),
}
"""Which titles the members of a subject of each title may have."""
