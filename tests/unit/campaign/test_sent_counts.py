"""Counts that areas send: in place of records, or how many there are beside them."""

from __future__ import annotations

import pytest

from society_samples import AREAS
from xhht.campaign import AreaReport
from xhht.campaign.sent_counts import ReportedCounts, sent_counts
from xhht.domain.areas import AreaLevel
from xhht.domain.titles import Title
from xhht.errors import CampaignError
from xhht.rollup import Counts
from xhht.tables import read_reports
from xhht.tables.csv import read_csv_text


def read(text: str, communities: AreaLevel | None = None) -> ReportedCounts:
    table = read_csv_text(text)
    return sent_counts(read_reports(table.columns, table, AREAS), communities=communities)


def test_a_total_alone_stands_beside_records() -> None:
    counts = read("area,title,total,recognised\na1,learning_clan,9,\na2,learning_clan,9,4\n")
    assert counts.totals == {("a1", Title.LEARNING_CLAN): 9}
    assert counts.reports == (
        AreaReport(area="a2", title=Title.LEARNING_CLAN, counts=Counts(total=9, recognised=4)),
    )


def test_communities_are_of_the_level_that_is_named() -> None:
    text = "area,title,total\n00001,learning_community,2\n"
    (report,) = read(text, AreaLevel.VILLAGE).reports
    assert (report.level, report.counts) == (AreaLevel.VILLAGE, Counts(total=2))
    with pytest.raises(CampaignError):
        read(text)


def test_a_table_of_subjects_is_none_of_counts() -> None:
    with pytest.raises(CampaignError):
        read("area,title,verdict\na1,learning_clan,recognised\n")
