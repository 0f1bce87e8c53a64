"""A shortlist is the same whatever the order of candidates; equal candidates are never parted;
nobody is listed before somebody better of the same group; quotas are kept unless a tie is taken
whole by the stated policy.
"""

from __future__ import annotations

from collections import defaultdict
from random import Random

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.people import AreaCode
from xhht.domain.titles import Title
from xhht.evaluation.state import Verdict
from xhht.rollup.shortlist import (
    Candidate,
    Placing,
    RankKey,
    ShortlistRules,
    ShortlistStatus,
    TiePolicy,
    shortlist,
)
from xhht.text import Text

TREE = AreaTree(
    [
        Area(code=AreaCode("p"), name="Tỉnh", level=AreaLevel.PROVINCE),
        *(
            Area(code=AreaCode(code), name="Xã", level=AreaLevel.COMMUNE, parent=AreaCode("p"))
            for code in "ab"
        ),
    ]
)
LEVELS = {"good": Text(vi="Tốt", en="Good"), "fair": Text(vi="Khá", en="Fair")}

candidates = st.lists(
    st.builds(
        Candidate,
        id=st.just("?"),
        area=st.sampled_from(["a", "b", "p"]),
        title=st.sampled_from([Title.LEARNING_UNIT, Title.LEARNING_CLAN]),
        outcome=st.sampled_from([Verdict.RECOGNISED] * 4 + list(Verdict)),
        level=st.sampled_from(["good", "good", "fair", None]),
        points_certain=st.sampled_from([80, 85, 90, None]),
        years=st.frozensets(st.integers(2021, 2024)),
    ),
    max_size=14,
).map(lambda drawn: [evolve(candidate, id=f"s{at}") for at, candidate in enumerate(drawn)])
rules = st.builds(
    ShortlistRules,
    year=st.just(2024),
    quota=st.integers(1, 4),
    per=st.sampled_from([AreaLevel.COMMUNE, AreaLevel.PROVINCE]),
    keys=st.permutations(list(RankKey)).map(tuple),
    levels=st.just(LEVELS),
    min_years=st.integers(0, 2),
    ties=st.sampled_from(TiePolicy),
)


@given(candidates, rules, st.randoms())
def test_the_order_of_candidates_does_not_count(
    candidates: list[Candidate], rule: ShortlistRules, order: Random
) -> None:
    shuffled = list(candidates)
    order.shuffle(shuffled)
    once = shortlist(candidates, TREE, area="p", rules=rule)
    assert once == shortlist(shuffled, TREE, area="p", rules=rule)
    assert sorted(p.candidate.id for p in once.placings) == sorted(c.id for c in candidates)


@given(candidates, rules)
def test_quotas_hold_equals_stay_together_and_the_better_come_first(
    candidates: list[Candidate], rule: ShortlistRules
) -> None:
    groups: dict[tuple[str | None, Title], list[Placing]] = defaultdict(list)
    for placing in shortlist(candidates, TREE, area="p", rules=rule).placings:
        if placing.rank is None:
            assert placing.status in (ShortlistStatus.NOT_ELIGIBLE, ShortlistStatus.UNDETERMINED)
        else:
            groups[placing.group, placing.candidate.title].append(placing)
    for members in groups.values():
        check_group(members, rule)


def check_group(members: list[Placing], rule: ShortlistRules) -> None:
    def merit(placing: Placing) -> tuple[int | float, ...]:
        candidate = placing.candidate
        assert candidate.points_certain is not None
        own = {
            RankKey.LEVEL: 1 if candidate.level == "good" else 0,
            RankKey.POINTS: float(candidate.points_certain),
            RankKey.YEARS: candidate.consecutive_years(2024),
        }
        return tuple(own[key] for key in rule.keys)

    for placing in members:
        better = [other for other in members if merit(other) > merit(placing)]
        equal = [other for other in members if merit(other) == merit(placing)]
        assert placing.rank == len(better) + 1
        assert placing.tied == (len(equal) > 1)
        assert {other.status for other in equal} == {placing.status}
        fits = len(better) + len(equal) <= rule.quota
        edge = len(better) < rule.quota and not fits
        listed = fits or (edge and rule.ties is TiePolicy.ALL)
        assert (placing.status is ShortlistStatus.LISTED) == listed
        assert (placing.status is ShortlistStatus.TIED_AT_QUOTA) == (edge and not listed)
