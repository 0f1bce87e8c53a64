"""Maps each character of a parsed scalar to its position in the source file.

The parsed text can differ from the source: quotes and escapes, folded lines, collapsed spaces and
composed letters. Both are scanned in parallel.
"""

from __future__ import annotations

import re
import unicodedata

from attrs import frozen

__all__ = ["SourceSpan"]

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
        at = _Scanner(raw).position(text, offset)
        if at is None:
            return None
        breaks = list(_BREAK.finditer(raw, 0, at))
        return len(breaks), at - (breaks[-1].end() if breaks else 0) + 1


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
