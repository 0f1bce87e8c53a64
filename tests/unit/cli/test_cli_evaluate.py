from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import xhht
from xhht.cli import main
from xhht.text import Text

ORIGIN = Text(
    vi="Bộ tiêu chí: test.cli@2.1.0 (mã băm {hash})", en="Profile: test.cli@2.1.0 (hash {hash})"
)
UNIT = "vn.unit.tt22-2020"
CITIZEN = "vn.citizen.qd324-2023"
PROFILE = """\
format: 1
id: test.cli
version: 2.1.0
status: active
title: learning_unit
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
ITEM_KEYS = [
    "id",
    "profile",
    "as_of",
    "final",
    "closed",
    "verdict",
    "level",
    "levels_possible",
    "points_certain",
    "points_possible",
    "max_points",
    "available_points",
    "criteria",
    "gaps",
]


def run(*args: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["evaluate", *args], input=stdin)


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "sample.yaml"
    path.write_text(PROFILE, encoding="utf-8")
    return str(path)


def items(profile: str, facts: str | bytes, *args: str) -> tuple[int, list[dict[str, Any]]]:
    result = run(profile, "-", "--format", "json", *args, stdin=facts)
    return result.exit_code, json.loads(result.stdout)


def error(profile: str, facts: str | bytes) -> tuple[str, str | None]:
    """Return code and field of the error of the only subject."""
    code, [item] = items(profile, facts)
    assert code == 1
    assert list(item) == ["id", "error"]
    assert list(item["error"]) == ["code", "field", "message"]
    assert item["error"]["message"]
    return item["error"]["code"], item["error"]["field"]


# What an item holds


def test_an_item_has_every_promised_key(profile: str) -> None:
    code, [item] = items(profile, '{"id": "u1", "flag": true, "total": 9}', "--lang", "en")
    assert code == 0
    assert [key for key in item if key in ITEM_KEYS] == ITEM_KEYS
    assert list(item["profile"]) == ["id", "version", "hash", "provenance"]
    assert item["profile"]["provenance"] == "illustrative"
    assert re.fullmatch("[0-9a-f]{64}", item["profile"]["hash"])
    assert (item["id"], item["verdict"], item["level"]) == ("u1", "recognised", None)
    assert item["levels_possible"] == ["good", "fair"]
    assert (item["points_certain"], item["points_possible"]) == (10, 30)
    assert (item["max_points"], item["available_points"]) == (30, 30)
    assert [criterion["id"] for criterion in item["criteria"]] == ["1", "1.1", "1.2", "2", "2.1"]
    assert item["criteria"][0] == {
        "id": "1",
        "status": "unknown",
        "points_certain": 10,
        "points_possible": 20,
        "max_points": 20,
    }
    assert [(gap["input"], gap["criterion"], gap["reason"]) for gap in item["gaps"]] == [
        ("part", "1.2", "missing"),
        ("panel", "2.1", "missing"),
    ]
    assert all(list(gap) == ["input", "criterion", "reason", "message"] for gap in item["gaps"])


def test_no_level_is_null_and_stands_last(profile: str) -> None:
    _, [item] = items(profile, "{}")
    assert (item["verdict"], item["level"]) == ("undetermined", None)
    assert item["levels_possible"] == ["good", "fair", None]
    _, [item] = items(profile, '{"flag": false, "part": 0, "panel": 0, "total": 0}')
    assert (item["verdict"], item["level"], item["levels_possible"]) == (
        "not_recognised",
        None,
        [None],
    )


def test_a_level_out_of_reach_is_a_gap_with_two_nulls(profile: str) -> None:
    _, [item] = items(profile, '{"flag": false, "part": 0, "panel": 0, "total": 0}')
    last = item["gaps"][-1]
    assert (last["input"], last["criterion"], last["reason"]) == (None, None, "below_threshold")


def test_points_are_written_exactly(profile: str) -> None:
    result = run(profile, "-", "--format", "json", stdin='{"panel": 3.077, "flag": true}')
    written = re.findall(r'"points_certain": ([^,}]+)', result.stdout)
    assert written == ["13.077", "10", "10", "0", "3.077", "3.077"]


def test_as_of_is_the_day_given_or_today(profile: str) -> None:
    _, [item] = items(profile, "{}", "--as-of", "2024-12-31")
    assert item["as_of"] == "2024-12-31"
    before = date.today()
    _, [item] = items(profile, "{}")
    assert before <= date.fromisoformat(item["as_of"]) <= date.today()
    result = run(profile, "-", "--as-of", "2024-12-31", "--lang", "en", stdin="{}")
    assert "Evaluated as of: 2024-12-31" in result.stdout


@pytest.mark.parametrize("reference", [UNIT, f"{UNIT}@2.0.0"])
def test_a_profile_may_be_named_by_id_and_version(reference: str) -> None:
    _, [item] = items(reference, "{}")
    assert (item["profile"]["id"], item["profile"]["version"]) == (UNIT, "2.0.0")


# Facts


def test_json_and_csv_give_the_same_results(profile: str, tmp_path: Path) -> None:
    listed = '[{"id": "a", "flag": true, "total": 9, "part": null}, {"id": "b", "panel": 2.5}]'
    table = "id,flag,total,part,panel\na,có,9,,\nb,,,,2.5\n"
    json_file, csv_file = tmp_path / "facts.json", tmp_path / "facts.csv"
    json_file.write_text(listed, encoding="utf-8")
    csv_file.write_text(table, encoding="utf-8")
    from_stdin = items(profile, listed)
    assert from_stdin[0] == 0
    assert [item["id"] for item in from_stdin[1]] == ["a", "b"]
    assert items(profile, table) == from_stdin
    for file in (json_file, csv_file):
        result = run(profile, str(file), "--format", "json")
        assert (result.exit_code, json.loads(result.stdout)) == from_stdin


@pytest.mark.parametrize("facts", ['{"flag": null}', "{}", '[{"total": null}]', "flag,part\n,\n1,"])
def test_null_blank_and_missing_are_unknown(profile: str, facts: str) -> None:
    _, evaluated = items(profile, facts)
    assert evaluated[-1]["points_possible"] == 30
    assert "part" in [gap["input"] for gap in evaluated[-1]["gaps"]]


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        *((cell, 10) for cell in ("true", "1", "có", "CÓ", "co\u0301")),
        *((cell, 0) for cell in ("FALSE", "0", "không", "Không", "kho\u0302ng")),
    ],
)
def test_truths_of_a_table(profile: str, cell: str, points: int) -> None:
    code, [item] = items(profile, f"flag,total,part,panel\n{cell},0,0,0\n")
    assert (code, item["points_certain"], item["points_possible"]) == (0, points, points)


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ('{"flag": 1}', "wrong_type", "flag"),
        ('{"flag": 0}', "wrong_type", "flag"),
        ('{"flag": "có"}', "wrong_type", "flag"),
        ('{"total": true}', "wrong_type", "total"),
        ('{"total": "5"}', "wrong_type", "total"),
        ('{"total": []}', "wrong_type", "total"),
        ('{"total": 5.5}', "off_step", "total"),
        ('{"total": -1}', "out_of_bounds", "total"),
        ('{"total": 1e999999999}', "out_of_bounds", "total"),
        ('{"total": 1e99999999999999999999999}', "out_of_bounds", "total"),
        (f'{{"total": {"9" * 5000}}}', "out_of_bounds", "total"),
        (f'{{"total": 1.{"1" * 500_000}}}', "off_step", "total"),
        ('{"total": NaN}', "not_a_number", "total"),
        ('{"total": -Infinity}', "not_a_number", "total"),
        ('{"total": 4, "part": 5}', "at_most", "part"),
        ('{"total": {}}', "bad_evidence", "total"),
        ('{"Total": 5}', "unknown_key", "Total"),
        ('{"total": 5, "total": 5}', "duplicate_key", None),
        ('{"id": "a", "id": "b"}', "duplicate_key", None),
        ('{"total": {"waived": {"reason": "a", "reason": "b"}}}', "duplicate_key", None),
        ('{"\\ud800": 1}', "unknown_key", None),
        ('{"Nguyễn An": 1}', "unknown_key", None),
        ('{"060200000001": 1}', "unknown_key", None),
        ('{"totall": 1}', "unknown_key", "totall"),
        ("[3]", "not_an_object", None),
        ("flag\nmaybe\n", "wrong_type", "flag"),
        ("total\n1.234\n", "wrong_type", "total"),
        ("total\n12.000\n", "wrong_type", "total"),
        ('total\n"12,000"\n', "wrong_type", "total"),
        ("total\n12.5\n", "wrong_type", "total"),
        ("id,total\na\0b,1\n", "broken_row", None),
        ("id,total\na,1\0\n", "broken_row", None),
        ("total\nabc\n", "wrong_type", "total"),
        ("total,part\n4,5\n", "at_most", "part"),
        ("total\n4,5\n", "broken_row", None),
        ('total\n"4"5\n', "broken_row", None),
        ('total\n"4\n', "broken_row", None),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_faulty_row_is_an_item_with_its_error(
    profile: str, facts: str, code: str, field: str | None
) -> None:
    assert error(profile, facts) == (code, field)


def test_the_other_rows_are_still_evaluated(profile: str) -> None:
    table = 'id,total\na,1\nb,x\nc,3\n"d"d,4\ne,5\ne,6\n\nf,7\n'
    code, evaluated = items(profile, table)
    assert code == 1
    assert [(item["id"], "error" in item) for item in evaluated] == [
        ("a", False),
        ("b", True),
        ("c", False),
        (4, True),
        ("e", True),
        ("e", True),
        ("f", False),
    ]
    code, evaluated = items(profile, '[{"total": 1}, {"total": -1}, 7, {"total": 1}]')
    assert (code, ["error" in item for item in evaluated]) == (1, [False, True, True, False])


def test_numbers_may_be_written_the_vietnamese_way(profile: str) -> None:
    code, [item] = items(profile, "total;part;panel\n1.234;5;2,5\n", "--numbers", "vi")
    assert (code, item["points_certain"]) == (0, 12.5)


@pytest.mark.parametrize(
    ("numbers", "cell", "points"),
    [("plain", "12000", 20), ("vi", "12000", 20), ("vi", "12.000", 20), ("vi", "1.234.567", 20)],
)
def test_counts_that_only_one_reading_fits(
    tmp_path: Path, numbers: str, cell: str, points: int
) -> None:
    file = tmp_path / "large.yaml"
    file.write_text(PROFILE.replace("part >= 5", "total >= 12000"), encoding="utf-8")
    table = f"flag;total;panel\n1;{cell};0\n"
    code, [item] = items(str(file), table, "--numbers", numbers)
    assert (code, item["points_certain"]) == (0, points)


@pytest.mark.parametrize("column", ["total", "panel"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_numbers_in_the_other_writing_are_refused_with_the_option_that_reads_them(
    profile: str, column: str, lang: str
) -> None:
    code, [item] = items(profile, f"{column};id\n2,5;x\n", "--lang", lang)
    assert (code, item["error"]["field"]) == (1, column)
    assert "--numbers vi" in item["error"]["message"]


@pytest.mark.parametrize("cell", ["12,5", "12,000", "2,5", "70.5", "abc"])
def test_a_vietnamese_count_has_no_decimals_either(profile: str, cell: str) -> None:
    code, [item] = items(profile, f"id;total\na;{cell}\n", "--numbers", "vi", "--lang", "en")
    assert (code, item["error"]["code"]) == (1, "wrong_type")
    assert "12.000 or 12000" in item["error"]["message"]


def test_extra_columns_are_ignored_with_one_warning(profile: str) -> None:
    table = "id,ho_ten,total,ghi_chu\na,An,1,x\nb,Bình,2,y\n"
    result = run(profile, "-", "--format", "json", "--lang", "en", stdin=table)
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "Warning: Columns that the profile does not use are ignored: ho_ten, ghi_chu."
    ]
    assert [item["id"] for item in json.loads(result.stdout)] == ["a", "b"]


def test_a_column_that_differs_by_case_or_diacritics_is_suggested(profile: str) -> None:
    table = "ID,Total,tổng,flág,panels,panel\na,1,2,1,3,4\n"
    result = run(profile, "-", "--lang", "en", stdin=table)
    assert result.stderr.splitlines() == [
        "Warning: Columns that the profile does not use are ignored: "
        "ID (did you mean 'id'?), Total (did you mean 'total'?), column 3, "
        "flág (did you mean 'flag'?), panels."
    ]


@pytest.mark.parametrize("facts", ["060200000001,Lê Bình,Lê Bình,0\nb,c,d,e\n"])
def test_no_message_repeats_the_first_row_of_a_table_without_a_header(
    profile: str, facts: str
) -> None:
    result = run(profile, "-", "--lang", "en", stdin=facts)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("xhht: No column is an input of the profile;")
    assert "Bình" not in result.stderr


def test_a_name_among_the_columns_is_told_by_its_place(profile: str) -> None:
    result = run(profile, "-", stdin="id,total,Lê Bình\na,1,x\n")
    assert "cột thứ 3" in result.stderr
    assert "Bình" not in result.stderr


def test_a_name_among_the_keys_is_told_by_its_place(profile: str) -> None:
    code, [item] = items(profile, '{"id": "a", "total": 1, "Lê Bình": 2}', "--lang", "en")
    assert code == 1
    assert item["error"]["message"] == ("The profile does not use key number 3; remove this key.")


def test_a_table_without_a_header_is_not_repeated_in_the_warning(profile: str) -> None:
    result = run(profile, "-", stdin="060200000001,Nguyễn Văn An\n060200000002,Lê Bình\n")
    assert "Nguyễn" not in result.stderr
    assert "060" not in result.stderr + result.stdout
    assert "dòng đầu của bảng phải có tên" in result.stderr


# Ids


def test_an_id_is_text_or_else_the_number_of_the_row(profile: str) -> None:
    _, evaluated = items(profile, '[{"id": "x"}, {}, {"id": null}, {"id": ""}, {"id": " \\u00a0"}]')
    assert [item["id"] for item in evaluated] == ["x", 2, 3, 4, 5]
    _, evaluated = items(profile, "id,total\nx,\n,1\n\n007,2\n")
    assert [item["id"] for item in evaluated] == ["x", 2, "007"]


def test_ids_that_are_whole_numbers_are_digits_and_others_refused(profile: str) -> None:
    code, evaluated = items(profile, '[{"id": 8}, {"id": 7}, {"id": true}]')
    assert [item["id"] for item in evaluated] == ["8", "7", 3]
    assert code == 1
    assert ["error" in item for item in evaluated] == [False, False, True]


def test_an_id_twice_is_an_error_of_both(profile: str) -> None:
    code, evaluated = items(profile, '[{"id": "e\u0301"}, {"id": "a"}, {"id": "é"}]')
    assert code == 1
    assert "error" not in evaluated[1]
    for item in (evaluated[0], evaluated[2]):
        assert item["error"]["code"] == "duplicate_id"


def test_half_a_surrogate_pair_is_printed_as_its_escape(profile: str) -> None:
    result = run(profile, "-", "--format", "json", stdin='{"id": "a\\ud800"}')
    assert result.exit_code == 0
    assert json.loads(result.stdout)[0]["id"] == "a\ud800"
    assert run(profile, "-", stdin='{"id": "a\\ud800"}').exit_code == 0


# Encodings


@pytest.mark.parametrize(
    "facts",
    [
        '\ufeff{"id": "a", "total": 5}'.encode(),
        "\ufeffid,total\na,5\n".encode(),
        b"id;total\r\na;5\r\n",
        b"id\ttotal\na\t5",
        b' \n [{"id": "a", "total": 5}]',
    ],
)
def test_byte_order_marks_and_delimiters(profile: str, facts: bytes) -> None:
    code, [item] = items(profile, facts)
    assert (code, item["id"]) == (0, "a")


@pytest.mark.parametrize(
    "facts",
    [
        '{"total": 5}'.encode("utf-16"),
        b"id,t\xf4ng\na,5\n",
        b'{"id": "\xff"}',
        b"PK\x03\x04rest",
        b"",
        b"\n\n",
        b"id,total,id\n",
        b"id,to\0tal\n",
        b'{"total": 5',
        b"[1, 2,]",
        b"[" * 100_000,
        b'{"total":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=lambda facts: repr(facts[:20]),
)
def test_facts_that_cannot_be_read_end_with_2_and_print_nothing(profile: str, facts: bytes) -> None:
    result = run(profile, "-", "--format", "json", stdin=facts)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


def test_a_scalar_in_a_json_file_is_not_a_table(profile: str, tmp_path: Path) -> None:
    file = tmp_path / "facts.JSON"
    file.write_text("3", encoding="utf-8")
    result = run(profile, str(file), "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)[0]["error"]["code"] == "not_an_object"


def test_no_subjects_are_an_empty_list(profile: str) -> None:
    assert items(profile, "[]") == (0, [])
    assert items(profile, "id,total\n") == (0, [])


# Usage


@pytest.mark.parametrize(
    "args",
    [
        (UNIT, "no-such-file.csv"),
        ("no-such-id", "-"),
        (f"{UNIT}@9.9.9", "-"),
        ("no-such-file.yaml", "-"),
        (".", "-"),
        ("", "-"),
        (UNIT, "."),
        (UNIT,),
        (),
        (UNIT, "-", "--as-of", "31/12/2024"),
        (UNIT, "-", "--as-of", "2024-02-30"),
        (UNIT, "-", "--format", "xml"),
        (UNIT, "-", "--lang", "fr"),
        (UNIT, "-", "--numbers", "us"),
        (UNIT, "-", "--nope"),
        ("-", "-"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("output", ["json", "text"])
def test_wrong_usage_ends_with_2_and_prints_nothing(args: tuple[str, ...], output: str) -> None:
    result = run("--format", output, *args, stdin="{}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


def test_a_verdict_is_never_an_exit_code(profile: str) -> None:
    for facts in ("{}", '{"flag": false, "part": 0, "panel": 0}'):
        assert run(profile, "-", stdin=facts).exit_code == 0


@pytest.mark.parametrize("output", ["json", "text"])
def test_a_broken_profile_prints_what_check_prints(tmp_path: Path, output: str) -> None:
    file = tmp_path / "broken.yaml"
    broken = PROFILE.replace("part >= 5", "prat >= 5").replace("status: active\n", "")
    # A second input that nothing reads makes a warning beside the errors.
    spare = "  spare: {type: bool, label: {vi: Thừa, en: Spare}}\ncriteria:"
    file.write_text(broken.replace("criteria:", spare, 1), encoding="utf-8")
    checked = CliRunner().invoke(main, ["check", str(file), "--format", output])
    result = run(str(file), "-", "--format", output, stdin="{}")
    assert (checked.exit_code, result.exit_code) == (1, 1)
    assert result.stdout
    assert checked.stdout.startswith(result.stdout)
    if output == "json":
        assert result.stdout == checked.stdout


# Text


def test_text_shows_a_line_a_subject(profile: str) -> None:
    facts = '[{"id": "a", "flag": true, "total": 0, "panel": 2.5}, {"id": "b", "flag": 3}]'
    result = run(profile, "-", "--as-of", "2024-12-31", stdin=facts)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        ORIGIN.get("vi", hash=xhht.load_profile(profile).hash[:12]),
        "Nguồn: MINH HỌA, không phải tiêu chí do cơ quan nào ban hành",
        "Ngày đánh giá: 31/12/2024",
        "a: Đạt tiêu chí; mức: Khá; điểm: 12,5",
        "b: dữ kiện không hợp lệ: 'flag' phải là đúng/sai (true hoặc false).",
    ]


@pytest.mark.parametrize("args", [(), ("--explain",)])
@pytest.mark.parametrize(
    ("provenance", "said"),
    [
        ("illustrative", "Provenance: ILLUSTRATIVE; not criteria issued by any authority"),
        ("partial", "Provenance: partial; anything not found in a source is marked"),
        ("complete", "Provenance: complete; everything is in the sources"),
    ],
)
def test_text_begins_with_the_profile_and_its_provenance(
    tmp_path: Path, args: tuple[str, ...], provenance: str, said: str
) -> None:
    file = tmp_path / "sourced.yaml"
    sourced = f"provenance: {provenance}\nlegal_basis: {{document: 1/QĐ}}"
    file.write_text(PROFILE.replace("provenance: illustrative", sourced), encoding="utf-8")
    short = xhht.load_profile(file).hash[:12]
    for facts in ("{}", "[]", "id,total\n"):
        result = run(str(file), "-", "--lang", "en", "--as-of", "2024-12-31", *args, stdin=facts)
        assert result.stdout.splitlines()[:3] == [
            ORIGIN.get("en", hash=short),
            said,
            "Evaluated as of: 2024-12-31",
        ]


def test_messages_write_numbers_and_days_as_their_language_does(tmp_path: Path) -> None:
    file = tmp_path / "bounds.yaml"
    bounded = """\
  day: {type: date, min: 2020-01-01, max: 2024-12-31, label: {vi: Ngày, en: Day}}
  ratio: {type: decimal, places: 1, min: 0, max: 10.5, label: {vi: Hệ số, en: Ratio}}
