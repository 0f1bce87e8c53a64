from __future__ import annotations

from pathlib import Path

import pytest

from xhht import Profile, evaluate, load_profile
from xhht.criteria.loading import load_tree
from xhht.rules.analysis import spacing
from xhht.testing import mutation as mutants
from xhht.testing.cases import load_cases, results_of
from xhht.testing.mutation import MutationReport, mutants_of, try_mutants

PROFILE = """\
format: 1
id: test.mutants
version: 1.0.0
status: active
title: learning_unit
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  flag: {type: bool, label: {vi: Cờ, en: Flag}}
  total: {type: count, max: 9, label: {vi: Tổng, en: Total}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: flag and total >= 3}
      - {id: "1.2", points: 5, met_when: total > 7}
levels:
  - {id: pass, name: {vi: Đạt, en: Pass}, when: points >= 10}
"""
AT_3 = '- {name: at 3, facts: {flag: "true", total: 3}, expected: {points: 10, level: pass}}'
AT_2 = '- {name: below 3, facts: {flag: "true", total: 2}, expected: {points: 0}}'
NO_FLAG = '- {name: no flag, facts: {flag: "false", total: 7}, expected: {points: 0}}'
AT_8 = '- {name: at 8, facts: {flag: "false", total: 8}, expected: {points: 5, level: none}}'
ABOVE = {"points >= 15", "points > 10"}
WHOLE = [AT_3, AT_2, NO_FLAG, AT_8]


def written(folder: Path, cases: list[str], text: str = PROFILE) -> Profile:
    path = folder / "sample.yaml"
    path.write_text(text, encoding="utf-8")
    lines = "\n".join(f"  {case}" for case in cases)
    (folder / "sample.test.yaml").write_text(f"cases:\n{lines}\n", encoding="utf-8")
    return load_profile(path)


def tried(profile: Profile) -> MutationReport:
    cases = load_cases(Path(profile.file).with_name("sample.test.yaml"), profile)
    return try_mutants(profile, cases)


def test_cases_at_every_threshold_notice_every_change(tmp_path: Path) -> None:
    trial = tried(written(tmp_path, WHOLE))
    assert trial.survivors == trial.silent == ()
    assert (trial.noticed, trial.same) == (14, 0)


@pytest.mark.parametrize(
    ("left_out", "unnoticed"),
    [
        (AT_2, {"flag and total >= 2"}),
        (AT_3, {"flag and total >= 4", "flag and total > 3", "9", "11"} | ABOVE),
        (NO_FLAG, {"flag or total >= 3", "total >= 7", "total > 6"}),
        (AT_8, {"total > 8", "4", "6", "points >= 5"}),
    ],
)
def test_a_missing_case_is_shown_by_changes_that_nobody_notices(
    tmp_path: Path, left_out: str, unnoticed: set[str]
) -> None:
    profile = written(tmp_path, [case for case in WHOLE if case != left_out])
    values = {mutant.new for mutant in tried(profile).survivors}
    assert values
    assert values <= unnoticed


def test_a_change_names_its_place(tmp_path: Path) -> None:
    trial = tried(written(tmp_path, [case for case in WHOLE if case != AT_2]))
    (mutant,) = trial.survivors
    assert (mutant.mark.line, mutant.old) == (14, "flag and total >= 3")
    assert PROFILE.splitlines()[13][mutant.mark.column - 1 :].startswith(mutant.old)


def test_marks_of_levels_move_by_the_distance_of_totals(tmp_path: Path) -> None:
    profile = written(tmp_path, WHOLE)
    assert spacing(profile.plan) == 5
    tree = load_tree(profile.file)
    marks = {m.new for m in mutants_of(tree, profile) if m.pointer.startswith("/levels")}
    assert marks == {"points >= 5", "points >= 15", "points > 10"}


def test_what_waits_for_a_mark_that_nobody_saw_is_told_apart(tmp_path: Path) -> None:
    text = PROFILE.replace("when: points >= 10}", "when: points >= 10 and unknown}")
    case = AT_3.replace("level: pass", "levels_possible: [pass, none]")
    below = AT_8.replace(", level: none", ", verdict: not_recognised")
    trial = tried(written(tmp_path, [case, AT_2, NO_FLAG, below], text))
    assert trial.survivors == ()
    trial = tried(written(tmp_path, [case, AT_2, NO_FLAG], text))
    assert {mutant.pointer for mutant in trial.silent} == {"/levels/0/when"}


