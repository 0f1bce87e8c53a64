"""What prerequisites ask, answered by the register of titles."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

import xhht
from inline_profiles import profile_of
from xhht import Between, Evidence, FactsError, Title, Waiver

DAY = date(2024, 12, 31)
LEVELS = """
- id: two
  name: {vi: Mức 2, en: Level 2}
  when: points >= 10
  requires: {level: one, months: 12, since: day, held: has, binds: holders}
- {id: one, name: {vi: Mức 1, en: Level 1}, when: points >= 5}
"""
PROFILE = profile_of(
    {"a": "type: bool", "day": "type: date", "has": "type: bool"},
    '- {id: "1.1", points: 10, met_when: a}',
    LEVELS,
)


def decision(
    level: str | None, day: date, document: str = "1/QĐ", *, months: int | None = None
) -> xhht.Recognition:
    return xhht.Recognition(
        title=Title.LEARNING_UNIT,
        subject="u1",
        level=level,
        decided_on=day,
        document=document,
        authority="UBND",
        valid_months=months,
    )


def answers(*decisions: xhht.Recognition) -> dict[str, bool | date]:
    return xhht.prerequisite_facts(PROFILE, xhht.TitleRegister(decisions), "u1", DAY)


def test_a_subject_without_a_decision_holds_nothing() -> None:
    assert answers() == {"has": False}
    other = xhht.TitleRegister([decision("one", date(2024, 1, 1))])
    assert xhht.prerequisite_facts(PROFILE, other, "u2", DAY) == {"has": False}


@pytest.mark.parametrize(("recorded", "subject"), [("4", "00004"), ("00004", "4")])
def test_a_code_that_lost_its_zeros_is_no_other_subject(recorded: str, subject: str) -> None:
    recorded_decision = evolve(decision("one", date(2024, 6, 1)), subject=recorded)
    register = xhht.TitleRegister([recorded_decision])
    with pytest.raises(FactsError) as error:
        xhht.prerequisite_facts(PROFILE, register, subject, DAY)
    assert error.value.code == "lost_zeros"
    assert recorded not in error.value.message("vi")
    assert xhht.prerequisite_facts(PROFILE, register, "00005", DAY) == {"has": False}
    assert xhht.prerequisite_facts(PROFILE, register, recorded, DAY)["has"] is True


def test_the_day_is_the_first_without_a_gap() -> None:
    first = decision("one", date(2022, 3, 1), months=12)
    renewed = decision("one", date(2023, 2, 1), "2/QĐ", months=36)
    assert answers(first) == {"has": False}
    assert answers(first, renewed) == {"has": True, "day": date(2022, 3, 1)}
    better = decision("two", date(2023, 2, 1), "2/QĐ")
    assert answers(first, better) == {"has": True, "day": date(2022, 3, 1)}
    assert answers(decision("one", date(2025, 1, 1))) == {"has": False}


@pytest.mark.parametrize("level", [None, "khac"])
def test_a_decision_of_another_ladder_leaves_both_open(level: str | None) -> None:
    assert answers(decision(level, date(2023, 1, 1))) == {}


def merged(facts: dict[str, object], *decisions: xhht.Recognition) -> dict[str, object]:
    register = xhht.TitleRegister(decisions)
    return dict(xhht.facts_with_register(PROFILE, facts, register, "u1", DAY))


HELD = decision("one", date(2023, 1, 1))


def test_missing_facts_are_answered_and_equal_ones_kept() -> None:
    assert merged({"a": True}, HELD) == {"a": True, "has": True, "day": date(2023, 1, 1)}
    assert merged({"a": None, "has": None}) == {"a": None, "has": False}
    kept: dict[str, object] = {
        "has": Evidence(value=True, source="giấy", verification="verified"),
        "day": "2023-01-01",
    }
    assert merged(kept, HELD) == kept
    waived: dict[str, object] = {"has": Waiver(reason="bão", authority="UBND")}
    assert merged(waived, HELD)["has"] is waived["has"]


def test_a_range_and_rejected_evidence_give_way() -> None:
    around = Between(date(2022, 1, 1), date(2024, 1, 1))
    assert merged({"day": around}, HELD)["day"] == date(2023, 1, 1)
    rejected = Evidence(value="2020-01-01", verification="rejected")
    assert merged({"day": rejected}, HELD)["day"] == date(2023, 1, 1)


@pytest.mark.parametrize(
    ("facts", "decisions", "field"),
    [
        ({"has": False}, [HELD], "has"),
        ({"has": True}, [], "has"),
        ({"day": "2023-01-02"}, [HELD], "day"),
        ({"day": Between(date(2023, 1, 2), date(2024, 1, 1))}, [HELD], "day"),
        ({"day": "2020-01-01"}, [], "day"),
        ({"day": Evidence(value="2020-01-01")}, [], "day"),
    ],
)
def test_a_fact_that_differs_is_never_chosen_silently(
    facts: dict[str, object], decisions: list[xhht.Recognition], field: str
) -> None:
    with pytest.raises(FactsError) as error:
        merged(facts, *decisions)
    assert (error.value.code, error.value.field) == ("register_differs", field)
    assert "2020" not in error.value.text.en


def test_an_answer_is_evidence_where_the_input_asks_for_it() -> None:
    profile = profile_of(
        {
            "a": "type: bool",
            "day": "type: date, evidence: {required: true}",
            "has": "type: bool, evidence: {required: true, valid_months: 12}",
        },
        '- {id: "1.1", points: 10, met_when: a}',
        LEVELS,
    )
    register = xhht.TitleRegister([HELD])
    facts = xhht.facts_with_register(profile, {"a": True}, register, "u1", DAY)
    assert xhht.evaluate(profile, facts, as_of=DAY).level == "two"


@pytest.mark.parametrize(
    ("has", "day", "is_said"),
    [
        (False, date(2024, 1, 1), True),
        (Evidence(value=False), date(2020, 2, 29), True),
        (False, Evidence(value=date(2024, 1, 1)), True),
        (False, None, False),
        (True, date(2024, 1, 1), False),
        (None, date(2024, 1, 1), False),
        (False, Between(date(2024, 1, 1), date(2024, 3, 1)), False),
    ],
)
def test_a_day_of_a_level_that_is_not_held_is_a_remark(
    has: object, day: object, is_said: bool
) -> None:
    result = xhht.evaluate(PROFILE, {"a": True, "has": has, "day": day}, as_of=DAY)
    assert bool(result.contradictions) is is_said
    assert result.remarks == result.contradictions
    for text in result.contradictions:
        assert text.vi == (
            "“nhãn day” không được tính vì “nhãn has” là không; hãy kiểm tra hai dữ kiện này."
        )
        assert text.en in " ".join(result.to_dict("en")["remarks"])
        assert text.vi.removesuffix(".") in result.explain("vi", "sentence").text()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"day": date(2024, 6, 1)}, "There is a day of recognition at level 1"),
        ({}, "State whether the subject has been recognised at level 1"),
        ({"has": True}, "State the day of recognition at level 1"),
    ],
)
def test_a_gap_asks_for_what_the_other_fact_leaves_open(
    facts: dict[str, object], words: str
) -> None:
    result = xhht.evaluate(PROFILE, {"a": True, **facts}, as_of=DAY)
    [gap] = [gap for gap in result.gaps() if gap.input in ("has", "day")]
    assert gap.text.en.startswith(words)
