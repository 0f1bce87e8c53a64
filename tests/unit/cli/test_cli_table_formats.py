"""Each command reads each of its tables as CSV, XLSX and Parquet, with one result."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from xhht.cli import main

openpyxl = pytest.importorskip("openpyxl")
pl = pytest.importorskip("polars")

AREAS = """code,name,level,parent
01,Tỉnh Mẫu,province,
00001,Xã A,commune,01
00004,Xã B,commune,01
a1,Thôn 1,village,00001
b1,Thôn 2,village,00004
"""
OVER_TIME = """code,name,level,parent,valid_from,valid_to
01,Tỉnh Mẫu,province,,,
00001,Xã A,commune,01,,2025-07-01
00004,Xã B,commune,01,,2025-07-01
00007,Xã C,commune,01,2025-07-01,
"""
CHANGES = """from,to,effective,kind,source
00001,00007,2025-07-01,merged_whole,1/NQ-HĐND ngày 1/6/2025
00004,00007,2025-07-01,merged_whole,1/NQ-HĐND ngày 1/6/2025
"""
WEIGHTS = "from,to,weight\n00001,00007,12\n00004,00007,x\n"
COUNTS = """area,title,total,recognised
00001,learning_household,1000,700
00004,learning_household,500,
"""
CANDIDATES = """id,area,title,verdict,level,points_certain,points_possible,years
u1,00001,learning_unit,recognised,good,95,,2021-2023
u2,00004,learning_unit,recognised,good,90.5,92.5,2022-2023
u3,00004,learning_unit,,,60,50,2023
"""
FIGURES = """place,numerator,denominator,printed_pct
Xã A,26,27,96.3
Xã B,12,27,50
"""
HOUSEHOLDS = """id,village,registered
001,a1,có
002,b1,không
003,99,có
"""
DECISIONS = """title,id,level,decided_on,document,authority,for_year
learning_household,001,,2023-12-20,1/QĐ-UBND,UBND xã A,2023
learning_household,002,,hôm qua,2/QĐ-UBND,UBND xã A,2023
"""
NUMERIC = {
    "weight", "total", "recognised", "points_certain", "points_possible", "numerator",
    "denominator", "printed_pct",
}  # fmt: skip
TABLES = {
    "areas": AREAS,
    "over-time": OVER_TIME,
    "changes": CHANGES,
    "weights": WEIGHTS,
    "counts": COUNTS,
    "candidates": CANDIDATES,
    "figures": FIGURES,
    "households": HOUSEHOLDS,
    "decisions": DECISIONS,
}
CARRY = ("--from", "2025-01-01", "--to", "2025-07-01")
COMMANDS = {
    "areas show": ("areas", "show", "over-time", "--on", "2025-01-01"),
    "areas carry": (
        "areas", "carry", "counts", "--areas", "over-time", "--changes", "changes",
        "--weights", "weights", *CARRY,
    ),
    "rollup": ("rollup", "counts", "--areas", "areas", "--by", "province"),
    "targets attain": (
        "targets", "attain", "counts", "--areas", "areas", "--year", "2025", "--by", "province",
    ),
    "shortlist": (
        "shortlist", "candidates", "--areas", "areas", "--year", "2023", "--quota", "2",
        "--per", "province", "--rank", "points",
    ),
    "reconcile": ("reconcile", "figures"),
    "campaign": (
        "campaign", "--year", "2023", "--areas", "areas", "--households", "households",
        "--decisions", "decisions", "--counts", "counts", "--community-level", "village",
    ),
}  # fmt: skip


def value(name: str, cell: str) -> object:
    if name in NUMERIC:
        try:
            return float(cell) if "." in cell else int(cell)
        except ValueError:
            pass
    return cell or None


def write(folder: Path, name: str, text: str, ending: str) -> None:
    path = folder / f"{name}{ending}"
    header, *rows = csv.reader(text.splitlines())
    if ending == ".csv":
        path.write_text(text, encoding="utf-8")
    elif ending == ".xlsx":
        book = openpyxl.Workbook()
        book.active.append(header)
        for row in rows:
            book.active.append([value(*pair) for pair in zip(header, row, strict=True)])
        book.save(path)
    else:
        columns: dict[str, Any] = {}
        for place, column in enumerate(header):
            cells = [value(column, row[place]) for row in rows]
            kinds = {type(cell) for cell in cells if cell is not None}
            if len(kinds) > 1:
                cells = [None if cell is None else str(cell) for cell in cells]
            columns[column] = pl.Series(cells, dtype=None if kinds else pl.String)
        pl.DataFrame(columns).write_parquet(path)


def run(folder: Path, command: str, ending: str) -> Result:
    arguments = [
        str(folder / f"{word}{ending}") if word in TABLES and place > 0 else word
        for place, word in enumerate(COMMANDS[command])
    ]
    return CliRunner().invoke(main, [*arguments, "--format", "json"])


def without_sheet_rows(item: Any) -> Any:
    """Return a result with the numbers of sheet rows counted from 1 below the header."""
    if isinstance(item, list):
        return [without_sheet_rows(part) for part in item]
    if isinstance(item, dict):
        return {
            key: part - 1 if key == "row" else without_sheet_rows(part)
            for key, part in item.items()
        }
    return item


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_takes_every_format(tmp_path: Path, command: str) -> None:
    results = {}
    for ending in (".csv", ".xlsx", ".parquet"):
        for name, text in TABLES.items():
            write(tmp_path, name, text, ending)
        results[ending] = run(tmp_path, command, ending)
    assert results[".csv"].exit_code in (0, 1), results[".csv"].output
    expected = json.loads(results[".csv"].stdout)
    assert json.loads(results[".parquet"].stdout) == expected
    assert without_sheet_rows(json.loads(results[".xlsx"].stdout)) == expected
    assert {result.exit_code for result in results.values()} == {results[".csv"].exit_code}
    assert results[".xlsx"].stderr == results[".parquet"].stderr == results[".csv"].stderr


def test_a_percentage_is_reconciled_as_the_workbook_shows_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["numerator", "denominator", "printed_pct"])
    book.active.append([26, 27, 26 / 27])
    book.active["C2"].number_format = "0.0%"
    book.save(tmp_path / "figures.xlsx")
    [figure] = json.loads(run(tmp_path, "reconcile", ".xlsx").stdout)
    assert (figure["printed_pct"], figure["status"]) == ("96.3%", "consistent")


def test_a_workbook_without_the_columns_is_refused_by_their_names(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Biểu 1"])
    book.save(tmp_path / "figures.xlsx")
    result = run(tmp_path, "reconcile", ".xlsx")
    assert result.exit_code == 2
    assert "numerator" in result.stderr


def test_a_missing_library_is_named_by_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "figures", FIGURES, ".xlsx")
    monkeypatch.setitem(__import__("sys").modules, "openpyxl.reader.excel", None)
    result = run(tmp_path, "reconcile", ".xlsx")
    assert result.exit_code == 2
    assert "xhht[excel]" in result.stderr
