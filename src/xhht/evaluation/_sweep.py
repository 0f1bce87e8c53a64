"""Runs a plan part by part, so that ways which come to the same are followed once.

The inputs are split into parts that do not bound one another. After some parts, all that later
ones need to know is a small state: sums, least and greatest so far, and truths still asked for.
That makes an exact search over millions of combinations a dynamic programme over states.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from attrs import evolve, field, frozen

from xhht.rules.plan import (
    Among,
    Choose,
    Greatest,
    Interval,
    Least,
    Linear,
    Operator,
    Plan,
    Read,
    meaning,
    operands,
)

__all__ = ["State", "Sweep", "TooManyError", "Work"]

State: TypeAlias = tuple[Interval, ...]


class TooManyError(Exception):
    """There are more ways than a search may try.

    Attributes:
        inputs: the inputs, as indices, whose values alone are too many; empty where it is the
            number of combinations.
    """

    def __init__(self, inputs: Iterable[int] = ()) -> None:
        super().__init__()
        self.inputs = tuple(inputs)


class Work:
    """How much a search may still do."""

    def __init__(self, remaining: int) -> None:
        self._remaining = remaining

    def spend(self, amount: int = 1) -> None:
        """Count some steps; raises TooManyError when there are none left."""
        self._remaining -= amount
        if self._remaining < 0:
            raise TooManyError


@frozen
class _Update:
    """What one step does to one place: a part of its operands, or all at once.

    Attributes:
        place: the place.
        operator: over the operands that came to be known in this step.
        continues: whether an earlier step began it.
    """

    index: int
    operator: Operator
    continues: bool


class Sweep:
    """A plan to be run over some parts in order.

    Args:
        plan: the plan.
        hull: the interval of every operator, whatever the parts come to.
        parts: the inputs of each part, as indices; no input is in two.
        results: the places that are asked for.

    Attributes:
        frontiers: for each part, the places that depend on it alone and that other parts or the
            results meet: an outcome of the part is the interval of each.
        start: the state before the first part.
    """

    def __init__(
        self,
        plan: Plan,
        hull: Sequence[Interval],
        parts: Sequence[frozenset[int]],
        results: Sequence[int],
    ) -> None:
        self._hull = hull
        self._results = tuple(results)
        graph = _DependencyGraph.of(plan, hull, parts, results)
        self._constants = {
            index: hull[index]
            for index, parts_of_index in graph.parts.items()
            if not parts_of_index
        }
        self.frontiers = tuple(graph.frontier(part_index) for part_index in range(len(parts)))
        self._open_outcomes = tuple(
            tuple(hull[index] for index in indices) for indices in self.frontiers
        )
        self._updates = tuple(graph.updates(part_index) for part_index in range(len(parts)))
        self._live = tuple(graph.live(part_index) for part_index in range(-1, len(parts)))
        self.start: State = ()
        self._cache: dict[tuple[int, State, State], State] = {}

    def step(self, part_index: int, state: State, outcome: State) -> State:
        """Return the state once part `at` came to `outcome`."""
        key = part_index, state, outcome
        next_state = self._cache.get(key)
        if next_state is None:
            next_state = self._cache[key] = self._step(part_index, state, outcome)
        return next_state

    def _step(self, part_index: int, state: State, outcome: State) -> State:
        values = dict(zip(self._live[part_index], state, strict=True))
        values.update(zip(self.frontiers[part_index], outcome, strict=True))
        for update in self._updates[part_index]:
            values[update.index] = self._updated(update, values)
        return tuple(values[index] for index in self._live[part_index + 1])

    def _updated(self, update: _Update, values: Mapping[int, Interval]) -> Interval:
        operand_values = tuple(
            values[index] if index in values else self._constants[index]
            for index in operands(update.operator)
        )
        contribution = meaning(update.operator, operand_values)
        if not update.continues:
            return contribution
        previous = values[update.index]
        match update.operator:
            case Linear():
                return previous[0] + contribution[0], previous[1] + contribution[1]
            case Least():
                return min(previous[0], contribution[0]), min(previous[1], contribution[1])
            case _:
                return max(previous[0], contribution[0]), max(previous[1], contribution[1])

    def bound(self, part_index: int, state: State) -> State:
        """Return the interval of each result while the parts from `at` on are open."""
        for later in range(part_index, len(self.frontiers)):
            state = self.step(later, state, self._open_outcomes[later])
        return self.results(state)

    def results(self, state: State) -> State:
        """Return the interval of each result by the state after the last part."""
        values = dict(zip(self._live[-1], state, strict=True))
        return tuple(
            values[index] if index in values else self._constants[index] for index in self._results
        )


_DECOMPOSABLE: Final = (Linear, Least, Greatest)
"""The operators whose operands may come one after the other."""


@frozen
class _DependencyGraph:
    """On which parts each place depends that the results hang on.

    Attributes:
        operators: the places that matter, with no more operands than matter.
        on: the parts that a place depends on, in order.
        results: the places that are asked for.
    """

    operators: Mapping[int, Operator]
    parts: Mapping[int, tuple[int, ...]]
    results: frozenset[int]
    users: Mapping[int, list[int]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        users: dict[int, list[int]] = {}
        for index, operator in self.operators.items():
            if len(self.parts[index]) > 1:
                for operand in operands(operator):
                    users.setdefault(operand, []).append(index)
        object.__setattr__(self, "users", users)

    @classmethod
    def of(
        cls,
        plan: Plan,
        hull: Sequence[Interval],
        parts: Sequence[frozenset[int]],
        results: Sequence[int],
    ) -> _DependencyGraph:
        """Return what the results hang on."""
        operators: dict[int, Operator] = {}
        pending = list(results)
        while pending:
            index = pending.pop()
            if index not in operators:
                operators[index] = _pruned(plan.operators[index], hull)
                if hull[index][0] != hull[index][1]:
                    pending += operands(operators[index])
        part_of = {index: part_index for part_index, part in enumerate(parts) for index in part}
        parts_of: dict[int, tuple[int, ...]] = {}
        for index in sorted(operators):
            operator = operators[index]
            depends_on: set[int] = set()
            if isinstance(operator, (Read, Among)) and operator.input in part_of:
                depends_on.add(part_of[operator.input])
            if hull[index][0] != hull[index][1]:
                depends_on.update(
                    part_index for operand in operands(operator) for part_index in parts_of[operand]
                )
                parts_of[index] = tuple(sorted(depends_on))
            else:
                parts_of[index] = ()
        return cls(
            {index: operators[index] for index in sorted(operators)}, parts_of, frozenset(results)
        )

    def frontier(self, part_index: int) -> tuple[int, ...]:
        """Return the places that depend on one part alone and that others meet."""
        return tuple(
            index
            for index, parts in self.parts.items()
            if parts == (part_index,) and (index in self.results or index in self.users)
        )

    def updates(self, part_index: int) -> tuple[_Update, ...]:
        """Return what happens to places of several parts once part `at` is known."""
        updates = []
        for index, operator in self.operators.items():
            parts = self.parts[index]
            if len(parts) < 2 or part_index not in parts:
                continue
            if isinstance(operator, _DECOMPOSABLE):
                update = self._partial_update(index, operator, part_index)
                if update is not None:
                    updates.append(update)
            elif parts[-1] == part_index:
                updates.append(_Update(index, operator, False))
        return tuple(updates)

    def _completed_at(self, index: int) -> int:
        """Return the part after which a place is known."""
        return self.parts[index][-1] if self.parts[index] else -1

    def _started_at(self, index: int) -> int:
        """Return the first part after which something of a place is known."""
        operator = self.operators[index]
        if len(self.parts[index]) < 2 or not isinstance(operator, _DECOMPOSABLE):
            return self._completed_at(index)
        return min(
            self._completed_at(operand) for operand in operands(operator) if self.parts[operand]
        )

    def _partial_update(
        self, index: int, operator: Linear | Least | Greatest, part_index: int
    ) -> _Update | None:
        starts = self._started_at(index) == part_index
        chosen = [
            operand
            for operand in operands(operator)
            if self._completed_at(operand) == part_index or (starts and not self.parts[operand])
        ]
        if not chosen:
            return None
        return _Update(index, _restricted_to(operator, chosen, starts), not starts)

    def live(self, part_index: int) -> tuple[int, ...]:
        """Return the places that are held from part `at` to the next."""
        return tuple(index for index in self.operators if self._is_live(index, part_index))

    def _is_live(self, index: int, part_index: int) -> bool:
        if not self.parts[index] or self._started_at(index) > part_index:
            return False
        if self._completed_at(index) > part_index or index in self.results:
            return True
        return any(
            self._completed_at(user) > part_index
            and not isinstance(self.operators[user], _DECOMPOSABLE)
            for user in self.users.get(index, ())
        )


def _restricted_to(
    operator: Linear | Least | Greatest, kept: Sequence[int], with_constant: bool
) -> Operator:
    """Return an operator over some of its operands."""
    if isinstance(operator, Linear):
        factors = dict(zip(operator.of, operator.factors, strict=True))
        constant = operator.constant if with_constant else 0
        return Linear(tuple(kept), tuple(factors[operand] for operand in kept), constant)
    return evolve(operator, of=tuple(kept))


def _pruned(operator: Operator, hull: Sequence[Interval]) -> Operator:
    """Return an operator without the operands that make no difference within the hull."""
    match operator:
        case Choose(condition, then, other) if hull[condition][0] == hull[condition][1]:
            return Linear((then if hull[condition][0] else other,), (1,), 0)
        case Least(of):
            extreme = min(of, key=lambda index: hull[index][1])
            may_matter = [hull[operand][0] < hull[extreme][1] for operand in of]
            return Least(_contenders(of, extreme, may_matter))
        case Greatest(of):
            extreme = max(of, key=lambda index: hull[index][0])
            may_matter = [hull[operand][1] > hull[extreme][0] for operand in of]
            return Greatest(_contenders(of, extreme, may_matter))
        case _:
            return operator


def _contenders(of: Sequence[int], extreme: int, may_matter: Sequence[bool]) -> tuple[int, ...]:
    """Return the operands that may be the extreme one: what is beyond `edge` never is."""
    return tuple(
        operand
        for operand, can_matter in zip(of, may_matter, strict=True)
        if can_matter or operand == extreme
    )
