"""How one condition or number stands to another, whatever the facts: at least as much, or not.

The answer is read off the two trees. It is sound and not complete: what is called higher or lower
is so for all facts, and what no reading shows is `UNCLEAR`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from attrs import evolve, fields, has

from xhht.rules import expressions as ex

__all__ = ["Order", "normal", "order", "rebuilt", "renamed", "rises_with_points", "spelt"]

T = TypeVar("T")


class Order(StrEnum):
    """How a new tree stands to an old one.

    Of truths, `HIGHER` means that the new one holds wherever the old one does.
    """

    SAME = "same"
    HIGHER = "higher"
    LOWER = "lower"
    UNCLEAR = "unclear"

    @property
    def flipped(self) -> Order:
        """The order of the opposites."""
        return _FLIPPED.get(self, self)

    @classmethod
    def of(cls, old: Fraction, new: Fraction) -> Order:
        """Return how one number stands to another."""
        return cls.SAME if old == new else cls.HIGHER if new > old else cls.LOWER

    @classmethod
    def together(cls, orders: Iterable[Order]) -> Order:
        """Return the order of what rises with each of its parts, by the orders of the parts."""
        found = set(orders) - {cls.SAME}
        if not found:
            return cls.SAME
        return found.pop() if len(found) == 1 else cls.UNCLEAR


_FLIPPED = {Order.HIGHER: Order.LOWER, Order.LOWER: Order.HIGHER}


def rebuilt(tree: T, change: Callable[[Any], Any]) -> T:
    """Return a tree with each of its nodes changed, the innermost first."""
    return _rebuilt(tree, change)  # type: ignore[no-any-return]


def _rebuilt(tree: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(tree, tuple):
        return tuple(_rebuilt(each, change) for each in tree)
    if not has(type(tree)):
        return tree
    return change(
        type(tree)(**{name: _rebuilt(each, change) for name, each in _parts(tree).items()})
    )


def _parts(tree: Any) -> dict[str, Any]:
    return {each.name: getattr(tree, each.name) for each in fields(type(tree))}


def renamed(tree: T, inputs: Mapping[str, str], nodes: Mapping[str, str]) -> T:
    """Return a tree in which inputs and criteria have other names; those not named keep theirs."""

    def change(node: Any) -> Any:
        if isinstance(node, (ex.TruthInput, ex.NumberInput, ex.Among)):
            name, dot, part = node.name.partition(".")  # a share of members is kept as two counts
            return evolve(node, name=f"{inputs.get(name, name)}{dot}{part}")
        if isinstance(node, (ex.Met, ex.PointsOf)):
            return evolve(node, node=nodes.get(node.node, node.node))
        return node

    return rebuilt(tree, change)


def normal(tree: T) -> T:
    """Return a tree with what may be written in any order put in one order."""
    return rebuilt(tree, _sorted)


def _sorted(node: Any) -> Any:
    if isinstance(node, ex.Not):
        return _negated(node)
    if isinstance(node, (ex.All, ex.Any_)):
        inner = [
            part for each in node.of for part in (each.of if type(each) is type(node) else (each,))
        ]
        return evolve(node, of=tuple(sorted(inner, key=_place)))
    if isinstance(node, ex.Sum):
        return ex.Sum(tuple(sorted(_added(node), key=_place)))
    if isinstance(node, ex.Extreme):
        return ex.Extreme(node.greatest, tuple(sorted(node.of, key=_place)))
    if isinstance(node, ex.Compare) and node.sign == "==":
        left, right = sorted((node.left, node.right), key=_place)
        return evolve(node, left=left, right=right)
    return node


def _added(node: ex.Sum) -> Iterator[tuple[Fraction, Any]]:
    """Yield what a sum adds up, with the terms of sums in it among its own."""
    for factor, each in node.of:
        if isinstance(each, ex.Sum):
            yield from ((factor * inner, term) for inner, term in each.of)
        else:
            yield factor, each


def _negated(node: ex.Not) -> Any:
    match node.of:
        case ex.Not(of):
            return of
        case ex.Truth(value):
            return ex.Truth(not value)
        case ex.Compare(sign, left, right) if sign != "==":
            return ex.Compare(">" if sign == ">=" else ">=", right, left)
        case _:
            return node


def _place(tree: object) -> tuple[str, str]:
    return spelt(tree, numbers=False), spelt(tree)


def spelt(tree: object, *, numbers: bool = True) -> str:
    """Return a text that is the same for equal trees; without numbers, for those of one shape."""
    if isinstance(tree, (tuple, frozenset)):
        parts = [spelt(each, numbers=numbers) for each in tree]
        return f"({','.join(sorted(parts) if isinstance(tree, frozenset) else parts)})"
    if isinstance(tree, Fraction):
        return str(tree) if numbers else "#"
    if not has(type(tree)):
        return repr(tree)
    parts = [spelt(each, numbers=numbers) for each in _parts(tree).values()]
    return f"{type(tree).__name__}({','.join(parts)})"


def order(old: Any, new: Any) -> Order:
    """Return how a new condition or number stands to an old one, both of `normal` form.

    >>> from xhht.rules.expressions import Compare, Constant, Points
    >>> mark = lambda number: Compare(">=", Points(), Constant(Fraction(number)))
    >>> order(mark(80), mark(75)).value, order(mark(80), mark(85)).value
    ('higher', 'lower')
    """
    if old == new:
        return Order.SAME
    for kinds, compare in _READINGS:
        if isinstance(old, kinds) or isinstance(new, kinds):
            return compare(old, new)
    if type(old) is type(new) and type(old) in _ALIKE:
        return _ALIKE[type(old)](old, new)
    return Order.UNCLEAR


def _truth(old: Any, new: Any) -> Order:
    """Of two conditions of which one always or never holds."""
    if isinstance(new, ex.Truth):
        return Order.HIGHER if new.value else Order.LOWER
    return Order.LOWER if old.value else Order.HIGHER


def _unclear(_old: Any, _new: Any) -> Order:
    return Order.UNCLEAR


def _members(old: Any, new: Any, kind: Any, more: Order) -> Order:
    """Of two lists of which one more member makes the whole as `more` says."""
    ours, theirs = (list(each.of) if isinstance(each, kind) else [each] for each in (old, new))
    for each in tuple(ours):
        if each in theirs:
            ours.remove(each)
            theirs.remove(each)
    paired = [order(one, other) for one, other in zip(ours, theirs, strict=False)]
    if len(theirs) != len(ours):
        paired.append(more if len(theirs) > len(ours) else more.flipped)
    return Order.together(paired)


def _all(old: Any, new: Any) -> Order:
    return _members(old, new, ex.All, Order.LOWER)


def _any(old: Any, new: Any) -> Order:
    return _members(old, new, ex.Any_, Order.HIGHER)


def _compare(old: ex.Compare, new: ex.Compare) -> Order:
    if "==" in (old.sign, new.sign):
        return Order.UNCLEAR
    # `>=` holds wherever `>` does.
    signs = {(">", ">="): Order.HIGHER, (">=", ">"): Order.LOWER}
    sign = signs.get((old.sign, new.sign), Order.SAME)
    return Order.together((sign, order(old.left, new.left), order(old.right, new.right).flipped))


def _among(old: ex.Among, new: ex.Among) -> Order:
    if old.name != new.name:
        return Order.UNCLEAR
    if old.options <= new.options:
        return Order.HIGHER
    return Order.LOWER if new.options <= old.options else Order.UNCLEAR


def _cases(old: Any, new: Any) -> Order:
    """Of two numbers or conditions of which one hangs on a condition."""
    kind = type(old) if isinstance(old, (ex.NumberIf, ex.TruthIf)) else type(new)
    first = old if isinstance(old, kind) else new
    old, new = (
        each if isinstance(each, kind) else kind(first.condition, each, each) for each in (old, new)
    )
    if old.condition != new.condition:
        return Order.UNCLEAR
    return Order.together((order(old.then, new.then), order(old.other, new.other)))


def _dated(old: Any, new: Any) -> Order:
    """Of two constants of which one changes by date."""
    if not all(isinstance(each, (ex.Dated, ex.Constant)) for each in (old, new)):
        return Order.UNCLEAR
    steps = [_steps(old), _steps(new)]
    days = sorted({start for each in steps for start, _ in each})
    found = []
    for day in days:
        before, after = ([value for start, value in each if start <= day][-1] for each in steps)
        if before is None or after is None:
            found.append(Order.SAME if before == after else Order.UNCLEAR)
        else:
            found.append(Order.of(before, after))
    return Order.together(found)


def _steps(number: ex.Dated | ex.Constant) -> list[tuple[date, Fraction | None]]:
    if isinstance(number, ex.Constant):
        return [(date.min, number.value)]
    return [(date.min, None), *((step.start or date.min, step.value) for step in number.steps)]


def _sum(old: Any, new: Any) -> Order:
    (ours, fixed), (theirs, other) = _terms(old), _terms(new)
    left, right = Counter(ours), Counter(theirs)
    before = sorted((left - right).elements(), key=_place)
    after = sorted((right - left).elements(), key=_place)
    if [factor for factor, _ in before] != [factor for factor, _ in after]:
        return Order.UNCLEAR
    found = [Order.of(fixed, other)]
    for (factor, one), (_, another) in zip(before, after, strict=True):
        each = order(one, another)
        found.append(each if factor > 0 else each.flipped)
    return Order.together(found)


def _terms(number: Any) -> tuple[list[tuple[Fraction, Any]], Fraction]:
    """Return what is added up, and the sum of the constants among it."""
    terms = number.of if isinstance(number, ex.Sum) else ((Fraction(1), number),)
    fixed = [factor * each.value for factor, each in terms if isinstance(each, ex.Constant)]
    return [term for term in terms if not isinstance(term[1], ex.Constant)], sum(fixed, Fraction(0))


def _extreme(old: Any, new: Any) -> Order:
    greatest = (old if isinstance(old, ex.Extreme) else new).greatest
    if any(isinstance(each, ex.Extreme) and each.greatest != greatest for each in (old, new)):
        return Order.UNCLEAR
    return _members(old, new, ex.Extreme, Order.HIGHER if greatest else Order.LOWER)


def _share(old: ex.ShareOf, new: ex.ShareOf) -> Order:
    if old.denominator != new.denominator:
        return Order.UNCLEAR
    return order(old.numerator, new.numerator)


_READINGS: Sequence[tuple[type | tuple[type, ...], Callable[[Any, Any], Order]]] = (
    (ex.Truth, _truth),
    (ex.Unknown, _unclear),
    ((ex.TruthIf, ex.NumberIf), _cases),
    (ex.All, _all),
    (ex.Any_, _any),
    (ex.Dated, _dated),
    (ex.Sum, _sum),
    (ex.Extreme, _extreme),
)
_ALIKE: Mapping[type, Callable[[Any, Any], Order]] = {
    ex.Not: lambda old, new: order(old.of, new.of).flipped,
    ex.Compare: _compare,
    ex.Among: _among,
    ex.Constant: lambda old, new: Order.of(old.value, new.value),
    ex.ShareOf: _share,
}


_OF_POINTS = (ex.Points, ex.Percent, ex.PointsOf, ex.LowestIndicator, ex.Met)


def rises_with_points(tree: Any, *, up: bool = True) -> bool:
    """Return whether a condition that holds goes on holding when criteria have more points.

    Args:
        tree: the condition, or a number that must rise.
        up: false where it must fall.
    """
    if not any(isinstance(node, _OF_POINTS) for node in ex.walk(tree)):
        return True
    match tree:
        case ex.Not(of):
            return rises_with_points(of, up=not up)
        case ex.All(of) | ex.Any_(of) | ex.Extreme(_, of):
            return all(rises_with_points(each, up=up) for each in of)
        case ex.Compare(sign, left, right):
            return (
                sign != "=="
                and rises_with_points(left, up=up)
                and rises_with_points(right, up=not up)
            )
        case ex.TruthIf(condition, then, other) | ex.NumberIf(condition, then, other):
            free = not any(isinstance(node, _OF_POINTS) for node in ex.walk(condition))
            return free and all(rises_with_points(each, up=up) for each in (then, other))
        case ex.Sum(of):
            return all(rises_with_points(each, up=up == (factor > 0)) for factor, each in of)
        case ex.Points() | ex.Percent() | ex.PointsOf() | ex.LowestIndicator() | ex.Met():
            return up
        case _:
            return False
