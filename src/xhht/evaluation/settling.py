"""Which facts would settle an undetermined verdict.

There are two questions. *Knowing which facts is enough*, whatever they turn out to be? And which
facts *could* settle it alone, if they turn out well, or badly? Both are answered exactly, over all
ways in which the unknown facts may come out, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise, product
from typing import Any, Final

from attrs import field, frozen

from xhht.evaluation._sweep import State, Sweep, TooManyError, Work
from xhht.evaluation._told import fact_text, facts_of
from xhht.evaluation._ways import Box, Ground, Sets, boxes, tied
from xhht.evaluation.result import Evaluation, Verdict
from xhht.rules.inputs import InputType
from xhht.rules.plan import Interval
from xhht.text import Text

__all__ = ["CouldSettle", "Settling", "settling_of"]

_MOST_SETS = 100


@frozen(kw_only=True)
class CouldSettle:
    """Facts that would settle the verdict if they turned out so, and the rest stayed unknown.

    Attributes:
        inputs: the facts, in the order of the profile.
        examples: for each verdict that they can bring about, values that do; not shown in `repr`.
    """

    inputs: tuple[str, ...]
    examples: Mapping[Verdict, Mapping[str, Any]] = field(repr=False)


@frozen(kw_only=True)
class Settling:
    """Which facts would settle a verdict; sets that hold a smaller one are left out.

    Attributes:
        enough: the sets of facts of which knowing all is enough, whatever they say, the smallest
            first; empty where no facts are; None where it was not worked out.
        could: the sets of facts that settle it if they turn out in some way; None likewise.
        text: all this in words.
    """

    enough: tuple[tuple[str, ...], ...] | None
    could: tuple[CouldSettle, ...] | None
    text: Text


def settling_of(result: Evaluation, most: int) -> Settling:
    """Return which facts would settle the verdict of a result.

    Args:
        result: what facts came to.
        most: how many steps the search may take for each of the two questions.
    """
    if result.verdict is not Verdict.UNDETERMINED:
        return Settling(enough=((),), could=(), text=_SETTLED)
    enough: tuple[tuple[str, ...], ...] | None = None
    could: tuple[CouldSettle, ...] | None = None
    too_many: list[int] = []
    try:
        search = _Search(result, Work(most))
        enough = search.enough()
        search.work = Work(most)
        could = search.could()
    except TooManyError as fault:
        too_many = [*fault.inputs]
    return Settling(enough=enough, could=could, text=_text(result, enough, could, too_many))


@frozen
class _Part:
    """Unknown inputs that bound one another, and the boxes into which they fall."""

    inputs: frozenset[int]
    boxes: tuple[Box, ...]

    @property
    def outcomes(self) -> tuple[State, ...]:
        """What the part may come to."""
        return tuple(dict.fromkeys(box.values for box in self.boxes))


class _Search:
    def __init__(self, result: Evaluation, work: Work) -> None:
        self.work = work
        self._ground = Ground(result)
        self._plan = result.plan
        self._hull = tuple(zip(result.lows, result.highs, strict=True))
        self._awards = [level.award for level in self._plan.levels]
        waived = result.reader.waivers if result.reader else {}
        unknown = result.unknown_inputs().difference(waived)
        self._pairs = _order_of(self._plan.narrowings)
        groups = tuple(tied(self._groups(unknown)))
        sweep = Sweep(self._plan, self._hull, groups, self._awards)
        self._parts = [
            _Part(group, tuple(self._boxes(group, frontier)))
            for group, frontier in zip(groups, sweep.frontiers, strict=True)
            if frontier
        ]

    def _groups(self, unknown: frozenset[int]) -> Iterator[set[int]]:
        """Yield the unknown inputs that belong together: of one fact, or bound by one another."""
        asked: dict[str, set[int]] = {}
        for index in sorted(unknown):
            asked.setdefault(self._name(index), set()).add(index)
        yield from asked.values()
        yield from ({*pair} for pair in self._plan.narrowings if unknown.issuperset(pair))

    def _name(self, index: int) -> str:
        return self._plan.inputs[index].asked.name

    def _boxes(self, group: frozenset[int], frontier: tuple[int, ...]) -> list[Box]:
        sets = {index: self._ground.base[index] for index in sorted(group)}
        return boxes(self._ground, sets, frontier, self.work)

    def _sweep(self, parts: Sequence[_Part]) -> Sweep:
        return Sweep(self._plan, self._hull, [part.inputs for part in parts], self._awards)

    # Enough, whatever they say

    def enough(self) -> tuple[tuple[str, ...], ...]:
        """Return the smallest sets of facts of which knowing all is enough."""
        choices: list[list[frozenset[int]]] = []
        if not self._parts and _verdict(self._sweep(()).results(())) is Verdict.UNDETERMINED:
            return ()
        for part in self._parts:
            classes = self._classes(part)
            if classes is None:
                return ()
            if len(set(classes.values())) > 1:
                choices.append(list(self._within(part, classes)))
        found: list[frozenset[int]] = []
        for chosen in product(*choices):
            found.append(frozenset[int]().union(*chosen))
            if len(found) > _MOST_SETS:
                raise TooManyError
        return tuple(sorted(map(self._names, found), key=lambda names: (len(names), names)))

    def _classes(self, part: _Part) -> dict[State, object] | None:
        """Return, for each outcome of a part, what then hangs on the others; None if nothing can.

        Two outcomes are of one class when the verdict is the same whatever the others come to.
        """
        parts = [part, *(other for other in self._parts if other is not part)]
        sweep = self._sweep(parts)
        names: dict[object, int] = {}
        known: list[dict[State, object]] = [{} for _ in range(len(parts) + 1)]

        def hangs(at: int, state: State) -> object:
            found = known[at].get(state)
            if found is None:
                if at == len(parts):
                    found = _verdict(sweep.results(state))
                else:
                    self.work.spend(len(parts[at].outcomes))
                    below = tuple(
                        hangs(at + 1, sweep.step(at, state, each)) for each in parts[at].outcomes
                    )
                    alike = len(set(below)) == 1
                    found = below[0] if alike else names.setdefault((at, below), len(names))
                known[at][state] = found
            return found

        self.work.spend(len(part.outcomes))
        classes = {each: hangs(1, sweep.step(0, sweep.start, each)) for each in part.outcomes}
        return None if Verdict.UNDETERMINED in known[-1].values() else classes

    def _within(self, part: _Part, classes: Mapping[State, object]) -> Iterator[frozenset[int]]:
        """Yield the smallest sets of a part's facts that tell its classes apart."""
        facts = self._facts(part.inputs)
        found: list[frozenset[int]] = []
        for size in range(1, len(facts) + 1):
            for chosen in combinations(facts, size):
                inputs = frozenset[int]().union(*chosen)
                if any(smaller <= inputs for smaller in found):
                    continue
                if self._tell_apart(part, classes, inputs):
                    found.append(inputs)
                    yield inputs

    def _tell_apart(
        self, part: _Part, classes: Mapping[State, object], inputs: frozenset[int]
    ) -> bool:
        for first, second in combinations(part.boxes, 2):
            self.work.spend()
            if classes[first.values] != classes[second.values]:
                both = {index: self._common(index, first, second) for index in inputs}
                if self._is_possible(both):
                    return False
        return True

    def _common(self, index: int, first: Box, second: Box) -> Interval:
        (low, high), (least, most) = first.sets[index], second.sets[index]
        if self._plan.inputs[index].kind is InputType.CHOICE:
            return 0, high & most
        return max(low, least), min(high, most)

    def _is_possible(self, sets: Sets) -> bool:
        """Return whether some inputs have values in these sets that keep to their bounds."""
        if any(
            high < low or (not high and self._plan.inputs[index].kind is InputType.CHOICE)
            for index, (low, high) in sets.items()
        ):
            return False
        # The least values, each raised to what it bounds, keep to all bounds if any do.
        return all(
            sets[smaller][0] <= sets[larger][1]
            for smaller, larger in self._pairs
            if smaller in sets and larger in sets
        )

    def _facts(self, inputs: Iterable[int]) -> list[frozenset[int]]:
        asked: dict[str, set[int]] = {}
        for index in sorted(inputs):
            asked.setdefault(self._name(index), set()).add(index)
        return [frozenset(indices) for indices in asked.values()]

    def _names(self, inputs: Iterable[int]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._name(index) for index in sorted(inputs)))

    # Could be enough

    def could(self) -> tuple[CouldSettle, ...]:
        """Return the smallest sets of facts that settle the verdict if they turn out somehow."""
        facts = self._facts(index for part in self._parts for index in part.inputs)
        sweep = self._sweep(self._parts)
        sets: list[frozenset[int]] = []
        found: list[CouldSettle] = []
        for size in range(len(facts) + 1):
            for chosen in combinations(facts, size):
                inputs = frozenset[int]().union(*chosen)
                if any(smaller <= inputs for smaller in sets):
                    continue
                examples = self._settled_by(inputs, sweep)
                if examples:
                    sets.append(inputs)
                    found.append(CouldSettle(inputs=self._names(inputs), examples=examples))
        return tuple(found)

    def _settled_by(self, inputs: frozenset[int], sweep: Sweep) -> dict[Verdict, Mapping[str, Any]]:
        """Return, for each verdict, values of some inputs by which it is certain."""
        reached: dict[frozenset[State], Sets] = {frozenset({sweep.start}): {}}
        for at, part in enumerate(self._parts):
            chosen = self._cells(part, inputs & part.inputs)
            after: dict[frozenset[State], Sets] = {}
            for states, values in reached.items():
                for outcomes, cell in chosen.items():
                    self.work.spend(len(states) * len(outcomes))
                    step = frozenset(sweep.step(at, s, each) for s in states for each in outcomes)
                    after.setdefault(step, {**values, **cell})
            reached = after
        examples: dict[Verdict, Mapping[str, Any]] = {}
        for states, values in reached.items():
            verdicts = {_verdict(sweep.results(state)) for state in states}
            if len(verdicts) == 1 and Verdict.UNDETERMINED not in verdicts:
                examples.setdefault(min(verdicts), facts_of(self._plan.inputs, values))
        return examples

    def _cells(self, part: _Part, inputs: frozenset[int]) -> dict[frozenset[State], Sets]:
        """Return what a part may come to, by what some of its inputs are; values as an example."""
        found: dict[frozenset[State], Sets] = {}
        ordered = sorted(inputs)
        for cell in product(*(self._cuts(part, index) for index in ordered)):
            sets = dict(zip(ordered, cell, strict=True))
            self.work.spend(len(part.boxes))
            if not self._is_possible(sets):
                continue
            outcomes = frozenset(box.values for box in part.boxes if self._holds(box, sets))
            if outcomes:
                found.setdefault(outcomes, self._least(sets))
        return found

    def _cuts(self, part: _Part, index: int) -> list[Interval]:
        """Return the pieces into which the boxes of a part cut an input."""
        ends = [box.sets[index] for box in part.boxes]
        if self._plan.inputs[index].kind is InputType.CHOICE:
            whole = max(high for _, high in ends).bit_length()
            return [(0, 1 << at) for at in range(whole) if any(high >> at & 1 for _, high in ends)]
        starts = sorted({low for low, _ in ends} | {high + 1 for _, high in ends})
        return [(low, high - 1) for low, high in pairwise(starts)]

    def _holds(self, box: Box, sets: Sets) -> bool:
        for index, (low, high) in sets.items():
            least, most = box.sets[index]
            if self._plan.inputs[index].kind is InputType.CHOICE:
                if not high & most:
                    return False
            elif low < least or high > most:
                return False
        return True

    def _least(self, sets: Sets) -> Sets:
        """Return the least values in some sets that keep to the bounds."""
        lows = {index: low for index, (low, _) in sets.items()}
        for smaller, larger in self._pairs:
            if smaller in lows and larger in lows:
                lows[larger] = max(lows[larger], lows[smaller])
        choice = InputType.CHOICE
        return {
            index: ends if self._plan.inputs[index].kind is choice else (lows[index], lows[index])
            for index, ends in sets.items()
        }


