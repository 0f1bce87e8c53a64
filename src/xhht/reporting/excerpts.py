"""Shows the source line of a diagnostic, with the relevant part underlined.

Terminal characters have a width of 0, 1 or 2 columns: Vietnamese may be decomposed, and comments
may contain any script. The underline uses the displayed width. Characters that could move or hide
other text (control characters, bidirectional marks) are shown as `�`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen

from xhht.issues import Mark
from xhht.render import char_width, display_width

__all__ = ["SourceLine", "SourceLines"]

_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_WORD = re.compile(r"[^\s,\[\]{}()\"'#]*[^\s,\[\]{}()\"'#:]")
_MAX_WIDTH = 96
_TAB = "    "
_REPLACEMENT = "�"


@frozen
class SourceLine:
    """A line of a file, and the relevant part, in code points from 0.

    >>> print("\\n".join(SourceLine("tên: Dơn vị", 5, 8).excerpt(7)))
        7 | tên: Dơn vị
          |      ^~~
    """

    text: str
    start: int
    end: int

    def excerpt(self, number: int) -> Iterator[str]:
        """Yield the line in compiler style, and a line that underlines the part.

        Args:
            number: the line's number in its file.
        """
        first = self._first_shown()
        ellipsis = "…" if first else ""
        before = ellipsis + _shown(self.text[first : self.start])
        part = _shown(self.text[self.start : self.end])
        after = _shown(self.text[self.end :])
        width = _MAX_WIDTH - display_width(before)
        yield f"{number:5} | {before}{_truncated(part + after, width)}".rstrip()
        marks = max(1, min(display_width(part), width))
        yield f"      | {' ' * display_width(before)}^{'~' * (marks - 1)}"

    def _first_shown(self) -> int:
        """Return the start of the displayed part of a long line."""
        part_end = min(self.end, self.start + _MAX_WIDTH // 2)
        if display_width(_shown(self.text[:part_end])) < _MAX_WIDTH:
            return 0
        return max(0, self.start - _MAX_WIDTH // 2)


def _truncated(shown: str, width: int) -> str:
    """Return a text truncated to `width` columns, with an ellipsis."""
    if display_width(shown) <= width:
        return shown
    kept, used = [], 0
    for character in shown:
        used += char_width(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join((*kept, "…"))


def _shown(text: str) -> str:
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character == "\t":
        return _TAB
    category = unicodedata.category(character)
    return _REPLACEMENT if category in ("Cc", "Cf", "Cs", "Zl", "Zp") else character


class SourceLines:
    """The lines of the files of diagnostics, each file read once on first use."""

    def __init__(self, contents: Mapping[str, bytes] | None = None) -> None:
        """Accept the contents of files that cannot be read again, such as standard input."""
        self._lines = {file: _lines(data) for file, data in (contents or {}).items()}

    def line(self, file: str, mark: Mark) -> SourceLine | None:
        """Return the line of a position in a file; None if it cannot be read."""
        if file not in self._lines:
            self._lines[file] = _read(file)
        lines = self._lines[file]
        if not 1 <= mark.line <= len(lines):
            return None
        text = lines[mark.line - 1]
        start = min(mark.column - 1, len(text))
        length = _word_length(text, start) if mark.length is None else mark.length
        return SourceLine(text, start, min(start + max(length, 1), max(len(text), start + 1)))


def _word_length(text: str, start: int) -> int:
    word = _WORD.match(text, start)
    return len(word[0]) if word else 1


def _read(file: str) -> list[str]:
    try:
        return _lines(Path(file).read_bytes())
    except (OSError, ValueError):
        return []


def _lines(data: bytes) -> list[str]:
    return _BREAKS.split(data.decode("utf-8-sig", "replace"))
