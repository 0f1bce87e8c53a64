"""Finds the profile that a command's argument names."""

from __future__ import annotations

from pathlib import Path

import click

from xhht.cli._common import FAULTS_FOUND, Format, print_json, print_text
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.loading import load_profile
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
    except ProfileError as error:
        if output is Format.JSON:
            print_json([found.to_dict(lang) for found in error.diagnostics])
        else:
            print_text(error.message(lang))
        raise click.exceptions.Exit(FAULTS_FOUND) from None


def _is_path(reference: str) -> bool:
    return reference.endswith((".yaml", ".yml")) or "/" in reference or Path(reference).exists()
