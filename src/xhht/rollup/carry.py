"""Counts of one day projected onto the areas of another: exact where areas stay whole, lossless.

When an area is split, its counts cannot be divided exactly. Reports of its villages can be moved
with the villages; otherwise the counts are returned as unplaced, or apportioned by weights and
marked as estimated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from operator import add
from typing import TypeAlias, TypedDict

from attrs import field, frozen

from xhht.domain.area import Area, AreaReference
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.concordance import Concordance
from xhht.errors import RollupError
from xhht.rollup.counted import TitleKey, in_order
from xhht.rollup.counts import DENOMINATORS, Bounds, BoundsDict, Count, Counts
from xhht.rollup.tally import LevelsDict, Tally, TallyDict, TallySum
from xhht.rollup.tree import Key
from xhht.text import Lang, Text

__all__ = [
    "AreaComparison",
    "Carried",
    "CarryFlag",
    "Comparison",
    "Unplaced",
    "UnplacedReason",
    "apportion",
    "apportion_tally",
    "carry",
    "compare_days",
]

Shares = list[int]


def apportion(number: int, weights: Sequence[int]) -> Shares:
    """Return `number` apportioned in proportion to `weights` by the largest remainder method.

    Equal remainders are served in the order of the weights.

    Raises:
        RollupError: weights that are not whole numbers of 0 or more, or are all 0.

    >>> apportion(10, [1, 1, 1]), apportion(1, [1, 3])
    ([4, 3, 3], [0, 1])
    """
    total = sum(weights)
    if any(type(weight) is not int or weight < 0 for weight in weights) or not total:
        raise RollupError(_BAD_WEIGHTS)
    shares = [number * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: -(number * weights[index] % total))
    for index in by_remainder[: number - sum(shares)]:
        shares[index] += 1
    return shares


def apportion_tally(tally: Tally, weights: Sequence[int]) -> list[Tally]:
    """Return one tally for each weight; their sum is `tally`.

    Every count is apportioned as a sum of disjoint parts, because largest remainders of the counts
    themselves could give an area more recognised than its total. Recognised subjects with a level
    are placed within the number recognised of each area.

    Raises:
        RollupError: the tally does not validate, or the weights are invalid.
    """
    tally.validate()
    sums: list[dict[frozenset[Count], tuple[int, ...]]] = [{} for _ in weights]
    for pattern, group in zip(tally.sums, tally.groups(), strict=True):
        shared = _apportion_counts(group.counts, weights)
        zeros = [0] * len(weights)
        columns = [apportion(group.parts, weights), *(shared.get(count, zeros) for count in Count)]
        for index, entry in enumerate(zip(*columns, strict=True)):
            sums[index][pattern] = entry
    capacities = [Tally(sums=entries).bounds(Count.RECOGNISED).upper for entries in sums]
    levels: dict[str, Shares] = {}
    for level, number in tally.levels.items():
        levels[level] = shares = _fit_to_capacity(capacities, apportion(number, weights))
        capacities = [
            None if capacity is None else capacity - share
            for capacity, share in zip(capacities, shares, strict=True)
        ]
    points = {value: apportion(number, weights) for value, number in tally.points.items()}
    return [
        Tally(
            sums=sums[index],
            levels={level: shares[index] for level, shares in levels.items()},
            points={value: shares[index] for value, shares in points.items()},
        )
        for index in range(len(weights))
    ]


def _apportion_counts(counts: Counts, weights: Sequence[int]) -> dict[Count, Shares]:
    shared: dict[Count, Shares] = {}
    cumulative, counted = [0] * len(weights), 0
    for count in (Count.UNDETERMINED, Count.RECOGNISED, *reversed(DENOMINATORS)):
        number = counts.get(count)
        if number is None:
            continue
        # A denominator contains the counts before it; only its increment is apportioned.
        increment = number - counted if count in DENOMINATORS else number
        shares = apportion(increment, weights)
        cumulative, counted = list(map(add, cumulative, shares)), counted + increment
        shared[count] = cumulative if count in DENOMINATORS else shares
    return shared


def _fit_to_capacity(capacities: Sequence[int | None], shares: Shares) -> Shares:
    """Return the shares with excess over capacity moved elsewhere; None is unlimited."""
    fitted = [
        share if capacity is None else min(share, capacity)
        for capacity, share in zip(capacities, shares, strict=True)
    ]
    remaining = sum(shares) - sum(fitted)
    for index, capacity in enumerate(capacities):
        moved = remaining if capacity is None else min(remaining, capacity - fitted[index])
        fitted[index] += moved
        remaining -= moved
    return fitted


_BAD_WEIGHTS = Text(
    vi="Trọng số phải là các số nguyên từ 0 trở lên, trong đó có ít nhất một số lớn hơn 0.",
    en="Weights must be whole numbers of 0 or more, and at least one must be above 0.",
)


CarryKey = tuple[str, TitleKey]


TalliesByArea = Mapping[CarryKey, Tally]


Weights = Mapping[tuple[str, str], int]


CarriedSums: TypeAlias = dict[TitleKey, dict[str, dict[Count, int]]]
"""By title, then `reported`, `placed`, `estimated` or `unplaced`, the sums of counts."""


class CarriedTallyDict(TallyDict, LevelsDict):
    """The counts of an area after carrying, in JSON."""

    incomplete: bool


class UnplacedDict(TallyDict, LevelsDict):
    """A report that has no area on the other map, in JSON."""

    reason: str
    message: str
    candidates: list[AreaReference]
    within: AreaReference | None


class CarriedSumsDict(TypedDict):
    """The sums of a title in JSON, by count."""

    title: str
    reported: dict[str, int | None]
    placed: dict[str, int | None]
    estimated: dict[str, int | None]
    unplaced: dict[str, int | None]


class CarriedDict(TypedDict):
    """The reports of one day on the map of another, in JSON."""

    sums: list[CarriedSumsDict]
    placed: list[CarriedTallyDict]
    estimated: list[CarriedTallyDict]
    unplaced: list[UnplacedDict]


class AreaComparisonDict(AreaReference):
    """One title in one area on two days, in JSON; the increase of each count as bounds."""

    title: str
    earlier: dict[str, int | None]
    later: dict[str, int | None]
    difference: dict[str, BoundsDict | None]
    flags: list[str]


class ComparisonDict(TypedDict):
    """Two days' reports side by side, in JSON."""

    day: str
    rows: list[AreaComparisonDict]
    earlier: CarriedDict
    later: CarriedDict


