"""Counts that say what they count: communities, units, levels and conditions in one table."""

from __future__ import annotations

from fractions import Fraction

import pytest

from xhht.campaign import sent_counts
from xhht.criteria.targets import Target, bundled_programmes
from xhht.domain import Area, AreaLevel, AreaTree, ManagedBy, Title, UnitKind
from xhht.errors import CampaignError
from xhht.rollup import Count, rollup
from xhht.rollup.counted import TitleKey, counted
from xhht.rollup.reports import Reports
from xhht.rollup.targets import CountTargetEvaluator, NotComputedReason
from xhht.tables import read_reports
from xhht.tables.csv import read_csv_text

TREE = AreaTree(
    [
        Area(code="68", name="Tỉnh Mẫu", level=AreaLevel.PROVINCE),
        Area(code="00004", name="Xã An", level=AreaLevel.COMMUNE, parent="68"),
        Area(code="00007", name="Xã Bình", level=AreaLevel.COMMUNE, parent="68"),
        *(
            Area(code=f"v{number}", name="Thôn 1", level=AreaLevel.VILLAGE, parent=commune)
            for number, commune in enumerate(["00004", "00007"])
        ),
    ]
)
VILLAGES = counted(Title.LEARNING_COMMUNITY, communities=AreaLevel.VILLAGE)
COMMUNES = counted(Title.LEARNING_COMMUNITY, communities=AreaLevel.COMMUNE)
OF_COMMUNE = counted(Title.LEARNING_UNIT, managed_by=ManagedBy.COMMUNE)
OF_PROVINCE = counted(Title.LEARNING_UNIT, managed_by=ManagedBy.PROVINCE)
SKILLED = counted(Title.LEARNING_CITIZEN, condition="has_digital_skills")


def read(*lines: str) -> Reports:
    table = read_csv_text("\n".join([*lines, ""]))
    return read_reports(table.columns, table, TREE)


def faults(reports: Reports) -> list[tuple[int, str, str | None]]:
    return [(fault.row, str(fault.code), fault.field) for fault in reports.faults]


def known(reports: Reports, key: TitleKey, area: str = "00004") -> tuple[int | None, ...]:
    tally = reports.tallies[area, key]
    return tally.known(Count.TOTAL), tally.known(Count.RECOGNISED)


def test_villages_and_communes_and_units_of_several_managers_stand_in_one_table() -> None:
    reports = read(
        "area,title,community_level,managed_by,total,recognised",
        "00004,learning_community,village,,10,7",
        "00004,Cộng đồng học tập,xã,,1,1",
        "00004,learning_unit,,commune,5,4",
        "00004,Đơn vị học tập,,tỉnh,2,1",
        "00004,learning_household,,,100,80",
    )
    assert faults(reports) == []
    assert {key: known(reports, key) for _, key in reports.tallies} == {
        VILLAGES: (10, 7),
        COMMUNES: (1, 1),
        OF_COMMUNE: (5, 4),
        OF_PROVINCE: (2, 1),
        Title.LEARNING_HOUSEHOLD: (100, 80),
    }
    assert reports.titles == (
        Title.LEARNING_HOUSEHOLD,
        Title.LEARNING_COMMUNITY,
        Title.LEARNING_UNIT,
    )


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Cộng đồng học tập (thôn)", VILLAGES),
        ("Cộng đồng học tập cấp xã", COMMUNES),
        ("Learning community (village)", VILLAGES),
        ("CỘNG ĐỒNG HỌC TẬP (khu phố)", VILLAGES),
        ("Đơn vị học tập cấp xã", OF_COMMUNE),
        ("Đơn vị học tập (cấp xã quản lý)", OF_COMMUNE),
        ("Đơn vị học tập thuộc tỉnh", OF_PROVINCE),
        ("Learning unit (managed by the province)", OF_PROVINCE),
        (
            "Đơn vị học tập (cấp xã quản lý, trường học)",
            counted(Title.LEARNING_UNIT, managed_by=ManagedBy.COMMUNE, kind=UnitKind.SCHOOL),
        ),
    ],
)
def test_the_title_may_say_it_as_results_print_it(title: str, key: TitleKey) -> None:
    reports = read("area,title,total", f'00004,"{title}",3')
    assert faults(reports) == []
    assert list(reports.tallies) == [("00004", key)]


