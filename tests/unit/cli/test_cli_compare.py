"""`xhht compare`: differences, exit codes, and the preview over a population."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from xhht.cli import main

PROFILE = """\
format: 1
id: test.compare
version: 1.0.0
status: draft
title: learning_household
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  reads: {type: bool, label: {vi: Có tủ sách, en: Has books}}
  learners: {type: count, max: 9, label: {vi: Người học, en: Learners}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: reads}
      - {id: "1.2", points: 10, met_when: learners >= 2}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 20}
  - {id: fair, name: {vi: Khá, en: Fair}, when: points >= 10}
"""
NEW = (
    PROFILE.replace("learners >= 2", "learners >= 3")
    .replace("max: 9", "max: 20")
    .replace("provenance: ill", "effective_from: 2999-01-01\nprovenance: ill", 1)
    .replace(
        "criteria:\n",
        "  joined: {type: bool, label: {vi: Tham gia, en: Joined}}\ncriteria:\n",
    )
    .replace("when: points >= 10}", "when: points >= 10 and joined}")
)
ROWS = """\
id,area,reads,learners
a,00004,1,3
b,00004,1,2
c,00007,0,2
d,00007,,5
e,1,1,12
f,1,1,99
"""
AREAS = "code,name,level,parent\n01,Tỉnh,province,\n00004,Xã A,commune,01\n00007,Xã B,commune,01\n"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    texts = {"old.yaml": PROFILE, "new.yaml": NEW, "rows.csv": ROWS, "areas.csv": AREAS}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    return {name.partition(".")[0]: str(tmp_path / name) for name in texts}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["compare", *arguments])


def test_exit_codes(files: dict[str, str], tmp_path: Path) -> None:
    assert run(files["old"], files["old"]).exit_code == 0
    assert run(files["old"], files["new"]).exit_code == 1
    assert run(files["old"], "nothing.yaml").exit_code == 2
    assert run(files["old"], files["new"], "--by", "area").exit_code == 2
    (tmp_path / "bad.yaml").write_text("format: 1\n", "utf-8")
    assert run(files["old"], str(tmp_path / "bad.yaml")).exit_code == 1


def test_text_names_changes_in_both_languages(files: dict[str, str]) -> None:
    english = run(files["old"], files["new"], "--lang", "en").output
    assert (
        "indicator 1.2: condition to be met: Learners: at least 2 → Learners: at least 3 [tighter]"
    ) in english
    assert "+ added: input joined (Joined)" in english
    vietnamese = run(files["old"], files["new"]).output
    assert (
        "chỉ số 1.2: điều kiện đạt: Người học từ 2 trở lên → Người học từ 3 trở lên [siết chặt]"
        in vietnamese
    )


def preview(files: dict[str, str], *options: str) -> dict[str, Any]:
    result = run(
        files["old"], files["new"], "--population", files["rows"], "--format", "json", *options
    )
    assert result.exit_code == 1
    payload: dict[str, Any] = json.loads(result.stdout)
    return payload["population"]  # type: ignore[no-any-return]


def test_a_population_is_judged_for_the_day_on_which_the_new_profile_begins(
    files: dict[str, str],
) -> None:
    assert preview(files)["as_of"] == "2999-01-01"
    assert preview(files, "--as-of", "2024-12-31")["as_of"] == "2024-12-31"


def test_the_table_of_transitions(files: dict[str, str]) -> None:
    payload = preview(files, "--lang", "en")
    assert payload["rows"] == 6
    assert payload["lacking"] == ["joined"]
    cells = {(c["old"], c["new"]): (c["way"], c["number"]) for c in payload["transitions"]}
    assert cells == {
        ("recognised:good", "recognised:good"): ("stays", 1),
        ("recognised:good", "undetermined"): ("unclear", 1),
        ("recognised:fair", "not_recognised"): ("loses", 1),
        ("recognised", "undetermined"): ("unclear", 1),
        ("rejected", "recognised:good"): ("unclear", 1),
        ("rejected", "rejected"): ("stays", 1),
    }
    clauses = {c["id"]: (c["part"], c["unclear"], c["among_several"]) for c in payload["clauses"]}
    assert clauses == {
        "learners": ("input", 1, 0),
        "fair": ("level", 1, 2),
        "1.2": ("indicator", 0, 2),
    }
    assert payload["several"] == {"gains": 0, "loses": 1, "unclear": 1}


def test_groups_add_up_to_the_whole(files: dict[str, str]) -> None:
    by_area = preview(files, "--by", "area")
    assert {group["group"]: group["rows"] for group in by_area["groups"]} == {
        "00004": 2,
        "00007": 2,
        "1": 2,
    }
    by_level = preview(files, "--by", "province", "--areas", files["areas"])
    groups = {group["group"]: (group["name"], group["rows"]) for group in by_level["groups"]}
    assert groups == {"01": ("Tỉnh", 4), None: (None, 2)}
    for key in ("old", "new"):
        summed: dict[str, int] = {}
        for group in by_level["groups"]:
            for outcome, number in group[key].items():
                summed[outcome] = summed.get(outcome, 0) + number
        assert summed == by_level[key]


def test_what_cannot_be_is_said(files: dict[str, str]) -> None:
    lacking = run(files["old"], files["new"], "--population", files["rows"], "--by", "xã")
    assert lacking.exit_code == 2
    assert "không có cột 'xã'" in lacking.stderr
    of_column = run(
        files["old"], files["new"], "--population", files["rows"], "--by", "area", "--areas", "x"
    )
    assert of_column.exit_code == 2
    text = run(files["old"], files["new"], "--population", files["rows"], "--lang", "en").output
    assert "no columns for these inputs" in text
    assert "Rejected" in text


def test_columns_that_nothing_asks_for_are_told_with_a_likely_word(files: dict[str, str]) -> None:
    rows = Path(files["rows"])
    rows.write_text(ROWS.replace("learners", "lerners", 1), "utf-8")
    result = run(files["old"], files["new"], "--population", files["rows"], "--lang", "en")
    assert "lerners" in result.stderr
    assert "learners" in result.stderr


def test_a_population_has_one_title(files: dict[str, str]) -> None:
    other = Path(files["new"])
    other.write_text(NEW.replace("learning_household", "learning_unit"), "utf-8")
    result = run(files["old"], files["new"], "--population", files["rows"], "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "different titles" in result.stderr