class UnplacedReason(StrEnum):
    """Why counts have no area on the other day's map."""

    SEVERAL_AREAS = "several_areas"
    """They belong to several areas, in unknown proportions."""
    NOT_KNOWN = "not_known"
    """No change records where all of the area's people are."""
    NO_LEVEL = "no_level"
    """The area is in no area of the requested level."""
    COUNTED_BELOW = "counted_below"
    """Areas within this one report the same title, so its own report would be counted twice."""

    @property
    def text(self) -> Text:
        """The reason in words."""
        return _REASONS[self]


class CarryFlag(StrEnum):
    """Caveats about the counts of one area after carrying."""

    ESTIMATED = "estimated"
    """Some of them were apportioned by weights."""
    INCOMPLETE = "incomplete"
    """Some counts that belong to this area are unplaced."""
    ONE_DAY_ONLY = "one_day_only"
    """Of two compared days, only one has counts for this area."""

    @property
    def label(self) -> Text:
        """The flag in words."""
        return _FLAGS[self]


@frozen(kw_only=True)
class Unplaced:
    """A report that has no area on the other day's map.

    Attributes:
        area: the area that reports, as it was on its own day.
        title: the title.
        tally: what it reports.
        reason: why it has no area.
        candidates: the areas known to contain its people.
        within: the smallest area that contains all candidates, for a sum at its level; or None.
    """

    area: Area
    title: TitleKey
    tally: Tally
    reason: UnplacedReason
    candidates: tuple[Area, ...] = ()
    within: Area | None = None

    def to_dict(self, lang: Lang | str = Lang.VI) -> UnplacedDict:
        """Return the report and the reason as JSON data."""
        return {
            **self.tally.to_dict(self.area, self.title),
            **self.tally.levels_dict(),
            "reason": self.reason.value,
            "message": self.reason.text.get(lang),
            "candidates": [area.reference() for area in self.candidates],
            "within": self.within.reference() if self.within else None,
        }


