"""Loads the profiles given on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import click
from attrs import frozen

from xhht.cli._common import (
    ERRORS_FOUND,
    STDIN,
    Format,
    fail,
    open_input,
    print_text,
)
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.files import profile_files
from xhht.criteria.loading import check_profile, loads_profile
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry, installed_profiles
from xhht.domain.titles import Title
from xhht.errors import ProfileNotFoundError
from xhht.issues import FileIssue
from xhht.reporting.diagnostics import FindingsFormat, findings_text
from xhht.reporting.excerpts import SourceLines
from xhht.text import Lang, Text


def named_profile(reference: str, output: Format | FindingsFormat, lang: Lang) -> Profile:
    """Return the profile of a path, of standard input, or of a bundled id with optional `@version`.

    An invalid profile ends the command like `xhht check`: diagnostics, exit code 1.
    Raises ProfileNotFoundError and OSError.
    """
    if not _is_path(reference):
        return installed_profiles().get(reference)
    with open_input(reference) as stream:
        data, file = stream.read(), str(Path(reference))
    try:
        return loads_profile(data, file)
    except ProfileError:
        # The exception holds only errors; `check` reports warnings too.
        print_issues(check_profile(data, file), output, lang, SourceLines({file: data}))
        raise click.exceptions.Exit(ERRORS_FOUND) from None


@frozen
class GivenFirst(Registry):
    """All profiles; where several apply, the given ones are preferred."""

    preferred: Registry

    def resolve(
        self,
        title: Title | str,
        *,
        as_of: date,
        area: str | Sequence[str] | None = None,
        applies_to: Mapping[str, str] | None = None,
        illustrative: bool = False,
    ) -> Profile:
        """Return the one active profile for a title on a day; see `Registry.resolve`."""

        def answer(registry: Registry) -> Profile:
            return Registry.resolve(
                registry,
                title,
                as_of=as_of,
                area=area,
                applies_to=applies_to,
                illustrative=illustrative,
            )

        def answers(profile: Profile) -> bool:
            try:
                return answer(Registry((profile,))) is profile
            except ProfileNotFoundError:
                return False

        return answer(self.preferred if any(map(answers, self.preferred)) else self)


def load_registry(paths: Iterable[str], output: Format, lang: Lang) -> Registry:
    """Return the profiles of files and directories together with the installed ones.

    A given profile replaces an installed one with the same id and version. Invalid files end the
    command like `xhht check`; raises OSError.
    """
    files = [Path(path) for path in paths]
    for file in files:
        if file.is_dir() and not profile_files([file]):
            fail(NO_PROFILES.format(directory=file), lang)
    try:
        preferred = Registry.from_paths(files)
    except ProfileError as error:
        print_issues(error.diagnostics, output, lang)
        raise click.exceptions.Exit(ERRORS_FOUND) from None
    profiles = {(p.id, p.version): p for p in (*installed_profiles(), *preferred)}
    return GivenFirst(tuple(profiles.values()), preferred)


def print_issues(
    issues: Iterable[FileIssue],
    output: Format | FindingsFormat,
    lang: Lang,
    sources: SourceLines | None = None,
) -> None:
    """Print issues of files with their source lines, or in another format."""
    findings_format = FindingsFormat(output.value)
    text = findings_text(issues, findings_format, sources or SourceLines(), lang)
    if text:
        print_text(text)


def _is_path(reference: str) -> bool:
    if reference == STDIN or reference.endswith((".yaml", ".yml")) or "/" in reference:
        return True
    return Path(reference).exists()


NO_PROFILES = Text(
    vi="Không có bộ tiêu chí nào (tệp .yaml) trong thư mục {directory}.",
    en="No profile (.yaml file) in directory {directory}.",
)
