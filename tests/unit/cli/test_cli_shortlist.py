from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from xhht.cli import main

UNIT = "vn.unit.tt22-2020"
AREAS = """code,name,level,parent
01,Tỉnh Mẫu,province,
011,Huyện Một,district,01
012,Huyện Hai,district,01
"""
HEADER = "id,area,title,verdict,level,points_certain,points_possible,years\n"
CANDIDATES = f"""{HEADER}u1,011,learning_unit,recognised,good,95,,2021-2023
u2,011,learning_unit,recognised,good,90,92.5,2022-2023
u3,011,learning_unit,recognised,good,90,,2022 2023
u4,011,learning_unit,recognised,fair,84,,"2021, 2022; 2023"
u5,011,learning_unit,recognised,good,99,,2021 2023
u6,011,learning_unit,,,60,,2022 – 2023
u7,011,learning_unit,not_recognised,,40,,
"""
RULES = ("--year", "2023", "--quota", "2", "--per", "district", "--profile", UNIT)


@pytest.fixture
def areas(tmp_path: Path) -> str:
    path = tmp_path / "areas.csv"
    path.write_text(AREAS, encoding="utf-8")
    return str(path)


def run(areas: str, candidates: str, *args: str) -> Result:
    arguments = ["shortlist", "-", "--areas", areas, *args]
    return CliRunner().invoke(main, arguments, input=candidates)


def found(areas: str, candidates: str, *args: str) -> tuple[int, dict[str, Any]]:
    result = run(areas, candidates, "--format", "json", *(args or RULES))
    return result.exit_code, json.loads(result.stdout)


def standings(result: dict[str, Any]) -> dict[str, tuple[int | None, str]]:
    return {placing["id"]: (placing["rank"], placing["standing"]) for placing in result["placings"]}


def errors(result: dict[str, Any]) -> list[tuple[int, str, str | None]]:
    return [(error["row"], error["code"], error["field"]) for error in result["errors"]]


def test_ranks_ties_and_who_is_set_apart(areas: str) -> None:
    code, result = found(areas, CANDIDATES, *RULES, "--min-years", "2")
    assert (code, result["errors"], result["outside"]) == (0, [], 0)
    assert standings(result) == {
        "u1": (1, "listed"),
        "u2": (2, "tied_at_quota"),
        "u3": (2, "tied_at_quota"),
        "u4": (4, "beyond_quota"),
        "u5": (None, "not_eligible"),
        "u6": (None, "undetermined"),
        "u7": (None, "not_eligible"),
    }
    assert result["rules"] == {
        "quota": 2,
        "per": "district",
        "rank": ["level", "points", "years"],
        "levels": ["good", "fair", "average"],
        "min_years": 2,
        "ties": "none",
    }


def test_a_placing_has_every_promised_key(areas: str) -> None:
    _, result = found(areas, CANDIDATES, *RULES, "--lang", "en", "--min-years", "2")
    [placing] = [placing for placing in result["placings"] if placing["id"] == "u2"]
    assert placing == {
        "id": "u2",
        "area": "011",
        "title": "learning_unit",
        "standing": "tied_at_quota",
        "group": "011",
        "rank": 2,
        "tied": True,
        "verdict": "recognised",
        "level": "good",
        "points_certain": 90,
        "points_possible": 92.5,
        "consecutive_years": 2,
        "reason": "Rank 2: level Good, 90 certain points (up to 92.5), 2 consecutive years. "
        "Other candidates with this rank: 1. "
        "The tied candidates exceed the quota of 2; under the rules, none is listed.",
    }


def test_all_of_a_tie_when_asked_for(areas: str) -> None:
    _, result = found(areas, CANDIDATES, *RULES, "--min-years", "2", "--ties", "all")
    assert standings(result)["u2"] == standings(result)["u3"] == (2, "listed")


def test_other_keys_need_no_profile(areas: str) -> None:
    rules = ("--year", "2023", "--quota", "1", "--per", "province", "--rank", "points")
    code, result = found(areas, CANDIDATES, *rules)
    assert (code, result["rules"]["rank"], result["rules"]["levels"]) == (0, ["points"], [])
    assert standings(result)["u5"] == (1, "listed")


