"""Which parts of one profile are those of another: by id, by name, by what they ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeAlias, TypeVar

from attrs import frozen

from xhht.criteria.profile import Profile
from xhht.rules.model import Assessed, Branch, Leaf, TreeNode
from xhht.rules.ordering import normal, renamed, spelt
from xhht.text import Text, match_key

__all__ = ["Matched", "matched"]

T = TypeVar("T")
Key: TypeAlias = "Callable[[T], Hashable | None]"


@frozen
class Matched:
    """The parts of a new profile by those of the old one that they are."""

    inputs: Mapping[str, str]
    values: Mapping[str, str]
    criteria: Mapping[str, str]
    levels: Mapping[str, str]


def matched(old: Profile, new: Profile) -> Matched:
    """Return which parts of two profiles are the same, though they may be called otherwise."""
    ours, theirs = old.document, new.document
    inputs = _pairs(
        [(name, each.type, _said(each.label)) for name, each in ours.inputs.items()],
        [(name, each.type, _said(each.label)) for name, each in theirs.inputs.items()],
        (lambda each: each[0], lambda each: each[1:]),
    )
    names = {one[0]: other[0] for one, other in inputs}
    values = _pairs(
        [(name, _said(each.label)) for name, each in (ours.values or {}).items()],
        [(name, _said(each.label)) for name, each in (theirs.values or {}).items()],
        (lambda each: each[0], lambda each: each[1]),
    )
    levels = _pairs(
        [(each.id, _said(each.name)) for each in ours.levels],
        [(each.id, _said(each.name)) for each in theirs.levels],
        (lambda each: each[0], lambda each: each[1]),
    )
    criteria = _pairs(_nodes(old, names), _nodes(new, {}), _NODE_KEYS)
    return Matched(
        inputs=names,
        values={one[0]: other[0] for one, other in values},
        criteria={one.id: other.id for one, other in criteria},
        levels={one[0]: other[0] for one, other in levels},
    )


@frozen
class _Node:
    """What a criterion is known by."""

    id: str
    is_leaf: bool
    name: Hashable | None
    asks: str | None


_NODE_KEYS: tuple[Key[_Node], ...] = (
    lambda node: (node.is_leaf, node.id, node.name, node.asks),
    lambda node: (node.name and (node.is_leaf, node.id, node.name)) or None,
    lambda node: (node.is_leaf, node.name, node.asks) if node.name and node.asks else None,
    lambda node: (node.name and (node.is_leaf, node.name)) or None,
    lambda node: (node.asks and (node.id, node.asks)) or None,
    lambda node: node.asks if node.asks and node.name is None else None,
    lambda node: (node.is_leaf, node.id),
    lambda node: node.asks,
)
"""The surest first: a name tells more than an id, which a new first criterion shifts."""


def _nodes(profile: Profile, inputs: Mapping[str, str]) -> list[_Node]:
    return [
        _Node(
            id=node.id,
            is_leaf=isinstance(node, Leaf),
            name=_said(profile.entries[node.id].name),
            asks=_asks(node, inputs),
        )
        for node in profile.rules.nodes()
    ]


def _asks(node: TreeNode, inputs: Mapping[str, str]) -> str | None:
    """Return what an indicator asks, however it is rated; a criterion asks nothing itself."""
    if isinstance(node, Branch):
        return None
    scoring = node.scoring
    if isinstance(scoring, Assessed):
        return spelt(Assessed(inputs.get(scoring.input, scoring.input)))
    return spelt(normal(renamed(scoring, inputs, {})))


def _said(text: Text | None) -> Hashable | None:
    return None if text is None else (match_key(text.vi), match_key(text.en))


def _pairs(old: Iterable[T], new: Iterable[T], keys: Iterable[Key[T]]) -> list[tuple[T, T]]:
    """Return pairs that some key tells for certain: one on either side has it, and no other."""
    ours, theirs, found = list(old), list(new), list[tuple[T, T]]()
    for key in keys:
        left, right = _by(ours, key), _by(theirs, key)
        for each, one in left.items():
            other = right.get(each, [])
            if len(one) == len(other) == 1:
                found.append((one[0], other[0]))
                ours.remove(one[0])
                theirs.remove(other[0])
    return found


def _by(items: Iterable[T], key: Key[T]) -> dict[Hashable, list[T]]:
    grouped: defaultdict[Hashable, list[T]] = defaultdict(list)
    for each in items:
        told = key(each)
        if told is not None:
            grouped[told].append(each)
    return grouped
