"""Reads a table of counts, or of subjects with verdicts, from any supported file."""

from __future__ import annotations

from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path

from xhht.cli._context import STDIN, CommandContext
from xhht.cli._inputs import is_columnar, open_table
from xhht.domain.areas import AreaTree
from xhht.domain.concordance import Concordance
from xhht.numbers import Convention
from xhht.rollup.reports import Reports
from xhht.tables.counts import COUNTS, REPORT_COLUMNS, VERDICT, read_reports
from xhht.tables.csv import open_csv


def read_counts(
    context: CommandContext,
    counts: str,
    tree: AreaTree,
    numbers: Convention,
    *,
    excluded: Collection[str] = (),
    sheet: str | None = None,
    changes: Concordance | None = None,
) -> Reports:
    """Return the reports in COUNTS on the areas of a tree, read as columns where that is faster."""
    if sheet is None and not is_columnar(counts) and not _is_long(counts):
        with open_table(context, counts, COUNTS) as table:
            rows = context.progress(table)
            return read_reports(
                table.columns, rows, tree, numbers=numbers, excluded=excluded, changes=changes
            )
    with context.require_extras(), context.progress_bar() as bar:
        from xhht.frames.counts import read_report_frame
        from xhht.frames.files import polars_errors_as_table_errors, scan_table

        with polars_errors_as_table_errors():
            return read_report_frame(
                scan_table(
                    counts,
                    columns=REPORT_COLUMNS,
                    keys=("area",),
                    counts=COUNTS.counts,
                    numbers=numbers,
                    sheet=sheet,
                    progress=bar.advance,
                ),
                tree,
                numbers=numbers,
                excluded_codes=excluded,
                changes=changes,
                progress=bar.advance,
            )


def _is_long(path: str) -> bool:
    """Return whether a CSV file holds so many subjects that columns are faster."""
    if path == STDIN or Path(path).stat().st_size < _LONG or find_spec("polars") is None:
        return False
    with open_csv(Path(path)) as table:
        return VERDICT in table.columns


_LONG = 16 * 2**20
