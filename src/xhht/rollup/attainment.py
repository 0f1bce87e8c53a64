"""How a target stands: met or not, how many are still needed, and how many a year.

A target is judged over everything that what is open may yet turn out to be. `met` and `not_met`
hold whatever that is; the rest is `undetermined`. Areas that have not reported are open as well:
while there are any, a share is undetermined, and what the reports alone come to stands apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from attrs import frozen

from xhht.criteria.target_document import AreasEntry, CountedIn, RateEntry
from xhht.criteria.targets import External, Target
from xhht.dates import add_months, day_text
from xhht.errors import RollupError
from xhht.rollup.counts import Bounds, Count, count_text
from xhht.rollup.measured import AreaMeasured, End, JointTally, Measured
from xhht.rollup.rates import Denominator, rate, rate_ends
from xhht.rollup.tally import Tally
from xhht.rollup.tree import AreaRollup, Coverage
from xhht.text import Text

__all__ = [
    "Attainment",
    "AttainmentState",
    "Found",
    "PaceState",
    "area_tally",
    "attainment",
    "measure_areas",
    "measure_rate",
]

Found: TypeAlias = (
    "AreaRollup | AreaMeasured | Tally | JointTally | Measured | Fraction | int"
    " | Iterable[AreaRollup]"
)
"""What may be held against a target."""


class AttainmentState(StrEnum):
    """Whether a target is met, whatever is still open."""

    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"

    @property
    def label(self) -> Text:
        """The state as officials read it."""
        return _STATES[self]


class PaceState(StrEnum):
    """Whether there is a pace to keep."""

    REACHED = "reached"
    RUNNING = "running"
    DEADLINE_PASSED = "deadline_passed"
    UNKNOWN = "unknown"

    @property
    def label(self) -> Text:
        """The state as officials read it."""
        return _PACES[self]


@frozen(kw_only=True)
class Attainment:
    """How a target stands in one area.

    Attributes:
        target: the target.
        as_of: the day for which the figures hold.
        state: met, not met or undetermined.
        of_reported: the same of what was reported alone; differs from `state` only where areas
            have not reported.
        numerator: what was reached, as a range; None for a share given without its counts.
        denominator: of how many; None likewise, and for a target that is a number.
        low, high: the share reached, in [0, 1]; None for a number, or where it is not known.
        needed: how many more, as a range: the least n for which (numerator + n) / denominator
            reaches the share, or numerator + n the number; None for a share without counts. Like
            the share it speaks of what was reported.
        years_left: years from `as_of` to the deadline, a part of a year counting as one.
        pace: whether there is a pace to keep.
        per_year: how many more in each of those years, rounded up; None where there is no pace.
        coverage: how many leaf areas have reported, where that is known.
    """

    target: Target
    as_of: date
    state: AttainmentState
    of_reported: AttainmentState
    numerator: Bounds | None
    denominator: Bounds | None
    low: Fraction | None
    high: Fraction | None
    needed: Bounds | None
    years_left: int
    pace: PaceState
    per_year: Bounds | None
    coverage: Coverage | None = None

    @property
    def text(self) -> Text:
        """The result in words."""
        said = [_STANDS.format(state=self.state.label, day=day_text(self.as_of))]
        if self.coverage is not None and self.coverage.reported < self.coverage.expected:
            said.append(
                _COVERED.format(
                    reported=count_text(self.coverage.reported),
                    expected=count_text(self.coverage.expected),
                )
            )
        if self.needed is not None and self.needed.high != 0:
            said.append(_NEEDED.format(number=self.needed.text))
        if self.per_year is not None and self.per_year.high != 0:
            said.append(_A_YEAR.format(number=self.per_year.text))
        elif self.pace is PaceState.DEADLINE_PASSED:
            said.append(_PASSED.format(day=day_text(self.target.deadline)))
        return Text(vi=" ".join(t.vi for t in said), en=" ".join(t.en for t in said))


def attainment(target: Target, found: Found, *, as_of: date | int) -> Attainment:
    """Return how a target stands.

    Args:
        target: the target.
        found: what was measured where the target is to hold. For a rate, an area of a roll-up or
            a tally; for a rate of some subjects only, or for a condition, a `JointTally`; for
            areas, the areas of a roll-up; for a figure from elsewhere, `Measured`, or a share as
            a Fraction, or a number as an int; for anything, what a campaign measured of an area.
        as_of: the day for which that holds, or a year for its last day.

    Raises:
        RollupError: what was measured is of another kind or title than the target asks for.

    >>> from xhht.criteria.targets import bundled_programmes
    >>> from xhht.rollup.counts import Counts
    >>> programme = next(p for p in bundled_programmes() if p.id == "vn.programme.qd387-2022")
    >>> tally = Tally.of(Counts(total=1000, recognised=620, undetermined=0))
    >>> stands = attainment(programme.target("household_2025"), tally, as_of=2023)
    >>> stands.state.value, stands.needed.low, stands.years_left, stands.per_year.low
    ('not_met', 80, 2, 40)
    """
    day = date(as_of, 12, 31) if isinstance(as_of, int) else as_of
    measured = _measured(target, found)
    counts = measured if isinstance(measured, Measured) else None
    low, high = _shares(measured) if target.share is not None else (None, None)
    state, needed = _judged(target, low, high, counts)
    coverage = found.coverage if isinstance(found, (AreaRollup, AreaMeasured)) else None
    years, pace = _years(day, target.deadline), _pace(day, target.deadline, state, needed)
    return Attainment(
        target=target,
        as_of=day,
        state=_covered(target, state, coverage),
        of_reported=state,
        numerator=counts.numerator if counts else None,
        denominator=counts.denominator if counts and target.share is not None else None,
        low=low,
        high=high,
        needed=needed,
        years_left=years,
        pace=pace,
        per_year=_per_year(needed, years, pace),
        coverage=coverage,
    )


def _shares(measured: Measured | Fraction) -> tuple[Fraction | None, Fraction | None]:
    if isinstance(measured, Measured):
        return measured.low, measured.high
    return measured, measured


def _covered(target: Target, state: AttainmentState, coverage: Coverage | None) -> AttainmentState:
    """Return the state once what has not been reported is taken as open."""
    if coverage is None or coverage.reported == coverage.expected:
        return state
    # What is reported later adds to a number, but may move a share either way.
    sure = target.count is not None and state is AttainmentState.MET
    return state if sure else AttainmentState.UNDETERMINED


def _judged(
    target: Target, low: Fraction | None, high: Fraction | None, counts: Measured | None
) -> tuple[AttainmentState, Bounds | None]:
    """Return the state, and how many more are needed."""
    if target.share is None:
        return _judged_number(target.count or 0, counts) if counts else (_OPEN, None)
    state = _state(low, high, target.share)
    if counts is None:
        return state, None
    most = _missing(counts.worst, target.share)
    least = _missing(counts.best, target.share) or 0
    # Where nothing may be counted at all nothing is needed; but that is not what was found.
    return state, Bounds(max(least, int(state is AttainmentState.NOT_MET)), most)


def _judged_number(wanted: int, counts: Measured) -> tuple[AttainmentState, Bounds]:
    low, high = counts.numerator.low, counts.numerator.high
    needed = Bounds(0 if high is None else max(0, wanted - high), max(0, wanted - low))
    if needed.high == 0:
        return AttainmentState.MET, needed
    return (AttainmentState.NOT_MET if needed.low else _OPEN), needed


def _state(low: Fraction | None, high: Fraction | None, share: Fraction | None) -> AttainmentState:
    if low is None or high is None or share is None:
        return AttainmentState.UNDETERMINED
    if low >= share:
        return AttainmentState.MET
    return AttainmentState.NOT_MET if high < share else AttainmentState.UNDETERMINED


def _missing(end: End, share: Fraction) -> int | None:
    """Return the least n with (numerator + n) / denominator >= share."""
    if end.denominator is None:
        return None
    return max(0, _ceil(share * end.denominator) - end.numerator)


def _ceil(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)


# Time


def _years(day: date, deadline: date) -> int:
    """Return the least number of years after which the deadline is reached."""
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
    high = None if needed.high is None else -(-needed.high // years)
    return Bounds(-(-needed.low // years), high)


# What was measured


def _measured(target: Target, found: Found) -> Measured | Fraction:
    measure = target.measure
    if isinstance(found, AreaMeasured):
        return found.measured
    if isinstance(found, Measured):
        return found
    if isinstance(found, (Fraction, int)) and isinstance(measure, External):
        return _figure(target, found)
    if isinstance(measure, AreasEntry) and not isinstance(
        found, (AreaRollup, Tally, JointTally, Fraction, int)
    ):
        return measure_areas(measure, found)
    if isinstance(measure, RateEntry) and measure.where is None:
        if isinstance(found, AreaRollup) and found.title is not measure.title:
            raise RollupError(_OTHER_TITLE.format(title=measure.title.label))
        if isinstance(found, AreaRollup):
            return measure_rate(measure, found.tally)
        if isinstance(found, Tally):
            return measure_rate(measure, found)
    elif isinstance(found, JointTally) and not isinstance(measure, (AreasEntry, External)):
        return found.measured()
    raise RollupError(_OTHER_KIND.format(id=target.id))


def _figure(target: Target, found: Fraction | int) -> Measured | Fraction:
    if target.count is not None and isinstance(found, int) and found >= 0:
        end = End(found, None)
        return Measured(
            numerator=Bounds(found, found), denominator=Bounds(found, None), worst=end, best=end
        )
    if target.share is None or not 0 <= found <= 1:
        raise RollupError(_BAD_FIGURE)
    return Fraction(found)


def measure_rate(measure: RateEntry, tally: Tally) -> Measured:
    """Return the recognised of a tally over the denominator that a rate names.

    With `levels` only those at one of them count; whoever is recognised without a level may be.

    Args:
        measure: a rate without `where`.
        tally: sums of possible reports (`Tally.validate`).
    """
    denominator = Denominator(measure.of)
    found = rate(tally, denominator)
    bounds = tally.bounds(denominator.whole)
    ends = [rate_ends(group.counts, denominator.whole) for group in tally.groups()]
    known = [end for end in ends if end is not None]
    recognised = _recognised(tally, measure.levels)
    if found.low is None or recognised.high is None or len(known) < len(ends):
        end = End(recognised.low, bounds.high if not tally else None)
        return Measured(numerator=recognised, denominator=bounds, worst=end, best=end)
    _, _, least, most = map(sum, zip(*known, strict=True))
    return Measured(
        numerator=recognised,
        denominator=bounds,
        worst=End(recognised.low, most),
        best=End(recognised.high, least),
    )


def measure_areas(measure: AreasEntry, areas: Iterable[AreaRollup]) -> Measured:
    """Return how many areas of the measure's level count enough subjects, of how many.

    Args:
        measure: what an area must count.
        areas: for `inside`, rows of a roll-up by that level; for `itself`, rows that hold what
            each area itself is found to be. Rows of other levels and titles are left out.
    """
    rows = [row for row in areas if row.area.level is measure.level and row.title is measure.title]
    return JointTally.sum(area_tally(measure, row) for row in rows).measured()


def area_tally(measure: AreasEntry, row: AreaRollup) -> JointTally:
    """Return one area, with whether it counts enough subjects; open while that is not known."""
    count = Count(measure.count.value)
    if count is Count.RECOGNISED:
        found = _recognised(row.tally, measure.levels)
    else:
        found = row.tally.bounds(count)
    if found.low >= measure.at_least:
        return JointTally.of(True, True)
    covered = measure.counted is CountedIn.ITSELF and bool(row.tally)
    covered = covered or row.coverage.reported == row.coverage.expected
    too_few = covered and found.high is not None and found.high < measure.at_least
    return JointTally.of(True, False if too_few else None)


def _recognised(tally: Tally, levels: Collection[str] | None) -> Bounds:
    """Return how many are recognised, at one of some levels, once nothing is open."""
    settled = [group.counts.settled(Count.RECOGNISED) for group in tally.groups()]
    tops = [bounds.high for bounds in settled if bounds.high is not None]
    low, high = sum(bounds.low for bounds in settled), sum(tops)
    if levels is not None:
        low = sum(tally.levels.get(level, 0) for level in levels)
        high += low - sum(tally.levels.values())
    return Bounds(low, high if len(tops) == len(settled) else None)


_OPEN = AttainmentState.UNDETERMINED
_STATES = {
    AttainmentState.MET: Text(vi="đạt chỉ tiêu", en="met"),
    AttainmentState.NOT_MET: Text(vi="chưa đạt chỉ tiêu", en="not met"),
    AttainmentState.UNDETERMINED: Text(vi="chưa xác định được", en="undetermined"),
}
_PACES = {
    PaceState.REACHED: Text(vi="đã đạt", en="reached"),
    PaceState.RUNNING: Text(vi="còn thời hạn", en="time is left"),
    PaceState.DEADLINE_PASSED: Text(vi="đã hết thời hạn", en="the deadline has passed"),
    PaceState.UNKNOWN: Text(vi="không tính được", en="cannot be computed"),
}
_STANDS = Text(vi="Tính đến {day}: {state}.", en="As of {day}: {state}.")
_COVERED = Text(
    vi="Mới có {reported} trên {expected} khu vực báo cáo.",
    en="{reported} of {expected} areas have reported.",
)
_NEEDED = Text(vi="Còn cần thêm: {number}.", en="Still needed: {number}.")
_A_YEAR = Text(vi="Mỗi năm cần thêm: {number}.", en="Needed each year: {number}.")
_PASSED = Text(vi="Đã hết thời hạn vào {day}.", en="The deadline was {day}.")
_OTHER_TITLE = Text(
    vi="Số liệu không phải của danh hiệu mà chỉ tiêu nêu ({title}).",
    en="The figures are not of the title that the target names ({title}).",
)
_OTHER_KIND = Text(
    vi="Số liệu không đúng loại mà chỉ tiêu '{id}' cần; hãy xem cách đo của chỉ tiêu này.",
    en="The figures are of another kind than the target '{id}' needs; see how it is measured.",
)
_BAD_FIGURE = Text(
    vi="Chỉ tiêu theo tỉ lệ cần một tỉ lệ từ 0 đến 1; chỉ tiêu theo số lượng cần một số từ 0.",
    en="A target that is a share needs a share from 0 to 1; one that is a number a whole number.",
)
