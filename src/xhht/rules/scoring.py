# ruff: noqa: D102  (the base classes document the methods)
"""The kinds of scoring of an indicator and of combination of a criterion, one class for each.

A class knows everything about its kind: its expressions and points, how it is lowered to plan
operators, its words, its outcomes, and how its points follow a change. All other modules ask it;
`docs/reference/profile-format.md` describes the kinds for authors.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, NamedTuple, Self, TypeAlias, assert_never

from attrs import evolve, frozen

from xhht.numbers import Grid, Rounding, decimal_label, decimal_text, round_ratio
from xhht.rules import expressions as ex
from xhht.rules._builder import Builder, LinearForm
from xhht.rules._conditions import ConditionLowering
from xhht.rules.ordering import rename_tree
from xhht.rules.plan import Known, Linear, Portion, Rounded, portion_of
from xhht.rules.sentences import Wording
from xhht.text import LabelledEnum, Text, join

__all__ = [
    "AllAbsent",
    "Assessed",
    "Band",
    "Bands",
    "ChildPoints",
    "Combination",
    "CombinationRule",
    "CombinedPoints",
    "ConditionPart",
    "LevelMark",
    "LevelOutcome",
    "LevelTruths",
    "LoweredScoring",
    "LoweringContext",
    "MaximumRole",
    "MetByLevel",
    "MetWhen",
    "NumberPart",
    "PerItem",
    "PointsPart",
    "Proportional",
    "RoundingPart",
    "RoundingRule",
    "Scoring",
    "ScoringKind",
    "ScoringOutcome",
    "ScoringPart",
    "Sharing",
]


@frozen
class RoundingRule:
    """A declared rounding: to multiples of `step` points, by `mode`."""

    step: Fraction
    mode: Rounding

    def rounded(self, number: Fraction) -> Fraction:
        """Return a number of points, rounded."""
        steps = number / self.step
        return self.step * round_ratio(steps.numerator, steps.denominator, self.mode)


@frozen
class LoweringContext:
    """What lowering shares: the builder, the conditions inside criteria, the grid of points."""

    build: Builder
    conditions: ConditionLowering
    grid: Grid


# Scoring of an indicator


class ScoringKind(LabelledEnum):
    """The kinds of scoring of an indicator, by their keys in a profile file."""

    MET_WHEN = "met_when", "điều kiện đạt", "condition to be met"
    MET_BY_LEVEL = "met_by_level", "điều kiện đạt theo mức", "condition to be met, by level"
    BANDS = "bands", "các mức điểm", "bands of points"
    PROPORTIONAL = "proportional", "tính điểm theo tỉ lệ", "points in proportion to a share"
    PER_ITEM = "per_item", "tính điểm theo từng mục", "points for every item"
    ASSESSED = "assessed", "chấm điểm", "points awarded by a panel"


class ScoringOutcome(StrEnum):
    """How much of its points an indicator earns: all, a part, or none."""

    MET = "met"
    BETWEEN = "between"
    UNMET = "unmet"


class LevelOutcome(NamedTuple):
    """What a level finds of an indicator: met, unmet, or None if it is not asked for."""

    level: str
    outcome: ScoringOutcome | None


class MaximumRole(StrEnum):
    """How the points of an indicator enter its scoring.

    Attributes:
        EARNED: an indicator that is met earns exactly its points.
        FACTOR: more points for the indicator never earn a subject fewer points.
        BOUND: they only bound the points, which the scoring declares itself.
        RANGE: they are also the range of an input, so that facts change with them.
    """

    EARNED = "earned"
    FACTOR = "factor"
    BOUND = "bound"
    RANGE = "range"


PartPath: TypeAlias = tuple[str | int, ...]
"""The place of a value below an indicator in the file: `("bands", 0, "when")`."""


@frozen
class ConditionPart:
    """A condition.

    Attributes:
        path: its place in the file.
        value: the condition.
        rises: whether the points never decrease when it holds for more subjects.
        falls: whether they never increase then.
        decides: whether it decides if a level asks for the indicator.
    """

    path: PartPath
    value: ex.Condition
    rises: bool = True
    falls: bool = False
    decides: bool = False


@frozen
class NumberPart:
    """A number read from facts; `rises` if the points never decrease with it."""

    path: PartPath
    value: ex.Number
    rises: bool = True


@frozen
class PointsPart:
    """Declared points; `rises` if the points of a subject never decrease with them."""

    path: PartPath
    value: Fraction
    rises: bool


@frozen
class RoundingPart:
    """A declared rounding."""

    path: PartPath
    value: RoundingRule
    rises: bool = False


ScoringPart: TypeAlias = ConditionPart | NumberPart | PointsPart | RoundingPart
"""A value of a scoring rule: where the file declares it, and how the points follow it."""


class LevelTruths(NamedTuple):
    """Indices of what one level finds of a criterion: that it is met, and that it applies."""

    met: int
    applies: int


class LoweredScoring(NamedTuple):
    """Indices of the points in the plan, and of the truth that they are all points."""

    points: int
    met: int


class _ScoringRule(ABC):
    """What each kind of scoring can be asked."""

    __slots__ = ()

    @property
    @abstractmethod
    def kind(self) -> ScoringKind:
        """Its kind."""

    @property
    @abstractmethod
    def maximum_role(self) -> MaximumRole:
        """How the points of the indicator enter it."""

    @abstractmethod
    def parts(self) -> tuple[ScoringPart, ...]:
        """Return its values in the order of the file: expressions, points and roundings."""

    @abstractmethod
    def lower(self, context: LoweringContext, top: int) -> LoweredScoring:
        """Add its operators to the plan; `top` is the points of the indicator on the grid."""

    @abstractmethod
    def describe(self, wording: Wording, points: Fraction) -> Text:
        """Return the rule as a part of a sentence.

        Args:
            wording: writes its expressions.
            points: the points of the indicator.
        """

    def form_text(self, texts: Sequence[str]) -> str | None:
        """Return the rule for the cell of a form; None to copy it from the file."""
        return None

    @abstractmethod
    def outcomes(self) -> tuple[ScoringOutcome | Fraction, ...]:
        """Return the outcomes that test cases should cover; a number is points earned."""

    def level_outcomes(self) -> tuple[LevelOutcome, ...]:
        """Return the outcomes by level that test cases should cover."""
        return ()

    def alternatives(self) -> tuple[Band, ...]:
        """Return the cases of which the first that holds gives the points, if it has cases."""
        return ()

    def expressions(self) -> tuple[ex.Condition | ex.Number, ...]:
        """Return its conditions and numbers."""
        return tuple(
            part.value for part in self.parts() if isinstance(part, (ConditionPart, NumberPart))
        )

    def renamed(self, inputs: Mapping[str, str]) -> Self:
        """Return the rule with inputs renamed; others keep their names."""
        return rename_tree(self, inputs, {})

    def replaces(self, old: Scoring, same_inputs: Mapping[str, str]) -> bool:
        """Return whether it is another rule, rather than an old one with changed values."""
        return self.kind is not old.kind


@frozen
class MetWhen(_ScoringRule):
    """All points when the condition holds, else none."""

    when: ex.Condition

    kind: ClassVar = ScoringKind.MET_WHEN
    maximum_role: ClassVar = MaximumRole.EARNED

    def parts(self) -> tuple[ScoringPart, ...]:
        return (ConditionPart(("met_when",), self.when),)

    def lower(self, context: LoweringContext, top: int) -> LoweredScoring:
        truth = context.conditions.truth(self.when)
        points = context.build.linear([(truth, top)])
        return LoweredScoring(points, context.build.negation(truth) if top < 0 else truth)

    def describe(self, wording: Wording, points: Fraction) -> Text:
        return wording.sentence(self.when)

    def form_text(self, texts: Sequence[str]) -> str | None:
        return texts[0]

    def outcomes(self) -> tuple[ScoringOutcome | Fraction, ...]:
        return ScoringOutcome.MET, ScoringOutcome.UNMET


@frozen
class LevelMark:
    """What one level asks of an indicator.

    Attributes:
        level: the level.
        when: what it asks, or None if it asks nothing of anybody.
        applies: of whom it asks it, or None for everybody.
    """

    level: str
    when: ex.Condition | None
    applies: ex.Condition | None = None

    def can_ask(self) -> bool:
        """Return whether the level asks anything of anybody."""
        return self.when is not None and self.applies != ex.TruthConstant(False)


@frozen
class MetByLevel(_ScoringRule):
    """No points; met for a level if the condition of this level holds, or is not asked.

    `marks` has a mark for each level of the profile, in their order.
    """

    marks: tuple[LevelMark, ...]

    kind: ClassVar = ScoringKind.MET_BY_LEVEL
    maximum_role: ClassVar = MaximumRole.BOUND

    def parts(self) -> tuple[ScoringPart, ...]:
        return tuple(part for mark in self.marks for part in self._parts_of(mark))

    def parts_at(self, level: str) -> tuple[ConditionPart, ...]:
        """Return the conditions of one level."""
        marks = (mark for mark in self.marks if mark.level == level)
        return tuple(part for mark in marks for part in self._parts_of(mark))

    @staticmethod
    def _parts_of(mark: LevelMark) -> Iterator[ConditionPart]:
        place = ("met_by_level", mark.level)
        if mark.applies is not None:
            yield ConditionPart(
                (*place, "applies_when"), mark.applies, rises=False, falls=True, decides=True
            )
        if mark.when is not None:
            yield ConditionPart((*place, "met_when"), mark.when)

    def lower(self, context: LoweringContext, top: int) -> LoweredScoring:
        # Its marks are lowered for each level; see `LeafLowering`.
        return LoweredScoring(context.build.known(0), context.build.known(1))

    def describe(self, wording: Wording, points: Fraction) -> Text:
        return self.describe_for(wording, [mark.level for mark in self.marks])

    def describe_for(self, wording: Wording, levels: Collection[str]) -> Text:
        """Return what some levels ask; of one level alone, without its name."""
        marks = [mark for mark in self.marks if mark.level in levels]
        if len(marks) == 1:
            return self._described(wording, marks[0])
        lines = (
            _ASKED.format(level=wording.level(mark.level), rule=self._described(wording, mark))
            for mark in marks
        )
        return join(lines, "; ")

    @staticmethod
    def _described(wording: Wording, mark: LevelMark) -> Text:
        if mark.when is None or not mark.can_ask():
            return _NOT_ASKED
        when = wording.sentence(mark.when)
        if mark.applies is None:
            return when
        return _ASKED_OF.format(when=when, applies=wording.clause(mark.applies))

    def outcomes(self) -> tuple[ScoringOutcome | Fraction, ...]:
        return ()

    def level_outcomes(self) -> tuple[LevelOutcome, ...]:
        return tuple(
            LevelOutcome(mark.level, outcome)
            for mark in self.marks
            if mark.applies != ex.TruthConstant(False)
            for outcome in (
                ScoringOutcome.MET,
                ScoringOutcome.UNMET,
                *((None,) if mark.applies is not None else ()),
            )
        )


@frozen
class Band:
    """Points that one condition earns."""

    when: ex.Condition
    points: Fraction


@frozen
class Bands(_ScoringRule):
    """The points of the first band whose condition holds, else none."""

    bands: tuple[Band, ...]

    kind: ClassVar = ScoringKind.BANDS
    maximum_role: ClassVar = MaximumRole.BOUND

    def parts(self) -> tuple[ScoringPart, ...]:
        points = [band.points for band in self.bands]
        rises = points == sorted(points, reverse=True) and min(points, default=0) >= 0
        return tuple(
            part
            for index, band in enumerate(self.bands)
            for part in (
                ConditionPart(("bands", index, "when"), band.when, rises),
                PointsPart(("bands", index, "points"), band.points, rises),
            )
        )

    def lower(self, context: LoweringContext, top: int) -> LoweredScoring:
        points = context.build.known(0)
        for band in reversed(self.bands):
            truth = context.conditions.truth(band.when)
            band_points = context.build.known(context.grid.units(band.points))
            points = context.build.choose(truth, band_points, points)
        return _reaching(context, points, top)

    def describe(self, wording: Wording, points: Fraction) -> Text:
        return join((self._band(wording, index) for index in range(len(self.bands))), "; ")

    def _band(self, wording: Wording, index: int) -> Text:
        """Return one band; the current values are in the first one, as all read the same facts."""
        band = self.bands[index]
        earned = decimal_label(band.points)
        if band.when == ex.TruthConstant(True):
            return (_OTHERWISE if index else _ALWAYS).format(points=earned)
        return _BAND.format(points=earned, when=wording.clause(band.when, shows_now=not index))

    def form_text(self, texts: Sequence[str]) -> str | None:
        pairs = zip(texts, self.bands, strict=True)
        return "; ".join(f"{decimal_text(band.points)}: {text}" for text, band in pairs)

    def outcomes(self) -> tuple[ScoringOutcome | Fraction, ...]:
        points = tuple(dict.fromkeys(band.points for band in self.bands))
        is_complete = self.bands[-1].when == ex.TruthConstant(True)
        return points if is_complete else (*points, Fraction(0))

    def alternatives(self) -> tuple[Band, ...]:
        return self.bands


@frozen
class Proportional(_ScoringRule):
    """Points times a share, rounded as declared; shares outside 0 to 1 count as 0 or 1."""

    share: ex.Number
    rounding: RoundingRule

    kind: ClassVar = ScoringKind.PROPORTIONAL
    maximum_role: ClassVar = MaximumRole.FACTOR

    def parts(self) -> tuple[ScoringPart, ...]:
        return (
            NumberPart(("proportional", "share"), self.share),
            RoundingPart(("proportional", "rounding"), self.rounding),
        )

    def lower(self, context: LoweringContext, top: int) -> LoweredScoring:
        return _reaching(context, self._points(context, top), top)

    def _points(self, context: LoweringContext, top: int) -> int:
        build = context.build
        denominator_tree: ex.Number = ex.Constant(Fraction(1))
        numerator_tree = self.share
        if isinstance(self.share, ex.ShareOf):
            numerator_tree, denominator_tree = self.share.numerator, self.share.denominator
        sides = [
            build.index_of(context.conditions.number(side))
            for side in (numerator_tree, denominator_tree)
        ]
        (numerator, numerator_step), (denominator, denominator_step) = sides
        ratio = numerator_step / denominator_step
        portion = Portion(
            abs(top),
            build.linear([(numerator, ratio.numerator)]),
            build.linear([(denominator, ratio.denominator)]),
            context.grid.units(self.rounding.step),
            self.rounding.mode,
        )
        points = build.linear([(build.add(portion), -1 if top < 0 else 1)])
        is_unknown = context.conditions.depends_on_unknown_value(self.share)
        if is_unknown is None:
            return points
        max_points = portion_of(portion.points, 1, 1, portion.step, portion.mode)
        interval = (-max_points, 0) if top < 0 else (0, max_points)
        return build.choose(is_unknown, build.add(Known(*interval)), points)

    def describe(self, wording: Wording, points: Fraction) -> Text:
        return _IN_PROPORTION.format(
            points=decimal_label(points),
            share=wording.clause(self.share),
            rounding=self.rounding.mode.label,
            step=decimal_label(self.rounding.step),
        )

    def outcomes(self) -> tuple[ScoringOutcome | Fraction, ...]:
        return tuple(ScoringOutcome)


@frozen
class PerItem(_ScoringRule):
    """`each` points for every item, until the leaf's points are reached."""

    count: ex.Number
    each: Fraction

    kind: ClassVar = ScoringKind.PER_ITEM
    maximum_role: ClassVar = MaximumRole.FACTOR

    def parts(self) -> tuple[ScoringPart, ...]:
        return (
            NumberPart(("per_item", "count"), self.count),
            PointsPart(("per_item", "each"), self.each, rises=True),
        )

    def lower(self, context: LoweringContext, top: int) -> LoweredScoring:
        build = context.build
        index, step = build.index_of(context.conditions.number(self.count))
        earned = build.linear([(index, context.grid.units(self.each * step))])
        points = build.extreme([earned, build.known(top)], greatest=top < 0)
        return _reaching(context, points, top)

    def describe(self, wording: Wording, points: Fraction) -> Text:
        return _FOR_EACH.format(
            each=decimal_label(self.each),
            count=wording.clause(self.count),
            limit=(_AT_MOST if points >= 0 else _AT_LEAST).format(points=decimal_label(points)),
        )

    def outcomes(self) -> tuple[ScoringOutcome | Fraction, ...]:
        return tuple(ScoringOutcome)


