"""The queries of `nation.py` as a good engineer would write them for one profile, and OpenFisca.

They know the criteria by heart: no profile is read. Missing facts make ranges, as in xhht; rows
that cannot be are left out.
"""

from __future__ import annotations

from typing import Any

import polars as pl

__all__ = ["adults_by_hand", "households_by_hand", "households_in_openfisca"]

MOST = 10**9
INDICATORS = [f"indicator_{number}" for number in range(1, 11)]
COUNTS = [
    "children_of_school_age",
    "children_in_school",
    "children_passing",
    "adults",
    "adults_learning",
    "learning_citizens__held",
    "learning_citizens__others",
    "activities_joined",
]
PERIOD = "2024"

Range = tuple[pl.Expr, pl.Expr]


def _verdict(sure: pl.Expr, possible: pl.Expr) -> list[pl.Expr]:
    recognised = pl.lit("recognised")
    undetermined, not_recognised = pl.lit("undetermined"), pl.lit("not_recognised")
    open_or_not = pl.when(possible).then(undetermined).otherwise(not_recognised)
    return [
        pl.when(sure).then(recognised).otherwise(open_or_not).alias("verdict"),
        pl.when(sure).then(recognised).alias("level"),
    ]


def _mark(low: pl.Expr, high: pl.Expr) -> Range:
    """Return the least and the greatest mark that may be asked for."""
    return (
        pl.when(low).then(70).otherwise(pl.when(high).then(70).otherwise(80)),
        pl.when(low).then(70).otherwise(80),
    )


