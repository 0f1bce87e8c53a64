from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from xhht.cli import main
from xhht.rollup import national

EXAMPLE = Path(__file__).parents[3] / "examples" / "binh_thuan"
AREAS, CHANGES = str(EXAMPLE / "areas-over-time.csv"), str(EXAMPLE / "changes.csv")
TABLES = ("--areas", AREAS, "--changes", CHANGES)
DAYS = ("--from", "2023-12-31", "--to", "2025-07-01")
COUNTS = "area,title,total,registered,assessed,recognised,undetermined\n"
HOUSEHOLD, CLAN = "learning_household", "learning_clan"
TWO = f"{COUNTS}22975,{HOUSEHOLD},400,,,300,\n22978,{HOUSEHOLD},2000,,,1500,\n"
WEIGHTS = "from,to,weight\n22978,22972,1078\n22978,22978,7000\n"


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["areas", *args], input=stdin)


def show(*args: str, table: str = AREAS) -> tuple[int, dict[str, Any]]:
    result = run("show", table, "--format", "json", *args)
    return result.exit_code, json.loads(result.stdout)


def carry(counts: str, *args: str) -> tuple[int, dict[str, Any]]:
    result = run("carry", "-", *(args or (*TABLES, *DAYS)), "--format", "json", stdin=counts)
    return result.exit_code, json.loads(result.stdout)


@pytest.mark.parametrize(
    ("day", "districts", "communes"),
    [("2023-12-31", 10, 124), ("2025-06-30", 10, 121), ("2025-07-01", 0, 45)],
)
def test_the_tree_of_a_day(day: str, districts: int, communes: int) -> None:
    code, payload = show("--on", day)
    levels = [area["level"] for area in payload["areas"]]
    assert (code, payload["errors"], payload["on"]) == (0, [], day)
    assert (levels.count("district"), levels.count("commune")) == (districts, communes)


def test_an_area_has_every_promised_key() -> None:
    _, payload = show("--on", "2025-07-01", "--under", "22945")
    assert payload["areas"] == [
        {
            "area": "22945",
            "name": "Phường Phan Thiết",
            "level": "commune",
            "parent": "68",
            "valid_from": "2025-07-01",
            "valid_to": None,
            "legal_basis": "1671/NQ-UBTVQH15",
        }
    ]


def test_a_part_of_the_tree_and_one_level() -> None:
    _, payload = show("--on", "2023-12-31", "--under", "595", "--level", "commune")
    assert len(payload["areas"]) == 11
    assert {area["parent"] for area in payload["areas"]} == {"595"}


def test_the_tree_as_text_is_set_in_and_summed_up() -> None:
    lines = run("show", AREAS, "--on", "2023-12-31", "--under", "595").stdout.splitlines()
    assert lines[0] == "595  Huyện Tuy Phong"
    assert lines[1] == "  22969  Thị trấn Liên Hương"
    assert lines[-1] == "Ngày 31/12/2023: huyện: 1; xã: 11."
    none = run("show", AREAS, "--on", "2025-07-01", "--level", "district", "--lang", "en")
    assert (none.exit_code, none.stdout) == (0, "On 2025-07-01: no areas.\n")


def test_bad_rows_are_named_and_the_others_shown() -> None:
    text = "code,name,level,parent\n01,Tỉnh,province,\n02,Xã,town,01\n"
    result = run("show", "-", "--on", "2025-07-01", stdin=text)
    assert result.exit_code == 1
    assert "01  Tỉnh" in result.stdout
    assert "Bảng khu vực, dòng 2 [level]:" in result.stdout


@pytest.mark.parametrize(
    "args",
    [
        ["show", AREAS],
        ["show", AREAS, "--on", "1/7/2025"],
        ["show", AREAS, "--on", "1999-01-01"],
        ["show", AREAS, "--on", "2025-07-01", "--under", "595"],
        ["show", AREAS, "--on", "2025-07-01", "--level", "town"],
        ["show", "no-such.csv", "--on", "2025-07-01"],
        ["carry", "-", *DAYS],
        ["carry", "-", *DAYS, "--areas", AREAS],
        ["carry", "-", *DAYS, "--national", "--areas", AREAS],
        ["carry", "-", *TABLES, "--from", "2023-12-31"],
        ["carry", "-", *DAYS, "--areas", "-", "--changes", CHANGES],
        ["carry", "-", *TABLES, "--from", "1999-12-31", "--to", "2025-07-01"],
        ["carry", "-", *DAYS, "--national"],
    ],
    ids=lambda args: " ".join(Path(arg).name for arg in args),
)
def test_wrong_usage_is_refused(args: list[str]) -> None:
    result = CliRunner().invoke(main, ["areas", *args], input=TWO)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


def test_what_is_split_is_handed_back_with_the_reason() -> None:
    code, payload = carry(TWO)
    assert code == 0
    assert (payload["from"], payload["to"], payload["by"]) == ("2023-12-31", "2025-07-01", None)
    assert payload["placed"] == [
        {
            "area": "22978",
            "name": "Xã Tuy Phong",
            "level": "commune",
            "title": HOUSEHOLD,
            "total": 400,
            "registered": None,
            "assessed": None,
            "recognised": 300,
            "undetermined": None,
            "recognised_by_level": {},
            "incomplete": True,
        }
    ]
    assert payload["estimated"] == []
    [unplaced] = payload["unplaced"]
    assert (unplaced["name"], unplaced["total"], unplaced["reason"]) == (
        "Xã Phong Phú",
        2000,
        "several_areas",
    )
    assert [area["area"] for area in unplaced["candidates"]] == ["22972", "22978"]
    assert unplaced["within"]["name"] == "Tỉnh Lâm Đồng"


