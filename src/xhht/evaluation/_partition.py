"""Box partitioning: splits an input domain into boxes on which the target operators are constant.

A box is bisected, where that tells most, until the targets are single numbers, or each input has
one value. So a count up to 1,000,000,000 that is compared with one threshold gives two boxes;
nothing is sampled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from attrs import frozen

from xhht.evaluation._elimination import Budget, BudgetExceededError, FrontierState
from xhht.evaluation.codegen import compile_plan
from xhht.evaluation.facts import propagate_bounds
from xhht.evaluation.state import EvaluationState
from xhht.rules.inputs import Input, InputType
from xhht.rules.plan import Interval

InputSets: TypeAlias = dict[int, Interval]
"""The sets of values of some inputs, by index."""

_MOST_BOXES = 4_000


@frozen
class Box:
    """A box on which the target operators are constant.

    Attributes:
        sets: the sets of the split inputs, after bound propagation.
        values: the interval of each target operator.
    """

    sets: InputSets
    values: FrontierState


class SearchContext:
    """A search context: evaluates the plan of a result with other sets of its inputs.

    Attributes:
        result: the result.
        plan: its plan.
        given_sets: the given sets of all inputs, before bound propagation.
    """

    def __init__(self, result: EvaluationState) -> None:
        self.result = result
        self.plan = result.plan
        self._compiled = compile_plan(result.plan)
        self._days = self._compiled.days(result.as_of)
        known_sets = result.reader.sets if result.reader is not None else None
        self.given_sets = tuple(
            _known_set(declared, ends)
            if known_sets is None
            else known_sets.get(index, declared.domain)
            for index, (declared, *ends) in enumerate(
                zip(self.plan.inputs, result.input_lows, result.input_highs, strict=True)
            )
        )

    def narrowed(self, sets: InputSets) -> tuple[list[int], list[int]] | None:
        """Return the ends of all inputs with some sets replaced; None if bounds conflict."""
        lows, highs = (
            [lower for lower, _ in self.given_sets],
            [upper for _, upper in self.given_sets],
        )
        for index, (lower, upper) in sets.items():
            lows[index], highs[index] = lower, upper
        return None if propagate_bounds(self.plan, lows, highs) else (lows, highs)

    def ranges(self, lows: Sequence[int], highs: Sequence[int]) -> tuple[Interval, ...]:
        """Return the interval of every operator."""
        ends = self._compiled.ranges(tuple(lows), tuple(highs), self._days)
        return tuple(zip(*ends, strict=True))

    def hull(self, inputs: Iterable[int]) -> tuple[Interval, ...]:
        """Return the interval of every operator over all values of some inputs."""
        narrowed = self.narrowed({index: self.plan.inputs[index].domain for index in inputs})
        assert narrowed is not None  # the given facts are within the domains
        return self.ranges(*narrowed)

    def fact_name(self, index: int) -> str:
        """Return the name of the fact that an input is read from."""
        return self.plan.inputs[index].declared_input.name

    def by_fact(self, inputs: Iterable[int]) -> list[frozenset[int]]:
        """Return inputs grouped by the fact that they are read from."""
        groups: dict[str, list[int]] = {}
        for index in sorted(inputs):
            groups.setdefault(self.fact_name(index), []).append(index)
        return list(map(frozenset, groups.values()))

    def is_open(self, index: int) -> bool:
        """Return whether an input is not given as a single value."""
        return not self.plan.inputs[index].is_known(*self.given_sets[index])


def _known_set(declared: Input, ends: Sequence[int]) -> Interval:
    """Return the set of a known input; a choice is a bit mask in the second number."""
    return (0 if declared.kind is InputType.CHOICE else ends[0]), ends[1]


def partition(
    ground: SearchContext,
    domains: InputSets,
    targets: Sequence[int],
    budget: Budget,
    propagate: Callable[[InputSets], InputSets] = dict,
) -> list[Box]:
    """Return a partition of some domains into boxes.

    Args:
        ground: the search context.
        domains: the inputs to split, with their initial sets; impossible values are omitted.
        targets: the indices of the operators that must be constant on a box.
        budget: the budget of the search.
        propagate: adds the sets of inputs that depend on the split ones.

    Raises:
        BudgetExceededError: there are too many boxes, or the budget is exceeded.
    """
    finished: list[Box] = []
    pending = [domains]
    while pending:
        sets = pending.pop()
        narrowed = ground.narrowed(propagate(sets))
        if narrowed is None:
            continue
        lows, highs = narrowed
        sets = {index: (lows[index], highs[index]) for index in sets}
        budget.spend()
        all_values = ground.ranges(lows, highs)
        values = tuple(all_values[operator_index] for operator_index in targets)
        widths = {index: _width(ground.plan.inputs[index], ends) for index, ends in sets.items()}
        if not any(widths.values()) or all(lower == upper for lower, upper in values):
            finished.append(Box(sets, values))
        else:
            splits = [
                [{**sets, index: half} for half in _halves(ground.plan.inputs[index], sets[index])]
                for index in sorted(widths, key=lambda index: -widths[index])
                if widths[index]
            ]
            pending += _most_telling(ground, splits, targets, propagate)
        if len(finished) + len(pending) > _MOST_BOXES:
            raise BudgetExceededError(domains)
    return finished


def _most_telling(
    ground: SearchContext,
    splits: Sequence[list[InputSets]],
    targets: Sequence[int],
    propagate: Callable[[InputSets], InputSets],
) -> list[InputSets]:
    """Return the split, of the inputs with most values first, that leaves fewest targets open.

    Where one count alone decides, only that one is split, however many values the others have.
    """
    if len(splits) == 1:
        return splits[0]

    def number_open(halves: list[InputSets]) -> int:
        narrowed = (ground.narrowed(propagate(half)) for half in halves)
        values = (ground.ranges(*ends) for ends in narrowed if ends is not None)
        return sum(ends[target][0] != ends[target][1] for ends in values for target in targets)

    return min(splits, key=number_open)


def _width(declared: Input, ends: Interval) -> int:
    """Return the number of values of a set, minus one."""
    lower, upper = ends
    return upper.bit_count() - 1 if declared.kind is InputType.CHOICE else upper - lower


def _halves(declared: Input, ends: Interval) -> tuple[Interval, Interval]:
    lower, upper = ends
    if declared.kind is InputType.CHOICE:
        first = upper & -upper
        return (0, upper & ~first), (0, first)
    middle = (lower + upper) // 2
    # The last item pushed is popped first, so the lower half is searched first.
    return (middle + 1, upper), (lower, middle)


def connected_components(groups: Iterable[Iterable[int]]) -> Iterator[frozenset[int]]:
    """Yield the connected components of inputs that share groups, in the order of inputs."""
    components: list[set[int]] = []
    for group in groups:
        joined = set(group)
        separate = []
        for component in components:
            if joined.isdisjoint(component):
                separate.append(component)
            else:
                joined |= component
        components = [*separate, joined] if joined else separate
    yield from (frozenset(component) for component in sorted(components, key=min))
