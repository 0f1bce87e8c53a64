"""`xhht profiles`: the bundled and installed profiles."""

from __future__ import annotations

import click

from xhht import labels
from xhht.cli._context import CommandContext, with_context
from xhht.cli._inputs import named_profile
from xhht.criteria.registry import installed_profiles
from xhht.criteria.writing import dump_profile
from xhht.render import Column, DisplayTable

__all__ = ["command"]


@click.group("profiles")
def command() -> None:
    """List and show criteria profiles. Liệt kê và xem các bộ tiêu chí."""


@command.command("list")
@with_context()
def list_profiles(
    context: CommandContext,
) -> None:
    """List the profiles of the library and of installed packages."""
    profiles = sorted(installed_profiles(), key=lambda profile: profile.id)
    rows = [
        (p.id, p.version, p.document.status.value, p.provenance.value, p.name) for p in profiles
    ]
    context.emit(
        lambda lang: [profile.summary(lang) for profile in profiles],
        lambda lang: DisplayTable(
            [Column(heading) for heading in _HEADINGS],
            [(*cells, name.get(lang)) for *cells, name in rows],
        ).text(lang),
    )


@command.command("show")
@click.argument("profile", metavar="PROFILE")
@with_context()
def show(
    context: CommandContext,
    profile: str,
) -> None:
    """Show a profile by path (`-` for standard input), or by id with optional `@version`."""
    chosen = named_profile(context, profile)
    context.emit(chosen.to_dict, lambda _: dump_profile(chosen).rstrip())


_HEADINGS = (
    labels.ID,
    labels.VERSION,
    labels.STATUS,
    labels.PROVENANCE,
    labels.NAME,
)
