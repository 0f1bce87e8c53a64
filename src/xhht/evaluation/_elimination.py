"""Variable elimination over a plan: dynamic programming on a frontier of live values.

The inputs are split into parts that do not bound one another. The parts are processed in order.
After each part, a small state holds all that later parts need: partial sums, minima, maxima and
truths. Combinations with equal states are merged, so that a search over millions of combinations
stays exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from attrs import evolve, field, frozen

from xhht.rules import plan as op
from xhht.rules.plan import Interval, Operator, Plan, meaning, operands

FrontierState: TypeAlias = tuple[Interval, ...]


class BudgetExceededError(Exception):
    """A search exceeds its budget.

    Attributes:
        inputs: the indices of the inputs that alone have too many cases; empty if the number of
            combinations is too large.
    """

    def __init__(self, inputs: Iterable[int] = ()) -> None:
        super().__init__()
        self.inputs = tuple(inputs)


class Budget:
    """The budget of a search: how many steps remain."""

    def __init__(self, remaining: int) -> None:
        self._remaining = remaining

    def spend(self, amount: int = 1) -> None:
        """Use some steps; raises BudgetExceededError if none remain."""
        self._remaining -= amount
        if self._remaining < 0:
            raise BudgetExceededError


@frozen
class _Update:
    """The update of one operator in one step, over some or all of its operands.

    Attributes:
        index: the operator in the plan.
        operator: the same operator over the operands that become known in this step.
        continues: whether an earlier step holds a partial value.
    """

    index: int
    operator: Operator
    continues: bool


class Elimination:
    """Evaluates a plan by eliminating the inputs part by part.

    Args:
        plan: the plan.
        hull: the interval of every operator over all values of the parts.
        parts: the input indices of each part; the parts are disjoint.
        results: the indices of the operators to compute.

    Attributes:
        frontiers: for each part, the operators that depend on it alone and that are results or
            operands of other parts; an outcome of the part is the interval of each.
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
        self.start: FrontierState = ()
        self._cache: dict[tuple[int, FrontierState, FrontierState], FrontierState] = {}

    def step(self, part_index: int, state: FrontierState, outcome: FrontierState) -> FrontierState:
        """Return the next state after a part has an outcome; results are cached."""
        key = part_index, state, outcome
        next_state = self._cache.get(key)
        if next_state is None:
            next_state = self._cache[key] = self._step(part_index, state, outcome)
        return next_state

    def _step(self, part_index: int, state: FrontierState, outcome: FrontierState) -> FrontierState:
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
            case op.Linear():
                return previous[0] + contribution[0], previous[1] + contribution[1]
            case op.Least():
                return min(previous[0], contribution[0]), min(previous[1], contribution[1])
            case op.Greatest():
                return max(previous[0], contribution[0]), max(previous[1], contribution[1])
            case _:
                raise TypeError(update.operator)

    def bound(self, part_index: int, state: FrontierState) -> FrontierState:
        """Return an interval that contains each result, whatever the remaining parts are."""
        for later in range(part_index, len(self.frontiers)):
            state = self.step(later, state, self._open_outcomes[later])
        return self.results(state)

    def results(self, state: FrontierState) -> FrontierState:
        """Return the interval of each result from the state after the last part."""
        values = dict(zip(self._live[-1], state, strict=True))
        return tuple(
            values[index] if index in values else self._constants[index] for index in self._results
        )


def relevant_inputs(plan: Plan, hull: Sequence[Interval], results: Iterable[int]) -> frozenset[int]:
    """Return the inputs that can affect some operators within the hull."""
    return frozenset(
        operator.input
        for operator in _relevant_operators(plan, hull, results).values()
        if isinstance(operator, (op.Read, op.Among))
    )


def _relevant_operators(
    plan: Plan, hull: Sequence[Interval], results: Iterable[int]
) -> dict[int, Operator]:
    """Return the operators that can affect some operators, without irrelevant operands."""
    operators: dict[int, Operator] = {}
    pending = list(results)
    while pending:
        index = pending.pop()
        if index not in operators:
            operators[index] = _pruned(plan.operators[index], hull)
            if hull[index][0] != hull[index][1]:
                pending += operands(operators[index])
    return operators


_DECOMPOSABLE: Final = (op.Linear, op.Least, op.Greatest)
"""The operators that can be computed from their operands one by one."""


@frozen
class _DependencyGraph:
    """Which parts each relevant operator depends on.

    Attributes:
        operators: the operators that affect the results, without irrelevant operands.
        parts: the parts that an operator depends on, in order.
        results: the indices of the operators to compute.
        users: the operators over several parts that read an operator.
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
        """Return the dependency graph of the results."""
        operators = _relevant_operators(plan, hull, results)
        part_of = {index: part_index for part_index, part in enumerate(parts) for index in part}
        parts_of: dict[int, tuple[int, ...]] = {}
        for index in sorted(operators):
            operator = operators[index]
            depends_on: set[int] = set()
            if isinstance(operator, (op.Read, op.Among)) and operator.input in part_of:
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
        """Return the operators that depend on one part alone and that other operators read."""
        return tuple(
            index
            for index, parts in self.parts.items()
            if parts == (part_index,) and (index in self.results or index in self.users)
        )

    def updates(self, part_index: int) -> tuple[_Update, ...]:
        """Return the updates of operators over several parts after a part is known."""
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
        """Return the part after which an operator is known, -1 for a constant."""
        return self.parts[index][-1] if self.parts[index] else -1

    def _started_at(self, index: int) -> int:
        """Return the first part after which an operator has a partial value."""
        operator = self.operators[index]
        if len(self.parts[index]) < 2 or not isinstance(operator, _DECOMPOSABLE):
            return self._completed_at(index)
        return min(self._completed_at(i) for i in operands(operator) if self.parts[i])

    def _partial_update(
        self, index: int, operator: op.Linear | op.Least | op.Greatest, part_index: int
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
        """Return the operators whose values the state after a part holds."""
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
    operator: op.Linear | op.Least | op.Greatest, kept: Sequence[int], with_constant: bool
) -> Operator:
    """Return an operator over a subset of its operands."""
    if isinstance(operator, op.Linear):
        factors = dict(zip(operator.of, operator.factors, strict=True))
        constant = operator.constant if with_constant else 0
        return op.Linear(tuple(kept), tuple(factors[operand] for operand in kept), constant)
    return evolve(operator, of=tuple(kept))


def _pruned(operator: Operator, hull: Sequence[Interval]) -> Operator:
    """Return an operator without the operands that cannot matter within the hull."""
    match operator:
        case op.Choose(condition, then, other) if hull[condition][0] == hull[condition][1]:
            return op.Linear((then if hull[condition][0] else other,), (1,), 0)
        case op.Least(of):
            extreme = min(of, key=lambda index: hull[index][1])
            may_matter = [hull[operand][0] < hull[extreme][1] for operand in of]
            return op.Least(_contenders(of, extreme, may_matter))
        case op.Greatest(of):
            extreme = max(of, key=lambda index: hull[index][0])
            may_matter = [hull[operand][1] > hull[extreme][0] for operand in of]
            return op.Greatest(_contenders(of, extreme, may_matter))
        case _:
            return operator


def _contenders(of: Sequence[int], extreme: int, may_matter: Sequence[bool]) -> tuple[int, ...]:
    """Return the operands that may be the minimum or maximum; dominated ones are dropped."""
    return tuple(
        operand
        for operand, can_matter in zip(of, may_matter, strict=True)
        if can_matter or operand == extreme
    )
