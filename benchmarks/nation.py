"""A nation on columns: from Parquet to the table of its provinces, beside queries written by hand.

28 million households and 75 million adults are invented, seeded, and streamed to Parquet; adults
are judged by Decision 324/QĐ-KHVN as far as sources show it, households by the illustrative
criteria of `examples/`. Then, in one run: both are evaluated and rolled up to communes, provinces
and the nation; the same is computed by Polars queries written by hand, and, on some of the rows,
by OpenFisca; and a thousand changed rows update yesterday's result.

Run `make bench-nation`, or this file with `--households`, `--adults` and `--directory`.
OpenFisca-Core is under the AGPL: it is measured here and is no dependency of xhht.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click
import numpy as np
import polars as pl
from attrs import field, frozen

import xhht
from nation_by_hand import adults_by_hand, households_by_hand, households_in_openfisca
from xhht import frames
from xhht.domain import Area, AreaLevel, AreaTree, Title
from xhht.rollup import Count, Denominator

EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "binh_thuan" / "profiles"
CITIZEN = "vn.citizen.qd324-2023"
PROVINCES, COMMUNES = 63, 10_035
CHUNK = 2_000_000
CHANGED = 1_000
SAMPLE = 5_000_000
ROUNDS = 3
RESULT = ("verdict", "level", "points_certain", "points_possible")

T = TypeVar("T")


@frozen
class Nation:
    """The invented nation: where its tables are, and its areas."""

    households: Path
    adults: Path
    areas: AreaTree
    profiles: dict[Title, xhht.Profile] = field(repr=False)


def areas() -> AreaTree:
    """Return invented communes and provinces under one nation."""
    all_areas = [Area(code="VN", name="Việt Nam", level=AreaLevel.NATION)]
    for number in range(PROVINCES):
        code = f"{number + 1:02}"
        all_areas.append(
            Area(code=code, name=f"Tỉnh {code}", level=AreaLevel.PROVINCE, parent="VN")
        )
    for number in range(COMMUNES):
        all_areas.append(
            Area(
                code=commune(number),
                name=f"Xã {number + 1}",
                level=AreaLevel.COMMUNE,
                parent=f"{number % PROVINCES + 1:02}",
            )
        )
    return AreaTree(all_areas)


def commune(number: int) -> str:
    """Return the code of an invented commune."""
    return f"{3 * number + 1:05}"


CODES = pl.Series([commune(number) for number in range(COMMUNES)])


def households(first: int, size: int, total: int) -> pl.DataFrame:
    """Return some households, the same whatever chunk they are made in."""
    rng = np.random.default_rng([2023, 1, first])
    at = np.arange(first, first + size)
    children = rng.integers(0, 4, size)
    school = np.where(rng.random(size) < 0.97, children, np.minimum(children, 1))
    adults = rng.integers(1, 5, size)
    learned = rng.binomial(adults, 0.6)
    table = pl.DataFrame(
        {
            "id": at,
            "area": CODES.gather(at * COMMUNES // total),
            "children_of_school_age": children.astype(np.int16),
            "children_in_school": school.astype(np.int16),
            "children_passing": np.where(rng.random(size) < 0.9, school, 0).astype(np.int16),
            "adults": adults.astype(np.int16),
            "adults_learning": rng.binomial(adults, 0.8).astype(np.int16),
            "learning_citizens__held": learned.astype(np.int16),
            "learning_citizens__others": (adults - learned).astype(np.int16),
            "has_study_corner": rng.random(size) < 0.7,
            "activities_joined": rng.integers(0, 8, size).astype(np.int16),
            "village_assessment": rng.integers(0, 6, size).astype(np.int8),
            "disadvantaged_area": rng.random(size) < 0.15,
        }
    )
    return _with_gaps(table, table.columns[2:], rng)


def adults(first: int, size: int, total: int) -> pl.DataFrame:
    """Return some adults, likewise."""
    rng = np.random.default_rng([2023, 2, first])
    at = np.arange(first, first + size)
    table = pl.DataFrame(
        {
            "id": at,
            "area": CODES.gather(at * COMMUNES // total),
            "disadvantaged_area": rng.random(size) < 0.15,
            **{f"indicator_{n}": rng.integers(4, 11, size).astype(np.int8) for n in range(1, 11)},
        }
    )
    return _with_gaps(table, table.columns[2:], rng)


def _with_gaps(table: pl.DataFrame, names: list[str], rng: np.random.Generator) -> pl.DataFrame:
    """Return a table in which one fact in a hundred is missing."""
    gaps = [
        pl.when(pl.Series(rng.random(len(table)) >= 0.01)).then(pl.col(name)).alias(name)
        for name in names
    ]
    return table.with_columns(gaps)


def write(make: Callable[[int, int, int], pl.DataFrame], total: int, path: Path) -> None:
    """Write a table to Parquet, a chunk at a time."""
    import pyarrow.parquet as pq

    writer: Any = None
    for first in range(0, total, CHUNK):
        chunk = make(first, min(CHUNK, total - first), total).to_arrow()
        writer = writer or pq.ParquetWriter(path, chunk.schema, compression="zstd")
        writer.write_table(chunk)
    writer.close()


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what `work` gives, and the seconds that it takes."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def in_turn(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median seconds of each work, all measured in turn in every round."""
    took: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            took[name].append(timed(work)[1])
    return {name: statistics.median(times) for name, times in took.items()}


