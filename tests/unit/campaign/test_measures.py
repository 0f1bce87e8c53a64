"""What targets measure, of a society: records, counts and gaps together."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from attrs import evolve

from society_samples import AREAS, PROFILES, begun, citizen, household
from xhht.campaign import AreaReport, Campaign, Record, Run, Society
from xhht.campaign.measures import area_states_from_counts
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.document import Expression
from xhht.criteria.target_document import (
    AreasEntry,
    ConditionEntry,
    CountedIn,
    RateEntry,
    ShareBase,
)
from xhht.criteria.targets import External, Measure, Programme, loads_targets
from xhht.domain.areas import AreaLevel
from xhht.domain.people import Clan, Community
from xhht.domain.recognitions import Recognition
from xhht.domain.titles import Title
from xhht.errors import CampaignError
from xhht.rollup import Bounds, Counts
from xhht.rollup.joint import AreaMeasurement, JointTally
from xhht.rules.inputs import Input, InputType

L = AreaLevel
CITIZENS, HOUSEHOLDS = Title.LEARNING_CITIZEN, Title.LEARNING_HOUSEHOLD
SKILLED = Input(name="skilled", kind=InputType.BOOL)
AMONG_RECOGNISED = ConditionEntry(
    title=CITIZENS, among=ShareBase.RECOGNISED, when=Expression("skilled")
)
RATE_OF_SKILLED = RateEntry(title=CITIZENS, of="of_total", where=Expression("skilled"))
PLAN = """format: 1
id: example.plan
version: 1.0.0
status: active
name: {vi: Kế hoạch mẫu, en: Sample plan}
legal_basis: {document: 01/KH-UBND, issuer: UBND tỉnh Mẫu}
provenance: illustrative
inputs:
  skilled: {type: bool, label: {vi: Có kỹ năng, en: Skilled}}
targets:
"""
TARGET = """  - id: {id}
    text: {{vi: Mẫu, en: Sample}}
    measure: {measure}
    deadline: 2025
    share: 50%
    scope: {{level: province}}
