"""Tables of counts or of subjects, in any file format, read like `xhht.tables.read_reports`.

Identical rows of subjects are grouped into one row with a number, so that of millions of rows only
those leave the engine that need individual checks: invalid rows and duplicate ids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from heapq import merge
from typing import TYPE_CHECKING

from attrs import evolve

from xhht.domain.areas import AreaTree
from xhht.domain.concordance import Concordance
from xhht.domain.titles import Title
from xhht.errors import DomainError
from xhht.frames.files import Scanned, counts_by_kind
from xhht.issues import RowIssueCode
from xhht.numbers import Convention
from xhht.rollup.reports import Reports
from xhht.tables.counts import NAME, REPORT_COLUMNS, VERDICT, read_reports
from xhht.tables.parquet import ROW, cells_as_text
from xhht.tables.reasons import reason_text
from xhht.tables.table import Row
from xhht.tables.workbook import RowProgress
from xhht.text import Text

if TYPE_CHECKING:
    import polars as pl

__all__ = ["read_report_frame"]

_AREA, _TITLE, _ID = "area", "title", "id"
_TIMES, _KEY, _AGAIN = "#times", "#title", "#again"


def read_report_frame(
    scanned: Scanned,
    tree: AreaTree,
    *,
    numbers: Convention = Convention.PLAIN,
    excluded_codes: Collection[str] = (),
    changes: Concordance | None = None,
    progress: RowProgress | None = None,
) -> Reports:
    """Return the reports of a table in a file on the areas of a tree.

    Args:
        scanned: the table.
        tree: the areas that may report.
        numbers: the number format of counts and points.
        excluded_codes: codes that are missing from `tree` because their own rows are invalid.
        changes: the changes up to the day of the areas; with them old names are found.
        progress: progress callback, called with the number of rows of subjects just read and the
            approximate total.

    Raises:
        TableError: as for `read_reports`.
    """
    by_subject = VERDICT in scanned.columns
    meaningful = set(REPORT_COLUMNS) - ({NAME} if by_subject else set())
    known = [name for name in scanned.columns if name in meaningful]
    frame = scanned.frame.select(
        ROW, *(cells_as_text(scanned.frame, name, numbers) for name in known)
    )
    broken = [
        Row(row, dict.fromkeys(known, ""), reason_text(reason), code=_row_code(reason))
        for row, reason in _collected(scanned.invalid.select(ROW, "reason")).iter_rows()
    ]
    row_kinds = counts_by_kind(_collected(scanned.row_kinds))
    warnings: tuple[Text, ...] = (*scanned.notes, *scanned.warnings(row_kinds))
    times: Mapping[int, int] = {}
    if VERDICT in known and {_AREA, _TITLE}.issubset(known):
        subjects = _Subjects(frame, tree, numbers, excluded_codes, changes)
        if progress is not None:
            subjects.report_to(progress, scanned.rows)
        alike, alone, times = subjects.split()
        rows = merge(alike, sorted([*alone, *broken], key=_number), key=_number)
    else:
        rows = merge(_rows(_collected(frame)), broken, key=_number)
    reports = read_reports(
        scanned.columns,
        rows,
        tree,
        numbers=numbers,
        excluded=excluded_codes,
        times=times,
        changes=changes,
    )
    return evolve(reports, warnings=(*warnings, *reports.warnings))


def _row_code(reason: str) -> RowIssueCode:
    own = (RowIssueCode.DOUBTFUL_TOTAL, RowIssueCode.OPEN_QUOTE)
    return next((code for code in own if code == reason), RowIssueCode.BROKEN_ROW)


class _Subjects:
    """Rows of subjects, with identical rows grouped."""

    def __init__(
        self,
        frame: pl.LazyFrame,
        tree: AreaTree,
        numbers: Convention,
        excluded: Collection[str],
        changes: Concordance | None,
    ) -> None:
        self._changes = changes
        self._tree, self._numbers, self._excluded = tree, numbers, excluded
        columns = frame.collect_schema().names()
        self._keys = [name for name in columns if name not in (ROW, _ID)]
        self._has_ids = _ID in columns
        self._frame = self._marked(frame)

    def report_to(self, progress: RowProgress, total: int) -> None:
        """Report the progress of reading rows."""

        def count_rows(block: pl.DataFrame) -> pl.DataFrame:
            progress(block.height, total)
            return block

        self._frame = self._frame.map_batches(count_rows, streamable=True)

    def split(self) -> tuple[Iterator[Row], list[Row], dict[int, int]]:
        """Return grouped rows, single rows, and the number of rows in each group."""
        import polars as pl

        again = pl.col(_AGAIN)
        groups, alone = pl.collect_all(
            [
                self._frame.filter(~again)
                .group_by(self._keys)
                .agg(pl.col(ROW).min(), pl.len().alias(_TIMES))
                .sort(ROW),
                self._frame.filter(again).drop(_AGAIN),
            ],
            engine="streaming",
        )
        faulty = self._faulty(groups)
        single = self._single_rows(groups.filter(pl.col(ROW).is_in(faulty)).select(self._keys))
        alike = groups.filter(~pl.col(ROW).is_in(faulty))
        times = dict(alike.select(ROW, _TIMES).iter_rows())
        return _rows(alike.drop(_TIMES)), [*_rows(alone), *single], times

    def _marked(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Return rows, and whether their id is a duplicate."""
        import polars as pl

        titles = _collected(frame.select(pl.col(_TITLE).unique()))
        frame = frame.with_columns(
            pl.col(_TITLE)
            .replace({t: _title(t) for t in titles.to_series().drop_nulls()})
            .alias(_KEY),
        )
        if not self._has_ids:
            return frame.with_columns(pl.lit(False).alias(_AGAIN)).drop(_KEY)
        key = [_KEY, _ID]
        duplicates = frame.select(key).drop_nulls().group_by(key).len().filter(pl.col("len") > 1)
        marked = frame.join(
            duplicates.select(*key, pl.lit(True).alias(_AGAIN)),
            on=key,
            how="left",
            maintain_order="left",
        )
        return marked.with_columns(pl.col(_AGAIN).fill_null(False)).drop(_KEY)

    def _faulty(self, groups: pl.DataFrame) -> list[int]:
        """Return the numbers of the invalid rows among grouped rows."""
        rows = _rows(groups.select(ROW, *self._keys))
        reports = read_reports(
            self._keys,
            rows,
            self._tree,
            numbers=self._numbers,
            excluded=self._excluded,
            changes=self._changes,
        )
        return sorted({issue.row for issue in reports.faults})

    def _single_rows(self, groups: pl.DataFrame) -> Iterator[Row]:
        """Yield every single row of some groups."""
        import polars as pl

        if groups.is_empty():
            return iter(())
        rows = self._frame.filter(~pl.col(_AGAIN)).drop(_AGAIN)
        matching = rows.join(groups.lazy(), on=self._keys, how="semi", nulls_equal=True)
        return _rows(_collected(matching))


def _rows(frame: pl.DataFrame) -> Iterator[Row]:
    names = [name for name in frame.columns if name != ROW]
    for number, *cells in frame.select(ROW, *names).iter_rows():
        yield Row(number, {name: cell or "" for name, cell in zip(names, cells, strict=True)})


def _number(row: Row) -> int:
    return row.number


def _collected(frame: pl.LazyFrame) -> pl.DataFrame:
    return frame.collect(engine="streaming")


def _title(cell: str) -> str:
    try:
        return Title.parse(cell).value
    except DomainError:
        return cell
