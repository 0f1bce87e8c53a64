"""`xhht gather`: the files of many communes into one table of counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from xhht._files import replace_file
from xhht.cli._context import CommandContext, with_context
from xhht.cli._files import WRITTEN
from xhht.cli._inputs import load_areas
from xhht.cli._options import day_option, input_path, output_path
from xhht.criteria.mappings import load_mapping
from xhht.gathering.decisions import Decisions, loads_decisions
from xhht.gathering.gather import Gathered, gather
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("gather")
@click.argument(
    "folder", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--areas", required=True, type=input_path, help="Table of areas. Bảng khu vực.")
@click.option("--changes", type=input_path, help="Table of changes. Bảng biến động.")
@day_option("--on", "on", text="Date of the areas. Ngày của bảng khu vực.")
@click.option("--mapping", type=output_path, help="Own headings. Tệp ánh xạ tiêu đề.")
@click.option(
    "--decisions",
    type=output_path,
    help="File of decisions: read if it exists, and written with all questions. Tệp quyết định.",
)
@click.option(
    "--output", "-o", "target", type=output_path, help="Write the counts as CSV. Ghi bảng số liệu."
)
@click.option("--mend", type=output_path, help="Write what to mend. Ghi danh sách cần sửa.")
@with_context()
def command(
    context: CommandContext,
    folder: Path,
    areas: str,
    changes: str | None,
    on: date | None,
    mapping: Path | None,
    decisions: Path | None,
    target: Path | None,
    mend: Path | None,
) -> None:
    """Gather the counts of the files in FOLDER into one table for `xhht rollup`.

    Gom số liệu của nhiều tệp thành một bảng. Nothing doubtful is counted without a decision.
    Exits with 1 if a question is open, a file cannot be read, or the table of areas has errors.
    """
    for file in filter(None, (decisions, target, mend)):
        if file.resolve().is_relative_to(folder.resolve()):
            context.fail(_INSIDE.format(file=file))
    table = load_areas(context, areas, on=on, changes=changes)
    decided = Decisions()
    if decisions is not None and decisions.exists():
        decided = loads_decisions(decisions.read_bytes())
    own = None if mapping is None else load_mapping(mapping)
    with context.progress_bar(_FILES) as bar:
        gathered = gather(
            folder,
            table.tree,
            mapping=own,
            decisions=decided,
            changes=table.changes,
            processes=None,
            progress=bar.advance,
        )
    for written, text in (
        (target, gathered.to_csv()),
        (mend, gathered.mending_text(context.lang)),
        (decisions, gathered.decisions_text(context.lang)),
    ):
        if written is not None:
            replace_file(written, text.encode())
            context.note(WRITTEN.format(file=written))
    context.emit(gathered.to_dict, lambda lang: _report(gathered, lang, has_output=bool(target)))
    context.finish(has_errors=not gathered.is_complete or bool(table.faults))


def _report(gathered: Gathered, lang: Lang, *, has_output: bool) -> str:
    lines = [] if has_output else [gathered.to_csv().rstrip("\n"), ""]
    for reading in gathered.files:
        lines.append(f"{reading.file}:")
        for sheet in reading.sheets:
            text = _SHEET.format(
                sheet=f"[{sheet.sheet}] " if sheet.sheet else "",
                layout=sheet.layout.label,
                rows=sheet.rows,
                used=sheet.used,
                aside=len(sheet.aside),
                totals=sheet.totals_checked,
            )
            lines.append(f"  {text.get(lang)}")
        lines += [f"  - {note.get(lang)}" for note in reading.notes]
        lines += [f"  ! {fault.get(lang)}" for fault in reading.faults]
        lines += [f"  ? {question.text.get(lang)}" for question in reading.open_questions]
    summary = _SUMMARY.format(
        files=len(gathered.files),
        counts=len(gathered.counts),
        questions=len(gathered.open_questions),
        missing=len(gathered.missing),
    )
    return "\n".join([*lines, "", summary.get(lang)])


_FILES = Text(vi="tệp", en="files")
_INSIDE = Text(
    vi="{file} nằm trong thư mục đầu vào; hãy ghi ra chỗ khác.",
    en="{file} is inside the input folder; write it elsewhere.",
)
_SHEET = Text(
    vi="{sheet}{layout}: {rows} dòng = {used} được tính + {aside} để riêng; "
    "{totals} số cộng đã kiểm.",
    en="{sheet}{layout}: {rows} rows = {used} used + {aside} set aside; sums checked: {totals}.",
)
_SUMMARY = Text(
    vi="{files} tệp; {counts} dòng số liệu; {questions} câu hỏi chưa trả lời; {missing} khu vực "
    "chưa có tệp.",
    en="Files: {files}; rows of counts: {counts}; open questions: {questions}; areas without a "
    "file: {missing}.",
)
