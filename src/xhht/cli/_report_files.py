"""Writes reports as an HTML page or a workbook, by file suffix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from xhht.cli._columnar import require_extras
from xhht.cli._common import fail
from xhht.reporting.report import Report
from xhht.text import Lang, Text

P = ParamSpec("P")
R = TypeVar("R")

_PAGE, _WORKBOOK = (".html", ".htm"), (".xlsx",)


def area_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add the option `--area`, as `area: str | None`."""
    return click.option(
        "--area",
        metavar="CODE",
        help="Area to report on; default: the area that contains all others. Khu vực.",
    )(command)


def protect_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add the option `--protect`, as `protect: int | None`."""
    return click.option(
        "--protect",
        metavar="N",
        type=click.IntRange(min=2),
        help="Suppress counts below N, and counts that would reveal them. Bảo vệ số nhỏ.",
    )(command)


def require_known_suffixes(files: Sequence[Path], lang: Lang) -> None:
    """Fail if a file has no suffix of a report format."""
    for file in files:
        if file.suffix.lower() not in (*_PAGE, *_WORKBOOK):
            fail(_UNKNOWN_SUFFIX.format(file=file), lang)


def write_reports(report: Report, files: Sequence[Path], protect: int | None, lang: Lang) -> None:
    """Write a report to each file; raises TableError and RollupError."""
    with require_extras(lang):
        from xhht.reporting.protect import protected_report
        from xhht.reporting.report_html import write_page
        from xhht.reporting.report_xlsx import write_report_workbook
        from xhht.rollup.disclosure import DisclosurePolicy

        if protect is not None:
            report = protected_report(report, DisclosurePolicy(threshold=protect))
        for file in files:
            write = write_page if file.suffix.lower() in _PAGE else write_report_workbook
            write(report, file, lang)


_UNKNOWN_SUFFIX = Text(
    vi="{file}: tên tệp báo cáo phải có đuôi .html hoặc .xlsx.",
    en="{file}: the file name of a report must end with .html or .xlsx.",
)