criteria:"""
    file.write_text(PROFILE.replace("criteria:", bounded, 1), encoding="utf-8")
    facts = '[{"ratio": 11}, {"ratio": 0.33}, {"day": "2025-01-01"}]'
    for lang, said in (
        ("vi", ("từ 0 đến 10,5", "bội số của 0,1", "từ 01/01/2020 đến 31/12/2024")),
        ("en", ("0 and 10.5", "multiple of 0.1", "2020-01-01 and 2024-12-31")),
    ):
        _, evaluated = items(str(file), facts, "--lang", lang)
        for item, part in zip(evaluated, said, strict=True):
            assert part in item["error"]["message"]


def test_a_fact_that_many_criteria_wait_for_is_one_gap_in_text_and_many_in_json(
    tmp_path: Path,
) -> None:
    file = tmp_path / "twice.yaml"
    file.write_text(PROFILE.replace("part >= 5", "flag and part >= 5"), encoding="utf-8")
    facts = '{"part": 9, "total": 9, "panel": 1}'
    shown = run(str(file), "-", "--explain", "--lang", "en", stdin=facts).stdout
    gaps = [line.strip() for line in shown.splitlines() if line.strip().startswith("!")]
    assert gaps[0] == "! Missing: Flag. Concerns: 1.1, 1.2."
    assert sum("Missing: Flag" in line for line in gaps) == 1
    _, [item] = items(str(file), facts)
    assert [(gap["input"], gap["criterion"]) for gap in item["gaps"]][:2] == [
        ("flag", "1.1"),
        ("flag", "1.2"),
    ]


def test_a_profile_may_come_from_standard_input(profile: str, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"id": "a", "flag": true}', encoding="utf-8")
    named = run(profile, str(facts), "--format", "json")
    piped = run("-", str(facts), "--format", "json", stdin=PROFILE)
    assert (piped.exit_code, piped.stdout) == (0, named.stdout)
    broken = run("-", str(facts), "--format", "json", stdin="a: [")
    assert broken.exit_code == 1
    assert json.loads(broken.stdout)[0]["file"] == "-"


def test_explain_shows_waivers_with_reason_and_authority(profile: str) -> None:
    facts = '{"part": {"waived": {"reason": "Thiên tai", "authority": "UBND xã"}}}'
    result = run(profile, "-", "--explain", stdin=facts)
    assert "Được miễn: Thiên tai (theo UBND xã)" in result.stdout
    _, [item] = items(profile, facts)
    assert [c["status"] for c in item["criteria"] if c["id"] == "1.2"] == ["waived"]


def test_text_gives_control_characters_no_power(profile: str) -> None:
    waived = '{"waived": {"reason": "\\u001b[2J", "authority": "\\u009b2J"}}'
    facts = f'[{{"id": "a\\u001b[31m", "part": {waived}}}, {{"\\u001bkey": 1}}]'
    for args in ((), ("--explain",)):
        shown = run(profile, "-", *args, stdin=facts).stdout
        assert "a[31m" in shown
        assert not {"\x1b", "\x9b"} & set(shown)
    assert "\x1b" not in run(profile, "-", stdin="id,\x1b[2Jx\na,\n").stderr


def test_rejected_evidence_is_a_gap_and_not_an_error(profile: str) -> None:
    facts = '{"flag": {"value": true, "verification": "rejected", "source": "số 12"}}'
    code, [item] = items(profile, facts)
    assert code == 0
    assert (item["gaps"][0]["input"], item["gaps"][0]["reason"]) == ("flag", "invalid")
    assert "số 12" not in json.dumps(item, ensure_ascii=False)


def test_more_rows_than_are_read_at_once(profile: str, tmp_path: Path) -> None:
    table = tmp_path / "many.csv"
    rows = "".join(f"{i:06},1,{i % 50},{i % 7},\n" for i in range(20_000))
    table.write_text("id,flag,total,part,panel\n" + rows, encoding="utf-8")
    result = run(profile, str(table), "--lang", "en")
    lines = result.stdout.splitlines()
    assert len(lines) == 20_003
    assert lines[3] == "000000: Meets the criteria; level: Fair; points: 10–20"
    assert sum("invalid facts" in line for line in lines) == sum(
        i % 7 > i % 50 for i in range(20_000)
    )


@pytest.mark.parametrize(
    ("markup", "title", "fault"),
    [
        ("text", "<a>", "b: invalid facts: 'flag' must be true or false."),
        ("markdown", "## \\<a\\>", "b: invalid facts: 'flag' must be true or false."),
        ("html", "<h2>&lt;a&gt;</h2>", "<p>b: invalid facts: &#x27;flag&#x27; must be true or"),
    ],
)
def test_an_explanation_is_as_deep_and_marked_up_as_asked(
    profile: str, markup: str, title: str, fault: str
) -> None:
    facts = '[{"id": "<a>", "total": 1}, {"id": "b", "flag": 3}]'
    args = ("--depth", "sentence", "--markup", markup, "--lang", "en")
    shown = run(profile, "-", *args, stdin=facts).stdout
    assert title in shown.splitlines()
    assert fault in shown
    assert "unknown: " in shown
    assert "Rule:" not in shown
    _, [item, _] = items(profile, facts, *args)
    assert "unknown: " in item["explanation"]


# The close, and the register of titles


STEPS = """\
format: 1
id: test.steps
version: 1.0.0
status: active
title: learning_unit
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  flag: {type: bool, label: {vi: Cờ, en: Flag}}
  plan: {type: bool, label: {vi: Kế hoạch, en: Plan}}
  has: {type: bool, label: {vi: Đã có mức 1, en: Holds level 1}}
  day: {type: date, label: {vi: Ngày, en: Day}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: flag}
      - {id: "1.2", points: 10, met_when: plan}
