"""`xhht reconcile`: does a published percentage agree with its counts?"""

from __future__ import annotations

from typing import Any

import click

from xhht.cli._common import (
    Format,
    common_options,
    counted,
    finish,
    input_path,
    numbers_option,
    open_table,
    print_json,
    print_text,
    refusing,
    warn,
)
from xhht.exact import Convention
from xhht.reporting.figures import figures_report
from xhht.rollup.figures import FIGURE_COLUMNS, REQUIRED_COLUMNS, Figure, reconcile_rows
from xhht.text import Lang, Text

__all__ = ["command"]

_FOUND = ("row", "status", "implied_total", "recomputed_percent", "message")


@click.command("reconcile")
@click.argument("file", type=input_path)
@numbers_option
@common_options
@refusing
def command(file: str, numbers: Convention, output: Format, lang: Lang) -> None:
    """Compare the published percentages in FILE (CSV, `-` for standard input) with their counts.

    Đối chiếu tỉ lệ đã công bố với số lượng. Các cột: place, level, year, title, numerator,
    denominator, printed_pct, pct_basis; cột khác được giữ nguyên.

    Exit code 1 when a row contradicts itself, fits no whole total or cannot be read.
    """
    with open_table(file) as table:
        table.require(*REQUIRED_COLUMNS)
        figures = list(reconcile_rows(counted(table, lang), numbers))
        columns = table.columns
    lost = [name for name in columns if name in _FOUND]
    if lost:
        warn(_NOT_CARRIED.format(columns=", ".join(lost)), lang)
    if output is Format.JSON:
        print_json([_item(figure, lang) for figure in figures])
    else:
        print_text(figures_report(figures, lang))
    finish(faults=any(figure.finding.status.is_fault for figure in figures))


def _item(figure: Figure, lang: Lang) -> dict[str, Any]:
    finding, totals = figure.finding, figure.finding.implied_total
    known = {name: figure.cells.get(name) for name in FIGURE_COLUMNS}
    carried = {
        name: cell
        for name, cell in figure.cells.items()
        if name and name not in FIGURE_COLUMNS and name not in _FOUND
    }
    return {
        "row": figure.row,
        **known,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "printed_pct": figure.cells["printed_pct"] or None,
        **carried,
        "status": finding.status.value,
        "implied_total": None if totals is None else {"min": totals.min, "max": totals.max},
        "recomputed_percent": finding.recomputed_percent,
        "message": figure.message.in_(lang),
    }


_NOT_CARRIED = Text(
    vi="Các cột trùng tên với kết quả nên không được giữ lại: {columns}.",
    en="Columns named like a result are not carried through: {columns}.",
)
