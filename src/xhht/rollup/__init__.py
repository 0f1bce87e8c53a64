"""Tallies that add exactly, roll-ups over a tree of areas, rates with their denominators, and
the reconciliation of published figures.
"""

from __future__ import annotations

from xhht.rollup.area_table import AreaTable, read_areas
from xhht.rollup.counts import Bounds, Count, Counts
from xhht.rollup.faults import FaultCode, RowFault
from xhht.rollup.figures import Figure, reconcile_rows
from xhht.rollup.rates import Denominator, Rate, rate, rates
from xhht.rollup.reconcile import Finding, PrintedPercent, Status, Totals, reconcile
from xhht.rollup.reports import Reports, read_reports
from xhht.rollup.tally import Points, Quantile, Tally, TallySum
from xhht.rollup.tree import AreaRollup, Conflict, Coverage, Rollup, rollup

__all__ = [
    "AreaRollup",
    "AreaTable",
    "Bounds",
    "Conflict",
    "Count",
    "Counts",
    "Coverage",
    "Denominator",
    "FaultCode",
    "Figure",
    "Finding",
    "Points",
    "PrintedPercent",
    "Quantile",
    "Rate",
    "Reports",
    "Rollup",
    "RowFault",
    "Status",
    "Tally",
    "TallySum",
    "Totals",
    "rate",
    "rates",
    "read_areas",
    "read_reports",
    "reconcile",
    "reconcile_rows",
    "rollup",
]
