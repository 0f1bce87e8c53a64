"""Writes reports: one HTML page or a workbook, by the ending of the file's name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from xhht.cli._columnar import extras_at_hand
from xhht.cli._common import refuse
from xhht.reporting.report import Report
from xhht.text import Lang, Text

__all__ = ["area_option", "protect_option", "require_endings", "write_reports"]

P = ParamSpec("P")
R = TypeVar("R")

_PAGE, _WORKBOOK = (".html", ".htm"), (".xlsx",)


def area_option(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the option `--area`, as `area: str | None`."""
    return click.option(
        "--area",
        metavar="CODE",
        help="The area to report on; the one that holds all others if not given. Khu vực.",
    )(command)


def protect_option(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the option `--protect`, as `protect: int | None`."""
    return click.option(
        "--protect",
        metavar="N",
        type=click.IntRange(min=2),
        help="Leave out counts below N, and those that would give them away. Bảo vệ số nhỏ.",
    )(command)


def require_endings(files: Sequence[Path], lang: Lang) -> None:
    """Refuse names of files that tell of no kind of report."""
    for file in files:
        if file.suffix.lower() not in (*_PAGE, *_WORKBOOK):
            refuse(_WHICH_ENDING.format(file=file), lang)


def write_reports(report: Report, files: Sequence[Path], protect: int | None, lang: Lang) -> None:
    """Write a report to each file; raises TableError and RollupError."""
    with extras_at_hand(lang):
        from xhht.reporting.protected_report import protected_report
        from xhht.reporting.report_page import write_page
        from xhht.reporting.report_workbook import write_report_workbook
        from xhht.rollup.disclosure import DisclosurePolicy

        if protect is not None:
            report = protected_report(report, DisclosurePolicy(threshold=protect))
        for file in files:
            write = write_page if file.suffix.lower() in _PAGE else write_report_workbook
            write(report, file, lang)


_WHICH_ENDING = Text(
    vi="{file}: tên tệp báo cáo phải có đuôi .html hoặc .xlsx.",
    en="{file}: the name of a report must end with .html or .xlsx.",
)
