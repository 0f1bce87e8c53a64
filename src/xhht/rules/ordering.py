"""Compares two conditions or numbers for all facts: a partial order on expression trees.

The comparison is structural. It is sound but incomplete: `HIGHER` and `LOWER` hold for all facts,
and everything that the structure does not show is `UNCLEAR`.
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

__all__ = [
    "TreeOrder",
    "canonical_text",
    "compare_trees",
    "is_monotone_in_points",
    "map_tree",
    "normal_form",
    "rename_tree",
]

T = TypeVar("T")


class TreeOrder(StrEnum):
    """The order of a new tree relative to an old one.

    For conditions, `HIGHER` means that the old one implies the new one.
    """

    SAME = "same"
    HIGHER = "higher"
    LOWER = "lower"
    UNCLEAR = "unclear"

    @property
    def flipped(self) -> TreeOrder:
        """The order of the opposites."""
        return _FLIPPED.get(self, self)

    @classmethod
    def of(cls, old: Fraction, new: Fraction) -> TreeOrder:
        """Return the order of two numbers."""
        return cls.SAME if old == new else cls.HIGHER if new > old else cls.LOWER

    @classmethod
    def together(cls, orders: Iterable[TreeOrder]) -> TreeOrder:
        """Return the order of a whole that increases with each part, by the orders of its parts."""
        distinct = set(orders) - {cls.SAME}
        if not distinct:
            return cls.SAME
        return distinct.pop() if len(distinct) == 1 else cls.UNCLEAR


_FLIPPED = {TreeOrder.HIGHER: TreeOrder.LOWER, TreeOrder.LOWER: TreeOrder.HIGHER}


def map_tree(tree: T, change: Callable[[Any], Any]) -> T:
    """Return a tree with every node changed, in postorder."""
    return _rebuilt(tree, change)  # type: ignore[no-any-return]


def _rebuilt(tree: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(tree, tuple):
        return tuple(_rebuilt(item, change) for item in tree)
    if not has(type(tree)):
        return tree
    parts = {name: _rebuilt(value, change) for name, value in _parts(tree).items()}
    return change(type(tree)(**parts))


def _parts(tree: Any) -> dict[str, Any]:
    return {attribute.name: getattr(tree, attribute.name) for attribute in fields(type(tree))}


def rename_tree(tree: T, inputs: Mapping[str, str], nodes: Mapping[str, str]) -> T:
    """Return a tree with inputs and criteria renamed; others keep their names."""

    def change(node: Any) -> Any:
        if isinstance(node, (ex.TruthInput, ex.NumberInput, ex.ChoiceIn)):
            name, dot, part = node.name.partition(".")  # a share of members has two counts
            return evolve(node, name=f"{inputs.get(name, name)}{dot}{part}")
        if isinstance(node, (ex.Met, ex.PointsOf, ex.Percent)) and node.node is not None:
            return evolve(node, node=nodes.get(node.node, node.node))
        return node

    return map_tree(tree, change)


def normal_form(tree: T) -> T:
    """Return the normal form of a tree: operands that commute are flattened and sorted."""
    return map_tree(tree, _sorted)


def _sorted(node: Any) -> Any:
    if isinstance(node, ex.Not):
        return _negated(node)
    if isinstance(node, (ex.All, ex.Any_)):
        inner = [p for item in node.of for p in (item.of if type(item) is type(node) else (item,))]
        return evolve(node, of=tuple(sorted(inner, key=_sort_key)))
    if isinstance(node, ex.Sum):
        return ex.Sum(tuple(sorted(_added(node), key=_sort_key)))
    if isinstance(node, ex.Extreme):
        return ex.Extreme(node.greatest, tuple(sorted(node.of, key=_sort_key)))
    if isinstance(node, ex.Compare) and node.sign == "==":
        left, right = sorted((node.left, node.right), key=_sort_key)
        return evolve(node, left=left, right=right)
    return node


def _added(node: ex.Sum) -> Iterator[tuple[Fraction, Any]]:
    """Yield the terms of a sum, with nested sums flattened."""
    for factor, term in node.of:
        if isinstance(term, ex.Sum):
            yield from ((factor * inner_factor, inner_term) for inner_factor, inner_term in term.of)
        else:
            yield factor, term


def _negated(node: ex.Not) -> Any:
    match node.of:
        case ex.Not(of):
            return of
        case ex.TruthConstant(value):
            return ex.TruthConstant(not value)
        case ex.Compare(sign, left, right) if sign != "==":
            return ex.Compare(">" if sign == ">=" else ">=", right, left)
        case _:
            return node


def _sort_key(tree: object) -> tuple[str, str]:
    return canonical_text(tree, numbers=False), canonical_text(tree)


def canonical_text(tree: object, *, numbers: bool = True) -> str:
    """Return a canonical key of a tree; without numbers, trees of one shape share it."""
    if isinstance(tree, (tuple, frozenset)):
        parts = [canonical_text(part, numbers=numbers) for part in tree]
        return f"({','.join(sorted(parts) if isinstance(tree, frozenset) else parts)})"
    if isinstance(tree, Fraction):
        return str(tree) if numbers else "#"
    if not has(type(tree)):
        return repr(tree)
    parts = [
        canonical_text(part, numbers=numbers)
        for name, part in _parts(tree).items()
        if name != "definition"
    ]
    return f"{type(tree).__name__}({','.join(parts)})"


def compare_trees(old: Any, new: Any) -> TreeOrder:
    """Return the order of a new condition or number relative to an old one, both normalised.

    >>> from xhht.rules.expressions import Compare, Constant, AllPoints
    >>> mark = lambda number: Compare(">=", AllPoints(), Constant(Fraction(number)))
    >>> compare_trees(mark(80), mark(75)).value, compare_trees(mark(80), mark(85)).value
    ('higher', 'lower')
    """
    if old == new:
        return TreeOrder.SAME
    for kinds, compare in _READINGS:
        if isinstance(old, kinds) or isinstance(new, kinds):
            return compare(old, new)
    if type(old) is type(new) and type(old) in _ALIKE:
        return _ALIKE[type(old)](old, new)
    return TreeOrder.UNCLEAR


def _truth(old: Any, new: Any) -> TreeOrder:
    """Compare two conditions of which one always or never holds."""
    if isinstance(new, ex.TruthConstant):
        return TreeOrder.HIGHER if new.value else TreeOrder.LOWER
    return TreeOrder.LOWER if old.value else TreeOrder.HIGHER


def _unclear(_old: Any, _new: Any) -> TreeOrder:
    return TreeOrder.UNCLEAR


def _members(old: Any, new: Any, kind: Any, more: TreeOrder) -> TreeOrder:
    """Compare two lists; an additional member changes the whole in the direction `more`."""
    old_members, new_members = (
        list(tree.of) if isinstance(tree, kind) else [tree] for tree in (old, new)
    )
    for member in tuple(old_members):
        if member in new_members:
            old_members.remove(member)
            new_members.remove(member)
    orders = [
        compare_trees(old_member, new_member)
        for old_member, new_member in zip(old_members, new_members, strict=False)
    ]
    if len(new_members) != len(old_members):
        orders.append(more if len(new_members) > len(old_members) else more.flipped)
    return TreeOrder.together(orders)


def _all(old: Any, new: Any) -> TreeOrder:
    return _members(old, new, ex.All, TreeOrder.LOWER)


def _any(old: Any, new: Any) -> TreeOrder:
    return _members(old, new, ex.Any_, TreeOrder.HIGHER)


def _compare(old: ex.Compare, new: ex.Compare) -> TreeOrder:
    if "==" in (old.sign, new.sign):
        return TreeOrder.UNCLEAR
    # `>=` holds wherever `>` does.
    signs = {(">", ">="): TreeOrder.HIGHER, (">=", ">"): TreeOrder.LOWER}
    sign = signs.get((old.sign, new.sign), TreeOrder.SAME)
    return TreeOrder.together(
        (sign, compare_trees(old.left, new.left), compare_trees(old.right, new.right).flipped)
    )


def _among(old: ex.ChoiceIn, new: ex.ChoiceIn) -> TreeOrder:
    if old.name != new.name:
        return TreeOrder.UNCLEAR
    if old.options <= new.options:
        return TreeOrder.HIGHER
    return TreeOrder.LOWER if new.options <= old.options else TreeOrder.UNCLEAR


def _cases(old: Any, new: Any) -> TreeOrder:
    """Compare two numbers or conditions of which one is conditional."""
    kind = type(old) if isinstance(old, (ex.NumberIf, ex.TruthIf)) else type(new)
    first = old if isinstance(old, kind) else new
    old, new = (
        tree if isinstance(tree, kind) else kind(first.condition, tree, tree) for tree in (old, new)
    )
    if old.condition != new.condition:
        return TreeOrder.UNCLEAR
    orders = compare_trees(old.then, new.then), compare_trees(old.other, new.other)
    return TreeOrder.together(orders)


def _dated(old: Any, new: Any) -> TreeOrder:
    """Compare two constants of which one changes by date."""
    if not all(isinstance(number, (ex.Dated, ex.Constant)) for number in (old, new)):
        return TreeOrder.UNCLEAR
    steps = [_steps(old), _steps(new)]
    days = sorted({start for number_steps in steps for start, _ in number_steps})
    orders = []
    for day in days:
        before, after = (
            [value for start, value in number_steps if start <= day][-1] for number_steps in steps
        )
        if before is None or after is None:
            orders.append(TreeOrder.SAME if before == after else TreeOrder.UNCLEAR)
        else:
            orders.append(TreeOrder.of(before, after))
    return TreeOrder.together(orders)


def _steps(number: ex.Dated | ex.Constant) -> list[tuple[date, Fraction | None]]:
    if isinstance(number, ex.Constant):
        return [(date.min, number.value)]
    return [(date.min, None), *((step.start or date.min, step.value) for step in number.steps)]


def _sum(old: Any, new: Any) -> TreeOrder:
    (old_terms, old_constant), (new_terms, new_constant) = _terms(old), _terms(new)
    old_counts, new_counts = Counter(old_terms), Counter(new_terms)
    only_old = sorted((old_counts - new_counts).elements(), key=_sort_key)
    only_new = sorted((new_counts - old_counts).elements(), key=_sort_key)
    if [factor for factor, _ in only_old] != [factor for factor, _ in only_new]:
        return TreeOrder.UNCLEAR
    orders = [TreeOrder.of(old_constant, new_constant)]
    for (factor, old_term), (_, new_term) in zip(only_old, only_new, strict=True):
        term_order = compare_trees(old_term, new_term)
        orders.append(term_order if factor > 0 else term_order.flipped)
    return TreeOrder.together(orders)


def _terms(number: Any) -> tuple[list[tuple[Fraction, Any]], Fraction]:
    """Return the terms of a sum without constants, and the sum of its constants."""
    terms = number.of if isinstance(number, ex.Sum) else ((Fraction(1), number),)
    constants = [factor * term.value for factor, term in terms if isinstance(term, ex.Constant)]
    others = [term for term in terms if not isinstance(term[1], ex.Constant)]
    return others, sum(constants, Fraction(0))


def _extreme(old: Any, new: Any) -> TreeOrder:
    greatest = (old if isinstance(old, ex.Extreme) else new).greatest
    if any(isinstance(tree, ex.Extreme) and tree.greatest != greatest for tree in (old, new)):
        return TreeOrder.UNCLEAR
    return _members(old, new, ex.Extreme, TreeOrder.HIGHER if greatest else TreeOrder.LOWER)


def _share(old: ex.ShareOf, new: ex.ShareOf) -> TreeOrder:
    if old.denominator != new.denominator:
        return TreeOrder.UNCLEAR
    return compare_trees(old.numerator, new.numerator)


_READINGS: Sequence[tuple[type | tuple[type, ...], Callable[[Any, Any], TreeOrder]]] = (
    (ex.TruthConstant, _truth),
    (ex.Unknown, _unclear),
    ((ex.TruthIf, ex.NumberIf), _cases),
    (ex.All, _all),
    (ex.Any_, _any),
    (ex.Dated, _dated),
    (ex.Sum, _sum),
    (ex.Extreme, _extreme),
)
_ALIKE: Mapping[type, Callable[[Any, Any], TreeOrder]] = {
    ex.Not: lambda old, new: compare_trees(old.of, new.of).flipped,
    ex.Compare: _compare,
    ex.ChoiceIn: _among,
    ex.Constant: lambda old, new: TreeOrder.of(old.value, new.value),
    ex.ShareOf: _share,
}


def is_monotone_in_points(tree: Any, *, up: bool = True) -> bool:
    """Return whether a condition is monotone: more points never make it false.

    Args:
        tree: the condition, or a number that must not decrease.
        up: False if it must not increase.
    """
    if not ex.reads_totals(tree):
        return True
    match tree:
        case ex.Not(of):
            return is_monotone_in_points(of, up=not up)
        case ex.All(of) | ex.Any_(of) | ex.Extreme(_, of):
            return all(is_monotone_in_points(part, up=up) for part in of)
        case ex.Compare(sign, left, right):
            return (
                sign != "=="
                and is_monotone_in_points(left, up=up)
                and is_monotone_in_points(right, up=not up)
            )
        case ex.TruthIf(condition, then, other) | ex.NumberIf(condition, then, other):
            free = not ex.reads_totals(condition)
            return free and all(is_monotone_in_points(case, up=up) for case in (then, other))
        case ex.Sum(of):
            return all(is_monotone_in_points(term, up=up == (factor > 0)) for factor, term in of)
        case ex.AllPoints() | ex.Percent() | ex.PointsOf() | ex.LowestIndicator() | ex.Met():
            return up
        case _:
            return False
