from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from xhht.cli import main
from xhht.criteria.files import bundled_directory

GOOD = """\
format: 1
id: test.check
version: 1.0.0
status: active
title: learning_unit
name: {vi: Mẫu, en: Sample}
provenance: illustrative
inputs:
  flag: {type: bool, label: {vi: Cờ, en: Flag}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: flag}
levels:
  - {id: pass, name: {vi: Đạt, en: Pass}, when: points >= 5}
"""
WARNED = GOOD.replace("criteria:", "  spare: {type: bool, label: {vi: Thừa, en: Spare}}\ncriteria:")
FAULTY = GOOD.replace("met_when: flag", "met_when: falg").replace("points >= 5", "points >= 50")
KEYS = ["code", "severity", "message", "file", "line", "column", "pointer", "hint", "page"]


def run(*args: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["check", *args], input=stdin)


def found(*args: str, stdin: str | bytes | None = None) -> tuple[int, list[dict[str, Any]]]:
    result = run(*args, "--format", "json", stdin=stdin)
    return result.exit_code, json.loads(result.stdout)


def test_a_sound_profile_has_no_findings() -> None:
    assert found("-", stdin=GOOD) == (0, [])
    result = run("-", "--lang", "en", stdin=GOOD)
    assert (result.exit_code, result.stdout) == (0, "Files: 1; errors: 0; warnings: 0.\n")


def test_bundled_profiles_have_no_errors() -> None:
    assert found(str(bundled_directory()))[0] == 0


def test_a_finding_has_every_promised_key() -> None:
    code, listed = found("-", stdin=FAULTY)
    assert code == 1
    assert all(list(item) == KEYS for item in listed)
    first = listed[0]
    assert (first["severity"], first["file"]) == ("error", "-")
    assert (first["line"], first["pointer"]) == (13, "/criteria/0/indicators/0/met_when")
    assert FAULTY.splitlines()[12][first["column"] - 1 :].startswith("falg")
    assert "flag" in first["hint"]


def test_messages_are_in_the_language_asked_for() -> None:
    texts = [
        [item["message"] for item in found("-", "--lang", lang, stdin=FAULTY)[1]]
        for lang in ("vi", "en")
    ]
    assert len(texts[0]) == len(texts[1]) > 0
    assert all(vi != en for vi, en in zip(*texts, strict=True))


def test_warnings_fail_only_when_strict() -> None:
    code, listed = found("-", stdin=WARNED)
    assert [item["severity"] for item in listed] == ["warning"]
    assert code == 0
    assert found("-", "--strict", stdin=WARNED)[0] == 1
    assert run("-", "--strict", stdin=GOOD).exit_code == 0


def test_files_and_directories_are_checked_together(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "b.yaml").write_text(FAULTY, encoding="utf-8")
    (tmp_path / "below" / "b.test.yaml").write_text("not a profile", encoding="utf-8")
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    code, listed = found(str(tmp_path), str(tmp_path / "a.yaml"))
    assert code == 1
    assert {item["file"] for item in listed} == {str(tmp_path / "below" / "b.yaml")}
    text = run(str(tmp_path), "--lang", "en").stdout
    assert f"{tmp_path / 'below' / 'b.yaml'}:13:" in text
    assert "Files: 2; " in text


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"- 1", b"a: [", b"\x00", b"a: 1\n" * 300_000], ids=lambda d: d[:4]
)
def test_what_is_no_profile_is_a_finding_and_no_traceback(data: bytes) -> None:
    code, listed = found("-", stdin=data)
    assert code == 1
    assert listed


@pytest.mark.parametrize("args", [("no-such.yaml",), (), ("-", "--format", "xml"), ("-", "--no")])
def test_wrong_usage_ends_with_2_and_prints_nothing(args: tuple[str, ...]) -> None:
    result = run(*args, stdin=GOOD)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


