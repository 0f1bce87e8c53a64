"""Fixes profile files for `xhht check --fix`, and shows the changes."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from xhht.cli._common import STDIN, fail
from xhht.criteria.formatting import apply_fixes
from xhht.text import Lang, Text

_NEW_FILE_MODE = 0o644
"""Permissions of a new file: readable by all."""


def fixed_contents(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the fixed content, by name, of the files that can be fixed."""
    fixed = {file: apply_fixes(data, file) for file, data in contents.items()}
    return {file: data for file, data in fixed.items() if data != contents[file]}


def write_files(changes: Mapping[str, bytes], lang: Lang) -> None:
    """Write the new contents, each file atomically; standard input is skipped."""
    for file, data in changes.items():
        if file == STDIN:
            continue
        try:
            _replace(Path(file).resolve(), data)
        except OSError:
            fail(_CANNOT_WRITE.format(file=file), lang)


def _replace(path: Path, data: bytes) -> None:
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(data)
        if path.exists():
            shutil.copymode(path, name)
        else:
            os.chmod(name, _NEW_FILE_MODE)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise


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


_CANNOT_WRITE = Text(
    vi="Không ghi được tệp {file}; hãy kiểm tra quyền ghi.",
    en="Cannot write file {file}; check its permissions.",
)
