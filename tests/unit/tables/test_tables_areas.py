from __future__ import annotations

from datetime import date

import pytest

from xhht.domain.areas import AreaLevel
from xhht.errors import TableError
from xhht.tables.areas import AreaTable, read_areas
from xhht.tables.csv import read_csv_text


def read(*rows: str) -> AreaTable:
    table = read_csv_text("\n".join(["code,name,level,parent", *rows, ""]))
    return read_areas(table.columns, table)


def faults(table: AreaTable) -> list[tuple[int, str, str | None]]:
    return [(fault.row, fault.code, fault.field) for fault in table.faults]


def test_a_sound_table() -> None:
    table = read("60,Bình Thuận,province,", "593,Phan Thiết,district,60")
    assert faults(table) == []
    assert [area.code for area in table.tree.ancestors("593")] == ["60"]


def test_levels_may_have_their_vietnamese_name() -> None:
    table = read("60,Bình Thuận,Tỉnh,", "00004,An,xã,60")
    assert [area.level for area in table.tree] == [AreaLevel.COMMUNE, AreaLevel.PROVINCE]


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (",An,commune,60", "missing", "code"),
        ("1,,commune,60", "missing", "name"),
        ("1,An,,60", "missing", "level"),
        ("1,An,planet,60", "unknown_level", "level"),
        ("1,An,commune,61", "unknown_parent", "parent"),
        ("1,An,province,60", "wrong_level", "level"),
        ("1,An,commune,60,x", "broken_row", None),
        (f"{'1' * 500},An,commune,60", "invalid_area", None),
    ],
)
def test_faults_are_named(row: str, code: str, field: str | None) -> None:
    assert faults(read("60,Bình Thuận,province,", row)) == [(2, code, field)]


def test_of_areas_with_one_code_none_is_used_and_those_below_stand_at_the_top() -> None:
    table = read("60,Một,province,", "60,Hai,province,", "593,Phan Thiết,district,60")
    assert faults(table) == [(1, "duplicate_code", "code"), (2, "duplicate_code", "code")]
    assert table.excluded == {"60"}
    assert table.detached == {"593"}
    assert [area.code for area in table.tree.roots] == ["593"]


def test_a_cycle_is_left_out() -> None:
    table = read("a,A,district,b", "b,B,district,a", "c,C,commune,a")
    assert faults(table) == [(1, "cycle", "parent"), (2, "cycle", "parent")]
    assert table.excluded == {"a", "b"}
    assert [area.code for area in table.tree] == ["c"]


def test_an_area_below_an_unreadable_one_stands_at_the_top_and_is_told() -> None:
    table = read("60,Bình Thuận,planet,", "593,Phan Thiết,district,60")
    assert [code for _, code, _ in faults(table)] == ["unknown_level", "unknown_parent"]
    assert table.detached == {"593"}


def test_columns_are_required() -> None:
    table = read_csv_text("code,name\n1,2\n")
    with pytest.raises(TableError):
        read_areas(table.columns, table)


def read_dated(*rows: str) -> AreaTable:
    header = "code,name,level,parent,valid_from,valid_to,source"
    table = read_csv_text("\n".join([header, *rows, ""]))
    return read_areas(table.columns, table)


def test_areas_of_several_days_stand_in_one_table() -> None:
    table = read_dated(
        "60,Bình Thuận,province,,,2025-07-01,",
        "68,Lâm Đồng,province,,2025-07-01,,202/2025/QH15 ngày 12/6/2025 https://example.org/202",
        "22918,Phường Hàm Tiến,commune,60,,2025-07-01,",
        "22918,Phường Mũi Né,commune,68,2025-07-01,,",
    )
    assert faults(table) == []
    assert table.rows["22918", date(2025, 7, 1)] == 4
    after = table.tree.on(date(2025, 7, 1))
    assert after["22918"].name == "Phường Mũi Né"
    basis = after["68"].legal_basis
    assert basis is not None
    assert (basis.document, basis.source) == ("202/2025/QH15", "https://example.org/202")


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ("1,An,commune,60,1/7/2025,,", "not_a_day", "valid_from"),
        ("1,An,commune,60,,2025-02-30,", "not_a_day", "valid_to"),
        ("1,An,commune,60,2025-07-01,2025-07-01,", "invalid_area", None),
        ("1,An,commune,60,,,somewhere", "invalid_source", "source"),
        ("1,An,commune,60,,,1253/NQ-UBTVQH15", "invalid_source", "source"),
        ("1,An,commune,61,,,", "unknown_parent", "parent"),
    ],
)
def test_faults_of_days_and_sources_are_named(row: str, code: str, field: str | None) -> None:
    assert faults(read_dated("60,Bình Thuận,province,,,,", row)) == [(2, code, field)]


def test_an_area_below_one_that_is_left_out_for_a_time_stands_at_the_top() -> None:
    table = read_dated(
        "60,Một,province,,,2025-07-01,",
        "60,Hai,province,,,2025-07-01,",
        "60,Ba,province,,2025-07-01,,",
        "593,Phan Thiết,district,60,,2025-07-01,",
    )
    assert table.detached == {"593"}
    assert [area.code for area in table.tree.on(date(2025, 6, 30)).roots] == ["593"]
