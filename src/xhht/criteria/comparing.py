"""What differs between two profiles in what they mean and say, each clause for itself."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from attrs import evolve

from xhht.criteria import _effects as effects
from xhht.criteria._criteria_differences import CriteriaDifferences
from xhht.criteria._telling import Telling, differing_fields
from xhht.criteria._yaml import child
from xhht.criteria.changes import Change, ChangeKind, Effect, Part, ProfileChanges
from xhht.criteria.profile import Profile
from xhht.rules import expressions as ex
from xhht.rules.ordering import Order, normal, order, rebuilt

__all__ = ["compare_profiles"]

_WHOLES = {"inputs", "values", "criteria", "levels"}
_PROFILE_KEYS_LEFT_OUT = {"format", "id", "version", "extends", "grid", *_WHOLES}
_WHO_IS_JUDGED = {"title", "applies_to", "area"}


def compare_profiles(old: Profile, new: Profile) -> ProfileChanges:
    """Return what differs in meaning and words; layout, order of keys and version do not count.

    Each change is judged by itself: whether it is looser or tighter for those who are judged, all
    else being as it was. See `Effect` for what that says, and what it leaves open.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
    >>> raised = xhht.dump_profile(profile).replace("floor: 5", "floor: 6", 1)
    >>> (change,) = xhht.compare_profiles(profile, xhht.loads_profile(raised)).changes
    >>> change.id, change.key, change.old, change.new, change.effect.value
    ('A.1', 'floor', '5', '6', 'tighter')
    """
    comparing = _Comparing(old, new)
    # What a value that changes by date does, the clauses tell that read it.
    clauses = [*CriteriaDifferences(comparing.telling).found(), *comparing.levels()]
    declared = [*comparing.profile(), *comparing.inputs(), *comparing.values()]
    return ProfileChanges(
        old=old,
        new=new,
        changes=(*declared, *clauses),
        criteria=dict(comparing.telling.same.criteria),
        levels=dict(comparing.telling.same.levels),
    )


class _Comparing:
    def __init__(self, old: Profile, new: Profile) -> None:
        self._old, self._new = old, new
        self.telling = Telling(old, new)
        self._same = self.telling.same

    def profile(self) -> Iterator[Change]:
        old, new = self._old.document, self._new.document
        for key, before, after in differing_fields(old, new, _PROFILE_KEYS_LEFT_OUT):
            effect = Effect.UNKNOWN if key in _WHO_IS_JUDGED else Effect.NEITHER
            yield self.telling.change(Part.PROFILE, ("", ""), ("", ""), key, before, after, effect)
        before, after = self._old.rules.grid.step, self._new.rules.grid.step
        if before != after:
            yield self.telling.change(
                Part.PROFILE, ("", ""), ("", ""), "grid", before, after, Effect.NEITHER
            )

    def inputs(self) -> Iterator[Change]:
        old, new = self._old.document.inputs, self._new.document.inputs
        for one, other in self.telling.sides(old, new, self._same.inputs):
            places = (one and child("/inputs", one), other and child("/inputs", other))
            if one is None or other is None:
                name = old[one].label if one is not None else new[other or ""].label
                yield self.telling.whole(Part.INPUT, (one, other), places, name, Effect.NEITHER)
                continue
            was, is_now = old[one], new[other]
            at = (places[0] or "", places[1] or "")
            if one != other:
                yield self.telling.renamed(Part.INPUT, (one, other), at, is_now.label)
            if was.at_most is not None:
                was = evolve(was, at_most=self._same.inputs.get(was.at_most, was.at_most))
            for key, before, after in differing_fields(was, is_now, set()):
                effect = _of_evidence(before, after) if key == "evidence" else Effect.NEITHER
                effect = Effect.UNKNOWN if key in ("type", "members") else effect
                found = self.telling.change(
                    Part.INPUT, (one, other), at, key, before, after, effect
                )
                yield evolve(found, name=is_now.label)

    def values(self) -> Iterator[Change]:
        old, new = self._old.document.values or {}, self._new.document.values or {}
        for one, other in self.telling.sides(old, new, self._same.values):
            places = (one and child("/values", one), other and child("/values", other))
            if one is None or other is None:
                name = old[one].label if one is not None else new[other or ""].label
                yield self.telling.whole(Part.VALUE, (one, other), places, name, Effect.NEITHER)
                continue
            at = (places[0] or "", places[1] or "")
            if one != other:
                yield self.telling.renamed(Part.VALUE, (one, other), at, new[other].label)
            for key, before, after in differing_fields(old[one], new[other], set()):
                effect = self._of_value(one, other) if key == "dated" else Effect.NEITHER
                found = self.telling.change(
                    Part.VALUE, (one, other), at, key, before, after, effect
                )
                yield evolve(found, name=new[other].label)

    def _of_value(self, one: str, other: str) -> Effect:
        """Return what another course of a value does, by all the clauses that read it."""
        was = next(value for value in self._old.rules.values if value.name == one)
        is_now = next(value for value in self._new.rules.values if value.name == other)
        found = set()
        for _, clause, judge in self.telling.clauses:
            if any(value.name == other for value in ex.values_in(clause)):
                before = normal(_with_value(clause, other, was))
                found.add(judge(order(before, normal(_with_value(clause, other, is_now)))))
        found -= {Effect.NEITHER}
        return found.pop() if len(found) == 1 else Effect.UNKNOWN if found else Effect.NEITHER

    def levels(self) -> Iterator[Change]:
        ours = {level.id: (place, level) for place, level in enumerate(self._old.rules.levels)}
        theirs = {level.id: (place, level) for place, level in enumerate(self._new.rules.levels)}
        order_before = [self._same.levels[each] for each in ours if each in self._same.levels]
        order_after = [each for each in theirs if each in order_before]
        for one, other in self.telling.sides(ours, theirs, self._same.levels):
            places = (
                None if one is None else f"/levels/{ours[one][0]}",
                None if other is None else f"/levels/{theirs[other][0]}",
            )
            if one is None or other is None:
                effect = Effect.LOOSER if one is None else Effect.TIGHTER
                name = (self._new.level(other or "") if one is None else self._old.level(one)).name
                yield self.telling.whole(Part.LEVEL, (one, other), places, name, effect)
                continue
            at = (places[0] or "", places[1] or "")
            for found in self._level((one, other), at, ours[one][1], theirs[other][1]):
                yield evolve(found, name=self._new.level(other).name)
            ranks = order_before.index(other), order_after.index(other)
            if ranks[0] != ranks[1]:
                shown = (str(ranks[0] + 1), str(ranks[1] + 1))
                moved = self.telling.change(
                    Part.LEVEL, (one, other), at, None, *shown, Effect.UNKNOWN
                )
                yield evolve(moved, kind=ChangeKind.MOVED, name=self._new.level(other).name)

    def _level(
        self, ids: tuple[str, str], at: tuple[str, str], old: Any, new: Any
    ) -> Iterator[Change]:
        was, is_now = self._old.level(ids[0]), self._new.level(ids[1])
        if ids[0] != ids[1]:
            yield self.telling.renamed(Part.LEVEL, ids, at, is_now.name)
        if was.name != is_now.name:
            renaming = self.telling.change(
                Part.LEVEL, ids, at, "name", was.name, is_now.name, Effect.NEITHER
            )
            yield evolve(renaming, kind=ChangeKind.RENAMED)
        effect = self.telling.clause(old.when, new.when, effects.looser)
        if effect is not None:
            yield self.telling.change(Part.LEVEL, ids, at, "when", was.when, is_now.when, effect)
        if was.requires is not None:
            since, level = was.requires.since, was.requires.level
            requires = evolve(
                was.requires,
                since=self._same.inputs.get(since, since),
                level=self._same.levels.get(level, level),
            )
            was = evolve(was, requires=requires)
        for key, before, after in differing_fields(was, is_now, {"id", "name", "when"}):
            effect = _of_requires(before, after) if key == "requires" else Effect.NEITHER
            yield self.telling.change(Part.LEVEL, ids, at, key, before, after, effect)


def _with_value(tree: Any, name: str, value: ex.Dated) -> Any:
    def change(node: Any) -> Any:
        if isinstance(node, ex.Dated) and node.name == name:
            return evolve(value, name=name)
        return node

    return rebuilt(tree, change)


def _of_evidence(old: Any, new: Any) -> Effect:
    """Return what another demand for evidence does: more of it leaves more unknown."""
    before, after = (
        (
            bool(each and each.required),
            -(each.valid_months if each and each.valid_months else 10**6),
        )
        for each in (old, new)
    )
    return effects.looser(
        Order.together(
            Order.of(Fraction(a), Fraction(b)) for a, b in zip(before, after, strict=True)
        ).flipped
    )


def _of_requires(old: Any, new: Any) -> Effect:
    """Return what it does that another lower level must have been held."""
    if old is None or new is None:
        return Effect.TIGHTER if old is None else Effect.LOOSER
    if (old.level, old.since) != (new.level, new.since):
        return Effect.UNKNOWN
    return effects.looser(Order.of(Fraction(old.months), Fraction(new.months)).flipped)
