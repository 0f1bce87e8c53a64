"""`xhht campaign`: files in, one result out, and nothing lost on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from standard_profiles import COMMUNE, LITERACY, PRIMARY, SECONDARY
from xhht.cli import main

PROFILES = {
    "citizen.yaml": """
format: 1
id: test.citizen
version: 1.0.0
status: active
title: learning_citizen
name: {vi: Công dân, en: Citizen}
provenance: illustrative
inputs:
  score: {type: assessed, max: 10, label: {vi: Điểm, en: Score}}
criteria:
  - {id: "1", indicators: [{id: "1.1", points: 10, assessed: score}]}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 8}
""",
    "household.yaml": """
format: 1
id: test.household
version: 1.0.0
status: active
title: learning_household
name: {vi: Gia đình, en: Household}
provenance: illustrative
inputs:
  part: {type: share, label: {vi: A, en: A}, members: {title: learning_citizen, take: share}}
criteria:
  - {id: "1", indicators: [{id: "1.1", points: 10, met_when: part >= 50%}]}
levels:
  - {id: ok, name: {vi: Đạt, en: OK}, when: points >= 10}
""",
    "village.yaml": """
format: 1
id: test.village
version: 1.0.0
status: active
title: learning_community
applies_to: {level: [village]}
name: {vi: Thôn, en: Village}
provenance: illustrative
inputs:
  part: {type: share, label: {vi: A, en: A}, members: {title: learning_household, take: share}}
criteria:
  - {id: "1", indicators: [{id: "1.1", points: 10, met_when: part >= 50%}]}
levels:
  - {id: ok, name: {vi: Đạt, en: OK}, when: points >= 10}
""",
}
FILES = {
    "areas.csv": """code,name,level,parent
01,Tỉnh,province,
00001,Xã A,commune,01
00004,Xã B,commune,01
a1,Thôn 1,village,00001
a2,Thôn 2,village,00001
b1,Thôn 3,village,00004
""",
    "households.csv": "\ufeffid;village;registered\n001;a1;có\nh2;a2;có\n",
    "citizens.csv": "id,household,score,skilled\nc1,001,9,có\nc2,001,4,\nc3,h2,,không\n",
    "communities.csv": "area\na1\na2\n",
    "counts.csv": "area,title,total,recognised\nb1,learning_household,10,6\n"
    "a1,learning_household,2,\n",
    "decisions.csv": "title,id,level,decided_on,document,authority\n"
    "learning_household,001,,2023-12-20,1/QĐ-UBND,UBND xã A\n"
    "learning_citizen,c2,good,2023-12-20,2/QĐ-UBND,UBND xã A\n",
    "plan.targets.yaml": """format: 1
id: example.plan
version: 1.0.0
status: active
name: {vi: Kế hoạch mẫu, en: Sample plan}
legal_basis: {document: 01/KH-UBND, issuer: UBND tỉnh Mẫu}
provenance: illustrative
inputs:
  skilled: {type: bool, label: {vi: Có kỹ năng, en: Skilled}}
targets:
  - id: skilled_2025
    text: {vi: "70% có kỹ năng", en: "70% skilled"}
    measure: {condition: {title: learning_citizen, among: recognised, when: skilled}}
    deadline: 2025
    share: 70%
    scope: {level: province}
  - id: words_2025
    text: {vi: "Điểm từ 4", en: "Score of 4"}
    measure:
      condition: {title: learning_citizen, among: total, when: score >= 4, profile: test.citizen}
    deadline: 2025
    share: 60%
    scope: {level: commune}
  - id: villages_2025
    text: {vi: "3 thôn", en: "3 villages"}
    measure: {areas: {level: village, title: learning_household, count: recognised}}
    deadline: 2025
    count: 3
    scope: {level: province}
