from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import xhht
from xhht.cli import main

PROGRAMME = "vn.programme.qd387-2022"
HOUSEHOLD, CLAN = "learning_household", "learning_clan"
AREAS = """code,name,level,parent
01,Tỉnh Mẫu,province,
011,Huyện Một,district,01
012,Huyện Hai,district,01
"""
COUNTS = "area,title,total,recognised,undetermined\n"
BOTH = f"{COUNTS}011,{HOUSEHOLD},1000,720,0\n012,{HOUSEHOLD},1500,900,50\n"
PLAN = """format: 1
id: example.plan
version: 1.0.0
status: active
name: {vi: Kế hoạch mẫu, en: Sample plan}
legal_basis: {document: 01/KH-UBND, issuer: UBND tỉnh Mẫu}
provenance: illustrative
targets:
  - id: districts_2025
    text: {vi: "1 huyện", en: "1 district"}
    measure: {areas: {level: district, title: learning_household, count: recognised, at_least: 800}}
    deadline: 2025
    count: 1
    scope: {level: province}
  - id: other_2025
    text: {vi: "70% gia đình", en: "70% of households"}
    measure: {rate: {title: learning_household, of: of_total}}
    deadline: 2025
    share: 70%
    scope: {level: province, area: "02"}
  - id: remote_2025
    text: {vi: "60% gia đình", en: "60% of households"}
    measure: {rate: {title: learning_household, of: of_total}}
    deadline: 2025
    share: 60%
    scope: {level: province, places: disadvantaged}
  - id: villages_2025
    text: {vi: "1 thôn", en: "1 village"}
    measure: {areas: {level: village, title: learning_household, count: recognised}}
    deadline: 2025
    count: 1
    scope: {level: province}
"""


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["targets", *args], input=stdin)


@pytest.fixture
def areas(tmp_path: Path) -> str:
    path = tmp_path / "areas.csv"
    path.write_text(AREAS, encoding="utf-8")
    return str(path)


def attain(areas: str, counts: str, *args: str) -> tuple[int, dict[str, Any]]:
    arguments = ("attain", "-", "--areas", areas, "--year", "2023", "--format", "json")
    result = run(*arguments, *args, stdin=counts)
    return result.exit_code, json.loads(result.stdout)


def of(payload: dict[str, Any], target: str, area: str = "01") -> dict[str, Any]:
    [row] = [r for r in payload["attained"] if (r["target"], r["area"]) == (target, area)]
    return dict(row)


def reasons(payload: dict[str, Any]) -> dict[str, str]:
    return {one["target"]: one["reason"] for one in payload["not_computed"]}


def test_list_names_every_programme_and_target_with_its_source() -> None:
    result = run("list", "--format", "json")
    listed = json.loads(result.stdout)
    assert result.exit_code == 0
    programmes = xhht.bundled_programmes()
    assert [programme["id"] for programme in listed] == [programme.id for programme in programmes]
    assert [[t["id"] for t in programme["targets"]] for programme in listed] == [
        [target.id for target in programme.targets] for programme in programmes
    ]
    assert all(target["source"] for programme in listed for target in programme["targets"])


def test_list_has_every_promised_key() -> None:
    [programme] = json.loads(
        run("list", "--programme", PROGRAMME, "--format", "json", "--lang", "en").stdout
    )
    [target] = [t for t in programme.pop("targets") if t["id"] == "household_2025"]
    source = programme.pop("source")
    assert programme == {
        "id": PROGRAMME,
        "version": "1.0.0",
        "status": "active",
        "changes": [],
        "name": "Promoting lifelong learning 2021-2030",
        "legal_basis": "387/QĐ-TTg",
        "provenance": "partial",
    }
    assert target == {
        "id": "household_2025",
        "text": "Learning households: 70% by 2025",
        "measure": "rate",
        "title": HOUSEHOLD,
        "percent": "70",
        "count": None,
        "deadline": "2025-12-31",
        "scope": {"level": "nation", "area": None, "places": "all"},
        "provenance": "complete",
        "source": source,
        "note": None,
    }


def test_list_as_text_shows_sources() -> None:
    text = run("list", "--programme", PROGRAMME).stdout
    assert text.startswith(f"{PROGRAMME}: ")
    assert "Nguồn: https://" in text
    assert "31/12/2025" in text


def test_a_row_has_every_promised_key(areas: str) -> None:
    code, payload = attain(areas, BOTH, "--programme", PROGRAMME)
    assert (code, payload["as_of"], payload["errors"]) == (0, "2023-12-31", [])
    row = of(payload, "household_2025")
    assert row.pop("message")
    assert row == {
        "programme": PROGRAMME,
        "target": "household_2025",
        "area": "01",
        "name": "Tỉnh Mẫu",
        "level": "province",
        "goal": {"percent": "70", "count": None, "deadline": "2025-12-31"},
        "state": "not_met",
        "of_reported": "not_met",
        "numerator": {"min": 1620, "max": 1670},
        "denominator": {"min": 2500, "max": 2500},
        "percent_min": "64.80",
        "percent_max": "66.80",
        "needed": {"min": 80, "max": 130},
        "years_left": 2,
        "pace": "running",
        "per_year": {"min": 40, "max": 65},
        "coverage": {"reported": 2, "expected": 2},
    }