"""


def person(number: int, score: int | None, skilled: bool | None, **more: object) -> Record:
    return citizen(number, score, answers={"skilled": skilled}, **more)  # type: ignore[arg-type]


def measured(
    run: Run, measure: Measure, by: AreaLevel = L.PROVINCE, **more: object
) -> AreaMeasurement:
    rows = run.measure(measure, by=by, inputs=[SKILLED], **more)  # type: ignore[arg-type]
    return rows[0]


def programme(*measures: str) -> Programme:
    targets = (TARGET.format(id=f"t{at}", measure=text) for at, text in enumerate(measures))
    return loads_targets(PLAN + "".join(targets))


def test_a_share_of_those_recognised_counts_the_open_ones_both_ways() -> None:
    people = [person(0, 9, True), person(1, 9, None), person(2, None, True), person(3, 1, True)]
    row = measured(begun(household(0), *people), AMONG_RECOGNISED)
    assert row.measured.denominator == Bounds(2, 3)
    assert (row.measured.lower, row.measured.upper) == (Fraction(1, 2), Fraction(1))


def test_a_rate_of_some_leaves_out_those_for_whom_the_condition_fails() -> None:
    people = [person(0, 9, True), person(1, 9, False), person(2, 1, True)]
    measurement = measured(begun(household(0), *people), RATE_OF_SKILLED).measured
    assert (measurement.numerator, measurement.denominator) == (Bounds(1, 1), Bounds(2, 2))


def test_a_rate_of_the_registered_leaves_out_who_is_not() -> None:
    rate = RateEntry(title=CITIZENS, of="of_registered", where=Expression("skilled"))
    people = [
        person(0, 9, True, registered=True),
        person(1, 9, True, registered=False),
        person(2, 9, False, registered=True),
    ]
    measurement = measured(begun(household(0), *people), rate).measured
    assert (measurement.numerator, measurement.denominator) == (Bounds(1, 1), Bounds(1, 1))


def test_a_rate_of_a_kind_leaves_out_the_others() -> None:
    workers = RateEntry(title=CITIZENS, of="of_total", applies_to={"group": ("worker",)})
    kinds = ({"group": "worker"}, {"group": "pupil"}, {"group": "worker"}, None)
    scores = (9, 9, 1, 9)
    people = [
        person(at, score, None, traits=kind)
        for at, (score, kind) in enumerate(zip(scores, kinds, strict=True))
    ]
    run = begun(household(0), *people)
    measurement = measured(run, workers).measured
    assert (measurement.numerator, measurement.denominator) == (Bounds(1, 1), Bounds(2, 2))
    skilled = evolve(AMONG_RECOGNISED, applies_to={"group": ("worker",)})
    assert measured(run, skilled).measured.denominator == Bounds(1, 1)
    both = evolve(workers, where=Expression("skilled"))
    assert measured(run, both).measured.denominator == Bounds(0, 2)


def test_of_counts_it_is_open_who_is_of_which_kind() -> None:
    report = AreaReport(area="a1", title=CITIZENS, counts=Counts(total=10, recognised=6))
    workers = RateEntry(title=CITIZENS, of="of_total", applies_to={"group": ("worker",)})
    measurement = measured(begun(reports=[report]), workers).measured
    assert measurement == JointTally({(None, True): 6, (None, False): 4}).measured()
    skilled = evolve(AMONG_RECOGNISED, applies_to={"group": ("worker",)})
    assert measured(begun(reports=[report]), skilled).measured.denominator == Bounds(0, 6)


def test_of_counts_it_is_open_who_is_at_which_level() -> None:
    report = AreaReport(area="a1", title=CITIZENS, counts=Counts(total=10, recognised=6))
    rate = RateEntry(title=CITIZENS, of="of_total", where=Expression("skilled"), levels=("good",))
    for measure, low in ((RATE_OF_SKILLED, Fraction(1)), (rate, Fraction(0))):
        measurement = measured(begun(reports=[report]), measure).measured
        six = JointTally({(None, True if low else None): 6, (None, False): 4}).measured()
        assert measurement == six


def test_an_answer_that_is_wrong_leaves_the_condition_open() -> None:
    wrong = citizen(0, 9, answers={"skilled": "yes"})
    measurement = measured(begun(household(0), wrong), AMONG_RECOGNISED).measured
    assert (measurement.lower, measurement.upper) == (Fraction(0), Fraction(1))


def test_of_counts_a_condition_is_open_and_recognition_is_told() -> None:
    counts = Counts(total=10, recognised=6)
    run = begun(
        household(0),
        person(0, 9, True),
        reports=[AreaReport(area="a2", title=CITIZENS, counts=counts)],
    )
    among = measured(run, AMONG_RECOGNISED)
    assert among.measured.denominator == Bounds(7, 7)
    assert among.measured.numerator == Bounds(1, 7)
    assert (among.coverage.reported, among.coverage.expected) == (2, 2)  # type: ignore[union-attr]
    rate = measured(run, RATE_OF_SKILLED).measured
    assert (rate.numerator, rate.denominator) == (Bounds(1, 7), Bounds(1, 11))


def test_counts_that_do_not_bound_the_subjects_are_not_covered() -> None:
    report = AreaReport(area="a2", title=CITIZENS, counts=Counts(recognised=6))
    run = begun(household(0), person(0, 9, True), reports=[report])
    assert measured(run, RATE_OF_SKILLED).coverage.reported == 1  # type: ignore[union-attr]
    assert measured(run, AMONG_RECOGNISED).measured.denominator == Bounds(7, 7)


def test_subjects_that_only_a_total_tells_of_are_open() -> None:
    run = begun(household(0), person(0, 9, True), totals={("a1", CITIZENS): 3})
    measurement = measured(run, RATE_OF_SKILLED).measured
    assert (measurement.numerator, measurement.denominator) == (Bounds(1, 3), Bounds(1, 3))


def test_a_condition_may_use_the_words_of_the_profile() -> None:
    run = begun(household(0), citizen(0, 9), citizen(1, 4), citizen(2, None))
    when = ConditionEntry(title=CITIZENS, among=ShareBase.TOTAL, when=Expression("score >= 4"))
    assert measured(run, when).measured.numerator == Bounds(2, 3)
    misspelt = ConditionEntry(title=CITIZENS, among=ShareBase.TOTAL, when=Expression("scores >= 4"))
    with pytest.raises(ProfileError):
        measured(run, misspelt)


def test_an_input_of_the_profile_answers_for_one_of_the_same_name() -> None:
    run = begun(household(0), citizen(0, 9, answers={"score": 1}))
    own = Input(name="score", kind=InputType.ASSESSED, maximum=10)
    when = ConditionEntry(title=CITIZENS, among=ShareBase.TOTAL, when=Expression("score >= 9"))
    (row,) = run.measure(when, by=L.PROVINCE, inputs=[own])
    assert row.measured.numerator == Bounds(1, 1)


def test_members_that_are_open_make_a_condition_open() -> None:
    half = ConditionEntry(title=HOUSEHOLDS, among=ShareBase.TOTAL, when=Expression("part >= 50%"))
    run = begun(household(0), citizen(0, 9), household(1), citizen(1, None, 1))
    assert measured(run, half).measured.numerator == Bounds(1, 2)


def test_a_named_profile_is_that_of_the_subjects_or_there_is_no_telling() -> None:
    run = begun(household(0), citizen(0, 9))
    named = {
        "title": CITIZENS,
        "among": ShareBase.TOTAL,
        "when": Expression("score >= 4"),
    }
    assert measured(run, ConditionEntry(**named, profile="test.citizen")).measured.lower == 1  # type: ignore[arg-type]
    with pytest.raises(CampaignError) as caught:
        measured(run, ConditionEntry(**named, profile="test.other"))  # type: ignore[arg-type]
    assert "test.other" in caught.value.text.vi


def test_areas_count_by_what_is_inside_them() -> None:
    registered = AreasEntry(level=L.VILLAGE, title=HOUSEHOLDS, count=ShareBase.REGISTERED)
    both = [household(0, registered=True), household(1, "a2", registered=False)]
    assert measured(begun(*both), registered).measured.numerator == Bounds(1, 1)
    silent = measured(begun(both[0]), registered)
    assert (silent.measured.numerator, silent.coverage) == (Bounds(1, 2), None)


def test_a_village_is_open_where_its_commune_says_that_somebody_is_missing() -> None:
    two = AreasEntry(level=L.VILLAGE, title=HOUSEHOLDS, count=ShareBase.TOTAL, at_least=2)
    both = [household(0), household(1, "a2")]
    assert measured(begun(*both), two).measured.numerator == Bounds(0, 0)
    missing = begun(*both, totals={("00001", HOUSEHOLDS): 3})
    assert measured(missing, two).measured.numerator == Bounds(0, 2)
    rows = missing.rollup(HOUSEHOLDS, by=L.VILLAGE).rows
    assert [row.coverage.reported for row in rows] == [0, 0]
    missing.put([household(2, "a2")])
    assert measured(missing, two).measured.numerator == Bounds(1, 1)


VILLAGES_THEMSELVES = AreasEntry(
    level=L.VILLAGE,
    title=Title.LEARNING_COMMUNITY,
    count=ShareBase.RECOGNISED,
    counted=CountedIn.ITSELF,
)


def test_areas_count_by_what_they_are_themselves() -> None:
    run = begun(household(0), citizen(0, 9), Record(subject=Community("a1", L.VILLAGE)))
    measurement = measured(run, VILLAGES_THEMSELVES).measured
    assert (measurement.numerator, measurement.denominator) == (Bounds(1, 2), Bounds(2, 2))
    for levels, numerator in ((("ok",), Bounds(1, 2)), (("other",), Bounds(0, 1))):
        of_level = AreasEntry(
            level=L.VILLAGE,
            title=Title.LEARNING_COMMUNITY,
            count=ShareBase.RECOGNISED,
            counted=CountedIn.ITSELF,
            levels=levels,
        )
        assert measured(run, of_level).measured.numerator == numerator


def test_counts_of_areas_tell_how_many_are_recognised_and_not_which() -> None:
    report = AreaReport(
        area="00001",
        title=Title.LEARNING_COMMUNITY,
        counts=Counts(total=2, recognised=1),
        level=L.VILLAGE,
    )
    run = begun(reports=[report])
    assert measured(run, VILLAGES_THEMSELVES).measured.numerator == Bounds(1, 1)
    by_village = run.measure(VILLAGES_THEMSELVES, by=L.VILLAGE)
    assert [row.measured.numerator for row in by_village] == [Bounds(0, 1), Bounds(0, 1)]


@pytest.mark.parametrize(
    ("levels", "counts", "numerator"),
    [
        (None, Counts(total=2, recognised=1), Bounds(1, 1)),
        (None, Counts(total=1, recognised=1), Bounds(1, 2)),
        (None, Counts(total=2, recognised=1, undetermined=1), Bounds(1, 2)),
        (None, Counts(recognised=1), Bounds(1, 1)),
        (("ok",), Counts(total=2, recognised=1), Bounds(0, 1)),
        (None, Counts(total=3, recognised=3), Bounds(2, 2)),
    ],
)
def test_areas_of_which_only_counts_are_known(
    levels: tuple[str, ...] | None, counts: Counts, numerator: Bounds
) -> None:
    states = area_states_from_counts(
        evolve(VILLAGES_THEMSELVES, levels=levels), counts, 2
    ).measured()
    assert (states.numerator, states.denominator) == (numerator, Bounds(2, 2))


def test_no_area_is_itself_more_than_one() -> None:
    two = evolve(VILLAGES_THEMSELVES, at_least=2)
    report = area_states_from_counts(two, Counts(total=2, recognised=2), 2)
    assert report.measured().numerator == Bounds(0, 0)


def test_communities_of_several_levels_need_a_level() -> None:
    records = [
        Record(subject=Community("a1", L.VILLAGE)),
        Record(subject=Community("00001", L.COMMUNE)),
    ]
    run = begun(*records)
    rate = RateEntry(title=Title.LEARNING_COMMUNITY, of="of_total")
    with pytest.raises(CampaignError):
        measured(run, rate)
    assert measured(run, rate, level=L.VILLAGE).measured.denominator == Bounds(1, 1)


@pytest.mark.parametrize(
    "measure",
    [
        External(),
        RateEntry(title=Title.LEARNING_UNIT, of="of_total"),
        AreasEntry(
            level=L.VILLAGE, title=CITIZENS, count=ShareBase.TOTAL, counted=CountedIn.ITSELF
        ),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_reason(measure: Measure) -> None:
    with pytest.raises(CampaignError):
        measured(begun(household(0), citizen(0, 9)), measure)


def test_decisions_are_measured_apart() -> None:
    decision = Recognition(
        title=CITIZENS,
        subject="c0",
        decided_on=date(2023, 12, 1),
        document="1/QĐ-UBND",
        authority="UBND xã",
        level="good",
    )
    run = begun(household(0), person(0, 1, True, decision=decision), person(1, 9, False))
    for decided, numerator in ((False, Bounds(0, 0)), (True, Bounds(1, 1))):
        measurement = measured(run, AMONG_RECOGNISED, decided=decided).measured
        assert (measurement.denominator, measurement.numerator) == (Bounds(1, 1), numerator)


def test_targets_stand_area_by_area_and_the_rest_is_named() -> None:
    plan = programme(
        "{condition: {title: learning_citizen, among: recognised, when: skilled}}",
        "{rate: {title: learning_unit, of: of_total}}",
        "{external: true}",
        "{rate: {title: learning_citizen, of: of_total, where: indicator_5 >= 5, "
        "profile: vn.citizen.qd324-2023}}",
        "{areas: {level: district, title: learning_citizen, count: registered}}",
        "{areas: {level: commune, title: learning_citizen, count: total, counted: itself}}",
    )
    run = begun(household(0), household(1, "a2"), person(0, 9, True), person(1, 9, None))
    run.put([citizen(2, 9, 1, answers={"skilled": True})])
    attained = run.attainment(plan.targets, by=L.VILLAGE)
    stands = [(row.target.id, row.area.code, row.attainment.state.value) for row in attained.rows]
    assert stands == [("t0", "a1", "met"), ("t0", "a2", "met")]
    assert [(one.target.id, one.reason.value) for one in attained.not_computed] == [
        ("t1", "no_counts"),
        ("t2", "external"),
        ("t3", "other_profile"),
        ("t4", "no_level"),
        ("t5", "needs_own_result"),
    ]
    (row,) = run.measure(plan.target("t0"), by=L.PROVINCE)
    assert (row.measured.lower, row.measured.upper) == (Fraction(2, 3), Fraction(1))


def test_an_area_of_which_nothing_is_known_needs_nothing_yet() -> None:
    plan = programme("{condition: {title: learning_citizen, among: total, when: skilled}}")
    run = begun(household(0), person(0, 9, True))
    first, second = run.attainment(plan.targets, by=L.VILLAGE).rows
    assert (first.needed, second.needed) == (Bounds(0, 0), None)
    (commune,) = run.attainment(plan.targets, by=L.COMMUNE).rows
    assert commune.attainment.state.value == "undetermined"
    assert commune.attainment.of_reported.value == "met"


def test_subjects_of_communes_are_covered_by_communes() -> None:
    run = begun(Record(subject=Clan("d1", "00001")))
    for by in (L.PROVINCE, L.COMMUNE):
        (row,) = run.rollup(Title.LEARNING_CLAN, by=by).rows
        assert (row.coverage.reported, row.coverage.expected) == (1, 1)


def test_what_an_area_says_of_all_its_subjects_covers_the_areas_within() -> None:
    report = AreaReport(area="00001", title=CITIZENS, counts=Counts(total=9))
    (row,) = begun(reports=[report]).rollup(CITIZENS, by=L.PROVINCE).rows
    assert (row.coverage.reported, row.coverage.expected) == (2, 2)
    none_there = begun(totals={("00001", CITIZENS): 0})
    (row,) = none_there.rollup(CITIZENS, by=L.PROVINCE).rows
    assert row.coverage.reported == 2


def test_totals_within_one_another_are_not_counted_twice() -> None:
    totals = {("01", HOUSEHOLDS): 10, ("a1", HOUSEHOLDS): 4}
    run = begun(household(0), household(1, "a2"), totals=totals)
    (row,) = run.rollup(HOUSEHOLDS, by=L.PROVINCE).rows
    assert row.tally.counts().total == 10


def test_a_total_below_the_records_is_named_until_it_fits() -> None:
    run = begun(household(0), household(1), totals={("a1", HOUSEHOLDS): 1})
    assert [(r.id, r.code, r.field) for r in run.rejected] == [("a1", "total_below", "total")]
    run.withdraw([(HOUSEHOLDS, "h1")])
    assert run.rejected == ()


def test_a_village_rests_on_households_that_only_a_total_tells_of() -> None:
    villages = [Record(subject=Community(code, L.VILLAGE)) for code in ("a1", "a2")]
    known = [household(0), citizen(0, 9)]
    for totals, verdict in (
        ({}, "recognised"),
        ({("a1", HOUSEHOLDS): 2}, "recognised"),
        ({("a1", HOUSEHOLDS): 3}, "undetermined"),
        ({("00001", HOUSEHOLDS): 3}, "undetermined"),
    ):
        run = begun(*villages, *known, totals=totals)
        assert run.evaluation(Title.LEARNING_COMMUNITY, "a1").verdict.value == verdict
    assert recognised_villages(run) == Bounds(0, 2)
    run.put([household(1, "a2", registered=False), household(2, "a2", registered=False)])
    assert recognised_villages(run) == Bounds(1, 1)
    run.withdraw([(HOUSEHOLDS, "h1"), (HOUSEHOLDS, "h2")])
    assert recognised_villages(run) == Bounds(0, 2)


def recognised_villages(run: Run) -> Bounds:
    return measured(run, VILLAGES_THEMSELVES).measured.numerator


def test_totals_within_one_another_follow_the_records() -> None:
    totals = {("00001", HOUSEHOLDS): 3, ("a1", HOUSEHOLDS): 2}
    run = begun(household(0), totals=totals)
    missing = {"a1": 1, "00001": 1}
    for late in (None, household(1), household(2, "a2")):
        if late is not None:
            run.put([late])
            missing["a1" if late.subject.village == "a1" else "00001"] -= 1  # type: ignore[union-attr]
        rows = run.rollup(HOUSEHOLDS, by=L.VILLAGE).rows
        assert rows[0].tally.counts().total == 2
        (commune,) = run.rollup(HOUSEHOLDS, by=L.COMMUNE).rows
        assert commune.tally.counts().total == 3
        open_ones = measured(run, RateEntry(title=HOUSEHOLDS, of="of_assessed")).measured
        assert open_ones.denominator == Bounds(3 - sum(missing.values()), 3)


def test_a_run_may_begin_empty() -> None:
    run = Campaign(2023, PROFILES, AREAS, illustrative=True).run(Society())
    with pytest.raises(CampaignError):
        run.measure(RATE_OF_SKILLED, by=L.PROVINCE)
