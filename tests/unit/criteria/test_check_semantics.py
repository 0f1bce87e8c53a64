"""What a profile means is judged as far as its other faults leave that certain."""

from __future__ import annotations

import pytest

from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.loading import check_profile, examine_profile, loads_profile

PROFILE = """\
format: 1
id: test.unit
version: 1.0.0
status: draft
title: learning_unit
name: {vi: Đơn vị học tập, en: Learning unit}
provenance: illustrative
inputs:
  plan: {type: bool, label: {vi: Có kế hoạch, en: Has a plan}}
  members: {type: count, min: 1, max: 900, label: {vi: Số thành viên, en: Members}}
  learners: {type: count, at_most: members, label: {vi: Số người học, en: Learners}}
  area: {type: choice, choices: {hill: {vi: Núi, en: Hill}, plain: {vi: Bằng, en: Plain}},
    label: {vi: Vùng, en: Area}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: 'plan or area == "hill"'}
      - {id: "1.2", points: 10, met_when: "share(learners, members) >= 50%"}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 20}
  - {id: fair, name: {vi: Khá, en: Fair}, when: points >= 10}
"""


def changed(*changes: tuple[str, str]) -> str:
    text = PROFILE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def codes(text: str) -> list[str]:
    return [diagnostic.code for diagnostic in check_profile(text.encode(), "x.yaml")]


UNREACHED = ("points >= 20", "points >= 30")
UNUSED = ("criteria:\n", "  extra: {type: bool, label: {vi: Thêm, en: Extra}}\ncriteria:\n")
ZERO = ("count, min: 1, max: 900", "count, max: 900")


def test_the_profile_itself_has_no_fault() -> None:
    assert codes(PROFILE) == []
    assert examine_profile(PROFILE.encode(), "x.yaml").is_complete


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (("provenance: illustrative", "provenance: invented"), "XH120"),
        (("version: 1.0.0", "version: 1.0"), "XH115"),
        (("status: draft", "status: retired"), "XH503"),
        (("{vi: Có kế hoạch, en: Has a plan}", "{vi: Có kế hoạch}"), "XH110"),
    ],
)
def test_a_fault_beside_the_rules_hides_no_meaning(fault: tuple[str, str], code: str) -> None:
    text = changed(fault, UNREACHED, UNUSED, ZERO)
    assert sorted(codes(text)) == sorted([code, "XH233", "XH401", "XH405"])
    assert examine_profile(text.encode(), "x.yaml").is_complete


def test_a_condition_with_a_fault_hides_only_what_hangs_on_it() -> None:
    text = changed(("'plan or area", "'plann or area"), UNREACHED, UNUSED, ZERO)
    assert codes(text) == ["XH233", "XH202", "XH405", "XH401"]
    assert not examine_profile(text.encode(), "x.yaml").is_complete


def test_an_input_with_a_fault_hides_only_what_hangs_on_it() -> None:
    text = changed(("min: 1, max: 900", "min: 1e1"), UNREACHED, UNUSED)
    assert codes(text) == ["XH108", "XH233", "XH401"]


def test_a_level_with_a_fault_leaves_the_other_levels_judged() -> None:
    text = changed(UNREACHED, ("points >= 10}", "points >=" + " }"))
    assert codes(text) == ["XH401", "XH201"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (('"1.1", points: 10', '"1.1", points: 1e1'), "XH108"),
        (('id: "1.2"', 'id: "1.1"'), "XH220"),
        (('  - id: "1"\n', '  - id: "1"\n    points: 30\n'), "XH321"),
        (('"1.1", points: 10', '"1.1", pionts: 10'), "XH109"),
    ],
)
def test_where_points_are_in_doubt_no_level_is_called_out_of_reach(
    fault: tuple[str, str], code: str
) -> None:
    text = changed(fault, UNREACHED)
    assert codes(text) == [code]
    assert not examine_profile(text.encode(), "x.yaml").is_complete


def test_an_applicability_with_a_fault_hides_whether_it_guards_the_denominator() -> None:
    guard = 'share(learners, members) >= 50%", applies_when: members >, na_policy: zero'
    assert codes(changed(ZERO, ('share(learners, members) >= 50%"', guard))) == ["XH201"]


# What counts, and shares of nothing

COMBINATIONS = ["sum", "best_of", "worst_of", "all_or_nothing", "weighted_mean"]


@pytest.mark.parametrize("combine", COMBINATIONS)
@pytest.mark.parametrize("points", ["", "    points: 20\n"])
def test_a_branch_needs_a_child_that_counts(combine: str, points: str) -> None:
    rounding = "    rounding: {step: 1, mode: half_up}\n" if combine == "weighted_mean" else ""
    text = changed(
        ('  - id: "1"\n', f'  - id: "1"\n    combine: {combine}\n{rounding}{points}'),
        ('"1.1", points', '"1.1", requirement: advisory, points'),
        ('"1.2", points', '"1.2", requirement: advisory, points'),
    )
    assert codes(text) == ["XH324"]
    with pytest.raises(ProfileError):
        loads_profile(text)


