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


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("Quận", "district"),
        ("HUYỆN", "district"),
        ("Thị xã", "district"),
        ("Huyện đảo", "district"),
        ("Thành phố thuộc tỉnh", "district"),
        ("Phường", "commune"),
        ("phưòng", "unknown_level"),
        ("Thị trấn", "commune"),
        ("Đặc khu", "commune"),
        ("cấp xã", "commune"),
        ("TT", "commune"),
        ("Thành phố trực thuộc trung ương", "province"),
        ("Thôn", "village"),
        ("Khu phố", "village"),
        ("Tổ dân phố", "village"),
        ("KP", "village"),
        ("ấp", "village"),
        ("Lớp", "unknown_level"),
    ],
)
def test_levels_may_be_kinds_of_areas_in_vietnamese(word: str, level: str) -> None:
    table = read(f"a,Một,{word},")
    read_as = [area.level.value for area in table.tree] or [fault.code for fault in table.faults]
    assert read_as == [level]
    for fault in table.faults:
        assert "thị trấn" in fault.text.vi
        assert "thị trấn" in fault.text.en


@pytest.mark.parametrize(
    ("row", "level"),
    [
        ("79,Hồ Chí Minh,Thành phố,", "province"),
        ("1,Hà Nội,Thành phố,", "province"),
        ("79,Hồ Chí Minh,Thành phố,VN", "province"),
        ("593,Phan Thiết,Thành phố,", "district"),
        ("24,Hà Giang,Thành phố,2", "district"),
        ("q1,Thủ Đức,Thành phố,", "unknown_level"),
        ("593,Phan Thiết,Thành phố,600", "unknown_level"),
    ],
)
def test_a_city_is_a_province_or_a_part_of_one_by_its_place(row: str, level: str) -> None:
    table = read(row)
    read_as = [area.level.value for area in table.tree] or [str(table.faults[0].code)]
    assert read_as == [level]


WIDE = "Tỉnh Thành Phố,Mã TP,Quận Huyện,Mã QH,Phường Xã,Mã PX,Cấp"


def read_text(*lines: str) -> AreaTable:
    table = read_csv_text("\n".join([*lines, ""]))
    return read_areas(table.columns, table)


def test_the_layout_of_the_statistics_office_with_one_row_a_commune() -> None:
    table = read_text(
        WIDE,
        "Thành phố Hà Nội,01,Quận Ba Đình,001,Phường Phúc Xá,00001,Phường",
        "Thành phố Hà Nội,01,Quận Ba Đình,001,Phường Trúc Bạch,00004,Phường",
        "Thành phố Hà Nội,01,Huyện Gia Lâm,018,Thị trấn Yên Viên,00526,Thị trấn",
        "Tỉnh Quảng Ngãi,51,Huyện Lý Sơn,536,,,",
    )
    assert faults(table) == []
    assert table.warnings == ()
    assert {(area.code, area.level.value, area.parent) for area in table.tree} == {
        ("00001", "commune", "001"),
        ("00004", "commune", "001"),
        ("00526", "commune", "018"),
        ("001", "district", "01"),
        ("01", "province", None),
        ("018", "district", "01"),
        ("51", "province", None),
        ("536", "district", "51"),
    }


def test_its_lost_zeros_are_restored_by_level_and_said() -> None:
    table = read_text(WIDE, "Hà Nội,1,Ba Đình,1,Phúc Xá,1,Phường")
    assert {area.code for area in table.tree} == {"00001", "001", "01"}
    (warning,) = table.warnings
    assert "số 0" in warning.vi


def test_it_may_have_two_levels_and_other_spellings_of_its_headings() -> None:
    table = read_text(
        "STT,Mã PX,PHƯỜNG/XÃ,Mã tỉnh,Tỉnh / Thành phố", "1,00004,Phường Ba Đình,01,Hà Nội"
    )
    assert faults(table) == []
    assert [(area.code, area.name) for area in table.tree] == [
        ("00004", "Phường Ba Đình"),
        ("01", "Hà Nội"),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Hà Nội,01,Ba Đình,001,Phúc Xá,00001,Huyện", "broken_row"),
        ("Hà Nội,01,Ba Đình,001,Phúc Xá,,Phường", "missing"),
        ("Hà Tây,01,Ba Đình,001,Phúc Xá,00001,Phường", "duplicate_code"),
    ],
)
def test_its_faults_are_named(row: str, code: str) -> None:
    table = read_text(WIDE, "Hà Nội,01,Ba Đình,001,Trúc Bạch,00004,Phường", row)
    assert code in [fault.code for fault in table.faults]


def test_the_headings_of_the_plain_layout_may_be_vietnamese() -> None:
    table = read_text("Mã,Tên,Cấp,Mã cấp trên", "60,Bình Thuận,Tỉnh,", "593,Phan Thiết,Quận,60")
    assert faults(table) == []
    assert [area.code for area in table.tree.ancestors("593")] == ["60"]
