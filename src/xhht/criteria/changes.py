"""Changes between two profiles: kind, place in both files, and effect."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TypedDict

from attrs import field, frozen

from xhht.criteria.document import ChangeDict, ChangeEntry
from xhht.criteria.profile import Profile
from xhht.text import Lang, Text

__all__ = [
    "ChangedPart",
    "Effect",
    "Place",
    "ProfileChange",
    "ProfileChangeDict",
    "ProfileChangeKind",
    "ProfileChanges",
    "ProfileChangesDict",
]


class PlaceDict(TypedDict):
    """A place in a file in JSON."""

    file: str
    line: int
    column: int


class ProfileChangeDict(TypedDict):
    """One change between two profiles in JSON."""

    kind: str
    part: str
    id: str
    name: str | None
    key: str | None
    old: str | None
    new: str | None
    effect: str
    old_place: PlaceDict | None
    new_place: PlaceDict | None


class ComparedProfileDict(TypedDict):
    """A compared profile in JSON."""

    id: str
    version: str
    hash: str
    provenance: str
    effective_from: str | None
    file: str


class ProfileChangesDict(TypedDict):
    """The differences between two profiles in JSON, and the number of each effect."""

    old: ComparedProfileDict
    new: ComparedProfileDict
    reasons: list[ChangeDict]
    changes: list[ProfileChangeDict]
    effects: dict[str, int]


class ProfileChangeKind(StrEnum):
    """How a part of a profile changed."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RENAMED = "renamed"
    CHANGED = "changed"


class ChangedPart(StrEnum):
    """The part of a profile that a change concerns."""

    PROFILE = "profile"
    INPUT = "input"
    VALUE = "value"
    CRITERION = "criterion"
    INDICATOR = "indicator"
    LEVEL = "level"
    DEFINITION = "definition"
    CHOICE_LIST = "choice_list"


class Effect(StrEnum):
    """The effect of one change, everything else unchanged, on any subject whose facts are known.

    `LOOSER`: no result gets worse, `TIGHTER`: no result gets better, `NEITHER`: no result changes.
    `UNKNOWN`: the two files alone do not determine it.
    """

    LOOSER = "looser"
    TIGHTER = "tighter"
    NEITHER = "neither"
    UNKNOWN = "unknown"

    @property
    def reversed(self) -> Effect:
        """The effect of the opposite change."""
        return _REVERSED.get(self, self)


_REVERSED = {Effect.LOOSER: Effect.TIGHTER, Effect.TIGHTER: Effect.LOOSER}


@frozen(order=True)
class Place:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@frozen(kw_only=True)
class ProfileChange:
    """One difference.

    Attributes:
        kind: how it changed.
        part: the part that it concerns.
        id: the id in the new profile, or in the old one if removed; empty for the profile.
        key: the key of the file whose value differs, such as `met_when` or `bands[2].points`;
            None if a part was added or removed entirely.
        old, new: the values as the files write them, or None.
        effect: whether it is looser or tighter.
        old_place, new_place: the places in the two files, or None.
        name: the display name, or None.
    """

    kind: ProfileChangeKind
    part: ChangedPart
    id: str
    key: str | None = None
    old: str | Text | None = None
    new: str | Text | None = None
    effect: Effect
    old_place: Place | None = None
    new_place: Place | None = None
    name: Text | None = None

    def to_dict(self, lang: Lang | str = Lang.VI) -> ProfileChangeDict:
        """Return the change as JSON data, with labels in one language."""
        return {
            "kind": self.kind.value,
            "part": self.part.value,
            "id": self.id,
            "name": self.name.get(lang) if self.name else None,
            "key": self.key,
            "old": _in(self.old, lang),
            "new": _in(self.new, lang),
            "effect": self.effect.value,
            "old_place": _place_of(self.old_place),
            "new_place": _place_of(self.new_place),
        }


def _in(value: str | Text | None, lang: Lang | str) -> str | None:
    return value.get(lang) if isinstance(value, Text) else value


def _place_of(place: Place | None) -> PlaceDict | None:
    if place is None:
        return None
    return {"file": place.file, "line": place.line, "column": place.column}


@frozen(kw_only=True)
class ProfileChanges:
    """The differences between two profiles, in the order of the new one.

    Attributes:
        old: the earlier profile.
        new: the later profile.
        changes: the differences; empty if meaning and wording are the same.
        reasons: what the new profile says of the changes of its versions after the old one.
        criteria: the new id of each matched criterion, by its old id.
        levels: the new id of each matched level, by its old id.
    """

    old: Profile
    new: Profile
    changes: tuple[ProfileChange, ...]
    reasons: tuple[ChangeEntry, ...] = ()
    criteria: dict[str, str] = field(repr=False)
    levels: dict[str, str] = field(repr=False)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def effects(self) -> dict[Effect, int]:
        """Return the number of changes of each effect."""
        numbers = Counter(change.effect for change in self.changes)
        return {effect: numbers[effect] for effect in Effect}

    def to_dict(self, lang: Lang | str = Lang.VI) -> ProfileChangesDict:
        """Return the differences as `xhht compare --format json` prints them."""
        return {
            "old": _compared(self.old),
            "new": _compared(self.new),
            "reasons": [entry.to_dict(lang) for entry in self.reasons],
            "changes": [change.to_dict(lang) for change in self.changes],
            "effects": {effect.value: number for effect, number in self.effects().items()},
        }

    def is_same_level(self, old: str | None, new: str | None) -> bool:
        """Return whether two levels match, whatever their names; None means no level."""
        return old == new if old is None else self.levels.get(old) == new


def _compared(profile: Profile) -> ComparedProfileDict:
    begins = profile.document.effective_from
    return {
        "id": profile.id,
        "version": profile.version,
        "hash": profile.hash,
        "provenance": profile.provenance.value,
        "effective_from": begins.isoformat() if begins else None,
        "file": profile.file,
    }
