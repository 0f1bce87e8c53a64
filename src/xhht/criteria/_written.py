"""Tells where in a file each character of a scalar stands.

What is read may differ from what is written: quotes and escapes, lines that are folded, spaces that
are made one, letters that are composed.
"""

from __future__ import annotations

import re
import unicodedata

from attrs import frozen

__all__ = ["Written"]

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_ESCAPED_BLANKS = frozenset("nrtvfNLP_")
_LENGTH_OF_ESCAPE = {"x": 4, "u": 6, "U": 10}


@frozen
class Written:
    """A scalar as a file writes it: `source[start:end]`."""

    source: str
    start: int
    end: int

    def place(self, text: str, offset: int) -> tuple[int, int] | None:
        """Return how many lines after the first, and where in its line, a character stands.

        Args:
            text: what is read of the scalar.
            offset: the character, from 0; one more than there are stands for the end.

        Returns:
            The line counts from 0, the column from 1 within its line; in the first line, from the
            beginning of the scalar. None where it cannot be told.
        """
        raw = self.source[self.start : self.end]
        at = _Walk(raw).position(text, offset)
        if at is None:
            return None
        breaks = list(_BREAK.finditer(raw, 0, at))
        return len(breaks), at - (breaks[-1].end() if breaks else 0) + 1


class _Walk:
    """Goes through what is written and what is read side by side."""

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self._quote = raw[:1] if raw[:1] in ("'", '"') else ""
        header = _BREAK.search(raw) if raw[:1] in ("|", ">") else None
        self._at = header.end() if header else len(self._quote)

    def position(self, text: str, offset: int) -> int | None:
        """Return where in what is written a character of what is read begins."""
        for character in text[:offset]:
            if not self._pass(character):
                return None
        if offset < len(text) and text[offset] != " ":
            self._skip_to(text[offset])
        return self._at if self._at <= len(self._raw) else None

    def _pass(self, character: str) -> bool:
        """Go past a character; return whether it was there."""
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
        return self._pass_composed(character)

    def _pass_composed(self, character: str) -> bool:
        """Go past a letter, which may be written with its marks apart."""
        for length in range(1, 5):
            written = self._raw[self._at : self._at + length]
            if unicodedata.normalize("NFC", written) == character:
                self._at += length
                return True
        return False

    def _skip_to(self, character: str) -> None:
        """Go past what is not read: blank space around lines, and hidden characters."""
        while not self._raw.startswith(character, self._at) and (length := self._blank_length()):
            self._at += length

    def _skip_blank(self) -> None:
        while length := self._blank_length():
            self._at += length

    def _blank_length(self) -> int:
        """Return how long the blank, hidden or escaped blank character is that stands here."""
        found, after = self._raw[self._at : self._at + 1], self._raw[self._at + 1 : self._at + 2]
        if found == "\\" and self._quote == '"':
            return 1 if after.isspace() else 2 * (after in _ESCAPED_BLANKS)
        is_hidden = bool(found) and unicodedata.category(found) == "Cf"
        return 1 if found.isspace() or is_hidden else 0
