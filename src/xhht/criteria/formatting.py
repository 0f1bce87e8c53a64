"""Sorts the keys of a file in the order of the format by moving complete entries.

In braces, an entry is its key and value; the text between entries stays. In indented YAML, an entry
is its lines with the comment lines directly above its key and the deeper comments below it; blank
lines, other comments and the comment at the top of the file stay. If a comment could be separated
from its entry, nothing is moved.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Union, get_args, get_origin

import yaml
from attrs import frozen, has

from xhht.criteria.decoding import fields_of
from xhht.criteria.diagnostics import Diagnostic, DiagnosticCollector
from xhht.criteria.document import Anything, OverlayDocument, ProfileDocument
from xhht.criteria.loading import check_profile
from xhht.criteria.mapping_document import MappingDocument
from xhht.criteria.mappings import check_mapping, is_mapping_file
from xhht.criteria.overlays import is_overlay
from xhht.criteria.target_document import TargetsDocument
from xhht.criteria.targets import check_targets, is_targets_file
from xhht.criteria.yaml_nodes import LOADER, Mapping, Node, Scalar, Sequence, is_untidy, read_yaml
from xhht.text import Text, normalize_text

__all__ = ["apply_fixes"]


def with_sorted_keys(text: str, kind: type) -> str:
    """Return YAML text with the keys of each mapping in the order of the fields of its class.

    Args:
        text: a file that is readable as YAML.
        kind: the class of the whole file.
    """
    node = _composed(text)
    if node is None:
        return text
    moves = sorted(_moves(node, kind, text), key=lambda move: (move.start, -move.end))
    return _moved(text, 0, len(text), moves)


def _composed(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError:  # such as an undefined alias
        return None


@frozen
class _Move:
    """The entries of a mapping, each `text[start:end]`, and their new order."""

    entries: tuple[tuple[int, int], ...]
    order: tuple[int, ...]

    @property
    def start(self) -> int:
        return self.entries[0][0]

    @property
    def end(self) -> int:
        return self.entries[-1][1]


def _moved(text: str, start: int, end: int, moves: list[_Move]) -> str:
    """Return a part of the text with its entries moved."""
    parts, position = [], start
    for move in moves:
        if move.start < position or move.end > end:
            continue  # inside an entry that is already moved, or outside this part
        inner = [other for other in moves if other is not move]
        for slot, source in zip(move.entries, move.order, strict=True):
            parts.append(text[position : slot[0]])
            parts.append(_moved(text, *move.entries[source], inner))
            position = slot[1]
    return "".join((*parts, text[position:end]))


def _moves(node: yaml.Node, kind: Any, text: str) -> Iterator[_Move]:
    """Yield the moves in a value of a kind."""
    origin = get_origin(kind)
    if origin is Union:
        for alternative in get_args(kind):
            yield from _moves(node, alternative, text)
    elif origin is tuple and isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _moves(item, get_args(kind)[0], text)
    elif origin is dict and isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _moves(value, get_args(kind)[1], text)
    elif isinstance(node, yaml.MappingNode) and (kind is Text or has(kind)):
        known = fields_of(kind)
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in known:
                hint = known[key.value][1]
                yield from _moves(value, hint, text) if hint is not Anything else ()
        if len(set(keys)) == len(node.value) and known.keys() >= set(keys):
            yield from _move(node, keys, list(known), text)


def _move(node: yaml.MappingNode, keys: list[str], known: list[str], text: str) -> Iterator[_Move]:
    order = tuple(sorted(range(len(keys)), key=lambda index: known.index(keys[index])))
    if order == tuple(range(len(keys))):
        return
    entries = _entries_in_braces(node, text) if node.flow_style else _entries_in_lines(node, text)
    if entries is not None:
        yield _Move(entries, order)


def _entries_in_braces(node: yaml.MappingNode, text: str) -> tuple[tuple[int, int], ...] | None:
    entries = tuple((key.start_mark.index, value.end_mark.index) for key, value in node.value)
    bounds = (*entries, (node.end_mark.index, 0))
    gaps = (text[left[1] : right[0]] for left, right in zip(entries, bounds[1:], strict=True))
    return None if any("#" in gap for gap in gaps) else entries


def _entries_in_lines(node: yaml.MappingNode, text: str) -> tuple[tuple[int, int], ...] | None:
    starts = [key.start_mark.index for key, _ in node.value]
    indent = node.value[0][0].start_mark.column
    starts_line = not text[_line_start(text, starts[0]) : starts[0]].strip()
    first = _with_comments_above(text, starts[0], 0, indent) if starts_line else starts[0]
    if first == 0:
        first = starts[0]  # the comment at the top of a file concerns the whole file
    entries: list[tuple[int, int]] = []
    for index, (key, value) in enumerate(node.value):
        end = _line_end(text, max(_end_of(value, text), key.end_mark.index))
        limit = starts[index + 1] if index + 1 < len(starts) else len(text)
        end = _with_comments_below(text, end, limit, indent)
        entries.append((first, end))
        if index + 1 < len(starts):
            first = _with_comments_above(text, starts[index + 1], end, indent)
            if first != starts[index + 1] and not starts_line:
                return None  # the comment would follow the dash of a list entry
    return tuple(entries)


def _end_of(node: yaml.Node, text: str) -> int:
    """Return the end of a value; YAML reports an indented one as ending where the next starts."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end_of(last[1] if isinstance(last, tuple) else last, text)
    start, end = node.start_mark.index, node.end_mark.index
    return start + len(text[start:end].rstrip())


def _line_start(text: str, position: int) -> int:
    return text.rfind("\n", 0, position) + 1


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    end = len(text) if end < 0 else end
    return end - 1 if text[end - 1 : end] == "\r" else end


def _with_comments_below(text: str, end: int, limit: int, indent: int) -> int:
    """Return the end of an entry with the comments indented deeper than its key."""
    position = end
    while (line := text.find("\n", position, limit) + 1) and line < limit:
        position = _line_end(text, line)
        content = text[line:position].lstrip(" ")
        if content and not content.startswith("#"):
            break
        if content and position - line - len(content) > indent:
            end = position
    return end


def _with_comments_above(text: str, start: int, limit: int, indent: int) -> int:
    """Return the start of an entry with the comment lines directly above it."""
    while True:
        line = _line_start(text, start)
        above = _line_start(text, line - 1) if line else 0
        if not line or above < limit or not text[above:line].startswith(" " * indent + "#"):
            return start
        start = above + indent


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
    if is_mapping_file(file):
        return check_mapping(data, file)
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
    parts, position = [], 0
    try:
        text = data.decode("utf-8-sig")
        for token in _tokens(text):
            parts += [text[position : token.start], change(token, text[token.start : token.end])]
            position = token.end
    except (UnicodeDecodeError, yaml.YAMLError):
        return data
    return head + "".join((*parts, text[position:])).encode()


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
    if is_mapping_file(file):
        kind = MappingDocument
    elif is_targets_file(file):
        kind = TargetsDocument
    elif is_overlay(node):
        kind = OverlayDocument
    head = _BOM if data.startswith(_BOM) else b""
    return head + with_sorted_keys(data.decode("utf-8-sig"), kind).encode()
