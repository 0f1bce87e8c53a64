"""Frames that people really bring: every one is judged, or refused by a message that helps."""

from __future__ import annotations

import math
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest
from campaign_places import AREAS, COMMUNITY, HOUSEHOLD

from xhht import FactsError, XhhtError, frames, loads_profile
from xhht.campaign import Campaign
from xhht.campaign.lost_zeros import restored_ids
from xhht.domain import AreaLevel, Title
from xhht.errors import FrameError, RollupError
from xhht.rollup import Count

PROFILE = loads_profile("""
format: 1
id: test.frames
version: 1.0.0
status: active
title: learning_unit
name: {vi: Thử, en: Test}
provenance: illustrative
inputs:
  b: {type: bool, label: {vi: B, en: B}}
  n: {type: count, max: 1000, label: {vi: N, en: N}}
  m: {type: count, max: 1000, at_most: n, label: {vi: M, en: M}}
  s: {type: share, label: {vi: S, en: S}}
criteria:
  - {id: "1", indicators: [{id: "1.1", points: 10, met_when: b and n >= 2 and m >= 1 and s >= 50%}]}
levels:
  - {id: ok, name: {vi: Đạt, en: OK}, when: points >= 5}
""")


def reasons(frame: Any, **more: Any) -> list[tuple[str, str]]:
    rejected = frames.evaluate(PROFILE, frame, **more).rejected
    return [tuple(row) for row in rejected[["column", "reason"]].to_numpy().tolist()]


def test_where_nothing_can_be_faulty_nothing_is_rejected() -> None:
    for frame in (pl.DataFrame({"b": [True, None]}), pl.DataFrame({"n": [None]})):
        evaluated = frames.evaluate(PROFILE, frame)
        assert (len(evaluated.rows), len(evaluated.rejected)) == (len(frame), 0)
        assert frames.evaluate(PROFILE, frame, errors="raise").rows.equals(evaluated.rows)


def test_columns_of_0_and_1_are_truths() -> None:
    for cells in ([1, 0, None], ["1", "0", None]):
        evaluated = frames.evaluate(PROFILE, pl.DataFrame({"b": cells}))
        truths = frames.evaluate(PROFILE, pl.DataFrame({"b": [True, False, None]}))
        assert evaluated.rows.drop("b").equals(truths.rows.drop("b"))


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("n", -1, "out_of_bounds"),
        ("n", 2.5, "off_step"),
        ("n", math.nan, "not_a_number"),
        ("n", math.inf, "not_a_number"),
        ("n", "mười", "wrong_type"),
        ("n", True, "wrong_type"),
        ("b", 2, "wrong_type"),
        ("b", -1, "wrong_type"),
        ("b", 0.5, "wrong_type"),
        ("b", math.nan, "wrong_type"),
        ("s", 1.1, "out_of_bounds"),
    ],
)
def test_a_value_that_cannot_be_is_named(column: str, value: object, reason: str) -> None:
    assert reasons(pl.DataFrame({column: [value]})) == [(column, reason)]


@pytest.mark.parametrize(
    ("members", "others", "reason"),
    [("-1", "x", "out_of_bounds"), ("x", "-1", "wrong_type"), ("3", "x", "wrong_type")],
)
def test_of_a_share_the_part_that_holds_is_judged_before_the_others(
    members: str, others: str, reason: str
) -> None:
    rows = pl.DataFrame({"part__held": [members], "part__others": [others]})
    rejected = frames.evaluate(HOUSEHOLD, rows).rejected
    assert rejected.select("column", "reason").rows() == [("part", reason)]


def test_every_row_is_evaluated_or_rejected() -> None:
    frame = pl.DataFrame({"n": [None, 3, 2000, 5], "m": [None, 4, 1, 5], "x": list("abcd")})
    evaluated = frames.evaluate(PROFILE, frame)
    assert evaluated.rows["x"].to_list() == ["a", "d"]
    assert evaluated.rejected.rows() == [
        (3, 4, "b", "m", "at_most"),
        (2000, 1, "c", "n", "out_of_bounds"),
    ]


