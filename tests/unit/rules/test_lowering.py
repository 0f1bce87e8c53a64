"""A tree of rules becomes a plan: operators in order, the ends of each, and where results are."""

from __future__ import annotations

from fractions import Fraction

from inline_profiles import profile_of, profile_of_criteria
from xhht.rules.lowering import lower
from xhht.rules.plan import operands

INPUTS = {"a": "type: bool", "n": "type: count, max: 9", "d": "type: count, min: 1, max: 9"}
LEAVES = """
- {id: "1.1", points: 10, met_when: a}
- {id: "1.2", points: 5, per_item: {count: n, each: 1}}
"""


def test_every_operator_reads_only_those_before_it() -> None:
    plan = profile_of(INPUTS, LEAVES).plan
    assert len(plan.bounds) == len(plan.operators)
    for index, operator in enumerate(plan.operators):
        assert all(operand < index for operand in operands(operator))


def test_no_operator_is_written_twice() -> None:
    plan = profile_of(INPUTS, LEAVES + '- {id: "1.3", points: 10, met_when: a}').plan
    assert len(set(plan.operators)) == len(plan.operators)


def test_branches_come_before_their_children_with_their_maximum() -> None:
    plan = profile_of(INPUTS, LEAVES).plan
    assert [(node.id, node.is_leaf, node.maximum) for node in plan.nodes] == [
        ("1", False, 15),
        ("1.1", True, 10),
        ("1.2", True, 5),
    ]
    assert plan.maximum == 15
    assert plan.bounds[plan.points] == (0, 15)


def test_a_deduction_lowers_the_minimum_alone() -> None:
    plan = profile_of(INPUTS, LEAVES + '- {id: "1.3", points: -3, met_when: a}').plan
    assert plan.nodes[-1].minimum == -3
    assert plan.maximum == 15


def test_a_floor_and_a_must_are_part_of_the_gate() -> None:
    free = profile_of(INPUTS, LEAVES).plan
    assert free.bounds[free.levels[0].gate] == (1, 1)
    barred = profile_of(INPUTS, LEAVES.replace("met_when: a", "met_when: a, floor: 10")).plan
    assert barred.bounds[barred.levels[0].gate] == (0, 1)
    must = profile_of(INPUTS, LEAVES.replace("met_when: a", "met_when: a, requirement: must")).plan
    assert [node.must for node in must.nodes] == [False, True, False]


def test_a_waived_leaf_has_all_its_points_whatever_the_facts() -> None:
    profile = profile_of(INPUTS, LEAVES)
    plan = lower(profile.rules, waived=frozenset({"a"}))
    node = next(node for node in plan.nodes if node.id == "1.1")
    assert node.waived
    assert plan.bounds[node.points] == (10, 10)
    assert plan.bounds[plan.points] == (10, 15)


def test_a_share_that_may_be_undefined_is_listed() -> None:
    leaf = '- {id: "1.1", points: 10, met_when: "share(n, %s) >= 50%%"}'
    declared = {**INPUTS, "n": "type: count", "m": "type: count"}
    assert [share.node for share in profile_of(declared, leaf % "m").plan.shares] == ["1.1"]
    assert profile_of(declared, leaf % "d").plan.shares == ()


def test_a_plan_needs_a_day_only_where_a_date_is_compared() -> None:
    assert not profile_of(INPUTS, LEAVES).plan.needs_date()
    dated = profile_of({"day": "type: date"}, '- {id: "1.1", points: 10, met_when: day <= as_of}')
    assert dated.plan.needs_date()


def test_points_lie_on_the_grid_of_the_profile() -> None:
    criteria = '- {id: "1", indicators: [{id: "1.1", points: 7.5, met_when: a}]}'
    plan = profile_of_criteria({"a": "type: bool"}, criteria, grid="0.5").plan
    assert plan.maximum == 15
    assert plan.grid.number(plan.maximum) == Fraction(15, 2)