@pytest.mark.parametrize(
    ("column", "cell", "key"),
    [
        ("kind", "thôn", VILLAGES),
        ("community_level", "Thôn", VILLAGES),
        ("community_level", "Phường", COMMUNES),
    ],
)
def test_the_level_of_communities_in_vietnamese(column: str, cell: str, key: TitleKey) -> None:
    reports = read(f"area,title,{column},total", f"00004,learning_community,{cell},3")
    assert faults(reports) == []
    assert list(reports.tallies) == [("00004", key)]


@pytest.mark.parametrize(
    ("column", "cell", "stated"),
    [
        ("managed_by", "cấp xã", {"managed_by": ManagedBy.COMMUNE}),
        ("managed_by", "Quận", {"managed_by": ManagedBy.DISTRICT}),
        ("kind", "trường học", {"kind": UnitKind.SCHOOL}),
        ("kind", "HTX", {"kind": UnitKind.COOPERATIVE}),
        ("kind", "Liên hiệp HTX", {"kind": UnitKind.COOPERATIVE}),
        ("kind", "DN", {"kind": UnitKind.ENTERPRISE}),
    ],
)
def test_kinds_and_managers_of_units_in_vietnamese(
    column: str, cell: str, stated: dict[str, ManagedBy | UnitKind]
) -> None:
    reports = read(f"area,title,{column},total", f"00004,learning_unit,{cell},3")
    assert faults(reports) == []
    assert list(reports.tallies) == [("00004", counted(Title.LEARNING_UNIT, **stated))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("00004,learning_household,village,,,3", ("not_of_title", "community_level")),
        ("00004,learning_clan,,commune,,3", ("not_of_title", "managed_by")),
        ("00004,learning_citizen,,,school,3", ("not_of_title", "kind")),
        ("00004,learning_community,làng quê,,,3", ("unknown_level", "community_level")),
        ("00004,learning_unit,,bộ,,3", ("unknown_option", "managed_by")),
        ("00004,learning_unit,,,chợ,3", ("unknown_option", "kind")),
        ("00004,Đơn vị học tập cấp xã,,tỉnh,,3", ("not_of_title", "managed_by")),
        ("00004,Đơn vị học tập lớn,,,,3", ("unknown_title", "title")),
    ],
)
def test_what_does_not_belong_to_a_title_is_an_error(row: str, fault: tuple[str, str]) -> None:
    reports = read("area,title,community_level,managed_by,kind,total", row)
    assert faults(reports) == [(1, *fault)]
    assert not reports.tallies


def test_a_duplicate_is_one_only_if_all_agree() -> None:
    reports = read(
        "area,title,managed_by,kind,total",
        "00004,learning_unit,commune,school,3",
        "00004,learning_unit,commune,agency,3",
        "00004,learning_unit,district,school,3",
        "00004,Đơn vị học tập,cấp xã,trường học,4",
    )
    assert faults(reports) == [(1, "duplicate_key", "area"), (4, "duplicate_key", "area")]
    assert len(reports.tallies) == 2


def test_levels_of_the_title_add_up_to_those_recognised() -> None:
    reports = read(
        "area,title,title_level,total,recognised",
        "00004,learning_unit,,20,12",
        "00004,learning_unit,Tốt,,8",
        "00004,learning_unit,Khá,,3",
        "00007,learning_unit,Mức độ 1,,4",
        "00007,learning_unit,mức 2,,5",
    )
    assert faults(reports) == []
    assert dict(reports.tallies["00004", Title.LEARNING_UNIT].levels) == {"good": 8, "fair": 3}
    assert known(reports, Title.LEARNING_UNIT) == (20, 12)
    assert dict(reports.tallies["00007", Title.LEARNING_UNIT].levels) == {
        "level_1": 4,
        "level_2": 5,
    }
    assert known(reports, Title.LEARNING_UNIT, "00007") == (None, 9)
    (warning,) = reports.warnings
    assert "dòng đầu tiên: 4" in warning.vi


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["learning_unit,,9,5", "learning_unit,good,,6"], [(2, "above_whole", "title_level")]),
        (["learning_unit,good,9,5"], [(1, "level_without_recognition", "title_level")]),
        (
            ["learning_unit,good,,5", "learning_unit,Tốt,,5"],
            [(1, "duplicate_key", "title_level"), (2, "duplicate_key", "title_level")],
        ),
        (
            ["learning_unit,,9,x", "learning_unit,good,,5"],
            [(1, "not_a_count", "recognised")],
        ),
    ],
)
def test_levels_that_cannot_be_right_are_not_counted(
    rows: list[str], expected: list[tuple[int, str, str]]
) -> None:
    reports = read("area,title,title_level,total,recognised", *[f"00004,{row}" for row in rows])
    assert faults(reports) == expected
    tally = reports.tallies.get(("00004", Title.LEARNING_UNIT))
    assert tally is None or not tally.levels


