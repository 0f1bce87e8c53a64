from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

import xhht
from inline_profiles import profile_of, profile_of_criteria
from xhht import Evidence, FactsError, PerPoint, Waiver
from xhht.evaluation.facts import MemberShare
from xhht.evaluation.path import Path, PathState
from xhht.rules.inputs import InputType

CITIZEN = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
UNIT = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")


def changes(path: Path) -> dict[str, Any]:
    return {change.input: change.after for change in path.changes}


def confirmed(path: Path, as_of: date | None = None) -> None:
    """Check that evaluation gives the level by the facts after the path."""
    assert path.facts is not None
    result = xhht.evaluate(path.result.profile, path.facts, as_of=as_of)
    assert path.level in result.levels_possible
    assert None not in result.levels_possible


def test_a_floor_comes_first() -> None:
    facts = {f"indicator_{n}": 9 for n in range(1, 10)} | {"indicator_10": 0}
    path = xhht.evaluate(CITIZEN, facts).path_to("recognised")
    assert changes(path) == {"indicator_10": 5}
    [step] = path.steps
    assert step.criterion == "C.10"
    assert step.before == 0
    assert step.after == 5
    assert step.line == CITIZEN.line("C.10")
    confirmed(path)


def test_a_step_of_an_indicator_without_a_name_calls_it_by_its_kind_and_id() -> None:
    profile = profile_of({"b": "type: bool"}, '- {id: "1.1", points: 10, met_when: b}')
    [step] = xhht.evaluate(profile, {"b": False}).path_to(profile.document.levels[0].id).steps
    assert step.text.vi.startswith("Chỉ số 1.1: 0 → 10 điểm; ")
    assert step.text.en.startswith("Indicator 1.1: 0 → 10 points; ")


def test_what_is_reached_needs_nothing() -> None:
    path = xhht.evaluate(CITIZEN, {f"indicator_{n}": 9 for n in range(1, 11)}).path_to("recognised")
    assert path.state is PathState.REACHED
    assert path.steps == ()
    assert path.cost == 0
    assert path.text.en == "Level 'Learning citizen' is already reached; no changes are needed."


def test_members_are_not_sent_away_unless_they_may_be() -> None:
    shares = profile_of(
        {"whole": "type: count, min: 1", "part": "type: count, at_most: whole"},
        '- {id: "1.1", points: 10, met_when: "share(part, whole) >= 80%"}',
    )
    result = xhht.evaluate(shares, {"whole": 40, "part": 31})
    path = result.path_to("pass")
    assert changes(path) == {"part": 32}
    confirmed(path)
    other = result.path_to("pass", fixed={"part"})
    assert changes(other) == {"whole": 38}
    confirmed(other)


def test_costs_decide_between_ways() -> None:
    two = profile_of(
        {"a": "type: bool", "b": "type: bool", "n": "type: count, max: 10"},
        """\
        - {id: "1.1", points: 5, met_when: a}
        - {id: "1.2", points: 5, met_when: b}
        - {id: "1.3", points: 5, per_item: {count: n, each: 1}}
        """,
    )
    result = xhht.evaluate(two, {"a": False, "b": False, "n": 0})
    assert changes(result.path_to("pass", {"a": 2, "n": 2})) == {"b": True}
    assert changes(result.path_to("pass", {"1.1": 3, "1.2": "2.5", "n": 2})) == {"n": 5}
    dear = result.path_to("pass", {"a": 4, "b": 3, "1.3": PerPoint("0.5")})
    assert changes(dear) == {"n": 5}
    assert dear.cost == 2.5
    free = result.path_to("pass", {"1.1": 0})
    assert changes(free) == {"a": True}
    assert free.cost == 0


@pytest.mark.parametrize(
    ("costs", "code"),
    [
        ({"1.9": 1}, "unknown_key"),
        ({"members": -1}, "bad_cost"),
        ({"members": PerPoint(1)}, "bad_cost"),
    ],
)
def test_a_cost_that_cannot_be_is_refused(costs: dict[str, Any], code: str) -> None:
    with pytest.raises(FactsError) as caught:
        xhht.evaluate(UNIT, {}).path_to("good", costs)
    assert caught.value.code == code


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(KeyError):
        xhht.evaluate(UNIT, {}).path_to("best")


def test_what_is_shown_carries_the_evidence_that_is_asked() -> None:
    needed = profile_of(
        {"a": "type: bool, evidence: {required: true, valid_months: 12}", "b": "type: bool"},
        """\
        - {id: "1.1", points: 5, met_when: a}
        - {id: "1.2", points: 5, met_when: b}
        """,
        "- {id: pass, name: {vi: Đạt, en: Pass}, when: points >= 10}",
    )
    day = date(2024, 12, 31)
    kept = Evidence(value=True, source="số 1")
    path = xhht.evaluate(needed, {"b": kept}, as_of=day).path_to("pass")
    assert path.facts is not None
    assert path.facts["b"] is kept
    assert path.changes[0].text.en == "show that “label a” is: yes"
    confirmed(path, day)
    waived = xhht.evaluate(needed, {"a": Waiver(reason="x", authority="y")}, as_of=day)
    again = waived.path_to("pass")
    assert changes(again) == {"b": True}
    confirmed(again, day)


def test_a_share_of_members_changes_as_one_fact() -> None:
    members = {"x": "type: share, members: {title: learning_citizen, take: share}"}
    profile = profile_of(members, '- {id: "1.1", points: 10, met_when: x >= 50%}')
    path = xhht.evaluate(profile, {"x": MemberShare(1, 4)}).path_to("pass")
    assert changes(path) == {"x": MemberShare(3, 2)}
    assert path.changes[0].text.vi == "nhãn x: 1/5 thành viên → 3/5 thành viên"
    confirmed(path)


