"""What becomes of areas is followed change by change, never by equal codes or names."""

from __future__ import annotations

from datetime import date

import pytest

from xhht.domain import (
    Area,
    AreaChange,
    AreaLevel,
    AreaTree,
    ChangeKind,
    Concordance,
    LegalBasis,
    NotKnown,
    Split,
    Whole,
    from_dict,
    to_dict,
)
from xhht.errors import DomainError

OLD, FIRST, SECOND = date(2024, 1, 1), date(2024, 12, 1), date(2025, 7, 1)
K = ChangeKind


def area(
    code: str,
    start: date | None = None,
    end: date | None = None,
    *,
    level: AreaLevel = AreaLevel.COMMUNE,
    parent: str | None = None,
) -> Area:
    data = {"code": code, "name": f"Xã {code}", "level": level, "parent": parent}
    return from_dict(Area, {**data, "valid_from": start or date(2000, 1, 1), "valid_to": end})


def change(before: str, after: str, kind: ChangeKind, day: date = SECOND) -> AreaChange:
    data = {"from_code": before, "to_code": after, "effective": day, "kind": kind}
    return from_dict(AreaChange, data)


def codes(areas: tuple[Area, ...]) -> list[str]:
    return [area.code for area in areas]


def fault_codes(changes: list[AreaChange], areas: list[Area]) -> list[tuple[int | None, str]]:
    faults = Concordance.check(changes, AreaTree(areas))
    return [(fault.index, fault.code) for fault in faults]


# a and b become b on the first day; b and a part of c become a new area called c on the second.
AREAS = [
    area("a", end=FIRST),
    area("b", end=FIRST),
    area("b", FIRST, SECOND),
    area("c", end=SECOND),
    area("c", SECOND),
    area("d", end=SECOND),
    area("d", SECOND),
]
CHANGES = [
    change("a", "b", K.MERGED_WHOLE, FIRST),
    change("b", "b", K.MERGED_WHOLE, FIRST),
    change("b", "c", K.MERGED_WHOLE),
    change("c", "c", K.MERGED_PART),
    change("c", "d", K.MERGED_PART),
    change("d", "d", K.MERGED_WHOLE),
]
CONCORDANCE = Concordance(CHANGES, AreaTree(AREAS))


def test_changes_compose_over_time() -> None:
    successors = CONCORDANCE.targets("a", OLD, SECOND)
    assert isinstance(successors, Whole)
    assert (successors.area.code, successors.area.valid_from) == ("c", SECOND)


def test_a_split_names_its_areas_and_a_reused_code_is_one_of_them_by_its_change_only() -> None:
    successors = CONCORDANCE.targets("c", OLD, SECOND)
    assert isinstance(successors, Split)
    assert codes(successors.areas) == ["c", "d"]
    assert {area.valid_from for area in successors.areas} == {SECOND}


def test_before_any_change_an_area_is_itself() -> None:
    assert CONCORDANCE.targets("c", OLD, FIRST) == Whole(AREAS[3])
    assert CONCORDANCE.targets("b", FIRST, FIRST) == Whole(AREAS[2])


def test_sources_tell_what_came_whole() -> None:
    sources = CONCORDANCE.sources("c", SECOND, OLD)
    assert [(part.area.code, part.whole) for part in sources.parts] == [
        ("a", True),
        ("b", True),
        ("c", False),
    ]
    assert sources.complete


def test_land_alone_carries_nobody() -> None:
    areas = [area("a"), area("b")]
    concordance = Concordance([change("a", "b", K.AREA_ONLY)], AreaTree(areas))
    assert concordance.targets("a", OLD, SECOND) == Whole(areas[0])
    assert codes(tuple(p.area for p in concordance.sources("b", SECOND, OLD).parts)) == ["b"]


def test_of_an_area_that_goes_on_those_who_do_not_leave_stay() -> None:
    areas = [area("a"), area("b", SECOND)]
    concordance = Concordance([change("a", "b", K.SPLIT)], AreaTree(areas))
    successors = concordance.targets("a", OLD, SECOND)
    assert isinstance(successors, Split)
    assert codes(successors.areas) == ["a", "b"]
    assert [(p.area.code, p.whole) for p in concordance.sources("b", SECOND, OLD).parts] == [
        ("a", False)
    ]


def test_parts_that_meet_again_are_whole() -> None:
    areas = [area("a", end=FIRST), area("b", FIRST, SECOND), area("c", FIRST, SECOND)]
    parts = [change("a", "b", K.SPLIT, FIRST), change("a", "c", K.SPLIT, FIRST)]
    merged = [change("b", "d", K.MERGED_WHOLE), change("c", "d", K.MERGED_WHOLE)]
    last = area("d", SECOND)
    concordance = Concordance([*parts, *merged], AreaTree([*areas, last]))
    assert concordance.targets("a", OLD, SECOND) == Whole(last)


def test_a_code_given_again_is_not_joined() -> None:
    areas = [area("a", end=FIRST), area("b"), area("a", SECOND)]
    concordance = Concordance([change("a", "b", K.MERGED_WHOLE, FIRST)], AreaTree(areas))
    assert concordance.targets("a", OLD, SECOND) == Whole(areas[1])
    assert not concordance.sources("a", SECOND, OLD).parts
    assert not concordance.sources("a", SECOND, OLD).complete


