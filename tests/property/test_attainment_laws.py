"""A joint tally is bounded by just what its open subjects can turn out to be, adds and subtracts
like a group, and no share passes 1. The number still needed is the least that reaches the target,
for every way in which the open subjects turn out; more reached never needs more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from test_rollup_laws import possible_pairs, reports, small_reports

from xhht.criteria.document import Expression, Provenance
from xhht.criteria.target_document import ConditionEntry, RateEntry, ScopeEntry, ShareBase
from xhht.criteria.targets import External, Target
from xhht.dates import add_months
from xhht.domain.titles import AreaLevel, Title
from xhht.rollup.attainment import Attainment, AttainmentState, PaceState, attainment
from xhht.rollup.counts import Bounds, Counts
from xhht.rollup.joint import JointTally, Measurement
from xhht.rollup.rates import Denominator, rate
from xhht.rollup.tally import Tally
from xhht.text import Text

truths = st.sampled_from([True, False, None])
people = st.lists(st.tuples(truths, truths), max_size=6)
shares = st.fractions(min_value=0, max_value=1, max_denominator=60).filter(bool)


ALL = ConditionEntry(
    title=Title.LEARNING_CITIZEN, among=ShareBase.TOTAL, when=Expression("has_plan")
)


def target(
    share: Fraction | None = None,
    *,
    count: int | None = None,
    deadline: date = date(2030, 12, 31),
    measure: RateEntry | ConditionEntry | External = ALL,
) -> Target:
    return Target(
        id="t",
        text=Text(vi="Chỉ tiêu", en="Target"),
        measure=measure,
        deadline=deadline,
        share=share,
        count=count,
        scope=ScopeEntry(level=AreaLevel.NATION),
        provenance=Provenance.ILLUSTRATIVE,
    )


def joint(given_people: list[tuple[bool | None, bool | None]]) -> JointTally:
    return JointTally.sum(JointTally.of(*person) for person in given_people)


def outcomes(given_people: list[tuple[bool | None, bool | None]]) -> Iterator[tuple[int, int]]:
    """Every numerator and denominator that the open subjects can turn out to make."""
    sides = [
        [
            (i, h)
            for i in ([False, True] if inside is None else [inside])
            for h in ([False, True] if holds is None else [holds])
        ]
        for inside, holds in given_people
    ]
    for chosen in product(*sides):
        yield sum(i and h for i, h in chosen), sum(i for i, _ in chosen)


def least_needed(numerator: int, denominator: int, share: Fraction) -> int:
    n = 0
    while Fraction(numerator + n) < share * denominator:
        n += 1
    return n


@given(people)
def test_a_joint_tally_is_bounded_by_just_what_can_be(
    given_people: list[tuple[bool | None, bool | None]],
) -> None:
    bounds, possible = joint(given_people).measured(), list(outcomes(given_people))
    tops, wholes = [n for n, _ in possible], [d for _, d in possible]
    assert bounds.numerator == Bounds(min(tops), max(tops))
    assert bounds.denominator == Bounds(min(wholes), max(wholes))
    ratios = [Fraction(n, d) for n, d in possible if d]
    assert bounds.lower == (min(ratios) if ratios else None)
    assert bounds.upper == (max(ratios) if ratios else None)
    assert bounds.upper is None or bounds.upper <= 1


@given(people, people, people)
def test_joint_tallies_are_a_commutative_group(
    a: list[tuple[bool | None, bool | None]],
    b: list[tuple[bool | None, bool | None]],
    c: list[tuple[bool | None, bool | None]],
) -> None:
    x, y, z = joint(a), joint(b), joint(c)
    assert (x + y) + z == x + (y + z)
    assert x + y == y + x == joint(a + b)
    assert (x + y) - y == x
    assert x + -x == JointTally()


@given(people, shares)
def test_state_and_need_hold_for_every_outcome_and_no_less(
    given_people: list[tuple[bool | None, bool | None]], share: Fraction
) -> None:
    attained = attainment(target(share), joint(given_people), as_of=2025)
    rated = [(n, d) for n, d in outcomes(given_people) if d]
    reached = {Fraction(n, d) >= share for n, d in rated}
    expected = {
        frozenset([True]): AttainmentState.MET,
        frozenset([False]): AttainmentState.NOT_MET,
    }.get(frozenset(reached), AttainmentState.UNDETERMINED)
    assert attained.state is expected
    assert attained.needed is not None
    if rated:
        needs = [least_needed(n, d, share) for n, d in rated]
        assert attained.needed.upper == max(needs)
        least = min(needs)
        if expected is AttainmentState.UNDETERMINED and len(rated) < len(
            list(outcomes(given_people))
        ):
            least = 0
        assert attained.needed.lower == least


@given(st.integers(0, 60), st.integers(0, 60), shares)
def test_the_need_of_known_numbers_is_the_least_that_reaches_the_share(
    part: int, rest: int, share: Fraction
) -> None:
    total = part + rest
    needed = attainment(target(share), Measurement.of(part, total), as_of=2025).needed
    assert needed is not None
    assert needed.lower == needed.upper == least_needed(part, total, share)
    assert needed.lower <= rest


@given(st.integers(0, 50), st.integers(1, 50), shares)
def test_one_more_reached_never_needs_more(part: int, rest: int, share: Fraction) -> None:
    before = attainment(target(share), Measurement.of(part, part + rest), as_of=2025)
    after = attainment(target(share), Measurement.of(part + 1, part + rest), as_of=2025)
    assert before.needed is not None
    assert after.needed is not None
    assert after.needed.lower == max(0, before.needed.lower - 1)


@given(st.lists(reports, max_size=4), shares, st.sampled_from(Denominator))
def test_a_tally_meets_a_target_just_as_its_rate_does(
    parts: list[Counts], share: Fraction, denominator: Denominator
) -> None:
    tally = Tally.sum(map(Tally.of, parts))
    measure = RateEntry(title=Title.LEARNING_UNIT, of=denominator.value)
    result = attainment(target(share, measure=measure), tally, as_of=2025)
    expected = rate(tally, denominator)
    assert (result.lower, result.upper) == (expected.lower, expected.upper)


@given(small_reports, shares, st.sampled_from(Denominator))
def test_the_need_of_a_report_is_that_of_the_ways_to_fill_it_in(
    report: Counts, share: Fraction, denominator: Denominator
) -> None:
    measure = RateEntry(title=Title.LEARNING_UNIT, of=denominator.value)
    result = attainment(target(share, measure=measure), Tally.of(report), as_of=2025)
    assert result.needed is not None
    if result.lower is None:
        assert result.state is AttainmentState.UNDETERMINED
        return
    pairs = possible_pairs(report, denominator.base_count)
    needs = [least_needed(n, d, share) for n, d in pairs if d]
    assert result.needed.upper == max(needs)
    nothing_counted = any(not d for _, d in pairs)
    if result.state is not AttainmentState.UNDETERMINED or not nothing_counted:
        assert result.needed.lower == min(needs)


@given(st.integers(0, 100), st.integers(1, 100))
def test_a_number_is_reached_by_what_is_missing(have: int, wanted: int) -> None:
    result = attainment(target(count=wanted, measure=External()), have, as_of=2025)
    missing = max(0, wanted - have)
    assert result.needed == Bounds(missing, missing)
    assert (result.state is AttainmentState.MET) == (missing == 0)


days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(days, days, st.integers(0, 40), st.integers(0, 40))
def test_the_yearly_pace_reaches_the_target_in_time_and_is_the_least_that_does(
    day: date, deadline: date, part: int, rest: int
) -> None:
    share = Fraction(3, 4)
    result = attainment(
        target(share, deadline=deadline), Measurement.of(part, part + rest), as_of=day
    )
    check_years(result, day, deadline)
    if result.pace is PaceState.RUNNING:
        assert result.per_year is not None
        assert result.needed is not None
        pace, needed = result.per_year.lower, result.needed.lower
        assert pace * result.years_left >= needed > (pace - 1) * result.years_left
    elif result.pace is PaceState.REACHED:
        assert result.per_year == Bounds(0, 0)
    else:
        assert result.per_year is None
        assert result.pace is (
            PaceState.DEADLINE_PASSED if day >= deadline else PaceState.UNKNOWN
        ) or not (part + rest)


def check_years(result: Attainment, day: date, deadline: date) -> None:
    if day >= deadline:
        assert result.years_left == 0
        return
    assert add_months(day, 12 * result.years_left) >= deadline
    assert add_months(day, 12 * (result.years_left - 1)) < deadline
