from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_mutation import PROFILE, with_definitions, written

from xhht import load_profile
from xhht.cli import main
from xhht.testing.boundaries import Side, boundaries_of, with_cases
from xhht.testing.cases import load_cases, run_case


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["test", *args])


def profile_in(folder: Path, text: str = PROFILE) -> Path:
    path = folder / "sample.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_side_of_every_threshold_has_a_subject_just_there(tmp_path: Path) -> None:
    boundaries = list(boundaries_of(load_profile(profile_in(tmp_path))))
    totals = {
        (side.of, side.mark, side.side): side.subject.facts["total"]
        for side in boundaries
        if side.subject is not None and side.of != "pass"
    }
    assert totals == {
        ("1.1", "3", Side.BELOW): 2,
        ("1.1", "3", Side.AT): 3,
        ("1.1", "3", Side.ABOVE): 4,
        ("1.2", "7", Side.BELOW): 6,
        ("1.2", "7", Side.AT): 7,
        ("1.2", "7", Side.ABOVE): 8,
    }
    levels = {s.side: s.subject is not None for s in boundaries if s.of == "pass"}
    assert levels == {Side.BELOW: True, Side.AT: True, Side.ABOVE: True}


def test_a_threshold_in_a_definition_is_named_by_it(tmp_path: Path) -> None:
    boundaries = list(boundaries_of(load_profile(profile_in(tmp_path, with_definitions()))))
    totals = {
        side.side: side.subject.facts["total"]
        for side in boundaries
        if side.subject is not None and side.of == "enough"
    }
    assert totals == {Side.BELOW: 2, Side.AT: 3, Side.ABOVE: 4}
    marks = {s.side: s.subject is not None for s in boundaries if s.of == "mark"}
    assert marks == {Side.BELOW: True, Side.AT: True, Side.ABOVE: True}


def test_where_nobody_can_be_it_says_so(tmp_path: Path) -> None:
    text = PROFILE.replace("total > 7", '"share(total, 9) >= 100%"')
    boundaries = list(boundaries_of(load_profile(profile_in(tmp_path, text))))
    absent = [side for side in boundaries if side.subject is None]
    # Of 9 nobody has between 99% and 100%, and nobody more.
    assert [(side.of, side.side) for side in absent] == [("1.2", Side.BELOW), ("1.2", Side.ABOVE)]
    assert all(side.is_known for side in absent)
    assert absent[1].absence_message.en.startswith(
        "no subject exists at this point: 1.2, just above 100%"
    )


def test_floors_months_and_dated_values_have_sides_too(tmp_path: Path) -> None:
    text = PROFILE.replace("inputs:\n", "inputs:\n  since: {type: date, label: {vi: A, en: A}}\n")
    text = text.replace(
        "criteria:\n",
        "values:\n  least: {label: {vi: A, en: A}, dated: [{value: 5}]}\ncriteria:\n",
    )
    text = text.replace("met_when: total > 7", "per_item: {count: total, each: 1}, floor: 2")
    text = text.replace("total >= 3", "total >= least")
    text = text.replace(
        "when: points >= 10}",
        "when: points >= 10, requires: {level: low, months: 12, since: since}}\n"
        "  - {id: low, name: {vi: A, en: A}, when: points >= 1}",
    )
    boundaries = list(boundaries_of(load_profile(profile_in(tmp_path, text))))
    texts = {(side.of, side.text, side.side) for side in boundaries if side.subject is not None}
    assert {
        ("1.2", "floor 2", Side.BELOW),
        ("1.2", "floor 2", Side.AT),
        ("least", "value 5", Side.BELOW),
        ("least", "value 5", Side.AT),
        ("pass", "months 12", Side.BELOW),
        ("pass", "months 12", Side.AT),
    } <= texts


def test_cases_are_added_and_what_is_written_stays(tmp_path: Path) -> None:
    profile = written(tmp_path, ["- {name: own, facts: {}, expected: {verdict: undetermined}}"])
    path = tmp_path / "sample.test.yaml"
    before = path.read_text(encoding="utf-8") + "  # a note\n"
    path.write_text(before, encoding="utf-8")
    result = run("--boundaries", profile.file, "--lang", "en")
    assert result.exit_code == 0
    assert result.stdout == f"{path}: cases added: 9.\n"
    after = path.read_text(encoding="utf-8")
    assert after.startswith(before)
    cases = load_cases(path, profile)
    assert len(cases) == 10
    assert all(run_case(profile, case).passed for case in cases)
    assert run("--boundaries", profile.file, "--lang", "en").stdout == f"{path}: cases added: 0.\n"
    assert path.read_text(encoding="utf-8") == after
    assert run("--mutate", profile.file).exit_code == 0


@pytest.mark.parametrize("margin", ["", "  ", "    "])
def test_cases_stand_as_far_in_as_those_before(tmp_path: Path, margin: str) -> None:
    profile = load_profile(profile_in(tmp_path))
    text = f"cases:\n# first\n{margin}- {{name: own, facts: {{}}, expected: {{}}}}"
    path = tmp_path / "sample.test.yaml"
    longer, added = with_cases(text, profile, boundaries_of(profile))
    path.write_text(longer, encoding="utf-8")
    assert len(load_cases(path, profile)) == 1 + len(added) == 10


def test_a_file_is_made_where_there_is_none_and_json_tells(tmp_path: Path) -> None:
    profile_in(tmp_path)
    (tmp_path / "broken.yaml").write_text("format: 1\n", encoding="utf-8")
    result = run("--boundaries", str(tmp_path), "--format", "json", "--lang", "en")
    assert result.exit_code == 1
    broken, sample = json.loads(result.stdout)
    assert broken["added"] == []
    assert "XH1" in broken["faults"][0]
    assert (len(sample["added"]), sample["absent"], sample["faults"]) == (9, [], [])
    assert run(str(tmp_path / "sample.yaml")).exit_code == 0


def test_it_stands_alone(tmp_path: Path) -> None:
    result = run("--boundaries", "--mutate", str(profile_in(tmp_path)), "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot be combined with other options" in result.stderr
