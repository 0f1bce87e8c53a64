"""`xhht check --against`: released versions stay what they were."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_cli_check import GOOD

from xhht.cli import main
from xhht.criteria.files import bundled_directory

UNSAID = GOOD.replace("version: 1.0.0", "version: 1.1.0").replace("points >= 5", "points >= 6")
REASON = "changes: [{version: 1.1.0, reason: {vi: Sửa mức, en: Corrects it}}]\n"
NEXT = UNSAID + REASON
TARGETS = """\
format: 1
id: test.targets
version: 1.0.0
status: active
name: {vi: Chương trình, en: Programme}
legal_basis: {document: Văn bản}
provenance: illustrative
targets:
  - id: a
    text: {vi: "Một nửa", en: "Half"}
    measure: {rate: {title: learning_unit, of: of_total}}
    deadline: 2025
    share: 62.5%
    scope: {level: nation}
"""
CHANGED = GOOD.replace("points >= 5", "points >= 6").replace("en: Flag", "en: A flag")
RETIRED = GOOD.replace(
    "status: active",
    "status: retired\neffective_to: 2025-01-01\nended_by: {document: 1/QĐ}",
)


def run(*args: str | Path, lang: str = "en") -> Result:
    return CliRunner().invoke(main, ["check", *map(str, args), "--lang", lang])


def codes(*args: str | Path) -> list[str]:
    result = CliRunner().invoke(main, ["check", *map(str, args), "--format", "json"])
    return [item["code"] for item in json.loads(result.stdout)]


def git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a released profile and a draft, under one commit."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    root = tmp_path / "kho"
    (root / "Bộ tiêu chí").mkdir(parents=True)
    (root / "Bộ tiêu chí" / "a.yaml").write_text(GOOD, encoding="utf-8")
    draft = GOOD.replace("test.check", "test.draft").replace("status: active", "status: draft")
    (root / "Bộ tiêu chí" / "draft.yaml").write_text(draft, encoding="utf-8")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    git(root, "tag", "v1")
    return root


def test_what_did_not_change_has_no_finding(repository: Path) -> None:
    assert codes(repository, "--against", "HEAD") == []
    assert codes(repository / "Bộ tiêu chí" / "a.yaml", "--against", "v1") == []


def test_layout_may_change_and_drafts_may(repository: Path) -> None:
    folder = repository / "Bộ tiêu chí"
    (folder / "a.yaml").write_text("# a comment\n" + GOOD, encoding="utf-8")
    (folder / "a.yaml").rename(folder / "renamed.yaml")
    (folder / "draft.yaml").unlink()
    (folder / "next.yaml").write_text(NEXT, encoding="utf-8")
    assert codes(repository, "--against", "HEAD") == []


def test_a_new_version_says_what_it_changes_and_why(repository: Path) -> None:
    new = repository / "Bộ tiêu chí" / "next.yaml"
    new.write_text(UNSAID, encoding="utf-8")
    result = run(repository, "--against", "HEAD")
    assert result.exit_code == 1
    assert f"{new}:3:10: error XH391" in result.stdout
    assert "since 1.0.0: levels/pass/when." in result.stdout
    new.write_text(UNSAID.replace("active", "draft"), encoding="utf-8")
    assert codes(repository, "--against", "HEAD") == []
    for places, expected in (
        ("levels/pass", []),
        ("levels/pass/when", []),
        ("levels/pas", ["XH392", "XH393"]),
        ("inputs/flag", ["XH393"]),
        ("inputs/flag, levels", []),
    ):
        entry = REASON.replace("it}}", f"it}}, at: [{places}]}}")
        new.write_text(UNSAID + entry, encoding="utf-8")
        assert sorted(codes(repository, "--against", "HEAD")) == expected, places


def test_a_targets_file_is_replaced_by_its_next_version_which_says_why(repository: Path) -> None:
    file = repository / "a.targets.yaml"
    file.write_text(TARGETS, encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "targets")
    assert codes(repository, "--against", "HEAD") == []
    changed = TARGETS.replace("share: 62.5%", "share: 65%")
    file.write_text(changed, encoding="utf-8")
    assert codes(repository, "--against", "HEAD") == ["XH504"]
    changed = changed.replace("version: 1.0.0", "version: 1.1.0")
    file.write_text(changed, encoding="utf-8")
    assert codes(repository, "--against", "HEAD") == ["XH391"]
    entry = REASON.replace("it}}", "it}, at: [targets/a/share]}")
    file.write_text(changed + entry, encoding="utf-8")
    assert codes(repository, "--against", "HEAD") == []
    file.write_text("format: 1\nid: test.targets\nversion: 1.1.0\n", encoding="utf-8")
    assert set(codes(repository, "--against", "HEAD")) == {"XH110"}
    file.unlink()
    assert codes(repository, "--against", "HEAD") == ["XH505"]


def test_a_released_version_that_was_changed_is_told_of_where(repository: Path) -> None:
    file = repository / "Bộ tiêu chí" / "a.yaml"
    file.write_text(CHANGED, encoding="utf-8")
    for path in (repository, file):
        result = run(path, "--against", "HEAD")
        assert result.exit_code == 1
        assert f"{file}:9:" in result.stdout
        assert "/inputs/flag/label/en, /levels/0/when" in result.stdout
        assert codes(path, "--against", "HEAD") == ["XH504"]


@pytest.mark.parametrize("change", ["removed", "raised"])
def test_a_released_version_that_is_gone_is_told_of(repository: Path, change: str) -> None:
    file = repository / "Bộ tiêu chí" / "a.yaml"
    if change == "removed":
        file.unlink()
    else:
        file.write_text(NEXT, encoding="utf-8")
    result = run(repository, "--against", "HEAD")
    assert result.exit_code == 1
    assert "HEAD:Bộ tiêu chí/a.yaml:3:10: error XH505" in result.stdout
    assert codes(repository, "--against", "HEAD") == ["XH505"]


def test_a_version_may_be_retired_and_nothing_else_with_it(repository: Path) -> None:
    file = repository / "Bộ tiêu chí" / "a.yaml"
    file.write_text(RETIRED, encoding="utf-8")
    assert codes(repository, "--against", "HEAD") == []
    file.write_text(RETIRED.replace("points >= 5", "points >= 6"), encoding="utf-8")
    assert codes(repository, "--against", "HEAD") == ["XH504"]
    file.write_text(RETIRED, encoding="utf-8")
    git(repository, "commit", "-qam", "retired")
    file.write_text(GOOD, encoding="utf-8")
    assert codes(repository, "--against", "HEAD") == ["XH504"]
    assert codes(repository, "--against", "v1") == []


def test_a_version_with_a_fault_is_not_called_gone(repository: Path) -> None:
    file = repository / "Bộ tiêu chí" / "a.yaml"
    file.write_text(GOOD.replace("met_when: flag", "met_when: falg"), encoding="utf-8")
    assert codes(repository, "--against", "HEAD") == ["XH202"]


def test_earlier_files_that_do_not_load_are_named_and_not_compared(repository: Path) -> None:
    file = repository / "Bộ tiêu chí" / "a.yaml"
    file.write_text(GOOD.replace("met_when: flag", "met_when: falg"), encoding="utf-8")
    git(repository, "commit", "-qam", "broken")
    file.write_text(CHANGED, encoding="utf-8")
    result = run(repository, "--against", "HEAD")
    assert result.exit_code == 0
    assert "HEAD:Bộ tiêu chí/a.yaml" in result.stderr


def test_an_overlay_finds_its_base_of_that_time(repository: Path) -> None:
    bundled = bundled_directory() / "vn"
    base = (bundled / "unit-tt22-2020.yaml").read_text(encoding="utf-8")
    base = base.replace("id: vn.unit.tt22-2020", "id: own.unit")
    own = (bundled / "unit-tt22-2020-hanoi.yaml").read_text(encoding="utf-8")
    own = own.replace("extends: vn.unit.tt22-2020@", "extends: own.unit@")
    folder = repository / "lớp phủ"
    folder.mkdir()
    (folder / "base.yaml").write_text(base, encoding="utf-8")
    (folder / "own.yaml").write_text(own, encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "overlay")
    assert codes(folder / "own.yaml", "--against", "HEAD") == []
    (folder / "base.yaml").write_text(base.replace("points >= 85", "points >= 86"), "utf-8")
    assert set(codes(folder / "own.yaml", "--against", "HEAD")) == {"XH504"}


def test_a_directory_stands_for_an_earlier_state(tmp_path: Path) -> None:
    before, now = tmp_path / "before", tmp_path / "now"
    for folder in (before, now):
        folder.mkdir()
        (folder / "a.yaml").write_text(GOOD, encoding="utf-8")
    assert codes(now, "--against", before) == []
    (now / "a.yaml").write_text(CHANGED, encoding="utf-8")
    assert codes(now, "--against", before) == ["XH504"]
    assert codes(now / "a.yaml", "--against", before) == ["XH504"]
    (now / "a.yaml").write_text(NEXT, encoding="utf-8")
    assert codes(now, "--against", before) == ["XH505"]
    (now / "b.yaml").write_text(NEXT, encoding="utf-8")
    assert codes(now / "b.yaml", "--against", before) == []


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_cannot_be_compared_is_said(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    file = tmp_path / "x" / "a.yaml"
    file.parent.mkdir()
    file.write_text(GOOD, encoding="utf-8")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    said = []
    for args in (
        (repository, "--against", "no-such"),
        (repository, "--against", "--upload-pack=x"),
        (file, "--against", "HEAD"),
        (repository, file, "--against", "HEAD"),
        ("-", "--against", "HEAD"),
    ):
        result = run(*args, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        said.append(result.stderr)
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run(repository, "--against", "HEAD", lang=lang)
    assert (result.exit_code, result.stdout) == (2, "")
    said.append(result.stderr)
    assert len(set(said)) == 6
    assert all("Traceback" not in text for text in said)
    assert "no-such" in said[0]
