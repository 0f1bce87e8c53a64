"""`xhht import`: a scoring form in, a draft profile out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from xhht.cli._common import FAULTS_FOUND, Format, common_options, print_json, refuse, refusing
from xhht.cli._drafts import (
    NEEDS_EXCEL,
    refuse_existing,
    target_options,
    title_in,
    title_option,
    write_text,
)
from xhht.criteria.diagnostics import Severity
from xhht.criteria.loading import check_profile
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("import")
@click.argument("form", metavar="FORM.xlsx", type=click.Path(path_type=Path))
@click.option("--id", "profile_id", help="The profile's id, such as city.unit.2026. Mã.")
@title_option(required=False)
@click.option("--document", help="The document that the form is part of. Văn bản.")
@click.option("--sheet", help="The sheet of the form. Trang của biểu.")
@target_options
@common_options
@refusing
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
    """Turn a scoring form into a draft profile.

    A form that `xhht export` wrote gives its profile back; any other needs --id and --title. What
    the form does not say is marked in the draft and told on standard error. Exit code 1: cells are
    at fault, and no draft is written.

    Chuyển biểu điểm (Excel) thành bản thảo bộ tiêu chí.
    """
    refuse_existing(target, force, lang)
    try:
        from xhht.drafting.drafts import draft_of
        from xhht.drafting.exporting import restored
        from xhht.drafting.reading import read_form

        read = read_form(form, sheet)
    except ModuleNotFoundError:
        refuse(NEEDS_EXCEL, lang)
    back = restored(read)
    if back is not None:
        text, faults = back.text, back.faults
        notes: Sequence[Text] = [_CHANGED.format(id=each) for each in back.changed]
    else:
        if profile_id is None or title is None:
            refuse(_NEEDS_ID, lang)
        draft = draft_of(read, id=profile_id, title=title_in(title, lang), document=document)
        text, faults, notes = draft.text, draft.faults, draft.missing
    if output is Format.JSON:
        print_json(
            {
                "profile": None if faults else text,
                "missing": [note.in_(lang) for note in notes],
                "faults": [{"cell": f.place, "message": f.text.in_(lang)} for f in faults],
            }
        )
    else:
        for fault in faults:
            click.echo(f"{fault.place}: {fault.text.in_(lang)}", err=True)
        for note in notes:
            click.echo(f"- {note.in_(lang)}", err=True)
    if faults:
        raise click.exceptions.Exit(FAULTS_FOUND)
    if output is Format.TEXT:
        _refuse_unsound(text, str(target or form), lang)
    if target is not None or output is Format.TEXT:
        write_text(text, target, lang)


def _refuse_unsound(text: str, file: str, lang: Lang) -> None:
    """Tell the errors of a profile that a changed form no longer makes whole, and end with them."""
    found = check_profile(text.encode(), file)
    errors = [each for each in found if each.severity is Severity.ERROR]
    for each in errors:
        click.echo(each.render(lang), err=True)
    if errors:
        raise click.exceptions.Exit(FAULTS_FOUND)


_NEEDS_ID = Text(
    vi="Biểu này không kèm bộ tiêu chí; hãy nêu --id và --title.",
    en="This form brings no profile along; give --id and --title.",
)
_CHANGED = Text(
    vi="{id}: đã lấy theo biểu, khác với bộ tiêu chí kèm theo",
    en="{id}: taken from the form, which differs from the profile that comes along",
)
