"""What a campaign is told: records of subjects, and the counts of parts that send no records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from attrs import field, frozen

from xhht.campaign.written import Written
from xhht.domain.areas import AreaLevel
from xhht.domain.people import Citizen, Clan, Community, Household, Unit
from xhht.domain.records import Recognition
from xhht.domain.titles import Title
from xhht.errors import CampaignError
from xhht.rollup.counts import Counts
from xhht.text import Text

__all__ = ["AreaReport", "Key", "Record", "Society", "Subject", "key_of", "kind_of"]

Subject: TypeAlias = Citizen | Household | Clan | Unit | Community
Key: TypeAlias = tuple[Title, str]
"""A subject: the title it may earn, and its id (for a community, the code of its area)."""

_TITLE_OF: Final[Mapping[type, Title]] = {
    Citizen: Title.LEARNING_CITIZEN,
    Household: Title.LEARNING_HOUSEHOLD,
    Clan: Title.LEARNING_CLAN,
    Unit: Title.LEARNING_UNIT,
    Community: Title.LEARNING_COMMUNITY,
}
_NO_FACTS: Final[Mapping[str, object]] = MappingProxyType({})


@frozen(kw_only=True)
class Record:
    """What is known of one subject for the year.

    Attributes:
        subject: who it is.
        facts: values of its profile's inputs; inputs derived from members are filled in by the
            campaign, and a value given for one stands in for the members.
        registered: whether the subject registered for the title; None where that is not known; if
            it is judged, it counts as registered then.
        decision: the authority's decision, where there is one.
        members: how many members it has, by title, where that is known; those without a record
            are members of whom nothing is known. Without it the records of members are taken to
            be all there are, and where there is none, what comes from members is unknown.
        traits: what else chooses its profile, such as `{"group": "worker"}`.
        answers: what targets ask beside the profile's inputs, by the names in a targets file.
        written: cells of a table in place of facts; they are typed once its profile is known.
        row: the row of the table that it was read from, where it was.
        key: the title the subject may earn, and its id.
    """

    subject: Subject
    facts: Mapping[str, object] = field(default=_NO_FACTS, repr=False)
    registered: bool | None = None
    decision: Recognition | None = None
    members: Mapping[Title, int] | None = None
    traits: Mapping[str, str] | None = None
    answers: Mapping[str, object] = field(default=_NO_FACTS, repr=False)
    written: Written | None = field(default=None, repr=False)
    row: int | None = None
    key: Key = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "key", key_of(self.subject))


@frozen(kw_only=True)
class AreaReport:
    """The counts that an area sends for a title in place of records.

    Attributes:
        area: code of the area; the counts are of the whole area.
        title: the title.
        counts: what is reported; a count left out is not known.
        level: for communities, the level of those counted, such as villages.
    """

    area: str
    title: Title
    counts: Counts
    level: AreaLevel | None = None


@frozen(kw_only=True)
class Society:
    """Records and reports of one year.

    Attributes:
        records: those of subjects.
        reports: those of areas that send counts alone.
        totals: how many subjects an area says it has, by code and title; those without a record
            count as subjects of whom nothing is known.
    """

    records: Iterable[Record] = field(default=(), repr=False)
    reports: Iterable[AreaReport] = field(default=(), repr=False)
    totals: Mapping[tuple[str, Title], int] = field(factory=dict, repr=False)


def key_of(subject: Subject) -> Key:
    """Return the title a subject may earn, and its id."""
    title = _TITLE_OF.get(type(subject))
    if title is None:
        raise CampaignError(_NO_SUBJECT)
    return title, subject.area if isinstance(subject, Community) else subject.id


def kind_of(record: Record) -> dict[str, str]:
    """Return what a profile's `applies_to` may ask of a subject."""
    subject, traits = record.subject, dict(record.traits or {})
    if isinstance(subject, Unit):
        traits |= {"managed_by": subject.managed_by.value, "kind": subject.kind.value}
    elif isinstance(subject, Community):
        traits |= {"level": subject.level.value}
    return traits


_NO_SUBJECT = Text(
    vi="Đối tượng phải là Citizen, Household, Clan, Unit hoặc Community.",
    en="The subject must be a Citizen, Household, Clan, Unit or Community.",
)