def test_of_an_overlay_only_its_own_values_are_changed(tmp_path: Path) -> None:
    written(tmp_path, WHOLE)
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(
        """\
format: 1
id: test.overlay
version: 1.0.0
status: active
extends: test.mutants@1.0.0
area: "01"
provenance: illustrative
legal_basis: {document: 1/QĐ, issuer: UBND, issued: 2024-01-01, source: "https://example.vn/"}
overrides:
  - at: levels/pass/when
    value: points >= 15
    reason: {vi: Thử, en: Test}
    legal_basis: {document: 1/QĐ, issuer: UBND, issued: 2024-01-01, source: "https://example.vn/"}
""",
        encoding="utf-8",
    )
    profile = load_profile(overlay)
    mutants = list(mutants_of(load_tree(overlay), profile))
    assert {mutant.new for mutant in mutants} == {"points >= 10", "points >= 20", "points > 15"}
    assert {mutant.old for mutant in mutants} == {"points >= 15"}


def test_a_change_that_nobody_shows_is_no_survivor(tmp_path: Path) -> None:
    # Totals are 0, 5, 10 and 15; with points 10 and 6 they are 0, 6, 10 and 16.
    text = PROFILE.replace("points: 5", "points: 6")
    case = AT_8.replace("points: 5", "points: 6")
    trial = tried(written(tmp_path, [AT_3, AT_2, NO_FLAG, case], text))
    # Nobody has 8 points, and so a mark of 8 is one of 10.
    assert spacing(load_profile(tmp_path / "sample.yaml").plan) == 2
    assert (trial.survivors, trial.same) == ((), 1)


def test_a_survivor_comes_with_a_subject_who_shows_it(tmp_path: Path) -> None:
    profile = written(tmp_path, [case for case in WHOLE if case != AT_2])
    (mutant,) = tried(profile).survivors
    assert mutant.subject is not None
    assert mutant.subject.facts["total"] == 2
    assert mutant.subject.facts["flag"] is True


def test_without_the_solver_survivors_are_told_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutants, "distinguishing_search_of", lambda profile: None)
    (mutant,) = tried(written(tmp_path, [case for case in WHOLE if case != AT_2])).survivors
    assert mutant.subject is None


TWO_LEVELS = """\
format: 1
id: test.levels
version: 1.0.0
status: active
title: learning_unit
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  score: {type: assessed, max: 10, label: {vi: Điểm, en: Score}}
criteria:
  - {id: "1", indicators: [{id: "1.1", points: 10, assessed: score}]}
levels:
  - {id: pass, name: {vi: Đạt, en: Pass}, when: points >= 5}
  - {id: fail, name: {vi: Không đạt, en: Fail}, when: points < 5}
"""
DATED = """\
format: 1
id: test.dated
version: 1.0.0
status: active
title: learning_unit
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  income: {type: count, max: 90, label: {vi: Thu nhập, en: Income}}
  total: {type: count, min: 1, label: {vi: Tổng, en: Total}}
values:
  mark: {label: {vi: Mức, en: Mark}, dated: [{value: 39}, {from: 2024-01-01, value: 45}]}
  quota: {label: {vi: Tỉ lệ, en: Quota}, dated: [{value: 62.5%}]}
  first: {label: {vi: Ngày, en: Day}, dated: [{value: "0001-01-01"}]}
  last: {label: {vi: Ngày, en: Day}, dated: [{value: "9999-12-31"}]}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", met_when: income >= mark}
      - {id: "1.2", met_when: "share(income, total) >= quota"}
      - {id: "1.3", met_when: first <= as_of <= last}
levels:
  - {id: pass, name: {vi: Đạt, en: Pass}, when: met("1")}
"""


def test_dated_numbers_percentages_and_days_are_changed(tmp_path: Path) -> None:
    profile = written(tmp_path, ["- {name: none, facts: {}, as_of: 2024-06-01}"], DATED)
    values = {
        (mutant.old, mutant.new)
        for mutant in mutants_of(load_tree(profile.file), profile)
        if mutant.pointer.startswith("/values/")
    }
    assert values == {
        *(("39", "38"), ("39", "40"), ("45", "44"), ("45", "46")),
        *(("62.5%", "62.4%"), ("62.5%", "62.6%")),
        *(("0001-01-01", "0001-01-02"), ("9999-12-31", "9999-12-30")),
    }


