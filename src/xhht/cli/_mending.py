"""Fixes profile files for `xhht check --fix`, and shows the changes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from xhht.criteria.formatting import apply_fixes


def fixed_contents(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the fixed content, by name, of the files that can be fixed."""
    fixed = {file: apply_fixes(data, file) for file, data in contents.items()}
    return {file: data for file, data in fixed.items() if data != contents[file]}


def diff_text(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    """Return the changes as a unified diff for `patch`."""
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