@frozen
class Assessed(_ScoringRule):
    """The points that a panel awards."""

    input: str

    kind: ClassVar = ScoringKind.ASSESSED
    maximum_role: ClassVar = MaximumRole.RANGE

    def parts(self) -> tuple[ScoringPart, ...]:
        return (NumberPart(("assessed",), ex.NumberInput(self.input)),)

    def lower(self, context: LoweringContext, top: int) -> LoweredScoring:
        awarded = context.conditions.number(ex.NumberInput(self.input))
        index, step = context.build.index_of(awarded)
        points = context.build.linear([(index, context.grid.units(step))])
        return _reaching(context, points, top)

    def describe(self, wording: Wording, points: Fraction) -> Text:
        return _AWARDED.format(input=wording.clause(ex.NumberInput(self.input)))

    def outcomes(self) -> tuple[ScoringOutcome | Fraction, ...]:
        return tuple(ScoringOutcome)

    def renamed(self, inputs: Mapping[str, str]) -> Self:
        return evolve(self, input=inputs.get(self.input, self.input))

    def replaces(self, old: Scoring, same_inputs: Mapping[str, str]) -> bool:
        return not isinstance(old, Assessed) or same_inputs.get(old.input) != self.input


Scoring: TypeAlias = MetWhen | MetByLevel | Bands | Proportional | PerItem | Assessed

