"""`xhht import`: converts a scoring form into a draft profile."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from xhht.cli._context import CommandContext, print_json, with_context
from xhht.cli._files import fail_if_exists, write_draft
from xhht.cli._inputs import parse_title
from xhht.cli._options import draft_options, profile_id_option, title_option
from xhht.criteria.loading import check_profile
from xhht.issues import Severity
from xhht.text import Text

__all__ = ["command"]


@click.command("import")
@click.argument("form", metavar="FORM.xlsx", type=click.Path(path_type=Path))
@profile_id_option
@title_option
@click.option("--document", help="Legal document that contains the form. Văn bản.")
@click.option("--sheet", help="Sheet of the form. Trang của biểu.")
@draft_options
@with_context()
def command(
    context: CommandContext,
    form: Path,
    profile_id: str | None,
    title: str | None,
    document: str | None,
    sheet: str | None,
    target: Path | None,
    force: bool,
) -> None:
    """Convert a scoring form into a draft profile.

    A form written by `xhht export` restores its profile; other forms need --id and --title.
    Missing information is marked in the draft and listed on standard error. Exits with 1 if any
    cell is invalid; then no draft is written.

    Chuyển biểu điểm (Excel) thành bản thảo bộ tiêu chí.
    """
    fail_if_exists(context, target, force=force)
    with context.require_extras():
        from xhht.drafting.draft import draft_of
        from xhht.drafting.export import restore_profile
        from xhht.drafting.read_form import read_form

        form_contents = read_form(form, sheet)
    restored_form = restore_profile(form_contents)
    if restored_form is not None:
        text, errors = restored_form.text, restored_form.faults
        notes: Sequence[Text] = [
            _TAKEN_FROM_FORM.format(id=node_id) for node_id in restored_form.changed
        ]
    else:
        if profile_id is None or title is None:
            context.fail(_NEEDS_ID)
        draft = draft_of(
            form_contents, id=profile_id, title=parse_title(context, title), document=document
        )
        text, errors, notes = draft.text, draft.faults, draft.missing
    if context.is_json:
        print_json(
            {
                "profile": None if errors else text,
                "missing": [note.get(context.lang) for note in notes],
                "faults": [{"cell": e.place, "message": e.text.get(context.lang)} for e in errors],
            }
        )
    else:
        context.note(*(_IN_CELL.format(cell=error.place, problem=error.text) for error in errors))
        context.note(*(_NOTE.format(note=note) for note in notes))
    context.finish(has_errors=bool(errors))
    if not context.is_json:
        _fail_if_invalid(context, text, str(target or form))
    if target is not None or not context.is_json:
        write_draft(context, text, target)


def _fail_if_invalid(context: CommandContext, text: str, file: str) -> None:
    """Print the errors of a profile that an edited form made invalid, and exit."""
    diagnostics = check_profile(text.encode(), file)
    errors = [item for item in diagnostics if item.severity is Severity.ERROR]
    for error in errors:
        click.echo(error.render(context.lang), err=True)
    context.finish(has_errors=bool(errors))


_IN_CELL = Text(vi="{cell}: {problem}", en="{cell}: {problem}")
_NOTE = Text(vi="- {note}", en="- {note}")
_NEEDS_ID = Text(
    vi="Biểu này không kèm bộ tiêu chí; hãy nêu --id và --title.",
    en="The form contains no profile; give --id and --title.",
)
_TAKEN_FROM_FORM = Text(
    vi="{id}: đã lấy theo biểu, khác với bộ tiêu chí kèm theo",
    en="{id}: taken from the form, which differs from the profile in it",
)
