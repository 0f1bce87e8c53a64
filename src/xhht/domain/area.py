"""One area during a period: code, name, level and parent."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from attrs import field, frozen

from xhht.domain.legal import LegalBasis
from xhht.domain.people import ID, AreaCode
from xhht.domain.titles import AreaLevel
from xhht.domain.validators import DAY, NAME, clean, clean_or_none, instance_of, one_of, require_day
from xhht.errors import DomainError
from xhht.text import Text

__all__ = ["OFFICIAL_WIDTHS", "Area", "AreaDict", "AreaReference", "repad"]


class AreaReference(TypedDict):
    """The keys that identify an area in JSON."""

    area: str
    name: str
    level: str


class AreaDict(AreaReference):
    """An area in JSON."""

    parent: str | None
    valid_from: str | None
    valid_to: str | None
    legal_basis: str | None


OFFICIAL_WIDTHS = {AreaLevel.PROVINCE: 2, AreaLevel.DISTRICT: 3, AreaLevel.COMMUNE: 5}
"""The number of digits of official codes (Decision 19/2025/QĐ-TTg; districts until 30/6/2025).

Each level numbers its areas independently, so a code is not a prefix of another, and its length
does not determine the level.
"""


def repad(code: str, level: AreaLevel) -> AreaCode:
    """Return `code` with leading zeros restored to the official width of `level`.

    A code that is not all digits, or of a level without official codes, is returned unchanged.

    >>> repad("4", AreaLevel.COMMUNE), repad("1", AreaLevel.PROVINCE)
    ('00004', '01')
    """
    width = OFFICIAL_WIDTHS.get(level, 0)
    return AreaCode(code.zfill(width) if code.isascii() and code.isdigit() else code)


@frozen(kw_only=True)
class Area:
    """A nation, province, district, commune or village during one period.

    The reform of 2025 reused codes, so an area is identified by its code and `valid_from`.

    Attributes:
        code: the official code, or the user's own for a village; text, to keep leading zeros.
        name: the name with its kind, such as `Xã Hòa Thắng`.
        level: the level.
        parent: the code of the area that contains it, or None at the top of the table.
        valid_from: the first day of the period.
        valid_to: the first day after the period, or None.
        legal_basis: the legal basis of the area, if known.

    >>> commune = Area(
    ...     code="22969", name="Xã Liên Hương", level=AreaLevel.COMMUNE, valid_from=date(2025, 7, 1)
    ... )
    >>> commune.exists_on(date(2025, 6, 30))
    False
    """

    code: AreaCode = field(converter=clean, validator=ID)
    name: str = field(converter=clean, validator=NAME)
    level: AreaLevel = field(validator=one_of(AreaLevel))
    parent: AreaCode | None = field(default=None, converter=clean_or_none, validator=ID.or_none)
    valid_from: date = field(default=date.min, validator=DAY)
    valid_to: date | None = field(default=None, validator=DAY.or_none)
    legal_basis: LegalBasis | None = field(default=None, validator=instance_of(LegalBasis).or_none)

    def __attrs_post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise DomainError(_ENDS_FIRST)

    def exists_on(self, day: date) -> bool:
        """Return whether `day` is in the period of the area."""
        require_day(day)
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def overlaps(self, other: Area) -> bool:
        """Return whether the periods of both areas overlap."""
        return _before(self.valid_from, other.valid_to) and _before(other.valid_from, self.valid_to)

    def reference(self) -> AreaReference:
        """Return code, name and level, as results in JSON identify an area."""
        return {"area": self.code, "name": self.name, "level": self.level.value}

    def to_dict(self) -> AreaDict:
        """Return the area as `xhht areas show --format json` prints it."""
        return {
            **self.reference(),
            "parent": self.parent,
            "valid_from": None if self.valid_from == date.min else self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "legal_basis": self.legal_basis.document if self.legal_basis else None,
        }


def _before(start: date, end: date | None) -> bool:
    return end is None or start < end


_ENDS_FIRST = Text(vi="valid_to: phải sau valid_from.", en="valid_to: must be after valid_from.")