_ASKED = Text(vi="{level}: {rule}", en="{level}: {rule}")
_ASKED_OF = Text(vi="{when}, chỉ xét khi {applies}", en="{when}, asked only when {applies}")
_NOT_ASKED = Text(vi="Không xét", en="Not asked")
_BAND = Text(vi="{points} điểm nếu {when}", en="{points} points if {when}")
_OTHERWISE = Text(
    vi="{points} điểm trong các trường hợp còn lại", en="{points} points in all other cases"
)
_ALWAYS = Text(vi="{points} điểm trong mọi trường hợp", en="{points} points in every case")
_IN_PROPORTION = Text(
    vi="{points} điểm nhân với {share}, {rounding} đến {step} điểm",
    en="{points} points times {share}, {rounding} to {step} points",
)
_FOR_EACH = Text(
    vi="mỗi đơn vị của {count}: {each} điểm, {limit}",
    en="{each} points for each of {count}, {limit}",
)
_AT_MOST = Text(vi="nhiều nhất {points} điểm", en="at most {points} points")
_AT_LEAST = Text(vi="trừ nhiều nhất đến {points} điểm", en="down to {points} points")
_AWARDED = Text(vi="{input}, do người đánh giá chấm", en="{input}, as assessed")


def _reaching(context: LoweringContext, points: int, top: int) -> LoweredScoring:
    """Return points with the truth that they reach the maximum."""
    margin = LinearForm({points: Fraction(1)}, Fraction(-max(top, 0)))
    return LoweredScoring(points, context.build.at_least_zero(margin))


