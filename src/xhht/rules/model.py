"""A profile's rules as typed trees: leaves that score, branches that combine, levels that award.

These classes define the meaning of a profile, independent of the file format. Points are fractions
here; `lower` converts them to whole steps of the profile's grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from attrs import frozen

from xhht.numbers import Grid, decimal_label
from xhht.rules.expressions import (
    All,
    Any_,
    AsOf,
    Compare,
    Condition,
    Dated,
    Definition,
    Not,
    Number,
    NumberInput,
    TruthInput,
    names_in,
)
from xhht.rules.inputs import Input
from xhht.rules.scoring import (
    AllAbsent,
    Combination,
    ConditionPart,
    MetByLevel,
    RoundingRule,
    Scoring,
)
from xhht.rules.sentences import Wording
from xhht.text import LabelledEnum, Text, join

__all__ = [
    "Applicability",
    "Binds",
    "Branch",
    "Factor",
    "FactorCase",
    "Leaf",
    "LevelRule",
    "MissingAtClose",
    "NaPolicy",
    "Prerequisite",
    "Requirement",
    "Rules",
    "TreeNode",
    "applicability_of",
    "expressions_below",
    "expressions_of",
    "factor_conditions",
    "natural_key",
    "scoring_of",
]


class Requirement(LabelledEnum):
    """How a criterion counts: an unmet `must` blocks every level; `advisory` never counts."""

    MUST = "must", "bắt buộc", "mandatory"
    SCORED = "scored", "được tính điểm", "scored"
    ADVISORY = "advisory", "khuyến khích, không tính vào kết quả", "advisory, never counts"


class NaPolicy(LabelledEnum):
    """What happens to the points of a criterion that does not apply."""

    FULL = "full", "được tính đủ điểm", "counts in full"
    ZERO = "zero", "không có điểm", "has no points"
    DROP = "drop", "không tính vào tổng", "is left out"
    REDISTRIBUTE = "redistribute", "điểm chia cho các mục còn lại", "its points go to the others"


@frozen
class Applicability:
    """When a criterion applies, and what happens to its points when it does not."""

    when: Condition
    policy: NaPolicy


@frozen
class FactorCase:
    """A factor and when it counts; the last case has no condition."""

    when: Condition | None
    value: Fraction


@frozen
class Factor:
    """By how much the points and the available points of a criterion are multiplied.

    Attributes:
        cases: the first whose condition holds counts; only the last has no condition.
        rounding: how the products are rounded, or None if all of them are on the grid.
    """

    cases: tuple[FactorCase, ...]
    rounding: RoundingRule | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions of all cases but the last."""
        return tuple(case.when for case in self.cases if case.when is not None)

    def scaled(self, points: Fraction, case: FactorCase) -> Fraction:
        """Return points multiplied in one case, which are only rounded if they change.

        >>> from xhht.numbers import Rounding
        >>> case = FactorCase(None, Fraction(6, 5))
        >>> Factor((case,), RoundingRule(Fraction(1), Rounding.HALF_UP)).scaled(Fraction(7), case)
        Fraction(8, 1)
        """
        product = points * case.value
        if self.rounding is None or case.value == 1:
            return product
        return self.rounding.rounded(product)

    def describe(self, wording: Wording) -> Text:
        """Return the factors as a part of a sentence, each with its condition."""
        lines: list[Text] = []
        for case in self.cases:
            value = decimal_label(case.value)
            if case.when is None:
                text = _FACTOR_ELSE if lines else _FACTOR
                lines.append(text.format(value=value))
            else:
                when = wording.clause(case.when)
                lines.append(_FACTOR_IF.format(value=value, when=when))
        return join(lines, "; ")

    def ends(self, points: Fraction) -> tuple[Fraction, Fraction]:
        """Return the least and the most of points over all cases."""
        products = [self.scaled(points, case) for case in self.cases]
        return min(products), max(products)


