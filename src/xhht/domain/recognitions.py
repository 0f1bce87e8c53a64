"""Records of titles: registrations, and decisions of authorities.

Meeting the criteria does not award a title: a `Recognition` is the decision of an authority,
independent of the result of an evaluation.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from attrs import field, frozen

from xhht.dates import add_months
from xhht.domain.legal import document_number
from xhht.domain.people import ID, LevelId, SubjectId
from xhht.domain.titles import Title
from xhht.domain.validators import (
    DAY,
    NAME,
    clean,
    clean_or_none,
    one_of,
    require_day,
    whole_number,
)
from xhht.errors import DomainError
from xhht.text import Text

__all__ = ["Recognition", "Registration", "ValidityStart"]


class ValidityStart(StrEnum):
    """The start of the months of validity."""

    DECISION = "decision"
    END_OF_YEAR = "end_of_year"


def _number_or_none(value: str | None) -> str | None:
    return None if value is None else document_number(value)


@frozen
class Registration:
    """A subject's registration for a title.

    Attributes:
        title: the title.
        subject: the id or code of the registered subject.
        year: the year the registration is for, four digits.
    """

    title: Title = field(validator=one_of(Title))
    subject: SubjectId = field(converter=clean, validator=ID)
    year: int = field(validator=whole_number(1000, date.max.year))


@frozen(kw_only=True)
class Recognition:
    """An authority's decision that a subject holds a title.

    A revoked decision stays on record: `attrs.evolve(recognition, revoked_on=…)` is the same
    decision with its revocation.

    Attributes:
        title: the title.
        subject: the id or code of the holder.
        level: the id of the level awarded, or None if the title has none.
        decided_on: the date of the decision, the first day on which the title is held.
        document: the number of the decision, such as `12/QĐ-UBND`.
        authority: the deciding authority.
        valid_months: calendar months of validity, or None for no limit.
        for_year: the assessed year, four digits, if the decision names it.
        counted_from: the start of `valid_months`: the date of the decision, or the end of
            `for_year`. Whether "36 months following the recognised year" in a circular means the
            latter is a matter of interpretation, so the caller chooses.
        revoked_on: the first day on which a revoked decision is no longer valid; the date of the
            decision if it was never valid.
        revoked_by: the number of the revoking decision, if known.

    Raises:
        DomainError: an invalid field, or contradictory dates.
    """

    title: Title = field(validator=one_of(Title))
    subject: SubjectId = field(converter=clean, validator=ID)
    decided_on: date = field(validator=DAY)
    document: str = field(converter=document_number, validator=ID)
    authority: str = field(converter=clean, validator=NAME)
    level: LevelId | None = field(default=None, converter=clean_or_none, validator=ID.or_none)
    valid_months: int | None = field(default=None, validator=whole_number(1, 1200).or_none)
    for_year: int | None = field(
        default=None, validator=whole_number(1000, date.max.year - 1).or_none
    )
    counted_from: ValidityStart = field(
        default=ValidityStart.DECISION, validator=one_of(ValidityStart)
    )
    revoked_on: date | None = field(default=None, validator=DAY.or_none)
    revoked_by: str | None = field(default=None, converter=_number_or_none, validator=ID.or_none)

    def __attrs_post_init__(self) -> None:
        if self.for_year is not None and self.for_year > self.decided_on.year:
            raise DomainError(_YEAR_TO_COME)
        if self.counted_from is ValidityStart.END_OF_YEAR and self.for_year is None:
            raise DomainError(_NO_YEAR)
        end = self._end_of_months()
        if end is not None and end <= self.decided_on:
            raise DomainError(_OVER_BEFORE)
        if self.revoked_on is None and self.revoked_by is not None:
            raise DomainError(_NOT_DATED)
        if self.revoked_on is not None and self.revoked_on < self.decided_on:
            raise DomainError(_REVOKED_BEFORE)

    @property
    def valid_until(self) -> date | None:
        """The first day on which it is no longer valid, or None if it has no limit.

        >>> unit = Recognition(
        ...     title=Title.LEARNING_UNIT,
        ...     subject="u1",
        ...     decided_on=date(2024, 2, 29),
        ...     document="12/QĐ-UBND",
        ...     authority="UBND tỉnh",
        ...     valid_months=36,
        ...     for_year=2023,
        ... )
        >>> unit.valid_until
        datetime.date(2027, 2, 28)
        >>> from attrs import evolve
        >>> evolve(unit, counted_from=ValidityStart.END_OF_YEAR).valid_until
        datetime.date(2027, 1, 1)
        >>> evolve(unit, revoked_on=date(2025, 6, 1)).valid_until
        datetime.date(2025, 6, 1)
        """
        ends = (self._end_of_months(), self.revoked_on)
        return min((end for end in ends if end is not None), default=None)

    def holds_on(self, day: date) -> bool:
        """Return whether the title is held on `day`."""
        require_day(day)
        until = self.valid_until
        return self.decided_on <= day and (until is None or day < until)

    def _end_of_months(self) -> date | None:
        if self.valid_months is None:
            return None
        if self.counted_from is ValidityStart.DECISION or self.for_year is None:
            return add_months(self.decided_on, self.valid_months)
        return add_months(date(self.for_year + 1, 1, 1), self.valid_months)


_YEAR_TO_COME = Text(
    vi="for_year: năm được đánh giá không được sau năm ra quyết định; hãy kiểm tra cả hai.",
    en="for_year: the assessed year is after the year of the decision; check both.",
)
_NO_YEAR = Text(
    vi="for_year: bắt buộc khi thời hạn tính từ hết năm được đánh giá.",
    en="for_year: is required when validity starts at the end of the assessed year.",
)
_OVER_BEFORE = Text(
    vi="valid_months: thời hạn đã hết trước khi có quyết định; hãy kiểm tra số tháng, năm được "
    "đánh giá và ngày quyết định.",
    en="valid_months: the validity ends before the decision; check the months, the assessed year "
    "and the date of the decision.",
)
_NOT_DATED = Text(
    vi="revoked_on: bắt buộc khi có số quyết định thu hồi; hãy ghi ngày đầu tiên danh hiệu không "
    "còn hiệu lực.",
    en="revoked_on: is required with revoked_by; give the first day on which the title is no "
    "longer held.",
)
_REVOKED_BEFORE = Text(
    vi="revoked_on: ngày thu hồi không được trước ngày ra quyết định; hãy kiểm tra cả hai.",
    en="revoked_on: the date of revocation is before the decision; check both dates.",
)
