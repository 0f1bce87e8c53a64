from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import polars as pl
import pytest
from inline_tables import sample_profile, workbook
from openpyxl.styles import Font

from xhht.errors import TableError
from xhht.frames import evaluate
from xhht.frames.files import ROW, Scanned, scan_table

PROFILE = sample_profile()
SHEET = "xl/worksheets/sheet1.xml"
HEADER = ["id", "total", "part"]


def scan(path: Path, **options: Any) -> Scanned:
    return scan_table(path, PROFILE, **options)


def rows(scanned: Scanned) -> list[dict[str, Any]]:
    return scanned.frame.drop(ROW).collect().to_dicts()


def faulty(scanned: Scanned) -> list[tuple[str, str, str]]:
    """Return the place, column and reason of each row that cannot be read."""
    cells = scanned.invalid.collect().select(ROW, "column", "reason").rows()
    return [(scanned.location(row, column).vi, column, reason) for row, column, reason in cells]


def cell(place: str, value: Any = None, number_format: str = "General") -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        sheet[place].number_format = number_format
        if value is not None:
            sheet[place] = value

    return change


def rewrite(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert change(parts[part]) != parts[part]
    parts[part] = change(parts[part])
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


# Where the table is


def test_the_header_stands_below_titles_and_across_merged_cells(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["UBND XÃ MẪU"],
            ["BIỂU TỔNG HỢP SỐ LIỆU"],
            [],
            ["id", "Số liệu", None, "Ghi chú"],
            [None, "total", unicodedata.normalize("NFD", "part"), None],
            ["A", 1, 2, 3],
            [],
            ["x", 7, 5, "đủ"],
        ],
        lambda sheet: [sheet.merge_cells(area) for area in ("A2:D2", "A4:A5", "B4:C4", "D4:D5")],
    )
    scanned = scan(path)
    assert rows(scanned) == [{"id": "x", "total": 7, "part": 5, "Ghi chú": "đủ"}]
    assert scanned.location(8, "part").vi == "Hộ!C8"
    assert set(scanned.row_kinds.collect()["kind"]) == {"subject", "column_numbers"}


def test_the_sheet_with_a_header_is_found(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, ["x", 1, 1]])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Ghi chú", 0).append(["Hướng dẫn"])
    book.create_sheet("Nháp").append(HEADER)
    book["Nháp"].sheet_state = "hidden"
    book.save(path)
    assert rows(scan(path)) == [{"id": "x", "total": 1, "part": 1}]


def test_of_several_sheets_one_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, ["x", 1, 1]])
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["Hộ"]).title = unicodedata.normalize("NFD", "Hộ 2")
    book.save(path)
    with pytest.raises(TableError, match="Hộ, Hộ 2"):
        scan(path)
    assert len(rows(scan(path, sheet="Hộ 2"))) == 1
    with pytest.raises(TableError, match="no visible sheet with this name"):
        scan(path, sheet="Hộ 3")


def test_no_header_at_all_and_one_that_repeats_itself(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="No header row found"):
        scan(workbook(tmp_path / "a.xlsx", [["Tên", "Số"], ["x", 1]]))
    with pytest.raises(TableError, match="in columns B, C"):
        scan(workbook(tmp_path / "b.xlsx", [["id", "total", "total "], ["x", 1, 1]]))
    assert rows(scan_table(tmp_path / "a.xlsx")) == [{"Tên": "x", "Số": 1}]


def test_what_has_no_name_is_noted(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["id", None, "total"], ["x", "y", 1, None, "z"]])
    scanned = scan(path)
    assert rows(scanned) == [{"id": "x", "total": 1}]
    assert "B, E" in scanned.notes[0].vi


@pytest.mark.parametrize("damage", ["truncated", "no workbook", "no sheet"])
def test_a_broken_workbook_is_refused(tmp_path: Path, damage: str) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, ["x", 1, 1]])
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[:-200])
    else:
        gone = "xl/workbook.xml" if damage == "no workbook" else SHEET
        rewrite(path, gone, lambda _content: b"<broken")
    with pytest.raises(TableError):
        scan(path)


