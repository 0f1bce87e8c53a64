"""What frames of every engine get back, and what no engine can do."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from unit_frames import SMALL, points, reasons, table

import xhht.frames
from engines import Engine, rows_of
from inline_profiles import profile_of
from xhht.errors import FrameError
from xhht.frames import evaluate


def test_every_row_comes_back_once_with_its_own_columns(constructor: Engine) -> None:
    read = table(total=[1, -1, None, 3, 101], note=["một", "hai", None, "bốn", "năm"])
    evaluated = evaluate(SMALL, constructor(read))
    good, bad = rows_of(evaluated.rows), rows_of(evaluated.rejected)
    assert len(good) + len(bad) == read.num_rows
    back = sorted((row["row"], row["note"]) for row in [*good, *bad] if row["note"])
    assert back == [(0, "một"), (1, "hai"), (3, "bốn"), (4, "năm")]
    assert list(good[0])[:3] == list(bad[0])[:3] == ["row", "total", "note"]
    assert set(bad[0]) == {"row", "total", "note", "column", "reason"}


def test_results_are_frames_of_the_kind_that_was_given(constructor: Engine) -> None:
    given = constructor(table(total=[1, -1]))
    evaluated = evaluate(SMALL, given)
    assert type(evaluated.rows) is type(evaluated.rejected) is type(given)
    assert isinstance(nw.from_native(evaluated.rows), nw.LazyFrame) is constructor.lazy


def test_rows_that_share_an_id_are_all_rejected_and_those_without_are_not(
    constructor: Engine,
) -> None:
    evaluated = evaluate(
        SMALL, constructor(table(key=["a", "b", None, "a", None], total=[7] * 5)), id="key"
    )
    assert points(evaluated) == {1: 32, 2: 32, 4: 32}
    assert reasons(evaluated) == {0: ("key", "duplicate_id"), 3: ("key", "duplicate_id")}


def test_the_first_fault_of_a_row_is_told(constructor: Engine) -> None:
    read = table(total=[-1, 5], rate=[1.5, 1.5], part=[7, 7], key=["x", "x"])
    assert reasons(evaluate(SMALL, constructor(read))) == {
        0: ("total", "out_of_bounds"),
        1: ("rate", "out_of_bounds"),
    }
    twice = ("key", "duplicate_id")
    assert reasons(evaluate(SMALL, constructor(read), id="key")) == {0: twice, 1: twice}


def test_a_frame_is_refused_for_one_bad_row_where_that_is_asked(constructor: Engine) -> None:
    bad, good = constructor(table(total=[1, -1])), constructor(table(total=[1, 7]))
    with pytest.raises(FrameError, match="'total': out_of_bounds"):
        evaluate(SMALL, bad, errors="raise")
    assert points(evaluate(SMALL, good, errors="raise")) == {0: 0, 1: 32}


# pandas


def test_pandas_keeps_its_index_and_its_types() -> None:
    index = pd.MultiIndex.from_tuples([("a", 1), ("a", 1), ("b", 2)], names=["x", "y"])
    frame = pd.DataFrame({"total": pd.array([7, -1, None], dtype="Int8"), "o": [{}, [], 1]}, index)
    evaluated = evaluate(SMALL, frame)
    assert evaluated.rows[["total", "o"]].equals(frame.iloc[[0, 2]])
    assert evaluated.rejected[["total", "o"]].equals(frame.iloc[[1]])
    assert evaluated.rows["points_certain"].tolist() == [32, 0]
    assert evaluated.rows.dtypes["total"] == frame.dtypes["total"]


def test_pandas_without_pyarrow_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"total": [1]})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(FrameError, match=r"pip install 'xhht\[pandas\]'"):
        evaluate(SMALL, frame)


# What cannot be done


def test_columns_that_arrow_cannot_take_rows_of_are_named_by_their_remedy() -> None:
    texts = pa.table({"kind": pa.array(["hill"], pa.string_view())})
    with pytest.raises(FrameError, match="string_view"):
        _ = evaluate(SMALL, texts).rows
    wide = pa.table({"total": pa.array([1], pa.decimal256(50, 2))})
    with pytest.raises(FrameError, match="'total'"):
        evaluate(SMALL, wide)


@pytest.mark.parametrize("low", [-(10**9), 0])
def test_doubles_that_cannot_tell_numbers_apart_are_refused(low: int) -> None:
    exact = profile_of(
        {"money": f"type: decimal, places: 9, min: {low}"},
        '- {id: "1.1", points: 5, met_when: money >= 1}',
    )
    with pytest.raises(FrameError, match="more than 15 digits"):
        evaluate(exact, pl.DataFrame({"money": [1.5]}))
    texts = pl.DataFrame({"money": ["999999999.999999999", "9999999999"], "row": [0, 1]})
    evaluated = evaluate(exact, texts)
    assert (points(evaluated), reasons(evaluated)) == ({0: 5}, {1: ("money", "out_of_bounds")})


def test_databases_whose_answers_were_not_checked_are_refused(tmp_path: Path) -> None:
    ibis = pytest.importorskip("ibis")
    file = tmp_path / "units.db"
    with sqlite3.connect(file) as made:
        made.execute("create table units (total integer)")
    made.close()
    connection = ibis.sqlite.connect(file)
    with pytest.raises(FrameError, match="sqlite is not verified to give exact results") as refused:
        evaluate(SMALL, connection.table("units"))
    assert "Parquet" in refused.value.message("vi")
    connection.disconnect()
    with pytest.raises(FrameError, match="not bound to a database"):
        evaluate(SMALL, ibis.table({"total": "int64"}, name="units"))


def test_ibis_runs_on_duckdb_too() -> None:
    ibis = pytest.importorskip("ibis")
    evaluated = evaluate(SMALL, ibis.memtable(table(total=[7, -1])))
    assert (points(evaluated), reasons(evaluated)) == ({0: 32}, {1: ("total", "out_of_bounds")})


@pytest.mark.parametrize(
    "frame",
    [None, "units.csv", {"total": [1]}, [{"total": 1}], pl.Series([1]), pd.Series([1])],
    ids=["nothing", "path", "columns", "rows", "polars-series", "pandas-series"],
)
def test_what_is_no_frame_is_refused(frame: Any) -> None:
    with pytest.raises(FrameError, match="Not a supported data frame"):
        evaluate(SMALL, frame)


WITHOUT = """
import sys
sys.modules[{missing!r}] = None
import xhht
try:
    from xhht import frames
except ImportError as fault:
    print(fault)
"""


@pytest.mark.parametrize("missing", ["narwhals", "polars"])
def test_frames_without_their_extra_say_what_to_install(missing: str) -> None:
    code = WITHOUT.format(missing=missing)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'xhht[frames]'" in run.stdout


def test_one_module_knows_the_engines() -> None:
    modules = Path(xhht.frames.__file__).parent.glob("*.py")
    asking = [
        module.name
        for module in modules
        if re.search(
            r"\.is_(polars|ibis|duckdb|pandas|pyarrow|pyspark)\w*\(|Implementation\.",
            module.read_text(encoding="utf-8"),
        )
    ]
    assert asking == ["_engine.py"]
