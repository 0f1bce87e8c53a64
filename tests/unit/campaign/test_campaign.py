"""A society bottom-up: mixing records with counts, members of whom nothing is known, faults."""

from __future__ import annotations

from datetime import date

import pytest

from society_samples import (
    HOUSEHOLD,
    L,
    begun,
    citizen,
    household,
)
from xhht import loads_profile
from xhht.campaign import AreaReport, Record, Run
from xhht.criteria.dependencies import evaluation_order
from xhht.domain.areas import AreaLevel
from xhht.domain.people import Clan, Community
from xhht.domain.recognitions import Recognition
from xhht.domain.titles import Title
from xhht.errors import CampaignError
from xhht.rollup import Count, Counts


def counted(run: Run, title: Title, level: AreaLevel | None = None) -> dict[str, int | None]:
    (row,) = run.rollup(title, by=L.PROVINCE, level=level).rows
    return {count.value: row.tally.known(count) for count in Count}


def verdict(run: Run, number: int = 0) -> str:
    return run.evaluation(Title.LEARNING_HOUSEHOLD, f"h{number}").verdict.value


def test_an_open_member_makes_the_input_a_range() -> None:
    assert verdict(begun(household(0), citizen(0, 9), citizen(1, None))) == "recognised"
    assert verdict(begun(household(0), citizen(0, 1), citizen(1, None))) == "undetermined"
    three = [citizen(0, 1), citizen(1, 1), citizen(2, None)]
    assert verdict(begun(household(0), *three)) == "not_recognised"


def test_without_records_of_members_nothing_is_taken_for_none() -> None:
    assert verdict(begun(household(0))) == "undetermined"


def test_members_that_are_declared_but_have_no_record_are_open() -> None:
    declared = {Title.LEARNING_CITIZEN: 3}
    one_good = household(0, members=declared), citizen(0, 9)
    assert verdict(begun(*one_good)) == "undetermined"
    assert verdict(begun(*one_good, citizen(1, 9))) == "recognised"


def test_more_records_than_declared_are_named_and_still_counted() -> None:
    too_many = household(0, members={Title.LEARNING_CITIZEN: 1}), citizen(0, 9), citizen(1, 9)
    run = begun(*too_many)
    (rejected,) = run.rejected
    assert (rejected.code, rejected.field, rejected.counted) == ("too_many_members", "part", True)
    assert counted(run, Title.LEARNING_HOUSEHOLD)["total"] == 1
    with pytest.raises(CampaignError):
        run.evaluation(Title.LEARNING_CLAN, "h0")


def test_who_is_known_not_to_be_registered_holds_no_title() -> None:
    run = begun(household(0), citizen(0, 9, registered=False))
    assert verdict(run) == "not_recognised"
    assert counted(run, Title.LEARNING_CITIZEN)["recognised"] == 0


def test_counts_of_an_area_stand_for_its_members() -> None:
    report = AreaReport(
        area="a1", title=Title.LEARNING_HOUSEHOLD, counts=Counts(total=10, recognised=6)
    )
    villages = [Record(subject=Community(code, L.VILLAGE)) for code in ("a1", "a2")]
    run = begun(*villages, household(0, "a2"), citizen(0, 1), reports=[report])
    levels = {
        code: run.evaluation(Title.LEARNING_COMMUNITY, code).verdict.value for code in ("a1", "a2")
    }
    assert levels == {"a1": "recognised", "a2": "not_recognised"}
    assert counted(run, Title.LEARNING_HOUSEHOLD)["total"] == 11


def test_open_counts_carry_up() -> None:
    counts = Counts(total=10, assessed=10, recognised=4, undetermined=2)
    report = AreaReport(area="a1", title=Title.LEARNING_HOUSEHOLD, counts=counts)
    run = begun(Record(subject=Community("a1", L.VILLAGE)), reports=[report])
    assert run.evaluation(Title.LEARNING_COMMUNITY, "a1").verdict.value == "undetermined"


def test_a_record_under_an_area_that_sends_counts_is_refused() -> None:
    report = AreaReport(
        area="00001", title=Title.LEARNING_HOUSEHOLD, counts=Counts(total=10, recognised=6)
    )
    run = begun(household(0), reports=[report])
    assert [(r.code, r.counted) for r in run.rejected] == [("reported_area", False)]
    assert counted(run, Title.LEARNING_HOUSEHOLD)["total"] == 10


def test_of_reports_above_one_another_the_inner_is_used() -> None:
    reports = [
        AreaReport(area=area, title=Title.LEARNING_CLAN, counts=Counts(total=n, recognised=1))
        for area, n in (("01", 9), ("00001", 5), ("nowhere", 4))
    ]
    run = begun(reports=reports)
    assert sorted(r.code for r in run.rejected) == ["reported_below", "unknown_area"]
    assert counted(run, Title.LEARNING_CLAN)["total"] == 5


def test_declared_totals_beyond_the_records_are_subjects_of_whom_nothing_is_known() -> None:
    totals = {("a1", Title.LEARNING_HOUSEHOLD): 4}
    run = begun(household(0), citizen(0, 9), totals=totals)
    (row,) = run.rollup(Title.LEARNING_HOUSEHOLD, by=L.PROVINCE).rows
    assert row.tally.known(Count.TOTAL) == 4
    rate = row.rates[next(iter(row.rates))]
    assert (rate.percent_min, rate.percent_max) == ("25.00", "100.00")


