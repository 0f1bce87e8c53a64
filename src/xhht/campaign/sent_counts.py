"""Converts a table of counts to the reports and totals that areas send to a campaign."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from xhht.campaign.records import AreaReport
from xhht.domain.areas import AreaLevel
from xhht.domain.titles import Title
from xhht.errors import CampaignError
from xhht.rollup.counted import Counted
from xhht.rollup.counts import Count, Counts
from xhht.rollup.reports import Reports
from xhht.rollup.tally import Tally
from xhht.text import Text

__all__ = ["ReportedCounts", "sent_counts"]


@frozen(kw_only=True)
class ReportedCounts:
    """The counts that areas send.

    Attributes:
        reports: counts of all subjects of an area, which then has no records.
        totals: the declared numbers of subjects of areas, in addition to records.
    """

    reports: tuple[AreaReport, ...]
    totals: Mapping[tuple[str, Title], int]


def sent_counts(counts: Reports, *, communities: AreaLevel | None = None) -> ReportedCounts:
    """Return the reports and totals of a table; a row with only a total is a total.

    Args:
        counts: a table with one row for an area and title.
        communities: the level of the communities that are counted, such as villages.

    Raises:
        CampaignError: the table has one row for each subject, or it counts communities and
            `communities` is missing.
    """
    if counts.by_subject:
        raise CampaignError(_BY_SUBJECT)
    reports: list[AreaReport] = []
    totals: dict[tuple[str, Title], int] = {}
    for (area, title, stated), area_counts in _by_level(counts).items():
        is_community = title is Title.LEARNING_COMMUNITY
        level = stated or communities
        if is_community and level is None:
            raise CampaignError(_WHICH_COMMUNITIES)
        if (
            area_counts.total is not None
            and set(area_counts.given) == {Count.TOTAL}
            and not is_community
        ):
            totals[area, title] = area_counts.total
        else:
            of_level = level if is_community else None
            reports.append(AreaReport(area=area, title=title, counts=area_counts, level=of_level))
    return ReportedCounts(reports=tuple(reports), totals=totals)


def _by_level(counts: Reports) -> dict[tuple[str, Title, AreaLevel | None], Counts]:
    """Return the counts of each area and title, communities by their level.

    Counts of units by kind and manager are added up; where some of them omit a count, it is
    unknown.
    """
    sums: dict[tuple[str, Title, AreaLevel | None], list[tuple[frozenset[str], Tally]]] = {}
    for (area, key), tally in counts.tallies.items():
        if not isinstance(key, Counted):
            sums.setdefault((area, key, None), []).append((frozenset(), tally))
            continue
        if key.condition is not None:
            raise CampaignError(_CONDITION)
        stated = key.stated - {"communities"}
        sums.setdefault((area, key.title, key.communities), []).append((stated, tally))
    if any(len({stated for stated, _ in parts}) > 1 for parts in sums.values()):
        raise CampaignError(_OVERLAPPING)
    return {key: _sum([tally for _, tally in parts]) for key, parts in sums.items()}


def _sum(tallies: list[Tally]) -> Counts:
    parts = [tally.counts().given for tally in tallies]
    given = set.intersection(*map(set, parts))
    return Counts.of({count: sum(part[count] for part in parts) for count in given})


_BY_SUBJECT = Text(
    vi="Bảng số liệu của một đợt đánh giá phải có mỗi dòng là một khu vực và một danh hiệu (không "
    "có cột verdict); đối tượng có hồ sơ thì đưa vào bảng của loại đối tượng đó.",
    en="In a campaign, a table of counts must have one row for each area and title (no column "
    "'verdict'); put subjects with records into the table of their kind.",
)
_CONDITION = Text(
    vi="Bảng số liệu của một đợt đánh giá không dùng được các dòng có điều kiện (condition); hãy "
    "tách các dòng đó và dùng với xhht targets attain.",
    en="A campaign cannot use counts under a condition (column 'condition'); put these rows into "
    "a table of their own, for xhht targets attain.",
)
_OVERLAPPING = Text(
    vi="Số đơn vị của một khu vực vừa được ghi chung, vừa được ghi theo loại hoặc cấp quản lý, nên "
    "bị tính hai lần; hãy chỉ giữ một cách.",
    en="The units of an area are counted both as a whole and by kind or manager, which would count "
    "them twice; keep only one of the two.",
)
_WHICH_COMMUNITIES = Text(
    vi="Bảng số liệu có cộng đồng học tập; hãy nêu đó là cộng đồng cấp nào, ví dụ "
    "--community-level village.",
    en="The table counts learning communities; give their level, for example --community-level "
    "village.",
)
