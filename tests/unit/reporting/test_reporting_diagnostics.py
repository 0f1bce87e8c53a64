"""Findings as text, JSON, SARIF and annotations of GitHub."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from attrs import evolve

from xhht.criteria.codes import CODES
from xhht.criteria.diagnostics import Diagnostic
from xhht.criteria.loading import check_profile, loads_profile
from xhht.issues import Mark, Severity
from xhht.proving import Finding, Kind, prove
from xhht.reporting.diagnostics import FindingsFormat, findings_text
from xhht.reporting.excerpts import SourceLines
from xhht.text import Lang, Text

MANY = Path(__file__).parents[1] / "criteria" / "many_faults.yaml"
DATA = MANY.read_bytes()
FOUND = check_profile(DATA, "many.yaml")
SOURCES = SourceLines({"many.yaml": DATA})


def printed(output: str, lang: Lang = Lang.EN, diagnostics: tuple[Diagnostic, ...] = FOUND) -> str:
    return findings_text(diagnostics, FindingsFormat(output), SOURCES, lang)


def one(**changes: Any) -> Diagnostic:
    values: dict[str, Any] = {
        "code": "XH101",
        "severity": Severity.ERROR,
        "text": Text(vi="Hỏng.", en="Broken."),
        "file": "many.yaml",
        "mark": Mark(1, 1),
        "pointer": "",
    }
    return Diagnostic(**values | changes)


@pytest.mark.parametrize("lang", list(Lang))
def test_text_shows_the_line_of_each_finding_and_its_hint(lang: Lang) -> None:
    lines = printed("text", lang).splitlines()
    heads = [at for at, line in enumerate(lines) if line.startswith("many.yaml:")]
    assert len(heads) == len(FOUND)
    for at, finding in zip(heads, FOUND, strict=True):
        assert lines[at].startswith(f"many.yaml:{finding.mark.line}:{finding.mark.column}: ")
        assert lines[at + 1].startswith(f"{finding.mark.line:5} | ")
        assert re.fullmatch(r" {6}\| *\^~*", lines[at + 2])
        assert finding.hint is not None
        assert lines[at + 3] == f"    → {finding.hint.get(lang)}"


def test_text_without_a_source_has_no_excerpt() -> None:
    assert printed("text", diagnostics=(one(file="none.yaml"),)) == (
        "none.yaml:1:1: error XH101: Broken."
    )


@pytest.mark.parametrize("output", ["text", "github"])
def test_nothing_found_prints_nothing(output: str) -> None:
    assert printed(output, diagnostics=()) == ""


@pytest.mark.parametrize("lang", list(Lang))
def test_json_names_place_code_and_page(lang: Lang) -> None:
    listed = json.loads(printed("json", lang))
    assert [item["code"] for item in listed] == [item.code for item in FOUND]
    assert listed == [finding.to_dict(lang) for finding in FOUND]
    assert listed[0]["page"] == f"reference/diagnostics/{FOUND[0].code}.md"
    assert printed("json", diagnostics=()) == "[]"


ANNOTATION = re.compile(r"::(error|warning) ([^:]*)::(.*)")


def test_annotations_can_be_read_back_whatever_they_hold() -> None:
    odd = one(
        file="a,b:c%\r\n.yaml",
        text=Text(vi="x", en="50% of a::b"),
        hint=Text(vi="x", en="100%, so: y"),
        severity=Severity.WARNING,
    )
    (line,) = printed("github", diagnostics=(odd,)).split("\n")
    match = ANNOTATION.fullmatch(line)
    assert match is not None
    assert match[1] == "warning"
    properties = dict(part.split("=", 1) for part in match[2].split(","))
    assert {key: unquote(value) for key, value in properties.items()} == {
        "file": "a,b:c%\r\n.yaml",
        "line": "1",
        "col": "1",
        "title": "XH101",
    }
    assert unquote(match[3]) == "50% of a::b\n→ 100%, so: y"


@pytest.mark.parametrize("lang", list(Lang))
def test_every_finding_is_an_annotation_of_its_own(lang: Lang) -> None:
    lines = printed("github", lang).splitlines()
    assert len(lines) == len(FOUND)
    for line, finding in zip(lines, FOUND, strict=True):
        match = ANNOTATION.fullmatch(line)
        assert match is not None
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        assert (properties["title"], properties["line"]) == (finding.code, str(finding.mark.line))
        assert int(properties["endColumn"]) > int(properties["col"])


# SARIF 2.1.0: the rules of the standard that bear on what is written here, by section.

KNOWN = {
    "log": ({"version", "runs"}, {"$schema"}),
    "run": ({"tool"}, {"results", "language", "columnKind"}),
    "driver": ({"name"}, {"version", "rules"}),
    "rule": ({"id"}, {"shortDescription", "help", "defaultConfiguration", "properties"}),
    "result": ({"message"}, {"ruleId", "ruleIndex", "level", "locations"}),
    "location": (set(), {"physicalLocation", "logicalLocations"}),
    "physical": (set(), {"artifactLocation", "region"}),
    "region": (set(), {"startLine", "startColumn", "endColumn", "snippet"}),
}
URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")


def keys_are_known(kind: str, value: dict[str, Any]) -> None:
    needed, optional = KNOWN[kind]
    assert needed <= value.keys() <= needed | optional


def assert_sarif(log: Any) -> None:
    keys_are_known("log", log)
    assert log["version"] == "2.1.0"  # 3.13.2
    for run in log["runs"]:
        keys_are_known("run", run)
        assert re.fullmatch(r"[a-zA-Z]{2}(-[a-zA-Z]{2})?", run["language"])  # 3.14.7
        assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")  # 3.14.17
        rules = run["tool"]["driver"]["rules"]
        keys_are_known("driver", run["tool"]["driver"])
        assert len({rule["id"] for rule in rules}) == len(rules)
        for rule in rules:
            keys_are_known("rule", rule)
            assert rule["shortDescription"]["text"]  # 3.11.8
            assert rule["defaultConfiguration"]["level"] in ("none", "note", "warning", "error")
        for result in run["results"]:
            assert_result(result, rules)


def assert_result(result: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    keys_are_known("result", result)
    assert result["message"]["text"]
    assert result["level"] in ("none", "note", "warning", "error")  # 3.27.10
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]  # 3.27.6
    for location in result["locations"]:
        keys_are_known("location", location)
        keys_are_known("physical", location["physicalLocation"])
        assert URI.fullmatch(location["physicalLocation"]["artifactLocation"]["uri"])  # 3.4.3
        region = location["physicalLocation"]["region"]
        keys_are_known("region", region)
        assert region["startLine"] >= 1
        assert 1 <= region["startColumn"] <= region.get("endColumn", region["startColumn"])


@pytest.mark.parametrize("lang", list(Lang))
def test_sarif_keeps_the_rules_of_the_standard(lang: Lang) -> None:
    log = json.loads(printed("sarif", lang))
    assert_sarif(log)
    results = log["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == [finding.code for finding in FOUND]
    assert log["runs"][0]["language"] == lang.value


def test_sarif_of_no_finding_has_no_result() -> None:
    log = json.loads(printed("sarif", diagnostics=()))
    assert_sarif(log)
    assert log["runs"][0]["results"] == []


def test_sarif_tells_of_every_code_without_braces() -> None:
    diagnostics = tuple(one(code=code, severity=info.severity) for code, info in CODES.items())
    log = json.loads(printed("sarif", diagnostics=diagnostics))
    assert_sarif(log)
    for rule in log["runs"][0]["tool"]["driver"]["rules"]:
        assert not re.search(r"\{[a-z_]*\}", rule["shortDescription"]["text"])
        assert rule["properties"]["page"].endswith(f"{rule['id']}.md")


def proof_findings() -> tuple[Finding, ...]:
    """Return findings of every kind, for a profile with errors in its bands."""
    text = """\