def test_weights_make_an_estimate_that_is_marked(tmp_path: Path) -> None:
    weights = tmp_path / "weights.csv"
    weights.write_text(WEIGHTS, encoding="utf-8")
    code, payload = carry(TWO, *TABLES, *DAYS, "--weights", str(weights))
    assert code == 0
    assert [(row["area"], row["total"]) for row in payload["estimated"]] == [
        ("22972", 267),
        ("22978", 1733),
    ]
    assert (len(payload["placed"]), payload["unplaced"]) == (1, [])
    args = ("carry", "-", *TABLES, *DAYS, "--weights", str(weights))
    assert "có phần ước tính" in run(*args, stdin=TWO).stdout


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("22978,22972,x\n", (1, "not_a_count", "weight")),
        ("22978,,1\n", (1, "missing", "to")),
        ("99999,22972,1\n", (1, "unknown_from", "from")),
        ("22978,99999,1\n", (1, "unknown_to", "to")),
        ("22978,22972,1,1\n", (1, "broken_row", None)),
        ("22978,22972,1\n22978,22978,1\n22978,22972,5\n", (3, "duplicate_key", "from")),
    ],
)
def test_weights_that_cannot_be_are_named(
    tmp_path: Path, rows: str, expected: tuple[int, str, str | None]
) -> None:
    weights = tmp_path / "weights.csv"
    weights.write_text("from,to,weight\n" + rows, encoding="utf-8")
    code, payload = carry(TWO, *TABLES, *DAYS, "--weights", str(weights))
    assert code == 1
    [error] = payload["errors"]
    assert (error["row"], error["code"], error["field"], error["file"]) == (*expected, "weights")


def test_weights_for_a_part_of_a_split_only_are_refused(tmp_path: Path) -> None:
    weights = tmp_path / "weights.csv"
    weights.write_text("from,to,weight\n22978,22972,1078\n", encoding="utf-8")
    result = run("carry", "-", *TABLES, *DAYS, "--weights", str(weights), stdin=TWO)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "22978" in result.stderr


def test_the_communes_of_2023_come_out_whole_on_the_map_of_2025() -> None:
    _, tree = show("--on", "2023-12-31", "--level", "commune")
    rows = [
        f"{area['area']},{title},{100 + n},,,{n},\n"
        for n, area in enumerate(tree["areas"])
        for title in (HOUSEHOLD, CLAN)
    ]
    code, payload = carry(COUNTS + "".join(rows))
    assert (code, payload["errors"]) == (0, [])
    assert len(payload["placed"]) >= 2 * 40
    for sums in payload["sums"]:
        sides = [payload[side] for side in ("placed", "estimated", "unplaced")]
        for count in ("total", "recognised"):
            parts = [
                sum(row[count] for row in side if row["title"] == sums["title"]) for side in sides
            ]
            named = [sums[side][count] for side in ("placed", "estimated", "unplaced")]
            assert parts == named
            assert sum(parts) == sums["reported"][count]
        assert sums["reported"]["total"] == sum(range(100, 224))
        assert sums["reported"]["registered"] is None


def test_a_coarser_level_places_all() -> None:
    code, payload = carry(TWO, *TABLES, *DAYS, "--by", "province")
    assert (code, payload["by"], payload["unplaced"]) == (0, "province", [])
    [row] = payload["placed"]
    assert (row["name"], row["total"], row["recognised"]) == ("Tỉnh Lâm Đồng", 2400, 1800)


def test_bad_rows_of_counts_are_named_and_not_carried() -> None:
    code, payload = carry(TWO + f"99999,{HOUSEHOLD},1,,,,\n22969,{HOUSEHOLD},1,,,2,\n")
    assert code == 1
    assert [(e["row"], e["code"], e["file"]) for e in payload["errors"]] == [
        (3, "unknown_area", "counts"),
        (4, "above_whole", "counts"),
    ]
    assert payload["sums"][0]["reported"]["total"] == 2400


def test_tables_that_do_not_fit_carry_nothing(tmp_path: Path) -> None:
    changes = tmp_path / "changes.csv"
    changes.write_text("from,to,effective,kind\n22978,99999,2025-07-01,renamed\n", encoding="utf-8")
    tables = ("--areas", AREAS, "--changes", str(changes))
    code, payload = carry(TWO, *tables, *DAYS)
    assert code == 1
    assert [payload[key] for key in ("sums", "placed", "estimated", "unplaced")] == [None] * 4
    assert "unknown_to" in {error["code"] for error in payload["errors"]}
    text = run("carry", "-", *tables, *DAYS, "--lang", "en", stdin=TWO)
    assert text.exit_code == 1
    assert text.stdout.startswith("Nothing was carried")


def test_text_in_both_languages() -> None:
    vietnamese = run("carry", "-", *TABLES, *DAYS, stdin=TWO).stdout
    assert "Chưa quy đổi được:" in vietnamese
    assert "số liệu thuộc nhiều khu vực" in vietnamese
    english = run("carry", "-", *TABLES, *DAYS, "--lang", "en", stdin=TWO).stdout
    assert "Placed exactly on the map of 2025-07-01:" in english
    assert "it belongs to several areas" in english


def test_the_national_tables_stand_in_for_both() -> None:
    days = ("--from", "2025-06-30", "--to", "2025-07-01")
    code, payload = carry(TWO, "--national", *days, "--by", "province")
    assert code == 0
    assert [row["name"] for row in payload["placed"]] == ["Tỉnh Lâm Đồng"]


def test_missing_national_tables_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(national, "find_spec", lambda _name: None)
    days = ("--from", "2025-06-30", "--to", "2025-07-01")
    result = run("carry", "-", "--national", *days, stdin=TWO)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "pip install 'xhht[areas]'" in result.stderr