def test_nan_of_numpy_is_null_in_pandas_and_the_index_is_kept() -> None:
    frame = pd.DataFrame({"n": [1.0, math.nan], "b": [True, None]}, index=["x", "y"])
    rows = frames.evaluate(PROFILE, frame).rows
    assert list(rows.index) == ["x", "y"]
    assert rows["points_possible"].tolist() == [0, 10]
    assert rows["n"].dtype == frame["n"].dtype


@pytest.mark.parametrize(
    "text", ["70\u00a0%", "5\u202f%", "\u200b 5%", "5% \u200b", "\u2003", "0,5"]
)
def test_a_text_is_read_as_a_cell_is(text: str) -> None:
    assert reasons(pl.DataFrame({"s": [text]})) == []
    assert reasons(pl.DataFrame({"s": pl.Series([text], dtype=pl.Categorical)})) == []


def test_ids_that_stand_twice_are_all_rejected_and_missing_ones_are_not() -> None:
    frame = pl.DataFrame({"id": ["a", "b", "a", None, None], "n": [1, 1, 1, 1, 1]})
    assert reasons(frame, id="id") == [("id", "duplicate_id"), ("id", "duplicate_id")]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        ([{"n": 1}], "Not a supported data frame"),
        (pl.DataFrame({"x": [1]}), "No column matches an input"),
        (pl.DataFrame({"N": [1], "b": [True]}), "Column 'N' looks like the input 'n'"),
        (pl.DataFrame({"n": [1], "verdict": ["x"]}), "names of results: verdict"),
        (pl.DataFrame({"n": [1], "__xhht_a": [1]}), "must not start with"),
        (pl.DataFrame({"n": [1], "n__low": [1], "n__high": [2]}), "either one column"),
        (pd.DataFrame([[1, 2]], columns=["n", "n"]), "Duplicate column name"),
        (pd.DataFrame([[1]], columns=[1]), "must be text"),
        (pd.DataFrame({"n": [1, "x", None, 2.5]}), "mixed or unsupported types"),
    ],
)
def test_a_frame_that_cannot_be_read_is_refused(frame: object, says: str) -> None:
    with pytest.raises(FrameError, match=says):
        frames.evaluate(PROFILE, frame)


def test_a_prefix_keeps_columns_apart() -> None:
    rows = frames.evaluate(PROFILE, pl.DataFrame({"n": [1], "verdict": ["x"]}), prefix="r_").rows
    assert rows["verdict"].to_list() == ["x"]
    assert rows["r_verdict"].to_list() == ["not_recognised"]


def test_raise_names_the_first_fault_and_no_value() -> None:
    with pytest.raises(FrameError, match=r"Invalid rows: 2; .*'n': out_of_bounds") as caught:
        frames.evaluate(PROFILE, pl.DataFrame({"n": [1, 4321, 5432]}), errors="raise")
    assert "4321" not in str(caught.value) + caught.value.message("vi")


def test_a_day_is_asked_for_where_it_is_needed() -> None:
    dated = loads_profile(
        "format: 1\nid: t\nversion: 1.0.0\nstatus: active\ntitle: learning_unit\n"
        "name: {vi: T, en: T}\nprovenance: illustrative\n"
        "inputs: {d: {type: date, label: {vi: D, en: D}}}\n"
        'criteria: [{id: "1", indicators: [{id: "1.1", points: 1, met_when: "d <= as_of"}]}]\n'
        "levels: [{id: ok, name: {vi: O, en: O}, when: points >= 1}]\n"
    )
    with pytest.raises(FactsError, match="as_of"):
        frames.evaluate(dated, pl.DataFrame({"d": ["2024-01-01"]}))


