"""A million people under today's citizen criteria and under a stricter floor with a lower mark.

Prints the transition table, the clauses that account for it and the seconds it takes, and holds
its margins against the two evaluations. The rows are invented from a fixed seed, the variant is no
one's plan. Run `make bench-compare`, or this file with `--rows`.
"""

from __future__ import annotations

import time
from collections import Counter

import click
import polars as pl

import xhht
from xhht import frames
from xhht.evaluation.state import Verdict
from xhht.reporting.comparisons import transitions_text
from xhht.rollup.transitions import SubjectOutcome
from xhht.text import Lang

PROFILE = "vn.citizen.qd324-2023"
FLOOR, MARK = 6, 75
INDICATORS = [f"indicator_{number}" for number in range(1, 11)]


def variant(profile: xhht.Profile) -> xhht.Profile:
    """Return the profile with a floor of 6 on each indicator and the mark at 75."""
    text = xhht.dump_profile(profile)
    floors = text.count("floor: 5")
    raised = text.replace("floor: 5", f"floor: {FLOOR}").replace("else 80", f"else {MARK}")
    assert floors == len(INDICATORS)
    return xhht.loads_profile(raised)


def people(rows: int) -> pl.LazyFrame:
    """Return invented people: mostly good points, a few that nobody awarded yet."""
    number = pl.col("number")

    def drawn(salt: int, below: int) -> pl.Expr:
        return (number.hash(seed=salt) % below).cast(pl.Int64)

    points = {
        name: pl.when(drawn(at, 100) == 0)
        .then(None)
        .otherwise(10 - (drawn(at, 100) + drawn(at + 50, 100)) // 34)
        for at, name in enumerate(INDICATORS)
    }
    frame = pl.LazyFrame({"number": pl.int_range(rows, dtype=pl.Int64, eager=True)})
    return frame.select(
        area=(drawn(99, 1_000) * 3 + 1).cast(pl.String).str.zfill(5),
        disadvantaged_area=drawn(77, 100) < 15,
        **points,
    )


def evaluated(profile: xhht.Profile, rows: pl.LazyFrame) -> Counter[SubjectOutcome]:
    """Return how many people come to each outcome under one profile."""
    evaluated = frames.evaluate(profile, rows).rows.group_by("verdict", "level").len()
    counted = evaluated.collect(engine="streaming").iter_rows()
    return Counter(
        {SubjectOutcome(Verdict(verdict), level): number for verdict, level, number in counted}
    )


@click.command()
@click.option("--rows", default=1_000_000, show_default=True)
def main(rows: int) -> None:
    """Compare the two profiles over the rows."""
    old = xhht.bundled_profiles().get(PROFILE)
    new = variant(old)
    population = people(rows)
    start = time.perf_counter()
    transitions = frames.compare(old, new, population, by="area")
    seconds = time.perf_counter() - start
    print(transitions_text(transitions.together(), None, Lang.EN))
    assert transitions.old() == evaluated(old, population)
    assert transitions.new() == evaluated(new, population)
    groups = len({cell.group for cell in transitions.cells})
    print(f"\n{rows:,} rows in {groups:,} areas compared in {seconds:.1f} s;")
    print("the margins are those of the two evaluations.")


if __name__ == "__main__":
    main()
