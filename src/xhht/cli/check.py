"""`xhht check`: all diagnostics of criteria profiles at once."""

from __future__ import annotations

import click

from xhht._files import replace_file
from xhht.cli._context import STDIN, CommandContext, print_text, with_context
from xhht.cli._git import earlier_files
from xhht.cli._inputs import NO_PROFILES, read_input
from xhht.cli._options import input_path, strict_option
from xhht.criteria.checking import CheckResults, check_contents, read_files
from xhht.criteria.diagnostics import Diagnostic
from xhht.criteria.fixing import diff_text, fix_contents
from xhht.issues import Severity
from xhht.reporting.diagnostics import FindingsFormat, findings_text
from xhht.reporting.excerpts import SourceLines
from xhht.text import Text

__all__ = ["command"]


@click.command("check")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=input_path)
@strict_option
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
@with_context(FindingsFormat)
def command(
    context: CommandContext,
    paths: tuple[str, ...],
    strict: bool,
    fix: bool,
    diff_only: bool,
    against: str | None,
) -> None:
    """Check profile and targets files, or all `*.yaml` below directories; `-` is standard input.

    Kiểm tra các bộ tiêu chí và chỉ tiêu; nêu mọi lỗi cùng dòng và cách sửa.
    """
    contents = {file: data for path in paths for file, data in _read(context, path).items()}
    fixes = fix_contents(contents) if fix or diff_only else {}
    if diff_only:
        print_text(diff_text(contents, fixes), end="")
        context.finish(has_errors=bool(fixes))
        return
    changes = diff_text(contents, fixes)
    for file, data in fixes.items():
        if file != STDIN:
            replace_file(file, data)
    contents |= fixes
    results = check_contents(contents, keep_profiles=against is not None, processes=None)
    diagnostics = results.diagnostics
    if against is not None:
        diagnostics += results.compare_releases(_earlier_results(context, against, paths))
    lang, findings_format = context.lang, FindingsFormat(context.output)
    report = [findings_text(diagnostics, findings_format, SourceLines(contents), lang)]
    if findings_format is FindingsFormat.TEXT:
        if not results.is_complete:
            report.append(_INCOMPLETE.get(lang))
        report = [changes.rstrip("\n"), *report, _summary(len(contents), diagnostics).get(lang)]
    _print(report, contents.get(STDIN) if fix else None)
    context.finish(
        has_errors=any(strict or item.severity is Severity.ERROR for item in diagnostics)
    )


def _print(report: list[str], fixed_stdin: bytes | None) -> None:
    """Print the report; with a fixed standard input, print that, and the report on stderr."""
    text = "".join(f"{part}\n" for part in report if part)
    if fixed_stdin is None:
        print_text(text, end="")
        return
    click.echo(fixed_stdin, nl=False)
    click.echo(text.encode("utf-8", "backslashreplace"), nl=False, err=True)


def _read(context: CommandContext, path: str) -> dict[str, bytes]:
    if path == STDIN:
        return {path: read_input(path)}
    return read_files([path]) or context.fail(NO_PROFILES.format(directory=path))


def _earlier_results(
    context: CommandContext, reference: str, paths: tuple[str, ...]
) -> CheckResults:
    """Return the results of the files at a directory or git revision; warn of those with errors."""
    with earlier_files(context, reference, paths) as files:
        results = check_contents({str(f): f.read_bytes() for f in files}, processes=None)
    results = results.renamed({str(file): name for file, name in files.items()})
    if results.unloaded:
        context.warn(_NOT_COMPARED.format(files=", ".join(results.unloaded)))
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
