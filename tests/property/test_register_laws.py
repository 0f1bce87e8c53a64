"""Titles through time equal what looking at the decisions day by day finds.

Every decision is laid out as the set of days on which it holds, by its own dates alone; what
counts, lapses, has lapsed and may go up is then read off those days.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from xhht.dates import add_months
from xhht.domain import Recognition, Title, TitleRegister, UpgradeRule, ValidityStart
from xhht.domain.register import Lapse

FIRST = date(2022, 12, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(800)]
LEVELS = ["high", "middle", "low"]
UNIT = Title.LEARNING_UNIT
LADDER = {UNIT: LEVELS}


@st.composite
def decisions(draw: st.DrawFn, number: int) -> Recognition:
    # Few days to choose from, so that ends and beginnings meet.
    decided_on = DAYS[31 + draw(st.sampled_from([0, 1, 27, 28, 31, 58, 59, 120, 365]))]
    by_year = draw(st.booleans())
    made = Recognition(
        title=UNIT,
        subject=draw(st.sampled_from(["u1", "u2"])),
        level=draw(st.sampled_from([*LEVELS, "low"])),
        decided_on=decided_on,
        document=f"{number}/QĐ-UBND",
        authority="UBND tỉnh",
        valid_months=draw(st.sampled_from([24] if by_year else [None, 1, 2, 4, 12])),
        for_year=decided_on.year - 1 if by_year else None,
        counted_from=ValidityStart.END_OF_YEAR if by_year else ValidityStart.DECISION,
    )
    later = draw(st.none() | st.sampled_from([0, 1, 28, 31, 90]))
    return made if later is None else evolve(made, revoked_on=decided_on + timedelta(days=later))


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Recognition], Any]:
    ladders = draw(st.sampled_from([None, LADDER]))
    made = [draw(decisions(number)) for number in range(1, draw(st.integers(0, 7)) + 1)]
    days = {(decision.subject, decision.decided_on): decision for decision in made}
    # Without a ladder two levels on one day are refused.
    return (made if ladders else list(days.values())), ladders


def days_of(one: Recognition) -> set[date]:
    start = one.decided_on
    if one.counted_from is ValidityStart.END_OF_YEAR and one.for_year is not None:
        start = date(one.for_year + 1, 1, 1)
    end = date.max if one.valid_months is None else add_months(start, one.valid_months)
    return {
        day
        for day in DAYS
        if one.decided_on <= day < end and (one.revoked_on is None or day < one.revoked_on)
    }


def counting(given: list[Recognition], ladder: bool, subject: str) -> dict[date, list[Recognition]]:
    """Return the decisions in force on each day, the one that counts first."""
    days_in_force = {id(decision): days_of(decision) for decision in given}
    by_day = {}
    for day in DAYS:
        by_day[day] = sorted(
            (
                decision
                for decision in given
                if decision.subject == subject and day in days_in_force[id(decision)]
            ),
            key=lambda decision: (
                LEVELS.index(decision.level or "") if ladder else 0,
                date.max - decision.decided_on,
                date.max - (decision.valid_until or date.max),
                decision.document,
            ),
        )
    return by_day


def is_as_high(ladder: bool, one: Recognition, other: Recognition) -> bool:
    if one.level == other.level:
        return True
    return ladder and LEVELS.index(one.level or "") < LEVELS.index(other.level or "")


def lapses(by_day: dict[date, list[Recognition]], ladder: bool) -> list[Lapse]:
    listed = []
    for day in DAYS[1:]:
        before, now = by_day[day - timedelta(days=1)], by_day[day]
        if before and before[0] not in now:
            then = now[0] if now else None
            if then is None or not is_as_high(ladder, then, before[0]):
                listed.append(Lapse(before[0], day, then))
    return listed


@given(histories(), st.randoms(use_true_random=False))
def test_each_day_holds_what_the_decisions_of_that_day_say(history: Any, random: Any) -> None:
    given, ladders = history
    shuffled = list(given)
    random.shuffle(shuffled)
    register = TitleRegister(shuffled, ladders=ladders)
    by_subject = {subject: counting(given, bool(ladders), subject) for subject in ("u1", "u2")}
    for day in DAYS[::3] + [decision.decided_on for decision in given]:
        expected = [by_subject[subject][day] for subject in ("u1", "u2")]
        titles = [[title.recognition, *title.superseded] for title in register.held(day)]
        assert titles == [in_force for in_force in expected if in_force]


@given(histories(), st.tuples(st.integers(0, 798), st.integers(0, 798)))
def test_what_lapses_is_what_was_there_the_day_before(history: Any, at: tuple[int, int]) -> None:
    given, ladders = history
    first, last = DAYS[min(at)], DAYS[max(at)]
    expected = [
        lapse
        for subject in ("u1", "u2")
        for lapse in lapses(counting(given, bool(ladders), subject), bool(ladders))
        if first <= lapse.last_day <= last
    ]
    listed = TitleRegister(given, ladders=ladders).lapsing(first_day=first, last_day=last)
    assert list(listed) == sorted(expected, key=lambda lapse: lapse.first_day_without)


@given(histories(), st.integers(0, 799))
def test_what_has_lapsed_was_held_before_and_is_not_now(history: Any, at: int) -> None:
    given, ladders = history
    expected = []
    for subject in ("u1", "u2"):
        by_day = counting(given, bool(ladders), subject)
        before = [day for day in DAYS[:at] if by_day[day]]
        if before and not by_day[DAYS[at]]:
            expected.append((by_day[before[-1]][0], before[-1] + timedelta(days=1)))
    lapses = TitleRegister(given, ladders=ladders).lapsed(DAYS[at])
    assert [(lapse.recognition, lapse.first_day_without) for lapse in lapses] == expected
    assert all(lapse.then is None for lapse in lapses)


@given(histories(), st.integers(31, 250), st.sampled_from([0, 1, 2, 4]))
def test_who_may_go_up_held_the_lower_level_every_day(history: Any, at: int, months: int) -> None:
    given, ladders = history
    on, expected = DAYS[at], []
    for subject in ("u1", "u2"):
        by_day = counting(given, bool(ladders), subject)
        since = None
        for day in DAYS[: at + 1]:
            has = any(decision.level == "low" for decision in by_day[day])
            since = (since or day) if has else None
        now = by_day[on]
        high = now and (
            now[0].level == "middle" or (ladders is not None and now[0].level == "high")
        )
        if since and not high and add_months(since, months) <= on:
            expected.append((subject, since))
    rule = UpgradeRule(title=UNIT, level="middle", held="low", months=months)
    candidates = TitleRegister(given, ladders=ladders).upgradable(on, [rule])
    assert [(upgrade.recognition.subject, upgrade.held_since) for upgrade in candidates] == expected
