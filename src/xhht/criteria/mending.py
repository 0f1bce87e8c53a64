"""Applies safe fixes to files: Unicode normalization, missing quotes, and the order of keys.

Only the affected characters change; comments, layout and everything else stay byte for byte. A fix
is made only if the content of the file stays the same and no new error appears.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

import yaml
from attrs import frozen

from xhht.criteria._key_order import with_sorted_keys
from xhht.criteria._yaml import LOADER, Mapping, Node, Scalar, Sequence, is_untidy, read_yaml
from xhht.criteria.diagnostics import Diagnostic, DiagnosticCollector
from xhht.criteria.document import OverlayDocument, ProfileDocument
from xhht.criteria.loading import check_profile
from xhht.criteria.overlays import is_overlay
from xhht.criteria.target_document import TargetsDocument
from xhht.criteria.targets import check_targets, is_targets_file
from xhht.text import normalize_text

__all__ = ["apply_fixes"]

_BOM = b"\xef\xbb\xbf"


def apply_fixes(data: bytes, file: str) -> bytes:
    """Return a profile or targets file with all safe fixes applied.

    A file that is not valid YAML, or needs no fix, is returned unchanged.

    >>> apply_fixes("id: a.b\\nformat: 1  # the format\\n".encode(), "x.yaml").decode()
    'format: 1  # the format\\nid: a.b\\n'
    """
    for fix in (_normalized, _quoted, _ordered):
        fixed = fix(data, file)
        if fixed != data and _is_equivalent(data, fixed, file):
            data = fixed
    return data


def _is_equivalent(before: bytes, after: bytes, file: str) -> bool:
    nodes = [read_yaml(data, DiagnosticCollector(file)) for data in (before, after)]
    if None in nodes or _content(nodes[0]) != _content(nodes[1]):
        return False
    return _codes(after, file) <= _codes(before, file)


def _content(node: Node | None) -> object:
    if isinstance(node, Mapping):
        return {key.text: _content(value) for key, value in node.items}
    if isinstance(node, Sequence):
        return [_content(item) for item in node.items]
    return (node.text, node.is_null) if isinstance(node, Scalar) else None


def _codes(data: bytes, file: str) -> Counter[tuple[str, str]]:
    return Counter((item.code, item.pointer) for item in _diagnostics(data, file))


def _diagnostics(data: bytes, file: str) -> tuple[Diagnostic, ...]:
    return check_targets(data, file) if is_targets_file(file) else check_profile(data, file)


# Scalars


@frozen
class _Token:
    """A scalar in a file: `text[start:end]`."""

    start: int
    end: int
    value: str
    line: int
    column: int


def _normalized(data: bytes, file: str) -> bytes:
    """Return a file with its texts in NFC, without hidden characters and extra spaces."""
    return _with_tokens(data, lambda token, raw: _tidied(raw) if is_untidy(token.value) else raw)


def _quoted(data: bytes, file: str) -> bytes:
    """Return a file with quotes around the texts that other YAML readers would convert."""
    places = {
        (item.mark.line, item.mark.column)
        for item in _diagnostics(data, file)
        if item.code == "XH107" and item.file == file
    }
    return _with_tokens(
        data, lambda token, raw: f'"{raw}"' if (token.line, token.column) in places else raw
    )


def _with_tokens(data: bytes, change: Callable[[_Token, str], str]) -> bytes:
    """Return a file with each of its scalars changed."""
    head = _BOM if data.startswith(_BOM) else b""
    parts, at = [], 0
    try:
        text = data.decode("utf-8-sig")
        for token in _tokens(text):
            parts += [text[at : token.start], change(token, text[token.start : token.end])]
            at = token.end
    except (UnicodeDecodeError, yaml.YAMLError):
        return data
    return head + "".join((*parts, text[at:])).encode()


def _tokens(text: str) -> Iterator[_Token]:
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.ScalarEvent) and event.start_mark and event.end_mark:
            start, end = event.start_mark, event.end_mark
            yield _Token(start.index, end.index, event.value, start.line + 1, start.column + 1)


def _tidied(raw: str) -> str:
    """Return a scalar with normalized text, as far as its quoting style allows."""
    if "\n" not in raw and "\r" not in raw:
        quote = raw[:1] if raw[:1] in ("'", '"') else ""
        inner = raw[1:-1] if quote else raw
        if quote == "'":
            inner = normalize_text(inner.replace("''", "'")).replace("'", "''")
        tidy = f"{quote}{normalize_text(inner)}{quote}"
        if _is_read_equally(tidy, raw):
            return tidy
    return unicodedata.normalize("NFC", raw)


def _is_read_equally(one: str, other: str) -> bool:
    return _lone_scalar(one) == _lone_scalar(other) is not None


def _lone_scalar(raw: str) -> tuple[str, str | None] | None:
    """Return the text and style of a scalar, or None if the text is not a single scalar."""
    try:
        events = list(yaml.parse(f"- {raw}\n", Loader=LOADER))
    except yaml.YAMLError:
        return None
    scalars = [event for event in events if isinstance(event, yaml.ScalarEvent)]
    if len(events) != len(scalars) + 6 or len(scalars) != 1:
        return None
    return normalize_text(scalars[0].value), scalars[0].style


# Keys


def _ordered(data: bytes, file: str) -> bytes:
    """Return a file with the keys of each part in the order of the format."""
    sink = DiagnosticCollector(file)
    node = read_yaml(data, sink)
    if node is None or sink.has_errors:
        return data
    kind: type = ProfileDocument
    if is_targets_file(file):
        kind = TargetsDocument
    elif is_overlay(node):
        kind = OverlayDocument
    head = _BOM if data.startswith(_BOM) else b""
    return head + with_sorted_keys(data.decode("utf-8-sig"), kind).encode()
