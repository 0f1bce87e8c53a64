"""Compares the results of a population under two profiles, row by row and in one pass.

A change of a subject's result is attributed to the clauses with different results under the two
profiles. If there is a single such clause, it alone explains the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from math import gcd
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve, frozen

from xhht.criteria.changes import ChangedPart, Effect, ProfileChangeKind, ProfileChanges
from xhht.criteria.compare import compare_profiles
from xhht.criteria.profile import Profile
from xhht.errors import FrameError
from xhht.evaluation.state import Verdict
from xhht.frames._engine import prepare_frame, rows_of_all, with_layers
from xhht.frames._expr import any_of, int64_literal, when
from xhht.frames._inputs import column_names
from xhht.frames._outputs import (
    END_SUFFIXES,
    blocking_columns,
    blocking_keys,
    result_columns,
    result_keys,
)
from xhht.frames._prepare import PREFIX, input_columns
from xhht.frames.evaluate import Evaluated, OutputSelection, evaluate_outputs
from xhht.numbers import Convention
from xhht.rollup.transitions import Clause, SubjectOutcome, Transition, Transitions
from xhht.rules import expressions as ex
from xhht.rules.model import Branch, Requirement, TreeNode
from xhht.rules.ordering import is_monotone_in_points
from xhht.rules.plan import NodePlan
from xhht.text import Text

__all__ = ["Attribution", "compare"]

_ENDS = tuple(END_SUFFIXES.values())

_DESCRIPTIVE_KEYS = {"name", "clause", "provenance", "note", "source", "points"}
"""Keys of a criterion or level that are not its own rule; its points come from its parts."""

_DIRECTIONS = (Effect.LOOSER, Effect.TIGHTER, Effect.UNKNOWN)


@frozen(eq=False)
class _Side:
    """One profile, and the prefix of its result columns."""

    profile: Profile
    prefix: str
    nodes: Mapping[str, TreeNode]
    plans: Mapping[str, NodePlan]
    factor: int

    @classmethod
    def of(cls, profile: Profile, prefix: str, step: Fraction) -> _Side:
        """Return a side; points are compared as multiples of a step."""
        nodes = {node.id: node for node in _counted(profile.rules.criteria)}
        plans = {node.id: node for node in profile.plan.nodes}
        return cls(profile, prefix, nodes, plans, int(profile.plan.grid.step / step))

    def number(self, name: str, node: str | None) -> nw.Expr:
        """Return a column of points, 0 for a missing criterion."""
        known = node in self.nodes
        return nw.col(f"{self.prefix}{name}[{node}]") * self.factor if known else int64_literal(0)

    def truth(self, name: str, of: str | None, *, known: bool) -> nw.Expr:
        """Return a Boolean column, all true if there is none."""
        return nw.col(f"{self.prefix}{name}[{of}]") if known else nw.lit(True)

    def truth_for(self, name: str, node: str, level: str) -> nw.Expr:
        """Return the Boolean column of what a level finds of a criterion."""
        by_level = f"[{level}]" if self.plans[node].by_level else ""
        return nw.col(f"{self.prefix}{name}[{node}]{by_level}")

    def differs_by_level(self, node: str | None) -> bool:
        """Return whether the levels find different things of a criterion."""
        return node is not None and node in self.nodes and bool(self.plans[node].by_level)

    def decisive(self, ids: Iterable[str]) -> Iterator[str]:
        """Yield criteria, and those below them that decide whether they are met, without points."""
        for node_id in ids:
            node = self.nodes.get(node_id)
            if node is not None:
                yield node_id
            if isinstance(node, Branch) and not self.profile.plan.has_points(self.plans[node_id]):
                yield from self.decisive(child.id for child in node.children)

    def musts_without_points(self) -> Iterator[str]:
        """Yield mandatory criteria without points: only whether they are met can differ."""
        for node_id, node in self.nodes.items():
            has_points = self.profile.plan.has_points(self.plans[node_id])
            if node.requirement is Requirement.MUST and not has_points:
                yield node_id

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
        step = _common(changes.old.plan.grid.step, changes.new.plan.grid.step)
        self._old = _Side.of(changes.old, prefixes[0], step)
        self._new = _Side.of(changes.new, prefixes[1], step)
        conditions = [
            level.when for profile in (changes.old, changes.new) for level in profile.rules.levels
        ]
        nodes = (node for condition in conditions for node in ex.walk(condition))
        met = {node.node for node in nodes if isinstance(node, ex.Met)}
        sides = self._old, self._new
        self._met = {
            node for side in sides for node in side.decisive({*met, *side.musts_without_points()})
        }
        self._rise = all(map(is_monotone_in_points, conditions))
        self._prefixes = prefixes
        self._differs = [{**dict(self._criteria(end)), **dict(self._levels(end))} for end in _ENDS]
        self.names = {clause: f"{prefix}{index}" for index, clause in enumerate(self._differs[0])}

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
        decisive = []
        for clause, name in self.names.items():
            either = certain[clause] | possible[clause]
            otherwise = when(by_certain, certain[clause], either)
            decisive.append(when(by_possible, possible[clause], otherwise).alias(name))
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
        named = []
        for level in levels:
            explains = self._eases_or_not(level, end) | ~criteria
            named.append((nw.col(names[level]) & explains).alias(names[level]))
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
            and change.effect in _DIRECTIONS
        }
        known = level.id in self._changes.levels.values() and len(effects) == 1
        if not known or self._names_in(level) & self._changed_names():
            return nw.lit(True)
        holds = self._new.truth(f"holds{end}", level.id, known=True)
        return {Effect.LOOSER: holds, Effect.TIGHTER: ~holds}.get(effects.pop(), nw.lit(True))

    def _criteria(self, end: str) -> Iterator[tuple[Clause, nw.Expr]]:
        """Yield criteria before their children, with the rows in which they differ."""
        same = self._changes.criteria
        old_ids = {other: one for one, other in same.items()}
        listed = [(old_ids.get(node_id), node_id) for node_id in self._new.nodes]
        removed: list[tuple[str | None, str | None]] = [
            (node_id, None) for node_id in self._old.nodes if node_id not in same
        ]
        # A criterion that counts only under the old profile may be advisory under the new one.
        removed += [
            (one, other)
            for one, other in same.items()
            if one in self._old.nodes and other not in self._new.nodes
        ]
        for one, other in (*listed, *removed):
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
            if all(bars):
                yield from self._differing_by_level(f"kept{end}", one, other)
        if one in self._old.nodes and other in self._new.nodes and self._met & {one, other}:
            for end_of_points in of_points:
                met = self._old.truth(f"met{end_of_points}", one, known=True)
                yield met != self._new.truth(f"met{end_of_points}", other, known=True)
                yield from self._differing_by_level(f"met{end_of_points}", one, other)

    def _differing_by_level(
        self, name: str, one: str | None, other: str | None
    ) -> Iterator[nw.Expr]:
        """Yield for each level of both profiles whether it finds something else of a criterion."""
        if self._old.differs_by_level(one) or self._new.differs_by_level(other):
            for old_level, new_level in self._changes.levels.items():
                truth = self._old.truth_for(name, one or "", old_level)
                yield truth != self._new.truth_for(name, other or "", new_level)

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
        old_ids = {other: one for one, other in self._changes.criteria.items()}
        ids = set[str]()
        for side, own in ((self._new, clause.id), (self._old, old_ids.get(clause.id, clause.id))):
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
            and change.key not in _DESCRIPTIVE_KEYS
            for change in self._changes.changes
        )
        return own or bool(self._names_in(clause) & self._changed_names())

    def _changed_names(self) -> set[str]:
        parts = (ChangedPart.VALUE, ChangedPart.DEFINITION)
        return {change.id for change in self._changes.changes if change.part in parts}

    def _names_in(self, clause: Clause) -> frozenset[str]:
        """Return the dated values and definitions that a clause's own rule reads."""
        rules = self._changes.new.rules
        trees: list[object] = [
            level.when
            for level in rules.levels
            if clause.part is ChangedPart.LEVEL and level.id == clause.id
        ]
        node = self._new.nodes.get(clause.id) if clause.part is ChangedPart.CRITERION else None
        trees += [node.applies.when] if node is not None and node.applies else []
        return rules.names_in(*trees)


