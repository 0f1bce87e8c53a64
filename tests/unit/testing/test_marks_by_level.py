"""What testing, comparison, proofs, columns and forms make of marks by level."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import xhht
from xhht import Profile, compare_profiles, evaluate, loads_profile
from xhht.criteria.changes import Effect
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.loading import examine_profile, load_tree
from xhht.proving import prove
from xhht.testing.boundaries import boundaries_of, with_cases
from xhht.testing.cases import load_cases, run_case
from xhht.testing.coverage import coverage_of
from xhht.testing.mutation import mutants_of

TEXT = """\
format: 1
id: test.unit
version: 1.0.0
status: active
title: learning_unit
name: {vi: Đơn vị, en: Unit}
provenance: illustrative
inputs:
  members: {type: count, min: 1, max: 1000, label: {vi: Số thành viên, en: Members}}
  disciplined: {type: count, max: 1000, at_most: members, label: {vi: Kỷ luật, en: Disciplined}}
  public: {type: bool, label: {vi: Là đơn vị công lập, en: Is public}}
  collective: {type: bool, label: {vi: Tập thể tiên tiến, en: Advanced collective}}
criteria:
  - id: "2"
    requirement: must
    indicators:
      - id: "2.1"
        met_by_level:
          level_2: share(disciplined, members) >= 95%
          level_1: share(disciplined, members) >= 90%
  - id: "3"
    indicators:
      - id: "3.3"
        met_by_level:
          level_2: {applies_when: public, met_when: collective}
          level_1: collective
levels:
  - {id: level_2, name: {vi: Mức 2, en: Level 2}, when: 'met("3")'}
  - {id: level_1, name: {vi: Mức 1, en: Level 1}, when: 'met("3")'}
"""
OF_PUBLIC = "{applies_when: public, met_when: collective}"
FACTS = {"members": 100, "disciplined": 94, "public": False, "collective": True}


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    path = tmp_path / "unit.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return xhht.load_profile(path)


def test_every_level_has_aspects_to_cover(profile: Profile) -> None:
    coverage = coverage_of(profile, [evaluate(profile, FACTS)])
    untouched = {
        what for node, what in (aspect.key for aspect in coverage.untouched) if node == "3.3"
    }
    assert untouched == {
        "met for level_2",
        "unmet for level_2",
        "unmet for level_1",
    }


def test_marks_of_each_level_are_changed_for_mutants(profile: Profile) -> None:
    tree = load_tree(profile.file)
    changes = {
        (mutant.pointer.rpartition("/")[2], mutant.new) for mutant in mutants_of(tree, profile)
    }
    for level, mark in (("level_2", 95), ("level_1", 90)):
        for other in (mark - 1, mark + 1):
            assert (level, f"share(disciplined, members) >= {other}%") in changes


def test_marks_of_each_level_have_boundaries(profile: Profile) -> None:
    sides = [side for side in boundaries_of(profile) if side.of == "2.1"]
    assert {(side.mark, side.side.value) for side in sides if side.subject} == {
        (mark, side) for mark in ("95%", "90%") for side in ("below", "at", "above")
    }


def test_a_proof_finds_no_fault_in_marks_by_level(profile: Profile) -> None:
    proof = prove(profile)
    assert {finding.severity.value for finding in proof.findings} == {"note"}


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        ("level_1: collective", f"level_1: {OF_PUBLIC}", Effect.LOOSER),
        (">= 90%", ">= 85%", Effect.LOOSER),
        (">= 95%", ">= 99%", Effect.TIGHTER),
        (OF_PUBLIC, "collective", Effect.TIGHTER),
        ("level_1: collective", "level_1: {applies_when: false}", Effect.LOOSER),
    ],
)
def test_a_changed_mark_is_looser_or_tighter(old: str, new: str, effect: Effect) -> None:
    changes = compare_profiles(loads_profile(TEXT), loads_profile(TEXT.replace(old, new))).changes
    assert {change.effect for change in changes} == {effect}
    assert all((change.key or "").startswith("met_by_level.level_") for change in changes)


def test_a_renamed_level_keeps_its_marks() -> None:
    renamed = TEXT.replace("level_1", "level_one")
    changes = compare_profiles(loads_profile(TEXT), loads_profile(renamed)).changes
    assert [change.key for change in changes] == ["id"]


def test_columns_have_the_status_for_each_level(profile: Profile) -> None:
    rows: list[dict[str, Any]] = [FACTS, FACTS | {"disciplined": 20}, {"members": 10}]
    frame = xhht.frames.evaluate(profile, pd.DataFrame(rows), detail="criteria").rows
    results = [evaluate(profile, row) for row in rows]
    for node in ("2", "2.1", "3", "3.3"):
        expected = [result.criterion(node) for result in results]
        assert list(frame[f"status[{node}]"]) == [criterion.status for criterion in expected]
        for level in ("level_2", "level_1"):
            statuses = [criterion.status_by_level[level] for criterion in expected]
            assert list(frame[f"status[{node}][{level}]"]) == statuses


@pytest.mark.parametrize("at", ["level_2", "level_1"])
def test_an_overlay_changes_the_mark_of_one_level(tmp_path: Path, at: str) -> None:
    tmp_path.joinpath("unit.yaml").write_text(TEXT, encoding="utf-8")
    overlay = tmp_path / "own.yaml"
    overlay.write_text(
        "format: 1\nid: test.own\nversion: 1.0.0\nstatus: draft\nextends: test.unit@1.0.0\n"
        'area: "01"\nprovenance: illustrative\nlegal_basis: {document: D}\noverrides:\n'
        f"  - at: criteria/2.1/met_by_level/{at}\n    value: share(disciplined, members) >= 97%\n"
        "    reason: {vi: Cao hơn, en: Higher}\n    legal_basis: {document: D}\n",
        encoding="utf-8",
    )
    own = xhht.load_profile(overlay, bases=[tmp_path])
    level = evaluate(own, FACTS | {"disciplined": 96}).level
    assert level == ("level_1" if at == "level_2" else "level_2")


GUARDED = """\
  - id: "4"
    indicators:
      - id: "4.1"
        met_by_level:
          level_2: {applies_when: learners > 0, met_when: 'share(readers, learners) >= 50%'}
          level_1: {applies_when: false}
