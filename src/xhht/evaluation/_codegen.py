"""Writes a plan as Python functions: the same intervals as `meaning`, without interpreting.

Only integers, places of the plan and identifiers of inputs enter the source, never another text of
a profile. There are two functions: `ranges` follows every interval; `known` is for the common case
that every fact is a plain value, and gives None wherever it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from attrs import frozen

from xhht.exact import Rounding, round_ratio
from xhht.rules.inputs import Input, InputType
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
    part,
)

Numbers: TypeAlias = tuple[int, ...]
Lookup: TypeAlias = Callable[[str], object]
Units: TypeAlias = Callable[[int, object], int | None]

_LONGEST_SUM = 200  # Python nests one in the other what is joined by +, and so thousands too deep


@frozen
class Compiled:
    """The functions of a plan.

    Attributes:
        ranges: from the inputs' low and high ends and the days, the low and high ends of every
            operator.
        known: from a look-up of facts, a reader of other than whole numbers, and the days, the
            inputs and the value of every operator. It gives None where a fact is not a plain value
            within bounds, and no values where a share of nothing makes them ranges all the same.
            None for a plan with a constant range.
        months: the months by which each wanted day lies before `as_of`.
    """

    ranges: Callable[[Numbers, Numbers, Numbers], tuple[Numbers, Numbers]]
    known: Callable[[Lookup, Units, Numbers], tuple[Numbers, Numbers | None] | None] | None
    months: tuple[int, ...]


def compile_plan(plan: Plan) -> Compiled:
    """Return the functions that evaluate `plan`."""
    months = tuple(dict.fromkeys(o.months for o in plan.operators if isinstance(o, AsOfDay)))
    writer = _Writer(plan, months)
    certain = not any(isinstance(o, Known) and o.low != o.high for o in plan.operators)
    return Compiled(
        ranges=_function("ranges(low, high, days)", writer.ranges()),
        known=_function("known(get, units, days)", writer.known()) if certain else None,
        months=months,
    )


def _function(signature: str, lines: Iterator[str]) -> Any:
    source = f"def {signature}:\n    " + "\n    ".join(lines)
    space: dict[str, object] = {
        "portion": _portion,
        "part": part,
        "rounded": _rounded,
        **Rounding.__members__,
    }
    # The source is made of integers alone, see above.
    exec(compile(source, "<plan>", "exec"), space)  # noqa: S102
    return space[signature.partition("(")[0]]


def _portion(
    points: int, low: int, high: int, under: int, over: int, step: int, mode: Rounding
) -> Interval:
    if under <= 0:
        return 0, points
    return part(points, low, over, step, mode), part(points, high, under, step, mode)


def _rounded(number: int, divisor: int, step: int, mode: Rounding) -> int:
    return step * round_ratio(number, divisor * step, mode)


class _Writer:
    def __init__(self, plan: Plan, months: tuple[int, ...]) -> None:
        self._plan = plan
        self._months = months

    def _constant(self, place: int) -> int | None:
        low, high = self._plan.bounds[place]
        known = isinstance(self._plan.operators[place], Known) and low == high
        return low if known else None

    def _low(self, place: int) -> str:
        constant = self._constant(place)
        return f"l{place}" if constant is None else str(constant)

    def _high(self, place: int) -> str:
        constant = self._constant(place)
        return f"h{place}" if constant is None else str(constant)

    def _value(self, place: int) -> str:
        operator = self._plan.operators[place]
        if isinstance(operator, Read):
            return f"a{operator.input}"
        constant = self._constant(place)
        return f"v{place}" if constant is None else str(constant)

    # Intervals

    def ranges(self) -> Iterator[str]:
        """Yield the statements of the function over intervals."""
        count = len(self._plan.inputs)
        if count:
            yield f"{_names('a', range(count))} = low"
            yield f"{_names('b', range(count))} = high"
        for place, operator in enumerate(self._plan.operators):
            if self._constant(place) is None:
                yield from self._range(place, operator)
        places = range(len(self._plan.operators))
        lows = _tuple(self._low(place) for place in places)
        yield f"return {lows}, {_tuple(self._high(place) for place in places)}"

    def _range(self, place: int, operator: Operator) -> Iterator[str]:
        low, high = f"l{place}", f"h{place}"
        match operator:
            case Known(least, most):
                yield f"{low} = {least}; {high} = {most}"
            case Read(index):
                yield f"{low} = a{index}; {high} = b{index}"
            case AsOfDay(months):
                yield f"{low} = {high} = days[{self._months.index(months)}]"
            case Among(index, mask):
                yield f"{low} = 0 if b{index} & ~{mask} else 1"
                yield f"{high} = 1 if b{index} & {mask} else 0"
            case Linear(of, factors, constant):
                ends = list(zip(of, factors, strict=True))
                lows = [(self._low(p) if f > 0 else self._high(p), f) for p, f in ends]
                highs = [(self._high(p) if f > 0 else self._low(p), f) for p, f in ends]
                yield f"{low} = {_sum(lows, constant)}; {high} = {_sum(highs, constant)}"
            case Least(of):
                yield f"{low} = min({', '.join(map(self._low, of))})"
                yield f"{high} = min({', '.join(map(self._high, of))})"
            case Greatest(of):
                yield f"{low} = max({', '.join(map(self._low, of))})"
                yield f"{high} = max({', '.join(map(self._high, of))})"
            case _:
                yield from self._range_of_test(place, operator)

    def _range_of_test(self, place: int, operator: Operator) -> Iterator[str]:
        low, high = f"l{place}", f"h{place}"
        match operator:
            case AtLeastZero(of):
                yield f"{low} = 1 if {self._low(of)} >= 0 else 0"
                yield f"{high} = 1 if {self._high(of)} >= 0 else 0"
            case IsZero(of):
                yield f"{low} = 1 if {self._low(of)} == 0 == {self._high(of)} else 0"
                yield f"{high} = 1 if {self._low(of)} <= 0 <= {self._high(of)} else 0"
            case Choose(condition, then, other):
                yield f"if {self._low(condition)}:"
                yield f"    {low} = {self._low(then)}; {high} = {self._high(then)}"
                yield f"elif {self._high(condition)}:"
                yield f"    {low} = min({self._low(then)}, {self._low(other)})"
                yield f"    {high} = max({self._high(then)}, {self._high(other)})"
                yield f"else: {low} = {self._low(other)}; {high} = {self._high(other)}"
            case Defined(denominator, condition):
                yield f"if {self._low(denominator)} > 0:"
                yield f"    {low} = {self._low(condition)}; {high} = {self._high(condition)}"
                yield f"else: {low} = 0; {high} = 1"
            case Product(left, right):
                ends = (self._low(left), self._high(left)), (self._low(right), self._high(right))
                corners = ", ".join(f"{x} * {y}" for x in ends[0] for y in ends[1])
                yield f"{low} = min({corners}); {high} = max({corners})"
            case Portion(points, top, bottom, step, mode):
                ends4 = [f(p) for p in (top, bottom) for f in (self._low, self._high)]
                arguments = f"{points}, {', '.join(ends4)}, {step}, {mode.name}"
                yield f"{low}, {high} = portion({arguments})"
            case Rounded(of, divisor, step, mode):
                rest = f"{divisor}, {step}, {mode.name}"
                yield f"{low} = rounded({self._low(of)}, {rest})"
                yield f"{high} = rounded({self._high(of)}, {rest})"
            case _:
                raise TypeError(operator)

    # Single numbers

    def known(self) -> Iterator[str]:
        """Yield the statements of the function over plain facts."""
        count = len(self._plan.inputs)
        for index, declared in enumerate(self._plan.inputs):
            yield from _plain_fact(index, declared)
        for smaller, larger in self._plan.narrowings:
            yield f"if a{smaller} > a{larger}: return None"
        yield f"inputs = ({_names('a', range(count))})"
        for place, operator in enumerate(self._plan.operators):
            if self._constant(place) is None:
                yield from self._single(place, operator)
        values = _tuple(map(self._value, range(len(self._plan.operators))))
        yield f"return inputs, {values}"

    def _single(self, place: int, operator: Operator) -> Iterator[str]:
        name = f"v{place}"
        match operator:
            case Read():
                pass
            case AsOfDay(months):
                yield f"{name} = days[{self._months.index(months)}]"
            case Among(index, mask):
                yield f"{name} = 1 if a{index} & {mask} else 0"
            case Linear(of, factors, constant):
                ends = [(self._value(p), f) for p, f in zip(of, factors, strict=True)]
                yield f"{name} = {_sum(ends, constant)}"
            case Least(of):
                yield f"{name} = min({', '.join(map(self._value, of))})"
            case Greatest(of):
                yield f"{name} = max({', '.join(map(self._value, of))})"
            case AtLeastZero(of):
                yield f"{name} = 1 if {self._value(of)} >= 0 else 0"
            case IsZero(of):
                yield f"{name} = 0 if {self._value(of)} else 1"
            case _:
                yield from self._single_of_choice(place, operator)

    def _single_of_choice(self, place: int, operator: Operator) -> Iterator[str]:
        name = f"v{place}"
        match operator:
            case Choose(condition, then, other):
                condition_value = self._value(condition)
                yield f"{name} = {self._value(then)} if {condition_value} else {self._value(other)}"
            case Defined(denominator, condition):
                yield f"if {self._value(denominator)} <= 0: return inputs, None"
                yield f"{name} = {self._value(condition)}"
            case Product(left, right):
                yield f"{name} = {self._value(left)} * {self._value(right)}"
            case Portion(points, top, bottom, step, mode):
                whole = self._value(bottom)
                yield f"if {whole} <= 0: return inputs, None"
                ends = f"{self._value(top)}, {whole}"
                yield f"{name} = part({points}, {ends}, {step}, {mode.name})"
            case Rounded(of, divisor, step, mode):
                yield f"{name} = rounded({self._value(of)}, {divisor}, {step}, {mode.name})"
            case _:
                raise TypeError(operator)


def _plain_fact(index: int, declared: Input) -> Iterator[str]:
    """Yield statements that read one input, or give up where more than a plain value is needed."""
    name, value = f"a{index}", f"get({declared.name!r})"
    if declared.evidence.required:
        yield "return None"
    elif declared.kind is InputType.BOOL:
        yield f"{name} = {value}"
        yield f"if {name} is not True and {name} is not False: return None"
    elif declared.kind in (InputType.COUNT, InputType.ASSESSED) and declared.step == 1:
        yield f"{name} = {value}"
        bounds = f"{declared.low} <= {name} <= {declared.high}"
        yield f"if {name}.__class__ is not int or not {bounds}: return None"
    else:
        yield f"{name} = units({index}, {value})"
        yield f"if {name} is None: return None"


def _names(prefix: str, places: range) -> str:
    return "".join(f"{prefix}{place}, " for place in places)


def _tuple(parts: Iterator[str]) -> str:
    return f"({''.join(f'{part}, ' for part in parts)})"


def _sum(terms: list[tuple[str, int]], constant: int) -> str:
    parts = [(1, str(constant))] if constant or not terms else []
    for name, factor in sorted(terms, key=lambda term: -term[1]):
        times = name if abs(factor) == 1 else f"{abs(factor)} * {name}"
        parts.append((factor, times))
    if len(parts) > _LONGEST_SUM:
        signed = (f"{'-' if sign < 0 else ''}{text}" for sign, text in parts)
        return f"sum({_tuple(signed)})"
    (first_sign, first), *rest = parts
    added = [f" {'-' if sign < 0 else '+'} {text}" for sign, text in rest]
    return f"{'-' if first_sign < 0 else ''}{first}{''.join(added)}"
