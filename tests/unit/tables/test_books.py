"""Workbooks of each format: what openpyxl does not read, calamine does, with the same rows."""

from __future__ import annotations

from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZipFile

import openpyxl
import pytest
import xlwt
from openpyxl.styles import Font

from xhht.errors import TableError
from xhht.tables.book import Merged
from xhht.tables.books import open_book

ROWS: list[list[Any]] = [
    ["BIỂU 1", None, None, None],
    ["id", "members", "share", "day"],
    ["00123", 40, 0.963, date(2024, 2, 29)],
    [None, None, None, None],
    ["B", 7, 0.5, date(2024, 12, 31)],
]
TCVN3 = [["Tæng sè hé", "Céng ®ång"], ["§¬n vÞ", "Dßng hä"], ["Gia ®×nh", "Phô n÷"]]
UNICODE = [["Tổng số hộ", "Cộng đồng"], ["Đơn vị", "Dòng họ"], ["Gia đình", "Phụ nữ"]]
STRICT = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        "http://purl.oclc.org/ooxml/spreadsheetml/main"
    ),
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def xlsx(path: Path, rows: list[list[Any]], font: str | None = None) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell in (cell for row in book.active.iter_rows() for cell in row):
        if font is not None:
            cell.font = Font(name=font)
    book.active.title = "Biểu 1"
    book.create_sheet("Ẩn").sheet_state = "hidden"
    book.save(path)


def strict(path: Path, rows: list[list[Any]]) -> None:
    plain = path.with_suffix(".plain")
    xlsx(plain, rows)
    with ZipFile(plain) as source, ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            for old, new in STRICT.items():
                content = content.replace(old.encode(), new.encode())
            target.writestr(name, content)


def xls(path: Path, rows: list[list[Any]]) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Biểu 1")
    book.add_sheet("Ẩn").visibility = 1
    days = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write(number, column, value, days)
            elif value is not None:
                sheet.write(number, column, value)
    book.save(str(path))


def ods(path: Path, rows: list[list[Any]]) -> None:
    def cell(value: Any) -> str:
        match value:
            case None:
                return "<table:table-cell/>"
            case str():
                return (
                    '<table:table-cell office:value-type="string">'
                    f"<text:p>{escape(value)}</text:p></table:table-cell>"
                )
            case date():
                kind, attribute = "date", f'office:date-value="{value.isoformat()}"'
            case _:
                kind, attribute = "float", f'office:value="{value}"'
        return f'<table:table-cell office:value-type="{kind}" {attribute}/>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    with ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", "<manifest/>")
        file.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="Biểu 1">{lines}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )


def values(path: Path) -> tuple[tuple[str, ...], dict[int, list[Any]]]:
    with closing(open_book(path)) as book:
        (title,) = book.sheets
        rows = {
            number: [cell.value for cell in cells.values()]
            for number, cells in book.rows(title)
            if cells
        }
        return tuple(note.en for note in book.notes), rows


@pytest.mark.parametrize("write", [xlsx, strict, xls, ods])
def test_every_format_has_the_same_rows(tmp_path: Path, write: Any) -> None:
    path = tmp_path / "table.bin"
    write(path, ROWS)
    notes, rows = values(path)
    assert {n: [str(v).removesuffix(" 00:00:00") for v in row] for n, row in rows.items()} == {
        number: [
            str(float(v))
            if isinstance(v, int) and write is not xlsx and write is not xls
            else str(v)
            for v in row
            if v is not None
        ]
        for number, row in enumerate(ROWS, 1)
        if any(row)
    }
    assert any("not a plain .xlsx" in note for note in notes) == (write is not xlsx)


def test_merged_cells_of_an_old_workbook_are_known(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Biểu 1")
    sheet.write_merge(0, 1, 0, 3, "BIỂU 1")
    sheet.write(2, 0, "id")
    book.save(str(tmp_path / "table.xls"))
    with closing(open_book(tmp_path / "table.xls")) as opened:
        assert opened.merged("Biểu 1") == [Merged(1, 2, 1, 4)]


@pytest.mark.parametrize("write", [xls, ods])
def test_legacy_texts_without_known_fonts_are_found_by_their_words(
    tmp_path: Path, write: Any
) -> None:
    write(tmp_path / "table.bin", TCVN3)
    notes, rows = values(tmp_path / "table.bin")
    assert list(rows.values()) == UNICODE
    assert any("TCVN3" in note for note in notes)


def test_texts_that_are_vietnamese_in_no_encoding_are_refused(tmp_path: Path) -> None:
    xls(tmp_path / "table.xls", [["ÞÐßþ", "ðÐßÞ", "þÞðß", "ßÐþÞ", "ÐÐÞß", "ÞÞÐð"]])
    with pytest.raises(TableError, match="not Unicode"):
        values(tmp_path / "table.xls")


def test_legacy_fonts_are_read_and_reported(tmp_path: Path) -> None:
    xlsx(tmp_path / "table.xlsx", TCVN3, ".VnTimeH")
    notes, rows = values(tmp_path / "table.xlsx")
    assert list(rows.values()) == UNICODE
    assert any("TCVN3" in note for note in notes)
    xlsx(tmp_path / "vni.xlsx", [["Toång soá hoä", "xaõ"]], "VNI-Times")
    assert list(values(tmp_path / "vni.xlsx")[1].values()) == [["Tổng số hộ", "xã"]]


def test_unicode_in_a_legacy_font_stays(tmp_path: Path) -> None:
    xlsx(tmp_path / "table.xlsx", UNICODE, ".VnTime")
    notes, rows = values(tmp_path / "table.xlsx")
    assert list(rows.values()) == UNICODE
    assert notes == ()


def test_a_text_that_is_not_certain_is_refused_with_its_cell(tmp_path: Path) -> None:
    xlsx(tmp_path / "table.xlsx", [["id"], ["¬¬¬"]], ".VnTime")
    with pytest.raises(TableError, match=r"Biểu 1!A2 uses the legacy font \.VnTime"):
        values(tmp_path / "table.xlsx")


@pytest.mark.parametrize("write", [strict, xls, ods])
def test_a_damaged_workbook_is_refused(tmp_path: Path, write: Any) -> None:
    path = tmp_path / "table.bin"
    write(path, ROWS)
    expected = values(path)[1]
    content = path.read_bytes()
    for size in range(600, len(content), max(1, len(content) // 40)):
        path.write_bytes(content[:size])
        with suppress(TableError):  # what is cut may be padding alone
            assert values(path)[1] == expected
