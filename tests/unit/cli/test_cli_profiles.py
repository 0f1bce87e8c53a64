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


@pytest.mark.parametrize(
    ("title", "day", "kind", "profile"),
    [
        ("learning_unit", "2023-12-31", "managed_by=district", "vn.unit.tt22-2020@"),
        ("Đơn vị học tập", "2024-12-31", "managed_by=tỉnh", "vn.unit.tt24-2023-province@"),
        ("learning_community", "2025-12-31", "level=xã", "vn.community.tt25-2023-commune@"),
    ],
)
def test_resolve_names_the_profile_in_force(title: str, day: str, kind: str, profile: str) -> None:
    subject = [kind, "kind=agency"] if kind.startswith("managed_by") else [kind]
    options = [part for pair in subject for part in ("--applies-to", pair)]
    result = run("resolve", title, "--on", day, *options)
    assert (result.exit_code, result.stdout.partition("@")[0] + "@") == (0, profile)
    data = json.loads(run("resolve", title, "--on", day, *options, "--format", "json").stdout)
    assert f"{data['id']}@" == profile


def test_resolve_says_why_there_is_none() -> None:
    command = "resolve", "learning_unit", "--on", "2025-12-31"
    result = run(*command, "--applies-to", "managed_by=district", "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "without subjects from 2025-07-01: there are no districts" in result.stderr


@pytest.mark.parametrize("kind", ["district", "=district", "managed_by="])
def test_resolve_asks_for_key_and_value(kind: str) -> None:
    result = run("resolve", "learning_unit", "--applies-to", kind)
    assert result.exit_code == 2
    assert "managed_by=district" in result.stderr
