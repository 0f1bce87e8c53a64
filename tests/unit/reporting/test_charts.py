"""Charts, by their specifications: what they draw, of which figures, in which language."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

from xhht import bundled_profiles, bundled_programmes
from xhht.domain import Area, AreaLevel, AreaTree, Title
from xhht.reporting.charts import area_chart, attainment_chart, points_chart, years_chart
from xhht.reporting.report import Report
from xhht.rollup import Counts, Points, Tally, rollup
from xhht.rollup.reports import Reports
from xhht.rollup.targets import CountTargetEvaluator
from xhht.rollup.tree import AreaTitle

HOUSEHOLD = Title.LEARNING_HOUSEHOLD
TREE = AreaTree(
    [
        Area(code="01", name="Tỉnh <b>", level=AreaLevel.PROVINCE),
        Area(code="a", name="Xã An", level=AreaLevel.COMMUNE, parent="01"),
        Area(code="b", name="Xã Bình", level=AreaLevel.COMMUNE, parent="01"),
        Area(code="c", name="Xã Chung", level=AreaLevel.COMMUNE, parent="01"),
    ]
)
REPORTS: dict[AreaTitle, Tally] = {
    ("a", HOUSEHOLD): Tally.of(Counts(total=100, recognised=60, undetermined=10)),
    ("b", HOUSEHOLD): Tally.of(Counts(total=300, recognised=200, undetermined=0)),
}
UNIT = bundled_profiles().get("vn.unit.tt22-2020")


def values(chart: Any, at: int | None = None) -> list[dict[str, Any]]:
    """Return the rows that a chart, or one of its layers, draws."""
    spec = chart.to_dict()
    drawn = spec if at is None else spec["layer"][at]
    data = drawn.get("data") or spec["data"]
    rows: list[dict[str, Any]] = data["values"]
    return rows


def test_attainment_draws_the_rate_its_range_and_the_mark() -> None:
    programme = next(
        programme for programme in bundled_programmes() if "qd387-2022" in programme.id
    )
    target = next(t for t in programme.targets if t.id == "household_2025")
    reports = Reports(
        tallies=REPORTS, rows={}, titles=(HOUSEHOLD,), by_subject=False, faults=(), warnings=()
    )
    evaluator = CountTargetEvaluator(reports, TREE, by=AreaLevel.PROVINCE)
    attained = evaluator.evaluate([target], as_of=2023)
    chart = attainment_chart(attained.rows, "en")
    (row,) = values(chart, 0)
    assert (row["low"], row["high"]) == (260 / 400, 270 / 400)
    assert row["mark"] == float(target.share or 0)
    assert row["target"] == target.text.en
    assert row["reached"] == "65.00–67.50%"
    assert [layer.mark.type for layer in chart.layer] == ["bar", "bar", "tick"]
    count = evolve(attained.rows[0], target=evolve(target, share=None, count=5))
    assert values(attainment_chart([count]), 0) == []


def test_points_are_counted_in_steps_and_levels_marked() -> None:
    points = {
        Points(UNIT.hash, Fraction(52), Fraction(52)): 3,
        Points(UNIT.hash, Fraction(54), Fraction(54)): 4,
        Points(UNIT.hash, Fraction(54), Fraction(90)): 5,
        Points("another", Fraction(1), Fraction(1)): 9,
    }
    chart = points_chart(Tally.of(Counts(total=21), points=points), UNIT, "en")
    bars = [(row["from"], row["to"], row["subjects"], row["kind"]) for row in values(chart, 0)]
    assert bars == [(50, 55, 7, "determined"), (50, 55, 5, "may have more points")]
    assert [mark["at"] for mark in values(chart, 1)] == [85, 70, 50]
    assert values(chart, 1)[0]["level"] == "Good: 85"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_years_draw_a_line_each(lang: str) -> None:
    rows = rollup(REPORTS, TREE, by=AreaLevel.COMMUNE).rows
    chart = years_chart({2023: rows, 2022: rows[:1]}, lang)
    drawn = [(row["year"], row["low"], row["high"]) for row in values(chart, 0)]
    assert drawn == [("2022", 0.6, 0.7), ("2023", 0.6, 0.7), ("2023", 2 / 3, 2 / 3)]
    series = values(chart, 0)[0]["series"]
    assert series == ("Xã An: Gia đình học tập" if lang == "vi" else "Xã An: Learning household")
    assert values(chart, 0)[0]["label"] == ("60,00–70,00%" if lang == "vi" else "60.00–70.00%")


def test_an_icicle_puts_areas_within_the_span_of_their_parent() -> None:
    report = Report.of_counts(REPORTS, TREE)
    chart = area_chart(report, (HOUSEHOLD, None))
    spans = {row["area"]: (row["left"], row["right"], row["top"]) for row in values(chart)}
    assert spans == {"Tỉnh <b>": (0, 400, 0), "Xã An": (0, 100, 1), "Xã Bình": (100, 400, 1)}
    assert chart.to_dict()["mark"]["type"] == "rect"
