"""The ways in which some inputs of a result may come out, as few as tell all of them apart.

The domain of the inputs is cut into boxes until, within each, all that is looked at is the same:
single numbers, or one value of each input. So a count up to a thousand million that is compared
with one mark is two boxes, and nothing is sampled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from attrs import frozen

from xhht.evaluation._sweep import State, TooManyError, Work
from xhht.evaluation.evaluator import compiled_of, days_of, narrow
from xhht.evaluation.result import Evaluation
from xhht.rules.inputs import Input, InputType
from xhht.rules.plan import Interval

__all__ = ["Box", "Ground", "Sets", "boxes", "tied"]

Sets: TypeAlias = dict[int, Interval]
"""The sets of some inputs, by index."""

_MOST_BOXES = 4_000


@frozen
class Box:
    """A box within which all that is looked at is the same.

    Attributes:
        sets: the sets of the inputs that were cut, narrowed by their bounds.
        values: the interval of each place that is looked at.
    """

    sets: Sets
    values: State


class Ground:
    """A result made ready to be looked at with other sets of its inputs.

    Attributes:
        result: the result.
        plan: its plan.
        base: the sets of all inputs as they were told, before their bounds narrowed them.
    """

    def __init__(self, result: Evaluation) -> None:
        self.result = result
        self.plan = result.plan
        self._compiled = compiled_of(result.profile, result.plan)
        self._days = days_of(self._compiled, result.as_of)
        known_sets = result.reader.sets if result.reader is not None else None
        self.base = tuple(
            _known_set(declared, ends)
            if known_sets is None
            else known_sets.get(index, declared.domain)
            for index, (declared, *ends) in enumerate(
                zip(self.plan.inputs, result.input_lows, result.input_highs, strict=True)
            )
        )

    def narrowed(self, sets: Sets) -> tuple[list[int], list[int]] | None:
        """Return the ends of all inputs with some sets in place of their own, if possible."""
        lows, highs = [lower for lower, _ in self.base], [upper for _, upper in self.base]
        for index, (lower, upper) in sets.items():
            lows[index], highs[index] = lower, upper
        return None if narrow(self.plan, lows, highs) else (lows, highs)

    def ranges(self, lows: Sequence[int], highs: Sequence[int]) -> tuple[Interval, ...]:
        """Return the interval of every operator."""
        ends = self._compiled.ranges(tuple(lows), tuple(highs), self._days)
        return tuple(zip(*ends, strict=True))

    def hull(self, inputs: Iterable[int]) -> tuple[Interval, ...]:
        """Return the interval of every operator, whatever some inputs are."""
        narrowed = self.narrowed({index: self.plan.inputs[index].domain for index in inputs})
        assert narrowed is not None  # what the facts are lies within
        return self.ranges(*narrowed)

    def is_open(self, index: int) -> bool:
        """Return whether an input was not told as a single value."""
        return not self.plan.inputs[index].is_known(*self.base[index])


def _known_set(declared: Input, ends: Sequence[int]) -> Interval:
    """Return the set of a known input; a choice keeps it in the second number alone."""
    return (0 if declared.kind is InputType.CHOICE else ends[0]), ends[1]


def boxes(
    ground: Ground,
    domains: Sets,
    watched: Sequence[int],
    budget: Work,
    propagate: Callable[[Sets], Sets] = dict,
) -> list[Box]:
    """Return the boxes into which the sets of `cut` fall.

    Args:
        ground: the result.
        cut: the inputs to cut, with the sets to begin with; impossible values are left out.
        watched: the places that are to be the same within a box.
        work: how much may be done.
        follow: adds the sets of inputs that hang on those that are cut.

    Raises:
        TooManyError: there are too many.
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
        values = tuple(all_values[operator_index] for operator_index in watched)
        widths = {index: _width(ground.plan.inputs[index], ends) for index, ends in sets.items()}
        if not any(widths.values()) or all(lower == upper for lower, upper in values):
            finished.append(Box(sets, values))
        else:
            widest = max(widths, key=lambda index: widths[index])
            halves = _halves(ground.plan.inputs[widest], sets[widest])
            pending += [{**sets, widest: half} for half in halves]
        if len(finished) + len(pending) > _MOST_BOXES:
            raise TooManyError(domains)
    return finished


def _width(declared: Input, ends: Interval) -> int:
    """Return how many more values than one a set has."""
    lower, upper = ends
    return upper.bit_count() - 1 if declared.kind is InputType.CHOICE else upper - lower


def _halves(declared: Input, ends: Interval) -> tuple[Interval, Interval]:
    lower, upper = ends
    if declared.kind is InputType.CHOICE:
        first = upper & -upper
        return (0, upper & ~first), (0, first)
    middle = (lower + upper) // 2
    # The lower half is looked at first, as what is pushed last is taken first.
    return (middle + 1, upper), (lower, middle)


def tied(groups: Iterable[Iterable[int]]) -> Iterator[frozenset[int]]:
    """Yield the smallest sets of inputs that hold each group whole, in the order of inputs."""
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
