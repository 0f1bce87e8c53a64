"""Fixes files where no decision is needed; shows the changes, and writes them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from xhht._files import replace_file
from xhht.criteria.formatting import apply_fixes

__all__ = ["diff_text", "fix_contents", "replace_file"]


def fix_contents(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the fixed content, by name, of the files that can be fixed.

    >>> fix_contents({"x.yaml": b"id: a.b\\nformat: 1\\n", "y.yaml": b"format: 1\\nid: a.b\\n"})
    {'x.yaml': b'format: 1\\nid: a.b\\n'}
    """
    fixed = {file: apply_fixes(data, file) for file, data in contents.items()}
    return {file: data for file, data in fixed.items() if data != contents[file]}


def diff_text(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    """Return the changes as a unified diff for `patch`.

    >>> print(diff_text({"x": b"a\\n"}, {"x": b"b\\n"}), end="")
    --- x
    +++ x
    @@ -1 +1 @@
    -a
    +b
    """
    return "".join(line for file in after for line in _diff(file, before[file], after[file]))


def _diff(file: str, before: bytes, after: bytes) -> Iterator[str]:
    for line in difflib.unified_diff(_lines(before), _lines(after), file, file):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(data: bytes) -> list[str]:
    """Return the lines as `diff` splits them, at `\\n` alone."""
    text = data.decode("utf-8", "backslashreplace")
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [
        line for line in text.split("\n")[-1:] if line
    ]
