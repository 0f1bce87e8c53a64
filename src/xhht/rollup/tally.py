"""Tallies: sums of many reports that keep track of which counts some of them left blank.

Tallies form a commutative group: they add and subtract without restriction, so any partition,
order or correction of the parts gives the same total. The arithmetic does not check values;
`Tally.validate` rejects invalid ones where reports come in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from operator import add
from types import MappingProxyType
from typing import Any, NotRequired, TypedDict

from attrs import field, frozen

from xhht.domain.area import Area, AreaReference
from xhht.errors import RollupError
from xhht.issues import Issue, RowIssueCode
from xhht.numbers import exact
from xhht.rollup.counted import Counted, CountedDict, TitleKey
from xhht.rollup.counts import Bounds, Count, Counts
from xhht.text import Text

__all__ = ["Points", "Quantile", "ReportGroup", "Tally", "TallyDict", "TallySum", "Unreported"]

Pattern = frozenset[Count]
Sums = tuple[int, ...]


class TallyDict(AreaReference):
    """The counts of one title in one area in JSON; None is not reported."""

    title: str
    communities: NotRequired[str | None]
    managed_by: NotRequired[str]
    kind: NotRequired[str]
    condition: NotRequired[str]
    total: int | None
    registered: int | None
    assessed: int | None
    recognised: int | None
    undetermined: int | None


class LevelsDict(TypedDict):
    """How many subjects are recognised at each level, by the level's id."""

    recognised_by_level: dict[str, int]


_COUNTS = tuple(Count)


@frozen(cache_hash=True)
class Points:
    """The points of one subject under one profile: from `certain` to `possible`.

    Attributes:
        profile: content hash of the profile; subjects of different profiles are never ranked
            together.
        certain: points that the subject has whatever the missing facts are.
        possible: points it could reach; equal to `certain` when nothing is missing.
    """

    profile: str
    certain: Fraction = field(converter=exact)
    possible: Fraction = field(converter=exact)


@frozen
class ReportGroup:
    """The reports of a tally that give the same counts: how many, and the sums of their counts."""

    parts: int
    counts: Counts


@frozen(kw_only=True)
class Unreported:
    """What a known sum omits: reports without this count, and the size of these reports.

    Attributes:
        parts: number of reports that do not give the count.
        size: bounds on the total of those reports.
    """

    parts: int
    size: Bounds


@frozen(kw_only=True)
class Quantile:
    """A quantile of points: exact when `certain == possible`, else between the two.

    Attributes:
        certain: the quantile of the certain points; None when no subject has points.
        possible: the quantile of the possible points; None likewise.
        subjects: number of subjects whose points are known or bounded.
        total: the reported number of all subjects; None when no report gives it.
    """

    certain: Fraction | None
    possible: Fraction | None
    subjects: int
    total: int | None

    @property
    def value(self) -> Fraction | None:
        """The quantile when it is exact, else None."""
        return self.certain if self.certain == self.possible else None


def _nonzero_sums(sums: Mapping[Pattern, Sums]) -> Mapping[Pattern, Sums]:
    return MappingProxyType({key: entry for key, entry in sums.items() if any(entry)})


def _nonzero(numbers: Mapping[Any, int]) -> Mapping[Any, int]:  # a converter cannot be generic
    return MappingProxyType({key: number for key, number in numbers.items() if number})