def test_a_district_has_no_successor_when_its_level_ends() -> None:
    province = area("60", level=AreaLevel.PROVINCE)
    district = area("593", end=SECOND, level=AreaLevel.DISTRICT, parent="60")
    concordance = Concordance([], AreaTree([province, district]))
    successors = concordance.targets("593", OLD, SECOND)
    assert successors == NotKnown(district)
    assert "593" in successors.text.vi
    assert not successors.areas


def test_a_village_goes_on_under_its_own_code() -> None:
    areas = [
        *AREAS,
        area("v", end=SECOND, level=AreaLevel.VILLAGE, parent="c"),
        area("v", SECOND, level=AreaLevel.VILLAGE, parent="d"),
    ]
    concordance = Concordance(CHANGES, AreaTree(areas))
    assert concordance.targets("v", OLD, SECOND) == Whole(areas[-1])
    assert codes(tuple(p.area for p in concordance.sources("v", SECOND, OLD).parts)) == ["v"]


@pytest.mark.parametrize(
    ("changes", "areas", "faults"),
    [
        ([], [area("a", end=SECOND), area("b")], [(None, "ends_without_change")]),
        (
            [change("a", "b", K.AREA_ONLY)],
            [area("a", end=SECOND), area("b")],
            [(None, "ends_without_change")],
        ),
        ([change("x", "b", K.MERGED_WHOLE)], [area("b")], [(0, "unknown_from")]),
        (
            [change("a", "x", K.MERGED_WHOLE)],
            [area("a", end=SECOND), area("x", end=SECOND), area("b")],
            [(0, "unknown_to"), (None, "ends_without_change")],
        ),
        (
            [change("a", "b", K.MERGED_WHOLE), change("a", "c", K.MERGED_PART)],
            [area("a", end=SECOND), area("b"), area("c")],
            [(0, "whole_beside_other")],
        ),
        (
            [change("a", "b", K.MERGED_WHOLE)],
            [area("a"), area("b")],
            [(0, "whole_beside_other")],
        ),
        (
            [change("a", "b", K.MERGED_PART)],
            [area("a", end=SECOND), area("b")],
            [(0, "part_alone")],
        ),
        (
            [change("a", "b", K.MERGED_WHOLE), change("a", "b", K.RENAMED)],
            [area("a", end=SECOND), area("b", SECOND)],
            [(0, "duplicate_change"), (1, "duplicate_change")],
        ),
        (
            [change("a", "b", K.MERGED_WHOLE), change("b", "a", K.MERGED_WHOLE)],
            [area(code, *span) for code in "ab" for span in ((None, SECOND), (SECOND, None))],
            [(0, "change_cycle"), (1, "change_cycle")],
        ),
    ],
)
def test_faults_are_named(
    changes: list[AreaChange], areas: list[Area], faults: list[tuple[int | None, str]]
) -> None:
    assert fault_codes(changes, areas) == faults
    with pytest.raises(DomainError) as caught:
        Concordance(changes, AreaTree(areas))
    assert caught.value.text.vi != caught.value.text.en


def test_an_area_may_keep_its_code_and_take_others_in() -> None:
    assert not fault_codes(CHANGES, AREAS)


@pytest.mark.parametrize(
    ("code", "from_day", "to_day"),
    [("x", OLD, SECOND), ("a", SECOND, SECOND), ("a", OLD, date.min)],
)
def test_what_cannot_be_asked_is_an_error(code: str, from_day: date, to_day: date) -> None:
    with pytest.raises(DomainError):
        CONCORDANCE.targets(code, from_day, to_day)


def test_sources_are_asked_backwards() -> None:
    with pytest.raises(DomainError, match="targets"):
        CONCORDANCE.sources("a", OLD, SECOND)


def test_districts_end_by_data_alone() -> None:
    tree = AreaTree(
        [
            area("60", level=AreaLevel.PROVINCE),
            area("593", end=SECOND, level=AreaLevel.DISTRICT, parent="60"),
            area("22915", end=SECOND, parent="593"),
            area("22915", SECOND, parent="60"),
        ]
    )
    before, after = tree.on(date(2025, 6, 30)), tree.on(SECOND)
    assert codes(before.ancestors("22915")) == ["593", "60"]
    assert codes(after.ancestors("22915")) == ["60"]
    assert not after.at_level(AreaLevel.DISTRICT)


def test_a_change_is_checked_and_travels_as_json() -> None:
    basis = LegalBasis(document="1671/NQ-UBTVQH15", issued=date(2025, 6, 16))
    one = AreaChange(
        from_code="22915",
        to_code="22918",
        effective=SECOND,
        kind=K.MERGED_WHOLE,
        legal_basis=basis,
    )
    plain = to_dict(one)
    assert plain["kind"] == "merged_whole"
    assert from_dict(AreaChange, plain) == one
    for field, value in (("from_code", ""), ("kind", "moved"), ("effective", "1/7/2025")):
        with pytest.raises(DomainError, match=field):
            from_dict(AreaChange, {**plain, field: value})
    with pytest.raises(DomainError, match="effective"):
        change("a", "b", K.SPLIT, date.min)
