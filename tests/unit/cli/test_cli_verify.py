from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from standard_profiles import COMMUNE, LITERACY, PRIMARY, SECONDARY
from xhht.cli import main
from xhht.cli.schema import result as schema_command
from xhht.documents import loads_result, result_schema

UNIT = "vn.unit.tt22-2020.all-or-nothing"
FACTS = "id,has_learning_policy,members,members_disciplined\na,có,10,10\nb,không,10,9\n"
PROFILE = """\
format: 1
id: test.own
version: 1.0.0
status: active
title: learning_unit
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  since: {type: date, label: {vi: Từ ngày, en: Since}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: "as_of - since >= 30"}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 10}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.csv").write_text(FACTS, encoding="utf-8")
    return tmp_path


def run(*args: str, source: str | None = None, code: int = 0) -> Result:
    result = CliRunner().invoke(main, args, input=source)
    assert result.exit_code == code, result.output
    return result


def documents(kept: str = "facts") -> str:
    return run("evaluate", UNIT, "facts.csv", "--document", kept, "--as-of", "2024-12-31").stdout


def verified(source: str, *options: str, code: int = 0) -> list[dict[str, Any]]:
    result = run("verify", "-", *options, "--format", "json", source=source, code=code)
    items: list[dict[str, Any]] = json.loads(result.stdout)
    return items


def codes(item: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in item["findings"]]


def test_what_evaluate_prints_verify_takes() -> None:
    text = documents()
    assert [loads_result(line).subject for line in text.splitlines()] == ["a", "b"]
    assert verified(text) == [
        {"id": "a", "verified": True, "findings": []},
        {"id": "b", "verified": True, "findings": []},
    ]
    listed = json.dumps([json.loads(line) for line in text.splitlines()], indent=1)
    assert verified(listed) == verified(text)
    assert verified(text, "--facts", "facts.csv") == verified(text)


def test_documents_go_to_a_file_whatever_the_shell_writes(folder: Path) -> None:
    day = ("--as-of", "2024-12-31")
    printed = run("evaluate", UNIT, "facts.csv", "--document", "facts", *day, "-o", "r.jsonl")
    assert printed.stdout == ""
    assert (folder / "r.jsonl").read_text("utf-8") == documents()
    run("keygen", "k.pem")
    run("sign", "r.jsonl", "--key", "k.pem", "-o", "signed.jsonl")
    run("verify", "signed.jsonl", "--public-key", "k.pub.pem")
    run("sign", "signed.jsonl", "--key", "k.pem", "-o", "twice.jsonl", code=2)
    assert {path.suffix for path in folder.iterdir()} == {".csv", ".jsonl", ".pem"}
    assert not (folder / "twice.jsonl").exists()


def test_nothing_is_left_of_a_file_whose_table_cannot_be_read(folder: Path) -> None:
    (folder / "facts.csv").write_bytes(FACTS.encode() + b"\xff")
    run("evaluate", UNIT, "facts.csv", "--document", "facts", "-o", "r.jsonl", code=2)
    assert [path.name for path in folder.iterdir()] == ["facts.csv"]


def test_one_altered_document_is_told_and_the_others_are_still_checked() -> None:
    first, second = documents().splitlines()
    text = "\n".join([first.replace('"met"', '"unmet"', 1), "", second, "{", "{}"])
    items = verified(text, code=1)
    assert [item["verified"] for item in items] == [False, True, False, False]
    assert [codes(item) for item in items] == [
        ["result_altered"],
        [],
        ["not_json"],
        ["not_a_result"],
    ]
    assert [item["id"] for item in items] == ["a", "b", 3, 4]


def test_a_list_that_breaks_off_is_one_fault() -> None:
    items = verified('[\n{"id": "a"},\n{"id": "b"}\n', code=1)
    assert [codes(item) for item in items] == [["not_json"]]


@pytest.mark.parametrize(
    ("lang", "words"), [("vi", "Kết quả đã bị sửa ở"), ("en", "The result was altered at")]
)
def test_findings_are_printed_in_both_languages(lang: str, words: str) -> None:
    text = documents().replace('"met"', '"unmet"', 1)
    printed = run("verify", "-", "--lang", lang, source=text, code=1).stdout
    assert f"[result_altered] {words} outcome.criteria[1.1].status" in printed


def test_facts_are_found_by_id_read_as_the_profile_says() -> None:
    text = documents("hash")
    assert [codes(item) for item in verified(text, code=1)] == [["facts_missing"]] * 2
    assert all(item["verified"] for item in verified(text, "--facts", "facts.csv"))
    Path("other.csv").write_text(FACTS.replace("b,không", "b,có").replace("a,", "c,"), "utf-8")
    items = verified(text, "--facts", "other.csv", code=1)
    assert [codes(item) for item in items] == [["facts_not_found", "not_rerun"], ["facts_altered"]]
    Path("bad.csv").write_text(FACTS.replace("a,có", "a,abc"), "utf-8")
    assert codes(verified(text, "--facts", "bad.csv", code=1)[0])[0] == "facts_unfit"


def test_one_subject_without_an_id_is_whoever_the_document_is_about() -> None:
    Path("one.json").write_text('{"since": "2024-01-01"}', "utf-8")
    Path("own.yaml").write_text(PROFILE, "utf-8")
    text = run("evaluate", "own.yaml", "one.json", "--document", "hash").stdout
    assert loads_result(text).subject == 1
    options = ("--facts", "one.json", "--profile", "own.yaml")
    assert verified(text, *options)[0]["verified"]
    Path("one.json").write_text('{"id": "z", "since": "2024-01-01"}', "utf-8")
    assert "facts_not_found" in codes(verified(text, *options, code=1)[0])


def test_the_profile_may_be_a_file() -> None:
    Path("own.yaml").write_text(PROFILE, "utf-8")
    source = '{"since": "2024-01-01"}'
    text = run("evaluate", "own.yaml", "-", "--document", "facts", source=source).stdout
    assert codes(verified(text, code=1)[0]) == ["profile_unknown"]
    assert verified(text, "--profile", "own.yaml")[0]["verified"]
    Path("own.yaml").write_text(PROFILE.replace("since", "from_day"), "utf-8")
    Path("facts.json").write_text(source, "utf-8")
    options = ("--profile", "own.yaml", "--facts", "facts.json")
    assert codes(verified(text, *options, code=1)[0]) == ["profile_altered"]
    Path("own.yaml").write_text(PROFILE.replace("points: 10", "pionts: 10"), "utf-8")
    run("verify", "-", "--profile", "own.yaml", source=text, code=1)


def test_rows_that_cannot_be_are_told_on_standard_error() -> None:
    source = FACTS.replace("a,có", "a,abc")
    result = run("evaluate", UNIT, "-", "--document", "hash", "--lang", "en", source=source, code=1)
    assert len(result.stdout.splitlines()) == 1
    assert "a: no document written; invalid facts" in result.stderr


def test_a_signed_document_is_checked_offline() -> None:
    printed = run("keygen", "office.pem", "--lang", "en").stdout
    assert "office.pub.pem" in printed
    signed = run("sign", "-", "--key", "office.pem", source=documents("hash")).stdout
    key = ("--public-key", "office.pub.pem")
    assert [codes(i) for i in verified(signed, *key, "--signature-only")] == [["not_rerun"]] * 2
    assert verified(signed, *key, "--facts", "facts.csv")[0]["findings"] == []
    assert codes(verified(documents(), *key, code=1)[0]) == ["signature_missing"]
    run("keygen", "other.pem")
    other = ("--public-key", "other.pub.pem")
    assert codes(verified(signed, *other, "--signature-only", code=1)[0])[0] == "key_unknown"
    assert verified(signed, *other, *key, "--signature-only")[0]["verified"]


def test_keys_are_never_written_over() -> None:
    run("keygen", "office.pem")
    before = Path("office.pem").read_bytes()
    result = run("keygen", "office.pem", code=2)
    assert "không bị ghi đè" in result.stderr
    assert Path("office.pem").read_bytes() == before
    run("keygen", "no/such/folder.pem", code=2)


def test_all_are_signed_or_none() -> None:
    run("keygen", "office.pem")
    first, second = documents().splitlines()
    altered = second.replace('"subject":"b"', '"subject":"c"')
    result = run("sign", "-", "--key", "office.pem", source=f"{first}\n{altered}", code=2)
    assert result.stdout == ""
    assert "thứ 2" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_a_private_key_that_others_can_read_is_warned_of() -> None:
    run("keygen", "office.pem")
    Path("office.pem").chmod(0o644)
    result = run("sign", "-", "--key", "office.pem", source=documents())
    assert "chmod 600" in result.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("verify", "no-such.json"), "no-such.json"),
        (("verify", "-", "--facts", "-"), "--facts"),
        (("verify", "-", "--signature-only"), "--public-key"),
        (("verify", "-", "--public-key", "facts.csv"), "Ed25519"),
        (("verify", "-"), "--document"),
        (("sign", "-"), "--key"),
        (("sign", "-", "--key", "no-such.pem"), "no-such.pem"),
        (("sign", "-", "--key", "facts.csv"), "Ed25519"),
        (("evaluate", UNIT, "facts.csv", "--document", "hash", "--explain"), "--explain"),
        (("evaluate", UNIT, "facts.csv", "--document", "hash", "--detail", "levels"), "--document"),
        (("evaluate", UNIT, "facts.csv", "--document", "hash", "-o", "no/x.json"), "no/x.json"),
    ],
)
def test_wrong_usage_is_told_with_exit_code_2(args: tuple[str, ...], words: str) -> None:
    result = run(*args, source="", code=2)
    assert result.stdout == ""
    assert words in result.stderr


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ed25519", None)
    assert "xhht[sign]" in run("keygen", "office.pem", code=2).stderr
    assert verified(documents())[0]["verified"]


def test_ids_cannot_drive_the_terminal() -> None:
    text = documents().replace('"subject":"a"', '"subject":"\\u001b[31m"')
    printed = run("verify", "-", source=text, code=1).stdout
    assert "\x1b" not in printed


def test_the_schema_is_printed() -> None:
    result = CliRunner().invoke(schema_command)
    assert json.loads(result.stdout) == result_schema()


def test_facts_of_a_whole_chain_are_verified_with_its_standards() -> None:
    for name, text in (("c", COMMUNE), ("s", SECONDARY), ("p", PRIMARY), ("l", LITERACY)):
        Path(f"{name}.yaml").write_text(text, "utf-8")
    rows = "id,plan,graduates,pupils,literate\na,có,80,80,90\nb,có,80,,90\n"
    Path("rows.csv").write_text(rows, "utf-8")
    chain = [f"--standards={name}.yaml" for name in "spl"]
    text = run("evaluate", "c.yaml", "rows.csv", "--document", "hash", *chain).stdout
    options = ("--profile", "c.yaml", "--facts", "rows.csv")
    assert all(item["verified"] for item in verified(text, *options, *chain))
    Path("rows.csv").write_text(rows.replace("80,80,90", "80,79,90"), "utf-8")
    first, second = verified(text, *options, *chain, code=1)
    assert (codes(first)[0], second["verified"]) == ("facts_altered", True)
    kept = run("evaluate", "c.yaml", "rows.csv", "--document", "facts", *chain).stdout
    assert all(item["verified"] for item in verified(kept, "--profile", "c.yaml"))
    refused = run("verify", "-", *chain, "--lang", "en", source=text, code=2)
    assert "--standards requires --facts" in refused.stderr
