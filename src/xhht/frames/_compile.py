"""Compiles a plan to column expressions: each operator's interval is two expressions.

Common subexpressions become columns of their own, in layers, so that no engine has to find them in
an exponentially large tree. Truths are Boolean expressions, numbers 64-bit integers; neither is
ever null.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import TypeAlias, assert_never

import narwhals.stable.v2 as nw
from attrs import frozen

from xhht.errors import FrameError
from xhht.frames._expr import any_of, int64_literal, when
from xhht.numbers import Rounding
from xhht.rules import plan as op
from xhht.rules.inputs import Input, InputType
from xhht.rules.plan import Operator, Plan, operands
from xhht.text import Text

_INT64_MAX = 2**63 - 1


def check_bounds(plan: Plan) -> None:
    """Raise FrameError, naming the criterion or level, when an intermediate number may overflow."""
    for index, operator in enumerate(plan.operators):
        if max(_size(plan, operator), *map(abs, plan.bounds[index])) > _INT64_MAX:
            raise FrameError(_TOO_LARGE.format(rule=_rule_of(plan, index)))


def _size(plan: Plan, operator: Operator) -> int:
    """Return an upper bound of the numbers that occur while an operator is computed."""
    sizes = [max(map(abs, plan.bounds[index])) for index in operands(operator)]
    match operator:
        case op.Linear(_, factors, constant):
            return abs(constant) + sum(abs(f) * s for f, s in zip(factors, sizes, strict=True))
        case op.Multiply():
            return sizes[0] * sizes[1]
        case op.Portion(points, _, _, step, _, is_rest):
            return 4 * max(points, step) * max(1, sizes[1] + sizes[0] * is_rest)
        case op.Rounded(_, divisor, step, _):
            return 4 * (sizes[0] + divisor * step)
        case op.Known() | op.Read() | op.Among() | op.AsOfDay():
            return 0
        case op.Least() | op.Greatest() | op.AtLeastZero() | op.IsZero() | op.Choose():
            return 0
        case op.Defined() | op.End():
            return 0
        case _:
            assert_never(operator)


def _rule_of(plan: Plan, index: int) -> Text:
    leaves_first = sorted(plan.nodes, key=lambda node: not node.is_leaf)
    for node in leaves_first:
        if index in _dependencies(plan, node.points, node.own_points, node.met, node.applies):
            return _CRITERION.format(id=node.id)
    for level in plan.levels:
        if index in _dependencies(plan, level.when):
            return _LEVEL.format(id=level.id)
    return _TOTAL


def _dependencies(plan: Plan, *indices: int) -> set[int]:
    reached, pending = set(indices), list(indices)
    while pending:
        for operand in operands(plan.operators[pending.pop()]):
            if operand not in reached:
                reached.add(operand)
                pending.append(operand)
    return reached


_CRITERION = Text(vi="tiêu chí {id}", en="criterion {id}")
_LEVEL = Text(vi="mức {id}", en="level {id}")
_TOTAL = Text(vi="tổng điểm", en="the total points")
_TOO_LARGE = Text(
    vi="Không tính được {rule} trên cột: một phép tính có thể vượt quá số nguyên 64 bit. Hãy đặt "
    "'max' nhỏ hơn cho các đầu vào liên quan.",
    en="Cannot compute {rule} on columns: an intermediate number may exceed 64-bit integers. Set "
    "a smaller 'max' for the inputs it uses.",
)

ExpressionKey: TypeAlias = tuple[int, bool]
"""An operator's index in the plan and a bound: False for the lower one, True for the upper one."""

_DOUBLE = 2**53


@frozen(eq=False)
class IntervalExpr:
    """The lower and upper bound of one input in a frame; for a choice, both are its text.

    Attributes:
        lower: the lower bound.
        upper: the upper bound.
        options: for a choice, whether each option is possible where it has no text; None if all
            are.
    """

    lower: nw.Expr
    upper: nw.Expr
    options: Mapping[str, nw.Expr] | None = None


@frozen(eq=False)
class CompiledExpressions:
    """The expressions of a plan.

    Attributes:
        layers: columns to add to the frame, each layer reading only those before it.
        names: the names of all these columns.
        number: returns a bound of an operator as an integer, once the layers are added.
        truth: returns a bound of an operator as a Boolean, likewise.
        unknown: returns whether the input of an index is not known exactly.
    """

    layers: Sequence[Sequence[nw.Expr]]
    names: Sequence[str]
    number: Callable[[ExpressionKey], nw.Expr]
    truth: Callable[[ExpressionKey], nw.Expr]
    unknown: Callable[[int], nw.Expr]


