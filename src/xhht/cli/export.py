"""`xhht export`: a profile as a scoring form that `xhht import` restores without loss."""

from __future__ import annotations

from pathlib import Path

import click

from xhht.cli._common import Format, common_options, fail, handle_errors
from xhht.cli._drafts import NEEDS_EXCEL, WRITTEN, fail_if_exists
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
    help="XLSX file to write. Tệp kết quả.",
)
@click.option("--force", is_flag=True, help="Overwrite an existing file. Ghi đè.")
@common_options
@handle_errors
def command(profile: str, target: Path, force: bool, output: Format, lang: Lang) -> None:
    """Write PROFILE as a scoring form: criterion, indicator, maximum points, condition.

    A second sheet keeps what a form cannot express; `xhht import` reads both.

    Ghi bộ tiêu chí ra biểu điểm (Excel).
    """
    chosen = named_profile(profile, output, lang)
    if target.suffix.lower() != ".xlsx":
        fail(_XLSX, lang)
    fail_if_exists(target, force, lang)
    try:
        from xhht.drafting.export import export_form

        export_form(chosen, target, lang)
    except ModuleNotFoundError:
        fail(NEEDS_EXCEL, lang)
    click.echo(WRITTEN.get(lang, file=target), err=True)


_XLSX = Text(vi="Tên tệp phải có đuôi .xlsx.", en="The file name must end with .xlsx.")
