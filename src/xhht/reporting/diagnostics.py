"""Formats diagnostics of profiles: as compiler-style text, JSON, SARIF or GitHub annotations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

from xhht.criteria.diagnostics import Diagnostic
from xhht.reporting.sarif import sarif_log
from xhht.reporting.source_lines import SourceLines
from xhht.text import Lang

__all__ = ["FindingsFormat", "findings_text"]


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
