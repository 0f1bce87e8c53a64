"""Areas by name on the command line: every command with a column of areas, and `--area`."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner, Result

from xhht.cli import main

AREAS = """code,name,level,parent,valid_from,valid_to
01,Tỉnh Mẫu,Tỉnh,,,
00004,Xã Hòa An,Xã,01,,2025-07-01
00007,Phường Bình,Phường,01,,2025-07-01
00010,Thị trấn Chung,Thị trấn,01,,2025-07-01
00004,Xã Hòa An,Xã,01,2025-07-01,
00007,Phường Lạc,Phường,01,2025-07-01,
"""
CHANGES = """from,to,effective,kind
00004,00004,2025-07-01,giữ nguyên
00007,00007,2025-07-01,đổi tên
00010,00004,2025-07-01,nhập toàn bộ
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "areas.csv").write_text(AREAS, encoding="utf-8")
    (tmp_path / "changes.csv").write_text(CHANGES, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--areas", "areas.csv"])


def write(folder: Path, name: str, *lines: str) -> str:
    (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
    return name


def rolled_up(folder: Path, *rows: str, more: tuple[str, ...] = ()) -> Result:
    counts = write(folder, "counts.csv", "area,name,title,total", *rows)
    day = ("--by", "commune", "--on", "2025-12-31", "--format", "json")
    return run("rollup", counts, *day, *more)


def totals(result: Result) -> dict[str, int | None]:
    return {area["area"]: area["total"] for area in json.loads(result.stdout)["areas"]}


def codes(result: Result) -> list[str]:
    return [error["code"] for error in json.loads(result.stdout)["errors"]]


def test_a_roll_up_takes_names_and_says_how_they_were_read(folder: Path) -> None:
    result = rolled_up(
        folder, "X. HOÀ AN,,learning_household,5", "phuong lac,,learning_household,7"
    )
    assert totals(result) == {"00004": 5, "00007": 7}
    assert "“X. HOÀ AN”" in result.stderr
    assert result.exit_code == 0


def test_old_names_need_the_changes_and_a_part_is_never_taken_for_the_whole(folder: Path) -> None:
    rows = ("Phường Bình,,learning_household,5", "TT Chung,,learning_household,7")
    without = rolled_up(folder, *rows)
    assert codes(without) == ["area_not_clear", "area_not_clear"]
    changed = rolled_up(folder, *rows, more=("--changes", "changes.csv"))
    assert totals(changed) == {"00004": None, "00007": 5}
    assert codes(changed) == ["area_not_clear"]
    assert "xhht areas carry" in json.loads(changed.stdout)["errors"][0]["message"]


def test_a_code_of_before_the_reform_beside_its_name_is_an_error(folder: Path) -> None:
    result = rolled_up(
        folder,
        "00007,Phường Bình,learning_household,5",
        "00004,Xã Hoà An,learning_household,7",
    )
    assert codes(result) == ["code_and_name"]
    assert totals(result) == {"00004": 7, "00007": None}
    message = json.loads(result.stdout)["errors"][0]["message"]
    for part in ("Phường Lạc", "Phường Bình", "xhht areas carry"):
        assert part in message


def test_changes_that_contradict_the_areas_end_the_command(folder: Path) -> None:
    write(folder, "changes.csv", "from,to,effective,kind", "00099,00004,2025-07-01,đổi tên")
    result = rolled_up(folder, more=("--changes", "changes.csv"))
    assert result.exit_code == 1
    assert "dòng 1" in result.stderr


@pytest.mark.parametrize("area", ["Xã Hòa An", "xa hoa an", "00004"])
def test_the_area_of_a_report_and_of_a_shortlist_may_be_a_name(folder: Path, area: str) -> None:
    counts = write(folder, "counts.csv", "area,title,total", "00004,learning_household,5")
    day = ("--on", "2025-12-31")
    result = run("report", counts, "-o", "page.html", "--area", area, *day)
    assert result.exit_code == 0, result.output
    assert "Xã Hòa An" in (folder / "page.html").read_text(encoding="utf-8")
    candidates = write(
        folder,
        "candidates.csv",
        "id,area,title,verdict,years",
        "h1,Hoà An,learning_household,recognised,2025",
    )
    options = ("--quota", "1", "--per", "commune", "--year", "2025", "--rank", "years")
    listed = run("shortlist", candidates, *options, "--under", area, *day, "--format", "json")
    assert listed.exit_code == 0, listed.output
    (placing,) = json.loads(listed.stdout)["placings"]
    assert placing["area"] == "00004"


def test_an_area_that_is_not_clear_is_refused_with_the_candidates(folder: Path) -> None:
    counts = write(folder, "counts.csv", "area,title,total", "00004,learning_household,5")
    result = run(
        "report", counts, "-o", "page.html", "--area", "Phường Hòa An", "--on", "2025-12-31"
    )
    assert result.exit_code == 2
    assert "00004" in result.stderr


def test_a_campaign_takes_names_of_villages_and_communes(folder: Path) -> None:
    clans = write(folder, "clans.csv", "id,commune", "d1,hoa an", "d2,TT. Chung", "d3,Xã Lạ")
    options = ("--year", "2025", "--by", "commune", "--changes", "changes.csv", "--format", "json")
    data = json.loads(run("campaign", "--clans", clans, *options).stdout)
    counted = {area["area"]: area["total"] for area in data["areas"]}
    assert counted == {"00004": 2, "00007": None}
    assert ("clans", 3, "unknown_area") in [
        (error["file"], error["row"], error["code"]) for error in data["errors"]
    ]


def test_a_workbook_has_a_sheet_for_each_kind_of_subjects(folder: Path) -> None:
    units = "Đơn vị học tập (cấp {} quản lý, {})"
    kinds = ["trường học", "cơ quan", "hợp tác xã"]
    rows = [f'00004,"{units.format("xã", kind)}",5' for kind in kinds]
    counts = write(folder, "counts.csv", "area,title,total", *rows)
    result = run("report", counts, "-o", "report.xlsx", "--on", "2025-12-31")
    assert result.exit_code == 0, result.output
    names = openpyxl.load_workbook(folder / "report.xlsx").sheetnames
    assert len([name for name in names if name.startswith("Đơn vị học tập")]) == len(kinds)


@pytest.mark.parametrize("kind", ["counts", "subjects"])
def test_every_format_gives_the_same_rows_and_notes(folder: Path, kind: str) -> None:
    tables = {
        "counts": {
            "area": ["X. Hòa An", "hoa an", "7", "7", "Xã Lạ"],
            "title": ["learning_unit"] * 3 + ["Đơn vị học tập (cấp tỉnh quản lý)", "learning_clan"],
            "managed_by": ["cấp xã", "cấp xã", "xã", None, None],
            "title_level": [None, "Tốt", None, None, None],
            "total": [5, None, 4, 3, 2],
            "recognised": [4, 3, 2, 1, 0],
        },
        "subjects": {
            "id": ["u1", "u2", "u3", "u3", "u4"],
            "area": ["X. Hòa An", "X. Hòa An", "phuong lac", "phuong lac", "7"],
            "title": ["learning_unit"] * 5,
            "verdict": ["recognised", "recognised", "not_recognised", "undetermined", "recognised"],
            "managed_by": ["xã", "xã", "tỉnh", "tỉnh", None],
        },
    }
    frame = pl.DataFrame(tables[kind])
    frame.write_csv("table.csv")
    frame.write_parquet("table.parquet")
    day = ("--by", "province", "--on", "2025-12-31", "--format", "json")
    plain, columns = (run("rollup", f"table.{suffix}", *day) for suffix in ("csv", "parquet"))
    assert json.loads(plain.stdout) == json.loads(columns.stdout)
    assert plain.stderr == columns.stderr
    assert "“X. Hòa An”" in plain.stderr
    assert {area.get("managed_by") for area in json.loads(plain.stdout)["areas"]} >= {
        "commune",
        "province",
    }
