"""What columns hold, and what becomes of values that cannot be."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from unit_frames import SMALL, judged, points, reasons, table

from engines import Engine, rows_of
from inline_profiles import profile_of
from xhht.errors import FrameError
from xhht.frames import evaluate

# On every engine


def test_numbers_truths_days_and_words_are_read_by_their_types(constructor: Engine) -> None:
    read = table(
        plan=[True, False, None],
        total=pa.array([8, 2, None], pa.int16()),
        part=[3.0, 2.0, None],
        kind=["hill", "city", None],
        rate=pa.array([Decimal("0.50"), Decimal("0.49"), None]),
        day=[date(2024, 1, 1), date(2023, 12, 31), None],
    )
    assert judged(constructor, read) == ({0: 63, 1: 0, 2: 0}, {})


def test_what_is_null_leaves_the_points_open(constructor: Engine) -> None:
    evaluated = evaluate(SMALL, constructor(table(plan=[True, None], total=pa.nulls(2))))
    columns = {
        row["row"]: (row["points_certain"], row["points_possible"])
        for row in rows_of(evaluated.rows)
    }
    assert columns == {0: (1, 63), 1: (0, 63)}


def test_texts_are_read_as_the_command_line_reads_them(constructor: Engine) -> None:
    read = table(
        plan=["có", " KHÔNG", "?"],
        total=["1.000", "8", "8"],
        rate=["50%", "0,50", ""],
        day=["1/1/2024", "2023-12-31", None],
    )
    expected = {1: 32 + 8}, {0: ("total", "out_of_bounds"), 2: ("plan", "wrong_type")}
    assert judged(constructor, read, numbers="vi") == expected


def test_values_beyond_their_bounds_are_rejected(constructor: Engine) -> None:
    read = table(
        total=[-1, 101, 2**62, 100],
        rate=[0.5, 0.5, 0.5, 1.01],
        day=[date(2024, 1, 1)] * 4,
    )
    total, rate = ("total", "out_of_bounds"), ("rate", "out_of_bounds")
    assert judged(constructor, read) == ({}, {0: total, 1: total, 2: total, 3: rate})


def test_a_count_above_the_one_that_bounds_it_is_rejected(constructor: Engine) -> None:
    read = table(total=[5, 5, None, 5], part=[5, 6, 6, None])
    assert judged(constructor, read) == ({0: 2, 2: 2, 3: 0}, {1: ("part", "at_most")})


def test_a_number_between_two_steps_is_rejected(constructor: Engine) -> None:
    read = table(rate=[0.5, 0.505, 0.3333], total=[7, 7, 7])
    off = ("rate", "off_step")
    assert judged(constructor, read) == ({0: 8 + 32}, {1: off, 2: off})


def test_infinity_is_no_number(constructor: Engine) -> None:
    read = table(total=[float("inf"), float("-inf"), 7.0])
    odd = ("total", "not_a_number")
    assert judged(constructor, read) == ({2: 32}, {0: odd, 1: odd})


def test_next_to_nothing_is_between_two_steps(constructor: Engine) -> None:
    even = profile_of(
        {"award": "type: assessed, max: 6, step: 2"}, '- {id: "1.1", points: 6, assessed: award}'
    )
    read = table(award=[5e-324, -5e-324, 4.0])
    evaluated = evaluate(even, constructor(read))
    assert points(evaluated) == {2: 4}
    assert reasons(evaluated) == {0: ("award", "off_step"), 1: ("award", "out_of_bounds")}


def test_nan_is_null_in_numpy_columns_of_pandas_and_no_number_elsewhere(
    constructor: Engine,
) -> None:
    good, bad = judged(constructor, table(total=[float("nan"), 7.0]))
    if constructor.name in {"pandas_objects", "pandas_nullable"}:
        assert (good, bad) == ({0: 0, 1: 32}, {})
    else:
        assert (good, bad) == ({1: 32}, {0: ("total", "not_a_number")})


def test_a_column_of_another_type_is_rejected_where_it_says_anything(constructor: Engine) -> None:
    read = table(day=[True, None], total=[7, 7])
    assert judged(constructor, read) == ({1: 32}, {0: ("day", "wrong_type")})


def test_a_time_of_day_is_no_day(constructor: Engine) -> None:
    midnight, later = datetime(2024, 1, 1), datetime(2024, 1, 1, 7)
    assert judged(constructor, table(day=[midnight, later, None])) == (
        {0: 16, 2: 0},
        {1: ("day", "wrong_type")},
    )


def test_ranges_are_two_columns(constructor: Engine) -> None:
    read = table(part__low=[3, 2, None, 5], part__high=[None, 4, 2, 4])
    evaluated = evaluate(SMALL, constructor(read), detail="criteria")
    statuses = {row["row"]: row["status[1.2]"] for row in rows_of(evaluated.rows)}
    assert statuses == {0: "met", 1: "unknown", 2: "unmet"}
    assert reasons(evaluated) == {3: ("part", "out_of_bounds")}


def test_frames_without_rows_stay_without(constructor: Engine) -> None:
    none = pa.table({"row": pa.array([], pa.int64()), "total": pa.array([], pa.int64())})
    evaluated = evaluate(SMALL, constructor(none), id="row", detail="criteria")
    assert (points(evaluated), reasons(evaluated)) == ({}, {})


# On engines that have such types


@pytest.mark.parametrize(
    ("name", "column", "good", "bad"),
    [
        ("total", pl.Series([7, 2**64 - 1], dtype=pl.UInt64), {0: 32}, "out_of_bounds"),
        ("rate", pl.Series([1, 2**64 - 1], dtype=pl.UInt64), {0: 8}, "out_of_bounds"),
        ("total", pl.Series([7, 2**100], dtype=pl.Int128), {0: 32}, "out_of_bounds"),
        ("total", pl.Series([7, -128], dtype=pl.Int8), {0: 32}, "out_of_bounds"),
        ("rate", pl.Series([0.5, 0.1], dtype=pl.Float32), {0: 8}, "off_step"),
        ("rate", pl.Series([Decimal("0.50"), Decimal("-0.50")]), {0: 8}, "out_of_bounds"),
        ("total", pl.Series([Decimal("7.00"), Decimal("7.50")]), {0: 32}, "off_step"),
        ("kind", pl.Series(["hill", "sea"], dtype=pl.Categorical), {0: 4}, "unknown_choice"),
        (
            "kind",
            pl.Series(["hill", "sea"], dtype=pl.Enum(["sea", "hill"])),
            {0: 4},
            "unknown_choice",
        ),
        ("plan", pl.Series(["có", "?"], dtype=pl.Categorical), {0: 1}, "wrong_type"),
        (
            "day",
            pl.Series([19723 * 86400 * 10**9, 1]).cast(pl.Datetime("ns")),
            {0: 16},
            "wrong_type",
        ),
        ("total", pl.Series([None, [1]]), {0: 0}, "wrong_type"),
        ("total", pl.Series([None, {"a": 1}]), {0: 0}, "wrong_type"),
        ("total", pl.Series([None, b"7"]), {0: 0}, "wrong_type"),
        ("total", pl.Series([None, object()], dtype=pl.Object), {0: 0}, "wrong_type"),
        ("day", pl.Series([None, time(1)]), {0: 0}, "wrong_type"),
        ("plan", pl.Series([None, 2]), {0: 0}, "wrong_type"),
        ("kind", pl.Series([None, 1]), {0: 0}, "wrong_type"),
    ],
)
@pytest.mark.parametrize("lazy", [False, True])
def test_types_of_polars(
    name: str, column: pl.Series, good: dict[int, int], bad: str, lazy: bool
) -> None:
    frame = pl.DataFrame({"row": [0, 1], name: column})
    evaluated = evaluate(SMALL, frame.lazy() if lazy else frame)
    assert (points(evaluated), reasons(evaluated)) == (good, {1: (name, bad)})


def test_a_day_is_that_of_its_own_zone() -> None:
    days = pl.Series([datetime(2024, 1, 1)]).dt.replace_time_zone("Asia/Ho_Chi_Minh")
    evaluated = evaluate(SMALL, pl.DataFrame({"row": [0], "day": days}))
    assert points(evaluated) == {0: 16}


@pytest.mark.parametrize(
    ("name", "column", "good", "bad"),
    [
        ("total", pd.array([7, None], dtype="UInt8"), {0: 32, 1: 0}, {}),
        ("total", pd.array([7.5, None], dtype="Float64"), {1: 0}, {0: "off_step"}),
        ("plan", pd.array([True, None], dtype="boolean"), {0: 1, 1: 0}, {}),
        ("kind", pd.Categorical(["hill", None]), {0: 4, 1: 0}, {}),
        ("total", pd.Categorical([7, 101]), {0: 32}, {1: "out_of_bounds"}),
        ("day", pd.to_datetime(["2024-01-01", None]), {0: 16, 1: 0}, {}),
        ("day", pd.period_range("2024-01-01", periods=2), {}, {0: "wrong_type", 1: "wrong_type"}),
        ("day", [date(2024, 1, 1), None], {0: 16, 1: 0}, {}),
        ("rate", [Decimal("0.5"), None], {0: 8, 1: 0}, {}),
        ("total", [None, None], {0: 0, 1: 0}, {}),
    ],
)
def test_types_of_pandas(name: str, column: Any, good: dict[int, int], bad: dict[int, str]) -> None:
    evaluated = evaluate(SMALL, pd.DataFrame({"row": [0, 1], name: column}))
    assert (points(evaluated), reasons(evaluated)) == (
        good,
        {at: (name, why) for at, why in bad.items()},
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("total", [1, "x"]),
        ("plan", [True, 1]),
        ("total", pd.array([1j, 2j])),
        ("total", pd.arrays.SparseArray([1, 0])),
    ],
)
def test_columns_of_mixed_objects_are_refused_by_name(name: str, values: Any) -> None:
    values = pd.Series(values, dtype=object) if isinstance(values, list) else values
    with pytest.raises(FrameError, match=f"Column '{name}' has mixed or unsupported types"):
        evaluate(SMALL, pd.DataFrame({name: values}))


@pytest.mark.parametrize(
    ("sql", "good", "bad"),
    [
        ("select sum(x)::hugeint as total from range(5) t(x)", {0: 32}, {}),
        ("select 1e30::hugeint as total", {}, {0: ("total", "out_of_bounds")}),
        ("select 'hill'::enum('hill', 'sea') as kind", {0: 4}, {}),
        ("select '2024-01-01'::timestamptz as day", {0: 16}, {}),
        ("select interval 1 day as day", {}, {0: ("day", "wrong_type")}),
        ("select uuid() as total", {}, {0: ("total", "wrong_type")}),
        ("select 7::bignum as total", {0: 32}, {}),
        ("select 'infinity'::date as day", {}, {0: ("day", "out_of_bounds")}),
    ],
)
def test_types_of_duckdb(sql: str, good: dict[int, int], bad: dict[int, tuple[str, str]]) -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        evaluated = evaluate(SMALL, connection.sql(f"select 0 as row, found.* from ({sql}) found"))
        assert (points(evaluated), reasons(evaluated)) == (good, bad)


@pytest.mark.parametrize(
    ("value", "good", "bad"),
    [
        ("7.00::numeric as total", {0: 32}, {}),
        ("'NaN'::numeric as total", {}, {0: ("total", "not_a_number")}),
        ("'Infinity'::numeric as total", {}, {0: ("total", "not_a_number")}),
        ("1e30::numeric as total", {}, {0: ("total", "out_of_bounds")}),
        ("'hill'::char(8) as kind", {0: 4}, {}),
        ("'hill'::bpchar as kind", {0: 4}, {}),
        ("'7'::varchar(9) as total", {0: 32}, {}),
        ("'NaN'::real as rate", {}, {0: ("rate", "not_a_number")}),
        ("'2024-01-01'::timestamptz as day", {0: 16}, {}),
        ("'infinity'::date as day", {}, {0: ("day", "out_of_bounds")}),
        ("'0044-03-15 BC'::date as day", {}, {0: ("day", "out_of_bounds")}),
        ("array[1] as total", {}, {0: ("total", "wrong_type")}),
        ("'{}'::json as total", {}, {0: ("total", "wrong_type")}),
    ],
)
def test_types_of_postgresql(
    postgres: Any, value: str, good: dict[int, int], bad: dict[int, tuple[str, str]]
) -> None:
    postgres.raw_sql("drop table if exists sample").close()
    postgres.raw_sql(f"create temp table sample as select 0 as row, {value}").close()
    evaluated = evaluate(SMALL, postgres.table("sample"))
    assert (points(evaluated), reasons(evaluated)) == (good, bad)
