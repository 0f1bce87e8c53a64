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

    def __init__(self, left: int) -> None:
        self._left = left

    def spend(self, amount: int = 1) -> None:
        """Count some steps; raises TooManyError when there are none left."""
        self._left -= amount
        if self._left < 0:
            raise TooManyError


@frozen
class _Move:
    """What one step does to one place: a part of its operands, or all at once.

    Attributes:
        place: the place.
        operator: over the operands that came to be known in this step.
        goes_on: whether an earlier step began it.
    """

    place: int
    operator: Operator
    goes_on: bool


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
        tree = _Dependence.of(plan, hull, parts, results)
        self._constants = {p: hull[p] for p, on in tree.on.items() if not on}
        self.frontiers = tuple(tree.frontier(at) for at in range(len(parts)))
        self._open = tuple(tuple(hull[p] for p in places) for places in self.frontiers)
        self._moves = tuple(tree.moves(at) for at in range(len(parts)))
        self._live = tuple(tree.live(at) for at in range(-1, len(parts)))
        self.start: State = ()
        self._known: dict[tuple[int, State, State], State] = {}

    def step(self, at: int, state: State, outcome: State) -> State:
        """Return the state once part `at` came to `outcome`."""
        key = at, state, outcome
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._step(at, state, outcome)
        return found

    def _step(self, at: int, state: State, outcome: State) -> State:
        values = dict(zip(self._live[at], state, strict=True))
        values.update(zip(self.frontiers[at], outcome, strict=True))
        for move in self._moves[at]:
            values[move.place] = self._moved(move, values)
        return tuple(values[place] for place in self._live[at + 1])

    def _moved(self, move: _Move, values: Mapping[int, Interval]) -> Interval:
        of = tuple(
            values[place] if place in values else self._constants[place]
            for place in operands(move.operator)
        )
        here = meaning(move.operator, of)
        if not move.goes_on:
            return here
        before = values[move.place]
        match move.operator:
            case Linear():
                return before[0] + here[0], before[1] + here[1]
            case Least():
                return min(before[0], here[0]), min(before[1], here[1])
            case _:
                return max(before[0], here[0]), max(before[1], here[1])

    def outlook(self, at: int, state: State) -> State:
        """Return the interval of each result while the parts from `at` on are open."""
        for later in range(at, len(self.frontiers)):
            state = self.step(later, state, self._open[later])
        return self.results(state)

    def results(self, state: State) -> State:
        """Return the interval of each result by the state after the last part."""
        values = dict(zip(self._live[-1], state, strict=True))
        return tuple(
            values[place] if place in values else self._constants[place] for place in self._results
        )


_SPREAD: Final = (Linear, Least, Greatest)
"""The operators whose operands may come one after the other."""


