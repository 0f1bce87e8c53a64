"""`xhht profiles`: the bundled and installed profiles."""

from __future__ import annotations

from datetime import date

import click

from xhht import labels
from xhht.cli._context import CommandContext, with_context
from xhht.cli._inputs import named_profile
from xhht.cli._options import day_option
from xhht.criteria.registry import installed_profiles
from xhht.criteria.writing import dump_profile
from xhht.render import Column, DisplayTable
from xhht.text import Text

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


@command.command("resolve")
@click.argument("title")
@day_option("--on", "on", text="The day; default: today. Ngày cần tra cứu.")
@click.option(
    "--area",
    "areas",
    metavar="CODE",
    multiple=True,
    help="Code of the subject's area, then of those around it. Mã khu vực, từ nhỏ đến lớn.",
)
@click.option(
    "--applies-to",
    "kinds",
    metavar="KEY=VALUE",
    multiple=True,
    help="Kind of subject, such as managed_by=district or level=commune. Loại đối tượng.",
)
@with_context()
def resolve(
    context: CommandContext,
    title: str,
    on: date | None,
    areas: tuple[str, ...],
    kinds: tuple[str, ...],
) -> None:
    """Name the profile in force for TITLE on a day, or say why there is none."""
    pairs = [kind.partition("=") for kind in kinds]
    if not all(key and equals and value for key, equals, value in pairs):
        context.fail(_NO_PAIR)
    profile = installed_profiles().resolve(
        title,
        as_of=on or date.today(),
        area=areas or None,
        applies_to={key: value for key, _, value in pairs},
    )
    place = f"{profile.reference}  {profile.name.get(context.lang)}"
    context.emit(lambda lang: profile.summary(lang), lambda _: place)


_NO_PAIR = Text(
    vi="--applies-to phải viết dạng KHÓA=GIÁ_TRỊ, ví dụ managed_by=district.",
    en="Write --applies-to as KEY=VALUE, for example managed_by=district.",
)
_HEADINGS = (
    labels.ID,
    labels.VERSION,
    labels.STATUS,
    labels.PROVENANCE,
    labels.NAME,
)
