"""One change of areas: which people moved where, on which day, and by which document."""

from __future__ import annotations

from datetime import date, timedelta

from attrs import field, frozen

from xhht.domain.legal import LegalBasis
from xhht.domain.people import ID, AreaCode
from xhht.domain.validators import DAY, clean, instance_of, one_of
from xhht.errors import DomainError
from xhht.text import LabelledEnum, Text

__all__ = ["AreaChange", "ChangeKind"]


class ChangeKind(LabelledEnum):
    """The kind of change, in the terms of the statistics office's conversion table."""

    UNCHANGED = "unchanged", "giữ nguyên", "unchanged"
    """Giữ nguyên."""
    MERGED_WHOLE = "merged_whole", "nhập toàn bộ", "merged in full"
    """Nhập toàn bộ; also part of the land with all of the people."""
    MERGED_PART = "merged_part", "nhập một phần", "merged in part"
    """Nhập một phần: some of the people."""
    AREA_ONLY = "area_only", "chỉ chuyển diện tích", "land only"
    """Một phần diện tích: land without people."""
    RENAMED = "renamed", "đổi tên", "renamed"
    """Đổi tên."""
    RETYPED = "retyped", "đổi loại hình", "type changed"
    """Đổi loại hình, such as from xã to phường."""
    SPLIT = "split", "tách", "split off"
    """Tách: some of the people form an area of their own."""
    CREATED = "created", "lập mới", "newly created"
    """Lập mới: a new area is created on all of this one, such as a đặc khu on an island."""

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


_NO_DAY_BEFORE = Text(
    vi="effective: phải có ngày liền trước, vì mã cũ được tra theo ngày đó.",
    en="effective: must have a previous day, on which the old code is valid.",
)
