"""`compare_profiles`: each kind of change, its places, and what it does."""

from __future__ import annotations

import pytest

from xhht import compare_profiles, loads_profile
from xhht.criteria.changes import ProfileChange

OLD = """\
format: 1
id: test.old
version: 1.0.0
status: active
title: learning_household
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  reads: {type: bool, label: {vi: Có tủ sách, en: Has books}}
  adults: {type: count, min: 1, max: 20, label: {vi: Người lớn, en: Adults}}
  learners: {type: count, at_most: adults, label: {vi: Người học, en: Learners}}
  panel: {type: assessed, max: 10, label: {vi: Điểm chấm, en: Panel}}
values:
  quota: {label: {vi: Tỉ lệ, en: Share}, dated: [{value: 50%}]}
criteria:
  - id: "1"
    name: {vi: Học, en: Learning}
    indicators:
      - {id: "1.1", name: {vi: Sách, en: Books}, points: 10, met_when: reads}
      - {id: "1.2", points: 10, met_when: "share(learners, adults) >= quota"}
      - id: "1.3"
        points: 20
        bands:
          - {when: learners >= 4, points: 20}
          - {when: learners >= 2, points: 10}
  - id: "2"
    name: {vi: Chấm, en: Panel}
    indicators:
      - {id: "2.1", points: 10, floor: 2, assessed: panel}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 40}
  - {id: fair, name: {vi: Khá, en: Fair}, when: points >= 20}
"""


def changed(*edits: tuple[str, str]) -> tuple[ProfileChange, ...]:
    text = OLD
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    return compare_profiles(loads_profile(OLD, "old.yaml"), loads_profile(text, "new.yaml")).changes


@pytest.mark.parametrize(
    ("before", "after", "about", "effect"),
    [
        ("points >= 40", "points >= 41", "level good when", "tighter"),
        ("points >= 40", "points > 40", "level good when", "tighter"),
        ("points >= 20", "points >= 15 and reads", "level fair when", "unknown"),
        ("points >= 20", "points >= 15 or reads", "level fair when", "looser"),
        ("learners >= 4", "learners >= 3", "indicator 1.3 bands[1].when", "looser"),
        (
            "{when: learners >= 2, points: 10}",
            "{when: learners >= 2, points: 5}",
            "indicator 1.3 bands[2].points",
            "tighter",
        ),
        ("floor: 2", "floor: 1", "indicator 2.1 floor", "looser"),
        ("floor: 2, ", "", "indicator 2.1 floor", "looser"),
        ("value: 50%", "value: 60%", "value quota dated", "tighter"),
        (
            "value: 50%",
            'value: 50%}, {from: 2030-01-01, value: "40%"',
            "value quota dated",
            "looser",
        ),
        ("met_when: reads", "met_when: true", "indicator 1.1 met_when", "looser"),
        ("max: 20,", "max: 30,", "input adults max", "neither"),
        (
            "en: Has books}",
            "en: Has books}, evidence: {required: true}",
            "input reads evidence",
            "tighter",
        ),
        ("floor: 2", "floor: 2, requirement: must", "indicator 2.1 requirement", "tighter"),
        ("status: active", "status: draft", "profile  status", "neither"),
    ],
)
def test_one_change(before: str, after: str, about: str, effect: str) -> None:
    (change,) = changed((before, after))
    assert f"{change.part.value} {change.id} {change.key}" == about
    assert change.effect.value == effect


DEDUCTION = """\
      - {id: "2.2", points: -10, per_item: {count: learners, each: -2}}
levels:
"""


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        ("each: -2", "each: -3", "tighter"),
        ("each: -3", "each: -2", "looser"),
        ("count: learners", "count: adults", "unknown"),
    ],
)
def test_points_for_every_item_of_a_deduction(old: str, new: str, effect: str) -> None:
    text = OLD.replace("levels:\n", DEDUCTION)
    text = text.replace("each: -2", old) if "each" in old else text
    before = loads_profile(text, "old.yaml")
    after = loads_profile(text.replace(old, new), "new.yaml")
    (change,) = compare_profiles(before, after).changes
    assert change.effect.value == effect


STEPS = """\
  - id: good
    name: {vi: Tốt, en: Good}
    when: points >= 40
    requires: {level: fair, months: 12, since: fair_since}
"""
STRICT = STEPS.replace("fair_since}", "fair_since, held: fair_held}")
OF_HOLDERS = STEPS.replace("fair_since}", "fair_since, held: fair_held, binds: holders}")


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        (STEPS, STRICT, "tighter"),
        (STRICT, OF_HOLDERS, "looser"),
        (OF_HOLDERS, STRICT, "tighter"),
        (OF_HOLDERS, STEPS, "tighter"),
        (STRICT, OF_HOLDERS.replace("12", "24"), "unknown"),
        (OF_HOLDERS, OF_HOLDERS.replace("12", "24"), "tighter"),
    ],
)
def test_whom_a_prerequisite_binds(before: str, after: str, effect: str) -> None:
    declared = """\
  fair_since: {type: date, label: {vi: Ngày, en: Day}}
  fair_held: {type: bool, label: {vi: Đã có, en: Holds}}
values:
"""
    level = "  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 40}\n"
    base = OLD.replace("values:\n", declared)
    old, new = (loads_profile(base.replace(level, text)) for text in (before, after))
    (change,) = compare_profiles(old, new).changes
    assert (change.key, change.effect.value) == ("requires", effect)


def test_a_new_first_indicator_only_shifts_the_others() -> None:
    changes = changed(
        ('id: "1.2"', 'id: "1.3x"'),
        (
            '{id: "1.1", name',
            '{id: "1.0", points: 5, met_when: not reads}\n      - {id: "1.2", name',
        ),
    )
    described = {
        (change.kind.value, change.id, change.key, change.effect.value) for change in changes
    }
    assert described == {
        ("changed", "1", "points", "neither"),
        ("added", "1.0", None, "looser"),
        ("renamed", "1.2", "id", "neither"),
        ("renamed", "1.3x", "id", "neither"),
    }


def test_a_renamed_input_is_no_other_condition() -> None:
    (change,) = changed(("learners", "people_who_learn"))
    assert (change.kind.value, change.id, change.old) == ("renamed", "people_who_learn", "learners")


def test_moved_removed_and_rewritten() -> None:
    moved = '      - {id: "1.1", name: {vi: Sách, en: Books}, points: 10, met_when: reads}\n'
    changes = changed((moved, ""), ("levels:\n", f"{moved}levels:\n"))
    assert ("moved", "1.1", "1", "2") in {(c.kind.value, c.id, c.old, c.new) for c in changes}
    (removed,) = changed(("  - {id: fair, name: {vi: Khá, en: Fair}, when: points >= 20}\n", ""))
    assert (removed.kind.value, removed.effect.value, removed.new_place) == (
        "removed",
        "tighter",
        None,
    )
    assert not changed(("points >= 40", "40 <= points"), ("learners >= 4", "not learners < 4"))


def test_both_places_are_told() -> None:
    (floor,) = (c for c in changed(("format: 1\n", "format: 1\n\n"), ("floor: 2", "floor: 3")))
    assert str(floor.old_place) == "old.yaml:29:40"
    assert str(floor.new_place) == "new.yaml:30:40"
