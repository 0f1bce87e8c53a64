"""Issues found by a campaign: rejected records, and decisions that differ from the criteria."""

from __future__ import annotations

from attrs import field, frozen

from xhht.campaign.society import Record
from xhht.domain.titles import Title
from xhht.issues import Issue
from xhht.text import Text

__all__ = ["Difference", "Rejected"]


@frozen(kw_only=True)
class Rejected(Issue):
    """A record or report that was rejected, and why.

    Attributes:
        title, id: the subject; for a report, the title and the code of the area.
        code: stable, such as `unknown_area`; for facts, that of the FactsError.
        counted: whether the subject still counts, with an unknown result.
        row: the row of the table that the record was read from, if any.
    """

    title: Title
    id: str = field(repr=False)
    counted: bool
    row: int | None = None

    @classmethod
    def of(
        cls, record: Record, code: str, where: str | None, text: Text, *, counted: bool
    ) -> Rejected:
        """Return the rejection of a record."""
        title, subject = record.key
        return cls(
            title=title,
            id=subject,
            code=code,
            field=where,
            text=text,
            counted=counted,
            row=record.row,
        )

    @classmethod
    def of_area(
        cls, area: str, title: Title, code: str, where: str, text: Text, *, counted: bool = False
    ) -> Rejected:
        """Return the rejection of a report or total of an area."""
        return cls(title=title, id=area, code=code, field=where, text=text, counted=counted)


@frozen(kw_only=True)
class Difference:
    """A subject for which the authority's decision differs from the computed result.

    Attributes:
        title, id: the subject.
        computed: the outcomes possible by the criteria, best first; None means no level.
        decided: the level decided, or None if the decision names none.
    """

    title: Title
    id: str = field(repr=False)
    computed: tuple[str | None, ...]
    decided: str | None
