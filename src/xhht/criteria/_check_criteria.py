"""Builds the rules of a file and reports those errors that earlier errors cannot cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from attrs import evolve

from xhht.criteria._check_conditions import UNDETERMINED, ConditionReader
from xhht.criteria._check_definitions import DefinitionReader
from xhht.criteria._check_inputs import MAX_MONTHS
from xhht.criteria._check_scoring import GridChecker, ScoringReader, type_pointer
from xhht.criteria.document import (
    BELOW_CRITERION,
    CriterionEntry,
    IndicatorEntry,
    LevelEntry,
    ProfileDocument,
    RequiresEntry,
    points_on_grid,
)
from xhht.criteria.recovery import CheckContext
from xhht.numbers import Grid, Rounding, decimal_text, finest_step
from xhht.rules import expressions as ex
from xhht.rules import model
from xhht.rules.inputs import Input, InputType
from xhht.rules.parser import Scope
from xhht.rules.scoring import AllAbsent, Combination, RoundingRule
from xhht.text import Text

_REDISTRIBUTE = (
    "redistribute",
    Text(vi="chia lại điểm", en="points redistributed to siblings"),
)


_MOST_FACTOR = 1000


class TreeReader:
    """Builds the rules of one file; reports every error and always returns a usable tree."""

    def __init__(
        self,
        document: ProfileDocument,
        inputs: tuple[Input, ...],
        values: Mapping[str, ex.Dated],
        report: CheckContext,
    ) -> None:
        self._document = document
        self._inputs = {declared.name: declared for declared in inputs}
        self._values = values
        self._report = report
        self._error = report.report_error
        self.pointers: dict[str, str] = {}
        self._ids_are_read = report.is_read("/criteria")
        self._definitions: Mapping[str, ex.Definition] = {}
        grid = document.grid if document.grid is not None else finest_step(self._points())
        self._grid = GridChecker(grid, report)

    def read(self) -> model.Rules:
        """Return the rules; they can be lowered only if no error was reported."""
        self._grid.check_grid()
        self._note_ids(self._document.criteria, "/criteria")
        reader = DefinitionReader(
            self._report, self._scope(in_level=True), all_ids_known=self._ids_are_read
        )
        self._definitions = reader.read(self._document.definitions)
        self._conditions = ConditionReader(self._report, self._scope())
        levels = [level.id for level in self._document.levels]
        self._scorings = ScoringReader(
            self._inputs, self._conditions, self._grid, levels, self._report
        )
        criteria = tuple(
            self._branch(entry, f"/criteria/{index}", Combination.SUM)
            for index, entry in enumerate(self._document.criteria)
        )
        self._check_no_redistribution(criteria, "/criteria")
        self._check_any_counted(criteria, "", "criteria")
        self._check_total(criteria)
        scope = self._scope(in_level=True)
        self._conditions = ConditionReader(self._report, scope, all_ids_known=self._ids_are_read)
        return model.Rules(
            inputs=tuple(self._inputs.values()),
            criteria=criteria,
            levels=self._levels(),
            grid=Grid(self._grid.grid if self._grid.grid > 0 else Fraction(1)),
            values=tuple(self._values.values()),
            at_close=self._document.at_close.missing if self._document.at_close else None,
            definitions=tuple(self._definitions.values()),
        )

    def _scope(self, *, in_level: bool = False) -> Scope:
        return Scope(
            self._inputs,
            tuple(self.pointers) if in_level else (),
            in_level=in_level,
            suggest=self._report.suggest,
            values=self._values,
            definitions=self._definitions,
            budget=self._report.budget,
        )

    def _entries(self) -> Iterator[CriterionEntry | IndicatorEntry]:
        stack: list[CriterionEntry | IndicatorEntry] = list(self._document.criteria)
        while stack:
            entry = stack.pop()
            yield entry
            if isinstance(entry, CriterionEntry):
                stack += [*(entry.criteria or ()), *(entry.indicators or ())]

    def _is_undetermined(self, pointer: str) -> bool:
        return pointer in self._report.undetermined_conditions

    def _condition_of(self, condition: ex.Condition, pointer: str) -> ex.Condition:
        """Return the condition for the rules: `UNDETERMINED` if it is undetermined."""
        return UNDETERMINED if self._is_undetermined(pointer) else condition

    # Numbers on the grid

    def _points(self) -> Iterator[Fraction]:
        """Yield every number of points in the file outside conditions."""
        for entry in self._entries():
            yield from points_on_grid(entry)
            if isinstance(entry, IndicatorEntry) and entry.assessed in self._inputs:
                yield self._inputs[entry.assessed].step
            if entry.factor and entry.rounding is None and isinstance(entry, IndicatorEntry):
                yield from self._products(entry)

    def _products(self, entry: IndicatorEntry) -> Iterator[Fraction]:
        """Yield the points that an indicator gives and their steps, multiplied by its factors."""
        numbers = [*points_on_grid(evolve(entry, floor=None))]
        if entry.assessed in self._inputs:
            numbers.append(self._inputs[entry.assessed].step)
        for factor in entry.factor or ():
            yield from (number * factor.value for number in numbers)

    def _check_total(self, criteria: tuple[model.TreeNode, ...]) -> None:
        points = [abs(leaf.points) for node in criteria for leaf in _leaves(node)]
        any_single = any(map(self._grid.is_too_long, points))
        if (
            self._grid.grid > 0
            and not any_single
            and self._grid.is_too_long(sum(points, Fraction(0)))
        ):
            self._error("XH302", "/criteria", "/criteria")

    # Criteria

    def _note_ids(self, entries: tuple[CriterionEntry | IndicatorEntry, ...], pointer: str) -> None:
        for index, entry in enumerate(entries):
            place = f"{pointer}/{index}"
            keys = ("id", "criteria", "indicators")
            if not all(self._report.is_read(f"{place}/{key}") for key in keys):
                self._ids_are_read = False
            if entry.id in self.pointers:
                first = self._report.mark(self.pointers[entry.id]).line
                self._error("XH220", f"{place}/id", id=entry.id, line=first)
            elif self._report.is_read(f"{place}/id"):
                self.pointers[entry.id] = place
            if isinstance(entry, CriterionEntry):
                self._note_ids(entry.criteria or (), f"{place}/criteria")
                self._note_ids(entry.indicators or (), f"{place}/indicators")

    def _branch(self, entry: CriterionEntry, pointer: str, above: Combination) -> model.Branch:
        self._check_one_kind_below(entry, pointer)
        children: tuple[model.TreeNode, ...] = tuple(
            self._branch(below, f"{pointer}/criteria/{index}", entry.combine)
            for index, below in enumerate(entry.criteria or ())
        ) + tuple(
            self._leaf(below, f"{pointer}/indicators/{index}", entry.combine)
            for index, below in enumerate(entry.indicators or ())
        )
        key = "indicators" if entry.criteria is None else "criteria"
        self._check_any_counted(children, pointer, key)
        rounding = self._grid.rounding(entry.rounding, f"{pointer}/rounding")
        shared = self._check_sharing(entry, children, pointer, key, rounding)
        self._grid.check_points(entry.cap, f"{pointer}/cap")
        if shared and rounding is None:
            rounding = RoundingRule(Fraction(1), Rounding.HALF_UP)
        branch = model.Branch(
            id=entry.id,
            children=children,
            combine=entry.combine,
            rounding=rounding,
            all_absent=entry.all_absent,
            cap=entry.cap,
            not_below=entry.not_below,
            least_known=self._least_known(entry, pointer),
            requirement=entry.requirement,
            floor=entry.floor,
            applies=self._applicability(entry, pointer),
            weight=self._weight(entry, pointer, above),
        )
        if entry.points is not None and entry.points != _maximum(branch):
            self._error(
                "XH321",
                f"{pointer}/points",
                pointer,
                found=decimal_text(entry.points),
                sum=decimal_text(_maximum(branch)),
            )
        self._check_floor(entry, pointer, _maximum(branch), pointer)
        self._check_not_below(entry, branch, pointer)
        return evolve(branch, factor=self._factor(entry, branch, pointer, rounding))

    def _check_not_below(self, entry: CriterionEntry, branch: model.Branch, pointer: str) -> None:
        lowest, place = entry.not_below, f"{pointer}/not_below"
        if lowest is None:
            return
        self._grid.check_points(lowest, place)
        if lowest >= _maximum(branch):
            points = decimal_text(_maximum(branch))
            self._error("XH379", place, pointer, found=decimal_text(lowest), points=points)
        elif lowest <= _minimum(evolve(branch, not_below=None)):
            self._error("XH314", place, pointer, key="not_below")
        elif entry.floor is not None and entry.floor <= lowest:
            points, floor = decimal_text(lowest), decimal_text(entry.floor)
            self._error("XH380", f"{pointer}/floor", place, found=floor, points=points)

    def _least_known(self, entry: CriterionEntry, pointer: str) -> Fraction | None:
        if entry.least_known is None:
            return None
        place = f"{pointer}/least_known"
        if not entry.combine.rule.is_weighted or self._document.at_close is None:
            self._error("XH384", place, f"{pointer}/combine", "/at_close")
            return None
        share = Fraction(entry.least_known.removesuffix("%")) / 100
        if share <= 0:
            self._error("XH364", place)
            return None
        return share

    def _check_any_counted(self, nodes: tuple[model.TreeNode, ...], pointer: str, key: str) -> None:
        """Check that at least one child is not advisory."""
        if not nodes or any(c.requirement is not model.Requirement.ADVISORY for c in nodes):
            return
        place = f"{pointer}/{key}"
        requirements = (f"{place}/{index}/requirement" for index in range(len(nodes)))
        self._error("XH324", place, *requirements)
        self._report.mark_placeholder(place)  # later checks would concern an empty branch

    def _check_one_kind_below(self, entry: CriterionEntry, pointer: str) -> None:
        keys = BELOW_CRITERION
        given = [key for key in keys if getattr(entry, key) is not None]
        if len(given) != 1:
            needs = (f"{pointer}/{key}" for key in keys if not given)
            self._error("XH122", pointer, *needs, keys=", ".join(keys))

    def _leaf(self, entry: IndicatorEntry, pointer: str, above: Combination) -> model.Leaf:
        self._grid.check_points(entry.points, f"{pointer}/points")
        leaf = model.Leaf(
            id=entry.id,
            points=entry.points,
            scoring=self._scorings.scoring(entry, pointer),
            requirement=entry.requirement,
            floor=entry.floor,
            applies=self._applicability(entry, pointer),
            weight=self._weight(entry, pointer, above),
        )
        maximum = max(entry.points, Fraction(0))
        self._check_floor(entry, pointer, maximum, f"{pointer}/points")
        rounding = self._grid.rounding(entry.rounding, f"{pointer}/rounding")
        if rounding is not None and entry.factor is None:
            self._error("XH314", f"{pointer}/rounding", f"{pointer}/factor", key="rounding")
        return evolve(leaf, factor=self._factor(entry, leaf, pointer, rounding))

    def _factor(
        self,
        entry: CriterionEntry | IndicatorEntry,
        node: model.TreeNode,
        pointer: str,
        rounding: RoundingRule | None,
    ) -> model.Factor | None:
        """Return by what the points of a criterion are multiplied; `node` has no factor yet."""
        if entry.factor is None:
            return None
        place = f"{pointer}/factor"
        cases = []
        for index, item in enumerate(entry.factor):
            at, when = f"{place}/{index}", None
            if item.when is not None:
                when = self._condition_of(
                    self._conditions.condition(item.when, f"{at}/when"), f"{at}/when"
                )
            if not 0 < item.value <= _MOST_FACTOR:
                self._error("XH317", f"{at}/value")
            cases.append(model.FactorCase(when, item.value))
        is_total = [case.when is None for case in cases]
        if is_total != [*([False] * (len(cases) - 1)), True]:
            whens = (f"{place}/{index}/when" for index in range(len(cases)))
            self._error("XH382", place, *whens)
        elif _maximum(node) == _minimum(node) == 0:
            self._error("XH383", place, pointer)
        else:
            self._check_products(entry, cases, pointer)
        return model.Factor(tuple(cases), rounding) if cases else None

    def _check_products(
        self, entry: CriterionEntry | IndicatorEntry, cases: list[model.FactorCase], pointer: str
    ) -> None:
        if entry.rounding is not None or self._grid.grid <= 0:
            return
        if isinstance(entry, IndicatorEntry):
            products = [*self._products(entry)]
            is_off = any((product / self._grid.grid).denominator != 1 for product in products)
        else:
            is_off = any(case.value.denominator != 1 for case in cases)
        if is_off:
            grid = decimal_text(self._grid.grid)
            self._error("XH381", f"{pointer}/factor", f"{pointer}/rounding", pointer, grid=grid)

    def _weight(
        self, entry: CriterionEntry | IndicatorEntry, pointer: str, above: Combination
    ) -> Fraction:
        if entry.weight is None:
            return Fraction(1)
        if not above.rule.is_weighted:
            combine = f"{pointer.rsplit('/', 2)[0]}/combine"
            self._error("XH314", f"{pointer}/weight", combine, key="weight")
        if entry.weight <= 0:
            self._error("XH317", f"{pointer}/weight")
            return Fraction(1)
        return entry.weight

    def _check_floor(
        self, entry: CriterionEntry | IndicatorEntry, pointer: str, maximum: Fraction, source: str
    ) -> None:
        if entry.floor is None:
            return
        self._grid.check_points(entry.floor, f"{pointer}/floor")
        if entry.floor > maximum:
            self._error(
                "XH308",
                f"{pointer}/floor",
                source,
                found=decimal_text(entry.floor),
                points=decimal_text(maximum),
            )
        if entry.requirement is model.Requirement.ADVISORY:
            self._error("XH322", f"{pointer}/floor", f"{pointer}/requirement")

    # Applicability

    def _applicability(
        self, entry: CriterionEntry | IndicatorEntry, pointer: str
    ) -> model.Applicability | None:
        if entry.applies_when is None:
            if entry.na_policy is not None:
                self._report_missing(pointer, "na_policy", "applies_when")
            return None
        condition = self._conditions.condition(entry.applies_when, f"{pointer}/applies_when")
        if entry.na_policy is None:
            self._report_missing(pointer, "applies_when", "na_policy")
            return None
        condition = self._condition_of(condition, f"{pointer}/applies_when")
        return model.Applicability(condition, entry.na_policy)

    def _report_missing(self, pointer: str, given: str, missing: str) -> None:
        self._error("XH316", pointer, f"{pointer}/{missing}", given=given, missing=missing)

    # What siblings share

    def _check_sharing(
        self,
        entry: CriterionEntry,
        nodes: tuple[model.TreeNode, ...],
        pointer: str,
        key: str,
        rounding: RoundingRule | None,
    ) -> tuple[model.TreeNode, ...]:
        """Return the children that share points or weight; check what that requires."""
        counted = tuple(node for node in nodes if _counts(node))
        if entry.combine.rule.is_weighted:
            self._check_no_redistribution(nodes, f"{pointer}/{key}", f"{pointer}/combine")
            shared, reason = counted, (entry.combine.value, entry.combine.rule.label)
        else:
            shared, reason = self._redistributed(entry, nodes, f"{pointer}/{key}"), _REDISTRIBUTE
        places = [f"{pointer}/{key}", f"{pointer}/combine"]
        for index in range(len(nodes)):
            places += [f"{pointer}/{key}/{index}/{name}" for name in ("applies_when", "na_policy")]
        if shared and entry.rounding is None:
            what, meaning = reason
            place = f"{pointer}/rounding"
            self._error("XH303", pointer, place, what=what, meaning=meaning, key="rounding")
        if not shared and entry.rounding is not None and entry.factor is None:
            self._error("XH314", f"{pointer}/rounding", *places, key="rounding")
        total = sum(map(_maximum, shared), Fraction(0))
        is_sum = not entry.combine.rule.is_weighted
        if is_sum and rounding and (total / rounding.step).denominator != 1:
            points = {"points": decimal_text(total), "step": decimal_text(rounding.step)}
            self._error("XH312", f"{pointer}/rounding", pointer, **points)
        may_be_absent = bool(shared) and all(
            _may_be_left_out(node) and (not is_sum or node.applies is not None) for node in shared
        )
        if may_be_absent and entry.all_absent is None:
            self._error("XH376", pointer, f"{pointer}/all_absent", *places)
        if not may_be_absent and entry.all_absent is not None:
            self._error("XH314", f"{pointer}/all_absent", *places, key="all_absent")
        return shared

    def _redistributed(
        self, entry: CriterionEntry, nodes: tuple[model.TreeNode, ...], pointer: str
    ) -> tuple[model.TreeNode, ...]:
        """Return the children between which `redistribute` shares points; check that they can."""
        if not any(map(_gives, nodes)):
            return ()
        if not entry.combine.rule.is_plain_sum:
            self._check_no_redistribution(nodes, pointer, f"{pointer.rpartition('/')[0]}/combine")
            return ()
        shared = []
        for index, node in enumerate(nodes):
            place = f"{pointer}/{index}"
            takes_part = node.applies is None or _gives(node)
            if _gives(node) and (not _counts(node) or _maximum(node) <= 0):
                sources = (f"{place}/{key}" for key in ("points", "requirement"))
                self._error("XH377", place, place, *sources)
            elif takes_part and _counts(node) and _maximum(node) > 0:
                shared.append(node)
                if _may_exceed_maximum(node):
                    self._error("XH325", place)
                if _minimum(node) < 0:
                    self._error("XH378", place, place)
        return tuple(shared)

    def _check_no_redistribution(
        self, nodes: tuple[model.TreeNode, ...], pointer: str, *sources: str
    ) -> None:
        for index, node in enumerate(nodes):
            if _gives(node):
                place = f"{pointer}/{index}"
                self._error("XH375", place, f"{place}/na_policy", *sources)

    # Levels

    def _levels(self) -> tuple[model.LevelRule, ...]:
        seen: list[str] = []
        rules = []
        for index, entry in enumerate(self._document.levels):
            pointer = f"/levels/{index}"
            if entry.id in seen:
                self._error("XH222", f"{pointer}/id", id=entry.id)
            seen.append(entry.id)
            when = self._conditions.condition(entry.when, f"{pointer}/when")
            self._check_level(when, f"{pointer}/when")
            if not 0 <= (entry.validity_months or 0) <= MAX_MONTHS:
                self._error("XH317", f"{pointer}/validity_months")
            requires = self._requires(entry, index, pointer)
            rules.append(
                model.LevelRule(entry.id, self._condition_of(when, f"{pointer}/when"), requires)
            )
        return tuple(rules)

    def _check_level(self, when: ex.Condition, pointer: str) -> None:
        has_drop = any(
            entry.na_policy is model.NaPolicy.DROP
            or getattr(entry, "all_absent", None) is AllAbsent.DROP
            for entry in self._entries()
        )
        if has_drop and any(isinstance(part, ex.AllPoints) for part in ex.walk(when)):
            self._error("XH307", pointer)

    def _requires(self, entry: LevelEntry, index: int, pointer: str) -> model.Prerequisite | None:
        rule = entry.requires
        if rule is None:
            return None
        lower = [level.id for level in self._document.levels[index + 1 :]]
        if rule.level not in lower:
            hint = self._report.suggest(rule.level, lower)
            ids = (f"/levels/{below}/id" for below in range(len(self._document.levels)))
            self._error("XH231", f"{pointer}/requires/level", *ids, found=rule.level, hint=hint)
        declared = self._inputs.get(rule.since)
        if declared is None or declared.kind is not InputType.DATE:
            if self._report.is_read("/inputs"):
                since = f"{pointer}/requires/since"
                dates = [item.name for item in self._inputs.values() if item.kind is InputType.DATE]
                hint = self._report.suggest(rule.since, dates) if declared is None else None
                self._error("XH232", since, type_pointer(rule.since), found=rule.since, hint=hint)
            return None
        if not 0 <= rule.months <= MAX_MONTHS:
            self._error("XH317", f"{pointer}/requires/months")
            return None
        if not self._check_held(rule, f"{pointer}/requires"):
            return None
        self._check_own_inputs(rule, index, f"{pointer}/requires")
        return model.Prerequisite(rule.level, rule.months, rule.since, rule.held, rule.binds)

    def _check_own_inputs(self, rule: RequiresEntry, index: int, pointer: str) -> None:
        """Check that no better level asks of another lower level by the same inputs."""
        for number, better in enumerate(self._document.levels[:index]):
            other = better.requires
            if other is None or other.level == rule.level:
                continue
            for key in ("held", "since"):
                name = getattr(rule, key)
                if name is not None and name == getattr(other, key):
                    stated = {"name": name, "level": rule.level, "other": other.level}
                    first = f"/levels/{number}/requires/{key}"
                    self._error("XH357", f"{pointer}/{key}", first, **stated)

    def _check_held(self, rule: RequiresEntry, pointer: str) -> bool:
        """Check the input that says whether the lower level is held."""
        if rule.held is None:
            if rule.binds is model.Binds.HOLDERS:
                self._error("XH356", f"{pointer}/binds", f"{pointer}/held")
            return rule.binds is not model.Binds.HOLDERS
        declared = self._inputs.get(rule.held)
        if declared is not None and declared.kind is InputType.BOOL:
            return True
        if self._report.is_read("/inputs"):
            truths = [item.name for item in self._inputs.values() if item.kind is InputType.BOOL]
            hint = self._report.suggest(rule.held, truths) if declared is None else None
            place = f"{pointer}/held"
            self._error("XH355", place, type_pointer(rule.held), found=rule.held, hint=hint)
        return False


def _leaves(node: model.TreeNode) -> Iterator[model.Leaf]:
    if isinstance(node, model.Leaf):
        yield node
    else:
        for child_node in node.children:
            yield from _leaves(child_node)


def _maximum(node: model.TreeNode) -> Fraction:
    """Return the maximum points of a criterion, without redistributed points."""
    own = _own_maximum(node)
    return own if node.factor is None else node.factor.ends(own)[1]


def _own_maximum(node: model.TreeNode) -> Fraction:
    """Return the maximum points of a criterion before its factor."""
    if isinstance(node, model.Leaf):
        return max(node.points, Fraction(0))
    children = [
        (child.weight, _maximum(child))
        for child in node.children
        if child.requirement is not model.Requirement.ADVISORY
    ]
    if not children:
        return Fraction(0)
    maximum = node.combine.rule.maximum(children, node.rounding)
    return maximum if node.cap is None else min(maximum, node.cap)


def _counts(node: model.TreeNode) -> bool:
    """Return whether the points of a criterion count in the branch above."""
    return node.requirement is not model.Requirement.ADVISORY


def _gives(node: model.TreeNode) -> bool:
    """Return whether the siblings take the points of a criterion that does not apply."""
    return node.applies is not None and node.applies.policy is model.NaPolicy.REDISTRIBUTE


def _may_be_left_out(node: model.TreeNode) -> bool:
    """Return whether a criterion may be left out of the branch above: itself, or all below it."""
    policy = node.applies.policy if node.applies else None
    if policy in (model.NaPolicy.DROP, model.NaPolicy.REDISTRIBUTE):
        return True
    if isinstance(node, model.Leaf) or node.all_absent in (AllAbsent.FULL, AllAbsent.ZERO):
        return False
    return all(_may_be_left_out(child) for child in node.children if _counts(child))


def _minimum(node: model.TreeNode) -> Fraction:
    """Return a lower bound of the points of a criterion."""
    own = _own_minimum(node)
    return own if node.factor is None else node.factor.ends(own)[0]


def _own_minimum(node: model.TreeNode) -> Fraction:
    if isinstance(node, model.Leaf):
        return min(node.points, Fraction(0))
    total = sum((_minimum(child) for child in node.children if _counts(child)), Fraction(0))
    return total if node.not_below is None else max(total, min(node.not_below, Fraction(0)))


def _may_exceed_maximum(node: model.TreeNode) -> bool:
    """Return whether a criterion, here or below, can grow when a child is left out."""
    if isinstance(node, model.Leaf) or not _counts(node):
        return False
    counted = [child for child in node.children if _counts(child)]
    may_grow = (
        node.combine.rule.may_grow_when_dropped
        and (node.least_known is not None or any(map(_may_be_left_out, counted)))
        and len({_maximum(child) for child in counted}) > 1
    )
    return may_grow or any(map(_may_exceed_maximum, counted))
