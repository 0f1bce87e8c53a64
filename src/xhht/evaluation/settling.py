"""Which facts would determine an undetermined verdict.

There are two questions. Which facts are *enough*, whatever their values? And which facts *could*
determine the verdict alone, with suitable values? Both are answered exactly over all values of the
unknown facts, by box partitioning and variable elimination, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise, product
from typing import Any, Final

from attrs import field, frozen

from xhht.evaluation._elimination import Budget, BudgetExceededError, Elimination, FrontierState
from xhht.evaluation._partition import (
    Box,
    InputSets,
    SearchContext,
    connected_components,
    partition,
)
from xhht.evaluation.fact_io import fact_text, fact_to_plain, facts_from_intervals
from xhht.evaluation.result_types import CouldSettleDict, SettlingDict
from xhht.evaluation.state import EvaluationState, Verdict
from xhht.rules.inputs import InputType
from xhht.rules.plan import Interval
from xhht.text import Lang, Text, join

__all__ = ["CouldSettle", "Settling", "find_settling_sets"]

_MOST_SETS = 100


@frozen(kw_only=True)
class CouldSettle:
    """Facts that determine the verdict for some values, while the others stay unknown.

    Attributes:
        inputs: the facts, in the order of the profile.
        examples: example values for each verdict they can determine; not shown in `repr`.
    """

    inputs: tuple[str, ...]
    examples: Mapping[Verdict, Mapping[str, Any]] = field(repr=False)

    def to_dict(self) -> CouldSettleDict:
        """Return it as JSON data."""
        return {
            "inputs": list(self.inputs),
            "examples": {
                verdict.value: {name: fact_to_plain(value) for name, value in values.items()}
                for verdict, values in self.examples.items()
            },
        }


@frozen(kw_only=True)
class Settling:
    """Which facts would determine a verdict; only minimal sets are listed.

    Attributes:
        enough: the sets of facts that determine it whatever their values, smallest first; empty
            if there is none; None if the search exceeded its budget.
        could: the sets of facts that determine it for some values; None likewise.
        text: the answer as text.
    """

    enough: tuple[tuple[str, ...], ...] | None
    could: tuple[CouldSettle, ...] | None
    text: Text

    def to_dict(self, lang: Lang | str = Lang.VI) -> SettlingDict:
        """Return it as JSON data."""
        return {
            "enough": None if self.enough is None else [list(names) for names in self.enough],
            "could": None if self.could is None else [facts.to_dict() for facts in self.could],
            "message": self.text.get(lang),
        }


def find_settling_sets(result: EvaluationState, max_steps: int) -> Settling:
    """Return which facts would determine the verdict of a result.

    Args:
        result: the evaluation.
        max_steps: the maximum number of steps for each of the two searches.
    """
    if result.verdict is not Verdict.UNDETERMINED:
        return Settling(enough=((),), could=(), text=_SETTLED)
    enough: tuple[tuple[str, ...], ...] | None = None
    could: tuple[CouldSettle, ...] | None = None
    too_many: list[int] = []
    try:
        search = _Search(result, Budget(max_steps))
        enough = search.enough()
        search.budget = Budget(max_steps)
        could = search.could()
    except BudgetExceededError as error:
        too_many = [*error.inputs]
    return Settling(enough=enough, could=could, text=_text(result, enough, could, too_many))


@frozen
class _Component:
    """A connected component of unknown inputs, and its partition into boxes."""

    inputs: frozenset[int]
    boxes: tuple[Box, ...]

    @property
    def outcomes(self) -> tuple[FrontierState, ...]:
        """The possible outcomes of the component."""
        return tuple(dict.fromkeys(box.values for box in self.boxes))


class _Search:
    def __init__(self, result: EvaluationState, budget: Budget) -> None:
        self.budget = budget
        self._ground = SearchContext(result)
        self._plan = result.plan
        self._hull = tuple(zip(result.lows, result.highs, strict=True))
        self._awards = [level.award for level in self._plan.levels]
        waived = result.reader.waivers if result.reader else {}
        unknown = result.unknown_inputs().difference(waived)
        self._pairs = _transitive_order(self._plan.bound_pairs)
        groups = tuple(connected_components(self._groups(unknown)))
        sweep = Elimination(self._plan, self._hull, groups, self._awards)
        self._components = [
            _Component(group, tuple(self._boxes(group, frontier)))
            for group, frontier in zip(groups, sweep.frontiers, strict=True)
            if frontier
        ]

    def _groups(self, unknown: frozenset[int]) -> Iterator[frozenset[int]]:
        """Yield the unknown inputs of one fact, and those that bound one another."""
        yield from self._ground.by_fact(unknown)
        yield from (frozenset(p) for p in self._plan.bound_pairs if unknown.issuperset(p))

    def _boxes(self, group: frozenset[int], frontier: tuple[int, ...]) -> list[Box]:
        sets = {index: self._ground.given_sets[index] for index in sorted(group)}
        return partition(self._ground, sets, frontier, self.budget)

    def _sweep(self, parts: Sequence[_Component]) -> Elimination:
        return Elimination(self._plan, self._hull, [part.inputs for part in parts], self._awards)

    # Enough, whatever the values

    def enough(self) -> tuple[tuple[str, ...], ...]:
        """Return the minimal sets of facts that determine the verdict whatever their values."""
        choices: list[list[frozenset[int]]] = []
        if not self._components and _verdict(self._sweep(()).results(())) is Verdict.UNDETERMINED:
            return ()
        for part in self._components:
            classes = self._classes(part)
            if classes is None:
                return ()
            if len(set(classes.values())) > 1:
                choices.append(list(self._minimal_sets(part, classes)))
        solutions: list[frozenset[int]] = []
        for chosen in product(*choices):
            solutions.append(frozenset[int]().union(*chosen))
            if len(solutions) > _MOST_SETS:
                raise BudgetExceededError
        return tuple(sorted(map(self._names, solutions), key=lambda names: (len(names), names)))

    def _classes(self, part: _Component) -> dict[FrontierState, object] | None:
        """Return the equivalence class of each outcome of a part; None if the verdict stays open.

        Two outcomes are equivalent if the verdict is the same for all outcomes of the others.
        """
        parts = [part, *(other for other in self._components if other is not part)]
        sweep = self._sweep(parts)
        class_ids: dict[object, int] = {}
        class_of: list[dict[FrontierState, object]] = [{} for _ in range(len(parts) + 1)]

        def classify(part_index: int, state: FrontierState) -> object:
            class_id = class_of[part_index].get(state)
            if class_id is None:
                if part_index == len(parts):
                    class_id = _verdict(sweep.results(state))
                else:
                    self.budget.spend(len(parts[part_index].outcomes))
                    branches = tuple(
                        classify(part_index + 1, sweep.step(part_index, state, outcome))
                        for outcome in parts[part_index].outcomes
                    )
                    if len(set(branches)) == 1:
                        class_id = branches[0]
                    else:
                        class_id = class_ids.setdefault((part_index, branches), len(class_ids))
                class_of[part_index][state] = class_id
            return class_id

        self.budget.spend(len(part.outcomes))
        classes = {
            outcome: classify(1, sweep.step(0, sweep.start, outcome)) for outcome in part.outcomes
        }
        return None if Verdict.UNDETERMINED in class_of[-1].values() else classes

    def _minimal_sets(
        self, part: _Component, classes: Mapping[FrontierState, object]
    ) -> Iterator[frozenset[int]]:
        """Yield the minimal sets of a part's facts that distinguish its classes."""
        facts = self._ground.by_fact(part.inputs)
        minimal: list[frozenset[int]] = []
        for size in range(1, len(facts) + 1):
            for chosen in combinations(facts, size):
                inputs = frozenset[int]().union(*chosen)
                if any(smaller <= inputs for smaller in minimal):
                    continue
                if self._separates(part, classes, inputs):
                    minimal.append(inputs)
                    yield inputs

    def _separates(
        self, part: _Component, classes: Mapping[FrontierState, object], inputs: frozenset[int]
    ) -> bool:
        for first, second in combinations(part.boxes, 2):
            self.budget.spend()
            if classes[first.values] != classes[second.values]:
                overlap = {index: self._intersection(index, first, second) for index in inputs}
                if self._is_possible(overlap):
                    return False
        return True

    def _intersection(self, index: int, first: Box, second: Box) -> Interval:
        first_lower, first_upper = first.sets[index]
        second_lower, second_upper = second.sets[index]
        if self._plan.inputs[index].kind is InputType.CHOICE:
            return 0, first_upper & second_upper
        return max(first_lower, second_lower), min(first_upper, second_upper)

    def _is_possible(self, sets: InputSets) -> bool:
        """Return whether some inputs have values in these sets that respect their bounds."""
        if any(
            upper < lower or (not upper and self._plan.inputs[index].kind is InputType.CHOICE)
            for index, (lower, upper) in sets.items()
        ):
            return False
        # The smallest values, raised to their lower bounds, respect all bounds if any do.
        return all(
            sets[smaller][0] <= sets[larger][1]
            for smaller, larger in self._pairs
            if smaller in sets and larger in sets
        )

    def _names(self, inputs: Iterable[int]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(self._ground.fact_name, sorted(inputs))))

    # Could be enough

    def could(self) -> tuple[CouldSettle, ...]:
        """Return the minimal sets of facts that determine the verdict for some values."""
        facts = self._ground.by_fact(index for part in self._components for index in part.inputs)
        sweep = self._sweep(self._components)
        minimal: list[frozenset[int]] = []
        solutions: list[CouldSettle] = []
        for size in range(len(facts) + 1):
            for chosen in combinations(facts, size):
                inputs = frozenset[int]().union(*chosen)
                if any(smaller <= inputs for smaller in minimal):
                    continue
                examples = self._examples_for(inputs, sweep)
                if examples:
                    minimal.append(inputs)
                    solutions.append(CouldSettle(inputs=self._names(inputs), examples=examples))
        return tuple(solutions)

    def _examples_for(
        self, inputs: frozenset[int], sweep: Elimination
    ) -> dict[Verdict, Mapping[str, Any]]:
        """Return, for each verdict, values of some inputs that make it certain."""
        reached: dict[frozenset[FrontierState], InputSets] = {frozenset({sweep.start}): {}}
        for part_index, part in enumerate(self._components):
            cells = self._cells(part, inputs & part.inputs)
            next_reached: dict[frozenset[FrontierState], InputSets] = {}
            for states, values in reached.items():
                for outcomes, cell in cells.items():
                    self.budget.spend(len(states) * len(outcomes))
                    successors = frozenset(
                        sweep.step(part_index, state, outcome)
                        for state in states
                        for outcome in outcomes
                    )
                    next_reached.setdefault(successors, {**values, **cell})
            reached = next_reached
        examples: dict[Verdict, Mapping[str, Any]] = {}
        for states, values in reached.items():
            verdicts = {_verdict(sweep.results(state)) for state in states}
            if len(verdicts) == 1 and Verdict.UNDETERMINED not in verdicts:
                examples.setdefault(min(verdicts), facts_from_intervals(self._plan.inputs, values))
        return examples

    def _cells(
        self, part: _Component, inputs: frozenset[int]
    ) -> dict[frozenset[FrontierState], InputSets]:
        """Return the sets of outcomes of a part for values of some inputs, with an example."""
        examples: dict[frozenset[FrontierState], InputSets] = {}
        ordered = sorted(inputs)
        for cell in product(*(self._pieces(part, index) for index in ordered)):
            sets = dict(zip(ordered, cell, strict=True))
            self.budget.spend(len(part.boxes))
            if not self._is_possible(sets):
                continue
            outcomes = frozenset(box.values for box in part.boxes if self._contains(box, sets))
            if outcomes:
                examples.setdefault(outcomes, self._smallest_values(sets))
        return examples

    def _pieces(self, part: _Component, index: int) -> list[Interval]:
        """Return the intervals into which the boxes of a part split an input."""
        ends = [box.sets[index] for box in part.boxes]
        if self._plan.inputs[index].kind is InputType.CHOICE:
            bits = max(upper for _, upper in ends).bit_length()
            return [(0, 1 << b) for b in range(bits) if any(upper >> b & 1 for _, upper in ends)]
        starts = sorted({lower for lower, _ in ends} | {upper + 1 for _, upper in ends})
        return [(lower, upper - 1) for lower, upper in pairwise(starts)]

    def _contains(self, box: Box, sets: InputSets) -> bool:
        for index, (lower, upper) in sets.items():
            box_lower, box_upper = box.sets[index]
            if self._plan.inputs[index].kind is InputType.CHOICE:
                if not upper & box_upper:
                    return False
            elif lower < box_lower or upper > box_upper:
                return False
        return True

    def _smallest_values(self, sets: InputSets) -> InputSets:
        """Return the smallest values in some sets that respect the bounds."""
        lows = {index: lower for index, (lower, _) in sets.items()}
        for smaller, larger in self._pairs:
            if smaller in lows and larger in lows:
                lows[larger] = max(lows[larger], lows[smaller])
        choice = InputType.CHOICE
        return {
            index: ends if self._plan.inputs[index].kind is choice else (lows[index], lows[index])
            for index, ends in sets.items()
        }