# Combination of the children of a criterion


class Combination(StrEnum):
    """How a branch computes its points from those of its children."""

    SUM = "sum"
    WEIGHTED_MEAN = "weighted_mean"
    BEST_OF = "best_of"
    WORST_OF = "worst_of"
    ALL_OR_NOTHING = "all_or_nothing"

    @property
    def rule(self) -> CombinationRule:
        """The rule that computes the points."""
        match self:
            case Combination.SUM:
                return _SUM
            case Combination.WEIGHTED_MEAN:
                return _WEIGHTED_MEAN
            case Combination.BEST_OF:
                return _BEST_OF
            case Combination.WORST_OF:
                return _WORST_OF
            case Combination.ALL_OR_NOTHING:
                return _ALL_OR_NOTHING
            case _:
                assert_never(self)


class AllAbsent(LabelledEnum):
    """What a branch gives if all the children that share its points are absent."""

    FULL = "full", "đủ điểm", "all points"
    ZERO = "zero", "0 điểm", "0 points"
    DROP = "drop", "không tính điểm", "its points do not count"


@frozen(kw_only=True)
class ChildPoints:
    """What a branch counts of one child.

    Attributes:
        points, available, met, applies: indices in the plan.
        earned, offered: its points and available points if its own condition holds, as indices.
        maximum: its maximum points, on the grid.
        weight: its weight.
        has_condition: whether a condition of its own decides whether it applies.
        kept: index of the truth that it is not dropped, and neither is all that is below it.
        shares: whether it takes the points of siblings that are absent.
        gives: whether they take its points when it is absent.
    """

    points: int
    available: int
    met: int
    applies: int
    earned: int
    offered: int
    maximum: int
    weight: Fraction
    has_condition: bool
    kept: int
    shares: bool
    gives: bool


