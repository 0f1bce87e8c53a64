"""The records of a campaign: the society as given, the state of each subject, the issues found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias, TypedDict

from attrs import define, field, frozen

from xhht.campaign.untyped import UntypedFacts
from xhht.criteria.profile import Profile
from xhht.criteria.standards import StandardChain
from xhht.domain.areas import AreaLevel
from xhht.domain.people import Citizen, Clan, Community, Household, Unit
from xhht.domain.recognitions import Recognition
from xhht.domain.titles import Title
from xhht.errors import CampaignError
from xhht.issues import Issue
from xhht.rollup.counts import Counts
from xhht.rollup.tally import Points
from xhht.text import Lang, Text

__all__ = [
    "AreaReport",
    "Cohort",
    "Difference",
    "DifferenceDict",
    "MemberPart",
    "Record",
    "Refusal",
    "Rejected",
    "RejectedDict",
    "Society",
    "Subject",
    "SubjectCase",
    "SubjectKey",
    "SubjectOutcomes",
    "TallyEntry",
    "TitleGroup",
    "is_of_kind",
    "key_of",
    "kind_of",
]

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


def is_of_kind(kind: Mapping[str, str], limits: Mapping[str, tuple[str, ...]] | None) -> bool:
    """Return whether the properties of a subject are among those that `applies_to` allows."""
    return all(kind.get(key) in values for key, values in (limits or {}).items())


# The state of each subject

TitleGroup: TypeAlias = tuple[Title, AreaLevel | None]
"""Subjects that are counted together: a title and, for communities, their level."""


@frozen
class Refusal:
    """Why a record or report cannot be used, and whether its subjects still count."""

    code: str
    field: str | None
    text: Text
    counted: bool = False


@frozen(eq=False)
class Cohort:
    """The subjects of one title and kind in one area.

    Compared by identity, which makes lookups fast.

    Attributes:
        group: the group they are counted in.
        area: the area code.
        kind: their properties that a profile's `applies_to` may use.
        chain: their profile with the standards it rests on; None if they are refused.
        refusal: why they are not evaluated.
    """

    group: TitleGroup
    area: str
    kind: Mapping[str, str]
    chain: StandardChain | None
    refusal: Refusal | None = field(repr=False)

    @property
    def profile(self) -> Profile | None:
        """Their profile; None if they are refused."""
        return self.chain.profile if self.chain is not None else None


@frozen(eq=False)
class SubjectOutcomes:
    """The result of one subject: its possible outcomes, best first, and its points.

    Compared by identity, which makes counting fast.
    """

    levels: tuple[str | None, ...]
    points: Points | None


TallyEntry: TypeAlias = tuple[bool | None, SubjectOutcomes, str | None]
"""Whether a subject registered, its result, and the level decided: empty for a decision without
a level, None without a decision."""

MemberPart: TypeAlias = tuple[int, tuple[str, ...], tuple[int, ...]]
"""The contribution of a member to one query: the index of the query, the holders that get it, and
the numbers that it adds."""


@define(eq=False)
class SubjectCase:
    """One subject under evaluation.

    Attributes:
        record: its record.
        cohort: the cohort it is evaluated and counted with; None if it does not count.
        counted_as: its current cohort and entry in the counts; None if it is not counted.
        contributions: its current contributions to the holders it is a member of.
    """

    record: Record
    cohort: Cohort | None = None
    counted_as: tuple[Cohort, TallyEntry] | None = None
    contributions: tuple[MemberPart, ...] = ()


# Issues


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
    def of(cls, key: SubjectKey, refusal: Refusal, row: int | None = None) -> Rejected:
        """Return the rejection of a subject; for a report or total, of its title and area."""
        return cls(
            title=key[0],
            id=key[1],
            code=refusal.code,
            field=refusal.field,
            text=refusal.text,
            counted=refusal.counted,
            row=row,
        )

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


_NO_SUBJECT = Text(
    vi="Đối tượng phải là Citizen, Household, Clan, Unit hoặc Community.",
    en="The subject must be a Citizen, Household, Clan, Unit or Community.",
)
