"""Bottom-up evaluation of a society for one year: each title after those it depends on, on the
administrative map of the day, updated incrementally.
"""

from __future__ import annotations

import importlib
from typing import Any

from xhht.campaign.campaign import Campaign, Run
from xhht.campaign.records import AreaReport, Difference, Record, Rejected, Society, Subject
from xhht.campaign.sent_counts import sent_counts
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
    "Vintage",
    "sent_counts",
]

_MOVED = ("SubjectTables", "read_decisions")
"""Names that moved to `xhht.tables`; they stay here until 1.0."""


def __getattr__(name: str) -> Any:
    if name in _MOVED:
        return getattr(importlib.import_module("xhht.tables"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
