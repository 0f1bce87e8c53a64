"""The margins of a transition table are the two evaluations, and each change is accounted for once.

For random profiles, one of them changed, and random rows: the numbers of outcomes by row and by
column are those that `evaluate` gives for each profile alone; and in each transition from one
outcome to another those who owe it to one clause, and those who owe it to several, are all.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl
from frame_rows import AS_OF, Case, cases
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from varied_profiles import loaded, varied

from xhht import Profile
from xhht.criteria.changes import ChangedPart
from xhht.evaluation.state import Verdict
from xhht.frames import compare, evaluate
from xhht.rollup.transitions import Clause, Direction, SubjectOutcome, Transitions
from xhht.testing._random_profiles import Data, profiles


@given(st.data(), profiles(wide=True))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_margins_and_causes(data: st.DataObject, before: Data) -> None:
    old, new = loaded(before), loaded(data.draw(varied(before)))
    case: Case = data.draw(cases(before, 8))
    rows = pl.from_arrow(case.table)
    assert isinstance(rows, pl.DataFrame)
    transitions = compare(old, new, rows, as_of=AS_OF, numbers=case.numbers)
    assert transitions.number == len(rows)
    assert transitions.old() == _outcomes(old, rows, case)
    assert transitions.new() == _outcomes(new, rows, case)
    for cell in transitions.cells:
        attributed = sum(cell.alone.values()) + cell.several
        judged = None not in (cell.old.verdict, cell.new.verdict)
        if transitions.direction(cell) is Direction.STAYS:
            assert attributed == 0
        elif judged:
            assert attributed == cell.number
            only = _only_clause(transitions, before)
            assert only is None or {*cell.alone} == {only}
            assert only is None or not cell.several


def _only_clause(transitions: Transitions, data: Data) -> Clause | None:
    """Return the clause in which alone two profiles differ, if there is one.

    Where points are handed to siblings, what one earns hangs on others.
    """
    clauses = {
        Clause(change.part, change.id)
        for change in transitions.changes.changes
        if (change.part, change.key) != (ChangedPart.CRITERION, "points")
    }
    is_one = len(clauses) == 1 and "redistribute" not in str(data)
    return clauses.pop() if is_one else None


def _outcomes(profile: Profile, rows: pl.DataFrame, case: Case) -> Counter[SubjectOutcome]:
    evaluated: Any = evaluate(profile, rows, as_of=AS_OF, numbers=case.numbers)
    counted = Counter(
        SubjectOutcome(Verdict(verdict), level)
        for verdict, level in evaluated.rows.select("verdict", "level").iter_rows()
    )
    rejected = len(evaluated.rejected)
    return counted + Counter({SubjectOutcome(None): rejected})
