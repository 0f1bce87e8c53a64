"""Finds the profile that a command's argument names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from xhht.cli._common import FAULTS_FOUND, STDIN, Format, open_input, print_json, print_text
from xhht.criteria.diagnostics import Diagnostic, ProfileError
from xhht.criteria.loading import check_profile, loads_profile
from xhht.criteria.profile import Profile
from xhht.criteria.registry import installed_profiles
from xhht.text import Lang, Text


def named_profile(reference: str, output: Format, lang: Lang) -> Profile:
    """Return the profile of a path, of standard input, or of a bundled id with its `@version`.

    A profile that does not load ends the command as `xhht check` would: diagnostics, exit code 1.
    Raises ProfileNotFoundError and OSError.
    """
    if not _is_path(reference):
        return installed_profiles().get(reference)
    with open_input(reference) as stream:
        data, file = stream.read(), str(Path(reference))
    try:
        return loads_profile(data, file)
    except ProfileError:
        # The exception holds errors alone; `check` tells of warnings too.
        print_diagnostics(check_profile(data, file), output, lang)
        raise click.exceptions.Exit(FAULTS_FOUND) from None


def print_diagnostics(found: Iterable[Diagnostic], output: Format, lang: Lang) -> None:
    """Print findings about profiles, one after the other or as a JSON list."""
    if output is Format.JSON:
        print_json([diagnostic.to_dict(lang) for diagnostic in found])
        return
    for diagnostic in found:
        print_text(diagnostic.render(lang))


def _is_path(reference: str) -> bool:
    if reference == STDIN or reference.endswith((".yaml", ".yml")) or "/" in reference:
        return True
    return Path(reference).exists()


NO_PROFILES = Text(
    vi="Không có bộ tiêu chí nào (tệp .yaml) trong thư mục {directory}.",
    en="There is no profile (.yaml file) in the directory {directory}.",
)
