from __future__ import annotations

from fractions import Fraction

import pytest

from xhht.rollup.counts import Counts
from xhht.rollup.rates import Denominator, Rate, rate, rates
from xhht.rollup.tally import Tally


def printed(share: Rate) -> tuple[str | None, str | None, str | None]:
    return share.percent_min, share.percent, share.percent_max


def of(denominator: Denominator, *reports: Counts) -> Rate:
    return rate(Tally.sum(map(Tally.of, reports)), denominator)


def test_a_rate_is_a_sum_over_a_sum() -> None:
    reports = [Counts(total=1000, recognised=500), Counts(total=10, recognised=10)]
    share = of(Denominator.OF_TOTAL, *reports)
    assert (share.numerator, share.denominator) == (510, 1010)
    assert printed(share) == ("50.50", "50.50", "50.50")


def test_each_denominator_is_named() -> None:
    tally = Tally.of(Counts(total=200, registered=100, assessed=80, recognised=40, undetermined=0))
    assert {d.value: r.percent for d, r in rates(tally).items()} == {
        "of_total": "20.00",
        "of_registered": "40.00",
        "of_assessed": "50.00",
    }


def test_undetermined_subjects_make_a_range() -> None:
    share = of(Denominator.OF_ASSESSED, Counts(assessed=10, recognised=4, undetermined=3))
    assert printed(share) == ("40.00", None, "70.00")
    assert share.numerator == 4


def test_blank_undetermined_is_final() -> None:
    share = of(Denominator.OF_ASSESSED, Counts(assessed=10, recognised=4))
    assert share.percent == "40.00"


def test_blank_recognised_may_be_none_or_all_assessed() -> None:
    share = of(Denominator.OF_TOTAL, Counts(total=10, assessed=6))
    assert printed(share) == ("0.00", None, "60.00")
    assert share.numerator is None


def test_blank_denominator_of_a_part_is_bounded_by_its_other_counts() -> None:
    known = Counts(total=100, registered=80, assessed=70, recognised=60)
    share = of(Denominator.OF_REGISTERED, known, Counts(total=50))
    assert (share.numerator, share.denominator) == (60, 130)
    assert printed(share) == ("46.15", None, "84.62")


def test_the_fraction_shown_is_the_lower_bound() -> None:
    known = Counts(registered=950, recognised=800)
    share = of(Denominator.OF_REGISTERED, known, Counts(total=10, assessed=9, recognised=7))
    assert (share.numerator, share.denominator) == (807, 960)
    assert printed(share) == ("84.06", None, "84.15")


def test_the_smallest_denominator_that_holds_the_largest_numerator() -> None:
    known = Counts(registered=10, assessed=10, recognised=0, undetermined=0)
    part = Counts(total=30, assessed=20, recognised=10, undetermined=5)
    share = of(Denominator.OF_REGISTERED, known, part)
    assert (share.lower, share.upper) == (Fraction(10, 40), Fraction(15, 30))


@pytest.mark.parametrize(
    "counts",
    [
        Counts(total=100, assessed=80, recognised=50),
        Counts(registered=0, recognised=0),
        Counts(),
    ],
)
def test_denominator_unknown_or_zero_gives_null(counts: Counts) -> None:
    share = of(Denominator.OF_REGISTERED, counts)
    assert printed(share) == (None, None, None)
    assert share.value is None


def test_unbounded_denominator_of_one_part_gives_null() -> None:
    reports = [Counts(total=100, recognised=50), Counts(recognised=5)]
    share = of(Denominator.OF_TOTAL, *reports)
    assert (share.numerator, share.denominator) == (55, None)
    assert printed(share) == (None, None, None)


def test_area_without_report_changes_nothing() -> None:
    assert of(Denominator.OF_TOTAL, Counts(total=3, recognised=1), Counts()).percent == "33.33"


@pytest.mark.parametrize("recognised", [0, 5, None])
def test_a_denominator_reported_as_0_and_left_blank_by_others_is_unknown(
    recognised: int | None,
) -> None:
    reports = [Counts(registered=0, recognised=0), Counts(total=9, recognised=recognised)]
    share = of(Denominator.OF_REGISTERED, *reports)
    assert (share.denominator, *printed(share)) == (None, None, None, None)


def test_a_denominator_that_all_report_as_0_is_0() -> None:
    share = of(Denominator.OF_REGISTERED, Counts(registered=0, recognised=0))
    assert (share.denominator, *printed(share)) == (0, None, None, None)


def test_percent_is_given_when_both_bounds_print_the_same() -> None:
    share = of(Denominator.OF_TOTAL, Counts(total=1_000_000, recognised=500_000, undetermined=1))
    assert share.value is None
    assert printed(share) == ("50.00", "50.00", "50.00")
