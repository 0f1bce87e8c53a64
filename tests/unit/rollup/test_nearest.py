from __future__ import annotations

import xhht
from xhht.rollup import Counts, Tally, nearest

CITIZEN = xhht.bundled_profiles().get("vn.citizen.qd324-2023")


def results(**points: int) -> dict[str, xhht.Evaluation]:
    return {
        name: xhht.evaluate(CITIZEN, {f"indicator_{n}": item for n in range(1, 11)})
        for name, item in points.items()
    }


def test_subjects_are_sorted_by_the_cost_of_their_way() -> None:
    ranking = nearest(results(c=7, b=7, d=9))
    assert ranking.reached == ("d",)
    assert [way.id for way in ranking.paths] == ["b", "c"]
    assert ranking.others == ()


def test_a_target_takes_the_nearest() -> None:
    programme = next(p for p in xhht.bundled_programmes() if p.id == "vn.programme.qd387-2022")
    target = next(t for t in programme.targets if t.id == "household_2025")
    tally = Tally.of(Counts(total=10, recognised=6, undetermined=0))
    stands = xhht.attainment(target, tally, as_of=2023)
    assert stands.needed is not None
    ranking = nearest(results(c=7, b=7, d=9))
    chosen = ranking.for_target(stands)
    assert chosen is not None
    ways, cost = chosen
    assert len(ways) == min(2, stands.needed.upper or 0)
    assert cost == sum(way.path.cost or 0 for way in ways)


def test_who_has_no_way_is_listed_apart() -> None:
    ranking = nearest({"x": xhht.evaluate(CITIZEN, {})}, costs=None)
    assert [way.id for way in ranking.others] + [way.id for way in ranking.paths] == ["x"]
