from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

import xhht
from xhht.cli import main

UNIT = "vn.unit.tt22-2020.all-or-nothing"


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["profiles", *args], input=stdin)


def test_list_names_every_bundled_profile_in_order_of_id() -> None:
    result = run("list", "--format", "json")
    listed = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [profile["id"] for profile in listed] == sorted(p.id for p in xhht.bundled_profiles())
    assert all(
        profile["hash"] == xhht.bundled_profiles().get(profile["id"]).hash for profile in listed
    )


def test_list_tells_provenance_and_what_is_not_known() -> None:
    listed = json.loads(run("list", "--format", "json", "--lang", "en").stdout)
    [unit] = [profile for profile in listed if profile["id"] == UNIT]
    assert unit["provenance"] == "partial"
    assert unit["legal_basis"] == "22/2020/TT-BGDĐT"
    assert (unit["effective_from"], unit["effective_to"]) == ("2020-09-21", "2024-01-26")
    assert (unit["title"], unit["max_points"]) == ("learning_unit", 100)


@pytest.mark.parametrize(("lang", "heading"), [("vi", "Phiên bản"), ("en", "Version")])
def test_list_as_text_is_a_table(lang: str, heading: str) -> None:
    lines = run("list", "--lang", lang).stdout.splitlines()
    assert heading in lines[0]
    assert any(UNIT in line for line in lines)


def test_show_prints_a_profile_that_loads_again() -> None:
    text = run("show", UNIT).stdout
    assert xhht.loads_profile(text).hash == xhht.bundled_profiles().get(UNIT).hash


def test_show_reads_standard_input() -> None:
    text = run("show", UNIT).stdout
    assert run("show", "-", stdin=text).stdout == text


def test_show_as_json_has_inputs_criteria_and_levels() -> None:
    shown = json.loads(run("show", f"{UNIT}@1.0.0", "--format", "json", "--lang", "en").stdout)
    assert shown["id"] == UNIT
    assert shown["inputs"][0] == {
        "name": "has_learning_policy",
        "type": "bool",
        "label": "Has a policy or plan for its members' regular learning",
    }
    assert [criterion["id"] for criterion in shown["criteria"]][:3] == ["1", "1.1", "1.2"]
    assert [level["id"] for level in shown["levels"]] == ["good", "fair", "average"]
    assert all(criterion["line"] > 1 for criterion in shown["criteria"])


@pytest.mark.parametrize(
    "args", [("show", "no-such"), ("show", "none.yaml"), ("show",), ("nope",), ("list", "x")]
)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_wrong_usage_ends_with_2_and_prints_nothing(args: tuple[str, ...], lang: str) -> None:
    result = run(*args, *(() if args == ("nope",) else ("--lang", lang)))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


def test_an_id_that_is_almost_right_is_suggested() -> None:
    assert "'vn.unit.tt22-2020'" in run("show", "vn.unit.tt22-2021", "--lang", "en").stderr
