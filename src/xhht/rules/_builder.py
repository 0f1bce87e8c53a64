"""Builds the operators of a plan: equal operators stand once, constants are folded."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import reduce
from operator import or_

from attrs import evolve, frozen

from xhht.rules.expressions import Condition
from xhht.rules.inputs import Input
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
    Portion,
    Product,
    Read,
    Rounded,
    meaning,
    operands,
)

_FIRST_DAY, _LAST_DAY = 1, 3_652_059
_MOST_CASES = 6
_MOST_REWRITTEN = 200_000  # operands; the bundled profiles take a few dozen
_DEEPEST_REWRITING = 40


@frozen
class Form:
    """A number as a sum: places of the plan with rational factors, and a constant."""

    terms: Mapping[int, Fraction]
    constant: Fraction = Fraction(0)

    def plus(self, other: Form, factor: Fraction = Fraction(1)) -> Form:
        """Return `self + factor * other`."""
        terms = dict(self.terms)
        for place, each in other.terms.items():
            terms[place] = terms.get(place, Fraction(0)) + factor * each
        kept = {place: each for place, each in terms.items() if each}
        return Form(kept, self.constant + factor * other.constant)

    def times(self, factor: Fraction) -> Form:
        """Return `factor * self`."""
        return Form({}).plus(self, factor)


class Builder:
    """The operators made so far, each once, with their bounds over all facts."""

    def __init__(self, inputs: tuple[Input, ...]) -> None:
        self.inputs = inputs
        self.operators: list[Operator] = []
        self.bounds: list[Interval] = []
        self._places: dict[Operator, int] = {}
        self._truths = 0
        self._own_bit: list[int] = []
        self._read_bits: list[int] = []
        self._loose: list[bool] = []
        self._marks: dict[Condition, int] = {}
        self._given: dict[tuple[int, int], dict[int, int]] = {}
        self._left_to_rewrite = _MOST_REWRITTEN
        self._rewriting = 0

    def add(self, operator: Operator) -> int:
        """Return the place of `operator`, made new only if it is not there yet."""
        place = self._places.get(operator)
        if place is not None:
            return place
        bounds = self._bounds_of(operator)
        if bounds[0] == bounds[1] and not isinstance(operator, Known):
            place = self.add(Known(*bounds))
            self._places[operator] = place
            return place
        self.operators.append(operator)
        self.bounds.append(bounds)
        self._note_truths(operator, bounds)
        self._places[operator] = len(self.operators) - 1
        return self._places[operator]

    def _note_truths(self, operator: Operator, bounds: Interval) -> None:
        """Remember, as bits, the truths that a new operator is made of, itself among them."""
        # Nothing settles an unknown mark: two of them need not be the same truth, nor need two
        # truths be that are made of them alike.
        loose = isinstance(operator, Known) and bounds[0] != bounds[1] and not operator.mark
        self._loose.append(loose or any(self._loose[i] for i in operands(operator)))
        own = 1 << self._truths if bounds == (0, 1) and not self._loose[-1] else 0
        self._truths += bool(own)
        self._own_bit.append(own)
        self._read_bits.append(reduce(or_, (self._read_bits[i] for i in operands(operator)), own))

    def _bounds_of(self, operator: Operator) -> Interval:
        match operator:
            case Read(index):
                return self.inputs[index].domain
            case Among(index, mask):
                whole = self.inputs[index].domain[1]
                return int(whole & ~mask == 0), int(whole & mask != 0)
            case AsOfDay():
                return _FIRST_DAY, _LAST_DAY
            case _:
                return meaning(operator, tuple(self.bounds[i] for i in operands(operator)))

    def known(self, value: int) -> int:
        """Return the place of a constant."""
        return self.add(Known(value, value))

    def unknown(self) -> int:
        """Return the place of the truth that nothing settles."""
        return self.add(Known(0, 1))

    def open_where(self, hidden: int, truth: int, comparison: Condition) -> int:
        """Return the place of a comparison's truth, open where a value that it asks is hidden.

        Wherever the same comparison is made the truth is the same, and of another one it need
        not be, even if both come to the same wherever the value is shown.
        """
        mark = self._marks.setdefault(comparison, len(self._marks) + 1)
        return self.choose(hidden, self.add(Known(0, 1, mark)), truth)

    def is_known(self, place: int, value: int) -> bool:
        """Return whether the place holds just `value`, whatever the facts."""
        return self.bounds[place] == (value, value)

    def linear(self, terms: Iterable[tuple[int, int]], constant: int = 0) -> int:
        """Return the place of a sum; constants among the operands are folded."""
        factors: dict[int, int] = {}
        for place, factor in terms:
            low, high = self.bounds[place]
            if low == high:
                constant += factor * low
            else:
                factors[place] = factors.get(place, 0) + factor
        factors = {place: factor for place, factor in sorted(factors.items()) if factor}
        if list(factors.values()) == [1] and not constant:
            return next(iter(factors))
        return self.add(Linear(tuple(factors), tuple(factors.values()), constant))

    def negation(self, truth: int) -> int:
        """Return the place of the opposite truth."""
        return self.linear([(truth, -1)], 1)

    def all_of(self, truths: Iterable[int]) -> int:
        """Return the place of the truth that all hold; of none, that is true."""
        return self.extreme([self.known(1), *truths], greatest=False)

    def any_of(self, truths: Iterable[int]) -> int:
        """Return the place of the truth that some holds; of none, that is false."""
        return self.extreme([self.known(0), *truths], greatest=True)

    def extreme(self, places: Iterable[int], *, greatest: bool) -> int:
        """Return the place of the greatest or least of some numbers, at least one."""
        listed = tuple(dict.fromkeys(places))
        bounds = [self.bounds[place] for place in listed]
        # What never goes beyond the others' nearest end is never the greatest, or the least.
        if greatest:
            edge = max(low for low, _ in bounds)
            kept = [p for p, (_, high) in zip(listed, bounds, strict=True) if high > edge]
            reached = any(self.bounds[place][0] == edge for place in kept)
        else:
            edge = min(high for _, high in bounds)
            kept = [p for p, (low, _) in zip(listed, bounds, strict=True) if low < edge]
            reached = any(self.bounds[place][1] == edge for place in kept)
        if not reached:
            kept.append(self.known(edge))
        if len(kept) == 1:
            return kept[0]
        return self.add(Greatest(tuple(kept)) if greatest else Least(tuple(kept)))

    def choose(self, condition: int, then: int, other: int) -> int:
        """Return the place of a choice; within each case its condition is settled."""
        if self.is_known(condition, 1):
            return then
        if self.is_known(condition, 0):
            return other
        then, other = self.given(then, condition, 1), self.given(other, condition, 0)
        return then if then == other else self.add(Choose(condition, then, other))

    def given(self, place: int, truth: int, value: int) -> int:
        """Return the place of what `place` comes to where a truth is known to be 1 or 0.

        Beyond a fair amount of rewriting `place` stays as it is: sound, if not as narrow.
        """
        if not self._read_bits[place] & self._own_bit[truth]:
            return place
        instead = self._given.setdefault((truth, value), {truth: self.known(value)})
        if place in instead:
            return instead[place]
        if self._left_to_rewrite <= 0 or self._rewriting >= _DEEPEST_REWRITING:
            return place
        self._rewriting += 1
        for each in self._hanging_on(truth, place, instead):
            of = tuple(instead.get(other, other) for other in operands(self.operators[each]))
            instead[each] = self._again(self.operators[each], of)
        self._rewriting -= 1
        return instead[place]

    def _hanging_on(self, truth: int, place: int, known: Mapping[int, int]) -> list[int]:
        """Return `place` and what it is made of, as far as it hangs on a truth, in order.

        What is `known` already is left out.
        """
        found: set[int] = set()
        waiting = [place]
        while waiting:
            each = waiting.pop()
            hangs = self._read_bits[each] & self._own_bit[truth]
            if hangs and each not in found and each not in known:
                found.add(each)
                waiting += operands(self.operators[each])
                self._left_to_rewrite -= len(operands(self.operators[each]))
        return sorted(found)

    def by_cases(self, place: int, truths: Iterable[int]) -> int:
        """Return the same place as a choice among the cases of some truths.

        So uses of one unknown that lie apart are judged together. Beyond a few truths the cases
        would be too many, and `place` stays as it is: sound, if not as narrow.
        """
        asked = tuple(dict.fromkeys(truths))
        return self._cases(place, asked) if len(asked) <= _MOST_CASES else place

    def _cases(self, place: int, truths: tuple[int, ...]) -> int:
        if not truths:
            return place
        cases = (self.given(place, truths[0], value) for value in (1, 0))
        return self.choose(truths[0], *(self._cases(case, truths[1:]) for case in cases))

    def _again(self, operator: Operator, of: tuple[int, ...]) -> int:
        """Return the place of an operator over other operands."""
        match operator:
            case Linear(_, factors, constant):
                return self.linear(zip(of, factors, strict=True), constant)
            case Least():
                return self.extreme(of, greatest=False)
            case Greatest():
                return self.extreme(of, greatest=True)
            case Choose():
                return self.choose(*of)
            case AtLeastZero() | IsZero() | Rounded():
                return self.add(evolve(operator, of=of[0]))
            case Product():
                return self.add(Product(*of))
            case Defined():
                return self.add(Defined(*of))
            case Portion():
                return self.add(evolve(operator, numerator=of[0], denominator=of[1]))
            case _:
                raise TypeError(operator)

    def at_least_zero(self, form: Form, *, strictly: bool = False) -> int:
        """Return the place of the truth that a sum is at least 0, or above it."""
        terms, constant = whole(form)
        return self.add(AtLeastZero(self.linear(terms, constant - int(strictly))))

    def is_zero(self, form: Form) -> int:
        """Return the place of the truth that a sum is 0."""
        terms, constant = whole(form)
        return self.add(IsZero(self.linear(terms, constant)))

    def place_of(self, form: Form) -> tuple[int, Fraction]:
        """Return a place that holds a sum, and the number that one unit there stands for."""
        factors = [*form.terms.values(), form.constant]
        step = Fraction(
            math.gcd(*(f.numerator for f in factors)) or 1,
            math.lcm(*(f.denominator for f in factors)),
        )
        terms = [(place, (factor / step).numerator) for place, factor in form.terms.items()]
        return self.linear(terms, (form.constant / step).numerator), step

    def read(self, index: int) -> Form:
        """Return an input as a number."""
        return Form({self.add(Read(index)): self.inputs[index].step})

    def truth_input(self, index: int) -> int:
        """Return the place of a `bool` input."""
        return self.add(Read(index))

    def among(self, index: int, options: Iterable[str]) -> int:
        """Return the place of the truth that a choice is one of `options`."""
        choices = self.inputs[index].choices
        mask = sum(1 << choices.index(option) for option in set(options))
        return self.add(Among(index, mask))


def whole(form: Form) -> tuple[list[tuple[int, int]], int]:
    """Return a sum of the same sign with whole factors that share no divisor."""
    factors = [*form.terms.values(), form.constant]
    scale = math.lcm(*(f.denominator for f in factors))
    numbers = [(f * scale).numerator for f in factors]
    shared = math.gcd(*numbers) or 1
    terms = [(p, n // shared) for p, n in zip(form.terms, numbers[:-1], strict=True)]
    return terms, numbers[-1] // shared
