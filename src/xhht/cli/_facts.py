"""Reads subjects for `xhht evaluate`: a JSON object or list, or CSV with one row per subject."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader
from typing import IO

from xhht.cli._common import warn
from xhht.criteria.profile import Profile
from xhht.numbers import Convention
from xhht.tables.facts import FactTable, SubjectFacts, read_json_subjects
from xhht.text import Lang

_HEAD = 64


def read_subjects(
    stream: IO[bytes], name: str, profile: Profile, numbers: Convention, lang: Lang
) -> Iterator[SubjectFacts]:
    """Return the subjects of a file.

    Errors that make the file unusable are raised before the first subject.
    """
    head = stream.peek(_HEAD) if isinstance(stream, BufferedReader) else b""
    if name.lower().endswith(".json") or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return read_json_subjects(stream.read(), profile)
    table = FactTable(stream.read(), profile, numbers)
    for warning in table.warnings:
        warn(warning, lang)
    return table.subjects()
