"""Reads subjects for `xhht evaluate`: a JSON object or list, or CSV with one row per subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BufferedReader, FileIO
from pathlib import Path
from typing import IO

from xhht._json import is_json
from xhht.cli._context import STDIN, CommandContext
from xhht.criteria.profile import Profile
from xhht.numbers import Convention
from xhht.tables.facts import FactTable, SubjectFacts, read_json_subjects

_HEAD = 64


def read_subjects(
    context: CommandContext,
    stream: IO[bytes],
    name: str,
    profile: Profile,
    numbers: Convention,
    standards: Iterable[Profile] = (),
) -> Iterator[SubjectFacts]:
    """Return the subjects of a file.

    Errors that make the file unusable are raised before the first subject.
    """
    head = stream.peek(_HEAD) if isinstance(stream, BufferedReader) else b""
    if name.lower().endswith(".json") or is_json(head):
        return read_json_subjects(stream.read(), profile, standards)
    # A file is read twice; what can be read only once is kept in memory.
    is_file = isinstance(getattr(stream, "raw", None), FileIO) and Path(name).is_file()
    source = Path(name) if is_file and name != STDIN else stream.read()
    table = FactTable(source, profile, numbers, standards)
    for warning in table.warnings:
        context.warn(warning)
    return table.subjects()
