"""Compares two profiles clause by clause, in meaning and in wording."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import evolve

from xhht.criteria import _compare_effects as effects
from xhht.criteria._change_recorder import (
    ChangeRecorder,
    MatchedPart,
    differing_fields,
    is_same_tree,
)
from xhht.criteria._compare_criteria import CriteriaDifferences
from xhht.criteria.changes import (
    ChangedPart,
    Effect,
    ProfileChange,
    ProfileChangeKind,
    ProfileChanges,
)
from xhht.criteria.document import DEFINED_AS, AtCloseEntry, InputEntry, RequiresEntry
from xhht.criteria.profile import Profile
from xhht.criteria.releases import reasons_between
from xhht.criteria.yaml_nodes import child
from xhht.rules import expressions as ex
from xhht.rules.model import Binds, LevelRule
from xhht.rules.ordering import TreeOrder, compare_trees, map_tree, normal_form

__all__ = ["compare_profiles"]

_SECTIONS = {"choice_lists", "inputs", "values", "definitions", "criteria", "levels"}
_EXCLUDED_KEYS = {"format", "id", "version", "extends", "changes", "grid", *_SECTIONS}
_SCOPE_KEYS = {"title", "applies_to", "area"}
_PROFILE = MatchedPart(ChangedPart.PROFILE, ("", ""), ("", ""))


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
    # Clauses come first: from those that read them follow the effects of values and definitions.
    clauses = [*CriteriaDifferences(comparison.recorder).changes(), *comparison.levels()]
    declared = [
        *comparison.profile(),
        *comparison.choice_lists(),
        *comparison.inputs(),
        *comparison.values(),
        *comparison.definitions(),
    ]
    return ProfileChanges(
        old=old,
        new=new,
        changes=(*declared, *clauses),
        reasons=reasons_between(old, new),
        criteria=dict(comparison.recorder.same.criteria),
        levels=dict(comparison.recorder.same.levels),
    )


class _Comparison:
    def __init__(self, old: Profile, new: Profile) -> None:
        self._old, self._new = old, new
        self.recorder = ChangeRecorder(old, new)
        self._same = self.recorder.same

    def profile(self) -> Iterator[ProfileChange]:
        part, old, new = _PROFILE, self._old.document, self._new.document
        for key, before, after in differing_fields(old, new, _EXCLUDED_KEYS):
            effect = Effect.UNKNOWN if key in _SCOPE_KEYS else Effect.NEITHER
            if key == "at_close":
                effect = _closing_effect(before, after)
            yield self.recorder.change(part, key, before, after, effect)
        before, after = self._old.rules.grid.step, self._new.rules.grid.step
        if before != after:
            yield self.recorder.change(part, "grid", before, after, Effect.NEITHER)

    def inputs(self) -> Iterator[ProfileChange]:
        def renamed(entry: InputEntry) -> InputEntry:
            at_most = entry.at_most and self._same.inputs.get(entry.at_most, entry.at_most)
            return evolve(entry, at_most=at_most)

        def effect(part: MatchedPart, key: str, before: Any, after: Any) -> Effect | None:
            if key in ("type", "members"):
                return Effect.UNKNOWN
            if key == "choices":
                documents = zip((self._old.document, self._new.document), part.ids, strict=True)
                options = [document.options(document.inputs[name]) for document, name in documents]
                return None if options[0] == options[1] else Effect.NEITHER
            return _evidence_effect(before, after) if key == "evidence" else Effect.NEITHER

        old = {name: renamed(entry) for name, entry in self._old.document.inputs.items()}
        new = self._new.document.inputs
        return self._declared(ChangedPart.INPUT, "/inputs", (old, new, self._same.inputs), effect)

    def choice_lists(self) -> Iterator[ProfileChange]:
        kind, section = ChangedPart.CHOICE_LIST, "/choice_lists"
        old, new = (item.document.choice_lists or {} for item in (self._old, self._new))
        same = {name: name for name in old if name in new}
        for old_id, new_id in self.recorder.pairs(old, new, same):
            pointers = (old_id and child(section, old_id), new_id and child(section, new_id))
            if old_id is None or new_id is None:
                ids = old_id, new_id
                yield self.recorder.added_or_removed(kind, ids, pointers, None, Effect.NEITHER)
                continue
            part = MatchedPart(kind, (old_id, new_id), (pointers[0] or "", pointers[1] or ""))
            for option in dict.fromkeys((*new[new_id], *old[old_id])):
                labels = old[old_id].get(option), new[new_id].get(option)
                if labels[0] != labels[1]:
                    yield self.recorder.change(part, option, *labels, Effect.NEITHER)

    def definitions(self) -> Iterator[ProfileChange]:
        trees = [
            {definition.name: definition.tree for definition in item.rules.definitions}
            for item in (self._old, self._new)
        ]

        def effect(part: MatchedPart, key: str, _before: Any, _after: Any) -> Effect | None:
            if key not in DEFINED_AS:
                return Effect.NEITHER
            old, new = self.recorder.renamed(trees[0][part.ids[0]]), trees[1][part.ids[1]]
            if is_same_tree(old, new):
                return None
            return self._effect_by_clauses(part.ids[1], old, new)

        old, new = (item.document.definitions or {} for item in (self._old, self._new))
        entries = old, new, self._same.definitions
        return self._declared(ChangedPart.DEFINITION, "/definitions", entries, effect)

    def _effect_by_clauses(self, name: str, old: Any, new: Any) -> Effect:
        """Return the effect of a changed definition, from all clauses that use it."""
        definitions = {item.name: item.tree.definition for item in self._new.rules.definitions}
        names = {name}  # and the definitions that are only another name for it
        while more := {other for other, of in definitions.items() if of in names} - names:
            names |= more
        effects_of_clauses = set()
        for _, clause, rule in self.recorder.clauses:
            before, after = (normal_form(_set_definition(clause, names, t)) for t in (old, new))
            if before != after:
                effects_of_clauses.add(rule(compare_trees(before, after)))
        return _together(effects_of_clauses)

    def values(self) -> Iterator[ProfileChange]:
        def effect(part: MatchedPart, key: str, _before: Any, _after: Any) -> Effect:
            return self._value_effect(*part.ids) if key == "dated" else Effect.NEITHER

        old, new = self._old.document.values or {}, self._new.document.values or {}
        return self._declared(ChangedPart.VALUE, "/values", (old, new, self._same.values), effect)

    def _declared(
        self,
        kind: ChangedPart,
        section: str,
        entries: tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, str]],
        effect: Callable[[MatchedPart, str, Any, Any], Effect | None],
    ) -> Iterator[ProfileChange]:
        """Yield the changes of declared parts: `entries` are the old, the new and the matches.

        A change without an effect, not even on the wording, is left out: its effect is None.
        """
        old, new, _ = entries
        for old_id, new_id in self.recorder.pairs(*entries):
            if old_id is None or new_id is None:
                pointers = (old_id and child(section, old_id), new_id and child(section, new_id))
                name = (old[old_id] if old_id is not None else new[new_id or ""]).label
                ids = (old_id, new_id)
                yield self.recorder.added_or_removed(kind, ids, pointers, name, Effect.NEITHER)
                continue
            places = child(section, old_id), child(section, new_id)
            part = MatchedPart(kind, (old_id, new_id), places, new[new_id].label)
            yield from self.recorder.id_change(part)
            for key, before, after in differing_fields(old[old_id], new[new_id], set()):
                change_effect = effect(part, key, before, after)
                if change_effect is not None:
                    yield self.recorder.change(part, key, before, after, change_effect)

    def _value_effect(self, old_id: str, new_id: str) -> Effect:
        """Return the effect of a changed dated value, from all clauses that read it."""
        values = (
            next(value for value in self._old.rules.values if value.name == old_id),
            next(value for value in self._new.rules.values if value.name == new_id),
        )
        clause_effects = set()
        for _, clause, rule in self.recorder.clauses:
            if any(value.name == new_id for value in ex.values_in(clause)):
                before, after = (normal_form(_set_value(clause, new_id, value)) for value in values)
                clause_effects.add(rule(compare_trees(before, after)))
        return _together(clause_effects)

    def levels(self) -> Iterator[ProfileChange]:
        kind, same = ChangedPart.LEVEL, self._same.levels
        old = {rule.id: (i, rule) for i, rule in enumerate(self._old.rules.levels)}
        new = {rule.id: (i, rule) for i, rule in enumerate(self._new.rules.levels)}
        old_order = [same[name] for name in old if name in same]
        new_order = [name for name in new if name in old_order]
        for old_id, new_id in self.recorder.pairs(old, new, same):
            old_pointer = None if old_id is None else f"/levels/{old[old_id][0]}"
            new_pointer = None if new_id is None else f"/levels/{new[new_id][0]}"
            if old_id is None or new_id is None:
                effect = Effect.LOOSER if old_id is None else Effect.TIGHTER
                profile = self._new if old_id is None else self._old
                name = profile.level(new_id or old_id or "").name
                ids, pointers = (old_id, new_id), (old_pointer, new_pointer)
                yield self.recorder.added_or_removed(kind, ids, pointers, name, effect)
                continue
            name = self._new.level(new_id).name
            part = MatchedPart(kind, (old_id, new_id), (old_pointer or "", new_pointer or ""), name)
            yield from self._level(part, old[old_id][1], new[new_id][1])
            ranks = old_order.index(new_id), new_order.index(new_id)
            if ranks[0] != ranks[1]:
                before, after = (str(rank + 1) for rank in ranks)
                moved = ProfileChangeKind.MOVED
                yield self.recorder.change(part, None, before, after, Effect.UNKNOWN, moved)

    def _level(self, part: MatchedPart, old: LevelRule, new: LevelRule) -> Iterator[ProfileChange]:
        change = self.recorder.change
        old_entry, new_entry = self._old.level(part.ids[0]), self._new.level(part.ids[1])
        yield from self.recorder.id_change(part)
        if old_entry.name != new_entry.name:
            names, kind = (old_entry.name, new_entry.name), ProfileChangeKind.RENAMED
            yield change(part, "name", *names, Effect.NEITHER, kind)
        effect = self.recorder.clause(old.when, new.when, effects.effect_of_order)
        if effect is not None:
            yield change(part, "when", old_entry.when, new_entry.when, effect)
        if old_entry.requires is not None:
            since, level = old_entry.requires.since, old_entry.requires.level
            name_of_held = old_entry.requires.held
            requires = evolve(
                old_entry.requires,
                since=self._same.inputs.get(since, since),
                held=name_of_held and self._same.inputs.get(name_of_held, name_of_held),
                level=self._same.levels.get(level, level),
            )
            old_entry = evolve(old_entry, requires=requires)
        for key, before, after in differing_fields(old_entry, new_entry, {"id", "name", "when"}):
            effect = _requires_effect(before, after) if key == "requires" else Effect.NEITHER
            yield change(part, key, before, after, effect)


def _together(clause_effects: set[Effect]) -> Effect:
    distinct = clause_effects - {Effect.NEITHER}
    if len(distinct) == 1:
        return distinct.pop()
    return Effect.UNKNOWN if distinct else Effect.NEITHER


def _set_definition(tree: Any, names: Collection[str], value: Any) -> Any:
    """Return a tree with another tree under a definition, wherever one of its names is used."""

    def change(node: Any) -> Any:
        if isinstance(node, ex.Named) and node.definition in names:
            return evolve(value, definition=node.definition)
        return node

    return map_tree(tree, change)


def _set_value(tree: Any, name: str, value: ex.Dated) -> Any:
    def change(node: Any) -> Any:
        if isinstance(node, ex.Dated) and node.name == name:
            return evolve(value, name=name)
        return node

    return map_tree(tree, change)


def _evidence_effect(old: Any, new: Any) -> Effect:
    """Return the effect of a changed evidence rule: stricter evidence leaves more unknown."""
    before, after = (
        (
            bool(rule and rule.required),
            -(10**6 if rule is None or rule.valid_months is None else rule.valid_months),
        )
        for rule in (old, new)
    )
    return effects.effect_of_order(
        TreeOrder.together(
            TreeOrder.of(Fraction(a), Fraction(b)) for a, b in zip(before, after, strict=True)
        ).flipped
    )


def _closing_effect(old: AtCloseEntry | None, new: AtCloseEntry | None) -> Effect:
    """Return the effect of a changed rule on missing facts: a rule can only take points."""
    if old is not None and new is not None:
        return Effect.NEITHER if old.missing is new.missing else Effect.UNKNOWN
    return Effect.TIGHTER if old is None else Effect.LOOSER


def _requires_effect(old: Any, new: Any) -> Effect:
    """Return the effect of a changed prerequisite level."""
    if old is None or new is None:
        return Effect.TIGHTER if old is None else Effect.LOOSER
    is_renamed = old.held and new.held and old.held != new.held
    if is_renamed or (old.level, old.since) != (new.level, new.since):
        return Effect.UNKNOWN
    months = TreeOrder.of(Fraction(old.months), Fraction(new.months))
    binds = TreeOrder.of(_strictness(old), _strictness(new))
    return effects.effect_of_order(TreeOrder.together((months, binds)).flipped)


def _strictness(rule: RequiresEntry) -> Fraction:
    """Return how much a prerequisite asks besides its months: each degree implies the lower."""
    if rule.binds is Binds.HOLDERS:
        return Fraction(0)
    return Fraction(1 if rule.held is None else 2)
