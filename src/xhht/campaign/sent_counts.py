"""Converts a table of counts to the reports and totals that areas send to a campaign."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from xhht.campaign.records import AreaReport
from xhht.domain.areas import AreaLevel
from xhht.domain.titles import Title
from xhht.errors import CampaignError
from xhht.rollup.counts import Count
from xhht.rollup.reports import Reports
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
    for (area, title), tally in counts.tallies.items():
        area_counts = tally.counts()
        is_community = title is Title.LEARNING_COMMUNITY
        if is_community and communities is None:
            raise CampaignError(_WHICH_COMMUNITIES)
        if (
            area_counts.total is not None
            and set(area_counts.given) == {Count.TOTAL}
            and not is_community
        ):
            totals[area, title] = area_counts.total
        else:
            level = communities if is_community else None
            reports.append(AreaReport(area=area, title=title, counts=area_counts, level=level))
    return ReportedCounts(reports=tuple(reports), totals=totals)


_BY_SUBJECT = Text(
    vi="Bảng số liệu của một đợt đánh giá phải có mỗi dòng là một khu vực và một danh hiệu (không "
    "có cột verdict); đối tượng có hồ sơ thì đưa vào bảng của loại đối tượng đó.",
    en="In a campaign, a table of counts must have one row for each area and title (no column "
    "'verdict'); put subjects with records into the table of their kind.",
)
_WHICH_COMMUNITIES = Text(
    vi="Bảng số liệu có cộng đồng học tập; hãy nêu đó là cộng đồng cấp nào, ví dụ "
    "--community-level village.",
    en="The table counts learning communities; give their level, for example --community-level "
    "village.",
)