def test_a_profile_needs_a_criterion_that_counts() -> None:
    text = changed(
        ('  - id: "1"\n', '  - id: "1"\n    requirement: advisory\n'),
        ("points >= 20", "percent >= 10%"),
        ("points >= 10}", "percent >= 5%}"),
    )
    assert codes(text) == ["XH324"]


def test_a_percentage_of_no_points_is_a_fault() -> None:
    text = changed(
        ('"1.1", points: 10', '"1.1"'),
        ('"1.2", points: 10', '"1.2"'),
        ("points >= 20", "percent >= 10%"),
        ("points >= 10}", "'met(\"1\")'}"),
    )
    assert codes(text) == ["XH403"]


def test_a_share_of_points_in_a_level_is_judged_like_any_other() -> None:
    text = changed(("points >= 20", "'share(points_of(\"1.1\"), points) >= 50%'"))
    assert codes(text) == ["XH405"]
    assert loads_profile(text).level("good").id == "good"


# Comparisons that never hold


@pytest.mark.parametrize(
    "condition",
    [
        "share(learners, members) >= 170%",
        "share(learners, members) > 100%",
        "share(learners, members) == 101%",
        "120% <= share(learners, members)",
        "share(members, members) > 1",
        "plan and share(learners, members) >= 170%",
        "plan if members >= 5 else share(learners, members) >= 170%",
        "members > 900",
    ],
)
def test_a_comparison_that_no_facts_fulfil_is_warned_of(condition: str) -> None:
    text = changed(
        ("share(learners, members) >= 50%", condition), ("points >= 20", "points >= 10 and plan")
    )
    assert [code for code in codes(text) if code != "XH233"] == ["XH402"]
    loads_profile(text)


@pytest.mark.parametrize(
    "condition",
    [
        "share(learners, members) >= 100%",
        "share(learners, members) >= 0.7",
        "share(members, learners + 1) >= 170%",
        "not share(learners, members) >= 170%",
        "share(learners, members) < 170%",
        "members >= 900",
    ],
)
def test_what_some_facts_fulfil_is_not_warned_of(condition: str) -> None:
    assert "XH402" not in codes(changed(("share(learners, members) >= 50%", condition)))


@pytest.mark.parametrize(
    "condition",
    [
        "share(1, (5 if met('1.1') else members)) >= 50%",
        "share(points, (5 if met('1.1') else members)) >= 50%",
        "(learners if met('1.1') else members) >= 5",
        "share(learners, (points if points >= 1 else members)) >= 50%",
    ],
)
def test_a_level_may_ask_for_criteria_inside_a_share_or_a_choice(condition: str) -> None:
    text = changed(("points >= 20", f'"{condition}"'))
    assert set(codes(text)) <= {"XH405"}
    loads_profile(text)


LISTS = (
    "inputs:\n",
    "choice_lists: {sizes: {s: {vi: Nhỏ, en: S}, b: {vi: Lớn, en: B}}}\ninputs:\n",
)
GUARDED = (
    'met_when: "share(learners, members) >= 50%"',
    "met_when: plan, applies_when: learners > 0",
)
BY_LEVEL = "points: 10, met_when: 'plan or area == \"hill\"'"


@pytest.mark.parametrize(
    ("changes", "code", "unused"),
    [
        ([UNUSED, GUARDED], "XH316", {"XH233"}),
        ([(BY_LEVEL, "met_by_level: {good: plan}")], "XH341", {"XH233"}),
        ([(BY_LEVEL, "met_by_level: {good: plan, fairr: plan}")], "XH342", {"XH233"}),
        ([LISTS, ("choices: {hill: {vi: Núi, en: Hill}, plain: {vi: Bằng, en: Plain}}",
                  "choices: size")], "XH389", {"XH390"}),
    ],
)  # fmt: skip
def test_nothing_is_called_unused_that_the_correction_of_an_error_may_use(
    changes: list[tuple[str, str]], code: str, unused: set[str]
) -> None:
    reported = codes(changed(*changes))
    assert code in reported
    assert unused.isdisjoint(reported)


@pytest.mark.parametrize("likely", ["fairr", "level_9", "gooood"])
def test_the_level_that_lacks_its_mark_is_the_likely_one(likely: str) -> None:
    text = changed((BY_LEVEL, f"met_by_level: {{good: plan, {likely}: plan}}"))
    [fault] = [one for one in check_profile(text.encode(), "x.yaml") if one.code == "XH342"]
    assert fault.hint is not None
    assert ("'fair'" in fault.hint.vi) is (likely == "fairr")
    assert "'good'" not in fault.hint.vi
