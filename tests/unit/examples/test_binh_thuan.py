"""The example of Bình Thuận: real areas, conserved totals, and a demo that computes its figures."""

import sys
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[3] / "examples" / "binh_thuan"))

import circulars
import demo
import facts
import results
from circulars import Covered
from generate import NHA_ME, Province, Target, apportion, make_province, published
from new_map import NewMap, put_on_map
from people import CITIZENS_IN_RECORDS, make_society

from xhht import Profile, bundled_profiles, evaluate, load_profile
from xhht.campaign import Campaign, Record, Run, Society
from xhht.criteria.target_document import ShareBase
from xhht.domain import Area, AreaLevel, AreaTree, Community, Household, Title
from xhht.rollup import Count, Tally
from xhht.rollup.carry import CarryFlag

COMMUNES_2023 = {
    "593": 18,
    "594": 9,
    "595": 11,
    "596": 18,
    "597": 17,
    "598": 13,
    "599": 13,
    "600": 12,
    "601": 10,
    "602": 3,
}
IMPLIED_TOTALS = {
    Title.LEARNING_HOUSEHOLD: 325_036,
    Title.LEARNING_CLAN: 117,
    Title.LEARNING_COMMUNITY: 692,
    Title.LEARNING_UNIT: 719,
}


HOUSEHOLDS = 5_000


def areas() -> AreaTree:
    return demo.read_real_areas()


def communes() -> tuple[Area, ...]:
    return areas().at_level(AreaLevel.COMMUNE)


def targets(households: int = HOUSEHOLDS) -> dict[Title, Target]:
    figures = published(demo.read_figures(), "Bình Thuận", "2023")
    by_title = {title: Target.implied_by(figure) for title, figure in figures.items()}
    households_target = by_title[Title.LEARNING_HOUSEHOLD]
    return {**by_title, Title.LEARNING_HOUSEHOLD: households_target.scaled_to(households)}


@cache
def province(households: int = HOUSEHOLDS, seed: int = 2023) -> Province:
    return make_province(communes(), targets(households), seed=seed)


@cache
def society(seed: int = 2023) -> Society:
    return make_society(province(seed=seed))


@cache
def illustrative() -> tuple[Profile, ...]:
    files = sorted((demo.HERE / "profiles").glob("*-illustrative.yaml"))
    return tuple(map(load_profile, files))


@cache
def profiles() -> dict[Title, Profile]:
    citizen = bundled_profiles().get("vn.citizen.qd324-2023")
    return {profile.title: profile for profile in (citizen, *illustrative())}


@cache
def run(seed: int = 2023) -> Run:
    tree = AreaTree([*areas(), *(village.area for village in province(seed=seed).villages)])
    known = [*bundled_profiles(), *illustrative()]
    return Campaign(2023, known, tree, illustrative=True).run(society(seed))


@cache
def on_new_map() -> NewMap:
    villages = [village.area for village in province().villages]
    return put_on_map(results.counted(run()), villages, date(2023, 12, 31))


@cache
def in_2023(seed: int = 2023) -> Covered:
    return circulars.in_2023(areas(), seed=seed)


@cache
def year_later(seed: int = 2023) -> Covered:
    disadvantaged = {one.area.code for one in province().communes if one.disadvantaged}
    return circulars.year_later(run(), disadvantaged, seed=seed)


