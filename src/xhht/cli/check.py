"""`xhht check`: every fault of criteria profiles at once."""

from __future__ import annotations

from pathlib import Path

import click

from xhht.cli._common import (
    STDIN,
    Format,
    common_options,
    finish,
    input_path,
    open_input,
    print_text,
    refusing,
)
from xhht.cli._profiles import print_diagnostics
from xhht.criteria.diagnostics import Diagnostic, Severity
from xhht.criteria.loading import check_profile
from xhht.criteria.registry import profile_files
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("check")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=input_path)
@click.option("--strict", is_flag=True, help="Let warnings fail too. Cảnh báo cũng là lỗi.")
@common_options
@refusing
def command(paths: tuple[str, ...], strict: bool, output: Format, lang: Lang) -> None:
    """Check profile files, or all `*.yaml` below directories; `-` is standard input.

    Kiểm tra các bộ tiêu chí; nêu mọi lỗi cùng dòng và cách sửa.
    """
    files = [file for path in paths for file in _files(path)]
    found = [diagnostic for file in files for diagnostic in _check(file)]
    print_diagnostics(found, output, lang)
    if output is Format.TEXT:
        print_text(_summary(len(files), found).in_(lang))
    finish(faults=any(strict or each.severity is Severity.ERROR for each in found))


def _files(path: str) -> list[str]:
    if path == STDIN:
        return [path]
    return [str(file) for file in profile_files([Path(path)])]


def _check(file: str) -> tuple[Diagnostic, ...]:
    with open_input(file) as stream:
        return check_profile(stream.read(), file)


def _summary(files: int, found: list[Diagnostic]) -> Text:
    errors = sum(each.severity is Severity.ERROR for each in found)
    return _SUMMARY.format(files=files, errors=errors, warnings=len(found) - errors)


_SUMMARY = Text(
    vi="Đã kiểm tra {files} tệp: {errors} lỗi, {warnings} cảnh báo.",
    en="Checked {files} files: {errors} errors, {warnings} warnings.",
)
