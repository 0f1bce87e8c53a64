"""Parses the conditions of a file and reports those errors that earlier errors cannot cause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from xhht.criteria._check_inputs import MAX_MONTHS
from xhht.criteria.document import (
    BELOW_CRITERION,
    SCORINGS,
    CriterionEntry,
    Expression,
    IndicatorEntry,
    LevelEntry,
    ProfileDocument,
    ProportionalEntry,
    RoundingEntry,
)
from xhht.criteria.recovery import CheckContext, unreliable_names
from xhht.criteria.yaml_nodes import child
from xhht.numbers import (
    MAX_DIGITS,
    Grid,
    Rounding,
    decimal_places,
    decimal_text,
    finest_step,
    round_ratio,
)
from xhht.rules import expressions as ex
from xhht.rules.inputs import Input, InputType
from xhht.rules.model import (
    Applicability,
    Assessed,
    Band,
    Bands,
    Branch,
    Combination,
    Leaf,
    LevelRule,
    MetWhen,
    NaPolicy,
    PerItem,
    Prerequisite,
    Proportional,
    Requirement,
    RoundingRule,
    Rules,
    Scoring,
    TreeNode,
)
from xhht.rules.parser import ConditionIssue, Scope, parse_condition, parse_number
from xhht.text import Text

UNDETERMINED = ex.Unknown()


"""The placeholder for a condition with an error."""


_WORD = re.compile(r"[a-z][a-z0-9_]*")


_SYNTAX_ERRORS = {"XH201", "XH203", "XH206", "XH210", "XH211", "XH212", "XH214"}


class ConditionReader:
    """Reads conditions and numbers in one scope.

    With `all_ids_known`, the scope names every criterion of the file.
    """

    def __init__(self, report: CheckContext, scope: Scope, *, all_ids_known: bool = True) -> None:
        self._report = report
        self._scope = scope
        self._all_ids_known = all_ids_known
        self._doubtful_values = unreliable_names(report, "values")
        self._doubtful = unreliable_names(report, "inputs") | self._doubtful_values

    def condition(self, text: Expression, pointer: str) -> ex.Condition:
        """Return the condition at `pointer`, or `UNDETERMINED` if it has an error."""
        condition, faults = parse_condition(text, self._scope)
        self._report_faults(faults, text, pointer)
        self._note_undetermined(condition, text, pointer)
        return UNDETERMINED if condition is None else condition

    def number(self, text: Expression, pointer: str) -> ex.Number | None:
        """Return the number at `pointer`, or None if it has an error."""
        number, faults = parse_number(text, self._scope)
        self._report_faults(faults, text, pointer)
        self._note_undetermined(number, text, pointer)
        return number

    def _note_undetermined(self, tree: object, text: Expression, pointer: str) -> None:
        """Remember an expression as undetermined if it, or a name in it, has an error."""
        parts = tuple(ex.walk(tree))
        too_long = any(
            isinstance(part, ex.Constant) and len(str(part.value)) > 2 * MAX_DIGITS
            for part in parts
        )
        if too_long:
            self._report.report_error("XH302", pointer)
        names = {*ex.input_names(tree), *(value.name for value in ex.values_in(tree))}
        if tree is None or too_long or not self._doubtful.isdisjoint(names):
            self._report.undetermined_conditions[pointer] = _WORD.findall(text)

    def _report_faults(
        self, faults: tuple[ConditionIssue, ...], text: Expression, pointer: str
    ) -> None:
        if not self._report.is_read(pointer):
            return
        scalar = self._report.expressions[pointer]
        for fault in faults:
            if self._is_certain(fault, text):
                mark = scalar.mark_at(fault.offset)
                self._report.sink.add(fault.code, mark, pointer, **fault.values)

    def _is_certain(self, fault: ConditionIssue, text: Expression) -> bool:
        """Return whether a fault is independent of the values that could not be read."""
        is_read = self._report.is_read
        if fault.code in _SYNTAX_ERRORS:
            return True
        if fault.code == "XH208":
            return self._all_ids_known
        return (is_read("/inputs") and is_read("/values")) and (
            fault.code == "XH202" or all(self._kind_is_read(name) for name in _WORD.findall(text))
        )

    def _kind_is_read(self, name: str) -> bool:
        if name in self._doubtful_values:
            return False
        pointer = child("/inputs", name)
        return all(self._report.is_read(f"{pointer}/{key}") for key in ("type", "choices"))


_MAX_REDISTRIBUTED = 6


_WEIGHTED_MEAN = Text(vi="trung bình có trọng số", en="weighted mean")


_REDISTRIBUTE = Text(vi="chia lại điểm", en="points redistributed to siblings")


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
        self._fault = report.report_error
        self.pointers: dict[str, str] = {}
        self._ids_are_read = report.is_read("/criteria")
        self._doubtful = unreliable_names(report, "inputs")
        scope = Scope(self._inputs, suggest=report.suggest, values=values)
        self._conditions = ConditionReader(report, scope)
        self.grid = document.grid if document.grid is not None else finest_step(self._points())

    def read(self) -> Rules:
        """Return the rules; they can be lowered only if no error was reported."""
        self._check_grid()
        self._note_ids(self._document.criteria, "/criteria")
        criteria = tuple(
            self._branch(entry, f"/criteria/{at}", Combination.SUM)
            for at, entry in enumerate(self._document.criteria)
        )
        self._check_redistribution(self._document.criteria, criteria, "/criteria", Combination.SUM)
        self._check_any_counted(criteria, "", "criteria")
        self._check_total(criteria)
        scope = Scope(
            self._inputs,
            tuple(self.pointers),
            in_level=True,
            suggest=self._report.suggest,
            values=self._values,
        )
        self._conditions = ConditionReader(self._report, scope, all_ids_known=self._ids_are_read)
        return Rules(
            inputs=tuple(self._inputs.values()),
            criteria=criteria,
            levels=self._levels(),
            grid=Grid(self.grid if self.grid > 0 else Fraction(1)),
            values=tuple(self._values.values()),
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
            roundings = [entry.na_rounding]
            numbers = [entry.points, entry.floor]
            if isinstance(entry, CriterionEntry):
                numbers.append(entry.cap)
                roundings.append(entry.rounding)
            else:
                numbers += [band.points for band in entry.bands or ()]
                numbers.append(entry.per_item.each if entry.per_item else None)
                roundings.append(entry.proportional.rounding if entry.proportional else None)
                declared = self._inputs.get(entry.assessed or "")
                numbers.append(declared.step if declared else None)
            numbers += [rounding.step for rounding in roundings if rounding]
            yield from (number for number in numbers if number is not None)

    def _check_grid(self) -> None:
        if self.grid <= 0 or decimal_places(self.grid) is None:
            self._fault("XH317", "/grid")

    def _check_points(self, number: Fraction | None, pointer: str) -> None:
        if number is None or self.grid <= 0:
            return
        if (number / self.grid).denominator != 1:
            self._fault("XH301", pointer, found=decimal_text(number), grid=decimal_text(self.grid))
        too_long = len(decimal_text(abs(number)).replace(".", "")) > MAX_DIGITS - 3
        if too_long or self._is_too_long(number):
            self._fault("XH302", pointer)

    def _is_too_long(self, number: Fraction) -> bool:
        """Return whether results with this many points may exceed the supported digits."""
        return abs(number) >= Fraction(10**MAX_DIGITS) * self.grid

    def _check_total(self, criteria: tuple[TreeNode, ...]) -> None:
        points = [abs(leaf.points) for node in criteria for leaf in _leaves(node)]
        any_single = any(map(self._is_too_long, points))
        if self.grid > 0 and not any_single and self._is_too_long(sum(points, Fraction(0))):
            self._fault("XH302", "/criteria", "/criteria")

    def _rounding(self, entry: RoundingEntry | None, pointer: str) -> RoundingRule | None:
        if entry is None:
            return None
        if entry.step <= 0:
            self._fault("XH317", f"{pointer}/step")
            return None
        self._check_points(entry.step, f"{pointer}/step")
        return RoundingRule(entry.step, entry.mode)

    # Criteria

    def _note_ids(self, entries: tuple[CriterionEntry | IndicatorEntry, ...], pointer: str) -> None:
        for at, entry in enumerate(entries):
            place = f"{pointer}/{at}"
            keys = ("id", "criteria", "indicators")
            if not all(self._report.is_read(f"{place}/{key}") for key in keys):
                self._ids_are_read = False
            if entry.id in self.pointers:
                first = self._report.mark(self.pointers[entry.id]).line
                self._fault("XH220", f"{place}/id", id=entry.id, line=first)
            elif self._report.is_read(f"{place}/id"):
                self.pointers[entry.id] = place
            if isinstance(entry, CriterionEntry):
                self._note_ids(entry.criteria or (), f"{place}/criteria")
                self._note_ids(entry.indicators or (), f"{place}/indicators")

    def _branch(self, entry: CriterionEntry, pointer: str, above: Combination) -> Branch:
        self._check_one_kind_below(entry, pointer)
        children: tuple[TreeNode, ...] = tuple(
            self._branch(below, f"{pointer}/criteria/{at}", entry.combine)
            for at, below in enumerate(entry.criteria or ())
        ) + tuple(
            self._leaf(below, f"{pointer}/indicators/{at}", entry.combine)
            for at, below in enumerate(entry.indicators or ())
        )
        below = entry.indicators if entry.criteria is None else entry.criteria
        key = "indicators" if entry.criteria is None else "criteria"
        self._check_redistribution(below or (), children, f"{pointer}/{key}", entry.combine)
        self._check_any_counted(children, pointer, key)
        rounding = self._rounding(entry.rounding, f"{pointer}/rounding")
        is_mean = entry.combine is Combination.WEIGHTED_MEAN
        if is_mean and entry.rounding is None:
            self._fault(
                "XH303",
                pointer,
                f"{pointer}/rounding",
                what="weighted_mean",
                meaning=_WEIGHTED_MEAN,
                key="rounding",
            )
        if not is_mean and entry.rounding is not None:
            self._fault("XH314", f"{pointer}/rounding", f"{pointer}/combine", key="rounding")
        self._check_points(entry.cap, f"{pointer}/cap")
        if is_mean and rounding is None:
            rounding = RoundingRule(Fraction(1), Rounding.HALF_UP)
        branch = Branch(
            id=entry.id,
            children=children,
            combine=entry.combine,
            rounding=rounding,
            cap=entry.cap,
            requirement=entry.requirement,
            floor=entry.floor,
            applies=self._applicability(entry, pointer),
            weight=self._weight(entry, pointer, above),
        )
        if entry.points is not None and entry.points != _maximum(branch):
            self._fault(
                "XH321",
                f"{pointer}/points",
                pointer,
                found=decimal_text(entry.points),
                sum=decimal_text(_maximum(branch)),
            )
        self._check_floor(entry, pointer, _maximum(branch), pointer)
        return branch

    def _check_any_counted(self, children: tuple[TreeNode, ...], pointer: str, key: str) -> None:
        """Check that at least one child is not advisory."""
        if not children or any(c.requirement is not Requirement.ADVISORY for c in children):
            return
        place = f"{pointer}/{key}"
        requirements = (f"{place}/{at}/requirement" for at in range(len(children)))
        self._fault("XH324", place, *requirements)
        self._report.mark_placeholder(place)  # later checks would concern an empty branch

    def _check_one_kind_below(self, entry: CriterionEntry, pointer: str) -> None:
        keys = BELOW_CRITERION
        given = [key for key in keys if getattr(entry, key) is not None]
        if len(given) != 1:
            needs = (f"{pointer}/{key}" for key in keys if not given)
            self._fault("XH122", pointer, *needs, keys=", ".join(keys))

    def _leaf(self, entry: IndicatorEntry, pointer: str, above: Combination) -> Leaf:
        self._check_points(entry.points, f"{pointer}/points")
        leaf = Leaf(
            id=entry.id,
            points=entry.points,
            scoring=self._scoring(entry, pointer),
            requirement=entry.requirement,
            floor=entry.floor,
            applies=self._applicability(entry, pointer),
            weight=self._weight(entry, pointer, above),
        )
        maximum = max(entry.points, Fraction(0))
        self._check_floor(entry, pointer, maximum, f"{pointer}/points")
        return leaf

    def _weight(
        self, entry: CriterionEntry | IndicatorEntry, pointer: str, above: Combination
    ) -> Fraction:
        if entry.weight is None:
            return Fraction(1)
        if above is not Combination.WEIGHTED_MEAN:
            combine = f"{pointer.rsplit('/', 2)[0]}/combine"
            self._fault("XH314", f"{pointer}/weight", combine, key="weight")
        if entry.weight <= 0:
            self._fault("XH317", f"{pointer}/weight")
            return Fraction(1)
        return entry.weight

    def _check_floor(
        self, entry: CriterionEntry | IndicatorEntry, pointer: str, maximum: Fraction, source: str
    ) -> None:
        if entry.floor is None:
            return
        self._check_points(entry.floor, f"{pointer}/floor")
        if entry.floor > maximum:
            self._fault(
                "XH308",
                f"{pointer}/floor",
                source,
                found=decimal_text(entry.floor),
                points=decimal_text(maximum),
            )
        if entry.requirement is Requirement.ADVISORY:
            self._fault("XH322", f"{pointer}/floor", f"{pointer}/requirement")

    def _scoring(self, entry: IndicatorEntry, pointer: str) -> Scoring:
        given = [key for key in SCORINGS if getattr(entry, key) is not None]
        if len(given) != 1:
            code = "XH122" if given else "XH123"
            needs = (f"{pointer}/{key}" for key in SCORINGS if not given)
            self._fault(code, pointer, *needs, keys=", ".join(given or SCORINGS))
            return MetWhen(UNDETERMINED)
        if given != ["met_when"] and entry.points == 0:
            self._fault("XH311", pointer, f"{pointer}/points", key=given[0])
        place = f"{pointer}/{given[0]}"
        if entry.met_when is not None:
            when = self._conditions.condition(entry.met_when, place)
            return MetWhen(self._condition_of(when, place))
        if entry.bands is not None:
            return self._bands(entry, place)
        if entry.proportional is not None:
            return self._proportional(entry.proportional, place)
        if entry.per_item is not None:
            return self._per_item(entry, place)
        return self._assessed(entry, place)

    def _bands(self, entry: IndicatorEntry, pointer: str) -> Bands:
        bands = []
        for at, band in enumerate(entry.bands or ()):
            place = f"{pointer}/{at}"
            self._check_points(band.points, f"{place}/points")
            lower, upper = min(entry.points, Fraction(0)), max(entry.points, Fraction(0))
            if not lower <= band.points <= upper:
                self._fault(
                    "XH305",
                    f"{place}/points",
                    f"{pointer.rpartition('/')[0]}/points",
                    found=decimal_text(band.points),
                    points=decimal_text(entry.points),
                )
            when = self._conditions.condition(band.when, f"{place}/when")
            bands.append(Band(self._condition_of(when, f"{place}/when"), band.points))
        return Bands(tuple(bands))

    def _proportional(self, entry: ProportionalEntry, pointer: str) -> Scoring:
        rounding = self._rounding(entry.rounding, f"{pointer}/rounding")
        place = f"{pointer}/share"
        share = self._conditions.number(entry.share, place)
        if share is None or not self._is_share(share, place) or self._is_undetermined(place):
            return MetWhen(UNDETERMINED)
        return Proportional(share, rounding or RoundingRule(Fraction(1), Rounding.HALF_UP))

    def _is_share(self, share: ex.Number, pointer: str) -> bool:
        if isinstance(share, ex.ShareOf):
            return True
        if isinstance(share, ex.Dated) and share.kind is ex.NumberKind.FRACTION:
            return True
        name = share.name if isinstance(share, ex.NumberInput) else ""
        declared = self._inputs.get(name)
        if declared is None or declared.kind is not InputType.SHARE:
            self._fault("XH229", pointer, _type_of(name))
            return False
        return True

    def _per_item(self, entry: IndicatorEntry, pointer: str) -> Scoring:
        assert entry.per_item is not None
        item_points = entry.per_item.each
        self._check_points(item_points, f"{pointer}/each")
        if item_points == 0 or (item_points < 0) != (entry.points < 0):
            points = f"{pointer.rpartition('/')[0]}/points"
            self._fault("XH323", f"{pointer}/each", points)
        count = self._conditions.number(entry.per_item.count, f"{pointer}/count")
        if count is None:
            return MetWhen(UNDETERMINED)
        kinds = {self._inputs[name].kind for name in ex.input_names(count)}
        if kinds - {InputType.COUNT} or not all(map(_is_integral, ex.walk(count))):
            types = map(_type_of, ex.input_names(count))
            self._fault("XH230", f"{pointer}/count", *types)
            return MetWhen(UNDETERMINED)
        return (
            MetWhen(UNDETERMINED)
            if self._is_undetermined(f"{pointer}/count")
            else PerItem(count, item_points)
        )

    def _assessed(self, entry: IndicatorEntry, pointer: str) -> Scoring:
        assert entry.assessed is not None
        name = entry.assessed
        declared = self._inputs.get(name)
        if declared is None:
            if self._report.is_read("/inputs"):
                hint = self._report.suggest(name, self._inputs)
                self._fault("XH202", pointer, found=name, hint=hint)
            return self._undetermined_scoring(name, pointer)
        if declared.kind is not InputType.ASSESSED:
            kinds = {"expected": InputType.ASSESSED.value, "found": declared.kind.value}
            self._fault("XH204", pointer, _type_of(name), **kinds)
            return self._undetermined_scoring(name, pointer)
        self._check_points(declared.step, pointer)
        maximum = declared.number(declared.maximum)
        if maximum != entry.points:
            self._fault(
                "XH306",
                pointer,
                child("/inputs", name),
                f"{pointer.rpartition('/')[0]}/points",
                found=decimal_text(maximum),
                points=decimal_text(entry.points),
            )
        return (
            self._undetermined_scoring(name, pointer) if name in self._doubtful else Assessed(name)
        )

    def _undetermined_scoring(self, name: str, pointer: str) -> MetWhen:
        self._report.undetermined_conditions[pointer] = (name,)
        return MetWhen(UNDETERMINED)

    # Applicability

    def _applicability(
        self, entry: CriterionEntry | IndicatorEntry, pointer: str
    ) -> Applicability | None:
        if entry.applies_when is None:
            if entry.na_policy is not None or entry.na_rounding is not None:
                missing = "applies_when"
                self._fault(
                    "XH316", pointer, f"{pointer}/{missing}", given="na_policy", missing=missing
                )
            return None
        condition = self._conditions.condition(entry.applies_when, f"{pointer}/applies_when")
        if entry.na_policy is None:
            missing = "na_policy"
            self._fault(
                "XH316", pointer, f"{pointer}/{missing}", given="applies_when", missing=missing
            )
            return None
        rounding = self._rounding(entry.na_rounding, f"{pointer}/na_rounding")
        is_redistributed = entry.na_policy is NaPolicy.REDISTRIBUTE
        if is_redistributed and entry.na_rounding is None:
            self._fault(
                "XH303",
                pointer,
                f"{pointer}/na_rounding",
                what="redistribute",
                meaning=_REDISTRIBUTE,
                key="na_rounding",
            )
        if not is_redistributed and entry.na_rounding is not None:
            policy = f"{pointer}/na_policy"
            self._fault("XH314", f"{pointer}/na_rounding", policy, key="na_rounding")
        condition = self._condition_of(condition, f"{pointer}/applies_when")
        return Applicability(condition, entry.na_policy, rounding)

    def _check_redistribution(
        self,
        entries: tuple[CriterionEntry | IndicatorEntry, ...],
        nodes: tuple[TreeNode, ...],
        pointer: str,
        combine: Combination,
    ) -> None:
        """Check that the points of an inapplicable criterion can always be redistributed."""
        redistributed = [
            (at, node)
            for at, node in enumerate(nodes)
            if node.applies and node.applies.policy is NaPolicy.REDISTRIBUTE
        ]
        receivers = [
            node
            for node in nodes
            if node.applies is None
            and node.requirement is not Requirement.ADVISORY
            and _maximum(node) > 0
        ]
        if len(redistributed) > _MAX_REDISTRIBUTED:
            self._fault("XH313", pointer, limit=_MAX_REDISTRIBUTED)
        for at, node in enumerate(nodes):
            receives = node.applies is None or node.applies.policy is NaPolicy.REDISTRIBUTE
            if redistributed and receives and _may_exceed_maximum(node):
                self._fault("XH325", f"{pointer}/{at}")
        for at, node in redistributed:
            if not receivers or combine is not Combination.SUM:
                above = f"{pointer.rpartition('/')[0]}/combine"
                self._fault("XH310", f"{pointer}/{at}", pointer, above)
            rounding = node.applies.rounding if node.applies else None
            if rounding and (_maximum(node) / rounding.step).denominator != 1:
                self._fault(
                    "XH312",
                    f"{pointer}/{at}",
                    f"{pointer}/{at}",
                    points=decimal_text(_maximum(node)),
                    step=decimal_text(rounding.step),
                )

    # Levels

    def _levels(self) -> tuple[LevelRule, ...]:
        seen: list[str] = []
        rules = []
        for at, entry in enumerate(self._document.levels):
            pointer = f"/levels/{at}"
            if entry.id in seen:
                self._fault("XH222", f"{pointer}/id", id=entry.id)
            seen.append(entry.id)
            when = self._conditions.condition(entry.when, f"{pointer}/when")
            self._check_level(when, f"{pointer}/when")
            if not 0 <= (entry.validity_months or 0) <= MAX_MONTHS:
                self._fault("XH317", f"{pointer}/validity_months")
            requires = self._requires(entry, at, pointer)
            rules.append(LevelRule(entry.id, self._condition_of(when, f"{pointer}/when"), requires))
        return tuple(rules)

    def _check_level(self, when: ex.Condition, pointer: str) -> None:
        has_drop = any(entry.na_policy is NaPolicy.DROP for entry in self._entries())
        if has_drop and any(isinstance(part, ex.AllPoints) for part in ex.walk(when)):
            self._fault("XH307", pointer)

    def _requires(self, entry: LevelEntry, at: int, pointer: str) -> Prerequisite | None:
        rule = entry.requires
        if rule is None:
            return None
        lower = [level.id for level in self._document.levels[at + 1 :]]
        if rule.level not in lower:
            hint = self._report.suggest(rule.level, lower)
            ids = (f"/levels/{below}/id" for below in range(len(self._document.levels)))
            self._fault("XH231", f"{pointer}/requires/level", *ids, found=rule.level, hint=hint)
        declared = self._inputs.get(rule.since)
        if declared is None or declared.kind is not InputType.DATE:
            if self._report.is_read("/inputs"):
                since = f"{pointer}/requires/since"
                dates = [item.name for item in self._inputs.values() if item.kind is InputType.DATE]
                hint = self._report.suggest(rule.since, dates) if declared is None else None
                self._fault("XH232", since, _type_of(rule.since), found=rule.since, hint=hint)
            return None
        if not 0 <= rule.months <= MAX_MONTHS:
            self._fault("XH317", f"{pointer}/requires/months")
            return None
        return Prerequisite(rule.level, rule.months, rule.since)


def _type_of(name: str) -> str:
    return f"{child('/inputs', name)}/type"


def _is_integral(part: object) -> bool:
    """Return whether a part of a number is always an integer that its inputs determine."""
    match part:
        case ex.ShareOf() | ex.Unknown():
            return False
        case ex.Constant(value):
            return value.denominator == 1
        case ex.Sum(of):
            return all(factor.denominator == 1 for factor, _ in of)
        case ex.Dated(_, kind, steps):
            numbers = [step.value for step in steps]
            all_integers = all(n is not None and n.denominator == 1 for n in numbers)
            return kind is ex.NumberKind.NUMBER and steps[0].start is None and all_integers
        case _:
            return True


def _leaves(node: TreeNode) -> Iterator[Leaf]:
    if isinstance(node, Leaf):
        yield node
    else:
        for child_node in node.children:
            yield from _leaves(child_node)


def _maximum(node: TreeNode) -> Fraction:
    """Return the maximum points of a criterion, without redistributed points."""
    if isinstance(node, Leaf):
        return max(node.points, Fraction(0))
    below = [_maximum(c) for c in node.children if c.requirement is not Requirement.ADVISORY]
    if not below:
        return Fraction(0)
    match node.combine:
        case Combination.BEST_OF:
            maximum = max(below)
        case Combination.WORST_OF:
            maximum = min(below)
        case Combination.WEIGHTED_MEAN:
            return _maximum_of_mean(node)
        case _:
            maximum = sum(below, Fraction(0))
    return maximum if node.cap is None else min(maximum, node.cap)


def _may_exceed_maximum(node: TreeNode) -> bool:
    """Return whether a `worst_of`, here or below, can grow when a child is dropped."""
    if isinstance(node, Leaf) or node.requirement is Requirement.ADVISORY:
        return False
    counted = [c for c in node.children if c.requirement is not Requirement.ADVISORY]
    dropped = any(c.applies and c.applies.policy is NaPolicy.DROP for c in counted)
    is_worst_of = node.combine is Combination.WORST_OF
    return (is_worst_of and dropped) or any(map(_may_exceed_maximum, counted))


def _maximum_of_mean(node: Branch) -> Fraction:
    assert node.rounding is not None
    counted = [c for c in node.children if c.requirement is not Requirement.ADVISORY]
    weights = sum((c.weight for c in counted), Fraction(0))
    mean = sum((c.weight * _maximum(c) for c in counted), Fraction(0)) / weights
    steps = mean / node.rounding.step
    rounded = round_ratio(steps.numerator, steps.denominator, node.rounding.mode)
    maximum = rounded * node.rounding.step
    return maximum if node.cap is None else min(maximum, node.cap)
