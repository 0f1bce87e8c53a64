"""The effect of changed criteria on a population, as counts by transition and clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TypedDict, TypeVar

from attrs import evolve, field, frozen

from xhht.criteria.changes import ChangedPart, ProfileChanges
from xhht.criteria.profile import Profile
from xhht.evaluation.state import Verdict
from xhht.rules.model import natural_key
from xhht.text import Lang, Text

__all__ = [
    "CHANGES",
    "Clause",
    "ClauseDict",
    "Direction",
    "SubjectOutcome",
    "Transition",
    "TransitionDict",
    "Transitions",
    "TransitionsDict",
]

_K = TypeVar("_K")


@frozen(order=True)
class SubjectOutcome:
    """The outcome of a subject under one profile.

    Attributes:
        verdict: the verdict; None for a row that was rejected as invalid.
        level: the level; None where there is none, or where several are possible.
    """

    verdict: Verdict | None
    level: str | None = None

    @property
    def key(self) -> str:
        """The JSON key: `recognised:good`, `undetermined`, `rejected`."""
        if self.verdict is None:
            return "rejected"
        return f"{self.verdict.value}:{self.level}" if self.level else self.verdict.value


class Direction(StrEnum):
    """The direction of a subject's change from the old outcome to the new one.

    `UNCLEAR`: one of the two is open or rejected, or two levels cannot be compared.
    """

    STAYS = "stays"
    GAINS = "gains"
    LOSES = "loses"
    UNCLEAR = "unclear"


CHANGES = (Direction.GAINS, Direction.LOSES, Direction.UNCLEAR)
"""The directions in which a subject's outcome changes."""


class TransitionDict(TypedDict):
    """How many subjects change from one outcome to another, in JSON."""

    old: str
    new: str
    way: str
    number: int


class ClauseDict(TypedDict):
    """How many subjects a clause alone changes, in JSON, by direction."""

    part: str
    id: str
    name: str | None
    gains: int
    loses: int
    unclear: int
    among_several: int


class OutcomesDict(TypedDict):
    """The outcomes of subjects under both profiles in JSON."""

    ways: dict[str, int]
    old: dict[str, int]
    new: dict[str, int]
    transitions: list[TransitionDict]


class GroupDict(OutcomesDict):
    """The outcomes of one group in JSON."""

    group: str | None
    name: str | None
    rows: int


class TransitionsDict(OutcomesDict):
    """The effect of changed criteria on a population in JSON."""

    rows: int
    lacking: list[str]
    clauses: list[ClauseDict]
    several: dict[str, int]
    groups: list[GroupDict] | None


@frozen(order=True)
class Clause:
    """A part of a profile that changes the outcome of subjects.

    `id` is that of the new profile, if it exists there. An input is named where rows can be
    evaluated under only one of the profiles.
    """

    part: ChangedPart
    id: str


@frozen(kw_only=True)
class Transition:
    """How many subjects of a group change from one outcome to another, and why.

    `alone` and `several` add up to `number`, except where the outcome stays the same.

    Attributes:
        group: the group, None for rows without one.
        old, new: the outcomes.
        number: how many subjects.
        alone: by clause, how many change because of this clause alone.
        several: how many change because of several clauses, or the order of levels.
        among: by clause, for how many of `several` it is one of the causes; one subject counts
            for each of its clauses.
    """

    group: str | None = None
    old: SubjectOutcome
    new: SubjectOutcome
    number: int
    alone: Mapping[Clause, int] = field(factory=dict)
    several: int = 0
    among: Mapping[Clause, int] = field(factory=dict)


