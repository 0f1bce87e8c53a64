"""Checks whether thresholds can be reached exactly, or which values are nearest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import ceil
from typing import Final

from attrs import frozen

from xhht import labels
from xhht.numbers import decimal_label, share_label
from xhht.proving._encoding import Formula
from xhht.proving._query import ProofContext
from xhht.proving._solver import UndecidedError
from xhht.proving.findings import Topic
from xhht.rules import expressions as ex
from xhht.text import Text, join


def greatest(holds: Callable[[int], bool], lower: int, upper: int) -> int:
    """Return the greatest number in the range for which `holds`; `holds(lower)` must be true.

    >>> greatest(lambda number: number * number <= 50, 0, 50)
    7
    """
    while lower < upper:
        middle = (lower + upper + 1) // 2
        if holds(middle):
            lower = middle
        else:
            upper = middle - 1
    return lower


_TOTALS = (ex.AllPoints, ex.Percent, ex.PointsOf, ex.LowestIndicator)
_MAX_RATIOS = 60


def check_thresholds(context: ProofContext) -> None:
    """Find whether thresholds of levels and floors of criteria can be reached exactly."""
    for index, rule in enumerate(context.profile.rules.levels):
        pointer = f"/levels/{index}/when"
        for mark in dict.fromkeys(_thresholds_in(rule.when)):
            with context.catch_undecided(Topic.THRESHOLDS, rule.id, pointer):
                _check_threshold(context, mark, rule.id, pointer)
    for node in context.profile.rules.nodes():
        if node.floor is not None:
            pointer = f"{context.profile.pointers[node.id]}/floor"
            with context.catch_undecided(Topic.THRESHOLDS, node.id, pointer):
                _check_floor(context, node.id, node.floor, pointer)


@frozen
class _Threshold:
    """A number that points are compared with: the other operand and one of its values."""

    total: ex.Number
    other: ex.Number
    value: Fraction

    def write(self, number: Fraction) -> Text:
        """Return a number in the form of this threshold: a percentage or points."""
        return (share_label if isinstance(self.total, ex.Percent) else decimal_label)(number)

    @property
    def is_this_case(self) -> ex.Condition:
        """The condition that the other operand has this value."""
        if isinstance(self.other, ex.Constant):
            return ex.TruthConstant(True)
        return ex.Compare("==", self.other, ex.Constant(self.value))


def _thresholds_in(when: ex.Condition) -> Iterator[_Threshold]:
    for compared in ex.walk(when):
        if isinstance(compared, ex.Compare):
            sides = compared.left, compared.right
            for total, other in (sides, sides[::-1]):
                if isinstance(total, _TOTALS) and not isinstance(other, ex.Unknown):
                    yield from (_Threshold(total, other, value) for value in _values(other))


def _values(number: ex.Number) -> Iterator[Fraction]:
    """Yield the known values of a threshold."""
    match number:
        case ex.Constant(value):
            yield value
        case ex.NumberIf(_, then, other):
            yield from _values(then)
            yield from _values(other)
        case ex.Dated(_, _, steps):
            yield from (step.value for step in steps if step.value is not None)


def _check_threshold(context: ProofContext, mark: _Threshold, owner: str, pointer: str) -> None:
    constant = ex.Constant(mark.value)
    same = ex.All((mark.is_this_case, ex.Compare("==", mark.total, constant)))
    probe, (truth,) = context.probe(same)
    values = {"mark": mark.write(mark.value), "what": _quantity(mark.total), "owner": owner}
    hit = context.solver.find(truth.certain, variants=[probe])
    if hit is not None:
        context.add_finding("XP501", owner, pointer, hit, **values)
        return
    nearest = _nearest_percent if isinstance(mark.total, ex.Percent) else _nearest
    ends = [nearest(context, mark, above=above) for above in (False, True)]
    context.add_finding("XP502", owner, pointer, **values, nearest=_listed(ends, mark.write))


def _nearest(context: ProofContext, mark: _Threshold, *, above: bool) -> Fraction | None:
    """Return the points nearest to a threshold on one side; None if no subject has any there."""
    grid, bounds = context.plan.grid, context.plan.bounds
    sign = -1 if above else 1
    edge = ceil(sign * mark.value / grid.step) - 1
    ends = [end for node in context.plan.nodes for end in bounds[node.points]]
    ends += bounds[context.plan.points]
    lowest = -max(map(abs, ends))

    def is_reached(number: int) -> bool:
        limit, threshold = ex.Constant(grid.number(sign * number)), ex.Constant(mark.value)
        ordered = (">=", mark.total, limit), (">", threshold, mark.total)
        between = (
            ex.Compare(relation, right, left) if above else ex.Compare(relation, left, right)
            for relation, left, right in ordered
        )
        probe, (truth,) = context.probe(ex.All((mark.is_this_case, *between)))
        return context.solver.find(truth.certain, variants=[probe]) is not None

    return _nearest_value(is_reached, lowest, edge, lambda number: grid.number(sign * number))


def _nearest_value(
    is_reached: Callable[[int], bool], lowest: int, edge: int, number: Callable[[int], Fraction]
) -> Fraction | None:
    if edge < lowest or not is_reached(lowest):
        return None
    return number(greatest(is_reached, lowest, edge))


def _nearest_percent(context: ProofContext, mark: _Threshold, *, above: bool) -> Fraction | None:
    """Return the percentage nearest to a threshold on one side, by repeated improvement."""
    assert isinstance(mark.total, ex.Percent)
    node = None if mark.total.node is None else context.nodes[mark.total.node]
    of = context.plan if node is None else node
    points, available = context.span(of.points), context.span(of.available)
    certain = [
        *([] if node is None else [context.applies(node).certain]),
        points.lower_number == points.upper_number,
        available.lower_number == available.upper_number,
        available.lower_number > 0,
    ]

    def beyond(share: Fraction, *, more: bool) -> Formula:
        left = share.denominator * points.lower_number
        right = share.numerator * available.lower_number
        return left > right if more else left < right

    best: Fraction | None = None
    for _ in range(_MAX_RATIOS):
        nearer = [] if best is None else [beyond(best, more=not above)]
        answer = context.solver.find(*certain, beyond(mark.value, more=above), *nearer)
        if answer is None:
            return best
        best = Fraction(answer.value(points.lower_number), answer.value(available.lower_number))
    raise UndecidedError


def _check_floor(context: ProofContext, node: str, mark: Fraction, pointer: str) -> None:
    plan, grid = context.nodes[node], context.plan.grid
    points, applies = context.span(plan.own_points), context.applies(plan).certain
    certain, units = points.lower_number == points.upper_number, grid.units(mark)
    values = {"mark": decimal_label(mark), "what": labels.THE_FLOOR, "owner": node}
    hit = context.solver.find(applies, certain, points.lower_number == units)
    if hit is not None:
        context.add_finding("XP501", node, pointer, hit, **values)
        return
    lower, upper = context.plan.bounds[plan.own_points]

    def nearest(sign: int, lowest: int) -> Fraction | None:
        def is_reached(number: int) -> bool:
            own = sign * points.lower_number
            between = own >= number, own < sign * units
            return context.solver.find(applies, certain, *between) is not None

        edge = sign * units - 1
        return _nearest_value(is_reached, lowest, edge, lambda number: grid.number(sign * number))

    ends = [nearest(1, lower), nearest(-1, -upper)]
    context.add_finding("XP502", node, pointer, **values, nearest=_listed(ends, decimal_label))


def _quantity(total: ex.Number) -> Text:
    if isinstance(total, ex.PointsOf):
        return _POINTS_OF.format(node=total.node)
    if isinstance(total, ex.Percent) and total.node is not None:
        return _PERCENT_OF.format(node=total.node)
    return _QUANTITIES[type(total)]


def _listed(ends: list[Fraction | None], write: Callable[[Fraction], Text]) -> Text:
    texts = [write(end) for end in ends if end is not None]
    return join(texts, " – ") if texts else _NOBODY


_POINTS_OF: Final = Text(vi="điểm của '{node}'", en="points of '{node}'")
_PERCENT_OF: Final = Text(vi="phần trăm điểm của '{node}'", en="percent of '{node}'")
_QUANTITIES: Final[dict[type, Text]] = {
    ex.AllPoints: Text(vi="tổng điểm", en="points"),
    ex.Percent: Text(vi="phần trăm điểm", en="percent"),
    ex.LowestIndicator: Text(vi="chỉ số thấp nhất", en="lowest indicator"),
}
_NOBODY: Final = Text(vi="không có", en="none")
