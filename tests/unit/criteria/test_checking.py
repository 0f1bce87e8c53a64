"""Sets of files are checked together: what one file alone cannot show, and its order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import xhht.criteria
from xhht.criteria import CheckResults, check_contents, check_files, fix_contents, read_files
from xhht.criteria.files import bundled_directory, earlier_versions
from xhht.issues import Severity

MEMBERS = """\
format: 1
id: test.{title}
version: 1.0.0
status: active
title: learning_{title}
name: {{vi: Mẫu, en: Sample}}
provenance: illustrative
inputs:
  has_plan: {{type: bool, label: {{vi: Kế hoạch, en: Plan}}}}
criteria:
  - id: "1"
    indicators:
      - {{id: "1.1", points: 10, met_when: has_plan}}
levels:
  - {{id: good, name: {{vi: Tốt, en: Good}}, when: points >= 10}}
"""
UNIT = MEMBERS.format(title="unit")
FAULTY = UNIT.replace("has_plan}", "has_plans}")


def base_and_overlay() -> tuple[str, str]:
    directory = bundled_directory() / "vn"
    base = (directory / "unit-tt22-2020.yaml").read_text(encoding="utf-8")
    overlay = (directory / "unit-tt22-2020-hanoi.yaml").read_text(encoding="utf-8")
    return (
        base.replace("id: vn.unit.tt22-2020", "id: other.unit"),
        overlay.replace("extends: vn.unit.tt22-2020@", "extends: other.unit@"),
    )


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_the_face_of_the_package_has_the_names_it_promises() -> None:
    for name in xhht.criteria.__all__:
        assert getattr(xhht.criteria, name).__name__ == name
    assert not hasattr(xhht.criteria, "check_everything")


def test_results_are_those_of_each_file_in_order(tmp_path: Path) -> None:
    write(tmp_path, b=FAULTY, a=UNIT)
    (tmp_path / "c.targets.yaml").write_text("format: 1\n", encoding="utf-8")
    (tmp_path / "a.test.yaml").write_text("cases: []\n", encoding="utf-8")
    results = check_files([tmp_path])
    assert [Path(file).name for file in results.files] == ["a.yaml", "b.yaml", "c.targets.yaml"]
    alone = [item for result in results.files.values() for item in result.diagnostics]
    assert list(results.diagnostics) == alone
    assert {item.severity for item in results.errors} == {Severity.ERROR}
    assert [profile.id for profile in results.profiles] == ["test.unit"]
    assert results.unloaded == (str(tmp_path / "b.yaml"), str(tmp_path / "c.targets.yaml"))
    assert not results.is_complete


def test_results_are_plain_data() -> None:
    results = check_contents({"a.yaml": FAULTY.encode()})
    listed = json.loads(json.dumps(results.to_dict("en")))
    assert listed == {
        "files": ["a.yaml"],
        "diagnostics": [item.to_dict("en") for item in results.diagnostics],
        "is_complete": False,
    }


def test_unsaved_text_is_checked_instead_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, a=FAULTY)
    contents = read_files([tmp_path])
    assert check_contents(contents).errors
    assert check_contents(dict.fromkeys(contents, UNIT.encode())).diagnostics == ()
    assert check_contents({"not saved.yaml": UNIT.encode()}).diagnostics == ()


def test_an_error_of_a_base_is_listed_once_and_keeps_its_file(tmp_path: Path) -> None:
    base, overlay = base_and_overlay()
    write(tmp_path, base=base.replace("status: ", "status: x", 1), one=overlay, two=overlay)
    results = check_files([tmp_path])
    assert [item.code for item in results.diagnostics] == ["XH120"]
    names = {file: Path(file).name for file in results.files}
    assert [item.file for item in results.renamed(names).diagnostics] == ["base.yaml"]


def test_renaming_leaves_files_alone_that_were_not_given(tmp_path: Path) -> None:
    base, overlay = base_and_overlay()
    write(tmp_path, base=base.replace("type: assessed", "type: assesed", 1), one=overlay)
    file = str(tmp_path / "one.yaml")
    results = check_files([file]).renamed({file: "HEAD:one.yaml"})
    assert list(results.files) == ["HEAD:one.yaml"]
    assert {item.file for item in results.diagnostics} == {str(tmp_path / "base.yaml")}


@pytest.mark.parametrize("keep_profiles", [True, False])
def test_processes_make_no_difference(tmp_path: Path, keep_profiles: bool) -> None:
    base, overlay = base_and_overlay()
    write(tmp_path, base=base, one=overlay, faulty=FAULTY, unit=UNIT)
    contents = read_files([tmp_path])
    alone = check_contents(contents, keep_profiles=keep_profiles)
    together = check_contents(contents, keep_profiles=keep_profiles, processes=2)
    assert list(together.files) == list(alone.files)
    assert together.diagnostics == alone.diagnostics
    hashes = [[profile.hash for profile in results.profiles] for results in (alone, together)]
    assert hashes[0] == hashes[1]
    assert len(hashes[0]) == (3 if keep_profiles else 0)


def results_of(**texts: str) -> CheckResults:
    return check_contents({f"{name}.yaml": text.encode() for name, text in texts.items()})


def test_a_changed_release_and_a_missing_one_are_reported() -> None:
    other = MEMBERS.format(title="household")
    earlier = results_of(unit=UNIT, household=other)
    changed = results_of(unit=UNIT.replace(">= 10", ">= 9"))
    assert [item.code for item in changed.compare_releases(earlier)] == ["XH504", "XH505"]
    assert results_of(unit=UNIT, household=other).compare_releases(earlier) == ()


def test_a_release_whose_file_has_errors_is_not_missing(tmp_path: Path) -> None:
    write(tmp_path, unit=FAULTY)
    assert check_files([tmp_path]).compare_releases(results_of(unit=UNIT)) == ()


def test_earlier_versions_of_a_directory_are_all_files_and_of_a_file_its_namesake(
    tmp_path: Path,
) -> None:
    write(tmp_path, a=UNIT, b=UNIT)
    assert earlier_versions(tmp_path, [bundled_directory()]) == [
        tmp_path / "a.yaml",
        tmp_path / "b.yaml",
    ]
    assert earlier_versions(tmp_path, [Path("b.yaml"), Path("c.yaml")]) == [tmp_path / "b.yaml"]


def test_only_files_that_change_are_fixed() -> None:
    unordered = "\n".join(["id: test.unit", "format: 1", *UNIT.splitlines()[2:], ""])
    fixed = fix_contents({"a.yaml": UNIT.encode(), "b.yaml": unordered.encode()})
    assert fixed == {"b.yaml": UNIT.encode()}
