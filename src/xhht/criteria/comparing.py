"""What differs between two profiles in what they mean and say, each clause for itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import evolve, fields

from xhht.criteria import _effects as effects
from xhht.criteria._effects import Effects, Judge
from xhht.criteria._matching import Matched, matched
from xhht.criteria._yaml import child
from xhht.criteria.changes import Change, ChangeKind, Effect, Part, Place, ProfileChanges
from xhht.criteria.document import key_of
from xhht.criteria.profile import Profile
from xhht.criteria.writing import plain_value
from xhht.exact import decimal_text
from xhht.rules import expressions as ex
from xhht.rules.model import Band, Bands, Branch, Leaf, MetWhen, PerItem, Proportional, TreeNode
from xhht.rules.ordering import Order, normal, order, rebuilt, renamed
from xhht.text import Text

__all__ = ["compare_profiles"]

_WHOLES = {"inputs", "values", "criteria", "levels"}
_PROFILE_KEYS_LEFT_OUT = {"format", "id", "version", "extends", "grid", *_WHOLES}
_WHO_IS_JUDGED = {"title", "applies_to", "area"}
_SCORING_KEYS = ("met_when", "bands", "proportional", "per_item", "assessed")
_NODE_KEYS_LEFT_OUT = {"id", "name", "points", "criteria", "indicators", *_SCORING_KEYS}


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
    clauses = [*comparing.criteria(), *comparing.levels()]
    declared = [*comparing.profile(), *comparing.inputs(), *comparing.values()]
    return ProfileChanges(
        old=old,
        new=new,
        changes=(*declared, *clauses),
        criteria=dict(comparing.same.criteria),
        levels=dict(comparing.same.levels),
    )


class _Comparing:
    def __init__(self, old: Profile, new: Profile) -> None:
        self._old, self._new = old, new
        self.same: Matched = matched(old, new)
        self._effects = Effects(old, new)
        self._clauses: list[tuple[Any, Any, Judge]] = []
        self._ours = {node.id: node for node in old.rules.nodes()}
        self._theirs = {node.id: node for node in new.rules.nodes()}

    # Profile, inputs, values

    def profile(self) -> Iterator[Change]:
        old, new = self._old.document, self._new.document
        for key, before, after in _fields(old, new, _PROFILE_KEYS_LEFT_OUT):
            effect = Effect.UNKNOWN if key in _WHO_IS_JUDGED else Effect.NEITHER
            yield self._change(Part.PROFILE, ("", ""), ("", ""), key, before, after, effect)
        before, after = self._old.rules.grid.step, self._new.rules.grid.step
        if before != after:
            yield self._change(
                Part.PROFILE, ("", ""), ("", ""), "grid", before, after, Effect.NEITHER
            )

    def inputs(self) -> Iterator[Change]:
        old, new = self._old.document.inputs, self._new.document.inputs
        for one, other in self._sides(old, new, self.same.inputs):
            places = (one and child("/inputs", one), other and child("/inputs", other))
            if one is None or other is None:
                name = old[one].label if one is not None else new[other or ""].label
                yield self._whole(Part.INPUT, (one, other), places, name, Effect.NEITHER)
                continue
            was, is_now = old[one], new[other]
            at = (places[0] or "", places[1] or "")
            if one != other:
                yield self._renamed(Part.INPUT, (one, other), at, is_now.label)
            if was.at_most is not None:
                was = evolve(was, at_most=self.same.inputs.get(was.at_most, was.at_most))
            for key, before, after in _fields(was, is_now, set()):
                effect = _of_evidence(before, after) if key == "evidence" else Effect.NEITHER
                effect = Effect.UNKNOWN if key in ("type", "members") else effect
                found = self._change(Part.INPUT, (one, other), at, key, before, after, effect)
                yield evolve(found, name=is_now.label)

    def values(self) -> Iterator[Change]:
        old, new = self._old.document.values or {}, self._new.document.values or {}
        for one, other in self._sides(old, new, self.same.values):
            places = (one and child("/values", one), other and child("/values", other))
            if one is None or other is None:
                name = old[one].label if one is not None else new[other or ""].label
                yield self._whole(Part.VALUE, (one, other), places, name, Effect.NEITHER)
                continue
            at = (places[0] or "", places[1] or "")
            if one != other:
                yield self._renamed(Part.VALUE, (one, other), at, new[other].label)
            for key, before, after in _fields(old[one], new[other], set()):
                effect = self._of_value(one, other) if key == "dated" else Effect.NEITHER
                found = self._change(Part.VALUE, (one, other), at, key, before, after, effect)
                yield evolve(found, name=new[other].label)

    def _of_value(self, one: str, other: str) -> Effect:
        """Return what another course of a value does, by all the clauses that read it."""
        was = next(value for value in self._old.rules.values if value.name == one)
        is_now = next(value for value in self._new.rules.values if value.name == other)
        found = set()
        for _, clause, judge in self._clauses:
            if any(value.name == other for value in ex.values_in(clause)):
                before = normal(_with_value(clause, other, was))
                found.add(judge(order(before, normal(_with_value(clause, other, is_now)))))
        found -= {Effect.NEITHER}
        return found.pop() if len(found) == 1 else Effect.UNKNOWN if found else Effect.NEITHER

    # Criteria

    def criteria(self) -> Iterator[Change]:
        for one, other in self._sides(self._ours, self._theirs, self.same.criteria):
            if one is None or other is None:
                yield self._only_one_has(one, other)
            else:
                yield from self._node(one, other)

    def _only_one_has(self, one: str | None, other: str | None) -> Change:
        profile, node_id = (self._old, one) if one is not None else (self._new, other)
        node = (self._ours if one is not None else self._theirs)[node_id or ""]
        effect = self._effects.of_existence(node, _above(profile, node.id))
        places = (
            None if one is None else self._old.pointers[one],
            None if other is None else self._new.pointers[other],
        )
        return self._whole(
            _part(node),
            (one, other),
            places,
            profile.entries[node.id].name,
            effect if one is None else effect.reversed,
        )

    def _node(self, one: str, other: str) -> Iterator[Change]:
        was, is_now = self._old.entries[one], self._new.entries[other]
        node, part = self._theirs[other], _part(self._theirs[other])
        at, ids = (self._old.pointers[one], self._new.pointers[other]), (one, other)
        found: list[Change] = []
        if one != other:
            found.append(self._renamed(part, ids, at, is_now.name))
        above, below = _above(self._old, one)[-1:], _above(self._new, other)[-1:]
        source, target = ("".join(each.id for each in side) for side in (above, below))
        if self.same.criteria.get(source, "") != target:
            moved = self._change(part, ids, at, None, source, target, Effect.UNKNOWN)
            found.append(evolve(moved, kind=ChangeKind.MOVED))
        if was.name != is_now.name:
            found.append(
                evolve(
                    self._change(part, ids, at, "name", was.name, is_now.name, Effect.NEITHER),
                    kind=ChangeKind.RENAMED,
                )
            )
        found += self._points(ids, at)
        if isinstance(self._ours[one], Leaf) and isinstance(node, Leaf):
            found += self._scoring(ids, at)
        found += self._rest(ids, at)
        for each in found:
            yield evolve(each, name=is_now.name)

    def _points(self, ids: tuple[str, str], at: tuple[str, str]) -> Iterator[Change]:
        old, new = self._ours[ids[0]], self._theirs[ids[1]]
        if isinstance(old, Leaf) and isinstance(new, Leaf):
            before, after = old.points, new.points
            effect = self._effects.of_points(old, new)
        else:
            before, after = (
                profile.points(next(n.maximum for n in profile.plan.nodes if n.id == node_id))
                for profile, node_id in ((self._old, ids[0]), (self._new, ids[1]))
            )
            effect = Effect.NEITHER  # it follows from its parts, which are told by themselves
        if before != after:
            yield self._change(_part(new), ids, at, "points", before, after, effect)

    def _rest(self, ids: tuple[str, str], at: tuple[str, str]) -> Iterator[Change]:
        old, new = self._ours[ids[0]], self._theirs[ids[1]]
        was, is_now = self._old.entries[ids[0]], self._new.entries[ids[1]]
        applies = [None if each.applies is None else each.applies.when for each in (old, new)]
        applying = self._clause(
            applies[0] or ex.Truth(True),
            applies[1] or ex.Truth(True),
            lambda found: self._effects.of_applying(old, new, found),
        )
        for key, before, after in _fields(was, is_now, _NODE_KEYS_LEFT_OUT):
            if key == "applies_when":
                if applying is None:
                    continue
                effect = applying
            elif key == "floor":
                effect = effects.of_floor(before, after)
            elif key == "requirement":
                effect = effects.of_requirement(before, after)
            elif key == "cap" and before is not None and after is not None:
                effect = self._effects.of_size(Order.of(before, after))
            else:
                effect = Effect.NEITHER if key in _SAID else Effect.UNKNOWN
            yield self._change(_part(new), ids, at, key, before, after, effect)

    def _scoring(self, ids: tuple[str, str], at: tuple[str, str]) -> Iterator[Change]:
        old, new = self._ours[ids[0]], self._theirs[ids[1]]
        assert isinstance(old, Leaf)
        assert isinstance(new, Leaf)
        judge = self._effects.of_scoring(old, new)
        was, is_now = self._old.entries[ids[0]], self._new.entries[ids[1]]

        def told(key: str, inner: str, one: Any, other: Any) -> Iterator[Change]:
            effect = self._clause(one, other, judge)
            if effect is not None:
                before, after = (
                    getattr(getattr(each, key), inner) if inner else getattr(each, key)
                    for each in (was, is_now)
                )
                path = f"{key}.{inner}" if inner else key
                yield self._change(part, ids, at, path, before, after, effect)

        part = Part.INDICATOR
        match old.scoring, new.scoring:
            case MetWhen(one), MetWhen(other):
                yield from told("met_when", "", one, other)
            case Proportional(one, how), Proportional(other, how_now):
                yield from told("proportional", "share", one, other)
                if how != how_now:
                    yield self._plainly(ids, at, "proportional", "rounding", Effect.UNKNOWN)
            case PerItem(one, each), PerItem(other, each_now):
                yield from told("per_item", "count", one, other)
                if each != each_now:
                    effect = judge(Order.of(each, each_now)) if new.points > 0 else Effect.UNKNOWN
                    yield self._plainly(ids, at, "per_item", "each", effect)
            case Bands(ours), Bands(theirs):
                yield from self._bands(ids, at, ours, theirs, judge)
            case one, other if type(one) is not type(other) or (
                self.same.inputs.get(getattr(one, "input", "")) != getattr(other, "input", "")
            ):
                (key, before), (key_now, after) = (
                    next((k, v) for k in _SCORING_KEYS if (v := getattr(entry, k)) is not None)
                    for entry in (was, is_now)
                )
                before, after = f"{key}: {_shown(before)}", f"{key_now}: {_shown(after)}"
                found = self._change(part, ids, at, key_now, before, after, Effect.UNKNOWN)
                yield evolve(found, old_place=_place(self._old, at[0], key))

    def _plainly(
        self, ids: tuple[str, str], at: tuple[str, str], key: str, inner: str, effect: Effect
    ) -> Change:
        was, is_now = self._old.entries[ids[0]], self._new.entries[ids[1]]
        before, after = (getattr(getattr(each, key), inner) for each in (was, is_now))
        return self._change(Part.INDICATOR, ids, at, f"{key}.{inner}", before, after, effect)

    def _bands(
        self,
        ids: tuple[str, str],
        at: tuple[str, str],
        ours: tuple[Band, ...],
        theirs: tuple[Band, ...],
        judge: Judge,
    ) -> Iterator[Change]:
        """Yield the changes of bands; what they do is clear where points fall from band to band."""
        falls = all(
            list(each) == sorted(each, reverse=True) and min(each) >= 0
            for each in ([band.points for band in bands] for bands in (ours, theirs))
        )
        if not falls:
            judge = _of_unknown
        was: Any = getattr(self._old.entries[ids[0]], "bands", ())
        is_now: Any = getattr(self._new.entries[ids[1]], "bands", ())
        for place in range(max(len(ours), len(theirs))):
            if place >= len(ours) or place >= len(theirs):
                one, other = (b[place] if place < len(b) else None for b in (was, is_now))
                effect = judge(Order.HIGHER if one is None else Order.LOWER)
                key = f"bands[{place + 1}]"
                yield self._change(Part.INDICATOR, ids, at, key, one, other, effect)
                continue
            band, band_now = was[place], is_now[place]
            holding = self._clause(ours[place].when, theirs[place].when, judge)
            if holding is not None:
                key = f"bands[{place + 1}].when"
                yield self._change(Part.INDICATOR, ids, at, key, band.when, band_now.when, holding)
            for name, before, after in _fields(band, band_now, {"when"}):
                earns = name == "points"
                effect = judge(Order.of(before, after)) if earns else Effect.NEITHER
                key = f"bands[{place + 1}].{name}"
                yield self._change(Part.INDICATOR, ids, at, key, before, after, effect)

    # Levels

    def levels(self) -> Iterator[Change]:
        ours = {level.id: (place, level) for place, level in enumerate(self._old.rules.levels)}
        theirs = {level.id: (place, level) for place, level in enumerate(self._new.rules.levels)}
        order_before = [self.same.levels[each] for each in ours if each in self.same.levels]
        order_after = [each for each in theirs if each in order_before]
        for one, other in self._sides(ours, theirs, self.same.levels):
            places = (
                None if one is None else f"/levels/{ours[one][0]}",
                None if other is None else f"/levels/{theirs[other][0]}",
            )
            if one is None or other is None:
                effect = Effect.LOOSER if one is None else Effect.TIGHTER
                name = (self._new.level(other or "") if one is None else self._old.level(one)).name
                yield self._whole(Part.LEVEL, (one, other), places, name, effect)
                continue
            at = (places[0] or "", places[1] or "")
            for found in self._level((one, other), at, ours[one][1], theirs[other][1]):
                yield evolve(found, name=self._new.level(other).name)
            ranks = order_before.index(other), order_after.index(other)
            if ranks[0] != ranks[1]:
                shown = (str(ranks[0] + 1), str(ranks[1] + 1))
                moved = self._change(Part.LEVEL, (one, other), at, None, *shown, Effect.UNKNOWN)
                yield evolve(moved, kind=ChangeKind.MOVED, name=self._new.level(other).name)

    def _level(
        self, ids: tuple[str, str], at: tuple[str, str], old: Any, new: Any
    ) -> Iterator[Change]:
        was, is_now = self._old.level(ids[0]), self._new.level(ids[1])
        if ids[0] != ids[1]:
            yield self._renamed(Part.LEVEL, ids, at, is_now.name)
        if was.name != is_now.name:
            renaming = self._change(
                Part.LEVEL, ids, at, "name", was.name, is_now.name, Effect.NEITHER
            )
            yield evolve(renaming, kind=ChangeKind.RENAMED)
        effect = self._clause(old.when, new.when, effects.looser)
        if effect is not None:
            yield self._change(Part.LEVEL, ids, at, "when", was.when, is_now.when, effect)
        if was.requires is not None:
            since, level = was.requires.since, was.requires.level
            requires = evolve(
                was.requires,
                since=self.same.inputs.get(since, since),
                level=self.same.levels.get(level, level),
            )
            was = evolve(was, requires=requires)
        for key, before, after in _fields(was, is_now, {"id", "name", "when"}):
            effect = _of_requires(before, after) if key == "requires" else Effect.NEITHER
            yield self._change(Part.LEVEL, ids, at, key, before, after, effect)

    # What all share

    def _clause(self, old: Any, new: Any, judge: Judge) -> Effect | None:
        """Return what another condition or number does; None where both mean the same.

        A value that changes by date is told of where it is declared, and no change here.
        """
        was = renamed(old, self.same.inputs, self.same.criteria)
        was = rebuilt(was, self._with_new_name)
        self._clauses.append((was, new, judge))
        if normal(rebuilt(was, _by_name)) == normal(rebuilt(new, _by_name)):
            return None
        return judge(order(normal(was), normal(new)))

    def _with_new_name(self, node: Any) -> Any:
        if isinstance(node, ex.Dated):
            return evolve(node, name=self.same.values.get(node.name, node.name))
        return node

    def _sides(
        self, old: Mapping[str, Any], new: Mapping[str, Any], same: Mapping[str, str]
    ) -> Iterator[tuple[str | None, str | None]]:
        """Yield what is on both sides or on one, in the order of the new one, then of the old."""
        back = {other: one for one, other in same.items()}
        yield from ((back.get(each), each) for each in new)
        yield from ((each, None) for each in old if each not in same)

    def _whole(
        self,
        part: Part,
        ids: tuple[str | None, str | None],
        at: tuple[str | None, str | None],
        name: Text | None,
        effect: Effect,
    ) -> Change:
        one, other = ids
        return Change(
            kind=ChangeKind.ADDED if one is None else ChangeKind.REMOVED,
            part=part,
            id=(one if other is None else other) or "",
            effect=effect,
            old_place=None if at[0] is None else _place(self._old, at[0]),
            new_place=None if at[1] is None else _place(self._new, at[1]),
            name=name,
        )

    def _renamed(
        self, part: Part, ids: tuple[str, str], at: tuple[str, str], name: Text | None
    ) -> Change:
        found = self._change(part, ids, at, "id", *ids, Effect.NEITHER)
        return evolve(found, kind=ChangeKind.RENAMED, name=name)

    def _change(
        self,
        part: Part,
        ids: tuple[str, str],
        at: tuple[str, str],
        key: str | None,
        before: Any,
        after: Any,
        effect: Effect,
    ) -> Change:
        return Change(
            kind=ChangeKind.CHANGED,
            part=part,
            id=ids[1],
            key=key,
            old=_shown(before),
            new=_shown(after),
            effect=effect,
            old_place=_place(self._old, at[0], key),
            new_place=_place(self._new, at[1], key),
        )


_SAID = {"clause", "provenance", "note", "source"}
"""Keys that say something and decide nothing."""


def _fields(old: Any, new: Any, left_out: set[str]) -> Iterator[tuple[str, Any, Any]]:
    """Yield the keys of a file whose values differ."""
    for attribute in fields(type(new)):
        key = key_of(attribute)
        if key in left_out:
            continue
        before, after = getattr(old, attribute.name), getattr(new, attribute.name)
        if before != after:
            yield key, before, after


def _shown(value: Any) -> str | Text | None:
    if value is None or isinstance(value, (str, Text)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Fraction):
        return decimal_text(value)
    shown = plain_value(value)
    return shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)


def _place(profile: Profile, pointer: str, key: str | None = None) -> Place:
    """Return where a key stands, or what holds it."""
    steps = (key or "").replace("[", ".").replace("]", "").split(".") if key else []
    for step in steps:
        below = child(pointer, str(int(step) - 1) if step.isdecimal() else step)
        if below not in profile.marks:
            break
        pointer = below
    mark = profile.marks.get(pointer) or profile.marks[""]
    return Place(mark.file or profile.file, mark.line, mark.column)


def _part(node: TreeNode) -> Part:
    return Part.INDICATOR if isinstance(node, Leaf) else Part.CRITERION


def _above(profile: Profile, node_id: str) -> list[Branch]:
    """Return the criteria that hold another, the outermost first."""
    found: list[Branch] = []
    nodes: tuple[TreeNode, ...] = profile.rules.criteria
    own = profile.pointers[node_id]
    while True:
        holder = next(
            (n for n in nodes if n.id != node_id and own.startswith(f"{profile.pointers[n.id]}/")),
            None,
        )
        if not isinstance(holder, Branch):
            return found
        found.append(holder)
        nodes = holder.children


def _with_value(tree: Any, name: str, value: ex.Dated) -> Any:
    def change(node: Any) -> Any:
        if isinstance(node, ex.Dated) and node.name == name:
            return evolve(value, name=name)
        return node

    return rebuilt(tree, change)


def _by_name(node: Any) -> Any:
    return evolve(node, kind=None, steps=()) if isinstance(node, ex.Dated) else node


def _of_unknown(found: Order) -> Effect:
    return Effect.NEITHER if found is Order.SAME else Effect.UNKNOWN


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