def test_numbers_that_64_bits_may_not_hold_are_refused_by_their_criterion() -> None:
    inputs = "".join(f"  c{i}: {{type: count, label: {{vi: C, en: C}}}}\n" for i in range(3))
    large = loads_profile(
        "format: 1\nid: t\nversion: 1.0.0\nstatus: active\ntitle: learning_unit\n"
        f"name: {{vi: T, en: T}}\nprovenance: illustrative\ninputs:\n{inputs}"
        "criteria:\n"
        '  - {id: "7", indicators: [{id: "7.1", points: 1, met_when: "c0 * c1 * c2 >= 5"}]}\n'
        "levels: [{id: ok, name: {vi: O, en: O}, when: points >= 1}]\n"
    )
    with pytest.raises(FrameError, match=r"criterion 7\.1"):
        frames.evaluate(large, pl.DataFrame({"c0": [1]}))


def test_lazy_stays_lazy() -> None:
    seen: list[int] = []

    def note(batch: pl.DataFrame) -> pl.DataFrame:
        seen.append(len(batch))
        return batch

    lazy = pl.LazyFrame({"n": [1, 2, None]}).map_batches(note, schema={"n": pl.Int64})
    evaluated = frames.evaluate(PROFILE, lazy)
    assert isinstance(evaluated.rows, pl.LazyFrame)
    assert isinstance(evaluated.rejected, pl.LazyFrame)
    assert not seen
    assert len(evaluated.rows.collect()) == 3


def test_rows_of_areas_that_are_not_there_are_rejected_and_all_rows_counted() -> None:
    rows = pl.DataFrame(
        {
            "area": ["a", "zz", None, "a", "a"],
            "verdict": ["recognised", "recognised", "recognised", "good", None],
        }
    )
    result = frames.rollup(rows, AREAS, by="commune", title="learning_unit")
    assert result.rejected["reason"].to_list() == ["unknown_area", "missing", "unknown_verdict"]
    assert [row.tally.known(Count.TOTAL) for row in result.rows] == [2]


def test_a_roll_up_counts_none_of_the_rows_with_one_id() -> None:
    rows = pl.DataFrame(
        {"id": ["x", "y", "x", None], "area": ["a"] * 4, "verdict": ["recognised"] * 4}
    )
    result = frames.rollup(rows, AREAS, by="commune", title="learning_unit", id="id")
    assert result.rejected["reason"].to_list() == ["duplicate_id", "duplicate_id"]
    assert [row.tally.known(Count.TOTAL) for row in result.rows] == [2]
    with pytest.raises(FrameError):
        frames.rollup(rows, AREAS, by="commune", title="learning_unit", id="key")


def test_todays_changes_update_yesterdays_tallies() -> None:
    def tallied(*verdicts: str) -> frames.Tallied:
        rows = pl.DataFrame({"area": ["a"] * len(verdicts), "verdict": verdicts})
        return frames.tallies(rows, title=Title.LEARNING_UNIT)

    total = tallied("recognised", "not_recognised", "undetermined")
    changed = total.updated(removed=tallied("undetermined"), added=tallied("recognised"))
    assert changed.tallies == tallied("recognised", "not_recognised", "recognised").tallies
    with pytest.raises(RollupError):
        total.updated(removed=tallied("recognised", "recognised"))


