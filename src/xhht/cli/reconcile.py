"""`xhht reconcile`: does a published percentage agree with its counts?"""

from __future__ import annotations

from typing import Any

import click

from xhht.cli._context import CommandContext, with_context
from xhht.cli._inputs import open_table
from xhht.cli._options import input_path, numbers_option
from xhht.numbers import Convention
from xhht.reporting.figures import figures_report
from xhht.tables.figures import FIGURE_COLUMNS, FIGURES, REQUIRED_COLUMNS, Figure, reconcile_rows
from xhht.text import Lang, Text

__all__ = ["command"]

_RESULT_COLUMNS = ("row", "status", "implied_total", "recomputed_percent", "message")


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
    conflicting = [name for name in columns if name in _RESULT_COLUMNS]
    if conflicting:
        context.warn(_COLUMNS_DROPPED.format(columns=", ".join(conflicting)))
    context.emit(
        lambda lang: [_figure_json(figure, lang) for figure in figures],
        lambda lang: figures_report(figures, lang),
    )
    context.finish(has_errors=any(figure.finding.status.is_fault for figure in figures))


def _figure_json(figure: Figure, lang: Lang) -> dict[str, Any]:
    finding, totals = figure.finding, figure.finding.implied_total
    known_cells = {name: figure.cells.get(name) for name in FIGURE_COLUMNS}
    other_cells = {
        name: cell
        for name, cell in figure.cells.items()
        if name and name not in FIGURE_COLUMNS and name not in _RESULT_COLUMNS
    }
    return {
        "row": figure.row,
        **known_cells,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "printed_pct": figure.cells["printed_pct"] or None,
        **other_cells,
        "status": finding.status.value,
        "implied_total": None if totals is None else {"min": totals.min, "max": totals.max},
        "recomputed_percent": finding.recomputed_percent,
        "message": figure.message.get(lang),
    }


_COLUMNS_DROPPED = Text(
    vi="Các cột trùng tên với cột kết quả nên không được giữ lại: {columns}.",
    en="Columns with the name of a result column are omitted: {columns}.",
)
