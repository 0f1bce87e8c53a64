"""Criteria profiles: reads YAML, returns a checked profile, reports every error with its line.

This package does not depend on evaluation. The names below check and fix sets of files, for an
editor or a web service; each is imported on first use. Profiles are loaded by `xhht` itself.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xhht.criteria.checking import CheckResults, check_contents, check_files, read_files
    from xhht.criteria.fixing import diff_text, fix_contents, replace_file
    from xhht.criteria.loading import CheckResult

__all__ = [
    "CheckResult",
    "CheckResults",
    "check_contents",
    "check_files",
    "diff_text",
    "fix_contents",
    "read_files",
    "replace_file",
]

_MODULE = {
    "CheckResult": "loading",
    "CheckResults": "checking",
    "check_contents": "checking",
    "check_files": "checking",
    "diff_text": "fixing",
    "fix_contents": "fixing",
    "read_files": "checking",
    "replace_file": "fixing",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULE[name]}"), name)
