from __future__ import annotations

import pytest

from xhht.domain.areas import AreaLevel
from xhht.errors import TableError
from xhht.rollup.area_table import AreaTable, read_areas
from xhht.tabular import read_csv_text


def read(*rows: str) -> AreaTable:
    table = read_csv_text("\n".join(["code,name,level,parent", *rows, ""]))
    return read_areas(table.columns, table)


def faults(found: AreaTable) -> list[tuple[int, str, str | None]]:
    return [(fault.row, fault.code.value, fault.field) for fault in found.faults]


def test_a_sound_table() -> None:
    found = read("60,Bình Thuận,province,", "593,Phan Thiết,district,60")
    assert faults(found) == []
    assert [area.code for area in found.tree.ancestors("593")] == ["60"]


def test_levels_may_have_their_vietnamese_name() -> None:
    found = read("60,Bình Thuận,Tỉnh,", "00004,An,xã,60")
    assert [area.level for area in found.tree] == [AreaLevel.COMMUNE, AreaLevel.PROVINCE]


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
    found = read("60,Một,province,", "60,Hai,province,", "593,Phan Thiết,district,60")
    assert faults(found) == [(1, "duplicate_code", "code"), (2, "duplicate_code", "code")]
    assert found.left_out == {"60"}
    assert found.cut_off == {"593"}
    assert [area.code for area in found.tree.roots] == ["593"]


def test_a_cycle_is_left_out() -> None:
    found = read("a,A,district,b", "b,B,district,a", "c,C,commune,a")
    assert faults(found) == [(1, "cycle", "parent"), (2, "cycle", "parent")]
    assert found.left_out == {"a", "b"}
    assert [area.code for area in found.tree] == ["c"]


def test_an_area_below_an_unreadable_one_stands_at_the_top_and_is_told() -> None:
    found = read("60,Bình Thuận,planet,", "593,Phan Thiết,district,60")
    assert [code for _, code, _ in faults(found)] == ["unknown_level", "unknown_parent"]
    assert found.cut_off == {"593"}


def test_columns_are_required() -> None:
    table = read_csv_text("code,name\n1,2\n")
    with pytest.raises(TableError):
        read_areas(table.columns, table)
