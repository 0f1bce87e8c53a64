"""Detects files that are read as columns, and checks for the optional dependencies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xhht.cli._common import STDIN, fail
from xhht.text import Lang, Text

_COLUMNAR = (b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def is_columnar(path: str) -> bool:
    """Return whether a file can only be evaluated over columns; raises OSError."""
    if path == STDIN:
        return False
    if Path(path).is_dir():
        return any(Path(path).glob("*.parquet"))
    with Path(path).open("rb") as stream:
        return stream.read(4) in _COLUMNAR


@contextmanager
def require_extras(lang: Lang) -> Iterator[None]:
    """Fail and name the extra if the block imports a library that is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        fail(_NEEDS_EXTRA.format(extra=_EXTRAS.get(error.name or "", "frames")), lang)


_EXTRAS = {
    "openpyxl": "excel",
    "xlsxwriter": "excel",
    "jinja2": "report",
    "duckdb": "duckdb",
    "pyarrow": "pandas",
    "ibis": "postgres",
    "psycopg": "postgres",
    "z3": "prove",
}
_NEEDS_EXTRA = Text(
    vi="Việc này cần cài thêm: pip install 'xhht[{extra}]'.",
    en="This needs an extra: pip install 'xhht[{extra}]'.",
)
