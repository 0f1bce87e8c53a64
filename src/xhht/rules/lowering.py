"""Lowers a profile's rules to a plan of integer-interval operators."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from attrs import evolve, frozen

from xhht.exact import Rounding
from xhht.rules import expressions as ex
from xhht.rules._builder import Builder, Form
from xhht.rules._conditions import Conditions
from xhht.rules._exactness import mixed_inputs
from xhht.rules._sharing import hand_out
from xhht.rules.inputs import narrowing_order
from xhht.rules.model import (
    Assessed,
    Bands,
    Branch,
    Combination,
    Leaf,
    LevelRule,
    MetWhen,
    NaPolicy,
    PerItem,
    Proportional,
    Requirement,
    RoundingRule,
    Rules,
    Scoring,
    TreeNode,
    natural_key,
)
from xhht.rules.plan import AsOfDay, LevelPlan, NodePlan, Plan, Portion, Rounded, SharePlan

__all__ = ["lower", "scoring_expressions"]


def lower(rules: Rules, waived: frozenset[str] = frozenset()) -> Plan:
    """Return the plan of `rules`.

    Args:
        rules: checked rules; names, types and the grid are known to be right.
        waived: indicators that an authority waived: they have all their points, whatever the facts.
    """
    return _Lowering(rules, waived).plan()


def scoring_expressions(scoring: Scoring) -> tuple[ex.Condition | ex.Number, ...]:
    """Return the expressions by which a leaf scores."""
    match scoring:
        case MetWhen(when):
            return (when,)
        case Bands(bands):
            return tuple(band.when for band in bands)
        case Proportional(share, _):
            return (share,)
        case PerItem(count, _):
            return (count,)
        case Assessed(name):
            return (ex.NumberInput(name),)


@frozen(kw_only=True)
class _Scored:
    """Where the results of one criterion stand while the plan is built.

    `earned` and `offered` are its points, and the most it could give, if it applies; `points` and
    `available` are what the branch above counts, also when it does not apply.
    """

    node: TreeNode
    earned: int
    offered: int
    points: int
    judged: int
    available: int
    maximum: int
    minimum: int
    met: int
    applies: int


class _Lowering:
    def __init__(self, rules: Rules, waived: frozenset[str]) -> None:
        self.rules = rules
        self.waived = waived
        self.build = Builder(rules.inputs)
        self.conditions = Conditions(self.build)
        self.index = {declared.name: i for i, declared in enumerate(rules.inputs)}
        self.scored: dict[str, _Scored] = {}
        self.within: dict[str, int] = {}
        self.parent_within: dict[str, int] = {}

    def plan(self) -> Plan:
        root = Branch(id="", children=self.rules.criteria)
        total = self._score(root)
        self._reach(root, self.build.known(1))
        gate = self.build.all_of(self._barriers(root))
        level_conditions = Conditions(self.build, _LevelTotals(self, root, total))
        levels = tuple(self._level(rule, gate, level_conditions) for rule in self.rules.levels)
        nodes = tuple(self._node_plan(node) for node in self.rules.nodes())
        operators, bounds = tuple(self.build.operators), tuple(self.build.bounds)
        return Plan(
            inputs=self.rules.inputs,
            narrowings=narrowing_order(self.rules.inputs) or (),
            operators=operators,
            bounds=bounds,
            nodes=nodes,
            levels=levels,
            points=total.points,
            available=total.available,
            maximum=total.maximum,
            gate=gate,
            shares=self._shares(),
            mixed_inputs=mixed_inputs(
                operators, bounds, (total.points, *(level.award for level in levels))
            ),
            grid=(self.rules.grid.numerator, self.rules.grid.denominator),
            uses_as_of=any(isinstance(operator, AsOfDay) for operator in operators),
        )

    def _units(self, points: Fraction) -> int:
        return (points / self.rules.grid).numerator

    # One criterion

    def _score(self, node: TreeNode) -> _Scored:
        bare = self._score_leaf(node) if isinstance(node, Leaf) else self._score_branch(node)
        scored = self._apply(bare)
        self.scored[node.id] = scored
        return scored

    def _score_leaf(self, leaf: Leaf) -> _Scored:
        top = self._units(leaf.points)
        maximum, minimum = max(top, 0), min(top, 0)
        if leaf.id in self.waived:
            points, met = self.build.known(maximum), self.build.known(1)
        else:
            points, met = self._points(leaf, top)
            minimum = min(minimum, self.build.bounds[points][0])
        return _Scored(
            node=leaf,
            earned=points,
            offered=self.build.known(maximum),
            points=points,
            judged=points,
            available=self.build.known(maximum),
            maximum=maximum,
            minimum=minimum,
            met=met,
            applies=self.build.known(1),
        )

    def _points(self, leaf: Leaf, top: int) -> tuple[int, int]:
        """Return the places of a leaf's points and of the truth that it has all of them."""
        if isinstance(leaf.scoring, MetWhen):
            truth = self.conditions.truth(leaf.scoring.when)
            points = self.build.linear([(truth, top)])
            return points, self.build.negation(truth) if top < 0 else truth
        points = self._graded(leaf.scoring, top)
        margin = Form({points: Fraction(1)}, Fraction(-max(top, 0)))
        return points, self.build.at_least_zero(margin)

    def _graded(self, scoring: Scoring, top: int) -> int:
        match scoring:
            case Bands(bands):
                points = self.build.known(0)
                for band in reversed(bands):
                    truth = self.conditions.truth(band.when)
                    here = self.build.known(self._units(band.points))
                    points = self.build.choose(truth, here, points)
                return points
            case PerItem(count, each):
                place, step = self.build.place_of(self.conditions.number(count))
                earned = self.build.linear([(place, self._units(each * step))])
                return self.build.extreme([earned, self.build.known(top)], greatest=top < 0)
            case Assessed(name):
                awarded = self.conditions.number(ex.NumberInput(name))
                place, step = self.build.place_of(awarded)
                return self.build.linear([(place, self._units(step))])
            case Proportional(share, rounding):
                return self._portion(share, rounding, top)
            case _:
                raise TypeError(scoring)

    def _portion(self, share: ex.Number, rounding: RoundingRule, top: int) -> int:
        whole: ex.Number = ex.Constant(Fraction(1))
        part = share
        if isinstance(share, ex.ShareOf):
            part, whole = share.numerator, share.denominator
        both = [self.build.place_of(self.conditions.number(side)) for side in (part, whole)]
        (numerator, part_step), (denominator, whole_step) = both
        ratio = part_step / whole_step
        portion = Portion(
            abs(top),
            self.build.linear([(numerator, ratio.numerator)]),
            self.build.linear([(denominator, ratio.denominator)]),
            self._units(rounding.step),
            rounding.mode,
        )
        return self.build.linear([(self.build.add(portion), -1 if top < 0 else 1)])

    def _apply(self, bare: _Scored) -> _Scored:
        """Return the criterion with what becomes of it where it does not apply."""
        rule = bare.node.applies
        if rule is None:
            return bare
        truth = self.conditions.truth(rule.when)
        policy, build = rule.policy, self.build
        outside = bare.available if policy is NaPolicy.FULL else build.known(0)
        kept = policy in (NaPolicy.FULL, NaPolicy.ZERO)
        applies = build.all_of([truth, bare.applies])
        not_applicable_is_met = build.known(int(policy is NaPolicy.FULL))
        return evolve(
            bare,
            points=build.choose(truth, bare.earned, outside),
            available=bare.available
            if kept
            else build.choose(truth, bare.available, build.known(0)),
            met=build.choose(truth, bare.met, not_applicable_is_met),
            applies=applies,
        )

    # A branch

    def _score_branch(self, branch: Branch) -> _Scored:
        children = [self._score(child) for child in branch.children]
        counted = [c for c in children if c.node.requirement is not Requirement.ADVISORY]
        counted, handed_out = self._redistribute(counted)
        points, available, maximum, minimum = self._combine(branch, counted)
        points = points if handed_out is None else handed_out
        if branch.cap is not None:
            cap = self._units(branch.cap)
            ceiling = self.build.known(cap)
            points = self.build.extreme([points, ceiling], greatest=False)
            available = self.build.extreme([available, ceiling], greatest=False)
            maximum, minimum = min(maximum, cap), min(minimum, cap)
        if maximum > minimum:
            margin = Form({points: Fraction(1)}).plus(Form({available: Fraction(1)}), Fraction(-1))
            met = self.build.at_least_zero(margin)
        else:
            met = self._all_met(branch, counted)
        return _Scored(
            node=branch,
            earned=points,
            offered=available,
            points=points,
            judged=points,
            available=available,
            maximum=maximum,
            minimum=minimum,
            met=met,
            applies=self.build.any_of(child.applies for child in counted or children),
        )

    def _all_met(self, branch: Branch, counted: list[_Scored]) -> int:
        if branch.combine is Combination.BEST_OF:
            return self.build.any_of(child.met for child in counted)
        return self.build.all_of(self._met_or_outside(child) for child in counted)

    def _met_or_outside(self, child: _Scored) -> int:
        return self.build.any_of([child.met, self.build.negation(child.applies)])

    def _combine(self, branch: Branch, counted: list[_Scored]) -> tuple[int, int, int, int]:
        """Return the places of points and of available points, and the bounds by the profile."""
        points = [child.points for child in counted]
        available = [child.available for child in counted]
        maxima, minima = ([c.maximum for c in counted], [c.minimum for c in counted])
        match branch.combine:
            case Combination.SUM:
                return self._sum(points), self._sum(available), sum(maxima), sum(minima)
            case Combination.ALL_OR_NOTHING:
                all_met = self.build.all_of(self._met_or_outside(child) for child in counted)
                total = self.build.choose(all_met, self._sum(points), self.build.known(0))
                return total, self._sum(available), sum(maxima), min(sum(minima), 0)
            case Combination.BEST_OF:
                best = [self.build.extreme(side, greatest=True) for side in (points, available)]
                return best[0], best[1], max(maxima), max(minima)
            case Combination.WORST_OF:
                worst = [self._worst(counted, side) for side in (points, available)]
                return worst[0], worst[1], min(maxima), min(minima)
            case Combination.WEIGHTED_MEAN:
                return self._weighted_mean(branch, counted)

    def _sum(self, places: list[int]) -> int:
        return self.build.linear([(place, 1) for place in places])

    def _worst(self, counted: list[_Scored], side: list[int]) -> int:
        """Return the least over the children that apply; 0 where none does."""
        beyond = self.build.known(max(self.build.bounds[place][1] for place in side))
        dropped = (NaPolicy.DROP, NaPolicy.REDISTRIBUTE)
        places = [
            self.build.choose(child.applies, place, beyond)
            if child.node.applies is not None and child.node.applies.policy in dropped
            else place
            for child, place in zip(counted, side, strict=True)
        ]
        least = self.build.extreme(places, greatest=False)
        some = self.build.any_of(
            child.applies if place != own else self.build.known(1)
            for child, place, own in zip(counted, places, side, strict=True)
        )
        return self.build.choose(some, least, self.build.known(0))

    def _weighted_mean(self, branch: Branch, counted: list[_Scored]) -> tuple[int, int, int, int]:
        rounding = branch.rounding
        assert rounding is not None  # the checks demand it
        scale = Fraction(1)
        for child in counted:
            scale *= child.node.weight.denominator
        weights = [(child.node.weight * scale).numerator for child in counted]

        def mean(places: list[int]) -> int:
            total = self.build.linear(list(zip(places, weights, strict=True)))
            step = self._units(rounding.step)
            return self.build.add(Rounded(total, sum(weights), step, rounding.mode))

        points = mean([child.points for child in counted])
        available = mean([child.available for child in counted])
        most = mean([self.build.known(child.maximum) for child in counted])
        least = mean([self.build.known(child.minimum) for child in counted])
        return points, available, self.build.bounds[most][0], self.build.bounds[least][0]

    # Points handed to siblings

    def _redistribute(self, counted: list[_Scored]) -> tuple[list[_Scored], int | None]:
        """Return the children with the points of absent siblings, and the place of their sum."""
        givers = [c for c in counted if _policy(c.node) is NaPolicy.REDISTRIBUTE]
        if not givers:
            return counted, None
        truths = {giver.node.id: self._own_truth(giver.node) for giver in givers}
        asked = list(dict.fromkeys(truths.values()))
        cases: dict[tuple[bool, ...], list[tuple[int, int]]] = {}
        for holds in product((True, False), repeat=len(asked)):
            present = dict(zip(asked, holds, strict=True))
            absent = [giver for giver in givers if not present[truths[giver.node.id]]]
            cases[holds] = self._handed_out(counted, absent)
        taken = []
        for at, child in enumerate(counted):
            points, available = (
                self._by_case(asked, {holds: case[at][side] for holds, case in cases.items()})
                for side in (0, 1)
            )
            taken.append(evolve(child, points=points, available=available))
            self.scored[child.node.id] = taken[-1]
        sums = {holds: self._sum([points for points, _ in case]) for holds, case in cases.items()}
        return taken, self._by_case(asked, sums)

    def _own_truth(self, node: TreeNode) -> int:
        assert node.applies is not None
        return self.conditions.truth(node.applies.when)

    def _handed_out(self, counted: list[_Scored], absent: list[_Scored]) -> list[tuple[int, int]]:
        """Return the places of points and available points of each child when some are absent."""
        takers = sorted(
            (child for child in counted if _takes(child) and child not in absent),
            key=lambda child: natural_key(child.node.id),
        )
        weights = [taker.maximum for taker in takers]
        extras: dict[str, list[tuple[int, int, Rounding]]] = {t.node.id: [] for t in takers}
        for giver in absent:
            assert giver.node.applies is not None
            rounding = giver.node.applies.rounding
            assert rounding is not None  # the checks demand it
            step = self._units(rounding.step)
            parts = hand_out(giver.maximum, weights, step, rounding.mode)
            for taker, part in zip(takers, parts, strict=True):
                extras[taker.node.id].append((part, step, rounding.mode))
        places = []
        for child in counted:
            if child in absent:
                places.append((self.build.known(0), self.build.known(0)))
            elif child.node.id in extras:
                places.append(self._enlarged(child, extras[child.node.id]))
            else:
                places.append((child.points, child.available))
        return places

    def _enlarged(self, child: _Scored, extras: list[tuple[int, int, Rounding]]) -> tuple[int, int]:
        points, available = [(child.earned, 1)], [(child.offered, 1)]
        for part, step, mode in extras:
            for own, total in ((child.earned, points), (child.offered, available)):
                grown = self.build.linear([(own, part)])
                total.append((self.build.add(Rounded(grown, child.maximum, step, mode)), 1))
        return self.build.linear(points), self.build.linear(available)

    def _by_case(self, asked: list[int], places: dict[tuple[bool, ...], int]) -> int:
        if not asked:
            return places[()]
        sides = [
            self._by_case(asked[1:], {k[1:]: place for k, place in places.items() if k[0] is side})
            for side in (True, False)
        ]
        return self.build.choose(asked[0], sides[0], sides[1])

    # What stands above the criteria

    def _reach(self, branch: Branch, within: int) -> None:
        for child in branch.children:
            reached = self.build.all_of([within, self.scored[child.id].applies])
            self.within[child.id] = reached
            self.parent_within[child.id] = within
            if isinstance(child, Branch):
                self._reach(child, reached)

    def _counted(self, branch: Branch) -> Iterator[_Scored]:
        """Yield the criteria under a branch that count, leaving out what is advisory."""
        for child in branch.children:
            if child.requirement is not Requirement.ADVISORY:
                yield self.scored[child.id]
                if isinstance(child, Branch):
                    yield from self._counted(child)

    def _barriers(self, root: Branch) -> Iterator[int]:
        """Yield the truths without which no level is awarded."""
        for scored in self._counted(root):
            outside = self.build.negation(self.within[scored.node.id])
            if scored.node.requirement is Requirement.MUST:
                yield self.build.any_of([outside, scored.met])
            kept = self._floor(scored)
            if kept is not None:
                yield self.build.any_of([outside, kept])

    def _floor(self, scored: _Scored) -> int | None:
        if scored.node.floor is None:
            return None
        margin = Form({scored.judged: Fraction(1)}, Fraction(-self._units(scored.node.floor)))
        return self.build.at_least_zero(margin)

    def _level(self, rule: LevelRule, gate: int, conditions: Conditions) -> LevelPlan:
        parts = [conditions.truth(rule.when)]
        names = list(ex.input_names(rule.when))
        if rule.requires is not None:
            since = ex.NumberInput(rule.requires.since)
            held = ex.Compare(">=", ex.AsOf(rule.requires.months), since)
            parts.append(conditions.truth(held))
            names.append(rule.requires.since)
        when = self.build.all_of(parts)
        return LevelPlan(
            rule.id, self.build.all_of([gate, when]), when, tuple(self.index[n] for n in names)
        )

    def _node_plan(self, node: TreeNode) -> NodePlan:
        scored = self.scored[node.id]
        reads = scoring_expressions(node.scoring) if isinstance(node, Leaf) else ()
        decides = (node.applies.when,) if node.applies else ()
        return NodePlan(
            id=node.id,
            is_leaf=isinstance(node, Leaf),
            points=scored.points,
            judged=scored.judged,
            offered=scored.offered,
            available=scored.available,
            maximum=scored.maximum,
            minimum=scored.minimum,
            met=scored.met,
            applies=self.within[node.id],
            floor=self._floor(scored),
            must=node.requirement is Requirement.MUST,
            waived=node.id in self.waived,
            compares=any(
                isinstance(part, (ex.Compare, ex.NumberInput)) for r in reads for part in ex.walk(r)
            ),
            inputs=tuple(self.index[name] for name in ex.input_names(*reads)),
            applicability_inputs=tuple(self.index[name] for name in ex.input_names(*decides)),
        )

    def _shares(self) -> tuple[SharePlan, ...]:
        """Return the shares whose denominator may be 0, and where."""
        found: list[SharePlan] = []
        for node in self.rules.nodes():
            reads = scoring_expressions(node.scoring) if isinstance(node, Leaf) else ()
            decides = (node.applies.when,) if node.applies else ()
            found += (SharePlan(node.id, place) for place in self._zeros((*reads, *decides)))
        for rule in self.rules.levels:
            found += (SharePlan(None, place) for place in self._zeros((rule.when,)))
        return tuple(dict.fromkeys(found))

    def _zeros(self, trees: tuple[object, ...]) -> Iterator[int]:
        for share in ex.shares_in(*trees):
            place, _ = self.build.place_of(self.conditions.number(share.denominator))
            if self.build.bounds[place][0] <= 0:
                yield place


