"""Reads columns of text in the formats of single facts, digit by digit.

No number is converted to a double, so the exact value of the text is kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import narwhals.stable.v2 as nw

from xhht.exact import Convention, decimal_places
from xhht.frames._columns import InvalidRows, LayerBuilder, int64_literal, ordinal_of, when
from xhht.rules.inputs import Input, InputType

__all__ = ["clean", "decimal_number", "text_day", "text_number", "text_truth"]

_MAX_LENGTH = 40
_MAX_DIGITS = 10
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_SPACES = "".join(char for char in map(chr, range(0x3001)) if char.isspace())
_UNTIDY = f"^[{_SPACES}{_INVISIBLE}]+|[{_SPACES}{_INVISIBLE}]+$|[{_INVISIBLE}]"

_GROUPED = r"([0-9]+|[1-9][0-9]{0,2}(\.[0-9]{3})+)"
_COUNTS = {Convention.PLAIN: r"^[+-]?[0-9]+$", Convention.VI: rf"^[+-]?{_GROUPED}$"}
_NUMBERS = {
    Convention.PLAIN: r"^[+-]?[0-9]+(\.[0-9]+)?$",
    Convention.VI: rf"^[+-]?{_GROUPED}(,[0-9]+)?$",
}
_DECIMAL = r"^-?[0-9]*(\.[0-9]+)?$"  # some engines print no zero before the point
_SHARES = rf"^([0-9]+([.,][0-9]+)?|[+-]?[0-9]+([.,][0-9]+)?[{_SPACES}]*%)$"
_ISO_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_VI_DAY = "^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}$"


def _spellings(*words: str) -> list[str]:
    """Return words in both Unicode forms and in all letter cases that an engine may produce."""
    cases: tuple[Callable[[str], str], ...] = (str.lower, str.upper, str.capitalize)
    cased = {case(word) for word in words for case in cases}
    return sorted({unicodedata.normalize(form, w) for w in cased for form in ("NFC", "NFD")})


_TRUE, _FALSE = _spellings("true", "1", "có"), _spellings("false", "0", "không")


def clean(column: nw.Expr) -> nw.Expr:
    """Return texts without surrounding spaces and invisible characters; blank ones are null."""
    tidy = column.str.replace_all(_UNTIDY, "")
    return when(tidy == "", nw.lit(None, nw.String), tidy)


def text_truth(column: nw.Expr, layers: LayerBuilder) -> tuple[nw.Expr, list[InvalidRows]]:
    """Return texts as truths, null where blank or invalid."""
    text = layers.add(clean(column))
    layers.next_layer()
    small = text.str.to_lowercase()
    true = text.is_in(_TRUE) | small.is_in(_TRUE)
    false = text.is_in(_FALSE) | small.is_in(_FALSE)
    no = when(false, nw.lit(False), nw.lit(None, nw.Boolean))
    value = layers.add(when(true, nw.lit(True), no))
    layers.next_layer()
    return value, [InvalidRows("wrong_type", value.is_null() & ~text.is_null())]


def text_number(
    declared: Input, column: nw.Expr, convention: Convention, layers: LayerBuilder
) -> tuple[nw.Expr, list[InvalidRows]]:
    """Return texts as numbers in steps of the input, null where blank or invalid."""
    is_share = declared.kind is InputType.SHARE
    text = layers.add(clean(column))
    layers.next_layer()
    fits = text.str.contains(_pattern(declared, convention))
    number = text.str.replace_all(f"[{_SPACES}]*%$", "") if is_share else text
    is_number = layers.add((fits & (number.str.len_chars() <= _MAX_LENGTH)).fill_null(False))
    layers.next_layer()
    plain = when(is_number, text, nw.lit("0"))
    percent = layers.add(plain.str.ends_with("%")) if is_share else None
    if is_share:
        plain = plain.str.replace_all(f"[{_SPACES}%]", "")
    elif convention is Convention.VI:
        plain = plain.str.replace_all("[.]", "")
    value, faults = _steps_of_digits(declared, text, is_number, plain, percent, layers)
    return value, [InvalidRows("wrong_type", ~is_number & ~text.is_null()), *faults]


def decimal_number(
    declared: Input, column: nw.Expr, layers: LayerBuilder
) -> tuple[nw.Expr, list[InvalidRows]]:
    """Return decimals in steps of the input, null where invalid, read from their text."""
    text = layers.add(column.cast(nw.String))
    layers.next_layer()
    # PostgreSQL has NaN and infinite decimals.
    is_number = layers.add(text.str.contains(_DECIMAL).fill_null(False))
    layers.next_layer()
    value, faults = _steps_of_digits(
        declared, text, is_number, when(is_number, text, nw.lit("0")), None, layers
    )
    return value, [InvalidRows("not_a_number", ~is_number & ~text.is_null()), *faults]


def _steps_of_digits(
    declared: Input,
    text: nw.Expr,
    is_number: nw.Expr,
    plain: nw.Expr,
    percent: nw.Expr | None,
    layers: LayerBuilder,
) -> tuple[nw.Expr, list[InvalidRows]]:
    """Return digits with at most one decimal separator as numbers.

    Args:
        declared: the input.
        text: the text; null means unknown.
        is_number: whether it is a number.
        plain: the number, `0` if the text is not one.
        percent: whether it is a percentage; None if percentages are not allowed.
        layers: where intermediate columns are added.
    """
    places = max(decimal_places(declared.step) or 0, 0 if percent is None else 2)
    plain = layers.add(plain)
    layers.next_layer()
    digits = layers.add(plain.str.replace_all("[.,].*$", "").str.replace_all("^[+-]?0*", ""))
    decimals = plain.str.replace_all("^[^.,]*[.,]?", "")
    decimals = layers.add(decimals.str.replace_all("0+$", ""))
    negative = layers.add(plain.str.starts_with("-"))
    layers.next_layer()
    shown = (
        int64_literal(places)
        if percent is None
        else when(percent, int64_literal(places - 2), int64_literal(places))
    )
    long = digits.str.len_chars() > _MAX_DIGITS
    front = layers.add(_number_of(when(long, nw.lit("0"), digits)))
    longer = layers.add(decimals.str.len_chars() > shown)
    layers.next_layer()
    # Numbers beyond the bounds are removed before scaling, which could exceed 64 bits.
    largest = int(max(abs(declared.minimum), abs(declared.maximum)) * declared.step)
    beyond = front > (largest if percent is None else 100 * largest)
    too_large = layers.add(long | beyond)
    kept = when(beyond, int64_literal(0), front)
    size = _scaled(kept, decimals, places)
    if percent is not None:
        size = when(percent, _scaled(kept, decimals, places - 2), size)
    size = layers.add(size)
    layers.next_layer()
    number = layers.add(when(negative, -size, size))
    layers.next_layer()

    step = (declared.step * 10**places).numerator
    minimum, maximum = declared.minimum * step, declared.maximum * step
    above = (number > maximum) | ((number == maximum) & longer & ~negative)
    below = (number < minimum) | ((number == minimum) & longer & negative)
    known = is_number & ~text.is_null()
    outside = layers.add(known & (too_large | above | below))
    off_grid = layers.add(known & (longer | (size % step != 0)))
    layers.next_layer()
    off_step = off_grid & ~outside
    good = known & ~outside & ~off_grid
    steps = (when(good, size, int64_literal(0)) // step).cast(nw.Int64)
    value = layers.add(when(good, when(negative, -steps, steps), nw.lit(None, nw.Int64)))
    layers.next_layer()
    return value, [InvalidRows("out_of_bounds", outside), InvalidRows("off_step", off_step)]


def _pattern(declared: Input, convention: Convention) -> str:
    if declared.kind is InputType.SHARE:
        return _SHARES
    return (_COUNTS if declared.kind is InputType.COUNT else _NUMBERS)[convention]


def _scaled(front: nw.Expr, decimals: nw.Expr, places: int) -> nw.Expr:
    """Return a non-negative number times a power of ten; further decimals are truncated."""
    if not places:
        return front
    padded = nw.concat_str(decimals, nw.lit("0" * places)).str.slice(0, places)
    return front * int64_literal(10**places) + _number_of(padded)


def text_day(
    declared: Input, column: nw.Expr, convention: Convention, layers: LayerBuilder
) -> tuple[nw.Expr, list[InvalidRows]]:
    """Return texts as ordinals of days, null where blank or invalid."""
    text = layers.add(clean(column))
    layers.next_layer()
    is_vi = convention is Convention.VI
    iso = layers.add(text.str.contains(_ISO_DAY).fill_null(False))
    local = layers.add(text.str.contains(_VI_DAY).fill_null(False) if is_vi else nw.lit(False))
    layers.next_layer()
    day_text = layers.add(when(iso | local, text, nw.lit("0001-01-01")))
    layers.next_layer()
    parts = [day_text.str.slice(*at) for at in ((0, 4), (5, 2), (8, 2))]
    if is_vi:
        # The order is day, month, year.
        month = day_text.str.replace_all("^[0-9]+/", "").str.replace_all("/.*$", "")
        year, day = (day_text.str.replace_all(cut, "") for cut in ("^.*/", "/.*$"))
        parts = [when(local, v, i) for v, i in zip((year, month, day), parts, strict=True)]
    numbers = [layers.add(part.cast(nw.Int64)) for part in parts]
    layers.next_layer()
    exists = layers.add((iso | local) & _is_day(*numbers))
    layers.next_layer()
    ordinal = layers.add(ordinal_of(*(when(exists, part, int64_literal(1)) for part in numbers)))
    layers.next_layer()
    inside = exists & ordinal.is_between(declared.minimum, declared.maximum)
    value = layers.add(when(inside, ordinal, nw.lit(None, nw.Int64)))
    layers.next_layer()
    return value, [
        InvalidRows("not_a_date", ~exists & ~text.is_null()),
        InvalidRows("out_of_bounds", exists & value.is_null()),
    ]


def _is_day(year: nw.Expr, month: nw.Expr, day: nw.Expr) -> nw.Expr:
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    february = when(leap, int64_literal(29), int64_literal(28))
    length = when(
        month == 2, february, when(month.is_in([4, 6, 9, 11]), int64_literal(30), int64_literal(31))
    )
    return (year >= 1) & month.is_between(1, 12) & (day >= 1) & (day <= length)


def _number_of(digits: nw.Expr) -> nw.Expr:
    return nw.concat_str(nw.lit("0"), digits).cast(nw.Int64)
