"""A file with many faults yields them all at once, each with its line, and none that is not there.

In `many_faults.yaml` each line names after `#!` the codes that are expected of it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sound_profile import FIXED_KEYS, PLACES, SOUND, changed

from xhht.criteria.diagnostics import Diagnostic
from xhht.criteria.loading import check_profile

MANY = Path(__file__).parent / "many_faults.yaml"


def check(data: dict[str, Any]) -> tuple[Diagnostic, ...]:
    return check_profile(json.dumps(data, ensure_ascii=False).encode(), "x.yaml")


def shown(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [f"{diagnostic.code} {diagnostic.pointer}" for diagnostic in diagnostics]


def pointer_of(path: tuple[Any, ...]) -> str:
    return "".join(f"/{step}" for step in path)


def test_all_faults_of_a_file_are_found_at_once_each_on_its_line() -> None:
    expected = Counter(
        (code, number)
        for number, line in enumerate(MANY.read_text(encoding="utf-8").splitlines(), 1)
        for code in re.findall(r"XH\d{3}", line.partition("#!")[2])
    )
    diagnostics = check_profile(MANY.read_bytes(), str(MANY))
    assert (
        Counter((diagnostic.code, diagnostic.mark.line) for diagnostic in diagnostics) == expected
    )
    assert len({code for code, _ in expected}) >= 25
    assert {code[:3] for code, _ in expected} >= {"XH1", "XH2", "XH3"}


def test_the_sound_profile_has_no_fault() -> None:
    assert check(SOUND) == ()


@pytest.mark.parametrize("path", PLACES, ids=pointer_of)
def test_a_value_of_the_wrong_kind_is_one_fault_and_nothing_follows_from_it(
    path: tuple[Any, ...],
) -> None:
    data, holder = changed(path)
    holder[path[-1]] = "x y" if isinstance(holder[path[-1]], list) else ["x"]
    diagnostics = check(data)
    assert len(diagnostics) == 1, shown(diagnostics)
    assert diagnostics[0].pointer == pointer_of(path)


@pytest.mark.parametrize("path", PLACES, ids=pointer_of)
def test_an_alias_is_one_fault_and_nothing_follows_from_it(path: tuple[Any, ...]) -> None:
    data, holder = changed(path)
    holder[path[-1]] = "ALIAS"
    text = json.dumps(data, ensure_ascii=False).replace('"ALIAS"', "*other ")
    assert shown(check_profile(text.encode(), "x.yaml")) == [f"XH105 {pointer_of(path)}"]


@pytest.mark.parametrize("path", FIXED_KEYS, ids=pointer_of)
def test_nothing_but_its_lack_is_said_of_a_key_that_must_stand(path: tuple[Any, ...]) -> None:
    data, holder = changed(path)
    del holder[path[-1]]
    codes = [diagnostic.code for diagnostic in check(data)]
    assert "XH110" not in codes or codes == ["XH110"]


@pytest.mark.parametrize("path", FIXED_KEYS, ids=pointer_of)
def test_a_misspelt_key_is_not_taken_for_a_missing_one_as_well(path: tuple[Any, ...]) -> None:
    data, holder = changed(path)
    holder[f"{path[-1]}x"] = holder.pop(path[-1])
    codes = [diagnostic.code for diagnostic in check(data)]
    assert sorted(codes) in (["XH109"], ["XH109", "XH110"])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("inputs", "area", "type"), "choices"),
        (("inputs", "panel", "max"), "1e1"),
        (("inputs", "panel", "max"), 9),
        (("inputs", "hours", "places"), 12),
        (("inputs", "rate", "max"), 90),
        (("inputs", "since", "min"), "1/1/2000"),
        (("criteria", 0, "indicators", 0, "points"), ".5"),
        (("criteria", 0, "indicators", 2, "na_policy"), "redistributed"),
        (("criteria", 1, "combine"), "mean"),
        (("criteria", 1, "indicators", 1, "weight"), 0),
        (("criteria", 1, "indicators", 0, "per_item", "count"), "learner"),
        (("criteria", 1, "indicators", 2, "proportional", "share"), "rat"),
        (("levels", 1, "when"), "percent >="),
        (("values", "quota", "dated", 1, "value"), ">= 80%"),
        (("values", "quota", "dated", 1, "value"), 80),
        (("values", "quota", "dated", 2, "from"), "2020-06-01"),
        (("values", "mark", "dated", 0, "from"), "21/9/2020"),
        (("values", "cutoff", "dated", 0, "value"), "1/1/2020"),
        (("effective_from",), "21/9/2020"),
        (("provenance",), "unknown"),
        (("status",), "ended"),
    ],
)
def test_a_faulty_value_is_one_fault_and_nothing_follows_from_it(
    path: tuple[Any, ...], text: object
) -> None:
    data, holder = changed(path)
    holder[path[-1]] = text
    diagnostics = check(data)
    assert len(diagnostics) == 1, shown(diagnostics)
    assert diagnostics[0].pointer == pointer_of(path)


def test_a_fault_beside_an_unreadable_value_is_still_found() -> None:
    data, holder = changed(("criteria", 0, "indicators", 0, "points"))
    holder |= {"points": "1e1", "met_when": "plann", "requirement": "advisory"}
    indicator = "/criteria/0/indicators/0"
    assert shown(check(data)) == [
        f"XH108 {indicator}/points",
        f"XH202 {indicator}/met_when",
        f"XH322 {indicator}/floor",
    ]


def test_what_depends_on_an_input_without_a_type_is_not_judged_but_other_names_are() -> None:
    data, _ = changed(("inputs",))
    data["inputs"]["plan"]["type"] = "boolean"
    data["criteria"][0]["indicators"][0]["met_when"] = "plan >= 3 and houres >= 1"
    assert shown(check(data)) == [
        "XH120 /inputs/plan/type",
        "XH202 /criteria/0/indicators/0/met_when",
    ]