@frozen(kw_only=True, hash=False)
class Tally:
    """The sum of any number of reports; `Tally()` is the sum of none.

    >>> reports = [Counts(total=100, recognised=80), Counts(total=50)]
    >>> total = Tally.sum(Tally.of(counts) for counts in reports)
    >>> total.known(Count.TOTAL), total.known(Count.RECOGNISED), total.known(Count.ASSESSED)
    (150, 80, None)
    >>> total - Tally.of(reports[1]) == Tally.of(reports[0])
    True

    Attributes:
        sums: by which counts are reported: the number of reports, then the sums of their counts
            in the order of `Count`, 0 where not reported.
        levels: recognised subjects by level id.
        points: subjects by profile and points range.
    """

    sums: Mapping[Pattern, Sums] = field(factory=dict, converter=_nonzero_sums)
    levels: Mapping[str, int] = field(factory=dict, converter=_nonzero)
    points: Mapping[Points, int] = field(factory=dict, converter=_nonzero)

    @classmethod
    def of(
        cls,
        counts: Counts,
        *,
        levels: Mapping[str, int] | None = None,
        points: Mapping[Points, int] | None = None,
    ) -> Tally:
        """Return the tally of one report; the empty tally for a report that gives nothing.

        Args:
            counts: the counts of the report.
            levels: how many of its recognised subjects are at which level.
            points: how many of its subjects have which points.
        """
        given = counts.given
        sums = {frozenset(given): (1, *(given.get(count, 0) for count in _COUNTS))} if given else {}
        return cls(sums=sums, levels=levels or {}, points=points or {})

    @classmethod
    def of_subject(
        cls,
        verdict: str | None,
        *,
        level: str | None = None,
        points: Points | None = None,
        registered: bool | None = None,
    ) -> Tally:
        """Return the tally of one subject.

        Args:
            verdict: `recognised`, `not_recognised` or `undetermined`; None if only the existence
                of the subject is known.
            level: id of the level awarded, if any.
            points: its points, if known.
            registered: whether it registered, None where not known. A subject known not to be
                registered was not assessed, whatever its verdict.

        Raises:
            ValueError: no such verdict.
        """
        if registered is False:
            level, points = None, None
        return cls(
            sums=_subject_tally(verdict, registered).sums,
            levels={level: 1} if level else {},
            points={points: 1} if points else {},
        )

    @classmethod
    def sum(cls, tallies: Iterable[Tally]) -> Tally:
        """Return the sum of `tallies`, in time linear in their number."""
        total = TallySum()
        for tally in tallies:
            total.add(tally)
        return total.tally()

    def __bool__(self) -> bool:
        # False only for the sum of no reports.
        return bool(self.sums or self.levels or self.points)

    def __add__(self, other: Tally) -> Tally:
        return Tally.sum((self, other))

    def __neg__(self) -> Tally:
        return Tally() - self

    def __sub__(self, other: Tally) -> Tally:
        total = TallySum()
        total.add(self)
        total.add(other, -1)
        return total.tally()

    def __reduce__(self) -> tuple[object, ...]:
        # A mapping proxy does not pickle.
        return _tally, (dict(self.sums), dict(self.levels), dict(self.points))

    def groups(self) -> Iterator[ReportGroup]:
        """Yield the reports grouped by which counts they give."""
        for pattern, (parts, *sums) in self.sums.items():
            given = {c: n for c, n in zip(_COUNTS, sums, strict=True) if c in pattern}
            yield ReportGroup(parts, Counts.of(given))

    def known(self, count: Count) -> int | None:
        """Return the sum of `count` over the reports that give it, or None when none does."""
        index = _COUNTS.index(count) + 1
        if not any(count in pattern for pattern in self.sums):
            return None
        return sum(entry[index] for entry in self.sums.values())

    def counts(self) -> Counts:
        """Return all known sums."""
        known = {count: self.known(count) for count in Count}
        return Counts.of({count: n for count, n in known.items() if n is not None})

    def to_dict(self, area: Area, title: TitleKey) -> TallyDict:
        """Return the counts of a title in an area as JSON data."""
        counts = self.counts()
        subjects: CountedDict = (
            title.to_dict() if isinstance(title, Counted) else {"title": title.value}
        )
        return {
            **area.reference(),
            **subjects,
            "total": counts.total,
            "registered": counts.registered,
            "assessed": counts.assessed,
            "recognised": counts.recognised,
            "undetermined": counts.undetermined,
        }

    def levels_dict(self) -> LevelsDict:
        """Return the subjects recognised by level as JSON data."""
        return {"recognised_by_level": dict(sorted(self.levels.items()))}

    def bounds(self, count: Count) -> Bounds:
        """Return the bounds of `count` over all reports, including those that leave it blank."""
        return _sum_bounds(group.counts.bounds(count) for group in self.groups())

    def unreported(self, count: Count) -> Unreported:
        """Return how many reports leave `count` blank, and how large they are."""
        blank = [group for group in self.groups() if group.counts.get(count) is None]
        return Unreported(
            parts=sum(group.parts for group in blank),
            size=_sum_bounds(group.counts.bounds(Count.TOTAL) for group in blank),
        )

    def quantile(self, q: Fraction | int | str, *, profile: str | None = None) -> Quantile:
        """Return the smallest points that at least the share `q` of the subjects do not exceed.

        Args:
            q: share in [0, 1]; 1/2 is the median, 0 the minimum.
            profile: hash of the profile whose points are used; optional when the tally has points
                of one profile only.

        Raises:
            RollupError: `q` outside [0, 1], points of several profiles and none named, or a tally
                that does not validate.

        >>> points = {Points("p", 60, 60): 2, Points("p", 80, 90): 1}
        >>> tally = Tally.of(Counts(total=5), points=points)
        >>> tally.quantile("1/2").value, tally.quantile(1).possible, tally.quantile(1).subjects
        (Fraction(60, 1), Fraction(90, 1), 3)
        """
        share = exact(q)
        profiles = {points.profile for points in self.points}
        if not 0 <= share <= 1:
            raise RollupError(_BAD_SHARE)
        if profile is None and len(profiles) > 1:
            raise RollupError(_WHICH_PROFILE)
        self.validate()
        chosen = [(p, n) for p, n in self.points.items() if profile in (None, p.profile)]
        return Quantile(
            certain=_quantile([(points.certain, n) for points, n in chosen], share),
            possible=_quantile([(points.possible, n) for points, n in chosen], share),
            subjects=sum(n for _, n in chosen),
            total=self.known(Count.TOTAL),
        )

    def faults(self) -> tuple[Issue, ...]:
        """Return invalid values: negative numbers, parts above their totals, too many levels."""
        faults = [fault for group in self.groups() for fault in group.counts.faults()]
        if any(group.parts < 0 for group in self.groups()):
            faults.append(Issue(code=RowIssueCode.NEGATIVE, field="parts", text=_NEGATIVE_PARTS))
        faults = faults or self._level_faults()
        if any(n < 0 or p.certain > p.possible for p, n in self.points.items()):
            faults.append(Issue(code=RowIssueCode.POINTS_RANGE, field="points", text=_BAD_POINTS))
        return tuple(faults)

    def _level_faults(self) -> list[Issue]:
        if any(number < 0 for number in self.levels.values()):
            return [Issue(code=RowIssueCode.NEGATIVE, field="levels", text=_NEGATIVE_LEVELS)]
        upper = self.bounds(Count.RECOGNISED).upper
        if upper is not None and sum(self.levels.values()) > upper:
            return [Issue(code=RowIssueCode.ABOVE_WHOLE, field="levels", text=_LEVELS_ABOVE)]
        return []

    def validate(self) -> Tally:
        """Return the tally itself; raises RollupError if its numbers are invalid."""
        faults = self.faults()
        if faults:
            raise RollupError(faults[0].text)
        return self


