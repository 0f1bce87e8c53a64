"""Lowers conditions and numbers of the condition language to operators of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from typing import Protocol, assert_never

from xhht.rules import expressions as ex
from xhht.rules._builder import Builder, LinearForm
from xhht.rules.plan import AsOfDay, Multiply


def by_day(value: ex.Dated) -> ex.Number:
    """Return a value as a choice among its numbers.

    While it is unknown, a number known on another day is the placeholder; comparisons with it are
    then unknown, see `unknown_condition`.
    """
    known = [step.value for step in value.steps if step.value is not None]
    last_known = known[0] if known else Fraction(0)
    tree: ex.Number = ex.Constant(last_known)
    for index, step in enumerate(value.steps):
        last_known = last_known if step.value is None else step.value
        number = ex.Constant(last_known)
        # Before its first day it is unknown, so the first number also serves as placeholder there.
        tree = number if index == 0 else ex.NumberIf(_since(step), number, tree)
    return tree


def unknown_condition(value: ex.Dated) -> ex.Condition:
    """Return the condition that the value is unknown on the day of evaluation."""
    truth: ex.Condition = ex.TruthConstant(True)
    for step in value.steps:
        open_ = ex.TruthConstant(step.value is None)
        if open_ != truth:
            truth = open_ if step.start is None else ex.TruthIf(_since(step), open_, truth)
    return truth


def _since(step: ex.Since) -> ex.Condition:
    assert step.start is not None  # only the first step of a value has no first day
    return ex.Compare(">=", ex.AsOf(), ex.Constant(Fraction(step.start.toordinal())))


def read_once(trees: Iterable[object]) -> frozenset[ex.Dated]:
    """Return the values that can change the result of expressions, whatever else is known.

    They are read once: compared directly, in a sum, or used as a share. Values that are multiplied
    or bounded may make no difference, as when the other factor is 0.
    """
    expressions = tuple(trees)
    nodes = [node for tree in expressions for node in ex.walk(tree)]
    uses = Counter(node for node in nodes if isinstance(node, ex.Dated))
    compared = [node for node in nodes if isinstance(node, ex.Compare)]
    sides = [side for node in compared for side in (node.left, node.right)]
    directly_read = {value for number in (*expressions, *sides) for value in _added(number)}
    return frozenset(value for value in directly_read if uses[value] == 1)


def _added(number: object) -> Iterator[ex.Dated]:
    match number:
        case ex.Dated():
            yield number
        case ex.Sum(of):
            for factor, part in of:
                yield from _added(part) if factor else ()
        case ex.NumberIf(_, then, other):
            yield from _added(then)
            yield from _added(other)


def parts_of(tree: ex.Number) -> Iterator[ex.Number]:
    """Yield the numbers that a number is calculated from."""
    match tree:
        case ex.Sum(of):
            yield from (part for _, part in of)
        case ex.Extreme(_, of):
            yield from of
        case ex.Product(left, right) | ex.ShareOf(left, right):
            yield from (left, right)
        case ex.NumberIf(_, then, other):
            yield from (then, other)
        case (
            ex.Constant()
            | ex.Unknown()
            | ex.Dated()
            | ex.NumberInput()
            | ex.AsOf()
            | ex.AllPoints()
            | ex.Percent()
            | ex.PointsOf()
            | ex.LowestIndicator()
        ):
            pass
        case _:
            assert_never(tree)


class CriteriaTotals(Protocol):
    """What a level's condition can read from the criteria."""

    def points(self) -> LinearForm:
        """Return the points of the profile."""

    def points_of(self, node: str) -> LinearForm:
        """Return the points of a criterion."""

    def met(self, node: str) -> int:
        """Return the truth that a criterion has all its points."""

    def lowest_indicator(self) -> LinearForm:
        """Return the lowest points of any scored indicator."""

    def available(self, node: str | None) -> int:
        """Return the index of the points available, in total or of a criterion, in steps."""

    def percent_margin(self, share: Fraction, node: str | None) -> LinearForm:
        """Return points minus `share` of the points available, in total or of a criterion."""


