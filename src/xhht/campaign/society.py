"""The input of a campaign: records of subjects, and counts of areas that send no records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from attrs import field, frozen

from xhht.campaign.written import UntypedFacts
from xhht.domain.areas import AreaLevel
from xhht.domain.people import Citizen, Clan, Community, Household, Unit
from xhht.domain.recognitions import Recognition
from xhht.domain.titles import Title
from xhht.errors import CampaignError
from xhht.rollup.counts import Counts
from xhht.text import Text

__all__ = ["AreaReport", "Record", "Society", "Subject", "SubjectKey", "key_of", "kind_of"]

Subject: TypeAlias = Citizen | Household | Clan | Unit | Community
SubjectKey: TypeAlias = tuple[Title, str]
"""A subject: the title it may earn, and its id (for a community, its area code)."""

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
    """The data on one subject for the year.

    Attributes:
        subject: the subject.
        facts: values of its profile's inputs. Inputs derived from members are computed by the
            campaign; a value given for one replaces the computed value.
        registered: whether the subject registered for the title; None if unknown: it then counts
            as registered if it is evaluated.
        decision: the authority's decision, if any.
        members: the number of its members by title, if known; members without a record are
            unknown members. Without it the records of members are taken as complete; if there is
            no record either, inputs derived from members are unknown.
        traits: other keys that select its profile, such as `{"group": "worker"}`.
        answers: values of inputs of targets, by the names in a targets file.
        untyped: cells of a table in place of facts; they are typed once its profile is known.
        row: the row of the table that it was read from, if any.
        key: the title the subject may earn, and its id.
    """

    subject: Subject
    facts: Mapping[str, object] = field(default=_NO_FACTS, repr=False)
    registered: bool | None = None
    decision: Recognition | None = None
    members: Mapping[Title, int] | None = None
    traits: Mapping[str, str] | None = None
    answers: Mapping[str, object] = field(default=_NO_FACTS, repr=False)
    untyped: UntypedFacts | None = field(default=None, repr=False)
    row: int | None = None
    key: SubjectKey = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "key", key_of(self.subject))


@frozen(kw_only=True)
class AreaReport:
    """The counts that an area reports for a title in place of records.

    Attributes:
        area: the area code; the counts cover the whole area.
        title: the title.
        counts: the reported counts; an omitted count is unknown.
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
        records: the records of subjects.
        reports: the reports of areas that send only counts.
        totals: the declared number of subjects of an area, by code and title; subjects without a
            record count with an unknown result.
    """

    records: Iterable[Record] = field(default=(), repr=False)
    reports: Iterable[AreaReport] = field(default=(), repr=False)
    totals: Mapping[tuple[str, Title], int] = field(factory=dict, repr=False)


def key_of(subject: Subject) -> SubjectKey:
    """Return the title a subject may earn, and its id."""
    title = _TITLE_OF.get(type(subject))
    if title is None:
        raise CampaignError(_NO_SUBJECT)
    return title, subject.area if isinstance(subject, Community) else subject.id


def kind_of(record: Record) -> dict[str, str]:
    """Return the properties of a subject that a profile's `applies_to` may use."""
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
