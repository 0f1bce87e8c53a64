"""The example of Bình Thuận: real areas, conserved totals, and a demo that computes its figures."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[3] / "examples" / "binh_thuan"))

import demo
from generate import (
    Facts,
    Province,
    Target,
    Village,
    apportion,
    household_facts,
    make_province,
    published,
)

from xhht.criteria.loading import load_profile
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.titles import Title
from xhht.evaluation.evaluator import evaluate

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


def areas() -> AreaTree:
    return demo.read_real_areas()


def communes() -> tuple[Area, ...]:
    return areas().at_level(AreaLevel.COMMUNE)


def targets(households: int) -> dict[Title, Target]:
    figures = published(demo.read_figures(), "Bình Thuận", "2023")
    found = {title: Target.implied_by(figure) for title, figure in figures.items()}
    whole = found[Title.LEARNING_HOUSEHOLD]
    return {**found, Title.LEARNING_HOUSEHOLD: whole.scaled_to(households)}


def province(households: int = 5_000, seed: int = 2023) -> Province:
    return make_province(communes(), targets(households), seed=seed)


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
        whole = sum(weights)
        assert all(
            abs(part * whole - total * weight) < whole
            for part, weight in zip(parts, weights, strict=True)
        )

    @given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 40)), min_size=1), st.data())
    def test_stays_within_limits(self, parts: list[tuple[int, int]], data: st.DataObject) -> None:
        limits = [limit for _, limit in parts]
        total = data.draw(st.integers(0, sum(limits)))
        found = apportion(total, [weight for weight, _ in parts], limits)
        assert sum(found) == total
        assert all(part <= limit for part, limit in zip(found, limits, strict=True))

    def test_refuses_what_cannot_be_held(self) -> None:
        with pytest.raises(ValueError, match="cannot hold"):
            apportion(5, [1, 1], limits=[2, 2])


class TestTargets:
    def test_totals_are_the_middle_of_what_the_published_rates_imply(self) -> None:
        found = targets(325_036)
        assert {title: target.total for title, target in found.items()} == IMPLIED_TOTALS
        assert found[Title.LEARNING_HOUSEHOLD].recognised == 253_853

    def test_a_figure_that_implies_no_total_is_refused(self) -> None:
        without = next(figure for figure in demo.read_figures() if figure.numerator is None)
        with pytest.raises(ValueError, match="implies no range"):
            Target.implied_by(without)


class TestGenerator:
    @pytest.mark.parametrize("households", [1_000, 5_000, 325_036])
    def test_totals_are_conserved(self, households: int) -> None:
        made, target = province(households), targets(households)[Title.LEARNING_HOUSEHOLD]
        assert sum(village.households for village in made.villages) == households
        assert sum(village.meeting for village in made.villages) == target.recognised
        assert all(0 <= village.meeting <= village.households for village in made.villages)
        assert all(village.households >= 1 for village in made.villages)

    def test_ready_counts_add_up_to_the_published_ones(self) -> None:
        totals: Counter[Title] = Counter()
        recognised: Counter[Title] = Counter()
        for (_, title), counts in province().ready_counts.items():
            assert counts.faults() == ()
            assert (counts.registered, counts.assessed, counts.undetermined) == (None, None, None)
            totals[title] += counts.total or 0
            recognised[title] += counts.recognised or 0
        expected = targets(5_000)
        del expected[Title.LEARNING_HOUSEHOLD]
        assert totals == {title: target.total for title, target in expected.items()}
        assert recognised == {title: target.recognised for title, target in expected.items()}

    def test_every_commune_has_the_villages_it_reports(self) -> None:
        made = province()
        villages = Counter(village.area.parent for village in made.villages)
        reported = {
            code: counts.total
            for (code, title), counts in made.ready_counts.items()
            if title is Title.LEARNING_COMMUNITY
        }
        assert villages == reported
        assert villages.keys() == {commune.code for commune in communes()}
        assert len({village.area.code for village in made.villages}) == 692

    def test_the_seed_decides(self) -> None:
        first, again, other = province(), province(), province(seed=7)
        assert first == again
        assert first != other
        village = max(first.villages, key=lambda village: village.households)
        assert list(household_facts(village, 1)) == list(household_facts(village, 1))
        assert list(household_facts(village, 1)) != list(household_facts(village, 2))

    def test_just_the_meeting_households_are_recognised(self) -> None:
        profile = load_profile(demo.HOUSEHOLD_PROFILE)
        made = province(20_000)
        assert any(village.disadvantaged for village in made.villages)
        for village in made.villages:
            verdicts = Counter(
                evaluate(profile, facts).verdict.value
                for facts in household_facts(village, made.seed)
            )
            lacking = village.households - village.meeting
            expected = {"recognised": village.meeting, "not_recognised": lacking}
            assert verdicts == Counter(expected)

    def test_facts_obey_their_bounds(self) -> None:
        made = province()
        for village in made.villages:
            for facts in household_facts(village, made.seed):
                assert 0 <= facts["children_passing"] <= facts["children_in_school"]
                assert facts["children_in_school"] <= facts["children_of_school_age"]
                assert facts["adults"] >= 1
                assert 0 <= facts["adults_learning"] <= facts["adults"]
                assert 0 <= facts["adults_learning_citizens"] <= facts["adults"]
                assert 0 <= facts["village_assessment"] <= 5
                assert facts["activities_joined"] >= 0

    def test_villages_say_that_they_are_invented(self) -> None:
        assert all(village.area.name.endswith("(giả định)") for village in province().villages)


class TestDemo:
    def test_runs_end_to_end_scaled_down(self) -> None:
        ran = CliRunner().invoke(demo.main, ["--households", "2000", "--lang", "vi"])
        assert ran.exit_code == 0, ran.output
        assert line_of(ran.output, "Gia đình học tập")[-6:] == (
            "2.000", "1.562", "78,1%", "253.853", "78,1%", "khớp",
        )  # fmt: skip
        assert line_of(ran.output, "Đơn vị học tập")[-4:] == ("96,8%", "696", "96,8%", "khớp")
        assert line_of(ran.output, "Tỉnh Bình Thuận")[-4:-2] == ("2.000", "1.562")
        assert "dòng 35 (Đại Từ" in ran.output
        assert len(ran.output.splitlines()) <= 70

    def test_speaks_english(self) -> None:
        ran = CliRunner().invoke(demo.main, ["--households", "1000", "--lang", "en"])
        assert ran.exit_code == 0, ran.output
        assert line_of(ran.output, "Learning unit")[-1] == "agrees"

    def test_a_figure_that_differs_makes_the_exit_code(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def one_child_out_of_school(village: Village, seed: int) -> Iterator[Facts]:
            for facts in household_facts(village, seed):
                yield {**facts, "children_of_school_age": facts["children_of_school_age"] + 1}

        monkeypatch.setattr(demo, "household_facts", one_child_out_of_school)
        ran = CliRunner().invoke(demo.main, ["--households", "1000"])
        assert ran.exit_code == 1
        assert line_of(ran.output, "Gia đình học tập")[-1] == "KHÁC"

    def test_too_few_households_are_refused(self) -> None:
        assert CliRunner().invoke(demo.main, ["--households", "10"]).exit_code == 2


def line_of(output: str, start: str) -> tuple[str, ...]:
    return tuple(next(line for line in output.splitlines() if line.startswith(start)).split())
