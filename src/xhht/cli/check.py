"""`xhht check`: all diagnostics of criteria profiles at once."""

from __future__ import annotations

import click

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
    warn,
)
from xhht.cli._mending import write_files
from xhht.cli._profiles import NO_PROFILES
from xhht.cli._revision import earlier_files
from xhht.criteria.checking import CheckResults, check_contents, read_files
from xhht.criteria.diagnostics import Diagnostic
from xhht.criteria.fixing import diff_text, fix_contents
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
    contents = {file: data for path in paths for file, data in _read(path, lang).items()}
    fixes = fix_contents(contents) if fix or diff_only else {}
    if diff_only:
        print_text(diff_text(contents, fixes), end="")
        finish(has_errors=bool(fixes))
        return
    changes = diff_text(contents, fixes)
    write_files(fixes, lang)
    contents |= fixes
    results = check_contents(contents, keep_profiles=against is not None, processes=None)
    diagnostics = results.diagnostics
    if against is not None:
        diagnostics += results.compare_releases(_earlier_results(against, paths, lang))
    report = [findings_text(diagnostics, output, SourceLines(contents), lang)]
    if output is FindingsFormat.TEXT:
        if not results.is_complete:
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


def _read(path: str, lang: Lang) -> dict[str, bytes]:
    if path == STDIN:
        with open_input(path) as stream:
            return {path: stream.read()}
    contents = read_files([path])
    if not contents:
        fail(NO_PROFILES.format(directory=path), lang)
    return contents


def _earlier_results(reference: str, paths: tuple[str, ...], lang: Lang) -> CheckResults:
    """Return the results of the files at a directory or git revision; warn of those with errors."""
    with earlier_files(reference, paths, lang) as files:
        results = check_contents({str(f): f.read_bytes() for f in files}, processes=None)
    results = results.renamed({str(file): name for file, name in files.items()})
    if results.unloaded:
        warn(_NOT_COMPARED.format(files=", ".join(results.unloaded)), lang)
    return results


def _summary(files: int, diagnostics: tuple[Diagnostic, ...]) -> Text:
    errors = sum(item.severity is Severity.ERROR for item in diagnostics)
    return _SUMMARY.format(files=files, errors=errors, warnings=len(diagnostics) - errors)


_NOT_COMPARED = Text(
    vi="Không so sánh được với các tệp trước đây vì chúng có lỗi: {files}.",
    en="These earlier files have errors and were not compared: {files}.",
)
_SUMMARY = Text(
    vi="Đã kiểm tra {files} tệp: {errors} lỗi, {warnings} cảnh báo.",
    en="Files: {files}; errors: {errors}; warnings: {warnings}.",
)
_INCOMPLETE = Text(
    vi="Lưu ý: một số nội dung chưa kiểm tra được vì các lỗi trên; sửa xong hãy kiểm tra lại.",
    en="Note: some checks were skipped because of these errors; fix them and check again.",
)
