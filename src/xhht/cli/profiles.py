"""`xhht profiles`: the bundled and installed profiles."""

from __future__ import annotations

import click

from xhht.cli._common import Format, common_options, handle_errors, print_json, print_text
from xhht.cli._profiles import named_profile
from xhht.criteria.profile import Profile
from xhht.criteria.registry import installed_profiles
from xhht.criteria.writing import dump_profile
from xhht.numbers import json_number
from xhht.render import Column, render_table
from xhht.text import Lang, Text

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
        print_json([_summary_json(profile, lang) for profile in profiles])
        return
    rows = [
        (p.id, p.version, p.document.status.value, p.provenance.value, p.name.get(lang))
        for p in profiles
    ]
    print_text(render_table([Column(heading) for heading in _HEADINGS], rows, lang))


@command.command("show")
@click.argument("profile", metavar="PROFILE")
@common_options
@handle_errors
def show(profile: str, output: Format, lang: Lang) -> None:
    """Show a profile by path (`-` for standard input), or by id with optional `@version`."""
    chosen = named_profile(profile, output, lang)
    if output is Format.JSON:
        print_json({**_summary_json(chosen, lang), **_content_json(chosen, lang)})
        return
    print_text(dump_profile(chosen).rstrip())


def _summary_json(profile: Profile, lang: Lang) -> dict[str, object]:
    document = profile.document
    start, end = document.effective_from, document.effective_to
    return {
        "id": profile.id,
        "version": profile.version,
        "hash": profile.hash,
        "status": document.status.value,
        "title": profile.title.value,
        "name": profile.name.get(lang),
        "provenance": profile.provenance.value,
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
