"""Records changes between two profiles: positions in both files, values and effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve, fields, frozen

from xhht.criteria._compare_effects import EffectRule
from xhht.criteria._matching import match_parts
from xhht.criteria.changes import ChangedPart, Effect, Place, ProfileChange, ProfileChangeKind
from xhht.criteria.document import key_of
from xhht.criteria.profile import Profile
from xhht.criteria.writing import written_value
from xhht.criteria.yaml_nodes import child
from xhht.rules import expressions as ex
from xhht.rules.ordering import compare_trees, map_tree, normal_form, rename_tree
from xhht.text import Text


@frozen
class MatchedPart:
    """A part that both profiles have: its ids and JSON pointers, old and new, and its name."""

    kind: ChangedPart
    ids: tuple[str, str]
    pointers: tuple[str, str]
    name: Text | None = None


class ChangeRecorder:
    """Creates the `ProfileChange` records for differences between two profiles.

    Attributes:
        old, new: the profiles.
        same: the matching parts of both.
        clauses: the conditions and numbers compared so far: old, new and their rule.
    """

    def __init__(self, old: Profile, new: Profile) -> None:
        self.old, self.new = old, new
        self.same = match_parts(old, new)
        self.clauses: list[tuple[Any, Any, EffectRule]] = []

    def clause(self, old: Any, new: Any, rule: EffectRule) -> Effect | None:
        """Return the effect of a changed condition or number, or None if both mean the same.

        Dated values and definitions are compared where they are declared, not here.
        """
        old = self.renamed(old)
        self.clauses.append((old, new, rule))
        if is_same_tree(old, new):
            return None
        return rule(compare_trees(normal_form(old), normal_form(new)))

    def renamed(self, tree: Any) -> Any:
        """Return a tree of the old profile with the names of the new one."""

        def change(node: Any) -> Any:
            if isinstance(node, ex.Dated):
                node = evolve(node, name=self.same.values.get(node.name, node.name))
            if isinstance(node, ex.Named) and node.definition is not None:
                name = self.same.definitions.get(node.definition, node.definition)
                node = evolve(node, definition=name)
            return node

        return map_tree(rename_tree(tree, self.same.inputs, self.same.criteria), change)

    def pairs(
        self, old: Mapping[str, Any], new: Mapping[str, Any], same: Mapping[str, str]
    ) -> Iterator[tuple[str | None, str | None]]:
        """Yield the ids in the old and the new profile, None where one has no such part.

        New ids come first, in their order, then those that were removed.
        """
        old_ids = {new_id: old_id for old_id, new_id in same.items()}
        yield from ((old_ids.get(new_id), new_id) for new_id in new)
        yield from ((old_id, None) for old_id in old if old_id not in same)

    def added_or_removed(
        self,
        kind: ChangedPart,
        ids: tuple[str | None, str | None],
        pointers: tuple[str | None, str | None],
        name: Text | None,
        effect: Effect,
    ) -> ProfileChange:
        """Return the change for a part that only one profile has."""
        old_id, new_id = ids
        return ProfileChange(
            kind=ProfileChangeKind.ADDED if old_id is None else ProfileChangeKind.REMOVED,
            part=kind,
            id=(old_id if new_id is None else new_id) or "",
            effect=effect,
            old_place=None if pointers[0] is None else place_of(self.old, pointers[0]),
            new_place=None if pointers[1] is None else place_of(self.new, pointers[1]),
            name=name,
        )

    def id_change(self, part: MatchedPart) -> Iterator[ProfileChange]:
        """Yield the change of the id of a part, if it changed."""
        if part.ids[0] != part.ids[1]:
            kind = ProfileChangeKind.RENAMED
            yield self.change(part, "id", *part.ids, Effect.NEITHER, kind)

    def change(
        self,
        part: MatchedPart,
        key: str | None,
        before: Any,
        after: Any,
        effect: Effect,
        kind: ProfileChangeKind = ProfileChangeKind.CHANGED,
    ) -> ProfileChange:
        """Return the change of a value of a part."""
        return ProfileChange(
            kind=kind,
            part=part.kind,
            id=part.ids[1],
            key=key,
            old=written_value(before),
            new=written_value(after),
            effect=effect,
            old_place=place_of(self.old, part.pointers[0], key),
            new_place=place_of(self.new, part.pointers[1], key),
            name=part.name,
        )


def differing_fields(old: Any, new: Any, excluded: set[str]) -> Iterator[tuple[str, Any, Any]]:
    """Yield the keys whose values differ, with the old and the new value."""
    for attribute in fields(type(new)):
        key = key_of(attribute)
        if key in excluded:
            continue
        before, after = getattr(old, attribute.name), getattr(new, attribute.name)
        if before != after:
            yield key, before, after


def place_of(profile: Profile, pointer: str, key: str | None = None) -> Place:
    """Return the place of a key, or of the nearest value that contains it."""
    steps = (key or "").replace("[", ".").replace("]", "").split(".") if key else []
    for step in steps:
        below = child(pointer, str(int(step) - 1) if step.isdecimal() else step)
        if below not in profile.marks:
            break
        pointer = below
    mark = profile.marks.get(pointer) or profile.marks[""]
    return Place(mark.file or profile.file, mark.line, mark.column)


def is_same_tree(old: Any, new: Any) -> bool:
    """Return whether two trees mean the same, either as written or with definitions written out.

    Dated values are compared by name, and as written also definitions.
    """
    return any(
        normal_form(map_tree(old, change)) == normal_form(map_tree(new, change))
        for change in (_by_name, _dated_by_name)
    )


def _dated_by_name(node: Any) -> Any:
    return evolve(node, kind=None, steps=()) if isinstance(node, ex.Dated) else node


def _by_name(node: Any) -> Any:
    if isinstance(node, ex.Named) and node.definition is not None:
        return ex.TruthInput(f"definition {node.definition}")
    return _dated_by_name(node)