levels:
  - id: two
    name: {vi: Mức 2, en: Level 2}
    when: points >= 20
    requires: {level: one, months: 12, since: day, held: has, binds: holders}
  - {id: one, name: {vi: Mức 1, en: Level 1}, when: points >= 10}
at_close: {missing: unmet, clause: Khoản 3 Điều 9}
"""
ROWS = "id,flag,plan,has\nu1,1,1,\nu2,1,1,\nu3,1,,0\nu4,1,1,1\n"
REGISTER = (
    "title,id,level,decided_on,document,authority\nlearning_unit,u1,one,2024-06-01,1/QĐ,UBND\n"
)


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    (tmp_path / "steps.yaml").write_text(STEPS, encoding="utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "register.csv").write_text(REGISTER, encoding="utf-8")
    return tmp_path


def on_day(folder: Path, *args: str) -> Result:
    files = str(folder / "steps.yaml"), str(folder / "rows.csv")
    return run(*files, "--as-of", "2024-12-31", "--lang", "en", *args)


def test_the_close_decides_and_names_what_was_missing(steps: Path) -> None:
    listed = json.loads(on_day(steps, "--final", "--format", "json").stdout)
    # What a level requires for itself is no indicator, so it is not closed.
    assert [(item["final"], item["closed"], item["level"]) for item in listed] == [
        (True, [], None),
        (True, [], None),
        (True, ["plan"], "one"),
        (True, [], None),
    ]
    assert [item["levels_possible"] for item in listed] == [
        ["two", "one"],
        ["two", "one"],
        ["one"],
        ["two", "one"],
    ]
    text = on_day(steps, "--final").stdout
    assert "an indicator without evidence counts as not met under khoản 3 Điều 9." in text


def test_the_close_over_columns_is_that_of_rows(steps: Path) -> None:
    result = on_day(steps, "--final", "-o", str(steps / "out.csv"))
    assert result.exit_code == 0
    assert "khoản 3 Điều 9" in result.stdout
    head, *rows = (steps / "out.csv").read_text("utf-8-sig").splitlines()
    assert head.split(",")[-2:] == ["closed", "title"]
    assert [row.split(",")[-2] for row in rows] == ['""', '""', "plan", '""']


def test_a_document_of_the_close_is_verified(steps: Path) -> None:
    result = on_day(steps, "--final", "--document", "facts", "-o", str(steps / "out.jsonl"))
    assert result.exit_code == 0
    command = ["verify", str(steps / "out.jsonl"), "--profile", str(steps / "steps.yaml")]
    assert CliRunner().invoke(main, command).exit_code == 0


def test_the_register_answers_what_the_prerequisite_asks(steps: Path) -> None:
    given = "--register", str(steps / "register.csv")
    result = on_day(steps, *given, "--format", "json")
    assert result.exit_code == 1
    u1, u2, u3, u4 = json.loads(result.stdout)
    assert (u1["level"], u2["level"]) == ("one", "two")
    assert u3["levels_possible"] == ["two", "one"]
    assert (u4["error"]["code"], u4["error"]["field"]) == ("register_differs", "has")
    assert on_day(steps, *given, "-o", str(steps / "out.csv")).exit_code == 2


def test_a_subject_without_an_id_cannot_be_in_the_register(steps: Path) -> None:
    (steps / "rows.csv").write_text("flag,plan\n1,1\n", encoding="utf-8")
    result = on_day(steps, "--register", str(steps / "register.csv"), "--format", "json")
    assert json.loads(result.stdout)[0]["error"]["code"] == "id_missing"


def test_an_invalid_row_of_the_register_ends_the_command(steps: Path) -> None:
    (steps / "register.csv").write_text(REGISTER.replace("2024-06-01", "1/6/2024"), "utf-8")
    result = on_day(steps, "--register", str(steps / "register.csv"))
    assert result.exit_code == 1
    assert "row 1" in result.stderr


@pytest.mark.parametrize(
    ("day", "reason"),
    [("2023-12-31", "có hiệu lực từ 26/01/2024"), ("2025-12-31", "không còn đối tượng từ 01/07")],
)
@pytest.mark.parametrize("options", [(), ("-o", "results.csv")])
def test_a_day_out_of_force_is_named_once_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str, reason: str, options: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("units.csv").write_text("id,members\nA,1\nB,2\n", encoding="utf-8")
    arguments = ("evaluate", "vn.unit.tt24-2023-district", "units.csv", *options)
    printed = CliRunner().invoke(main, [*arguments, "--as-of", day])
    assert printed.exit_code == 0
    assert printed.stderr.count(reason) == 1
    in_force = CliRunner().invoke(main, [*arguments, "--as-of", "2024-12-31", "--format", "json"])
    assert in_force.stderr == ""
    assert "remarks" not in in_force.stdout
