from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from xhht.errors import TableError
from xhht.numbers import Convention
from xhht.reporting import xlsx as workbooks
from xhht.reporting.table_files import Layout, table_file, write_table
from xhht.text import Lang, Text

ROWS = pl.DataFrame(
    {
        "area": ["00004", None],
        "total": [253_853, None],
        "points": [Decimal("43.077"), Decimal("10.000")],
        "day": [date(2024, 12, 31), None],
        "flag": [True, False],
    }
)


def sheet_of(path: Path, at: int = 0) -> Any:
    return openpyxl.load_workbook(path).worksheets[at]


def test_csv_has_a_byte_order_mark_and_exact_decimals(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_table(ROWS.lazy(), path)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines() == [
        "area,total,points,day,flag",
        "00004,253853,43.077,2024-12-31,true",
        ",,10.000,,false",
    ]


def test_csv_may_be_written_the_vietnamese_way(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_table(ROWS.select("area", "points"), path, Layout(numbers=Convention.VI))
    assert path.read_text("utf-8-sig").splitlines()[1] == "00004;43,077"
    write_table(ROWS.select("area", "points"), path, Layout(delimiter="\t"))
    assert path.read_text("utf-8-sig").splitlines()[1] == "00004\t43.077"


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "-1-cmd"])
def test_no_text_of_csv_is_a_formula(tmp_path: Path, text: str) -> None:
    write_table(pl.DataFrame({"note": [text]}), tmp_path / "a.csv")
    assert pl.read_csv(tmp_path / "a.csv")["note"].item() == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+5", "-2,5", "-1.234,5", "-70,5%", "a=b", "'=1"])
def test_numbers_in_text_stay_as_they_are(tmp_path: Path, text: str) -> None:
    write_table(pl.DataFrame({"note": [text]}), tmp_path / "a.csv", Layout(delimiter=";"))
    assert (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1] == text


def test_parquet_keeps_types_and_says_what_it_rests_on(tmp_path: Path) -> None:
    write_table(ROWS, tmp_path / "a.parquet", Layout(metadata={"xhht.profile": "x@1.0.0"}))
    assert pl.read_parquet(tmp_path / "a.parquet").equals(ROWS)
    assert pl.read_parquet_metadata(tmp_path / "a.parquet")["xhht.profile"] == "x@1.0.0"


def test_a_workbook_holds_real_numbers_with_their_formats(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_table(
        ROWS.with_columns(
            rate=pl.lit(Decimal("78.10")),
            double=pl.lit(0.5),
            time=pl.lit(datetime(2024, 1, 2, 3)),
            note=pl.lit("=1+1"),
            link=pl.lit("https://example.org"),
        ),
        path,
        Layout(percents=["rate"], labels={"area": Text(vi="Mã", en="Code")}, lang=Lang.EN),
    )
    sheet = sheet_of(path)
    assert sheet.title == "Results"
    assert sheet.freeze_panes == "A2"
    header, first, second = sheet.iter_rows()
    assert [cell.value for cell in header][:2] == ["Code", "total"]
    assert [(cell.value, cell.number_format) for cell in first] == [
        ("00004", "@"),
        (253_853, "#,##0"),
        (43.077, "#,##0.000"),
        (datetime(2024, 12, 31), "dd/mm/yyyy"),
        (True, "General"),
        (0.781, "0.00%"),
        (0.5, "General"),
        ("2024-01-02 03:00:00", "@"),
        ("=1+1", "@"),
        ("https://example.org", "@"),
    ]
    assert [cell.value for cell in second][:5] == [None, None, 10, None, False]
    assert {cell.font.name for row in sheet.iter_rows() for cell in row} == {"Times New Roman"}
    assert {cell.data_type for cell in second} <= {"n", "b", "s", "d"}
    assert sheet.column_dimensions["J"].width > sheet.column_dimensions["C"].width


def test_a_second_sheet_says_what_a_workbook_rests_on(tmp_path: Path) -> None:
    about = [Text(vi="Bộ tiêu chí: x", en="Profile: x"), Text(vi="Ngày", en="Day")]
    write_table(ROWS, tmp_path / "a.xlsx", Layout(about=about))
    sheet = sheet_of(tmp_path / "a.xlsx", 1)
    assert [row[0].value for row in sheet.iter_rows()] == ["Bộ tiêu chí: x", "Ngày"]


def test_numbers_that_a_workbook_cannot_hold_are_text(tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": [10**15, 5], "d": [math.nan, math.inf]})
    write_table(frame, tmp_path / "a.xlsx")
    _, first, second = sheet_of(tmp_path / "a.xlsx").iter_rows()
    assert [cell.value for cell in (*first, *second)] == [str(10**15), "nan", 5, "inf"]


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx"])
def test_an_empty_table_has_its_header(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    write_table(ROWS.clear(), path)
    if ending == ".xlsx":
        [header] = sheet_of(path).iter_rows(values_only=True)
        assert list(header) == ROWS.columns
    else:
        table = pl.read_csv(path) if ending == ".csv" else pl.read_parquet(path)
        assert (table.columns, table.height) == (ROWS.columns, 0)


@pytest.mark.parametrize(
    ("name", "frame", "said"),
    [
        ("a.txt", ROWS, ".csv, .parquet or .xlsx"),
        ("no/such/folder.csv", ROWS, "cannot be written"),
        ("a.csv", pl.DataFrame({"a": [[1]]}), "nested"),
        ("a.xlsx", pl.DataFrame({"a": ["x" * 40_000]}), "32,767"),
        ("a.xlsx", pl.DataFrame({"a": list(range(50))}), "1,048,576 rows"),
    ],
)
def test_what_cannot_be_written_leaves_nothing(
    tmp_path: Path, name: str, frame: pl.DataFrame, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With the header these are one too many; a real sheet takes long to fill.
    monkeypatch.setattr(workbooks, "_MAX_ROWS", 50)
    with pytest.raises(TableError, match=said) as error:
        write_table(frame, tmp_path / name)
    assert error.value.message("vi") != error.value.message("en")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx"])
def test_what_ends_badly_leaves_the_file_that_was_there(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(b"before")

    def fail() -> None:
        with table_file(path) as sink:
            sink(ROWS.lazy()).collect(engine="streaming")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"before"
