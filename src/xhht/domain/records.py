"""What is on record about titles: who registered, and what an authority decided.

Meeting the criteria is not yet the title: a `Recognition` is the authority's decision, a fact of
its own beside what an evaluation finds.
"""

from __future__ import annotations

from datetime import date

from attrs import field, frozen

from xhht.dates import add_months
from xhht.domain._fields import DAY, NAME, clean, clean_or_none, one_of, require_day, whole
from xhht.domain.ids import ID, LevelId, SubjectId
from xhht.domain.legal import document_number
from xhht.domain.titles import Title

__all__ = ["Recognition", "Registration"]


@frozen
class Registration:
    """A subject's registration for a title.

    Attributes:
        title: the title.
        subject: the id or code of whoever registered.
        year: the year the registration is for, four digits.
    """

    title: Title = field(validator=one_of(Title))
    subject: SubjectId = field(converter=clean, validator=ID)
    year: int = field(validator=whole(1000, date.max.year))


@frozen(kw_only=True)
class Recognition:
    """An authority's decision that a subject holds a title.

    Attributes:
        title: the title.
        subject: the id or code of whoever holds it.
        level: the id of the level awarded, or None where the title has none.
        decided_on: the day of the decision, the first on which the title is held.
        document: the number of the decision, as in `12/QĐ-UBND`.
        authority: who decided.
        valid_months: calendar months for which it holds, or None for no limit.
    """

    title: Title = field(validator=one_of(Title))
    subject: SubjectId = field(converter=clean, validator=ID)
    decided_on: date = field(validator=DAY)
    document: str = field(converter=document_number, validator=ID)
    authority: str = field(converter=clean, validator=NAME)
    level: LevelId | None = field(default=None, converter=clean_or_none, validator=ID.or_none)
    valid_months: int | None = field(default=None, validator=whole(1, 1200).or_none)

    @property
    def valid_until(self) -> date | None:
        """The first day on which it no longer holds, or None when it has no limit.

        >>> Recognition(
        ...     title=Title.LEARNING_UNIT,
        ...     subject="u1",
        ...     decided_on=date(2024, 2, 29),
        ...     document="12/QĐ-UBND",
        ...     authority="UBND tỉnh",
        ...     valid_months=36,
        ... ).valid_until
        datetime.date(2027, 2, 28)
        """
        if self.valid_months is None:
            return None
        return add_months(self.decided_on, self.valid_months)

    def holds_on(self, day: date) -> bool:
        """Return whether the title is held on `day`."""
        require_day(day)
        until = self.valid_until
        return self.decided_on <= day and (until is None or day < until)