@frozen(kw_only=True)
class Carried:
    """The reports of one day on the map of another.

    No report is contained twice, so roll them up like subjects: `rollup(..., subjects=True)`.

    Attributes:
        day: the day of the map.
        placed: exact tallies, by code on that day and title.
        estimated: tallies apportioned by weights.
        unplaced: the reports that have no area, by area and title.
        reported: the reports themselves, by code on their own day and title.
        concordance: the areas of both days.
    """

    day: date
    placed: TalliesByArea
    estimated: TalliesByArea
    unplaced: tuple[Unplaced, ...]
    reported: TalliesByArea = field(repr=False)
    concordance: Concordance = field(repr=False, eq=False)
    _incomplete: frozenset[CarryKey] = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        keys = {
            (area.code, report.title)
            for report in self.unplaced
            if report.reason is not UnplacedReason.COUNTED_BELOW
            for area in report.candidates
        }
        object.__setattr__(self, "_incomplete", frozenset(keys))

    @property
    def tallies(self) -> dict[CarryKey, Tally]:
        """The sum of placed and estimated tallies."""
        return _sum_by_key([*self.placed.items(), *self.estimated.items()])

    def flags(self, code: str, title: TitleKey) -> frozenset[CarryFlag]:
        """Return the caveats about one area's tally."""
        flags = set()
        if (code, title) in self.estimated:
            flags.add(CarryFlag.ESTIMATED)
        if (code, title) in self._incomplete:
            flags.add(CarryFlag.INCOMPLETE)
        return frozenset(flags)

    def area(self, code: str) -> Area:
        """Return an area of the map."""
        return self.concordance.area(code, self.day)

    def sums(self, titles: Collection[TitleKey] | None = None) -> CarriedSums:
        """Return the sums of what was reported, placed, estimated and unplaced, by title.

        For each count that is reported, the first is the sum of the other three.

        Args:
            titles: the titles; by default those reported.
        """
        keyed = [
            ("reported", self.reported),
            ("placed", self.placed),
            ("estimated", self.estimated),
        ]
        sides = {
            name: [(title, tally) for (_, title), tally in tallies.items()]
            for name, tallies in keyed
        }
        sides["unplaced"] = [(report.title, report.tally) for report in self.unplaced]
        if titles is None:
            reported_titles = {title for _, title in self.reported}
            titles = in_order(reported_titles)
        return {title: _sums_of_sides(title, sides) for title in titles}

    def to_dict(
        self, lang: Lang | str = Lang.VI, *, titles: Collection[TitleKey] | None = None
    ) -> CarriedDict:
        """Return the reports as `xhht areas carry --format json` prints them.

        Args:
            lang: the language of messages.
            titles: the titles of the sums; by default those reported.
        """
        return {
            "sums": [
                {
                    "title": title.value,
                    "reported": _counts_dict(sides["reported"]),
                    "placed": _counts_dict(sides["placed"]),
                    "estimated": _counts_dict(sides["estimated"]),
                    "unplaced": _counts_dict(sides["unplaced"]),
                }
                for title, sides in self.sums(titles).items()
            ],
            "placed": self._tally_dicts(self.placed),
            "estimated": self._tally_dicts(self.estimated),
            "unplaced": [report.to_dict(lang) for report in self.unplaced],
        }

    def _tally_dicts(self, tallies: TalliesByArea) -> list[CarriedTallyDict]:
        return [
            {
                **tally.to_dict(self.area(code), title),
                **tally.levels_dict(),
                "incomplete": CarryFlag.INCOMPLETE in self.flags(code, title),
            }
            for (code, title), tally in tallies.items()
        ]


def _sums_of_sides(
    title: TitleKey, sides: Mapping[str, Sequence[tuple[TitleKey, Tally]]]
) -> dict[str, dict[Count, int]]:
    added = {
        side: Tally.sum(tally for other, tally in tallies if other is title)
        for side, tallies in sides.items()
    }
    reported_counts = [count for count in Count if added["reported"].known(count) is not None]
    return {
        side: {count: tally.known(count) or 0 for count in reported_counts}
        for side, tally in added.items()
    }


def _counts_dict(counts: Mapping[Count, int]) -> dict[str, int | None]:
    return {count.value: counts.get(count) for count in Count}


