"""A shortlist for commendation: who stands out within an area, by rules that are stated.

Every candidate is in the result, with a reason. Equal candidates share a rank; where they stand
on both sides of a quota, a named policy takes all of them or none, and the result says so. Who is
undetermined is ranked nowhere and listed apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from attrs import evolve, field, frozen

from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.records import Recognition
from xhht.domain.titles import Title
from xhht.errors import RollupError
from xhht.evaluation.result import Verdict
from xhht.exact import decimal_text, exact, format_vi
from xhht.text import Text

__all__ = [
    "Candidate",
    "Placing",
    "RankKey",
    "Shortlist",
    "ShortlistRules",
    "Standing",
    "TiePolicy",
    "shortlist",
]


class RankKey(StrEnum):
    """What candidates are ranked by; more is better, and a better level."""

    LEVEL = "level"
    POINTS = "points"
    YEARS = "years"


class TiePolicy(StrEnum):
    """What becomes of equal candidates of whom the quota has room for some only."""

    ALL = "all"
    NONE = "none"


class Standing(StrEnum):
    """Where a candidate ends up."""

    LISTED = "listed"
    TIED_AT_QUOTA = "tied_at_quota"
    BEYOND_QUOTA = "beyond_quota"
    NOT_ELIGIBLE = "not_eligible"
    UNDETERMINED = "undetermined"

    @property
    def label(self) -> Text:
        """The standing as officials read it."""
        return _STANDINGS[self]


def _years(years: Iterable[int]) -> frozenset[int]:
    return frozenset(years)


def _exact_or_none(number: int | str | float | Decimal | Fraction | None) -> Fraction | None:
    return None if number is None else exact(number)


@frozen(kw_only=True)
class Candidate:
    """Someone who may be commended.

    Attributes:
        id: unique for the title.
        area: code of the area.
        title: the title.
        outcome: the verdict of an evaluation, or the authority's recognition.
        level: id of the level held; left out, that of a recognition.
        points_certain: points that are certain, on the profile's grid; None where not known.
        points_possible: points still possible; left out, those that are certain.
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
        """The level, by the candidate's own word or by the recognition."""
        recognition = self.outcome if isinstance(self.outcome, Recognition) else None
        return self.level or (recognition.level if recognition else None)

    def consecutive_years(self, year: int) -> int:
        """Return for how many years up to and with `year` the title was recognised each year."""
        count = 0
        while year - count in self.years:
            count += 1
        return count


