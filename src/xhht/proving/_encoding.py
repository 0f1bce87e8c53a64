"""Writes a plan as formulas of the solver: for every operator the two ends of its interval.

The formulas say what `xhht.rules.plan.meaning` says, for facts that are all known. Where no mark is
missing and no share is one of nothing both ends are one formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import z3
from attrs import frozen

from xhht.exact import Rounding
from xhht.rules.plan import (
    Among,
    AsOfDay,
    AtLeastZero,
    Choose,
    Defined,
    Greatest,
    Interval,
    IsZero,
    Known,
    Least,
    Linear,
    Operator,
    Plan,
    Portion,
    Product,
    Read,
    Rounded,
    operands,
    part,
)

Formula: TypeAlias = Any
"""A formula of the solver, whole number or truth; it comes without types."""

_MOST_STEPS = 200
_MOST_VALUES = 64


@frozen(eq=False)
class Span:
    """Both ends of an interval; one formula where nothing is open."""

    low: Formula
    high: Formula

    @classmethod
    def sure(cls, formula: Formula) -> Span:
        """Return the span of one formula."""
        return cls(formula, formula)

    @property
    def is_sure(self) -> bool:
        """Whether both ends are the same formula."""
        return self.low is self.high

    def map(self, change: Callable[[Formula], Formula]) -> Span:
        """Return the span with a rising function of both ends."""
        if self.is_sure:
            return Span.sure(change(self.low))
        return Span(change(self.low), change(self.high))

    @property
    def holds(self) -> Formula:
        """That a truth is certain."""
        return truth(self.low)

    @property
    def may_hold(self) -> Formula:
        """That a truth is possible."""
        return truth(self.high)

    @property
    def least(self) -> Formula:
        """The low end as a number."""
        return number(self.low)

    @property
    def most(self) -> Formula:
        """The high end as a number."""
        return number(self.high)


def truth(formula: Formula) -> Formula:
    """Return 0 or 1 as a truth."""
    return formula if z3.is_bool(formula) else formula >= 1


def number(formula: Formula) -> Formula:
    """Return a truth as 0 or 1."""
    return z3.If(formula, z3.IntVal(1), z3.IntVal(0)) if z3.is_bool(formula) else formula


class Encoding:
    """The formulas of one plan over given inputs, each made when it is first asked for."""

    def __init__(
        self,
        plan: Plan,
        inputs: Sequence[Formula],
        day: Callable[[int], Formula],
        like: Encoding | None = None,
    ) -> None:
        """Begin with nothing encoded.

        Args:
            plan: the plan.
            inputs: a formula for each input.
            day: the formula of `AsOfDay` for so many months.
            like: an encoding of the same plan whose formulas are used again where the same inputs
                are read.
        """
        self.plan = plan
        self.inputs = tuple(inputs)
        self._day = day
        self._like = like
        self._spans: dict[int, Span] = {}

    def span(self, place: int) -> Span:
        """Return the interval at a place of the plan."""
        waiting = [place]
        while waiting:
            each = waiting[-1]
            missing = [p for p in operands(self.plan.operators[each]) if p not in self._spans]
            waiting += missing
            if not missing:
                waiting.pop()
                if each not in self._spans:
                    self._spans[each] = self._encode(each)
        return self._spans[place]

    def encoded(self) -> dict[int, Span]:
        """Return all that is encoded so far, by place."""
        return dict(self._spans)

    def _encode(self, place: int) -> Span:
        operator = self.plan.operators[place]
        of = [self._spans[each] for each in operands(operator)]
        if self._like is not None and self._reads_the_same(operator):
            before = self._like.span(place)
            if all(a is self._like.span(p) for a, p in zip(of, operands(operator), strict=True)):
                return before
        return self._meaning(operator, of, self.plan.bounds[place])

    def _reads_the_same(self, operator: Operator) -> bool:
        if self._like is None or not isinstance(operator, (Read, Among)):
            return True
        return self.inputs[operator.input] is self._like.inputs[operator.input]

    def _told(self, operator: Operator, bounds: Interval) -> Span:
        """Return what an operator reads that has no operands."""
        match operator:
            case Known(low, high):
                return Span.sure(_constant(low)) if low == high else Span(*map(_constant, bounds))
            case Read(index):
                return Span.sure(self.inputs[index])
            case Among(index, mask):
                found = [b for b in range(mask.bit_length()) if mask >> b & 1]
                return Span.sure(z3.Or([self.inputs[index] == option for option in found]))
            case AsOfDay(months):
                return Span.sure(self._day(months))
            case _:
                raise TypeError(operator)

    def _meaning(self, operator: Operator, of: list[Span], bounds: Interval) -> Span:
        match operator:
            case Linear(_, factors, constant):
                return _linear(of, factors, constant, bounds)
            case Product(left, right):
                return _product(of, (self.plan.bounds[left], self.plan.bounds[right]))
            case Least(places) | Greatest(places):
                truths = all(_is_truth(self.plan.bounds[place]) for place in places)
                return _extreme(of, truths=truths, greatest=isinstance(operator, Greatest))
            case AtLeastZero():
                return of[0].map(lambda end: number(end) >= 0)
            case IsZero():
                return _is_zero(of[0])
            case Choose():
                return _choose(*of)
            case Defined():
                above = of[0].least > 0
                return Span(z3.And(above, of[1].holds), z3.Or(z3.Not(above), of[1].may_hold))
            case Portion():
                return _portion(operator, of, self.plan.bounds[operator.denominator])
            case Rounded(_, divisor, step, mode):
                return of[0].map(lambda end: step * _rounded(number(end), divisor * step, mode))
            case _:
                return self._told(operator, bounds)


def _constant(value: int) -> Formula:
    return z3.IntVal(value)


def _is_truth(bounds: Interval) -> bool:
    return bounds[0] >= 0 and bounds[1] <= 1


def _linear(of: list[Span], factors: tuple[int, ...], constant: int, bounds: Interval) -> Span:
    if factors == (-1,) and constant == 1 and _is_truth(bounds):
        (one,) = of
        if one.is_sure:
            return Span.sure(z3.Not(truth(one.low)))
        return Span(z3.Not(truth(one.high)), z3.Not(truth(one.low)))
    pairs = list(zip(of, factors, strict=True))
    low = z3.Sum([constant, *(f * (s.least if f > 0 else s.most) for s, f in pairs)])
    if all(span.is_sure for span in of):
        return Span.sure(low)
    high = z3.Sum([constant, *(f * (s.most if f > 0 else s.least) for s, f in pairs)])
    return Span(low, high)


def _product(of: list[Span], bounds: tuple[Interval, Interval]) -> Span:
    left, right = of
    if left.is_sure and right.is_sure:
        return Span.sure(_times(left.least, right.least, bounds))
    corners = [_times(x, y, bounds) for x in (left.least, left.most) for y in _ends(right)]
    return Span(_pick(corners, greatest=False), _pick(corners, greatest=True))


def _ends(span: Span) -> tuple[Formula, Formula]:
    return span.least, span.most


def _times(left: Formula, right: Formula, bounds: tuple[Interval, Interval]) -> Formula:
    """Return a product, of few values by cases so that the solver can decide it."""
    sizes = [high - low for low, high in bounds]
    if min(sizes) > _MOST_VALUES:
        return left * right
    (few, (low, high)), other = (
        ((left, bounds[0]), right) if sizes[0] <= sizes[1] else ((right, bounds[1]), left)
    )
    product = high * other
    for value in range(high - 1, low - 1, -1):
        product = z3.If(few == value, value * other, product)
    return product


def _extreme(of: list[Span], *, truths: bool, greatest: bool) -> Span:
    def pick(ends: list[Formula]) -> Formula:
        if truths:
            return (z3.Or if greatest else z3.And)([truth(end) for end in ends])
        return _pick([number(end) for end in ends], greatest=greatest)

    low = pick([span.low for span in of])
    if all(span.is_sure for span in of):
        return Span.sure(low)
    return Span(low, pick([span.high for span in of]))


def _pick(numbers: list[Formula], *, greatest: bool) -> Formula:
    found = numbers[0]
    for each in numbers[1:]:
        found = z3.If(each > found if greatest else each < found, each, found)
    return found


def _is_zero(of: Span) -> Span:
    if of.is_sure:
        return Span.sure(of.least == 0)
    return Span(z3.And(of.least == 0, of.most == 0), z3.And(of.least <= 0, of.most >= 0))


def _choose(condition: Span, then: Span, other: Span) -> Span:
    low = _either(condition, then.low, other.low, greatest=False)
    if condition.is_sure and then.is_sure and other.is_sure:
        return Span.sure(low)
    return Span(low, _either(condition, then.high, other.high, greatest=True))


def _either(condition: Span, then: Formula, other: Formula, *, greatest: bool) -> Formula:
    if not (z3.is_bool(then) and z3.is_bool(other)):
        then, other = number(then), number(other)
    if condition.is_sure:
        return z3.If(condition.holds, then, other)
    if z3.is_bool(then):
        both = (z3.Or if greatest else z3.And)(then, other)
    else:
        both = _pick([then, other], greatest=greatest)
    unless = z3.If(condition.may_hold, both, other)
    return z3.If(condition.holds, then, unless)


def _portion(operator: Portion, of: list[Span], whole: Interval) -> Span:
    numerator, denominator = of
    low = _part(operator, numerator.least, denominator.most)
    if numerator.is_sure and denominator.is_sure and whole[0] > 0:
        return Span.sure(low)
    high = _part(operator, numerator.most, denominator.least)
    above = denominator.least > 0
    return Span(z3.If(above, low, 0), z3.If(above, high, operator.points))


def _part(operator: Portion, numerator: Formula, denominator: Formula) -> Formula:
    """Return the rounded points of a share whose denominator is above 0.

    They are a few steps, each of which is reached from some share on: no division is left.
    """
    points, step = operator.points, operator.step
    most = part(points, 1, 1, step, operator.mode)
    steps = -(-most // step)
    if steps > _MOST_STEPS:
        top = _pick([_pick([numerator, _constant(0)], greatest=True), denominator], greatest=False)
        rounded = step * _rounded(points * top, denominator * step, operator.mode)
        return _pick([rounded, _constant(points)], greatest=False)
    reached = [
        z3.If(_reaches(k, points * numerator, step * denominator, operator.mode), 1, 0)
        for k in range(1, steps + 1)
    ]
    total = step * z3.Sum([z3.IntVal(0), *reached])
    return _pick([total, _constant(points)], greatest=False)


def _reaches(k: int, above: Formula, below: Formula, mode: Rounding) -> Formula:
    """Return that `above / below` is rounded to `k` or more, which is 1 or more."""
    match mode:
        case Rounding.HALF_UP:
            return 2 * above >= (2 * k - 1) * below
        case Rounding.HALF_EVEN:
            half = (2 * k - 1) * below
            return 2 * above > half if k % 2 else 2 * above >= half
        case Rounding.UP:
            return above > (k - 1) * below
        case Rounding.DOWN:
            return above >= k * below


def _rounded(dividend: Formula, divisor: Formula, mode: Rounding) -> Formula:
    """Return what `round_ratio` returns."""
    size = z3.If(dividend >= 0, dividend, -dividend)
    whole, rest = size / divisor, size % divisor
    match mode:
        case Rounding.HALF_UP:
            more = 2 * rest >= divisor
        case Rounding.HALF_EVEN:
            more = z3.Or(2 * rest > divisor, z3.And(2 * rest == divisor, whole % 2 == 1))
        case Rounding.UP:
            more = rest > 0
        case Rounding.DOWN:
            more = z3.BoolVal(False)
    found = whole + z3.If(more, 1, 0)
    return z3.If(dividend >= 0, found, -found)
