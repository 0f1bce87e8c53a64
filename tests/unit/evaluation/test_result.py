"""What is derived from a profile is cached, and results are plain data for JSON."""

from __future__ import annotations

import copy
import gc
import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from fractions import Fraction
from weakref import ref

import pytest

import xhht
from inline_profiles import profile_of
from xhht import Evaluator, Profile, Waiver
from xhht.evaluation.codegen import compile_plan
from xhht.evaluation.condition import condition_for

UNIT = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")
CITIZEN = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
OPEN = {f"indicator_{n}": 8 for n in range(1, 10)}


def _used_profile() -> Profile:
    used = profile_of(
        {"a": "type: bool", "b": "type: bool"}, '- {id: "1.1", points: 10, met_when: a}'
    )
    assert xhht.evaluate(used, {"a": True}).points_certain == 10
    assert condition_for(used, "a")({"a": True}) is True
    return used


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda used: pickle.loads(pickle.dumps(used))])
def test_a_used_profile_can_be_copied_and_pickled(copied: object) -> None:
    assert callable(copied)
    used = _used_profile()
    again = copied(used)
    assert again == used
    assert again is not used
    assert xhht.evaluate(again, {"a": True}).profile is again


def test_what_is_cached_ends_with_the_profile() -> None:
    used = _used_profile()
    plan = ref(used.plan)
    del used
    gc.collect()
    assert plan() is None


def test_plans_are_compiled_once() -> None:
    assert compile_plan(UNIT.plan) is compile_plan(UNIT.plan)
    facts = {"has_learning_policy": Waiver(reason="x", authority="y")}
    first, second = (xhht.evaluate(UNIT, facts).plan for _ in range(2))
    assert first is second is not UNIT.plan
    assert compile_plan(first) is compile_plan(second)
    assert condition_for(UNIT, "points >= 70") is condition_for(UNIT, "points >= 70")


def test_an_equal_profile_keeps_its_own_results() -> None:
    other = copy.deepcopy(UNIT)
    assert Evaluator(other)({}).profile is other
    assert Evaluator(UNIT)({}).profile is UNIT


def test_threads_share_what_is_cached() -> None:
    used = profile_of({"a": "type: bool"}, '- {id: "1.1", points: 10, met_when: a}')
    with ThreadPoolExecutor(8) as pool:
        compiled = set(pool.map(lambda _: id(compile_plan(used.plan)), range(100)))
    assert len(compiled) == 1


def test_every_result_is_json() -> None:
    result = xhht.evaluate(CITIZEN, OPEN)
    path = result.path_to("recognised")
    settling = result.settling_sets()
    explanation = result.explain("en")
    for data in (
        result.to_dict("en"),
        result.gaps()[0].to_dict("en"),
        result.criteria[0].to_dict(),
        path.to_dict("en"),
        settling.to_dict("en"),
        explanation.to_dict(),
    ):
        assert json.loads(json.dumps(data)) == data
    assert path.to_dict("en")["steps"] == [step.to_dict("en") for step in path.steps]
    assert settling.to_dict("en")["could"] == [
        {"inputs": ["indicator_10"], "examples": settling.to_dict("en")["could"][0]["examples"]}  # type: ignore[index]
    ]
    assert explanation.to_dict()["children"][0]["id"] == explanation.children[0].id
    table = result.explain("en", "table").to_dict()
    assert {len(row) for row in table["rows"]} == {len(table["columns"])}


def test_a_step_gives_the_points_of_the_evaluation_after_it() -> None:
    result = xhht.evaluate(CITIZEN, {**OPEN, "indicator_10": 4})
    path = result.path_to("recognised")
    assert path.facts is not None
    after = xhht.evaluate(CITIZEN, path.facts)
    for step in path.steps:
        assert step.criterion is not None
        assert step.before == result.criterion(step.criterion).points_certain
        assert step.after == after.criterion(step.criterion).points_certain
    assert path.steps[0].after == Fraction(8)


def test_a_day_out_of_force_is_a_remark_of_the_result_and_of_its_explanation() -> None:
    profile = xhht.bundled_profiles().get("vn.unit.tt24-2023-district")
    in_force = xhht.evaluate(profile, {}, as_of=date(2024, 12, 31))
    assert in_force.remarks == ()
    assert "remarks" not in in_force.to_dict()
    late = xhht.evaluate(profile, {}, as_of=date(2025, 12, 31))
    [remark] = late.remarks
    assert "31/12/2025" in remark.vi
    assert late.to_dict("en")["remarks"] == [remark.en]
    for depth in ("sentence", "table", "tree"):
        assert remark.vi.removesuffix(".") in late.explain("vi", depth).text()
