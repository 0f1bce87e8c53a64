"""Titles through time: what counts on a day, what lapses, who may go up, and what is refused."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from typing import Any

import pytest
from attrs import evolve

from xhht.domain import (
    HeldTitle,
    Lapse,
    Recognition,
    Title,
    TitleRegister,
    Upgradable,
    UpgradeRule,
)
from xhht.errors import DomainError

UNIT, COMMUNITY = Title.LEARNING_UNIT, Title.LEARNING_COMMUNITY
LADDER = {UNIT: ["level_2", "level_1"]}
AFTER_A_YEAR = UpgradeRule(title=UNIT, level="level_2", held="level_1", months=12)
numbers = itertools.count(1)


def decision(decided_on: date, level: str | None = "level_1", **given: Any) -> Recognition:
    fields: dict[str, Any] = {
        "title": UNIT,
        "subject": "u1",
        "document": f"{next(numbers)}/QĐ-UBND",
        "authority": "UBND tỉnh",
        "valid_months": 36,
    }
    return Recognition(decided_on=decided_on, level=level, **{**fields, **given})


HIGH = decision(date(2023, 5, 1), "level_2")
LOW = decision(date(2024, 5, 1), "level_1")


# What is held


def test_the_highest_level_counts_where_there_is_a_ladder() -> None:
    register = TitleRegister([LOW, HIGH], ladders=LADDER)
    assert register.held(date(2024, 5, 1)) == (HeldTitle(HIGH, (LOW,)),)
    assert register.held(date(2024, 4, 30)) == (HeldTitle(HIGH),)
    assert register.held(date(2026, 5, 1)) == (HeldTitle(LOW),)
    assert register.held(date(2027, 5, 1)) == register.held(date(2023, 4, 30)) == ()


def test_the_latest_decision_counts_where_there_is_none() -> None:
    other = {COMMUNITY: ["level_2", "level_1"]}
    for register in (TitleRegister([HIGH, LOW]), TitleRegister([HIGH, LOW], ladders=other)):
        assert register.held(date(2024, 5, 1)) == (HeldTitle(LOW, (HIGH,)),)


def test_of_one_level_the_latest_decision_counts() -> None:
    renewed = decision(date(2025, 5, 1), "level_2")
    register = TitleRegister([renewed, HIGH, LOW], ladders=LADDER)
    assert register.held(date(2025, 6, 1)) == (HeldTitle(renewed, (HIGH, LOW)),)


def test_of_one_level_and_day_the_decision_that_holds_longer_counts() -> None:
    day = date(2024, 1, 1)
    short, long = decision(day, valid_months=12), decision(day, valid_months=36)
    title = HeldTitle(long, (short,))
    assert TitleRegister([short, long]).held(day) == (title,)
    assert TitleRegister([long, short]).held(day) == (title,)


def test_titles_and_subjects_are_told_apart_and_stand_in_order() -> None:
    day = date(2024, 1, 1)
    given = [
        decision(day, subject="u2"),
        decision(day, subject="u1", title=COMMUNITY),
        decision(day, subject="u1"),
    ]
    titles = TitleRegister(given).held(day)
    assert [title.recognition for title in titles] == [given[1], given[2], given[0]]


def test_a_withdrawn_decision_gives_way_to_the_one_below_it() -> None:
    withdrawn = evolve(HIGH, revoked_on=date(2025, 1, 1))
    register = TitleRegister([withdrawn, LOW], ladders=LADDER)
    assert register.held(date(2024, 12, 31)) == (HeldTitle(withdrawn, (LOW,)),)
    assert register.held(date(2025, 1, 1)) == (HeldTitle(LOW),)
    (fall,) = register.lapsing(year=2024)
    assert fall == Lapse(withdrawn, date(2025, 1, 1), LOW)
    assert fall.revoked


def test_an_empty_register_answers_with_nothing() -> None:
    register = TitleRegister([])
    assert register.held(date(2024, 1, 1)) == ()
    assert register.lapsed(date(2024, 1, 1)) == ()
    assert register.lapsing(year=2024) == ()


# What lapses


def test_a_title_lapses_in_the_year_of_its_last_day() -> None:
    to_new_year = decision(date(2024, 1, 1))
    register = TitleRegister([to_new_year])
    (lapse,) = register.lapsing(year=2026)
    assert lapse == Lapse(to_new_year, date(2027, 1, 1))
    assert lapse.last_day == date(2026, 12, 31)
    assert not lapse.revoked
    assert register.lapsing(year=2027) == ()


def test_both_days_of_a_period_belong_to_it() -> None:
    register = TitleRegister([LOW])
    last = date(2027, 4, 30)
    assert len(register.lapsing(first_day=last, last_day=last)) == 1
    assert not register.lapsing(first_day=date(2027, 5, 1), last_day=date(2028, 1, 1))
    assert not register.lapsing(first_day=date(2027, 1, 1), last_day=date(2027, 4, 29))


@pytest.mark.parametrize("renewed_on", [date(2027, 4, 30), date(2027, 5, 1)])
def test_what_is_renewed_in_time_does_not_lapse(renewed_on: date) -> None:
    register = TitleRegister([LOW, decision(renewed_on)])
    assert register.lapsing(year=2027) == ()


def test_what_is_renewed_a_day_late_lapses() -> None:
    register = TitleRegister([LOW, decision(date(2027, 5, 2))])
    assert register.lapsing(year=2027) == (Lapse(LOW, date(2027, 5, 1)),)
    assert register.lapsed(date(2027, 5, 1)) == (Lapse(LOW, date(2027, 5, 1)),)
    assert register.lapsed(date(2027, 5, 2)) == ()


def test_a_level_lapses_unless_a_higher_one_follows() -> None:
    up, down = (decision(date(2027, 5, 1), level) for level in ("level_2", "level_1"))
    old_high = decision(date(2024, 5, 1), "level_2")
    assert TitleRegister([LOW, up], ladders=LADDER).lapsing(year=2027) == ()
    assert TitleRegister([LOW, up]).lapsing(year=2027) == (Lapse(LOW, date(2027, 5, 1), up),)
    fallen = TitleRegister([old_high, down], ladders=LADDER).lapsing(year=2027)
    assert fallen == (Lapse(old_high, date(2027, 5, 1), down),)


def test_lapses_stand_in_order_of_their_days() -> None:
    early, late = decision(date(2024, 2, 1), subject="u9"), decision(date(2024, 3, 1))
    lapses = TitleRegister([late, early]).lapsing(year=2027)
    assert [lapse.recognition for lapse in lapses] == [early, late]


def test_what_has_lapsed_names_its_last_end_only() -> None:
    again = decision(date(2028, 1, 1), valid_months=12)
    register = TitleRegister([again, LOW])
    assert register.lapsed(date(2030, 1, 1)) == (Lapse(again, date(2029, 1, 1)),)
    assert register.lapsed(date(2024, 4, 30)) == ()


def test_a_decision_that_never_held_neither_counts_nor_lapses() -> None:
    annulled = evolve(HIGH, revoked_on=HIGH.decided_on)
    instead = decision(HIGH.decided_on, "level_1")
    register = TitleRegister([annulled, instead])
    assert register.held(HIGH.decided_on) == (HeldTitle(instead),)
    assert TitleRegister([annulled]).lapsed(date(2030, 1, 1)) == ()
    first_of_all = decision(date.min, revoked_on=date.min)
    assert TitleRegister([first_of_all]).lapsing(year=1) == ()


# Who may go up


def test_a_standing_tells_all_of_a_day() -> None:
    register = TitleRegister([LOW], ladders=LADDER)
    standing = register.standing(date(2027, 1, 1), [AFTER_A_YEAR])
    assert standing.held == register.held(date(2027, 1, 1)) != ()
    assert standing.lapsing == register.lapsing(year=2027) != ()
    assert standing.upgradable == register.upgradable(date(2027, 1, 1), [AFTER_A_YEAR]) != ()
    assert register.standing(date(2027, 1, 1)).upgradable == ()


def test_a_level_may_follow_after_the_months_of_the_rule() -> None:
    register = TitleRegister([LOW], ladders=LADDER)
    assert register.upgradable(date(2025, 4, 30), [AFTER_A_YEAR]) == ()
    (candidate,) = register.upgradable(date(2025, 5, 1), [AFTER_A_YEAR])
    assert candidate == Upgradable(LOW, AFTER_A_YEAR, LOW.decided_on)
    assert candidate.first_day == date(2025, 5, 1)
    assert register.upgradable(date(2027, 5, 1), [AFTER_A_YEAR]) == ()


@pytest.mark.parametrize(("day", "since"), [(1, date(2024, 5, 1)), (2, date(2027, 5, 2))])
def test_a_renewal_goes_on_counting_and_a_gap_begins_anew(day: int, since: date) -> None:
    register = TitleRegister([decision(date(2027, 5, day)), LOW])
    rule = evolve(AFTER_A_YEAR, months=0)
    (candidate,) = register.upgradable(date(2028, 1, 1), [rule])
    assert candidate.held_since == since
    assert bool(register.upgradable(date(2028, 1, 1), [AFTER_A_YEAR])) is (day == 1)


@pytest.mark.parametrize("ladders", [None, LADDER])
def test_who_holds_the_level_already_is_left_out(ladders: Any) -> None:
    register = TitleRegister([LOW, decision(date(2025, 6, 1), "level_2")], ladders=ladders)
    assert len(register.upgradable(date(2025, 5, 31), [AFTER_A_YEAR])) == 1
    assert register.upgradable(date(2025, 6, 1), [AFTER_A_YEAR]) == ()


def test_who_holds_a_level_above_is_left_out() -> None:
    ladders = {UNIT: ["level_3", "level_2", "level_1"]}
    top = decision(date(2025, 6, 1), "level_3")
    register = TitleRegister([LOW, top], ladders=ladders)
    assert register.upgradable(date(2025, 7, 1), [AFTER_A_YEAR]) == ()


def test_a_short_decision_within_a_long_one_makes_no_gap() -> None:
    short = decision(date(2024, 6, 1), valid_months=1)
    register = TitleRegister([LOW, short, decision(date(2026, 1, 1))])
    (candidate,) = register.upgradable(date(2026, 2, 1), [AFTER_A_YEAR])
    assert candidate.held_since == LOW.decided_on


def test_a_decision_to_come_says_nothing_of_the_day() -> None:
    register = TitleRegister([LOW, decision(date(2029, 1, 1))])
    (candidate,) = register.upgradable(date(2026, 1, 1), [AFTER_A_YEAR])
    assert candidate.held_since == LOW.decided_on


def test_a_lower_level_that_has_lapsed_lets_nobody_up() -> None:
    rule = UpgradeRule(title=UNIT, level="level_3", held="level_1", months=12)
    register = TitleRegister([LOW, decision(date(2026, 1, 1), "level_2")])
    assert len(register.upgradable(date(2027, 4, 30), [rule])) == 1
    assert register.upgradable(date(2027, 5, 1), [rule]) == ()


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    register = TitleRegister([decision(date(2024, 2, 29))])
    assert register.upgradable(date(2025, 2, 27), [AFTER_A_YEAR]) == ()
    assert len(register.upgradable(date(2025, 2, 28), [AFTER_A_YEAR])) == 1


def test_a_rule_of_another_title_lets_nobody_up() -> None:
    rule = evolve(AFTER_A_YEAR, title=COMMUNITY)
    assert TitleRegister([LOW]).upgradable(date(2026, 1, 1), [rule]) == ()


# What is refused


def test_every_fault_is_told_by_its_place() -> None:
    again = evolve(LOW, decided_on=date(2024, 6, 1), authority="UBND TỈNH")
    with pytest.raises(DomainError) as caught:
        TitleRegister([LOW, again, decision(date(2025, 1, 1), "good"), {}], ladders=LADDER)  # type: ignore[list-item]
    for lang, places in (("en", ("Decision 2 ", "Decision 3 ", "Item 4 ")), ("vi", ("thứ 2 ",))):
        assert all(part in caught.value.message(lang) for part in places)
    assert "u1" not in str(caught.value)


def test_a_number_is_used_again_in_another_year_and_by_another_authority() -> None:
    next_year = evolve(LOW, decided_on=date(2025, 1, 2))
    elsewhere = evolve(LOW, authority="UBND xã")
    assert len(TitleRegister([LOW, next_year, elsewhere]).held(date(2025, 2, 1))) == 1


def test_two_levels_on_one_day_need_a_ladder() -> None:
    day = date(2024, 1, 1)
    both = [decision(day, "level_1"), decision(day, "level_2")]
    with pytest.raises(DomainError, match=r"Decisions 2 and 1 .* give a ladder"):
        TitleRegister(both)
    assert TitleRegister(both, ladders=LADDER).held(day)[0].recognition is both[1]


def test_many_faults_are_counted() -> None:
    with pytest.raises(DomainError, match=r"And 10 more\.$"):
        TitleRegister([LOW] * 31)


@pytest.mark.parametrize(
    "ladders",
    [{UNIT: []}, {UNIT: ["a", "a"]}, {UNIT: [""]}, {UNIT: "level_1"}, {"learning_unit": ["a"]}],
)
def test_a_faulty_ladder_is_refused(ladders: Any) -> None:
    with pytest.raises(DomainError, match=r"^ladders: "):
        TitleRegister([], ladders=ladders)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"year": 2024, "first_day": date(2024, 1, 1), "last_day": date(2024, 2, 1)},
        {"first_day": date(2024, 1, 1)},
        {"last_day": date(2024, 1, 1)},
        {"first_day": date(2024, 1, 2), "last_day": date(2024, 1, 1)},
        {"first_day": datetime(2024, 1, 1), "last_day": date(2024, 1, 1)},
        {"year": 0},
        {"year": "2024"},
        {"year": True},
    ],
)
def test_a_faulty_period_is_refused(given: Any) -> None:
    with pytest.raises(DomainError):
        TitleRegister([LOW]).lapsing(**given)


def test_a_time_of_day_is_refused_where_a_day_is_asked() -> None:
    register = TitleRegister([])
    for ask in (register.held, register.lapsed, lambda day: register.upgradable(day, [])):
        with pytest.raises(DomainError, match="without a time"):
            ask(datetime(2024, 1, 1))


def test_a_rule_against_the_ladder_is_named() -> None:
    register = TitleRegister([], ladders=LADDER)
    down = evolve(AFTER_A_YEAR, level="level_1", held="level_2")
    for rule in (down, evolve(AFTER_A_YEAR, held="fair"), evolve(AFTER_A_YEAR, level="good")):
        with pytest.raises(DomainError, match="Rule 2: "):
            register.upgradable(date(2024, 1, 1), [AFTER_A_YEAR, rule])
    with pytest.raises(DomainError, match=r"^held: "):
        evolve(AFTER_A_YEAR, held="level_2")