@frozen
class _Dependence:
    """On which parts each place depends that the results hang on.

    Attributes:
        operators: the places that matter, with no more operands than matter.
        on: the parts that a place depends on, in order.
        results: the places that are asked for.
    """

    operators: Mapping[int, Operator]
    on: Mapping[int, tuple[int, ...]]
    results: frozenset[int]
    users: Mapping[int, list[int]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        users: dict[int, list[int]] = {}
        for place, operator in self.operators.items():
            if len(self.on[place]) > 1:
                for each in operands(operator):
                    users.setdefault(each, []).append(place)
        object.__setattr__(self, "users", users)

    @classmethod
    def of(
        cls,
        plan: Plan,
        hull: Sequence[Interval],
        parts: Sequence[frozenset[int]],
        results: Sequence[int],
    ) -> _Dependence:
        """Return what the results hang on."""
        operators: dict[int, Operator] = {}
        waiting = list(results)
        while waiting:
            place = waiting.pop()
            if place not in operators:
                operators[place] = _needed(plan.operators[place], hull)
                if hull[place][0] != hull[place][1]:
                    waiting += operands(operators[place])
        part_of = {index: at for at, part in enumerate(parts) for index in part}
        on: dict[int, tuple[int, ...]] = {}
        for place in sorted(operators):
            operator = operators[place]
            found: set[int] = set()
            if isinstance(operator, (Read, Among)) and operator.input in part_of:
                found.add(part_of[operator.input])
            if hull[place][0] != hull[place][1]:
                found.update(at for each in operands(operator) for at in on[each])
                on[place] = tuple(sorted(found))
            else:
                on[place] = ()
        return cls({p: operators[p] for p in sorted(operators)}, on, frozenset(results))

    def frontier(self, at: int) -> tuple[int, ...]:
        """Return the places that depend on one part alone and that others meet."""
        return tuple(
            place
            for place, on in self.on.items()
            if on == (at,) and (place in self.results or place in self.users)
        )

    def moves(self, at: int) -> tuple[_Move, ...]:
        """Return what happens to places of several parts once part `at` is known."""
        found = []
        for place, operator in self.operators.items():
            on = self.on[place]
            if len(on) < 2 or at not in on:
                continue
            if isinstance(operator, _SPREAD):
                move = self._spread(place, operator, at)
                if move is not None:
                    found.append(move)
            elif on[-1] == at:
                found.append(_Move(place, operator, False))
        return tuple(found)

    def _ready(self, place: int) -> int:
        """Return the part after which a place is known."""
        return self.on[place][-1] if self.on[place] else -1

    def _begun(self, place: int) -> int:
        """Return the first part after which something of a place is known."""
        operator = self.operators[place]
        if len(self.on[place]) < 2 or not isinstance(operator, _SPREAD):
            return self._ready(place)
        return min(self._ready(each) for each in operands(operator) if self.on[each])

    def _spread(self, place: int, operator: Linear | Least | Greatest, at: int) -> _Move | None:
        first = self._begun(place) == at
        chosen = [
            each
            for each in operands(operator)
            if self._ready(each) == at or (first and not self.on[each])
        ]
        return _Move(place, _over(operator, chosen, first), not first) if chosen else None

    def live(self, at: int) -> tuple[int, ...]:
        """Return the places that are held from part `at` to the next."""
        return tuple(place for place in self.operators if self._is_live(place, at))

    def _is_live(self, place: int, at: int) -> bool:
        if not self.on[place] or self._begun(place) > at:
            return False
        if self._ready(place) > at or place in self.results:
            return True
        return any(
            self._ready(user) > at and not isinstance(self.operators[user], _SPREAD)
            for user in self.users.get(place, ())
        )


def _over(
    operator: Linear | Least | Greatest, chosen: Sequence[int], with_constant: bool
) -> Operator:
    """Return an operator over some of its operands."""
    if isinstance(operator, Linear):
        factors = dict(zip(operator.of, operator.factors, strict=True))
        constant = operator.constant if with_constant else 0
        return Linear(tuple(chosen), tuple(factors[each] for each in chosen), constant)
    return evolve(operator, of=tuple(chosen))


def _needed(operator: Operator, hull: Sequence[Interval]) -> Operator:
    """Return an operator without the operands that make no difference within the hull."""
    match operator:
        case Choose(condition, then, other) if hull[condition][0] == hull[condition][1]:
            return Linear((then if hull[condition][0] else other,), (1,), 0)
        case Least(of):
            edge = min(of, key=lambda place: hull[place][1])
            return Least(_within(of, edge, [hull[p][0] < hull[edge][1] for p in of]))
        case Greatest(of):
            edge = max(of, key=lambda place: hull[place][0])
            return Greatest(_within(of, edge, [hull[p][1] > hull[edge][0] for p in of]))
        case _:
            return operator


def _within(of: Sequence[int], edge: int, reaches: Sequence[bool]) -> tuple[int, ...]:
    """Return the operands that may be the extreme one: what is beyond `edge` never is."""
    return tuple(p for p, may in zip(of, reaches, strict=True) if may or p == edge)