def test_met_not_met_and_undetermined(areas: str) -> None:
    counts = BOTH + f"011,{CLAN},10,9,0\n"
    _, payload = attain(areas, counts, "--programme", PROGRAMME, "--by", "district")
    assert of(payload, "household_2025", "011")["state"] == "met"
    assert of(payload, "household_2025", "012")["state"] == "not_met"
    silent = of(payload, "clan_2025", "012")
    assert (silent["state"], silent["needed"], silent["per_year"]) == ("undetermined", None, None)
    _, province = attain(areas, counts, "--programme", PROGRAMME)
    clan = of(province, "clan_2025")
    assert (clan["state"], clan["of_reported"]) == ("undetermined", "met")
    assert clan["coverage"] == {"reported": 1, "expected": 2}


def test_what_counts_cannot_tell_is_listed_with_the_reason(areas: str) -> None:
    _, payload = attain(areas, BOTH, "--programme", PROGRAMME)
    left = reasons(payload)
    assert left["briefed_2025"] == "external"
    assert left["worker_citizen_2025"] == "needs_subjects"
    assert left["unit_2025"] == "needs_subjects"
    assert all(one["message"] for one in payload["not_computed"])
    computed = {row["target"] for row in payload["attained"]}
    all_targets = {t.id for p in xhht.bundled_programmes() if p.id == PROGRAMME for t in p.targets}
    assert computed | set(left) == all_targets
    assert not computed & set(left)


def test_a_programme_of_ones_own(areas: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.targets.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    code, payload = attain(areas, BOTH, "--programme", str(plan))
    assert code == 0
    row = of(payload, "districts_2025")
    assert (row["state"], row["numerator"]) == ("met", {"min": 1, "max": 1})
    assert row["goal"] == {"percent": None, "count": 1, "deadline": "2025-12-31"}
    assert reasons(payload) == {
        "other_2025": "other_area",
        "remote_2025": "places",
        "villages_2025": "no_level",
    }


def test_what_an_area_is_itself_is_not_read_from_counts_inside_it(areas: str) -> None:
    counts = f"{COUNTS}011,learning_community,10,9,0\n"
    _, payload = attain(areas, counts, "--programme", "vn.programme.hanoi-plan-2021")
    assert reasons(payload)["district_2025"] == "needs_own_result"


def test_a_faulty_targets_file_is_told_as_check_does(areas: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.targets.yaml"
    plan.write_text(PLAN.replace("count: 1", "count: 0"), encoding="utf-8")
    result = run(
        "attain", "-", "--areas", areas, "--year", "2023", "--programme", str(plan), stdin=BOTH
    )
    assert result.exit_code == 1
    assert "XH704" in result.stdout


def test_without_a_programme_the_national_targets_still_to_be_reached(areas: str) -> None:
    _, payload = attain(areas, BOTH)
    programmes = {row["programme"] for row in payload["attained"]}
    assert programmes == {PROGRAMME}
    later = json.loads(
        run(
            *("attain", "-", "--areas", areas, "--year", "2026", "--format", "json"), stdin=BOTH
        ).stdout
    )
    assert {row["target"] for row in later["attained"]} == {"household_2030"}


def test_bad_rows_are_named_and_not_counted(areas: str) -> None:
    code, payload = attain(areas, BOTH + f"099,{HOUSEHOLD},1,1,\n", "--programme", PROGRAMME)
    assert code == 1
    assert [(e["row"], e["code"], e["file"]) for e in payload["errors"]] == [
        (3, "unknown_area", "counts")
    ]
    assert of(payload, "household_2025")["denominator"] == {"min": 2500, "max": 2500}


def test_the_tree_is_that_of_the_year_or_of_the_day_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text(
        "code,name,level,parent,valid_from,valid_to\n"
        "01,Tỉnh Cũ,province,,,2025-07-01\n02,Tỉnh Mới,province,,2025-07-01,\n",
        encoding="utf-8",
    )
    old, new = (f"{COUNTS}{code},{HOUSEHOLD},10,7,0\n" for code in ("01", "02"))
    _, payload = attain(str(path), old, "--programme", PROGRAMME)
    assert of(payload, "household_2025", "01")["state"] == "met"
    code, payload = attain(str(path), new, "--programme", PROGRAMME)
    assert code == 1
    _, payload = attain(str(path), new, "--programme", PROGRAMME, "--on", "2025-07-01")
    assert of(payload, "household_2025", "02")["state"] == "met"


def test_text_in_both_languages(areas: str) -> None:
    arguments = ("attain", "-", "--areas", areas, "--year", "2023", "--programme", PROGRAMME)
    vietnamese = run(*arguments, stdin=BOTH).stdout
    assert "chưa đạt chỉ tiêu" in vietnamese
    assert "64,80–66,80%" in vietnamese
    assert "Không tính: unit_2025, worker_citizen_2025" in vietnamese
    english = run(*arguments, "--lang", "en", stdin=BOTH).stdout
    assert "not met" in english
    assert "Not computed: unit_2025, worker_citizen_2025" in english


@pytest.mark.parametrize(
    "args",
    [
        ["list", "--programme", "vn.programme.nope"],
        ["list", "--programme", "no-such.targets.yaml"],
        ["attain", "-", "--areas", "AREAS"],
        ["attain", "-", "--areas", "AREAS", "--year", "x"],
        ["attain", "-", "--areas", "AREAS", "--year", "2023", "--programme", "nope"],
        ["attain", "-", "--areas", "AREAS", "--year", "2023", "--by", "village"],
        ["attain", "-", "--areas", "-", "--year", "2023"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_refused(areas: str, args: list[str]) -> None:
    result = run(*(areas if arg == "AREAS" else arg for arg in args), stdin=BOTH)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


def test_a_misspelt_programme_is_suggested() -> None:
    result = run("list", "--programme", "vn.programme.qd387-2020")
    assert f"Có phải ý bạn là '{PROGRAMME}'?" in result.stderr