@frozen(kw_only=True, hash=False)
class ShortlistRules:
    """The rules, as they are stated to everybody.

    Attributes:
        year: the year for which to commend.
        quota: how many for each title in each area of the level `per`, at least 1.
        per: the level of the areas that a quota is for.
        keys: what to rank by, the first before all others; each once.
        levels: the names of levels by id, best first; needed where `keys` has the level.
        min_years: the least consecutive years up to `year`.
        ties: what becomes of equal candidates at the edge of a quota.

    Raises:
        RollupError: rules that cannot be followed.
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


@frozen(kw_only=True)
class Placing:
    """Where one candidate stands, and why.

    Attributes:
        candidate: the candidate.
        standing: listed or not.
        reason: why, in both languages.
        group: code of the area whose quota it is ranked for; None where there is none.
        rank: from 1, equal candidates sharing the best; None for whoever is not ranked.
        tied: whether others have the same rank.
    """

    candidate: Candidate
    standing: Standing
    reason: Text
    group: str | None = None
    rank: int | None = None
    tied: bool = False


@frozen(kw_only=True)
class Shortlist:
    """All candidates of an area with their standing, in order of area, title, rank and id.

    Attributes:
        area: code of the area; None for the whole tree.
        rules: the rules that were followed.
        placings: every candidate within the area.
        outside: how many candidates lie in other areas.
    """

    area: str | None
    rules: ShortlistRules
    placings: tuple[Placing, ...]
    outside: int

    def of(self, standing: Standing) -> tuple[Placing, ...]:
        """Return the candidates of one standing."""
        return tuple(placing for placing in self.placings if placing.standing is standing)


def shortlist(
    candidates: Iterable[Candidate],
    tree: AreaTree,
    *,
    rules: ShortlistRules,
    area: str | None = None,
) -> Shortlist:
    """Return who is to be commended within an area; the order of `candidates` does not count.

    Args:
        candidates: in any order; those of other areas are left out and counted.
        tree: the areas.
        rules: the rules.
        area: code of the area within which to choose; left out, the whole tree.

    Raises:
        RollupError: two candidates of a title have one id.
        DomainError: an area is not in the tree.
    """
    given = list(candidates)
    keys = {(candidate.title, candidate.id) for candidate in given}
    if len(keys) != len(given):
        raise RollupError(_SAME_ID)
    for candidate in given:
        _ = tree[candidate.area]
    within = None if area is None else _within(tree, area)
    inside = [each for each in given if within is None or each.area in within]
    placings: list[Placing] = []
    groups: dict[tuple[str, Title], list[Candidate]] = {}
    for candidate in inside:
        group = tree.up(candidate.area, rules.per)
        placing = _set_aside(candidate, rules, None if group is None else group.code)
        if placing is not None:
            placings.append(placing)
        elif group is not None:
            groups.setdefault((group.code, candidate.title), []).append(candidate)
    for (code, _), members in groups.items():
        placings += _ranked(members, rules, code)
    placings.sort(key=_order)
    return Shortlist(
        area=area, rules=rules, placings=tuple(placings), outside=len(given) - len(inside)
    )


def _within(tree: AreaTree, area: str) -> set[str]:
    return {area, *(each.code for each in tree.descendants(area))}


def _order(placing: Placing) -> tuple[str, int, int, int, str]:
    titles = list(Title)
    return (
        placing.group or "",
        titles.index(placing.candidate.title),
        list(Standing).index(placing.standing),
        placing.rank or 0,
        placing.candidate.id,
    )


def _set_aside(candidate: Candidate, rules: ShortlistRules, group: str | None) -> Placing | None:
    """Return the placing of whoever is not ranked, or None for whoever is."""
    if candidate.verdict is Verdict.NOT_RECOGNISED:
        return _aside(candidate, Standing.NOT_ELIGIBLE, _NOT_RECOGNISED, group)
    years = candidate.consecutive_years(rules.year)
    if years < rules.min_years:
        text = _TOO_FEW_YEARS.format(years=years, needed=rules.min_years, year=rules.year)
        return _aside(candidate, Standing.NOT_ELIGIBLE, text, group)
    if group is None:
        text = _NO_GROUP.format(level=rules.per.label)
        return _aside(candidate, Standing.NOT_ELIGIBLE, text, group)
    open_text = _open(candidate, rules)
    if open_text is not None:
        return _aside(candidate, Standing.UNDETERMINED, open_text, group)
    return None


def _aside(candidate: Candidate, standing: Standing, reason: Text, group: str | None) -> Placing:
    return Placing(candidate=candidate, standing=standing, reason=reason, group=group)


def _open(candidate: Candidate, rules: ShortlistRules) -> Text | None:
    """Return why a candidate cannot be ranked yet."""
    if candidate.verdict is Verdict.UNDETERMINED:
        return _VERDICT_OPEN
    if RankKey.LEVEL in rules.keys and candidate.level_held not in rules.levels:
        return _LEVEL_OPEN
    if RankKey.POINTS in rules.keys and candidate.points_certain is None:
        return _POINTS_OPEN
    return None


def _ranked(members: list[Candidate], rules: ShortlistRules, group: str) -> list[Placing]:
    by_merit: dict[tuple[Fraction, ...], list[Candidate]] = {}
    for candidate in members:
        by_merit.setdefault(_merit(candidate, rules), []).append(candidate)
    placings: list[Placing] = []
    before = 0
    for merit in sorted(by_merit, reverse=True):
        equals = by_merit[merit]
        standing = _standing(before, len(equals), rules)
        for candidate in equals:
            placing = Placing(
                candidate=candidate,
                standing=standing,
                reason=Text(vi="", en=""),
                group=group,
                rank=before + 1,
                tied=len(equals) > 1,
            )
            placings.append(evolve(placing, reason=_reason(placing, len(equals), rules)))
        before += len(equals)
    return placings


def _standing(before: int, equals: int, rules: ShortlistRules) -> Standing:
    """Return what becomes of `equals` candidates with one rank, `before` being better."""
    if before >= rules.quota:
        return Standing.BEYOND_QUOTA
    if before + equals <= rules.quota or rules.ties is TiePolicy.ALL:
        return Standing.LISTED
    return Standing.TIED_AT_QUOTA


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


def _reason(placing: Placing, equals: int, rules: ShortlistRules) -> Text:
    said = [_RANK.format(rank=placing.rank, merits=_merits(placing.candidate, rules))]
    if placing.tied:
        said.append(_TIED.format(others=equals - 1))
    assert placing.rank is not None
    over_edge = placing.rank - 1 < rules.quota < placing.rank - 1 + equals
    if over_edge:
        said.append(
            (_EDGE_ALL if rules.ties is TiePolicy.ALL else _EDGE_NONE).format(quota=rules.quota)
        )
    elif placing.standing is Standing.BEYOND_QUOTA:
        said.append(_BEYOND.format(quota=rules.quota))
    else:
        said.append(_WITHIN.format(quota=rules.quota))
    return _joined(said, " ")


def _merits(candidate: Candidate, rules: ShortlistRules) -> Text:
    level = rules.levels.get(candidate.level_held or "", Text(vi="", en=""))
    words = {
        RankKey.LEVEL: _LEVEL.format(level=level),
        RankKey.POINTS: _points(candidate),
        RankKey.YEARS: _YEARS.format(years=candidate.consecutive_years(rules.year)),
    }
    return _joined([words[key] for key in rules.keys], ", ")


def _points(candidate: Candidate) -> Text:
    certain, possible = candidate.points_certain, candidate.points_possible
    if certain is None:
        return Text(vi="", en="")
    if possible is None or possible == certain:
        return _POINTS.format(points=_number(certain))
    return _POINTS_RANGE.format(points=_number(certain), possible=_number(possible))


def _number(number: Fraction) -> Text:
    return Text(vi=format_vi(number), en=decimal_text(number))


def _joined(texts: Sequence[Text], by: str) -> Text:
    return Text(vi=by.join(t.vi for t in texts), en=by.join(t.en for t in texts))


_STANDINGS = {
    Standing.LISTED: Text(vi="được đề nghị", en="listed"),
    Standing.TIED_AT_QUOTA: Text(
        vi="bằng nhau ở ngưỡng số lượng, chưa được đề nghị", en="tied at the quota, not listed"
    ),
    Standing.BEYOND_QUOTA: Text(vi="ngoài số lượng được chọn", en="beyond the quota"),
    Standing.NOT_ELIGIBLE: Text(vi="không đủ điều kiện", en="not eligible"),
    Standing.UNDETERMINED: Text(vi="chưa xác định được", en="undetermined"),
}
_NOT_RECOGNISED = Text(vi="Chưa đạt danh hiệu.", en="Does not hold the title.")
_TOO_FEW_YEARS = Text(
    vi="Được công nhận {years} năm liên tục tính đến năm {year}; cần ít nhất {needed} năm.",
    en="Recognised for {years} consecutive years up to {year}; at least {needed} are needed.",
)
_NO_GROUP = Text(
    vi="Không thuộc khu vực nào ở cấp {level}, là cấp được phân bổ số lượng.",
    en="Lies in no area of the level {level}, to which the quotas are given.",
)
_VERDICT_OPEN = Text(
    vi="Kết quả đánh giá chưa xác định; cần bổ sung minh chứng rồi xét lại.",
    en="The verdict is undetermined; complete the evidence and decide again.",
)
_LEVEL_OPEN = Text(
    vi="Chưa rõ mức độ, hoặc mức độ không có trong quy tắc xếp hạng.",
    en="The level is not known, or is not among those that the rules rank.",
)
_POINTS_OPEN = Text(vi="Chưa rõ số điểm.", en="The points are not known.")
_RANK = Text(vi="Hạng {rank}: {merits}.", en="Rank {rank}: {merits}.")
_LEVEL = Text(vi="mức {level}", en="level {level}")
_POINTS = Text(vi="{points} điểm", en="{points} points")
_POINTS_RANGE = Text(
    vi="{points} điểm chắc chắn (có thể đến {possible})",
    en="{points} points for certain (up to {possible})",
)
_YEARS = Text(vi="{years} năm liên tục", en="{years} consecutive years")
_TIED = Text(vi="Cùng hạng với {others} đối tượng khác.", en="Equal with {others} others.")
_WITHIN = Text(vi="Trong số lượng {quota}.", en="Within the quota of {quota}.")
_BEYOND = Text(vi="Ngoài số lượng {quota}.", en="Beyond the quota of {quota}.")
_EDGE_ALL = Text(
    vi="Nhóm này vượt số lượng {quota}; theo quy tắc, lấy tất cả.",
    en="The equals exceed the quota of {quota}; by the rules all of them are taken.",
)
_EDGE_NONE = Text(
    vi="Nhóm này vượt số lượng {quota}; theo quy tắc, không lấy đối tượng nào trong nhóm.",
    en="The equals exceed the quota of {quota}; by the rules none of them is taken.",
)
_BAD_RULES = Text(
    vi="Quy tắc cần số lượng từ 1, số năm từ 0, ít nhất một khóa xếp hạng không lặp, "
    "và danh sách mức độ khi xếp hạng theo mức.",
    en="The rules need a quota of 1 or more, years of 0 or more, at least one key, none twice, "
    "and the levels where the level is a key.",
)
_SAME_ID = Text(
    vi="Hai đối tượng của cùng một danh hiệu có cùng mã; hãy bỏ dòng lặp.",
    en="Two candidates of one title have the same id; remove the repeated one.",
)
