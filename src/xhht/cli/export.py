"""`xhht export`: a profile as a scoring form that `xhht import` restores without loss."""

from __future__ import annotations

from pathlib import Path

import click

from xhht.cli._context import CommandContext, with_context
from xhht.cli._files import WRITTEN, fail_if_exists
from xhht.cli._inputs import named_profile
from xhht.cli._options import force_option, target_option
from xhht.text import Text

__all__ = ["command"]


@click.command("export")
@click.argument("profile", metavar="PROFILE")
@target_option(required=True, text="XLSX file to write. Tệp kết quả.")
@force_option
@with_context()
def command(
    context: CommandContext,
    profile: str,
    target: Path,
    force: bool,
) -> None:
    """Write PROFILE as a scoring form: criterion, indicator, maximum points, condition.

    A second sheet keeps what a form cannot express; `xhht import` reads both.

    Ghi bộ tiêu chí ra biểu điểm (Excel).
    """
    chosen = named_profile(context, profile)
    if target.suffix.lower() != ".xlsx":
        context.fail(_XLSX)
    fail_if_exists(context, target, force=force)
    with context.require_extras():
        from xhht.drafting.export import export_form

        export_form(chosen, target, context.lang)
    context.note(WRITTEN.format(file=target))


_XLSX = Text(vi="Tên tệp phải có đuôi .xlsx.", en="The file name must end with .xlsx.")
