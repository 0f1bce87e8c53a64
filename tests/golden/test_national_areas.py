"""The real tables of the reform of 2025, from the files of the package `vietnamadminunits`."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from xhht.domain import Area, AreaLevel, Concordance, NotKnown, Split, Title, Whole
from xhht.errors import TableError
from xhht.rollup import Count, Counts, Tally, carry, national
from xhht.rollup.carry import CarryFlag
from xhht.rollup.national import REFORM_DAY, national_concordance

LAST_DAY = date(2025, 6, 30)
TITLE = Title.LEARNING_COMMUNITY
ONE = Tally.of(Counts(total=1))


@pytest.fixture(scope="module")
def country() -> Concordance:
    return national_concordance()


def communes(country: Concordance, day: date) -> tuple[Area, ...]:
    return country.tree.on(day).at_level(AreaLevel.COMMUNE)


def one_subject_each(country: Concordance, day: date) -> dict[tuple[str, Title], Tally]:
    return {(area.code, TITLE): ONE for area in communes(country, day)}


def test_counts_of_areas(country: Concordance) -> None:
    before, after = country.tree.on(LAST_DAY), country.tree.on(REFORM_DAY)
    levels = AreaLevel.PROVINCE, AreaLevel.DISTRICT, AreaLevel.COMMUNE
    assert [len(before.at_level(level)) for level in levels] == [63, 696, 10_035]
    assert [len(after.at_level(level)) for level in levels] == [34, 0, 3_321]


def test_every_commune_goes_somewhere_and_471_are_split(country: Concordance) -> None:
    successors = Counter(
        type(country.targets(area.code, LAST_DAY, REFORM_DAY))
        for area in communes(country, LAST_DAY)
    )
    assert successors == {Whole: 9_564, Split: 471}


def test_every_commune_comes_from_somewhere(country: Concordance) -> None:
    for area in communes(country, REFORM_DAY):
        sources = country.sources(area.code, REFORM_DAY, LAST_DAY)
        assert sources.parts
        assert sources.complete


def test_provinces_are_merged_whole_and_districts_have_no_successor(country: Concordance) -> None:
    after = country.targets("60", LAST_DAY, REFORM_DAY)
    assert [area.name for area in after.areas] == ["Tỉnh Lâm Đồng"]
    assert [p.area.code for p in country.sources("68", REFORM_DAY, LAST_DAY).parts] == [
        "60",
        "67",
        "68",
    ]
    assert isinstance(country.targets("593", LAST_DAY, REFORM_DAY), NotKnown)
    # The island districts without communes became đặc khu themselves.
    assert country.targets("755", LAST_DAY, REFORM_DAY).areas[0].name == "Đặc khu Côn Đảo"


@pytest.mark.parametrize(
    ("code", "name_before", "goes_to", "name_after"),
    [
        ("22945", "Phường Lạc Đạo", "22945", "Phường Phan Thiết"),
        ("23143", "Xã Tân Thuận", "23143", "Xã Tân Thành"),
        ("22915", "Phường Mũi Né", "22918", "Phường Mũi Né"),
        ("22975", "Xã Phan Dũng", "22978", "Xã Tuy Phong"),
    ],
)
def test_codes_given_again_are_not_joined(
    country: Concordance, code: str, name_before: str, goes_to: str, name_after: str
) -> None:
    assert country.area(code, LAST_DAY).name == name_before
    (after,) = country.targets(code, LAST_DAY, REFORM_DAY).areas
    assert (after.code, after.name) == (goes_to, name_after)
    assert after.valid_from == REFORM_DAY


def test_xa_phong_phu_is_not_the_xa_tuy_phong_that_has_its_code(country: Concordance) -> None:
    successors = country.targets("22978", LAST_DAY, REFORM_DAY)
    assert isinstance(successors, Split)
    assert [area.code for area in successors.areas] == ["22972", "22978"]


def test_one_subject_per_commune_is_conserved(country: Concordance) -> None:
    reports = one_subject_each(country, LAST_DAY)
    carried = carry(reports, country, from_day=LAST_DAY, to_day=REFORM_DAY)
    placed = sum(tally.known(Count.TOTAL) or 0 for tally in carried.placed.values())
    assert (placed, len(carried.unplaced), len(carried.estimated)) == (9_564, 471, 0)
    for one in carried.unplaced:
        for area in one.candidates:
            assert CarryFlag.INCOMPLETE in carried.flags(area.code, TITLE)


def test_every_split_stays_within_a_province(country: Concordance) -> None:
    reports = one_subject_each(country, LAST_DAY)
    carried = carry(
        reports, country, from_day=LAST_DAY, to_day=REFORM_DAY, level=AreaLevel.PROVINCE
    )
    assert not carried.unplaced
    assert Tally.sum(carried.placed.values()).known(Count.TOTAL) == 10_035
    assert carried.placed["68", TITLE].known(Count.TOTAL) == 329


def test_districts_after_the_reform_are_a_projection(country: Concordance) -> None:
    reports = one_subject_each(country, REFORM_DAY)
    carried = carry(
        reports, country, from_day=REFORM_DAY, to_day=LAST_DAY, level=AreaLevel.DISTRICT
    )
    assert Tally.sum(carried.placed.values()).known(Count.TOTAL) == 3_321 - len(carried.unplaced)
    # The statistics office's own table has 297: these tables hold edges that it lacks.
    assert len(carried.unplaced) == 317


def test_binh_thuan_has_45_successors_in_lam_dong(country: Concordance) -> None:
    before, after = country.tree.on(LAST_DAY), country.tree.on(REFORM_DAY)
    old = [area for area in before.descendants("60") if area.level is AreaLevel.COMMUNE]
    assert len(old) == 121
    new = {
        target.code
        for area in old
        for target in country.targets(area.code, LAST_DAY, REFORM_DAY).areas
    }
    assert len(new) == 45
    assert {above.code for code in new for above in after.ancestors(code)} == {"68", "VN"}


def test_the_package_is_not_imported(country: Concordance) -> None:
    program = (
        "import sys; from xhht import national_concordance; national_concordance();"
        "print({'geopy', 'shapely', 'vietnamadminunits'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert run.stdout.strip() == b"set()"


def test_what_is_missing_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(national, "find_spec", lambda _: None)
    with pytest.raises(TableError, match=r"pip install 'xhht\[areas\]'") as caught:
        national_concordance()
    assert "cài đặt" in caught.value.text.vi


@pytest.mark.parametrize("converter", ["{}", "[]", "no json"])
def test_files_of_another_shape_are_refused(
    converter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "converter_2025.json").write_text(converter)
    (tmp_path / "dataset.db").write_text("no database")
    monkeypatch.setattr(national, "_folder", lambda: tmp_path)
    with pytest.raises(TableError, match="force-reinstall"):
        national_concordance()
