"""`xhht profiles`: the bundled and installed profiles."""

from __future__ import annotations

import click

from xhht.cli._context import CommandContext, with_context
from xhht.cli._inputs import named_profile
from xhht.criteria.profile import Profile
from xhht.criteria.registry import installed_profiles
from xhht.criteria.writing import dump_profile
from xhht.numbers import json_number
from xhht.reporting.tables import Column, render_table
from xhht.text import Lang, Text

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
    columns = [Column(heading) for heading in _HEADINGS]
    context.emit(
        lambda lang: [_summary_json(profile, lang) for profile in profiles],
        lambda lang: render_table(
            columns, [(*cells, name.get(lang)) for *cells, name in rows], lang
        ),
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
    context.emit(
        lambda lang: {**_summary_json(chosen, lang), **_content_json(chosen, lang)},
        lambda _: dump_profile(chosen).rstrip(),
    )


def _summary_json(profile: Profile, lang: Lang) -> dict[str, object]:
    document = profile.document
    start, end = document.effective_from, document.effective_to
    return {
        **profile.identity(),
        "status": document.status.value,
        "title": profile.title.value,
        "name": profile.name.get(lang),
        "effective_from": start.isoformat() if start else None,
        "effective_to": end.isoformat() if end else None,
        "legal_basis": document.legal_basis.document if document.legal_basis else None,
        "max_points": json_number(profile.max_points),
    }


def _content_json(profile: Profile, lang: Lang) -> dict[str, object]:
    document = profile.document
    return {
        "inputs": [
            {"name": name, "type": entry.type.value, "label": entry.label.get(lang)}
            for name, entry in document.inputs.items()
        ],
        "criteria": [
            {
                "id": node_id,
                "name": entry.name.get(lang) if entry.name else None,
                "clause": entry.clause,
                "line": profile.line(node_id),
            }
            for node_id, entry in profile.entries.items()
        ],
        "levels": [
            {"id": level.id, "name": level.name.get(lang), "when": level.when}
            for level in document.levels
        ],
    }


_HEADINGS = (
    Text(vi="Mã", en="Id"),
    Text(vi="Phiên bản", en="Version"),
    Text(vi="Trạng thái", en="Status"),
    Text(vi="Nguồn", en="Provenance"),
    Text(vi="Tên", en="Name"),
)