Children: TypeAlias = Sequence[ChildPoints]
Maxima: TypeAlias = Sequence[tuple[Fraction, Fraction]]
"""The weight and the maximum points of each child."""


class CombinedPoints(NamedTuple):
    """Indices of points and available points in the plan, and the maximum on the grid.

    `cases` are the truths on which both depend.
    """

    points: int
    available: int
    maximum: int
    cases: tuple[int, ...] = ()


class Sharing(NamedTuple):
    """How a branch rounds what it shares, and what it gives if nobody can take it."""

    rounding: RoundingRule | None = None
    all_absent: AllAbsent | None = None


class _Part(NamedTuple):
    """A number times a factor, the most that this can be, and the truth that both count."""

    number: int
    factor: int
    most: int
    present: int


def _portion(
    context: LoweringContext, parts: Sequence[_Part], top: int, rounding: RoundingRule
) -> int:
    """Return the index of the top times the sum of the numbers over the sum of their most.

    Only parts that are present count; at least one is assumed to be.
    """
    lowest = min(context.build.bounds[part.number][0] for part in parts)
    ways = [1, -1] if lowest < 0 else [1]  # a portion is 0 or more; the rest is one of its own
    portions = [context.build.add(_one_way(context, parts, way, top, rounding)) for way in ways]
    return context.build.linear(list(zip(portions, ways, strict=True)))


