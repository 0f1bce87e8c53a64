"""Enumerations of the domain: titles, levels of areas, kinds and managers of units."""

from __future__ import annotations

import re
from enum import StrEnum

from xhht.errors import DomainError
from xhht.text import LabelledEnum, Text, match_key, suggestion

__all__ = ["AreaLevel", "ManagedBy", "Title", "UnitKind"]


OWN_TITLE = r"x(\.[a-z][a-z0-9_]{0,63}){1,7}"
"""The pattern of a title of another field, such as `x.openssf.best_practices_badge`."""


class Title(StrEnum):
    """A title of the learning society, or a custom one of another field with its own identifier.

    A custom title begins with `x.`, so that a misspelt title of the learning society is never taken
    for one. It is not an enumeration member, and campaigns know no members of its subjects.

    >>> Title("x.openssf.badge").value, Title("x.openssf.badge") in list(Title)
    ('x.openssf.badge', False)
    """

    LEARNING_HOUSEHOLD = "learning_household"
    LEARNING_CLAN = "learning_clan"
    LEARNING_COMMUNITY = "learning_community"
    LEARNING_UNIT = "learning_unit"
    LEARNING_CITIZEN = "learning_citizen"

    @property
    def label(self) -> Text:
        """The official Vietnamese name and its English translation.

        >>> Title.LEARNING_CLAN.label.vi
        'Dòng họ học tập'
        """
        return _TITLES.get(self) or Text(vi=self.value, en=self.value)

    @property
    def is_own(self) -> bool:
        """Whether it is a title of another field."""
        return self not in _TITLES

    @classmethod
    def _missing_(cls, value: object) -> Title | None:
        if not isinstance(value, str) or not re.fullmatch(OWN_TITLE, value):
            return None
        if value not in _OWN:
            custom = str.__new__(cls, value)
            custom._name_ = custom._value_ = value
            _OWN.setdefault(value, custom)  # one object for each, as members are
        return _OWN[value]

    @classmethod
    def parse(cls, text: str) -> Title:
        """Return the title that `text` names, by identifier or by official Vietnamese name.

        Letter case, spaces and the position of tone marks are ignored.

        Raises:
            DomainError: no title has this name; the message suggests the nearest one.

        >>> Title.parse("gia đình HỌC TẬP").value
        'learning_household'
        """
        key = match_key(text) if isinstance(text, str) else ""
        known = {match_key(name): title for title in cls for name in (title, title.label.vi)}
        if key in known:
            return known[key]
        closest = suggestion(key, known)
        if closest is None:
            raise DomainError(_NO_TITLE.format(known=", ".join(cls)))
        title = known[closest]
        raise DomainError(_NEAR_TITLE.format(name=title.label, identifier=title.value))


class AreaLevel(LabelledEnum):
    """A level of areas. Members compare as text; use `rank` or `is_above` for the order."""

    NATION = "nation", "toàn quốc", "nation"
    PROVINCE = "province", "tỉnh", "province"
    DISTRICT = "district", "huyện", "district"
    COMMUNE = "commune", "xã", "commune"
    VILLAGE = "village", "thôn", "village"

    @property
    def rank(self) -> int:
        """The rank from the top: 0 for the nation, 4 for a village."""
        return _RANKS[self]

    def is_above(self, other: AreaLevel) -> bool:
        """Return whether areas of this level may contain areas of `other`.

        >>> AreaLevel.PROVINCE.is_above(AreaLevel.COMMUNE)
        True
        """
        return self.rank < other.rank


class ManagedBy(LabelledEnum):
    """The level of the authority that manages a unit."""

    COMMUNE = "commune", "xã", "commune"
    DISTRICT = "district", "huyện", "district"
    PROVINCE = "province", "tỉnh", "province"


class UnitKind(LabelledEnum):
    """The kind of organisation of a unit."""

    AGENCY = "agency", "cơ quan", "agency"
    SCHOOL = "school", "trường học", "school"
    ENTERPRISE = "enterprise", "doanh nghiệp", "enterprise"
    COOPERATIVE = "cooperative", "hợp tác xã", "cooperative"


_OWN: dict[str, Title] = {}
_TITLES = {
    Title.LEARNING_HOUSEHOLD: Text(vi="Gia đình học tập", en="Learning household"),
    Title.LEARNING_CLAN: Text(vi="Dòng họ học tập", en="Learning clan"),
    Title.LEARNING_COMMUNITY: Text(vi="Cộng đồng học tập", en="Learning community"),
    Title.LEARNING_UNIT: Text(vi="Đơn vị học tập", en="Learning unit"),
    Title.LEARNING_CITIZEN: Text(vi="Công dân học tập", en="Learning citizen"),
}
_RANKS = {level: rank for rank, level in enumerate(AreaLevel)}
_NO_TITLE = Text(
    vi="Không có danh hiệu này; các danh hiệu hợp lệ: {known}.",
    en="Unknown title; allowed titles: {known}.",
)
_NEAR_TITLE = Text(
    vi="Không có danh hiệu này; có phải là “{name}” ({identifier})?",
    en="Unknown title; did you mean “{name}” ({identifier})?",
)
