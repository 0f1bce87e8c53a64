"""Conditions as sentences: each kind of expression, in both languages, with current values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import xhht
from inline_profiles import HEAD
from xhht.criteria.wording import wording_of
from xhht.evaluation.facts import MemberShare
from xhht.evaluation.wording import current_wording

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
        "share(members_disciplined, members) >= 90%",
        "Số thành viên tuân thủ kỷ luật đạt ít nhất 90% Số thành viên",
        "Members who keep discipline: at least 90% of Members",
        "Số thành viên tuân thủ kỷ luật đạt ít nhất 90% Số thành viên (hiện 38/40 = 95%)",
        "Members who keep discipline: at least 90% of Members (now 38 of 40 = 95%)",
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
        else list(loaded.rules.nodes())[2].scoring.expressions()[0]
    )
    rule = wording_of(loaded).sentence(tree)
    now = current_wording(xhht.evaluate(loaded, FACTS, as_of=DAY)).sentence(tree)
    assert (rule.vi, rule.en, now.vi, now.en) == (vi, en, vi_now, en_now)
