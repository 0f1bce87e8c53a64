"""`xhht export`: a profile as a scoring form that comes back without loss."""

from __future__ import annotations

from pathlib import Path

import click

from xhht.cli._common import Format, common_options, refuse, refusing
from xhht.cli._drafts import NEEDS_EXCEL, WRITTEN, refuse_existing
from xhht.cli._profiles import named_profile
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("export")
@click.argument("profile", metavar="PROFILE")
@click.option(
    "-o",
    "--output",
    "target",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The XLSX file to write. Tệp ghi ra.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there. Ghi đè.")
@common_options
@refusing
def command(profile: str, target: Path, force: bool, output: Format, lang: Lang) -> None:
    """Write PROFILE as a scoring form: criterion, indicator, maximum points, condition.

    What a form cannot say goes along on a second sheet; `xhht import` reads both back.

    Ghi bộ tiêu chí ra biểu điểm (Excel).
    """
    chosen = named_profile(profile, output, lang)
    if target.suffix.lower() != ".xlsx":
        refuse(_XLSX, lang)
    refuse_existing(target, force, lang)
    try:
        from xhht.drafting.exporting import export_form

        export_form(chosen, target, lang)
    except ModuleNotFoundError:
        refuse(NEEDS_EXCEL, lang)
    click.echo(WRITTEN.in_(lang, file=target), err=True)


_XLSX = Text(vi="Tên tệp phải kết thúc bằng .xlsx.", en="The file's name must end in .xlsx.")
