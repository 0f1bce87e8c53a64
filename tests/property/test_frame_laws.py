"""Columns mean what single facts mean, on every engine (design.md, section 8).

For random profiles and random frames, every engine gives for every row what `evaluate` gives for
the row's facts, to the bit, and sets apart just the rows that `evaluate` refuses, with field and
code.
"""

from __future__ import annotations

from typing import Any

from frame_rows import AS_OF, Case, cases
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engines import Engine, phases, rows_of
from xhht import Profile, Severity, check_profile, loads_profile
from xhht.frames import evaluate
from xhht.testing._random_profiles import profiles, text_of

_ACCIDENTS = {"XH308", "XH310", "XH312", "XH325", "XH401", "XH403"}
"""What a random profile may get wrong: marks out of reach, points off the grid of a rounding,
nobody to hand points to."""


def load(data: dict[str, Any]) -> Profile:
    text = text_of(data)
    errors = {f.code for f in check_profile(text.encode(), "x") if f.severity is Severity.ERROR}
    assert errors <= _ACCIDENTS, errors
    assume(not errors)
    return loads_profile(text)


def test_every_engine_gives_what_evaluate_gives(constructor: Engine) -> None:
    @settings(
        max_examples=constructor.examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=phases(constructor),
    )
    @given(st.data(), profiles(wide=True))
    def law(data: st.DataObject, profile_data: dict[str, Any]) -> None:
        profile = load(profile_data)
        case: Case = data.draw(cases(profile_data, constructor.inputs))
        final = data.draw(st.booleans())
        evaluated = evaluate(
            profile,
            constructor(case.table),
            as_of=AS_OF,
            final=final,
            detail="criteria",
            numbers=case.numbers,
        )
        good, bad = case.expected(profile, final=final)
        assert _by_row(rows_of(evaluated.rows), good) == good
        assert _by_row(rows_of(evaluated.rejected), bad) == bad

    law()


def _by_row(rows: list[dict[str, Any]], expected: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows in their order, with the columns that are told of them."""
    names = expected[0] if expected else ()
    ordered = sorted(rows, key=lambda row: row["row"])
    return [{name: _comparable(row[name]) for name in names} for row in ordered]


def _comparable(value: Any) -> Any:
    """Return a value with null for the missing float of pandas."""
    return None if isinstance(value, float) and value != value else value
