from __future__ import annotations

import subprocess
import sys

import pytest
from test_mutation import AT_2, AT_3, PROFILE

pytest_plugins = ["pytester"]
PLUGIN = ("-p", "no:xhht", "-p", "xhht.testing.plugin", "-p", "no:cacheprovider")


def run(folder: pytest.Pytester, cases: str, *more: str) -> pytest.RunResult:
    folder.path.joinpath("unit.yaml").write_text(PROFILE, encoding="utf-8")
    folder.path.joinpath("unit.test.yaml").write_text(f"cases:\n{cases}\n", encoding="utf-8")
    return folder.runpytest_subprocess(*PLUGIN, *more)


def test_every_case_beside_a_profile_is_a_test(pytester: pytest.Pytester) -> None:
    result = run(pytester, f"  {AT_3}\n  {AT_2}", "-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["unit.test.yaml::at 3 PASSED*", "unit.test.yaml::below 3 PASSED*"])
    run(pytester, f"  {AT_3}\n  {AT_2}", "-k", "below").assert_outcomes(passed=1, deselected=1)


def test_a_failure_tells_the_difference_and_the_line(pytester: pytest.Pytester) -> None:
    wrong = AT_2.replace("points: 0", "points: 10")
    result = run(pytester, f"  {AT_3}\n  {wrong}", "-o", "xhht_lang=en")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*unit.test.yaml:3: below 3", "points_certain: expected 10, got 0"]
    )
    assert "Traceback" not in result.stdout.str()


def test_faults_of_a_test_file_are_told_with_their_lines(pytester: pytest.Pytester) -> None:
    result = run(pytester, "  - {name: x, facts: {totl: 3}, expected: {}}", "-o", "xhht_lang=en")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*unit.test.yaml:2:*XH202*totl*Did you mean 'total'?*"])


def test_other_files_are_left_alone(pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("api.test.yaml").write_text("a: 1\n", encoding="utf-8")
    run(pytester, f"  {AT_3}", "-o", "xhht_profiles=false").assert_outcomes()
    pytester.path.joinpath("unit.yaml").unlink()
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes()


def test_it_loads_next_to_nothing() -> None:
    loaded = "import sys, xhht.testing.plugin; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"hypothesis", "yaml", "xhht.evaluation.evaluator"} & set(modules)