class TestAreas:
    def test_the_levels_nest(self) -> None:
        tree = areas()
        assert Counter(area.level for area in tree) == {
            AreaLevel.NATION: 1,
            AreaLevel.PROVINCE: 1,
            AreaLevel.DISTRICT: 10,
            AreaLevel.COMMUNE: 124,
        }
        assert all(
            [above.level for above in tree.ancestors(commune.code)]
            == [AreaLevel.DISTRICT, AreaLevel.PROVINCE, AreaLevel.NATION]
            for commune in communes()
        )

    def test_each_district_has_its_communes_of_2023(self) -> None:
        assert Counter(commune.parent for commune in communes()) == COMMUNES_2023

    def test_kinds_of_communes_come_out(self) -> None:
        kinds = Counter(commune.name.split(" ")[0] for commune in communes())
        assert kinds == {"Xã": 93, "Phường": 19, "Thị": 12}
        wards = [commune for commune in communes() if commune.name.startswith("Phường")]
        assert Counter(ward.parent for ward in wards) == {"593": 14, "594": 5}

    def test_names_are_those_before_the_merger_of_december_2024(self) -> None:
        names = {str(commune.code): commune.name for commune in communes()}
        assert names["22951"] == "Phường Hưng Long"
        assert names["22939"] == "Phường Bình Hưng"
        assert {"22942", "22948"} <= names.keys()

    def test_communes_merged_across_districts_stand_in_their_own(self) -> None:
        tree = areas()
        districts = {commune.name: tree[commune.parent or ""].name for commune in communes()}
        assert districts["Thị trấn Phú Long"] == "Huyện Hàm Thuận Bắc"
        assert districts["Xã Hàm Mỹ"] == "Huyện Hàm Thuận Nam"
        assert districts["Xã Sông Phan"] == "Huyện Hàm Tân"
        assert districts["Phường Phú Tài"] == "Thành phố Phan Thiết"


class TestApportion:
    @given(st.integers(0, 10_000), st.lists(st.integers(1, 500), min_size=1, max_size=30))
    def test_conserves_the_total_within_one_of_the_quota(
        self, total: int, weights: list[int]
    ) -> None:
        parts = apportion(total, weights)
        assert sum(parts) == total
        total_weight = sum(weights)
        assert all(
            abs(part * total_weight - total * weight) < total_weight
            for part, weight in zip(parts, weights, strict=True)
        )

    @given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 40)), min_size=1), st.data())
    def test_stays_within_limits(self, parts: list[tuple[int, int]], data: st.DataObject) -> None:
        limits = [limit for _, limit in parts]
        total = data.draw(st.integers(0, sum(limits)))
        allotted = apportion(total, [weight for weight, _ in parts], limits)
        assert sum(allotted) == total
        assert all(part <= limit for part, limit in zip(allotted, limits, strict=True))

    def test_refuses_what_cannot_be_held(self) -> None:
        with pytest.raises(ValueError, match="cannot hold"):
            apportion(5, [1, 1], limits=[2, 2])


class TestTargets:
    def test_totals_are_the_middle_of_what_the_published_rates_imply(self) -> None:
        by_title = targets(325_036)
        assert {title: target.total for title, target in by_title.items()} == IMPLIED_TOTALS
        assert by_title[Title.LEARNING_HOUSEHOLD].recognised == 253_853

    def test_a_figure_that_implies_no_total_is_refused(self) -> None:
        without = next(figure for figure in demo.read_figures() if figure.numerator is None)
        with pytest.raises(ValueError, match="implies no range"):
            Target.implied_by(without)


class TestPlan:
    @pytest.mark.parametrize("households", [5_000, 325_036])
    def test_totals_are_conserved(self, households: int) -> None:
        made, wanted = province(households), targets(households)
        assert sum(village.households for village in made.villages) == households
        meeting = sum(village.meeting for village in made.villages)
        assert meeting == wanted[Title.LEARNING_HOUSEHOLD].recognised
        assert all(0 <= village.meeting <= village.households for village in made.villages)
        assert all(village.households >= 1 for village in made.villages)
        for title, planned in (
            (Title.LEARNING_CLAN, [commune.clans for commune in made.communes]),
            (Title.LEARNING_UNIT, [commune.units for commune in made.communes]),
        ):
            assert sum(one.total for one in planned) == wanted[title].total
            assert sum(one.recognised for one in planned) == wanted[title].recognised

    def test_every_commune_has_villages_of_its_own(self) -> None:
        made = province()
        assert {commune.area.code for commune in made.communes} == {c.code for c in communes()}
        assert len({village.area.code for village in made.villages}) == 692
        for commune in made.communes:
            assert {village.area.parent for village in commune.villages} == {commune.area.code}

    def test_the_seed_decides(self) -> None:
        again = make_province(communes(), targets(), seed=2023)
        assert province() == again
        assert province() != province(seed=7)
        assert list(make_society(again).records) == list(society().records)

    def test_names_say_what_is_invented(self) -> None:
        names = {village.area.code: village.area.name for village in province().villages}
        assert names.pop(NHA_ME) == "Thôn Nha Mé (số liệu giả định)"
        assert all(name.endswith("(giả định)") for name in names.values())

    def test_too_few_households_for_the_villages_are_refused(self) -> None:
        with pytest.raises(ValueError, match="cannot hold"):
            make_province(communes(), targets(1_000), seed=2023)


