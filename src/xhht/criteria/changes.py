"""What a change between two profiles is: kind, place in both files, and whether it eases."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from attrs import field, frozen

from xhht.criteria.profile import Profile
from xhht.text import Lang, Text

__all__ = ["Change", "ChangeKind", "Effect", "Part", "Place", "ProfileChanges"]


class ChangeKind(StrEnum):
    """What happened to a part of a profile."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RENAMED = "renamed"
    CHANGED = "changed"


class Part(StrEnum):
    """What a change is about."""

    PROFILE = "profile"
    INPUT = "input"
    VALUE = "value"
    CRITERION = "criterion"
    INDICATOR = "indicator"
    LEVEL = "level"


class Effect(StrEnum):
    """What a change does by itself, all else being as it was, to any subject of known facts.

    `LOOSER`: nobody comes to less, `TIGHTER`: nobody comes to more, `NEITHER`: nobody comes to
    anything else. `UNKNOWN` is what no reading of the two files shows.
    """

    LOOSER = "looser"
    TIGHTER = "tighter"
    NEITHER = "neither"
    UNKNOWN = "unknown"

    @property
    def reversed(self) -> Effect:
        """The effect of the change back."""
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
class Change:
    """One difference.

    Attributes:
        kind: what happened.
        part: what it is about.
        id: the id in the new profile; of what was removed, in the old one; empty for the profile.
        key: the key of the file whose value differs, such as `met_when` or `bands[2].points`;
            None for what was added or removed as a whole.
        old, new: the values as the files write them; None where there is none.
        effect: whether it eases.
        old_place, new_place: where the two stand; None where there is none.
        name: what people call it, or None.
    """

    kind: ChangeKind
    part: Part
    id: str
    key: str | None = None
    old: str | Text | None = None
    new: str | Text | None = None
    effect: Effect
    old_place: Place | None = None
    new_place: Place | None = None
    name: Text | None = None

    def to_dict(self, lang: Lang | str = Lang.VI) -> dict[str, Any]:
        """Return the change as JSON writes it; labels in one language."""
        return {
            "kind": self.kind.value,
            "part": self.part.value,
            "id": self.id,
            "name": self.name.in_(lang) if self.name else None,
            "key": self.key,
            "old": _in(self.old, lang),
            "new": _in(self.new, lang),
            "effect": self.effect.value,
            "old_place": _place_of(self.old_place),
            "new_place": _place_of(self.new_place),
        }


def _in(value: str | Text | None, lang: Lang | str) -> str | None:
    return value.in_(lang) if isinstance(value, Text) else value


def _place_of(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {"file": place.file, "line": place.line, "column": place.column}


@frozen(kw_only=True)
class ProfileChanges:
    """What differs between two profiles, in the order of the new one.

    Attributes:
        old: the profile that was.
        new: the profile that is to be.
        changes: the differences; none where both mean and say the same.
        criteria: the ids that criteria of the old profile have in the new one.
        levels: the ids that levels of the old profile have in the new one.
    """

    old: Profile
    new: Profile
    changes: tuple[Change, ...]
    criteria: dict[str, str] = field(repr=False)
    levels: dict[str, str] = field(repr=False)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def is_same_level(self, old: str | None, new: str | None) -> bool:
        """Return whether two levels are one, whatever they are called; None is no level."""
        return old == new if old is None else self.levels.get(old) == new
