"""What a campaign finds amiss: records that cannot be used, and decisions that differ."""

from __future__ import annotations

from attrs import field, frozen

from xhht.campaign.society import Record
from xhht.domain.titles import Title
from xhht.text import Text

__all__ = ["Difference", "Rejected"]


@frozen(kw_only=True)
class Rejected:
    """A record or report that could not be used, and why.

    Attributes:
        title, id: the subject; for a report, the title and the code of the area.
        code: stable, such as `unknown_area`; for facts, that of the FactsError.
        field: the input or field that is meant, or None.
        text: what is wrong and what to do.
        counted: whether the subject still counts as one of whom nothing is known.
        row: the row of the table that the record was read from, where it was.
    """

    title: Title
    id: str = field(repr=False)
    code: str
    field: str | None
    text: Text
    counted: bool
    row: int | None = None

    @classmethod
    def of(
        cls, record: Record, code: str, where: str | None, text: Text, *, counted: bool
    ) -> Rejected:
        """Return why a record cannot be used."""
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
        """Return why what an area says cannot be used."""
        return cls(title=title, id=area, code=code, field=where, text=text, counted=counted)


@frozen(kw_only=True)
class Difference:
    """A subject whom the authority decided upon otherwise than the criteria come to.

    Attributes:
        title, id: the subject.
        computed: the outcomes open by the criteria, best first; None stands for no level.
        decided: the level decided, or None where the decision names none.
    """

    title: Title
    id: str = field(repr=False)
    computed: tuple[str | None, ...]
    decided: str | None