def peak() -> str:
    """Return the most memory that this process has held so far."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB"


def from_file_to_table(nation: Nation, title: Title, path: Path) -> frames.RolledUp:
    """Return the communes of the nation, evaluated from Parquet."""
    profile = nation.profiles[title]
    evaluated = frames.evaluate(profile, pl.scan_parquet(path))
    return frames.rollup(evaluated.rows, nation.areas, by=AreaLevel.COMMUNE, title=title)


def show(nation: Nation, title: Title, rolled: frames.RolledUp, seconds: float) -> None:
    """Print what the nation comes to, and how long it took."""
    by_level = {
        level: frames.rolled_up(rolled.tallied, nation.areas, by=level, title=title).rows
        for level in (AreaLevel.NATION, AreaLevel.PROVINCE)
    }
    (country,) = by_level[AreaLevel.NATION]
    total = country.tally.known(Count.TOTAL) or 0
    rate = country.rates[Denominator.OF_TOTAL]
    print(
        f"{title.value}: {total:,} rows in {seconds:.1f} s ({total / seconds:,.0f} rows a second), "
        f"{len(rolled.rows):,} communes, {len(by_level[AreaLevel.PROVINCE])} provinces; "
        f"recognised {country.tally.known(Count.RECOGNISED):,} "
        f"({rate.percent_min} to {rate.percent_max} % of all), peak {peak()}"
    )


def update(nation: Nation, rolled: frames.RolledUp) -> None:
    """Print what it costs to change some rows of yesterday's result."""
    title = Title.LEARNING_HOUSEHOLD
    profile = nation.profiles[title]
    before = pl.scan_parquet(nation.households).head(CHANGED).collect()
    after = before.with_columns(has_study_corner=pl.lit(True), activities_joined=pl.lit(9))

    def changed() -> frames.Tallied:
        parts = [
            frames.tallies(frames.evaluate(profile, part).rows, title=title)
            for part in (before, after)
        ]
        return rolled.tallied.updated(removed=parts[0], added=parts[1])

    _, seconds = timed(changed)
    print(f"{CHANGED:,} changed households: yesterday's result updated in {seconds * 1e3:.0f} ms")


def collected(rows: pl.LazyFrame) -> pl.DataFrame:
    """Return the result of rows, computed."""
    table: pl.DataFrame = rows.select(RESULT).collect()
    return table