def test_a_size_that_the_file_states_wrong_hides_no_rows(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, ["x", 1, 1], ["y", 2, 2]])
    rewrite(path, SHEET, lambda content: content.replace(b'ref="A1:C3"', b'ref="A1"'))
    assert len(rows(scan(path))) == 2


@pytest.mark.parametrize(
    ("font", "text"),
    [(".VnTime", "Tr­êng"), (".VNARIAL", "Tr­êng"), ("VNI-Times", "Tröôøng")],
)
def test_texts_in_legacy_fonts_become_unicode(tmp_path: Path, font: str, text: str) -> None:
    def change(sheet: Any) -> None:
        sheet["A3"].font = Font(name=font)
        sheet["B2"].font = Font(name=font)  # numbers are the same in every font

    path = workbook(tmp_path / "a.xlsx", [HEADER, ["x", 1, 1], [text, 2, 2]], change)
    sheet = scan(path)
    assert sheet.frame.collect()["id"].to_list() == ["x", "Trường"]
    assert any("legacy fonts" in note.en for note in sheet.notes)


# Cells


def test_columns_of_one_type_keep_it_and_mixed_ones_are_text(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["id", "flag", "total", "panel", "day", "kind", "Số", "Ngày", "Đủ"],
            [7, True, 10, 2.5, date(2024, 5, 1), "hill", 1.5, datetime(2024, 5, 1), True],
            ["b", "có", "12", 0.1 + 0.2, "2/5/2024", " plain ", 2, date(2024, 5, 2), False],
            [None, 1, 13.0, None, None, None, None, None, None],
        ],
    )
    scanned = scan(path, numbers="vi")
    assert dict(scanned.frame.drop(ROW).collect_schema()) == {
        "id": pl.String,
        "flag": pl.String,
        "total": pl.String,
        "panel": pl.Float64,
        "day": pl.String,
        "kind": pl.String,
        "Số": pl.Float64,
        "Ngày": pl.Date,
        "Đủ": pl.Boolean,
    }
    evaluated = evaluate(PROFILE, scanned.frame, numbers="vi", id="id")
    assert evaluated.rejected.collect().is_empty()
    assert rows(scanned)[1]["panel"] == 0.3
    assert [row["flag"] for row in rows(scanned)] == ["true", "có", "1"]
    assert [row["total"] for row in rows(scanned)] == ["10", "12", "13"]


def test_numbers_beside_text_are_written_as_the_text_is(tmp_path: Path) -> None:
    table = [["id", "panel"], ["a", 2.5], ["b", "3,25"]]
    scanned = scan(workbook(tmp_path / "a.xlsx", table), numbers="vi")
    assert [row["panel"] for row in rows(scanned)] == ["2,5", "3,25"]
    evaluated = evaluate(PROFILE, scanned.frame, numbers="vi")
    assert evaluated.rows.collect()["points_certain"].to_list() == [2_500, 3_250]


def test_percentages_are_told_apart(tmp_path: Path) -> None:
    table = [["id", "rate"], ["a", 0.705], ["b", "70,5%"], ["c", 0.705], ["d", "70.5 %"]]
    path = workbook(tmp_path / "a.xlsx", table, cell("B2", number_format="0%"))
    scanned = scan(path)
    assert faulty(scanned) == []
    evaluated = evaluate(PROFILE, scanned.frame)
    assert evaluated.rows.collect()["points_certain"].to_list() == [10_000] * 4


def test_plain_numbers_that_may_be_percentages_are_refused(tmp_path: Path) -> None:
    table = [["id", "rate"], ["a", 70.5], ["b", 0.5], ["c", 0.5], ["d", "0,5%"], ["e", "1"]]
    path = workbook(tmp_path / "a.xlsx", table, cell("B4", number_format='0.0"x"%'))
    scanned = scan(path)
    assert faulty(scanned) == [
        (place, "rate", "ambiguous_percent") for place in ("Hộ!B2", "Hộ!B3", "Hộ!B6")
    ]
    assert [row["rate"] for row in rows(scanned)] == ["0.5", "0,5%"]


def test_a_total_of_shares_makes_no_share_ambiguous(tmp_path: Path) -> None:
    table = [["id", "rate"], ["a", 0.7], ["b", 0.8], ["Tổng", 1.5]]
    assert faulty(scan(workbook(tmp_path / "a.xlsx", table))) == []


