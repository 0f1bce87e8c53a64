"""Reads a table of counts, or of subjects with verdicts, whatever file it is in."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from xhht.cli._columnar import extras_at_hand, is_columnar
from xhht.cli._common import STDIN, counted, open_table
from xhht.cli._progress import progress_bar
from xhht.exact import Convention
from xhht.rollup.area_table import AreaTable
from xhht.rollup.reports import REPORT_COLUMNS, VERDICT, Reports, read_reports
from xhht.text import Lang

__all__ = ["read_counts"]


def read_counts(
    counts: str, sheet: str | None, known: AreaTable, numbers: Convention, lang: Lang
) -> Reports:
    """Return what COUNTS says, read as columns where that is the only way, or much the faster."""
    if sheet is None and not is_columnar(counts) and not _is_long(counts):
        with open_table(counts) as table:
            return read_reports(
                table.columns,
                counted(table, lang),
                known.tree,
                numbers=numbers,
                left_out=known.left_out,
            )
    with extras_at_hand(lang), progress_bar(lang) as bar:
        from xhht.frames.files import reading, scan_table
        from xhht.frames.reports import read_report_frame

        with reading():
            return read_report_frame(
                scan_table(
                    counts,
                    columns=REPORT_COLUMNS,
                    numbers=numbers,
                    sheet=sheet,
                    watch=bar.advance,
                ),
                known.tree,
                numbers=numbers,
                left_out=known.left_out,
                watch=bar.advance,
            )


def _is_long(path: str) -> bool:
    """Return whether a CSV file has so many subjects that they are better read as columns."""
    if path == STDIN or Path(path).stat().st_size < _LONG or find_spec("polars") is None:
        return False
    with open_table(path) as table:
        return VERDICT in table.columns


_LONG = 16 * 2**20
