"""`xhht profiles`: the bundled and installed profiles."""

from __future__ import annotations

import click

from xhht import labels
from xhht.cli._common import Format, common_options, handle_errors, print_json, print_text
from xhht.cli._profiles import named_profile
from xhht.criteria.registry import installed_profiles
from xhht.criteria.writing import dump_profile
from xhht.render import Column, DisplayTable
from xhht.text import Lang

__all__ = ["command"]


@click.group("profiles")
def command() -> None:
    """List and show criteria profiles. Liệt kê và xem các bộ tiêu chí."""


@command.command("list")
@common_options
@handle_errors
def list_profiles(output: Format, lang: Lang) -> None:
    """List the profiles of the library and of installed packages."""
    profiles = sorted(installed_profiles(), key=lambda profile: profile.id)
    if output is Format.JSON:
        print_json([profile.summary(lang) for profile in profiles])
        return
    rows = [
        (p.id, p.version, p.document.status.value, p.provenance.value, p.name.get(lang))
        for p in profiles
    ]
    print_text(DisplayTable([Column(heading) for heading in _HEADINGS], rows).text(lang))


@command.command("show")
@click.argument("profile", metavar="PROFILE")
@common_options
@handle_errors
def show(profile: str, output: Format, lang: Lang) -> None:
    """Show a profile by path (`-` for standard input), or by id with optional `@version`."""
    chosen = named_profile(profile, output, lang)
    if output is Format.JSON:
        print_json(chosen.to_dict(lang))
        return
    print_text(dump_profile(chosen).rstrip())


_HEADINGS = (
    labels.ID,
    labels.VERSION,
    labels.STATUS,
    labels.PROVENANCE,
    labels.NAME,
)
