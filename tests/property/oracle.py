"""A second reading of design.md for complete facts: fractions, no plan, no intervals.

It is slow and plain on purpose. Where a share of nothing is compared, or a mark that no source
shows, it gives up, unless it is told what to assume of the comparison; `oracles` tries everything.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

from attrs import evolve

from xhht.dates import add_months
from xhht.numbers import Rounding
from xhht.rules import expressions as ex
from xhht.rules import model as m
from xhht.rules import scoring as scorings

T = TypeVar("T")
_DECIMAL_MODE = {
    Rounding.HALF_UP: "ROUND_HALF_UP",
    Rounding.HALF_EVEN: "ROUND_HALF_EVEN",
    Rounding.UP: "ROUND_UP",
    Rounding.DOWN: "ROUND_DOWN",
}


class UndefinedError(Exception):
    """A share of nothing was compared, or a mark that no source shows.

    Attributes:
        of: the comparison, or the id of an indicator with points in proportion to a share.
    """

    def __init__(self, of: Any = None) -> None:
        super().__init__()
        self.of = of


def rounded(number: Fraction, rule: scorings.RoundingRule) -> Fraction:
    """Return a number rounded to steps, by Python's decimals."""
    steps = number / rule.step
    doubled = steps * 2
    # Only whole and half steps matter to the mode; what lies between is told apart by a quarter.
    quotient = doubled.numerator // doubled.denominator
    exactly = doubled.denominator == 1
    proxy = Decimal(quotient) / 2 + (Decimal(0) if exactly else Decimal("0.25"))
    return Fraction(proxy.quantize(Decimal(1), _DECIMAL_MODE[rule.mode])) * rule.step


MOST_ORACLES = 32


def oracles(rules: m.Rules, facts: dict[str, Any], as_of: date) -> list[Oracle]:
    """Judge complete facts with everything that undefined comparisons may come to.

    The same comparison has one truth, different ones are independent; points in proportion to a
    share of nothing are none or all. With too many, only some are tried.
    """
    results: list[Oracle] = []
    pending: list[dict[Any, bool]] = [{}]
    while pending and len(results) < MOST_ORACLES:
        assumed = pending.pop()
        try:
            results.append(Oracle(rules, facts, as_of, assumed=assumed))
        except UndefinedError as error:
            pending += [{**assumed, error.of: True}, {**assumed, error.of: False}]
    return results


