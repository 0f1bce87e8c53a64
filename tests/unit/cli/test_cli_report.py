"""`xhht report`, and `xhht campaign --report`: files written, and refusals that help."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from xhht.cli import main

AREAS = """code,name,level,parent
01,Tỉnh Mẫu,province,
00004,Xã An,commune,01
00007,Xã Bình,commune,01
"""
COUNTS = """area,title,total,registered,assessed,recognised,undetermined
00004,learning_household,1000,900,800,700,0
00007,learning_household,500,450,400,3,0
"""
UNKNOWN = "99999,learning_household,1,1,1,1,0\n"


class Case:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "areas.csv").write_text(AREAS, encoding="utf-8")

    def run(self, *args: str, counts: str = COUNTS, areas: str = AREAS) -> Result:
        (self.folder / "areas.csv").write_text(areas, encoding="utf-8")
        named = ["report", "-", "--areas", str(self.folder / "areas.csv"), *args]
        return CliRunner().invoke(main, named, input=counts)

    def file(self, name: str) -> str:
        return str(self.folder / name)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_page_and_workbook_are_written(case: Case) -> None:
    page, book = case.file("r.html"), case.file("r.xlsx")
    result = case.run("-o", page, "-o", book, "--as-of", "2023-12-31", "--lang", "en")
    assert (result.exit_code, result.stdout) == (0, f"Written: {page}, {book}.\n")
    assert "Tỉnh Mẫu, 2023" in Path(page).read_text("utf-8")
    assert openpyxl.load_workbook(book).sheetnames[0] == "Summary"


def test_faults_are_told_and_stand_in_the_report(case: Case) -> None:
    page = case.file("r.html")
    result = case.run("-o", page, "--format", "json", counts=COUNTS + UNKNOWN)
    payload = json.loads(result.stdout)
    assert result.exit_code == 1
    assert payload["files"] == [page]
    assert [error["code"] for error in payload["errors"]] == ["unknown_area"]
    assert "Bảng số liệu, dòng 3 [area]" in Path(page).read_text("utf-8")


def test_without_counts_the_page_says_so(case: Case) -> None:
    page = case.file("r.html")
    assert case.run("-o", page, counts="area,title,total\n").exit_code == 0
    text = Path(page).read_text("utf-8")
    assert '<p class="aside">số liệu chưa báo cáo</p>' in text
    assert "<figure>" not in text


def test_one_area_is_reported_without_a_word_of_the_others(case: Case) -> None:
    page = case.file("r.html")
    result = case.run("-o", page, "--area", "00004")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Xã Bình" not in Path(page).read_text("utf-8")


def test_counts_are_held_against_targets(case: Case) -> None:
    page = case.file("r.html")
    named = ("--programme", "vn.programme.qd387-2022", "--as-of", "2023-12-31")
    assert case.run("-o", page, *named).exit_code == 0
    text = Path(page).read_text("utf-8")
    assert "Gia đình học tập: 70% đến năm 2025" in text
    assert "So với chỉ tiêu" in text


def test_small_counts_are_left_out_when_asked(case: Case) -> None:
    page = case.file("r.html")
    assert case.run("-o", page, "--protect", "5").exit_code == 0
    text = Path(page).read_text("utf-8")
    assert ">3<" not in text
    assert ">…<" in text


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-o", "r.pdf"], "must end with .html or .xlsx"),
        (["-o", "r.html", "--area", "7"], "no code 7"),
        (["-o", "no/r.html"], "cannot be written"),
        (["-o", "no/r.xlsx"], "cannot be written"),
        (["-o", "r.html", "--protect", "1"], "--protect"),
        (["-o", "r.html", "--programme", "vn.programme.qd387-2022"], "give --as-of"),
        ([], "--output"),
    ],
)
def test_what_cannot_be_is_refused(case: Case, args: list[str], message: str) -> None:
    given = [case.file(arg) if arg.startswith(("r.", "no/")) else arg for arg in args]
    result = case.run(*given, "--lang", "en")
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_faults_of_the_areas_are_told_where_they_leave_no_top(case: Case) -> None:
    areas = "code,name,level,parent\n01,Tỉnh,province,02\n00004,Xã An,commune,01\n"
    result = case.run("-o", case.file("r.html"), "--lang", "en", areas=areas)
    assert result.exit_code == 1
    assert "Areas, row 1 [parent]" in result.stdout


def test_a_campaign_writes_its_report_with_criteria(case: Case) -> None:
    page = case.file("r.html")
    named = ["campaign", "--year", "2023", "--areas", case.file("areas.csv"), "--counts", "-"]
    result = CliRunner().invoke(main, [*named, "--report", page], input=COUNTS)
    assert result.exit_code == 0
    assert "Tỉnh Mẫu, năm 2023" in Path(page).read_text("utf-8")
    bad = CliRunner().invoke(main, [*named, "--report", case.file("r.csv")], input=COUNTS)
    assert bad.exit_code == 2
