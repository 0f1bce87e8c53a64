"""Detects files that are read as columns, and checks for the optional dependencies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xhht.cli._common import STDIN, fail
from xhht.tables.extras import missing_extra_text
from xhht.tables.files import is_binary
from xhht.text import Lang


def is_columnar(path: str) -> bool:
    """Return whether a file can only be evaluated over columns; raises OSError."""
    return path != STDIN and is_binary(Path(path))


@contextmanager
def require_extras(lang: Lang) -> Iterator[None]:
    """Fail and name the extra if the block imports a library that is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        fail(missing_extra_text(error), lang)
