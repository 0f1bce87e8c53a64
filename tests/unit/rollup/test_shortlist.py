"""Who is put forward for commendation, and the reasons that are printed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.people import AreaCode
from xhht.domain.recognitions import Recognition
from xhht.domain.titles import Title
from xhht.errors import DomainError, RollupError
from xhht.evaluation.state import Verdict
from xhht.rollup.shortlist import (
    Candidate,
    RankKey,
    Shortlist,
    ShortlistRules,
    ShortlistStatus,
    TiePolicy,
    shortlist,
)
from xhht.text import Text


def area(code: str, level: AreaLevel, parent: str | None = None) -> Area:
    above = AreaCode(parent) if parent else None
    return Area(code=AreaCode(code), name="Nơi", level=level, parent=above)


TREE = AreaTree(
    [
        area("p", AreaLevel.PROVINCE),
        area("q", AreaLevel.PROVINCE),
        *(area(code, AreaLevel.COMMUNE, "p") for code in "ab"),
        area("c", AreaLevel.COMMUNE, "q"),
    ]
)
LEVELS = {"good": Text(vi="Tốt", en="Good"), "fair": Text(vi="Khá", en="Fair")}


def unit(name: str, points: int | None, **keys: Any) -> Candidate:
    given: dict[str, Any] = {
        "area": "a",
        "title": Title.LEARNING_UNIT,
        "outcome": Verdict.RECOGNISED,
        "level": "good",
        "years": {2023, 2024},
    }
    return Candidate(id=name, points_certain=points, **{**given, **keys})


def rules(**keys: Any) -> ShortlistRules:
    given: dict[str, Any] = {
        "year": 2024,
        "quota": 2,
        "per": AreaLevel.COMMUNE,
        "levels": LEVELS,
    }
    return ShortlistRules(**{**given, **keys})


def chosen(shortlist: Shortlist) -> list[str]:
    return [placing.candidate.id for placing in shortlist.of(ShortlistStatus.LISTED)]


def run(*candidates: Candidate, **keys: Any) -> Shortlist:
    return shortlist(candidates, TREE, area="p", rules=rules(**keys))


def test_each_area_has_its_quota_for_each_title() -> None:
    shortlist = run(
        unit("u1", 90),
        unit("u2", 95),
        unit("u3", 80),
        unit("u4", 70, area="b"),
        unit("u5", 60, title=Title.LEARNING_CLAN),
    )
    assert chosen(shortlist) == ["u5", "u2", "u1", "u4"]
    assert [p.candidate.id for p in shortlist.of(ShortlistStatus.BEYOND_QUOTA)] == ["u3"]


def test_the_first_key_comes_before_all_others() -> None:
    candidates = (
        unit("u1", 99, level="fair"),
        unit("u2", 86),
        unit("u3", 85, years=[2022, 2023, 2024]),
    )
    assert chosen(run(*candidates)) == ["u2", "u3"]
    assert chosen(run(*candidates, keys=(RankKey.POINTS,))) == ["u1", "u2"]
    assert chosen(run(*candidates, keys=(RankKey.YEARS, RankKey.POINTS))) == ["u3", "u1"]


@pytest.mark.parametrize(
    ("ties", "listed", "tied"),
    [(TiePolicy.NONE, ["u1"], ["u2", "u3"]), (TiePolicy.ALL, ["u1", "u2", "u3"], [])],
)
def test_equals_at_the_edge_are_taken_all_or_not_at_all(
    ties: TiePolicy, listed: list[str], tied: list[str]
) -> None:
    shortlist = run(unit("u1", 95), unit("u2", 90), unit("u3", 90), unit("u4", 80), ties=ties)
    assert chosen(shortlist) == listed
    assert [p.candidate.id for p in shortlist.of(ShortlistStatus.TIED_AT_QUOTA)] == tied
    at_edge = [p for p in shortlist.placings if p.rank == 2]
    assert all(p.tied and "quota of 2" in p.reason.en for p in at_edge)
    assert shortlist.placings[-1].rank == 4


def test_who_is_undetermined_is_listed_apart_with_the_reason() -> None:
    shortlist = run(
        unit("u1", 99, outcome=Verdict.UNDETERMINED),
        unit("u2", 90, level=None),
        unit("u3", None),
        unit("u4", 80),
        unit("u5", 90, level="other"),
    )
    assert chosen(shortlist) == ["u4"]
    apart = shortlist.of(ShortlistStatus.UNDETERMINED)
    assert [p.candidate.id for p in apart] == ["u1", "u2", "u3", "u5"]
    assert all(p.rank is None and p.reason.vi != p.reason.en for p in apart)


def test_who_may_not_be_commended_is_told_why() -> None:
    shortlist = run(
        unit("u1", 99, outcome=Verdict.NOT_RECOGNISED),
        unit("u2", 99, years=[2024, 2022]),
        unit("u3", 99, area="p"),
        min_years=2,
    )
    reasons = {p.candidate.id: p.reason for p in shortlist.of(ShortlistStatus.NOT_ELIGIBLE)}
    assert reasons["u1"].en == "Does not hold the title."
    assert reasons["u2"].en == "Recognised for 1 consecutive year up to 2024; required: at least 2."
    assert reasons["u3"].en.startswith("Not in any area at the level commune")


def test_a_decision_counts_as_recognised_and_tells_the_level() -> None:
    decision = Recognition(
        title=Title.LEARNING_UNIT,
        subject="u1",
        decided_on=date(2024, 12, 1),
        document="12/QĐ-UBND",
        authority="UBND tỉnh",
        level="fair",
    )
    shortlist = run(unit("u1", 75, outcome=decision, level=None))
    assert shortlist.placings[0].reason.vi == (
        "Hạng 1: mức Khá, 75 điểm, 2 năm liên tục. Trong số lượng 2."
    )
    assert shortlist.placings[0].reason.en == (
        "Rank 1: level Fair, 75 points, 2 consecutive years. Within the quota of 2."
    )


def test_points_that_may_rise_are_ranked_by_what_is_certain() -> None:
    shortlist = run(unit("u1", 80, points_possible=95), unit("u2", 85))
    assert chosen(shortlist) == ["u2", "u1"]
    assert "80 điểm chắc chắn (có thể đến 95)" in shortlist.placings[1].reason.vi


def test_who_lies_elsewhere_is_counted_and_left_out() -> None:
    shortlist = run(unit("u1", 80), unit("u2", 90, area="c"))
    assert (chosen(shortlist), shortlist.outside) == (["u1"], 1)


def test_one_id_twice_or_an_unknown_area_is_refused() -> None:
    with pytest.raises(RollupError):
        run(unit("u1", 80), unit("u1", 90))
    with pytest.raises(DomainError):
        run(unit("u1", 80, area="x"))
    with pytest.raises(DomainError):
        shortlist([], TREE, area="x", rules=rules())


def test_a_candidate_keeps_its_id_out_of_sight() -> None:
    assert "u1" not in repr(unit("u1", 80))


@pytest.mark.parametrize(
    "keys",
    [
        {"quota": 0},
        {"min_years": -1},
        {"keys": ()},
        {"keys": (RankKey.POINTS, RankKey.POINTS)},
        {"levels": {}},
    ],
)
def test_rules_that_cannot_be_followed_are_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(RollupError):
        rules(**keys)