def compile_columns(
    plan: Plan,
    inputs: Sequence[IntervalExpr],
    days: Mapping[int, int],
    wanted: Iterable[ExpressionKey],
    prefix: str,
) -> CompiledExpressions:
    """Return a plan as expressions over the bounds of its inputs.

    Args:
        plan: the plan.
        inputs: the bounds of each input, in the order of the plan.
        days: the ordinal of the day that many months before the day of evaluation, by months.
        wanted: the bounds that will be read, repeated as often as they will be read.
        prefix: the prefix of the names of added columns.

    Raises:
        FrameError: a number may exceed 64 bits; the criterion or level is named.
    """
    check_bounds(plan)
    return _Compiler(plan, inputs, days, prefix).compiled(tuple(wanted))


class _Compiler:
    def __init__(
        self, plan: Plan, inputs: Sequence[IntervalExpr], days: Mapping[int, int], prefix: str
    ) -> None:
        self._plan = plan
        self._inputs = inputs
        self._days = days
        self._prefix = prefix
        self._truths = _truths(plan)
        self._single = _single(plan)
        self._columns: dict[ExpressionKey, str] = {}
        self._expressions: dict[ExpressionKey, nw.Expr] = {}

    def compiled(self, wanted: tuple[ExpressionKey, ...]) -> CompiledExpressions:
        uses, references = self._uses(wanted)
        depth: dict[ExpressionKey, int] = {}
        layers: dict[int, list[nw.Expr]] = {}
        for key in sorted(references):
            below = max((depth[used] for used in references[key]), default=0)
            expression = self._expression(key, self._lookup)
            if uses[key] > 1 and not isinstance(self._plan.operators[key[0]], (op.Known, op.Read)):
                name = f"{self._prefix}{'h' if key[1] else 'l'}{key[0]}"
                layers.setdefault(below, []).append(expression.alias(name))
                self._columns[key] = name
                expression = nw.col(name)
                below += 1
            depth[key], self._expressions[key] = below, expression
        return CompiledExpressions(
            layers=[layers[index] for index in sorted(layers)],
            names=list(self._columns.values()),
            number=lambda key: self._number(self._end(key), self._lookup),
            truth=lambda key: self._truth(self._end(key), self._lookup),
            unknown=self._unknown,
        )

    def _unknown(self, index: int) -> nw.Expr:
        ends = self._inputs[index]
        if self._plan.inputs[index].kind is InputType.CHOICE:
            if ends.options is None:
                return ends.lower.is_null()
            one, none = int64_literal(1), int64_literal(0)
            number = _added([when(is_possible, one, none) for is_possible in ends.options.values()])
            return ends.lower.is_null() & (number != 1)
        return ends.lower != ends.upper

    # Which bounds are used, and how often

    def _uses(
        self, wanted: tuple[ExpressionKey, ...]
    ) -> tuple[Counter[ExpressionKey], dict[ExpressionKey, list[ExpressionKey]]]:
        """Return how often each bound is used, and which bounds each refers to."""
        uses = Counter(map(self._end, wanted))
        pending, references = list(uses), dict[ExpressionKey, list[ExpressionKey]]()
        while pending:
            key = pending.pop()
            if key not in references:
                references[key] = self._references(key)
                uses.update(references[key])
                pending += references[key]
        return uses, references

    def _references(self, key: ExpressionKey) -> list[ExpressionKey]:
        """Return the bounds that the expression of a bound refers to, with repetitions."""
        used_keys: list[ExpressionKey] = []

        def note(used: ExpressionKey) -> nw.Expr:
            used_keys.append(used)
            return int64_literal(0)

        self._expression(key, note)
        return used_keys

    def _end(self, key: ExpressionKey) -> ExpressionKey:
        """Return the key of a bound; an operator with equal bounds has a single key."""
        return (key[0], False) if self._single[key[0]] else key

    def _lookup(self, key: ExpressionKey) -> nw.Expr:
        return self._expressions[key]

    # Numbers and truths

    def _number(self, key: ExpressionKey, lookup: _Lookup) -> nw.Expr:
        expression = lookup(key)
        return (
            when(expression, int64_literal(1), int64_literal(0))
            if self._truths[key[0]]
            else expression
        )

    def _truth(self, key: ExpressionKey, lookup: _Lookup) -> nw.Expr:
        constant = self._constant(key)
        if constant is not None:
            return nw.lit(bool(constant))
        expression = lookup(key)
        return expression if self._truths[key[0]] else expression == 1

    def _constant(self, key: ExpressionKey) -> int | None:
        operator = self._plan.operators[key[0]]
        return (
            (operator.upper if key[1] else operator.lower)
            if isinstance(operator, op.Known)
            else None
        )

    def _expression(self, key: ExpressionKey, lookup: _Lookup) -> nw.Expr:
        """Return one bound of an operator, from the bounds of its operands given by `lookup`."""
        index, upper = key
        operator = self._plan.operators[index]
        if isinstance(operator, (op.Known, op.Read, op.Among, op.AsOfDay)):
            return self._source(operator, upper)

        def number(of: int, end: bool = upper) -> nw.Expr:
            return self._number(self._end((of, end)), lookup)

        def truth(of: int, end: bool = upper) -> nw.Expr:
            return self._truth(self._end((of, end)), lookup)

        match operator:
            case op.Linear(of, factors, constant):
                if self._truths[index]:
                    return ~truth(of[0], not upper)
                ends_of = [
                    self._term(p, f, upper, number, truth) for p, f in zip(of, factors, strict=True)
                ]
                return _added([*ends_of, int64_literal(constant)] if constant else ends_of)
            case op.Least(of) | op.Greatest(of):
                return self._extreme(operator, of, index, number, truth)
            case op.AtLeastZero(of):
                return self._at_least_zero(of, upper, number, truth)
            case op.End(of, end):
                return truth(of, end) if self._truths[index] else number(of, end)
            case op.IsZero(of):
                minimum, maximum = number(of, False), number(of, True)
                if self._single[of]:
                    return minimum == 0
                return (minimum <= 0) & (maximum >= 0) if upper else (minimum == 0) & (maximum == 0)
            case _:
                return self._branching(operator, index, upper, number, truth)

    def _source(self, operator: op.Known | op.Read | op.Among | op.AsOfDay, upper: bool) -> nw.Expr:
        """Return one bound of an operator without operands."""
        match operator:
            case op.Known():
                return int64_literal(operator.upper if upper else operator.lower)
            case op.Read(index):
                ends = self._inputs[index]
                return ends.upper if upper else ends.lower
            case op.AsOfDay(months):
                return int64_literal(self._days[months])
            case op.Among(index, mask):
                return _among(self._plan.inputs[index], self._inputs[index], mask, upper)
            case _:
                assert_never(operator)

    def _at_least_zero(self, of: int, upper: bool, number: _Getter, truth: _Getter) -> nw.Expr:
        """Return whether a number is at least 0; a sum is compared without its constant."""
        operator = self._plan.operators[of]
        if not isinstance(operator, op.Linear) or self._truths[of]:
            return number(of) >= 0
        if len(operator.of) == 1 and not self._truths[operator.of[0]]:
            (one,), (factor,) = operator.of, operator.factors
            if factor > 0:
                return number(one) >= -(operator.constant // factor)
            return number(one, not upper) <= operator.constant // -factor
        terms = zip(operator.of, operator.factors, strict=True)
        return (
            _added([self._term(p, f, upper, number, truth) for p, f in terms]) >= -operator.constant
        )

    def _term(self, of: int, factor: int, upper: bool, number: _Getter, truth: _Getter) -> nw.Expr:
        end = upper if factor > 0 else not upper
        if self._truths[of]:
            return when(truth(of, end), int64_literal(factor), int64_literal(0))
        return number(of, end) if factor == 1 else number(of, end) * factor

    def _extreme(
        self,
        operator: op.Least | op.Greatest,
        of: tuple[int, ...],
        index: int,
        number: _Getter,
        truth: _Getter,
    ) -> nw.Expr:
        greatest = isinstance(operator, op.Greatest)
        if self._truths[index]:
            join = nw.Expr.__or__ if greatest else nw.Expr.__and__
            return reduce(join, map(truth, of))
        listed = list(map(number, of))
        return nw.max_horizontal(*listed) if greatest else nw.min_horizontal(*listed)

    def _branching(
        self,
        operator: op.Choose | op.Defined | op.Multiply | op.Portion | op.Rounded,
        index: int,
        upper: bool,
        number: _Getter,
        truth: _Getter,
    ) -> nw.Expr:
        match operator:
            case op.Choose():
                return self._choice(operator, index, upper, number, truth)
            case op.Defined(denominator, condition, _):
                positive = number(denominator, False) > 0
                return ~positive | truth(condition) if upper else positive & truth(condition)
            case op.Multiply(left, right):
                return self._product(left, right, upper, number)
            case op.Portion():
                return self._portion(operator, upper, number)
            case op.Rounded(of, divisor, step, mode):
                minimum, maximum = self._plan.bounds[of]
                size = max(abs(minimum), abs(maximum))
                unit = int64_literal(divisor * step)
                rounded = _rounded(number(of), unit, mode, size)
                if minimum < 0:
                    mirrored = _rounded(-number(of), unit, mode, size)
                    rounded = when(number(of) >= 0, rounded, -mirrored)
                return rounded * step
            case _:
                assert_never(operator)

    def _portion(self, operator: op.Portion, upper: bool, number: _Getter) -> nw.Expr:
        if operator.is_rest:
            return self._portion_of_rest(operator, upper, number)
        points, of = operator.points, operator.denominator
        minimum, maximum = self._plan.bounds[of]
        members, top = number(of, not upper), number(operator.numerator)
        if minimum <= 0:
            # Some engines evaluate the division even where its result is not selected.
            members = when(members > 0, members, int64_literal(1))
        if self._plan.bounds[operator.numerator][0] < 0:
            top = nw.max_horizontal(top, int64_literal(0))
        share = _share_of(operator, nw.min_horizontal(top, members), members, maximum)
        if minimum > 0:
            return share
        return when(number(of, False) > 0, share, int64_literal(points if upper else 0))

    def _portion_of_rest(self, operator: op.Portion, upper: bool, number: _Getter) -> nw.Expr:
        """Return one bound of a portion whose denominator is what the numerator lacks."""
        of, zero = operator.denominator, int64_literal(0)
        maximum = self._plan.bounds[operator.numerator][1] + self._plan.bounds[of][1]
        top = nw.max_horizontal(number(operator.numerator), zero)
        rest = nw.max_horizontal(number(of, not upper), zero)
        members = nw.max_horizontal(top + rest, int64_literal(1))
        share = _share_of(operator, top, members, maximum)
        if upper:
            return share
        none_lacking = (number(operator.numerator, True) > 0) & (number(of, True) <= 0)
        return when(none_lacking, int64_literal(operator.points), share)

    def _choice(
        self, operator: op.Choose, index: int, upper: bool, number: _Getter, truth: _Getter
    ) -> nw.Expr:
        condition, then, other = operator.condition, operator.then, operator.other
        get = truth if self._truths[index] else number
        certain = truth(condition, False)
        if self._single[condition]:
            return when(certain, get(then), get(other))
        possible = truth(condition, True)
        if self._truths[index]:
            # A truth in both branches holds whatever the condition is.
            if upper:
                return (possible & truth(then)) | (~certain & truth(other))
            first, second = truth(then), truth(other)
            return (certain & first) | (~possible & second) | (first & second)
        bounds, first, second = self._plan.bounds, get(then), get(other)
        # If the condition is open, the bound is the lower or the higher of the two.
        if bounds[then][0] >= bounds[other][1]:
            return when(possible if upper else certain, first, second)
        if bounds[other][0] >= bounds[then][1]:
            return when(certain if upper else possible, first, second)
        extreme = nw.max_horizontal if upper else nw.min_horizontal
        return when(certain, first, when(possible, extreme(first, second), second))

    def _product(self, left: int, right: int, upper: bool, number: _Getter) -> nw.Expr:
        if self._plan.bounds[left][0] >= 0 and self._plan.bounds[right][0] >= 0:
            return number(left) * number(right)
        corners = [
            number(left, one) * number(right, other)
            for one in (False, True)
            for other in (False, True)
        ]
        return nw.max_horizontal(*corners) if upper else nw.min_horizontal(*corners)


_Lookup: TypeAlias = Callable[[ExpressionKey], nw.Expr]

_Getter: TypeAlias = Callable[..., nw.Expr]


def _truths(plan: Plan) -> list[bool]:
    """Return for each operator whether it is a truth and not a number."""
    are_truths: list[bool] = []
    for operator in plan.operators:
        match operator:
            case op.Read(index):
                are_truths.append(plan.inputs[index].kind is InputType.BOOL)
            case op.Among() | op.AtLeastZero() | op.IsZero() | op.Defined():
                are_truths.append(True)
            case op.Linear((one,), (-1,), 1) | op.End(one, _):
                are_truths.append(are_truths[one])
            case op.Least(of) | op.Greatest(of):
                are_truths.append(_all_truths(of, are_truths, plan))
            case op.Choose(_, then, other):
                are_truths.append(_all_truths((then, other), are_truths, plan))
            case _:
                are_truths.append(False)
    return are_truths


def _all_truths(of: Iterable[int], are_truths: Sequence[bool], plan: Plan) -> bool:
    """Return whether operators are truths; a constant 0 or 1 beside a truth is one as well."""
    listed = tuple(of)
    return any(are_truths[index] for index in listed) and all(
        are_truths[index]
        or (isinstance(plan.operators[index], op.Known) and plan.bounds[index][1] <= 1)
        for index in listed
    )


def _single(plan: Plan) -> list[bool]:
    """Return for each operator whether its two bounds are always equal."""
    are_exact: list[bool] = []
    for operator, (lower, upper) in zip(plan.operators, plan.bounds, strict=True):
        match operator:
            case op.Known() | op.Read() | op.Among():
                are_exact.append(lower == upper)
            case op.AsOfDay() | op.End():
                are_exact.append(True)
            case op.Defined(denominator, _, _) | op.Portion(_, _, denominator, is_rest=False):
                defined = plan.bounds[denominator][0] > 0
                are_exact.append(defined and all(are_exact[index] for index in operands(operator)))
            case _:
                are_exact.append(all(are_exact[index] for index in operands(operator)))
    return are_exact


def _among(declared: Input, ends: IntervalExpr, mask: int, upper: bool) -> nw.Expr:
    """Return whether a choice is certainly, or possibly, among the options of a mask."""
    options = declared.options(mask)
    among = ends.lower.is_in(options)
    if ends.options is None:
        return among.fill_null(upper)
    is_possible = ends.options.items()
    unknown = any_of([one for option, one in is_possible if (option in options) is upper])
    return nw.coalesce(among, unknown if upper else ~unknown)


def _added(terms: list[nw.Expr]) -> nw.Expr:
    """Return a sum as a balanced tree, because engines recurse over expressions."""
    while len(terms) > 1:
        pairs = [terms[index : index + 2] for index in range(0, len(terms), 2)]
        terms = [pair[0] + pair[1] if len(pair) > 1 else pair[0] for pair in pairs]
    return terms[0]


def _rounded(top: nw.Expr, bottom: nw.Expr, mode: Rounding, maximum: int) -> nw.Expr:
    """Return a ratio of non-negative numbers, the divisor above 0, rounded to an integer."""
    if mode is Rounding.DOWN:
        return _divided(top, bottom, maximum)
    if mode is Rounding.UP:
        return _divided(top + bottom - 1, bottom, 2 * maximum)
    if mode is Rounding.HALF_UP:
        return _divided(top * 2 + bottom, bottom * 2, 4 * maximum)
    down = _divided(top, bottom, maximum)
    twice_remainder = (top - down * bottom) * 2
    up = (twice_remainder > bottom) | ((twice_remainder == bottom) & (down % 2 == 1))
    return down + when(up, int64_literal(1), int64_literal(0))


def _share_of(operator: op.Portion, top: nw.Expr, bottom: nw.Expr, maximum: int) -> nw.Expr:
    """Return the points of a share from 0 to 1 of two numbers, the second of them above 0."""
    points, step = operator.points, operator.step
    unit = bottom if step == 1 else bottom * step
    share = _rounded(top * points, unit, operator.mode, points * maximum)
    share = share if step == 1 else share * step
    return nw.min_horizontal(share, int64_literal(points)) if points % step else share


def _divided(top: nw.Expr, bottom: nw.Expr, maximum: int) -> nw.Expr:
    """Return the integer part of a ratio; some engines divide as doubles.

    For integers below 2**53 the double quotient never rounds up to another integer. Above, the
    dividend is made divisible first, so that the quotient is far from any other integer.
    """
    if maximum < _DOUBLE:
        return (top // bottom).cast(nw.Int64)
    return ((top - top % bottom) / bottom).round(0).cast(nw.Int64)
