# ruff: noqa: E501 - a sentence is shown in one line
"""Conditions as sentences: each kind of expression, in both languages, with current values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import xhht
from inline_profiles import HEAD
from xhht.evaluation.facts import MemberShare
from xhht.evaluation.wording import current_wording
from xhht.rules.model import expressions_of

PROFILE = """\
inputs:
  members: {type: count, min: 1, label: {vi: Số thành viên, en: Members}, unit: {vi: người, en: people}}
  members_disciplined:
    {type: count, at_most: members, label: {vi: Số thành viên tuân thủ kỷ luật, en: Members who keep discipline}, unit: {vi: người, en: people}}
  income: {type: decimal, places: 1, max: 10000, label: {vi: Thu nhập, en: Income}, unit: {vi: triệu đồng, en: million dong}}
  income_before: {type: decimal, places: 1, max: 10000, label: {vi: Thu nhập năm trước, en: Income of the year before}, unit: {vi: triệu đồng, en: million dong}}
  disadvantaged_area: {type: bool, label: {vi: Thuộc vùng khó khăn, en: In a disadvantaged area}}
  has_plan: {type: bool, label: {vi: Có kế hoạch học tập, en: Has a learning plan}}
  rules_kept: {type: bool, label: {vi: "Thực hiện đủ chế độ đào tạo, bồi dưỡng", en: "Keeps the rules on training"}}
  unit_kind:
    type: choice
    label: {vi: Loại đơn vị, en: Kind of unit}
    choices: {school: {vi: Trường học, en: School}, agency: {vi: Cơ quan, en: Agency}, firm: {vi: Doanh nghiệp, en: Enterprise}}
  since: {type: date, label: {vi: Ngày công nhận, en: Day of recognition}}
  homes: {type: share, label: {vi: Tỉ lệ gia đình học tập, en: Share of learning households}, members: {title: learning_household, take: share}}
values:
  pass_mark:
    label: {vi: Điểm chuẩn, en: Pass mark}
    dated: [{value: 80}, {from: 2024-01-01, value: 85}]
criteria:
  - id: "1"
    name: {vi: Kết quả, en: Results}
    indicators:
      - {id: "1.1", name: {vi: Kế hoạch, en: Plan}, points: 60, met_when: has_plan}
      - {id: "1.2", points: 40, met_when: MET_CONDITION}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: LEVEL_CONDITION}
