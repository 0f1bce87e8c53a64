"""`xhht test --boundaries`: adds to test files the cases that lie at thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from xhht.cli._columnar import extras_at_hand
from xhht.cli._common import Format, counted, print_json, print_text
from xhht.cli._mending import write_files
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.loading import load_profile
from xhht.testing.boundaries import boundaries_of, with_cases
from xhht.testing.cases import load_cases, test_file_of
from xhht.text import Lang, Text

__all__ = ["write_boundaries"]


@frozen
class _Written:
    """What was added to one test file, and the sides of thresholds at which nobody can be."""

    file: str
    added: list[str]
    absent: list[Text]
    faults: list[Text]


def write_boundaries(files: Sequence[Path], output: Format, lang: Lang) -> bool:
    """Add cases to the test files of profiles; return whether some file could not be read."""
    found = [_written(file, files, lang) for file in counted(files, lang)]
    if output is Format.JSON:
        print_json([_item(each, lang) for each in found])
        return any(each.faults for each in found)
    for each in found:
        if not each.faults:
            print_text(_ADDED.in_(lang, number=len(each.added), file=each.file))
        for text in (*each.faults, *each.absent):
            print_text(f"    {text.in_(lang)}")
    return any(each.faults for each in found)


def _written(file: Path, together: Sequence[Path], lang: Lang) -> _Written:
    tests = test_file_of(file)
    try:
        profile = load_profile(file, bases=together)
        text = tests.read_text(encoding="utf-8") if tests.exists() else ""
        known = load_cases(tests, profile) if text else ()
    except ProfileError as error:
        return _Written(str(tests), [], [], [error.text])
    with extras_at_hand(lang):
        sides = list(boundaries_of(profile, together))
    longer, added = with_cases(text, profile, sides, known)
    if added:
        write_files({str(tests): longer.encode()}, lang)
    return _Written(str(tests), added, [s.absent for s in sides if s.subject is None], [])


def _item(written: _Written, lang: Lang) -> dict[str, object]:
    absent = [text.in_(lang) for text in written.absent]
    faults = [text.in_(lang) for text in written.faults]
    return {"file": written.file, "added": written.added, "absent": absent, "faults": faults}


_ADDED = Text(vi="{file}: thêm {number} ca.", en="{file}: {number} cases added.")