@frozen(kw_only=True)
class AreaComparison:
    """One title in one area on two days, on the same map."""

    area: Area
    title: TitleKey
    earlier: Tally
    later: Tally
    flags: frozenset[CarryFlag]

    def difference(self, count: Count) -> Bounds | None:
        """Return the bounds of the increase of a count; None where there is no bound.

        >>> from xhht.domain.titles import Title
        >>> from xhht.rollup.counts import Counts
        >>> area = Area(code="22969", name="Xã Liên Hương", level=AreaLevel.COMMUNE)
        >>> one = AreaComparison(
        ...     area=area,
        ...     title=Title.LEARNING_CLAN,
        ...     earlier=Tally.of(Counts(total=10)),
        ...     later=Tally.of(Counts(total=13)),
        ...     flags=frozenset(),
        ... )
        >>> one.difference(Count.TOTAL)
        Bounds(lower=3, upper=3)
        """
        if CarryFlag.ONE_DAY_ONLY in self.flags:
            return None
        before, after = self.earlier.bounds(count), self.later.bounds(count)
        if before.upper is None:
            return None
        upper = None if after.upper is None else after.upper - before.lower
        return Bounds(after.lower - before.upper, upper)

    def to_dict(self, lang: Lang | str = Lang.VI) -> AreaComparisonDict:
        """Return the comparison as JSON data.

        Args:
            lang: a language; the data contain no texts.
        """
        differences = {count: self.difference(count) for count in Count}
        return {
            **self.area.reference(),
            "title": self.title.value,
            "earlier": _counts_dict(self.earlier.counts().given),
            "later": _counts_dict(self.later.counts().given),
            "difference": {
                count.value: bounds.to_dict() if bounds else None
                for count, bounds in differences.items()
            },
            "flags": sorted(flag.value for flag in self.flags),
        }


@frozen(kw_only=True)
class Comparison:
    """Two days' reports side by side.

    Attributes:
        day: the day whose map it is.
        rows: by area and title.
        earlier: the earlier reports on that map, with those unplaced.
        later: the later reports likewise.
    """

    day: date
    rows: tuple[AreaComparison, ...]
    earlier: Carried
    later: Carried

    def to_dict(self, lang: Lang | str = Lang.VI) -> ComparisonDict:
        """Return the comparison as JSON data."""
        return {
            "day": self.day.isoformat(),
            "rows": [row.to_dict(lang) for row in self.rows],
            "earlier": self.earlier.to_dict(lang),
            "later": self.later.to_dict(lang),
        }


def carry(
    reports: Mapping[Key, Tally],
    concordance: Concordance,
    *,
    from_day: date,
    to_day: date,
    level: AreaLevel | None = None,
    weights: Weights | None = None,
    subjects: bool = False,
) -> Carried:
    """Return the reports of one day on the map of another, later or earlier, day.

    On a later map a report is exact when all people of its area are in one area there. On an
    earlier map it is exact when all the area's people come from one area: a projection, for
    example onto districts after they were abolished.

    Args:
        reports: tallies by code and title; the codes are those of `from_day`.
        concordance: the areas of both days and their changes.
        from_day: the day of the reports.
        to_day: the day of the map.
        level: the level to project onto; by default the nearest areas. A coarser level
            places more, as the areas of a split commune are mostly in one province.
        weights: whole numbers such as people, by code on `from_day` and code on `to_day`, for the
            splits to be estimated; every area of a split needs one.
        subjects: whether each tally holds only the subjects listed at exactly that area; otherwise
            an area reports for all areas within it, and is unplaced where those report too.

    Raises:
        RollupError: weights that are not whole numbers, or are missing for an area of a split.
        DomainError: a code that no area has on `from_day`.
    """
    lookup = _AreaLookup(concordance, from_day, to_day, level)
    counted_below = frozenset() if subjects else lookup.counted_below(reports)
    placed: list[tuple[CarryKey, Tally]] = []
    estimated: list[tuple[CarryKey, Tally]] = []
    unplaced: list[Unplaced] = []
    for (code, title), tally in sorted(reports.items(), key=lambda item: item[0]):
        if not tally:
            continue
        places = lookup.places(code)
        reason = places.reason
        if (code, title) in counted_below:
            reason = UnplacedReason.COUNTED_BELOW
        shares = _weights_of(code, places, weights or {})
        if reason is None:
            placed.append(((places.areas[0].code, title), tally))
        elif reason is UnplacedReason.SEVERAL_AREAS and shares:
            shared = zip(places.areas, apportion_tally(tally, shares), strict=True)
            estimated.extend(((area.code, title), share) for area, share in shared)
        else:
            unplaced.append(
                Unplaced(
                    area=concordance.area(code, from_day),
                    title=title,
                    tally=tally,
                    reason=reason,
                    candidates=places.areas,
                    within=lookup.smallest_common_area(places.areas),
                )
            )
    return Carried(
        day=to_day,
        placed=_sum_by_key(placed),
        estimated=_sum_by_key(estimated),
        unplaced=tuple(unplaced),
        reported={(code, title): tally for (code, title), tally in reports.items()},
        concordance=concordance,
    )


