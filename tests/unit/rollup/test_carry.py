"""Counts of one day on the map of another: exact, estimated and marked, or handed back."""

from __future__ import annotations

from datetime import date

import pytest

from xhht.domain import (
    Area,
    AreaChange,
    AreaCode,
    AreaLevel,
    AreaTree,
    ChangeKind,
    Concordance,
    Title,
)
from xhht.errors import DomainError, RollupError
from xhht.rollup import Bounds, Count, Counts, Tally, carry, compare_days, rollup
from xhht.rollup.carry import CarryFlag, UnplacedReason

BEFORE, AFTER = date(2024, 12, 31), date(2025, 7, 1)
HOUSEHOLD = Title.LEARNING_HOUSEHOLD


def area(
    code: str, level: AreaLevel, parent: str | None, start: date = date.min, end: date | None = None
) -> Area:
    return Area(
        code=AreaCode(code),
        name=f"Khu vực {code}",
        level=level,
        parent=None if parent is None else AreaCode(parent),
        valid_from=start,
        valid_to=end,
    )


def change(before: str, after: str, kind: ChangeKind = ChangeKind.MERGED_WHOLE) -> AreaChange:
    return AreaChange(
        from_code=AreaCode(before), to_code=AreaCode(after), effective=AFTER, kind=kind
    )


PROVINCE, DISTRICT, COMMUNE, VILLAGE = list(AreaLevel)[1:]
# As around Xã Phong Phú: p is divided, of which the village n goes to m, and d joins the rest.
CONCORDANCE = Concordance(
    [
        change("60", "68"),
        change("68", "68"),
        change("m", "m"),
        change("p", "m", ChangeKind.MERGED_PART),
        change("p", "p", ChangeKind.MERGED_PART),
        change("d", "p"),
    ],
    AreaTree(
        [
            area("60", PROVINCE, None, end=AFTER),
            area("68", PROVINCE, None, end=AFTER),
            area("68", PROVINCE, None, AFTER),
            area("595", DISTRICT, "60", end=AFTER),
            *(area(code, COMMUNE, "595", end=AFTER) for code in "mpd"),
            *(area(code, COMMUNE, "68", AFTER) for code in "mp"),
            area("n", VILLAGE, "p", end=AFTER),
            area("n", VILLAGE, "m", AFTER),
            area("r", VILLAGE, "p"),
        ]
    ),
)


def reports(**totals: int) -> dict[tuple[str, Title], Tally]:
    return {
        (code.removeprefix("_"), HOUSEHOLD): Tally.of(Counts(total=total))
        for code, total in totals.items()
    }


def totals(tallies: object) -> dict[str, int | None]:
    assert isinstance(tallies, dict)
    return {code: tally.known(Count.TOTAL) for (code, _), tally in tallies.items()}


def test_merged_areas_are_added_and_split_ones_handed_back() -> None:
    carried = carry(reports(m=10, p=20, d=5), CONCORDANCE, from_day=BEFORE, to_day=AFTER)
    assert totals(carried.tallies) == {"m": 10, "p": 5}
    assert [
        (one.area.code, one.reason, [candidate.code for candidate in one.candidates])
        for one in carried.unplaced
    ] == [("p", UnplacedReason.SEVERAL_AREAS, ["m", "p"])]
    assert carried.unplaced[0].within is not None
    assert carried.unplaced[0].within.code == "68"
    assert carried.flags("m", HOUSEHOLD) == {CarryFlag.INCOMPLETE}


def test_villages_follow_their_own_records_over_a_split() -> None:
    carried = carry(reports(n=3, r=17, d=5), CONCORDANCE, from_day=BEFORE, to_day=AFTER)
    assert totals(carried.tallies) == {"n": 3, "p": 5, "r": 17}
    after = CONCORDANCE.tree.on(AFTER)
    rolled = rollup(carried.tallies, after, by=COMMUNE, subjects=True)
    assert {row.area.code: row.tally.known(Count.TOTAL) for row in rolled.rows} == {"m": 3, "p": 22}