def test_a_percent_format_where_no_share_is_asked_for_is_refused(tmp_path: Path) -> None:
    table = [["id", "total", "Tỉ lệ"], ["a", 0.5, 0.5], ["b", 5, 0.5]]
    changes = [cell(place, number_format="0%") for place in ("B2", "C2")]
    changes.append(cell("B3", number_format='0"%"'))
    scanned = scan(workbook(tmp_path / "a.xlsx", table, *changes))
    assert faulty(scanned) == [("Hộ!B2", "total", "percent_format")]
    assert rows(scanned) == [{"id": "b", "total": 5, "Tỉ lệ": 0.5}]


def test_codes_stored_as_numbers(tmp_path: Path) -> None:
    table = [["id", "area", "total"], [12, 4, 1], [13.0, 7, 1], ["x", "00010", 1]]
    path = workbook(tmp_path / "a.xlsx", table, cell("B2", number_format="00000"))
    assert [(row["id"], row["area"]) for row in rows(scan(path))] == [
        ("12", "00004"),
        ("13", "7"),
        ("x", "00010"),
    ]
    scanned = scan(path, level="commune")
    assert [row["area"] for row in rows(scanned)] == ["00004", "00007", "00010"]
    assert ("padded_code", 1, 3) in scanned.row_kinds.collect().rows()


def test_formulas_are_read_by_the_value_that_was_kept(tmp_path: Path) -> None:
    table = [["stt", "id", "total"], ["=1", "a", "=1+1"], [1, "b", 5], [2, "Tổng", "=5"]]
    path = workbook(tmp_path / "a.xlsx", table)
    scanned = scan(path)
    assert faulty(scanned) == [("Hộ!C2", "total", "no_cached_value")]
    assert rows(scanned) == [{"stt": 1, "id": "b", "total": 5}]
    rewrite(path, SHEET, lambda content: re.sub(rb"(<f>1\+1</f>)<v ?/>", rb"\1<v>2</v>", content))
    assert [row["total"] for row in rows(scan(path))] == [2, 5]


def test_errors_are_refused_where_they_are_asked_for(tmp_path: Path) -> None:
    table = [["id", "total", "Ghi chú"], ["a", "#N/A", None], ["b", 1, "#DIV/0!"]]

    def change(sheet: Any) -> None:
        sheet["B2"].data_type = sheet["C3"].data_type = "e"

    scanned = scan(workbook(tmp_path / "a.xlsx", table, change))
    assert faulty(scanned) == [("Hộ!B2", "total", "error_value")]
    assert [row["id"] for row in rows(scanned)] == ["b"]


def test_merged_cells_name_every_row_but_give_no_number_twice(tmp_path: Path) -> None:
    table = [
        ["area", "id", "total", "part"],
        ["00004", "a", 5, 1],
        [None, "b", 6, 1],
        [None, None, None, None],
        ["00007", "c", 7, 1],
        [None, "d", None, 1],
        ["00010", "e", 8, None],
        ["Tổng", None, 26, None],
    ]
    path = workbook(
        tmp_path / "a.xlsx",
        table,
        lambda sheet: [sheet.merge_cells(a) for a in ("A2:A4", "C5:C6", "C7:D7", "A8:B8")],
    )
    scanned = scan(path)
    assert [(row["area"], row["id"]) for row in rows(scanned)] == [("00004", "a"), ("00004", "b")]
    assert faulty(scanned) == [
        (place, "total", "merged_cell") for place in ("Hộ!C5", "Hộ!C6", "Hộ!C7")
    ]
    assert ("totals_row", 1, 8) in scanned.row_kinds.collect().rows()


