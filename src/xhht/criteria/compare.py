"""Compares two profiles clause by clause, in meaning and in wording."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from attrs import evolve

from xhht.criteria import _compare_effects as effects
from xhht.criteria._change_recorder import ChangeRecorder, differing_fields
from xhht.criteria._compare_criteria import CriteriaDifferences
from xhht.criteria.changes import (
    ChangedPart,
    Effect,
    ProfileChange,
    ProfileChangeKind,
    ProfileChanges,
)
from xhht.criteria.profile import Profile
from xhht.criteria.yaml_nodes import child
from xhht.rules import expressions as ex
from xhht.rules.ordering import TreeOrder, compare_trees, map_tree, normal_form

__all__ = ["compare_profiles"]

_SECTIONS = {"inputs", "values", "criteria", "levels"}
_EXCLUDED_KEYS = {"format", "id", "version", "extends", "grid", *_SECTIONS}
_SCOPE_KEYS = {"title", "applies_to", "area"}


def compare_profiles(old: Profile, new: Profile) -> ProfileChanges:
    """Return the differences in meaning and wording, ignoring layout, order of keys and version.

    Each change is classified on its own, with everything else unchanged, as looser or tighter for
    the evaluated subjects. See `Effect` for what this does and does not state.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
    >>> raised = xhht.dump_profile(profile).replace("floor: 5", "floor: 6", 1)
    >>> (change,) = xhht.compare_profiles(profile, xhht.loads_profile(raised)).changes
    >>> change.id, change.key, change.old, change.new, change.effect.value
    ('A.1', 'floor', '5', '6', 'tighter')
    """
    comparison = _Comparison(old, new)
    # Clauses come first: the effect of a dated value follows from the clauses that read it.
    clauses = [*CriteriaDifferences(comparison.recorder).changes(), *comparison.levels()]
    declared = [*comparison.profile(), *comparison.inputs(), *comparison.values()]
    return ProfileChanges(
        old=old,
        new=new,
        changes=(*declared, *clauses),
        criteria=dict(comparison.recorder.same.criteria),
        levels=dict(comparison.recorder.same.levels),
    )


class _Comparison:
    def __init__(self, old: Profile, new: Profile) -> None:
        self._old, self._new = old, new
        self.recorder = ChangeRecorder(old, new)
        self._same = self.recorder.same

    def profile(self) -> Iterator[ProfileChange]:
        old, new = self._old.document, self._new.document
        for key, before, after in differing_fields(old, new, _EXCLUDED_KEYS):
            effect = Effect.UNKNOWN if key in _SCOPE_KEYS else Effect.NEITHER
            yield self.recorder.change(
                ChangedPart.PROFILE, ("", ""), ("", ""), key, before, after, effect
            )
        before, after = self._old.rules.grid.step, self._new.rules.grid.step
        if before != after:
            yield self.recorder.change(
                ChangedPart.PROFILE, ("", ""), ("", ""), "grid", before, after, Effect.NEITHER
            )

    def inputs(self) -> Iterator[ProfileChange]:
        old, new = self._old.document.inputs, self._new.document.inputs
        for old_id, new_id in self.recorder.pairs(old, new, self._same.inputs):
            places = (old_id and child("/inputs", old_id), new_id and child("/inputs", new_id))
            if old_id is None or new_id is None:
                name = old[old_id].label if old_id is not None else new[new_id or ""].label
                yield self.recorder.added_or_removed(
                    ChangedPart.INPUT, (old_id, new_id), places, name, Effect.NEITHER
                )
                continue
            old_entry, new_entry = old[old_id], new[new_id]
            at = (places[0] or "", places[1] or "")
            if old_id != new_id:
                yield self.recorder.id_changed(
                    ChangedPart.INPUT, (old_id, new_id), at, new_entry.label
                )
            if old_entry.at_most is not None:
                old_entry = evolve(
                    old_entry, at_most=self._same.inputs.get(old_entry.at_most, old_entry.at_most)
                )
            for key, before, after in differing_fields(old_entry, new_entry, set()):
                effect = _of_evidence(before, after) if key == "evidence" else Effect.NEITHER
                effect = Effect.UNKNOWN if key in ("type", "members") else effect
                change = self.recorder.change(
                    ChangedPart.INPUT, (old_id, new_id), at, key, before, after, effect
                )
                yield evolve(change, name=new_entry.label)

    def values(self) -> Iterator[ProfileChange]:
        old, new = self._old.document.values or {}, self._new.document.values or {}
        for old_id, new_id in self.recorder.pairs(old, new, self._same.values):
            places = (old_id and child("/values", old_id), new_id and child("/values", new_id))
            if old_id is None or new_id is None:
                name = old[old_id].label if old_id is not None else new[new_id or ""].label
                yield self.recorder.added_or_removed(
                    ChangedPart.VALUE, (old_id, new_id), places, name, Effect.NEITHER
                )
                continue
            at = (places[0] or "", places[1] or "")
            if old_id != new_id:
                yield self.recorder.id_changed(
                    ChangedPart.VALUE, (old_id, new_id), at, new[new_id].label
                )
            for key, before, after in differing_fields(old[old_id], new[new_id], set()):
                effect = self._of_value(old_id, new_id) if key == "dated" else Effect.NEITHER
                change = self.recorder.change(
                    ChangedPart.VALUE, (old_id, new_id), at, key, before, after, effect
                )
                yield evolve(change, name=new[new_id].label)

    def _of_value(self, old_id: str, new_id: str) -> Effect:
        """Return the effect of a changed dated value, from all clauses that read it."""
        old_value = next(value for value in self._old.rules.values if value.name == old_id)
        new_value = next(value for value in self._new.rules.values if value.name == new_id)
        effects_of_clauses = set()
        for _, clause, judge in self.recorder.clauses:
            if any(value.name == new_id for value in ex.values_in(clause)):
                before = normal_form(_with_value(clause, new_id, old_value))
                effects_of_clauses.add(
                    judge(
                        compare_trees(before, normal_form(_with_value(clause, new_id, new_value)))
                    )
                )
        effects_of_clauses -= {Effect.NEITHER}
        if len(effects_of_clauses) == 1:
            return effects_of_clauses.pop()
        return Effect.UNKNOWN if effects_of_clauses else Effect.NEITHER

    def levels(self) -> Iterator[ProfileChange]:
        old_levels = {level.id: (at, level) for at, level in enumerate(self._old.rules.levels)}
        new_levels = {level.id: (at, level) for at, level in enumerate(self._new.rules.levels)}
        old_order = [self._same.levels[name] for name in old_levels if name in self._same.levels]
        new_order = [name for name in new_levels if name in old_order]
        for old_id, new_id in self.recorder.pairs(old_levels, new_levels, self._same.levels):
            places = (
                None if old_id is None else f"/levels/{old_levels[old_id][0]}",
                None if new_id is None else f"/levels/{new_levels[new_id][0]}",
            )
            if old_id is None or new_id is None:
                effect = Effect.LOOSER if old_id is None else Effect.TIGHTER
                name = (
                    self._new.level(new_id or "") if old_id is None else self._old.level(old_id)
                ).name
                yield self.recorder.added_or_removed(
                    ChangedPart.LEVEL, (old_id, new_id), places, name, effect
                )
                continue
            at = (places[0] or "", places[1] or "")
            for change in self._level(
                (old_id, new_id), at, old_levels[old_id][1], new_levels[new_id][1]
            ):
                yield evolve(change, name=self._new.level(new_id).name)
            ranks = old_order.index(new_id), new_order.index(new_id)
            if ranks[0] != ranks[1]:
                shown = (str(ranks[0] + 1), str(ranks[1] + 1))
                moved = self.recorder.change(
                    ChangedPart.LEVEL, (old_id, new_id), at, None, *shown, Effect.UNKNOWN
                )
                yield evolve(moved, kind=ProfileChangeKind.MOVED, name=self._new.level(new_id).name)

    def _level(
        self, ids: tuple[str, str], at: tuple[str, str], old: Any, new: Any
    ) -> Iterator[ProfileChange]:
        old_entry, new_entry = self._old.level(ids[0]), self._new.level(ids[1])
        if ids[0] != ids[1]:
            yield self.recorder.id_changed(ChangedPart.LEVEL, ids, at, new_entry.name)
        if old_entry.name != new_entry.name:
            renaming = self.recorder.change(
                ChangedPart.LEVEL, ids, at, "name", old_entry.name, new_entry.name, Effect.NEITHER
            )
            yield evolve(renaming, kind=ProfileChangeKind.RENAMED)
        effect = self.recorder.clause(old.when, new.when, effects.effect_of_order)
        if effect is not None:
            yield self.recorder.change(
                ChangedPart.LEVEL, ids, at, "when", old_entry.when, new_entry.when, effect
            )
        if old_entry.requires is not None:
            since, level = old_entry.requires.since, old_entry.requires.level
            requires = evolve(
                old_entry.requires,
                since=self._same.inputs.get(since, since),
                level=self._same.levels.get(level, level),
            )
            old_entry = evolve(old_entry, requires=requires)
        for key, before, after in differing_fields(old_entry, new_entry, {"id", "name", "when"}):
            effect = _of_requires(before, after) if key == "requires" else Effect.NEITHER
            yield self.recorder.change(ChangedPart.LEVEL, ids, at, key, before, after, effect)


def _with_value(tree: Any, name: str, value: ex.Dated) -> Any:
    def change(node: Any) -> Any:
        if isinstance(node, ex.Dated) and node.name == name:
            return evolve(value, name=name)
        return node

    return map_tree(tree, change)


def _of_evidence(old: Any, new: Any) -> Effect:
    """Return the effect of a changed evidence rule: stricter evidence leaves more unknown."""
    before, after = (
        (
            bool(rule and rule.required),
            -(rule.valid_months if rule and rule.valid_months else 10**6),
        )
        for rule in (old, new)
    )
    return effects.effect_of_order(
        TreeOrder.together(
            TreeOrder.of(Fraction(a), Fraction(b)) for a, b in zip(before, after, strict=True)
        ).flipped
    )


def _of_requires(old: Any, new: Any) -> Effect:
    """Return the effect of a changed prerequisite level."""
    if old is None or new is None:
        return Effect.TIGHTER if old is None else Effect.LOOSER
    if (old.level, old.since) != (new.level, new.since):
        return Effect.UNKNOWN
    return effects.effect_of_order(TreeOrder.of(Fraction(old.months), Fraction(new.months)).flipped)
