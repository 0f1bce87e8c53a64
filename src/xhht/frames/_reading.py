"""Reads the columns of a frame as bounds of the inputs of a plan, and finds invalid rows.

A column is read by its type (number, Boolean, date or text) as the input requires. Null means
unknown. Reading is exact: a double has the value of its shortest decimal text, and a text is read
digit by digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import narwhals.stable.v2 as nw
from attrs import field, frozen

from xhht.dates import months_before
from xhht.errors import FrameError
from xhht.exact import Convention
from xhht.frames._columns import InvalidRows, LayerBuilder, any_of, int64_literal, ordinal_of, when
from xhht.frames._compile import IntervalExpr
from xhht.frames._texts import clean, decimal_number, text_day, text_number, text_truth
from xhht.rules.inputs import EvidenceRule, Input, InputType
from xhht.text import Text

__all__ = ["ColumnReader", "Reading", "column_names", "domain_bounds", "evidence_columns"]

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
        faults: the invalid rows, in the order of the checks.
        is_given: whether the row has a value at all.
    """

    ends: IntervalExpr
    faults: Sequence[InvalidRows] = ()
    is_given: nw.Expr = field(factory=lambda: nw.lit(True))


@frozen(eq=False)
class _Units:
    """A column in steps of its input, null where unknown or invalid, and the invalid rows."""

    value: nw.Expr
    faults: Sequence[InvalidRows]


