"""Exact numbers: points on a grid, declared rounding, and every number as text.

Counts, decimals, percentages and their ranges become text here only: `…_text` returns a string,
`…_label` the text in the number format of each language.

A share is two counts, compared as a `Fraction` or by cross-multiplication and rounded only for
display. No computation uses floats. A float from outside (as from JSON) is read as the shortest
decimal that prints it, so `0.1` is one tenth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from attrs import field, frozen

from xhht.errors import NumberFormatError
from xhht.text import LabelledEnum, Lang, Text, normalize_text

__all__ = [
    "NOT_REPORTED",
    "Convention",
    "Grid",
    "Rounding",
    "count_label",
    "count_range_in_words",
    "count_range_label",
    "decimal_label",
    "decimal_places",
    "decimal_range_label",
    "decimal_text",
    "exact",
    "finest_step",
    "format_vi",
    "json_number",
    "number_text",
    "parse_number",
    "parse_percent",
    "percent_label",
    "percent_range_label",
    "percent_text",
    "round_ratio",
    "share_label",
    "share_range_label",
]

MAX_DIGITS = 15
"""Numbers with more significant digits than JSON readers preserve are rejected."""

NOT_REPORTED = "–"
"""Placeholder for a value that was not reported."""


class Rounding(LabelledEnum):
    """How a quotient is rounded to an integer. `*_UP` means away from zero."""

    HALF_UP = "half_up", "làm tròn", "rounded"
    HALF_EVEN = "half_even", "làm tròn (nửa về số chẵn)", "rounded (half to even)"
    UP = "up", "làm tròn lên", "rounded up"
    DOWN = "down", "làm tròn xuống", "rounded down"


def round_ratio(numerator: int, denominator: int, mode: Rounding = Rounding.HALF_UP) -> int:
    """Return `numerator / denominator` rounded to a whole number.

    Args:
        numerator: any integer.
        denominator: a positive integer.
        mode: the rounding mode; negative numbers are rounded like positive ones.

    >>> [round_ratio(5, 2, mode) for mode in Rounding]
    [3, 2, 3, 2]
    >>> round_ratio(-5, 2)
    -3
    """
    quotient, remainder = divmod(abs(numerator), denominator)
    if mode is Rounding.HALF_UP:
        quotient += 2 * remainder >= denominator
    elif mode is Rounding.HALF_EVEN:
        quotient += 2 * remainder > denominator or (
            2 * remainder == denominator and quotient % 2 == 1
        )
    elif mode is Rounding.UP:
        quotient += remainder > 0
    return quotient if numerator >= 0 else -quotient


def exact(number: int | str | float | Decimal | Fraction) -> Fraction:
    """Return `number` as a fraction; a float as its shortest decimal.

    Raises:
        NumberFormatError: not a finite number.

    >>> exact(0.1) == Fraction(1, 10)
    True
    """
    if isinstance(number, float):
        number = repr(float(number))  # the repr of NumPy floats includes their type
    if isinstance(number, (str, Decimal)):
        try:
            return Fraction(number)
        except (ValueError, OverflowError, ZeroDivisionError):
            raise _not_a_number() from None
    return Fraction(number)


def decimal_places(number: Fraction) -> int | None:
    """Return how many decimal places write `number` exactly, or None if none does.

    >>> decimal_places(Fraction(3, 8)), decimal_places(Fraction(1, 3))
    (3, None)
    """
    remaining, twos, fives = number.denominator, 0, 0
    while remaining % 2 == 0:
        remaining, twos = remaining // 2, twos + 1
    while remaining % 5 == 0:
        remaining, fives = remaining // 5, fives + 1
    return max(twos, fives) if remaining == 1 else None


def finest_step(numbers: Iterable[Fraction]) -> Fraction:
    """Return the step of the finest decimal among `numbers`: 1 if all are integers.

    >>> finest_step([Fraction(5), Fraction(1, 2)])
    Fraction(1, 10)
    """
    return Fraction(1, 10 ** max((decimal_places(n) or 0 for n in numbers), default=0))


@frozen
class Grid:
    """The grid of all points of a profile; internally points are integer numbers of steps.

    >>> grid = Grid(Fraction(1, 2))
    >>> grid.units(Fraction(3)), grid.number(5)
    (6, Fraction(5, 2))
    """

    step: Fraction = field(default=Fraction(1), converter=exact)

    def units(self, number: Fraction) -> int:
        """Return `number` in steps; raises NumberFormatError if it is not a multiple."""
        units = number / self.step
        if units.denominator != 1:
            raise NumberFormatError(_OFF_GRID.format(number=decimal_text(number), step=self.step))
        return units.numerator

    def number(self, units: int) -> Fraction:
        """Return the number for `units` steps."""
        return _number(units, self.step.numerator, self.step.denominator)


@lru_cache(maxsize=4096)
def _number(units: int, numerator: int, denominator: int) -> Fraction:
    return Fraction(units * numerator, denominator)


def decimal_text(number: Fraction, places: int | None = None) -> str:
    """Return `number` with a decimal point, without trailing zeros or with `places` decimals.

    With `places` the number is rounded half up. Without, a number that has no exact decimal form
    is written as a fraction.

    >>> decimal_text(Fraction(43077, 1000)), decimal_text(Fraction(7), 2)
    ('43.077', '7.00')
    """
    needed = decimal_places(number) if places is None else places
    if needed is None:
        return str(number)
    digits = str(abs(round_ratio(number.numerator * 10**needed, number.denominator)))
    sign = "-" if number < 0 and digits.strip("0") else ""
    if not needed:
        return sign + digits
    digits = digits.rjust(needed + 1, "0")
    return f"{sign}{digits[:-needed]}.{digits[-needed:]}"


def json_number(number: Fraction) -> int | float:
    """Return `number` as an exact JSON number: an int, or the float that prints as its decimal.

    Raises:
        NumberFormatError: it has more than 15 significant digits, or no finite decimal.

    >>> json_number(Fraction(43077, 1000)), json_number(Fraction(10))
    (43.077, 10)
    """
    if number.denominator == 1:
        return number.numerator
    text = decimal_text(number)
    if decimal_places(number) is None or len(text.strip("-0.").replace(".", "")) > MAX_DIGITS:
        raise NumberFormatError(
            Text(
                vi="Số này không viết được chính xác bằng 15 chữ số.",
                en="This number cannot be written exactly in 15 digits.",
            )
        )
    return float(text)


def percent_text(
    numerator: int, denominator: int, digits: int = 2, mode: Rounding = Rounding.HALF_UP
) -> str:
    """Return `100 * numerator / denominator` with `digits` decimals.

    >>> percent_text(2, 3, 1), percent_text(2, 3, 1, Rounding.DOWN)
    ('66.7', '66.6')
    """
    units = round_ratio(numerator * 100 * 10**digits, denominator, mode)
    return decimal_text(Fraction(units, 10**digits), digits)


class Convention(StrEnum):
    """A number format: `plain` is `1234.5`, `vi` is `1.234,5`."""

    PLAIN = "plain"
    VI = "vi"


_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
_VI = re.compile(r"[+-]?([0-9]+|[1-9][0-9]{0,2}(\.[0-9]{3})+)(,[0-9]+)?", re.ASCII)
_PERCENT = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?", re.ASCII)
_LONGEST = 40

_OFF_GRID = Text(
    vi="Số {number} không hợp lệ; vui lòng dùng bội số của {step}.",
    en="The number {number} is invalid; use a multiple of {step}.",
)


def parse_number(text: str, convention: Convention = Convention.PLAIN) -> Fraction:
    """Return the number written in `text` in `convention`; the convention is never guessed.

    Raises:
        NumberFormatError: `text` is not a number in this convention.

    >>> parse_number("253.853", Convention.VI), parse_number("1.234,5", Convention.VI)
    (Fraction(253853, 1), Fraction(2469, 2))
    >>> parse_number("70.5", Convention.VI)
    Traceback (most recent call last):
    xhht.errors.NumberFormatError: Not a number in the Vietnamese format; write it like 1.234,5.
    """
    cleaned = normalize_text(text)
    pattern = _VI if convention is Convention.VI else _PLAIN
    if len(cleaned) > _LONGEST or not pattern.fullmatch(cleaned):
        raise _not_a_number(convention)
    if convention is Convention.VI:
        cleaned = cleaned.replace(".", "").replace(",", ".")
    return Fraction(cleaned)


def parse_percent(text: str) -> tuple[Fraction, int]:
    """Return the percentage written in `text`, and its number of decimals.

    Percentages have no thousands, so comma and point are both the decimal sign; the sign `%` is
    optional.

    >>> parse_percent("78,1%") == parse_percent("78.1") == (Fraction(781, 10), 1)
    True
    """
    cleaned = normalize_text(text).removesuffix("%").rstrip()
    if len(cleaned) > _LONGEST or not _PERCENT.fullmatch(cleaned):
        raise NumberFormatError(
            Text(
                vi="Không phải tỉ lệ phần trăm; vui lòng viết như 78,1% hoặc 78.1.",
                en="Not a percentage; write it like 78,1% or 78.1.",
            )
        )
    cleaned = cleaned.replace(",", ".")
    return Fraction(cleaned), len(cleaned.partition(".")[2])


def format_vi(number: Fraction | int, places: int | None = None) -> str:
    """Return `number` in the Vietnamese format: point for thousands, comma for decimals.

    >>> format_vi(253853), format_vi(Fraction(781, 10)), format_vi(Fraction(2, 3), 2)
    ('253.853', '78,1', '0,67')
    """
    integer, point, decimals = decimal_text(Fraction(number), places).partition(".")
    sign, digits = ("-", integer[1:]) if integer.startswith("-") else ("", integer)
    if not digits.isdigit():
        return integer
    grouped = f"{int(digits):,}".replace(",", ".")
    return f"{sign}{grouped}{',' if point else ''}{decimals}"


def decimal_label(number: Fraction, places: int | None = None) -> Text:
    """Return `number` in the format of each language, exact or with `places` decimals.

    >>> decimal_label(Fraction(17, 2)).vi, decimal_label(Fraction(17, 2)).en
    ('8,5', '8.5')
    """
    return Text(vi=format_vi(number, places), en=decimal_text(number, places))


def decimal_range_label(lower: Fraction, upper: Fraction) -> Text:
    """Return an interval; one number if both ends are equal.

    >>> decimal_range_label(Fraction(8), Fraction(17, 2)).vi
    '8–8,5'
    """
    return _range(decimal_label(lower), decimal_label(upper))


def number_text(number: int | None, lang: Lang | str) -> str:
    """Return a count in the notation of the language, a dash for None.

    >>> number_text(253853, "vi"), number_text(253853, "en"), number_text(None, "vi")
    ('253.853', '253,853', '–')
    """
    if number is None:
        return NOT_REPORTED
    return format_vi(number) if Lang(lang) is Lang.VI else f"{number:,}"


def count_label(number: int | None) -> Text:
    """Return a count in the notation of each language, a dash for None.

    >>> count_label(253853).vi, count_label(253853).en
    ('253.853', '253,853')
    """
    return Text(vi=number_text(number, Lang.VI), en=number_text(number, Lang.EN))


def count_range_label(lower: int, upper: int | None) -> Text:
    """Return an interval of counts for a table; `upper` is None if unbounded.

    >>> [count_range_label(3, upper).vi for upper in (3, 1200, None)]
    ['3', '3–1.200', '≥ 3']
    """
    if upper is None:
        return _NO_UPPER_END.format(lower=count_label(lower))
    return _range(count_label(lower), count_label(upper))


def count_range_in_words(lower: int, upper: int | None) -> Text:
    """Return an interval of counts for a sentence; `upper` is None if unbounded.

    >>> [count_range_in_words(3, upper).en for upper in (3, 1200, None)]
    ['3', '3 to 1,200', '3 or more']
    """
    if upper is None:
        return _AT_LEAST.format(lower=count_label(lower))
    if lower == upper:
        return count_label(lower)
    return _BETWEEN.format(lower=count_label(lower), upper=count_label(upper))


def percent_label(percent: str | Fraction | None) -> Text:
    """Return a percentage with its sign, a dash for None.

    Args:
        percent: the number of percent; as a string, with a decimal point.

    >>> percent_label("78.10").vi, percent_label("78.10").en
    ('78,10%', '78.10%')
    """
    return percent_range_label(percent, percent)


def percent_range_label(lower: str | Fraction | None, upper: str | Fraction | None) -> Text:
    """Return a range of percentages with one sign, one percentage if both ends print the same.

    >>> percent_range_label("25.00", "50.00").vi
    '25,00–50,00%'
    """
    if lower is None or upper is None:
        return _NO_NUMBER
    ends = [decimal_text(end) if isinstance(end, Fraction) else end for end in (lower, upper)]
    text = "–".join(dict.fromkeys(ends)) + "%"
    return Text(vi=text.replace(".", ","), en=text)


def share_label(share: Fraction) -> Text:
    """Return a share as a percentage with at most two decimals.

    >>> share_label(Fraction(2, 3)).en, share_label(Fraction(1, 2)).en
    ('66.67%', '50%')
    """
    return share_range_label(share, share)


def share_range_label(lower: Fraction, upper: Fraction) -> Text:
    """Return a range of shares as percentages with at most two decimals.

    >>> share_range_label(Fraction(1, 3), Fraction(1)).vi
    '33,33–100%'
    """
    places = (None if (share * 10000).denominator == 1 else 2 for share in (lower, upper))
    ends = (share * 100 for share in (lower, upper))
    return percent_range_label(*map(decimal_text, ends, places))


def _range(lower: Text, upper: Text) -> Text:
    return lower if lower == upper else _INTERVAL.format(lower=lower, upper=upper)


_NO_NUMBER = Text(vi=NOT_REPORTED, en=NOT_REPORTED)
_INTERVAL = Text(vi="{lower}–{upper}", en="{lower}–{upper}")
_NO_UPPER_END = Text(vi="≥ {lower}", en="≥ {lower}")
_AT_LEAST = Text(vi="từ {lower} trở lên", en="{lower} or more")
_BETWEEN = Text(vi="từ {lower} đến {upper}", en="{lower} to {upper}")


def _not_a_number(convention: Convention = Convention.PLAIN) -> NumberFormatError:
    if convention is Convention.VI:
        return NumberFormatError(
            Text(
                vi="Không phải số theo cách viết Việt Nam; vui lòng viết như 1.234,5.",
                en="Not a number in the Vietnamese format; write it like 1.234,5.",
            )
        )
    return NumberFormatError(
        Text(
            vi="Không phải số; vui lòng viết như 1234.5, không có dấu phân cách hàng nghìn.",
            en="Not a number; write it like 1234.5, without thousands separators.",
        )
    )
