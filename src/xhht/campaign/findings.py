"""Issues found by a campaign: rejected records, and decisions that differ from the criteria."""

from __future__ import annotations

from typing import TypedDict

from attrs import field, frozen

from xhht.campaign.society import Record
from xhht.domain.titles import Title
from xhht.text import Lang, Text

__all__ = ["Difference", "DifferenceDict", "Rejected", "RejectedDict"]


class RejectedDict(TypedDict):
    """A rejected record or report in JSON."""

    title: str
    id: str
    code: str
    field: str | None
    message: str
    counted: bool
    row: int | None


class DifferenceDict(TypedDict):
    """A decision that differs from the computed result in JSON; None is no level."""

    title: str
    id: str
    computed: list[str | None]
    decided: str | None


@frozen(kw_only=True)
class Rejected:
    """A record or report that was rejected, and why.

    Attributes:
        title, id: the subject; for a report, the title and the code of the area.
        code: stable, such as `unknown_area`; for facts, that of the FactsError.
        field: the input or field concerned, or None.
        text: the error and the remedy.
        counted: whether the subject still counts, with an unknown result.
        row: the row of the table that the record was read from, if any.
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

    def to_dict(self, lang: Lang | str = Lang.VI) -> RejectedDict:
        """Return the rejection as JSON data."""
        return {
            "title": self.title.value,
            "id": self.id,
            "code": self.code,
            "field": self.field,
            "message": self.text.get(lang),
            "counted": self.counted,
            "row": self.row,
        }


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

    def to_dict(self) -> DifferenceDict:
        """Return the difference as `xhht campaign --format json` prints it."""
        return {
            "title": self.title.value,
            "id": self.id,
            "computed": list(self.computed),
            "decided": self.decided,
        }
