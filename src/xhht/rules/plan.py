"""The plan: a profile's rules as operators of interval arithmetic on integers.

Every operator maps closed intervals of integers to one such interval. Truth is the interval
`(1, 1)`, falsehood `(0, 0)`, and `(0, 1)` is unknown, so that Kleene's three-valued logic is
minimum and maximum. `meaning` is the only definition of the operators; every interpreter of a plan
(generated Python, columns, a prover) must give the same intervals.
"""

from __future__ import annotations

from typing import TypeAlias, assert_never

from attrs import frozen

from xhht.numbers import Grid, Rounding, round_ratio
from xhht.rules.inputs import Input

__all__ = [
    "Among",
    "AsOfDay",
    "AtLeastZero",
    "Choose",
    "ClosingPlan",
    "Defined",
    "End",
    "Greatest",
    "Interval",
    "IsZero",
    "Known",
    "Least",
    "LevelMarks",
    "LevelPlan",
    "Linear",
    "Multiply",
    "NodePlan",
    "Operator",
    "Plan",
    "Portion",
    "Read",
    "Rounded",
    "SharePlan",
    "meaning",
    "operands",
    "part_of",
    "portion",
    "portion_of",
]

Interval: TypeAlias = tuple[int, int]


@frozen
class Known:
    """A constant set: a number, or a fixed range.

    Attributes:
        lower: the lower end.
        upper: the upper end.
        unknown_id: identifies the unknown that the range represents; 0 if every use is independent.
    """

    lower: int
    upper: int
    unknown_id: int = 0


@frozen
class Read:
    """The set of an input, after bound propagation."""

    input: int


@frozen
class AsOfDay:
    """The ordinal of the latest day from which `months` calendar months have passed on `as_of`."""

    months: int


@frozen
class Among:
    """Whether a choice input is one of the options whose bits are in `mask`."""

    input: int
    mask: int


@frozen
class Linear:
    """`constant` plus each operand times its factor."""

    of: tuple[int, ...]
    factors: tuple[int, ...]
    constant: int


@frozen
class Multiply:
    """Two operands multiplied."""

    left: int
    right: int


@frozen
class Least:
    """The minimum of the operands; of truths, their conjunction."""

    of: tuple[int, ...]


@frozen
class Greatest:
    """The maximum of the operands; of truths, their disjunction."""

    of: tuple[int, ...]


@frozen
class AtLeastZero:
    """Whether the operand is 0 or more."""

    of: int


@frozen
class IsZero:
    """Whether the operand is 0."""

    of: int


@frozen
class Choose:
    """`then` if the condition holds, `other` if not, the hull of both if it is unknown."""

    condition: int
    then: int
    other: int


@frozen
class Defined:
    """The condition; unknown if the denominator may be 0.

    `unknown_id` identifies the comparison, so that different comparisons of shares of nothing are
    independent even if they agree wherever the shares are defined.
    """

    denominator: int
    condition: int
    unknown_id: int


@frozen
class Portion:
    """`points * numerator / denominator`, the share clamped to 0 to 1, rounded to steps.

    If the denominator may be 0, the share may be anything. With `is_rest` the denominator is what
    the numerator lacks, so that the share is `numerator / (numerator + denominator)`: if something
    may be left out of both, the ends of the two belong together. The share of nothing is then never
    read.
    """

    points: int
    numerator: int
    denominator: int
    step: int
    mode: Rounding
    is_rest: bool = False


@frozen
class Rounded:
    """The operand divided by a positive constant, rounded to steps."""

    of: int
    divisor: int
    step: int
    mode: Rounding


@frozen
class End:
    """One end of the operand, as if that were its value: what is still open is closed."""

    of: int
    upper: bool


Operator: TypeAlias = (
    Known
    | Read
    | AsOfDay
    | Among
    | Linear
    | Multiply
    | Least
    | Greatest
    | AtLeastZero
    | IsZero
    | Choose
    | Defined
    | Portion
    | Rounded
    | End
)


def operands(operator: Operator) -> tuple[int, ...]:
    """Return the indices of the operators that an operator reads."""
    match operator:
        case Linear(of, _, _) | Least(of) | Greatest(of):
            return of
        case Multiply(left, right) | Defined(left, right, _):
            return (left, right)
        case AtLeastZero(one) | IsZero(one) | Rounded(one, _, _, _) | End(one, _):
            return (one,)
        case Choose(condition, then, other):
            return (condition, then, other)
        case Portion(_, numerator, denominator):
            return (numerator, denominator)
        case Known() | Read() | AsOfDay() | Among():
            return ()
        case _:
            assert_never(operator)