def test_facts_that_detect_a_change_name_their_day(tmp_path: Path) -> None:
    case = "- {name: none, facts: {}, as_of: 2024-06-01, expected: {points: 0}}"
    profile = written(tmp_path, [case], DATED)
    survivor = next(mutant for mutant in tried(profile).survivors if mutant.old == "45")
    assert survivor.subject is not None
    assert survivor.subject.as_of is not None
    assert survivor.subject.as_of.year >= 2024
    assert survivor.to_dict()["as_of"] == survivor.subject.as_of.isoformat()


def test_a_change_that_better_levels_hide_is_no_survivor(tmp_path: Path) -> None:
    cases = [
        f"- {{name: at {score}, facts: {{score: {score}}}, expected: {{level: {level}}}}}"
        for score, level in ((4, "fail"), (5, "pass"))
    ]
    trial = tried(written(tmp_path, cases, TWO_LEVELS))
    assert not [mutant for mutant in trial.survivors if mutant.pointer == "/levels/1/when"]


@pytest.mark.parametrize("text", [PROFILE, TWO_LEVELS, DATED])
def test_facts_that_detect_a_change_give_another_result(tmp_path: Path, text: str) -> None:
    profile = written(tmp_path, ["- {name: none, facts: {}, as_of: 2024-06-01}"], text)
    tree = load_tree(profile.file)
    for mutant in tried(profile).survivors:
        changed = mutants.variant(profile, tree, mutant.pointer, mutant.new)
        assert changed is not None
        assert mutant.subject is not None, mutant
        one, other = (
            results_of(evaluate(version, mutant.subject.facts, as_of=mutant.subject.as_of))
            for version in (profile, changed)
        )
        assert one != other, mutant


def test_an_input_that_needs_evidence_is_open_in_every_case(tmp_path: Path) -> None:
    text = PROFILE.replace("flag: {type: bool,", "flag: {type: bool, evidence: {required: true},")
    trial = tried(written(tmp_path, ["- {name: none, facts: {}}"], text))
    assert trial.survivors
    assert all(m.subject is None or "flag" not in m.subject.facts for m in trial.survivors)


def with_definitions(text: str = PROFILE) -> str:
    """Return a profile with conditions under definitions."""
    text = text.replace("flag and total >= 3", "flag and enough").replace("points >= 10", "mark")
    return text + (
        "definitions:\n"
        "  enough: {label: {vi: Đủ, en: Enough}, when: total >= 3}\n"
        "  mark: {label: {vi: Mốc, en: Mark}, when: points >= 10}\n"
    )


def test_a_definition_is_changed_once_wherever_it_is_used(tmp_path: Path) -> None:
    profile = written(tmp_path, WHOLE, with_definitions())
    changed = {(m.pointer, m.new) for m in mutants_of(load_tree(profile.file), profile)}
    assert {new for pointer, new in changed if pointer == "/definitions/enough/when"} == {
        "total >= 2",
        "total >= 4",
        "total > 3",
    }
    assert {new for pointer, new in changed if pointer == "/definitions/mark/when"} == {
        "points >= 5",
        "points >= 15",
        "points > 10",
    }
    assert not {pointer for pointer, _ in changed} & {"/levels/0/when"}
    assert tried(profile).survivors == ()
    (survivor,) = tried(written(tmp_path, WHOLE[:1] + WHOLE[2:], with_definitions())).survivors
    assert (survivor.pointer, survivor.new) == ("/definitions/enough/when", "total >= 2")


def test_a_definition_of_a_level_that_waits_for_a_mark_is_told_apart(tmp_path: Path) -> None:
    text = with_definitions().replace("when: points >= 10}", "when: points >= 10 and unknown}")
    case = AT_3.replace("level: pass", "levels_possible: [pass, none]")
    trial = tried(written(tmp_path, [case, AT_2, NO_FLAG], text))
    assert {mutant.pointer for mutant in trial.silent} == {"/definitions/mark/when"}
