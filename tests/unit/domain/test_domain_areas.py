"""Areas and their tree: relations, times, lost zeros, and every fault of a table at once."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from typing import Any

import pytest

from xhht.domain import (
    Area,
    AreaFaultCode,
    AreaLevel,
    AreaTree,
    LegalBasis,
    repad,
)
from xhht.errors import DomainError

REFORM = date(2025, 7, 1)


def area(code: str, level: str, parent: str | None = None, **given: Any) -> Area:
    return Area(
        **{
            "code": code,
            "name": f"Khu vực {code}",
            "level": AreaLevel(level),
            "parent": parent,
            **given,
        }
    )


def before(code: str, level: str, parent: str | None = None, **given: Any) -> Area:
    return area(code, level, parent, valid_to=REFORM, **given)


def after(code: str, level: str, parent: str | None = None, **given: Any) -> Area:
    return area(code, level, parent, valid_from=REFORM, **given)


def faults_of(*areas: Area) -> list[tuple[int, str, str | None]]:
    return [(fault.index, fault.code, fault.field) for fault in AreaTree.check(areas)]


def codes(areas: tuple[Area, ...]) -> list[str]:
    return [one.code for one in areas]


@pytest.fixture
def small() -> AreaTree:
    return AreaTree(
        [
            area("22969", "commune", "595"),
            area("VN", "nation"),
            area("60", "province", "VN"),
            area("68", "province", "VN"),
            area("595", "district", "60"),
            area("00004", "commune", "68"),
            area("v2", "village", "22969"),
            area("v1", "village", "22969"),
        ]
    )


@pytest.fixture
def reform() -> AreaTree:
    """Return two communes with one code, one before the reform of 2025 and one after it."""
    return AreaTree(
        [
            before("60", "province"),
            area("68", "province", name="Tỉnh Lâm Đồng"),
            before("593", "district", "60"),
            before("22945", "commune", "593", name="Phường Lạc Đạo"),
            after("22945", "commune", "68", name="Phường Phan Thiết"),
        ]
    )


def test_relations_go_up_and_down(small: AreaTree) -> None:
    assert codes(small.roots) == ["VN"]
    assert codes(small.children("VN")) == ["60", "68"]
    assert codes(small.ancestors("v1")) == ["22969", "595", "60", "VN"]
    assert codes(small.descendants("60")) == ["595", "22969", "v1", "v2"]
    assert codes(small.leaves("VN")) == ["v1", "v2", "00004"]
    assert codes(small.leaves("v1")) == ["v1"]
    assert codes(small.at_level(AreaLevel.COMMUNE)) == ["00004", "22969"]
    assert [one.code for one in small] == sorted(one.code for one in small)
    assert len(small) == 8
    assert repr(small) == "AreaTree(<8 areas>)"


def test_up_gives_the_area_of_a_level_or_none(small: AreaTree) -> None:
    province = small.up("v1", AreaLevel.PROVINCE)
    assert province is not None
    assert province.code == "60"
    assert small.up("60", AreaLevel.PROVINCE) is small["60"]
    assert small.up("00004", AreaLevel.DISTRICT) is None
    assert small.up("60", AreaLevel.COMMUNE) is None


def test_an_unknown_code_is_refused_with_the_code_it_may_have_been(small: AreaTree) -> None:
    assert "22969" in small
    assert "4" not in small
    assert 4 not in small
    for code in ("4", "0004"):
        with pytest.raises(DomainError, match="00004"):
            small[code]
    unknown: list[Any] = ["99999", "", 4, None]
    for code in unknown:
        with pytest.raises(DomainError, match="No area"):
            small.children(code)


@pytest.mark.parametrize(
    ("code", "level", "padded"),
    [
        ("4", AreaLevel.COMMUNE, "00004"),
        ("1", AreaLevel.PROVINCE, "01"),
        ("1", AreaLevel.DISTRICT, "001"),
        ("22969", AreaLevel.COMMUNE, "22969"),
        ("1", AreaLevel.VILLAGE, "1"),
        ("1", AreaLevel.NATION, "1"),
        ("a", AreaLevel.PROVINCE, "a"),
        ("-1", AreaLevel.COMMUNE, "-1"),
        ("²", AreaLevel.COMMUNE, "²"),
    ],
)
def test_zeros_are_put_back_up_to_the_width_of_the_level(
    code: str, level: AreaLevel, padded: str
) -> None:
    assert repad(code, level) == padded


def test_a_code_that_may_be_of_two_levels_is_not_guessed() -> None:
    tree = AreaTree([area("01", "province"), area("001", "district", "01")])
    assert tree.find_repadded("1") is None
    assert tree.find_repadded("001") == tree["001"]
    assert tree.find_repadded("2") is None


def test_zeros_may_be_lost_on_either_side() -> None:
    tree = AreaTree([area("1", "province"), area("0111", "commune", "1")])
    assert tree.find_repadded("01") == tree["1"]
    assert tree.find_repadded("111") == tree["0111"]


def test_a_code_longer_than_those_of_a_level_is_none_of_them() -> None:
    tree = AreaTree([area("01", "province"), area("22951", "commune", "01")])
    assert tree.find_repadded("001") is None
    assert tree.find_repadded("022951") is None


def test_zeros_are_put_back_for_official_codes_only() -> None:
    assert AreaTree([area("00004", "village")]).find_repadded("4") is None


def test_a_code_given_again_means_another_area_on_another_day(reform: AreaTree) -> None:
    old, new = reform.on(date(2025, 6, 30)), reform.on(REFORM)
    assert old["22945"].name == "Phường Lạc Đạo"
    assert new["22945"].name == "Phường Phan Thiết"
    assert codes(old.ancestors("22945")) == ["593", "60"]
    assert codes(new.ancestors("22945")) == ["68"]
    assert new.at_level(AreaLevel.DISTRICT) == ()


def test_relations_across_times_are_refused(reform: AreaTree) -> None:
    assert len(reform) == 5
    for ask in (
        lambda: reform["22945"],
        lambda: reform.roots,
        lambda: reform.at_level(AreaLevel.COMMUNE),
        lambda: reform.find_repadded("22945"),
    ):
        with pytest.raises(DomainError, match="on\\(day\\)"):
            ask()


def test_a_day_without_the_parent_is_refused() -> None:
    tree = AreaTree([before("60", "province"), area("v1", "village", "60")])
    assert len(tree.on(date(2025, 6, 30))) == 2
    with pytest.raises(DomainError, match="v1: the parent code is not in the table"):
        tree.on(REFORM)


def test_a_time_of_day_is_no_day(small: AreaTree) -> None:
    with pytest.raises(DomainError, match="without a time"):
        small.on(datetime(2025, 7, 1))


def test_an_area_exists_from_its_first_day_up_to_its_last() -> None:
    one = area("1", "commune", valid_from=date(2020, 1, 1), valid_to=REFORM)
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2025, 6, 30), REFORM)
    assert [one.exists_on(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", 22969),
        ("code", ""),
        ("name", " "),
        ("level", "commune"),
        ("parent", 60),
        ("parent", ""),
        ("valid_from", None),
        ("valid_from", datetime(2020, 1, 1)),
        ("valid_to", date.min),
        ("legal_basis", "19/2025/QĐ-TTg"),
    ],
)
def test_a_faulty_field_of_an_area_is_named(field: str, value: object) -> None:
    given: dict[str, Any] = {"code": "1", "name": "A", "level": AreaLevel.COMMUNE}
    with pytest.raises(DomainError, match=f"^{field}: "):
        Area(**{**given, field: value})


def test_an_area_may_name_its_legal_basis() -> None:
    basis = LegalBasis(document="19/2025/QĐ-TTg", issued=date(2025, 6, 30))
    assert area("1", "commune", legal_basis=basis).legal_basis is basis


def test_every_fault_of_a_table_is_found_at_once() -> None:
    assert faults_of(
        area("60", "province", "VN"),
        area("1", "commune"),
        area("1", "commune"),
        area("2", "district", "v"),
        area("v", "village"),
        area("a", "commune", "b"),
        area("b", "district", "a"),
        area("s", "commune", "s"),
        area("in", "village", "a"),
    ) == [
        (0, "unknown_parent", "parent"),
        (1, "duplicate_code", "code"),
        (2, "duplicate_code", "code"),
        (3, "wrong_level", "level"),
        (5, "cycle", "parent"),
        (6, "cycle", "parent"),
        (7, "cycle", "parent"),
    ]


def test_a_parent_is_of_a_higher_level_and_levels_may_be_skipped() -> None:
    assert faults_of(area("60", "province"), area("1", "commune", "60")) == []
    assert faults_of(area("1", "commune"), area("2", "commune", "1")) == [
        (1, "wrong_level", "level")
    ]


def test_a_cycle_is_named() -> None:
    faults = AreaTree.check([area("a", "commune", "b"), area("b", "commune", "a")])
    assert [fault.text.en for fault in faults] == [
        "Circular parent codes: a → b → a; correct the parents."
    ] * 2


def test_a_long_cycle_is_named_in_short() -> None:
    ring = [area(f"{n}", "village", f"{(n + 1) % 500}") for n in range(500)]
    faults = AreaTree.check(ring)
    assert len(faults) == 500
    assert {fault.code for fault in faults} == {AreaFaultCode.CYCLE}
    assert len(faults[0].text.en) < 200


def test_a_parent_that_lost_its_zeros_is_suggested() -> None:
    (fault,) = AreaTree.check([area("01", "province"), area("1", "district", "1x")])
    assert "1x" not in fault.text.en
    (fault,) = AreaTree.check([area("01", "province"), area("00004", "commune", "1")])
    assert "01" in fault.text.en
    assert "01" in fault.text.vi


def test_times_decide_whether_a_code_is_given_twice() -> None:
    assert faults_of(before("1", "commune"), after("1", "commune")) == []
    assert faults_of(
        area("1", "commune", valid_to=date(2025, 7, 2)),
        after("1", "commune"),
        before("2", "commune"),
    ) == [(0, "duplicate_code", "code"), (1, "duplicate_code", "code")]
    within = area("1", "commune", valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    later = area("1", "commune", valid_from=date(2022, 1, 1), valid_to=date(2023, 1, 1))
    assert len(faults_of(within, area("1", "commune"), later)) == 3


def test_a_parent_must_exist_at_the_same_time() -> None:
    (fault,) = AreaTree.check([before("60", "province"), after("1", "commune", "60")])
    assert fault.code is AreaFaultCode.UNKNOWN_PARENT
    assert "same time" in fault.text.en


def test_the_constructor_tells_the_faults_and_cuts_a_long_list() -> None:
    with pytest.raises(DomainError, match=r"number of errors: 30\..*And 10 more\.") as caught:
        AreaTree(area(f"{n:05}", "commune", "60") for n in range(30))
    assert "10 lỗi khác" in caught.value.message("vi")


def test_only_areas_make_a_tree() -> None:
    for strange in ([{"code": "60"}], ["60"], [None]):
        with pytest.raises(DomainError, match="from_dict"):
            AreaTree(strange)  # type: ignore[arg-type]
        with pytest.raises(DomainError, match="from_dict"):
            AreaTree.check(strange)  # type: ignore[arg-type]


def test_an_empty_tree_is_a_tree() -> None:
    empty = AreaTree([])
    assert (len(empty), empty.roots, list(empty)) == (0, (), [])


def test_hostile_depth_is_answered_with_faults() -> None:
    chain = [area(f"{n}", "village", f"{n + 1}") for n in range(20_000)]
    faults = AreaTree.check([*chain, area("20000", "village")])
    assert {fault.code for fault in faults} == {AreaFaultCode.WRONG_LEVEL}
    assert len(faults) == 20_000


def test_a_tree_is_a_value(small: AreaTree) -> None:
    again = pickle.loads(pickle.dumps(small))
    assert again == small
    assert hash(again) == hash(small)
    assert codes(again.children("VN")) == ["60", "68"]
