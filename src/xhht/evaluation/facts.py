"""Facts about one subject, and their conversion to the sets that a plan reads.

A value may be plain, an `Evidence` with its source and verifier, a `Waiver`, or a set (`Between`,
`OneOf`) if it is partly known. None and a missing key mean unknown, never "no".
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, TypeAlias, TypeGuard

from attrs import evolve, field, frozen

from xhht.dates import day_text, earliest_within, iso_day
from xhht.errors import FactsError
from xhht.numbers import decimal_label, decimal_places, exact
from xhht.rules.inputs import COUNT_MAX, Input, InputType
from xhht.rules.plan import Plan
from xhht.text import Text, canonical_key, join, normalize_text, suggestion

__all__ = [
    "Between",
    "Evidence",
    "FactReader",
    "GapReason",
    "MemberShare",
    "OneOf",
    "Verification",
    "Waiver",
]


class Verification(StrEnum):
    """The decision of a verifier on a value."""

    VERIFIED = "verified"
    PENDING = "pending"
    REJECTED = "rejected"


class GapReason(StrEnum):
    """Why a fact or criterion prevents a better or certain result."""

    MISSING = "missing"
    INVALID = "invalid"
    OUT_OF_DATE = "out_of_date"
    UNVERIFIED = "unverified"
    BELOW_FLOOR = "below_floor"
    BELOW_THRESHOLD = "below_threshold"
    NOT_MET = "not_met"
    UNDEFINED_SHARE = "undefined_share"
    UNKNOWN_MARK = "unknown_mark"
    CLOSED = "closed"


@frozen(kw_only=True)
class Evidence:
    """A value with its evidence ("minh chứng").

    Attributes:
        value: the value itself, or a set of values.
        source: the document or system that it comes from; not shown in `repr`.
        dated: the date of the evidence.
        verification: the decision of a verifier.
        verified_by: who verified it; not shown in `repr`.
    """

    value: Any = field(repr=False)
    source: str | None = field(default=None, repr=False)
    dated: date | None = None
    verification: Verification = field(default=Verification.PENDING, converter=Verification)
    verified_by: str | None = field(default=None, repr=False)


def is_given(fact: object) -> bool:
    """Return whether a fact states something: not None, and not evidence without a value.

    Evidence that was rejected is given: it makes an input unknown, and nothing is derived or taken
    from a standard in its place.
    """
    value = fact.value if isinstance(fact, Evidence) else fact
    return builtin_value(value) is not None


def _clean_text(value: str) -> str:
    """Return normalised text; empty if the value is not text."""
    return normalize_text(value) if isinstance(value, str) else ""


@frozen(kw_only=True)
class Waiver:
    """An authority's decision that an input is not required: its indicators count as met.

    Attributes:
        reason: the reason; not empty.
        authority: the deciding authority; not empty.
    """

    reason: str = field(converter=_clean_text, repr=False)
    authority: str = field(converter=_clean_text, repr=False)

    def __attrs_post_init__(self) -> None:
        if not self.reason or not self.authority:
            raise FactsError(_WAIVER, code="bad_waiver", field=None)


@frozen
class Between:
    """A number or date within a known range, both ends included."""

    lower: int | float | Decimal | Fraction | date = field(repr=False)
    upper: int | float | Decimal | Fraction | date = field(repr=False)


def _options(options: Iterable[str]) -> frozenset[str]:
    return frozenset(options)


@frozen
class MemberShare:
    """A share of members: how many meet the requirement, and how many do not.

    Either may be a `Between` if it is not known exactly.
    """

    held: int | Between = field(repr=False)
    others: int | Between = field(repr=False)


@frozen
class OneOf:
    """A choice known to be one of some options."""

    options: frozenset[str] = field(converter=_options, repr=False)


_MOST_DIGITS = 60
_INPUT_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST_NAME = 64

ValueSet: TypeAlias = tuple[int, int]


class FactReader:
    """Reads the facts of one evaluation; records why a given value does not count.

    Attributes:
        sets: the set of each given input, before bound propagation.
        reasons: why a given value does not count.
        waivers: the waivers, by input.
        evidence: the evidence, by input.
    """

    def __init__(self, inputs: tuple[Input, ...], as_of: date | None) -> None:
        self._inputs = inputs
        self._as_of = as_of
        self.sets: dict[int, ValueSet] = {}
        self.reasons: dict[int, GapReason] = {}
        self.waivers: dict[int, Waiver] = {}
        self.evidence: dict[int, Evidence] = {}

    def read(self, index: int, value: object) -> ValueSet:
        """Return the set of a value; raises FactsError if it is invalid."""
        declared = self._inputs[index]
        if isinstance(value, Waiver):
            self.waivers[index] = value
            return declared.domain
        evidence = value if isinstance(value, Evidence) else None
        if evidence is not None:
            if evidence.dated is not None and not _is_day(evidence.dated):
                raise _error("not_a_date", declared.declared_input, _DATED)
            self.evidence[index] = evidence
            value = evidence.value
        if builtin_value(value) is None:
            return declared.domain
        value_set = to_value_set(declared, value)
        reason = self._rejection(declared, evidence)
        if reason is None:
            self.sets[index] = value_set
            return value_set
        self.reasons[index] = reason
        return declared.domain

    def _rejection(self, declared: Input, evidence: Evidence | None) -> GapReason | None:
        """Return why a value does not count, or None if it counts."""
        if evidence is None:
            return GapReason.UNVERIFIED if declared.evidence.required else None
        if evidence.verification is Verification.REJECTED:
            return GapReason.INVALID
        rule = declared.evidence
        if rule.required and evidence.verification is not Verification.VERIFIED:
            return GapReason.UNVERIFIED
        if rule.valid_months is not None and self._as_of is not None:
            if evidence.dated is None or evidence.dated > self._as_of:
                return GapReason.UNVERIFIED
            if evidence.dated < earliest_within(rule.valid_months, self._as_of):
                return GapReason.OUT_OF_DATE
        return None


_BUILTIN_TYPES = (bool, int, float, str, Decimal, Fraction, date, Between, OneOf)


def builtin_value(value: object) -> object:
    """Return a scalar of NumPy or pandas as a built-in value; None if it is their missing value.

    Any other value is returned unchanged. Neither library is imported: types are told by name.

    >>> builtin_value(7), builtin_value("x"), builtin_value(None)
    (7, 'x', None)
    """
    kind = type(value)
    if value is None or kind in _BUILTIN_TYPES:
        return value
    package = kind.__module__.partition(".")[0]
    if package == "pandas" and kind.__name__ in ("NAType", "NaTType"):
        return None
    if package == "numpy" and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, datetime) and package in ("numpy", "pandas") and value.time() == time():
        return value.date()
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        return int(value)
    return value


def to_value_set(declared: Input, value: object) -> ValueSet:
    """Return the set of a plain value or a set of values; raises FactsError if invalid."""
    value = builtin_value(value)
    if isinstance(value, Between):
        if declared.kind in (InputType.BOOL, InputType.CHOICE):
            raise _wrong_type(declared)
        lower, upper = _unit_of(declared, value.lower), _unit_of(declared, value.upper)
        if lower > upper:
            raise _error("out_of_bounds", declared, _EMPTY_RANGE)
        return lower, upper
    if declared.kind is InputType.CHOICE:
        options = value.options if isinstance(value, OneOf) else [value]
        bits = [_option(declared, option) for option in options]
        if not bits:
            raise _wrong_type(declared)
        return 0, sum(set(bits))
    if declared.kind is InputType.BOOL:
        if not isinstance(value, bool):
            raise _wrong_type(declared)
        return int(value), int(value)
    units = _unit_of(declared, value)
    return units, units


def share_counts(share: Input, value: object) -> tuple[object, object]:
    """Return the two counts of a share of members; raises FactsError if invalid."""
    value = builtin_value(value)
    if value is None or isinstance(value, Waiver):
        return value, value
    if isinstance(value, Evidence):
        holders, others = share_counts(share, value.value)
        return evolve(value, value=holders), evolve(value, value=others)
    if isinstance(value, MemberShare):
        return value.held, value.others
    number = _number(share, value)
    if not 0 <= number <= 1:
        raise _error("out_of_bounds", share, _BOUNDS, **_bounds(share))
    # A decimal may have nine places, the precision of columns; thirds have no decimal form.
    is_decimal = decimal_places(number) is not None
    if number.denominator > COUNT_MAX or (is_decimal and (number * COUNT_MAX).denominator != 1):
        raise _error("off_step", share, _OFF_STEP, step=decimal_label(Fraction(1, COUNT_MAX)))
    return number.numerator, number.denominator - number.numerator


def is_rate(value: object) -> bool:
    """Return whether a share of members is given as a number, without its counts."""
    if isinstance(value, Evidence):
        value = value.value
    return value is not None and not isinstance(value, (MemberShare, Waiver))


def _option(declared: Input, value: object) -> int:
    if not isinstance(value, str):
        raise _wrong_type(declared)
    option = normalize_text(value)
    if option not in declared.choices:
        raise _error("unknown_choice", declared, _CHOICE, choices=", ".join(declared.choices))
    return 1 << declared.choices.index(option)


def _unit_of(declared: Input, value: object) -> int:
    if type(value) is int and declared.kind is InputType.COUNT:
        if declared.minimum <= value <= declared.maximum:
            return value
        raise _error("out_of_bounds", declared, _BOUNDS, **_bounds(declared))
    number = _day(declared, value) if declared.kind is InputType.DATE else _number(declared, value)
    units = number / declared.step
    if not declared.minimum <= units <= declared.maximum:
        raise _error("out_of_bounds", declared, _BOUNDS, **_bounds(declared))
    if units.denominator != 1:
        raise _off_step(declared)
    return units.numerator


def _day(declared: Input, value: object) -> Fraction:
    if isinstance(value, str):
        try:
            value = iso_day(normalize_text(value))
        except ValueError:
            raise _error("not_a_date", declared, _DATE) from None
    if not _is_day(value):
        raise _wrong_type(declared)
    return Fraction(value.toordinal())


def _is_day(value: object) -> TypeGuard[date]:
    return isinstance(value, date) and not isinstance(value, datetime)


def _number(declared: Input, value: object) -> Fraction:
    value = builtin_value(value)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, Fraction)):
        raise _wrong_type(declared)
    if not _is_finite(value):
        raise _error("not_a_number", declared, _NOT_FINITE)
    if isinstance(value, Decimal) and value:
        # As a fraction, such a number would exhaust the memory.
        if value.adjusted() > _MOST_DIGITS:
            raise _error("out_of_bounds", declared, _BOUNDS, **_bounds(declared))
        if value.adjusted() - len(value.as_tuple().digits) < -_MOST_DIGITS:
            raise _off_step(declared)
    return exact(value)


def _is_finite(value: int | float | Decimal | Fraction) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite()
    return not isinstance(value, float) or math.isfinite(value)


def _bounds(declared: Input) -> dict[str, Text]:
    def text(end: int) -> Text:
        if declared.kind is InputType.DATE:
            return day_text(date.fromordinal(end))
        return decimal_label(declared.number(end))

    return {"low": text(declared.minimum), "high": text(declared.maximum)}


def _off_step(declared: Input) -> FactsError:
    return _error("off_step", declared, _OFF_STEP, step=decimal_label(declared.step))


def _wrong_type(declared: Input) -> FactsError:
    return _error("wrong_type", declared, _TYPE, kind=KIND_LABELS[declared.kind])


def _error(code: str, declared: Input, text: Text, **values: object) -> FactsError:
    text = text.format(name=declared.name, **values)
    return FactsError(text, code=code, field=declared.declared_input.name)


def unknown_key_error(facts: Iterable[object], known: Collection[str]) -> FactsError:
    """Return the error for the first unknown key of `facts`."""
    numbered = enumerate(facts, 1)
    position, key = next(
        (position, str(candidate)) for position, candidate in numbered if candidate not in known
    )
    likely = suggestion(key[:_LONGEST_NAME], known)
    name = key if looks_like_input_name(key, known) else None
    text = (_UNKNOWN_LIKELY if likely else _UNKNOWN).format(
        name=f"'{name}'" if name else _NTH_KEY.format(position=position), likely=likely
    )
    return FactsError(text, code="unknown_key", field=name)


def unknown_columns(
    columns: Iterable[str], known: Collection[str], likely: Collection[str]
) -> Text | None:
    """Return the unknown columns of a table as text, None if there are none.

    Without a header the first line is a person's data, which no message may repeat: a name that
    does not look like an input is replaced by its position.

    Args:
        columns: the header.
        known: the known names.
        likely: the names to suggest.
    """
    labels = [
        _unknown_column(position, name, likely)
        for position, name in enumerate(columns, 1)
        if name and name not in known
    ]
    if not labels:
        return None
    return join(labels, ", ")


def _unknown_column(position: int, name: str, likely: Collection[str]) -> Text:
    is_safe = looks_like_input_name(name, likely)
    column = Text(vi=name, en=name) if is_safe else _NTH_COLUMN.format(position=position)
    likely_name = suggestion(name, likely)
    return _LIKELY_COLUMN.format(column=column, likely=likely_name) if likely_name else column


def looks_like_input_name(name: str, known: Iterable[str]) -> bool:
    """Return whether a key or column looks like an input name, and not like personal data.

    It does if it has the form of an input name, or differs from one of `known` only in case and
    diacritics.
    """
    if len(name) > _LONGEST_NAME:
        return False
    return bool(_INPUT_NAME.fullmatch(name)) or canonical_key(name) in map(canonical_key, known)


def propagate_bounds(plan: Plan, lows: list[int], highs: list[int]) -> tuple[Input, Input] | None:
    """Narrow, by bound propagation, the sets of inputs; return the first conflicting pair."""
    for smaller, larger in reversed(plan.bound_pairs):
        if highs[smaller] > highs[larger]:
            highs[smaller] = highs[larger]
            if highs[smaller] < lows[smaller]:
                return plan.inputs[smaller], plan.inputs[larger]
    for smaller, larger in plan.bound_pairs:
        if lows[larger] < lows[smaller]:
            lows[larger] = lows[smaller]
            if highs[larger] < lows[larger]:
                return plan.inputs[smaller], plan.inputs[larger]
    return None


def above_bound_error(smaller: Input, larger: Input) -> FactsError:
    """Return the error for a value above the input that bounds it."""
    return _error("at_most", smaller, _AT_MOST, larger=larger.name)


def as_mapping(facts: object) -> Mapping[str, object]:
    """Return facts as a mapping: a mapping unchanged, an attrs object by its fields."""
    if isinstance(facts, Mapping):
        return facts
    attributes = getattr(type(facts), "__attrs_attrs__", None)
    if attributes is None:
        raise FactsError(_NOT_FACTS, code="not_an_object", field=None)
    return {attribute.name: getattr(facts, attribute.name) for attribute in attributes}


KIND_LABELS: Final[Mapping[InputType, Text]] = {
    InputType.BOOL: Text(vi="đúng/sai (true hoặc false)", en="true or false"),
    InputType.COUNT: Text(vi="số nguyên", en="a whole number"),
    InputType.DECIMAL: Text(vi="số thập phân", en="a number"),
    InputType.SHARE: Text(vi="tỉ lệ từ 0 đến 1", en="a share between 0 and 1"),
    InputType.CHOICE: Text(vi="một lựa chọn", en="one of the options, as text"),
    InputType.DATE: Text(vi="ngày dạng 2024-12-31", en="a date like 2024-12-31"),
    InputType.ASSESSED: Text(vi="điểm chấm", en="the awarded points"),
}
"""The name of each kind of value in messages."""

_TYPE = Text(vi="'{name}' phải là {kind}.", en="'{name}' must be {kind}.")
_CHOICE = Text(
    vi="'{name}' không có lựa chọn này; các lựa chọn hợp lệ: {choices}.",
    en="'{name}' has no such option; allowed options: {choices}.",
)
_OFF_STEP = Text(
    vi="'{name}' có quá nhiều chữ số thập phân; vui lòng dùng bội số của {step}.",
    en="'{name}' has too many decimal places; use a multiple of {step}.",
)
_BOUNDS = Text(
    vi="'{name}' phải trong khoảng từ {low} đến {high}.",
    en="'{name}' must be between {low} and {high}.",
)
_EMPTY_RANGE = Text(
    vi="'{name}' có khoảng không hợp lệ: đầu dưới lớn hơn đầu trên; vui lòng đổi chỗ hai đầu.",
    en="'{name}' has a range whose lower end exceeds its upper end; swap them.",
)
_DATE = Text(
    vi="'{name}' không phải ngày hợp lệ; vui lòng viết như 2024-12-31.",
    en="'{name}' is not a valid date; write it like 2024-12-31.",
)
_DATED = Text(
    vi="Ngày của minh chứng cho '{name}' không hợp lệ; vui lòng nêu một ngày (date).",
    en="The evidence date of '{name}' is invalid; give a date.",
)
_NOT_FINITE = Text(
    vi="'{name}' không phải số hữu hạn (NaN hoặc vô cực); nếu chưa biết, vui lòng để trống.",
    en="'{name}' must be a finite number, not NaN or infinity; if unknown, omit it.",
)
_UNKNOWN = Text(
    vi="Bộ tiêu chí không dùng {name}; vui lòng bỏ khóa này.",
    en="The profile does not use {name}; remove this key.",
)
_UNKNOWN_LIKELY = Text(
    vi="Bộ tiêu chí không dùng {name}; có phải ý bạn là '{likely}'?",
    en="The profile does not use {name}; did you mean '{likely}'?",
)
_NTH_COLUMN = Text(vi="cột thứ {position}", en="column {position}")
_LIKELY_COLUMN = Text(
    vi="{column} (có phải ý bạn là '{likely}'?)", en="{column} (did you mean '{likely}'?)"
)
_NTH_KEY = Text(vi="khóa thứ {position}", en="key number {position}")
_AT_MOST = Text(
    vi="'{name}' lớn hơn '{larger}'; vui lòng kiểm tra hai số này.",
    en="'{name}' exceeds '{larger}'; check both numbers.",
)
_NOT_FACTS = Text(
    vi="Dữ kiện của một đối tượng phải gồm khóa và giá trị (dict hoặc đối tượng attrs).",
    en="The facts of a subject must be keys with values; pass a dict or an attrs object.",
)
_WAIVER = Text(
    vi="Việc miễn minh chứng phải nêu lý do và cơ quan quyết định.",
    en="A waiver must state its reason and the deciding authority.",
)