format: 1
id: test.prove
version: 1.0.0
status: active
title: learning_unit
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  total: {type: count, max: 9, label: {vi: Tổng, en: Total}}
criteria:
  - id: "1"
    indicators:
      - id: "1.1"
        points: 5
        bands: [{when: total >= 3, points: 2}, {when: total >= 6, points: 5}]
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 5}
  - {id: fair, name: {vi: Khá, en: Fair}, when: points >= 2}
"""
    findings = prove(loads_profile(text, "many.yaml")).findings
    of_each_kind = (evolve(findings[0], kind=kind, severity=kind.severity) for kind in Kind)
    return (*findings, *of_each_kind)


@pytest.mark.parametrize("lang", list(Lang))
def test_findings_of_a_proof_keep_the_rules_of_sarif(lang: Lang) -> None:
    findings = proof_findings()
    log = json.loads(findings_text(findings, FindingsFormat.SARIF, SOURCES, lang))
    assert_sarif(log)
    results = log["runs"][0]["results"]
    for finding, result in zip(findings, results, strict=True):
        assert (result["ruleId"], result["level"]) == (finding.code, LEVELS[finding.kind])
        assert result["message"]["text"].startswith(finding.text.get(lang))
    for rule in log["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["properties"]["page"] == f"reference/proof-findings.md#{rule['id'].lower()}"


def test_findings_of_a_proof_are_annotations() -> None:
    findings = proof_findings()
    lines = findings_text(findings, FindingsFormat.GITHUB, SOURCES, Lang.EN).splitlines()
    for finding, line in zip(findings, lines, strict=True):
        level = LEVELS[finding.kind].replace("note", "notice")
        assert line.startswith(f"::{level} file=many.yaml,line={finding.mark.line},")


LEVELS = {
    Kind.FAULT: "error",
    Kind.WARNING: "warning",
    Kind.OPEN: "note",
    Kind.UNDECIDED: "note",
    Kind.NOTE: "note",
}


def test_sarif_names_files_by_uri() -> None:
    names = ("Bộ tiêu chí/a b.yaml", "/x/y.yaml", "-")
    log = json.loads(printed("sarif", diagnostics=tuple(one(file=name) for name in names)))
    assert_sarif(log)
    uris = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in log["runs"][0]["results"]
    ]
    assert [unquote(uri) for uri in uris] == ["Bộ tiêu chí/a b.yaml", "file:///x/y.yaml", "stdin"]