def compare_days(
    earlier: Mapping[Key, Tally],
    later: Mapping[Key, Tally],
    concordance: Concordance,
    *,
    earlier_day: date,
    later_day: date,
    onto: date,
    level: AreaLevel | None = None,
    earlier_weights: Weights | None = None,
    later_weights: Weights | None = None,
) -> Comparison:
    """Return two days' reports side by side on the map of the day `onto`.

    Args:
        earlier: tallies by code on `earlier_day` and title.
        later: tallies by code on `later_day` and title.
        concordance: the areas of all days and their changes.
        earlier_day: the day of the earlier reports.
        later_day: the day of the later reports.
        onto: the day whose map both are projected onto, usually one of the two.
        level: the level to project onto; by default the nearest areas.
        earlier_weights: weights for splits of the earlier areas, as for `carry`.
        later_weights: weights for the later areas.
    """
    before = carry(
        earlier,
        concordance,
        from_day=earlier_day,
        to_day=onto,
        level=level,
        weights=earlier_weights,
    )
    after = carry(
        later, concordance, from_day=later_day, to_day=onto, level=level, weights=later_weights
    )
    sides = before.tallies, after.tallies
    rows: list[AreaComparison] = []
    for code, title in sorted(sides[0].keys() | sides[1].keys()):
        flags = before.flags(code, title) | after.flags(code, title)
        if any((code, title) not in side for side in sides):
            flags |= {CarryFlag.ONE_DAY_ONLY}
        rows.append(
            AreaComparison(
                area=concordance.area(code, onto),
                title=title,
                earlier=sides[0].get((code, title), Tally()),
                later=sides[1].get((code, title), Tally()),
                flags=flags,
            )
        )
    return Comparison(day=onto, rows=tuple(rows), earlier=before, later=after)


@frozen
class _Places:
    """The areas on the map that contain an area's people, and why they are not just one."""

    areas: tuple[Area, ...]
    reason: UnplacedReason | None
    below: Mapping[str, tuple[Area, ...]]


class _AreaLookup:
    """Cached lookup between two days' maps; each area is looked up once for all titles."""

    def __init__(
        self, concordance: Concordance, from_day: date, to_day: date, level: AreaLevel | None
    ) -> None:
        self._concordance = concordance
        self._from_day = from_day
        self._to_day = to_day
        self._level = level
        self._from_tree = concordance.tree.on(from_day)
        self._to_tree = concordance.tree.on(to_day)
        self._cache: dict[str, _Places] = {}

    def counted_below(self, reports: Mapping[Key, Tally]) -> frozenset[CarryKey]:
        return frozenset(
            (area.code, title)
            for (code, title), tally in reports.items()
            if tally and code in self._from_tree
            for area in self._from_tree.ancestors(code)
        )

    def places(self, code: str) -> _Places:
        if code not in self._cache:
            self._cache[code] = self._find_places(code)
        return self._cache[code]

    def smallest_common_area(self, areas: tuple[Area, ...]) -> Area | None:
        ancestries = [_ancestry(area, self._to_tree) for area in areas]
        nearest = ancestries[0] if ancestries else ()
        return next((area for area in nearest if all(area in line for line in ancestries)), None)

    def _find_places(self, code: str) -> _Places:
        areas, known = self._nearest(code)
        below: dict[str, tuple[Area, ...]] = {}
        without_level = False
        for area in areas:
            upper = area if self._level is None else self._to_tree.up(area.code, self._level)
            without_level = without_level or upper is None
            if upper is not None:
                below[upper.code] = (*below.get(upper.code, ()), area)
        candidates = tuple(self._to_tree[to_code] for to_code in sorted(below))
        return _Places(candidates, _reason(candidates, known, without_level), below)

    def _nearest(self, code: str) -> tuple[tuple[Area, ...], bool]:
        if self._from_day <= self._to_day:
            areas = self._concordance.targets(code, self._from_day, self._to_day).areas
            return areas, bool(areas)
        sources = self._concordance.sources(code, self._from_day, self._to_day)
        return tuple(part.area for part in sources.parts), sources.complete


