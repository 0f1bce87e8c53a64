"""Reads columns as inputs: texts in the formats of single facts, digit by digit, and typed values.

No text is converted to a double, so its exact value is kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

import narwhals.stable.v2 as nw
from attrs import evolve, field, frozen

from xhht.dates import ISO_DAY_PATTERN, earliest_within
from xhht.errors import FrameError
from xhht.evaluation.fact_io import FALSE_WORDS, HOUR, TRUE_WORDS, VI_DAY, WAIVER_WORDS
from xhht.frames._compile import IntervalExpr
from xhht.frames._expr import InvalidRows, LayerBuilder, any_of, int64_literal, ordinal_of, when
from xhht.numbers import Convention, decimal_places
from xhht.rules.inputs import EvidenceRule, Input, InputType
from xhht.text import Text

_MAX_LENGTH = 40
_MAX_DIGITS = 10
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_SPACES = "".join(char for char in map(chr, range(0x3001)) if char.isspace())
_UNTIDY = f"^[{_SPACES}{_INVISIBLE}]+|[{_SPACES}{_INVISIBLE}]+$|[{_INVISIBLE}]"
_GROUPED = r"([0-9]+|[1-9][0-9]{0,2}(\.[0-9]{3})+)"
_COUNTS = {
    Convention.PLAIN: r"^[+-]?[0-9]+([.]0)?$",
    Convention.VI: rf"^[+-]?{_GROUPED}(,0)?$",
}
_NUMBERS = {
    Convention.PLAIN: r"^[+-]?[0-9]+(\.[0-9]+)?$",
    Convention.VI: rf"^[+-]?{_GROUPED}(,[0-9]+)?$",
}
_DECIMAL = r"^-?[0-9]*(\.[0-9]+)?$"  # some engines print no zero before the point
_SHARES = rf"^([0-9]+([.,][0-9]+)?|[+-]?[0-9]+([.,][0-9]+)?[{_SPACES}]*%)$"
_VI_DAY = f"^{VI_DAY}$"


def _spellings(*words: str) -> list[str]:
    """Return words in both Unicode forms and in all letter cases that an engine may produce."""
    cases: tuple[Callable[[str], str], ...] = (str.lower, str.upper, str.capitalize)
    cased = {case(word) for word in words for case in cases}
    return sorted({unicodedata.normalize(form, w) for w in cased for form in ("NFC", "NFD")})


_WAIVED = rf"^({'|'.join(_spellings(*WAIVER_WORDS))})[{_SPACES}]?:"
_TRUE, _FALSE = _spellings(*TRUE_WORDS), _spellings(*FALSE_WORDS)


def clean(column: nw.Expr) -> nw.Expr:
    """Return texts without surrounding spaces and invisible characters; blank ones are null."""
    tidy = column.str.replace_all(_UNTIDY, "")
    return when(tidy == "", nw.lit(None, nw.String), tidy)


def text_among(column: nw.Expr, words: Iterable[str]) -> nw.Expr:
    """Return whether texts are among some words, in any letter case; blank ones are."""
    text = clean(column).str.replace_all(f"[{_SPACES}]+", " ")
    spellings = _spellings(*words)
    return (text.is_in(spellings) | text.str.to_lowercase().is_in(spellings)).fill_null(True)


def is_waived(column: nw.Expr) -> nw.Expr:
    """Return whether texts say that an input is waived."""
    return clean(column).str.contains(_WAIVED).fill_null(False)


def text_truth(column: nw.Expr, layers: LayerBuilder) -> tuple[nw.Expr, list[InvalidRows]]:
    """Return texts as truths, null where blank or invalid."""
    text = layers.add_last(clean(column))
    small = text.str.to_lowercase()
    true = text.is_in(_TRUE) | small.is_in(_TRUE)
    false = text.is_in(_FALSE) | small.is_in(_FALSE)
    no = when(false, nw.lit(False), nw.lit(None, nw.Boolean))
    value = layers.add_last(when(true, nw.lit(True), no))
    return value, [InvalidRows("wrong_type", value.is_null() & ~text.is_null())]


def text_number(
    declared: Input, column: nw.Expr, convention: Convention, layers: LayerBuilder
) -> tuple[nw.Expr, list[InvalidRows]]:
    """Return texts as numbers in steps of the input, null where blank or invalid."""
    is_share = declared.kind is InputType.SHARE
    text = layers.add_last(clean(column))
    fits = text.str.contains(_pattern(declared, convention))
    number = text.str.replace_all(f"[{_SPACES}]*%$", "") if is_share else text
    is_number = layers.add_last((fits & (number.str.len_chars() <= _MAX_LENGTH)).fill_null(False))
    plain = when(is_number, text, nw.lit("0"))
    percent = layers.add(plain.str.ends_with("%")) if is_share else None
    if is_share:
        plain = plain.str.replace_all(f"[{_SPACES}%]", "")
    elif convention is Convention.VI:
        plain = plain.str.replace_all("[.]", "")
    value, issues = _steps_of_digits(declared, text, is_number, plain, percent, layers)
    return value, [InvalidRows("wrong_type", ~is_number & ~text.is_null()), *issues]


def decimal_number(
    declared: Input, column: nw.Expr, layers: LayerBuilder
) -> tuple[nw.Expr, list[InvalidRows]]:
    """Return decimals in steps of the input, null where invalid, read from their text."""
    text = layers.add_last(column.cast(nw.String))
    # PostgreSQL has NaN and infinite decimals.
    is_number = layers.add_last(text.str.contains(_DECIMAL).fill_null(False))
    value, issues = _steps_of_digits(
        declared, text, is_number, when(is_number, text, nw.lit("0")), None, layers
    )
    return value, [InvalidRows("not_a_number", ~is_number & ~text.is_null()), *issues]


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
    plain = layers.add_last(plain)
    digits = layers.add(plain.str.replace_all("[.,].*$", "").str.replace_all("^[+-]?0*", ""))
    decimals = plain.str.replace_all("^[^.,]*[.,]?", "")
    decimals = layers.add(decimals.str.replace_all("0+$", ""))
    negative = layers.add_last(plain.str.starts_with("-"))
    shown = (
        int64_literal(places)
        if percent is None
        else when(percent, int64_literal(places - 2), int64_literal(places))
    )
    long = digits.str.len_chars() > _MAX_DIGITS
    front = layers.add(_number_of(when(long, nw.lit("0"), digits)))
    longer = layers.add_last(decimals.str.len_chars() > shown)
    # Numbers beyond the bounds are removed before scaling, which could exceed 64 bits.
    largest = int(max(abs(declared.minimum), abs(declared.maximum)) * declared.step)
    beyond = front > (largest if percent is None else 100 * largest)
    too_large = layers.add(long | beyond)
    kept = when(beyond, int64_literal(0), front)
    size = _scaled(kept, decimals, places)
    if percent is not None:
        size = when(percent, _scaled(kept, decimals, places - 2), size)
    size = layers.add_last(size)
    number = layers.add_last(when(negative, -size, size))

    step = (declared.step * 10**places).numerator
    minimum, maximum = declared.minimum * step, declared.maximum * step
    above = (number > maximum) | ((number == maximum) & longer & ~negative)
    below = (number < minimum) | ((number == minimum) & longer & negative)
    known = is_number & ~text.is_null()
    outside = layers.add(known & (too_large | above | below))
    off_grid = layers.add_last(known & (longer | (size % step != 0)))
    off_step = off_grid & ~outside
    good = known & ~outside & ~off_grid
    steps = (when(good, size, int64_literal(0)) // step).cast(nw.Int64)
    value = layers.add_last(when(good, when(negative, -steps, steps), nw.lit(None, nw.Int64)))
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
    declared: Input, column: nw.Expr, layers: LayerBuilder
) -> tuple[nw.Expr, list[InvalidRows]]:
    """Return texts as ordinals of days, null where blank or invalid."""
    text = layers.add_last(clean(column).str.replace_all(HOUR, ""))
    iso = layers.add(text.str.contains(ISO_DAY_PATTERN).fill_null(False))
    local = layers.add_last(text.str.contains(_VI_DAY).fill_null(False))
    day_text = layers.add_last(when(iso | local, text, nw.lit("0001-01-01")))
    parts = [day_text.str.slice(*at) for at in ((0, 4), (5, 2), (8, 2))]
    # The order of the Vietnamese form is day, month, year.
    month = day_text.str.replace_all("^[0-9]+/", "").str.replace_all("/.*$", "")
    year, day = (day_text.str.replace_all(cut, "") for cut in ("^.*/", "/.*$"))
    parts = [when(local, v, i) for v, i in zip((year, month, day), parts, strict=True)]
    numbers = [layers.add(part.cast(nw.Int64)) for part in parts]
    layers.next_layer()
    exists = layers.add_last((iso | local) & _is_day(*numbers))
    ordinal = layers.add_last(
        ordinal_of(*(when(exists, part, int64_literal(1)) for part in numbers))
    )
    inside = exists & ordinal.is_between(declared.minimum, declared.maximum)
    value = layers.add_last(when(inside, ordinal, nw.lit(None, nw.Int64)))
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


_EXACT_DOUBLE = 10**15
"""Integers below this are distinct as doubles, and are printed exactly."""
_VERIFICATIONS = ("verified", "pending", "rejected")
_SIGNED = ((nw.Int8, 8), (nw.Int16, 16), (nw.Int32, 32), (nw.Int64, 64))
_UNSIGNED = ((nw.UInt8, 8), (nw.UInt16, 16), (nw.UInt32, 32))
_SPANS: Mapping[type[nw.dtypes.DType], tuple[int, int]] = {
    **{kind: (-(2 ** (n - 1)), 2 ** (n - 1) - 1) for kind, n in _SIGNED},
    **{kind: (0, 2**n - 1) for kind, n in _UNSIGNED},
}
"""The minimum and maximum of each integer type that fits in a signed 64-bit integer."""
_TEXTS = (nw.String, nw.Categorical, nw.Enum)
_NO_TEXT = nw.lit(None, nw.String)
_ANY_DAY = Input(name="dated", kind=InputType.DATE, minimum=1, maximum=date.max.toordinal())


@frozen(eq=False)
class Reading:
    """One input as read from columns.

    Attributes:
        ends: the bounds of its value; the whole domain where unknown. They are never null, except
            for a choice, whose bounds are the same text, null if unknown.
        issues: the invalid rows, in the order of the checks.
        is_given: whether the row has a value at all, be its evidence rejected or not.
    """

    ends: IntervalExpr
    issues: Sequence[InvalidRows] = ()
    is_given: nw.Expr = field(factory=lambda: nw.lit(True))


@frozen(eq=False)
class _Units:
    """A column in steps of its input, null where unknown or invalid, and the invalid rows."""

    value: nw.Expr
    issues: Sequence[InvalidRows]


class ColumnReader:
    """Reads inputs of a frame.

    Args:
        schema: the types of its columns, as they are read.
        numbers: the number format of texts.
        as_of: the day of evaluation, at which the age of evidence is measured.
        prefix: the prefix of the names of added columns.
        has_infinite_dates: whether dates may have no year.

    Attributes:
        layers: columns to add, layer by layer, before the results can be used.
    """

    def __init__(
        self,
        schema: Mapping[str, nw.dtypes.DType],
        *,
        numbers: Convention,
        as_of: date | None,
        prefix: str,
        has_infinite_dates: bool = True,
    ) -> None:
        self._schema = schema
        self._has_infinite_dates = has_infinite_dates
        self._numbers = numbers
        self._as_of = as_of
        self._prefix = prefix
        self._builders = 0
        self.layers: list[list[nw.Expr]] = []

    def read(self, declared: Input) -> Reading | None:
        """Return the value of an input in the frame, or None if it has no column.

        The column has the input's name, or two columns have it with `__low` and `__high`. A share
        of members is one column, or two columns `NAME__held` and `NAME__others`.

        Raises:
            FrameError: several of these forms are used, one bound is missing, or the numbers of
                the column may be too long for its type.
        """
        name = column_of(declared)
        pair = [column for column in (f"{name}__low", f"{name}__high") if column in self._schema]
        share = declared.part_of
        if share is not None and share.name in self._schema:
            if pair or name in self._schema:
                raise FrameError(_TWO_WAYS.format(name=share.name))
            return self._part(declared, share)
        if not pair:
            if name in self._schema or any(
                column in self._schema for column in evidence_columns(declared)
            ):
                return self._one(declared, name)
            return None
        if name in self._schema or len(pair) < 2 or declared.kind is InputType.CHOICE:
            raise FrameError(_PAIR.format(name=name))
        lower, upper = (self._units(declared, column) for column in pair)
        return self._with_evidence(declared, _pair(declared, lower, upper))

    def _layer_builder(self) -> LayerBuilder:
        self._builders += 1
        return LayerBuilder(f"{self._prefix}r{self._builders}_", self.layers)

    def _one(self, declared: Input, name: str) -> Reading:
        if name not in self._schema:
            nothing = Reading(domain_bounds(declared), is_given=nw.lit(False))
            return self._with_evidence(declared, nothing)
        if declared.kind is InputType.CHOICE:
            words = self._words(name, declared.choices)
            ends = IntervalExpr(words.value, words.value)
            given = ~words.value.is_null()
            issues = (*self._waived(name), *words.issues)
            return self._with_evidence(declared, Reading(ends, issues, given))
        units = self._units(declared, name)
        return self._with_evidence(
            declared,
            Reading(
                _within(declared, units.value, units.value),
                (*self._waived(name), *units.issues),
                ~units.value.is_null(),
            ),
        )

    def _part(self, declared: Input, share: Input) -> Reading:
        """Return one side of a share of members that is given as one number."""
        scale = declared.maximum
        fine = Input(name=share.name, kind=InputType.SHARE, maximum=scale, step=Fraction(1, scale))
        units = self._units(fine, share.name)
        value = units.value if declared.name.endswith(".held") else scale - units.value
        given = ~units.value.is_null()
        issues = (*self._waived(share.name), *units.issues)
        return self._with_evidence(
            declared, Reading(_within(declared, value, value), issues, given)
        )

    def _waived(self, name: str) -> tuple[InvalidRows, ...]:
        """Return the rows that waive an input, which no engine evaluates."""
        if self._schema[name] not in _TEXTS:
            return ()
        return (InvalidRows("waived_in_columns", is_waived(nw.col(name).cast(nw.String))),)

    # By the type of the column

    def _units(self, declared: Input, name: str) -> _Units:
        column, dtype, kind = nw.col(name), self._schema[name], declared.kind
        if dtype in _TEXTS:
            return self._of_text(declared, column.cast(nw.String), self._numbers)
        if kind is InputType.BOOL and dtype == nw.Boolean:
            return _Units(column, ())
        if kind is InputType.BOOL and (dtype.is_integer() or dtype.is_float()):
            # pandas reads 0 and 1 as doubles if a cell is empty.
            is_truth = ((column == 0) | (column == 1)).fill_null(False)
            value = when(is_truth, column == 1, nw.lit(None, nw.Boolean))
            return _Units(value, (InvalidRows("wrong_type", ~is_truth & ~column.is_null()),))
        if kind is InputType.DATE and dtype in (nw.Date, nw.Datetime):
            return self._of_days(declared, column, timed=dtype != nw.Date)
        if kind.numeric and dtype.is_integer():
            return _of_integers(declared, column, dtype)
        if kind.numeric and dtype.is_float():
            return self._of_double(declared, column)
        if kind.numeric and dtype.is_decimal():
            return _Units(*decimal_number(declared, column, self._layer_builder()))
        nothing = _nothing(declared, column)
        return _Units(nothing.value, (InvalidRows("wrong_type", ~column.is_null()),))

    def _of_text(self, declared: Input, column: nw.Expr, numbers: Convention) -> _Units:
        layers = self._layer_builder()
        if declared.kind is InputType.BOOL:
            value, issues = text_truth(column, layers)
        elif declared.kind is InputType.DATE:
            value, issues = text_day(declared, column, layers)
        else:
            value, issues = text_number(declared, column, numbers, layers)
        return _Units(value, tuple(issues))

    def _of_double(self, declared: Input, column: nw.Expr) -> _Units:
        step = declared.step
        if max(abs(declared.minimum), abs(declared.maximum)) * step.numerator >= _EXACT_DOUBLE:
            raise FrameError(_DOUBLES.format(name=declared.declared_input.name))
        layers = self._layer_builder()
        number = column.cast(nw.Float64)
        # A NaN in a NumPy column of pandas means null, and is null here; other NaNs are invalid.
        not_finite = layers.add_last((~number.is_finite()).fill_null(False) & ~column.is_null())
        minimum, maximum = (
            _double(declared.number(end)) for end in (declared.minimum, declared.maximum)
        )
        inside = ~not_finite & number.is_between(minimum, maximum)
        kept = layers.add_last(when(inside, number, nw.lit(None, nw.Float64)))
        # PostgreSQL raises an underflow error for numbers too close to 0.
        nonzero = when(kept.abs() < _double(step) / 4, nw.lit(0.0), kept)
        units = layers.add((nonzero * step.denominator / step.numerator).round(0).cast(nw.Int64))
        # Some engines replace division by a constant with a product, which rounds twice.
        below = layers.add_last(kept * 0.0 + float(step.denominator))
        restored = (units * step.numerator).cast(nw.Float64) / below
        off_step = layers.add_last((restored != kept).fill_null(False))
        outside = kept.is_null() & ~column.is_null() & ~not_finite
        faulty = (("not_a_number", not_finite), ("out_of_bounds", outside), ("off_step", off_step))
        return _Units(units, tuple(InvalidRows(code, rows) for code, rows in faulty))

    def _of_days(self, declared: Input, column: nw.Expr, *, timed: bool) -> _Units:
        layers = self._layer_builder()
        kept = column
        if self._has_infinite_dates and not timed:
            first, last = date.fromordinal(declared.minimum), date.fromordinal(declared.maximum)
            within = column.is_between(first, last)
            kept = layers.add_last(when(within, column, nw.lit(None, nw.Date)))
        parts = (kept.dt.year(), kept.dt.month(), kept.dt.day())
        numbers = [layers.add(part.fill_null(1).cast(nw.Int64)) for part in parts]
        layers.next_layer()
        ordinal = layers.add_last(
            when(kept.is_null(), nw.lit(None, nw.Int64), ordinal_of(*numbers))
        )
        inside = ordinal.is_between(declared.minimum, declared.maximum).fill_null(False)
        issues = [InvalidRows("out_of_bounds", ~inside & ~column.is_null())]
        if timed:
            moved = (column.dt.truncate("1d") != column).fill_null(False)
            issues.insert(0, InvalidRows("wrong_type", moved))
        return _Units(ordinal, tuple(issues))

    def _words(self, name: str, known: Sequence[str]) -> _Units:
        """Return a column of words, null where blank; unknown words are invalid."""
        column, dtype = nw.col(name), self._schema[name]
        if dtype not in _TEXTS:
            return _Units(_NO_TEXT, (InvalidRows("wrong_type", ~column.is_null()),))
        layers = self._layer_builder()
        text = layers.add_last(clean(column.cast(nw.String)))
        return _Units(text, (InvalidRows("unknown_choice", (~text.is_in(known)).fill_null(False)),))

    # Evidence

    def _with_evidence(self, declared: Input, reading: Reading) -> Reading:
        """Return a reading in which values without the required evidence are unknown.

        `NAME__verification` holds the verification status, `NAME__dated` the date of the evidence;
        without both columns, values have no evidence.
        """
        rule = declared.evidence
        status_column, date_column = (
            name if name in self._schema else None for name in evidence_columns(declared)
        )
        doubts, issues = [], []
        verified = nw.lit(False)
        if status_column is not None:
            words = self._words(status_column, _VERIFICATIONS)
            verified, rejected = (
                (words.value == word).fill_null(False) for word in _VERIFICATIONS[::2]
            )
            doubts.append(rejected)
            issues += [InvalidRows("bad_evidence", issue.rows) for issue in words.issues]
        if rule.required:
            doubts.append(~verified)
        fresh = nw.lit(False)
        if date_column is not None:
            day = self._units(_ANY_DAY, date_column)
            issues += [InvalidRows("not_a_date", issue.rows) for issue in day.issues]
            fresh = self._is_fresh(rule, day.value)
        if rule.valid_months is not None and (status_column or date_column):
            doubts.append(~fresh)
        issues += reading.issues
        if not doubts:
            return evolve(reading, issues=issues)
        return evolve(reading, ends=_doubted(declared, reading.ends, any_of(doubts)), issues=issues)

    def _is_fresh(self, rule: EvidenceRule, day: nw.Expr) -> nw.Expr:
        if rule.valid_months is None or self._as_of is None:
            return nw.lit(True)
        earliest = earliest_within(rule.valid_months, self._as_of)
        return day.is_between(earliest.toordinal(), self._as_of.toordinal()).fill_null(False)


def evidence_columns(declared: Input) -> tuple[str, str]:
    """Return the names of the evidence columns of an input: verification status and date."""
    return f"{declared.declared_input.name}__verification", f"{declared.declared_input.name}__dated"


def column_names(declared: Input) -> tuple[str, ...]:
    """Return the names of the columns that an input may be read from."""
    own = column_of(declared)
    share = (declared.declared_input.name,) if declared.part_of else ()
    return (own, f"{own}__low", f"{own}__high", *share, *evidence_columns(declared))


def column_of(declared: Input) -> str:
    """Return the name of the one column of an input."""
    return declared.name.replace(".", "__")


def domain_bounds(declared: Input) -> IntervalExpr:
    """Return the bounds of an unknown input."""
    if declared.kind is InputType.CHOICE:
        return IntervalExpr(_NO_TEXT, _NO_TEXT)
    if declared.kind is InputType.BOOL:
        return IntervalExpr(nw.lit(bool(declared.minimum)), nw.lit(bool(declared.maximum)))
    return IntervalExpr(int64_literal(declared.minimum), int64_literal(declared.maximum))


def _within(declared: Input, lower: nw.Expr, upper: nw.Expr) -> IntervalExpr:
    if declared.kind is InputType.BOOL:
        return IntervalExpr(lower.fill_null(False), upper.fill_null(True))
    return IntervalExpr(lower.fill_null(declared.minimum), upper.fill_null(declared.maximum))


def _pair(declared: Input, lower: _Units, upper: _Units) -> Reading:
    is_bool = declared.kind is InputType.BOOL
    turned = lower.value & ~upper.value if is_bool else lower.value > upper.value
    issues = (*lower.issues, *upper.issues, InvalidRows("out_of_bounds", turned.fill_null(False)))
    given = ~lower.value.is_null() | ~upper.value.is_null()
    return Reading(_within(declared, lower.value, upper.value), issues, given)


def _doubted(declared: Input, ends: IntervalExpr, doubt: nw.Expr) -> IntervalExpr:
    domain = domain_bounds(declared)
    lower = when(doubt, domain.lower, ends.lower)
    return IntervalExpr(
        lower, lower if ends.upper is ends.lower else when(doubt, domain.upper, ends.upper)
    )


def _nothing(declared: Input, column: nw.Expr) -> _Units:
    """Return a column of unknown values with the length of another column."""
    empty = nw.lit(None, nw.Boolean if declared.kind is InputType.BOOL else nw.Int64)
    return _Units(when(column.is_null(), empty, empty), ())


def _of_integers(declared: Input, column: nw.Expr, dtype: nw.dtypes.DType) -> _Units:
    step = declared.step
    minimum = -(-declared.minimum * step.numerator // step.denominator)
    maximum = declared.maximum * step.numerator // step.denominator
    inside = _inside(column, minimum, maximum, _SPANS.get(type(dtype)))
    issues = [InvalidRows.unless("out_of_bounds", inside.fill_null(True))]
    if step == 1 and type(dtype) in _SPANS:
        return _Units(column.cast(nw.Int64), tuple(issues))
    # Out-of-bounds numbers are removed first, because a cast or product of them may overflow.
    kept = when(inside, column, nw.lit(None)).cast(nw.Int64) * step.denominator
    if step.numerator == 1:
        return _Units(kept, tuple(issues))
    issues.append(InvalidRows("off_step", (kept % step.numerator != 0).fill_null(False)))
    return _Units(((kept - kept % step.numerator) // step.numerator).cast(nw.Int64), tuple(issues))


def _inside(column: nw.Expr, minimum: int, maximum: int, span: tuple[int, int] | None) -> nw.Expr:
    """Return whether integers are in bounds; bounds outside their type are not checked."""
    type_minimum, type_maximum = span or (minimum - 1, maximum + 1)
    if maximum >= type_maximum:
        return column >= minimum
    return column <= maximum if minimum <= type_minimum else column.is_between(minimum, maximum)


def _double(number: Fraction) -> float:
    return number.numerator / number.denominator


_PAIR = Text(
    vi="Đầu vào '{name}' cần hoặc một cột '{name}', hoặc hai cột '{name}__low' và '{name}__high' "
    "(không dùng cho lựa chọn); hãy chỉ dùng một cách.",
    en="Input '{name}' needs either one column '{name}' or two columns, '{name}__low' and "
    "'{name}__high' (not for a choice); use only one of these forms.",
)
_TWO_WAYS = Text(
    vi="Tỉ lệ '{name}' có cả cột '{name}' và các cột '{name}__held', '{name}__others'; hãy chỉ "
    "dùng một cách.",
    en="Share '{name}' has both a column '{name}' and the columns '{name}__held' and "
    "'{name}__others'; use only one of these forms.",
)
_DOUBLES = Text(
    vi="Cột '{name}' là số thực (dấu phẩy động), mà giá trị của nó có thể dài hơn 15 chữ số; hãy "
    "dùng số nguyên, số thập phân (decimal) hoặc văn bản.",
    en="Column '{name}' holds floating-point numbers, which cannot represent its values exactly "
    "(more than 15 digits); use integers, decimals or text.",
)
