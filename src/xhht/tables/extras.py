"""The extras of `xhht` that optional libraries come with."""

from __future__ import annotations

from xhht.text import Text

__all__ = ["missing_extra_text"]


def missing_extra_text(error: ModuleNotFoundError) -> Text:
    """Return the message for an optional library that is not installed.

    >>> error = ModuleNotFoundError(name="openpyxl")
    >>> missing_extra_text(error).get("en")
    "This needs an extra: pip install 'xhht[excel]'."
    """
    return _NEEDS_EXTRA.format(extra=_EXTRAS.get((error.name or "").partition(".")[0], "frames"))


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
