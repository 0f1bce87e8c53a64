"""Formats diagnostics of profiles: as compiler-style text, JSON, SARIF or GitHub annotations."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from xhht.criteria.codes import CODES
from xhht.criteria.diagnostics import Diagnostic
from xhht.issues import page_of
from xhht.reporting.excerpts import SourceLines
from xhht.text import Lang, Text

__all__ = ["FindingsFormat", "findings_text", "sarif_log"]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


_STANDARD_INPUT = "stdin"


def sarif_log(
    diagnostics: Iterable[Diagnostic], sources: SourceLines, lang: Lang
) -> dict[str, Any]:
    """Return a SARIF log with one run that contains all diagnostics.

    Columns count code points from 1. The tool lists the violated rules, each with its page in the
    documentation under `properties.page`.
    """
    diagnostics = tuple(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    driver = {
        "name": "xhht",
        "version": version("xhht"),
        "rules": [_rule(code, lang) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "language": lang.value,
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(diagnostic, codes.index(diagnostic.code), sources, lang)
            for diagnostic in diagnostics
        ],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, lang: Lang) -> dict[str, Any]:
    info = CODES[code]
    rule: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": _generic(info.text, lang)},
        "defaultConfiguration": {"level": info.severity.value},
        "properties": {"page": page_of(code)},
    }
    if info.hint:
        rule["help"] = {"text": _generic(info.hint, lang)}
    return rule


def _generic(text: Text, lang: Lang) -> str:
    """Return the generic message of a code, with an ellipsis for each placeholder."""
    return text.get(lang).format_map(defaultdict(lambda: "…"))


def _result(diagnostic: Diagnostic, rule: int, sources: SourceLines, lang: Lang) -> dict[str, Any]:
    line = sources.line(diagnostic.file, diagnostic.mark)
    region: dict[str, Any] = {
        "startLine": diagnostic.mark.line,
        "startColumn": diagnostic.mark.column,
    }
    if line is not None:
        region |= {"endColumn": line.end + 1, "snippet": {"text": line.text[line.start : line.end]}}
    message = diagnostic.text.get(lang)
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity.value,
        "message": {
            "text": f"{message} {diagnostic.hint.get(lang)}" if diagnostic.hint else message
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(diagnostic.file)},
                    "region": region,
                },
                "logicalLocations": [{"fullyQualifiedName": diagnostic.pointer}],
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
    """The output format of diagnostics."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def findings_text(
    diagnostics: Iterable[Diagnostic], output: FindingsFormat, sources: SourceLines, lang: Lang
) -> str:
    """Return formatted diagnostics, without a final line end.

    Args:
        diagnostics: the diagnostics, in output order.
        output: the format.
        sources: the lines of the files concerned.
        lang: the language of messages and hints.
    """
    return _WRITERS[output](tuple(diagnostics), sources, lang)


def _as_text(diagnostics: Iterable[Diagnostic], sources: SourceLines, lang: Lang) -> str:
    return "\n".join(
        line for diagnostic in diagnostics for line in _compiler_lines(diagnostic, sources, lang)
    )


def _compiler_lines(diagnostic: Diagnostic, sources: SourceLines, lang: Lang) -> Iterator[str]:
    message, *hint = diagnostic.render(lang).split("\n")
    yield message
    line = sources.line(diagnostic.file, diagnostic.mark)
    if line is not None and line.text.strip():
        yield from line.excerpt(diagnostic.mark.line)
    yield from hint


def _as_json(diagnostics: Iterable[Diagnostic], sources: SourceLines, lang: Lang) -> str:
    return json.dumps(
        [diagnostic.to_dict(lang) for diagnostic in diagnostics], ensure_ascii=False, indent=2
    )


def _as_sarif(diagnostics: Iterable[Diagnostic], sources: SourceLines, lang: Lang) -> str:
    return json.dumps(sarif_log(diagnostics, sources, lang), ensure_ascii=False, indent=2)


_IN_MESSAGE = {"%": "%25", "\r": "%0D", "\n": "%0A"}


_IN_PROPERTY = {**_IN_MESSAGE, ":": "%3A", ",": "%2C"}


def _as_github(diagnostics: Iterable[Diagnostic], sources: SourceLines, lang: Lang) -> str:
    return "\n".join(_annotation(diagnostic, sources, lang) for diagnostic in diagnostics)


def _annotation(diagnostic: Diagnostic, sources: SourceLines, lang: Lang) -> str:
    properties = {
        "file": diagnostic.file,
        "line": diagnostic.mark.line,
        "col": diagnostic.mark.column,
    }
    line = sources.line(diagnostic.file, diagnostic.mark)
    if line is not None:
        properties |= {"endLine": diagnostic.mark.line, "endColumn": line.end + 1}
    properties["title"] = diagnostic.code
    pairs = ",".join(f"{key}={_escaped(value, _IN_PROPERTY)}" for key, value in properties.items())
    message = diagnostic.text.get(lang)
    hint = f"\n→ {diagnostic.hint.get(lang)}" if diagnostic.hint else ""
    return f"::{diagnostic.severity.value} {pairs}::{_escaped(message + hint, _IN_MESSAGE)}"


def _escaped(value: object, escapes: Mapping[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in str(value))


_WRITERS: Mapping[FindingsFormat, Callable[[tuple[Diagnostic, ...], SourceLines, Lang], str]] = {
    FindingsFormat.TEXT: _as_text,
    FindingsFormat.JSON: _as_json,
    FindingsFormat.SARIF: _as_sarif,
    FindingsFormat.GITHUB: _as_github,
}