class TestFacts:
    @pytest.mark.parametrize("disadvantaged", [False, True])
    @pytest.mark.parametrize("meets", [False, True])
    def test_citizens_and_households_come_out_as_aimed(
        self, meets: bool, disadvantaged: bool
    ) -> None:
        draw, wanted = Random(1).random, "recognised" if meets else "not_recognised"
        for _ in range(300):
            given = facts.citizen(draw, meets=meets, disadvantaged=disadvantaged)
            assert evaluate(profiles()[Title.LEARNING_CITIZEN], given).verdict == wanted
            given, citizens = facts.household(draw, meets=meets, disadvantaged=disadvantaged)
            adults = given["adults"]
            assert isinstance(adults, int)
            given["learning_citizens"] = facts.held(citizens, adults)
            assert evaluate(profiles()[Title.LEARNING_HOUSEHOLD], given).verdict == wanted

    def test_a_village_meets_by_its_households(self) -> None:
        draw = Random(2).random
        for _ in range(100):
            given = facts.village(draw)
            for households, wanted in ((3, "recognised"), (2, "not_recognised")):
                share = {"learning_households": facts.held(households, 5)}
                result = evaluate(profiles()[Title.LEARNING_COMMUNITY], given | share)
                assert result.verdict == wanted

    @pytest.mark.parametrize("meets", [False, True])
    def test_clans_and_units_come_out_as_aimed(self, meets: bool) -> None:
        draw, wanted = Random(3).random, "recognised" if meets else "not_recognised"
        for _ in range(100):
            share = {"learning_households": facts.held(7, 10)}
            given = facts.clan(draw, meets=meets) | share
            assert evaluate(profiles()[Title.LEARNING_CLAN], given).verdict == wanted
            given = facts.unit(draw, meets=meets)
            given["learning_citizens"] = facts.unit_share(draw, meets=meets)
            assert evaluate(profiles()[Title.LEARNING_UNIT], given).verdict == wanted