def _transitive_order(narrowings: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the transitive closure of the order: pairs whose first never exceeds the second."""
    next_larger = dict(narrowings)
    pairs = []
    for smaller, larger in next_larger.items():
        bound: int | None = larger
        while bound is not None:
            pairs.append((smaller, bound))
            bound = next_larger.get(bound)
    return tuple(pairs)


def _verdict(awards: FrontierState) -> Verdict:
    if any(lower for lower, _ in awards):
        return Verdict.RECOGNISED
    return Verdict.UNDETERMINED if any(upper for _, upper in awards) else Verdict.NOT_RECOGNISED


# Texts


def _text(
    result: EvaluationState,
    enough: tuple[tuple[str, ...], ...] | None,
    could: tuple[CouldSettle, ...] | None,
    too_many: Sequence[int],
) -> Text:
    document = result.profile.document
    labels = {name: entry.label for name, entry in document.inputs.items()}
    sentences = []
    if enough is None:
        blocking = dict.fromkeys(result.plan.inputs[i].declared_input.name for i in too_many)
        listed = join((labels[name] for name in blocking), "; ")
        sentences.append(_TOO_MANY_OF.format(names=listed) if blocking else _MANY)
    elif not enough:
        sentences.append(_NOTHING)
    for names in enough or ():
        if not names:
            sentences.append(_NO_MATTER)
            continue
        sentences.append(_ENOUGH.format(names=join((labels[name] for name in names), "; ")))
    for alternative in [item for item in could or () if item.inputs][:_MOST_LISTED]:
        for verdict, values in alternative.examples.items():
            facts = (
                _IS.format(name=labels[name], value=fact_text(document, name, value))
                for name, value in values.items()
            )
            sentences.append(_COULD.format(facts=join(facts, "; "), verdict=verdict.label))
    if enough is not None and could is None:
        sentences.append(_COULD_MANY)
    return join(sentences)


_MOST_LISTED: Final = 6
_SETTLED = Text(vi="Kết quả đã được xác định.", en="The verdict is already determined.")
_ENOUGH = Text(
    vi="Đủ để xác định kết quả, dù giá trị thế nào: {names}.",
    en="Sufficient to determine the verdict, whatever the values: {names}.",
)
_NO_MATTER = Text(
    vi="Kết quả không phụ thuộc vào các dữ kiện chưa biết.",
    en="The verdict is the same whatever the unknown facts are.",
)
_COULD = Text(
    vi="Chỉ riêng điều này cũng đủ: nếu {facts} thì kết quả là '{verdict}'.",
    en="Sufficient on its own: if {facts}, the verdict is '{verdict}'.",
)
_IS = Text(vi="{name}: {value}", en="{name}: {value}")
_NOTHING = Text(
    vi="Không dữ kiện nào chắc chắn đủ để xác định kết quả: có tỉ lệ không xác định hoặc ngưỡng "
    "chưa thấy trong nguồn nào.",
    en="No facts are certain to determine the verdict: a share may be undefined, or no source "
    "states a threshold.",
)
_TOO_MANY_OF = Text(
    vi="Có quá nhiều tổ hợp để xác định dữ kiện nào là đủ; vui lòng bổ sung trước: {names}.",
    en="Too many combinations to determine which facts suffice; provide these first: {names}.",
)
_MANY = Text(
    vi="Có quá nhiều tổ hợp để xác định dữ kiện nào là đủ; vui lòng bổ sung thêm dữ kiện.",
    en="Too many combinations to determine which facts suffice; provide more facts.",
)
_COULD_MANY = Text(
    vi="Có quá nhiều tổ hợp để xác định dữ kiện nào có thể tự mình đủ.",
    en="Too many combinations to determine which facts could suffice on their own.",
)
