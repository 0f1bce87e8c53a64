"""A document may still be in force when none of its subjects exists any more."""

from __future__ import annotations

from datetime import date

import pytest

from xhht import Registry, loads_profile
from xhht.errors import ProfileNotFoundError

PROFILE = """\
format: 1
id: example.district
version: 1.0.0
status: active
title: learning_community
applies_to: {level: [district]}
name: {vi: Cộng đồng học tập cấp huyện, en: Learning community of a district}
effective_from: 2024-02-12
no_subjects_from:
  date: 2025-07-01
  reason: {vi: Không còn cấp huyện, en: There are no districts}
legal_basis: {document: 1/2024, issued: 2024-01-01}
provenance: partial
inputs:
  has_plan: {type: bool, label: {vi: Có kế hoạch, en: Has a plan}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", met_when: has_plan}
levels:
  - {id: recognised, name: {vi: Đạt, en: Recognised}, when: met("1")}
"""
PROFILES = Registry((loads_profile(PROFILE),))


def test_the_profile_answers_until_the_day_before() -> None:
    profile = PROFILES.resolve("learning_community", as_of=date(2025, 6, 30))
    assert profile.id == "example.district"


def test_afterwards_the_error_states_the_day_and_the_reason() -> None:
    with pytest.raises(ProfileNotFoundError) as error:
        PROFILES.resolve("learning_community", as_of=date(2025, 7, 1))
    assert (
        "example.district@1.0.0 (không còn đối tượng từ 01/07/2025: Không còn cấp huyện)"
        in error.value.message("vi")
    )
    assert "(without subjects from 2025-07-01: There are no districts)" in error.value.message("en")


def test_the_document_itself_is_still_in_force() -> None:
    assert PROFILES.get("example.district@1.0.0").in_force(date(2025, 12, 31))