def test_rows_of_totals_and_headers_that_come_again(tmp_path: Path) -> None:
    table = [
        ["stt", *HEADER],
        [1, "a", 4, 1],
        ["Cộng", None, 4, 1],
        ["stt", *HEADER],
        [2, "b", 6, 2],
        ["Tổng cộng", None, 11, 3],
    ]
    scanned = scan(workbook(tmp_path / "a.xlsx", table))
    assert [(row["stt"], row["id"], row["total"]) for row in rows(scanned)] == [
        (1, "a", 4),
        (2, "b", 6),
    ]
    noticed = {k: (n, first) for k, n, first in scanned.row_kinds.collect().iter_rows()}
    assert noticed["totals_row"] == (2, 3)
    notes = [note.vi.split(":")[0] for note in scanned.warnings(noticed)]
    assert notes == [
        "2 dòng tổng không được đánh giá (đầu tiên",
        "1 dòng lặp lại tiêu đề được bỏ qua (đầu tiên",
        "Hộ!C6",
    ]


def test_the_hour_of_a_day_does_not_count(tmp_path: Path) -> None:
    table = [
        ["id", "day"],
        ["a", datetime(2024, 5, 1, 8)],
        ["b", date(2024, 5, 1)],
        ["c", "01/05/2024 7:30"],
        ["d", "2024-05-01T00:00:00.864"],
        ["e", "30/02/2024"],
    ]
    scanned = scan(workbook(tmp_path / "a.xlsx", table))
    evaluated = evaluate(PROFILE, scanned.frame)
    assert evaluated.rejected.collect().select("id", "reason").rows() == [("e", "not_a_date")]
    assert evaluated.rows.collect()["verdict"].n_unique() == 1


def test_days_that_may_be_swapped_are_refused_as_a_column(tmp_path: Path) -> None:
    stored = [["a", datetime(2023, 1, 12)], ["b", datetime(2024, 6, 5)]]
    unclear = [["id", "day"], *stored, ["c", "13/06/2024"]]
    scanned = scan(workbook(tmp_path / "a.xlsx", unclear))
    assert scanned.invalid.collect().select("id", "column", "reason").rows() == [
        ("a", "day", "swapped_days"),
        ("b", "day", "swapped_days"),
    ]
    for other in (["c", "05/06/2024"], ["c", datetime(2024, 6, 13)]):
        clear = scan(workbook(tmp_path / "b.xlsx", [["id", "day"], *stored, other]))
        assert clear.invalid.collect().is_empty()
    late = [["id", "day"], *stored, ["c", datetime(2024, 6, 13)], ["d", "13/06/2024"]]
    assert scan(workbook(tmp_path / "c.xlsx", late)).invalid.collect().is_empty()


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (datetime(2024, 12, 1), "day_in_code"),
        (date(2024, 5, 3), "day_in_code"),
        (10**16, "long_code"),
    ],
)
def test_a_code_that_the_spreadsheet_has_changed_is_refused(
    tmp_path: Path, cell: object, reason: str
) -> None:
    scanned = scan(workbook(tmp_path / "a.xlsx", [["id", "total"], [cell, 3], ["5-13", 4], [7, 5]]))
    assert scanned.invalid.collect().select("column", "reason").rows() == [("id", reason)]
    assert scanned.frame.collect()["id"].to_list() == ["5-13", "7"]


@pytest.mark.parametrize("numbers", [[3], [3, 4], []])
def test_hidden_rows_are_read_and_named(tmp_path: Path, numbers: list[int]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "total"], ["a", 1], ["b", 2], ["c", 3]):
        sheet.append(row)
    for number in numbers:
        sheet.row_dimensions[number].hidden = True
    book.save(tmp_path / "a.xlsx")
    scanned = scan(tmp_path / "a.xlsx")
    assert scanned.frame.collect()["id"].to_list() == ["a", "b", "c"]
    notes = [note.get("en") for note in scanned.notes if "hidden" in note.get("en")]
    places = [note.partition(" (first: ")[0].rpartition(": ")[2] for note in notes]
    assert places == ([str(len(numbers))] if numbers else [])
    assert all("Sheet!3" in note for note in notes)


def test_a_long_sheet_tells_how_far_it_is(tmp_path: Path) -> None:
    progress: list[tuple[int, int]] = []
    path = workbook(tmp_path / "a.xlsx", [HEADER, *([f"x{n}", n, 0] for n in range(12_000))])
    scanned = scan(path, progress=lambda more, total: progress.append((more, total)))
    assert len(rows(scanned)) == 12_000
    assert progress == [(5_000, 12_001), (5_000, 12_001), (2_000, 12_001)]
