"""How targets stand: states, what is needed, the pace, and what may be held against what."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from xhht.criteria.registry import bundled_profiles
from xhht.criteria.target_document import AreasEntry, CountedIn, RateEntry, ShareBase
from xhht.criteria.targets import Target, bundled_programmes, loads_targets
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.people import AreaCode
from xhht.domain.titles import Title
from xhht.errors import RollupError
from xhht.evaluation.condition import SubjectCondition
from xhht.rollup.attainment import (
    AttainmentInput,
    AttainmentState,
    PaceState,
    attainment,
    measure_areas,
    measure_rate,
)
from xhht.rollup.counts import Bounds, Counts
from xhht.rollup.joint import JointTally, Measurement, joint_rollup
from xhht.rollup.rates import Coverage
from xhht.rollup.tally import Tally
from xhht.rollup.tree import AreaRollup, rollup

PROVINCE = Area(code=AreaCode("60"), name="Tỉnh", level=AreaLevel.PROVINCE)
DISTRICTS = [
    Area(code=AreaCode(f"59{n}"), name="Huyện", level=AreaLevel.DISTRICT, parent=PROVINCE.code)
    for n in range(3)
]
TREE = AreaTree([PROVINCE, *DISTRICTS])


def bundled(programme: str, target: str) -> Target:
    plan = next(p for p in bundled_programmes() if p.id == f"vn.programme.{programme}")
    return plan.target(target)


HOUSEHOLDS = bundled("qd387-2022", "household_2025")


def row(tally: Tally, reported: int = 3, title: Title = Title.LEARNING_HOUSEHOLD) -> AreaRollup:
    return AreaRollup(area=PROVINCE, title=title, tally=tally, coverage=Coverage(reported, 3))


def tally(total: int, recognised: int, undetermined: int | None = None) -> Tally:
    return Tally.of(Counts(total=total, recognised=recognised, undetermined=undetermined))


@pytest.mark.parametrize(
    ("recognised", "undetermined", "state", "needed"),
    [
        (700, 0, AttainmentState.MET, Bounds(0, 0)),
        (699, 0, AttainmentState.NOT_MET, Bounds(1, 1)),
        (650, 49, AttainmentState.NOT_MET, Bounds(1, 50)),
        (650, 50, AttainmentState.UNDETERMINED, Bounds(0, 50)),
        (0, 1000, AttainmentState.UNDETERMINED, Bounds(0, 700)),
    ],
)
def test_a_state_holds_whatever_the_undetermined_turn_out_to_be(
    recognised: int, undetermined: int, state: AttainmentState, needed: Bounds
) -> None:
    result = attainment(HOUSEHOLDS, row(tally(1000, recognised, undetermined)), as_of=2024)
    assert (result.state, result.needed) == (state, needed)


def test_a_share_is_never_rounded_into_the_target() -> None:
    result = attainment(HOUSEHOLDS, row(tally(100_000, 69_999)), as_of=2024)
    assert (result.state, result.needed) == (AttainmentState.NOT_MET, Bounds(1, 1))


def test_areas_that_have_not_reported_leave_a_share_open() -> None:
    result = attainment(HOUSEHOLDS, row(tally(1000, 900), reported=2), as_of=2024)
    assert result.state is AttainmentState.UNDETERMINED
    assert result.of_reported is AttainmentState.MET
    assert "2 of 3 areas have reported" in result.text.en
    assert "2 trên 3 khu vực" in result.text.vi


def test_a_report_without_recognised_leaves_the_need_a_range() -> None:
    result = attainment(HOUSEHOLDS, row(tally(100, 60) + Tally.of(Counts(total=20))), as_of=2024)
    assert (result.lower, result.upper) == (Fraction(60, 120), Fraction(80, 120))
    assert result.needed == Bounds(4, 24)


def test_what_nothing_bounds_is_needed_without_bound() -> None:
    silent = Tally.of(Counts(recognised=5))
    result = attainment(HOUSEHOLDS, row(tally(100, 60) + silent), as_of=2024)
    assert (result.lower, result.needed) == (None, Bounds(0, None))
    assert result.state is AttainmentState.UNDETERMINED
    assert result.per_year == Bounds(0, None)


def test_nothing_reported_is_undetermined() -> None:
    result = attainment(HOUSEHOLDS, row(Tally(), reported=0), as_of=2024)
    assert result.state is result.of_reported is AttainmentState.UNDETERMINED


@pytest.mark.parametrize(
    ("day", "years", "per_year", "pace"),
    [
        (date(2022, 12, 31), 3, Bounds(34, 34), PaceState.RUNNING),
        (date(2023, 1, 1), 3, Bounds(34, 34), PaceState.RUNNING),
        (date(2024, 12, 31), 1, Bounds(100, 100), PaceState.RUNNING),
        (date(2025, 12, 30), 1, Bounds(100, 100), PaceState.RUNNING),
        (date(2025, 12, 31), 0, None, PaceState.DEADLINE_PASSED),
        (date(2026, 6, 1), 0, None, PaceState.DEADLINE_PASSED),
    ],
)
def test_the_pace_counts_a_part_of_a_year_as_one(
    day: date, years: int, per_year: Bounds | None, pace: PaceState
) -> None:
    result = attainment(HOUSEHOLDS, row(tally(1000, 600)), as_of=day)
    assert (result.years_left, result.per_year, result.pace) == (years, per_year, pace)


def test_a_target_that_is_met_needs_nothing_even_after_its_deadline() -> None:
    result = attainment(HOUSEHOLDS, row(tally(1000, 700)), as_of=2030)
    assert (result.pace, result.per_year) == (PaceState.REACHED, Bounds(0, 0))


def test_the_result_is_said_in_both_languages() -> None:
    result = attainment(HOUSEHOLDS, row(tally(253_853, 100_000)), as_of=2023)
    assert result.text.vi == (
        "Tính đến 31/12/2023: chưa đạt chỉ tiêu. Còn cần thêm: 77.698. Mỗi năm cần thêm: 38.849."
    )
    assert result.text.en == (
        "As of 2023-12-31: not met. Still needed: 77,698. Needed each year: 38,849."
    )
    late = attainment(HOUSEHOLDS, row(tally(1000, 1)), as_of=2026)
    assert late.text.en.endswith("The deadline was 2025-12-31.")


def test_only_the_named_levels_count_and_who_has_none_may() -> None:
    measure = RateEntry(title=Title.LEARNING_UNIT, of="of_total", levels=("good", "fair"))
    measured = measure_rate(
        measure,
        Tally.of(
            Counts(total=100, recognised=60, undetermined=5),
            levels={"good": 20, "fair": 10, "average": 25},
        ),
    )
    assert measured.numerator == Bounds(30, 40)
    assert (measured.lower, measured.upper) == (Fraction(30, 100), Fraction(40, 100))


# Every kind of measure


def test_a_rate_of_some_people_is_bounded_jointly() -> None:
    target = bundled("qd677-2022", "staff_citizen_2025")
    people = [(True, True)] * 6 + [(True, False)] * 4 + [(None, True)] + [(False, True)] * 50
    result = attainment(target, JointTally.sum(JointTally.of(*p) for p in people), as_of=2024)
    assert (result.lower, result.upper) == (Fraction(6, 10), Fraction(7, 11))
    assert result.state is AttainmentState.MET


def test_a_condition_is_asked_of_each_subject_and_added_up_by_area() -> None:
    target = bundled("qd677-2022", "digital_skills_2025")
    profile = bundled_profiles().get("vn.citizen.qd324-2023")
    skilled = SubjectCondition(profile, "has_digital_skills", target.inputs)
    people = [("590", True, True), ("590", True, None), ("591", None, False), ("591", True, True)]
    tallies = {
        code: JointTally.sum(
            JointTally.of(recognised, skilled({"has_digital_skills": has}))
            for area, recognised, has in people
            if area == code
        )
        for code in ("590", "591")
    }
    by_district = joint_rollup(tallies, TREE, by=AreaLevel.DISTRICT)
    assert by_district == {**tallies, "592": JointTally()}
    row = joint_rollup(tallies, TREE, by=AreaLevel.PROVINCE)["60"]
    result = attainment(target, row, as_of=2024)
    assert (result.lower, result.upper) == (Fraction(2, 4), Fraction(1))
    assert result.needed == Bounds(0, 1)


def test_areas_count_by_what_is_inside_them() -> None:
    reports = {
        ("590", Title.LEARNING_CITIZEN): Tally.of(Counts(registered=1)),
        ("591", Title.LEARNING_CITIZEN): Tally.of(Counts(registered=0)),
    }
    rows = rollup(reports, TREE, by=AreaLevel.DISTRICT).rows
    measure = AreasEntry(
        level=AreaLevel.DISTRICT, title=Title.LEARNING_CITIZEN, count=ShareBase.REGISTERED
    )
    measured = measure_areas(measure, rows)
    assert (measured.numerator, measured.denominator) == (Bounds(1, 2), Bounds(3, 3))


@pytest.mark.parametrize(
    ("counts", "holds"),
    [
        (Counts(total=1, recognised=1), Bounds(1, 1)),
        (Counts(total=1, recognised=0), Bounds(0, 0)),
        (Counts(total=1, recognised=0, undetermined=1), Bounds(0, 1)),
        (Counts(total=1), Bounds(0, 1)),
        (Counts(), Bounds(0, 1)),
    ],
)
def test_areas_count_by_what_they_are_themselves(counts: Counts, holds: Bounds) -> None:
    measure = AreasEntry(
        level=AreaLevel.DISTRICT,
        title=Title.LEARNING_COMMUNITY,
        count=ShareBase.RECOGNISED,
        counted=CountedIn.ITSELF,
    )
    own = AreaRollup(
        area=DISTRICTS[0],
        title=Title.LEARNING_COMMUNITY,
        tally=Tally.of(counts),
        coverage=Coverage(0, 12),
    )
    assert measure_areas(measure, [own]).numerator == holds


def test_a_level_counts_only_for_areas_that_hold_it() -> None:
    measure = AreasEntry(
        level=AreaLevel.DISTRICT,
        title=Title.LEARNING_COMMUNITY,
        count=ShareBase.RECOGNISED,
        levels=("level_2",),
        counted=CountedIn.ITSELF,
    )
    verdicts = [("level_2", Bounds(1, 1)), ("level_1", Bounds(0, 0)), (None, Bounds(0, 1))]
    for level, holds in verdicts:
        own = AreaRollup(
            area=DISTRICTS[0],
            title=Title.LEARNING_COMMUNITY,
            tally=Tally.of_subject("recognised", level=level),
            coverage=Coverage(1, 1),
        )
        assert measure_areas(measure, [own]).numerator == holds


def test_a_figure_from_elsewhere_is_a_share_or_two_numbers() -> None:
    target = bundled("qd1373-2021", "higher_education_2025")
    shared = attainment(target, Fraction(115, 1000), as_of=2024)
    assert (shared.state, shared.needed) == (AttainmentState.NOT_MET, None)
    assert (shared.pace, shared.per_year) == (PaceState.UNKNOWN, None)
    counted = attainment(target, Measurement.of(115, 1000), as_of=2024)
    assert counted.needed == Bounds(5, 5)
    city = bundled("hanoi-plan-2021", "learning_city_2030")
    assert attainment(city, 0, as_of=2024).needed == Bounds(1, 1)
    assert attainment(city, 1, as_of=2024).state is AttainmentState.MET


def test_a_number_once_reached_is_met_whoever_has_not_reported() -> None:
    text = """\