class TallySum:
    """A running sum of tallies, for long streams; `tally()` gives the sum so far."""

    __slots__ = ("_levels", "_points", "_sums")

    def __init__(self) -> None:
        self._sums: dict[Pattern, Sums] = {}
        self._levels: dict[str, int] = {}
        self._points: dict[Points, int] = {}

    @classmethod
    def of(cls, tally: Tally) -> TallySum:
        """Return a sum that starts with one tally."""
        total = cls()
        total.add(tally)
        return total

    def add(self, tally: Tally, times: int = 1) -> None:
        """Add `tally`, `times` times; -1 subtracts it."""
        for pattern, entry in tally.sums.items():
            scaled = entry if times == 1 else tuple(number * times for number in entry)
            previous = self._sums.get(pattern)
            self._sums[pattern] = scaled if previous is None else tuple(map(add, previous, scaled))
        for level, number in tally.levels.items():
            self._levels[level] = self._levels.get(level, 0) + number * times
        for points, number in tally.points.items():
            self._points[points] = self._points.get(points, 0) + number * times

    def tally(self) -> Tally:
        """Return the sum so far."""
        return Tally(sums=self._sums, levels=self._levels, points=self._points)


def _tally(sums: dict[Pattern, Sums], levels: dict[str, int], points: dict[Points, int]) -> Tally:
    return Tally(sums=sums, levels=levels, points=points)


def _sum_bounds(bounds: Iterable[Bounds]) -> Bounds:
    lower, upper = 0, 0
    unbounded = False
    for bound in bounds:
        lower += bound.lower
        upper += bound.upper or 0
        unbounded = unbounded or bound.upper is None
    return Bounds(lower, None if unbounded else upper)


def _quantile(points: list[tuple[Fraction, int]], share: Fraction) -> Fraction | None:
    required = share * sum(number for _, number in points)
    cumulative = 0
    for value, number in sorted(points):
        cumulative += number
        if cumulative >= required:
            return value
    return None


@cache
def _subject_tally(verdict: str | None, registered: bool | None) -> Tally:
    return Tally.of(Counts.of_subject(verdict, registered=registered))


_BAD_SHARE = Text(
    vi="Phân vị phải là một tỉ lệ từ 0 đến 1.",
    en="The quantile must be a share from 0 to 1.",
)
_WHICH_PROFILE = Text(
    vi="Có điểm theo nhiều bộ tiêu chí; hãy nêu mã băm của bộ cần lấy.",
    en="There are points of several profiles; specify the hash of one of them.",
)
_NEGATIVE_PARTS = Text(
    vi="Số báo cáo là số âm: đã trừ đi báo cáo chưa từng được cộng.",
    en="The number of reports is negative: a report was subtracted that was never added.",
)
_NEGATIVE_LEVELS = Text(
    vi="Số công nhận theo mức độ là số âm; số lượng phải từ 0 trở lên.",
    en="The number recognised at a level is negative; a count must be 0 or more.",
)
_LEVELS_ABOVE = Text(
    vi="Tổng số theo các mức độ lớn hơn số được công nhận; hãy kiểm tra lại.",
    en="The total over all levels exceeds the number recognised; check the numbers.",
)
_BAD_POINTS = Text(
    vi="Điểm chắc chắn phải không lớn hơn điểm có thể, và số đối tượng phải từ 0 trở lên.",
    en="Certain points must not exceed possible points, and the subjects must be 0 or more.",
)
