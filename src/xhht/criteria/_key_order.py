"""Sorts the keys of a file in the order of the format by moving complete entries.

In braces, an entry is its key and value; the text between entries stays. In indented YAML, an entry
is its lines with the comment lines directly above its key and the deeper comments below it; blank
lines, other comments and the comment at the top of the file stay. If a comment could be separated
from its entry, nothing is moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

import yaml
from attrs import frozen, has

from xhht.criteria._yaml import LOADER
from xhht.criteria.document import Anything
from xhht.criteria.reading import fields_of
from xhht.text import Text


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
    parts, at = [], start
    for move in moves:
        if move.start < at or move.end > end:
            continue  # inside an entry that is already moved, or outside this part
        inner = [other for other in moves if other is not move]
        for slot, source in zip(move.entries, move.order, strict=True):
            parts.append(text[at : slot[0]])
            parts.append(_moved(text, *move.entries[source], inner))
            at = slot[1]
    return "".join((*parts, text[at:end]))


def _moves(node: yaml.Node, kind: Any, text: str) -> Iterator[_Move]:
    """Yield the moves in a value of a kind."""
    origin = get_origin(kind)
    if origin is tuple and isinstance(node, yaml.SequenceNode):
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
    order = tuple(sorted(range(len(keys)), key=lambda at: known.index(keys[at])))
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
    for at, (key, value) in enumerate(node.value):
        end = _line_end(text, max(_end_of(value, text), key.end_mark.index))
        limit = starts[at + 1] if at + 1 < len(starts) else len(text)
        end = _with_comments_below(text, end, limit, indent)
        entries.append((first, end))
        if at + 1 < len(starts):
            first = _with_comments_above(text, starts[at + 1], end, indent)
            if first != starts[at + 1] and not starts_line:
                return None  # the comment would follow the dash of a list entry
    return tuple(entries)


def _end_of(node: yaml.Node, text: str) -> int:
    """Return the end of a value; YAML reports an indented one as ending where the next starts."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end_of(last[1] if isinstance(last, tuple) else last, text)
    start, end = node.start_mark.index, node.end_mark.index
    return start + len(text[start:end].rstrip())


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if text[end - 1 : end] == "\r" else end


def _with_comments_below(text: str, end: int, limit: int, indent: int) -> int:
    """Return the end of an entry with the comments indented deeper than its key."""
    at = end
    while (line := text.find("\n", at, limit) + 1) and line < limit:
        at = _line_end(text, line)
        content = text[line:at].lstrip(" ")
        if content and not content.startswith("#"):
            break
        if content and at - line - len(content) > indent:
            end = at
    return end


def _with_comments_above(text: str, start: int, limit: int, indent: int) -> int:
    """Return the start of an entry with the comment lines directly above it."""
    while True:
        line = _line_start(text, start)
        above = _line_start(text, line - 1) if line else 0
        if not line or above < limit or not text[above:line].startswith(" " * indent + "#"):
            return start
        start = above + indent
