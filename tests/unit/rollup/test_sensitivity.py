from __future__ import annotations

import pytest

import xhht
from xhht.errors import RollupError
from xhht.rollup import Bounds, Points, Tally, sensitivity

UNIT = xhht.bundled_profiles().get("vn.unit.tt22-2020")
CITIZEN = xhht.bundled_profiles().get("vn.citizen.qd324-2023")


def tally(*ranges: tuple[int, int]) -> Tally:
    return Tally.sum(Tally(points={Points(UNIT.hash, low, high): 1}) for low, high in ranges)


def test_each_mark_counts_who_is_close() -> None:
    result = sensitivity(tally((84, 84), (85, 85), (90, 90), (91, 91), (79, 79)), UNIT)
    good = result.thresholds[0]
    assert (good.reach, good.below, good.above) == (Bounds(3, 3), Bounds(1, 1), Bounds(2, 2))
    assert good.text.en == "Level 'Good' (85 points): reached by 3; just below: 1; just above: 2."
    assert result.subjects == 5


def test_open_points_make_ranges() -> None:
    result = sensitivity(tally((80, 100), (85, 85), (0, 84)), UNIT, within=0)
    good = result.thresholds[0]
    assert (good.reach, good.below, good.above) == (Bounds(1, 2), Bounds(0, 0), Bounds(1, 2))


@pytest.mark.parametrize(("mark", "change"), [(84, (1, 3)), (86, (-2, -1)), (85, (0, 0))])
def test_another_mark_changes_the_number(mark: int, change: tuple[int, int]) -> None:
    result = sensitivity(tally((84, 84), (84, 86), (85, 85), (0, 84)), UNIT)
    assert result.change("good", mark) == change


def test_the_change_is_that_of_every_way_the_points_may_come_out() -> None:
    ranges = [(83, 87), (84, 84), (85, 86), (80, 84)]
    result = sensitivity(tally(*ranges), UNIT)
    ways: list[tuple[int, ...]] = [()]
    for low, high in ranges:
        ways = [(*way, number) for way in ways for number in range(low, high + 1)]
    for mark in range(81, 90):
        moved = [sum(p >= mark for p in way) - sum(p >= 85 for p in way) for way in ways]
        assert result.change("good", mark) == (min(moved), max(moved))


def test_a_level_without_a_fixed_mark_is_named() -> None:
    result = sensitivity(Tally(), CITIZEN)
    assert (result.thresholds, result.others) == ((), ("recognised",))
    with pytest.raises(KeyError):
        result.change("recognised", 70)


def test_points_of_other_profiles_are_left_out() -> None:
    assert sensitivity(tally((85, 85)), CITIZEN).subjects == 0


def test_a_distance_below_zero_is_refused() -> None:
    with pytest.raises(RollupError):
        sensitivity(Tally(), UNIT, within=-1)
