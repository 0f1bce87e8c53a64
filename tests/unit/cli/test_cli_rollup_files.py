"""`xhht rollup` of tables in other files than CSV, and of long ones; and tables written."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner, Result

from xhht.cli import _counts, main

AREAS = """code,name,level,parent
01,Tỉnh Mẫu,province,
00004,Xã An,commune,01
00007,Xã Bình,commune,01
"""
SUBJECTS = """id,area,title,verdict,level,points_certain,points_possible,profile
a,00004,learning_household,recognised,good,80.5,80.5,p
b,4,Gia đình học tập,not_recognised,,10,10,p
c,00007,learning_household,undetermined,,10,90,p
d,99999,learning_household,recognised,,,,
a,00007,learning_household,recognised,good,80.5,80.5,p
e,00007,learning_clan,yes,,,,
"""
COUNTS = """area,title,total,registered,assessed,recognised,undetermined
4,learning_household,1000,900,800,700,
00007,learning_household,500,,,600,
"""


class Case:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "areas.csv").write_text(AREAS, encoding="utf-8")

    def write(self, table: str, ending: str) -> str:
        path = self.folder / f"table{ending}"
        text = pl.read_csv(table.encode(), infer_schema=False)
        typed = text.with_columns(
            pl.col(name).cast(pl.Float64 if "points" in name else pl.Int64)
            for name in text.columns
            if name not in ("id", "area", "title", "verdict", "level", "profile")
        )
        if ending == ".csv":
            path.write_text(table, encoding="utf-8")
        elif ending == ".parquet":
            typed.write_parquet(path)
        else:
            book = openpyxl.Workbook()
            sheet = book.active
            assert sheet is not None
            for row in (typed.columns, *typed.rows()):
                sheet.append(row)
            book.save(path)
        return str(path)

    def run(self, path: str, *args: str) -> Result:
        areas = str(self.folder / "areas.csv")
        return CliRunner().invoke(
            main, ["rollup", path, "--areas", areas, "--by", "commune", *args]
        )

    def json(self, path: str, *args: str) -> dict[str, Any]:
        payload: dict[str, Any] = json.loads(self.run(path, "--format", "json", *args).stdout)
        return payload


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


@pytest.mark.parametrize("table", [SUBJECTS, COUNTS], ids=["subjects", "counts"])
@pytest.mark.parametrize("numbers", ["plain", "vi"])
def test_every_kind_of_file_says_the_same(case: Case, table: str, numbers: str) -> None:
    expected = case.json(case.write(table, ".csv"))
    assert expected["areas"]
    assert expected["errors"]
    assert case.json(case.write(table, ".parquet"), "--numbers", numbers) == expected
    payload = case.json(case.write(table, ".xlsx"), "--numbers", numbers)
    for error in payload["errors"]:
        error["row"] -= 1  # a sheet numbers its rows itself, the header with them
        for row in range(1, 8):
            error["message"] = error["message"].replace(f"dòng {row + 1} ", f"dòng {row} ")
    assert payload == expected


def test_a_long_csv_is_read_as_columns_and_says_the_same(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = case.write(SUBJECTS, ".csv")
    alone = case.run(path, "--format", "json")
    monkeypatch.setattr(_counts, "_LONG", 0)
    monkeypatch.setattr(_counts, "open_table", lambda *_arguments: pytest.fail("read row by row"))
    assert not _counts._is_long("-")
    monkeypatch.setattr(_counts, "_is_long", lambda _path: True)
    together = case.run(path, "--format", "json")
    assert json.loads(together.stdout) == json.loads(alone.stdout)
    assert together.stderr == alone.stderr
    assert together.exit_code == alone.exit_code == 1


@pytest.mark.parametrize(("table", "is_long"), [(SUBJECTS, True), (COUNTS, False)])
def test_only_many_subjects_are_long(
    case: Case, monkeypatch: pytest.MonkeyPatch, table: str, is_long: bool
) -> None:
    path = case.write(table, ".csv")
    assert not _counts._is_long(path)
    monkeypatch.setattr(_counts, "_LONG", 10)
    assert _counts._is_long(path) is is_long


def test_broken_rows_keep_their_numbers(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(case.folder / "broken.csv")
    broken = SUBJECTS.replace(",recognised,,,,", ",recognised,,,,,too,many")
    Path(path).write_text(broken, encoding="utf-8")
    monkeypatch.setattr(_counts, "_LONG", 0)
    errors = [(e["row"], e["code"], e["field"]) for e in case.json(path)["errors"]]
    assert (4, "broken_row", None) in errors


def test_a_totals_row_of_a_workbook_is_left_out_with_a_note(case: Case, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["BẢNG TỔNG HỢP"],
        ["stt", "area", "title", "total", "recognised"],
        [1, 4, "Gia đình học tập", 10, 5],
        [2, 7, "Gia đình học tập", 20, "=2+3"],
        ["Tổng cộng", None, None, 30, 10],
    ):
        sheet.append(row)
    book.save(tmp_path / "counts.xlsx")
    result = case.run(str(tmp_path / "counts.xlsx"), "--format", "json", "--lang", "en")
    payload = json.loads(result.stdout)
    assert [(e["row"], e["code"]) for e in payload["errors"]] == [(4, "broken_row")]
    assert "formula without a stored result" in payload["errors"][0]["message"]
    assert [area["total"] for area in payload["areas"]] == [10, None]
    assert "Totals rows are excluded: 1" in result.stderr
    assert case.run(str(tmp_path / "counts.xlsx"), "--sheet", "no").exit_code == 2


def test_results_of_evaluate_are_rolled_up(case: Case, tmp_path: Path) -> None:
    table = tmp_path / "units.csv"
    table.write_text("id,area,has_learning_policy\na,00004,1\nb,00004,0\nc,7,1\n", encoding="utf-8")
    out = str(tmp_path / "results.parquet")
    evaluated = CliRunner().invoke(
        main,
        [
            "evaluate",
            "vn.unit.tt22-2020.all-or-nothing",
            str(table),
            "-o",
            out,
            "--area-level",
            "commune",
        ],
    )
    assert evaluated.exit_code == 0
    payload = case.json(out)
    counted = [(a["area"], a["title"], a["total"], a["undetermined"]) for a in payload["areas"]]
    assert counted == [("00004", "learning_unit", 2, 2), ("00007", "learning_unit", 1, 1)]


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx"])
def test_the_table_is_written_too(case: Case, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"out{ending}"
    path = case.write(COUNTS.replace("600", "300"), ".csv")
    result = case.run(path, "-o", str(out), "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == case.json(path)
    if ending == ".xlsx":
        sheet = openpyxl.load_workbook(out).worksheets[0]
        header, first, *_ = sheet.iter_rows()
        assert [cell.value for cell in header][:6] == [
            *("Mã", "Khu vực", "Cấp", "Danh hiệu", "Tổng số", "Đăng ký"),
        ]
        assert [cell.value for cell in first][:5] == [
            *("00004", "Xã An", "xã", "Gia đình học tập", 1000),
        ]
        assert (first[11].value, first[11].number_format) == (0.7, "0.00%")
        return
    frame = pl.read_parquet(out) if ending == ".parquet" else pl.read_csv(out, infer_schema=False)
    row = frame.to_dicts()[0]
    assert (row["area"], row["level"], row["title"]) == ("00004", "commune", "learning_household")
    assert Decimal(row["of_total_percent_min"]) == Decimal("70.00")
    assert int(row["coverage_expected"]) == 1


def test_a_table_that_cannot_be_written_is_refused(case: Case, tmp_path: Path) -> None:
    result = case.run(case.write(COUNTS, ".csv"), "-o", str(tmp_path / "out.txt"))
    assert (result.exit_code, result.stdout) == (2, "")
