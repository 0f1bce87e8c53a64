from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from xhht.cli import main

HEADER = "place,level,year,title,numerator,denominator,printed_pct,pct_basis,note\n"


def run(*args: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["reconcile", *args], input=stdin)


def items(text: str, *args: str) -> tuple[int, list[dict[str, Any]]]:
    result = run("-", "--format", "json", *args, stdin=text)
    return result.exit_code, json.loads(result.stdout)


def test_an_item_has_every_promised_key() -> None:
    code, listed = items(HEADER + "Bình Thuận,tinh,2023,gia_dinh,253853,,78.1,unspecified,x\n")
    assert code == 0
    assert list(listed[0].pop("message"))
    assert listed == [
        {
            "row": 1,
            "place": "Bình Thuận",
            "level": "tinh",
            "year": "2023",
            "title": "gia_dinh",
            "numerator": 253853,
            "denominator": None,
            "printed_pct": "78.1",
            "pct_basis": "unspecified",
            "note": "x",
            "status": "implied",
            "implied_total": {"min": 324828, "max": 325244},
            "recomputed_percent": None,
        }
    ]


def test_an_unbounded_total_has_a_null_maximum() -> None:
    _, [item] = items(HEADER + ",,,,1,,0,,\n")
    assert item["implied_total"] == {"min": 201, "max": None}


@pytest.mark.parametrize(
    ("cells", "status", "code"),
    [
        ("1,8,12.5", "consistent", 0),
        ("1,8,12", "truncated", 0),
        ("1,8,50", "contradicts", 1),
        ("9,8,50", "contradicts", 1),
        ("1,,50", "implied", 0),
        ("1,,150", "impossible", 1),
        ("1,8,", "no_percentage", 0),
        (",8,50", "no_count", 0),
        ("1,0,50", "invalid", 1),
        ("a,8,50", "invalid", 1),
    ],
)
def test_status_and_exit_code(cells: str, status: str, code: int) -> None:
    exit_code, [item] = items(HEADER + f"p,l,y,t,{cells},b,\n")
    assert (item["status"], exit_code) == (status, code)


def test_semicolons_and_vietnamese_numbers() -> None:
    text = "numerator;denominator;printed_pct\n253.853;325.035;78,1%\n"
    code, [item] = items(text, "--numbers", "vi")
    assert (code, item["status"], item["recomputed_percent"]) == (0, "consistent", "78.1")


def test_missing_optional_columns_are_null() -> None:
    _, [item] = items("numerator,denominator,printed_pct\n1,2,50\n")
    assert item["place"] is None
    assert item["pct_basis"] is None


def test_row_numbers_count_blank_rows() -> None:
    _, listed = items("numerator,denominator,printed_pct\n1,2,50\n,,\n1,2,50\n")
    assert [item["row"] for item in listed] == [1, 3]


def test_colliding_columns_are_dropped_with_a_warning() -> None:
    result = run(
        "-", "--format", "json", stdin="numerator,denominator,printed_pct,status\n1,2,50,old\n"
    )
    assert json.loads(result.stdout)[0]["status"] == "consistent"
    assert "status" in result.stderr


def test_text_names_each_row_to_correct() -> None:
    text = HEADER + "Đại Từ,huyen,2020,dong_ho,95,,88.7,,\n"
    result = run("-", stdin=text)
    assert result.exit_code == 1
    assert "Dòng 1 (Đại Từ, Dòng họ học tập, 2020): không thể có." in result.stdout
    english = run("-", "--lang", "en", stdin=text).stdout
    assert "Row 1 (Đại Từ, Learning clan, 2020): impossible." in english


def test_text_gives_control_characters_no_power() -> None:
    result = run("-", stdin=HEADER + "\x1b[31mX,,,,1,,50,,\n")
    assert "\x1b" not in result.stdout


def test_a_broken_row_is_invalid_and_the_others_are_read() -> None:
    code, listed = items('numerator,denominator,printed_pct\n"1"x,2,50\n1,8,12.5\n"1,2,3\n')
    assert code == 1
    assert [item["status"] for item in listed] == ["invalid", "consistent", "invalid"]


@pytest.mark.parametrize(
    ("args", "stdin"),
    [
        (["no-such-file.csv"], None),
        (["-"], "place,numerator\nx,1\n"),
        (["-"], ""),
        (["-"], b"\xff\xfea\x00"),
        (["-"], b"numerator,denominator,printed_pct\n\xff,1,1\n"),
        (["-", "--format", "xml"], "x\n"),
        ([], None),
    ],
)
def test_what_cannot_be_used_is_refused(args: list[str], stdin: str | bytes | None) -> None:
    result = run(*args, stdin=stdin)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr != ""


def test_a_directory_is_refused_in_the_language_asked_for(tmp_path: Path) -> None:
    assert "là thư mục" in run(str(tmp_path)).stderr
    assert "is a directory" in run(str(tmp_path), "--lang", "en").stderr
