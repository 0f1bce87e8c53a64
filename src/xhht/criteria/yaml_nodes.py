"""Parses YAML into nodes with source locations; scalars remain text.

Tags, anchors, aliases and duplicate keys are errors; size and depth are limited.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

import yaml
from attrs import field, frozen

from xhht.criteria._yaml_problems import is_too_deep, problem_of
from xhht.criteria.diagnostics import DiagnosticCollector
from xhht.issues import Mark
from xhht.text import normalize_text

__all__ = ["SourceSpan"]

MAX_BYTES = 1_000_000


MAX_DEPTH = 40


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_RESOLVER = yaml.SafeLoader("")


_TEXT_TAG = "tag:yaml.org,2002:str"


_NULL_TAG = "tag:yaml.org,2002:null"


@lru_cache(maxsize=4096)
def plain_tag(text: str) -> str:
    """Return the YAML tag of an unquoted text."""
    return str(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False)))  # type: ignore[no-untyped-call]


def is_untidy(text: str) -> bool:
    """Return whether normalization changes a text, ignoring spaces at its ends."""
    return normalize_text(text.strip()) != text.strip()


@frozen
class Scalar:
    """A text value of the file."""

    text: str
    mark: Mark
    plain: bool
    span: SourceSpan | None = field(default=None, eq=False, repr=False)

    def mark_at(self, offset: int) -> Mark:
        """Return the place of a character of the text, or of the scalar if that is unknown."""
        position = self.span.position(self.text, offset) if self.span else None
        if position is None:
            return self.mark
        line, column = position
        before = self.mark.column - 1 if line == 0 else 0
        return Mark(self.mark.line + line, before + column, self.mark.file)

    @property
    def is_null(self) -> bool:
        """Whether YAML reads it as null."""
        return self.plain and self._tag() == _NULL_TAG

    @property
    def is_ambiguous(self) -> bool:
        """Whether other YAML readers would convert it to something other than text."""
        return self.plain and self._tag() != _TEXT_TAG

    def _tag(self) -> str:
        return plain_tag(self.text)


@frozen
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    mark: Mark


@frozen
class Mapping:
    """Keys and values in the order of the file, without duplicates."""

    items: tuple[tuple[Scalar, Node], ...]
    mark: Mark
    _by_key: dict[str, Node] = field(init=False, eq=False, repr=False)

    @_by_key.default
    def _values(self) -> dict[str, Node]:
        return {name.text: value for name, value in self.items}

    def get(self, key: str) -> Node | None:
        """Return the value of `key`, or None."""
        return self._by_key.get(key)


@frozen
class Alias:
    """A reference to another value: an error, not resolved."""

    mark: Mark


Node: TypeAlias = Scalar | Sequence | Mapping | Alias


class _Stop(Exception):  # noqa: N818 - control flow, never seen outside
    """Parsing cannot continue; the error has been reported."""


def read_yaml(data: bytes, sink: DiagnosticCollector) -> Node | None:
    """Return the one document in `data`, or None if an error prevents parsing."""
    if len(data) > MAX_BYTES:
        sink.add("XH102", Mark(1, 1), limit=str(MAX_BYTES))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        sink.add("XH103", Mark(line, 1))
        return None
    try:
        return _Composer(text, sink).document()
    except _Stop:
        return None
    except yaml.YAMLError as error:
        # Newer parsers read ahead and reject the depth before the limit here is reached.
        if is_too_deep(error):
            sink.add("XH112", _place_of(error, text), limit=str(MAX_DEPTH))
        else:
            sink.add("XH101", _place_of(error, text), problem=problem_of(error))
        return None


def _place_of(error: yaml.YAMLError, text: str) -> Mark:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark:
        return Mark(mark.line + 1, mark.column + 1)
    forbidden = _FORBIDDEN.search(text)
    if forbidden is None:
        return Mark(1, 1)
    before = text[: forbidden.start()]
    return Mark(before.count("\n") + 1, len(before) - before.rfind("\n"))


class _Composer:
    def __init__(self, text: str, sink: DiagnosticCollector) -> None:
        self._text = text
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=LOADER)
        self._sink = sink

    def document(self) -> Node | None:
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            self._sink.add("XH113", Mark(1, 1))
            return None
        node = self._node(next(self._events), "", 1)
        next(self._events)
        end = next(self._events)
        if not isinstance(end, yaml.StreamEndEvent):
            self._sink.add("XH114", _mark(end))
        return node

    def _node(self, event: yaml.Event, pointer: str, depth: int) -> Node:
        mark = _mark(event, self._sink.file)
        if depth > MAX_DEPTH:
            self._sink.add("XH112", mark, pointer, limit=str(MAX_DEPTH))
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            self._sink.add("XH105", mark, pointer, found=f"*{event.anchor}")
            return Alias(mark)
        assert isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent))
        if event.anchor:
            self._sink.add("XH105", mark, pointer, found=f"&{event.anchor}")
        if event.tag:
            self._sink.add("XH106", mark, pointer, found=str(event.tag))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, mark, pointer)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(mark, pointer, depth)
        return self._mapping(mark, pointer, depth)

    def _scalar(self, event: yaml.ScalarEvent, mark: Mark, pointer: str) -> Scalar:
        text = normalize_text(event.value)
        if text != event.value and is_untidy(event.value):
            self._sink.add("XH118", mark, pointer)
        plain = event.style is None or event.style == ""
        start, end = event.start_mark, event.end_mark
        span = SourceSpan(self._text, start.index, end.index) if start and end else None
        return Scalar(text, mark, plain, span)

    def _sequence(self, mark: Mark, pointer: str, depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, f"{pointer}/{len(items)}", depth + 1))
        return Sequence(tuple(items), mark)

    def _mapping(self, mark: Mark, pointer: str, depth: int) -> Mapping:
        items: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, pointer, depth + 1)
            name = key.text if isinstance(key, Scalar) else ""
            value = self._node(next(self._events), child(pointer, name), depth + 1)
            if isinstance(key, Alias):
                continue
            if not isinstance(key, Scalar):
                self._sink.add("XH111", key.mark, pointer, expected="text")
            elif name in items:
                first = items[name][0].mark.line
                self._sink.add("XH104", key.mark, child(pointer, name), key=name, line=str(first))
            else:
                items[name] = (key, value)
        return Mapping(tuple(items.values()), mark)


def child(pointer: str, key: str) -> str:
    """Return the JSON pointer of `key` under `pointer`."""
    return f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"


def _mark(event: yaml.Event, file: str | None = None) -> Mark:
    start, end = event.start_mark, event.end_mark
    if not start:
        return Mark(1, 1, file)
    length = None
    if isinstance(event, yaml.ScalarEvent) and end and end.line == start.line:
        length = end.column - start.column
    return Mark(start.line + 1, start.column + 1, file, length)


_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


_ESCAPED_BLANKS = frozenset("nrtvfNLP_")


_LENGTH_OF_ESCAPE = {"x": 4, "u": 6, "U": 10}


@frozen
class SourceSpan:
    """The source span of a scalar: `source[start:end]`."""

    source: str
    start: int
    end: int

    def position(self, text: str, offset: int) -> tuple[int, int] | None:
        """Return the line and column of a character, relative to the scalar.

        Args:
            text: the parsed text of the scalar.
            offset: the character, from 0; the length of the text means the end.

        Returns:
            The line from 0 and the column from 1 in its line; in the first line, columns count
            from the start of the scalar. None if it cannot be determined.
        """
        raw = self.source[self.start : self.end]
        position = _Scanner(raw).position(text, offset)
        if position is None:
            return None
        breaks = list(_BREAK.finditer(raw, 0, position))
        return len(breaks), position - (breaks[-1].end() if breaks else 0) + 1


class _Scanner:
    """Scans the source text in parallel with the parsed text."""

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self._quote = raw[:1] if raw[:1] in ("'", '"') else ""
        header = _BREAK.search(raw) if raw[:1] in ("|", ">") else None
        self._at = header.end() if header else len(self._quote)

    def position(self, text: str, offset: int) -> int | None:
        """Return the position in the source where a parsed character starts."""
        for character in text[:offset]:
            if not self._consume(character):
                return None
        if offset < len(text) and text[offset] != " ":
            self._skip_to(text[offset])
        return self._at if self._at <= len(self._raw) else None

    def _consume(self, character: str) -> bool:
        """Move past a character and return whether it was present."""
        if character == " ":
            start = self._at
            self._skip_blank()
            return self._at > start
        self._skip_to(character)
        if self._quote == '"' and self._raw.startswith("\\", self._at):
            kind = self._raw[self._at + 1 : self._at + 2]
            self._at += _LENGTH_OF_ESCAPE.get(kind, 2)
            return True
        if self._quote == "'" and self._raw.startswith("''", self._at):
            self._at += 2
            return True
        return self._consume_composed(character)

    def _consume_composed(self, character: str) -> bool:
        """Move past a letter, which may be written with combining marks."""
        for length in range(1, 5):
            source = self._raw[self._at : self._at + length]
            if unicodedata.normalize("NFC", source) == character:
                self._at += length
                return True
        return False

    def _skip_to(self, character: str) -> None:
        """Skip what the parser drops: blanks around line breaks, and hidden characters."""
        while not self._raw.startswith(character, self._at) and (length := self._blank_length()):
            self._at += length

    def _skip_blank(self) -> None:
        while length := self._blank_length():
            self._at += length

    def _blank_length(self) -> int:
        """Return the length of the blank, hidden or escaped blank character here, or 0."""
        current, following = (
            self._raw[self._at : self._at + 1],
            self._raw[self._at + 1 : self._at + 2],
        )
        if current == "\\" and self._quote == '"':
            return 1 if following.isspace() else 2 * (following in _ESCAPED_BLANKS)
        is_hidden = bool(current) and unicodedata.category(current) == "Cf"
        return 1 if current.isspace() or is_hidden else 0
