"""Where subjects are: in which area, and of which household, unit and clan."""

from __future__ import annotations

from collections.abc import Iterator

from xhht.campaign.society import Key, Record
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.people import Citizen, Clan, Community, Household, Unit
from xhht.domain.titles import Title

__all__ = ["HAS_MEMBERS", "Places"]


class Places:
    """The records of a society by key, and who belongs to whom."""

    def __init__(self, areas: AreaTree) -> None:
        self.areas = areas
        self.records: dict[Key, Record] = {}
        self._citizens: dict[str, list[Key]] = {}
        self._paths: dict[str, tuple[str, ...]] = {}
        self._levels: dict[str, AreaLevel] = {area.code: area.level for area in areas}

    def put(self, record: Record) -> None:
        """Remember a record in place of any before it."""
        self.withdraw(record.key)
        self.records[record.key] = record
        if isinstance(record.subject, Citizen):
            self._citizens.setdefault(record.subject.household, []).append(record.key)

    def withdraw(self, key: Key) -> None:
        """Forget a record, if there is one."""
        record = self.records.pop(key, None)
        if record is not None and isinstance(record.subject, Citizen):
            self._citizens[record.subject.household].remove(key)

    def moved_with(self, key: Key) -> Iterator[Key]:
        """Yield those who are where a subject is: the citizens of a household."""
        if key[0] is Title.LEARNING_HOUSEHOLD:
            yield from self._citizens.get(key[1], ())

    def area_of(self, record: Record) -> str | None:
        """Return the area where a subject is, None where the tables do not tell."""
        subject = record.subject
        if isinstance(subject, Citizen):
            household = self._household(subject)
            if household is None:
                return None
            subject = household.subject
        code: str | None = None
        if isinstance(subject, Household):
            code = subject.village
        elif isinstance(subject, (Clan, Unit)):
            code = subject.commune
        elif isinstance(subject, Community):
            code = subject.area
        return code if code in self._levels else None

    def path(self, code: str) -> tuple[str, ...]:
        """Return an area and those it lies in, the nearest first."""
        found = self._paths.get(code)
        if found is None:
            found = (code, *(area.code for area in self.areas.ancestors(code)))
            self._paths[code] = found
        return found

    def holder(self, record: Record, title: Title) -> str | None:
        """Return whose member a subject is: its household, unit or clan; None where it has none."""
        subject = record.subject
        if isinstance(subject, Citizen):
            if title is Title.LEARNING_HOUSEHOLD:
                return subject.household
            if title is Title.LEARNING_UNIT:
                return subject.unit
            household = self._household(subject)
            if household is None:
                return None
            subject = household.subject
        if title is Title.LEARNING_CLAN and isinstance(subject, Household):
            return subject.clan
        return None

    def level_of_area(self, code: str) -> AreaLevel:
        """Return the level of an area."""
        return self._levels[code]

    def _household(self, citizen: Citizen) -> Record | None:
        return self.records.get((Title.LEARNING_HOUSEHOLD, citizen.household))


HAS_MEMBERS = {
    Title.LEARNING_CITIZEN: (),
    Title.LEARNING_HOUSEHOLD: (Title.LEARNING_CITIZEN,),
    Title.LEARNING_UNIT: (Title.LEARNING_CITIZEN,),
    Title.LEARNING_CLAN: (Title.LEARNING_HOUSEHOLD, Title.LEARNING_CITIZEN),
    Title.LEARNING_COMMUNITY: tuple(Title),
}
"""Which titles the members of a subject of each title may have."""
