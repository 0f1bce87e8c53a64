"""What a campaign finds amiss: records that cannot be used, and decisions that differ."""

from __future__ import annotations

from attrs import field, frozen

from xhht.campaign.society import Key
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
    """

    title: Title
    id: str = field(repr=False)
    code: str
    field: str | None
    text: Text
    counted: bool

    @classmethod
    def of(cls, key: Key, code: str, where: str | None, text: Text, *, counted: bool) -> Rejected:
        """Return why the record of a subject, or the report of an area, cannot be used."""
        return cls(title=key[0], id=key[1], code=code, field=where, text=text, counted=counted)


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