def test_an_area_whose_villages_report_is_not_counted_twice() -> None:
    given = reports(p=20, n=3, r=17)
    carried = carry(given, CONCORDANCE, from_day=BEFORE, to_day=AFTER)
    assert [one.reason for one in carried.unplaced] == [UnplacedReason.COUNTED_BELOW]
    assert not carried.flags("p", HOUSEHOLD)
    as_subjects = carry(given, CONCORDANCE, from_day=BEFORE, to_day=AFTER, subjects=True)
    assert [one.reason for one in as_subjects.unplaced] == [UnplacedReason.SEVERAL_AREAS]


def test_weights_make_an_estimate_that_is_marked() -> None:
    carried = carry(
        reports(p=20, d=5),
        CONCORDANCE,
        from_day=BEFORE,
        to_day=AFTER,
        weights={("p", "m"): 1078, ("p", "p"): 8000},
    )
    assert totals(carried.estimated) == {"m": 2, "p": 18}
    assert totals(carried.tallies) == {"m": 2, "p": 23}
    assert carried.flags("m", HOUSEHOLD) == {CarryFlag.ESTIMATED}
    assert not carried.unplaced


@pytest.mark.parametrize(
    "weights",
    [
        {("p", "m"): 1},
        {("p", "m"): 1, ("p", "p"): -1},
        {("p", "m"): 0, ("p", "p"): 0},
        {("p", "m"): 0.5, ("p", "p"): 0.5},
    ],
)
def test_weights_that_cannot_be_are_refused(weights: dict[tuple[str, str], int]) -> None:
    with pytest.raises(RollupError):
        carry(reports(p=20), CONCORDANCE, from_day=BEFORE, to_day=AFTER, weights=weights)


def test_a_coarser_level_places_what_was_split() -> None:
    carried = carry(
        reports(m=10, p=20, d=5), CONCORDANCE, from_day=BEFORE, to_day=AFTER, level=PROVINCE
    )
    assert totals(carried.tallies) == {"68": 35}
    assert not carried.unplaced


def test_an_earlier_map_is_a_projection() -> None:
    given = reports(m=12, p=25)
    carried = carry(given, CONCORDANCE, from_day=AFTER, to_day=BEFORE)
    assert not carried.placed
    assert [[candidate.code for candidate in one.candidates] for one in carried.unplaced] == [
        ["m", "p"],
        ["d", "p"],
    ]
    in_district = carry(given, CONCORDANCE, from_day=AFTER, to_day=BEFORE, level=DISTRICT)
    assert totals(in_district.placed) == {"595": 37}


def test_what_has_no_successor_or_no_such_level_is_handed_back() -> None:
    gone = carry(reports(_595=4), CONCORDANCE, from_day=BEFORE, to_day=AFTER)
    assert [one.reason for one in gone.unplaced] == [UnplacedReason.NOT_KNOWN]
    above = carry(reports(_60=4), CONCORDANCE, from_day=BEFORE, to_day=AFTER, level=COMMUNE)
    assert [one.reason for one in above.unplaced] == [UnplacedReason.NO_LEVEL]
    assert "thôn" in UnplacedReason.SEVERAL_AREAS.text.vi


def test_an_unknown_area_is_an_error() -> None:
    with pytest.raises(DomainError):
        carry(reports(x=1), CONCORDANCE, from_day=BEFORE, to_day=AFTER)


def test_two_days_side_by_side() -> None:
    comparison = compare_days(
        reports(m=10, d=5),
        reports(m=12),
        CONCORDANCE,
        earlier_day=BEFORE,
        later_day=AFTER,
        onto=AFTER,
    )
    assert [
        (row.area.code, row.difference(Count.TOTAL), set(row.flags)) for row in comparison.rows
    ] == [
        ("m", Bounds(2, 2), set()),
        ("p", None, {CarryFlag.ONE_DAY_ONLY}),
    ]


def test_a_difference_with_open_counts_is_a_range() -> None:
    earlier = {("m", HOUSEHOLD): Tally.of(Counts(total=10))}
    later = {("m", HOUSEHOLD): Tally.of(Counts(total=12, recognised=7))}
    comparison = compare_days(
        earlier, later, CONCORDANCE, earlier_day=BEFORE, later_day=AFTER, onto=AFTER
    )
    assert comparison.rows[0].difference(Count.RECOGNISED) == Bounds(-3, 7)