"""
COUNTED = """\
  learners: {type: count, max: 1000, label: {vi: Số người học, en: Learners}}
  readers: {type: count, max: 1000, at_most: learners, label: {vi: Số bạn đọc, en: Readers}}
"""


def with_learners(mark: str) -> str:
    guarded = GUARDED.replace("applies_when: learners > 0", mark)
    return TEXT.replace("criteria:\n", f"{COUNTED}criteria:\n").replace(
        "levels:\n", f"{guarded}levels:\n"
    )


@pytest.mark.parametrize(
    ("mark", "codes"),
    [
        ("applies_when: learners > 0", []),
        ("applies_when: learners > 0 and public", []),
        ("applies_when: learners > 0 or public", ["XH405"]),
        ("applies_when: public", ["XH405"]),
    ],
)
def test_the_applicability_of_a_mark_guards_its_share(mark: str, codes: list[str]) -> None:
    diagnostics = examine_profile(with_learners(mark).encode(), "unit.yaml").diagnostics
    assert [diagnostic.code for diagnostic in diagnostics] == codes


def test_a_share_that_no_level_asks_of_a_subject_is_not_undefined() -> None:
    profile = loads_profile(with_learners("applies_when: learners > 0"))
    nobody = evaluate(profile, {**FACTS, "learners": 0, "readers": 0})
    assert nobody.exact
    assert not [gap for gap in nobody.gaps() if gap.reason.value == "undefined_share"]
    of_everyone = loads_profile(with_learners("applies_when: true"))
    nobody = evaluate(of_everyone, {**FACTS, "learners": 0, "readers": 0})
    assert [gap.criterion for gap in nobody.gaps() if gap.reason.value == "undefined_share"] == [
        "4.1"
    ]


def test_cases_at_boundaries_state_the_status_for_each_level(profile: Profile) -> None:
    text, _ = with_cases("", profile, boundaries_of(profile))
    assert "status_by_level: {'2.1': {level_2: unmet, level_1: met}}" in text
    assert "points" not in text
    path = profile_file(profile).with_name("unit.test.yaml")
    path.write_text(text, encoding="utf-8")
    assert all(run_case(profile, case).passed for case in load_cases(path, profile))
    path.write_text(text.replace("level_1: met}}", "level_1: unmet}}"), encoding="utf-8")
    outcomes = [run_case(profile, case) for case in load_cases(path, profile)]
    keys = {mismatch.key for outcome in outcomes for mismatch in outcome.differences}
    assert "status_by_level.2.1.level_1" in keys


@pytest.mark.parametrize(
    ("expected", "code"),
    [
        ("status_by_level: {'2.9': {level_1: met}}", "XH208"),
        ("status_by_level: {'2.1': {level_9: met}}", "XH120"),
        ("status_by_level: {'2.1': {level_1: mett}}", "XH120"),
    ],
)
def test_statuses_by_level_of_a_case_are_checked(
    profile: Profile, expected: str, code: str
) -> None:
    path = profile_file(profile).with_name("unit.test.yaml")
    path.write_text(f"cases:\n  - {{name: x, facts: {{}}, expected: {{{expected}}}}}\n", "utf-8")
    with pytest.raises(ProfileError) as caught:
        load_cases(path, profile)
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == [code]


def profile_file(profile: Profile) -> Path:
    assert profile.file is not None
    return Path(profile.file)