def compare(nation: Nation, title: Title, sample: pl.DataFrame) -> None:
    """Print the ratio to a query written by hand, after both gave the same on every row."""
    profile = nation.profiles[title]
    by_hand = adults_by_hand if title is Title.LEARNING_CITIZEN else households_by_hand

    def ours() -> pl.DataFrame:
        return collected(frames.evaluate(profile, sample.lazy()).rows)

    def theirs() -> pl.DataFrame:
        return collected(by_hand(sample.lazy()))

    if not ours().equals(theirs()):
        sys.exit(f"{title.value}: the query by hand differs; nothing was measured.")
    took = in_turn({"xhht": ours, "by hand": theirs})
    ratio = took["xhht"] / took["by hand"]
    print(
        f"{title.value}, {len(sample):,} rows in memory: xhht {took['xhht']:.3f} s, "
        f"Polars by hand {took['by hand']:.3f} s, ratio {ratio:.2f} (goal 1.25)"
    )


def compare_openfisca(nation: Nation, sample: pl.DataFrame) -> None:
    """Print the ratio to OpenFisca, loading included on both sides; it knows no missing facts."""
    known = sample.drop_nulls()
    profile = nation.profiles[Title.LEARNING_HOUSEHOLD]

    def ours() -> list[int]:
        loaded = xhht.load_profile(profile.file)
        points: list[int] = collected(frames.evaluate(loaded, known.lazy()).rows)[
            "points_certain"
        ].to_list()
        return points

    def theirs() -> list[int]:
        return households_in_openfisca(known)

    if ours() != theirs():
        sys.exit("OpenFisca differs on the same rows; nothing was measured.")
    took = in_turn({"xhht": ours, "OpenFisca": theirs})
    print(
        f"points of {len(known):,} households, loading included: xhht {took['xhht']:.3f} s, "
        f"OpenFisca {took['OpenFisca']:.3f} s, {took['OpenFisca'] / took['xhht']:.1f} times as long"
    )


@click.command()
@click.option("--households", "number", default=28_000_000, show_default=True)
@click.option("--adults", "persons", default=75_000_000, show_default=True)
@click.option("--directory", type=click.Path(path_type=Path), help="Keep the tables here.")
@click.option("--openfisca/--no-openfisca", default=True, show_default=True)
def main(number: int, persons: int, directory: Path | None, openfisca: bool) -> None:
    """Make the nation, evaluate it, and print what it took."""
    with tempfile.TemporaryDirectory() as temporary:
        nation = _made(directory or Path(temporary), number, persons)
        sample = pl.scan_parquet(nation.households).head(SAMPLE).collect()
        people = pl.scan_parquet(nation.adults).head(SAMPLE).collect()
        compare(nation, Title.LEARNING_CITIZEN, people)
        compare(nation, Title.LEARNING_HOUSEHOLD, sample)
        if openfisca:
            compare_openfisca(nation, sample)
        tables = {
            Title.LEARNING_HOUSEHOLD: nation.households,
            Title.LEARNING_CITIZEN: nation.adults,
        }
        for title, path in tables.items():
            rolled, seconds = timed(partial(from_file_to_table, nation, title, path))
            show(nation, title, rolled, seconds)
            if title is Title.LEARNING_HOUSEHOLD:
                update(nation, rolled)


def _made(directory: Path, number: int, persons: int) -> Nation:
    directory.mkdir(parents=True, exist_ok=True)
    nation = Nation(
        households=directory / f"households-{number}.parquet",
        adults=directory / f"adults-{persons}.parquet",
        areas=areas(),
        profiles={
            Title.LEARNING_CITIZEN: xhht.bundled_profiles().get(CITIZEN),
            Title.LEARNING_HOUSEHOLD: xhht.load_profile(EXAMPLES / "household-illustrative.yaml"),
        },
    )
    for make, total, path in _missing(nation, number, persons):
        _, seconds = timed(partial(write, make, total, path))
        size = f"{path.stat().st_size / 2**20:,.0f} MiB"
        print(f"{path.stem}: {total:,} rows, {size}, {seconds:.0f} s")
    return nation


def _missing(nation: Nation, number: int, persons: int) -> Iterator[tuple[Any, int, Path]]:
    for make, total, path in (
        (households, number, nation.households),
        (adults, persons, nation.adults),
    ):
        if not path.exists():
            yield make, total, path


if __name__ == "__main__":
    main()
