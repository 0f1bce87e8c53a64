from __future__ import annotations

from typing import Any

import pytest

import xhht
from xhht.testing.coverage import coverage_of

PROFILE = xhht.loads_profile("""\
format: 1
id: test.coverage
version: 1.0.0
status: active
title: learning_unit
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  flag: {type: bool, label: {vi: Cờ, en: Flag}}
  total: {type: count, max: 9, label: {vi: Tổng, en: Total}}
  panel: {type: assessed, max: 4, step: 1, label: {vi: Điểm, en: Points}}
criteria:
  - id: "1"
    requirement: must
    indicators:
      - {id: "1.1", points: 10, met_when: total >= 1, applies_when: flag, na_policy: full}
  - id: "2"
    indicators:
      - id: "2.1"
        points: 6
        bands: [{when: total >= 6, points: 6}, {when: total >= 3, points: 2}]
      - {id: "2.2", points: 4, assessed: panel, floor: 2}
levels:
  - {id: best, name: {vi: Đạt, en: Pass}, when: points >= 20}
  - {id: open, name: {vi: Mở, en: Open}, when: points >= unknown}
  - {id: some, name: {vi: Đạt, en: Pass}, when: points >= 12}
""")
ALL = {
    ("1", "met"),
    ("1", "unmet"),
    ("1.1", "met"),
    ("1.1", "unmet"),
    ("1.1", "not_applicable"),
    ("2.1", "points=6"),
    ("2.1", "points=2"),
    ("2.1", "points=0"),
    ("2.2", "met"),
    ("2.2", "between"),
    ("2.2", "unmet"),
    ("2.2", "floor_kept"),
    ("2.2", "floor_missed"),
    ("best", "awarded"),
    ("", "not_recognised"),
    ("", "undetermined"),
}
BEST = {"flag": True, "total": 6, "panel": 4}


def touched(*facts: dict[str, Any]) -> set[tuple[str, str]]:
    coverage = coverage_of(PROFILE, [xhht.evaluate(PROFILE, subject) for subject in facts])
    assert coverage.total == len(ALL)
    return ALL - {aspect.key for aspect in coverage.untouched}


def test_without_cases_nothing_is_touched() -> None:
    assert touched() == set()


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        (
            BEST,
            {
                ("1", "met"),
                ("1.1", "met"),
                ("2.1", "points=6"),
                ("2.2", "met"),
                ("2.2", "floor_kept"),
                ("best", "awarded"),
            },
        ),
        (
            {"flag": True, "total": 0, "panel": 1},
            {
                ("1", "unmet"),
                ("1.1", "unmet"),
                ("2.1", "points=0"),
                ("2.2", "between"),
                ("2.2", "floor_missed"),
                ("", "not_recognised"),
            },
        ),
        ({}, {("", "undetermined")}),
        (
            {**BEST, "flag": None, "total": None},
            {("2.2", "met"), ("2.2", "floor_kept"), ("", "undetermined")},
        ),
    ],
)
def test_a_result_shows_what_is_certain_of_it(
    facts: dict[str, Any], shown: set[tuple[str, str]]
) -> None:
    assert touched(facts) == shown


def test_what_is_untouched_names_its_place_in_words() -> None:
    coverage = coverage_of(PROFILE, [])
    lines = {
        aspect.key: (aspect.mark.line, aspect.text.en, aspect.text.vi)
        for aspect in coverage.untouched
    }
    assert lines["2.1", "points=2"] == (
        19,
        "indicator 2.1: earns 2 points",
        "chỉ số 2.1: được 2 điểm",
    )
    assert lines["best", "awarded"][0] == 24


def test_a_level_below_an_open_one_is_never_awarded_for_certain() -> None:
    assert ("some", "awarded") not in {aspect.key for aspect in coverage_of(PROFILE, []).untouched}


CERTAIN = """\
format: 1
id: test.certain
version: 1.0.0
status: active
title: learning_unit
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  score: {type: assessed, max: 10, label: {vi: Điểm, en: Score}}
  people: {type: count, label: {vi: Người, en: People}}
  backed: {type: bool, evidence: {required: true}, label: {vi: Có chứng cứ, en: Backed}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, assessed: score}
      - id: "1.2"
        points: 2
        bands: [{when: people >= 1, points: 2}, {when: people >= 2, points: 1}]
      - {id: "1.3", points: 1, per_item: {count: people, each: 1}}
      - {id: "1.4", points: 1, met_when: backed}
levels:
  - {id: pass, name: {vi: Đạt, en: Pass}, when: points >= 5}
  - {id: fail, name: {vi: Không đạt, en: Fail}, when: WHEN}
"""


@pytest.mark.parametrize(
    ("when", "undetermined"),
    [
        ("true", False),
        ("points >= -1", False),
        ('as_of >= "2024-01-01"', True),
        ('as_of >= "1000-01-01"', False),
        ("people >= 0", False),
        ("points >= 1", True),
        ("points < 5", True),
    ],
)
def test_what_is_proven_impossible_is_not_asked_for(when: str, undetermined: bool) -> None:
    profile = xhht.loads_profile(CERTAIN.replace("WHEN", when))
    keys = {aspect.key for aspect in coverage_of(profile, []).untouched}
    assert (("", "undetermined") in keys) is undetermined
    assert ("1.2", "points=2") in keys
    assert keys.isdisjoint({("1.2", "points=1"), ("1.3", "between")})
    # No case can have verified evidence.
    assert keys.isdisjoint({("1.4", "met"), ("1.4", "unmet")})