class ConditionLowering:
    """Lowers expressions with one builder; `totals` is None inside a criterion."""

    def __init__(self, builder: Builder, totals: CriteriaTotals | None = None) -> None:
        self._builder = builder
        self._totals = totals
        self._input_indices = {declared.name: i for i, declared in enumerate(builder.inputs)}
        self._lowered: dict[int, tuple[ex.Condition, int]] = {}

    def truth(self, tree: ex.Condition) -> int:
        """Return the index of a condition's truth; a definition is lowered once."""
        if tree.definition is None:
            return self._truth(tree)
        if id(tree) not in self._lowered:
            self._lowered[id(tree)] = tree, self._truth(tree)
        return self._lowered[id(tree)][1]

    def _truth(self, tree: ex.Condition) -> int:
        build = self._builder
        match tree:
            case ex.TruthConstant(value):
                return build.known(int(value))
            case ex.Unknown():
                return build.unknown()
            case ex.TruthInput(name):
                return build.truth_input(self._input_indices[name])
            case ex.ChoiceIn(name, options):
                return build.among(self._input_indices[name], options)
            case ex.Met(node):
                return self._level_totals().met(node)
            case ex.Not(of):
                return build.negation(self.truth(of))
            case ex.All(of):
                return build.all_of([self.truth(part) for part in of])
            case ex.Any_(of):
                return build.any_of([self.truth(part) for part in of])
            case ex.TruthIf(condition, then, other):
                return build.choose(self.truth(condition), self.truth(then), self.truth(other))
            case ex.Compare():
                return self._compare(tree)
            case _:
                assert_never(tree)

    def _compare(self, tree: ex.Compare) -> int:
        truth = self._compare_known(tree.sign, tree.left, tree.right)
        is_unknown = self.depends_on_unknown_value(tree.left, tree.right)
        return truth if is_unknown is None else self._builder.unknown_where(is_unknown, truth, tree)

    def depends_on_unknown_value(self, *numbers: ex.Number) -> int | None:
        """Return the index of the truth that a number depends on an unknown dated value.

        None if it never does.
        """
        indices = [i for number in numbers if (i := self._value_unknown(number)) is not None]
        return self._builder.any_of(indices) if indices else None

    def _value_unknown(self, number: ex.Number) -> int | None:
        match number:
            case ex.Dated():
                truth = self.truth(unknown_condition(number))
                return None if self._builder.is_known(truth, 0) else truth
            case ex.NumberIf(condition, then, other):
                sides = [self.depends_on_unknown_value(then), self.depends_on_unknown_value(other)]
                if sides == [None, None]:
                    return None
                indices = (self._builder.known(0) if s is None else s for s in sides)
                return self._builder.choose(self.truth(condition), *indices)
            case _:
                return self.depends_on_unknown_value(*parts_of(number))

    def depends_on_unknown(self, *trees: object) -> int | None:
        """Return the index of the truth that expressions depend on an unknown threshold.

        None if they never do.
        """
        if ex.asks_unknown(*trees):
            return self._builder.known(1)
        return self.depends_on_unknown_value(*ex.values_in(*trees))

    def _compare_known(self, sign: str, left: ex.Number, right: ex.Number) -> int:
        """Return a comparison as if every dated value in it were known."""
        if ex.Unknown() in (left, right):
            return self._builder.unknown()
        left, right = (by_day(s) if isinstance(s, ex.Dated) else s for s in (left, right))
        for side, position in ((left, 0), (right, 1)):
            if isinstance(side, ex.NumberIf) and _must_split(left, right):
                # A ratio or an unknown mark has no operator of its own: each case is compared.
                pairs = [
                    (case, right) if position == 0 else (left, case)
                    for case in (side.then, side.other)
                ]
                truths = [self._compare_known(sign, *pair) for pair in pairs]
                return self._builder.choose(self.truth(side.condition), *truths)
        if _must_split(left, right):
            return self._compare_ratio(sign, left, right)
        return self._sign(sign, self.number(left).plus(self.number(right), Fraction(-1)))

    def _sign(self, sign: str, margin: LinearForm) -> int:
        if sign == "==":
            return self._builder.is_zero(margin)
        return self._builder.at_least_zero(margin, strictly=sign == ">")

    def _compare_ratio(self, sign: str, left: ex.Number, right: ex.Number) -> int:
        if isinstance(left, ex.Percent) or isinstance(right, ex.Percent):
            return self._compare_percent(sign, left, right)
        top_left, bottom_left = self._ratio(left)
        top_right, bottom_right = self._ratio(right)
        margin = self._times(top_left, bottom_right).plus(
            self._times(top_right, bottom_left), Fraction(-1)
        )
        truth = self._sign(sign, margin)
        for bottom in (bottom_left, bottom_right):
            truth = self._defined(bottom, truth, ex.Compare(sign, left, right))
        return truth

    def _compare_percent(self, sign: str, left: ex.Number, right: ex.Number) -> int:
        flipped = isinstance(right, ex.Percent)
        percent, threshold = (right, left) if flipped else (left, right)
        assert isinstance(percent, ex.Percent)
        assert isinstance(threshold, ex.Constant)  # the parser allows nothing else with `percent`
        totals, node = self._level_totals(), percent.node
        margin = totals.percent_margin(threshold.value, node)
        truth = self._sign(sign, margin.times(Fraction(-1)) if flipped else margin)
        return self._builder.defined(totals.available(node), truth, ex.Compare(sign, left, right))

    def _defined(self, denominator: LinearForm, truth: int, comparison: ex.Compare) -> int:
        """Return the truth of a comparison, unknown if the denominator may be 0."""
        index, _ = self._builder.index_of(denominator)
        return self._builder.defined(index, truth, comparison)

    def _ratio(self, tree: ex.Number) -> tuple[LinearForm, LinearForm]:
        if isinstance(tree, ex.ShareOf):
            return self.number(tree.numerator), self.number(tree.denominator)
        return self.number(tree), LinearForm({}, Fraction(1))

    def number(self, tree: ex.Number) -> LinearForm:
        """Return a number as a linear form."""
        match tree:
            case ex.Constant(value):
                return LinearForm({}, value)
            case ex.Dated():
                return self.number(by_day(tree))
            case ex.NumberInput(name):
                return self._builder.read(self._input_indices[name])
            case ex.AsOf(months):
                return LinearForm({self._builder.add(AsOfDay(months)): Fraction(1)})
            case ex.Sum(of):
                total = LinearForm({})
                for factor, part in of:
                    total = total.plus(self.number(part), factor)
                return total
            case ex.Product(left, right):
                return self._times(self.number(left), self.number(right))
            case ex.Extreme(greatest, of):
                return self._aligned(
                    [self.number(part) for part in of],
                    lambda indices: self._builder.extreme(indices, greatest=greatest),
                )
            case ex.NumberIf(condition, then, other):
                truth = self.truth(condition)
                return self._aligned(
                    [self.number(then), self.number(other)],
                    lambda indices: self._builder.choose(truth, *indices),
                )
            case ex.AllPoints() | ex.PointsOf() | ex.LowestIndicator():
                return self._total(tree)
            case ex.Unknown() | ex.ShareOf() | ex.Percent():  # only comparisons have a meaning
                raise TypeError(tree)
            case _:
                assert_never(tree)

    def _total(self, tree: ex.AllPoints | ex.PointsOf | ex.LowestIndicator) -> LinearForm:
        totals = self._level_totals()
        match tree:
            case ex.AllPoints():
                return totals.points()
            case ex.PointsOf(node):
                return totals.points_of(node)
            case ex.LowestIndicator():
                return totals.lowest_indicator()
            case _:
                assert_never(tree)

    def _times(self, left: LinearForm, right: LinearForm) -> LinearForm:
        for constant, other in ((left, right), (right, left)):
            if not constant.terms:
                return other.times(constant.constant)
        (index, step), (other_index, other_step) = map(self._builder.index_of, (left, right))
        return LinearForm({self._builder.add(Multiply(index, other_index)): step * other_step})

    def _aligned(self, forms: list[LinearForm], combine: Callable[[list[int]], int]) -> LinearForm:
        """Combine several numbers after scaling them to a common step."""
        placed = [self._builder.index_of(form) for form in forms]
        step = reduce(_common, (own_step for _, own_step in placed))
        indices = [
            self._builder.linear([(index, (own_step / step).numerator)])
            for index, own_step in placed
        ]
        return LinearForm({combine(indices): step})

    def available(self, percent: ex.Percent) -> int:
        """Return the index of the points available that a condition of a level divides by."""
        return self._level_totals().available(percent.node)

    def _level_totals(self) -> CriteriaTotals:
        if self._totals is None:
            raise TypeError("points are not known inside a criterion")
        return self._totals


def _common(left: Fraction, right: Fraction) -> Fraction:
    """Return the greatest common divisor of two steps: for halves and thirds, a sixth."""
    return Fraction(gcd(left.numerator, right.numerator), lcm(left.denominator, right.denominator))


def _must_split(*sides: ex.Number) -> bool:
    return any(
        isinstance(side, (ex.ShareOf, ex.Percent, ex.Unknown))
        or (isinstance(side, ex.NumberIf) and _must_split(side.then, side.other))
        for side in sides
    )
