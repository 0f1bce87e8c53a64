from __future__ import annotations

from collections.abc import Sequence

import pytest

from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.people import AreaCode
from xhht.domain.titles import Title
from xhht.errors import RollupError
from xhht.rollup.counts import Bounds, Count, Counts
from xhht.rollup.rates import Coverage
from xhht.rollup.tally import Tally
from xhht.rollup.tree import AreaRollup, Rollup, rollup

HOUSEHOLD = Title.LEARNING_HOUSEHOLD
LEVELS = {1: AreaLevel.PROVINCE, 2: AreaLevel.DISTRICT, 3: AreaLevel.COMMUNE, 4: AreaLevel.VILLAGE}


def tree_of(codes: Sequence[str]) -> AreaTree:
    """A tree in which an area's code is its parent's code and one letter more."""
    return AreaTree(
        Area(
            code=AreaCode(code),
            name=f"Khu vực {code}",
            level=LEVELS[len(code)],
            parent=AreaCode(code[:-1]) if len(code) > 1 else None,
        )
        for code in codes
    )


TREE = tree_of(["p", "pa", "pb", "pax", "pay", "pbx", "q"])


def add_up(reports: dict[str, Counts], by: AreaLevel) -> Rollup:
    tallies = {(code, HOUSEHOLD): Tally.of(counts) for code, counts in reports.items()}
    return rollup(tallies, TREE, by=by, titles=[HOUSEHOLD])


def row(result: Rollup, code: str) -> AreaRollup:
    return next(row for row in result.rows if row.area.code == code)


def test_leaves_add_up_to_every_level() -> None:
    reports = {"pax": Counts(total=1), "pay": Counts(total=2), "pbx": Counts(total=4)}
    totals = {
        level: {r.area.code: r.tally.known(Count.TOTAL) for r in add_up(reports, level).rows}
        for level in (AreaLevel.PROVINCE, AreaLevel.DISTRICT, AreaLevel.COMMUNE)
    }
    assert totals == {
        AreaLevel.PROVINCE: {"p": 7, "q": None},
        AreaLevel.DISTRICT: {"pa": 3, "pb": 4},
        AreaLevel.COMMUNE: {"pax": 1, "pay": 2, "pbx": 4},
    }


def test_coverage_counts_leaf_areas() -> None:
    result = add_up({"pax": Counts(total=1), "pb": Counts(total=4)}, AreaLevel.PROVINCE)
    assert row(result, "p").coverage == Coverage(2, 3)
    assert row(result, "q").coverage == Coverage(0, 1)


def test_an_empty_report_does_not_count_as_one() -> None:
    result = add_up({"pax": Counts()}, AreaLevel.DISTRICT)
    assert row(result, "pa").coverage == Coverage(0, 2)


def test_a_report_from_above_gives_way_to_those_below() -> None:
    reports = {"p": Counts(total=9, recognised=3), "pax": Counts(total=1), "pbx": Counts(total=8)}
    result = add_up(reports, AreaLevel.PROVINCE)
    assert row(result, "p").tally.counts() == Counts(total=9)
    assert row(result, "p").coverage == Coverage(2, 3)
    assert result.conflicts == ()


def test_a_difference_is_told_with_both_counts() -> None:
    reports = {"pa": Counts(total=9, recognised=3), "pax": Counts(total=1), "pay": Counts(total=7)}
    [conflict] = add_up(reports, AreaLevel.PROVINCE).conflicts
    assert (conflict.area.code, conflict.title, conflict.count) == ("pa", HOUSEHOLD, Count.TOTAL)
    assert (conflict.own, conflict.below) == (Bounds(9, 9), Bounds(8, 8))
    assert "9" in conflict.text.vi
    assert "8" in conflict.text.vi


def test_a_blank_below_may_make_up_a_difference() -> None:
    below = {"pax": Counts(total=5, recognised=2), "pay": Counts(total=5)}
    assert not add_up({"pa": Counts(recognised=6), **below}, AreaLevel.DISTRICT).conflicts
    assert add_up({"pa": Counts(recognised=8), **below}, AreaLevel.DISTRICT).conflicts
    assert add_up({"pa": Counts(recognised=1), **below}, AreaLevel.DISTRICT).conflicts


def test_reports_above_the_level_are_named_as_not_shown() -> None:
    result = add_up({"q": Counts(total=3), "pax": Counts(total=1)}, AreaLevel.DISTRICT)
    assert result.not_shown == (("q", HOUSEHOLD),)


def test_titles_are_kept_apart() -> None:
    reports = {
        ("pax", HOUSEHOLD): Tally.of(Counts(total=5)),
        ("pax", Title.LEARNING_CLAN): Tally.of(Counts(total=2)),
    }
    result = rollup(reports, TREE, by=AreaLevel.DISTRICT)
    assert [(r.area.code, r.title, r.tally.known(Count.TOTAL)) for r in result.rows] == [
        ("pa", HOUSEHOLD, 5),
        ("pa", Title.LEARNING_CLAN, 2),
        ("pb", HOUSEHOLD, None),
        ("pb", Title.LEARNING_CLAN, None),
    ]


def test_a_level_without_areas_is_refused() -> None:
    with pytest.raises(RollupError):
        add_up({}, AreaLevel.VILLAGE)


def test_an_area_outside_the_tree_is_refused() -> None:
    with pytest.raises(RollupError):
        add_up({"zzz": Counts(total=1)}, AreaLevel.PROVINCE)