def meaning(  # noqa: C901 - one case an operator
    operator: Operator, of: tuple[Interval, ...]
) -> Interval:
    """Return the interval of an operator for the intervals of its operands.

    Raises:
        TypeError: `Read`, `Among` or `AsOfDay`, which read facts and have no operands.
    """
    match operator:
        case Known(lower, upper):
            return lower, upper
        case Linear(_, factors, constant):
            ends = [
                (f * x[0], f * x[1]) if f >= 0 else (f * x[1], f * x[0])
                for f, x in zip(factors, of, strict=True)
            ]
            return constant + sum(e[0] for e in ends), constant + sum(e[1] for e in ends)
        case Multiply():
            corners = [x * y for x in of[0] for y in of[1]]
            return min(corners), max(corners)
        case Least():
            return min(x[0] for x in of), min(x[1] for x in of)
        case Greatest():
            return max(x[0] for x in of), max(x[1] for x in of)
        case AtLeastZero():
            return int(of[0][0] >= 0), int(of[0][1] >= 0)
        case IsZero():
            lower, upper = of[0]
            return int(lower == upper == 0), int(lower <= 0 <= upper)
        case Choose():
            return _choose(*of)
        case Defined():
            (denominator, _), condition = of
            return condition if denominator > 0 else (0, 1)
        case Portion():
            return portion(operator, of[0], of[1])
        case Rounded(_, divisor, step, mode):
            lower, upper = (step * round_ratio(end, divisor * step, mode) for end in of[0])
            return lower, upper
        case End(_, upper_end):
            return of[0][upper_end], of[0][upper_end]
        case Read() | Among() | AsOfDay():
            raise TypeError(operator)
        case _:
            assert_never(operator)


def _choose(condition: Interval, then: Interval, other: Interval) -> Interval:
    if condition == (1, 1):
        return then
    if condition == (0, 0):
        return other
    return min(then[0], other[0]), max(then[1], other[1])


def portion(operator: Portion, numerator: Interval, denominator: Interval) -> Interval:
    """Return the interval of `Portion`."""
    points, step, mode = operator.points, operator.step, operator.mode
    if operator.is_rest:
        rest_lower, rest_upper = denominator
        if numerator[1] <= 0:
            return 0, 0
        lower = points if rest_upper <= 0 else part_of(points, numerator[0], rest_upper, step, mode)
        return lower, part_of(points, numerator[1], rest_lower, step, mode)
    if denominator[0] <= 0:
        return 0, points
    return (
        portion_of(points, numerator[0], denominator[1], step, mode),
        portion_of(points, numerator[1], denominator[0], step, mode),
    )


def portion_of(points: int, numerator: int, denominator: int, step: int, mode: Rounding) -> int:
    """Return the value of `Portion` for single numbers; the denominator is above 0."""
    top = min(max(numerator, 0), denominator)
    return min(points, step * round_ratio(points * top, denominator * step, mode))


def part_of(points: int, numerator: int, rest: int, step: int, mode: Rounding) -> int:
    """Return the value of `Portion` with `is_rest` for single numbers; 0 if the numerator is."""
    if numerator <= 0:
        return 0
    return portion_of(points, numerator, numerator + max(rest, 0), step, mode)


@frozen(kw_only=True)
class LevelMarks:
    """Indices of what one level finds of a criterion that levels find different things of.

    Attributes:
        met: index of the truth that it is met for the level, or not asked.
        applies: index of the truth that the level asks for it.
        waived: whether an authority waived what the level asks.
        compares: whether its scoring for the level reads numbers.
        inputs: the inputs that decide whether it is met for the level.
        applicability_inputs: the inputs that decide whether the level asks for it.
        unknown_threshold, unknown_applies: as of the criterion.
    """

    met: int
    applies: int
    waived: bool
    compares: bool
    inputs: tuple[int, ...]
    applicability_inputs: tuple[int, ...]
    unknown_threshold: int | None
    unknown_applies: int | None


@frozen(kw_only=True)
class FactorPlan:
    """Which factor of a criterion counts.

    Attributes:
        truths: the truths of the cases in their order, without the last, which always holds.
        inputs: the inputs that decide between them.
        unknown_threshold: index of the truth that they depend on an unknown threshold, or None.
    """

    truths: tuple[int, ...]
    inputs: tuple[int, ...]
    unknown_threshold: int | None