@pytest.mark.parametrize("command", ["check", "test"])
@pytest.mark.parametrize("output", ["json", "text"])
def test_a_directory_without_profiles_is_wrong_usage(
    tmp_path: Path, command: str, output: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for paths in ([tmp_path / "empty"], [tmp_path / "full", tmp_path / "empty"]):
        args = [command, *map(str, paths), "--format", output, "--lang", "en"]
        result = CliRunner().invoke(main, args)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "No profile" in result.stderr
        assert "empty" in result.stderr


def test_a_missing_file_among_others_prints_nothing(tmp_path: Path) -> None:
    good = tmp_path / "a.yaml"
    good.write_text(FAULTY, encoding="utf-8")
    result = run(str(good), str(tmp_path / "none.yaml"), "--format", "json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "none.yaml" in result.stderr


@pytest.mark.parametrize(("lang", "note"), [("vi", "Lưu ý: "), ("en", "Note: ")])
def test_what_waits_for_another_fault_is_said_once_and_in_text_alone(
    lang: str, note: str, tmp_path: Path
) -> None:
    sound = (bundled_directory() / "vn" / "unit-tt22-2020.yaml").read_text(encoding="utf-8")
    for name in ("a.yaml", "b.yaml"):
        broken = sound.replace("points: ", "pionts: ", 1)
        (tmp_path / name).write_text(broken, encoding="utf-8")
    assert run(str(tmp_path), "--lang", lang).stdout.count(f"\n{note}") == 1
    code, listed = found(str(tmp_path))
    assert code == 1
    assert all("code" in item for item in listed)
    (tmp_path / "a.yaml").write_text(sound, encoding="utf-8")
    assert note not in run(str(tmp_path / "a.yaml"), "--lang", lang).stdout


def test_targets_beside_profiles_are_checked_as_targets(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.targets.yaml").write_text("format: 1\ntargets: {}\n", encoding="utf-8")
    code, listed = found(str(tmp_path))
    assert code == 1
    assert {item["file"] for item in listed} == {str(tmp_path / "b.targets.yaml")}
    missing = [item["message"] for item in listed if item["code"] == "XH110"]
    assert any("legal_basis" in message for message in missing)
    assert "Files: 2; " in run(str(tmp_path), "--lang", "en").stdout


MEMBERS = "members: {title: learning_%s, take: all}"


def resting(title: str, on: str) -> str:
    own = GOOD.replace("learning_unit", f"learning_{title}").replace("test.check", f"test.{title}")
    return own.replace("type: bool", f"type: bool, {MEMBERS % on}")


def test_a_circle_is_found_among_the_files_checked_together_alone(tmp_path: Path) -> None:
    clan, household = tmp_path / "clan.yaml", tmp_path / "household.yaml"
    clan.write_text(resting("clan", "household"), encoding="utf-8")
    household.write_text(resting("household", "clan"), encoding="utf-8")
    assert found(str(clan)) == found(str(household)) == (0, [])
    code, (fault,) = found(str(tmp_path))
    assert (code, fault["code"], fault["pointer"]) == (1, "XH239", "/inputs/flag/members")
    assert Path(fault["file"]).parent == tmp_path
    assert (fault["line"], fault["column"]) == (9, 31)
    shown = run(str(tmp_path), "--lang", "en").stdout
    assert "test.clan@1.0.0 → test.household@1.0.0 → test.clan@1.0.0" in shown
    assert "Files: 2; errors: 1; warnings: 0." in shown
    assert found(str(tmp_path), str(clan)) == (1, [fault])


def test_a_profile_that_rests_on_itself_is_found_in_its_own_file() -> None:
    code, (fault,) = found("-", stdin=resting("clan", "clan"))
    assert (code, fault["code"], fault["pointer"]) == (1, "XH239", "/inputs/flag/members")


def test_an_overlay_brings_what_its_base_rests_on(tmp_path: Path) -> None:
    base, own = tmp_path / "base" / "clan.yaml", tmp_path / "own" / "clan.yaml"
    household = tmp_path / "own" / "household.yaml"
    for file in (base, own):
        file.parent.mkdir()
    base.write_text(resting("clan", "household"), encoding="utf-8")
    household.write_text(resting("household", "clan"), encoding="utf-8")
    own.write_text(
        "format: 1\nid: test.clan.city\nversion: 1.0.0\nstatus: active\n"
        'extends: test.clan@1.0.0\narea: "01"\nprovenance: illustrative\n'
        "legal_basis: {document: 1/KH-UBND}\n",
        encoding="utf-8",
    )
    faults = found(str(own.parent), str(base))[1]
    assert [fault["code"] for fault in faults] == ["XH239", "XH239"]
    assert any("test.clan.city@1.0.0" in fault["message"] for fault in faults)


def test_an_overlay_finds_its_base_among_the_files_checked_with_it(tmp_path: Path) -> None:
    sound = (bundled_directory() / "vn" / "unit-tt22-2020.yaml").read_text(encoding="utf-8")
    base, own = tmp_path / "a" / "base.yaml", tmp_path / "b" / "own.yaml"
    for file in (base, own):
        file.parent.mkdir()
    base.write_text(sound.replace("id: vn.unit.tt22-2020", "id: other.unit"), encoding="utf-8")
    text = (bundled_directory() / "vn" / "unit-tt22-2020-hanoi.yaml").read_text(encoding="utf-8")
    own.write_text(text.replace("extends: vn.unit.tt22-2020@", "extends: other.unit@"))
    assert [fault["code"] for fault in found(str(own))[1]] == ["XH602"]
    assert found(str(own), str(base)) == (0, [])


# Mending

UNTIDY = GOOD.replace('id: "1"', "id: 1").replace(
    "format: 1\nid: test.check", "id: test.check\nformat: 1"
)


def test_diff_shows_the_mends_and_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(UNTIDY, encoding="utf-8")
    result = run(str(file), "--diff")
    assert result.exit_code == 1
    assert result.stdout.startswith(f"--- {file}\n+++ {file}\n@@ ")
    assert '-  - id: 1\n+  - id: "1"\n' in result.stdout
    assert file.read_text(encoding="utf-8") == UNTIDY
    file.write_text(GOOD, encoding="utf-8")
    result = run(str(file), "--diff")
    assert (result.exit_code, result.stdout) == (0, "")


def test_fix_writes_the_mends_shows_them_and_tells_what_is_left(tmp_path: Path) -> None:
    file, link = tmp_path / "a.yaml", tmp_path / "link.yaml"
    file.write_text(UNTIDY.replace("met_when: flag", "met_when: falg"), encoding="utf-8")
    file.chmod(0o640)
    link.symlink_to(file)
    result = run(str(link), "--fix", "--lang", "en")
    assert result.exit_code == 1
    assert '+  - id: "1"\n' in result.stdout
    assert "XH107" not in result.stdout
    assert "XH202" in result.stdout
    assert file.read_text(encoding="utf-8") == GOOD.replace("met_when: flag", "met_when: falg")
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "link.yaml"]


def test_fix_of_standard_input_prints_the_mended_text_alone() -> None:
    result = run("-", "--fix", "--lang", "en", stdin=UNTIDY)
    assert (result.exit_code, result.stdout) == (0, GOOD)
    assert result.stderr.endswith("Files: 1; errors: 0; warnings: 0.\n")
    assert run("-", "--fix", stdin=GOOD).stdout == GOOD
    assert run("-", "--fix", stdin="a: [").stdout == "a: ["


def test_fix_with_json_prints_the_findings_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(UNTIDY, encoding="utf-8")
    assert found(str(file), "--fix") == (0, [])


def test_the_diff_of_a_file_without_a_last_line_end_can_be_applied(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(UNTIDY.rstrip("\n"), encoding="utf-8")
    assert run(str(file), "--diff").stdout.endswith("\n")
    file.write_text("levels: []\nformat: 1", encoding="utf-8")
    assert "\n\\ No newline at end of file\n" in run(str(file), "--diff").stdout


def test_a_file_that_cannot_be_written_is_told_of_and_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "a.yaml"
    file.write_text(UNTIDY, encoding="utf-8")
    monkeypatch.setattr("os.replace", full)
    result = run(str(file), "--fix", "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot be written" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]
    assert file.read_text(encoding="utf-8") == UNTIDY


def test_formats_for_code_hosts_name_every_finding() -> None:
    log = json.loads(run("-", "--format", "sarif", stdin=FAULTY).stdout)
    codes = [item["code"] for item in found("-", stdin=FAULTY)[1]]
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == codes
    lines = run("-", "--format", "github", stdin=FAULTY).stdout.splitlines()
    assert [line.split("title=")[1][:5] for line in lines] == codes
    assert run("-", "--format", "github", stdin=GOOD).stdout == ""


# Many files


def test_many_files_are_checked_over_processes_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "clan.yaml").write_text(resting("clan", "household"), encoding="utf-8")
    (tmp_path / "household.yaml").write_text(resting("household", "clan"), encoding="utf-8")
    (tmp_path / "faulty.yaml").write_text(FAULTY, encoding="utf-8")
    (tmp_path / "a.targets.yaml").write_text("format: 1\ntargets: {}\n", encoding="utf-8")
    hanoi = (bundled_directory() / "vn" / "unit-tt22-2020-hanoi.yaml").read_text(encoding="utf-8")
    (tmp_path / "overlay.yaml").write_text(hanoi.replace("overrides:", "overides:"), "utf-8")
    alone = run(str(tmp_path))
    monkeypatch.setattr("xhht.criteria.checking._MANY", 2)
    monkeypatch.setattr("xhht.criteria.checking._processors", lambda: 2)
    together = run(str(tmp_path))
    assert "XH239" in alone.stdout
    assert "overlay.yaml" in alone.stdout
    assert (together.exit_code, together.stdout) == (alone.exit_code, alone.stdout)


def test_a_fault_of_a_base_is_told_of_once(tmp_path: Path) -> None:
    base = (bundled_directory() / "vn" / "unit-tt22-2020.yaml").read_text(encoding="utf-8")
    own = (bundled_directory() / "vn" / "unit-tt22-2020-hanoi.yaml").read_text(encoding="utf-8")
    base = base.replace("id: vn.unit.tt22-2020", "id: other.unit").replace("draft", "drafts")
    (tmp_path / "base.yaml").write_text(base.replace("status: ", "status: x", 1), "utf-8")
    for name in ("a", "b"):
        text = own.replace("extends: vn.unit.tt22-2020@", "extends: other.unit@")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert [fault["code"] for fault in found(str(tmp_path))[1]] == ["XH120"]
