"""Matches the parts of two profiles: by id, by name, by the condition they check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeAlias, TypeVar

from attrs import frozen

from xhht.criteria.document import DefinitionEntry, ValueEntry
from xhht.criteria.profile import Profile
from xhht.rules.model import Branch, Leaf, TreeNode
from xhht.rules.ordering import canonical_text, normal_form
from xhht.text import Text, match_key

T = TypeVar("T")
KeyFunction: TypeAlias = "Callable[[T], Hashable | None]"


@frozen
class PartMatches:
    """The ids of the new profile by the matching ids of the old one."""

    inputs: Mapping[str, str]
    values: Mapping[str, str]
    definitions: Mapping[str, str]
    criteria: Mapping[str, str]
    levels: Mapping[str, str]


def match_parts(old: Profile, new: Profile) -> PartMatches:
    """Return the matching parts of two profiles, also where their ids or names differ."""
    before, after = old.document, new.document
    inputs = _pairs(
        [(name, entry.type, _label_key(entry.label)) for name, entry in before.inputs.items()],
        [(name, entry.type, _label_key(entry.label)) for name, entry in after.inputs.items()],
        (lambda item: item[0], lambda item: item[1:]),
    )
    names = {old_item[0]: new_item[0] for old_item, new_item in inputs}
    levels = _pairs(
        [(level.id, _label_key(level.name)) for level in before.levels],
        [(level.id, _label_key(level.name)) for level in after.levels],
        (lambda item: item[0], lambda item: item[1]),
    )
    criteria = _pairs(_nodes(old, names), _nodes(new, {}), _NODE_KEYS)
    return PartMatches(
        inputs=names,
        values=_by_name_or_label(before.values, after.values),
        definitions=_by_name_or_label(before.definitions, after.definitions),
        criteria={old_node.id: new_node.id for old_node, new_node in criteria},
        levels={old_item[0]: new_item[0] for old_item, new_item in levels},
    )


def _by_name_or_label(
    before: Mapping[str, ValueEntry] | Mapping[str, DefinitionEntry] | None,
    after: Mapping[str, ValueEntry] | Mapping[str, DefinitionEntry] | None,
) -> dict[str, str]:
    pairs = _pairs(
        [(name, _label_key(entry.label)) for name, entry in (before or {}).items()],
        [(name, _label_key(entry.label)) for name, entry in (after or {}).items()],
        (lambda item: item[0], lambda item: item[1]),
    )
    return {old_item[0]: new_item[0] for old_item, new_item in pairs}


@frozen
class _Node:
    """The features by which a criterion is matched."""

    id: str
    is_leaf: bool
    name: Hashable | None
    condition: str | None


_NODE_KEYS: tuple[KeyFunction[_Node], ...] = (
    lambda node: (node.is_leaf, node.id, node.name, node.condition),
    lambda node: (node.name and (node.is_leaf, node.id, node.name)) or None,
    lambda node: (
        (node.is_leaf, node.name, node.condition) if node.name and node.condition else None
    ),
    lambda node: (node.name and (node.is_leaf, node.name)) or None,
    lambda node: (node.condition and (node.id, node.condition)) or None,
    lambda node: node.condition if node.condition and node.name is None else None,
    lambda node: (node.is_leaf, node.id),
    lambda node: node.condition,
)
"""The most reliable first: names over ids, because inserting a criterion shifts the ids."""


def _nodes(profile: Profile, inputs: Mapping[str, str]) -> list[_Node]:
    return [
        _Node(
            id=node.id,
            is_leaf=isinstance(node, Leaf),
            name=_label_key(profile.entries[node.id].name),
            condition=_condition_key(node, inputs),
        )
        for node in profile.rules.nodes()
    ]


def _condition_key(node: TreeNode, inputs: Mapping[str, str]) -> str | None:
    """Return the scoring rule of an indicator as text, without points; None for a branch."""
    if isinstance(node, Branch):
        return None
    return canonical_text(normal_form(node.scoring.renamed(inputs)))


def _label_key(text: Text | None) -> Hashable | None:
    return None if text is None else (match_key(text.vi), match_key(text.en))


def _pairs(old: Iterable[T], new: Iterable[T], keys: Iterable[KeyFunction[T]]) -> list[tuple[T, T]]:
    """Return the pairs identified by some key that exactly one item on each side has."""
    old_items, new_items, pairs = list(old), list(new), list[tuple[T, T]]()
    for key in keys:
        old_groups, new_groups = _grouped(old_items, key), _grouped(new_items, key)
        for value, old_group in old_groups.items():
            new_group = new_groups.get(value, [])
            if len(old_group) == len(new_group) == 1:
                pairs.append((old_group[0], new_group[0]))
                old_items.remove(old_group[0])
                new_items.remove(new_group[0])
    return pairs


def _grouped(items: Iterable[T], key: KeyFunction[T]) -> dict[Hashable, list[T]]:
    groups: defaultdict[Hashable, list[T]] = defaultdict(list)
    for item in items:
        value = key(item)
        if value is not None:
            groups[value].append(item)
    return groups
