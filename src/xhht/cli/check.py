"""`xhht check`: every fault of criteria profiles at once."""

from __future__ import annotations

from pathlib import Path

import click

from xhht.cli._checking import examine_files, faults_against
from xhht.cli._common import (
    STDIN,
    finish,
    format_option,
    input_path,
    lang_option,
    open_input,
    print_text,
    refuse,
    refusing,
)
from xhht.cli._mending import diff_text, mends_of, write_files
from xhht.cli._profiles import NO_PROFILES
from xhht.criteria.diagnostics import Diagnostic, Severity
from xhht.criteria.files import profile_files, target_files
from xhht.criteria.resting import circle_faults
from xhht.reporting.diagnostics import FindingsFormat, findings_text
from xhht.reporting.source_lines import Sources
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("check")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=input_path)
@click.option("--strict", is_flag=True, help="Let warnings fail too. Cảnh báo cũng là lỗi.")
@click.option(
    "--fix",
    is_flag=True,
    help="Mend Unicode, missing quotes and the order of keys in the files, then check them. "
    "Tự sửa Unicode, dấu nháy còn thiếu và thứ tự khóa, rồi kiểm tra.",
)
@click.option(
    "--diff",
    "diff_only",
    is_flag=True,
    help="Show what --fix would change, and change nothing. Chỉ xem --fix sẽ sửa gì.",
)
@click.option(
    "--against",
    metavar="REF",
    help="Fail where a released version was changed or is gone since a git revision, or since a "
    "directory. So với một phiên bản git hoặc thư mục.",
)
@format_option(FindingsFormat)
@lang_option
@refusing
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
    mends = mends_of(contents) if fix or diff_only else {}
    if diff_only:
        print_text(diff_text(contents, mends), end="")
        finish(faults=bool(mends))
        return
    changes = diff_text(contents, mends)
    write_files(mends, lang)
    contents |= mends
    checked = examine_files(contents, all_profiles=against is not None)
    # A fault of a base is found with each of its overlays too.
    found = [*dict.fromkeys(fault for each in checked for fault in each.found)]
    found += circle_faults(each.profile for each in checked if each.profile)
    if against is not None:
        found += faults_against(against, paths, dict(zip(contents, checked, strict=True)), lang)
    report = [findings_text(found, output, Sources(contents), lang)]
    if output is FindingsFormat.TEXT:
        if not all(each.is_whole for each in checked):
            report.append(_NOT_ALL_JUDGED.in_(lang))
        report = [changes.rstrip("\n"), *report, _summary(len(contents), found).in_(lang)]
    _print(report, contents.get(STDIN) if fix else None)
    finish(faults=any(strict or each.severity is Severity.ERROR for each in found))


def _print(report: list[str], mended: bytes | None) -> None:
    """Print a report, or a mended file and the report on standard error."""
    text = "".join(f"{part}\n" for part in report if part)
    if mended is None:
        print_text(text, end="")
        return
    click.echo(mended, nl=False)
    click.echo(text.encode("utf-8", "backslashreplace"), nl=False, err=True)


def _files(path: str, lang: Lang) -> list[str]:
    if path == STDIN:
        return [path]
    found = {*profile_files([Path(path)]), *target_files([Path(path)])}
    if not found:
        refuse(NO_PROFILES.format(directory=path), lang)
    return [str(file) for file in sorted(found)]


def _read(file: str) -> bytes:
    with open_input(file) as stream:
        return stream.read()


def _summary(files: int, found: list[Diagnostic]) -> Text:
    errors = sum(each.severity is Severity.ERROR for each in found)
    return _SUMMARY.format(files=files, errors=errors, warnings=len(found) - errors)


_SUMMARY = Text(
    vi="Đã kiểm tra {files} tệp: {errors} lỗi, {warnings} cảnh báo.",
    en="Files: {files}; errors: {errors}; warnings: {warnings}.",
)
_NOT_ALL_JUDGED = Text(
    vi="Lưu ý: một số chỗ chưa xét được vì các lỗi trên; sửa xong hãy kiểm tra lại.",
    en="Note: some things cannot be judged before these faults are mended; then check again.",
)