format: 1
id: test.count
version: 1.0.0
status: active
name: {vi: Chương trình, en: Programme}
legal_basis: {document: Văn bản}
provenance: illustrative
targets:
  - id: n
    text: {vi: Số gia đình, en: Households}
    measure: {rate: {title: learning_household, of: of_total}}
    deadline: 2025
    count: 50
    scope: {level: province}
"""
    target = loads_targets(text).target("n")
    result = attainment(target, row(tally(100, 50), reported=1), as_of=2024)
    assert (result.state, result.denominator, result.lower) == (AttainmentState.MET, None, None)
    short = attainment(target, row(tally(100, 40), reported=1), as_of=2024)
    assert short.state is AttainmentState.UNDETERMINED
    assert short.of_reported is AttainmentState.NOT_MET


@pytest.mark.parametrize(
    ("target", "figures"),
    [
        (HOUSEHOLDS, row(Tally(), title=Title.LEARNING_CLAN)),
        (HOUSEHOLDS, JointTally()),
        (HOUSEHOLDS, Fraction(1, 2)),
        (bundled("qd677-2022", "staff_citizen_2025"), Tally()),
        (bundled("qd677-2022", "digital_skills_2025"), Tally()),
        (bundled("qd1373-2021", "district_2030"), Tally()),
        (bundled("qd1373-2021", "district_2030"), JointTally()),
        (bundled("qd1373-2021", "life_skills_2025"), Tally()),
        (bundled("qd1373-2021", "life_skills_2025"), Fraction(3, 2)),
        (bundled("qd1373-2021", "life_skills_2025"), -1),
        (bundled("hanoi-plan-2021", "learning_city_2030"), -1),
    ],
)
def test_figures_of_another_kind_are_refused(target: Target, figures: AttainmentInput) -> None:
    with pytest.raises(RollupError) as raised:
        attainment(target, figures, as_of=2024)
    assert raised.value.text.vi != raised.value.text.en


@pytest.mark.parametrize(("part", "total"), [(-1, 3), (4, 3)])
def test_numbers_that_cannot_be_are_refused(part: int, total: int) -> None:
    with pytest.raises(RollupError):
        Measurement.of(part, total)
    with pytest.raises(RollupError):
        (-JointTally.of(True, True)).measured()
