"""Exact tallies, roll-ups over a tree of areas, rates with named denominators, targets,
shortlists, disclosure control, and the reconciliation of published figures.
"""

from __future__ import annotations

import importlib
from typing import Any

from xhht.issues import RowIssue as RowFault
from xhht.issues import RowIssueCode as FaultCode
from xhht.rollup.attainment import (
    Attainment,
    AttainmentState,
    PaceState,
    attainment,
    measure_areas,
    measure_rate,
)
from xhht.rollup.carry import (
    AreaComparison,
    Carried,
    CarryFlag,
    Comparison,
    Unplaced,
    UnplacedReason,
    carry,
    compare_days,
)
from xhht.rollup.counts import Bounds, Count, Counts
from xhht.rollup.disclosure import (
    Cell,
    DisclosurePolicy,
    ProtectedTable,
    Reason,
    ZeroPolicy,
    protect,
)
from xhht.rollup.explain import explain_area
from xhht.rollup.joint import AreaMeasurement, JointTally, Measurement, joint_rollup
from xhht.rollup.national import national_concordance
from xhht.rollup.nearest import Nearest, SubjectPath, nearest
from xhht.rollup.rates import Coverage, Denominator, Rate, rate, rates
from xhht.rollup.reconcile import (
    FigureFinding,
    PrintedPercent,
    ReconciliationStatus,
    Totals,
    reconcile,
)
from xhht.rollup.reports import Reports
from xhht.rollup.sensitivity import Sensitivity, Threshold, sensitivity
from xhht.rollup.shortlist import (
    Candidate,
    Placing,
    RankKey,
    Shortlist,
    ShortlistRules,
    ShortlistStatus,
    TiePolicy,
    shortlist,
)
from xhht.rollup.tally import Points, Quantile, Tally, TallySum
from xhht.rollup.targets import AreaAttainment, NotComputed, NotComputedReason, TargetResults
from xhht.rollup.tree import AreaRollup, Conflict, Rollup, rollup

__all__ = [
    "AreaAttainment",
    "AreaComparison",
    "AreaMeasurement",
    "AreaRollup",
    "Attainment",
    "AttainmentState",
    "Bounds",
    "Candidate",
    "Carried",
    "CarryFlag",
    "Cell",
    "Comparison",
    "Conflict",
    "Count",
    "Counts",
    "Coverage",
    "Denominator",
    "DisclosurePolicy",
    "FaultCode",
    "FigureFinding",
    "JointTally",
    "Measurement",
    "Nearest",
    "NotComputed",
    "NotComputedReason",
    "PaceState",
    "Placing",
    "Points",
    "PrintedPercent",
    "ProtectedTable",
    "Quantile",
    "RankKey",
    "Rate",
    "Reason",
    "ReconciliationStatus",
    "Reports",
    "Rollup",
    "RowFault",
    "Sensitivity",
    "Shortlist",
    "ShortlistRules",
    "ShortlistStatus",
    "SubjectPath",
    "Tally",
    "TallySum",
    "TargetResults",
    "Threshold",
    "TiePolicy",
    "Totals",
    "Unplaced",
    "UnplacedReason",
    "ZeroPolicy",
    "attainment",
    "carry",
    "compare_days",
    "explain_area",
    "joint_rollup",
    "measure_areas",
    "measure_rate",
    "national_concordance",
    "nearest",
    "protect",
    "rate",
    "rates",
    "reconcile",
    "rollup",
    "sensitivity",
    "shortlist",
]

_MOVED = (
    "AreaTable",
    "ChangeTable",
    "Figure",
    "Reports",
    "read_areas",
    "read_changes",
    "read_reports",
    "reconcile_rows",
)
"""Names that moved to `xhht.tables`; they stay here until 1.0."""


def __getattr__(name: str) -> Any:
    if name in _MOVED:
        return getattr(importlib.import_module("xhht.tables"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
