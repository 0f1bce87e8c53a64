"""Diagnostics as SARIF 2.1.0, the format of code hosts and editors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from xhht.criteria.codes import CODES
from xhht.criteria.diagnostics import Diagnostic, page_of
from xhht.reporting.source_lines import SourceLines
from xhht.text import Lang, Text

__all__ = ["sarif_log"]

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
