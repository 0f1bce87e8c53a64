"""Finds the profile that a command's argument names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from xhht.cli._common import FAULTS_FOUND, Format, print_json, print_text
from xhht.criteria.diagnostics import Diagnostic, ProfileError
from xhht.criteria.loading import check_profile, load_profile
from xhht.criteria.profile import Profile
from xhht.criteria.registry import bundled_profiles
from xhht.text import Lang


def named_profile(reference: str, output: Format, lang: Lang) -> Profile:
    """Return the profile of a path, or of a bundled id with optional `@version`.

    A profile that does not load ends the command as `xhht check` would: diagnostics, exit code 1.
    Raises ProfileNotFoundError and OSError.
    """
    if not _is_path(reference):
        return bundled_profiles().get(reference)
    try:
        return load_profile(reference)
    except ProfileError:
        # The exception holds errors alone; `check` tells of warnings too.
        found = check_profile(Path(reference).read_bytes(), str(Path(reference)))
        print_diagnostics(found, output, lang)
        raise click.exceptions.Exit(FAULTS_FOUND) from None


def print_diagnostics(found: Iterable[Diagnostic], output: Format, lang: Lang) -> None:
    """Print findings about profiles, one after the other or as a JSON list."""
    if output is Format.JSON:
        print_json([diagnostic.to_dict(lang) for diagnostic in found])
        return
    for diagnostic in found:
        print_text(diagnostic.render(lang))


def _is_path(reference: str) -> bool:
    return reference.endswith((".yaml", ".yml")) or "/" in reference or Path(reference).exists()
