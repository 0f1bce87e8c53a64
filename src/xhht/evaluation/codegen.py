"""Compiles a plan to Python functions that give the same intervals as `meaning`.

Only integers, operator indices and identifiers of inputs enter the generated source, never other
text of a profile. There are two functions: `ranges` computes every interval; `known` handles the
common case that every fact is a plain value, and returns None in all other cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, TypeAlias, assert_never

from attrs import frozen

from xhht.dates import months_before
from xhht.evaluation._weak_cache import weakly_cached
from xhht.numbers import Rounding, round_ratio
from xhht.rules import plan as op
from xhht.rules.inputs import Input, InputType
from xhht.rules.plan import Operator, Plan, part_of, portion, portion_of

Numbers: TypeAlias = tuple[int, ...]
Lookup: TypeAlias = Callable[[str], object]
Units: TypeAlias = Callable[[int, object], int | None]

_LONGEST_SUM = 200  # Python nests chained additions; thousands exceed its parser's depth


@frozen
class CompiledPlan:
    """The functions of a plan.

    Attributes:
        ranges: maps the lower and upper ends of the inputs, and the days, to the lower and upper
            ends of every operator.
        known: maps a look-up of facts, a reader of values other than integers, and the days, to
            the inputs and the value of every operator. It returns None if a fact is not a plain
            value within bounds, and no values if a share has denominator 0, so that values are
            ranges. None for a plan with a constant range.
        months: for each day that the plan reads, how many months it is before `as_of`.
    """

    ranges: Callable[[Numbers, Numbers, Numbers], tuple[Numbers, Numbers]]
    known: Callable[[Lookup, Units, Numbers], tuple[Numbers, Numbers | None] | None] | None
    months: tuple[int, ...]

    def days(self, as_of: date | None) -> tuple[int, ...]:
        """Return the days that the plan reads, as ordinals."""
        if as_of is None:
            return ()
        return tuple(months_before(as_of, count).toordinal() for count in self.months)


@weakly_cached
def compile_plan(plan: Plan) -> CompiledPlan:
    """Return the functions that evaluate `plan`, compiled once for as long as it exists."""
    days = (operator for operator in plan.operators if isinstance(operator, op.AsOfDay))
    months = tuple(dict.fromkeys(day.months for day in days))
    writer = _Writer(plan, months)
    constants_are_exact = not any(
        isinstance(operator, op.Known) and operator.lower != operator.upper
        for operator in plan.operators
    )
    return CompiledPlan(
        ranges=_function("ranges(lows, highs, days)", writer.ranges(), plan.operators),
        known=_function("known(get, units, days)", writer.known()) if constants_are_exact else None,
        months=months,
    )


def _function(signature: str, lines: Iterator[str], operators: tuple[Operator, ...] = ()) -> Any:
    source = f"def {signature}:\n    " + "\n    ".join(lines)
    namespace: dict[str, object] = {
        "operators": operators,
        "portion": portion,
        "portion_of": portion_of,
        "part_of": part_of,
        "rounded": _rounded,
        **Rounding.__members__,
    }
    # The source is built from integers and identifiers only, see above.
    exec(compile(source, "<plan>", "exec"), namespace)  # noqa: S102
    return namespace[signature.partition("(")[0]]


def _rounded(number: int, divisor: int, step: int, mode: Rounding) -> int:
    return step * round_ratio(number, divisor * step, mode)


class _Writer:
    def __init__(self, plan: Plan, months: tuple[int, ...]) -> None:
        self._plan = plan
        self._months = months

    def _constant(self, index: int) -> int | None:
        lower, upper = self._plan.bounds[index]
        is_constant = isinstance(self._plan.operators[index], op.Known) and lower == upper
        return lower if is_constant else None

    def _lower(self, index: int) -> str:
        constant = self._constant(index)
        return f"l{index}" if constant is None else str(constant)

    def _upper(self, index: int) -> str:
        constant = self._constant(index)
        return f"h{index}" if constant is None else str(constant)

    def _value(self, index: int) -> str:
        operator = self._plan.operators[index]
        if isinstance(operator, op.Read):
            return f"a{operator.input}"
        constant = self._constant(index)
        return f"v{index}" if constant is None else str(constant)

    # Intervals

    def ranges(self) -> Iterator[str]:
        """Yield the statements of the function over intervals."""
        count = len(self._plan.inputs)
        if count:
            yield f"{_names('a', range(count))} = lows"
            yield f"{_names('b', range(count))} = highs"
        for index, operator in enumerate(self._plan.operators):
            if self._constant(index) is None:
                yield from self._range(index, operator)
        indices = range(len(self._plan.operators))
        lower_ends = _tuple(self._lower(index) for index in indices)
        yield f"return {lower_ends}, {_tuple(self._upper(index) for index in indices)}"

    def _range(self, index: int, operator: Operator) -> Iterator[str]:
        lower, upper = f"l{index}", f"h{index}"
        match operator:
            case op.Known(constant_lower, constant_upper):
                yield f"{lower} = {constant_lower}; {upper} = {constant_upper}"
            case op.Read(input_index):
                yield f"{lower} = a{input_index}; {upper} = b{input_index}"
            case op.AsOfDay(months):
                yield f"{lower} = {upper} = days[{self._months.index(months)}]"
            case op.Among(input_index, mask):
                yield f"{lower} = 0 if b{input_index} & ~{mask} else 1"
                yield f"{upper} = 1 if b{input_index} & {mask} else 0"
            case op.Linear(of, factors, constant):
                ends = list(zip(of, factors, strict=True))
                lows = [(self._lower(p) if f > 0 else self._upper(p), f) for p, f in ends]
                highs = [(self._upper(p) if f > 0 else self._lower(p), f) for p, f in ends]
                yield f"{lower} = {_sum_source(lows, constant)}"
                yield f"{upper} = {_sum_source(highs, constant)}"
            case op.Least(of):
                yield f"{lower} = min({', '.join(map(self._lower, of))})"
                yield f"{upper} = min({', '.join(map(self._upper, of))})"
            case op.Greatest(of):
                yield f"{lower} = max({', '.join(map(self._lower, of))})"
                yield f"{upper} = max({', '.join(map(self._upper, of))})"
            case _:
                yield from self._range_of_composite(index, operator)

    def _range_of_composite(
        self,
        index: int,
        operator: op.AtLeastZero
        | op.IsZero
        | op.Choose
        | op.Defined
        | op.Multiply
        | op.Portion
        | op.Rounded
        | op.End,
    ) -> Iterator[str]:
        lower, upper = f"l{index}", f"h{index}"
        match operator:
            case op.AtLeastZero(of):
                yield f"{lower} = 1 if {self._lower(of)} >= 0 else 0"
                yield f"{upper} = 1 if {self._upper(of)} >= 0 else 0"
            case op.IsZero(of):
                yield f"{lower} = 1 if {self._lower(of)} == 0 == {self._upper(of)} else 0"
                yield f"{upper} = 1 if {self._lower(of)} <= 0 <= {self._upper(of)} else 0"
            case op.Choose(condition, then, other):
                yield f"if {self._lower(condition)}:"
                yield f"    {lower} = {self._lower(then)}; {upper} = {self._upper(then)}"
                yield f"elif {self._upper(condition)}:"
                yield f"    {lower} = min({self._lower(then)}, {self._lower(other)})"
                yield f"    {upper} = max({self._upper(then)}, {self._upper(other)})"
                yield f"else: {lower} = {self._lower(other)}; {upper} = {self._upper(other)}"
            case op.Defined(denominator, condition, _):
                yield f"if {self._lower(denominator)} > 0:"
                yield f"    {lower} = {self._lower(condition)}; {upper} = {self._upper(condition)}"
                yield f"else: {lower} = 0; {upper} = 1"
            case op.Multiply(left, right):
                ends = (
                    (self._lower(left), self._upper(left)),
                    (self._lower(right), self._upper(right)),
                )
                corners = ", ".join(f"{x} * {y}" for x in ends[0] for y in ends[1])
                yield f"{lower} = min({corners}); {upper} = max({corners})"
            case op.Portion(_, top, bottom):
                intervals = (f"({self._lower(p)}, {self._upper(p)})" for p in (top, bottom))
                yield f"{lower}, {upper} = portion(operators[{index}], {', '.join(intervals)})"
            case op.Rounded(of, divisor, step, mode):
                arguments = f"{divisor}, {step}, {mode.name}"
                yield f"{lower} = rounded({self._lower(of)}, {arguments})"
                yield f"{upper} = rounded({self._upper(of)}, {arguments})"
            case op.End(of, upper_end):
                yield f"{lower} = {upper} = {(self._upper if upper_end else self._lower)(of)}"
            case _:
                assert_never(operator)

    # Single numbers

    def known(self) -> Iterator[str]:
        """Yield the statements of the function over plain values."""
        count = len(self._plan.inputs)
        for input_index, declared in enumerate(self._plan.inputs):
            yield from _plain_fact_source(input_index, declared)
        for smaller, larger in self._plan.bound_pairs:
            yield f"if a{smaller} > a{larger}: return None"
        yield f"inputs = ({_names('a', range(count))})"
        for index, operator in enumerate(self._plan.operators):
            if self._constant(index) is None:
                yield from self._exact_value(index, operator)
        values = _tuple(map(self._value, range(len(self._plan.operators))))
        yield f"return inputs, {values}"

    def _exact_value(self, index: int, operator: Operator) -> Iterator[str]:
        name = f"v{index}"
        match operator:
            case op.Read():
                pass
            case op.AsOfDay(months):
                yield f"{name} = days[{self._months.index(months)}]"
            case op.Among(input_index, mask):
                yield f"{name} = 1 if a{input_index} & {mask} else 0"
            case op.Linear(of, factors, constant):
                terms = [(self._value(p), f) for p, f in zip(of, factors, strict=True)]
                yield f"{name} = {_sum_source(terms, constant)}"
            case op.Least(of):
                yield f"{name} = min({', '.join(map(self._value, of))})"
            case op.Greatest(of):
                yield f"{name} = max({', '.join(map(self._value, of))})"
            case op.AtLeastZero(of):
                yield f"{name} = 1 if {self._value(of)} >= 0 else 0"
            case op.IsZero(of):
                yield f"{name} = 0 if {self._value(of)} else 1"
            case op.End(of, _):
                yield f"{name} = {self._value(of)}"
            case _:
                yield from self._exact_composite(index, operator)

    def _exact_composite(
        self,
        index: int,
        operator: op.Known | op.Choose | op.Defined | op.Multiply | op.Portion | op.Rounded,
    ) -> Iterator[str]:
        name = f"v{index}"
        match operator:
            case op.Choose(condition, then, other):
                condition_value = self._value(condition)
                yield f"{name} = {self._value(then)} if {condition_value} else {self._value(other)}"
            case op.Defined(denominator, condition, _):
                yield f"if {self._value(denominator)} <= 0: return inputs, None"
                yield f"{name} = {self._value(condition)}"
            case op.Multiply(left, right):
                yield f"{name} = {self._value(left)} * {self._value(right)}"
            case op.Portion(points, top, bottom, step, mode, is_rest):
                bottom_value = self._value(bottom)
                arguments = f"{points}, {self._value(top)}, {bottom_value}, {step}, {mode.name}"
                if not is_rest:
                    yield f"if {bottom_value} <= 0: return inputs, None"
                yield f"{name} = {'part_of' if is_rest else 'portion_of'}({arguments})"
            case op.Rounded(of, divisor, step, mode):
                yield f"{name} = rounded({self._value(of)}, {divisor}, {step}, {mode.name})"
            case op.Known():
                raise TypeError(operator)  # the bounds of a constant may differ
            case _:
                assert_never(operator)


def _plain_fact_source(input_index: int, declared: Input) -> Iterator[str]:
    """Yield statements that read one input, and return None unless it is a plain value."""
    name, value = f"a{input_index}", f"get({declared.name!r})"
    if declared.evidence.required:
        yield "return None"
    elif declared.kind is InputType.BOOL:
        yield f"{name} = {value}"
        yield f"if {name} is not True and {name} is not False: return None"
    elif declared.kind in (InputType.COUNT, InputType.ASSESSED) and declared.step == 1:
        yield f"{name} = {value}"
        bounds = f"{declared.minimum} <= {name} <= {declared.maximum}"
        yield f"if {name}.__class__ is not int or not {bounds}: return None"
    else:
        yield f"{name} = units({input_index}, {value})"
        yield f"if {name} is None: return None"


def _names(prefix: str, indices: range) -> str:
    return "".join(f"{prefix}{index}, " for index in indices)


def _tuple(parts: Iterator[str]) -> str:
    return f"({''.join(f'{part}, ' for part in parts)})"


def _sum_source(terms: list[tuple[str, int]], constant: int) -> str:
    parts = [(1, str(constant))] if constant or not terms else []
    for name, factor in sorted(terms, key=lambda term: -term[1]):
        term_text = name if abs(factor) == 1 else f"{abs(factor)} * {name}"
        parts.append((factor, term_text))
    if len(parts) > _LONGEST_SUM:
        signed = (f"{'-' if sign < 0 else ''}{text}" for sign, text in parts)
        return f"sum({_tuple(signed)})"
    (first_sign, first), *others = parts
    other_texts = [f" {'-' if sign < 0 else '+'} {text}" for sign, text in others]
    return f"{'-' if first_sign < 0 else ''}{first}{''.join(other_texts)}"
