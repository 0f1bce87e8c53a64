"""What a row of counts is about: a title, and perhaps only some of its subjects.

A count of learning communities may be of villages or of communes, one of units only of those that a
commune manages, one of citizens only of those with digital skills. Counts of different subjects
never add up and never collide.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, total_ordering
from typing import NotRequired, TypeAlias, TypedDict

from attrs import frozen

from xhht.domain.titles import AreaLevel, ManagedBy, Title, UnitKind
from xhht.text import Text

__all__ = ["Counted", "CountedDict", "TitleKey", "counted", "in_order"]


class CountedDict(TypedDict):
    """What is counted, in JSON; what is not stated is absent."""

    title: str
    communities: NotRequired[str | None]
    managed_by: NotRequired[str]
    kind: NotRequired[str]
    condition: NotRequired[str]


@total_ordering
@frozen(kw_only=True, order=False)
class Counted:
    """The subjects of a title that a row counts, if it does not count them all.

    Made by `counted`, so that equal ones are one object.

    Attributes:
        title: the title.
        communities: for communities, the level of those counted.
        managed_by: for units, the level of the authority that manages those counted.
        kind: for units, the kind of those counted.
        condition: the name of the condition that those counted meet, such as an input of targets.
    """

    title: Title
    communities: AreaLevel | None = None
    managed_by: ManagedBy | None = None
    kind: UnitKind | None = None
    condition: str | None = None

    @property
    def value(self) -> str:
        """The identifier of the title with what is stated, such as `learning_unit[commune]`."""
        parts = [self.communities, self.managed_by, self.kind, self.condition]
        return f"{self.title.value}[{','.join(str(part) for part in parts if part is not None)}]"

    @property
    def label(self) -> Text:
        """The name of the title with what is stated, as in `Learning community (village)`."""
        level = [self.communities.label] if self.communities else []
        manager = [_MANAGED.format(level=self.managed_by.label)] if self.managed_by else []
        kind = [self.kind.label] if self.kind else []
        condition = [Text(vi=self.condition, en=self.condition)] if self.condition else []
        parts = [*level, *manager, *kind, *condition]
        return Text(
            vi=f"{self.title.label.vi} ({', '.join(part.vi for part in parts)})",
            en=f"{self.title.label.en} ({', '.join(part.en for part in parts)})",
        )

    @property
    def stated(self) -> frozenset[str]:
        """What is stated: `communities`, `managed_by`, `kind`, `condition`."""
        names = ("communities", "managed_by", "kind", "condition")
        return frozenset(name for name in names if getattr(self, name) is not None)

    @property
    def whole(self) -> TitleKey:
        """The subjects among which those counted meet the condition."""
        return counted(
            self.title,
            communities=self.communities,
            managed_by=self.managed_by,
            kind=self.kind,
        )

    def to_dict(self) -> CountedDict:
        """Return what is counted as JSON data."""
        data: CountedDict = {"title": self.title.value}
        if self.communities is not None:
            data["communities"] = self.communities.value
        if self.managed_by is not None:
            data["managed_by"] = self.managed_by.value
        if self.kind is not None:
            data["kind"] = self.kind.value
        if self.condition is not None:
            data["condition"] = self.condition
        return data

    def __lt__(self, other: object) -> bool:
        return self.value < str(getattr(other, "value", other))


TitleKey: TypeAlias = Title | Counted
"""What is counted: all subjects of a title, or some of them."""


def counted(
    title: Title,
    *,
    communities: AreaLevel | None = None,
    managed_by: ManagedBy | None = None,
    kind: UnitKind | None = None,
    condition: str | None = None,
) -> TitleKey:
    """Return what is counted: the title itself if nothing else is stated.

    >>> counted(Title.LEARNING_UNIT) is Title.LEARNING_UNIT
    True
    >>> counted(Title.LEARNING_UNIT, managed_by=ManagedBy.COMMUNE).label.vi
    'Đơn vị học tập (cấp xã quản lý)'
    """
    stated: tuple[object, ...] = (communities, managed_by, kind, condition)
    if not any(part is not None for part in stated):
        return title
    return _counted(title, communities, managed_by, kind, condition)


@cache
def _counted(
    title: Title,
    communities: AreaLevel | None,
    managed_by: ManagedBy | None,
    kind: UnitKind | None,
    condition: str | None,
) -> Counted:
    return Counted(
        title=title,
        communities=communities,
        managed_by=managed_by,
        kind=kind,
        condition=condition,
    )


def in_order(keys: Iterable[TitleKey]) -> list[TitleKey]:
    """Return keys in the order of `Title`, those of a title after the title itself.

    Titles of other fields are left out, as they are in roll-ups.
    """
    order = {title: number for number, title in enumerate(Title)}
    known = [key for key in dict.fromkeys(keys) if _title(key) in order]
    return sorted(known, key=lambda key: (order[_title(key)], _rank(key)))


def _title(key: TitleKey) -> Title:
    return key.title if isinstance(key, Counted) else key


def _rank(key: TitleKey) -> tuple[str, int, int, int]:
    if not isinstance(key, Counted):
        return ("", -1, -1, -1)
    return (
        key.condition or "",
        -1 if key.communities is None else key.communities.rank,
        -1 if key.managed_by is None else list(ManagedBy).index(key.managed_by),
        -1 if key.kind is None else list(UnitKind).index(key.kind),
    )


_MANAGED = Text(vi="cấp {level} quản lý", en="managed by the {level}")
