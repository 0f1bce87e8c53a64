"""Findings as SARIF 2.1.0, the form in which code hosts and editors take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from xhht.criteria.codes import CODES
from xhht.criteria.diagnostics import Diagnostic, page_of
from xhht.reporting.source_lines import Sources
from xhht.text import Lang, Text

__all__ = ["sarif_log"]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_STANDARD_INPUT = "stdin"


def sarif_log(found: Iterable[Diagnostic], sources: Sources, lang: Lang) -> dict[str, Any]:
    """Return a SARIF log with one run that holds all findings.

    Columns count code points from 1. The tool lists the rules that were broken, each with its page
    in the documentation under `properties.page`.
    """
    found = tuple(found)
    codes = sorted({each.code for each in found})
    driver = {
        "name": "xhht",
        "version": version("xhht"),
        "rules": [_rule(code, lang) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "language": lang.value,
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, codes.index(each.code), sources, lang) for each in found],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, lang: Lang) -> dict[str, Any]:
    info = CODES[code]
    rule: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": _general(info.text, lang)},
        "defaultConfiguration": {"level": info.severity.value},
        "properties": {"page": page_of(code)},
    }
    if info.hint:
        rule["help"] = {"text": _general(info.hint, lang)}
    return rule


def _general(text: Text, lang: Lang) -> str:
    """Return what a code says of any file: what is filled in when it is found is left open."""
    return text.in_(lang).format_map(defaultdict(lambda: "…"))


def _result(found: Diagnostic, rule: int, sources: Sources, lang: Lang) -> dict[str, Any]:
    line = sources.line(found.file, found.mark)
    region: dict[str, Any] = {"startLine": found.mark.line, "startColumn": found.mark.column}
    if line is not None:
        region |= {"endColumn": line.end + 1, "snippet": {"text": line.text[line.start : line.end]}}
    said = found.text.in_(lang)
    return {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": found.severity.value,
        "message": {"text": f"{said} {found.hint.in_(lang)}" if found.hint else said},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(found.file)},
                    "region": region,
                },
                "logicalLocations": [{"fullyQualifiedName": found.pointer}],
            }
        ],
    }


def _uri(file: str) -> str:
    """Return how a file is named: relative as it was given, else as a file URI."""
    if file == "-":
        return _STANDARD_INPUT
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix(), safe="/")
