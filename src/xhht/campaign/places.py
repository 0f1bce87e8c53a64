"""Locations of subjects: their area, household, unit and clan."""

from __future__ import annotations

from xhht.campaign.records import Record, SubjectCase, SubjectKey
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.people import Citizen, Clan, Community, Household, Unit
from xhht.domain.titles import Title

__all__ = ["HAS_MEMBERS", "SubjectPlaces"]


class SubjectPlaces:
    """The cases of a society by key, and the memberships between them."""

    def __init__(self, areas: AreaTree) -> None:
        self.areas = areas
        self.cases: dict[SubjectKey, SubjectCase] = {}
        self._households: dict[str, SubjectCase] = {}
        self._citizens: dict[str, list[SubjectCase]] = {}
        self._paths: dict[str, tuple[str, ...]] = {}
        self._trees: dict[AreaLevel, AreaTree] = {}
        self._levels: dict[str, AreaLevel] = {area.code: area.level for area in areas}

    def put(self, record: Record) -> SubjectCase:
        """Return a new case for a record, replacing any earlier one."""
        self.withdraw(record.key)
        case = self.cases[record.key] = SubjectCase(record)
        subject = record.subject
        if isinstance(subject, Citizen):
            self._citizens.setdefault(subject.household, []).append(case)
        elif isinstance(subject, Household):
            self._households[subject.id] = case
        return case

    def withdraw(self, key: SubjectKey) -> None:
        """Remove a case, if it exists."""
        case = self.cases.pop(key, None)
        if case is None:
            return
        subject = case.record.subject
        if isinstance(subject, Citizen):
            self._citizens[subject.household].remove(case)
        elif isinstance(subject, Household):
            del self._households[subject.id]

    def dependents(self, key: SubjectKey) -> tuple[SubjectCase, ...]:
        """Return the cases that are located by a subject: the citizens of a household."""
        return tuple(self._citizens.get(key[1], ())) if key[0] is Title.LEARNING_HOUSEHOLD else ()

    def area_of(self, record: Record) -> str | None:
        """Return the area code of a subject, or None if it is unknown."""
        subject = record.subject
        if isinstance(subject, Citizen):
            household = self._households.get(subject.household)
            if household is None:
                return None
            subject = household.record.subject
        code: str | None = None
        if isinstance(subject, Household):
            code = subject.village
        elif isinstance(subject, (Clan, Unit)):
            code = subject.commune
        elif isinstance(subject, Community):
            code = subject.area
        return code if code in self._levels else None

    def path(self, code: str) -> tuple[str, ...]:
        """Return an area and those that contain it, the nearest first."""
        path = self._paths.get(code)
        if path is None:
            path = (code, *(area.code for area in self.areas.ancestors(code)))
            self._paths[code] = path
        return path

    def holder(self, record: Record, title: Title) -> str | None:
        """Return the household, unit or clan that a subject is a member of; None if none."""
        subject = record.subject
        if isinstance(subject, Citizen):
            if title is Title.LEARNING_HOUSEHOLD:
                return subject.household
            if title is Title.LEARNING_UNIT:
                return subject.unit
            household = self._households.get(subject.household)
            if household is None:
                return None
            subject = household.record.subject
        if title is Title.LEARNING_CLAN and isinstance(subject, Household):
            return subject.clan
        return None

    def tree_down_to(self, level: AreaLevel) -> AreaTree:
        """Return the areas without those below a level."""
        tree = self._trees.get(level)
        if tree is None:
            kept = [area for area in self.areas if not level.is_above(area.level)]
            tree = self.areas if len(kept) == len(self.areas) else AreaTree(kept)
            self._trees[level] = tree
        return tree

    def level_of_area(self, code: str) -> AreaLevel:
        """Return the level of an area."""
        return self._levels[code]


HAS_MEMBERS = {
    Title.LEARNING_CITIZEN: (),
    Title.LEARNING_HOUSEHOLD: (Title.LEARNING_CITIZEN,),
    Title.LEARNING_UNIT: (Title.LEARNING_CITIZEN,),
    Title.LEARNING_CLAN: (Title.LEARNING_HOUSEHOLD, Title.LEARNING_CITIZEN),
    Title.LEARNING_COMMUNITY: tuple(Title),
}
"""The possible titles of members, by the title of their holder."""