def _one_way(
    context: LoweringContext, parts: Sequence[_Part], way: int, top: int, rounding: RoundingRule
) -> Portion:
    build, none = context.build, context.build.known(0)
    numerator, rest = [], []
    for part in parts:
        factor = way * part.factor
        lacking = build.linear([(part.number, -factor)], part.most)
        numerator.append((build.choose(part.present, part.number, none), factor))
        rest.append((build.choose(part.present, lacking, none), 1))
    step = context.grid.units(rounding.step)
    return Portion(
        top, build.linear(numerator), build.linear(rest), step, rounding.mode, is_rest=True
    )


def _dependent(build: Builder, parts: Sequence[_Part]) -> tuple[int, ...]:
    """Return the truths by whose cases a portion is narrower than by its two sums.

    Not those of a single part that has all of its most or nothing: then the sums suffice.
    """
    truths = [part.present for part in parts if build.bounds[part.present] == (0, 1)]
    distinct = tuple(dict.fromkeys(truths))
    if len(distinct) == 1:
        return distinct
    partial = {part.present for part in parts if not _is_all_or_none(build, part)}
    return tuple(truth for truth in distinct if truths.count(truth) > 1 or truth in partial)


def _is_all_or_none(build: Builder, part: _Part) -> bool:
    match build.operators[part.number]:
        case Known(lower, upper):
            return lower == upper and lower * part.factor in (0, part.most)
        case Linear((truth,), (factor,), 0):
            return build.bounds[truth] == (0, 1) and factor * part.factor == part.most
        case _:
            return False


class CombinationRule(ABC):
    """What each kind of combination can be asked."""

    @property
    @abstractmethod
    def label(self) -> Text:
        """The display name."""

    @property
    @abstractmethod
    def is_plain_sum(self) -> bool:
        """Whether the points of the children are added, and nothing else."""

    @property
    @abstractmethod
    def is_weighted(self) -> bool:
        """Whether it needs a rounding and uses the weights of the children."""

    @property
    @abstractmethod
    def needs_all_points(self) -> bool:
        """Whether the points of one child depend on others having all of theirs."""

    @property
    @abstractmethod
    def may_grow_when_dropped(self) -> bool:
        """Whether the available points can grow when a child does not count."""

    @abstractmethod
    def lower(
        self, context: LoweringContext, children: Children, sharing: Sharing
    ) -> CombinedPoints:
        """Add its operators to the plan."""

    @abstractmethod
    def maximum(self, children: Maxima, rounding: RoundingRule | None) -> Fraction:
        """Return the maximum points."""

    def met_without_points(self, build: Builder, children: Children) -> int:
        """Return the truth that a branch without points is met."""
        return _all_met(build, children)


