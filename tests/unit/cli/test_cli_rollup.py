from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from xhht.cli import main

AREAS = """code,name,level,parent
01,Tỉnh Mẫu,province,
011,Huyện Một,district,01
012,Huyện Hai,district,01
00004,Xã An,commune,011
00007,Xã Bình,commune,011
00010,Xã Chung,commune,012
00013,Xã Dương,commune,012
"""
COUNTS = "area,title,total,registered,assessed,recognised,undetermined\n"
HOUSEHOLD = "learning_household"
NULL_RATE = {"percent": None, "percent_min": None, "percent_max": None}


class Case:
    """Runs the command on tables written for one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.areas = AREAS

    def run(self, counts: str, *args: str, by: str = "district") -> Result:
        areas = self.folder / "areas.csv"
        areas.write_text(self.areas, encoding="utf-8")
        arguments = ["rollup", "-", "--areas", str(areas), "--by", by, *args]
        return CliRunner().invoke(main, arguments, input=counts)

    def json(self, counts: str, *args: str, by: str = "district") -> tuple[int, dict[str, Any]]:
        result = self.run(counts, "--format", "json", *args, by=by)
        return result.exit_code, json.loads(result.stdout)

    def errors(self, counts: str, *args: str) -> list[tuple[int, str, str | None]]:
        code, payload = self.json(counts, *args)
        assert code == (1 if payload["errors"] else 0)
        assert all(error["message"] for error in payload["errors"])
        return [(error["row"], error["code"], error["field"]) for error in payload["errors"]]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_an_area_has_every_promised_key(case: Case) -> None:
    code, payload = case.json(
        COUNTS + f"00004,{HOUSEHOLD},1000,950,900,800,0\n00007,{HOUSEHOLD},500,450,400,300,50\n"
    )
    assert code == 0
    assert payload["errors"] == []
    one, two = payload["areas"]
    assert one == {
        "area": "011",
        "name": "Huyện Một",
        "level": "district",
        "title": HOUSEHOLD,
        "total": 1500,
        "registered": 1400,
        "assessed": 1300,
        "recognised": 1100,
        "undetermined": 50,
        "coverage": {"reported": 2, "expected": 2},
        "rates": {
            "of_total": {
                "numerator": 1100,
                "denominator": 1500,
                "percent": None,
                "percent_min": "73.33",
                "percent_max": "76.67",
            },
            "of_registered": {
                "numerator": 1100,
                "denominator": 1400,
                "percent": None,
                "percent_min": "78.57",
                "percent_max": "82.14",
            },
            "of_assessed": {
                "numerator": 1100,
                "denominator": 1300,
                "percent": None,
                "percent_min": "84.62",
                "percent_max": "88.46",
            },
        },
        "recognised_by_level": {},
    }
    assert two["coverage"] == {"reported": 0, "expected": 2}
    assert two["total"] is None
    assert two["rates"]["of_total"] == {"numerator": None, "denominator": None, **NULL_RATE}


def test_blank_is_not_zero(case: Case) -> None:
    _, payload = case.json(COUNTS + f"00004,{HOUSEHOLD},10,,,4,\n00007,{HOUSEHOLD},10,,,0,\n")
    area = payload["areas"][0]
    assert (area["registered"], area["recognised"]) == (None, 4)
    assert area["rates"]["of_total"]["percent"] == "20.00"
    assert area["rates"]["of_registered"] == {"numerator": 4, "denominator": None, **NULL_RATE}


def test_a_row_of_blanks_is_no_report(case: Case) -> None:
    code, payload = case.json(COUNTS + f"00004,{HOUSEHOLD},,,,,\n")
    assert code == 0
    assert [area["coverage"]["reported"] for area in payload["areas"]] == [0, 0]


def test_every_area_of_the_level_stands_with_every_title(case: Case) -> None:
    rows = f"00004,{HOUSEHOLD},1,1,1,1,0\n00010,learning_clan,1,1,1,1,0\n"
    _, payload = case.json(COUNTS + rows, by="commune")
    pairs = [(area["area"], area["title"]) for area in payload["areas"]]
    assert len(pairs) == len(set(pairs)) == 8


def test_an_area_that_reports_itself_covers_all_below(case: Case) -> None:
    _, payload = case.json(COUNTS + f"011,{HOUSEHOLD},10,,,4,\n", by="province")
    assert payload["areas"][0]["coverage"] == {"reported": 2, "expected": 4}


def test_a_difference_between_levels_is_an_error_and_those_below_are_summed(case: Case) -> None:
    rows = f"011,{HOUSEHOLD},100,,,40,\n00004,{HOUSEHOLD},50,,,30,\n00007,{HOUSEHOLD},49,,,10,\n"
    assert case.errors(COUNTS + rows) == [(1, "parent_differs", "total")]
    _, payload = case.json(COUNTS + rows)
    assert payload["areas"][0]["total"] == 99


def test_agreement_between_levels_is_fine(case: Case) -> None:
    rows = f"011,{HOUSEHOLD},99,,,40,\n00004,{HOUSEHOLD},50,,,30,\n00007,{HOUSEHOLD},49,,,10,\n"
    assert case.errors(COUNTS + rows) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (f"00004,{HOUSEHOLD},10,10,5,6,", [("above_whole", "recognised")]),
        (f"00004,{HOUSEHOLD},10,11,,,", [("above_whole", "registered")]),
        (f"00004,{HOUSEHOLD},10,10,5,3,3", [("above_whole", "undetermined")]),
        (f"00004,{HOUSEHOLD},-5,,,,", [("negative", "total")]),
        (f"00004,{HOUSEHOLD},12.5,,,,", [("not_a_count", "total")]),
        (f"00004,{HOUSEHOLD},1e3,,,,", [("not_a_count", "total")]),
        (
            f"00004,{HOUSEHOLD},NaN,,,abc,",
            [("not_a_count", "total"), ("not_a_count", "recognised")],
        ),
        (f"00004,{HOUSEHOLD},253.853,,,,", [("not_a_count", "total")]),
        (f"00004,{HOUSEHOLD},{10**15},,,,", [("not_a_count", "total")]),
        (f"99999,{HOUSEHOLD},1,,,,", [("unknown_area", "area")]),
        (f",{HOUSEHOLD},1,,,,", [("missing", "area")]),
        ("00004,,1,,,,", [("missing", "title")]),
        ("00004,learning_dog,1,,,,", [("unknown_title", "title")]),
        (f"00004,{HOUSEHOLD},1,1,1,1,0,9", [("broken_row", None)]),
        (
            "99999,learning_dog,x,,,,",
            [("unknown_area", "area"), ("unknown_title", "title"), ("not_a_count", "total")],
        ),
    ],
)
def test_a_row_that_cannot_be_is_named_and_not_summed(
    case: Case, row: str, expected: list[tuple[str, str | None]]
) -> None:
    good = f"00007,{HOUSEHOLD},7,,,,\n"
    assert case.errors(COUNTS + good + row + "\n") == [(2, *fault) for fault in expected]
    _, payload = case.json(COUNTS + good + row + "\n")
    assert payload["areas"][0]["total"] == 7


def test_the_remedy_for_vietnamese_numbers_is_named_and_works(case: Case) -> None:
    rows = COUNTS + f"00004,{HOUSEHOLD},253.853,,,,\n"
    _, payload = case.json(rows)
    assert "--numbers vi" in payload["errors"][0]["message"]
    _, payload = case.json(rows, "--numbers", "vi")
    assert payload["areas"][0]["total"] == 253_853


def test_of_duplicates_none_is_summed_and_each_is_named(case: Case) -> None:
    rows = f"00004,{HOUSEHOLD},1,,,,\n00007,{HOUSEHOLD},5,,,,\n" + 2 * f"00004,{HOUSEHOLD},2,,,,\n"
    assert case.errors(COUNTS + rows) == [(n, "duplicate_key", "area") for n in (1, 3, 4)]
    _, payload = case.json(COUNTS + rows)
    assert payload["areas"][0]["total"] == 5


def test_codes_that_lost_their_zeros_are_put_back_with_one_warning(case: Case) -> None:
    rows = f"4,{HOUSEHOLD},1,,,,\n7,{HOUSEHOLD},2,,,,\n"
    result = case.run(COUNTS + rows, "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["areas"][0]["total"] == 3
    assert len(result.stderr.splitlines()) == 1
    assert "2 dòng" in result.stderr
    assert "dòng đầu tiên: 1" in result.stderr


def test_a_code_that_two_areas_fit_is_unknown(case: Case) -> None:
    case.areas += "04,Tỉnh Khác,province,\n"
    assert case.errors(COUNTS + f"4,{HOUSEHOLD},1,,,,\n") == [(1, "unknown_area", "area")]


@pytest.mark.parametrize("parent", ["1", "01"])
def test_a_parent_that_lost_its_zeros_is_found_with_one_warning(case: Case, parent: str) -> None:
    case.areas = f"code,name,level,parent\n01,Tỉnh,province,\n00004,Xã An,commune,{parent}\n"
    result = case.run(COUNTS + f"00004,{HOUSEHOLD},3,,,,\n", "--format", "json", by="province")
    assert json.loads(result.stdout)["areas"][0]["total"] == 3
    assert result.stderr.count("parent") == (parent != "01")


def test_areas_that_lost_their_zeros_take_full_codes_with_one_warning(case: Case) -> None:
    case.areas = "code,name,level,parent\n1,Tỉnh,province,\n11,Huyện,district,1\n4,Xã,commune,11\n"
    result = case.run(COUNTS + f"00004,{HOUSEHOLD},3,,,,\n", "--format", "json", by="province")
    assert result.exit_code == 0
    [area] = json.loads(result.stdout)["areas"]
    assert (area["area"], area["total"]) == ("1", 3)
    assert len(result.stderr.splitlines()) == 1


def test_a_parent_that_two_areas_fit_is_an_error(case: Case) -> None:
    case.areas = (
        "code,name,level,parent\n01,Tỉnh,province,\n001,Quận,district,01\n00004,Phường,commune,1\n"
    )
    assert case.errors(COUNTS) == [(3, "unknown_parent", "parent")]


def test_repadded_and_full_code_are_one_key(case: Case) -> None:
    rows = f"4,{HOUSEHOLD},1,,,,\n00004,{HOUSEHOLD},2,,,,\n"
    assert case.errors(COUNTS + rows) == [(n, "duplicate_key", "area") for n in (1, 2)]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("00004,Xã Khác,commune,012\n", "duplicate_code"),
        ("00099,Xã Lạ,commune,999\n", "unknown_parent"),
        ("00099,Xã Lạ,planet,012\n", "unknown_level"),
        ("00098,Xã Lạ,district,00099\n00099,Xã Lạ,district,00098\n", "cycle"),
    ],
)
def test_faults_of_areas_stand_among_the_errors(case: Case, more: str, fault: str) -> None:
    case.areas += more
    code, payload = case.json(COUNTS + f"00010,{HOUSEHOLD},5,,,,\n")
    assert code == 1
    assert fault in {error["code"] for error in payload["errors"]}
    assert {error["file"] for error in payload["errors"]} == {"areas"}
    assert min(error["row"] for error in payload["errors"]) >= 4
    assert payload["areas"][1]["total"] == 5


def test_counts_of_a_faulty_area_are_not_summed(case: Case) -> None:
    case.areas += "00099,Xã Lạ,commune,999\n"
    errors = case.errors(COUNTS + f"00099,{HOUSEHOLD},1,,,,\n")
    assert (1, "faulty_area", "area") in errors


def test_subjects_are_counted(case: Case) -> None:
    rows = "area,title,id,verdict,level\n" + "".join(
        f"00004,{HOUSEHOLD},h{n},{verdict}\n"
        for n, verdict in enumerate(
            ["recognised,good", "recognised,", "not_recognised,", "undetermined,", ","]
        )
    )
    code, payload = case.json(rows)
    area = payload["areas"][0]
    assert code == 0
    assert [area[name] for name in ("total", "assessed", "recognised", "undetermined")] == [
        5,
        4,
        2,
        1,
    ]
    assert area["registered"] is None
    assert area["recognised_by_level"] == {"good": 1}
    of_assessed, of_total = area["rates"]["of_assessed"], area["rates"]["of_total"]
    assert (of_total["percent_min"], of_total["percent_max"]) == ("40.00", "80.00")
    assert (of_assessed["numerator"], of_assessed["denominator"]) == (2, 5)


SUBJECTS = "area,title,id,verdict\n"


def test_subjects_of_an_area_and_of_those_below_add_up(case: Case) -> None:
    rows = [f"011,{HOUSEHOLD},a,recognised", f"00004,{HOUSEHOLD},b,not_recognised"]
    code, payload = case.json(SUBJECTS + "\n".join([*rows, f"01,{HOUSEHOLD},c,recognised", ""]))
    area = payload["areas"][0]
    assert (code, area["total"], area["recognised"]) == (0, 2, 1)
    assert area["coverage"] == {"reported": 1, "expected": 2}
    _, payload = case.json(SUBJECTS + "\n".join([*rows, ""]), by="province")
    assert payload["areas"][0]["total"] == 2


@pytest.mark.parametrize("other", ["00004", "00007", "011", "4"])
def test_an_id_that_stands_twice_is_named_and_no_row_of_it_is_counted(
    case: Case, other: str
) -> None:
    rows = [f"00004,{HOUSEHOLD},x,recognised", f"00007,{HOUSEHOLD},y,recognised"]
    rows += [f"{other},{HOUSEHOLD},x,recognised", f"{other},{HOUSEHOLD},x,undetermined"]
    text = SUBJECTS + "\n".join([*rows, "00010,learning_clan,x,recognised", ""])
    assert case.errors(text) == [(n, "duplicate_key", "id") for n in (1, 3, 4)]
    _, payload = case.json(text)
    assert {a["area"]: a["total"] for a in payload["areas"] if a["title"] == HOUSEHOLD} == {
        "011": 1,
        "012": None,
    }
    assert "x" not in {word for e in payload["errors"] for word in e["message"].split()}


def test_an_id_is_missed_also_where_the_first_row_cannot_be(case: Case) -> None:
    rows = f"00004,{HOUSEHOLD},x,yes\n00004,{HOUSEHOLD},x,recognised\n"
    assert case.errors(SUBJECTS + rows) == [
        (1, "unknown_verdict", "verdict"),
        (1, "duplicate_key", "id"),
        (2, "duplicate_key", "id"),
    ]


def test_subjects_without_ids_are_each_counted(case: Case) -> None:
    _, payload = case.json(SUBJECTS + 2 * f"00004,{HOUSEHOLD},,recognised\n")
    assert payload["areas"][0]["total"] == 2


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("yes,,,", ("unknown_verdict", "verdict")),
        ("not_recognised,good,,", ("level_without_recognition", "level")),
        ("recognised,,80,", ("points_range", "points_possible")),
        ("recognised,,x,80", ("points_range", "points_certain")),
        ("recognised,,80,70", ("points_range", "points_certain")),
    ],
)
def test_a_subject_that_cannot_be_is_not_counted(
    case: Case, cells: str, expected: tuple[str, str]
) -> None:
    rows = (
        "area,title,verdict,level,points_certain,points_possible\n"
        f"00004,{HOUSEHOLD},recognised,,80,80\n00004,{HOUSEHOLD},{cells}\n"
    )
    assert case.errors(rows) == [(2, *expected)]
    _, payload = case.json(rows)
    assert payload["areas"][0]["total"] == 1


def test_columns_without_meaning_are_warned_of_once(case: Case) -> None:
    result = case.run(
        f"area,title,total,recognized\n00004,{HOUSEHOLD},5,3\n00007,{HOUSEHOLD},5,3\n"
    )
    assert result.exit_code == 0
    assert len(result.stderr.splitlines()) == 1
    assert "recognised" in result.stderr


def test_messages_are_natural_vietnamese(case: Case) -> None:
    rows = f"011,{HOUSEHOLD},253853,,,,\n00004,{HOUSEHOLD},5000,,,,\n00007,{HOUSEHOLD},10,11,,,\n"
    text = case.run(COUNTS + rows).stdout
    assert "Không thể có số đăng ký lớn hơn tổng số" in text
    assert "ghi tổng số là 253.853, nhưng" in text
    assert "số tổng số" not in text


def test_a_reader_that_stops_early_is_no_fault(case: Case) -> None:
    villages = "".join(f"v{n},Thôn,village,00004\n" for n in range(5_000))
    (case.folder / "areas.csv").write_text(AREAS + villages, encoding="utf-8")
    (case.folder / "counts.csv").write_text(COUNTS + f"v1,{HOUSEHOLD},1,,,,\n", encoding="utf-8")
    command = [sys.executable, "-m", "xhht", "rollup", "counts.csv", "--areas", "areas.csv"]
    with subprocess.Popen(
        [*command, "--by", "village"],
        cwd=case.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""


def test_text_in_both_languages(case: Case) -> None:
    rows = COUNTS + f"00004,{HOUSEHOLD},253853,,,200000,\n99999,{HOUSEHOLD},1,,,,\n"
    result = case.run(rows)
    assert result.exit_code == 1
    assert "253.853" in result.stdout
    assert "78,79%" in result.stdout
    assert "Bảng số liệu, dòng 2 [area]:" in result.stdout
    english = case.run(rows, "--lang", "en").stdout
    assert "253,853" in english
    assert "78.79%" in english
    assert "Counts, row 2 [area]:" in english


@pytest.mark.parametrize(
    "counts",
    [
        "",
        "area,total\n00004,1\n",
        f"area,title\n00004,{HOUSEHOLD}\n",
        f"area,title,verdict,total\n00004,{HOUSEHOLD},recognised,1\n",
    ],
)
def test_unusable_tables_of_counts_are_refused(case: Case, counts: str) -> None:
    result = case.run(counts)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


@pytest.mark.parametrize("areas", ["", "code,name,parent\n01,Tỉnh,\n"])
def test_unusable_tables_of_areas_are_refused(case: Case, areas: str) -> None:
    case.areas = areas
    result = case.run(COUNTS)
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("by", ["village", "galaxy"])
def test_a_level_without_areas_is_refused(case: Case, by: str) -> None:
    result = case.run(COUNTS + f"00004,{HOUSEHOLD},1,,,,\n", by=by)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["rollup", "-", "--areas", "-", "--by", "district"],
        ["rollup", "no-such.csv", "--areas", "no-such.csv", "--by", "district"],
        ["rollup", "-", "--by", "district"],
    ],
)
def test_unusable_arguments_are_refused(args: list[str]) -> None:
    result = CliRunner().invoke(main, args, input="")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


DATED = """code,name,level,parent,valid_from,valid_to
01,Tỉnh Mẫu,province,,,
011,Huyện Một,district,01,,2025-07-01
00004,Xã An,commune,011,,2025-07-01
00004,Xã An Bình,commune,01,2025-07-01,
"""


def test_a_dated_table_of_areas_is_read_on_a_day(case: Case) -> None:
    case.areas = DATED
    rows = COUNTS + f"00004,{HOUSEHOLD},10,,,4,\n"
    _, before = case.json(rows, "--on", "2025-06-30", by="commune")
    _, after = case.json(rows, "--on", "2025-07-01", by="commune")
    names = [[area["name"] for area in payload["areas"]] for payload in (before, after)]
    assert names == [["Xã An"], ["Xã An Bình"]]
    _, district = case.json(rows, "--on", "2025-06-30")
    assert district["areas"][0]["total"] == 10


def test_a_report_of_another_day_is_an_error(case: Case) -> None:
    case.areas = DATED
    code, payload = case.json(
        COUNTS + f"011,{HOUSEHOLD},1,,,,\n", "--on", "2025-07-01", by="commune"
    )
    assert (code, payload["errors"][0]["code"]) == (1, "unknown_area")
    assert "vào ngày được chọn" in payload["errors"][0]["message"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "--on 2025-07-01"),
        (("--on", "2025"), "--on phải là một ngày hợp lệ"),
        (("--on", "2025-07-01"), "không có khu vực nào ở cấp huyện"),
    ],
)
def test_a_dated_table_without_a_fitting_day_is_refused(
    case: Case, args: tuple[str, ...], said: str
) -> None:
    case.areas = DATED
    result = case.run(COUNTS + f"00004,{HOUSEHOLD},1,,,,\n", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