class Oracle:
    """Judges complete facts under rules.

    `shown` says what values are that no source shows, `assumed` the truths of comparisons that are
    undefined, and whether points in proportion to an undefined share are all or none.

    With `completions`, all completions of incomplete facts, it judges them at the close: each
    indicator has the fewest points over all completions and what may apply applies. The condition
    of a level stays open: `awarded` says by level, best first, whether it is awarded for each
    completion; `level` is that of the first.
    """

    def __init__(
        self,
        rules: m.Rules,
        facts: dict[str, Any],
        as_of: date,
        shown: dict[str, Fraction] | None = None,
        assumed: dict[Any, bool] | None = None,
        completions: list[dict[str, Any]] | None = None,
    ) -> None:
        self.completions, self.is_final = completions or [facts], completions is not None
        self.rules, self.facts, self.as_of, self.shown = rules, facts, as_of, shown or {}
        self.assumed = assumed or {}
        self.points: dict[str, Fraction] = {}
        self.available: dict[str, Fraction] = {}
        self.judged: dict[str, Fraction] = {}
        self.met: dict[str, bool] = {}
        self.applies: dict[str, bool] = {}
        self.inside: dict[str, bool] = {}
        self.reached: dict[str, bool] = {}
        self.met_for: dict[str, dict[str, bool]] = {}
        self.asked_for: dict[str, dict[str, bool]] = {}
        self.inner: dict[str, tuple[Fraction, Fraction]] = {}
        self.kept: dict[str, bool] = {}
        self.holds: dict[str, bool] = {}
        root = m.Branch(id="", children=rules.criteria)
        self.total, self.total_available = self._children(root)
        self._reach(root, True)
        self.awarded = self._awarded()
        self.level = next((level for level, awards in self.awarded.items() if awards[0]), None)

    def _over_completions(self, read: Callable[[], T]) -> list[T]:
        facts, values = self.facts, []
        for completion in self.completions:
            self.facts = completion
            values.append(read())
        self.facts = facts
        return values

    # Expressions

    def truth(self, tree: Any) -> bool:
        if tree in self.assumed:
            return self.assumed[tree]
        match tree:
            case ex.TruthConstant(value):
                return value
            case ex.Unknown():
                raise UndefinedError(tree)
            case ex.TruthIf(condition, then, other):
                return self.truth(then if self.truth(condition) else other)
            case ex.TruthInput(name):
                return bool(self.facts[name])
            case ex.ChoiceIn(name, options):
                return self.facts[name] in options
            case ex.Met(node):
                return self.inside[node] and self.met[node]
            case ex.Not(of):
                return not self.truth(of)
            case ex.All(of):
                return self._both(of, False)
            case ex.Any_(of):
                return self._both(of, True)
            case ex.Compare(sign, left, right):
                low, high = self._sides(tree, left, right)
                return {">=": low >= high, ">": low > high, "==": low == high}[sign]
            case _:
                raise TypeError(tree)

    def _sides(self, tree: Any, *sides: Any) -> list[Fraction]:
        try:
            return [self.number(side) for side in sides]
        except UndefinedError as error:
            raise UndefinedError(tree if error.of is None else error.of) from None

    def _both(self, of: Any, decisive: bool) -> bool:
        undefined: UndefinedError | None = None
        for part in of:
            try:
                if self.truth(part) is decisive:
                    return decisive
            except UndefinedError as error:
                undefined = error
        if undefined:
            raise undefined
        return not decisive

    def number(self, tree: Any) -> Fraction:
        match tree:
            case ex.Constant(value):
                return value
            case ex.Dated(name, _, steps):
                begun = [s.value for s in steps if s.start is None or s.start <= self.as_of]
                shown = begun[-1] if begun else None
                shown = self.shown.get(name) if shown is None else shown
                if shown is None:
                    raise UndefinedError
                return shown
            case ex.NumberInput(name):
                value = self.facts[name]
                if isinstance(value, str):
                    return Fraction(date.fromisoformat(value).toordinal())
                return Fraction(str(value))
            case ex.AsOf(0):
                return Fraction(self.as_of.toordinal())
            case ex.Sum(of):
                return sum((factor * self.number(part) for factor, part in of), Fraction(0))
            case ex.Product(left, right):
                return self.number(left) * self.number(right)
            case ex.Extreme(greatest, of):
                return (max if greatest else min)(self.number(part) for part in of)
            case ex.NumberIf(condition, then, other):
                return self.number(then if self.truth(condition) else other)
            case ex.ShareOf(top, bottom):
                if self.number(bottom) <= 0:
                    raise UndefinedError
                return self.number(top) / self.number(bottom)
            case ex.AllPoints():
                return self.total
            case ex.Percent(node):
                points, available = self.total, self.total_available
                if node is not None:
                    points = self.counted(node)
                    available = self.available[node] if self.inside[node] else Fraction(0)
                if available <= 0:
                    raise UndefinedError
                return points / available
            case ex.PointsOf(node):
                return self.counted(node)
            case ex.LowestIndicator():
                return self._lowest()
            case _:
                raise UndefinedError

    # Criteria

    def _score(self, node: m.TreeNode) -> tuple[Fraction, Fraction]:
        """Return points and available points if the criterion applies; note what it came to."""
        if isinstance(node, m.Leaf):
            points = min(self._over_completions(lambda: self._leaf(node)))
            available = max(node.points, Fraction(0))
            self.met[node.id] = points >= available
            if isinstance(node.scoring, scorings.MetByLevel):
                self._leaf_by_level(node.id, node.scoring)
            elif node.points == 0:
                assert isinstance(node.scoring, scorings.MetWhen)
                self.met[node.id] = self._is_certain(node.scoring.when)
        else:
            points, available = self._children(node)
            self.met[node.id] = points >= available
            if not self._can_have_points(node):
                self._branch_without_points(node)
            elif node.all_absent is not None and not self._some_apply(node):
                self.met[node.id] = node.all_absent is scorings.AllAbsent.FULL
        self.judged[node.id] = points
        return points, available

    def _leaf_by_level(self, node_id: str, scoring: scorings.MetByLevel) -> None:
        is_asked = {
            mark.level: mark.applies is None or self._may_apply(mark.applies)
            for mark in scoring.marks
        }
        self.asked_for[node_id] = is_asked
        self.met_for[node_id] = {
            mark.level: not is_asked[mark.level] or mark.when is None or self._is_certain(mark.when)
            for mark in scoring.marks
        }
        self._sum_up(node_id)

    def _sum_up(self, node_id: str) -> None:
        """Note that a criterion is met if it is for every level that asks for it."""
        is_asked = self.asked_for[node_id]
        self.met[node_id] = all(
            met or not is_asked[at] for at, met in self.met_for[node_id].items()
        )

    def _branch_without_points(self, branch: m.Branch) -> None:
        """Note whether the indicators of a criterion without points are met, for each level."""
        counted = [c for c in branch.children if c.requirement is not m.Requirement.ADVISORY]
        one_is_enough = branch.combine is scorings.Combination.BEST_OF

        def met(met_of: dict[str, bool], asked_of: dict[str, bool]) -> bool:
            if branch.all_absent is not None and not any(asked_of.values()):
                return branch.all_absent is scorings.AllAbsent.FULL
            if one_is_enough:
                return any(met_of[c.id] for c in counted)
            return all(met_of[c.id] for c in counted if asked_of[c.id])

        self.met[branch.id] = met(self.met, self.applies)
        if not any(child.id in self.met_for for child in counted):
            return
        self.met_for[branch.id], self.asked_for[branch.id] = {}, {}
        for rule in self.rules.levels:
            met_of = {c.id: self._met_for(c.id, rule.id) for c in counted}
            asked_of = {c.id: self._applies_for(c.id, rule.id) for c in counted}
            self.met_for[branch.id][rule.id] = met(met_of, asked_of)
            self.asked_for[branch.id][rule.id] = any(asked_of.values())
        self._sum_up(branch.id)
        if branch.all_absent is not None and not any(self.asked_for[branch.id].values()):
            self.met[branch.id] = branch.all_absent is scorings.AllAbsent.FULL

    def _met_for(self, node_id: str, level: str) -> bool:
        return self.met_for[node_id][level] if node_id in self.met_for else self.met[node_id]

    def _applies_for(self, node_id: str, level: str) -> bool:
        is_asked = self.asked_for.get(node_id)
        return self.applies[node_id] if is_asked is None else is_asked[level]

    def _can_have_points(self, node: m.TreeNode) -> bool:
        return self._most(node) > 0 or self._deducts(node)

    def _deducts(self, node: m.TreeNode) -> bool:
        if isinstance(node, m.Leaf):
            return node.points < 0
        counted = [c for c in node.children if c.requirement is not m.Requirement.ADVISORY]
        return any(self._deducts(c) for c in counted)

    def _leaf(self, leaf: m.Leaf) -> Fraction:
        match leaf.scoring:
            case scorings.MetWhen(when):
                return leaf.points if self.truth(when) else Fraction(0)
            case scorings.MetByLevel():
                return Fraction(0)
            case scorings.Bands(bands):
                points = (band.points for band in bands if self.truth(band.when))
                return next(points, Fraction(0))
            case scorings.Proportional(share, rounding):
                try:
                    part = min(max(self.number(share), Fraction(0)), Fraction(1))
                except UndefinedError as error:
                    if error.of is None and leaf.id not in self.assumed:
                        raise UndefinedError(leaf.id) from None
                    part = Fraction(self.assumed[error.of or leaf.id])
                return min(rounded(part * leaf.points, rounding), leaf.points)
            case scorings.PerItem(count, points_of_one):
                return min(self.number(count) * points_of_one, leaf.points)
            case scorings.Assessed(name):
                return Fraction(str(self.facts[name]))

    def _children(self, branch: m.Branch) -> tuple[Fraction, Fraction]:
        for node in branch.children:
            points, available = self._scaled(node, *self._score(node))
            self.inner[node.id] = points, available
            applies = node.applies is None or self._may_apply(node.applies.when)
            some_level_asks = any(self.asked_for.get(node.id, {"": True}).values())
            self.holds[node.id] = applies
            self.applies[node.id] = applies and self._some_apply(node) and some_level_asks
            self.kept[node.id] = self._is_kept(node, applies)
            for level in self.asked_for.get(node.id, {}):
                self.asked_for[node.id][level] &= applies
            if not applies:
                assert node.applies is not None
                policy = node.applies.policy
                full = policy is m.NaPolicy.FULL
                points = available if full else Fraction(0)
                if policy in (m.NaPolicy.DROP, m.NaPolicy.REDISTRIBUTE):
                    available = Fraction(0)
                self.met[node.id] = full
                if node.id in self.met_for:
                    self.met_for[node.id] = dict.fromkeys(self.met_for[node.id], full)
            self.points[node.id], self.available[node.id] = points, available
        counted = [n for n in branch.children if n.requirement is not m.Requirement.ADVISORY]
        points, available = self._combine(branch, counted)
        if branch.cap is not None:
            points, available = min(points, branch.cap), min(available, branch.cap)
        keeps_points = (scorings.AllAbsent.FULL, scorings.AllAbsent.ZERO)
        if branch.not_below is not None:
            is_kept = branch.all_absent in keeps_points or any(self.kept[n.id] for n in counted)
            lowest = branch.not_below if is_kept else min(branch.not_below, Fraction(0))
            points, available = max(points, lowest), max(available, lowest)
        return points, available

    def _scaled(
        self, node: m.TreeNode, points: Fraction, available: Fraction
    ) -> tuple[Fraction, Fraction]:
        """Return points and available points multiplied by the factor that counts."""
        if node.factor is None:
            return points, available
        deducts_only = self._most(evolve(node, factor=None)) == 0
        value = (max if deducts_only else min)(self._over_completions(lambda: self._value(node)))
        one, other = (self._times(node, number, value) for number in (points, available))
        return one, other

    def _value(self, node: m.TreeNode) -> Fraction:
        assert node.factor is not None
        return next(c.value for c in node.factor.cases if c.when is None or self.truth(c.when))

    def _times(self, node: m.TreeNode, number: Fraction, value: Fraction) -> Fraction:
        assert node.factor is not None
        if value == 1 or node.factor.rounding is None:
            return number * value
        return rounded(number * value, node.factor.rounding)

    def _may_apply(self, when: ex.Condition) -> bool:
        return any(self._over_completions(lambda: self.truth(when)))

    def _is_certain(self, when: ex.Condition) -> bool:
        return all(self._over_completions(lambda: self.truth(when)))

    def _some_apply(self, node: m.TreeNode) -> bool:
        if isinstance(node, m.Leaf):
            return True
        counted = [c for c in node.children if c.requirement is not m.Requirement.ADVISORY]
        return any(self.applies[child.id] for child in counted or node.children)

    def _together(
        self,
        branch: m.Branch,
        parts: list[tuple[m.TreeNode, Fraction, Fraction, Fraction]],
        top: Fraction,
        maximum: Fraction,
    ) -> tuple[Fraction, Fraction]:
        """Return points and available points of parts (node, points, available, most)."""
        assert branch.rounding is not None
        if not parts:
            full = branch.all_absent is scorings.AllAbsent.FULL
            zero = branch.all_absent is scorings.AllAbsent.ZERO
            return maximum if full else Fraction(0), maximum if full or zero else Fraction(0)
        most = sum(part[3] for part in parts)
        points = sum(points for _, points, _, _ in parts)
        available = sum(available for _, _, available, _ in parts)
        return (
            rounded(top * points / most, branch.rounding),
            rounded(top * available / most, branch.rounding),
        )

    def _shared(self, branch: m.Branch, counted: list[m.TreeNode]) -> list[m.TreeNode]:
        """Return the children that share their points, if any gives its own away."""

        def policy(node: m.TreeNode) -> m.NaPolicy | None:
            return node.applies.policy if node.applies else None

        if not any(policy(node) is m.NaPolicy.REDISTRIBUTE for node in counted):
            return []
        return [
            node
            for node in counted
            if policy(node) in (None, m.NaPolicy.REDISTRIBUTE) and self._most(node) > 0
        ]

    def _most(self, node: m.TreeNode) -> Fraction:
        """Return the points that a criterion can have by the profile."""
        if node.factor is not None:
            plain = self._most(evolve(node, factor=None))
            return max(self._times(node, plain, case.value) for case in node.factor.cases)
        if isinstance(node, m.Leaf):
            return max(node.points, Fraction(0))
        counted = [c for c in node.children if c.requirement is not m.Requirement.ADVISORY]
        most = [self._most(child) for child in counted]
        match node.combine:
            case scorings.Combination.BEST_OF:
                top = max(most)
            case scorings.Combination.WORST_OF:
                top = min(most)
            case scorings.Combination.WEIGHTED_MEAN:
                assert node.rounding is not None
                weights = sum(child.weight for child in counted)
                weighted = zip(counted, most, strict=True)
                total = sum((c.weight * x for c, x in weighted), Fraction(0))
                top = rounded(total / weights, node.rounding)
            case _:
                top = sum(most, Fraction(0))
        return top if node.cap is None else min(top, node.cap)

    def _combine(self, branch: m.Branch, counted: list[m.TreeNode]) -> tuple[Fraction, Fraction]:
        points = [self.points[n.id] for n in counted]
        available = [self.available[n.id] for n in counted]
        match branch.combine:
            case scorings.Combination.SUM:
                shared = self._shared(branch, counted)
                if not shared:
                    return sum(points, Fraction(0)), sum(available, Fraction(0))
                gone = [n for n in shared if n.applies and not self.kept[n.id]]
                parts = [(n, *self.inner[n.id], self._most(n)) for n in shared if n not in gone]
                top = sum((self._most(n) for n in shared), Fraction(0))
                first, second = self._together(branch, parts, top, top)
                others = [n for n in counted if n not in shared]
                return (
                    first + sum((self.points[n.id] for n in others), Fraction(0)),
                    second + sum((self.available[n.id] for n in others), Fraction(0)),
                )
            case scorings.Combination.ALL_OR_NOTHING:
                all_met = all(self.met[n.id] or not self.applies[n.id] for n in counted)
                return (sum(points, Fraction(0)) if all_met else Fraction(0)), sum(
                    available, Fraction(0)
                )
            case scorings.Combination.BEST_OF:
                kept = [n for n in counted if self.kept[n.id]]
                if not kept:
                    return Fraction(0), Fraction(0)
                return max(self.points[n.id] for n in kept), max(self.available[n.id] for n in kept)
            case scorings.Combination.WORST_OF:
                kept = [n for n in counted if self.kept[n.id]]
                if not kept:
                    return Fraction(0), Fraction(0)
                return min(self.points[n.id] for n in kept), min(self.available[n.id] for n in kept)
            case scorings.Combination.WEIGHTED_MEAN:
                left_out = self._left_out(branch, counted)
                parts = [
                    (n, n.weight * self.points[n.id], n.weight * self.available[n.id], n.weight)
                    for n in counted
                    if self.kept[n.id] and n.id not in left_out
                ]
                if parts:
                    return self._together(branch, parts, Fraction(1), Fraction(0))
                uncapped = evolve(branch, cap=None)
                return self._together(branch, [], Fraction(1), self._most(uncapped))

    def _left_out(self, branch: m.Branch, counted: list[m.TreeNode]) -> set[str]:
        """Return the children that a mean over what is known leaves out at the close."""
        if branch.least_known is None or not self.is_final:
            return set()
        kept = [n for n in counted if self.kept[n.id]]
        judged = [
            Oracle(self.rules, facts, self.as_of, self.shown, self.assumed)
            for facts in self.completions
        ]
        unknown = [n for n in kept if len({one.inner[n.id][0] for one in judged}) > 1]
        weight = sum((n.weight for n in kept), Fraction(0))
        missing = sum((n.weight for n in unknown), Fraction(0))
        if weight - missing < branch.least_known * weight:
            return set()
        return {n.id for n in unknown if not self._rules_are_open(n)}

    def _rules_are_open(self, node: m.TreeNode) -> bool:
        """Whether a threshold that no source shows, or a share of nothing, is read."""
        trees = m.expressions_below(node)
        if ex.asks_unknown(*trees):
            return True
        for value in ex.values_in(*trees):
            try:
                self.number(value)
            except UndefinedError:
                return True
        return any(
            all(n <= 0 for n in self._over_completions(partial(self.number, share.denominator)))
            for share in ex.shares_in(*trees)
        )

    def _is_kept(self, node: m.TreeNode, applies: bool) -> bool:
        """Whether a node counts: not dropped itself, and not everything below it dropped."""
        if not applies:
            assert node.applies is not None
            return node.applies.policy in (m.NaPolicy.FULL, m.NaPolicy.ZERO)
        keeps_points = (scorings.AllAbsent.FULL, scorings.AllAbsent.ZERO)
        if isinstance(node, m.Leaf) or node.all_absent in keeps_points:
            return True
        counted = [c for c in node.children if c.requirement is not m.Requirement.ADVISORY]
        return any(self.kept[child.id] for child in counted or node.children)

    def counted(self, node_id: str) -> Fraction:
        """Return the points of a node; 0 below a criterion whose condition does not hold."""
        return self.points[node_id] if self.inside[node_id] else Fraction(0)

    # Levels

    def _reach(self, branch: m.Branch, within: bool, level: str | None = None) -> None:
        for node in branch.children:
            applies = self.applies[node.id] if level is None else self._applies_for(node.id, level)
            self.inside[node.id] = within
            self.reached[node.id] = within and applies
            if isinstance(node, m.Branch):
                self._reach(node, within and self.holds[node.id], level)

    def _lowest(self) -> Fraction:
        leaves = [
            node
            for node in self.rules.nodes()
            if isinstance(node, m.Leaf)
            and node.points > 0
            and node.requirement is not m.Requirement.ADVISORY
        ]
        judged = [self.judged[node.id] for node in leaves if self.reached[node.id]]
        return min(judged, default=max((node.points for node in leaves), default=Fraction(0)))

    def _barred(self) -> bool:
        for node in self.rules.nodes():
            if not self.reached[node.id] or node.requirement is m.Requirement.ADVISORY:
                continue
            if node.requirement is m.Requirement.MUST and not self.met[node.id]:
                return True
            if node.floor is not None and self.judged[node.id] < node.floor:
                return True
        return False

    def _awarded(self) -> dict[str, list[bool]]:
        met, root = dict(self.met), m.Branch(id="", children=self.rules.criteria)
        awarded: dict[str, list[bool]] = {}
        for rule in self.rules.levels:
            self.met = {node_id: self._met_for(node_id, rule.id) for node_id in met}
            self._reach(root, True, rule.id)
            awarded[rule.id] = [False] * len(self.completions)
            if self._barred():
                continue
            awarded[rule.id] = self._over_completions(partial(self._awards, rule))
            if all(awarded[rule.id]):
                break
        self.met = met
        self._reach(root, True)
        return awarded

    def status_for(self, node_id: str, level: str) -> str:
        """Return what a level finds of a criterion: its status."""
        root = m.Branch(id="", children=self.rules.criteria)
        self._reach(root, True, level)
        is_asked = self.reached[node_id]
        self._reach(root, True)
        if not is_asked:
            return "not_applicable"
        return "met" if self._met_for(node_id, level) else "unmet"

    def status(self, node_id: str) -> str:
        """Return the status of a criterion with marks by level, over all levels that ask for it."""
        statuses = {self.status_for(node_id, rule.id) for rule in self.rules.levels}
        statuses -= {"not_applicable"}
        if not statuses:
            return "not_applicable"
        return statuses.pop() if len(statuses) == 1 else "partial"

    def _awards(self, rule: m.LevelRule) -> bool:
        return self._held_long_enough(rule.requires) and self.truth(rule.when)

    def _held_long_enough(self, requires: m.Prerequisite | None) -> bool:
        if requires is None:
            return True
        if requires.held is not None and not self.facts[requires.held]:
            return requires.binds is m.Binds.HOLDERS
        since = date.fromisoformat(self.facts[requires.since])
        return add_months(since, requires.months) <= self.as_of