class TestCampaign:
    setup = Campaign(2024, [HOUSEHOLD, COMMUNITY], AREAS, illustrative=True)

    def test_ids_may_be_whole_numbers(self) -> None:
        tables = {
            Title.LEARNING_HOUSEHOLD: pl.LazyFrame({"id": ["5", "6"], "village": ["a1", "a1"]}),
            Title.LEARNING_CITIZEN: pl.DataFrame({"id": [1, 2], "household": [5, 7]}),
        }
        run = frames.campaign(self.setup, tables)
        assert run.rows("learning_household").collect()["id"].to_list() == ["5", "6"]
        rejected = run.rejected("learning_citizen").collect()
        assert rejected.select("id", "column", "reason", "counted").rows() == [
            (2, "household", "unknown_area", False),
            (1, None, "no_profile", True),
        ]

    def test_lost_zeros_of_ids_are_restored_as_for_records(self) -> None:
        refs = ["1", "2", "01", "10", "h7", None]
        tables = {
            Title.LEARNING_CITIZEN: pl.DataFrame(
                {"id": ["a", "b", "c", "d", "e", "f"], "household": refs}
            ),
            Title.LEARNING_HOUSEHOLD: pl.LazyFrame(
                {"id": ["001", "002", "010", "h07"], "village": ["a1"] * 4}
            ),
        }
        run = frames.campaign(self.setup, tables)
        refused = run.rejected("learning_citizen").collect().filter(~pl.col("counted"))
        assert sorted(refused["id"]) == ["a", "c", "e", "f"]
        known = {ref for ref in refs if ref is not None}
        assert restored_ids(known, {"001", "002", "010", "h07"}) == {"2": "002", "10": "010"}
        (note,) = run.notes
        assert "2 dòng" in note.vi

    def test_communities_show_their_level_and_what_they_are_awarded(self) -> None:
        table = pl.LazyFrame({"area": ["a", "a1"], "level": ["commune", "zzz"]})
        run = frames.campaign(self.setup, {Title.LEARNING_COMMUNITY: table})
        rows = run.rows("learning_community").collect()
        assert rows.select("area", "level", "awarded").rows() == [("a", "commune", None)]
        rejected = run.rejected("learning_community").collect()
        assert rejected.select("area", "column", "reason").rows() == [
            ("a1", "level", "unknown_level")
        ]
        assert run.rollup("learning_community", by="commune", level=AreaLevel.COMMUNE).rows

    @pytest.mark.parametrize(
        ("tables", "says"),
        [
            ({"nobody": pl.DataFrame()}, "keys of 'tables'"),
            ({"learning_household": [{"id": "h"}]}, "not a supported data frame"),
            ({"learning_household": pl.DataFrame({"id": ["h"]})}, "column 'village' is missing"),
            ({"learning_citizen": pl.DataFrame({"id": ["c"], "household": ["h"]})}, "households"),
            (
                {
                    "learning_household": pl.DataFrame(
                        {"id": ["h"], "village": ["a1"], "members__learning_citizen": [2.5]}
                    )
                },
                "must hold integers",
            ),
            (
                {
                    "learning_household": pl.DataFrame(
                        {"id": ["h"], "village": ["a1"], "registered": ["có"]}
                    )
                },
                "must be Boolean",
            ),
            (
                {
                    "learning_household": pl.DataFrame(
                        {"id": ["h"], "village": ["a1"], "Own": [True]}
                    )
                },
                "Column 'Own' looks like",
            ),
            (
                {"learning_household": pl.DataFrame({"id": ["h"], "village": [1]})},
                "start with zeros",
            ),
            (
                {"learning_household": pl.DataFrame({"id": [1.5], "village": ["a1"]})},
                "text or integers",
            ),
            (
                {
                    "learning_household": pl.DataFrame({"id": ["h"], "village": ["a1"]}),
                    "learning_citizen": duckdb.sql("select 'c' as id, 'h' as household"),
                },
                "use duckdb, polars",
            ),
        ],
    )
    def test_a_table_that_cannot_be_used_is_refused(
        self, tables: dict[Any, Any], says: str
    ) -> None:
        with pytest.raises(XhhtError, match=says):
            frames.campaign(self.setup, tables)


def test_zeros_and_ones_with_gaps_are_truths_as_pandas_reads_them() -> None:
    frame = pd.DataFrame({"b": [0, 1, None]})
    assert frame["b"].dtype == "float64"
    truths = frames.evaluate(PROFILE, pd.DataFrame({"b": pd.array([False, True, None])}))
    numbers = frames.evaluate(PROFILE, frame)
    assert len(numbers.rejected) == 0
    assert numbers.rows["verdict"].tolist() == truths.rows["verdict"].tolist()
