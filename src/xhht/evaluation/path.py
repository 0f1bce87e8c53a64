"""The cheapest way up: which facts to change so that a level is reached for certain.

Facts that belong together, as they bound one another or are read by one indicator, are one part.
The ways of a part are found by cutting the domains of its facts (`boxes`), the cheapest ways of
all parts together by a dynamic programme over what a plan comes to (`Sweep`). So the search is
exact, whatever a profile combines, caps, floors or shares; or it says that there are too many ways.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Final, TypeAlias

from attrs import field, frozen

from xhht.errors import FactsError
from xhht.evaluation._path_text import Steps, impossible
from xhht.evaluation._sweep import State, Sweep, TooManyError, Work
from xhht.evaluation._told import after_facts
from xhht.evaluation._ways import Box, Ground, Sets, boxes, tied
from xhht.evaluation.path_result import Path, PathState
from xhht.evaluation.result import Evaluation
from xhht.exact import exact
from xhht.rules import expressions as ex
from xhht.rules.inputs import InputType
from xhht.rules.lowering import expressions_of
from xhht.rules.model import Rules
from xhht.rules.plan import NodePlan
from xhht.text import Text, suggestion

__all__ = ["Cost", "PerPoint", "circumstances", "path_of"]


def _cost(value: int | str | float | Decimal | Fraction) -> Fraction:
    found = exact(value)
    if found < 0:
        raise FactsError(_BELOW_ZERO, code="bad_cost", field=None)
    return found


@frozen
class PerPoint:
    """What each point that an indicator gains costs."""

    cost: Fraction = field(converter=_cost)


Cost: TypeAlias = int | str | float | Decimal | Fraction | PerPoint
"""What changing an input, or raising an indicator, costs; 0 or more."""

_Rank: TypeAlias = tuple[Fraction, int, int, int]
"""Cost, points gained, facts changed, and how far numbers move: what is least, in this order."""

_NOTHING: Final[_Rank] = (Fraction(0), 0, 0, 0)
_MOST_UNKNOWN: Final = 6


def circumstances(rules: Rules) -> frozenset[str]:
    """Return the inputs that tell of circumstances, which no improvement changes.

    They are those that decide what applies or which of two marks counts, those that others are
    out of (`at_most`, or the denominator of a share), and the days on which levels were awarded.
    """
    trees: list[object] = [rule.when for rule in rules.levels]
    names: set[str] = {rule.requires.since for rule in rules.levels if rule.requires}
    for node in rules.nodes():
        trees += expressions_of(node)
        if node.applies is not None:
            names.update(ex.input_names(node.applies.when))
    choices = (ex.NumberIf, ex.TruthIf)
    for tree in trees:
        found = (each.condition for each in ex.walk(tree) if isinstance(each, choices))
        names.update(ex.input_names(*found))
    for share in ex.shares_in(*trees):
        of_members = {i.name for i in rules.inputs if i.part_of is not None}
        names.update(set(ex.input_names(share.denominator)) - of_members)
    names.update(i.at_most for i in rules.inputs if i.at_most is not None)
    asked = {i.name: i.asked.name for i in rules.inputs}
    return frozenset(asked[name] for name in names)


def path_of(
    result: Evaluation,
    level: str,
    costs: Mapping[str, Cost] | None,
    fixed: Collection[str] | None,
    most: int,
) -> Path:
    """Return the cheapest way to a level; see `Evaluation.path_to`."""
    at = [entry.id for entry in result.plan.levels].index(level)
    prices = _Prices(result, costs or {})
    kept = circumstances(result.profile.rules) if fixed is None else frozenset(fixed)
    _check_names(kept, {declared.asked.name for declared in result.plan.inputs})
    search = _Search(result, at, prices, kept, Work(most))
    try:
        changed = search.cheapest()
    except TooManyError as fault:
        names = dict.fromkeys(result.plan.inputs[i].asked.name for i in fault.inputs)
        return _unfound(result, level, PathState.NOT_WORKED_OUT, search.too_many(tuple(names)))
    if changed is None:
        return _unfound(result, level, PathState.UNREACHABLE, search.why_not())
    rank, sets = changed
    facts = after_facts(result, search.ground.base, sets)
    steps = Steps(result, search.ground.base, sets, facts).all()
    state = PathState.FOUND if sets else PathState.REACHED
    return Path(
        result=result, level=level, state=state, steps=steps, cost=rank[0], facts=facts, reason=None
    )


def _unfound(result: Evaluation, level: str, state: PathState, reason: Text) -> Path:
    return Path(
        result=result, level=level, state=state, steps=(), cost=None, facts=None, reason=reason
    )


def _check_names(names: Collection[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            likely = suggestion(name, known)
            text = (_UNKNOWN_LIKELY if likely else _UNKNOWN).format(name=name, likely=likely)
            raise FactsError(text, code="unknown_key", field=name)


class _Prices:
    """What changes cost: 1 for each fact, unless its input or its indicator has another price."""

    def __init__(self, result: Evaluation, costs: Mapping[str, Cost]) -> None:
        plan = result.plan
        leaves = {node.id: node for node in plan.nodes if node.is_leaf}
        inputs = {declared.asked.name for declared in plan.inputs}
        _check_names(costs, [*leaves, *inputs])
        self.raising: list[tuple[NodePlan, int, Fraction | PerPoint]] = []
        self._facts: dict[str, Fraction] = {}
        priced: dict[str, Fraction] = {}
        for name, cost in costs.items():
            price = cost if isinstance(cost, PerPoint) else _cost(cost)
            if name in leaves:
                node = leaves[name]
                self.raising.append((node, result.lows[node.judged], price))
                paid = (plan.inputs[index].asked.name for index in node.inputs)
                self._facts.update(dict.fromkeys(paid, Fraction(0)))
            elif isinstance(price, PerPoint):
                raise FactsError(_NOT_PER_POINT.format(name=name), code="bad_cost", field=name)
            else:
                priced[name] = price
        self._facts.update(priced)
        self._step = plan.grid.number(1)

    def of_fact(self, name: str) -> Fraction:
        """Return what changing a fact costs."""
        return self._facts.get(name, Fraction(1))

    def of_raising(self, node: NodePlan, before: int, after: int) -> Fraction:
        """Return what raising an indicator costs, in steps of the grid."""
        gained = after - before
        if gained <= 0:
            return Fraction(0)
        prices = (price for priced, _, price in self.raising if priced is node)
        price = next(prices, Fraction(0))
        return price.cost * gained * self._step if isinstance(price, PerPoint) else price


@frozen
class _Part:
    """Facts that belong together, and the cheapest way to each of their outcomes."""

    inputs: frozenset[int]
    ways: Mapping[State, tuple[_Rank, Sets]]


class _Search:
    def __init__(
        self, result: Evaluation, level: int, prices: _Prices, kept: Collection[str], work: Work
    ) -> None:
        self.ground = Ground(result)
        self._result, self._prices, self._work = result, prices, work
        self._plan = plan = result.plan
        self._level = level
        self._awards = [each.award for each in plan.levels[: level + 1]]
        waived = result.reader.waivers if result.reader else {}
        self._free = frozenset(
            index
            for index, declared in enumerate(plan.inputs)
            if declared.asked.name not in kept and index not in waived
        )
        self._members = dict(self._known_members())
        self.hull = self.ground.hull(self._free)
        self._leaves = [node for node in plan.nodes if node.is_leaf and not node.waived]

    def _known_members(self) -> Iterator[tuple[int, tuple[int, int]]]:
        """Yield, for each known share of members, those who hold, the others, and how many all are.

        How many members there are is a circumstance: whoever comes to hold leaves the others.
        """
        places = {declared.name: index for index, declared in enumerate(self._plan.inputs)}
        for held in sorted(self._free):
            declared = self._plan.inputs[held]
            if declared.part_of is not None and declared.name.endswith(".held"):
                others = places[f"{declared.asked.name}.others"]
                if not self.ground.is_open(held) and not self.ground.is_open(others):
                    yield held, (others, self.ground.base[held][0] + self.ground.base[others][0])

    def _follow(self, sets: Sets) -> Sets:
        """Return some sets with those of the members who do not hold what is asked."""
        found = dict(sets)
        for held, (others, whole) in self._members.items():
            if held in sets:
                low, high = sets[held]
                found[others] = whole - high, whole - low
        return found

    def cheapest(self) -> tuple[_Rank, Sets] | None:
        """Return the least rank, and what to set; None where nothing reaches the level."""
        if any(self._result.lows[award] for award in self._awards):
            return _NOTHING, {}
        if not any(self.hull[award][1] for award in self._awards):
            return None
        parts = self._parts()
        sweep = Sweep(self._plan, self.hull, [part.inputs for part in parts], self._awards)
        reached: dict[State, tuple[_Rank, _Chain]] = {sweep.start: (_NOTHING, None)}
        for at, part in enumerate(parts):
            after: dict[State, tuple[_Rank, _Chain]] = {}
            for state, (rank, chain) in reached.items():
                self._work.spend(len(part.ways))
                for outcome, (more, sets) in part.ways.items():
                    total = _added(rank, more)
                    next_state = sweep.step(at, state, outcome)
                    held = after.get(next_state)
                    if held is None or total < held[0]:
                        after[next_state] = total, (chain, sets)
            # What can no longer reach the level need not be followed.
            reached = {
                state: way
                for state, way in after.items()
                if any(high for _, high in sweep.outlook(at + 1, state))
            }
        found = [
            way for state, way in reached.items() if any(low for low, _ in sweep.results(state))
        ]
        if not found:
            return None
        rank, chain = min(found, key=lambda way: way[0])
        return rank, _joined(chain)

    def _parts(self) -> list[_Part]:
        groups = [group for group in tied(self._groups()) if group & self._free]
        sweep = Sweep(self._plan, self.hull, groups, self._awards)
        return [
            _Part(group, self._counted(group, frontier))
            for group, frontier in zip(groups, sweep.frontiers, strict=True)
            if frontier
        ]

    def _counted(
        self, group: frozenset[int], frontier: tuple[int, ...]
    ) -> dict[State, tuple[_Rank, Sets]]:
        """Return the ways of a part; where they are too many, all its open facts are named."""
        try:
            return self._ways(group, frontier)
        except TooManyError as fault:
            opened = list(filter(self.ground.is_open, sorted(group)))
            raise TooManyError(opened if fault.inputs else ()) from None

    def _groups(self) -> Iterator[set[int]]:
        moving = self._free.union(filter(self.ground.is_open, range(len(self._plan.inputs))))
        asked: dict[str, set[int]] = {}
        for index in sorted(moving):
            asked.setdefault(self._name(index), set()).add(index)
        yield from asked.values()
        yield from ({*moving.intersection(node.inputs)} for node in self._leaves)
        yield from ({*pair} for pair in self._plan.narrowings if moving.issuperset(pair))

    def _name(self, index: int) -> str:
        return self._plan.inputs[index].asked.name

    # The ways of one part

    def _ways(
        self, group: frozenset[int], frontier: tuple[int, ...]
    ) -> dict[State, tuple[_Rank, Sets]]:
        """Return the cheapest way to each outcome of some inputs.

        A fact that is not known may stay so, or turn out as it must ("show that …").
        """
        free = sorted(group & self._free)
        others = {index for index, _ in self._members.values()}
        known = [i for i in free if not self.ground.is_open(i) and i not in others]
        unknown: dict[str, list[int]] = {}
        for index in free:
            if self.ground.is_open(index):
                unknown.setdefault(self._name(index), []).append(index)
        if len(unknown) > _MOST_UNKNOWN:
            raise TooManyError(filter(self.ground.is_open, sorted(group)))
        nodes = [node for node in self._leaves if not group.isdisjoint(node.inputs)]
        watched = (*frontier, *(node.judged for node in nodes))
        found: dict[State, tuple[_Rank, Sets]] = {}
        for size in range(len(unknown) + 1):
            for shown in combinations(unknown.values(), size):
                cut = [*known, *(index for indices in shown for index in indices)]
                domains = {index: self._domain(index) for index in cut}
                for box in boxes(self.ground, domains, watched, self._work, self._follow):
                    outcome, judged = box.values[: len(frontier)], box.values[len(frontier) :]
                    way = self._way(box, nodes, judged)
                    if outcome not in found or way[0] < found[outcome][0]:
                        found[outcome] = way
        return found

    def _domain(self, index: int) -> tuple[int, int]:
        """Return what a fact may become."""
        if index in self._members:
            return 0, self._members[index][1]
        return self._plan.inputs[index].domain

    def _way(self, box: Box, nodes: list[NodePlan], judged: State) -> tuple[_Rank, Sets]:
        """Return the cheapest values within a box: what may stay as it is stays."""
        sets: Sets = {}
        moved = 0
        for index, ends in box.sets.items():
            value, distance = self._nearest(index, ends)
            if self.ground.is_open(index) or value != self.ground.base[index]:
                sets[index] = value
                moved += distance
        sets = self._follow(sets)
        changed = {*map(self._name, sets)}
        cost = sum((self._prices.of_fact(name) for name in changed), Fraction(0))
        gained = 0
        for node, (after, _) in zip(nodes, judged, strict=True):
            before = self._result.lows[node.judged]
            cost += self._prices.of_raising(node, before, after)
            gained += max(0, after - before)
        return (cost, gained, len(changed), moved), sets

    def _nearest(self, index: int, ends: tuple[int, int]) -> tuple[tuple[int, int], int]:
        """Return the value in a set that is nearest to what an input is, and how far it is."""
        low, high = ends
        now = self._result.input_lows[index], self._result.input_highs[index]
        if self._plan.inputs[index].kind is InputType.CHOICE:
            same = high & now[1]
            bit = (same & -same) or (high & -high)
            return (0, bit), 0
        value = min(max(now[0], low), high)
        return (value, value), abs(value - now[0])

    # Why there is no path

    def why_not(self) -> Text:
        """Return why no change of facts reaches the level."""
        return impossible(self._result, self._level, self.hull, self._free)

    def too_many(self, names: tuple[str, ...]) -> Text:
        """Return that there are more ways than were tried."""
        if not names:
            return _MANY
        labels = [self._result.profile.document.inputs[name].label for name in names]
        vi, en = "; ".join(t.vi for t in labels), "; ".join(t.en for t in labels)
        return _MANY_OF.format(names=Text(vi=vi, en=en))


_Chain: TypeAlias = "tuple[_Chain, Sets] | None"


def _joined(chain: _Chain) -> Sets:
    sets: Sets = {}
    while chain is not None:
        chain, more = chain
        sets.update(more)
    return dict(sorted(sets.items()))


def _added(first: _Rank, second: _Rank) -> _Rank:
    cost = first[0] + second[0] if second[0] else first[0]
    return cost, first[1] + second[1], first[2] + second[2], first[3] + second[3]


_BELOW_ZERO = Text(vi="Chi phí phải từ 0 trở lên.", en="A cost must be 0 or more.")
_NOT_PER_POINT = Text(
    vi="'{name}' là dữ kiện; chi phí theo điểm chỉ dùng cho chỉ số.",
    en="'{name}' is a fact; a cost for each point goes with indicators only.",
)
_UNKNOWN = Text(
    vi="Bộ tiêu chí không có dữ kiện hay chỉ số '{name}'.",
    en="The profile has no input or indicator '{name}'.",
)
_UNKNOWN_LIKELY = Text(
    vi="Bộ tiêu chí không có dữ kiện hay chỉ số '{name}'; có phải ý bạn là '{likely}'?",
    en="The profile has no input or indicator '{name}'; did you mean '{likely}'?",
)
_MANY = Text(
    vi="Chưa tính được: có quá nhiều khả năng; hãy bổ sung dữ kiện hoặc giữ cố định một số.",
    en="Not worked out: there are too many ways; tell more facts, or keep some as they are.",
)
_MANY_OF = Text(
    vi="Chưa tính được: có quá nhiều khả năng; hãy cho biết trước, hoặc giữ cố định: {names}.",
    en="Not worked out: there are too many ways; first tell, or keep as they are: {names}.",
)
