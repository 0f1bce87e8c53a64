"""Asks of marks whether somebody has just that many points, or else what comes nearest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import ceil, floor
from typing import Final

from attrs import frozen

from xhht.proving._asking import Asking
from xhht.proving._encoding import Formula
from xhht.proving._search import greatest
from xhht.proving._solving import UndecidedError
from xhht.proving._wording import number_text, percent_text
from xhht.proving.findings import Topic
from xhht.rules import expressions as ex
from xhht.text import Text

__all__ = ["ask_thresholds"]

_TOTALS = (ex.Points, ex.Percent, ex.PointsOf, ex.LowestIndicator)
_MOST_RATIOS = 60


def ask_thresholds(asking: Asking) -> None:
    """Find whether the marks of levels and the floors of criteria can be hit exactly."""
    for at, rule in enumerate(asking.profile.rules.levels):
        pointer = f"/levels/{at}/when"
        for mark in dict.fromkeys(_marks(rule.when)):
            with asking.deciding(Topic.THRESHOLDS, rule.id, pointer):
                _ask_mark(asking, mark, rule.id, pointer)
    for node in asking.profile.rules.nodes():
        if node.floor is not None:
            pointer = f"{asking.profile.pointers[node.id]}/floor"
            with asking.deciding(Topic.THRESHOLDS, node.id, pointer):
                _ask_floor(asking, node.id, node.floor, pointer)


@frozen
class _Mark:
    """A number that points are compared with: the whole other side, and one case of it."""

    total: ex.Number
    other: ex.Number
    value: Fraction

    def write(self, number: Fraction) -> Text:
        """Return a number as this mark is written: a percentage or points."""
        return (percent_text if isinstance(self.total, ex.Percent) else number_text)(number)

    @property
    def holds_here(self) -> ex.Condition:
        """That the other side has this value."""
        if isinstance(self.other, ex.Constant):
            return ex.Truth(True)
        return ex.Compare("==", self.other, ex.Constant(self.value))


def _marks(when: ex.Condition) -> Iterator[_Mark]:
    for compared in ex.walk(when):
        if isinstance(compared, ex.Compare):
            for total, other in (
                (compared.left, compared.right),
                (compared.right, compared.left),
            ):
                if isinstance(total, _TOTALS) and not isinstance(other, ex.Unknown):
                    yield from (_Mark(total, other, value) for value in _values(other))


def _values(number: ex.Number) -> Iterator[Fraction]:
    """Yield what a mark may be, as far as it is written out."""
    match number:
        case ex.Constant(value):
            yield value
        case ex.NumberIf(_, then, other):
            yield from _values(then)
            yield from _values(other)
        case ex.Dated(_, _, steps):
            yield from (step.value for step in steps if step.value is not None)


def _ask_mark(asking: Asking, mark: _Mark, owner: str, pointer: str) -> None:
    constant = ex.Constant(mark.value)
    same = ex.All((mark.holds_here, ex.Compare("==", mark.total, constant)))
    probe, (truth,) = asking.probe(same)
    words = {"mark": mark.write(mark.value), "what": _what(mark.total), "owner": owner}
    hit = asking.solver.find(truth.holds, variants=[probe])
    if hit is not None:
        asking.note("XP501", owner, pointer, hit, **words)
        return
    nearest = _nearest_percent if isinstance(mark.total, ex.Percent) else _nearest
    ends = [nearest(asking, mark, above=above) for above in (False, True)]
    asking.note("XP502", owner, pointer, **words, nearest=_listed(ends, mark.write))


def _nearest(asking: Asking, mark: _Mark, *, above: bool) -> Fraction | None:
    """Return the points nearest to a mark on one side of it, None where nobody has any there."""
    grid, bounds = asking.plan.grid, asking.plan.bounds
    units = mark.value / grid.step
    ends = [end for node in asking.plan.nodes for end in bounds[node.points]]
    ends += bounds[asking.plan.points]
    sign = -1 if above else 1
    edge = ceil(units) - 1 if not above else -(floor(units) + 1)
    least = min(sign * end for end in (*ends, *(-end for end in ends)))

    def has(number: int) -> bool:
        asked = ex.Constant(grid.number(sign * number))
        beyond = ex.Constant(mark.value)
        if above:
            beside = (
                ex.Compare(">=", asked, mark.total),
                ex.Compare(">", mark.total, beyond),
            )
        else:
            beside = (
                ex.Compare(">=", mark.total, asked),
                ex.Compare(">", beyond, mark.total),
            )
        probe, (truth,) = asking.probe(ex.All((mark.holds_here, *beside)))
        return asking.solver.find(truth.holds, variants=[probe]) is not None

    return _found(has, least, edge, lambda number: grid.number(sign * number))


def _found(
    has: Callable[[int], bool], least: int, edge: int, number: Callable[[int], Fraction]
) -> Fraction | None:
    if edge < least or not has(least):
        return None
    return number(greatest(has, least, edge))


def _nearest_percent(asking: Asking, mark: _Mark, *, above: bool) -> Fraction | None:
    """Return the percentage nearest to a mark on one side of it, going from one to the next."""
    points, available = asking.span(asking.plan.points), asking.span(asking.plan.available)
    sure = [points.least == points.most, available.least == available.most, available.least > 0]

    def beyond(share: Fraction, *, more: bool) -> Formula:
        left, right = share.denominator * points.least, share.numerator * available.least
        return left > right if more else left < right

    best: Fraction | None = None
    for _ in range(_MOST_RATIOS):
        nearer = [] if best is None else [beyond(best, more=not above)]
        found = asking.solver.find(*sure, beyond(mark.value, more=above), *nearer)
        if found is None:
            return best
        best = Fraction(found.value(points.least), found.value(available.least))
    raise UndecidedError


def _ask_floor(asking: Asking, node: str, mark: Fraction, pointer: str) -> None:
    plan, grid = asking.nodes[node], asking.plan.grid
    judged, applies = asking.span(plan.judged), asking.applies(plan).holds
    sure, units = judged.least == judged.most, grid.units(mark)
    words = {"mark": number_text(mark), "what": _FLOOR, "owner": node}
    hit = asking.solver.find(applies, sure, judged.least == units)
    if hit is not None:
        asking.note("XP501", node, pointer, hit, **words)
        return
    low, high = asking.plan.bounds[plan.judged]

    def below(number: int) -> bool:
        found = asking.solver.find(applies, sure, judged.least >= number, judged.least < units)
        return found is not None

    def above(number: int) -> bool:
        found = asking.solver.find(applies, sure, judged.least <= -number, judged.least > units)
        return found is not None

    ends = [
        _found(below, low, units - 1, grid.number),
        _found(above, -high, -units - 1, lambda number: grid.number(-number)),
    ]
    asking.note("XP502", node, pointer, **words, nearest=_listed(ends, number_text))


def _what(total: ex.Number) -> Text:
    match total:
        case ex.PointsOf(node):
            return _OF.format(node=node)
        case _:
            return _WHAT[type(total)]


def _listed(ends: list[Fraction | None], write: Callable[[Fraction], Text]) -> Text:
    found = [write(end) for end in ends if end is not None]
    if not found:
        return _NOBODY
    return Text(vi=" – ".join(t.vi for t in found), en=" – ".join(t.en for t in found))


_FLOOR: Final = Text(vi="điểm sàn", en="the floor")
_OF: Final = Text(vi="điểm của '{node}'", en="points of '{node}'")
_WHAT: Final[dict[type, Text]] = {
    ex.Points: Text(vi="tổng điểm", en="points"),
    ex.Percent: Text(vi="phần trăm điểm", en="percent"),
    ex.LowestIndicator: Text(vi="chỉ số thấp nhất", en="lowest indicator"),
}
_NOBODY: Final = Text(vi="không có", en="none")
