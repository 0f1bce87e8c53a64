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
        told = result.reader.sets if result.reader is not None else None
        self.base = tuple(
            _told(declared, ends) if told is None else told.get(index, declared.domain)
            for index, (declared, *ends) in enumerate(
                zip(self.plan.inputs, result.input_lows, result.input_highs, strict=True)
            )
        )

    def narrowed(self, sets: Sets) -> tuple[list[int], list[int]] | None:
        """Return the ends of all inputs with some sets in place of their own, if possible."""
        lows, highs = [low for low, _ in self.base], [high for _, high in self.base]
        for index, (low, high) in sets.items():
            lows[index], highs[index] = low, high
        return None if narrow(self.plan, lows, highs) else (lows, highs)

    def ranges(self, lows: Sequence[int], highs: Sequence[int]) -> tuple[Interval, ...]:
        """Return the interval of every operator."""
        ends = self._compiled.ranges(tuple(lows), tuple(highs), self._days)
        return tuple(zip(*ends, strict=True))

    def hull(self, inputs: Iterable[int]) -> tuple[Interval, ...]:
        """Return the interval of every operator, whatever some inputs are."""
        ends = self.narrowed({index: self.plan.inputs[index].domain for index in inputs})
        assert ends is not None  # what the facts are lies within
        return self.ranges(*ends)

    def is_open(self, index: int) -> bool:
        """Return whether an input was not told as a single value."""
        return not self.plan.inputs[index].is_known(*self.base[index])


def _told(declared: Input, ends: Sequence[int]) -> Interval:
    """Return the set of a known input; a choice keeps it in the second number alone."""
    return (0 if declared.kind is InputType.CHOICE else ends[0]), ends[1]


def boxes(
    ground: Ground,
    cut: Sets,
    watched: Sequence[int],
    work: Work,
    follow: Callable[[Sets], Sets] = dict,
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
    found: list[Box] = []
    waiting = [cut]
    while waiting:
        sets = waiting.pop()
        narrowed = ground.narrowed(follow(sets))
        if narrowed is None:
            continue
        lows, highs = narrowed
        sets = {index: (lows[index], highs[index]) for index in sets}
        work.spend()
        all_values = ground.ranges(lows, highs)
        values = tuple(all_values[place] for place in watched)
        widths = {i: _width(ground.plan.inputs[i], ends) for i, ends in sets.items()}
        if not any(widths.values()) or all(low == high for low, high in values):
            found.append(Box(sets, values))
        else:
            widest = max(widths, key=lambda index: widths[index])
            halves = _halves(ground.plan.inputs[widest], sets[widest])
            waiting += [{**sets, widest: half} for half in halves]
        if len(found) + len(waiting) > _MOST_BOXES:
            raise TooManyError(cut)
    return found


def _width(declared: Input, ends: Interval) -> int:
    """Return how many more values than one a set has."""
    low, high = ends
    return high.bit_count() - 1 if declared.kind is InputType.CHOICE else high - low


def _halves(declared: Input, ends: Interval) -> tuple[Interval, Interval]:
    low, high = ends
    if declared.kind is InputType.CHOICE:
        first = high & -high
        return (0, high & ~first), (0, first)
    middle = (low + high) // 2
    # The lower half is looked at first, as what is pushed last is taken first.
    return (middle + 1, high), (low, middle)


def tied(groups: Iterable[Iterable[int]]) -> Iterator[frozenset[int]]:
    """Yield the smallest sets of inputs that hold each group whole, in the order of inputs."""
    found: list[set[int]] = []
    for group in groups:
        joined = set(group)
        apart = []
        for other in found:
            if joined.isdisjoint(other):
                apart.append(other)
            else:
                joined |= other
        found = [*apart, joined] if joined else apart
    yield from (frozenset(each) for each in sorted(found, key=min))
