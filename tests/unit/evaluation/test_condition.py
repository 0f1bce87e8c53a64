"""A condition asked of one subject means what it means in a profile."""

from __future__ import annotations

from datetime import date

import pytest

from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.registry import bundled_profiles
from xhht.errors import FactsError
from xhht.evaluation.condition import SubjectCondition, condition_for
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.facts import Between, Waiver
from xhht.rules.inputs import Input, InputType

CITIZEN = bundled_profiles().get("vn.citizen.qd324-2023")
UNIT = bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")
DIGITAL = Input(name="has_digital_skills", kind=InputType.BOOL)
ALL_EIGHTS: dict[str, object] = {f"indicator_{n}": 8 for n in range(1, 11)}


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        ({"indicator_5": 5}, True),
        ({"indicator_5": 4}, False),
        ({}, None),
        ({"indicator_5": None}, None),
        ({"indicator_5": Between(5, 9)}, True),
        ({"indicator_5": Between(4, 9)}, None),
    ],
)
def test_what_is_not_known_leaves_it_open(facts: dict[str, object], holds: bool | None) -> None:
    assert SubjectCondition(CITIZEN, "indicator_5 >= 5")(facts) is holds


def test_it_may_ask_for_points_whatever_floors_the_profile_has() -> None:
    condition = SubjectCondition(CITIZEN, 'points_of("B") >= 32 and points >= 70')
    facts = {**ALL_EIGHTS, "indicator_1": 0}
    assert evaluate(CITIZEN, facts).level is None
    assert condition(facts) is True


def test_inputs_of_a_programme_stand_beside_those_of_the_profile() -> None:
    condition = SubjectCondition(CITIZEN, "has_digital_skills or indicator_5 == 10", [DIGITAL])
    assert condition({"has_digital_skills": True}) is True
    assert condition({"has_digital_skills": False, "indicator_5": 9}) is False
    assert condition({"has_digital_skills": False}) is None


def test_the_mark_of_the_profile_itself_gives_its_verdict() -> None:
    condition = SubjectCondition(CITIZEN, CITIZEN.document.levels[0].when)
    assert condition({**ALL_EIGHTS, "disadvantaged_area": False}) is True


def test_a_waived_input_stays_open() -> None:
    waiver = Waiver(reason="Lý do", authority="UBND")
    assert SubjectCondition(CITIZEN, "indicator_5 >= 5")({"indicator_5": waiver}) is None
    assert (
        SubjectCondition(CITIZEN, "indicator_4 >= 5")({"indicator_5": waiver, "indicator_4": 7})
        is True
    )


def test_faults_of_the_text_are_named_with_their_place() -> None:
    with pytest.raises(ProfileError) as raised:
        SubjectCondition(CITIZEN, "indicator_5 >= 5 and indicator_55 >= 5")
    (diagnostic,) = raised.value.diagnostics
    assert (diagnostic.code, diagnostic.mark.column) == ("XH202", 22)


def test_facts_are_read_as_for_a_verdict() -> None:
    with pytest.raises(FactsError):
        SubjectCondition(CITIZEN, "indicator_5 >= 5")({"indicator_5": 11})
    with pytest.raises(FactsError):
        SubjectCondition(CITIZEN, "indicator_5 >= 5")({"indicator": 1})


def test_facts_without_a_bearing_are_not_read() -> None:
    facts = {"indicator_5": 7, "indicator_4": 11}
    assert SubjectCondition(CITIZEN, "indicator_5 >= 5").input_names == ("indicator_5",)
    assert SubjectCondition(CITIZEN, "indicator_5 >= 5")(facts) is True
    with pytest.raises(FactsError):
        SubjectCondition(CITIZEN, "points >= 5")(facts)


def test_an_input_that_bounds_another_has_a_bearing() -> None:
    condition = SubjectCondition(UNIT, "members_disciplined >= 10")
    assert "members" in condition.input_names
    assert "has_learning_policy" not in condition.input_names
    assert condition({"members": 9}) is False
    assert condition({"members": 10}) is None


def test_a_condition_is_made_ready_once() -> None:
    first = condition_for(CITIZEN, "indicator_5 >= 5")
    assert condition_for(CITIZEN, "indicator_5 >= 5") is first
    assert condition_for(CITIZEN, "indicator_5 >= 5", [DIGITAL]) is not first


def test_a_day_is_needed_where_one_is_compared() -> None:
    since = Input(
        name="since",
        kind=InputType.DATE,
        minimum=date(1900, 1, 1).toordinal(),
        maximum=date.max.toordinal(),
    )
    condition = SubjectCondition(CITIZEN, "since <= as_of", [since])
    assert condition({"since": date(2024, 1, 1)}, as_of=date(2024, 1, 1)) is True
    assert condition({"since": date(2024, 1, 2)}, as_of=date(2024, 1, 1)) is False
    with pytest.raises(FactsError):
        condition({"since": date(2024, 1, 1)})


def test_an_input_that_the_profile_has_already_is_refused() -> None:
    own = Input(name="indicator_5", kind=InputType.BOOL)
    with pytest.raises(ProfileError) as raised:
        SubjectCondition(CITIZEN, "indicator_5", [own])
    assert [diagnostic.code for diagnostic in raised.value.diagnostics] == ["XH710"]
