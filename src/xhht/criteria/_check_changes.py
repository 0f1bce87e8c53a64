"""Checks what a file says of its own changes, as far as the file alone shows."""

from __future__ import annotations

import re
from typing import Protocol

from xhht.criteria.document import VERSION, ChangeEntry, version_key
from xhht.criteria.recovery import CheckContext


class _Versioned(Protocol):
    """A file with a version and entries of changes."""

    @property
    def version(self) -> str: ...

    @property
    def changes(self) -> tuple[ChangeEntry, ...] | None: ...


def check_changes(document: _Versioned, report: CheckContext) -> None:
    """Report each entry of changes of a version that is later than that of the file."""
    if not re.fullmatch(VERSION, document.version):
        return
    for index, entry in enumerate(document.changes or ()):
        if re.fullmatch(VERSION, entry.version) is None:
            continue
        if version_key(entry.version) > version_key(document.version):
            pointer = f"/changes/{index}/version"
            stated = {"found": entry.version, "version": document.version}
            report.report_error("XH394", pointer, "/version", **stated)
