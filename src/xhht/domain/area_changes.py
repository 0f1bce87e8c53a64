"""One change of areas: whose people went where, on which day, and by which document."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from attrs import field, frozen

from xhht.domain._fields import DAY, clean, instance_of, one_of
from xhht.domain.ids import ID, AreaCode
from xhht.domain.legal import LegalBasis
from xhht.errors import DomainError
from xhht.text import Text

__all__ = ["AreaChange", "ChangeKind"]


class ChangeKind(StrEnum):
    """What becomes of an area, in the words of the statistics office's conversion table."""

    UNCHANGED = "unchanged"
    """Giữ nguyên."""
    MERGED_WHOLE = "merged_whole"
    """Nhập toàn bộ; also a part of the land with all of the people."""
    MERGED_PART = "merged_part"
    """Nhập một phần: some of the people."""
    AREA_ONLY = "area_only"
    """Một phần diện tích: land, and nobody on it."""
    RENAMED = "renamed"
    """Đổi tên."""
    RETYPED = "retyped"
    """Đổi loại hình, as from xã to phường."""
    SPLIT = "split"
    """Tách: some of the people now make an area of their own."""
    CREATED = "created"
    """Lập mới: a new area is set up on the whole of this one, as a đặc khu was on an island."""

    @property
    def label(self) -> Text:
        """How people name the change."""
        return _LABELS[self]

    @property
    def carries_all(self) -> bool:
        """Whether all people of the area go along.

        >>> ChangeKind.RENAMED.carries_all, ChangeKind.AREA_ONLY.carries_all
        (True, False)
        """
        return self.carries_people and not self.carries_part

    @property
    def carries_part(self) -> bool:
        """Whether some of the people go along, and others do not."""
        return self in (ChangeKind.MERGED_PART, ChangeKind.SPLIT)

    @property
    def carries_people(self) -> bool:
        """Whether anybody goes along."""
        return self is not ChangeKind.AREA_ONLY


@frozen(kw_only=True)
class AreaChange:
    """What one area gave to one area on one day.

    Codes were given again, so `from_code` is read on the day before and `to_code` on the day
    itself; they may be the same text and two areas.

    Attributes:
        from_code: the code of the area as it was on the day before.
        to_code: the code of the area as it is from that day.
        effective: the first day on which the new areas work and their codes apply, which is later
            than the day the document was signed.
        kind: what went over.
        legal_basis: the document, where known.

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
        """The day before, on which `from_code` is read."""
        return self.effective - timedelta(days=1)


_LABELS = {
    ChangeKind.UNCHANGED: Text(vi="giữ nguyên", en="unchanged"),
    ChangeKind.MERGED_WHOLE: Text(
        vi="nhập toàn bộ",
        en="merged in full",
    ),
    ChangeKind.MERGED_PART: Text(vi="nhập một phần", en="merged in part"),
    ChangeKind.AREA_ONLY: Text(vi="chỉ chuyển diện tích", en="land only"),
    ChangeKind.RENAMED: Text(vi="đổi tên", en="renamed"),
    ChangeKind.RETYPED: Text(
        vi="đổi loại hình",
        en="type changed",
    ),
    ChangeKind.SPLIT: Text(vi="tách", en="split off"),
    ChangeKind.CREATED: Text(vi="lập mới", en="newly created"),
}
_NO_DAY_BEFORE = Text(
    vi="effective: phải có ngày liền trước, vì mã cũ được tra theo ngày đó.",
    en="effective: must have a previous day, on which the old code is valid.",
)