def _reason(
    candidates: tuple[Area, ...], known: bool, without_level: bool
) -> UnplacedReason | None:
    if not known:
        return UnplacedReason.NOT_KNOWN
    if without_level:
        return UnplacedReason.NO_LEVEL
    return None if len(candidates) == 1 else UnplacedReason.SEVERAL_AREAS


def _ancestry(area: Area, tree: AreaTree) -> tuple[Area, ...]:
    return (area, *tree.ancestors(area.code))


def _weights_of(code: str, places: _Places, weights: Weights) -> list[int] | None:
    if places.reason is not UnplacedReason.SEVERAL_AREAS:
        return None
    pairs = {to: [(code, area.code) for area in areas] for to, areas in places.below.items()}
    needed = [pair for group in pairs.values() for pair in group]
    missing = [pair for pair in needed if pair not in weights]
    if len(missing) == len(needed):
        return None
    if missing:
        raise RollupError(
            _NO_WEIGHT.format(before=code, after=", ".join(to_code for _, to_code in missing))
        )
    if any(type(weights[pair]) is not int or weights[pair] < 0 for pair in needed):
        raise RollupError(_BAD_WEIGHT.format(code=code))
    return [sum(weights[pair] for pair in pairs[area.code]) for area in places.areas]


def _sum_by_key(items: Iterable[tuple[CarryKey, Tally]]) -> dict[CarryKey, Tally]:
    sums: dict[CarryKey, TallySum] = {}
    for key, tally in items:
        sums.setdefault(key, TallySum()).add(tally)
    return dict(_nonempty(sums))


def _nonempty(sums: Mapping[CarryKey, TallySum]) -> Iterator[tuple[CarryKey, Tally]]:
    for key in sorted(sums):
        tally = sums[key].tally()
        if tally:
            yield key, tally


_REASONS = {
    UnplacedReason.SEVERAL_AREAS: Text(
        vi="số liệu thuộc nhiều khu vực; cần số liệu theo thôn hoặc trọng số để tách",
        en="it belongs to several areas; data by village or weights are needed to divide it",
    ),
    UnplacedReason.NOT_KNOWN: Text(
        vi="chưa có biến động cho biết dân của khu vực này ở đâu",
        en="no recorded change shows where the people of this area are",
    ),
    UnplacedReason.NO_LEVEL: Text(
        vi="khu vực không thuộc khu vực nào ở cấp cần quy đổi",
        en="it is in no area at the requested level",
    ),
    UnplacedReason.COUNTED_BELOW: Text(
        vi="các khu vực bên dưới đã báo cáo danh hiệu này, cộng thêm sẽ trùng",
        en="areas within it already report this title, so it would be counted twice",
    ),
}


_FLAGS = {
    CarryFlag.ESTIMATED: Text(vi="có phần ước tính", en="partly estimated"),
    CarryFlag.INCOMPLETE: Text(vi="còn thiếu số liệu", en="incomplete"),
    CarryFlag.ONE_DAY_ONLY: Text(vi="chỉ có số liệu một kỳ", en="one day only"),
}


_NO_WEIGHT = Text(
    vi="Khu vực {before} bị chia tách nhưng thiếu trọng số cho: {after}; hãy bổ sung, hoặc bỏ hết "
    "trọng số của khu vực này.",
    en="The area {before} was split, but weights are missing for: {after}; add them, or remove all "
    "weights of this area.",
)


_BAD_WEIGHT = Text(
    vi="Trọng số của khu vực {code} phải là số nguyên từ 0 trở lên.",
    en="The weights of the area {code} must be whole numbers of 0 or more.",
)