""",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "own").mkdir()
    for name, text in PROFILES.items():
        (tmp_path / "own" / name).write_text(text, encoding="utf-8")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


BASE = ("--year", "2023", "--areas", "areas.csv", "--profiles", "own", "--illustrative")
TABLES = ("--households", "households.csv", "--citizens", "citizens.csv")
ALL = (*TABLES, "--communities", "communities.csv", "--counts", "counts.csv")


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["campaign", *BASE, *args], input=stdin)


def found(*args: str, code: int = 0, stdin: str | None = None) -> dict[str, Any]:
    result = run(*args, "--format", "json", stdin=stdin)
    assert result.exit_code == code, result.output
    return dict(json.loads(result.stdout))


def counts(result: dict[str, Any], title: str, area: str = "01") -> dict[str, Any]:
    [row] = [r for r in result["areas"] if (r["title"], r["area"]) == (title, area)]
    return dict(row)


def errors(result: dict[str, Any]) -> list[tuple[str, int, str, str | None]]:
    return [(e["file"], e["row"], e["code"], e["field"]) for e in result["errors"]]


def test_each_title_is_judged_after_those_that_it_rests_on(folder: Path) -> None:
    result = found(*ALL)
    assert result["errors"] == []
    assert [profile["id"] for profile in result["profiles"]] == [
        "test.citizen",
        "test.household",
        "test.village",
    ]
    household = counts(result, "learning_household")
    # One of two in 001 is a learning citizen; of h2 nothing is known; a1 has one more household.
    assert (household["total"], household["recognised"], household["undetermined"]) == (13, 7, 1)
    assert household["coverage"] == {"reported": 3, "expected": 3}
    village = counts(result, "learning_community")
    assert (village["communities"], village["recognised"], village["undetermined"]) == (
        "village",
        1,
        1,
    )


def test_the_result_has_every_promised_key(folder: Path) -> None:
    result = found(*ALL, "--decisions", "decisions.csv")
    assert list(result) == [
        "as_of",
        "final",
        "year",
        "profiles",
        "records",
        "areas",
        "targets",
        "differences",
        "errors",
    ]
    assert (result["as_of"], result["year"]) == ("2023-12-31", 2023)
    assert set(result["profiles"][0]) == {"id", "version", "hash", "provenance", "illustrative"}
    assert result["records"] == [
        {"file": file, "rows": rows, "judged": rows, "unknown": 0, "refused": 0}
        for file, rows in (("citizens", 3), ("households", 2), ("communities", 2))
    ]
    citizen = counts(result, "learning_citizen")
    assert citizen["decided"] == {"recognised": 1, "recognised_by_level": {"good": 1}}
    assert citizen["communities"] is None
    assert result["targets"] == {"attained": [], "not_computed": []}
    assert result["differences"] == [
        {"title": "learning_citizen", "id": "c2", "computed": [None], "decided": "good"}
    ]


def test_without_decisions_none_are_counted(folder: Path) -> None:
    result = found(*TABLES)
    assert counts(result, "learning_citizen")["decided"] is None


def test_targets_stand_at_each_level_asked_for(folder: Path) -> None:
    levels = ("--by", "commune", "--by", "province")
    result = found(*ALL, *levels, "--programme", "plan.targets.yaml")["targets"]
    stands = {(r["target"], r["area"]): (r["state"], r["of_reported"]) for r in result["attained"]}
    assert stands == {
        ("skilled_2025", "00001"): ("undetermined", "undetermined"),
        ("skilled_2025", "00004"): ("undetermined", "undetermined"),
        ("skilled_2025", "01"): ("undetermined", "undetermined"),
        ("words_2025", "00001"): ("met", "met"),
        ("words_2025", "00004"): ("undetermined", "undetermined"),
        ("words_2025", "01"): ("undetermined", "met"),
        ("villages_2025", "00001"): ("not_met", "not_met"),
        ("villages_2025", "00004"): ("not_met", "not_met"),
        ("villages_2025", "01"): ("undetermined", "undetermined"),
    }
    assert result["not_computed"] == []


def test_targets_may_be_held_against_decisions(folder: Path) -> None:
    options = (*TABLES, "--decisions", "decisions.csv", "--programme", "plan.targets.yaml")
    for more, numerator in (((), {"min": 1, "max": 1}), (("--decided",), {"min": 0, "max": 1})):
        attained = found(*options, *more)["targets"]["attained"]
        [row] = [r for r in attained if r["target"] == "skilled_2025"]
        assert row["numerator"] == numerator


def test_what_cannot_be_told_of_targets_is_named(folder: Path) -> None:
    result = found(*TABLES, "--programme", "vn.programme.qd387-2022")["targets"]
    reasons = {one["target"]: one["reason"] for one in result["not_computed"]}
    assert (reasons["unit_2025"], reasons["briefed_2025"]) == ("no_counts", "external")
    assert "worker_citizen_2025" not in reasons


def test_every_fault_is_a_row_and_every_row_is_counted_once(folder: Path) -> None:
    (folder / "households.csv").write_text(
        "id,village,part\n001,a1,\nh2,zz,\nh3,a2,x\nh3,a2,\n", encoding="utf-8"
    )
    (folder / "citizens.csv").write_text(
        "id,household,score,skilled\nc1,001,9,abc\nc2,h2,9,\nc3,001,99,\n", encoding="utf-8"
    )
    (folder / "decisions.csv").write_text(
        "title,id,decided_on,document,authority\nlearning_clan,d1,2023-12-20,1/QĐ,UBND\n",
        encoding="utf-8",
    )
    (folder / "counts.csv").write_text(
        "area,title,total,recognised\na1,learning_household,0,\nb1,learning_clan,1,2\n",
        encoding="utf-8",
    )
    options = ("--counts", "counts.csv", "--decisions", "decisions.csv")
    result = found(*TABLES, *options, "--programme", "plan.targets.yaml", code=1)
    assert errors(result) == [
        ("counts", 1, "total_below", "total"),
        ("counts", 2, "above_whole", "recognised"),
        ("citizens", 1, "wrong_type", "skilled"),
        ("citizens", 2, "unknown_area", "household"),
        ("citizens", 3, "out_of_bounds", "score"),
        ("households", 2, "unknown_area", "village"),
        ("households", 3, "duplicate", None),
        ("households", 4, "duplicate", None),
        ("decisions", 1, "unknown_subject", "id"),
    ]
    assert result["records"] == [
        {"file": "citizens", "rows": 3, "judged": 1, "unknown": 1, "refused": 1},
        {"file": "households", "rows": 4, "judged": 1, "unknown": 0, "refused": 3},
    ]
    assert counts(result, "learning_household")["total"] == 1
    assert counts(result, "learning_citizen")["total"] == 2


def test_records_under_counts_that_stand_for_them_are_refused(folder: Path) -> None:
    (folder / "counts.csv").write_text(
        "area,title,total,recognised\n00001,learning_household,10,6\n", encoding="utf-8"
    )
    result = found(*ALL, code=1)
    assert errors(result) == [
        ("households", 1, "reported_area", "village"),
        ("households", 2, "reported_area", "village"),
    ]
    assert counts(result, "learning_household")["total"] == 10


def test_faults_hold_no_cell_of_a_table(folder: Path) -> None:
    secret = "Nguyễn Văn Bí Mật"
    (folder / "citizens.csv").write_text(
        f"id,household,score,{secret}\n{secret},001,{secret},\n{secret},001,1,\n", encoding="utf-8"
    )
    for lang in ("vi", "en"):
        result = run(*TABLES, "--lang", lang)
        assert result.exit_code == 1
        assert secret not in result.output


def test_text_shows_profiles_rows_areas_targets_and_differences(folder: Path) -> None:
    result = run(
        *(*ALL, "--decisions", "decisions.csv", "--programme", "plan.targets.yaml"),
        *("--lang", "en"),
    )
    assert result.exit_code == 0
    for line in (
        "Year 2023, evaluated as of 2023-12-31.",
        "NOTE: some profiles are illustrative",
        "Learning community (village)",
        "By the authorities' decisions:",
        "Decisions that differ from the criteria: 1.",
        "example.plan: Sample plan (01/KH-UBND)",
    ):
        assert line in result.stdout


def test_text_is_vietnamese_if_nothing_else_is_asked_for(folder: Path) -> None:
    result = run(*ALL)
    assert "Năm 2023, đánh giá tính đến 31/12/2023." in result.stdout
    assert "Cộng đồng học tập (thôn)" in result.stdout


def test_of_many_differences_the_first_are_shown(folder: Path) -> None:
    people = "".join(f"c{n},001,4\n" for n in range(25))
    decided = "".join(f"learning_citizen,c{n},2023-12-20,1/QĐ,UBND\n" for n in range(25))
    (folder / "citizens.csv").write_text(f"id,household,score\n{people}", encoding="utf-8")
    (folder / "decisions.csv").write_text(
        f"title,id,decided_on,document,authority\n{decided}", encoding="utf-8"
    )
    result = run(*TABLES, "--decisions", "decisions.csv", "--lang", "en")
    assert "Decisions that differ from the criteria: 25." in result.stdout
    assert "… and 5 more" in result.stdout


def test_a_column_that_no_profile_knows_is_told_of_once(folder: Path) -> None:
    result = run(*TABLES, "--format", "json", "--lang", "en")
    assert result.exit_code == 0
    assert result.stderr.count("skilled") == 1
    assert "skilled" not in run(*TABLES, "--programme", "plan.targets.yaml").stderr


def test_a_table_may_come_from_standard_input(folder: Path) -> None:
    result = found("--households", "-", stdin="id,village\nh1,a1\n")
    assert counts(result, "learning_household")["total"] == 1


def test_invented_profiles_are_chosen_only_if_asked_for(folder: Path) -> None:
    arguments = [argument for argument in BASE if argument != "--illustrative"]
    result = CliRunner().invoke(
        main, ["campaign", *arguments, "--households", "households.csv", "--format", "json"]
    )
    assert result.exit_code == 1
    assert {e["code"] for e in json.loads(result.stdout)["errors"]} == {"no_profile"}


def test_a_profile_that_is_given_takes_the_place_of_an_installed_one(folder: Path) -> None:
    bundled = "vn.citizen.qd324-2023"
    text = PROFILES["citizen.yaml"].replace("test.citizen", bundled)
    (folder / "own" / "citizen.yaml").write_text(text, encoding="utf-8")
    result = found(*TABLES)
    assert [profile["id"] for profile in result["profiles"]] == [bundled, "test.household"]


def test_areas_with_faults_are_named_and_the_rest_is_counted(folder: Path) -> None:
    (folder / "areas.csv").write_text(
        "code,name,level,parent\na1,Thôn 1,village,00009\nb1,Thôn 3,lớp,\n", encoding="utf-8"
    )
    result = found(*TABLES, code=1)
    assert result["areas"] == []
    assert errors(result)[:2] == [
        ("areas", 1, "unknown_parent", "parent"),
        ("areas", 2, "unknown_level", "level"),
    ]
    assert ("households", 2, "unknown_area", "village") in errors(result)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "--households"),
        (("--citizens", "citizens.csv"), "--households"),
        (("--households", "none.csv"), "none.csv"),
        (("--households", "areas.csv"), "areas.csv"),
        (("--households", "households.csv", "--by", "district"), "huyện"),
        (("--counts", "communities-counts.csv"), "--community-level"),
        (("--households", "-", "--counts", "-"), "(-)"),
        (("--households", "households.csv", "--profiles", "empty"), "empty"),
        (("--households", "households.csv", "--programme", "vn.programme.none"), "none"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_no_output(
    folder: Path, args: tuple[str, ...], says: str
) -> None:
    (folder / "empty").mkdir()
    (folder / "communities-counts.csv").write_text(
        "area,title,total,recognised\n01,learning_community,2,1\n", encoding="utf-8"
    )
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


def test_a_profile_with_faults_prints_what_check_prints(folder: Path) -> None:
    (folder / "own" / "citizen.yaml").write_text("format: 1\n", encoding="utf-8")
    result = run(*TABLES)
    assert result.exit_code == 1
    assert "XH1" in result.stdout


def test_programmes_that_ask_one_thing_in_two_ways_are_refused(folder: Path) -> None:
    text = FILES["plan.targets.yaml"].replace("example.plan", "example.other")
    (folder / "other.targets.yaml").write_text(
        text.replace("type: bool", "type: count").replace("when: skilled", "when: skilled >= 1"),
        encoding="utf-8",
    )
    options = ("--programme", "plan.targets.yaml", "--programme", "other.targets.yaml")
    result = run(*TABLES, *options)
    assert result.exit_code == 2
    assert "example.other" in result.stderr


def test_communes_are_evaluated_with_the_standards_they_rest_on(folder: Path) -> None:
    texts = {"commune": COMMUNE, "secondary": SECONDARY, "primary": PRIMARY, "literacy": LITERACY}
    for name, text in texts.items():
        active = text.replace("status: draft", "status: active")
        (folder / "own" / f"{name}.yaml").write_text(active, encoding="utf-8")
    (folder / "communes.csv").write_text(
        "area,plan,graduates,pupils,literate,primary\n00001,có,90,95,95,\n00004,có,90,,95,\n",
        encoding="utf-8",
    )
    options = ("--communities", "communes.csv", "--community-level", "commune")
    result = found(*options)
    assert [profile["id"] for profile in result["profiles"]] == [
        "test.literacy",
        "test.primary",
        "test.secondary",
        "test.commune",
    ]
    row = counts(result, "learning_community")
    assert (row["recognised"], row["undetermined"]) == (1, 1)
    text = (folder / "communes.csv").read_text("utf-8")
    (folder / "communes.csv").write_text(text.replace("90,,95,", "90,,95,level_1"), "utf-8")
    assert counts(found(*options), "learning_community")["recognised"] == 2
    (folder / "communes.csv").write_text(text.replace("95,95,", "101,95,"), "utf-8")
    result = found(*options, code=1)
    assert errors(result) == [("communities", 1, "out_of_bounds", "pupils")]
    (folder / "own" / "primary.yaml").write_text(
        PRIMARY.replace("status: draft", "status: active").replace("id: level_2", "id: level_3"),
        encoding="utf-8",
    )
    refused = run(*options)
    assert (refused.exit_code, "XH368" in refused.output) == (2, True)


def test_the_register_answers_what_the_profiles_of_subjects_ask(folder: Path) -> None:
    village = PROFILES["village.yaml"].replace(
        "levels:",
        "levels:\n"
        "  - id: best\n"
        "    name: {vi: Tốt, en: Best}\n"
        "    when: points >= 10\n"
        "    requires: {level: ok, months: 12, since: day, held: has, binds: holders}",
    )
    village = village.replace(
        "criteria:",
        "  day: {type: date, label: {vi: Ngày, en: Day}}\n"
        "  has: {type: bool, label: {vi: Đang có, en: Has}}\n"
        "criteria:",
    )
    (folder / "own" / "village.yaml").write_text(village, encoding="utf-8")
    (folder / "communities.csv").write_text(
        "area,part,has\na1,100%,\na2,100%,\nb1,100%,có\n", encoding="utf-8"
    )
    (folder / "register.csv").write_text(
        "title,id,level,decided_on,document,authority\n"
        "learning_community,a1,ok,2023-06-01,1/QĐ,UBND\n",
        encoding="utf-8",
    )
    options = ("--communities", "communities.csv", "--register", "register.csv")
    result = found(*options, code=1)
    assert errors(result) == [("communities", 3, "register_differs", "has")]
    row = counts(result, "learning_community")
    assert (row["total"], row["recognised"]) == (3, 2)
    assert row["recognised_by_level"] == {"best": 1, "ok": 1}
    (folder / "register.csv").write_text("title,id\n", encoding="utf-8")
    assert run(*options).exit_code == 2
