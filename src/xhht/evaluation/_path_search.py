"""The cheapest path: which facts to change so that a level is certainly reached.

Facts that bound one another, or that one indicator reads, form a connected component. The
outcomes of a component are found by box partitioning (`partition`), the cheapest combination of all
components by dynamic programming with variable elimination and branch and bound (`Elimination`). So
the search is exact for all rules of a profile, or it reports that there are too many combinations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any, Final, TypeAlias

from attrs import frozen

from xhht.criteria.document import ProfileDocument, Year
from xhht.criteria.profile import Profile
from xhht.errors import FactsError
from xhht.evaluation._elimination import (
    Budget,
    BudgetExceededError,
    Elimination,
    FrontierState,
    relevant_inputs,
)
from xhht.evaluation._partition import (
    Box,
    InputSets,
    SearchContext,
    connected_components,
    partition,
)
from xhht.evaluation.fact_io import fact_text, facts_after_changes, facts_from_intervals
from xhht.evaluation.gaps import required_text
from xhht.evaluation.path import Cost, FactChange, Path, PathState, PathStep, PerPoint, exact_cost
from xhht.evaluation.prerequisites import waiting_text
from xhht.evaluation.state import EvaluationState
from xhht.evaluation.wording import current_wording
from xhht.numbers import decimal_label
from xhht.rules import expressions as ex
from xhht.rules.inputs import InputType
from xhht.rules.model import Rules, applicability_of, expressions_of, factor_conditions
from xhht.rules.plan import Interval, NodePlan
from xhht.rules.sentences import capitalized
from xhht.text import Text, join, suggestion

_Rank: TypeAlias = tuple[Fraction, int, int, int]
"""Cost, points gained, facts changed, distance moved; compared in this order."""

_ZERO_RANK: Final[_Rank] = (Fraction(0), 0, 0, 0)
_MOST_UNKNOWN: Final = 6


def circumstance_inputs(profile: Profile) -> frozenset[str]:
    """Return the inputs that describe circumstances, which no improvement changes.

    They decide which criteria apply, or which of two thresholds or of several factors counts, are
    the denominator of a share or an upper bound (`at_most`) that no indicator judges, are figures
    of the year before, or say which levels are held and since which days.
    """
    rules, entries = profile.rules, profile.document.inputs.items()
    past = (name for name, entry in entries if entry.year is Year.PREVIOUS)
    trees: list[object] = [rule.when for rule in rules.levels]
    names: set[str] = {
        name for rule in rules.levels if rule.requires for name in rule.requires.inputs()
    }
    for node in rules.nodes():
        trees += expressions_of(node)
        names.update(ex.input_names(*applicability_of(node), *factor_conditions(node)))
    choices = (ex.NumberIf, ex.TruthIf)
    for tree in trees:
        conditions = (
            expression.condition for expression in ex.walk(tree) if isinstance(expression, choices)
        )
        names.update(ex.input_names(*conditions))
    for share in ex.shares_in(*trees):
        of_members = {declared.name for declared in rules.inputs if declared.part_of is not None}
        names.update(set(ex.input_names(share.denominator)) - of_members)
    bounds = {declared.at_most for declared in rules.inputs if declared.at_most is not None}
    names.update(bounds - _judged_inputs(rules))
    name_of = {declared.name: declared.declared_input.name for declared in rules.inputs}
    return frozenset(name_of[name] for name in names).union(past)


def _judged_inputs(rules: Rules) -> set[str]:
    """Return the inputs that scorings read other than as the denominator of a share."""
    judged: set[str] = set()
    for node in rules.nodes():
        for tree in expressions_of(node):
            reads = _reads_of(tree)
            for share in ex.shares_in(tree):
                reads -= _reads_of(share.denominator)
            judged.update(reads)
    return judged


def _reads_of(tree: object) -> Counter[str]:
    """Return how often an expression reads each number."""
    return Counter(one.name for one in ex.walk(tree) if isinstance(one, ex.NumberInput))


def find_path(
    result: EvaluationState,
    level: str,
    costs: Mapping[str, Cost] | None,
    fixed: Collection[str] | None,
    max_steps: int,
) -> Path:
    """Return the cheapest path to a level; see `Evaluation.path_to`."""
    level_index = [entry.id for entry in result.plan.levels].index(level)
    prices = _Prices(result, costs or {})
    fixed_names = circumstance_inputs(result.profile) if fixed is None else frozenset(fixed)
    _check_names(fixed_names, {declared.declared_input.name for declared in result.plan.inputs})
    search = _Search(result, level_index, prices, fixed_names, Budget(max_steps))
    try:
        optimum = search.cheapest()
    except BudgetExceededError as error:
        names = dict.fromkeys(result.plan.inputs[i].declared_input.name for i in error.inputs)
        return _failed(result, level, PathState.NOT_WORKED_OUT, search.too_many(tuple(names)))
    if optimum is None:
        return _failed(result, level, PathState.UNREACHABLE, search.why_not())
    rank, sets = optimum
    facts = facts_after_changes(result, search.ground.given_sets, sets)
    steps = _StepBuilder(search.ground, sets).all()
    state = PathState.FOUND if sets else PathState.REACHED
    return Path(
        result=result, level=level, state=state, steps=steps, cost=rank[0], facts=facts, reason=None
    )


def _failed(result: EvaluationState, level: str, state: PathState, reason: Text) -> Path:
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
    """The costs of changes: 1 for each fact, unless its input or indicator has a cost."""

    def __init__(self, result: EvaluationState, costs: Mapping[str, Cost]) -> None:
        plan = result.plan
        leaves = {node.id: node for node in plan.nodes if node.is_leaf}
        inputs = {declared.declared_input.name for declared in plan.inputs}
        _check_names(costs, [*leaves, *inputs])
        self.raising: list[tuple[NodePlan, int, Fraction | PerPoint]] = []
        self._input_costs: dict[str, Fraction] = {}
        input_costs: dict[str, Fraction] = {}
        for name, cost in costs.items():
            price = cost if isinstance(cost, PerPoint) else exact_cost(cost)
            if name in leaves:
                node = leaves[name]
                self.raising.append((node, result.lows[node.own_points], price))
                input_names = (plan.inputs[index].declared_input.name for index in node.inputs)
                self._input_costs.update(dict.fromkeys(input_names, Fraction(0)))
            elif isinstance(price, PerPoint):
                raise FactsError(_NOT_PER_POINT.format(name=name), code="bad_cost", field=name)
            else:
                input_costs[name] = price
        self._input_costs.update(input_costs)
        self._step = plan.grid.number(1)

    def of_fact(self, name: str) -> Fraction:
        """Return the cost of changing a fact."""
        return self._input_costs.get(name, Fraction(1))

    def of_raising(self, node: NodePlan, before: int, after: int) -> Fraction:
        """Return the cost of raising an indicator between points in steps of the grid."""
        points_gained = after - before
        if points_gained <= 0:
            return Fraction(0)
        prices = (price for priced_node, _, price in self.raising if priced_node is node)
        price = next(prices, Fraction(0))
        return price.cost * points_gained * self._step if isinstance(price, PerPoint) else price


@frozen
class _Component:
    """A connected component of facts, with the cheapest change for each outcome."""

    inputs: frozenset[int]
    cheapest: Mapping[FrontierState, tuple[_Rank, InputSets]]


class _Search:
    def __init__(
        self,
        result: EvaluationState,
        level_index: int,
        prices: _Prices,
        fixed_names: Collection[str],
        budget: Budget,
    ) -> None:
        self.ground = SearchContext(result)
        self._result, self._prices, self._budget = result, prices, budget
        self._plan = plan = result.plan
        self._level_index = level_index
        self._awards = [level_plan.award for level_plan in plan.levels[: level_index + 1]]
        waived = result.reader.waivers if result.reader else {}
        self._changeable = frozenset(
            index
            for index, declared in enumerate(plan.inputs)
            if declared.declared_input.name not in fixed_names and index not in waived
        )
        self._members = dict(self._known_members())
        self.hull = self.ground.hull(self._changeable)
        self._relevant = self._relevant_inputs()
        self._changeable &= self._relevant
        self._leaves = [node for node in plan.nodes if node.is_leaf and not node.waived]

    def _relevant_inputs(self) -> frozenset[int]:
        """Return the inputs that can affect the level, with those of one fact or that bound them.

        What circumstances rule out, such as the learners of a unit without any, is no part of the
        search.
        """
        relevant = relevant_inputs(self._plan, self.hull, self._awards)
        inputs = range(len(self._plan.inputs))
        together = (*self.ground.by_fact(inputs), *map(frozenset, self._plan.bound_pairs))
        linked = (group for group in connected_components(together) if group & relevant)
        return relevant.union(*linked)

    def _known_members(self) -> Iterator[tuple[int, tuple[int, int]]]:
        """Yield, for each known share of members, both inputs and the number of members.

        The number of members is a circumstance: more holders means fewer others.
        """
        index_of = {declared.name: index for index, declared in enumerate(self._plan.inputs)}
        for holders in sorted(self._changeable):
            declared = self._plan.inputs[holders]
            if declared.part_of is not None and declared.name.endswith(".held"):
                others = index_of[f"{declared.declared_input.name}.others"]
                if not self.ground.is_open(holders) and not self.ground.is_open(others):
                    yield (
                        holders,
                        (
                            others,
                            self.ground.given_sets[holders][0] + self.ground.given_sets[others][0],
                        ),
                    )

    def _propagate(self, sets: InputSets) -> InputSets:
        """Return sets with the derived sets of the members who do not meet a requirement."""
        propagated = dict(sets)
        for holders, (others, total) in self._members.items():
            if holders in sets:
                lower, upper = sets[holders]
                propagated[others] = total - upper, total - lower
        return propagated

    def cheapest(self) -> tuple[_Rank, InputSets] | None:
        """Return the lowest rank and the inputs to set; None if the level is unreachable."""
        if any(self._result.lows[award] for award in self._awards):
            return _ZERO_RANK, {}
        if not any(self.hull[award][1] for award in self._awards):
            return None
        components = self._components()
        sweep = Elimination(self._plan, self.hull, [c.inputs for c in components], self._awards)
        states: dict[FrontierState, tuple[_Rank, _Chain]] = {sweep.start: (_ZERO_RANK, None)}
        for part_index, part in enumerate(components):
            next_states: dict[FrontierState, tuple[_Rank, _Chain]] = {}
            for state, (rank_so_far, chain) in states.items():
                self._budget.spend(len(part.cheapest))
                for outcome, (step_rank, sets) in part.cheapest.items():
                    rank_after = _add_ranks(rank_so_far, step_rank)
                    next_state = sweep.step(part_index, state, outcome)
                    best = next_states.get(next_state)
                    if best is None or rank_after < best[0]:
                        next_states[next_state] = rank_after, (chain, sets)
            # Branch and bound: drop states that can no longer reach the level.
            states = {
                state: candidate
                for state, candidate in next_states.items()
                if any(upper for _, upper in sweep.bound(part_index + 1, state))
            }
        solutions = [
            candidate
            for state, candidate in states.items()
            if any(lower for lower, _ in sweep.results(state))
        ]
        if not solutions:
            return None
        rank, chain = min(solutions, key=lambda candidate: candidate[0])
        return rank, _flatten(chain)

    def _components(self) -> list[_Component]:
        groups = [g for g in connected_components(self._groups()) if g & self._changeable]
        sweep = Elimination(self._plan, self.hull, groups, self._awards)
        return [
            _Component(group, self._bounded_search(group, frontier))
            for group, frontier in zip(groups, sweep.frontiers, strict=True)
            if frontier
        ]

    def _bounded_search(
        self, group: frozenset[int], frontier: tuple[int, ...]
    ) -> dict[FrontierState, tuple[_Rank, InputSets]]:
        """Return the outcomes of a component; if too many, the error names its open facts."""
        try:
            return self._cheapest_by_outcome(group, frontier)
        except BudgetExceededError as error:
            unknown_inputs = list(filter(self.ground.is_open, sorted(group)))
            raise BudgetExceededError(unknown_inputs if error.inputs else ()) from None

    def _groups(self) -> Iterator[frozenset[int]]:
        free = self._changeable.union(filter(self.ground.is_open, self._relevant))
        yield from self.ground.by_fact(free)
        yield from (free.intersection(node.inputs) for node in self._leaves)
        yield from (frozenset(p) for p in self._plan.bound_pairs if free.issuperset(p))

    # The outcomes of one component

    def _cheapest_by_outcome(
        self, group: frozenset[int], frontier: tuple[int, ...]
    ) -> dict[FrontierState, tuple[_Rank, InputSets]]:
        """Return the cheapest change for each outcome of some inputs.

        An unknown fact may stay unknown, or be shown to have the needed value ("show that …").
        """
        free = sorted(group & self._changeable)
        dependent = {index for index, _ in self._members.values()}
        known = [i for i in free if not self.ground.is_open(i) and i not in dependent]
        unknown = self.ground.by_fact(filter(self.ground.is_open, free))
        if len(unknown) > _MOST_UNKNOWN:
            raise BudgetExceededError(filter(self.ground.is_open, sorted(group)))
        nodes = [node for node in self._leaves if not group.isdisjoint(node.inputs)]
        targets = (*frontier, *(node.own_points for node in nodes))
        cheapest: dict[FrontierState, tuple[_Rank, InputSets]] = {}
        for size in range(len(unknown) + 1):
            for known_after in combinations(unknown, size):
                changeable = [*known, *(index for group in known_after for index in sorted(group))]
                domains = {index: self._domain(index) for index in changeable}
                for box in partition(self.ground, domains, targets, self._budget, self._propagate):
                    outcome, points = box.values[: len(frontier)], box.values[len(frontier) :]
                    candidate = self._cheapest_in(box, nodes, points)
                    if outcome not in cheapest or candidate[0] < cheapest[outcome][0]:
                        cheapest[outcome] = candidate
        return cheapest

    def _domain(self, index: int) -> tuple[int, int]:
        """Return the set of values that a fact may change to."""
        if index in self._members:
            return 0, self._members[index][1]
        return self._plan.inputs[index].domain

    def _cheapest_in(
        self, box: Box, nodes: list[NodePlan], points: FrontierState
    ) -> tuple[_Rank, InputSets]:
        """Return the cheapest values in a box; facts that may stay unchanged do."""
        sets: InputSets = {}
        distance_moved = 0
        for index, ends in box.sets.items():
            value, distance = self._nearest(index, ends)
            if self.ground.is_open(index) or value != self.ground.given_sets[index]:
                sets[index] = value
                distance_moved += distance
        sets = self._propagate(sets)
        changed = {*map(self.ground.fact_name, sets)}
        cost = sum((self._prices.of_fact(name) for name in changed), Fraction(0))
        points_gained = 0
        for node, (after, _) in zip(nodes, points, strict=True):
            before = self._result.lows[node.own_points]
            cost += self._prices.of_raising(node, before, after)
            points_gained += max(0, after - before)
        return (cost, points_gained, len(changed), distance_moved), sets

    def _nearest(self, index: int, ends: tuple[int, int]) -> tuple[tuple[int, int], int]:
        """Return the value in a set that is nearest to the current one, and its distance."""
        lower, upper = ends
        current = self._result.input_lows[index], self._result.input_highs[index]
        if self._plan.inputs[index].kind is InputType.CHOICE:
            shared = upper & current[1]
            bit = (shared & -shared) or (upper & -upper)
            return (0, bit), 0
        value = min(max(current[0], lower), upper)
        return (value, value), abs(value - current[0])

    # Reasons for no path

    def why_not(self) -> Text:
        """Return why no permitted change reaches the level."""
        return _unreachable_reason(self._result, self._level_index, self.hull, self._changeable)

    def too_many(self, names: tuple[str, ...]) -> Text:
        """Return the text for a search that exceeds its budget."""
        if not names:
            return _MANY
        declared = self._result.profile.document.inputs
        return _MANY_OF.format(names=join((declared[name].label for name in names), "; "))


_Chain: TypeAlias = "tuple[_Chain, InputSets] | None"


def _flatten(chain: _Chain) -> InputSets:
    sets: InputSets = {}
    while chain is not None:
        chain, last_sets = chain
        sets.update(last_sets)
    return dict(sorted(sets.items()))


def _add_ranks(first: _Rank, second: _Rank) -> _Rank:
    total_cost = first[0] + second[0] if second[0] else first[0]
    return total_cost, first[1] + second[1], first[2] + second[2], first[3] + second[3]


def _unreachable_reason(
    result: EvaluationState, level_index: int, hull: Sequence[Interval], free: Collection[int]
) -> Text:
    """Return why no permitted change of facts reaches a level.

    Args:
        result: the current result.
        level_index: the index of the level, best level first.
        hull: the interval of every operator over all values of the inputs that may change.
        free: the inputs that may change.
    """
    plan, profile = result.plan, result.profile
    level = plan.levels[level_index]
    when = current_wording(result, level.id).clause(profile.rules.levels[level_index].when)
    if not hull[level.gate][1]:
        barred = _BARRED if plan.has_points() else _BARRED_WITHOUT_POINTS
        return barred.format(criteria=_listed(_barriers(result, hull, level_index)))
    waits = waiting_text(result, level.id)
    if waits is not None:
        return waits
    if not hull[level.when][1]:
        if not plan.has_points():
            return _NEVER_HOLDS.format(required=required_text(result, level))
        points = profile.points(hull[plan.points][1])
        return _TOO_FEW.format(when=when, points=decimal_label(points))
    if level.unknown_threshold is not None and hull[level.unknown_threshold][1]:
        return _NO_MARK.format(when=when)
    fixed_unknowns = {
        plan.inputs[index].declared_input.name: None
        for index in sorted(result.unknown_inputs())
        if index not in free
    }
    if fixed_unknowns:
        labels = [profile.document.inputs[name].label for name in fixed_unknowns]
        return _STAY_OPEN.format(names=join(labels, "; "))
    return (_NO_WAY if plan.has_points() else _NO_WAY_WITHOUT_POINTS).format(when=when)


def _barriers(result: EvaluationState, hull: Sequence[Interval], level_index: int) -> Iterator[str]:
    """Yield the criteria that block a level for all permitted changes."""
    for node in result.plan.nodes:
        marks = node.for_level(level_index)
        if not hull[marks.applies][0]:
            continue
        unmet = node.must and not hull[marks.met][1]
        if unmet or (node.floor is not None and not hull[node.floor][1]):
            yield node.id


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(ids) or "–"


def _change(document: ProfileDocument, name: str, before: Any, after: Any) -> FactChange:
    return FactChange(
        input=name,
        label=document.inputs[name].label,
        before=before,
        after=after,
        before_text=None if before is None else fact_text(document, name, before),
        after_text=fact_text(document, name, after),
    )


class _StepBuilder:
    """Describes how setting some inputs changes each indicator."""

    def __init__(self, context: SearchContext, sets: InputSets) -> None:
        self._result, inputs = context.result, context.plan.inputs
        base = context.given_sets
        narrowed = context.narrowed(sets)
        assert narrowed is not None  # the search respects the bounds
        self._values_after = context.ranges(*narrowed)
        changed_names = {inputs[index].declared_input.name for index in sets}
        changed_inputs = [
            i for i, declared in enumerate(inputs) if declared.declared_input.name in changed_names
        ]
        before = facts_from_intervals(
            inputs, {i: base[i] for i in changed_inputs if inputs[i].is_known(*base[i])}
        )
        after = facts_from_intervals(inputs, {i: sets.get(i, base[i]) for i in changed_inputs})
        document = self._result.profile.document
        self._changes = {
            name: _change(document, name, before.get(name), after[name])
            for name in dict.fromkeys(declared.declared_input.name for declared in inputs)
            if name in changed_names
        }

    def all(self) -> tuple[PathStep, ...]:
        """Return the steps, in the order of the profile."""
        return tuple(self._steps())

    def _steps(self) -> Iterator[PathStep]:
        result, inputs = self._result, self._result.plan.inputs
        assigned: set[str] = set()
        for node in result.plan.nodes:
            names = dict.fromkeys(inputs[index].declared_input.name for index in node.inputs)
            changes = tuple(self._changes[name] for name in names if name in self._changes)
            if node.is_leaf and changes:
                assigned.update(change.input for change in changes)
                yield self._step(node, changes)
        remaining = tuple(change for name, change in self._changes.items() if name not in assigned)
        if remaining:
            yield PathStep(
                criterion=None,
                name=Text(vi="", en=""),
                before=None,
                after=None,
                changes=remaining,
                clause=None,
                line=None,
            )

    def _step(self, node: NodePlan, changes: tuple[FactChange, ...]) -> PathStep:
        profile = self._result.profile
        entry = profile.entries[node.id]
        has_points = self._result.plan.has_points(node)
        before, after = self._result.lows[node.points], self._values_after[node.points][0]
        return PathStep(
            criterion=node.id,
            name=capitalized(profile.vocabulary.criterion(node.id)),
            before=profile.points(before) if has_points else None,
            after=profile.points(after) if has_points else None,
            changes=changes,
            clause=entry.clause,
            line=profile.line(node.id),
        )


_BARRED = Text(
    vi="Không thể đạt điều kiện bắt buộc hoặc điểm sàn ở: {criteria}.",
    en="Mandatory criteria or floors that cannot be reached: {criteria}.",
)
_BARRED_WITHOUT_POINTS = Text(
    vi="Không thể đạt điều kiện bắt buộc ở: {criteria}.",
    en="Mandatory criteria that cannot be reached: {criteria}.",
)


_TOO_FEW = Text(
    vi="Mức này yêu cầu {when}; sau mọi thay đổi được phép, điểm tối đa là {points}, hoặc còn "
    "một điều kiện khác không thay đổi được.",
    en="It requires: {when}; after all permitted changes the maximum points are {points}, or "
    "another of its conditions cannot change.",
)
_NEVER_HOLDS = Text(
    vi="{required}; mọi thay đổi được phép cũng không đáp ứng được.",
    en="{required}; no permitted change satisfies this.",
)


_NO_MARK = Text(
    vi="Ngưỡng của mức này ({when}) chưa thấy trong nguồn nào.",
    en="No source states the threshold of this level ({when}).",
)


_STAY_OPEN = Text(
    vi="Không thay đổi nào bảo đảm đạt mức này khi còn thiếu: {names}.",
    en="No change makes the level certain while these are unknown: {names}.",
)


_NO_WAY = Text(
    vi="Không thay đổi nào được phép đáp ứng đồng thời các điều kiện bắt buộc, điểm sàn và điều "
    "kiện của mức này: {when}.",
    en="No permitted change satisfies all of this, the mandatory criteria and the floors: {when}.",
)
_NO_WAY_WITHOUT_POINTS = Text(
    vi="Không thay đổi nào được phép đáp ứng đồng thời các điều kiện bắt buộc và điều kiện của mức "
    "này: {when}.",
    en="No permitted change satisfies both this and the mandatory criteria: {when}.",
)
_NOT_PER_POINT = Text(
    vi="'{name}' là dữ kiện; chi phí theo điểm chỉ áp dụng cho chỉ số.",
    en="'{name}' is an input; a cost per point applies to indicators only.",
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
    vi="Có quá nhiều tổ hợp; vui lòng bổ sung dữ kiện hoặc giữ cố định một số dữ kiện.",
    en="There are too many combinations; provide more facts or keep some fixed.",
)
_MANY_OF = Text(
    vi="Có quá nhiều tổ hợp; vui lòng bổ sung hoặc giữ cố định: {names}.",
    en="There are too many combinations; provide these or keep them fixed: {names}.",
)
