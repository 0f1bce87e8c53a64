from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from xhht.cli import main

UNIT = "vn.unit.tt22-2020.all-or-nothing"
FACTS = json.dumps(
    [
        {"id": "a", "members": 40, "has_learning_policy": True},
        {
            "id": "b",
            "members": 40,
            "has_learning_policy": True,
            "has_incentive_rules": True,
            "invests_resources": True,
            "members_with_approved_plan": 40,
            "members_completed_programmes": 31,
            "advanced_collective": False,
        },
        {"id": "c", "members": "x"},
    ]
)


def run(command: str, *args: str, facts: str = FACTS) -> Result:
    result = CliRunner().invoke(main, [command, UNIT, "-", *args], input=facts)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def found(command: str, *args: str) -> Any:
    return json.loads(run(command, *args, "--format", "json").stdout)


def test_each_subject_has_its_way_and_the_nearest_stands_first() -> None:
    ways = found("path", "--to", "average", "--nearest", "--as-of", "2024-12-31")
    assert [way["id"] for way in ways] == ["b", "a", "c"]
    assert [way.get("cost") for way in ways] == [1, 3, None]
    assert ways[0]["steps"][0]["changes"] == [
        {"input": "advanced_collective", "before": False, "after": True}
    ]
    assert ways[2]["error"]["code"] == "wrong_type"


def test_text_has_a_line_a_step_in_both_languages() -> None:
    result = run("path", "--lang", "en", "--cost", "2.3=4", "--cost", "3.2=2/point")
    assert result.exit_code == 1
    assert "b: Cheapest path to level 'Average': 1 change, cost 1." in result.stdout
    assert "c: invalid facts: 'members' must be a whole number." in result.stdout
    assert "b: Cách ít chi phí nhất để đạt mức 'Trung bình': 1 thay đổi" in run("path").stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--to", "god"), "did you mean 'good'?"),
        (("--to", "zzzz"), "Unknown level; levels of the profile: good, fair, average."),
        (("--cost", "2.3"), "Invalid cost; write it like"),
        (("--cost", "2.3=x"), "Invalid cost; write it like"),
        (("--cost", "2.3=-1"), "A cost must be 0 or more."),
        (("--cost", "members=1/point"), "applies to indicators only"),
        (("--fix", "member"), "did you mean 'members'?"),
    ],
)
def test_what_cannot_be_asked_is_refused(args: tuple[str, ...], said: str) -> None:
    result = run("path", *args, "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_sensitivity_counts_who_is_close_to_each_mark() -> None:
    shown = found("sensitivity", "--within", "10", "--mark", "40")
    assert shown["subjects"] == 2
    assert [threshold["level"] for threshold in shown["thresholds"]] == ["good", "fair", "average"]
    assert shown["thresholds"][2]["reach"] == {"min": 0, "max": 2}
    assert shown["marks"] == [{"mark": 40, "reach": {"min": 1, "max": 2}}]
    assert [error["id"] for error in shown["errors"]] == ["c"]
    text = run("sensitivity", "--lang", "vi", "--within", "x")
    assert text.exit_code == 2
    assert "Mức 'Tốt' (85 điểm)" in run("sensitivity").stdout
