"""Bottom-up evaluation of a society for one year: each title after those it depends on, on the
administrative map of the day, updated incrementally.
"""

from __future__ import annotations

from xhht.campaign.campaign import Campaign
from xhht.campaign.decision_table import read_decisions
from xhht.campaign.findings import Difference, Rejected
from xhht.campaign.run import Run
from xhht.campaign.sent_counts import sent_counts
from xhht.campaign.society import AreaReport, Record, Society, Subject
from xhht.campaign.subject_table import SubjectTables
from xhht.campaign.vintage import Revision, Vintage

__all__ = [
    "AreaReport",
    "Campaign",
    "Difference",
    "Record",
    "Rejected",
    "Revision",
    "Run",
    "Society",
    "Subject",
    "SubjectTables",
    "Vintage",
    "read_decisions",
    "sent_counts",
]
