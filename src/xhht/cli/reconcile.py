"""`xhht reconcile`: does a published percentage agree with its counts?"""

from __future__ import annotations

import click

from xhht.cli._common import (
    Format,
    common_options,
    finish,
    handle_errors,
    input_path,
    numbers_option,
    open_table,
    print_json,
    print_text,
    warn,
    with_progress,
)
from xhht.numbers import Convention
from xhht.reporting.figures import figures_report
from xhht.tables.figures import REQUIRED_COLUMNS, RESULT_COLUMNS, reconcile_rows
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("reconcile")
@click.argument("file", type=input_path)
@numbers_option
@common_options
@handle_errors
def command(file: str, numbers: Convention, output: Format, lang: Lang) -> None:
    """Compare the published percentages in FILE (CSV, `-` for standard input) with their counts.

    Đối chiếu tỉ lệ đã công bố với số lượng. Các cột: place, level, year, title, numerator,
    denominator, printed_pct, pct_basis; cột khác được giữ nguyên.

    Exits with 1 if any row is inconsistent, matches no integer total or is invalid.
    """
    with open_table(file) as table:
        table.require(*REQUIRED_COLUMNS)
        figures = list(reconcile_rows(with_progress(table, lang), numbers))
        columns = table.columns
    conflicting = [name for name in columns if name in RESULT_COLUMNS]
    if conflicting:
        warn(_COLUMNS_DROPPED.format(columns=", ".join(conflicting)), lang)
    if output is Format.JSON:
        print_json([figure.to_dict(lang) for figure in figures])
    else:
        print_text(figures_report(figures, lang))
    finish(has_errors=any(figure.finding.status.is_fault for figure in figures))


_COLUMNS_DROPPED = Text(
    vi="Các cột trùng tên với cột kết quả nên không được giữ lại: {columns}.",
    en="Columns with the name of a result column are omitted: {columns}.",
)