def test_a_roll_up_shows_each_with_its_own_coverage() -> None:
    reports = read(
        "area,title,managed_by,total,recognised",
        "00004,learning_unit,commune,5,4",
        "00007,learning_unit,commune,3,1",
        "00004,learning_unit,province,2,1",
    )
    result = rollup(reports.tallies, TREE, by=AreaLevel.PROVINCE, titles=reports.titles)
    assert [
        (row.key, row.tally.known(Count.TOTAL), row.coverage.reported) for row in result.rows
    ] == [
        (OF_COMMUNE, 8, 2),
        (OF_PROVINCE, 2, 1),
    ]
    assert [row.to_dict().get("managed_by") for row in result.rows] == ["commune", "province"]


def evaluator(*lines: str) -> CountTargetEvaluator:
    return CountTargetEvaluator(read(*lines), TREE, by=AreaLevel.PROVINCE)


def target(programme: str, name: str) -> Target:
    return next(
        one
        for bundled in bundled_programmes()
        for one in bundled.targets
        if programme in bundled.id and one.id == name
    )


def test_a_target_on_units_of_communes_counts_them_alone() -> None:
    unit_target = target("qd387-2022", "unit_2025")
    counts = evaluator(
        "area,title,managed_by,total,recognised",
        "00004,learning_unit,cấp xã,5,4",
        "00007,learning_unit,cấp xã,5,2",
        "00004,learning_unit,tỉnh,100,100",
    )
    (row,) = counts.evaluate([unit_target], as_of=2025).rows
    assert row.attainment.lower == Fraction(6, 10)
    (missing,) = (
        evaluator("area,title,total,recognised", "00004,learning_unit,5,4")
        .evaluate([unit_target], as_of=2025)
        .not_computed
    )
    assert missing.reason is NotComputedReason.NEEDS_SUBJECTS


def test_a_target_under_a_condition_is_measured_by_its_rows() -> None:
    digital = target("qd677-2022", DIGITAL)
    counts = evaluator(
        "area,title,condition,total,recognised",
        "00004,learning_citizen,,800,600",
        "00004,learning_citizen,Có kỹ năng số,,450",
        "00007,learning_citizen,,500,400",
        "00007,learning_citizen,has_digital_skills,,300",
    )
    (row,) = counts.evaluate([digital], as_of=2025).rows
    assert row.attainment.lower == row.attainment.upper == Fraction(750, 1000)


def test_where_an_area_does_not_say_how_many_meet_it_all_may() -> None:
    digital = target("qd677-2022", DIGITAL)
    counts = evaluator(
        "area,title,condition,total,recognised",
        "00004,learning_citizen,,800,600",
        "00004,learning_citizen,kỹ năng số,,450",
        "00007,learning_citizen,,500,400",
    )
    (row,) = counts.evaluate([digital], as_of=2025).rows
    measured = row.attainment
    assert (measured.lower, measured.upper) == (Fraction(450, 1000), Fraction(1))


DIGITAL = "digital_skills_2025"


def test_more_than_there_are_cannot_meet_a_condition() -> None:
    reports = read(
        "area,title,condition,recognised",
        "00004,learning_citizen,,400",
        "00004,learning_citizen,kỹ năng số,450",
    )
    assert faults(reports) == [(2, "above_whole", "recognised")]
    assert ("00004", SKILLED) not in reports.tallies


def test_a_condition_without_the_row_of_all_subjects_is_named_and_in_no_share() -> None:
    lines = (
        "area,title,condition,total,recognised",
        "00004,learning_citizen,,800,600",
        "00007,learning_citizen,kỹ năng số,,300",
    )
    (warning,) = read(*lines).warnings
    assert "dòng đầu tiên: 2" in warning.vi
    (row,) = evaluator(*lines).evaluate([target("qd677-2022", DIGITAL)], as_of=2025).rows
    assert (row.attainment.lower, row.attainment.upper) == (Fraction(0), Fraction(1))


