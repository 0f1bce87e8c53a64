"""A roll-up as a text table: counts, coverage and rates of every area; and its faults."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xhht.issues import RowIssue
from xhht.rollup.display import ROLLUP_COLUMNS, rollup_rows_table
from xhht.rollup.tree import AreaRollup
from xhht.text import Lang, Text

__all__ = ["COUNT_COLUMNS", "fault_line", "fault_text", "faults_report", "rollup_table"]


def rollup_table(rows: Iterable[AreaRollup], lang: Lang | str = Lang.VI) -> str:
    """Return a table of areas and titles: counts, coverage and rates."""
    return rollup_rows_table(rows, ROLLUP_COLUMNS, lang).text(lang)


def faults_report(faults: Sequence[RowIssue], lang: Lang | str = Lang.VI) -> str:
    """Return one line for each invalid row, and their number."""
    lines = [fault_line(fault, lang) for fault in faults]
    return "\n".join([*lines, _SUMMARY.format(faults=len(faults)).get(lang)])


def fault_line(fault: RowIssue, lang: Lang | str = Lang.VI) -> str:
    """Return the location of an invalid row, its error and the remedy."""
    return fault_text(fault).get(lang)


def fault_text(fault: RowIssue) -> Text:
    """Return the same in both languages."""
    return _FAULT.format(
        file=fault.file.label,
        row=fault.row,
        field=f" [{fault.field}]" if fault.field else "",
        message=fault.text,
    )


COUNT_COLUMNS = tuple(
    column.column
    for column in ROLLUP_COLUMNS[: [column.key for column in ROLLUP_COLUMNS].index("coverage")]
)
"""The columns of a table of counts: area, title and each count."""

_FAULT = Text(vi="{file}, dòng {row}{field}: {message}", en="{file}, row {row}{field}: {message}")
_SUMMARY = Text(vi="{faults} lỗi.", en="Errors: {faults}.")