def _counted(nodes: tuple[TreeNode, ...]) -> Iterator[TreeNode]:
    """Yield the criteria that count, those above before those below."""
    for node in nodes:
        if node.requirement is not Requirement.ADVISORY:
            yield node
            if isinstance(node, Branch):
                yield from _counted(node.children)


def _common(one: Fraction, other: Fraction) -> Fraction:
    """Return the coarsest step of which both are multiples."""
    denominator = one.denominator * other.denominator
    return Fraction(gcd(int(one * denominator), int(other * denominator)), denominator)


_OLD, _NEW, _NAMED = "__old_", "__new_", "__named_"
_GROUP, _NUMBER, _CLAUSES = "__group", "__number", "__clauses"
_OUTPUTS: tuple[OutputSelection, ...] = (
    (result_keys, result_columns),
    (blocking_keys, blocking_columns),
)


def compare(
    old: Profile,
    new: Profile,
    frame: Any,
    *,
    as_of: date | None = None,
    by: str | None = None,
    id: str | None = None,
    numbers: Convention | str = Convention.PLAIN,
) -> Transitions:
    """Return how many rows of a frame change from one outcome to another, and by which clause.

    Both profiles are evaluated for one day, so that dates cause no differences.

    Args:
        old: the old profile.
        new: the new profile.
        frame: the population, as for `evaluate`; a lazy frame is streamed. An input without a
            column is unknown, and is listed in `lacking`.
        as_of: the day of evaluation, as for `evaluate`.
        by: the column that names groups, such as `area`.
        id: the column of subject ids; rows with a duplicate id are rejected.
        numbers: the number format of columns of text.

    Raises:
        FrameError: as for `evaluate`; the column `by` is missing.
        FactsError: `as_of` is required and missing, or is not a date.

    >>> import polars as pl
    >>> import xhht, xhht.frames
    >>> old = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
    >>> new = xhht.loads_profile(xhht.dump_profile(old).replace("floor: 5", "floor: 6"))
    >>> points = {f"indicator_{n}": [9, 5 if n == 1 else 9] for n in range(1, 11)}
    >>> found = xhht.frames.compare(old, new, pl.DataFrame(points))
    >>> [(cell.new.verdict.value, cell.number) for cell in found.cells if cell.alone]
    [('not_recognised', 1)]
    """
    run = _Run(compare_profiles(old, new), as_of, by, id, Convention(numbers))
    return run.transitions(frame)


