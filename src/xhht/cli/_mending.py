"""Mends profile files for `xhht check --fix`, and shows what it changes."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from xhht.cli._common import STDIN, refuse
from xhht.criteria.mending import mended
from xhht.text import Lang, Text

__all__ = ["diff_text", "mends_of", "write_files"]

_NEW = 0o644
"""What may be done with a file that was not there: everybody may read it."""


def mends_of(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return, by name, the new content of the files in which something can be mended."""
    new = {file: mended(data, file) for file, data in contents.items()}
    return {file: data for file, data in new.items() if data != contents[file]}


def write_files(changes: Mapping[str, bytes], lang: Lang) -> None:
    """Write the new contents, each file wholly or not at all; standard input is left out."""
    for file, data in changes.items():
        if file == STDIN:
            continue
        try:
            _replace(Path(file).resolve(), data)
        except OSError:
            refuse(_CANNOT_WRITE.format(file=file), lang)


def _replace(path: Path, data: bytes) -> None:
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(data)
        if path.exists():
            shutil.copymode(path, name)
        else:
            os.chmod(name, _NEW)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise


def diff_text(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    """Return the changes of some files as a unified diff that `patch` takes."""
    return "".join(line for file in after for line in _diff(file, before[file], after[file]))


def _diff(file: str, before: bytes, after: bytes) -> Iterator[str]:
    for line in difflib.unified_diff(_lines(before), _lines(after), file, file):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(data: bytes) -> list[str]:
    """Return the lines as `diff` tells them, which knows one kind of line end."""
    text = data.decode("utf-8", "backslashreplace")
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [
        line for line in text.split("\n")[-1:] if line
    ]


_CANNOT_WRITE = Text(
    vi="Không ghi được tệp {file}; hãy kiểm tra quyền ghi.",
    en="The file {file} cannot be written; check its permissions.",
)
