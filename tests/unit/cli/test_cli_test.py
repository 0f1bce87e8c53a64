from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from xhht.cli import main
from xhht.criteria.files import bundled_directory
from xhht.criteria.registry import bundled_profiles

PROFILE = """\
format: 1
id: test.cases
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
      - {id: "1.1", points: 10, met_when: flag and total >= 3}
levels:
  - {id: pass, name: {vi: Đạt, en: Pass}, when: points >= 5}
"""


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["test", *args])


def outcomes(folder: Path, cases: str) -> tuple[int, list[dict[str, Any]]]:
    profile = folder / "sample.yaml"
    profile.write_text(PROFILE, encoding="utf-8")
    (folder / "sample.test.yaml").write_text(f"cases:\n{cases}\n", encoding="utf-8")
    result = run(str(profile), "--format", "json", "--lang", "en")
    return result.exit_code, json.loads(result.stdout)


def test_the_cases_of_the_bundled_profiles_pass() -> None:
    result = run(str(bundled_directory()), "--format", "json")
    listed = json.loads(result.stdout)
    assert result.exit_code == 0
    assert all(case["passed"] for case in listed)
    assert len({case["file"] for case in listed}) == len(bundled_profiles())


@pytest.mark.parametrize(
    "expected",
    [
        "{verdict: recognised, level: pass, points: 10}",
        "{points_certain: 10, points_possible: 10}",
        '{levels_possible: [pass], statuses: {"1": met, "1.1": met}}',
        '{status_by_level: {"1": {pass: met}, "1.1": {pass: met}}}',
        "{}",
    ],
)
def test_a_case_that_holds_passes(tmp_path: Path, expected: str) -> None:
    case = f'  - {{name: all, facts: {{flag: "true", total: 3}}, expected: {expected}}}'
    code, [item] = outcomes(tmp_path, case)
    assert (code, item["case"], item["passed"], item["differences"]) == (0, "all", True, [])
    assert list(item) == ["file", "case", "line", "passed", "differences"]


@pytest.mark.parametrize(
    ("expected", "difference"),
    [
        ("{verdict: not_recognised}", "verdict: expected not_recognised, got recognised"),
        ("{level: none}", "level: expected none, got pass"),
        ("{points: 9}", "points_certain: expected 9, got 10"),
        ("{points_possible: 9.5}", "points_possible: expected 9.5, got 10"),
        ('{statuses: {"1.1": partial}}', "statuses.1.1: expected partial, got met"),
        (
            '{status_by_level: {"1.1": {pass: unmet}}}',
            "status_by_level.1.1.pass: expected unmet, got met",
        ),
    ],
)
def test_a_case_that_does_not_hold_tells_the_difference(
    tmp_path: Path, expected: str, difference: str
) -> None:
    case = f'  - {{name: all, facts: {{flag: "true", total: 3}}, expected: {expected}}}'
    code, [item] = outcomes(tmp_path, case)
    assert (code, item["passed"]) == (1, False)
    assert difference in item["differences"]


@pytest.mark.parametrize(
    ("facts", "error", "passed"),
    [
        ("total: 10", "out_of_bounds", True),
        ("total: x", "wrong_type", True),
        ("totl: 1", "unknown_key", True),
        ("total: 10", "wrong_type", False),
        ("total: 9", "out_of_bounds", False),
    ],
)
def test_a_case_may_expect_an_error(tmp_path: Path, facts: str, error: str, passed: bool) -> None:
    code, [item] = outcomes(tmp_path, f"  - {{name: bad, facts: {{{facts}}}, error: {error}}}")
    assert (code, item["passed"]) == (int(not passed), passed)


def test_a_blank_fact_is_unknown(tmp_path: Path) -> None:
    expected = "expected: {verdict: undetermined, levels_possible: [pass, none]}"
    case = f'  - {{name: open, facts: {{flag: "true", total: ""}}, {expected}}}'
    assert outcomes(tmp_path, case)[0] == 0


def test_a_profile_without_cases_is_a_fault(tmp_path: Path) -> None:
    profile = tmp_path / "sample.yaml"
    profile.write_text(PROFILE, encoding="utf-8")
    result = run(str(profile), "--lang", "en")
    assert result.exit_code == 1
    assert "write them in sample.test.yaml" in result.stdout
    assert "Cases: 0 passed, 1 failed." in result.stdout


def test_a_faulty_test_file_is_a_fault_and_others_still_run(tmp_path: Path) -> None:
    code, [item] = outcomes(tmp_path, "  - {name: x, facts: {}, expectd: {}}")
    assert (code, item["case"], item["passed"]) == (1, None, False)
    assert "sample.test.yaml:2:" in item["differences"][0]
    result = run(str(tmp_path), str(bundled_directory()), "--format", "json")
    assert result.exit_code == 1
    assert sum(case["passed"] for case in json.loads(result.stdout)) > 10


def test_a_faulty_profile_is_a_fault_and_others_still_run(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("format: 1\n", encoding="utf-8")
    result = run(str(tmp_path), str(bundled_directory()), "--format", "json")
    listed = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [case["passed"] for case in listed].count(False) == 1
    assert len(listed) > 10


def test_a_missing_path_ends_with_2_and_prints_nothing() -> None:
    result = run("no-such-directory")
    assert (result.exit_code, result.stdout) == (2, "")
