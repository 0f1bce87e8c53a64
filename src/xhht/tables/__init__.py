"""Tables that people send: areas, changes, counts, subjects, decisions, figures, candidates.

Each reader takes the header and the rows of a table, returns what is valid, and names every row
that is not, by row, column and code.
"""

from __future__ import annotations

from xhht.tables.areas import AreaTable, read_areas
from xhht.tables.candidates import CandidateTable, read_candidates
from xhht.tables.changes import ChangeTable, read_changes
from xhht.tables.counts import read_reports
from xhht.tables.decisions import read_decisions
from xhht.tables.figures import Figure, reconcile_rows
from xhht.tables.register import RegisterTable, read_register
from xhht.tables.subjects import SubjectTables
from xhht.tables.weights import WeightTable, read_weights

__all__ = [
    "AreaTable",
    "CandidateTable",
    "ChangeTable",
    "Figure",
    "RegisterTable",
    "SubjectTables",
    "WeightTable",
    "read_areas",
    "read_candidates",
    "read_changes",
    "read_decisions",
    "read_register",
    "read_reports",
    "read_weights",
    "reconcile_rows",
]