class _LevelTotals:
    """What a level's condition may ask of the criteria; see `Totals`."""

    def __init__(self, lowering: _Lowering, root: Branch, total: _Scored) -> None:
        self._of = lowering
        self._root = root
        self._total = total

    def _number(self, place: int) -> Form:
        return Form({place: self._of.rules.grid})

    def points(self) -> Form:
        return self._number(self._total.points)

    def points_of(self, node: str) -> Form:
        return self._number(self._of.scored[node].points)

    def met(self, node: str) -> int:
        return self._of.build.all_of([self._of.parent_within[node], self._of.scored[node].met])

    def lowest_indicator(self) -> Form:
        leaves = [
            scored
            for scored in self._of._counted(self._root)
            if isinstance(scored.node, Leaf) and scored.maximum > 0
        ]
        build = self._of.build
        beyond = build.known(max((leaf.maximum for leaf in leaves), default=0))
        judged = [build.choose(self._of.within[c.node.id], c.judged, beyond) for c in leaves]
        return self._number(build.extreme(judged or [beyond], greatest=False))

    def available(self) -> int:
        return self._total.available

    def percent_margin(self, share: Fraction) -> Form:
        return Form({place: Fraction(1) for place in self._margins(self._total, share)})

    def _margins(self, scored: _Scored, share: Fraction) -> tuple[int, ...]:
        """Return places whose sum is points less a share of what is available, joined by leaf.

        A leaf that is dropped lowers both at once; taken apart, the range would be too wide.
        """
        build, node = self._of.build, scored.node
        if isinstance(node, Branch) and _is_plain_sum(node):
            below = [self._of.scored[child.id] for child in node.children]
            parts = [self._margins(c, share) for c in below if _counts(c.node)]
            return (build.linear([(place, 1) for part in parts for place in part]),)
        over, under = share.denominator, -share.numerator
        if _policy(node) is NaPolicy.DROP and node.applies is not None:
            margin = build.linear([(scored.earned, over), (scored.offered, under)])
            truth = self._of.conditions.truth(node.applies.when)
            return (build.choose(truth, margin, build.known(0)),)
        return (build.linear([(scored.points, over), (scored.available, under)]),)


def _policy(node: TreeNode) -> NaPolicy | None:
    return node.applies.policy if node.applies else None


def _counts(node: TreeNode) -> bool:
    return node.requirement is not Requirement.ADVISORY


def _takes(child: _Scored) -> bool:
    """Return whether a child may take a sibling's points: it always applies, or is a giver."""
    return child.maximum > 0 and _policy(child.node) in (None, NaPolicy.REDISTRIBUTE)


def _is_plain_sum(branch: Branch) -> bool:
    return (
        branch.combine is Combination.SUM
        and branch.cap is None
        and branch.applies is None
        and all(_policy(child) is not NaPolicy.REDISTRIBUTE for child in branch.children)
    )
