"""Bình Thuận through time: 124 communes, 121 from 1 December 2024, 45 from 1 July 2025."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from xhht.domain import AreaLevel, Concordance, Split
from xhht.rollup.national import national_concordance
from xhht.tables import AreaTable, read_areas, read_changes
from xhht.tables.csv import open_csv

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "binh_thuan"
IN_2023, IN_MARCH_2025, AFTER = date(2023, 12, 31), date(2025, 3, 1), date(2025, 7, 1)


@pytest.fixture(scope="module")
def areas() -> AreaTable:
    with open_csv(FOLDER / "areas-over-time.csv") as table:
        return read_areas(table.columns, table)


@pytest.fixture(scope="module")
def concordance(areas: AreaTable) -> Concordance:
    with open_csv(FOLDER / "changes.csv") as table:
        changes = read_changes(table.columns, table)
    assert not areas.faults
    assert not changes.faults
    assert not changes.check(areas)
    return changes.concordance(areas)


def kinds(areas: AreaTable, day: date) -> Counter[str]:
    communes = areas.tree.on(day).at_level(AreaLevel.COMMUNE)
    known = "Xã", "Phường", "Thị trấn", "Đặc khu"
    return Counter(kind for area in communes for kind in known if area.name.startswith(kind))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (IN_2023, {"Xã": 93, "Phường": 19, "Thị trấn": 12}),
        (date(2024, 11, 30), {"Xã": 93, "Phường": 19, "Thị trấn": 12}),
        (date(2024, 12, 1), {"Xã": 93, "Phường": 16, "Thị trấn": 12}),
        (date(2025, 6, 30), {"Xã": 93, "Phường": 16, "Thị trấn": 12}),
        (AFTER, {"Xã": 36, "Phường": 8, "Đặc khu": 1}),
    ],
)
def test_kinds_of_communes(areas: AreaTable, day: date, expected: dict[str, int]) -> None:
    assert kinds(areas, day) == expected


def test_communes_by_district(areas: AreaTable) -> None:
    sizes = {"593": 18, "594": 9, "595": 11, "596": 18, "597": 17}
    sizes |= {"598": 13, "599": 13, "600": 12, "601": 10, "602": 3}
    for day, expected in ((IN_2023, sizes), (IN_MARCH_2025, sizes | {"593": 15})):
        tree = areas.tree.on(day)
        districts = tree.at_level(AreaLevel.DISTRICT)
        assert {area.code: len(tree.children(area.code)) for area in districts} == expected
    assert not areas.tree.on(AFTER).at_level(AreaLevel.DISTRICT)


def test_the_areas_of_2023_are_those_of_the_demo(areas: AreaTable) -> None:
    with open_csv(FOLDER / "areas.csv") as table:
        demo = read_areas(table.columns, table).tree
    tree = areas.tree.on(IN_2023)
    assert {(a.code, a.name, a.parent) for a in demo} == {
        (a.code, a.name, a.parent) for a in tree if a.code not in ("67", "68")
    }


@pytest.mark.parametrize(
    ("code", "day", "goes_to"),
    [
        ("22942", IN_2023, "Phường Phan Thiết"),
        ("22948", IN_2023, "Phường Phan Thiết"),
        ("22939", IN_2023, "Phường Phan Thiết"),
        ("22951", IN_2023, "Phường Phan Thiết"),
        ("22915", IN_2023, "Phường Mũi Né"),
        ("23011", IN_2023, "Xã Phan Sơn"),
        ("23053", IN_MARCH_2025, "Xã Hòa Thắng"),
        ("23272", IN_2023, "Đặc khu Phú Quý"),
    ],
)
def test_communes_are_followed_over_both_days(
    concordance: Concordance, code: str, day: date, goes_to: str
) -> None:
    assert [area.name for area in concordance.targets(code, day, AFTER).areas] == [goes_to]


def test_phong_phu_alone_is_split(concordance: Concordance) -> None:
    tree = concordance.tree.on(IN_2023)
    split = [
        area.code
        for area in tree.at_level(AreaLevel.COMMUNE)
        if isinstance(concordance.targets(area.code, IN_2023, AFTER), Split)
    ]
    assert split == ["22978"]


def test_four_new_communes_draw_on_two_districts(concordance: Concordance) -> None:
    before = concordance.tree.on(IN_MARCH_2025)
    drawing = []
    for area in concordance.tree.on(AFTER).at_level(AreaLevel.COMMUNE):
        parts = concordance.sources(area.code, AFTER, IN_MARCH_2025).parts
        if len({before[part.area.code].parent for part in parts}) > 1:
            drawing.append(area.name)
    assert drawing == ["Phường Hàm Thắng", "Phường Bình Thuận", "Xã Tuyên Quang", "Xã Tân Lập"]


def test_the_national_tables_agree_on_what_is_whole(concordance: Concordance) -> None:
    country = national_concordance()
    differing = set()
    for area in concordance.tree.on(IN_MARCH_2025).at_level(AreaLevel.COMMUNE):
        ours, theirs = (
            {area.code for area in one.targets(area.code, IN_MARCH_2025, AFTER).areas}
            for one in (concordance, country)
        )
        if ours != theirs:
            differing.add(area.code)
    # Of Xã Hòa Thắng land alone went to Xã Hồng Thái, which those tables cannot say.
    assert differing == {"23053"}


def test_every_row_without_a_source_says_why() -> None:
    with (FOLDER / "changes.csv").open(encoding="utf-8") as file:
        assert all(row["source"] or row["note"] for row in csv.DictReader(file))
