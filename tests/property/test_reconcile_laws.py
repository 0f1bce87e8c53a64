"""The implied totals are just the totals whose fraction prints as the percentage, and every row
has the one status that trying all totals would give it.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from xhht.rollup.reconcile import (
    PrintedPercent,
    ReconciliationStatus,
    Totals,
    reconcile,
    totals_rounded,
    totals_truncated,
)

HIGHEST = 3000


def printed_percents() -> st.SearchStrategy[PrintedPercent]:
    def build(digits: int, units: int) -> PrintedPercent:
        return PrintedPercent(Fraction(units, 10**digits), digits)

    return st.integers(0, 1).flatmap(
        lambda digits: st.builds(build, st.just(digits), st.integers(0, 105 * 10**digits))
    )


def as_printed(numerator: int, total: int, digits: int, mode: str) -> Fraction:
    """The percentage as decimal arithmetic prints it: another way than the library's."""
    with localcontext(prec=60):
        exact = Decimal(100 * numerator) / Decimal(total)
        return Fraction(exact.quantize(Decimal(1).scaleb(-digits), rounding=mode))


def fitting(numerator: int, printed: PrintedPercent, mode: str) -> list[int]:
    return [
        total
        for total in range(max(numerator, 1), HIGHEST)
        if as_printed(numerator, total, printed.digits, mode) == printed.value
    ]


def agrees(totals: Totals | None, fits: list[int]) -> bool:
    if totals is None:
        return not fits
    if totals.max is None:
        return fits == list(range(totals.min, HIGHEST))
    return fits == list(range(totals.min, min(totals.max + 1, HIGHEST)))


@given(st.integers(0, 40), printed_percents())
def test_implied_totals_are_those_that_print_so(numerator: int, printed: PrintedPercent) -> None:
    assert agrees(totals_rounded(numerator, printed), fitting(numerator, printed, ROUND_HALF_UP))
    assert agrees(totals_truncated(numerator, printed), fitting(numerator, printed, ROUND_DOWN))


@given(st.integers(1, 500), st.integers(1, 500), st.integers(0, 3))
def test_the_true_total_is_among_those_implied(a: int, b: int, digits: int) -> None:
    numerator, total = sorted((a, b))
    value = as_printed(numerator, total, digits, ROUND_HALF_UP)
    totals = totals_rounded(numerator, PrintedPercent(value, digits))
    assert totals is not None
    assert totals.min <= total
    assert totals.max is None or total <= totals.max


counts = st.one_of(st.none(), st.integers(-2, 60))


@given(counts, counts, st.one_of(st.none(), printed_percents()))
def test_every_row_has_one_status_and_what_belongs_to_it(
    numerator: int | None, denominator: int | None, printed: PrintedPercent | None
) -> None:
    finding = reconcile(numerator, denominator, printed)
    assert finding.status is expected(numerator, denominator, printed)
    assert (finding.implied_total is not None) == (finding.status is ReconciliationStatus.IMPLIED)
    compared = {
        ReconciliationStatus.CONSISTENT,
        ReconciliationStatus.TRUNCATED,
        ReconciliationStatus.CONTRADICTS,
    }
    assert (finding.recomputed_percent is not None) == (finding.status in compared)


def expected(
    numerator: int | None, denominator: int | None, printed: PrintedPercent | None
) -> ReconciliationStatus:
    if min(numerator or 0, denominator or 0) < 0 or denominator == 0:
        return ReconciliationStatus.INVALID
    if printed is None:
        return ReconciliationStatus.NO_PERCENTAGE
    if numerator is None:
        return ReconciliationStatus.NO_COUNT
    if denominator is None:
        # A total above HIGHEST fits only where the percentage prints as nearly nothing.
        fits = fitting(numerator, printed, ROUND_HALF_UP)
        return (
            ReconciliationStatus.IMPLIED
            if fits or totals_rounded(numerator, printed)
            else ReconciliationStatus.IMPOSSIBLE
        )
    if numerator > denominator:
        return ReconciliationStatus.CONTRADICTS
    modes = {
        ROUND_HALF_UP: ReconciliationStatus.CONSISTENT,
        ROUND_DOWN: ReconciliationStatus.TRUNCATED,
    }
    for mode, status in modes.items():
        if as_printed(numerator, denominator, printed.digits, mode) == printed.value:
            return status
    return ReconciliationStatus.CONTRADICTS
