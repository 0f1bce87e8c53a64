"""`xhht test --boundaries`: adds cases at thresholds to test files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from xhht.cli._columnar import require_extras
from xhht.cli._common import Format, print_json, print_text, with_progress
from xhht.cli._mending import write_files
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.loading import load_profile
from xhht.testing.boundaries import boundaries_of, with_cases
from xhht.testing.cases import load_cases, test_file_of
from xhht.text import Lang, Text


@frozen
class _UpdatedFile:
    """Cases added to one test file, and the sides of thresholds that no subject can reach."""

    file: str
    added: list[str]
    unreachable: list[Text]
    errors: list[Text]

    def to_dict(self, lang: Lang) -> dict[str, object]:
        """Return the update as JSON data."""
        return {
            "file": self.file,
            "added": self.added,
            "absent": [text.get(lang) for text in self.unreachable],
            "faults": [text.get(lang) for text in self.errors],
        }


def write_boundaries(files: Sequence[Path], output: Format, lang: Lang) -> bool:
    """Add cases to the test files of profiles; return whether a file could not be read."""
    updates = [_add_cases(file, files, lang) for file in with_progress(files, lang)]
    if output is Format.JSON:
        print_json([update.to_dict(lang) for update in updates])
        return any(update.errors for update in updates)
    for update in updates:
        if not update.errors:
            print_text(_ADDED.get(lang, number=len(update.added), file=update.file))
        for text in (*update.errors, *update.unreachable):
            print_text(f"    {text.get(lang)}")
    return any(update.errors for update in updates)


def _add_cases(file: Path, bases: Sequence[Path], lang: Lang) -> _UpdatedFile:
    tests = test_file_of(file)
    try:
        profile = load_profile(file, bases=bases)
        text = tests.read_text(encoding="utf-8") if tests.exists() else ""
        existing_cases = load_cases(tests, profile) if text else ()
    except ProfileError as error:
        return _UpdatedFile(str(tests), [], [], [error.text])
    with require_extras(lang):
        sides = list(boundaries_of(profile, bases))
    extended, added = with_cases(text, profile, sides, existing_cases)
    if added:
        write_files({str(tests): extended.encode()}, lang)
    return _UpdatedFile(
        str(tests), added, [s.absence_message for s in sides if s.subject is None], []
    )


_ADDED = Text(vi="{file}: đã thêm {number} ca kiểm thử.", en="{file}: cases added: {number}.")