def adults_by_hand(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return verdict, level and range of points of adults."""
    valid = pl.all_horizontal(pl.col(n).is_between(0, 10).fill_null(True) for n in INDICATORS)
    lows = [pl.col(name).fill_null(0).cast(pl.Int64) for name in INDICATORS]
    highs = [pl.col(name).fill_null(10).cast(pl.Int64) for name in INDICATORS]
    area = pl.col("disadvantaged_area")
    least, most = _mark(area.fill_null(False), area.fill_null(True))
    scored = rows.filter(valid).with_columns(
        points_certain=pl.sum_horizontal(lows),
        points_possible=pl.sum_horizontal(highs),
        floors=pl.all_horizontal(low >= 5 for low in lows),
        open_floors=pl.all_horizontal(high >= 5 for high in highs),
    )
    judged = scored.with_columns(
        sure=pl.col("floors") & (pl.col("points_certain") >= most),
        possible=pl.col("open_floors") & (pl.col("points_possible") >= least),
    )
    return judged.with_columns(_verdict(pl.col("sure"), pl.col("possible")))


def households_by_hand(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return verdict, level and range of points of households."""
    bounds = [pl.col(n).is_between(0, MOST).fill_null(True) for n in COUNTS]
    bounds += [
        pl.col("adults").fill_null(1) >= 1,
        pl.col("village_assessment").is_between(0, 5).fill_null(True),
    ]
    read = rows.filter(pl.all_horizontal(bounds)).with_columns(
        *(
            pl.col(name).cast(pl.Int64).fill_null(int(name == "adults")).alias(f"{name}-")
            for name in COUNTS
        ),
        *(pl.col(name).cast(pl.Int64).fill_null(MOST).alias(f"{name}+") for name in COUNTS),
    )
    narrowed = _narrowed(read)
    scored = narrowed.with_columns([*_children(), *_adults(), *_citizens(), *_conditions()])
    parts = ("1.1", "1.2", "2.1", "2.2", "3")
    low_area, high_area = (pl.col("disadvantaged_area").fill_null(v) for v in (False, True))
    least, most = _mark(low_area, high_area)
    summed = scored.with_columns(
        points_certain=pl.sum_horizontal(f"{part}-" for part in parts).cast(pl.Int64),
        points_possible=pl.sum_horizontal(f"{part}+" for part in parts).cast(pl.Int64),
    )
    judged = summed.with_columns(
        sure=pl.col("must-") & (pl.col("2.1-") >= 5) & (pl.col("points_certain") >= most),
        possible=pl.col("must+") & (pl.col("2.1+") >= 5) & (pl.col("points_possible") >= least),
    )
    return judged.with_columns(_verdict(pl.col("sure"), pl.col("possible")))


def _narrowed(read: pl.LazyFrame) -> pl.LazyFrame:
    """Return counts narrowed by those that bound them, without the rows that leave nothing."""
    chains = (
        ("children_in_school", "children_of_school_age"),
        ("children_passing", "children_in_school"),
        ("adults_learning", "adults"),
    )
    for small, large in chains:
        read = read.with_columns(pl.min_horizontal(f"{small}+", f"{large}+").alias(f"{small}+"))
    read = read.filter(pl.all_horizontal(pl.col(f"{s}-") <= pl.col(f"{s}+") for s, _ in chains))
    for small, large in (chains[1], chains[0], chains[2]):
        read = read.with_columns(pl.max_horizontal(f"{small}-", f"{large}-").alias(f"{large}-"))
    return read


def _children() -> list[pl.Expr]:
    c_low, c_high = pl.col("children_of_school_age-"), pl.col("children_of_school_age+")
    s_low, s_high = pl.col("children_in_school-"), pl.col("children_in_school+")
    p_low, p_high = pl.col("children_passing-"), pl.col("children_passing+")
    some, none = c_low > 0, c_high <= 0
    all_in, all_may = some & (s_low >= c_high), ~some | (s_high >= c_low)
    all_pass, all_may_pass = some & (p_low >= c_high), ~some | (p_high >= c_low)
    half, half_may = some & (2 * p_low >= c_high), ~some | (2 * p_high >= c_low)
    low = pl.when(none | all_pass).then(15).otherwise(pl.when(half).then(8).otherwise(0))
    high = pl.when(none | all_may_pass).then(15).otherwise(pl.when(half_may).then(8).otherwise(0))
    return [
        pl.when(none | all_in).then(20).otherwise(0).alias("1.1-"),
        pl.when(none | all_may).then(20).otherwise(0).alias("1.1+"),
        (none | all_in).alias("must-"),
        (none | all_may).alias("must+"),
        low.alias("1.2-"),
        high.alias("1.2+"),
    ]


def _adults() -> list[pl.Expr]:
    a_low, a_high = pl.col("adults-"), pl.col("adults+")
    ends = ((pl.col("adults_learning-"), a_high), (pl.col("adults_learning+"), a_low))
    low, high = (
        (40 * pl.min_horizontal(learning, adults) + adults) // (2 * adults)
        for learning, adults in ends
    )
    return [low.alias("2.1-"), high.alias("2.1+")]


def _citizens() -> list[pl.Expr]:
    held_low, held_high = pl.col("learning_citizens__held-"), pl.col("learning_citizens__held+")
    rest_low, rest_high = pl.col("learning_citizens__others-"), pl.col("learning_citizens__others+")
    some = held_low + rest_low > 0
    low = high = pl.lit(0)
    for points, weight, rest in ((8, 1, 0), (15, 3, 2), (20, 2, 3)):
        least = 1 if not rest else 0
        sure = some & (weight * held_low - rest * rest_high >= least)
        possible = ~some | (weight * held_high - rest * rest_low >= least)
        low = pl.when(sure).then(points).otherwise(low)
        high = pl.when(possible).then(points).otherwise(high)
    return [low.alias("2.2-"), high.alias("2.2+")]


def _conditions() -> list[pl.Expr]:
    corner, panel = pl.col("has_study_corner"), pl.col("village_assessment")
    columns = []
    for end, unknown, points in (("-", False, 0), ("+", True, 5)):
        joined = pl.min_horizontal(pl.col(f"activities_joined{end}") * 2, 10)
        corner_points = pl.when(corner.fill_null(unknown)).then(10).otherwise(0)
        assessed = panel.fill_null(points).cast(pl.Int64)
        columns.append((corner_points + joined + assessed).alias(f"3{end}"))
    return columns


def households_in_openfisca(rows: pl.DataFrame) -> list[int]:
    """Return the points of households about which everything is known, its loading included."""
    import numpy as np
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import YEAR
    from openfisca_core.simulation_builder import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    household = build_entity("household", "households", "A household", is_person=True)
    system: Any = TaxBenefitSystem([household])
    common = {"entity": household, "definition_period": YEAR}
    truths, numbers = ["has_study_corner"], [*COUNTS, "village_assessment"]

    def formula(subjects: Any, period: Any) -> Any:
        fact = {name: subjects(name, period) for name in (*truths, *numbers)}
        children, passing = fact["children_of_school_age"], fact["children_passing"]
        adults, learned = fact["adults"], fact["learning_citizens__held"]
        total = learned + fact["learning_citizens__others"]
        none = children == 0
        points = 20 * (none | (fact["children_in_school"] >= children))
        points += np.where(
            none | (passing >= children), 15, np.where(2 * passing >= children, 8, 0)
        )
        points += (40 * fact["adults_learning"] + adults) // (2 * adults)
        points += np.select(
            [10 * learned >= 6 * total, 10 * learned >= 4 * total, learned > 0], [20, 15, 8], 0
        )
        points += 10 * fact["has_study_corner"] + np.minimum(2 * fact["activities_joined"], 10)
        return points + fact["village_assessment"]

    for name in (*truths, *numbers):
        attributes = {**common, "value_type": bool if name in truths else int, "label": name}
        system.add_variable(type(name, (Variable,), attributes))
    attributes = {**common, "value_type": int, "label": "Points", "formula": formula}
    system.add_variable(type("points", (Variable,), attributes))
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("household", range(len(rows)))
    simulation = builder.build(system)
    for name in (*truths, *numbers):
        simulation.set_input(name, PERIOD, rows[name].to_numpy())
    totals: list[int] = simulation.calculate("points", PERIOD).tolist()
    return totals