@frozen(kw_only=True)
class Leaf:
    """An indicator.

    Attributes:
        id: unique in the profile.
        points: the maximum, or for a deduction (below 0) the greatest deduction.
        scoring: how points are earned.
        requirement: whether it is a must, scored or advisory.
        floor: the minimum points for any level, or None.
        applies: when it applies, or None for always.
        weight: its weight under a `weighted_mean`.
        factor: what its points and available points are multiplied by for the criterion above, or
            None. It is judged, with its floor, by the points before that.
    """

    id: str
    points: Fraction
    scoring: Scoring
    requirement: Requirement = Requirement.SCORED
    floor: Fraction | None = None
    applies: Applicability | None = None
    weight: Fraction = Fraction(1)
    factor: Factor | None = None


@frozen(kw_only=True)
class Branch:
    """A criterion with criteria or indicators under it.

    Attributes:
        id: unique in the profile.
        children: at least one.
        combine: how its points are computed from theirs.
        rounding: how a `weighted_mean`, or what `redistribute` gives, is rounded.
        all_absent: what it gives if all the children that share its points are absent, or None if
            that cannot be.
        cap: the maximum points it may give, or None.
        not_below: the minimum points it gives, or None; not for a branch that is dropped.
        least_known: the share of the weights that must be known, so that a final evaluation leaves
            out of a `weighted_mean` what is missing; None to leave nothing out.
        requirement, floor, applies, weight, factor: as for a leaf.
    """

    id: str
    children: tuple[TreeNode, ...]
    combine: Combination = Combination.SUM
    rounding: RoundingRule | None = None
    all_absent: AllAbsent | None = None
    cap: Fraction | None = None
    not_below: Fraction | None = None
    least_known: Fraction | None = None
    requirement: Requirement = Requirement.SCORED
    floor: Fraction | None = None
    applies: Applicability | None = None
    weight: Fraction = Fraction(1)
    factor: Factor | None = None


TreeNode: TypeAlias = Leaf | Branch


class Binds(StrEnum):
    """Whom a prerequisite binds: every subject, or only those who hold the lower level."""

    EVERYONE = "everyone"
    HOLDERS = "holders"


@frozen
class Prerequisite:
    """A lower level that must have been held for some calendar months.

    Attributes:
        level: the lower level.
        months: the calendar months.
        since: the date input with the day on which that level was recognised.
        held: the bool input that says whether that level is held, or None if nothing does.
        binds: whom it binds; `holders` needs `held`.
    """

    level: str
    months: int
    since: str
    held: str | None = None
    binds: Binds = Binds.EVERYONE

    def condition(self) -> Condition:
        """Return the condition that the prerequisite is fulfilled.

        >>> Prerequisite("level_1", 12, "day", "holds", Binds.HOLDERS).condition().of[0]
        Not(of=TruthInput(name='holds'))
        """
        long_enough = Compare(">=", AsOf(self.months), NumberInput(self.since))
        if self.held is None:
            return long_enough
        is_held = TruthInput(self.held)
        if self.binds is Binds.HOLDERS:
            return Any_((Not(is_held), long_enough))
        return All((is_held, long_enough))

    def inputs(self) -> tuple[str, ...]:
        """Return the inputs that it reads, in the order in which they are asked for."""
        return (self.since,) if self.held is None else (self.held, self.since)


@frozen
class LevelRule:
    """A level and the condition under which it is awarded."""

    id: str
    when: Condition
    requires: Prerequisite | None = None


class MissingAtClose(StrEnum):
    """What a fact that is missing at the close of an assessment means."""

    UNMET = "unmet"


