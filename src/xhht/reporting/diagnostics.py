"""Formats issues of profiles as compiler-style text, JSON, SARIF or GitHub annotations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from xhht.issues import FileIssue, Severity, code_info, generic_text, page_of
from xhht.reporting.excerpts import SourceLines
from xhht.text import Lang

__all__ = ["FindingsFormat", "findings_text", "sarif_log"]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


_STANDARD_INPUT = "stdin"


def sarif_log(issues: Iterable[FileIssue], sources: SourceLines, lang: Lang) -> dict[str, Any]:
    """Return a SARIF log with one run that contains all issues.

    Columns count code points from 1. The tool lists the violated rules, each with its page in the
    documentation under `properties.page`.
    """
    issues = tuple(issues)
    codes = sorted({issue.code for issue in issues})
    driver = {
        "name": "xhht",
        "version": version("xhht"),
        "rules": [_rule(code, lang) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "language": lang.value,
        "columnKind": "unicodeCodePoints",
        "results": [_result(issue, codes.index(issue.code), sources, lang) for issue in issues],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, lang: Lang) -> dict[str, Any]:
    info = code_info(code)
    rule: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": generic_text(info.text).get(lang)},
        "defaultConfiguration": {"level": info.severity.value},
        "properties": {"page": page_of(code)},
    }
    if info.hint:
        rule["help"] = {"text": generic_text(info.hint).get(lang)}
    return rule


def _result(issue: FileIssue, rule: int, sources: SourceLines, lang: Lang) -> dict[str, Any]:
    line = sources.line(issue.file, issue.mark)
    region: dict[str, Any] = {
        "startLine": issue.mark.line,
        "startColumn": issue.mark.column,
    }
    if line is not None:
        region |= {"endColumn": line.end + 1, "snippet": {"text": line.text[line.start : line.end]}}
    message = issue.text.get(lang)
    return {
        "ruleId": issue.code,
        "ruleIndex": rule,
        "level": issue.severity.value,
        "message": {"text": f"{message} {issue.hint.get(lang)}" if issue.hint else message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(issue.file)},
                    "region": region,
                },
                "logicalLocations": [{"fullyQualifiedName": issue.pointer}],
            }
        ],
    }


def _uri(file: str) -> str:
    """Return the URI of a file: relative as given, otherwise a file URI."""
    if file == "-":
        return _STANDARD_INPUT
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix(), safe="/")


class FindingsFormat(StrEnum):
    """The output format of issues."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def findings_text(
    issues: Iterable[FileIssue], output: FindingsFormat, sources: SourceLines, lang: Lang
) -> str:
    """Return formatted issues, without a final line end.

    Args:
        issues: the issues, in output order.
        output: the format.
        sources: the lines of the files concerned.
        lang: the language of messages and hints.
    """
    return _WRITERS[output](tuple(issues), sources, lang)


def _as_text(issues: Iterable[FileIssue], sources: SourceLines, lang: Lang) -> str:
    return "\n".join(line for issue in issues for line in _compiler_lines(issue, sources, lang))


def _compiler_lines(issue: FileIssue, sources: SourceLines, lang: Lang) -> Iterator[str]:
    yield issue.headline(lang)
    line = sources.line(issue.file, issue.mark)
    if line is not None and line.text.strip():
        yield from line.excerpt(issue.mark.line)
    yield from issue.hint_lines(lang)


def _as_json(issues: Iterable[FileIssue], sources: SourceLines, lang: Lang) -> str:
    return json.dumps([issue.to_dict(lang) for issue in issues], ensure_ascii=False, indent=2)


def _as_sarif(issues: Iterable[FileIssue], sources: SourceLines, lang: Lang) -> str:
    return json.dumps(sarif_log(issues, sources, lang), ensure_ascii=False, indent=2)


_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}
_IN_MESSAGE = {"%": "%25", "\r": "%0D", "\n": "%0A"}


_IN_PROPERTY = {**_IN_MESSAGE, ":": "%3A", ",": "%2C"}


def _as_github(issues: Iterable[FileIssue], sources: SourceLines, lang: Lang) -> str:
    return "\n".join(_annotation(issue, sources, lang) for issue in issues)


def _annotation(issue: FileIssue, sources: SourceLines, lang: Lang) -> str:
    properties = {
        "file": issue.file,
        "line": issue.mark.line,
        "col": issue.mark.column,
    }
    line = sources.line(issue.file, issue.mark)
    if line is not None:
        properties |= {"endLine": issue.mark.line, "endColumn": line.end + 1}
    properties["title"] = issue.code
    pairs = ",".join(f"{key}={_escaped(value, _IN_PROPERTY)}" for key, value in properties.items())
    message = issue.text.get(lang)
    hint = f"\n→ {issue.hint.get(lang)}" if issue.hint else ""
    return f"::{_COMMANDS[issue.severity]} {pairs}::{_escaped(message + hint, _IN_MESSAGE)}"


def _escaped(value: object, escapes: Mapping[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in str(value))


_WRITERS: Mapping[FindingsFormat, Callable[[tuple[FileIssue, ...], SourceLines, Lang], str]] = {
    FindingsFormat.TEXT: _as_text,
    FindingsFormat.JSON: _as_json,
    FindingsFormat.SARIF: _as_sarif,
    FindingsFormat.GITHUB: _as_github,
}
