"""`xhht check`: all diagnostics of criteria profiles at once."""

from __future__ import annotations

from pathlib import Path

import click

from xhht.cli._checking import examine_files, release_diagnostics
from xhht.cli._common import (
    STDIN,
    fail,
    finish,
    format_option,
    handle_errors,
    input_path,
    lang_option,
    open_input,
    print_text,
)
from xhht.cli._mending import diff_text, fixed_contents, write_files
from xhht.cli._profiles import NO_PROFILES
from xhht.criteria.dependencies import cycle_diagnostics
from xhht.criteria.diagnostics import Diagnostic
from xhht.criteria.files import profile_files, target_files
from xhht.issues import Severity
from xhht.reporting.diagnostics import FindingsFormat, findings_text
from xhht.reporting.excerpts import SourceLines
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("check")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=input_path)
@click.option("--strict", is_flag=True, help="Treat warnings as errors. Coi cảnh báo là lỗi.")
@click.option(
    "--fix",
    is_flag=True,
    help="Fix Unicode, missing quotes and the order of keys in the files, then check them. "
    "Tự sửa Unicode, dấu nháy còn thiếu và thứ tự khóa, rồi kiểm tra.",
)
@click.option(
    "--diff",
    "diff_only",
    is_flag=True,
    help="Show the changes of --fix without writing files. Chỉ xem --fix sẽ sửa gì.",
)
@click.option(
    "--against",
    metavar="REF",
    help="Fail if a released version was changed or removed since REF, a git revision or a "
    "directory. So với một phiên bản git hoặc thư mục.",
)
@format_option(FindingsFormat)
@lang_option
@handle_errors
def command(
    paths: tuple[str, ...],
    strict: bool,
    fix: bool,
    diff_only: bool,
    against: str | None,
    output: FindingsFormat,
    lang: Lang,
) -> None:
    """Check profile and targets files, or all `*.yaml` below directories; `-` is standard input.

    Kiểm tra các bộ tiêu chí và chỉ tiêu; nêu mọi lỗi cùng dòng và cách sửa.
    """
    contents = {file: _read(file) for path in paths for file in _files(path, lang)}
    fixes = fixed_contents(contents) if fix or diff_only else {}
    if diff_only:
        print_text(diff_text(contents, fixes), end="")
        finish(has_errors=bool(fixes))
        return
    changes = diff_text(contents, fixes)
    write_files(fixes, lang)
    contents |= fixes
    checked = examine_files(contents, all_profiles=against is not None)
    # An error in a base is reported with each of its overlays too.
    diagnostics = [*dict.fromkeys(item for result in checked for item in result.diagnostics)]
    diagnostics += cycle_diagnostics(result.profile for result in checked if result.profile)
    if against is not None:
        by_file = dict(zip(contents, checked, strict=True))
        diagnostics += release_diagnostics(against, paths, by_file, lang)
    report = [findings_text(diagnostics, output, SourceLines(contents), lang)]
    if output is FindingsFormat.TEXT:
        if not all(result.is_complete for result in checked):
            report.append(_INCOMPLETE.get(lang))
        report = [changes.rstrip("\n"), *report, _summary(len(contents), diagnostics).get(lang)]
    _print(report, contents.get(STDIN) if fix else None)
    finish(has_errors=any(strict or item.severity is Severity.ERROR for item in diagnostics))


def _print(report: list[str], fixed_stdin: bytes | None) -> None:
    """Print the report; with a fixed standard input, print that, and the report on stderr."""
    text = "".join(f"{part}\n" for part in report if part)
    if fixed_stdin is None:
        print_text(text, end="")
        return
    click.echo(fixed_stdin, nl=False)
    click.echo(text.encode("utf-8", "backslashreplace"), nl=False, err=True)


def _files(path: str, lang: Lang) -> list[str]:
    if path == STDIN:
        return [path]
    files = {*profile_files([Path(path)]), *target_files([Path(path)])}
    if not files:
        fail(NO_PROFILES.format(directory=path), lang)
    return [str(file) for file in sorted(files)]


def _read(file: str) -> bytes:
    with open_input(file) as stream:
        return stream.read()


def _summary(files: int, diagnostics: list[Diagnostic]) -> Text:
    errors = sum(item.severity is Severity.ERROR for item in diagnostics)
    return _SUMMARY.format(files=files, errors=errors, warnings=len(diagnostics) - errors)


_SUMMARY = Text(
    vi="Đã kiểm tra {files} tệp: {errors} lỗi, {warnings} cảnh báo.",
    en="Files: {files}; errors: {errors}; warnings: {warnings}.",
)
_INCOMPLETE = Text(
    vi="Lưu ý: một số nội dung chưa kiểm tra được vì các lỗi trên; sửa xong hãy kiểm tra lại.",
    en="Note: some checks were skipped because of these errors; fix them and check again.",
)
