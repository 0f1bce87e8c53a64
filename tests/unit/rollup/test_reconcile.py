from __future__ import annotations

import pytest

from xhht.rollup.reconcile import (
    PrintedPercent,
    ReconciliationStatus,
    Totals,
    reconcile,
    totals_rounded,
    totals_truncated,
)


def status(
    numerator: int | None, denominator: int | None, printed: str | None
) -> ReconciliationStatus:
    percent = PrintedPercent.parse(printed) if printed is not None else None
    return reconcile(numerator, denominator, percent).status


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed", "expected"),
    [
        (1, 8, "12.5", ReconciliationStatus.CONSISTENT),
        (1, 8, "13", ReconciliationStatus.CONSISTENT),
        (1, 8, "12", ReconciliationStatus.TRUNCATED),
        (1, 8, "12.6", ReconciliationStatus.CONTRADICTS),
        (9, 8, "112.5", ReconciliationStatus.CONTRADICTS),
        (8, 8, "100,0%", ReconciliationStatus.CONSISTENT),
        (0, 8, "0", ReconciliationStatus.CONSISTENT),
        (2, 3, "66.66", ReconciliationStatus.TRUNCATED),
        (2, 3, "66.67", ReconciliationStatus.CONSISTENT),
        (1, None, "50", ReconciliationStatus.IMPLIED),
        (1, None, "150", ReconciliationStatus.IMPOSSIBLE),
        (95, None, "88.7", ReconciliationStatus.IMPOSSIBLE),
        (0, None, "5", ReconciliationStatus.IMPOSSIBLE),
        (1, 2, None, ReconciliationStatus.NO_PERCENTAGE),
        (3, 2, None, ReconciliationStatus.NO_PERCENTAGE),
        (None, None, None, ReconciliationStatus.NO_PERCENTAGE),
        (None, 8, "50", ReconciliationStatus.NO_COUNT),
        (None, None, "50", ReconciliationStatus.NO_COUNT),
        (1, 0, "50", ReconciliationStatus.INVALID),
        (None, 0, None, ReconciliationStatus.INVALID),
        (-1, 8, "50", ReconciliationStatus.INVALID),
        (1, -8, "50", ReconciliationStatus.INVALID),
        (1, 8, "-50", ReconciliationStatus.INVALID),
    ],
)
def test_status(
    numerator: int | None,
    denominator: int | None,
    printed: str | None,
    expected: ReconciliationStatus,
) -> None:
    assert status(numerator, denominator, printed) is expected


@pytest.mark.parametrize(
    ("numerator", "printed", "totals"),
    [
        (1, "50", Totals(2, 2)),  # 1/2 is 50; 1/1 is 100, 1/3 is 33
        (1, "33", Totals(3, 3)),
        (1, "1", Totals(67, 200)),  # 1/200 is 0.5 and rounds up, 1/67 is 1.49
        (1, "0", Totals(201, None)),  # 1/200 would print as 1
        (0, "0", Totals(1, None)),
        (7, "0.0", Totals(14_001, None)),
        (7, "100", Totals(7, 7)),
        (200, "100", Totals(200, 201)),  # 200/201 is 99.502
    ],
)
def test_implied_totals(numerator: int, printed: str, totals: Totals) -> None:
    assert totals_rounded(numerator, PrintedPercent.parse(printed)) == totals


def test_cut_off_totals() -> None:
    assert totals_truncated(95, PrintedPercent.parse("88.7")) == Totals(107, 107)
    assert totals_truncated(3, PrintedPercent.parse("99.9")) is None


def test_impossible_names_the_totals_of_a_value_cut_off() -> None:
    finding = reconcile(95, None, PrintedPercent.parse("88.7"))
    assert "107" in finding.message.vi
    assert "107" in finding.message.en
    assert finding.implied_total is None


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed", "expected"),
    [
        (120, 100, None, ReconciliationStatus.NO_PERCENTAGE),
        (101, 100, "101", ReconciliationStatus.CONTRADICTS),
        (50, 100, "101", ReconciliationStatus.CONTRADICTS),
        (50, None, "101", ReconciliationStatus.IMPOSSIBLE),
        (None, None, "101", ReconciliationStatus.NO_COUNT),
    ],
)
def test_more_than_the_whole_is_told_whatever_the_status(
    numerator: int | None,
    denominator: int | None,
    printed: str | None,
    expected: ReconciliationStatus,
) -> None:
    percent = PrintedPercent.parse(printed) if printed is not None else None
    finding = reconcile(numerator, denominator, percent)
    assert (finding.status, finding.is_above_whole) == (expected, True)
    assert "numerator is larger" in finding.message.en or "above 100%" in finding.message.en
    assert "lớn hơn" in finding.message.vi


@pytest.mark.parametrize("printed", ["100", "100,0%", None])
def test_the_whole_itself_is_not_more(printed: str | None) -> None:
    percent = PrintedPercent.parse(printed) if printed is not None else None
    assert not reconcile(8, 8, percent).is_above_whole


def test_totals_are_written_as_the_language_does() -> None:
    message = reconcile(253_853, None, PrintedPercent.parse("78.1")).message
    assert "từ 324.828 đến 325.244" in message.vi
    assert "324,828 to 325,244" in message.en


def test_recomputed_percent_has_the_printed_digits() -> None:
    assert reconcile(2, 3, PrintedPercent.parse("66.660")).recomputed_percent == "66.667"
    assert reconcile(2, 3, PrintedPercent.parse("67")).recomputed_percent == "67"
    assert reconcile(2, 3, None).recomputed_percent is None
    assert reconcile(2, None, PrintedPercent.parse("67")).recomputed_percent is None