class _Sum(CombinationRule):
    label = Text(vi="tổng", en="sum")
    is_plain_sum = True
    is_weighted = False
    needs_all_points = False
    may_grow_when_dropped = False

    def lower(
        self, context: LoweringContext, children: Children, sharing: Sharing
    ) -> CombinedPoints:
        build, maximum = context.build, sum(child.maximum for child in children)
        shared = [child for child in children if child.shares and child.maximum > 0]
        if not any(child.gives for child in shared):
            return CombinedPoints(
                _sum(build, [child.points for child in children]),
                _sum(build, [child.available for child in children]),
                maximum,
            )
        top = sum(child.maximum for child in shared)
        presence = [child.kept if child.gives else build.known(1) for child in shared]

        def parts(numbers: list[int]) -> list[_Part]:
            most = [child.maximum for child in shared]
            return list(map(_Part, numbers, [1] * len(shared), most, presence))

        points, available, cases = _of_present(
            context,
            parts([child.earned for child in shared]),
            parts([child.offered for child in shared]),
            sharing,
            (top, top),
        )
        others = [child for child in children if child not in shared]
        return CombinedPoints(
            _sum(build, [points, *(child.points for child in others)]),
            _sum(build, [available, *(child.available for child in others)]),
            maximum,
            cases,
        )

    def maximum(self, children: Maxima, rounding: RoundingRule | None) -> Fraction:
        return sum((maximum for _, maximum in children), Fraction(0))


