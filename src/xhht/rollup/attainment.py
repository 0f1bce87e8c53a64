"""Attainment of a target: met or not, how many are still needed, and how many per year.

A target is evaluated by interval arithmetic over all possible values of what is still open: `met`
and `not_met` hold for every such value; otherwise the state is `undetermined`. Areas that have not
reported are open too: while there are any, a share is undetermined, and the result for the reports
alone is given separately (`of_reported`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias, TypedDict

from attrs import frozen

from xhht.criteria.target_document import AreasEntry, ConditionEntry, CountedIn, RateEntry
from xhht.criteria.targets import External, GoalDict, Target
from xhht.dates import add_months, day_text
from xhht.errors import RollupError
from xhht.numbers import count_label
from xhht.rollup.counts import Bounds, BoundsDict, Count
from xhht.rollup.joint import AreaMeasurement, JointTally, Measurement, RatioEnd
from xhht.rollup.rates import Coverage, CoverageDict, Denominator, Rate, rate, rate_ends
from xhht.rollup.tally import Tally
from xhht.rollup.tree import AreaRollup
from xhht.text import Lang, Text, join

__all__ = [
    "Attainment",
    "AttainmentDict",
    "AttainmentInput",
    "AttainmentState",
    "PaceState",
    "area_tally",
    "attainment",
    "measure_areas",
    "measure_condition",
    "measure_rate",
]

AttainmentInput: TypeAlias = (
    "AreaRollup | AreaMeasurement | Tally | JointTally | Measurement | Fraction | int"
    " | Iterable[AreaRollup]"
)
"""Figures on which a target may be evaluated."""


class AttainmentState(StrEnum):
    """Whether a target is met for every possible value of what is still open."""

    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"

    @property
    def label(self) -> Text:
        """The state as shown to users."""
        return _STATES[self]


class PaceState(StrEnum):
    """Whether a yearly pace applies."""

    REACHED = "reached"
    RUNNING = "running"
    DEADLINE_PASSED = "deadline_passed"
    UNKNOWN = "unknown"

    @property
    def label(self) -> Text:
        """The state as shown to users."""
        return _PACES[self]


class AttainmentDict(TypedDict):
    """The attainment of a target in JSON."""

    goal: GoalDict
    state: str
    of_reported: str
    numerator: BoundsDict | None
    denominator: BoundsDict | None
    percent_min: str | None
    percent_max: str | None
    needed: BoundsDict | None
    years_left: int
    pace: str
    per_year: BoundsDict | None
    coverage: CoverageDict | None
    message: str


@frozen(kw_only=True)
class Attainment:
    """The attainment of a target in one area.

    Attributes:
        target: the target.
        as_of: the day for which the figures hold.
        state: met, not met or undetermined.
        of_reported: the state for the reports alone; differs from `state` only where areas have
            not reported.
        numerator: the number reached, as a range; None for a share given without its counts.
        denominator: of how many; None likewise, and for a target that is a number.
        low, high: the share reached, in [0, 1]; None for a number, or where it is not known.
        needed: how many more, as a range: the smallest n for which (numerator + n) / denominator
            reaches the share, or numerator + n the number; None for a share without counts. Like
            the share, it refers to what was reported.
        years_left: years from `as_of` to the deadline, rounded up.
        pace: whether a yearly pace applies.
        per_year: how many more in each of those years, rounded up; None where no pace applies.
        coverage: how many leaf areas have reported, where that is known.
    """

    target: Target
    as_of: date
    state: AttainmentState
    of_reported: AttainmentState
    numerator: Bounds | None
    denominator: Bounds | None
    lower: Fraction | None
    upper: Fraction | None
    needed: Bounds | None
    years_left: int
    pace: PaceState
    per_year: Bounds | None
    coverage: Coverage | None = None

    @property
    def text(self) -> Text:
        """The result in words."""
        sentences = [_AS_OF.format(state=self.state.label, day=day_text(self.as_of))]
        if self.coverage is not None and self.coverage.reported < self.coverage.expected:
            sentences.append(
                _COVERED.format(
                    reported=count_label(self.coverage.reported),
                    expected=count_label(self.coverage.expected),
                )
            )
        if self.needed is not None and self.needed.upper != 0:
            sentences.append(_NEEDED.format(number=self.needed.text))
        if self.per_year is not None and self.per_year.upper != 0:
            sentences.append(_PER_YEAR.format(number=self.per_year.text))
        elif self.pace is PaceState.DEADLINE_PASSED:
            sentences.append(_DEADLINE.format(day=day_text(self.target.deadline)))
        return join(sentences)

    @property
    def rate(self) -> Rate:
        """The share reached, without its counts."""
        return Rate(numerator=None, denominator=None, lower=self.lower, upper=self.upper)

    def to_dict(self, lang: Lang | str = Lang.VI) -> AttainmentDict:
        """Return the attainment as `xhht targets attain --format json` prints it."""
        return {
            "goal": self.target.goal(),
            "state": self.state.value,
            "of_reported": self.of_reported.value,
            "numerator": self.numerator.to_dict() if self.numerator else None,
            "denominator": self.denominator.to_dict() if self.denominator else None,
            "percent_min": self.rate.percent_min,
            "percent_max": self.rate.percent_max,
            "needed": self.needed.to_dict() if self.needed else None,
            "years_left": self.years_left,
            "pace": self.pace.value,
            "per_year": self.per_year.to_dict() if self.per_year else None,
            "coverage": self.coverage.to_dict() if self.coverage else None,
            "message": self.text.get(lang),
        }


def attainment(target: Target, figures: AttainmentInput, *, as_of: date | int) -> Attainment:
    """Return the attainment of a target.

    Args:
        target: the target.
        figures: what was measured where the target applies. For a rate, an area of a roll-up or
            a tally; for a rate of some subjects only, or for a condition, a `JointTally`; for
            areas, the areas of a roll-up; for an external figure, `Measurement`, or a share as
            a Fraction, or a number as an int; for any target, what a campaign measured in an area.
        as_of: the day for which the figures hold, or a year for its last day.

    Raises:
        RollupError: the figures are of another kind or title than the target needs.

    >>> from xhht.criteria.targets import bundled_programmes
    >>> from xhht.rollup.counts import Counts
    >>> programme = next(p for p in bundled_programmes() if p.id == "vn.programme.qd387-2022")
    >>> tally = Tally.of(Counts(total=1000, recognised=620, undetermined=0))
    >>> result = attainment(programme.target("household_2025"), tally, as_of=2023)
    >>> result.state.value, result.needed.lower, result.years_left, result.per_year.lower
    ('not_met', 80, 2, 40)
    """
    day = date(as_of, 12, 31) if isinstance(as_of, int) else as_of
    measured = _measured(target, figures)
    counts = measured if isinstance(measured, Measurement) else None
    lower, upper = _shares(measured) if target.share is not None else (None, None)
    state, needed = _evaluate(target, lower, upper, counts)
    coverage = figures.coverage if isinstance(figures, (AreaRollup, AreaMeasurement)) else None
    years_left, pace = _years(day, target.deadline), _pace(day, target.deadline, state, needed)
    return Attainment(
        target=target,
        as_of=day,
        state=_with_unreported(target, state, coverage),
        of_reported=state,
        numerator=counts.numerator if counts else None,
        denominator=counts.denominator if counts and target.share is not None else None,
        lower=lower,
        upper=upper,
        needed=needed,
        years_left=years_left,
        pace=pace,
        per_year=_per_year(needed, years_left, pace),
        coverage=coverage,
    )


def _shares(measured: Measurement | Fraction) -> tuple[Fraction | None, Fraction | None]:
    if isinstance(measured, Measurement):
        return measured.lower, measured.upper
    return measured, measured


def _with_unreported(
    target: Target, state: AttainmentState, coverage: Coverage | None
) -> AttainmentState:
    """Return the state when unreported areas are treated as open."""
    if coverage is None or coverage.reported == coverage.expected:
        return state
    # A later report can only increase a number, but may move a share either way.
    certain = target.count is not None and state is AttainmentState.MET
    return state if certain else AttainmentState.UNDETERMINED


def _evaluate(
    target: Target, lower: Fraction | None, upper: Fraction | None, counts: Measurement | None
) -> tuple[AttainmentState, Bounds | None]:
    """Return the state, and how many more are needed."""
    if target.share is None:
        return _evaluate_number(target.count or 0, counts) if counts else (_OPEN, None)
    state = _state(lower, upper, target.share)
    if counts is None:
        return state, None
    most_needed = _shortfall(counts.worst, target.share)
    least_needed = _shortfall(counts.best, target.share) or 0
    # An empty denominator would need nothing; but here the state is known not to be met.
    return state, Bounds(max(least_needed, int(state is AttainmentState.NOT_MET)), most_needed)


def _evaluate_number(goal: int, counts: Measurement) -> tuple[AttainmentState, Bounds]:
    lower, upper = counts.numerator.lower, counts.numerator.upper
    needed = Bounds(0 if upper is None else max(0, goal - upper), max(0, goal - lower))
    if needed.upper == 0:
        return AttainmentState.MET, needed
    return (AttainmentState.NOT_MET if needed.lower else _OPEN), needed


def _state(
    lower: Fraction | None, upper: Fraction | None, share: Fraction | None
) -> AttainmentState:
    if lower is None or upper is None or share is None:
        return AttainmentState.UNDETERMINED
    if lower >= share:
        return AttainmentState.MET
    return AttainmentState.NOT_MET if upper < share else AttainmentState.UNDETERMINED


def _shortfall(end: RatioEnd, share: Fraction) -> int | None:
    """Return the smallest n with (numerator + n) / denominator >= share."""
    if end.denominator is None:
        return None
    return max(0, _ceil(share * end.denominator) - end.numerator)


def _ceil(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)


# Time


def _years(day: date, deadline: date) -> int:
    """Return the number of years to the deadline, rounded up."""
    if day >= deadline:
        return 0
    years = max(0, deadline.year - day.year - 1)
    while add_months(day, 12 * years) < deadline:
        years += 1
    return years


def _pace(day: date, deadline: date, state: AttainmentState, needed: Bounds | None) -> PaceState:
    if state is AttainmentState.MET:
        return PaceState.REACHED
    if day >= deadline:
        return PaceState.DEADLINE_PASSED
    return PaceState.UNKNOWN if needed is None else PaceState.RUNNING


def _per_year(needed: Bounds | None, years: int, pace: PaceState) -> Bounds | None:
    if needed is None or pace not in (PaceState.REACHED, PaceState.RUNNING):
        return None
    if pace is PaceState.REACHED:
        return Bounds(0, 0)
    upper = None if needed.upper is None else -(-needed.upper // years)
    return Bounds(-(-needed.lower // years), upper)


# What was measured


def _measured(target: Target, figures: AttainmentInput) -> Measurement | Fraction:
    measure = target.measure
    if isinstance(figures, AreaMeasurement):
        return figures.measured
    if isinstance(figures, Measurement):
        return figures
    if isinstance(figures, (Fraction, int)) and isinstance(measure, External):
        return _figure(target, figures)
    if isinstance(measure, AreasEntry) and not isinstance(
        figures, (AreaRollup, Tally, JointTally, Fraction, int)
    ):
        return measure_areas(measure, figures)
    if isinstance(measure, RateEntry) and not measure.is_selective:
        if isinstance(figures, AreaRollup) and figures.title is not measure.title:
            raise RollupError(_OTHER_TITLE.format(title=measure.title.label))
        if isinstance(figures, AreaRollup):
            return measure_rate(measure, figures.tally)
        if isinstance(figures, Tally):
            return measure_rate(measure, figures)
    elif isinstance(figures, JointTally) and not isinstance(measure, (AreasEntry, External)):
        return figures.measured()
    raise RollupError(_OTHER_KIND.format(id=target.id))


def _figure(target: Target, figure: Fraction | int) -> Measurement | Fraction:
    if target.count is not None and isinstance(figure, int) and figure >= 0:
        end = RatioEnd(figure, None)
        return Measurement(
            numerator=Bounds(figure, figure), denominator=Bounds(figure, None), worst=end, best=end
        )
    if target.share is None or not 0 <= figure <= 1:
        raise RollupError(_BAD_FIGURE)
    return Fraction(figure)


def measure_rate(measure: RateEntry, tally: Tally) -> Measurement:
    """Return the recognised of a tally over the denominator that a rate names.

    With `levels`, only subjects at one of these levels count; those recognised without a known
    level possibly count.

    Args:
        measure: a rate of all subjects, without `applies_to` and `where`.
        tally: sums of possible reports (`Tally.validate`).
    """
    denominator = Denominator(measure.of)
    result = rate(tally, denominator)
    bounds = tally.bounds(denominator.base_count)
    ends = [rate_ends(group.counts, denominator.base_count) for group in tally.groups()]
    bounded = [end for end in ends if end is not None]
    recognised = _recognised(tally, measure.levels)
    if result.lower is None or recognised.upper is None or len(bounded) < len(ends):
        end = RatioEnd(recognised.lower, bounds.upper if not tally else None)
        return Measurement(numerator=recognised, denominator=bounds, worst=end, best=end)
    _, _, smallest, largest = map(sum, zip(*bounded, strict=True))
    return Measurement(
        numerator=recognised,
        denominator=bounds,
        worst=RatioEnd(recognised.lower, largest),
        best=RatioEnd(recognised.upper, smallest),
    )


def measure_areas(measure: AreasEntry, areas: Iterable[AreaRollup]) -> Measurement:
    """Return how many areas of the measure's level have enough subjects, of how many.

    Args:
        measure: how many subjects an area must have.
        areas: for `inside`, rows of a roll-up by that level; for `itself`, rows that hold what
            the result of each area itself. Rows of other levels and titles are ignored.
    """
    rows = [row for row in areas if row.area.level is measure.level and row.title is measure.title]
    return JointTally.sum(area_tally(measure, row) for row in rows).measured()


def area_tally(measure: AreasEntry, row: AreaRollup) -> JointTally:
    """Return one area as a tally: whether it has enough subjects, or open if not known."""
    count = Count(measure.count.value)
    if count is Count.RECOGNISED:
        counted = _recognised(row.tally, measure.levels)
    else:
        counted = row.tally.bounds(count)
    if counted.lower >= measure.at_least:
        return JointTally.of(True, True)
    complete = measure.counted is CountedIn.ITSELF and bool(row.tally)
    complete = complete or row.coverage.reported == row.coverage.expected
    too_few = complete and counted.upper is not None and counted.upper < measure.at_least
    return JointTally.of(True, False if too_few else None)


def measure_condition(
    measure: ConditionEntry, subjects: AreaRollup, meeting: AreaRollup
) -> Measurement:
    """Return the share of the subjects of an area that meet a condition.

    Where not every report of the area says how many meet it, all others of its subjects may.

    Args:
        measure: the condition, and the subjects among which it is counted.
        subjects: the counts of all subjects.
        meeting: the counts of those that meet the condition.
    """
    count = Count(measure.among.value)
    denominator, numerator = _settled(subjects.tally, count), _settled(meeting.tally, count)
    is_complete = (
        subjects.coverage == meeting.coverage
        and not meeting.tally.unreported(count).parts
        and numerator.upper is not None
    )
    if denominator.upper is None or not subjects.tally:
        end = RatioEnd(numerator.lower, None if subjects.tally else 0)
        bounds = Bounds(numerator.lower, None if subjects.tally else 0)
        return Measurement(numerator=bounds, denominator=denominator, worst=end, best=end)
    upper = denominator.upper
    if is_complete and numerator.upper is not None:
        upper = min(upper, numerator.upper)
    return Measurement(
        numerator=Bounds(numerator.lower, upper),
        denominator=denominator,
        worst=RatioEnd(numerator.lower, denominator.upper),
        best=RatioEnd(upper, max(upper, denominator.lower)),
    )


def _settled(tally: Tally, count: Count) -> Bounds:
    return _recognised(tally, None) if count is Count.RECOGNISED else tally.bounds(count)


def _recognised(tally: Tally, levels: Collection[str] | None) -> Bounds:
    """Return the possible number recognised, at one of `levels`, when nothing is open any more."""
    settled = [group.counts.settled(Count.RECOGNISED) for group in tally.groups()]
    uppers = [bounds.upper for bounds in settled if bounds.upper is not None]
    lower, upper = sum(bounds.lower for bounds in settled), sum(uppers)
    if levels is not None:
        lower = sum(tally.levels.get(level, 0) for level in levels)
        upper += lower - sum(tally.levels.values())
    return Bounds(lower, upper if len(uppers) == len(settled) else None)


_OPEN = AttainmentState.UNDETERMINED
_STATES = {
    AttainmentState.MET: Text(vi="đạt chỉ tiêu", en="met"),
    AttainmentState.NOT_MET: Text(vi="chưa đạt chỉ tiêu", en="not met"),
    AttainmentState.UNDETERMINED: Text(vi="chưa xác định được", en="undetermined"),
}
_PACES = {
    PaceState.REACHED: Text(vi="đã đạt", en="reached"),
    PaceState.RUNNING: Text(vi="còn thời hạn", en="time remaining"),
    PaceState.DEADLINE_PASSED: Text(vi="đã hết thời hạn", en="the deadline has passed"),
    PaceState.UNKNOWN: Text(vi="không tính được", en="cannot be computed"),
}
_AS_OF = Text(vi="Tính đến {day}: {state}.", en="As of {day}: {state}.")
_COVERED = Text(
    vi="Mới có {reported} trên {expected} khu vực báo cáo.",
    en="{reported} of {expected} areas have reported.",
)
_NEEDED = Text(vi="Còn cần thêm: {number}.", en="Still needed: {number}.")
_PER_YEAR = Text(vi="Mỗi năm cần thêm: {number}.", en="Needed each year: {number}.")
_DEADLINE = Text(vi="Đã hết thời hạn vào {day}.", en="The deadline was {day}.")
_OTHER_TITLE = Text(
    vi="Số liệu thuộc danh hiệu khác; chỉ tiêu này cần số liệu của danh hiệu {title}.",
    en="The figures are for another title; the target needs figures for {title}.",
)
_OTHER_KIND = Text(
    vi="Số liệu không đúng loại mà chỉ tiêu '{id}' cần; hãy xem cách đo của chỉ tiêu này.",
    en="The figures are not of the kind that the target '{id}' needs; check how it is measured.",
)
_BAD_FIGURE = Text(
    vi="Chỉ tiêu theo tỉ lệ cần một tỉ lệ từ 0 đến 1; chỉ tiêu theo số lượng cần một số nguyên từ "
    "0 trở lên.",
    en="A target for a share needs a share from 0 to 1; a target for a number needs a whole number "
    "of 0 or more.",
)