class TestSociety:
    @pytest.mark.parametrize("seed", [2023, 7])
    def test_every_title_comes_out_at_its_published_count(self, seed: int) -> None:
        assert run(seed).rejected == ()
        counts = {}
        for title, level in run(seed).groups():
            (row,) = run(seed).rollup(title, by=AreaLevel.PROVINCE, level=level).rows
            counts[title] = row.tally
        for title, target in targets().items():
            assert counts[title].known(Count.TOTAL) == target.total
            assert counts[title].known(Count.RECOGNISED) == target.recognised
            assert counts[title].known(Count.UNDETERMINED) == 0

    def test_just_the_meeting_households_of_each_village_are_recognised(self) -> None:
        rows = run().rollup(Title.LEARNING_HOUSEHOLD, by=AreaLevel.VILLAGE).rows
        recognised = {row.area.code: row.tally.known(Count.RECOGNISED) for row in rows}
        assert recognised == {village.area.code: village.meeting for village in province().villages}

    def test_nothing_that_rests_on_members_is_told_where_they_send_records(self) -> None:
        for record in society().records:
            assert "learning_households" not in record.facts
            if isinstance(record.subject, Household):
                district = run().areas.up(record.subject.village, AreaLevel.DISTRICT)
                assert district is not None
                has_members = "learning_citizens" in record.facts
                assert has_members == (district.code not in CITIZENS_IN_RECORDS)

    def test_citizens_of_two_districts_send_records_and_the_others_counts(self) -> None:
        reporting = {report.area for report in society().reports}
        assert reporting == {c.code for c in communes() if c.parent not in CITIZENS_IN_RECORDS}
        assert all(report.counts.faults() == () for report in society().reports)
        districts = run().rollup(Title.LEARNING_CITIZEN, by=AreaLevel.DISTRICT).rows
        assert results.districts_with_citizens(districts) == {
            ShareBase.REGISTERED: 10,
            ShareBase.ASSESSED: 10,
        }

    def test_a_village_loses_its_title_with_its_households(self) -> None:
        fresh = Campaign(2023, profiles().values(), run().areas, illustrative=True).run(society())
        homes = [
            record
            for record in society().records
            if record.key[0] is Title.LEARNING_HOUSEHOLD and NHA_ME in record.key[1]
        ]
        before = fresh.evaluation(Title.LEARNING_COMMUNITY, NHA_ME).verdict
        fresh.withdraw(
            [home.key for home in homes if fresh.evaluation(*home.key).verdict == "recognised"]
        )
        after = fresh.evaluation(Title.LEARNING_COMMUNITY, NHA_ME).verdict
        assert (before, after) == ("recognised", "not_recognised")


class TestRealCriteria:
    def test_a_text_is_used_wherever_one_is_known(self) -> None:
        assert [profile.id for profile in run().profiles if profile not in illustrative()] == [
            "vn.citizen.qd324-2023"
        ]
        assert {profile.id for profile in in_2023().run.profiles} == {
            "vn.unit.tt22-2020", "vn.community.tt44-2014",
        }  # fmt: skip
        decree = "vn.universal-education.nd20-2014"
        assert {profile.id for profile in year_later().run.profiles} == {
            "vn.community.tt25-2023-commune", f"{decree}-preschool-commune",
            f"{decree}-primary-commune", f"{decree}-lower-secondary-commune",
            f"{decree}-literacy-commune",
        }  # fmt: skip

    @pytest.mark.parametrize("seed", [2023, 7])
    def test_everybody_comes_out_at_some_class_or_none(self, seed: int) -> None:
        for covered in (in_2023(seed), year_later(seed)):
            assert covered.run.rejected == ()
        by_id = {profile.id: counts for profile, counts in in_2023(seed).classes().items()}
        assert by_id["vn.unit.tt22-2020"].total() == 10 * 8 + 20
        assert by_id["vn.community.tt44-2014"].total() == 124
        for counts in by_id.values():
            assert counts.keys() == {"good", "fair", "average", None}
        later = {profile.id: counts for profile, counts in year_later(seed).classes().items()}
        assert {counts.total() for counts in later.values()} == {121}
        assert later["vn.community.tt25-2023-commune"].keys() == {"level_2", "level_1", None}

    def test_the_seed_decides(self) -> None:
        assert circulars.in_2023(areas(), seed=2023).classes() == in_2023().classes()
        assert in_2023(7).classes() != in_2023().classes()
        assert year_later(7).classes() != year_later().classes()

    def test_criterion_4_takes_the_standards_of_the_commune(self) -> None:
        taken = set()
        for result in year_later().results.values():
            standards = {name: one.level for name, one in result.standards.items()}
            secondary = result.standards["lower_secondary_standard"]
            assert secondary.standards["literacy_standard"].level == standards["literacy_standard"]
            if standards["literacy_standard"] is None:
                assert standards["lower_secondary_standard"] is None
                assert result.level is None
            taken.add((standards["literacy_standard"], result.criterion("4.4").status))
        assert taken == {("level_2", "met"), ("level_1", "partial"), (None, "unmet")}

    def test_indicator_5_1_takes_the_counts_of_the_campaign(self) -> None:
        before, after = (
            one.rollup(Title.LEARNING_CITIZEN, by=AreaLevel.COMMUNE).rows
            for one in (run(), year_later().run)
        )
        assert len({row.area.code for row in after if row.tally}) == 121
        for count in Count:
            assert Tally.sum(row.tally for row in after).known(count) == (
                Tally.sum(row.tally for row in before).known(count)
            )
        for row in after:
            if row.tally:
                recognised, total = row.tally.known(Count.RECOGNISED), row.tally.known(Count.TOTAL)
                assert recognised is not None
                assert total is not None
                reached = (recognised * 100 >= 80 * total) + (recognised * 100 >= 60 * total)
                status = year_later().results[row.area.code].criterion("5.1").status
                assert status == ("unmet", "partial", "met")[reached]

    def test_an_open_result_is_in_no_class(self) -> None:
        community = Community(communes()[0].code, AreaLevel.COMMUNE)
        society = Society(records=[Record(subject=community)])
        covered = Covered.by(Campaign(2023, bundled_profiles(), areas()), society)
        with pytest.raises(ValueError, match="unpack"):
            covered.classes()