@frozen(kw_only=True)
class Rules:
    """All parts of a profile that affect results: inputs, criteria, levels (best first), grid.

    `values` are the constants that change by date, `definitions` the conditions and numbers that
    have a name; conditions refer to both by name. The names of definitions in the conditions are
    replaced by their trees, so no result depends on `definitions`. `at_close` is
    what a final evaluation takes a missing fact for, or None if it stays missing.
    """

    inputs: tuple[Input, ...]
    criteria: tuple[TreeNode, ...]
    levels: tuple[LevelRule, ...]
    grid: Grid
    values: tuple[Dated, ...] = ()
    definitions: tuple[Definition, ...] = ()
    at_close: MissingAtClose | None = None

    def names(self) -> frozenset[str]:
        """Return the names of inputs, values and definitions."""
        names = [declared.name for declared in self.inputs]
        names += [value.name for value in self.values]
        return frozenset((*names, *(definition.name for definition in self.definitions)))

    def names_in(self, *trees: object) -> frozenset[str]:
        """Return the values and definitions that expressions use, also within definitions."""
        definitions = {definition.name: definition.tree for definition in self.definitions}
        names: set[str] = set()
        stack = list(trees)
        while stack:
            used = set(names_in(stack.pop())) - names
            names |= used
            stack += (definitions[name] for name in used & definitions.keys())
        return frozenset(names)

    def nodes(self) -> Iterator[TreeNode]:
        """Yield every criterion and indicator in the order of the profile, branches first."""
        stack = list(reversed(self.criteria))
        while stack:
            node = stack.pop()
            yield node
            if isinstance(node, Branch):
                stack.extend(reversed(node.children))


def expressions_of(node: TreeNode) -> tuple[Condition | Number, ...]:
    """Return the expressions of a criterion's scoring, factor and applicability."""
    scoring = node.scoring.expressions() if isinstance(node, Leaf) else ()
    applies = (node.applies.when,) if node.applies else ()
    return (*scoring, *factor_conditions(node), *applies)


def expressions_below(node: TreeNode) -> tuple[Condition | Number, ...]:
    """Return the expressions of a criterion and of all below it that counts."""
    below = node.children if isinstance(node, Branch) else ()
    counted = (child for child in below if child.requirement is not Requirement.ADVISORY)
    return sum(map(expressions_below, counted), expressions_of(node))


def factor_conditions(node: TreeNode) -> tuple[Condition, ...]:
    """Return the conditions that decide which factor of a criterion counts."""
    return node.factor.conditions if node.factor else ()


def applicability_of(node: TreeNode, level: str | None = None) -> tuple[Condition, ...]:
    """Return the conditions that decide whether a criterion applies: for a level, or for any."""
    own = (node.applies.when,) if node.applies else ()
    return (*own, *(part.value for part in _conditions_by_level(node, level) if part.decides))


def scoring_of(node: TreeNode, level: str | None = None) -> tuple[Condition | Number, ...]:
    """Return the expressions that decide how far a criterion that applies is met."""
    if not isinstance(node, Leaf):
        return ()
    if isinstance(node.scoring, MetByLevel):
        return tuple(p.value for p in _conditions_by_level(node, level) if not p.decides)
    return node.scoring.expressions()


def _conditions_by_level(node: TreeNode, level: str | None) -> Iterator[ConditionPart]:
    if isinstance(node, Leaf) and isinstance(node.scoring, MetByLevel):
        for mark in node.scoring.marks:
            if level in (None, mark.level):
                yield from node.scoring.parts_at(mark.level)


def natural_key(node_id: str) -> tuple[tuple[bool, int, str], ...]:
    """Return the sort key for the natural order of ids: 1.2 before 1.10.

    >>> sorted(["1.10", "1.2", "2a"], key=natural_key)
    ['1.2', '1.10', '2a']
    """
    return tuple(map(_part_key, node_id.split(".")))


def _part_key(part: str) -> tuple[bool, int, str]:
    # int() rejects thousands of digits; without leading zeros the longer number is the greater.
    digits = part.lstrip("0")
    return (False, len(digits), digits) if _is_number(part) else (True, 0, part)


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdigit()


_FACTOR = Text(vi="hệ số {value}", en="factor {value}")
_FACTOR_IF = Text(vi="hệ số {value} nếu {when}", en="factor {value} if {when}")
_FACTOR_ELSE = Text(
    vi="hệ số {value} trong các trường hợp khác", en="factor {value} in all other cases"
)