class ColumnReader:
    """Reads inputs of a frame.

    Args:
        schema: the types of its columns, as they are read.
        numbers: the number format of texts.
        as_of: the day of evaluation, at which the age of evidence is measured.
        prefix: the prefix of the names of added columns.

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
    ) -> None:
        self._schema = schema
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
        low, high = (self._units(declared, column) for column in pair)
        return self._with_evidence(declared, _pair(declared, low, high))

    def _layer_builder(self) -> LayerBuilder:
        self._builders += 1
        return LayerBuilder(f"{self._prefix}r{self._builders}_", self.layers)

    def _one(self, declared: Input, name: str) -> Reading:
        if name not in self._schema:
            return self._with_evidence(declared, Reading(domain_bounds(declared)))
        if declared.kind is InputType.CHOICE:
            words = self._words(name, declared.choices)
            ends = IntervalExpr(words.value, words.value)
            return self._with_evidence(declared, Reading(ends, words.faults))
        units = self._units(declared, name)
        return self._with_evidence(
            declared,
            Reading(
                _within(declared, units.value, units.value), units.faults, ~units.value.is_null()
            ),
        )

    def _part(self, declared: Input, share: Input) -> Reading:
        """Return one side of a share of members that is given as one number."""
        scale = declared.maximum
        fine = Input(name=share.name, kind=InputType.SHARE, maximum=scale, step=Fraction(1, scale))
        units = self._units(fine, share.name)
        value = units.value if declared.name.endswith(".held") else scale - units.value
        given = ~units.value.is_null()
        return self._with_evidence(
            declared, Reading(_within(declared, value, value), units.faults, given)
        )

    # By the type of the column

    def _units(self, declared: Input, name: str) -> _Units:
        column, dtype, kind = nw.col(name), self._schema[name], declared.kind
        if dtype in _TEXTS:
            return self._of_text(declared, column.cast(nw.String), self._numbers)
        if kind is InputType.BOOL and dtype == nw.Boolean:
            return _Units(column, ())
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
            value, faults = text_truth(column, layers)
        elif declared.kind is InputType.DATE:
            value, faults = text_day(declared, column, numbers, layers)
        else:
            value, faults = text_number(declared, column, numbers, layers)
        return _Units(value, tuple(faults))

    def _of_double(self, declared: Input, column: nw.Expr) -> _Units:
        step = declared.step
        if max(abs(declared.minimum), abs(declared.maximum)) * step.numerator >= _EXACT_DOUBLE:
            raise FrameError(_DOUBLES.format(name=declared.declared_input.name))
        layers = self._layer_builder()
        number = column.cast(nw.Float64)
        # A NaN in a NumPy column of pandas means null, and is null here; other NaNs are invalid.
        not_finite = layers.add((~number.is_finite()).fill_null(False) & ~column.is_null())
        layers.next_layer()
        minimum, maximum = (
            _double(declared.number(end)) for end in (declared.minimum, declared.maximum)
        )
        inside = ~not_finite & number.is_between(minimum, maximum)
        kept = layers.add(when(inside, number, nw.lit(None, nw.Float64)))
        layers.next_layer()
        # PostgreSQL raises an underflow error for numbers too close to 0.
        nonzero = when(kept.abs() < _double(step) / 4, nw.lit(0.0), kept)
        units = layers.add((nonzero * step.denominator / step.numerator).round(0).cast(nw.Int64))
        # Some engines replace division by a constant with a product, which rounds twice.
        below = layers.add(kept * 0.0 + float(step.denominator))
        layers.next_layer()
        again = (units * step.numerator).cast(nw.Float64) / below
        off_step = layers.add((again != kept).fill_null(False))
        layers.next_layer()
        outside = kept.is_null() & ~column.is_null() & ~not_finite
        faulty = (("not_a_number", not_finite), ("out_of_bounds", outside), ("off_step", off_step))
        return _Units(units, tuple(InvalidRows(code, rows) for code, rows in faulty))

    def _of_days(self, declared: Input, column: nw.Expr, *, timed: bool) -> _Units:
        layers = self._layer_builder()
        kept = column
        if not timed:
            # PostgreSQL has infinite dates, which have no year.
            first, last = date.fromordinal(declared.minimum), date.fromordinal(declared.maximum)
            within = column.is_between(first, last)
            kept = layers.add(when(within, column, nw.lit(None, nw.Date)))
            layers.next_layer()
        parts = (kept.dt.year(), kept.dt.month(), kept.dt.day())
        numbers = [layers.add(part.fill_null(1).cast(nw.Int64)) for part in parts]
        layers.next_layer()
        ordinal = layers.add(when(kept.is_null(), nw.lit(None, nw.Int64), ordinal_of(*numbers)))
        layers.next_layer()
        inside = ordinal.is_between(declared.minimum, declared.maximum).fill_null(False)
        faults = [InvalidRows("out_of_bounds", ~inside & ~column.is_null())]
        if timed:
            moved = (column.dt.truncate("1d") != column).fill_null(False)
            faults.insert(0, InvalidRows("wrong_type", moved))
        return _Units(ordinal, tuple(faults))

    def _words(self, name: str, known: Sequence[str]) -> _Units:
        """Return a column of words, null where blank; unknown words are invalid."""
        column, dtype = nw.col(name), self._schema[name]
        if dtype not in _TEXTS:
            return _Units(_NO_TEXT, (InvalidRows("wrong_type", ~column.is_null()),))
        layers = self._layer_builder()
        text = layers.add(clean(column.cast(nw.String)))
        layers.next_layer()
        return _Units(text, (InvalidRows("unknown_choice", (~text.is_in(known)).fill_null(False)),))

    # Evidence

    def _with_evidence(self, declared: Input, reading: Reading) -> Reading:
        """Return a reading in which values without the required evidence are unknown.

        `NAME__verification` holds the verification status, `NAME__dated` the date of the evidence;
        without both columns, values have no evidence.
        """
        rule = declared.evidence
        said, dated = (
            name if name in self._schema else None for name in evidence_columns(declared)
        )
        doubts, faults = [], []
        verified = nw.lit(False)
        if said is not None:
            words = self._words(said, _VERIFICATIONS)
            verified, rejected = (
                (words.value == word).fill_null(False) for word in _VERIFICATIONS[::2]
            )
            doubts.append(rejected)
            faults += [InvalidRows("bad_evidence", fault.rows) for fault in words.faults]
        if rule.required:
            doubts.append(~verified)
        fresh = nw.lit(False)
        if dated is not None:
            day = self._units(_ANY_DAY, dated)
            faults += [InvalidRows("not_a_date", fault.rows) for fault in day.faults]
            fresh = self._is_fresh(rule, day.value)
        if rule.valid_months is not None and (said or dated):
            doubts.append(~fresh)
        faults += reading.faults
        if not doubts:
            return Reading(reading.ends, faults)
        return Reading(_doubted(declared, reading.ends, any_of(doubts)), faults)

    def _is_fresh(self, rule: EvidenceRule, day: nw.Expr) -> nw.Expr:
        if rule.valid_months is None or self._as_of is None:
            return nw.lit(True)
        since = months_before(self._as_of, rule.valid_months).toordinal()
        return day.is_between(since + 1, self._as_of.toordinal()).fill_null(False)


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
    faults = (*lower.faults, *upper.faults, InvalidRows("out_of_bounds", turned.fill_null(False)))
    given = ~lower.value.is_null() | ~upper.value.is_null()
    return Reading(_within(declared, lower.value, upper.value), faults, given)


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
    faults = [InvalidRows.unless("out_of_bounds", inside.fill_null(True))]
    if step == 1 and type(dtype) in _SPANS:
        return _Units(column.cast(nw.Int64), tuple(faults))
    # Out-of-bounds numbers are removed first, because a cast or product of them may overflow.
    kept = when(inside, column, nw.lit(None)).cast(nw.Int64) * step.denominator
    if step.numerator == 1:
        return _Units(kept, tuple(faults))
    faults.append(InvalidRows("off_step", (kept % step.numerator != 0).fill_null(False)))
    return _Units(((kept - kept % step.numerator) // step.numerator).cast(nw.Int64), tuple(faults))


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
