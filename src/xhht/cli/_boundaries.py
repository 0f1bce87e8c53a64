"""`xhht test --boundaries`: adds cases at thresholds to test files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from xhht._files import write_file
from xhht.cli._context import CommandContext
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


def write_boundaries(context: CommandContext, files: Sequence[Path]) -> bool:
    """Add cases to the test files of profiles; return whether a file could not be read."""
    updates = [_add_cases(context, file, files) for file in context.progress(files)]
    context.emit(
        lambda lang: [_json_item(update, lang) for update in updates],
        lambda lang: "\n".join(line for update in updates for line in _lines(update, lang)),
    )
    return any(update.errors for update in updates)


def _add_cases(context: CommandContext, file: Path, bases: Sequence[Path]) -> _UpdatedFile:
    tests = test_file_of(file)
    try:
        profile = load_profile(file, bases=bases)
        text = tests.read_text(encoding="utf-8") if tests.exists() else ""
        existing_cases = load_cases(tests, profile) if text else ()
    except ProfileError as error:
        return _UpdatedFile(str(tests), [], [], [error.text])
    with context.require_extras():
        sides = list(boundaries_of(profile, bases))
    extended, added = with_cases(text, profile, sides, existing_cases)
    if added:
        write_file(tests, extended.encode())
    return _UpdatedFile(
        str(tests), added, [s.absence_message for s in sides if s.subject is None], []
    )


def _lines(updated: _UpdatedFile, lang: Lang) -> Iterator[str]:
    if not updated.errors:
        yield _ADDED.get(lang, number=len(updated.added), file=updated.file)
    for text in (*updated.errors, *updated.unreachable):
        yield f"    {text.get(lang)}"


def _json_item(updated: _UpdatedFile, lang: Lang) -> dict[str, object]:
    unreachable = [text.get(lang) for text in updated.unreachable]
    errors = [text.get(lang) for text in updated.errors]
    return {"file": updated.file, "added": updated.added, "absent": unreachable, "faults": errors}


_ADDED = Text(vi="{file}: đã thêm {number} ca kiểm thử.", en="{file}: cases added: {number}.")