"""
FACTS: dict[str, Any] = {
    "members": 40,
    "members_disciplined": 38,
    "income": 50,
    "income_before": 45,
    "disadvantaged_area": False,
    "has_plan": True,
    "unit_kind": "agency",
    "since": date(2023, 6, 30),
    "homes": MemberShare(3, 1),
}
DAY = date(2024, 12, 31)

RULES = [
    (
        "points >= 85",
        "Tổng điểm đạt từ 85 điểm trở lên",
        "Total points of at least 85",
        "Tổng điểm đạt từ 85 điểm trở lên (hiện từ 60 đến 100)",
        "Total points of at least 85 (now 60 to 100)",
    ),
    (
        "points >= (70 if disadvantaged_area else 80)",
        "Tổng điểm đạt từ 70 hoặc 80 điểm trở lên (70 nếu “Thuộc vùng khó khăn”, nếu không thì 80)",
        "Total points of at least 70 or 80 (70 if “In a disadvantaged area”, otherwise 80)",
        "Tổng điểm đạt từ 80 điểm trở lên (80 vì không thuộc vùng khó khăn; hiện từ 60 đến 100)",
        "Total points of at least 80 (80 because not “In a disadvantaged area”; now 60 to 100)",
    ),
    (
        "points >= pass_mark",
        "Tổng điểm đạt từ “Điểm chuẩn” trở lên (80; 85 từ ngày 01/01/2024)",
        "Total points of at least “Pass mark” (80; 85 from 2024-01-01)",
        "Tổng điểm đạt từ 85 điểm trở lên (85: “Điểm chuẩn” từ ngày 01/01/2024; hiện từ 60 đến 100)",
        "Total points of at least 85 (85: “Pass mark” from 2024-01-01; now 60 to 100)",
    ),
    (
        "points >= unknown",
        "Tổng điểm đạt ngưỡng chưa thấy trong nguồn",
        "Total points: at least a threshold not found in the sources",
        "Tổng điểm đạt ngưỡng chưa thấy trong nguồn (hiện từ 60 đến 100)",
        "Total points: at least a threshold not found in the sources (now 60 to 100)",
    ),
    (
        "percent >= 80%",
        "Tổng điểm đạt ít nhất 80% số điểm có thể đạt",
        "Total points: at least 80% of the available points",
        "Tổng điểm đạt ít nhất 80% số điểm có thể đạt (hiện từ 60 đến 100 trên 100 = từ 60% đến 100%)",
        "Total points: at least 80% of the available points (now 60 to 100 of 100 = 60% to 100%)",
    ),
    (
        "50 <= points and points < 80",
        "Tổng điểm từ 50 đến dưới 80 điểm",
        "Total points: at least 50 and less than 80",
        "Tổng điểm từ 50 đến dưới 80 điểm (hiện từ 60 đến 100)",
        "Total points: at least 50 and less than 80 (now 60 to 100)",
    ),
    (
        'points_of("1") >= 30 and met("1.1")',
        "Điểm của “1 Kết quả” đạt từ 30 điểm trở lên và đạt “1.1 Kế hoạch”",
        "Points of “1 Results” of at least 30 and “1.1 Plan” is met",
        "Điểm của “1 Kết quả” đạt từ 30 điểm trở lên (hiện từ 60 đến 100) và đạt “1.1 Kế hoạch” (hiện: đạt)",
        "Points of “1 Results” of at least 30 (now 60 to 100) and “1.1 Plan” is met (now: met)",
    ),
    (
        'met("1.1") and met("1.2")',
        "Đạt tất cả “1.1 Kế hoạch” và “chỉ số 1.2”",
        "“1.1 Plan” and “indicator 1.2” are met",
        "Đạt tất cả “1.1 Kế hoạch” (hiện: đạt) và “chỉ số 1.2” (hiện: chưa đủ dữ kiện)",
        "“1.1 Plan” (now: met) and “indicator 1.2” (now: unknown) are met",
    ),
    (
        "lowest_indicator >= 40",
        "Điểm của chỉ số thấp nhất đạt từ 40 điểm trở lên",
        "Points of the lowest indicator of at least 40",
        "Điểm của chỉ số thấp nhất đạt từ 40 điểm trở lên (hiện từ 0 đến 40)",
        "Points of the lowest indicator of at least 40 (now 0 to 40)",
    ),
    (
        "share(members_disciplined, members) >= 90%",
        "Số thành viên tuân thủ kỷ luật đạt ít nhất 90% Số thành viên",
        "Members who keep discipline: at least 90% of Members",
        "Số thành viên tuân thủ kỷ luật đạt ít nhất 90% Số thành viên (hiện 38/40 = 95%)",
        "Members who keep discipline: at least 90% of Members (now 38 of 40 = 95%)",
    ),
    (
        "homes >= 60%",
        "Tỉ lệ gia đình học tập từ 60% trở lên",
        "Share of learning households: at least 60%",
        "Tỉ lệ gia đình học tập từ 60% trở lên (hiện 3/4 = 75%)",
        "Share of learning households: at least 60% (now 3 of 4 = 75%)",
    ),
    (
        "income > income_before",
        "Thu nhập cao hơn Thu nhập năm trước",
        "Income: higher than Income of the year before",
        "Thu nhập cao hơn Thu nhập năm trước (hiện 50 so với 45)",
        "Income: higher than Income of the year before (now 50 against 45)",
    ),
    (
        "income >= 1.05 * income_before",
        "“Thu nhập” không thấp hơn 1,05 lần “Thu nhập năm trước”",
        "“Income”: not lower than 1.05 times “Income of the year before”",
        "“Thu nhập” không thấp hơn 1,05 lần “Thu nhập năm trước” (hiện 50 so với 47,25)",
        "“Income”: not lower than 1.05 times “Income of the year before” (now 50 against 47.25)",
    ),
    (
        "min(income, income_before) >= 40",
        "Số nhỏ nhất trong “Thu nhập” và “Thu nhập năm trước” từ 40 triệu đồng trở lên",
        "The least of “Income” and “Income of the year before”: at least 40 million dong",
        "Số nhỏ nhất trong “Thu nhập” và “Thu nhập năm trước” từ 40 triệu đồng trở lên (hiện 45)",
        "The least of “Income” and “Income of the year before”: at least 40 million dong (now 45)",
    ),
    (
        "income * members >= 1000",
        "“Thu nhập” nhân với “Số thành viên” từ 1.000 trở lên",
        "“Income” times “Members”: at least 1000",
        "“Thu nhập” nhân với “Số thành viên” từ 1.000 trở lên (hiện 2.000)",
        "“Income” times “Members”: at least 1000 (now 2000)",
    ),
    (
        "members_disciplined + members >= 50",
        "Tổng của “Số thành viên tuân thủ kỷ luật” và “Số thành viên” từ 50 người trở lên",
        "The sum of “Members who keep discipline” and “Members”: at least 50 people",
        "Tổng của “Số thành viên tuân thủ kỷ luật” và “Số thành viên” từ 50 người trở lên (hiện 78)",
        "The sum of “Members who keep discipline” and “Members”: at least 50 people (now 78)",
    ),
    (
        "not has_plan",
        "Không có kế hoạch học tập",
        "Not “Has a learning plan”",
        "Không có kế hoạch học tập",
        "Not “Has a learning plan”",
    ),
    (
        "not rules_kept",
        "Không thuộc trường hợp “Thực hiện đủ chế độ đào tạo, bồi dưỡng”",
        "Not “Keeps the rules on training”",
        "Không thuộc trường hợp “Thực hiện đủ chế độ đào tạo, bồi dưỡng”",
        "Not “Keeps the rules on training”",
    ),
    (
        'has_plan or rules_kept and unit_kind == "school"',
        "“Có kế hoạch học tập” hoặc (“Thực hiện đủ chế độ đào tạo, bồi dưỡng” và “Loại đơn vị” là “Trường học”)",
        "“Has a learning plan” or (“Keeps the rules on training” and “Kind of unit” is “School”)",
        "“Có kế hoạch học tập” (hiện: có) hoặc [“Thực hiện đủ chế độ đào tạo, bồi dưỡng” (hiện: chưa biết) và “Loại đơn vị” là “Trường học” (hiện: Cơ quan)]",
        "“Has a learning plan” (now: yes) or [“Keeps the rules on training” (now: not known) and “Kind of unit” is “School” (now: Agency)]",
    ),
    (
        'unit_kind in ("school", "agency")',
        "“Loại đơn vị” là một trong: “Trường học”, “Cơ quan”",
        "“Kind of unit” is one of “School”, “Agency”",
        "“Loại đơn vị” là một trong: “Trường học”, “Cơ quan” (hiện: Cơ quan)",
        "“Kind of unit” is one of “School”, “Agency” (now: Agency)",
    ),
    (
        'unit_kind != "firm"',
        "“Loại đơn vị” không phải là “Doanh nghiệp”",
        "“Kind of unit” is not “Enterprise”",
        "“Loại đơn vị” không phải là “Doanh nghiệp” (hiện: Cơ quan)",
        "“Kind of unit” is not “Enterprise” (now: Agency)",
    ),
    (
        'since <= "2023-12-31"',
        "Ngày công nhận chậm nhất là ngày 31/12/2023",
        "Day of recognition: no later than 2023-12-31",
        "Ngày công nhận chậm nhất là ngày 31/12/2023 (hiện 30/06/2023)",
        "Day of recognition: no later than 2023-12-31 (now 2023-06-30)",
    ),
    (
        "as_of - since >= 365",
        "Số ngày từ “Ngày công nhận” đến ngày đánh giá từ 365 ngày trở lên",
        "The days from “Day of recognition” to the day of evaluation: at least 365 days",
        "Số ngày từ “Ngày công nhận” đến ngày đánh giá từ 365 ngày trở lên (hiện 550)",
        "The days from “Day of recognition” to the day of evaluation: at least 365 days (now 550)",
    ),
    (
        "has_plan if disadvantaged_area else rules_kept",
        "Nếu “Thuộc vùng khó khăn” thì “Có kế hoạch học tập”, nếu không thì “Thực hiện đủ chế độ đào tạo, bồi dưỡng”",
        "If “In a disadvantaged area”, then “Has a learning plan”, otherwise “Keeps the rules on training”",
        "“Thực hiện đủ chế độ đào tạo, bồi dưỡng” (hiện: chưa biết) (vì không thuộc vùng khó khăn)",
        "“Keeps the rules on training” (now: not known) (because not “In a disadvantaged area”)",
    ),
    (
        "not (has_plan or rules_kept)",
        "Không có kế hoạch học tập và không thuộc trường hợp “Thực hiện đủ chế độ đào tạo, bồi dưỡng”",
        "Not “Has a learning plan” and not “Keeps the rules on training”",
        "Không có kế hoạch học tập (hiện: không đúng) và không thuộc trường hợp “Thực hiện đủ chế độ đào tạo, bồi dưỡng” (hiện: chưa biết)",
        "Not “Has a learning plan” (now: not true) and not “Keeps the rules on training” (now: not known)",
    ),
]
"""Each condition, in Vietnamese and English, without and with the values of a subject."""


def profile(condition: str, *, in_level: bool = False) -> xhht.Profile:
    """Return a profile with a condition in an indicator or in a level."""
    met, when = ("rules_kept", condition) if in_level else (condition, "points >= 85")
    quoted = [f"'{text}'" for text in (met, when)]
    return xhht.loads_profile(
        HEAD + PROFILE.replace("MET_CONDITION", quoted[0]).replace("LEVEL_CONDITION", quoted[1])
    )


def is_of_level(condition: str) -> bool:
    return any(word in condition for word in ("points", "percent", "met(", "lowest_indicator"))


@pytest.mark.parametrize(("condition", "vi", "en", "vi_now", "en_now"), RULES)
def test_a_condition_reads_as_a_sentence(
    condition: str, vi: str, en: str, vi_now: str, en_now: str
) -> None:
    loaded = profile(condition, in_level=is_of_level(condition))
    tree = (
        loaded.rules.levels[0].when
        if is_of_level(condition)
        else expressions_of(list(loaded.rules.nodes())[2])[0]
    )
    rule = loaded.wording().sentence(tree)
    now = current_wording(xhht.evaluate(loaded, FACTS, as_of=DAY)).sentence(tree)
    assert (rule.vi, rule.en, now.vi, now.en) == (vi, en, vi_now, en_now)


@pytest.mark.parametrize("fact", [xhht.Waiver(reason="hết thẻ", authority="UBND tỉnh"), True])
def test_a_waived_criterion_counts_as_met_in_the_sentence_of_a_level(fact: object) -> None:
    level = "'points >= (60 if met(\"1.1\") else 90)'"
    text = PROFILE.replace("LEVEL_CONDITION", level).replace("MET_CONDITION", "rules_kept")
    waived = xhht.loads_profile(HEAD + text)
    result = xhht.evaluate(waived, {"has_plan": fact, "rules_kept": False}, as_of=DAY)
    assert result.level == "good"
    sentence = current_wording(result, "good").sentence(waived.rules.levels[0].when).vi
    assert "60 điểm" in sentence
    assert "90" not in sentence


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("income > income_before", "Income: higher than Income of the year before (now 50"),
        ("income_before < income", "Income of the year before: lower than Income (now 45"),
        ("income_before <= income", "Income of the year before: not higher than Income (now 45"),
        ("not income_before < income", "Income of the year before: not lower than Income (now 45"),
        ("45 < income", "Income: more than 45 million dong"),
    ],
)
def test_the_sides_of_a_comparison_stand_as_in_the_file(condition: str, words: str) -> None:
    result = xhht.evaluate(profile(condition), FACTS, as_of=DAY)
    assert words in result.explain("en", "full").text()


def test_a_definition_is_written_in_percent_if_the_file_writes_it_so() -> None:
    text = PROFILE.replace("MET_CONDITION", "'share(members_disciplined, members) >= goal'")
    text = text.replace("LEVEL_CONDITION", "points >= 80")
    goal = "definitions: {goal: {label: {vi: Mức, en: Goal}, number: 60% if has_plan else 62.5%}}"
    loaded = xhht.loads_profile(f"{HEAD}{goal}\n{text}")
    explained = xhht.evaluate(loaded, FACTS, as_of=DAY).explain("en").text()
    assert "Goal: (60% if “Has a learning plan”, otherwise 62.5%) (now 60%)" in explained


@pytest.mark.parametrize(
    ("condition", "vi", "vi_now"),
    [
        (
            "not disadvantaged_area or has_plan",
            "“Có kế hoạch học tập”, chỉ xét nếu “Thuộc vùng khó khăn”",
            "“Có kế hoạch học tập”, chỉ xét nếu “Thuộc vùng khó khăn” (hiện: không), nên không xét",
        ),
        (
            'rules_kept or income >= 40 or unit_kind != "agency"',
            "(“Thực hiện đủ chế độ đào tạo, bồi dưỡng” hoặc “Thu nhập” từ 40 triệu đồng trở lên), chỉ xét nếu “Loại đơn vị” là “Cơ quan”",
            "[“Thực hiện đủ chế độ đào tạo, bồi dưỡng” (hiện: chưa biết) hoặc “Thu nhập” từ 40 triệu đồng trở lên (hiện 50)], chỉ xét nếu “Loại đơn vị” là “Cơ quan” (hiện: Cơ quan)",
        ),
        (
            'not (disadvantaged_area and unit_kind == "agency" and not has_plan)',
            "“Có kế hoạch học tập”, chỉ xét nếu (“Thuộc vùng khó khăn” và “Loại đơn vị” là “Cơ quan”)",
            "“Có kế hoạch học tập”, chỉ xét nếu [“Thuộc vùng khó khăn” (hiện: không) và “Loại đơn vị” là “Cơ quan” (hiện: Cơ quan)], nên không xét",
        ),
    ],
)
def test_what_is_asked_of_some_is_not_said_by_a_double_negation(
    condition: str, vi: str, vi_now: str
) -> None:
    loaded = profile(condition)
    tree = expressions_of(list(loaded.rules.nodes())[2])[0]
    now = current_wording(xhht.evaluate(loaded, FACTS, as_of=DAY)).sentence(tree)
    assert (loaded.wording().sentence(tree).vi, now.vi) == (vi, vi_now)


def test_a_list_of_denials_alone_stays_a_list() -> None:
    loaded = profile("not has_plan or not disadvantaged_area")
    tree = expressions_of(list(loaded.rules.nodes())[2])[0]
    assert loaded.wording().sentence(tree).vi == (
        "Không có kế hoạch học tập hoặc không thuộc vùng khó khăn"
    )


def test_an_outline_says_first_of_whom_something_is_asked() -> None:
    deep = 'has_plan and (unit_kind != "school" or (rules_kept and (income > 40 or has_plan)))'
    loaded = profile(deep)
    tree = expressions_of(list(loaded.rules.nodes())[2])[0]
    lines = [text.vi for _, text in loaded.wording().lines(tree)]
    assert "2. chỉ xét nếu “Loại đơn vị” là “Trường học”:" in lines
    assert not any("không phải" in line for line in lines)
