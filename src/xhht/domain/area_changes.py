"""One change of areas: which people moved where, on which day, and by which document."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from attrs import field, frozen

from xhht.domain.legal import LegalBasis
from xhht.domain.people import ID, AreaCode
from xhht.domain.validators import DAY, clean, instance_of, one_of
from xhht.errors import DomainError
from xhht.text import Text

__all__ = ["AreaChange", "ChangeKind"]


class ChangeKind(StrEnum):
    """The kind of change, in the terms of the statistics office's conversion table."""

    UNCHANGED = "unchanged"
    """Giữ nguyên."""
    MERGED_WHOLE = "merged_whole"
    """Nhập toàn bộ; also part of the land with all of the people."""
    MERGED_PART = "merged_part"
    """Nhập một phần: some of the people."""
    AREA_ONLY = "area_only"
    """Một phần diện tích: land without people."""
    RENAMED = "renamed"
    """Đổi tên."""
    RETYPED = "retyped"
    """Đổi loại hình, such as from xã to phường."""
    SPLIT = "split"
    """Tách: some of the people form an area of their own."""
    CREATED = "created"
    """Lập mới: a new area is created on all of this one, such as a đặc khu on an island."""

    @property
    def label(self) -> Text:
        """The name of the change."""
        return _LABELS[self]

    @property
    def carries_all(self) -> bool:
        """Whether all people of the area move.

        >>> ChangeKind.RENAMED.carries_all, ChangeKind.AREA_ONLY.carries_all
        (True, False)
        """
        return self.carries_people and not self.carries_part

    @property
    def carries_part(self) -> bool:
        """Whether only some of the people move."""
        return self in (ChangeKind.MERGED_PART, ChangeKind.SPLIT)

    @property
    def carries_people(self) -> bool:
        """Whether any people move."""
        return self is not ChangeKind.AREA_ONLY


@frozen(kw_only=True)
class AreaChange:
    """A change from one area to one area on one day.

    Codes are reused, so `from_code` is valid on the day before and `to_code` on the day itself; the
    same code may identify two different areas.

    Attributes:
        from_code: the code of the area as it was on the day before.
        to_code: the code of the area as it is from that day.
        effective: the first day on which the new areas and their codes are in force, which is later
            than the date of the document.
        kind: the kind of change.
        legal_basis: the document, if known.

    >>> AreaChange(
    ...     from_code="22915",
    ...     to_code="22918",
    ...     effective=date(2025, 7, 1),
    ...     kind=ChangeKind.MERGED_WHOLE,
    ... ).last_day
    datetime.date(2025, 6, 30)
    """

    from_code: AreaCode = field(converter=clean, validator=ID)
    to_code: AreaCode = field(converter=clean, validator=ID)
    effective: date = field(validator=DAY)
    kind: ChangeKind = field(validator=one_of(ChangeKind))
    legal_basis: LegalBasis | None = field(default=None, validator=instance_of(LegalBasis).or_none)

    def __attrs_post_init__(self) -> None:
        if self.effective == date.min:
            raise DomainError(_NO_DAY_BEFORE)

    @property
    def last_day(self) -> date:
        """The day before, on which `from_code` is valid."""
        return self.effective - timedelta(days=1)


_LABELS = {
    ChangeKind.UNCHANGED: Text(vi="giữ nguyên", en="unchanged"),
    ChangeKind.MERGED_WHOLE: Text(vi="nhập toàn bộ", en="merged in full"),
    ChangeKind.MERGED_PART: Text(vi="nhập một phần", en="merged in part"),
    ChangeKind.AREA_ONLY: Text(vi="chỉ chuyển diện tích", en="land only"),
    ChangeKind.RENAMED: Text(vi="đổi tên", en="renamed"),
    ChangeKind.RETYPED: Text(vi="đổi loại hình", en="type changed"),
    ChangeKind.SPLIT: Text(vi="tách", en="split off"),
    ChangeKind.CREATED: Text(vi="lập mới", en="newly created"),
}
_NO_DAY_BEFORE = Text(
    vi="effective: phải có ngày liền trước, vì mã cũ được tra theo ngày đó.",
    en="effective: must have a previous day, on which the old code is valid.",
)
