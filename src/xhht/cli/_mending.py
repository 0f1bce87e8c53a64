"""Writes changed files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xhht.cli._common import STDIN, fail
from xhht.criteria.fixing import replace_file
from xhht.text import Lang, Text


def write_files(changes: Mapping[str, bytes], lang: Lang) -> None:
    """Write the new contents, each file atomically; standard input is skipped."""
    for file, data in changes.items():
        if file == STDIN:
            continue
        try:
            replace_file(Path(file), data)
        except OSError:
            fail(_CANNOT_WRITE.format(file=file), lang)


_CANNOT_WRITE = Text(
    vi="Không ghi được tệp {file}; hãy kiểm tra quyền ghi.",
    en="Cannot write file {file}; check its permissions.",
)