def test_communities_of_several_levels_are_not_mixed_in_a_target() -> None:
    counts = evaluator(
        "area,title,community_level,total,recognised",
        "00004,learning_community,thôn,10,7",
        "00004,learning_community,xã,1,1",
    )
    community = next(
        one
        for programme in bundled_programmes()
        for one in programme.targets
        if getattr(one.measure, "title", None) is Title.LEARNING_COMMUNITY
        and getattr(one.measure, "applies_to", 1) is None
    )
    (missing,) = counts.evaluate([community], as_of=2025).not_computed
    assert missing.reason is NotComputedReason.WHICH_COMMUNITIES


def test_a_campaign_takes_communities_by_level_and_adds_up_units() -> None:
    sent = sent_counts(
        read(
            "area,title,community_level,managed_by,total,recognised",
            "00004,learning_community,thôn,,10,7",
            "00004,learning_community,xã,,1,1",
            "00004,learning_unit,,xã,5,4",
            "00004,learning_unit,,tỉnh,2,1",
        )
    )
    assert [
        (report.title, report.level, report.counts.total, report.counts.recognised)
        for report in sent.reports
    ] == [
        (Title.LEARNING_COMMUNITY, AreaLevel.VILLAGE, 10, 7),
        (Title.LEARNING_COMMUNITY, AreaLevel.COMMUNE, 1, 1),
        (Title.LEARNING_UNIT, None, 7, 5),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        (
            "area,title,managed_by,total,recognised",
            "00004,learning_unit,,5,4",
            "00004,learning_unit,xã,5,4",
        ),
        ("area,title,condition,total,recognised", "00004,learning_citizen,x,5,4"),
    ],
)
def test_a_campaign_refuses_what_it_would_count_twice_or_cannot_use(lines: tuple[str, ...]) -> None:
    with pytest.raises(CampaignError):
        sent_counts(read(*lines))


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("P. An,learning_household,3,", ("area_not_clear", "area")),
        ("Xã Chung,learning_household,3,", ("unknown_area", "area")),
        ("00004,learning_household,3,Xã Bình", ("code_and_name", "area_name")),
    ],
)
def test_areas_by_name_and_names_beside_codes(row: str, fault: tuple[str, str]) -> None:
    assert faults(read("area,title,total,area_name", row)) == [(1, *fault)]
    good = read(
        "area,title,total,area_name", "X. An,learning_household,3,", "7,learning_clan,3,Bình"
    )
    assert faults(good) == []
    assert list(good.tallies) == [
        ("00004", Title.LEARNING_HOUSEHOLD),
        ("00007", Title.LEARNING_CLAN),
    ]
    assert any("“X. An”" in warning.vi for warning in good.warnings)


@pytest.mark.parametrize(
    ("commune", "code"),
    [
        ("00004", "v0"),
        ("4", "v0"),
        ("Xã Bình", "v1"),
        ("x. binh", "v1"),
        ("", None),
        ("An Lạc", None),
    ],
)
def test_a_column_with_the_larger_area_tells_villages_apart(commune: str, code: str | None) -> None:
    reports = read("area,commune,title,total", f"thon 01,{commune},learning_household,3")
    assert [area for area, _ in reports.tallies] == ([code] if code else [])
    assert faults(reports) == ([] if code else [(1, "area_not_clear", "area")])


@pytest.mark.parametrize(
    ("cell", "levels"),
    [
        ("good: 3; fair: 1", {"good": 3, "fair": 1}),
        ("Tốt: 3", {"good": 3}),
        ("good: x", None),
        ("good 3", None),
        ("good: 1; Tốt: 2", None),
        ("good: 5", None),
    ],
)
def test_levels_in_one_cell_are_read_as_a_roll_up_writes_them(
    cell: str, levels: dict[str, int] | None
) -> None:
    reports = read("area,title,recognised_by_level,recognised", f"00004,learning_unit,{cell},4")
    tally = reports.tallies["00004", Title.LEARNING_UNIT]
    assert (dict(tally.levels), len(reports.faults)) == (levels or {}, 0 if levels else 1)
