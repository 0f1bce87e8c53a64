"""Options, inputs and JSON output shared by the commands on targets."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from xhht.cli._common import ERRORS_FOUND, Format, fail
from xhht.cli._profiles import print_diagnostics
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.profile import Profile
from xhht.criteria.targets import (
    Programme,
    bundled_programmes,
    is_targets_file,
    loads_targets,
)
from xhht.text import Lang, Text, suggestion

programme_option = click.option(
    "--programme",
    "programme_ids",
    metavar="ID",
    multiple=True,
    help="Programme id, or a file *.targets.yaml; may be repeated. Chương trình.",
)
"""Adds the option `--programme`, as `programme_ids: tuple[str, ...]`."""


def named_programmes(
    programme_ids: Iterable[str],
    output: Format,
    lang: Lang,
    *,
    profiles: Iterable[Profile] | None = None,
) -> list[Programme]:
    """Return the programmes given on the command line, without duplicates.

    An invalid file ends the command like `xhht check`.

    Args:
        programme_ids: ids and files.
        output, lang: the output of diagnostics.
        profiles: the profiles that conditions may refer to; by default, the bundled ones.
    """
    return [_load_programme(name, output, lang, profiles) for name in dict.fromkeys(programme_ids)]


def _load_programme(
    name: str, output: Format, lang: Lang, profiles: Iterable[Profile] | None
) -> Programme:
    if is_targets_file(name):
        try:
            return loads_targets(Path(name).read_bytes(), name, profiles=profiles)
        except ProfileError as error:
            print_diagnostics(error.diagnostics, output, lang)
            raise click.exceptions.Exit(ERRORS_FOUND) from None
    programmes = {programme.id: programme for programme in bundled_programmes()}
    if name not in programmes:
        similar = suggestion(name, programmes)
        text = _NO_PROGRAMME.format(name=name)
        fail(_NO_PROGRAMME_SIMILAR.format(text=text, similar=similar) if similar else text, lang)
    return programmes[name]


_NO_PROGRAMME = Text(
    vi="Không có chương trình '{name}'; hãy xem các chương trình bằng lệnh: xhht targets list.",
    en="Unknown programme '{name}'; list the programmes with: xhht targets list.",
)
_NO_PROGRAMME_SIMILAR = Text(
    vi="{text} Có phải ý bạn là '{similar}'?",
    en="{text} Did you mean '{similar}'?",
)
