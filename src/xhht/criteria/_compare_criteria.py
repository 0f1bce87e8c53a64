"""Differences between the criteria of two profiles: position, points, scoring, requirements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from xhht.criteria import _compare_effects as effects
from xhht.criteria._change_recorder import ChangeRecorder, differing_fields, place_of, written_value
from xhht.criteria._compare_effects import EffectRule, MonotonicityAnalysis
from xhht.criteria.changes import ChangedPart, Effect, ProfileChange, ProfileChangeKind
from xhht.criteria.profile import Profile
from xhht.rules import expressions as ex
from xhht.rules.model import Band, Bands, Branch, Leaf, MetWhen, PerItem, Proportional, TreeNode
from xhht.rules.ordering import TreeOrder

_SCORING_KEYS = ("met_when", "bands", "proportional", "per_item", "assessed")
_EXCLUDED_KEYS = {"id", "name", "points", "criteria", "indicators", *_SCORING_KEYS}
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
        old_entry, new_entry = self._old.entries[old_id], self._new.entries[new_id]
        node, part = self._new_nodes[new_id], _part(self._new_nodes[new_id])
        at, ids = (self._old.pointers[old_id], self._new.pointers[new_id]), (old_id, new_id)
        changes: list[ProfileChange] = []
        if old_id != new_id:
            changes.append(self._recorder.id_changed(part, ids, at, new_entry.name))
        source, target = _parent_id(self._old, old_id), _parent_id(self._new, new_id)
        if self._same.criteria.get(source, "") != target:
            moved = self._recorder.change(part, ids, at, None, source, target, Effect.UNKNOWN)
            changes.append(evolve(moved, kind=ProfileChangeKind.MOVED))
        if old_entry.name != new_entry.name:
            changes.append(
                evolve(
                    self._recorder.change(
                        part, ids, at, "name", old_entry.name, new_entry.name, Effect.NEITHER
                    ),
                    kind=ProfileChangeKind.RENAMED,
                )
            )
        changes += self._points(ids, at)
        if isinstance(self._old_nodes[old_id], Leaf) and isinstance(node, Leaf):
            changes += self._scoring(ids, at)
        changes += self._other_keys(ids, at)
        for change in changes:
            yield evolve(change, name=new_entry.name)

    def _points(self, ids: tuple[str, str], at: tuple[str, str]) -> Iterator[ProfileChange]:
        old, new = self._old_nodes[ids[0]], self._new_nodes[ids[1]]
        if isinstance(old, Leaf) and isinstance(new, Leaf):
            before, after = old.points, new.points
            effect = self._effects.points_effect(old, new)
        else:
            before, after = (
                profile.points(next(n.maximum for n in profile.plan.nodes if n.id == node_id))
                for profile, node_id in ((self._old, ids[0]), (self._new, ids[1]))
            )
            effect = (
                Effect.NEITHER
            )  # the points of its parts determine it; they are reported separately
        if before != after:
            yield self._recorder.change(_part(new), ids, at, "points", before, after, effect)

    def _other_keys(self, ids: tuple[str, str], at: tuple[str, str]) -> Iterator[ProfileChange]:
        old, new = self._old_nodes[ids[0]], self._new_nodes[ids[1]]
        old_entry, new_entry = self._old.entries[ids[0]], self._new.entries[ids[1]]
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
            else:
                effect = Effect.NEITHER if key in _DESCRIPTIVE_KEYS else Effect.UNKNOWN
            yield self._recorder.change(_part(new), ids, at, key, before, after, effect)

    def _scoring(self, ids: tuple[str, str], at: tuple[str, str]) -> Iterator[ProfileChange]:
        old, new = self._old_nodes[ids[0]], self._new_nodes[ids[1]]
        assert isinstance(old, Leaf)
        assert isinstance(new, Leaf)
        judge = self._effects.scoring_rule(old, new)
        entries = (self._old.entries[ids[0]], self._new.entries[ids[1]])

        def clause_change(key: str, inner: str, old: Any, new: Any) -> Iterator[ProfileChange]:
            effect = self._recorder.clause(old, new, judge)
            if effect is not None:
                before, after = (
                    getattr(getattr(entry, key), inner) if inner else getattr(entry, key)
                    for entry in entries
                )
                path = f"{key}.{inner}" if inner else key
                yield self._recorder.change(part, ids, at, path, before, after, effect)

        part = ChangedPart.INDICATOR
        match old.scoring, new.scoring:
            case MetWhen(old_when), MetWhen(new_when):
                yield from clause_change("met_when", "", old_when, new_when)
            case Proportional(old_share, old_rounding), Proportional(new_share, new_rounding):
                yield from clause_change("proportional", "share", old_share, new_share)
                if old_rounding != new_rounding:
                    yield self._inner_change(ids, at, "proportional", "rounding", Effect.UNKNOWN)
            case PerItem(old_count, old_points), PerItem(new_count, new_points):
                yield from clause_change("per_item", "count", old_count, new_count)
                if old_points != new_points:
                    order = TreeOrder.of(old_points, new_points)
                    effect = judge(order) if new.points > 0 else Effect.UNKNOWN
                    yield self._inner_change(ids, at, "per_item", "each", effect)
            case Bands(old_bands), Bands(new_bands):
                yield from self._bands(ids, at, old_bands, new_bands, judge)
            case old_rule, new_rule if type(old_rule) is not type(new_rule) or (
                self._same.inputs.get(getattr(old_rule, "input", ""))
                != getattr(new_rule, "input", "")
            ):
                (old_key, before), (new_key, after) = (
                    next((k, v) for k in _SCORING_KEYS if (v := getattr(entry, k)) is not None)
                    for entry in entries
                )
                before, after = (
                    f"{old_key}: {written_value(before)}",
                    f"{new_key}: {written_value(after)}",
                )
                change = self._recorder.change(
                    part, ids, at, new_key, before, after, Effect.UNKNOWN
                )
                yield evolve(change, old_place=place_of(self._old, at[0], old_key))

    def _inner_change(
        self, ids: tuple[str, str], at: tuple[str, str], key: str, inner: str, effect: Effect
    ) -> ProfileChange:
        entries = (self._old.entries[ids[0]], self._new.entries[ids[1]])
        before, after = (getattr(getattr(entry, key), inner) for entry in entries)
        return self._recorder.change(
            ChangedPart.INDICATOR, ids, at, f"{key}.{inner}", before, after, effect
        )

    def _bands(
        self,
        ids: tuple[str, str],
        at: tuple[str, str],
        old_bands: tuple[Band, ...],
        new_bands: tuple[Band, ...],
        judge: EffectRule,
    ) -> Iterator[ProfileChange]:
        """Yield the changes of bands; their effects are known only if points decrease."""
        is_decreasing = all(
            list(points) == sorted(points, reverse=True) and min(points) >= 0
            for points in ([band.points for band in bands] for bands in (old_bands, new_bands))
        )
        if not is_decreasing:
            judge = _unknown_unless_same
        old_entries: Any = getattr(self._old.entries[ids[0]], "bands", ())
        new_entries: Any = getattr(self._new.entries[ids[1]], "bands", ())
        for index in range(max(len(old_bands), len(new_bands))):
            if index >= len(old_bands) or index >= len(new_bands):
                before, after = (
                    bands[index] if index < len(bands) else None
                    for bands in (old_entries, new_entries)
                )
                effect = judge(TreeOrder.HIGHER if before is None else TreeOrder.LOWER)
                key = f"bands[{index + 1}]"
                yield self._recorder.change(
                    ChangedPart.INDICATOR, ids, at, key, before, after, effect
                )
                continue
            old_entry, new_entry = old_entries[index], new_entries[index]
            when_effect = self._recorder.clause(old_bands[index].when, new_bands[index].when, judge)
            if when_effect is not None:
                key = f"bands[{index + 1}].when"
                yield self._recorder.change(
                    ChangedPart.INDICATOR, ids, at, key, old_entry.when, new_entry.when, when_effect
                )
            for name, before, after in differing_fields(old_entry, new_entry, {"when"}):
                is_points = name == "points"
                effect = judge(TreeOrder.of(before, after)) if is_points else Effect.NEITHER
                key = f"bands[{index + 1}].{name}"
                yield self._recorder.change(
                    ChangedPart.INDICATOR, ids, at, key, before, after, effect
                )


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


def _unknown_unless_same(order: TreeOrder) -> Effect:
    return Effect.NEITHER if order is TreeOrder.SAME else Effect.UNKNOWN