def test_candidates_of_other_areas_are_counted(areas: str) -> None:
    _, result = found(areas, CANDIDATES, *RULES, "--under", "012")
    assert (result["area"], result["placings"], result["outside"]) == ("012", [], 7)
    assert "7 đối tượng" in run(areas, CANDIDATES, *RULES, "--under", "012").stdout


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",011,learning_unit,recognised,good,1,,", ("missing", "id")),
        ("x,,learning_unit,recognised,good,1,,", ("missing", "area")),
        ("x,099,learning_unit,recognised,good,1,,", ("unknown_area", "area")),
        ("x,011,,recognised,good,1,,", ("missing", "title")),
        ("x,011,unit,recognised,good,1,,", ("unknown_title", "title")),
        ("x,011,learning_clan,recognised,good,1,,", ("other_title", "title")),
        ("x,011,learning_unit,yes,good,1,,", ("unknown_verdict", "verdict")),
        ("x,011,learning_unit,recognised,good,a,,", ("points_range", "points_certain")),
        ("x,011,learning_unit,recognised,good,1,b,", ("points_range", "points_possible")),
        ("x,011,learning_unit,recognised,good,2,1,", ("points_range", "points_certain")),
        ("x,011,learning_unit,recognised,good,,1,", ("points_range", "points_certain")),
        ("x,011,learning_unit,recognised,good,1,,23", ("not_years", "years")),
        ("x,011,learning_unit,recognised,good,1,,2023-2021", ("not_years", "years")),
        ("x,011,learning_unit,recognised,good,1,,2021-2023-2024", ("not_years", "years")),
        ("x,011,learning_unit,recognised,good,1,,2021,2023", ("broken_row", None)),
    ],
)
def test_a_bad_row_is_named_and_not_ranked(
    areas: str, row: str, expected: tuple[str, str | None]
) -> None:
    code, result = found(areas, f"{CANDIDATES}{row}\n")
    assert code == 1
    assert errors(result) == [(8, *expected)]
    assert {error["file"] for error in result["errors"]} == {"candidates"}
    assert len(result["placings"]) == 7


def test_an_id_that_stands_twice_is_ranked_nowhere(areas: str) -> None:
    again = "u1,012,learning_unit,recognised,good,95,,2023\n"
    code, result = found(areas, CANDIDATES + again)
    assert code == 1
    assert errors(result) == [(1, "duplicate_key", "id"), (8, "duplicate_key", "id")]
    assert "u1" not in standings(result)


def test_numbers_in_vietnamese_writing(areas: str) -> None:
    rows = "id;area;title;verdict;level;points_certain\nu1;011;learning_unit;recognised;good;92,5\n"
    _, result = found(areas, rows, *RULES, "--numbers", "vi")
    assert result["placings"][0]["points_certain"] == 92.5


def test_lost_zeros_are_warned_of(areas: str) -> None:
    row = "u1,11,learning_unit,recognised,good,90,,\n"
    result = run(areas, HEADER + row, *RULES)
    assert result.exit_code == 0
    assert "số 0 ở đầu" in result.stderr


def test_text_in_both_languages(areas: str) -> None:
    vietnamese = run(areas, CANDIDATES, *RULES, "--min-years", "2").stdout
    assert "bằng nhau ở ngưỡng số lượng" in vietnamese
    assert "2=" in vietnamese
    assert "Hạng 1: mức Tốt, 95 điểm, 3 năm liên tục." in vietnamese
    english = run(areas, CANDIDATES, *RULES, "--min-years", "2", "--lang", "en").stdout
    assert "Rank 1: level Good, 95 points, 3 consecutive years." in english


@pytest.mark.parametrize(
    "rules",
    [
        ("--year", "2023", "--quota", "2", "--per", "district"),
        ("--year", "2023", "--quota", "0", "--per", "district", "--profile", UNIT),
        ("--year", "2023", "--quota", "2", "--per", "town", "--profile", UNIT),
        ("--quota", "2", "--per", "district", "--profile", UNIT),
        ("--year", "2023", "--quota", "2", "--per", "district", "--profile", "vn.nope"),
        ("--year", "2023", "--quota", "2", "--per", "district", "--profile", "-"),
        (*RULES, "--rank", "fame"),
        (*RULES, "--rank", "points", "--rank", "points"),
        (*RULES, "--ties", "some"),
        (*RULES, "--under", "099"),
        (*RULES, "--on", "2023"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_refused(areas: str, rules: tuple[str, ...]) -> None:
    result = run(areas, CANDIDATES, *rules)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


@pytest.mark.parametrize("table", ["", "id,area,title\n"])
def test_unusable_tables_are_refused(areas: str, table: str) -> None:
    result = run(areas, table, *RULES)
    assert (result.exit_code, result.stdout) == (2, "")