@frozen(kw_only=True)
class NodePlan:
    """Indices of a criterion's results in the plan.

    Attributes:
        id: the criterion.
        is_leaf: whether it has no criteria under it.
        points: index of the points that count towards the branch above; 0 below a criterion whose
            condition does not hold.
        own_points: index of its own points, as if it applied and before its factor.
        available: index of the maximum points it can still give to the branch above.
        maximum: the maximum points by the profile, in steps; with a factor, those for the least.
        partly: index of the number that is least if nothing of it is met: its own points, or the
            truth that it is met for some level that asks for it.
        minimum: the minimum of `partly` without waivers.
        met: index of the truth that it has all its points, or is met for every level.
        applies: index of the truth that it applies, for some level.
        floor: index of the truth that its floor is reached, or None.
        must: whether it blocks every level while unmet.
        waived: whether an authority waived it, for every level that asks for it.
        compares: whether its scoring reads numbers, not only truths and choices.
        inputs: the inputs that its scoring reads, as indices.
        applicability_inputs: the inputs that decide whether it applies.
        unknown_threshold: index of the truth that its scoring depends on an unknown threshold, or
            None.
        unknown_applies: the same for its applicability.
        by_level: what each level finds of it, best level first; empty if all find the same.
        factor: which factor of it counts, or None if it has none.
        left_out: index of the truth that the mean above leaves it out at the close, or None.
    """

    id: str
    is_leaf: bool
    points: int
    own_points: int
    available: int
    maximum: int
    partly: int
    minimum: int
    met: int
    applies: int
    floor: int | None
    must: bool
    waived: bool
    compares: bool
    inputs: tuple[int, ...]
    applicability_inputs: tuple[int, ...]
    unknown_threshold: int | None
    unknown_applies: int | None
    by_level: tuple[LevelMarks, ...] = ()
    factor: FactorPlan | None = None
    left_out: int | None = None

    def for_level(self, level: int) -> LevelMarks:
        """Return what a level, counted from 0, finds of it."""
        if self.by_level:
            return self.by_level[level]
        return LevelMarks(
            met=self.met,
            applies=self.applies,
            waived=self.waived,
            compares=self.compares,
            inputs=self.inputs,
            applicability_inputs=self.applicability_inputs,
            unknown_threshold=self.unknown_threshold,
            unknown_applies=self.unknown_applies,
        )


@frozen(kw_only=True)
class SharePlan:
    """A share whose denominator may be 0, and where it is compared.

    Attributes:
        node: the criterion that compares it, or None for a level.
        level: the level whose condition or mark compares it, counted from 0, or None for a
            criterion that all levels find the same of.
        denominator: index of its denominator.
        of_points: whether it is `percent`, the share of the available points.
    """

    node: str | None = None
    level: int | None = None
    denominator: int
    of_points: bool = False


@frozen(kw_only=True)
class ClosingPlan:
    """A number or truth that a final evaluation closes.

    Attributes:
        node: the criterion that it belongs to.
        level: the level whose mark it is, counted from 0, or None for every level.
        decides_applicability: whether it is the truth that the criterion applies.
        before: its index before closing.
        after: its index after closing; still open where the rules themselves are unknown.
        inputs: the inputs that it reads.
        within: index of the truth that it matters: that all around it applies.
    """

    node: str
    level: int | None = None
    decides_applicability: bool = False
    before: int
    after: int
    inputs: tuple[int, ...]
    within: int


@frozen
class LevelPlan:
    """A level.

    Attributes:
        id: the level.
        award: index of the truth that it is awarded, regardless of better levels.
        gate: index of the truth that all musts are met for it and all floors reached.
        when: index of the truth of its own condition.
        inputs: the inputs that its condition `when` reads.
        prerequisite_inputs: the inputs that its prerequisite reads, in the order in which they
            are asked for: whether the lower level is held, if an input says so, and since when.
        unknown_threshold: index of the truth that its own condition depends on an unknown
            threshold, or None.
    """

    id: str
    award: int
    gate: int
    when: int
    inputs: tuple[int, ...]
    prerequisite_inputs: tuple[int, ...]
    unknown_threshold: int | None


@frozen(kw_only=True, eq=False)
class Plan:
    """A profile's rules as operators in order of evaluation.

    Attributes:
        inputs: the declared inputs; facts come in this order.
        bound_pairs: pairs of inputs (smaller, larger) for bound propagation.
        operators: in topological order: each reads only operators before it.
        bounds: the interval of each operator over the whole domain of the inputs.
        nodes: every criterion, branches before their children.
        levels: best first.
        points, available: indices of the profile's totals.
        shares: the shares that may be undefined.
        non_monotone_inputs: inputs whose unknown values may make intervals wider than necessary.
        non_monotone_thresholds: indices of the truths that a threshold is unknown, which may do the
            same.
        grid: the points that one unit represents.
        uses_as_of: whether a date is needed.
        closings: what a final evaluation closes; empty in every other plan.
    """

    inputs: tuple[Input, ...]
    bound_pairs: tuple[tuple[int, int], ...]
    operators: tuple[Operator, ...]
    bounds: tuple[Interval, ...]
    nodes: tuple[NodePlan, ...]
    levels: tuple[LevelPlan, ...]
    points: int
    available: int
    maximum: int
    shares: tuple[SharePlan, ...]
    non_monotone_inputs: frozenset[int]
    non_monotone_thresholds: tuple[int, ...]
    grid: Grid
    uses_as_of: bool
    closings: tuple[ClosingPlan, ...] = ()

    def has_points(self, node: NodePlan | None = None) -> bool:
        """Return whether some subject can have points or some points are available.

        Args:
            node: the criterion whose points count; None for those of the whole profile.
        """
        of = node or self
        ends = (*self.bounds[of.points], *self.bounds[of.available])
        return any(end != 0 for end in ends)

    def needs_date(self) -> bool:
        """Return whether evaluation requires a day."""
        return self.uses_as_of or any(
            declared.evidence.valid_months is not None for declared in self.inputs
        )
