"""`xhht evaluate` over columns: files in, files out, and a summary."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner, Result

from xhht.cli import main
from xhht.cli._context import CommandContext, Format
from xhht.text import Lang

PROFILE = """\
format: 1
id: test.columns
version: 2.1.0
status: active
title: learning_household
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  flag: {type: bool, label: {vi: Cờ, en: Flag}}
  total: {type: count, label: {vi: Tổng, en: Total}}
  part: {type: count, at_most: total, label: {vi: Phần, en: Part}}
  panel: {type: assessed, max: 10, step: 0.001, label: {vi: Điểm chấm, en: Panel}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: flag}
      - {id: "1.2", points: 10, met_when: part >= 5}
  - id: "2"
    indicators:
      - {id: "2.1", points: 10, assessed: panel}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 25}
  - {id: fair, name: {vi: Khá, en: Fair}, when: points >= 10}
"""
HEADER = ["id", "area", "flag", "total", "part", "panel"]
ROWS = [
    ["a", "00004", "có", "9", "5", "7.125"],
    ["b", "00004", "không", "9", "1", "0"],
    ["c", "00007", "có", "", "", ""],
    ["d", "00007", "có", "9", "4", "0"],
    ["e", "00007", "có", "4", "9", "0"],
    ["f", "00010", "ừ", "4", "1", "0"],
    ["b", "00010", "có", "4", "1", "0"],
]
VERDICTS = {"recognised": 3, "not_recognised": 0, "undetermined": 0}


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "sample.yaml"
    path.write_text(PROFILE, encoding="utf-8")
    return str(path)


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "table.csv"
    lines = [";".join(row) for row in (HEADER, *ROWS)]
    path.write_text("\ufeff" + "\r\n".join([*lines, '"g;00010'] * 1), encoding="utf-8")
    return str(path)


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["evaluate", *args], input=stdin)


def summary(*args: str) -> tuple[int, dict[str, Any]]:
    result = run(*args, "--format", "json", "--as-of", "2024-12-31", "--lang", "en")
    return result.exit_code, json.loads(result.stdout)


def faults(payload: dict[str, Any]) -> list[tuple[str | None, str, int, str | None]]:
    return [(f["column"], f["reason"], f["rows"], f["first"]) for f in payload["faults"]]


def test_every_row_is_evaluated_or_rejected_and_told(profile: str, table: str) -> None:
    out, rejected = table.replace(".csv", ".parquet"), table.replace("table.csv", "rejected.csv")
    code, payload = summary(profile, table, "-o", out, "--rejected", rejected)
    assert code == 1
    assert list(payload["profile"]) == ["id", "version", "hash", "provenance"]
    assert (payload["as_of"], payload["rows"], payload["left_out"]) == ("2024-12-31", 8, 0)
    assert (payload["evaluated"], payload["rejected"]) == (3, 5)
    assert payload["verdicts"] == VERDICTS
    assert payload["levels"] == {"good": 1, "fair": 1}
    assert faults(payload) == [
        ("id", "duplicate_id", 2, "row 2, column id"),
        ("part", "at_most", 1, "row 5, column part"),
        ("flag", "wrong_type", 1, "row 6, column flag"),
        (None, "broken_row", 1, "row 8"),
    ]
    assert all(fault["message"] for fault in payload["faults"])
    results = pl.read_parquet(out)
    assert results.columns == [
        *HEADER,
        "verdict",
        "level",
        "points_certain",
        "points_possible",
        "title",
    ]
    assert results.select("id", "level", "points_certain", "title").rows() == [
        ("a", "good", pl.Series([27.125]).cast(pl.Decimal(38, 3)).item(), "learning_household"),
        ("c", None, 10, "learning_household"),
        ("d", "fair", 10, "learning_household"),
    ]
    apart = pl.read_csv(rejected, infer_schema=False)
    assert apart.columns == ["row", *HEADER, "column", "reason"]
    assert sorted(apart.select("row", "id", "reason").rows()) == [
        ("2", "b", "duplicate_id"),
        ("5", "e", "at_most"),
        ("6", "f", "wrong_type"),
        ("7", "b", "duplicate_id"),
        ("8", None, "broken_row"),
    ]


def test_columns_and_single_rows_agree(profile: str, table: str, tmp_path: Path) -> None:
    alone = json.loads(run(profile, table, "--format", "json").stdout)
    out = str(tmp_path / "out.parquet")
    run(profile, table, "--output", out, "--detail", "levels")
    by_id = {item["id"]: item for item in alone if "error" not in item}
    for row in pl.read_parquet(out).to_dicts():
        item = by_id[row["id"]]
        assert (row["verdict"], row["level"]) == (item["verdict"], item["level"])
        assert float(row["points_certain"]) == item["points_certain"]
        assert float(row["points_possible"]) == item["points_possible"]
        assert row["levels_possible"].split("|") == [
            level or "none" for level in item["levels_possible"]
        ]


def test_text_for_people(profile: str, table: str) -> None:
    result = run(profile, table, "--rejected", table + ".csv", "--as-of", "2024-12-31")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:15] == [
        "Nguồn: MINH HỌA, không phải tiêu chí do cơ quan nào ban hành",
        "Ngày đánh giá: 31/12/2024",
        "",
        "8 dòng: 3 được đánh giá, 5 bị loại.",
        "",
        "Kết quả                   Số",
        "------------------------  --",
        "Đạt tiêu chí               3",
        "– mức Tốt                  1",
        "– mức Khá                  1",
        "– chưa xác định được mức   1",
        "Chưa đạt tiêu chí          0",
        "Chưa xác định được         0",
        "",
    ]
    assert "dòng 6, cột flag" in result.stdout
    assert result.stderr == ""


def test_a_verdict_is_never_an_exit_code(profile: str, tmp_path: Path) -> None:
    path = tmp_path / "good.parquet"
    pl.DataFrame({"flag": [True, False, None]}).write_parquet(path)
    code, payload = summary(profile, str(path))
    assert (code, payload["rows"], payload["rejected"], payload["faults"]) == (0, 3, 0, [])


def test_a_rejected_file_is_written_also_when_nothing_is(profile: str, tmp_path: Path) -> None:
    path, rejected = tmp_path / "good.parquet", tmp_path / "rejected.csv"
    pl.DataFrame({"flag": [True]}).write_parquet(path)
    assert run(profile, str(path), "--rejected", str(rejected)).exit_code == 0
    assert rejected.read_text("utf-8-sig").splitlines() == ["row,flag,column,reason"]


def test_a_workbook_tells_faults_by_their_cells(profile: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Hộ"
    for row in (
        ["BIỂU 1"],
        HEADER,
        ["A", "B", 1, 2, 3, 4],
        ["a", 4, "có", 9, 5, 7.125],
        ["b", 7, "có", 9, "=1+1", None],
        ["c", 7, "có", 4, 9, None],
        ["Tổng", None, None, 22, 99, None],
    ):
        sheet.append(row)
    book.save(tmp_path / "in.xlsx")
    out, rejected = tmp_path / "out.xlsx", tmp_path / "rejected.xlsx"
    args = ("-o", str(out), "--rejected", str(rejected), "--area-level", "commune")
    result = run(profile, str(tmp_path / "in.xlsx"), *args, "--format", "json", "--lang", "en")
    payload = json.loads(result.stdout)
    assert (payload["rows"], payload["evaluated"], payload["left_out"]) == (3, 1, 2)
    assert faults(payload) == [
        ("part", "no_cached_value", 1, "Hộ!E5"),
        ("part", "at_most", 1, "Hộ!E6"),
    ]
    assert [line.partition(": ")[2] for line in result.stderr.splitlines()] == [
        "Totals rows are excluded: 1 (first: Hộ!7).",
        "The row of column numbers below the header is excluded (Hộ!3).",
        "Leading zeros of area codes were restored (rows: 3, first: Hộ!4); save the code column "
        "as text.",
        "Hộ!E7: the totals row does not match the sum of the data rows; check for missing rows.",
    ]
    written = openpyxl.load_workbook(out)
    assert [cell.value for cell in written.worksheets[0][2]] == [
        *("a", "00004", "có", 9, 5, 7.125),
        *("recognised", "good", 27.125, 27.125, "learning_household"),
    ]
    assert "test.columns@2.1.0" in str(written.worksheets[1]["A1"].value)
    apart = openpyxl.load_workbook(rejected).worksheets[0]
    assert [row[:2] for row in apart.iter_rows(min_row=2, values_only=True)] == [
        (5, "Hộ!E5"),
        (6, "Hộ!E6"),
    ]


def test_a_sheet_may_be_named(profile: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title in ("Một", "Hai"):
        book.create_sheet(title).append(["id", "flag"])
    book.save(tmp_path / "in.xlsx")
    result = run(profile, str(tmp_path / "in.xlsx"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Một, Hai" in result.stderr
    assert run(profile, str(tmp_path / "in.xlsx"), "--sheet", "Hai").exit_code == 0


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_vietnamese_numbers_in_and_out(profile: str, tmp_path: Path, ending: str) -> None:
    path, out = tmp_path / "in.csv", tmp_path / f"out.{ending}"
    path.write_text("id;total;part;panel\na;1.234;1.000;2,5\n", encoding="utf-8")
    code, _ = summary(profile, str(path), "--numbers", "vi", "-o", str(out))
    assert code == 0
    if ending == "csv":
        assert out.read_text("utf-8-sig").splitlines()[1].startswith("a;1.234;1.000;2,5;")
        assert ";12,500;22,500;" in out.read_text("utf-8-sig")


def test_a_delimiter_may_be_named(profile: str, table: str, tmp_path: Path) -> None:
    run(profile, table, "-o", str(tmp_path / "out.csv"), "--delimiter", "tab")
    assert "id\tarea\tflag" in (tmp_path / "out.csv").read_text("utf-8-sig")


def test_duckdb_says_the_same_of_parquet(profile: str, table: str, tmp_path: Path) -> None:
    rows = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    path = tmp_path / "in.parquet"
    pl.DataFrame(rows).write_parquet(path)
    outs = [str(tmp_path / f"{engine}.parquet") for engine in ("polars", "duckdb")]
    engine_results = [
        summary(profile, str(path), "--engine", engine, "-o", out, "--detail", "criteria")
        for engine, out in zip(("polars", "duckdb"), outs, strict=True)
    ]
    for _, payload in engine_results:
        for fault in payload["faults"]:
            del fault["first"]
        payload["faults"].sort(key=str)
    assert engine_results[0] == engine_results[1]
    one, other = (pl.read_parquet(out).sort("id") for out in outs)
    assert one.rows() == other.rows()


def test_the_sql_of_duckdb_is_shown_and_not_run(profile: str, tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    pl.DataFrame({"flag": ["ừ"]}).write_parquet(path)
    result = run(profile, str(path), "--engine", "duckdb", "--explain-sql", "--lang", "en")
    assert result.exit_code == 0
    assert result.stdout.startswith("-- Results\n")
    assert "\n-- Rejected rows\n" in result.stdout
    assert "recognised" in result.stdout


# What cannot be


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["table.csv", "-o", "out.txt"], ".csv, .parquet"),
        (["table.csv", "-o", "no-folder/out.csv"], "không ghi được"),
        (["table.csv", "-o", "out.csv", "--explain"], "--explain"),
        (["-", "-o", "out.csv"], "cần một tệp"),
        (["facts.json", "-o", "out.csv"], "JSON được đánh giá từng đối tượng"),
        (["no-such.csv", "-o", "out.csv"], "Không tìm thấy tệp"),
        (["other.csv", "-o", "out.csv"], "Không có cột nào trùng tên với đầu vào"),
        (["misspelt.csv", "-o", "out.csv"], "gần giống đầu vào 'total'"),
        (["results.csv", "-o", "out.csv"], "trùng tên với cột kết quả: verdict"),
        (["table.csv", "-o", "out.csv", "--sheet", "x"], "Chỉ bảng tính"),
        (["table.csv", "--engine", "duckdb"], "chỉ đọc Parquet"),
        (["table.csv", "--engine", "duckdb", "--table", "x"], "--engine duckdb đọc một tệp"),
        (["table.csv", "--engine", "duckdb", "--area-level", "commune"], "không cùng --engine"),
        (["--engine", "duckdb"], "Thiếu FACTS"),
        (["--table", "x"], "cần địa chỉ cơ sở dữ liệu"),
        (["table.csv", "--into", "x"], "cần địa chỉ cơ sở dữ liệu ở --engine"),
        (["table.csv", "--explain-sql"], "cần địa chỉ cơ sở dữ liệu ở --engine"),
        (["table.csv", "--engine", "nothing://user:secret@host/x"], "nêu bảng cần đánh giá"),
        (["--table", "x", "--engine", "nothing://user:secret@host/x"], "Không kết nối được"),
        (["--table", "x", "--engine", "postgresql://u:secret@127.0.0.1:1/x"], "Không kết nối"),
        (["table.csv", "-o", "out.csv", "--delimiter", "|"], "--delimiter chỉ nhận"),
        (["table.csv", "-o", "out.csv", "--detail", "all"], "--detail chỉ nhận"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_asked_for(
    profile: str, table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: Any, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in {
        "facts.json": '[{"flag": true}]',
        "other.csv": "a,b\n1,2\n",
        "misspelt.csv": "flag,Total\n1,2\n",
        "results.csv": "flag,verdict\n1,recognised\n",
    }.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    before = {path.name for path in tmp_path.iterdir()}
    result = run(profile, *args, stdin="flag\n1\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said.lower() in result.stderr.lower()
    assert "secret" not in result.stderr
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_profile_that_needs_no_columns_still_comes_first(table: str, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("a: [", encoding="utf-8")
    result = run(str(tmp_path / "broken.yaml"), table, "-o", str(tmp_path / "out.csv"))
    assert result.exit_code == 1
    assert not (tmp_path / "out.csv").exists()


def test_what_is_not_installed_is_named(
    profile: str, table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    result = run(profile, table, "-o", str(tmp_path / "out.xlsx"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "pip install 'xhht[excel]'" in result.stderr


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_on_a_terminal_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with CommandContext(Lang.EN, Format.TEXT).progress_bar() as bar:
        bar.advance(1_500, 2_000)
        bar.advance(500, 0)
    drawn, *others = terminal.getvalue().split("\r")[1:]
    assert drawn.endswith("[###########################.........] 1500/2000 rows")
    assert "2000 rows" in others[0]
    assert others[-1] == "\033[K\033[?25h"


def test_many_rows_are_counted_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    context = CommandContext(Lang.VI, Format.TEXT)
    assert sum(context.progress(range(10))) == 45
    assert terminal.getvalue() == ""
    assert len(list(context.progress(range(40_001)))) == 40_001
    assert "20000 dòng đã đọc" in terminal.getvalue()
    assert "40000 dòng đã đọc" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\033[K\033[?25h")


def test_no_bar_is_drawn_into_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    with CommandContext(Lang.VI, Format.TEXT).progress_bar() as bar:
        bar.advance(1_500, 0)
    assert file.getvalue() == ""