class TestNewMap:
    def test_the_45_units_hold_all_that_was_reported(self) -> None:
        assert on_new_map().kinds == {"Xã": 36, "Phường": 8, "Đặc": 1}
        assert all(one.conserved for one in on_new_map().moved)
        by_title = {one.title: one for one in on_new_map().moved}
        for title, target in targets().items():
            assert by_title[title].reported.known(Count.TOTAL) == target.total
            assert by_title[title].reported.known(Count.RECOGNISED) == target.recognised

    def test_the_village_that_went_another_way_is_followed(self) -> None:
        households = results.counted(run())
        tally, area = on_new_map().nha_me
        assert area.name == "Xã Phan Rí Cửa"
        assert tally == households[NHA_ME, Title.LEARNING_HOUSEHOLD]
        successors = {
            row.area.name: row.tally
            for row in on_new_map().rows
            if row.title is Title.LEARNING_HOUSEHOLD
        }

        def of(*communes: str) -> Tally:
            return Tally.sum(
                one
                for (code, title), one in households.items()
                if title is Title.LEARNING_HOUSEHOLD and code.partition("-")[0] in communes
            )

        assert successors["Xã Phan Rí Cửa"] == of("22972", "22993", "22996") + tally
        assert successors["Xã Tuy Phong"] == of("22975", "22978") - tally

    def test_clans_and_units_of_the_divided_commune_are_handed_back(self) -> None:
        carried = on_new_map().carried
        assert {(one.area.code, one.title) for one in carried.unplaced} == {
            ("22978", Title.LEARNING_CLAN),
            ("22978", Title.LEARNING_UNIT),
        }
        assert carried.flags("22972", Title.LEARNING_UNIT) == {CarryFlag.INCOMPLETE}
        assert carried.flags("22972", Title.LEARNING_HOUSEHOLD) == frozenset()


class TestTargetsOf2025:
    def test_every_target_has_a_line_or_a_reason(self) -> None:
        programmes = results.attained(run(), 2025)
        for programme, attained in programmes:
            due = [t.id for t in programme.targets if t.deadline == date(2025, 12, 31)]
            lines = [row.target.id for row in attained.rows]
            assert sorted([*lines, *(one.target.id for one in attained.not_computed)]) == sorted(
                due
            )
        rows = {row.target.id: row for _, attained in programmes for row in attained.rows}
        assert rows.keys() == {
            "household_2025", "clan_2025", "community_2025", "unit_2025", "citizen_2025",
            "worker_citizen_2025", "staff_citizen_2025", "adult_citizen_2025",
            "digital_skills_2025", "digital_mastery_2025",
        }  # fmt: skip
        households = rows["household_2025"].attainment
        target = targets()[Title.LEARNING_HOUSEHOLD]
        assert households.lower == households.upper
        assert households.numerator is not None
        assert households.numerator.lower == target.recognised
        assert households.state == "met"
        # Nobody has answered what the programmes ask of each citizen.
        assert rows["digital_skills_2025"].attainment.state == "undetermined"
        assert rows["clan_2025"].attainment.state == "met"

    def test_they_are_those_of_decisions_387_677_and_1373(self) -> None:
        documents = [p.legal_basis.document for p, _ in results.targets_until(2025)]
        assert documents == ["387/QĐ-TTg", "677/QĐ-TTg", "1373/QĐ-TTg"]