@frozen(kw_only=True)
class Transitions:
    """The subjects of a population under two profiles; each row is in one transition.

    Attributes:
        changes: what differs between the profiles.
        cells: the transitions by group.
        missing_inputs: inputs of either profile without a column; they are unknown for all rows.
    """

    changes: ProfileChanges = field(repr=False)
    cells: tuple[Transition, ...]
    missing_inputs: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The number of rows, including rejected ones."""
        return sum(cell.number for cell in self.cells)

    def old(self) -> Counter[SubjectOutcome]:
        """Return how many subjects have each outcome under the old profile."""
        return _count((cell.old, cell.number) for cell in self.cells)

    def new(self) -> Counter[SubjectOutcome]:
        """Return how many subjects have each outcome under the new profile."""
        return _count((cell.new, cell.number) for cell in self.cells)

    def directions(self) -> Counter[Direction]:
        """Return how many subjects change in each direction."""
        return _count((self.direction(cell), cell.number) for cell in self.cells)

    def together(self) -> Transitions:
        """Return the same for the whole population, without groups."""
        return self.grouped({cell.group: None for cell in self.cells})

    def grouped(self, groups: Mapping[str | None, str | None]) -> Transitions:
        """Return the same by coarser groups; `groups` maps each group to a new one."""
        merged: dict[tuple[str | None, SubjectOutcome, SubjectOutcome], Transition] = {}
        for cell in self.cells:
            regrouped = evolve(cell, group=groups[cell.group])
            key = regrouped.group, regrouped.old, regrouped.new
            merged[key] = _add(merged[key], regrouped) if key in merged else regrouped
        return evolve(self, cells=tuple(sorted(merged.values(), key=_sort_key)))

    def merged(self) -> Transitions:
        """Return the same with one transition for each group and pair of outcomes, in order."""
        return self.grouped({cell.group: cell.group for cell in self.cells})

    def groups(self) -> Iterator[tuple[str | None, Transitions]]:
        """Yield each group with its transitions, in the order of groups."""
        names = {cell.group for cell in self.cells}
        for group in sorted(names, key=lambda name: (name is None, name or "")):
            yield group, evolve(self, cells=tuple(c for c in self.cells if c.group == group))

    def direction(self, cell: Transition) -> Direction:
        """Return the direction of a transition."""
        if self.is_same(cell.old, cell.new):
            return Direction.STAYS
        if cell.old.level is not None and cell.new.verdict is Verdict.NOT_RECOGNISED:
            return Direction.LOSES  # also when that level no longer exists
        before, after = self._rank_of_old(cell.old), self._rank(cell.new)
        if before is None or after is None:
            return Direction.UNCLEAR
        return Direction.GAINS if after > before else Direction.LOSES

    def by_clause(self) -> dict[Clause, Counter[Direction]]:
        """Return the number of subjects that each clause alone changes, in descending order.

        Clauses that act only together with others are included.
        """
        counted: dict[Clause, Counter[Direction]] = {clause: Counter() for clause in self.among()}
        for cell in self.cells:
            for clause, number in cell.alone.items():
                counted.setdefault(clause, Counter())[self.direction(cell)] += number

        def place(clause: Clause) -> tuple[int, str, object]:
            return -counted[clause].total(), clause.part, natural_key(clause.id)

        return {clause: counted[clause] for clause in sorted(counted, key=place)}

    def among(self) -> Counter[Clause]:
        """Return for how many subjects each clause is one of several causes."""
        counted: Counter[Clause] = Counter()
        for cell in self.cells:
            counted.update(cell.among)
        return counted

    def several(self) -> Counter[Direction]:
        """Return how many subjects change because of several clauses."""
        return _count((self.direction(cell), cell.several) for cell in self.cells)

    def ranked(self, counted: Mapping[SubjectOutcome, int]) -> list[tuple[SubjectOutcome, int]]:
        """Return outcomes with their numbers, best first, undetermined and rejected last."""
        levels = [
            level.id
            for profile in (self.changes.new, self.changes.old)
            for level in profile.plan.levels
        ]
        order = (Verdict.RECOGNISED, Verdict.NOT_RECOGNISED, Verdict.UNDETERMINED, None)

        def place(item: tuple[SubjectOutcome, int]) -> tuple[int, int]:
            outcome, _ = item
            rank = levels.index(outcome.level) if outcome.level in levels else len(levels)
            return order.index(outcome.verdict), rank

        return sorted(counted.items(), key=place)

    def name_of(self, clause: Clause) -> Text | None:
        """Return the display name of a part of the profiles, None where it has none."""
        for profile in (self.changes.new, self.changes.old):
            name = _name_in(profile, clause)
            if name is not None:
                return name
        return None

    def to_dict(
        self, lang: Lang | str = Lang.VI, *, names: Mapping[str, str] | None = None
    ) -> TransitionsDict:
        """Return the transitions as `xhht compare --population --format json` prints them.

        Args:
            lang: the language of names.
            names: the names of groups that have one; None if no groups were requested.
        """
        among, several = self.among(), self.several()
        return {
            "rows": self.number,
            "lacking": list(self.missing_inputs),
            **self._outcomes(),
            "clauses": [
                {
                    "part": clause.part.value,
                    "id": clause.id,
                    "name": name.get(lang) if (name := self.name_of(clause)) else None,
                    "gains": alone[Direction.GAINS],
                    "loses": alone[Direction.LOSES],
                    "unclear": alone[Direction.UNCLEAR],
                    "among_several": among[clause],
                }
                for clause, alone in self.by_clause().items()
            ],
            "several": {way.value: several[way] for way in CHANGES},
            "groups": None
            if names is None
            else [
                {
                    "group": group,
                    "name": names.get(group or ""),
                    "rows": transitions.number,
                    **transitions._outcomes(),
                }
                for group, transitions in self.groups()
            ],
        }

    def _outcomes(self) -> OutcomesDict:
        total = self.together()
        directions = total.directions()
        return {
            "ways": {way.value: directions[way] for way in Direction},
            "old": {outcome.key: number for outcome, number in self.ranked(total.old())},
            "new": {outcome.key: number for outcome, number in self.ranked(total.new())},
            "transitions": [
                {
                    "old": cell.old.key,
                    "new": cell.new.key,
                    "way": total.direction(cell).value,
                    "number": cell.number,
                }
                for cell in sorted(total.cells, key=lambda cell: (cell.old.key, cell.new.key))
            ],
        }

    def is_same(self, old: SubjectOutcome, new: SubjectOutcome) -> bool:
        """Return whether two outcomes are the same, even if the level has another id."""
        return old.verdict is new.verdict and self.changes.is_same_level(old.level, new.level)

    def _rank(self, outcome: SubjectOutcome) -> int | None:
        """Return the rank of a definite outcome from below, by the levels of the new profile."""
        if outcome.verdict is Verdict.NOT_RECOGNISED:
            return 0
        levels = [level.id for level in reversed(self.changes.new.plan.levels)]
        return levels.index(outcome.level) + 1 if outcome.level in levels else None

    def _rank_of_old(self, outcome: SubjectOutcome) -> int | None:
        if outcome.level is None:
            return self._rank(outcome)
        return self._rank(evolve(outcome, level=self.changes.levels.get(outcome.level)))


def _name_in(profile: Profile, clause: Clause) -> Text | None:
    if clause.part is ChangedPart.INPUT and clause.id in profile.document.inputs:
        return profile.document.inputs[clause.id].label
    if clause.part is ChangedPart.LEVEL:
        return next(
            (level.name for level in profile.document.levels if level.id == clause.id), None
        )
    if clause.part in (ChangedPart.CRITERION, ChangedPart.INDICATOR):
        entry = profile.entries.get(clause.id)
        return entry.name if entry else None
    return None


def _sort_key(cell: Transition) -> tuple[str, str, str]:
    return cell.group or "", cell.old.key, cell.new.key


def _count(items: Iterable[tuple[_K, int]]) -> Counter[_K]:
    counter: Counter[_K] = Counter()
    for key, number in items:
        counter[key] += number
    return counter


def _add(first: Transition, second: Transition) -> Transition:
    return evolve(
        first,
        number=first.number + second.number,
        alone=Counter(first.alone) + Counter(second.alone),
        several=first.several + second.several,
        among=Counter(first.among) + Counter(second.among),
    )
