"""Writes files whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xhht.errors import TableError
from xhht.text import Text


@contextmanager
def new_file(target: str | Path) -> Iterator[Path]:
    """Provide a temporary name in the folder of a file; it becomes the file if the block succeeds.

    A file that is replaced keeps its permissions. A pipe or a terminal is written directly.

    Raises:
        TableError: the file cannot be written.
    """
    path = Path(target)
    if path.is_fifo() or path.is_char_device():
        yield path
        return
    path = path.resolve()
    part = path.with_name(f".{path.name}.part")
    try:
        with _as_table_error(target):
            part.touch()
        yield part
        with _as_table_error(target):
            if path.exists():
                shutil.copymode(path, part)
            part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink()


def replace_file(target: str | Path, data: bytes) -> None:
    """Write a file atomically: a reader sees the old content or the new one.

    Raises:
        TableError: the file cannot be written.
    """
    with new_file(target) as part, _as_table_error(target):
        part.write_bytes(data)


@contextmanager
def _as_table_error(target: str | Path) -> Iterator[None]:
    try:
        yield
    except OSError:
        raise unwritable_file_error(target) from None


def unwritable_file_error(file: str | Path) -> TableError:
    """Return the error for a file that cannot be written."""
    return TableError(_NOT_WRITABLE.format(file=file))


_NOT_WRITABLE = Text(
    vi="Không ghi được tệp {file}; hãy kiểm tra thư mục và quyền ghi.",
    en="The file {file} cannot be written; check the folder and its permissions.",
)
