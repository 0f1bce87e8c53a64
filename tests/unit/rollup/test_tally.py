from __future__ import annotations

import pickle
from fractions import Fraction

import pytest

from xhht.errors import RollupError
from xhht.rollup.counts import Bounds, Count, Counts
from xhht.rollup.tally import Points, Tally, TallySum


def test_blank_is_not_zero() -> None:
    tally = Tally.of(Counts(total=10, recognised=0))
    assert tally.known(Count.RECOGNISED) == 0
    assert tally.known(Count.ASSESSED) is None


def test_known_sums_stand_beside_what_they_leave_out() -> None:
    tally = Tally.of(Counts(total=100, recognised=80)) + Tally.of(Counts(total=50))
    assert tally.counts() == Counts(total=150, recognised=80)
    missing = tally.unreported(Count.RECOGNISED)
    assert (missing.parts, missing.size) == (1, Bounds(50, 50))
    assert tally.unreported(Count.TOTAL).parts == 0


def test_size_of_unreported_total_is_bounded_from_below_only() -> None:
    tally = Tally.of(Counts(assessed=30, recognised=20))
    assert tally.unreported(Count.TOTAL).size == Bounds(30, None)


@pytest.mark.parametrize(
    ("counts", "count", "bounds"),
    [
        (Counts(total=9, assessed=4), Count.REGISTERED, Bounds(4, 9)),
        (Counts(total=9), Count.ASSESSED, Bounds(0, 9)),
        (Counts(recognised=3, undetermined=2), Count.ASSESSED, Bounds(5, None)),
        (Counts(registered=9, recognised=3, undetermined=2), Count.ASSESSED, Bounds(5, 9)),
        (Counts(assessed=4, undetermined=1), Count.RECOGNISED, Bounds(0, 3)),
        (Counts(registered=7, recognised=3), Count.UNDETERMINED, Bounds(0, 4)),
        (Counts(undetermined=1), Count.RECOGNISED, Bounds(0, None)),
        (Counts(total=5), Count.TOTAL, Bounds(5, 5)),
    ],
)
def test_bounds_of_a_blank_count(counts: Counts, count: Count, bounds: Bounds) -> None:
    assert Tally.of(counts).bounds(count) == bounds


@pytest.mark.parametrize(
    ("counts", "code", "field"),
    [
        (Counts(total=-1), "negative", "total"),
        (Counts(total=5, registered=6), "above_whole", "registered"),
        (Counts(registered=5, assessed=6), "above_whole", "assessed"),
        (Counts(total=5, assessed=6), "above_whole", "assessed"),
        (Counts(assessed=5, recognised=6), "above_whole", "recognised"),
        (Counts(total=5, recognised=6), "above_whole", "recognised"),
        (Counts(assessed=5, undetermined=6), "above_whole", "undetermined"),
        (Counts(assessed=5, recognised=3, undetermined=3), "above_whole", "undetermined"),
    ],
)
def test_impossible_counts_are_named(counts: Counts, code: str, field: str) -> None:
    assert [(fault.code, fault.field) for fault in Tally.of(counts).faults()] == [(code, field)]
    with pytest.raises(RollupError):
        Tally.of(counts).validate()


def test_possible_counts_validate() -> None:
    counts = Counts(total=5, registered=5, assessed=5, recognised=3, undetermined=2)
    tally = Tally.of(counts, levels={"good": 3})
    assert tally.validate() is tally


def test_levels_cannot_exceed_recognised() -> None:
    tally = Tally.of(Counts(recognised=2), levels={"good": 2, "fair": 1})
    assert [fault.field for fault in tally.faults()] == ["levels"]
    assert Tally.of(Counts(), levels={"good": 2}).faults() != ()


def test_taking_away_what_was_never_added_is_a_fault_and_not_an_accident() -> None:
    part = Tally.of_subject("recognised", level="good", points=Points("p", 80, 80))
    debt = Tally() - part
    assert debt == -part
    assert debt.faults()
    assert debt + part == Tally()


def test_a_report_that_gives_nothing_is_no_report() -> None:
    assert Tally.of(Counts()) == Tally()
    assert not Tally.of(Counts())
    assert Tally.of(Counts(total=0))


def test_subjects() -> None:
    verdicts = ["recognised", "not_recognised", "undetermined", None]
    tally = Tally.sum(map(Tally.of_subject, verdicts))
    assert tally.counts() == Counts(total=4, assessed=3, recognised=1, undetermined=1)
    with pytest.raises(ValueError):
        Tally.of_subject("yes")


def test_running_sum_is_not_shared_with_its_result() -> None:
    running = TallySum()
    running.add(Tally.of_subject("recognised"))
    first = running.tally()
    running.add(Tally.of_subject("recognised"))
    assert first.known(Count.TOTAL) == 1
    assert running.tally().known(Count.TOTAL) == 2


def test_tallies_pickle() -> None:
    tally = Tally.of_subject("recognised", level="good", points=Points("p", 80, 80))
    assert pickle.loads(pickle.dumps(tally)) == tally


def test_tallies_are_immutable() -> None:
    tally = Tally.of(Counts(total=1))
    with pytest.raises(TypeError):
        tally.levels["good"] = 1  # type: ignore[index]


def histogram(*points: tuple[int, int]) -> Tally:
    return Tally.sum(Tally.of_subject(None, points=Points("p", *pair)) for pair in points)


@pytest.mark.parametrize(("q", "value"), [(0, 1), ("1/4", 1), ("1/2", 2), ("0.51", 3), (1, 4)])
def test_quantile_is_exact_when_all_are_determined(q: int | str, value: int) -> None:
    quantile = histogram((1, 1), (2, 2), (3, 3), (4, 4)).quantile(q)
    assert quantile.value == value


def test_quantile_of_open_points_is_an_interval() -> None:
    quantile = histogram((1, 9), (2, 2), (3, 3)).quantile("1/2")
    assert (quantile.certain, quantile.possible, quantile.value) == (Fraction(2), Fraction(3), None)


def test_quantile_shows_its_coverage() -> None:
    tally = histogram((1, 1)) + Tally.of(Counts(total=9))
    quantile = tally.quantile("1/2")
    assert (quantile.subjects, quantile.total) == (1, 10)


def test_quantile_of_counts_alone_is_null() -> None:
    quantile = Tally.of(Counts(total=9)).quantile("1/2")
    assert (quantile.value, quantile.subjects, quantile.total) == (None, 0, 9)


def test_points_of_two_profiles_are_never_ranked_together() -> None:
    tally = histogram((1, 1)) + Tally.of_subject(None, points=Points("other", 90, 90))
    with pytest.raises(RollupError):
        tally.quantile("1/2")
    assert tally.quantile("1/2", profile="other").value == 90


@pytest.mark.parametrize("q", ["-0.1", "1.1"])
def test_quantile_share_is_bounded(q: str) -> None:
    with pytest.raises(RollupError):
        histogram((1, 1)).quantile(q)


def test_quantile_refuses_impossible_histograms() -> None:
    with pytest.raises(RollupError):
        (-histogram((1, 1))).quantile(0)
    with pytest.raises(RollupError):
        histogram((2, 1)).quantile(0)
