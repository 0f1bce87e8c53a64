"""Differences between the criteria of two profiles: position, points, scoring, requirements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, assert_never

from attrs import evolve, fields, has

from xhht.criteria import _compare_effects as effects
from xhht.criteria._change_recorder import (
    ChangeRecorder,
    MatchedPart,
    differing_fields,
    is_same_tree,
    place_of,
)
from xhht.criteria._compare_effects import EffectRule, MonotonicityAnalysis
from xhht.criteria.changes import ChangedPart, Effect, ProfileChange, ProfileChangeKind
from xhht.criteria.document import BELOW_CRITERION, SCORINGS
from xhht.criteria.profile import Profile
from xhht.criteria.writing import written_value
from xhht.rules import expressions as ex
from xhht.rules import scoring
from xhht.rules.model import Branch, Leaf, TreeNode
from xhht.rules.ordering import TreeOrder
from xhht.text import Text

_EXCLUDED_KEYS = {"id", "name", "points", *BELOW_CRITERION, *SCORINGS}
_DESCRIPTIVE_KEYS = {"clause", "provenance", "note", "source"}
"""Keys that describe a criterion without affecting results."""


class CriteriaDifferences:
    """Compares the criteria and indicators of two profiles."""

    def __init__(self, recorder: ChangeRecorder) -> None:
        self._recorder = recorder
        self._old, self._new, self._same = recorder.old, recorder.new, recorder.same
        self._effects = MonotonicityAnalysis(recorder.old, recorder.new)
        self._old_nodes = {node.id: node for node in recorder.old.rules.nodes()}
        self._new_nodes = {node.id: node for node in recorder.new.rules.nodes()}

    def changes(self) -> Iterator[ProfileChange]:
        """Yield the differences, in the order of the new profile."""
        pairs = self._recorder.pairs(self._old_nodes, self._new_nodes, self._same.criteria)
        for old_id, new_id in pairs:
            if old_id is None or new_id is None:
                yield self._added_or_removed(old_id, new_id)
            else:
                yield from self._node(old_id, new_id)

    def _added_or_removed(self, old_id: str | None, new_id: str | None) -> ProfileChange:
        profile, node_id = (self._old, old_id) if old_id is not None else (self._new, new_id)
        node = (self._old_nodes if old_id is not None else self._new_nodes)[node_id or ""]
        effect = self._effects.addition_effect(node, _ancestors(profile, node.id))
        places = (
            None if old_id is None else self._old.pointers[old_id],
            None if new_id is None else self._new.pointers[new_id],
        )
        return self._recorder.added_or_removed(
            _part(node),
            (old_id, new_id),
            places,
            profile.entries[node.id].name,
            effect if old_id is None else effect.reversed,
        )

    def _node(self, old_id: str, new_id: str) -> Iterator[ProfileChange]:
        old, new = self._old_nodes[old_id], self._new_nodes[new_id]
        old_entry, new_entry = self._old.entries[old_id], self._new.entries[new_id]
        pointers = self._old.pointers[old_id], self._new.pointers[new_id]
        part = MatchedPart(_part(new), (old_id, new_id), pointers, new_entry.name)
        yield from self._recorder.id_change(part)
        source, target = _parent_id(self._old, old_id), _parent_id(self._new, new_id)
        if self._same.criteria.get(source, "") != target:
            moved = ProfileChangeKind.MOVED
            yield self._recorder.change(part, None, source, target, Effect.UNKNOWN, moved)
        if old_entry.name != new_entry.name:
            names, renamed = (old_entry.name, new_entry.name), ProfileChangeKind.RENAMED
            yield self._recorder.change(part, "name", *names, Effect.NEITHER, renamed)
        yield from self._points(part, old, new)
        if isinstance(old, Leaf) and isinstance(new, Leaf):
            yield from self._scoring(part, old, new)
        yield from self._keys(part, old, new)

    def _points(self, part: MatchedPart, old: TreeNode, new: TreeNode) -> Iterator[ProfileChange]:
        if isinstance(old, Leaf) and isinstance(new, Leaf):
            before, after = old.points, new.points
            effect = self._effects.points_effect(old, new)
        else:
            before, after = (
                profile.points(next(n.maximum for n in profile.plan.nodes if n.id == node.id))
                for profile, node in ((self._old, old), (self._new, new))
            )
            # The points of its parts determine it; they are reported separately.
            effect = Effect.NEITHER
        if before != after:
            yield self._recorder.change(part, "points", before, after, effect)

    def _keys(self, part: MatchedPart, old: TreeNode, new: TreeNode) -> Iterator[ProfileChange]:
        old_entry, new_entry = self._old.entries[old.id], self._new.entries[new.id]
        applies = [None if node.applies is None else node.applies.when for node in (old, new)]
        applies_effect = self._recorder.clause(
            applies[0] or ex.TruthConstant(True),
            applies[1] or ex.TruthConstant(True),
            lambda order: self._effects.applicability_effect(old, new, order),
        )
        for key, before, after in differing_fields(old_entry, new_entry, _EXCLUDED_KEYS):
            if key == "applies_when":
                if applies_effect is None:
                    continue
                effect = applies_effect
            elif key == "floor":
                effect = effects.floor_effect(before, after)
            elif key == "requirement":
                effect = effects.requirement_effect(before, after)
            elif key == "cap" and before is not None and after is not None:
                effect = self._effects.maximum_effect(TreeOrder.of(before, after))
            elif key == "factor":
                if is_same_tree(old.factor, new.factor):
                    continue
                effect = self._effects.factor_effect(old, new)
                before, after = (item and written_value(item) for item in (before, after))
            elif key == "not_below":
                effect = self._effects.minimum_effect(before, after)
            else:
                effect = Effect.NEITHER if key in _DESCRIPTIVE_KEYS else Effect.UNKNOWN
            yield self._recorder.change(part, key, before, after, effect)

    def _scoring(self, part: MatchedPart, old: Leaf, new: Leaf) -> Iterator[ProfileChange]:
        old_key, new_key = old.scoring.kind, new.scoring.kind
        before = getattr(self._old.entries[old.id], old_key)
        after = getattr(self._new.entries[new.id], new_key)
        if new.scoring.replaces(old.scoring, self._same.inputs):
            rules = f"{old_key}: {written_value(before)}", f"{new_key}: {written_value(after)}"
            change = self._recorder.change(part, new_key, *rules, Effect.UNKNOWN)
            yield evolve(change, old_place=place_of(self._old, part.pointers[0], old_key))
            return
        differences = _ScoringDifferences(
            self._recorder,
            old.scoring,
            new.scoring,
            self._effects.scoring_rule(old, new),
            self._effects.declared_points_rule(old, new),
        )
        for key, old_value, new_value, effect in differences.below((new_key.value,), before, after):
            yield self._recorder.change(part, key, old_value, new_value, effect)


class _ScoringDifferences:
    """Compares two scoring rules of one kind value by value, as their entries nest them."""

    def __init__(
        self,
        recorder: ChangeRecorder,
        old: scoring.Scoring,
        new: scoring.Scoring,
        rule: EffectRule,
        points_rule: EffectRule,
    ) -> None:
        self._recorder, self._rule, self._points_rule = recorder, rule, points_rule
        self._old = {self._new_path(part.path): part for part in old.parts()}
        self._new = {part.path: part for part in new.parts()}

    def _new_path(self, path: scoring.PartPath) -> scoring.PartPath:
        """Return a path of the old rule with the levels of the new profile."""
        if path[:1] != (scoring.ScoringKind.MET_BY_LEVEL.value,):
            return path
        return (path[0], self._recorder.same.levels.get(str(path[1]), path[1]), *path[2:])

    def below(
        self, path: scoring.PartPath, before: Any, after: Any
    ) -> Iterator[tuple[str, Any, Any, Effect]]:
        """Yield the key, the old and the new value and the effect of each change at `path`."""
        if path in self._new or path in self._old:
            effect = self._effect(self._part_at(self._old, path), self._part_at(self._new, path))
            if effect is not None:
                yield _key(path), before, after, effect
        elif isinstance(before, dict) and isinstance(after, dict):
            same = self._recorder.same.levels
            before = {same.get(level, level): entry for level, entry in before.items()}
            for level in dict.fromkeys((*after, *before)):
                old_item, new_item = before.get(level), after.get(level)
                place = (*path, level)
                if old_item is None or new_item is None:  # the level itself is new or removed
                    yield _key(place), old_item, new_item, Effect.UNKNOWN
                else:
                    yield from self.below(place, old_item, new_item)
        elif isinstance(before, tuple) and isinstance(after, tuple):
            for index, (old_item, new_item) in enumerate(zip_longest(before, after)):
                place = (*path, index)
                if old_item is None or new_item is None:
                    order = TreeOrder.HIGHER if old_item is None else TreeOrder.LOWER
                    yield _key(place), old_item, new_item, self._rule_at(path)(order)
                else:
                    yield from self.below(place, old_item, new_item)
        elif has(type(before)) and type(before) is type(after) and not isinstance(before, Text):
            for attribute in fields(type(before)):
                old_value, new_value = (getattr(entry, attribute.name) for entry in (before, after))
                yield from self.below((*path, attribute.name), old_value, new_value)
        elif before != after:  # a value that no result depends on, such as a note
            yield _key(path), before, after, Effect.NEITHER

    def _part_at(
        self, parts: Mapping[scoring.PartPath, scoring.ScoringPart], path: scoring.PartPath
    ) -> scoring.ScoringPart:
        """Return a condition of a level; one that is not written always holds."""
        return parts.get(path) or scoring.ConditionPart(path, ex.TruthConstant(True))

    def _effect(self, old: scoring.ScoringPart, new: scoring.ScoringPart) -> Effect | None:
        """Return the effect of one value, or None if both mean the same."""
        match new:
            case scoring.ConditionPart() | scoring.NumberPart():
                return self._recorder.clause(old.value, new.value, self._rule_at(new.path))
            case scoring.PointsPart():
                assert isinstance(old, scoring.PointsPart)
                order = TreeOrder.of(old.value, new.value)
                rule = self._points_rule if self._rises(new.path) else effects.unknown_unless_same
                return None if order is TreeOrder.SAME else rule(order)
            case scoring.RoundingPart():
                return None if old.value == new.value else Effect.UNKNOWN
            case _:
                assert_never(new)

    def _rule_at(self, path: scoring.PartPath) -> EffectRule:
        """Return the effect rule of changes at `path`: unknown unless all points rise."""
        if self._rises(path):
            return self._rule
        if self._falls(path):
            return lambda order: self._rule(order.flipped)
        return effects.unknown_unless_same

    def _rises(self, path: scoring.PartPath) -> bool:
        parts = (*self._old.values(), *self._new.values())
        return all(part.rises for part in parts if part.path[: len(path)] == path)

    def _falls(self, path: scoring.PartPath) -> bool:
        parts = (*self._old.values(), *self._new.values())
        concerned = [part for part in parts if part.path[: len(path)] == path]
        return all(isinstance(part, scoring.ConditionPart) and part.falls for part in concerned)


def _key(path: scoring.PartPath) -> str:
    """Return the key of a value as changes show it: `bands[1].when`."""
    steps = (f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def _part(node: TreeNode) -> ChangedPart:
    return ChangedPart.INDICATOR if isinstance(node, Leaf) else ChangedPart.CRITERION


def _parent_id(profile: Profile, node_id: str) -> str:
    """Return the id of the parent of a criterion, or "" at the top."""
    ancestors = _ancestors(profile, node_id)
    return ancestors[-1].id if ancestors else ""


def _ancestors(profile: Profile, node_id: str) -> list[Branch]:
    """Return the criteria that contain another, the outermost first."""
    ancestors: list[Branch] = []
    nodes: tuple[TreeNode, ...] = profile.rules.criteria
    own = profile.pointers[node_id]
    while True:
        parent = next(
            (n for n in nodes if n.id != node_id and own.startswith(f"{profile.pointers[n.id]}/")),
            None,
        )
        if not isinstance(parent, Branch):
            return ancestors
        ancestors.append(parent)
        nodes = parent.children
