"""Rows that are evaluated by a profile and the standards it rests on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

import xhht
from standard_profiles import SECONDARY, STANDARDS, changed, commune, primary, secondary
from xhht import Evidence, FactsError
from xhht.errors import FrameError
from xhht.frames import evaluate

ROWS: list[dict[str, object]] = [
    {"plan": plan, "graduates": graduates, "pupils": pupils, "literate": literate, **given}
    for plan in (True, None)
    for graduates in (80, None)
    for pupils in (95, 85, 10, None)
    for literate in (95, 5, None)
    for given in (
        {"primary": None, "secondary": None},
        {"primary": "level_1", "secondary": None},
        {"primary": None, "secondary": True},
        {"primary": "none", "secondary": False},
    )
]
TYPES = {
    **dict.fromkeys(("graduates", "pupils", "literate"), pl.Int64),
    **dict.fromkeys(("plan", "secondary"), pl.Boolean),
    "primary": pl.String,
}


def levels(native: Any) -> list[str]:
    frame = nw.from_native(native)
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return eager.sort("at")["levels_possible"].to_list()


def test_rows_have_the_results_of_single_subjects(constructor: Callable[[Any], Any]) -> None:
    numbered = [{"at": at, **row} for at, row in enumerate(ROWS)]
    table = pl.DataFrame(numbered, schema={"at": pl.Int64, **TYPES}).to_arrow()
    done = evaluate(commune, constructor(table), detail="levels", standards=STANDARDS)
    expected = [xhht.evaluate(commune, row, standards=STANDARDS).levels_possible for row in ROWS]
    assert levels(done.rows) == ["|".join(one or "none" for one in row) for row in expected]


def test_without_columns_of_its_own_an_input_is_the_result_of_its_standard() -> None:
    rows = pl.DataFrame({"at": [0, 1, 2], "graduates": 90, "pupils": [95, None, 3], "literate": 95})
    done = evaluate(secondary, rows, detail="levels", standards=STANDARDS)
    assert levels(done.rows) == ["level_1", "level_1|none", "none"]
    alone = evaluate(secondary, rows.drop("graduates"), detail="levels", standards=STANDARDS)
    assert levels(alone.rows) == ["level_1|none", "level_1|none", "none"]


def test_an_invalid_value_of_a_standard_sets_a_row_apart() -> None:
    rows = pl.DataFrame({"graduates": [90, 90], "pupils": [101, 95], "literate": [95, 95]})
    done = evaluate(secondary, rows, standards=STANDARDS)
    assert done.rows["verdict"].to_list() == ["recognised"]
    assert done.rejected.select("column", "reason").rows() == [("pupils", "out_of_bounds")]
    with pytest.raises(FactsError) as caught:
        xhht.evaluate(secondary, rows.row(0, named=True), standards=STANDARDS)
    assert (caught.value.field, caught.value.code) == ("pupils", "out_of_bounds")


def test_some_column_must_be_an_input_of_the_chain() -> None:
    rows = pl.DataFrame({"pupils": [95]})
    assert evaluate(commune, rows, standards=STANDARDS).rows["verdict"].item() == "undetermined"
    with pytest.raises(FrameError, match="No column"):
        evaluate(commune, rows)


@pytest.mark.parametrize("verification", ["rejected", "pending", None])
@pytest.mark.parametrize("level", ["level_1", None])
@pytest.mark.parametrize("reached", [True, None])
def test_a_fact_given_but_rejected_is_unknown_and_no_result_takes_its_place(
    verification: str | None, level: str | None, *, reached: bool | None
) -> None:
    status = verification or "pending"
    facts = {
        "graduates": 90,
        "pupils": 95,
        "literate": 95,
        "primary": Evidence(value=level, verification=status),
        "literacy": Evidence(value=reached, verification=status),
    }
    row = {**facts, "primary": level, "literacy": reached}
    row |= {"primary__verification": verification, "literacy__verification": verification}
    types = {"primary": pl.String, "literacy": pl.Boolean}
    rows = pl.DataFrame([{"at": 0, **row}], schema_overrides=types)
    done = evaluate(secondary, rows, detail="levels", standards=STANDARDS)
    result = xhht.evaluate(secondary, facts, standards=STANDARDS)
    is_rejected = verification == "rejected" and (level is not None or reached is not None)
    assert result.levels_possible == (("level_1", None) if is_rejected else ("level_1",))
    assert levels(done.rows) == ["|".join(one or "none" for one in result.levels_possible)]
    bare = rows.drop([name for name, value in row.items() if value is None], strict=True)
    assert levels(evaluate(secondary, bare, detail="levels", standards=STANDARDS).rows) == levels(
        done.rows
    )


def test_detail_has_the_levels_of_each_standard_be_a_fact_in_its_place_or_not() -> None:
    rows = pl.DataFrame(
        {"graduates": 90, "pupils": [95, 85, None], "literate": 95, "primary": [None, "none", None]}
    )
    done = evaluate(secondary, rows, detail="levels", standards=STANDARDS)
    assert done.rows.columns[-2:] == [
        "levels_possible[test.literacy]",
        "levels_possible[test.primary]",
    ]
    assert done.rows["levels_possible[test.primary]"].to_list() == [
        "level_2",
        "level_1",
        "level_2|level_1|none",
    ]
    assert done.rows["levels_possible"].to_list() == ["level_1", "none", "level_1|none"]
    assert "levels_possible" not in evaluate(secondary, rows, standards=STANDARDS).rows.columns


def test_a_standard_may_be_used_by_two_inputs() -> None:
    text = SECONDARY.replace("and literacy", "and reached and literacy")
    met = "  reached: {type: bool, label: {vi: A, en: A}, result: {title: x.vn.primary}}\n"
    twice = changed(text, "  graduates:", f"{met}  graduates:")
    rows = pl.DataFrame({"at": [0, 1], "graduates": 90, "pupils": [95, 3], "literate": 95})
    done = evaluate(twice, rows, detail="levels", standards=[primary, *STANDARDS[:1]])
    assert levels(done.rows) == ["level_1", "none"]


def test_what_does_not_fit_is_a_remark_on_all_rows() -> None:
    frame = pl.DataFrame({"pupils": [95]})
    assert evaluate(secondary, frame, standards=[primary]).remarks == ()
    [remark] = evaluate(secondary, frame, standards=[primary, commune]).remarks
    assert commune.reference in remark.vi
    profile = xhht.bundled_profiles().get("vn.unit.tt24-2023-district")
    late = evaluate(profile, pl.DataFrame({"members": [3]}), as_of=date(2025, 12, 31))
    assert late.remarks == xhht.evaluate(profile, {}, as_of=date(2025, 12, 31)).remarks
    assert len(late.remarks) == 1
