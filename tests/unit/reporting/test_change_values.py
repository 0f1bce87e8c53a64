"""Comparisons say in words what officials read: no value is shown as the file writes it."""

from __future__ import annotations

import pytest

import xhht
from xhht.reporting.comparisons import changes_text
from xhht.text import Lang

FILE = """\
format: 1
id: test.unit
version: 1.0.0
status: active
title: learning_unit
applies_to: {managed_by: [district]}
name: {vi: Đơn vị, en: Unit}
provenance: illustrative
cycle: {period: calendar_year, submit_by: 01-15}
inputs:
  plan: {type: bool, label: {vi: Có kế hoạch, en: Has a plan}}
  members: {type: count, min: 1, label: {vi: Số thành viên, en: Members}}
  citizens:
    type: count
    label: {vi: Số công dân, en: Citizens}
    members: {title: learning_citizen, take: count}
values:
  least: {label: {vi: Mức tối thiểu, en: Minimum}, dated: [{value: 80%}]}
criteria:
  - id: "1"
    indicators:
      - id: "1.1"
        met_by_level:
          level_2: share(citizens, members) >= least
          level_1: plan
levels:
  - {id: level_2, name: {vi: Mức 2, en: Level 2}, when: 'met("1")'}
  - {id: level_1, name: {vi: Mức 1, en: Level 1}, when: 'met("1")'}
"""


def compared(old: str, new: str, lang: Lang) -> str:
    assert old in FILE
    profiles = xhht.loads_profile(FILE), xhht.loads_profile(FILE.replace(old, new))
    [_, line, *_] = changes_text(xhht.compare_profiles(*profiles), lang).splitlines()
    return line.removeprefix("~ ")


@pytest.mark.parametrize(
    ("old", "new", "vi", "en"),
    [
        (
            "[district]",
            "[district, province]",
            "bộ tiêu chí: đối tượng: cấp quản lý: huyện → cấp quản lý: huyện, tỉnh "
            "[chưa rõ nới lỏng hay siết chặt]",
            "profile: subjects: managed by: district → managed by: district, province "
            "[unclear whether looser or tighter]",
        ),
        (
            "calendar_year, submit_by: 01-15",
            "school_year, submit_by: 02-01",
            "bộ tiêu chí: kỳ đánh giá: năm dương lịch; nộp trước 15/01 → năm học; nộp trước 01/02",
            "profile: cycle: calendar year; submitted by 01-15 → school year; submitted by 02-01",
        ),
        (
            "status: active",
            "status: draft",
            "bộ tiêu chí: trạng thái: đang dùng → bản nháp",
            "profile: status: active → draft",
        ),
        (
            "take: count}",
            'take: count, over: registered, where: "age >= 18 and is_member"}',
            "đầu vào citizens (Số công dân): thành viên được tính: số thành viên được công nhận "
            "“Công dân học tập” → số thành viên được công nhận “Công dân học tập”; tính trên số "
            "thành viên đã đăng ký; chỉ tính thành viên có age ≥ 18 và is member "
            "[chưa rõ nới lỏng hay siết chặt]",
            "input citizens (Citizens): members counted: number of members recognised as “Learning "
            "citizen” → number of members recognised as “Learning citizen”; among the members "
            "registered for it; only members with age ≥ 18 and is member "
            "[unclear whether looser or tighter]",
        ),
        (
            "[{value: 80%}]",
            "[{value: 80%}, {from: 2024-01-01, value: 85%}]",
            "giá trị theo ngày least (Mức tối thiểu): theo ngày: 80% → 80%; 85% từ 01/01/2024 "
            "[siết chặt]",
            "dated value least (Minimum): by date: 80% → 80%; 85% from 2024-01-01 [tighter]",
        ),
        (
            "level_1: plan",
            "level_1: true",
            "chỉ số 1.1: Mức 1: điều kiện đạt: Có kế hoạch → Mọi trường hợp [nới lỏng]",
            "indicator 1.1: Level 1: condition to be met: Has a plan → In every case [looser]",
        ),
    ],
)
def test_a_change_is_in_words(old: str, new: str, vi: str, en: str) -> None:
    assert compared(old, new, Lang.VI) == vi
    assert compared(old, new, Lang.EN) == en
