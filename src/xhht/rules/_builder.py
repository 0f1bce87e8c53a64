"""Builds the operators of a plan, with common subexpression elimination and constant folding."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import assert_never

from attrs import evolve, frozen

from xhht.rules import plan as op
from xhht.rules.expressions import Condition
from xhht.rules.inputs import Input
from xhht.rules.plan import Interval, Operator, meaning, operands

_FIRST_DAY, _LAST_DAY = 1, 3_652_059
_MAX_CASES = 6
_REWRITE_BUDGET = 200_000  # operands; the bundled profiles take a few dozen
_MAX_REWRITE_DEPTH = 40


@frozen
class LinearForm:
    """A linear form: indices of operators with rational coefficients, and a constant."""

    terms: Mapping[int, Fraction]
    constant: Fraction = Fraction(0)

    def plus(self, other: LinearForm, factor: Fraction = Fraction(1)) -> LinearForm:
        """Return `self + factor * other`."""
        terms = dict(self.terms)
        for index, coefficient in other.terms.items():
            terms[index] = terms.get(index, Fraction(0)) + factor * coefficient
        kept = {index: coefficient for index, coefficient in terms.items() if coefficient}
        return LinearForm(kept, self.constant + factor * other.constant)

    def times(self, factor: Fraction) -> LinearForm:
        """Return `factor * self`."""
        return LinearForm({}).plus(self, factor)


class Builder:
    """The operators built so far, without duplicates, with their bounds over all facts."""

    def __init__(self, inputs: tuple[Input, ...]) -> None:
        self.inputs = inputs
        self.operators: list[Operator] = []
        self.bounds: list[Interval] = []
        self._indices: dict[Operator, int] = {}
        self._truth_count = 0
        self._truth_bit: list[int] = []
        self._dependency_bits: list[int] = []
        self._has_unmarked_unknown: list[bool] = []
        self._marks: dict[Condition, int] = {}
        self._restrictions: dict[tuple[int, int], dict[int, int]] = {}
        self._rewrite_budget = _REWRITE_BUDGET
        self._rewrite_depth = 0

    def add(self, operator: Operator) -> int:
        """Return the index of `operator`, added only if it is new."""
        index = self._indices.get(operator)
        if index is not None:
            return index
        bounds = self._bounds_of(operator)
        if bounds[0] == bounds[1] and not isinstance(operator, op.Known):
            index = self.add(op.Known(*bounds))
            self._indices[operator] = index
            return index
        self.operators.append(operator)
        self.bounds.append(bounds)
        self._note_truths(operator, bounds)
        self._indices[operator] = len(self.operators) - 1
        return self._indices[operator]

    def _note_truths(self, operator: Operator, bounds: Interval) -> None:
        """Record, as bits, the truths that a new operator depends on, itself included."""
        # Unknowns without a mark are independent of each other: two equal operators over them need
        # not have the same truth.
        unmarked_unknown = (
            isinstance(operator, op.Known) and bounds[0] != bounds[1] and not operator.unknown_id
        )
        self._has_unmarked_unknown.append(
            unmarked_unknown or any(self._has_unmarked_unknown[i] for i in operands(operator))
        )
        truth_bit = (
            1 << self._truth_count if bounds == (0, 1) and not self._has_unmarked_unknown[-1] else 0
        )
        self._truth_count += bool(truth_bit)
        # What was closed stays closed in every case of what it was closed from.
        read = () if isinstance(operator, op.End) else operands(operator)
        self._truth_bit.append(truth_bit)
        self._dependency_bits.append(
            reduce(or_, (self._dependency_bits[i] for i in read), truth_bit)
        )

    def _bounds_of(self, operator: Operator) -> Interval:
        match operator:
            case op.Read(input_index):
                return self.inputs[input_index].domain
            case op.Among(input_index, mask):
                option_bits = self.inputs[input_index].domain[1]
                return int(option_bits & ~mask == 0), int(option_bits & mask != 0)
            case op.AsOfDay():
                return _FIRST_DAY, _LAST_DAY
            case op.End(of, _):
                return self.bounds[of]
            case _:
                return meaning(operator, tuple(self.bounds[i] for i in operands(operator)))

    def known(self, value: int) -> int:
        """Return the index of a constant."""
        return self.add(op.Known(value, value))

    def unknown(self) -> int:
        """Return the index of the truth that is always unknown."""
        return self.add(op.Known(0, 1))

    def unknown_where(self, is_unknown: int, truth: int, comparison: Condition) -> int:
        """Return the index of a comparison's truth, unknown while a value in it is unknown.

        The same comparison always has the same truth; different comparisons are independent, even
        if they agree wherever the value is known.
        """
        unknown = self.add(op.Known(0, 1, self._mark_of(comparison)))
        return self.choose(is_unknown, unknown, truth)

    def defined(self, denominator: int, truth: int, comparison: Condition) -> int:
        """Return the index of a comparison's truth, unknown where a denominator may be 0.

        What is the same and what is independent is as in `unknown_where`.
        """
        return self._defined(op.Defined(denominator, truth, self._mark_of(comparison)))

    def _defined(self, operator: op.Defined) -> int:
        if self.bounds[operator.denominator][0] > 0:
            return operator.condition
        return self.add(operator)

    def _mark_of(self, comparison: Condition) -> int:
        return self._marks.setdefault(comparison, len(self._marks) + 1)

    def is_known(self, index: int, value: int) -> bool:
        """Return whether the operator always gives `value`, whatever the facts."""
        return self.bounds[index] == (value, value)

    def linear(self, terms: Iterable[tuple[int, int]], constant: int = 0) -> int:
        """Return the index of a sum; constants among the operands are folded."""
        factors: dict[int, int] = {}
        for index, factor in terms:
            lower, upper = self.bounds[index]
            if lower == upper:
                constant += factor * lower
            else:
                factors[index] = factors.get(index, 0) + factor
        factors = {index: factor for index, factor in sorted(factors.items()) if factor}
        if list(factors.values()) == [1] and not constant:
            return next(iter(factors))
        return self.add(op.Linear(tuple(factors), tuple(factors.values()), constant))

    def end(self, index: int, *, upper: bool) -> int:
        """Return the index of one end of a number or truth."""
        operator = self.operators[index]
        if isinstance(operator, op.Known):
            return self.known(operator.upper if upper else operator.lower)
        return index if isinstance(operator, op.End) else self.add(op.End(index, upper))

    def negation(self, truth: int) -> int:
        """Return the index of the negation."""
        return self.linear([(truth, -1)], 1)

    def all_of(self, truths: Iterable[int]) -> int:
        """Return the index of the conjunction; true if there are no operands."""
        return self.extreme([self.known(1), *truths], greatest=False)

    def any_of(self, truths: Iterable[int]) -> int:
        """Return the index of the disjunction; false if there are no operands."""
        return self.extreme([self.known(0), *truths], greatest=True)

    def extreme(self, indices: Iterable[int], *, greatest: bool) -> int:
        """Return the index of the greatest or least of one or more numbers."""
        distinct = tuple(dict.fromkeys(indices))
        bounds = [self.bounds[index] for index in distinct]
        # An operand that never passes the nearest bound of the others cannot be the extreme.
        if greatest:
            limit = max(lower for lower, _ in bounds)
            kept = [i for i, (_, upper) in zip(distinct, bounds, strict=True) if upper > limit]
            reached = any(self.bounds[index][0] == limit for index in kept)
        else:
            limit = min(upper for _, upper in bounds)
            kept = [i for i, (lower, _) in zip(distinct, bounds, strict=True) if lower < limit]
            reached = any(self.bounds[index][1] == limit for index in kept)
        if not reached:
            kept.append(self.known(limit))
        if len(kept) == 1:
            return kept[0]
        return self.add(op.Greatest(tuple(kept)) if greatest else op.Least(tuple(kept)))

    def choose(self, condition: int, then: int, other: int) -> int:
        """Return the index of a choice; within each branch its condition is known."""
        if self.is_known(condition, 1):
            return then
        if self.is_known(condition, 0):
            return other
        then, other = self.restrict(then, condition, 1), self.restrict(other, condition, 0)
        return then if then == other else self.add(op.Choose(condition, then, other))

    def restrict(self, index: int, truth: int, value: int) -> int:
        """Return the operator restricted to the case that a truth is 1 or 0 (its cofactor).

        When the rewriting budget is exhausted, `index` is returned unchanged: sound but wider.
        """
        if not self._dependency_bits[index] & self._truth_bit[truth]:
            return index
        replacements = self._restrictions.setdefault((truth, value), {truth: self.known(value)})
        if index in replacements:
            return replacements[index]
        if self._rewrite_budget <= 0 or self._rewrite_depth >= _MAX_REWRITE_DEPTH:
            return index
        self._rewrite_depth += 1
        for dependent in self._dependents(truth, index, replacements):
            new_operands = tuple(
                replacements.get(other, other) for other in operands(self.operators[dependent])
            )
            replacements[dependent] = self._rebuild(self.operators[dependent], new_operands)
        self._rewrite_depth -= 1
        return replacements[index]

    def _dependents(self, truth: int, index: int, known: Mapping[int, int]) -> list[int]:
        """Return `index` and its operands that depend on a truth, in order.

        Operators already in `known` are excluded.
        """
        dependents: set[int] = set()
        stack = [index]
        while stack:
            candidate = stack.pop()
            depends = self._dependency_bits[candidate] & self._truth_bit[truth]
            if depends and candidate not in dependents and candidate not in known:
                dependents.add(candidate)
                stack += operands(self.operators[candidate])
                self._rewrite_budget -= len(operands(self.operators[candidate]))
        return sorted(dependents)

    def by_cases(self, index: int, truths: Iterable[int]) -> int:
        """Return the operator expanded into the cases of some truths (Shannon expansion).

        This evaluates separate uses of one unknown together. With too many truths `index` is
        returned unchanged: sound but wider.
        """
        distinct = tuple(dict.fromkeys(truths))
        return self._cases(index, distinct) if len(distinct) <= _MAX_CASES else index

    def _cases(self, index: int, truths: tuple[int, ...]) -> int:
        if not truths:
            return index
        cases = (self.restrict(index, truths[0], value) for value in (1, 0))
        return self.choose(truths[0], *(self._cases(case, truths[1:]) for case in cases))

    def _rebuild(self, operator: Operator, new_operands: tuple[int, ...]) -> int:
        """Return the index of an operator over other operands."""
        match operator:
            case op.Linear(_, factors, constant):
                return self.linear(zip(new_operands, factors, strict=True), constant)
            case op.Least():
                return self.extreme(new_operands, greatest=False)
            case op.Greatest():
                return self.extreme(new_operands, greatest=True)
            case op.Choose():
                return self.choose(*new_operands)
            case op.AtLeastZero() | op.IsZero() | op.Rounded() | op.End():
                return self.add(evolve(operator, of=new_operands[0]))
            case op.Multiply():
                return self.add(op.Multiply(*new_operands))
            case op.Defined():
                denominator, condition = new_operands
                return self._defined(evolve(operator, denominator=denominator, condition=condition))
            case op.Portion():
                return self.add(
                    evolve(operator, numerator=new_operands[0], denominator=new_operands[1])
                )
            case op.Known() | op.Read() | op.AsOfDay() | op.Among():  # no operands to replace
                raise TypeError(operator)
            case _:
                assert_never(operator)

    def at_least_zero(self, form: LinearForm, *, strictly: bool = False) -> int:
        """Return the index of the truth that a sum is at least 0, or above 0 if `strictly`."""
        terms, constant = integer_terms(form)
        return self.add(op.AtLeastZero(self.linear(terms, constant - int(strictly))))

    def is_zero(self, form: LinearForm) -> int:
        """Return the index of the truth that a sum is 0."""
        terms, constant = integer_terms(form)
        return self.add(op.IsZero(self.linear(terms, constant)))

    def index_of(self, form: LinearForm) -> tuple[int, Fraction]:
        """Return the index of a sum, and the number that one unit of it represents."""
        factors = [*form.terms.values(), form.constant]
        step = Fraction(
            math.gcd(*(f.numerator for f in factors)) or 1,
            math.lcm(*(f.denominator for f in factors)),
        )
        terms = [(index, (factor / step).numerator) for index, factor in form.terms.items()]
        return self.linear(terms, (form.constant / step).numerator), step

    def read(self, input_index: int) -> LinearForm:
        """Return an input as a number."""
        return LinearForm({self.add(op.Read(input_index)): self.inputs[input_index].step})

    def truth_input(self, input_index: int) -> int:
        """Return the index of a `bool` input."""
        return self.add(op.Read(input_index))

    def among(self, input_index: int, options: Iterable[str]) -> int:
        """Return the index of the truth that a choice is one of `options`."""
        choices = self.inputs[input_index].choices
        mask = sum(1 << choices.index(option) for option in set(options))
        return self.add(op.Among(input_index, mask))


def integer_terms(form: LinearForm) -> tuple[list[tuple[int, int]], int]:
    """Return whole-number terms and constant of the same sign, without a common divisor."""
    factors = [*form.terms.values(), form.constant]
    scale = math.lcm(*(f.denominator for f in factors))
    numbers = [(f * scale).numerator for f in factors]
    shared = math.gcd(*numbers) or 1
    terms = [(i, n // shared) for i, n in zip(form.terms, numbers[:-1], strict=True)]
    return terms, numbers[-1] // shared
