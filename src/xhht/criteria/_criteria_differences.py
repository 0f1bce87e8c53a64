"""What differs between the criteria of two profiles: where they stand, points, scoring, bars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from xhht.criteria import _effects as effects
from xhht.criteria._effects import Effects, Judge
from xhht.criteria._telling import Telling, differing_fields, place_of, shown
from xhht.criteria.changes import Change, ChangeKind, Effect, Part
from xhht.criteria.profile import Profile
from xhht.rules import expressions as ex
from xhht.rules.model import Band, Bands, Branch, Leaf, MetWhen, PerItem, Proportional, TreeNode
from xhht.rules.ordering import Order

__all__ = ["CriteriaDifferences"]

_SCORING_KEYS = ("met_when", "bands", "proportional", "per_item", "assessed")
_NODE_KEYS_LEFT_OUT = {"id", "name", "points", "criteria", "indicators", *_SCORING_KEYS}
_SAID = {"clause", "provenance", "note", "source"}
"""Keys that say something and decide nothing."""


class CriteriaDifferences:
    """Compares the criteria and indicators of two profiles."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._old, self._new, self._same = telling.old, telling.new, telling.same
        self._effects = Effects(telling.old, telling.new)
        self._ours = {node.id: node for node in telling.old.rules.nodes()}
        self._theirs = {node.id: node for node in telling.new.rules.nodes()}

    def found(self) -> Iterator[Change]:
        """Yield the differences, in the order of the new profile."""
        for one, other in self._telling.sides(self._ours, self._theirs, self._same.criteria):
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
        return self._telling.whole(
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
            found.append(self._telling.renamed(part, ids, at, is_now.name))
        above, below = _above(self._old, one)[-1:], _above(self._new, other)[-1:]
        source, target = ("".join(each.id for each in side) for side in (above, below))
        if self._same.criteria.get(source, "") != target:
            moved = self._telling.change(part, ids, at, None, source, target, Effect.UNKNOWN)
            found.append(evolve(moved, kind=ChangeKind.MOVED))
        if was.name != is_now.name:
            found.append(
                evolve(
                    self._telling.change(
                        part, ids, at, "name", was.name, is_now.name, Effect.NEITHER
                    ),
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
            yield self._telling.change(_part(new), ids, at, "points", before, after, effect)

    def _rest(self, ids: tuple[str, str], at: tuple[str, str]) -> Iterator[Change]:
        old, new = self._ours[ids[0]], self._theirs[ids[1]]
        was, is_now = self._old.entries[ids[0]], self._new.entries[ids[1]]
        applies = [None if each.applies is None else each.applies.when for each in (old, new)]
        applying = self._telling.clause(
            applies[0] or ex.Truth(True),
            applies[1] or ex.Truth(True),
            lambda found: self._effects.of_applying(old, new, found),
        )
        for key, before, after in differing_fields(was, is_now, _NODE_KEYS_LEFT_OUT):
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
            yield self._telling.change(_part(new), ids, at, key, before, after, effect)

    def _scoring(self, ids: tuple[str, str], at: tuple[str, str]) -> Iterator[Change]:
        old, new = self._ours[ids[0]], self._theirs[ids[1]]
        assert isinstance(old, Leaf)
        assert isinstance(new, Leaf)
        judge = self._effects.of_scoring(old, new)
        was, is_now = self._old.entries[ids[0]], self._new.entries[ids[1]]

        def told(key: str, inner: str, one: Any, other: Any) -> Iterator[Change]:
            effect = self._telling.clause(one, other, judge)
            if effect is not None:
                before, after = (
                    getattr(getattr(each, key), inner) if inner else getattr(each, key)
                    for each in (was, is_now)
                )
                path = f"{key}.{inner}" if inner else key
                yield self._telling.change(part, ids, at, path, before, after, effect)

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
                self._same.inputs.get(getattr(one, "input", "")) != getattr(other, "input", "")
            ):
                (key, before), (key_now, after) = (
                    next((k, v) for k in _SCORING_KEYS if (v := getattr(entry, k)) is not None)
                    for entry in (was, is_now)
                )
                before, after = f"{key}: {shown(before)}", f"{key_now}: {shown(after)}"
                found = self._telling.change(part, ids, at, key_now, before, after, Effect.UNKNOWN)
                yield evolve(found, old_place=place_of(self._old, at[0], key))

    def _plainly(
        self, ids: tuple[str, str], at: tuple[str, str], key: str, inner: str, effect: Effect
    ) -> Change:
        was, is_now = self._old.entries[ids[0]], self._new.entries[ids[1]]
        before, after = (getattr(getattr(each, key), inner) for each in (was, is_now))
        return self._telling.change(
            Part.INDICATOR, ids, at, f"{key}.{inner}", before, after, effect
        )

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
                yield self._telling.change(Part.INDICATOR, ids, at, key, one, other, effect)
                continue
            band, band_now = was[place], is_now[place]
            holding = self._telling.clause(ours[place].when, theirs[place].when, judge)
            if holding is not None:
                key = f"bands[{place + 1}].when"
                yield self._telling.change(
                    Part.INDICATOR, ids, at, key, band.when, band_now.when, holding
                )
            for name, before, after in differing_fields(band, band_now, {"when"}):
                earns = name == "points"
                effect = judge(Order.of(before, after)) if earns else Effect.NEITHER
                key = f"bands[{place + 1}].{name}"
                yield self._telling.change(Part.INDICATOR, ids, at, key, before, after, effect)


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


def _of_unknown(found: Order) -> Effect:
    return Effect.NEITHER if found is Order.SAME else Effect.UNKNOWN
