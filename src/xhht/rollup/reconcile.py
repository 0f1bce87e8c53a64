"""Consistency of a published percentage with its fraction, or the total that it implies.

A value v printed with `d` decimals represents every fraction that rounds half up to it: with the
unit u = 10^-d of a percent, those in [v - u/2, v + u/2). A truncated value represents those in
[v, v + u). Totals are whole numbers, at least 1 and at least the count, so the possible totals
are an interval computed by integer division.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TypedDict

from attrs import evolve, frozen

from xhht.numbers import (
    Rounding,
    count_range_in_words,
    parse_percent,
    percent_label,
    percent_text,
)
from xhht.rollup.counts import BoundsDict
from xhht.text import Lang, Text

__all__ = [
    "FigureFinding",
    "PrintedPercent",
    "ReconciliationStatus",
    "Totals",
    "reconcile",
    "totals_rounded",
    "totals_truncated",
]


class ReconciliationStatus(StrEnum):
    """The relation of a published percentage to its counts."""

    CONSISTENT = "consistent"
    TRUNCATED = "truncated"
    CONTRADICTS = "contradicts"
    IMPLIED = "implied"
    IMPOSSIBLE = "impossible"
    NO_PERCENTAGE = "no_percentage"
    NO_COUNT = "no_count"
    INVALID = "invalid"

    @property
    def is_fault(self) -> bool:
        """Whether the row needs a correction."""
        return self in (
            ReconciliationStatus.CONTRADICTS,
            ReconciliationStatus.IMPOSSIBLE,
            ReconciliationStatus.INVALID,
        )

    @property
    def label(self) -> Text:
        """The display name of the status."""
        return _LABELS[self]


@frozen
class PrintedPercent:
    """A percentage as printed.

    Attributes:
        value: in percent, 0 or more.
        digits: number of decimals that were printed.
    """

    value: Fraction
    digits: int

    @classmethod
    def parse(cls, text: str) -> PrintedPercent:
        """Return the percentage in `text`; raises NumberFormatError if it is invalid.

        >>> PrintedPercent.parse("78,1%")
        PrintedPercent(value=Fraction(781, 10), digits=1)
        """
        return cls(*parse_percent(text))

    @property
    def unit(self) -> Fraction:
        """One step in the last printed decimal, in percent."""
        return Fraction(1, 10**self.digits)

    def is_rounded(self, numerator: int, denominator: int) -> bool:
        """Return whether the fraction rounded half up prints as this."""
        return self._prints(numerator, denominator, Rounding.HALF_UP)

    def is_truncated(self, numerator: int, denominator: int) -> bool:
        """Return whether the fraction truncated prints as this."""
        return self._prints(numerator, denominator, Rounding.DOWN)

    def _prints(self, numerator: int, denominator: int, mode: Rounding) -> bool:
        return Fraction(percent_text(numerator, denominator, self.digits, mode)) == self.value


@frozen
class Totals:
    """The possible totals from `min` to `max`; `max` is None if they are unbounded."""

    min: int
    max: int | None

    def to_dict(self) -> BoundsDict:
        """Return the totals as JSON data."""
        return {"min": self.min, "max": self.max}


class FigureFindingDict(TypedDict):
    """The result of reconciling a figure in JSON."""

    status: str
    implied_total: BoundsDict | None
    recomputed_percent: str | None
    message: str


@frozen(kw_only=True)
class FigureFinding:
    """The result of reconciling one published figure.

    Attributes:
        status: the relation of the percentage to the counts.
        message: the status as a sentence.
        implied_total: the possible totals, for the status `implied` only.
        recomputed_percent: the fraction rounded half up at the printed decimals, when there is a
            percentage and a fraction.
        is_above_whole: whether the numerator is above the denominator, or the percentage above
            100, independent of the status.
    """

    status: ReconciliationStatus
    message: Text
    implied_total: Totals | None = None
    recomputed_percent: str | None = None
    is_above_whole: bool = False

    def to_dict(self, lang: Lang | str = Lang.VI) -> FigureFindingDict:
        """Return the finding as `xhht reconcile --format json` prints it for a row."""
        return {
            "status": self.status.value,
            "implied_total": self.implied_total.to_dict() if self.implied_total else None,
            "recomputed_percent": self.recomputed_percent,
            "message": self.message.get(lang),
        }


def totals_rounded(numerator: int, printed: PrintedPercent) -> Totals | None:
    """Return the totals of which `numerator` is `printed`, rounded half up; None if impossible.

    >>> totals_rounded(253853, PrintedPercent.parse("78.1"))
    Totals(min=324828, max=325244)
    """
    half = printed.unit / 2
    return _totals(numerator, printed.value - half, printed.value + half)


def totals_truncated(numerator: int, printed: PrintedPercent) -> Totals | None:
    """Return the totals of which `numerator` is `printed`, truncated; None if impossible.

    >>> totals_truncated(103, PrintedPercent.parse("88"))
    Totals(min=116, max=117)
    """
    return _totals(numerator, printed.value, printed.value + printed.unit)


def _totals(numerator: int, lower: Fraction, upper: Fraction) -> Totals | None:
    """Return the totals T with lower <= 100 * numerator / T < upper."""
    hundredfold = 100 * numerator
    smallest = max(hundredfold // upper + 1, numerator, 1)
    if lower <= 0:
        return Totals(smallest, None)
    largest = hundredfold // lower
    return Totals(smallest, largest) if smallest <= largest else None


def reconcile(
    numerator: int | None, denominator: int | None, printed: PrintedPercent | None
) -> FigureFinding:
    """Return the relation of a printed percentage to its counts; None is what was not printed.

    Args:
        numerator: the count recognised, 0 or more.
        denominator: the count it is a share of, 1 or more.
        printed: the percentage.

    >>> reconcile(26, 27, PrintedPercent.parse("96.2")).status.value
    'truncated'
    """
    problem = _invalid(numerator, denominator, printed)
    if problem is not None:
        return FigureFinding(status=ReconciliationStatus.INVALID, message=problem)
    above = _above_whole(numerator, denominator, printed)
    finding = _reconciled(numerator, denominator, printed)
    if above is None:
        return finding
    return evolve(finding, message=_join(finding.message, above), is_above_whole=True)


def _above_whole(
    numerator: int | None, denominator: int | None, printed: PrintedPercent | None
) -> Text | None:
    if numerator is not None and denominator is not None and numerator > denominator:
        return _ABOVE_ONE
    return _ABOVE_HUNDRED if printed is not None and printed.value > _HUNDRED else None


def _reconciled(
    numerator: int | None, denominator: int | None, printed: PrintedPercent | None
) -> FigureFinding:
    if printed is None:
        return FigureFinding(status=ReconciliationStatus.NO_PERCENTAGE, message=_NO_PERCENTAGE)
    if numerator is None:
        return FigureFinding(status=ReconciliationStatus.NO_COUNT, message=_NO_COUNT)
    if denominator is None:
        return _infer(numerator, printed)
    return _compare(numerator, denominator, printed)


def _join(first: Text, second: Text) -> Text:
    return Text(vi=f"{first.vi} {second.vi}", en=f"{first.en} {second.en}")


def _invalid(
    numerator: int | None, denominator: int | None, printed: PrintedPercent | None
) -> Text | None:
    if numerator is not None and numerator < 0:
        return NEGATIVE.format(field="numerator")
    if denominator is not None and denominator < 0:
        return NEGATIVE.format(field="denominator")
    if printed is not None and printed.value < 0:
        return NEGATIVE.format(field="printed_pct")
    return _ZERO_DENOMINATOR if denominator == 0 else None


def _compare(numerator: int, denominator: int, printed: PrintedPercent) -> FigureFinding:
    recomputed = percent_text(numerator, denominator, printed.digits)
    if numerator > denominator:
        status, message = (
            ReconciliationStatus.CONTRADICTS,
            _EXCEEDS_TOTAL.format(percent=percent_label(recomputed)),
        )
    elif printed.is_rounded(numerator, denominator):
        status, message = ReconciliationStatus.CONSISTENT, _CONSISTENT
    elif printed.is_truncated(numerator, denominator):
        status, message = (
            ReconciliationStatus.TRUNCATED,
            _TRUNCATED.format(percent=percent_label(recomputed)),
        )
    else:
        status, message = (
            ReconciliationStatus.CONTRADICTS,
            _CONTRADICTS.format(percent=percent_label(recomputed)),
        )
    return FigureFinding(status=status, message=message, recomputed_percent=recomputed)


def _infer(numerator: int, printed: PrintedPercent) -> FigureFinding:
    totals = totals_rounded(numerator, printed)
    if totals is not None:
        message = _IMPLIED.format(totals=count_range_in_words(totals.min, totals.max))
        return FigureFinding(
            status=ReconciliationStatus.IMPLIED, message=message, implied_total=totals
        )
    truncated_totals = totals_truncated(numerator, printed)
    if truncated_totals is None:
        return FigureFinding(status=ReconciliationStatus.IMPOSSIBLE, message=_IMPOSSIBLE)
    message = _IMPOSSIBLE_UNLESS_TRUNCATED.format(
        totals=count_range_in_words(truncated_totals.min, truncated_totals.max)
    )
    return FigureFinding(status=ReconciliationStatus.IMPOSSIBLE, message=message)


_HUNDRED = 100
_LABELS = {
    ReconciliationStatus.CONSISTENT: Text(vi="khớp", en="consistent"),
    ReconciliationStatus.TRUNCATED: Text(vi="cắt bỏ số lẻ", en="truncated"),
    ReconciliationStatus.CONTRADICTS: Text(vi="mâu thuẫn", en="contradicts"),
    ReconciliationStatus.IMPLIED: Text(vi="suy ra tổng số", en="implied"),
    ReconciliationStatus.IMPOSSIBLE: Text(vi="không thể có", en="impossible"),
    ReconciliationStatus.NO_PERCENTAGE: Text(vi="không có tỉ lệ", en="no percentage"),
    ReconciliationStatus.NO_COUNT: Text(vi="không có số lượng", en="no count"),
    ReconciliationStatus.INVALID: Text(vi="không hợp lệ", en="invalid"),
}

NEGATIVE = Text(
    vi="Cột {field} là số âm; số lượng và tỉ lệ phải từ 0 trở lên.",
    en="The column {field} is negative; counts and percentages must be 0 or more.",
)
_ZERO_DENOMINATOR = Text(
    vi="Mẫu số bằng 0 nên không có tỉ lệ; nếu không biết mẫu số, hãy để trống.",
    en="The denominator is 0, so there is no rate; leave it blank if it is unknown.",
)
_NO_PERCENTAGE = Text(
    vi="Không in tỉ lệ phần trăm nên không có gì để đối chiếu.",
    en="No percentage is printed, so there is nothing to reconcile.",
)
_NO_COUNT = Text(
    vi="Không in số lượng nên không suy ra được tổng số.",
    en="No count is printed, so no total can be inferred.",
)
_CONSISTENT = Text(
    vi="Tỉ lệ đã in đúng bằng phân số làm tròn.",
    en="The printed percentage equals the fraction rounded half up.",
)
_TRUNCATED = Text(
    vi="Tỉ lệ đã in là phân số bị cắt bỏ số lẻ; làm tròn thì được {percent}.",
    en="The printed percentage is the fraction truncated; rounded half up it is {percent}.",
)
_CONTRADICTS = Text(
    vi="Tỉ lệ đã in không khớp với phân số; tính lại được {percent}.",
    en="The printed percentage contradicts the fraction, which gives {percent}.",
)
_EXCEEDS_TOTAL = Text(
    vi="Phân số cho {percent}, vượt quá 100%.",
    en="The fraction gives {percent}, which exceeds 100%.",
)
_ABOVE_HUNDRED = Text(
    vi="Tỉ lệ đã in lớn hơn 100%; số được công nhận không thể vượt quá tổng số.",
    en="The printed percentage is above 100%; the number recognised cannot exceed the total.",
)
_ABOVE_ONE = Text(
    vi="Tử số lớn hơn mẫu số; hãy kiểm tra lại hai số này.",
    en="The numerator is larger than the denominator; check both numbers.",
)
_IMPLIED = Text(
    vi="Không in mẫu số; tổng số có thể là {totals}.",
    en="No denominator is printed; the total can be {totals}.",
)
_IMPOSSIBLE = Text(
    vi="Không có tổng số nguyên nào cho tỉ lệ đã in, dù làm tròn hay cắt bỏ số lẻ.",
    en="No whole-number total gives the printed percentage, rounded half up or truncated.",
)
_IMPOSSIBLE_UNLESS_TRUNCATED = Text(
    vi="Không có tổng số nguyên nào cho tỉ lệ đã in khi làm tròn; "
    "nếu tỉ lệ bị cắt bỏ số lẻ thì tổng số có thể là {totals}.",
    en="No whole-number total gives the printed percentage, rounded half up; "
    "if it was truncated, the total can be {totals}.",
)