def test_what_a_bound_narrowed_widens_again() -> None:
    bound = profile_of(
        {"whole": "type: count, max: 9", "part": "type: count, at_most: whole"},
        """\
        - {id: "1.1", points: 5, met_when: part <= 2}
        - {id: "1.2", points: 5, met_when: whole <= 3}
        """,
        "- {id: pass, name: {vi: Đạt, en: Pass}, when: points >= 10}",
    )
    path = xhht.evaluate(bound, {"part": 7}).path_to("pass", fixed=())
    assert changes(path) == {"part": 2, "whole": 3}
    confirmed(path)


@pytest.mark.parametrize(
    ("criteria", "level", "said"),
    [
        (
            '- {id: "1", indicators: [{id: "1.1", points: 5, met_when: a}]}\n'
            '- {id: "2", indicators: [{id: "2.1", points: 5, met_when: x == "city", '
            "requirement: must, applies_when: not hill, na_policy: zero}]}",
            "points >= 5",
            "Mandatory criteria or floors that cannot be reached: 2.1.",
        ),
        (
            '- {id: "1", indicators: [{id: "1.1", points: 5, met_when: a}]}',
            "points >= (3 if hill else 9)",
            "after all permitted changes the maximum points are 5",
        ),
        (
            '- {id: "1", indicators: [{id: "1.1", points: 5, met_when: a}]}',
            "points >= unknown",
            "No source states the threshold",
        ),
    ],
)
def test_where_there_is_no_way_it_is_said_why(criteria: str, level: str, said: str) -> None:
    inputs = {
        "a": "type: bool",
        "hill": "type: bool",
        "x": "type: choice, choices: {city: {vi: TP, en: City}, other: {vi: K, en: O}}",
    }
    profile = profile_of_criteria(
        inputs, criteria, f"- {{id: pass, name: {{vi: Đạt, en: Pass}}, when: {level}}}"
    )
    result = xhht.evaluate(profile, {"a": False, "hill": False, "x": "other"})
    path = result.path_to("pass", fixed={"hill", "x"})
    assert (path.state, path.cost, path.facts) == (PathState.UNREACHABLE, None, None)
    assert said in path.text.en


def test_too_many_ways_are_told_and_not_guessed() -> None:
    path = xhht.evaluate(UNIT, {}).path_to("good")
    assert path.state is PathState.NOT_WORKED_OUT
    assert "provide these or keep them fixed: Members of the unit;" in path.text.en
    assert path.steps == ()
    assert xhht.evaluate(CITIZEN, {}).path_to("recognised", most=100).reason is not None


COMMUNE = xhht.bundled_profiles().get("vn.community.tt25-2023-commune")
DISTRICT_UNIT = xhht.bundled_profiles().get("vn.unit.tt24-2023-district")
LAST_DAY = date(2024, 12, 31)


def test_an_upper_bound_that_is_itself_judged_may_rise() -> None:
    yes = ("propaganda", "yearly_programme", "learning_week", "state_budget", "social_resources")
    also = ("coordination", "learning_centre_equipped", "library_digital", "culture_centre_active")
    facts = dict.fromkeys((*yes, *also), True) | {
        "learning_citizens": Fraction(9, 10),
        "disadvantaged_area": False,
        "citizens": 8200,
        "citizens_trained": 1000,
        "citizens_with_degree": 900,
        "holds_level_1": False,
        "preschool_standard": "met",
        "primary_standard": "level_3",
        "lower_secondary_standard": "level_3",
        "literacy_standard": "level_2",
    }
    path = xhht.evaluate(COMMUNE, facts, as_of=LAST_DAY).path_to("level_2")
    assert {change.input: change.after for change in path.changes} == {
        "citizens_trained": 4920,
        "citizens_with_degree": 1230,
    }


def unit(**facts: object) -> xhht.Evaluation:
    """Return a vocational unit of a district that meets all of level 2, with other facts."""
    names = DISTRICT_UNIT.document.inputs
    known: dict[str, object] = {
        name: True for name, entry in names.items() if entry.type is InputType.BOOL
    }
    known |= {name: 100 for name, entry in names.items() if entry.type is InputType.COUNT}
    known |= {"unit_type": "other", "holds_level_1": False}
    return xhht.evaluate(DISTRICT_UNIT, known | facts, as_of=LAST_DAY)


def test_facts_that_circumstances_rule_out_are_no_part_of_the_search() -> None:
    result = unit(learners=None, learners_citizens=None, members_citizens=80)
    [change] = result.path_to("level_2").changes
    assert (change.input, change.after) == ("members_citizens", 95)


def test_the_day_from_which_a_level_can_be_reached_is_stated() -> None:
    since = date(2024, 6, 30)
    result = unit(holds_level_1=True, level_1_since=since)
    assert result.level == "level_1"
    texts = (
        result.path_to("level_2").text.vi,
        result.gaps()[-1].text.vi,
        result.explain("vi", "sentence").text(),
        result.explain("vi").text(),
    )
    for text in texts:
        assert "Sớm nhất từ ngày 30/06/2025" in text
        assert "ngày 30/06/2024, phải giữ đủ 12 tháng" in text


def test_the_months_are_not_mentioned_to_those_they_do_not_bind() -> None:
    result = unit(serves_people=False)
    assert not any("12 tháng" in gap.text.vi for gap in result.gaps())
