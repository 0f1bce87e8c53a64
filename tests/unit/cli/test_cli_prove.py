from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import xhht
from xhht.cli import main

PROFILE = """\
format: 1
id: test.prove
version: 1.0.0
status: active
title: learning_unit
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  flag: {type: bool, label: {vi: Cờ, en: Flag}}
  total: {type: count, max: 9, label: {vi: Tổng, en: Total}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: flag}
      - id: "1.2"
        points: 5
        bands: [{when: total >= 3, points: 2}, {when: total >= 6, points: 5}]
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 13}
  - {id: fair, name: {vi: Khá, en: Fair}, when: points >= 10}
"""
RIGHT = PROFILE.replace(
    "[{when: total >= 3, points: 2}, {when: total >= 6, points: 5}]",
    "[{when: total >= 6, points: 5}, {when: total >= 3, points: 2}]",
)
OVERLAY = """\
format: 1
id: test.prove.there
version: 1.0.0
status: active
extends: test.prove@1.0.0
area: "01"
provenance: illustrative
legal_basis: {document: 1/QĐ, issuer: UBND, issued: 2024-01-01, source: "https://example.vn/"}
overrides:
  - at: levels/good/when
    value: points >= 12
    reason: {vi: Thử, en: Test}
    legal_basis: {document: 1/QĐ, issuer: UBND, issued: 2024-01-01, source: "https://example.vn/"}
"""


def test_sarif_and_annotations_hold_what_the_text_shows(tmp_path: Path) -> None:
    file = written(tmp_path)
    codes = re.findall(r": \S+ (XP\d{3}): ", run(file, "--lang", "en").stdout)
    result = run(file, "--format", "sarif")
    assert result.exit_code == 1
    results = json.loads(result.stdout)["runs"][0]["results"]
    assert [item["ruleId"] for item in results] == codes
    lines = run(file, "--format", "github").stdout.splitlines()
    assert [line.split("title=")[1][:5] for line in lines] == codes
    notes = run(file, "--format", "github", "--notes").stdout.splitlines()
    assert len(notes) > len(lines)
    assert {line.split(" ")[0] for line in notes} == {"::error", "::warning", "::notice"}


def test_github_of_a_profile_without_findings_is_empty(tmp_path: Path) -> None:
    result = run(written(tmp_path, RIGHT), "--format", "github", "--only", "bands")
    assert (result.exit_code, result.stdout) == (0, "")


def test_sarif_of_an_invalid_profile_holds_its_diagnostics(tmp_path: Path) -> None:
    result = run(written(tmp_path, PROFILE.replace("flag}", "flags}")), "--format", "sarif")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["runs"][0]["results"][0]["ruleId"] == "XH202"


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["prove", *args])


def written(folder: Path, text: str = PROFILE, name: str = "sample.yaml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def codes(result: Result) -> list[tuple[str, str]]:
    return [
        (finding["code"], finding["subject"])
        for finding in json.loads(result.stdout)[0]["findings"]
    ]


def test_faults_are_told_with_place_remedy_and_somebody(tmp_path: Path) -> None:
    path = written(tmp_path)
    result = run(path, "--lang", "en")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    faults = [line.partition(": error ")[::2] for line in lines if ": error " in line]
    assert [(place, said[:5]) for place, said in faults] == [
        (f"{path}:17:48", "XP301"),
        (f"{path}:19:49", "XP101"),
    ]
    assert lines[-2].startswith("test.prove@1.0.0: errors: 2; ")
    assert "lỗi XP301" in run(path).stdout


def test_a_profile_as_it_should_be_has_notes_alone(tmp_path: Path) -> None:
    path = written(tmp_path, RIGHT)
    result = run(path, "--strict", "--lang", "en")
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 2)
    noted = run(path, "--notes", "--lang", "en").stdout
    assert "note XP102: The level 'Good' can be reached." in noted
    assert "Add --notes" not in noted