class _Run:
    def __init__(
        self,
        changes: ProfileChanges,
        as_of: date | None,
        by: str | None,
        id: str | None,
        numbers: Convention,
    ) -> None:
        self._changes, self._by, self._id = changes, by, id
        self._as_of, self._numbers = as_of, numbers
        self._attribution = Attribution(changes, (_OLD, _NEW), _NAMED)

    def transitions(self, native: Any) -> Transitions:
        plans = self._changes.old.plan, self._changes.new.plan
        others = [name for name in (self._by, self._id) if name is not None]
        inputs = [name for plan in plans for name in input_columns(plan)]
        opened = prepare_frame(native, (*inputs, *others), PREFIX)
        if self._by is not None and self._by not in opened.names:
            raise FrameError(_NO_GROUP.format(name=self._by))
        frame = opened.frame.drop(opened.row) if opened.row else opened.frame
        lacking = {
            declared.declared_input.name: None
            for plan in plans
            for declared in plan.inputs
            if not any(name in opened.names for name in column_names(declared))
        }
        return Transitions(
            changes=self._changes,
            cells=tuple(self._cells(frame.to_native())),
            missing_inputs=tuple(lacking),
        ).merged()

    def _cells(self, frame: Any) -> Iterator[Transition]:
        """Yield the transitions of rows by which of the profiles can evaluate them."""
        old_results = self._evaluated(self._changes.old, _OLD, frame)
        both_results = self._evaluated(self._changes.new, _NEW, old_results.rows)
        only_new = self._evaluated(self._changes.new, _NEW, old_results.rejected)
        by_both, by_old, by_new, by_none = rows_of_all(
            [
                self._of_both(both_results.rows),
                self._of_one(both_results.rejected, _OLD, _NEW),
                self._of_one(only_new.rows, _NEW, _OLD),
                self._of_one(only_new.rejected, None, _OLD),
            ]
        )
        yield from map(self._transition_of_both, by_both)
        yield from (self._transition_of_one(row, _OLD, _NEW) for row in by_old)
        yield from (self._transition_of_one(row, _NEW, _OLD) for row in by_new)
        for row in by_none:
            none = SubjectOutcome(None)
            yield Transition(group=row[_GROUP], old=none, new=none, number=row[_NUMBER])

    def _evaluated(self, profile: Profile, prefix: str, frame: Any) -> Evaluated:
        return evaluate_outputs(
            profile,
            frame,
            outputs=_OUTPUTS,
            as_of=self._as_of,
            id=self._id,
            numbers=self._numbers,
            prefix=prefix,
        )

    def _of_both(self, rows: Any) -> nw.LazyFrame[Any]:
        frame = self._attribution.marked(nw.from_native(rows))
        names = self._attribution.names.values()
        marks = [_number_of(nw.col(name)) for name in names]
        frame = frame.with_columns(nw.sum_horizontal(*marks).alias(_CLAUSES))
        alone = nw.col(_CLAUSES) == 1
        sums = [_number_of(~alone).sum().alias(_CLAUSES)]
        for name in names:
            sums.append(_number_of(nw.col(name) & alone).sum().alias(f"{name}a"))
            sums.append(_number_of(nw.col(name) & ~alone).sum().alias(f"{name}s"))
        return self._grouped(frame, [*_result(_OLD), *_result(_NEW)], sums)

    def _of_one(self, rows: Any, evaluated_by: str | None, rejected_by: str) -> nw.LazyFrame[Any]:
        keys = [f"{rejected_by}column", *(_result(evaluated_by) if evaluated_by else ())]
        return self._grouped(nw.from_native(rows), keys, [])

    def _grouped(
        self, frame: nw.LazyFrame[Any], keys: list[str], sums: list[nw.Expr]
    ) -> nw.LazyFrame[Any]:
        group = nw.lit(None, nw.String) if self._by is None else nw.col(self._by).cast(nw.String)
        counted = frame.with_columns(group.alias(_GROUP)).group_by(_GROUP, *keys)
        return counted.agg(nw.len().alias(_NUMBER), *sums)

    def _transition_of_both(self, row: dict[str, Any]) -> Transition:
        old, new = _outcome(row, _OLD), _outcome(row, _NEW)
        transition = Transition(group=row[_GROUP], old=old, new=new, number=row[_NUMBER])
        if self._changes.is_same_level(old.level, new.level) and old.verdict is new.verdict:
            return transition
        names = self._attribution.names.items()
        return evolve(
            transition,
            alone={clause: n for clause, name in names if (n := row[f"{name}a"])},
            several=row[_CLAUSES],
            among={clause: n for clause, name in names if (n := row[f"{name}s"])},
        )

    def _transition_of_one(
        self, row: dict[str, Any], evaluated_by: str, rejected_by: str
    ) -> Transition:
        outcomes = {evaluated_by: _outcome(row, evaluated_by), rejected_by: SubjectOutcome(None)}
        clause = Clause(ChangedPart.INPUT, row[f"{rejected_by}column"] or "")
        return Transition(
            group=row[_GROUP],
            old=outcomes[_OLD],
            new=outcomes[_NEW],
            number=row[_NUMBER],
            alone={clause: row[_NUMBER]},
        )


def _result(prefix: str) -> tuple[str, str]:
    return f"{prefix}verdict", f"{prefix}level"


def _number_of(truth: nw.Expr) -> nw.Expr:
    return when(truth, int64_literal(1), int64_literal(0))


def _outcome(row: dict[str, Any], prefix: str) -> SubjectOutcome:
    verdict, level = (row[name] for name in _result(prefix))
    return SubjectOutcome(Verdict(verdict), level)


_NO_GROUP = Text(
    vi="Dữ liệu không có cột '{name}' để chia nhóm; hãy nêu tên một cột có trong tệp.",
    en="The data has no column '{name}' to group by; give the name of a column in the file.",
)
