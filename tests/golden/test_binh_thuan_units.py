"""Bình Thuận's units as published: 124 in 2023, 121 from 1/12/2024, 45 in Lâm Đồng from 1/7/2025.

Resolutions 1253/NQ-UBTVQH15 and 1671/NQ-UBTVQH15; the statistics office's conversion table of 2025.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from xhht.domain import AreaLevel, Concordance
from xhht.tables import read_areas, read_changes
from xhht.tables.csv import open_csv

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "binh_thuan"
IN_2023, AFTER = date(2023, 12, 31), date(2025, 7, 1)


@pytest.fixture(scope="module")
def concordance() -> Concordance:
    with open_csv(FOLDER / "areas-over-time.csv") as table:
        areas = read_areas(table.columns, table)
    with open_csv(FOLDER / "changes.csv") as table:
        return read_changes(table.columns, table).concordance(areas)


@pytest.mark.parametrize(
    ("day", "districts", "units"),
    [(IN_2023, 10, 124), (date(2024, 12, 31), 10, 121), (AFTER, 0, 45)],
)
def test_units_of_a_day(concordance: Concordance, day: date, districts: int, units: int) -> None:
    tree = concordance.tree.on(day)
    numbers = len(tree.at_level(AreaLevel.DISTRICT)), len(tree.at_level(AreaLevel.COMMUNE))
    assert numbers == (districts, units)


def test_the_124_of_2023_are_just_the_45_of_2025(concordance: Concordance) -> None:
    after = concordance.tree.on(AFTER).at_level(AreaLevel.COMMUNE)
    before = concordance.tree.on(IN_2023).at_level(AreaLevel.COMMUNE)
    reached = {
        area
        for commune in before
        for area in concordance.targets(commune.code, IN_2023, AFTER).areas
    }
    assert reached == set(after)
    sources = [concordance.sources(area.code, AFTER, IN_2023) for area in after]
    assert all(source.complete for source in sources)
    assert {part.area for source in sources for part in source.parts} == set(before)
    # One commune is divided, so that it stands as a source twice.
    assert sum(len(source.parts) for source in sources) == 125
