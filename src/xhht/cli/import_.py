"""`xhht import`: converts a scoring form into a draft profile."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from xhht.cli._common import ERRORS_FOUND, Format, common_options, fail, handle_errors, print_json
from xhht.cli._drafts import (
    NEEDS_EXCEL,
    fail_if_exists,
    parse_title,
    target_options,
    title_option,
    write_text,
)
from xhht.criteria.loading import check_profile
from xhht.issues import Severity
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("import")
@click.argument("form", metavar="FORM.xlsx", type=click.Path(path_type=Path))
@click.option("--id", "profile_id", help="Profile id, such as city.unit.2026. Mã.")
@title_option(required=False)
@click.option("--document", help="Legal document that contains the form. Văn bản.")
@click.option("--sheet", help="Sheet of the form. Trang của biểu.")
@target_options
@common_options
@handle_errors
def command(
    form: Path,
    profile_id: str | None,
    title: str | None,
    document: str | None,
    sheet: str | None,
    target: Path | None,
    force: bool,
    output: Format,
    lang: Lang,
) -> None:
    """Convert a scoring form into a draft profile.

    A form written by `xhht export` restores its profile; other forms need --id and --title.
    Missing information is marked in the draft and listed on standard error. Exits with 1 if any
    cell is invalid; then no draft is written.

    Chuyển biểu điểm (Excel) thành bản thảo bộ tiêu chí.
    """
    fail_if_exists(target, force, lang)
    try:
        from xhht.drafting.draft import draft_of
        from xhht.drafting.export import restore_profile
        from xhht.drafting.read_form import read_form

        form_contents = read_form(form, sheet)
    except ModuleNotFoundError:
        fail(NEEDS_EXCEL, lang)
    restored_form = restore_profile(form_contents)
    if restored_form is not None:
        text, errors = restored_form.text, restored_form.faults
        notes: Sequence[Text] = [
            _TAKEN_FROM_FORM.format(id=node_id) for node_id in restored_form.changed
        ]
    else:
        if profile_id is None or title is None:
            fail(_NEEDS_ID, lang)
        draft = draft_of(
            form_contents, id=profile_id, title=parse_title(title, lang), document=document
        )
        text, errors, notes = draft.text, draft.faults, draft.missing
    if output is Format.JSON:
        print_json(
            {
                "profile": None if errors else text,
                "missing": [note.get(lang) for note in notes],
                "faults": [{"cell": e.place, "message": e.text.get(lang)} for e in errors],
            }
        )
    else:
        for error in errors:
            click.echo(f"{error.place}: {error.text.get(lang)}", err=True)
        for note in notes:
            click.echo(f"- {note.get(lang)}", err=True)
    if errors:
        raise click.exceptions.Exit(ERRORS_FOUND)
    if output is Format.TEXT:
        _fail_if_invalid(text, str(target or form), lang)
    if target is not None or output is Format.TEXT:
        write_text(text, target, lang)


def _fail_if_invalid(text: str, file: str, lang: Lang) -> None:
    """Print the errors of a profile that an edited form made invalid, and exit."""
    diagnostics = check_profile(text.encode(), file)
    errors = [item for item in diagnostics if item.severity is Severity.ERROR]
    for error in errors:
        click.echo(error.render(lang), err=True)
    if errors:
        raise click.exceptions.Exit(ERRORS_FOUND)


_NEEDS_ID = Text(
    vi="Biểu này không kèm bộ tiêu chí; hãy nêu --id và --title.",
    en="The form contains no profile; give --id and --title.",
)
_TAKEN_FROM_FORM = Text(
    vi="{id}: đã lấy theo biểu, khác với bộ tiêu chí kèm theo",
    en="{id}: taken from the form, which differs from the profile in it",
)
