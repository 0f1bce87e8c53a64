"""`xhht reconcile`: does a published percentage agree with its counts?"""

from __future__ import annotations

import click

from xhht.cli._context import CommandContext, with_context
from xhht.cli._inputs import open_table
from xhht.cli._options import input_path, numbers_option
from xhht.numbers import Convention
from xhht.reporting.figures import figures_report
from xhht.tables.figures import (
    FIGURES,
    REQUIRED_COLUMNS,
    RESULT_COLUMNS,
    reconcile_rows,
)
from xhht.text import Text

__all__ = ["command"]


@click.command("reconcile")
@click.argument("file", type=input_path)
@numbers_option
@with_context()
def command(
    context: CommandContext,
    file: str,
    numbers: Convention,
) -> None:
    """Compare the published percentages in FILE with their counts.

    FILE is CSV, XLSX or Parquet; `-` is CSV on standard input.

    Đối chiếu tỉ lệ đã công bố với số lượng. Các cột: place, level, year, title, numerator,
    denominator, printed_pct, pct_basis; cột khác được giữ nguyên.

    Exits with 1 if any row is inconsistent, matches no integer total or is invalid.
    """
    with open_table(context, file, FIGURES, numbers) as table:
        table.require(*REQUIRED_COLUMNS)
        figures = list(reconcile_rows(context.progress(table), numbers))
        columns = table.columns
    conflicting = [name for name in columns if name in RESULT_COLUMNS]
    if conflicting:
        context.warn(_COLUMNS_DROPPED.format(columns=", ".join(conflicting)))
    context.emit(
        lambda lang: [figure.to_dict(lang) for figure in figures],
        lambda lang: figures_report(figures, lang),
    )
    context.finish(has_errors=any(figure.finding.status.is_fault for figure in figures))


_COLUMNS_DROPPED = Text(
    vi="Các cột trùng tên với cột kết quả nên không được giữ lại: {columns}.",
    en="Columns with the name of a result column are omitted: {columns}.",
)