class TestDemo:
    def test_runs_end_to_end_scaled_down(self) -> None:
        ran = CliRunner().invoke(demo.main, ["--households", "5000", "--lang", "vi"])
        assert ran.exit_code == 0, ran.output
        assert line_of(ran.output, "Gia đình học tập   minh họa")[-6:] == (
            "5.000", "3.905", "78,1%", "253.853", "78,1%", "khớp",
        )  # fmt: skip
        assert line_of(ran.output, "Đơn vị học tập     minh họa")[-6:] == (
            "719", "696", "96,8%", "696", "96,8%", "khớp",
        )  # fmt: skip
        assert line_of(ran.output, "Tỉnh Bình Thuận")[3:6] == ("124", "5.000", "3.905")
        assert line_of(ran.output, "45 đơn vị: 36 xã, 8 phường, 1 đặc khu.")
        assert line_of(ran.output, "household_2025")[5:9] == ("70%", "31/12/2025", "78,10%", "đạt")
        assert "dòng 35 (Đại Từ" in ran.output
        assert line_of(ran.output, "Công dân học tập ")[4:8] == (
            "324/QĐ-KHVN", "(thật,", "chưa", "đủ)",
        )  # fmt: skip
        assert line_of(ran.output, "Đơn vị học tập            22/2020/TT-BGDĐT (thật) ")[6] == "100"
        assert line_of(ran.output, "Cộng đồng học tập cấp xã  44/2014/TT-BGDĐT (thật, chưa đủ)")
        assert line_of(ran.output, "Xã đạt chuẩn xóa mù chữ ")[6:9] == (
            "20/2014/NĐ-CP", "(thật)", "121",
        )  # fmt: skip
        assert "Mức độ 2 (Tốt): 5, Mức độ 1 (Khá): 67, không đạt: 49" in ran.output
        assert "Ví dụ, Phường Hàm Tiến (Chưa đạt tiêu chí) còn thiếu:" in ran.output
        assert "Công dân học tập từ 80% trở lên (hiện 213/274" in " ".join(ran.output.split())

    def test_speaks_english(self) -> None:
        ran = CliRunner().invoke(demo.main, ["--households", "5000", "--lang", "en"])
        assert ran.exit_code == 0, ran.output
        assert line_of(ran.output, "Learning unit       illustrative")[-1] == "agrees"
        assert line_of(ran.output, "Nothing was lost")
        assert "25/2023/TT-BGDĐT (real, in part)" in ran.output
        assert "For example, Phường Hàm Tiến (Does not meet the criteria) lacks:" in ran.output

    def test_a_figure_that_differs_makes_the_exit_code(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        draw = facts.household

        def one_child_out_of_school(
            chance: facts.Draw, *, meets: bool, disadvantaged: bool
        ) -> tuple[facts.Facts, int]:
            given, citizens = draw(chance, meets=meets, disadvantaged=disadvantaged)
            return {**given, "children_in_school": 0, "children_passing": 0}, citizens

        monkeypatch.setattr(facts, "household", one_child_out_of_school)
        ran = CliRunner().invoke(demo.main, ["--households", "5000"])
        assert ran.exit_code == 1
        assert line_of(ran.output, "Gia đình học tập   minh họa")[-1] == "KHÁC"
        assert line_of(ran.output, "Cộng đồng học tập  minh họa")[-1] == "KHÁC"

    def test_too_few_households_are_refused(self) -> None:
        assert CliRunner().invoke(demo.main, ["--households", "10"]).exit_code == 2


def line_of(output: str, start: str) -> tuple[str, ...]:
    return tuple(next(line for line in output.splitlines() if line.startswith(start)).split())
