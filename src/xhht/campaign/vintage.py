"""Published tables: immutable vintages with their revisions and reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeAlias, TypedDict

from attrs import field, frozen

from xhht.criteria.profile import Profile
from xhht.domain.areas import AreaLevel
from xhht.domain.titles import Title
from xhht.errors import CampaignError
from xhht.rollup.counts import Count
from xhht.rollup.tally import LevelsDict, Tally
from xhht.text import Lang, Text, normalize_text

__all__ = ["Revision", "Vintage", "VintageKey", "publish"]

VintageKey: TypeAlias = tuple[str, Title, AreaLevel | None]
"""An area code, a title and, for communities, the level of those counted."""


def _fixed(rows: Mapping[VintageKey, Tally]) -> Mapping[VintageKey, Tally]:
    return MappingProxyType(dict(rows))


class RevisionDict(TypedDict):
    """A revised count in JSON."""

    area: str
    title: str
    communities: str | None
    count: str
    before: int | None
    after: int | None


class PublishedRowDict(LevelsDict):
    """The published counts of an area in JSON."""

    area: str
    title: str
    communities: str | None
    counts: dict[str, int | None]


class VintageDict(TypedDict):
    """Published counts of a year in JSON."""

    year: int
    number: int
    published_on: str
    as_of: str
    profiles: dict[str, str]
    reason: str
    rows: list[PublishedRowDict]
    revisions: list[RevisionDict]


@frozen(kw_only=True)
class Revision:
    """A count that differs from the previous vintage; None means not reported."""

    area: str
    title: Title
    level: AreaLevel | None
    count: Count
    before: int | None
    after: int | None

    def to_dict(self) -> RevisionDict:
        """Return the revision as JSON data."""
        return {
            "area": self.area,
            "title": self.title.value,
            "communities": self.level.value if self.level else None,
            "count": self.count.value,
            "before": self.before,
            "after": self.after,
        }


@frozen(kw_only=True)
class Vintage:
    """The counts of a year as they were published.

    Attributes:
        year: the year of assessment.
        number: 1 for the first publication of the year, then consecutive.
        published_on: the day of publication.
        as_of: the day of evaluation.
        profiles: content hash of each profile used, by id and version.
        rows: the tally of every area with every title, at every level of the tree.
        reason: why it was published again; empty for the first.
        revisions: the counts that differ from the previous vintage.
    """

    year: int
    number: int
    published_on: date
    as_of: date
    profiles: tuple[tuple[str, str], ...]
    rows: Mapping[VintageKey, Tally] = field(converter=_fixed, repr=False)
    reason: str = ""
    revisions: tuple[Revision, ...] = field(default=(), repr=False)

    def tally(self, area: str, title: Title, level: AreaLevel | None = None) -> Tally:
        """Return the published tally of an area; raises KeyError if there is no such row."""
        return self.rows[area, Title(title), level]

    def to_dict(self, lang: Lang | str = Lang.VI) -> VintageDict:
        """Return the counts as JSON data.

        Args:
            lang: a language; the reason is given as it was written.
        """
        return {
            "year": self.year,
            "number": self.number,
            "published_on": self.published_on.isoformat(),
            "as_of": self.as_of.isoformat(),
            "profiles": dict(self.profiles),
            "reason": self.reason,
            "rows": [
                {
                    "area": area,
                    "title": title.value,
                    "communities": level.value if level else None,
                    "counts": {count.value: tally.known(count) for count in Count},
                    **tally.levels_dict(),
                }
                for (area, title, level), tally in self.rows.items()
            ],
            "revisions": [revision.to_dict() for revision in self.revisions],
        }


def publish(
    rows: Mapping[VintageKey, Tally],
    *,
    year: int,
    as_of: date,
    profiles: Iterable[Profile],
    on: date,
    after: Vintage | None = None,
    reason: str = "",
) -> Vintage:
    """Return the counts of a year as a vintage.

    Args:
        rows: the tally of every area with every title.
        year: the year of assessment.
        as_of: the day of evaluation.
        profiles: the profiles used.
        on: the day of publication.
        after: the previous vintage.
        reason: why it is published again; required with `after`.

    Raises:
        CampaignError: `after` has another year or evaluation day, or the reason is missing.
    """
    if after is not None:
        if after.year != year or after.as_of != as_of or on < after.published_on:
            raise CampaignError(_OTHER_YEAR)
        if not normalize_text(reason):
            raise CampaignError(_NO_REASON)
    return Vintage(
        year=year,
        number=after.number + 1 if after else 1,
        published_on=on,
        as_of=as_of,
        profiles=tuple((profile.reference, profile.hash) for profile in profiles),
        rows=rows,
        reason=normalize_text(reason),
        revisions=tuple(_revisions(after.rows, rows)) if after else (),
    )


def _revisions(
    before: Mapping[VintageKey, Tally], after: Mapping[VintageKey, Tally]
) -> Iterator[Revision]:
    for area, title, level in dict.fromkeys((*before, *after)):
        old = before.get((area, title, level), Tally())
        new = after.get((area, title, level), Tally())
        for count in Count:
            if old.known(count) != new.known(count):
                yield Revision(
                    area=area,
                    title=title,
                    level=level,
                    count=count,
                    before=old.known(count),
                    after=new.known(count),
                )


_OTHER_YEAR = Text(
    vi="Bản công bố trước thuộc năm khác, ngày đánh giá khác, hoặc được công bố sau ngày này.",
    en="The previous vintage has another year or evaluation day, or a later publication day.",
)
_NO_REASON = Text(
    vi="Công bố lại phải nêu lý do.",
    en="A reason is required to publish again.",
)
