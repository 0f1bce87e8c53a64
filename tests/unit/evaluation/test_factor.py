"""Points and available points that are multiplied by a number which depends on facts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import xhht
from xhht.criteria.compare import compare_profiles
from xhht.criteria.loading import loads_profile
from xhht.testing.coverage import coverage_of
from xhht.testing.mutation import try_mutants

HEAD = """
format: 1
id: test.unit
version: {version}
status: draft
title: learning_unit
name: {{vi: Đơn vị, en: Unit}}
provenance: illustrative
inputs:
  region:
    type: choice
    label: {{vi: Vùng, en: Region}}
    choices:
      hill: {{vi: miền núi, en: hill}}
      plain: {{vi: đồng bằng, en: plain}}
  plan: {{type: bool, label: {{vi: Có kế hoạch, en: Has a plan}}}}
  late: {{type: bool, label: {{vi: Nộp muộn, en: Late}}}}
criteria:
  - id: "1"
    indicators:
      - id: "1.1"
        points: 10
        floor: 10
        factor:
          - {{when: region == "hill", value: {hill}}}
          - {{value: 1}}
        met_when: plan
      - id: "1.2"
        points: -5
        factor: [{{when: region == "hill", value: 2}}, {{value: 1}}]
        met_when: late
levels:
  - {{id: good, name: {{vi: Tốt, en: Good}}, when: {when}}}
{more}
"""


def profile_of(
    hill: str = "1.5", when: str = "points >= 5", version: str = "1.0.0", more: str = ""
) -> xhht.Profile:
    return loads_profile(HEAD.format(hill=hill, when=when, version=version, more=more))


def outcome(profile: xhht.Profile, **facts: object) -> list[Fraction]:
    result = xhht.evaluate(profile, facts)
    points = (result.points_certain, result.points_possible)
    return [*points, result.available_certain, result.available_points]


def test_points_available_points_and_deductions_are_multiplied() -> None:
    profile = profile_of()
    assert outcome(profile, region="hill", plan=True, late=False) == [15, 15, 15, 15]
    assert outcome(profile, region="plain", plan=True, late=False) == [10, 10, 10, 10]
    assert outcome(profile, region="hill", plan=False, late=True) == [-10, -10, 15, 15]
    assert profile.max_points == 15


def test_while_the_factor_is_open_so_are_the_points_and_a_gap_names_the_fact() -> None:
    result = xhht.evaluate(profile_of(), {"plan": True, "late": False})
    assert [result.points_certain, result.points_possible] == [10, 15]
    assert [(gap.input, gap.criterion) for gap in result.gaps()] == [
        ("region", "1.1"),
        ("region", "1.2"),
    ]
    assert "factor not determined: factor 1.5 if" in result.explain("en").text()


def test_the_explanation_says_which_factor_counts_and_why() -> None:
    facts = {"region": "hill", "plan": True, "late": False}
    assert (
        "hệ số 1,5 vì “Vùng” là “miền núi”" in xhht.evaluate(profile_of(), facts).explain().text()
    )
    other = xhht.evaluate(profile_of(), facts | {"region": "plain"}).explain("en").text()
    assert "factor 1 because no case with another factor applies" in other


def test_percent_is_decided_factor_by_factor() -> None:
    profile = profile_of(when="percent >= 100%")
    assert xhht.evaluate(profile, {"plan": True, "late": False}).level == "good"


def test_a_criterion_is_judged_by_its_points_before_the_factor() -> None:
    result = xhht.evaluate(profile_of(hill="0.5"), {"region": "hill", "plan": True, "late": False})
    assert result.criterion("1.1").status.value == "met"
    assert result.level == "good"
    assert result.points_certain == 5


def test_at_the_close_the_factor_is_the_least_and_for_deductions_the_greatest() -> None:
    profile = profile_of(more="at_close: {missing: unmet, clause: Điều 1}")
    result = xhht.evaluate(profile, {"plan": True, "late": True}, final=True)
    assert result.points_certain == result.points_possible == 10 - 10
    assert "region" in result.closed


def test_a_path_does_not_change_what_decides_the_factor() -> None:
    result = xhht.evaluate(
        profile_of(when="points >= 15"), {"region": "plain", "plan": True, "late": False}
    )
    assert result.path_to("good").state.value == "unreachable"
    assert result.path_to("good", fixed=[]).changes[0].input == "region"


@pytest.mark.parametrize(("hill", "effect"), [("2", "looser"), ("1.2", "tighter"), ("1.5", None)])
def test_a_changed_factor_is_looser_or_tighter(hill: str, effect: str | None) -> None:
    changes = compare_profiles(profile_of(), profile_of(hill=hill, version="1.1.0")).changes
    effects = [change.effect.value for change in changes if change.key == "factor"]
    assert effects == ([] if effect is None else [effect])


def test_coverage_asks_for_each_entry() -> None:
    profile = profile_of()
    facts = {"region": "hill", "plan": True, "late": False}
    coverage = coverage_of(profile, [xhht.evaluate(profile, facts)])
    missing = {aspect.key for aspect in coverage.untouched}
    assert ("1.1", "factor=2") in missing
    assert ("1.1", "factor=1") not in missing


def test_mutants_change_values_and_conditions_of_factors(tmp_path: Path) -> None:
    path = tmp_path / "unit.yaml"
    path.write_text(HEAD.format(hill="1.5", when="points >= 5", version="1.0.0", more=""))
    profile = xhht.load_profile(path)
    report = try_mutants(profile, ())
    changed = {(mutant.old, mutant.new) for mutant in report.survivors}
    assert {("1.5", "1.4"), ("1.5", "1.6")} <= changed
    assert ('region == "hill"', 'region != "hill"') in changed
