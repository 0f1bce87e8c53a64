"""`xhht test`: runs the test files of profiles."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from xhht._files import replace_file
from xhht.cli._context import CommandContext, with_context
from xhht.cli._inputs import files_of_profiles
from xhht.testing.boundaries import UpdatedFile, add_cases
from xhht.testing.report import outcomes_report
from xhht.testing.running import FileOutcome, RunOptions, junit_xml, results_dict, run_files
from xhht.text import Lang, Text

__all__ = ["command"]

_MANY_FILES = 100
"""From this number of files on, several processes are faster."""


@click.command("test")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True))
@click.option(
    "-k", "name_filter", default="", help="Only cases whose name contains this. Lọc theo tên."
)
@click.option(
    "--coverage", is_flag=True, help="Report what no case covers. Phần chưa được kiểm thử."
)
@click.option(
    "--mutate", is_flag=True, help="Report changes that no case detects. Kiểm thử đột biến."
)
@click.option("--boundaries", is_flag=True, help="Add cases at thresholds. Thêm ca tại ngưỡng.")
@click.option("--junit", type=click.Path(dir_okay=False), help="Also write JUnit XML. Tệp JUnit.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(0),
    default=0,
    help="Processes; 0: automatic. Số tiến trình.",
)
@with_context()
def command(
    context: CommandContext,
    paths: tuple[str, ...],
    name_filter: str,
    coverage: bool,
    mutate: bool,
    boundaries: bool,
    junit: str | None,
    jobs: int,
) -> None:
    """Run the cases in `NAME.test.yaml` beside each profile; a profile without cases fails.

    Chạy các ca kiểm thử đặt cạnh bộ tiêu chí.
    """
    files = [file for path in paths for file in files_of_profiles(context, path)]
    if boundaries:
        if name_filter or coverage or mutate or junit:
            context.fail(_EXCLUSIVE)
        context.finish(has_errors=_write_boundaries(context, files))
        return
    options = RunOptions(name_filter=name_filter, coverage=coverage, mutants=mutate)
    many = mutate or len(files) >= _MANY_FILES
    processes = jobs or ((os.cpu_count() or 1) if many else 1)
    outcomes = list(run_files(files, options, jobs=processes))
    if junit is not None:
        replace_file(junit, junit_xml(outcomes, context.lang))
    context.emit(
        lambda lang: results_dict(outcomes, options, lang),
        lambda lang: outcomes_report(outcomes, options, lang),
    )
    context.finish(
        has_errors=not all(outcome.passed and _is_complete(outcome) for outcome in outcomes)
    )


def _write_boundaries(context: CommandContext, files: Sequence[Path]) -> bool:
    """Add cases to the test files of profiles; return whether a file could not be read."""
    with context.require_extras():
        updates = [add_cases(file, files) for file in context.progress(files)]
    context.emit(
        lambda lang: [update.to_dict(lang) for update in updates],
        lambda lang: "\n".join(
            line for update in updates for line in _boundary_lines(update, lang)
        ),
    )
    return any(update.errors for update in updates)


def _boundary_lines(updated: UpdatedFile, lang: Lang) -> Iterator[str]:
    if not updated.errors:
        yield _ADDED.get(lang, number=len(updated.added), file=updated.file)
    for text in (*updated.errors, *updated.unreachable):
        yield f"    {text.get(lang)}"


def _is_complete(outcome: FileOutcome) -> bool:
    """Return whether all requested coverage is complete and all mutants are detected."""
    untouched = outcome.coverage.untouched if outcome.coverage else ()
    survivors = outcome.mutation.survivors if outcome.mutation else ()
    return not untouched and not survivors


_EXCLUSIVE = Text(
    vi="Không dùng --boundaries cùng tùy chọn khác; hãy chạy các ca kiểm thử sau đó.",
    en="--boundaries cannot be combined with other options; run the cases afterwards.",
)
_ADDED = Text(vi="{file}: đã thêm {number} ca kiểm thử.", en="{file}: cases added: {number}.")
