"""A shortlist for commendation: the best candidates within an area, by published rules.

Every candidate is in the result, with a reason. Tied candidates share a rank; where a tie extends
across the quota, a named policy lists all of them or none, and the result records this.
Undetermined candidates are not ranked and are listed separately.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypedDict

from attrs import evolve, field, frozen

from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.recognitions import Recognition
from xhht.domain.titles import Title
from xhht.errors import RollupError
from xhht.evaluation.state import Verdict
from xhht.numbers import decimal_label, exact, json_number
from xhht.text import Lang, Text, join

__all__ = [
    "Candidate",
    "Placing",
    "PlacingDict",
    "RankKey",
    "Shortlist",
    "ShortlistDict",
    "ShortlistRules",
    "ShortlistRulesDict",
    "ShortlistStatus",
    "TiePolicy",
    "shortlist",
]


class PlacingDict(TypedDict):
    """The position of a candidate in JSON."""

    id: str
    area: str
    title: str
    standing: str
    group: str | None
    rank: int | None
    tied: bool
    verdict: str
    level: str | None
    points_certain: int | float | None
    points_possible: int | float | None
    consecutive_years: int
    reason: str


class ShortlistRulesDict(TypedDict):
    """The rules of a shortlist in JSON."""

    quota: int
    per: str
    rank: list[str]
    levels: list[str]
    min_years: int
    ties: str


class ShortlistDict(TypedDict):
    """A shortlist in JSON."""

    area: str | None
    year: int
    rules: ShortlistRulesDict
    placings: list[PlacingDict]
    outside: int


class RankKey(StrEnum):
    """The keys of the ranking; higher values and better levels come first."""

    LEVEL = "level"
    POINTS = "points"
    YEARS = "years"


class TiePolicy(StrEnum):
    """What to do with tied candidates when the quota includes only some of them."""

    ALL = "all"
    NONE = "none"


class ShortlistStatus(StrEnum):
    """The position of a candidate with respect to the shortlist."""

    LISTED = "listed"
    TIED_AT_QUOTA = "tied_at_quota"
    BEYOND_QUOTA = "beyond_quota"
    NOT_ELIGIBLE = "not_eligible"
    UNDETERMINED = "undetermined"

    @property
    def label(self) -> Text:
        """The position as shown to users."""
        return _STANDINGS[self]


def _years(years: Iterable[int]) -> frozenset[int]:
    return frozenset(years)


def _exact_or_none(number: int | str | float | Decimal | Fraction | None) -> Fraction | None:
    return None if number is None else exact(number)


@frozen(kw_only=True)
class Candidate:
    """A candidate for commendation.

    Attributes:
        id: unique for the title.
        area: code of the area.
        title: the title.
        outcome: the verdict of an evaluation, or the authority's recognition.
        level: id of the level held; by default that of the recognition.
        points_certain: points that are certain, on the profile's grid; None where not known.
        points_possible: points still possible; by default the certain points.
        years: the years in which the title was recognised, four digits.
    """

    id: str = field(repr=False)
    area: str
    title: Title = field(converter=Title)
    outcome: Verdict | Recognition
    level: str | None = None
    points_certain: Fraction | None = field(default=None, converter=_exact_or_none)
    points_possible: Fraction | None = field(default=None, converter=_exact_or_none)
    years: frozenset[int] = field(default=frozenset(), converter=_years)

    @property
    def verdict(self) -> Verdict:
        """Whether the title is held or its criteria are met."""
        if isinstance(self.outcome, Recognition):
            return Verdict.RECOGNISED
        return self.outcome

    @property
    def level_held(self) -> str | None:
        """The level of the candidate, or else of the recognition."""
        recognition = self.outcome if isinstance(self.outcome, Recognition) else None
        return self.level or (recognition.level if recognition else None)

    def consecutive_years(self, year: int) -> int:
        """Return the number of consecutive years of recognition up to and including `year`."""
        count = 0
        while year - count in self.years:
            count += 1
        return count


@frozen(kw_only=True, hash=False)
class ShortlistRules:
    """The published rules of a shortlist.

    Attributes:
        year: the year for which to commend.
        quota: how many for each title in each area of the level `per`, at least 1.
        per: the level of the areas to which quotas apply.
        keys: the ranking keys, in lexicographic order; no duplicates.
        levels: the names of levels by id, best first; required if `keys` has the level.
        min_years: the minimum consecutive years up to `year`.
        ties: what to do with tied candidates at the quota.

    Raises:
        RollupError: the rules are invalid.
    """

    year: int
    quota: int
    per: AreaLevel = field(converter=AreaLevel)
    keys: tuple[RankKey, ...] = (RankKey.LEVEL, RankKey.POINTS, RankKey.YEARS)
    levels: Mapping[str, Text] = field(factory=dict)
    min_years: int = 0
    ties: TiePolicy = field(default=TiePolicy.NONE, converter=TiePolicy)

    def __attrs_post_init__(self) -> None:
        needs_levels = RankKey.LEVEL in self.keys and not self.levels
        repeats = len({*self.keys}) != len(self.keys)
        if self.quota < 1 or self.min_years < 0 or not self.keys or needs_levels or repeats:
            raise RollupError(_BAD_RULES)

    def to_dict(self) -> ShortlistRulesDict:
        """Return the rules, without the year, as JSON data."""
        return {
            "quota": self.quota,
            "per": self.per.value,
            "rank": [key.value for key in self.keys],
            "levels": list(self.levels),
            "min_years": self.min_years,
            "ties": self.ties.value,
        }


@frozen(kw_only=True)
class Placing:
    """The position of one candidate, and why.

    Attributes:
        candidate: the candidate.
        status: listed or not.
        reason: why, in both languages.
        group: code of the area whose quota applies; None where there is none.
        rank: from 1; tied candidates share the best rank; None for unranked candidates.
        tied: whether others have the same rank.
    """

    candidate: Candidate
    status: ShortlistStatus
    reason: Text
    group: str | None = None
    rank: int | None = None
    tied: bool = False

    def to_dict(self, lang: Lang | str = Lang.VI, *, year: int) -> PlacingDict:
        """Return the position as JSON data; `year` is that of the rules."""
        candidate = self.candidate
        certain, possible = candidate.points_certain, candidate.points_possible
        return {
            "id": candidate.id,
            "area": candidate.area,
            "title": candidate.title.value,
            "standing": self.status.value,
            "group": self.group,
            "rank": self.rank,
            "tied": self.tied,
            "verdict": candidate.verdict.value,
            "level": candidate.level_held,
            "points_certain": None if certain is None else json_number(certain),
            "points_possible": None if possible is None else json_number(possible),
            "consecutive_years": candidate.consecutive_years(year),
            "reason": self.reason.get(lang),
        }


@frozen(kw_only=True)
class Shortlist:
    """All candidates of an area with their positions, in order of area, title, rank and id.

    Attributes:
        area: code of the area; None for the whole tree.
        rules: the rules applied.
        placings: every candidate within the area.
        outside: how many candidates are in other areas.
    """

    area: str | None
    rules: ShortlistRules
    placings: tuple[Placing, ...]
    outside: int

    def of(self, standing: ShortlistStatus) -> tuple[Placing, ...]:
        """Return the candidates in one position."""
        return tuple(placing for placing in self.placings if placing.status is standing)

    def to_dict(self, lang: Lang | str = Lang.VI) -> ShortlistDict:
        """Return the shortlist as `xhht shortlist --format json` prints it."""
        year = self.rules.year
        return {
            "area": self.area,
            "year": year,
            "rules": self.rules.to_dict(),
            "placings": [placing.to_dict(lang, year=year) for placing in self.placings],
            "outside": self.outside,
        }


def shortlist(
    candidates: Iterable[Candidate],
    tree: AreaTree,
    *,
    rules: ShortlistRules,
    area: str | None = None,
) -> Shortlist:
    """Return the shortlist of an area; the order of `candidates` does not matter.

    Args:
        candidates: in any order; those of other areas are excluded and counted.
        tree: the areas.
        rules: the rules.
        area: code of the area within which to choose; by default the whole tree.

    Raises:
        RollupError: two candidates for a title have the same id.
        DomainError: an area is not in the tree.
    """
    all_candidates = list(candidates)
    keys = {(candidate.title, candidate.id) for candidate in all_candidates}
    if len(keys) != len(all_candidates):
        raise RollupError(_SAME_ID)
    for candidate in all_candidates:
        _ = tree[candidate.area]
    area_codes = None if area is None else _codes_within(tree, area)
    inside = [
        candidate
        for candidate in all_candidates
        if area_codes is None or candidate.area in area_codes
    ]
    placings: list[Placing] = []
    groups: dict[tuple[str, Title], list[Candidate]] = {}
    for candidate in inside:
        group = tree.up(candidate.area, rules.per)
        placing = _unranked_placing(candidate, rules, None if group is None else group.code)
        if placing is not None:
            placings.append(placing)
        elif group is not None:
            groups.setdefault((group.code, candidate.title), []).append(candidate)
    for (code, _), members in groups.items():
        placings += _ranked(members, rules, code)
    placings.sort(key=_order)
    return Shortlist(
        area=area, rules=rules, placings=tuple(placings), outside=len(all_candidates) - len(inside)
    )


def _codes_within(tree: AreaTree, area: str) -> set[str]:
    return {area, *(descendant.code for descendant in tree.descendants(area))}


def _order(placing: Placing) -> tuple[str, int, int, int, str]:
    titles = list(Title)
    return (
        placing.group or "",
        titles.index(placing.candidate.title),
        list(ShortlistStatus).index(placing.status),
        placing.rank or 0,
        placing.candidate.id,
    )


def _unranked_placing(
    candidate: Candidate, rules: ShortlistRules, group: str | None
) -> Placing | None:
    """Return the placing of a candidate that is not ranked, or None for one that is."""
    if candidate.verdict is Verdict.NOT_RECOGNISED:
        return _unranked(candidate, ShortlistStatus.NOT_ELIGIBLE, _NOT_RECOGNISED, group)
    years = candidate.consecutive_years(rules.year)
    if years < rules.min_years:
        text = _TOO_FEW_YEARS.format(period=_period(years), needed=rules.min_years, year=rules.year)
        return _unranked(candidate, ShortlistStatus.NOT_ELIGIBLE, text, group)
    if group is None:
        text = _NO_GROUP.format(level=rules.per.label)
        return _unranked(candidate, ShortlistStatus.NOT_ELIGIBLE, text, group)
    reason = _unrankable_reason(candidate, rules)
    if reason is not None:
        return _unranked(candidate, ShortlistStatus.UNDETERMINED, reason, group)
    return None


def _unranked(
    candidate: Candidate, standing: ShortlistStatus, reason: Text, group: str | None
) -> Placing:
    return Placing(candidate=candidate, status=standing, reason=reason, group=group)


def _unrankable_reason(candidate: Candidate, rules: ShortlistRules) -> Text | None:
    """Return why a candidate cannot be ranked yet, or None."""
    if candidate.verdict is Verdict.UNDETERMINED:
        return _VERDICT_UNDETERMINED
    if RankKey.LEVEL in rules.keys and candidate.level_held not in rules.levels:
        return _LEVEL_UNKNOWN
    if RankKey.POINTS in rules.keys and candidate.points_certain is None:
        return _POINTS_UNKNOWN
    return None


def _ranked(members: list[Candidate], rules: ShortlistRules, group: str) -> list[Placing]:
    by_merit: dict[tuple[Fraction, ...], list[Candidate]] = {}
    for candidate in members:
        by_merit.setdefault(_merit(candidate, rules), []).append(candidate)
    placings: list[Placing] = []
    better = 0
    for merit in sorted(by_merit, reverse=True):
        tied_candidates = by_merit[merit]
        standing = _standing(better, len(tied_candidates), rules)
        for candidate in tied_candidates:
            placing = Placing(
                candidate=candidate,
                status=standing,
                reason=Text(vi="", en=""),
                group=group,
                rank=better + 1,
                tied=len(tied_candidates) > 1,
            )
            placings.append(evolve(placing, reason=_reason(placing, len(tied_candidates), rules)))
        better += len(tied_candidates)
    return placings


def _standing(better: int, tied: int, rules: ShortlistRules) -> ShortlistStatus:
    """Return the position of `tied` candidates with one rank, with `better` ahead of them."""
    if better >= rules.quota:
        return ShortlistStatus.BEYOND_QUOTA
    if better + tied <= rules.quota or rules.ties is TiePolicy.ALL:
        return ShortlistStatus.LISTED
    return ShortlistStatus.TIED_AT_QUOTA


def _merit(candidate: Candidate, rules: ShortlistRules) -> tuple[Fraction, ...]:
    return tuple(_value(candidate, key, rules) for key in rules.keys)


def _value(candidate: Candidate, key: RankKey, rules: ShortlistRules) -> Fraction:
    if key is RankKey.LEVEL:
        assert candidate.level_held is not None
        return Fraction(-list(rules.levels).index(candidate.level_held))
    if key is RankKey.POINTS:
        assert candidate.points_certain is not None
        return candidate.points_certain
    return Fraction(candidate.consecutive_years(rules.year))


# Words


def _reason(placing: Placing, tied: int, rules: ShortlistRules) -> Text:
    sentences = [_RANK.format(rank=placing.rank, merits=_merits(placing.candidate, rules))]
    if placing.tied:
        sentences.append(_TIED.format(others=tied - 1))
    assert placing.rank is not None
    exceeds_quota = placing.rank - 1 < rules.quota < placing.rank - 1 + tied
    if exceeds_quota:
        sentences.append(
            (_TIES_ALL if rules.ties is TiePolicy.ALL else _TIES_NONE).format(quota=rules.quota)
        )
    elif placing.status is ShortlistStatus.BEYOND_QUOTA:
        sentences.append(_BEYOND.format(quota=rules.quota))
    else:
        sentences.append(_WITHIN.format(quota=rules.quota))
    return join(sentences)


def _merits(candidate: Candidate, rules: ShortlistRules) -> Text:
    level = rules.levels.get(candidate.level_held or "", Text(vi="", en=""))
    merits = {
        RankKey.LEVEL: _LEVEL.format(level=level),
        RankKey.POINTS: _points(candidate),
        RankKey.YEARS: _period(candidate.consecutive_years(rules.year)),
    }
    return join([merits[key] for key in rules.keys], ", ")


def _period(years: int) -> Text:
    return (_YEAR if years == 1 else _YEARS).format(years=years)


def _points(candidate: Candidate) -> Text:
    certain, possible = candidate.points_certain, candidate.points_possible
    if certain is None:
        return Text(vi="", en="")
    if possible is None or possible == certain:
        return _POINTS.format(points=decimal_label(certain))
    return _POINTS_RANGE.format(points=decimal_label(certain), possible=decimal_label(possible))


_STANDINGS = {
    ShortlistStatus.LISTED: Text(vi="được đề nghị", en="listed"),
    ShortlistStatus.TIED_AT_QUOTA: Text(
        vi="bằng nhau ở ngưỡng số lượng, chưa được đề nghị", en="tied at the quota, not listed"
    ),
    ShortlistStatus.BEYOND_QUOTA: Text(vi="ngoài số lượng được chọn", en="beyond the quota"),
    ShortlistStatus.NOT_ELIGIBLE: Text(vi="không đủ điều kiện", en="not eligible"),
    ShortlistStatus.UNDETERMINED: Text(vi="chưa xác định được", en="undetermined"),
}
_NOT_RECOGNISED = Text(vi="Chưa đạt danh hiệu.", en="Does not hold the title.")
_TOO_FEW_YEARS = Text(
    vi="Được công nhận {period} tính đến năm {year}; cần ít nhất {needed} năm.",
    en="Recognised for {period} up to {year}; required: at least {needed}.",
)
_NO_GROUP = Text(
    vi="Không thuộc khu vực nào ở cấp {level}, là cấp được phân bổ số lượng.",
    en="Not in any area at the level {level}, to which the quotas apply.",
)
_VERDICT_UNDETERMINED = Text(
    vi="Kết quả đánh giá chưa xác định; cần bổ sung minh chứng rồi xét lại.",
    en="The verdict is undetermined; complete the evidence and evaluate again.",
)
_LEVEL_UNKNOWN = Text(
    vi="Chưa rõ mức độ, hoặc mức độ không có trong quy tắc xếp hạng.",
    en="The level is unknown, or is not among the levels in the rules.",
)
_POINTS_UNKNOWN = Text(vi="Chưa rõ số điểm.", en="The points are unknown.")
_RANK = Text(vi="Hạng {rank}: {merits}.", en="Rank {rank}: {merits}.")
_LEVEL = Text(vi="mức {level}", en="level {level}")
_POINTS = Text(vi="{points} điểm", en="{points} points")
_POINTS_RANGE = Text(
    vi="{points} điểm chắc chắn (có thể đến {possible})",
    en="{points} certain points (up to {possible})",
)
_YEAR = Text(vi="{years} năm liên tục", en="{years} consecutive year")
_YEARS = Text(vi="{years} năm liên tục", en="{years} consecutive years")
_TIED = Text(
    vi="Cùng hạng với {others} đối tượng khác.", en="Other candidates with this rank: {others}."
)
_WITHIN = Text(vi="Trong số lượng {quota}.", en="Within the quota of {quota}.")
_BEYOND = Text(vi="Ngoài số lượng {quota}.", en="Beyond the quota of {quota}.")
_TIES_ALL = Text(
    vi="Nhóm này vượt số lượng {quota}; theo quy tắc, lấy tất cả.",
    en="The tied candidates exceed the quota of {quota}; under the rules, all are listed.",
)
_TIES_NONE = Text(
    vi="Nhóm này vượt số lượng {quota}; theo quy tắc, không lấy đối tượng nào trong nhóm.",
    en="The tied candidates exceed the quota of {quota}; under the rules, none is listed.",
)
_BAD_RULES = Text(
    vi="Quy tắc không hợp lệ: số lượng phải từ 1, số năm từ 0, có ít nhất một khóa xếp hạng không "
    "trùng, và có danh sách mức độ khi xếp hạng theo mức.",
    en="Invalid rules: the quota must be 1 or more and the years 0 or more, with at least one key, "
    "no duplicate keys, and the list of levels if the level is a key.",
)
_SAME_ID = Text(
    vi="Hai đối tượng của cùng một danh hiệu bị trùng mã; hãy bỏ dòng trùng.",
    en="Two candidates for one title have the same id; remove the duplicate.",
)