class _WeightedMean(CombinationRule):
    label = Text(vi="trung bình có trọng số", en="weighted mean")
    is_plain_sum = False
    is_weighted = True
    needs_all_points = False
    may_grow_when_dropped = True

    def lower(
        self, context: LoweringContext, children: Children, sharing: Sharing
    ) -> CombinedPoints:
        rounding = sharing.rounding
        assert rounding is not None  # the checks require it
        build, step, mode = context.build, context.grid.units(rounding.step), rounding.mode
        scale = math.lcm(*(child.weight.denominator for child in children))
        weights = [(child.weight * scale).numerator for child in children]

        def mean(indices: list[int]) -> int:
            total = build.linear(list(zip(indices, weights, strict=True)))
            return build.add(Rounded(total, sum(weights), step, mode))

        maximum = build.bounds[mean([build.known(child.maximum) for child in children])][0]
        points = [child.points for child in children]
        available = [child.available for child in children]
        if all(build.is_known(child.kept, 1) for child in children):
            return CombinedPoints(mean(points), mean(available), maximum)
        ends = [end for index in (*points, *available) for end in build.bounds[index]]
        top = step * -(-max(map(abs, ends)) // step)  # a rounded mean is never above it

        def parts(numbers: list[int]) -> list[_Part]:
            most = [weight * top for weight in weights]
            return list(map(_Part, numbers, weights, most, [child.kept for child in children]))

        shared_points, shared_available, cases = _of_present(
            context, parts(points), parts(available), sharing, (top, maximum)
        )
        return CombinedPoints(shared_points, shared_available, maximum, cases)

    def maximum(self, children: Maxima, rounding: RoundingRule | None) -> Fraction:
        assert rounding is not None  # the checks require it
        weights = sum((weight for weight, _ in children), Fraction(0))
        total = sum((weight * maximum for weight, maximum in children), Fraction(0))
        return rounding.rounded(total / weights)


class _BestOf(CombinationRule):
    label = Text(vi="lấy điểm cao nhất", en="best of")
    is_plain_sum = False
    is_weighted = False
    needs_all_points = False
    may_grow_when_dropped = False

    def lower(
        self, context: LoweringContext, children: Children, sharing: Sharing
    ) -> CombinedPoints:
        return CombinedPoints(
            _extreme_kept(context.build, children, [c.points for c in children], greatest=True),
            _extreme_kept(context.build, children, [c.available for c in children], greatest=True),
            max(child.maximum for child in children),
        )

    def maximum(self, children: Maxima, rounding: RoundingRule | None) -> Fraction:
        return max(maximum for _, maximum in children)

    def met_without_points(self, build: Builder, children: Children) -> int:
        return build.any_of(child.met for child in children)


class _WorstOf(CombinationRule):
    label = Text(vi="lấy điểm thấp nhất", en="worst of")
    is_plain_sum = False
    is_weighted = False
    needs_all_points = False
    may_grow_when_dropped = True

    def lower(
        self, context: LoweringContext, children: Children, sharing: Sharing
    ) -> CombinedPoints:
        return CombinedPoints(
            _extreme_kept(context.build, children, [c.points for c in children], greatest=False),
            _extreme_kept(context.build, children, [c.available for c in children], greatest=False),
            min(child.maximum for child in children),
        )

    def maximum(self, children: Maxima, rounding: RoundingRule | None) -> Fraction:
        return min(maximum for _, maximum in children)


class _AllOrNothing(CombinationRule):
    label = Text(vi="đạt tất cả hoặc không có điểm", en="all or nothing")
    is_plain_sum = False
    is_weighted = False
    needs_all_points = True
    may_grow_when_dropped = False

    def lower(
        self, context: LoweringContext, children: Children, sharing: Sharing
    ) -> CombinedPoints:
        build = context.build
        all_met = _all_met(build, children)
        # If all are met, every child that applies has its maximum points.
        reached = _sum(build, [build.choose(c.applies, c.available, c.points) for c in children])
        total = build.choose(all_met, reached, build.known(0))
        points = build.by_cases(total, [c.applies for c in children if c.has_condition])
        return CombinedPoints(
            points,
            _sum(build, [child.available for child in children]),
            sum(child.maximum for child in children),
        )

    def maximum(self, children: Maxima, rounding: RoundingRule | None) -> Fraction:
        return sum((maximum for _, maximum in children), Fraction(0))


def _of_present(
    context: LoweringContext,
    points: Sequence[_Part],
    available: Sequence[_Part],
    sharing: Sharing,
    tops: tuple[int, int],
) -> tuple[int, int, tuple[int, ...]]:
    """Return points and available points of the parts that are present, and their cases.

    `tops` are the points for the most of every part, and those of the branch if none is present.
    """
    build, (top, maximum) = context.build, tops
    assert sharing.rounding is not None  # the checks require it
    any_present = build.any_of(part.present for part in points)
    full = sharing.all_absent is AllAbsent.FULL
    kept = sharing.all_absent in (AllAbsent.FULL, AllAbsent.ZERO)
    results = []
    for parts, if_absent in ((points, full), (available, kept)):
        present = _portion(context, parts, top, sharing.rounding)
        present = build.by_cases(present, _dependent(build, parts))
        results.append(build.choose(any_present, present, build.known(maximum * if_absent)))
    return results[0], results[1], (any_present, *_dependent(build, points))


def _sum(build: Builder, indices: Sequence[int]) -> int:
    return build.linear([(index, 1) for index in indices])


def _extreme_kept(
    build: Builder, children: Children, side: Sequence[int], *, greatest: bool
) -> int:
    """Return the greatest or least of one number of each child that is kept; 0 if none is."""
    ends = [build.bounds[index][0 if greatest else 1] for index in side]
    never_extreme = build.known(min(ends) if greatest else max(ends))
    indices = [
        build.choose(child.kept, index, never_extreme)
        for child, index in zip(children, side, strict=True)
    ]
    any_kept = build.any_of(child.kept for child in children)
    return build.choose(any_kept, build.extreme(indices, greatest=greatest), build.known(0))


def _all_met(build: Builder, children: Children) -> int:
    """Return the truth that every child that applies is met."""
    return build.all_of(build.choose(c.applies, c.met, build.known(1)) for c in children)


_SUM = _Sum()
_WEIGHTED_MEAN = _WeightedMean()
_BEST_OF = _BestOf()
_WORST_OF = _WorstOf()
_ALL_OR_NOTHING = _AllOrNothing()
