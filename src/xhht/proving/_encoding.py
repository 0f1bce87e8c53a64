"""Encodes a plan as solver formulas: for every operator the two ends of its interval.

The formulas match `xhht.rules.plan.meaning` for complete facts. Where no threshold is unknown and
no share has the denominator 0, both ends are the same formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, assert_never

import z3
from attrs import frozen

from xhht.numbers import Rounding
from xhht.rules import plan as op
from xhht.rules.plan import Interval, Operator, Plan, operands, portion_of

Formula: TypeAlias = Any
"""A solver formula, an integer or a truth; the solver has no type annotations."""

_MAX_STEPS = 200
_MAX_VALUES = 64


@frozen(eq=False)
class Span:
    """Both ends of an interval; the same formula where nothing is uncertain."""

    lower: Formula
    upper: Formula

    @classmethod
    def exact(cls, formula: Formula) -> Span:
        """Return the span of one formula."""
        return cls(formula, formula)

    @property
    def is_exact(self) -> bool:
        """Whether both ends are the same formula."""
        return self.lower is self.upper

    def map(self, change: Callable[[Formula], Formula]) -> Span:
        """Return the span with an increasing function applied to both ends."""
        if self.is_exact:
            return Span.exact(change(self.lower))
        return Span(change(self.lower), change(self.upper))

    @property
    def certain(self) -> Formula:
        """The formula that a truth is certain."""
        return truth(self.lower)

    @property
    def possible(self) -> Formula:
        """The formula that a truth is possible."""
        return truth(self.upper)

    @property
    def lower_number(self) -> Formula:
        """The lower end as a number."""
        return number(self.lower)

    @property
    def upper_number(self) -> Formula:
        """The upper end as a number."""
        return number(self.upper)


def truth(formula: Formula) -> Formula:
    """Return 0 or 1 as a truth."""
    return formula if z3.is_bool(formula) else formula >= 1


def number(formula: Formula) -> Formula:
    """Return a truth as 0 or 1."""
    return z3.If(formula, z3.IntVal(1), z3.IntVal(0)) if z3.is_bool(formula) else formula


class Encoding:
    """The formulas of one plan over given inputs, each created on first use."""

    def __init__(
        self,
        plan: Plan,
        inputs: Sequence[Formula],
        day: Callable[[int], Formula],
        like: Encoding | None = None,
    ) -> None:
        """Create an empty encoding.

        Args:
            plan: the plan.
            inputs: a formula for each input.
            day: returns the formula of `AsOfDay` for a number of months.
            like: an encoding of the same plan; its formulas are reused where the inputs are the
                same.
        """
        self.plan = plan
        self.inputs = tuple(inputs)
        self._day = day
        self._like = like
        self._spans: dict[int, Span] = {}

    def span(self, index: int) -> Span:
        """Return the interval of an operator of the plan."""
        pending = [index]
        while pending:
            current = pending[-1]
            missing = [
                operand
                for operand in operands(self.plan.operators[current])
                if operand not in self._spans
            ]
            pending += missing
            if not missing:
                pending.pop()
                if current not in self._spans:
                    self._spans[current] = self._encode(current)
        return self._spans[index]

    def encoded(self) -> dict[int, Span]:
        """Return everything encoded so far, by operator index."""
        return dict(self._spans)

    def _encode(self, index: int) -> Span:
        operator = self.plan.operators[index]
        values = [self._spans[operand] for operand in operands(operator)]
        if self._like is not None and self._reads_same_inputs(operator):
            reused = self._like.span(index)
            if all(
                value is self._like.span(operand)
                for value, operand in zip(values, operands(operator), strict=True)
            ):
                return reused
        return self._encode_operator(operator, values, self.plan.bounds[index])

    def _reads_same_inputs(self, operator: Operator) -> bool:
        if self._like is None or not isinstance(operator, (op.Read, op.Among)):
            return True
        return self.inputs[operator.input] is self._like.inputs[operator.input]

    def _encode_leaf(
        self, operator: op.Known | op.Read | op.Among | op.AsOfDay, bounds: Interval
    ) -> Span:
        """Return the interval of an operator without operands."""
        match operator:
            case op.Known(lower, upper):
                return (
                    Span.exact(_constant(lower))
                    if lower == upper
                    else Span(*map(_constant, bounds))
                )
            case op.Read(index):
                return Span.exact(self.inputs[index])
            case op.Among(index, mask):
                options = [bit for bit in range(mask.bit_length()) if mask >> bit & 1]
                return Span.exact(z3.Or([self.inputs[index] == option for option in options]))
            case op.AsOfDay(months):
                return Span.exact(self._day(months))
            case _:
                assert_never(operator)

    def _encode_operator(self, operator: Operator, values: list[Span], bounds: Interval) -> Span:
        match operator:
            case op.Linear(_, factors, constant):
                return _linear(values, factors, constant, bounds)
            case op.Multiply(left, right):
                return _product(values, (self.plan.bounds[left], self.plan.bounds[right]))
            case op.Least(places) | op.Greatest(places):
                truths = all(_is_truth(self.plan.bounds[index]) for index in places)
                return _extreme(values, truths=truths, greatest=isinstance(operator, op.Greatest))
            case op.AtLeastZero():
                return values[0].map(lambda end: number(end) >= 0)
            case op.IsZero():
                return _is_zero(values[0])
            case op.Choose():
                return _choose(*values)
            case op.Defined():
                above = values[0].lower_number > 0
                return Span(
                    z3.And(above, values[1].certain), z3.Or(z3.Not(above), values[1].possible)
                )
            case op.Portion():
                return _portion(operator, values, self.plan.bounds[operator.denominator])
            case op.End(_, upper):
                return Span.exact(values[0].upper if upper else values[0].lower)
            case op.Rounded(_, divisor, step, mode):
                return values[0].map(lambda end: step * _rounded(number(end), divisor * step, mode))
            case _:
                return self._encode_leaf(operator, bounds)


def _constant(value: int) -> Formula:
    return z3.IntVal(value)


def _is_truth(bounds: Interval) -> bool:
    return bounds[0] >= 0 and bounds[1] <= 1


def _linear(spans: list[Span], factors: tuple[int, ...], constant: int, bounds: Interval) -> Span:
    if factors == (-1,) and constant == 1 and _is_truth(bounds):
        (one,) = spans
        if one.is_exact:
            return Span.exact(z3.Not(truth(one.lower)))
        return Span(z3.Not(truth(one.upper)), z3.Not(truth(one.lower)))
    pairs = list(zip(spans, factors, strict=True))
    lowest = (f * (s.lower_number if f > 0 else s.upper_number) for s, f in pairs)
    lower = z3.Sum([constant, *lowest])
    if all(span.is_exact for span in spans):
        return Span.exact(lower)
    highest = (f * (s.upper_number if f > 0 else s.lower_number) for s, f in pairs)
    return Span(lower, z3.Sum([constant, *highest]))


def _product(spans: list[Span], bounds: tuple[Interval, Interval]) -> Span:
    left, right = spans
    if left.is_exact and right.is_exact:
        return Span.exact(_times(left.lower_number, right.lower_number, bounds))
    corners = [
        _times(x, y, bounds)
        for x in (left.lower_number, left.upper_number)
        for y in (right.lower_number, right.upper_number)
    ]
    return Span(_pick(corners, greatest=False), _pick(corners, greatest=True))


def _times(left: Formula, right: Formula, bounds: tuple[Interval, Interval]) -> Formula:
    """Return a product; by case distinction if one factor has few values, to keep it decidable."""
    sizes = [upper - lower for lower, upper in bounds]
    if min(sizes) > _MAX_VALUES:
        return left * right
    (narrow, (lower, upper)), other = (
        ((left, bounds[0]), right) if sizes[0] <= sizes[1] else ((right, bounds[1]), left)
    )
    product = upper * other
    for value in range(upper - 1, lower - 1, -1):
        product = z3.If(narrow == value, value * other, product)
    return product


def _extreme(spans: list[Span], *, truths: bool, greatest: bool) -> Span:
    def pick(ends: list[Formula]) -> Formula:
        if truths:
            return (z3.Or if greatest else z3.And)([truth(end) for end in ends])
        return _pick([number(end) for end in ends], greatest=greatest)

    lower = pick([span.lower for span in spans])
    if all(span.is_exact for span in spans):
        return Span.exact(lower)
    return Span(lower, pick([span.upper for span in spans]))


def _pick(numbers: list[Formula], *, greatest: bool) -> Formula:
    extreme = numbers[0]
    for candidate in numbers[1:]:
        extreme = z3.If(
            candidate > extreme if greatest else candidate < extreme, candidate, extreme
        )
    return extreme


def _is_zero(span: Span) -> Span:
    if span.is_exact:
        return Span.exact(span.lower_number == 0)
    return Span(
        z3.And(span.lower_number == 0, span.upper_number == 0),
        z3.And(span.lower_number <= 0, span.upper_number >= 0),
    )


def _choose(condition: Span, then: Span, other: Span) -> Span:
    lower = _either(condition, then.lower, other.lower, greatest=False)
    if condition.is_exact and then.is_exact and other.is_exact:
        return Span.exact(lower)
    return Span(lower, _either(condition, then.upper, other.upper, greatest=True))


def _either(condition: Span, then: Formula, other: Formula, *, greatest: bool) -> Formula:
    if not (z3.is_bool(then) and z3.is_bool(other)):
        then, other = number(then), number(other)
    if condition.is_exact:
        return z3.If(condition.certain, then, other)
    if z3.is_bool(then):
        combined = (z3.Or if greatest else z3.And)(then, other)
    else:
        combined = _pick([then, other], greatest=greatest)
    otherwise = z3.If(condition.possible, combined, other)
    return z3.If(condition.certain, then, otherwise)


def _portion(operator: op.Portion, spans: list[Span], denominator_bounds: Interval) -> Span:
    numerator, denominator = spans
    if operator.is_rest:
        return _portion_of_rest(operator, numerator, denominator)
    lower = _part(operator, numerator.lower_number, denominator.upper_number)
    if numerator.is_exact and denominator.is_exact and denominator_bounds[0] > 0:
        return Span.exact(lower)
    upper = _part(operator, numerator.upper_number, denominator.lower_number)
    is_positive = denominator.lower_number > 0
    return Span(z3.If(is_positive, lower, 0), z3.If(is_positive, upper, operator.points))


def _portion_of_rest(operator: op.Portion, numerator: Span, rest: Span) -> Span:
    """Return the interval of a portion whose denominator is what the numerator lacks."""

    def part(top: Formula, lacking: Formula) -> Formula:
        positive = _pick([lacking, _constant(0)], greatest=True)
        return z3.If(top > 0, _part(operator, top, top + positive), 0)

    lower = part(numerator.lower_number, rest.upper_number)
    if numerator.is_exact and rest.is_exact:
        return Span.exact(lower)
    lacks_nothing = z3.And(rest.upper_number <= 0, numerator.upper_number > 0)
    upper = part(numerator.upper_number, rest.lower_number)
    return Span(z3.If(lacks_nothing, operator.points, lower), upper)


def _part(operator: op.Portion, numerator: Formula, denominator: Formula) -> Formula:
    """Return the rounded points of a share whose denominator is above 0.

    The points take few values, each reached above some share, so no division is needed.
    """
    points, step = operator.points, operator.step
    maximum = portion_of(points, 1, 1, step, operator.mode)
    steps = -(-maximum // step)
    if steps > _MAX_STEPS:
        capped = _pick(
            [_pick([numerator, _constant(0)], greatest=True), denominator], greatest=False
        )
        rounded = step * _rounded(points * capped, denominator * step, operator.mode)
        return _pick([rounded, _constant(points)], greatest=False)
    reached = [
        z3.If(_reaches(k, points * numerator, step * denominator, operator.mode), 1, 0)
        for k in range(1, steps + 1)
    ]
    total = step * z3.Sum([z3.IntVal(0), *reached])
    return _pick([total, _constant(points)], greatest=False)


def _reaches(k: int, dividend: Formula, divisor: Formula, mode: Rounding) -> Formula:
    """Return that `dividend / divisor` is rounded to `k` or more; `k` is at least 1."""
    match mode:
        case Rounding.HALF_UP:
            return 2 * dividend >= (2 * k - 1) * divisor
        case Rounding.HALF_EVEN:
            half = (2 * k - 1) * divisor
            return 2 * dividend > half if k % 2 else 2 * dividend >= half
        case Rounding.UP:
            return dividend > (k - 1) * divisor
        case Rounding.DOWN:
            return dividend >= k * divisor
        case _:
            assert_never(mode)


def _rounded(dividend: Formula, divisor: Formula, mode: Rounding) -> Formula:
    """Return the same number as `round_ratio`."""
    absolute = z3.If(dividend >= 0, dividend, -dividend)
    quotient, remainder = absolute / divisor, absolute % divisor
    match mode:
        case Rounding.HALF_UP:
            rounds_up = 2 * remainder >= divisor
        case Rounding.HALF_EVEN:
            rounds_up = z3.Or(
                2 * remainder > divisor, z3.And(2 * remainder == divisor, quotient % 2 == 1)
            )
        case Rounding.UP:
            rounds_up = remainder > 0
        case Rounding.DOWN:
            rounds_up = z3.BoolVal(False)
        case _:
            assert_never(mode)
    magnitude = quotient + z3.If(rounds_up, 1, 0)
    return z3.If(dividend >= 0, magnitude, -magnitude)
