"""Prints findings about profiles: for people as a compiler does, for programs as JSON, SARIF or
annotations of GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

from xhht.criteria.diagnostics import Diagnostic
from xhht.reporting.sarif import sarif_log
from xhht.reporting.source_lines import Sources
from xhht.text import Lang

__all__ = ["FindingsFormat", "findings_text"]


class FindingsFormat(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def findings_text(
    found: Iterable[Diagnostic], output: FindingsFormat, sources: Sources, lang: Lang
) -> str:
    """Return findings as they are printed, without a line end after the last.

    Args:
        found: the findings, in the order in which they are told.
        output: the form.
        sources: the lines of the files that they are about.
        lang: the language of messages and hints.
    """
    return _WRITERS[output](tuple(found), sources, lang)


def _as_text(found: Iterable[Diagnostic], sources: Sources, lang: Lang) -> str:
    return "\n".join(line for each in found for line in _compiler_lines(each, sources, lang))


def _compiler_lines(found: Diagnostic, sources: Sources, lang: Lang) -> Iterator[str]:
    said, *hint = found.render(lang).split("\n")
    yield said
    line = sources.line(found.file, found.mark)
    if line is not None and line.text.strip():
        yield from line.excerpt(found.mark.line)
    yield from hint


def _as_json(found: Iterable[Diagnostic], sources: Sources, lang: Lang) -> str:
    return json.dumps([each.to_dict(lang) for each in found], ensure_ascii=False, indent=2)


def _as_sarif(found: Iterable[Diagnostic], sources: Sources, lang: Lang) -> str:
    return json.dumps(sarif_log(found, sources, lang), ensure_ascii=False, indent=2)


_IN_MESSAGE = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = {**_IN_MESSAGE, ":": "%3A", ",": "%2C"}


def _as_github(found: Iterable[Diagnostic], sources: Sources, lang: Lang) -> str:
    return "\n".join(_annotation(each, sources, lang) for each in found)


def _annotation(found: Diagnostic, sources: Sources, lang: Lang) -> str:
    properties = {"file": found.file, "line": found.mark.line, "col": found.mark.column}
    line = sources.line(found.file, found.mark)
    if line is not None:
        properties |= {"endLine": found.mark.line, "endColumn": line.end + 1}
    properties["title"] = found.code
    told = ",".join(f"{key}={_escaped(value, _IN_PROPERTY)}" for key, value in properties.items())
    said = found.text.in_(lang)
    hint = f"\n→ {found.hint.in_(lang)}" if found.hint else ""
    return f"::{found.severity.value} {told}::{_escaped(said + hint, _IN_MESSAGE)}"


def _escaped(value: object, escapes: Mapping[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in str(value))


_WRITERS: Mapping[FindingsFormat, Callable[[tuple[Diagnostic, ...], Sources, Lang], str]] = {
    FindingsFormat.TEXT: _as_text,
    FindingsFormat.JSON: _as_json,
    FindingsFormat.SARIF: _as_sarif,
    FindingsFormat.GITHUB: _as_github,
}
