"""Which clauses have different results under two profiles, as Boolean columns.

An indicator is named if its points differ, or if it blocks all levels under only one profile; a
criterion likewise, if nothing below it is named or its own rule was changed. A level is named if
its own condition holds under only one profile, and either the condition was changed in a way that
can cause this or no criterion is named: otherwise it follows from the criteria.

Open results have two bounds, certain and possible. The possible bound decides that there is no
award, the certain bound that there is one; so one bound explains a change of verdict, and a
difference only in the other bound does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import gcd
from typing import Any

import narwhals.stable.v2 as nw
from attrs import field, frozen

from xhht.criteria.changes import ChangedPart, Effect, ProfileChangeKind, ProfileChanges
from xhht.criteria.profile import Profile
from xhht.evaluation.result import Verdict
from xhht.frames._columns import any_of, int64_literal, when
from xhht.frames._engine import with_layers
from xhht.rollup.transitions import Clause
from xhht.rules import expressions as ex
from xhht.rules.model import Branch, Requirement, TreeNode
from xhht.rules.ordering import is_monotone_in_points

__all__ = ["Attribution"]

_ENDS = ("", "_possible")
"""The suffixes of the columns of the two bounds of a result: certain and possible."""

_SAYS = {"name", "clause", "provenance", "note", "source", "points"}
"""Keys of a criterion or level that are not its own rule; its points come from its parts."""


_EASES = (Effect.LOOSER, Effect.TIGHTER, Effect.UNKNOWN)


@frozen(eq=False)
class _Side:
    """One profile, and the prefix of its result columns."""

    profile: Profile
    prefix: str
    nodes: Mapping[str, TreeNode] = field(init=False)
    factor: int

    @nodes.default
    def _nodes(self) -> Mapping[str, TreeNode]:
        return {node.id: node for node in _counted(self.profile.rules.criteria)}

    def number(self, name: str, node: str | None) -> nw.Expr:
        """Return a column of points, 0 for a missing criterion."""
        known = node in self.nodes
        return nw.col(f"{self.prefix}{name}[{node}]") * self.factor if known else int64_literal(0)

    def truth(self, name: str, of: str | None, *, known: bool) -> nw.Expr:
        """Return a Boolean column, all true if there is none."""
        return nw.col(f"{self.prefix}{name}[{of}]") if known else nw.lit(True)

    def bars(self, node: str | None) -> bool:
        """Return whether a criterion may block all levels."""
        criterion = self.nodes.get(node or "")
        return criterion is not None and (
            criterion.requirement is Requirement.MUST or criterion.floor is not None
        )


class Attribution:
    """Adds a column for each clause whose result may differ.

    Args:
        changes: the profiles and what differs between them.
        prefixes: the prefixes of the columns of the old and the new results.
        prefix: the prefix of the added columns.

    Attributes:
        names: the column of each clause.
    """

    def __init__(self, changes: ProfileChanges, prefixes: tuple[str, str], prefix: str) -> None:
        self._changes = changes
        steps = changes.old.plan.grid.step, changes.new.plan.grid.step
        finest = _common(*steps)
        self._old, self._new = (
            _Side(profile, beginning, factor=int(step / finest))
            for profile, beginning, step in zip(
                (changes.old, changes.new), prefixes, steps, strict=True
            )
        )
        self._met = {
            node.node
            for profile in (changes.old, changes.new)
            for level in profile.rules.levels
            for node in ex.walk(level.when)
            if isinstance(node, ex.Met)
        }
        self._rise = all(
            is_monotone_in_points(level.when)
            for profile in (changes.old, changes.new)
            for level in profile.rules.levels
        )
        self._prefixes = prefixes
        self._differs = [{**dict(self._criteria(end)), **dict(self._levels(end))} for end in _ENDS]
        self.names = {clause: f"{prefix}{at}" for at, clause in enumerate(self._differs[0])}

    def marked(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Return a frame with the columns; a true value names the clause."""
        ends = [{c: f"{name}{end}" for c, name in self.names.items()} for end in _ENDS]
        for names, differs, end in zip(ends, self._differs, _ENDS, strict=True):
            frame = self._named(frame, names, differs, end)
        old, new = (nw.col(f"{prefix}verdict") for prefix in self._prefixes)
        refused = new == Verdict.NOT_RECOGNISED.value
        opened = new == Verdict.UNDETERMINED.value
        by_possible = refused | (opened & (old == Verdict.NOT_RECOGNISED.value))
        by_certain = (~refused & (old != Verdict.RECOGNISED.value)) | (
            opened & (old == Verdict.RECOGNISED.value)
        )
        certain, possible = ({c: nw.col(name) for c, name in names.items()} for names in ends)
        decisive = [
            when(
                by_possible,
                possible[clause],
                when(by_certain, certain[clause], certain[clause] | possible[clause]),
            ).alias(name)
            for clause, name in self.names.items()
        ]
        return with_layers(frame, [decisive])

    def _named(
        self,
        frame: nw.LazyFrame[Any],
        names: Mapping[Clause, str],
        differs: Mapping[Clause, nw.Expr],
        end: str,
    ) -> nw.LazyFrame[Any]:
        """Return a frame with the clauses named at one bound."""
        frame = with_layers(
            frame, [[expression.alias(names[c]) for c, expression in differs.items()]]
        )
        for clause in reversed([c for c in names if c.part is ChangedPart.CRITERION]):
            below = [nw.col(names[child]) for child in self._below(clause)]
            if below and not self._is_changed(clause):
                name = names[clause]
                frame = frame.with_columns((nw.col(name) & ~any_of(below)).alias(name))
        levels = [clause for clause in names if clause.part is ChangedPart.LEVEL]
        criteria = any_of([nw.col(name) for clause, name in names.items() if clause not in levels])
        named = [
            (nw.col(names[level]) & (self._eases_or_not(level, end) | ~criteria)).alias(
                names[level]
            )
            for level in levels
        ]
        return with_layers(frame, [named])

    def _eases_or_not(self, level: Clause, end: str) -> nw.Expr:
        """Return whether a change of a level's own condition can explain its result.

        A looser condition can make it hold, a tighter one can make it fail.
        """
        if not self._is_changed(level):
            return nw.lit(False)
        effects = {
            change.effect
            for change in self._changes.changes
            if change.part is ChangedPart.LEVEL
            and change.id == level.id
            and change.effect in _EASES
        }
        known = level.id in self._changes.levels.values() and len(effects) == 1
        if not known or self._values_of(level) & self._changed_values():
            return nw.lit(True)
        holds = self._new.truth(f"holds{end}", level.id, known=True)
        return {Effect.LOOSER: holds, Effect.TIGHTER: ~holds}.get(effects.pop(), nw.lit(True))

    def _criteria(self, end: str) -> Iterator[tuple[Clause, nw.Expr]]:
        """Yield criteria before their children, with the rows in which they differ."""
        same = self._changes.criteria
        back = {other: one for one, other in same.items()}
        listed = [(back.get(node_id), node_id) for node_id in self._new.nodes]
        gone: list[tuple[str | None, str | None]] = [
            (node_id, None) for node_id in self._old.nodes if node_id not in same
        ]
        # A criterion that counts only under the old profile may be advisory under the new one.
        gone += [
            (one, other)
            for one, other in same.items()
            if one in self._old.nodes and other not in self._new.nodes
        ]
        for one, other in (*listed, *gone):
            node = self._new.nodes.get(other or "") or self._old.nodes[one or ""]
            part = ChangedPart.CRITERION if isinstance(node, Branch) else ChangedPart.INDICATOR
            yield Clause(part, other or one or ""), any_of(list(self._differing(one, other, end)))

    def _differing(self, one: str | None, other: str | None, end: str) -> Iterator[nw.Expr]:
        # If fewer points can give a higher level, both bounds of the points matter.
        of_points = (end,) if self._rise else _ENDS
        for end_of_points in of_points:
            points = f"points{end_of_points}"
            yield self._old.number(points, one) != self._new.number(points, other)
        bars = self._old.bars(one), self._new.bars(other)
        if any(bars):
            kept = self._old.truth(f"kept{end}", one, known=bars[0])
            yield kept != self._new.truth(f"kept{end}", other, known=bars[1])
        if one in self._old.nodes and other in self._new.nodes and self._met & {one, other}:
            for end_of_points in of_points:
                met = self._old.truth(f"met{end_of_points}", one, known=True)
                yield met != self._new.truth(f"met{end_of_points}", other, known=True)

    def _levels(self, end: str) -> Iterator[tuple[Clause, nw.Expr]]:
        same = self._changes.levels
        for one, other in same.items():
            holds = self._old.truth(f"holds{end}", one, known=True)
            holds_now = self._new.truth(f"holds{end}", other, known=True)
            yield Clause(ChangedPart.LEVEL, other), holds != holds_now
        for side, known in ((self._old, set(same)), (self._new, set(same.values()))):
            for level in side.profile.plan.levels:
                if level.id not in known:
                    holds = side.truth(f"holds{end}", level.id, known=True)
                    yield Clause(ChangedPart.LEVEL, level.id), holds

    def _below(self, clause: Clause) -> Iterator[Clause]:
        """Yield the clauses below a criterion in either profile."""
        back = {other: one for one, other in self._changes.criteria.items()}
        ids = set[str]()
        for side, own in ((self._new, clause.id), (self._old, back.get(clause.id, clause.id))):
            node = side.nodes.get(own)
            below = _counted(node.children) if isinstance(node, Branch) else ()
            same = self._changes.criteria if side is self._old else {}
            ids.update(same.get(node.id, node.id) for node in below)
        return (
            clause
            for clause in self.names
            if clause.id in ids and clause.part is not ChangedPart.LEVEL
        )

    def _is_changed(self, clause: Clause) -> bool:
        """Return whether the two profiles differ in the rule of a clause itself."""
        kinds = {ProfileChangeKind.CHANGED}
        if clause.part is ChangedPart.LEVEL:
            kinds |= {ProfileChangeKind.ADDED, ProfileChangeKind.REMOVED}
        own = any(
            change.part is clause.part
            and change.id == clause.id
            and change.kind in kinds
            and change.key not in _SAYS
            for change in self._changes.changes
        )
        return own or bool(self._values_of(clause) & self._changed_values())

    def _changed_values(self) -> set[str]:
        return {change.id for change in self._changes.changes if change.part is ChangedPart.VALUE}

    def _values_of(self, clause: Clause) -> set[str]:
        """Return the values that change by date and that a clause's own rule reads."""
        rules = self._changes.new.rules
        trees: list[object] = [
            level.when
            for level in rules.levels
            if clause.part is ChangedPart.LEVEL and level.id == clause.id
        ]
        node = self._new.nodes.get(clause.id) if clause.part is ChangedPart.CRITERION else None
        trees += [node.applies.when] if node is not None and node.applies else []
        return {value.name for value in ex.values_in(*trees)}


def _counted(nodes: tuple[TreeNode, ...]) -> Iterator[TreeNode]:
    """Yield the criteria that count, those above before those below."""
    for node in nodes:
        if node.requirement is not Requirement.ADVISORY:
            yield node
            if isinstance(node, Branch):
                yield from _counted(node.children)


def _common(one: Fraction, other: Fraction) -> Fraction:
    """Return the coarsest step of which both are multiples."""
    common_denominator = one.denominator * other.denominator
    return Fraction(
        gcd(one.numerator * other.denominator, other.numerator * one.denominator),
        common_denominator,
    )