@pytest.mark.parametrize("name", ["sample.yaml", "there.yaml"])
def test_every_example_is_what_evaluate_says(tmp_path: Path, name: str) -> None:
    written(tmp_path)
    written(tmp_path, OVERLAY, "there.yaml")
    result = run(str(tmp_path / name), "--format", "json")
    profile = xhht.load_profile(tmp_path / name)
    examples = [e for f in json.loads(result.stdout)[0]["findings"] for e in f["examples"]]
    assert examples
    for example in examples:
        evaluation = xhht.evaluate(profile, example["facts"])
        assert evaluation.points_certain == example["points_certain"]
        assert list(evaluation.levels_possible) == example["levels_possible"]


def test_a_folder_is_proven_with_overlays_beside_their_base(tmp_path: Path) -> None:
    written(tmp_path, RIGHT)
    written(tmp_path, OVERLAY, "there.yaml")
    (tmp_path / "below").mkdir()
    written(tmp_path / "below", OVERLAY.replace("there", "below"), "below.yaml")
    result = run(str(tmp_path), "--format", "json")
    listed = json.loads(result.stdout)
    assert result.exit_code == 0
    names = [profile["profile"].partition("@")[0] for profile in listed]
    assert names == ["test.prove.below", "test.prove", "test.prove.there"]


def test_one_topic_alone_and_one_day(tmp_path: Path) -> None:
    path = written(tmp_path, RIGHT)
    reported = codes(run(path, "--only", "levels", "--as-of", "2024-12-31", "--format", "json"))
    assert reported == [("XP102", "good"), ("XP102", "fair")]


@pytest.mark.parametrize(
    ("change", "code", "subject"),
    [
        (("points >= 10}", "points >= 13}"), "XP104", "fair"),
        (("points >= 10}", "points >= 14 and total >= 7}"), "XP103", "fair"),
        (("met_when: flag}", "met_when: flag, requirement: must}"), "XP403", "1.1"),
        (("met_when: flag}", "met_when: not flag}"), "XP703", "flag"),
        (("points >= 13}", "points >= 15}"), "XP501", "good"),
        (("points >= 13}", "points >= 14}"), "XP502", "good"),
        (("met_when: flag}", 'met_when: "share(total, total) >= 100%"}'), "XP601", "1.1"),
        (
            ("met_when: flag}", "met_when: flag, applies_when: total > 9, na_policy: full}"),
            "XP203",
            "1.1",
        ),
        (("points >= 13}", "points >= unknown}"), "XP105", "good"),
    ],
)
def test_what_is_wrong_is_found(
    tmp_path: Path, change: tuple[str, str], code: str, subject: str
) -> None:
    assert RIGHT.count(change[0]) == 1
    result = run(written(tmp_path, RIGHT.replace(*change)), "--format", "json")
    assert (code, subject) in codes(result)
    if code != "XP502":
        right = run(written(tmp_path, RIGHT), "--format", "json")
        assert (code, subject) not in codes(right)


def test_what_takes_too_much_work_is_not_guessed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xhht.proving import _solver as _solving
    from xhht.proving import prove

    monkeypatch.setattr(_solving.Solver.__init__, "__defaults__", (1,))
    proof = prove(xhht.load_profile(written(tmp_path, RIGHT)))
    assert not proof.is_decided
    assert {finding.code for finding in proof.findings} == {"XP901"}


def test_a_level_that_nobody_reaches_stays_a_fault_though_its_cause_is_not_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xhht.proving import _levels
    from xhht.proving._solver import UndecidedError

    def gives_up(*_: object) -> None:
        raise UndecidedError

    monkeypatch.setattr(_levels, "barriers_of", gives_up)
    result = run(written(tmp_path), "--only", "levels", "--lang", "en")
    assert result.exit_code == 1
    assert "Nobody can reach the level 'Good'. The cause is not decided." in result.stdout


def test_without_the_solver_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    for name in [module for module in sys.modules if module.startswith("xhht.proving")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "z3", None)
    result = run(written(tmp_path), "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "pip install 'xhht[prove]'" in result.stderr


@pytest.mark.parametrize("args", [["nope.yaml"], ["no.such.id"], ["--only", "x"], []])
def test_wrong_usage_ends_with_2(args: list[Any]) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