def test_a_bad_fact_is_named_without_its_value() -> None:
    run = begun(household(0), citizen(0, 11))
    (rejected,) = run.rejected
    assert (rejected.code, rejected.field) == ("out_of_bounds", "score")
    assert "11" not in rejected.text.vi + rejected.text.en
    assert "c0" not in repr(rejected)
    assert verdict(run) == "undetermined"


def test_a_subject_without_a_profile_is_counted_and_named() -> None:
    run = begun(Record(subject=Clan("d1", "00001")))
    assert [r.code for r in run.rejected] == ["no_profile"]
    assert counted(run, Title.LEARNING_CLAN)["total"] == 1


def test_decisions_are_counted_apart_and_differences_listed() -> None:
    decision = Recognition(
        title=Title.LEARNING_CITIZEN,
        subject="c0",
        decided_on=date(2023, 12, 1),
        document="1/QĐ-UBND",
        authority="UBND xã",
        level="good",
    )
    run = begun(household(0), citizen(0, 1, decision=decision), citizen(1, 9))
    assert counted(run, Title.LEARNING_CITIZEN)["recognised"] == 1
    (row,) = run.rollup(Title.LEARNING_CITIZEN, by=L.PROVINCE, decided=True).rows
    assert row.tally.known(Count.RECOGNISED) == 1
    assert [(d.id, d.computed, d.decided) for d in run.differences] == [("c0", (None,), "good")]


def test_a_vintage_never_changes_and_the_next_says_what_it_revises() -> None:
    run = begun(household(0), citizen(0, 1))
    first = run.publish(on=date(2024, 2, 1))
    run.put([citizen(0, 9)])
    second = run.publish(on=date(2024, 3, 1), after=first, reason="Hồ sơ nộp muộn")
    title = Title.LEARNING_HOUSEHOLD
    assert first.tally("01", title).known(Count.RECOGNISED) == 0
    assert second.tally("01", title).known(Count.RECOGNISED) == 1
    assert (second.number, second.reason) == (2, "Hồ sơ nộp muộn")
    changed = {(r.area, r.title, r.count.value, r.before, r.after) for r in second.revisions}
    assert ("01", title, "recognised", 0, 1) in changed
    assert {count for _, _, count, _, _ in changed} == {"recognised"}
    with pytest.raises(TypeError):
        first.rows[("01", title, None)] = second.tally("01", title)  # type: ignore[index]
    with pytest.raises(CampaignError):
        run.publish(on=date(2024, 4, 1), after=second)


def test_a_profile_that_rests_on_itself_is_named_as_a_circle() -> None:
    clan = """
format: 1
id: test.clan
version: 1.0.0
status: active
title: learning_clan
name: {vi: Dòng họ, en: Clan}
provenance: illustrative
inputs:
  part: {type: share, label: {vi: A, en: A}, members: {title: learning_unit, take: share}}
criteria:
  - {id: "1", indicators: [{id: "1.1", points: 10, met_when: part >= 50%}]}
levels:
  - {id: ok, name: {vi: Đạt, en: OK}, when: points >= 10}
"""
    unit = clan.replace("learning_unit", "learning_citizen")
    unit = unit.replace("learning_clan", "learning_unit").replace("test.clan", "test.unit")
    citizens = unit.replace("learning_citizen", "learning_clan")
    citizens = citizens.replace("title: learning_unit\nname", "title: learning_citizen\nname")
    citizens = citizens.replace("test.unit", "test.citizen")
    profiles = [loads_profile(text) for text in (clan, unit, citizens)]
    with pytest.raises(CampaignError) as caught:
        evaluation_order(profiles)
    for name in ("test.clan@1.0.0", "test.unit@1.0.0", "test.citizen@1.0.0"):
        assert name in caught.value.text.vi


def test_members_that_such_a_subject_cannot_have_are_refused() -> None:
    wrong = loads_profile(
        HOUSEHOLD.replace("title: learning_citizen, take", "title: learning_clan, take")
    )
    with pytest.raises(CampaignError):
        begun(household(0), profiles=(wrong,))


def test_a_withdrawal_of_what_is_not_there_changes_nothing() -> None:
    run = begun(household(0), citizen(0, 9))
    with pytest.raises(CampaignError):
        run.withdraw([(Title.LEARNING_CITIZEN, "c0"), (Title.LEARNING_CITIZEN, "c9")])
    assert verdict(run) == "recognised"


def test_a_household_that_moves_takes_its_citizens_along() -> None:
    run = begun(household(0), citizen(0, 9))
    run.put([household(0, "a2")])
    rows = run.rollup(Title.LEARNING_CITIZEN, by=L.VILLAGE).rows
    assert {row.area.code: row.tally.known(Count.TOTAL) for row in rows} == {"a1": None, "a2": 1}


def test_of_two_records_of_one_subject_both_are_refused_until_it_is_corrected() -> None:
    run = begun(household(0), citizen(0, 9), citizen(0, 1))
    assert [(r.code, r.id, r.counted) for r in run.rejected] == [("duplicate", "c0", False)] * 2
    assert not counted(run, Title.LEARNING_CITIZEN)["recognised"]
    run.put([citizen(0, 1)])
    assert run.rejected == ()
    assert counted(run, Title.LEARNING_CITIZEN)["recognised"] == 0