def _order_of(narrowings: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return all pairs of inputs of which the first never exceeds the second, chains included."""
    above = dict(narrowings)
    found = []
    for smaller, larger in above.items():
        each: int | None = larger
        while each is not None:
            found.append((smaller, each))
            each = above.get(each)
    return tuple(found)


def _verdict(awards: State) -> Verdict:
    if any(low for low, _ in awards):
        return Verdict.RECOGNISED
    return Verdict.UNDETERMINED if any(high for _, high in awards) else Verdict.NOT_RECOGNISED


# Words


def _text(
    result: Evaluation,
    enough: tuple[tuple[str, ...], ...] | None,
    could: tuple[CouldSettle, ...] | None,
    too_many: Sequence[int],
) -> Text:
    labels = {name: entry.label for name, entry in result.profile.document.inputs.items()}
    said = []
    if enough is None:
        first = dict.fromkeys(result.plan.inputs[index].asked.name for index in too_many)
        said.append(_TOO_MANY_OF.format(names=_and(labels[n] for n in first)) if first else _MANY)
    elif not enough:
        said.append(_NOTHING)
    for names in enough or ():
        if not names:
            said.append(_NO_MATTER)
            continue
        said.append(_ENOUGH.format(names=_and(labels[name] for name in names)))
    for one in [each for each in could or () if each.inputs][:_MOST_SAID]:
        for verdict, values in one.examples.items():
            shown = _and(
                _IS.format(name=labels[name], value=fact_text(value))
                for name, value in values.items()
            )
            said.append(_COULD.format(facts=shown, verdict=verdict.label))
    if enough is not None and could is None:
        said.append(_COULD_MANY)
    return Text(vi=" ".join(t.vi for t in said), en=" ".join(t.en for t in said))


def _and(texts: Iterable[Text]) -> Text:
    listed = list(texts)
    return Text(vi="; ".join(t.vi for t in listed), en="; ".join(t.en for t in listed))


_MOST_SAID: Final = 6
_SETTLED = Text(vi="Kết quả đã xác định.", en="The verdict is settled.")
_ENOUGH = Text(
    vi="Chỉ cần biết thêm, dù kết quả thế nào: {names}.",
    en="Enough to know, whatever it says: {names}.",
)
_NO_MATTER = Text(
    vi="Các dữ kiện chưa biết có ra sao thì kết quả cuối cùng cũng như nhau.",
    en="However the unknown facts turn out, the verdict comes to the same.",
)
_COULD = Text(
    vi="Riêng điều này cũng đủ: nếu {facts} thì kết quả là '{verdict}'.",
    en="This alone would do: if {facts}, the verdict is '{verdict}'.",
)
_IS = Text(vi="{name} = {value}", en="{name} = {value}")
_NOTHING = Text(
    vi="Không dữ kiện nào chắc chắn đủ để xác định: có tỉ lệ không xác định hoặc ngưỡng chưa thấy "
    "trong nguồn nào.",
    en="No facts are sure to settle it: a share may be undefined, or no source shows a mark.",
)
_TOO_MANY_OF = Text(
    vi="Chưa tính được dữ kiện nào là đủ vì có quá nhiều khả năng; hãy cho biết trước: {names}.",
    en="Which facts are enough was not worked out: there are too many ways; first tell: {names}.",
)
_MANY = Text(
    vi="Chưa tính được dữ kiện nào là đủ vì có quá nhiều khả năng; hãy bổ sung thêm dữ kiện.",
    en="Which facts are enough was not worked out: there are too many ways; tell more facts.",
)
_COULD_MANY = Text(
    vi="Những dữ kiện có thể tự mình đủ thì chưa tính được vì có quá nhiều khả năng.",
    en="Which facts alone could settle it was not worked out: there are too many ways.",
)
