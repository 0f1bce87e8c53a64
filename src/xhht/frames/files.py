"""Tables in files as frames: Parquet and CSV are streamed, workbook sheets are read whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from attrs import field, frozen

from xhht.criteria.profile import Profile
from xhht.domain.area import OFFICIAL_WIDTHS
from xhht.domain.titles import AreaLevel
from xhht.errors import TableError
from xhht.frames._csv import scan_csv
from xhht.frames._inputs import column_names
from xhht.frames._sheet import EXCLUDED, FIELD, ISSUE, Sheet, with_clear_shares, with_exclusions
from xhht.frames._workbook import read_workbook
from xhht.numbers import Convention, count_label
from xhht.rules.inputs import Input, InputType
from xhht.tables.excluded import excluded_rows_notes
from xhht.tables.facts import KEYS
from xhht.tables.files import SourceFormat, source_format
from xhht.tables.parquet import ROW, scan
from xhht.tables.workbook import RowProgress, TableRequest
from xhht.text import Text

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "AREA",
    "ROW",
    "Scanned",
    "counts_by_kind",
    "polars_errors_as_table_errors",
    "scan_parquet",
    "scan_table",
]


def scan_parquet(path: Path) -> Sheet:
    """Return a Parquet file, or all Parquet files of a folder, as a sheet.

    Raises:
        TableError: it is not a Parquet file, or has duplicate column names.
        OSError: the file cannot be read.
    """
    import polars as pl

    scanned = scan(path)
    no_text = pl.lit(None, pl.String)
    return Sheet(
        frame=scanned.frame.with_columns(
            no_text.alias(FIELD), no_text.alias(ISSUE), no_text.alias(EXCLUDED)
        ),
        columns=scanned.columns,
        rows=scanned.rows,
    )


AREA = "area"
_PADDED = "padded_code"


_CODES = frozenset({"id", AREA, "title"})


@frozen(eq=False, kw_only=True)
class Scanned:
    """A table of a file; each row that is not blank is in one of its frames.

    All are lazy Polars frames, which read the file when they are collected. The column `#row` holds
    the row number: from 1 below the header, on a sheet the number of the sheet row.

    Attributes:
        frame: the rows that may be evaluated.
        invalid: the rows that cannot be read, with the added columns `column` and `reason`.
        row_kinds: the number of rows of each `kind` (`count`), and the `first` of them. The kinds
            are `subject` and `faulty` for the rows of these two frames; `totals_row`,
            `repeated_header` and `column_numbers` for excluded rows; and `padded_code` for rows
            in which the leading zeros of the area code were restored.
        rows: the approximate number of rows.
        notes: messages on what else was changed or ignored while reading.
    """

    frame: pl.LazyFrame = field(repr=False)
    invalid: pl.LazyFrame = field(repr=False)
    row_kinds: pl.LazyFrame = field(repr=False)
    rows: int
    notes: tuple[Text, ...]
    _sheet: Sheet = field(repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The table's own columns."""
        return self._sheet.columns

    def cell(self) -> pl.Expr | None:
        """Return a column with the cell address of `#row` and `column`; None without sheets."""
        import polars as pl

        if self._sheet.title is None:
            return None
        letter = pl.col("column").replace_strict(dict(self._sheet.letters), default="")
        return pl.concat_str(pl.lit(f"{self._sheet.title}!"), letter.fill_null(""), pl.col(ROW))

    def location(self, row: int, column: str | None = None) -> Text:
        """Return the location of a row, or of a cell in it, in the file: `Hộ!C7`."""
        return self._sheet.location(row, column)

    def warnings(self, row_kinds: Mapping[str, tuple[int, int]]) -> tuple[Text, ...]:
        """Return the warnings on excluded rows, on area codes and on the sums in totals rows.

        Args:
            noticed: the number of rows of each kind and the first of them, as in `row_kinds`.
        """
        located = {kind: (rows, self.location(row)) for kind, (rows, row) in row_kinds.items()}
        notices = list(excluded_rows_notes(located))
        if _PADDED in located:
            rows, first = located[_PADDED]
            notices.append(_PADDED_CODES.format(rows=count_label(rows), first=first))
        return (*notices, *self._sheet.sums)


def counts_by_kind(row_kinds: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """Return the number of rows of each kind and the first of them; see `Scanned.row_kinds`."""
    return {kind: (count, first) for kind, count, first in row_kinds.iter_rows()}


def scan_table(
    path: str | Path,
    profile: Profile | Iterable[Profile] | None = None,
    *,
    columns: Collection[str] = (),
    keys: Sequence[str] = KEYS,
    counts: Collection[str] = (),
    numbers: Convention | str = Convention.PLAIN,
    sheet: str | None = None,
    level: AreaLevel | str | None = None,
    progress: RowProgress | None = None,
) -> Scanned:
    """Return the table of a Parquet, CSV or XLSX file; the format is detected by the content.

    Cells of CSV stay text, so codes keep their zeros; `evaluate` converts them. Cells of a workbook
    keep their types; its header may be below titles. Unreadable rows are not lost: they are
    in `invalid`.

    Args:
        path: the file, or a folder of Parquet files.
        profile: the profile or profiles whose inputs are columns; a workbook's header is found by
            their names.
        columns: other columns with data of each row.
        keys: the columns that say whose row it is, which totals and notes have not; the first that
            the table has counts.
        counts: those of `columns` whose values add up.
        numbers: the number format of texts.
        sheet: the sheet of a workbook; if omitted, the one that has a header.
        level: the level of the areas in the column `area`; leading zeros of their codes are
            restored.
        progress: progress callback while a workbook is read, called with the number of rows just
            read and the approximate total; other files are read when a frame is collected.

    Raises:
        TableError: the file cannot be read as a table.
        OSError: the file cannot be opened.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "units.csv").write_text("area;members\\n4;40\\nCộng;40\\n", "utf-8")
    >>> scanned = scan_table(folder / "units.csv", level="commune")
    >>> scanned.frame.collect().to_dicts()
    [{'#row': 1, 'area': '00004', 'members': '40'}]
    """
    profiles = (profile,) if isinstance(profile, Profile) else tuple(profile or ())
    wanted = TableRequest(
        inputs={**dict.fromkeys(columns), **_inputs(profiles)},
        codes=_CODES,
        numbers=Convention(numbers),
        keys=tuple(keys),
        counts=frozenset(counts),
    )
    table = _sheet_of(Path(path), wanted, sheet, progress)
    return _parted(table, wanted, AreaLevel(level) if level else None)


def _inputs(profiles: Iterable[Profile]) -> dict[str, Input | None]:
    """Return the input that each column holds; None for a verification status, which is a word."""
    columns: dict[str, Input | None] = {}
    for declared in (declared for profile in profiles for declared in profile.plan.inputs):
        input_or_share = declared.declared_input
        dated = Input(
            name=input_or_share.name, kind=InputType.DATE, minimum=1, maximum=date.max.toordinal()
        )
        for name in column_names(declared):
            if name.endswith("__verification"):
                columns[name] = None
            elif name.endswith("__dated"):
                columns[name] = dated
            else:
                columns[name] = input_or_share if name == input_or_share.name else declared
    return columns


def _sheet_of(
    path: Path, wanted: TableRequest, title: str | None, progress: RowProgress | None
) -> Sheet:
    match source_format(path, title):
        case SourceFormat.WORKBOOK:
            return read_workbook(path, wanted, title, progress or (lambda _more, _all: None))
        case SourceFormat.PARQUET:
            sheet = scan_parquet(path)
            sheet = with_exclusions(sheet, wanted.shape(sheet.columns))
            return with_clear_shares(sheet, wanted.shares)
        case SourceFormat.CSV:
            return scan_csv(path, wanted)
        case other:
            assert_never(other)


def _parted(sheet: Sheet, wanted: TableRequest, level: AreaLevel | None) -> Scanned:
    """Return a sheet with its rows split by kind."""
    import polars as pl

    kept = sheet.frame.filter(pl.col(EXCLUDED).is_null())
    width = OFFICIAL_WIDTHS.get(level, 0) if level and AREA in sheet.columns else 0
    code = pl.col(AREA).cast(pl.String)
    is_short = code.str.contains("^[0-9]+$") & (code.str.len_chars() < width)
    is_faulty = pl.col(ISSUE).is_not_null()
    kind = pl.when(is_faulty).then(pl.lit("faulty")).otherwise(pl.lit("subject"))
    row_kinds = [sheet.frame.select(ROW, kind=pl.coalesce(EXCLUDED, kind))]
    own = kept
    if width:
        own = kept.with_columns(pl.when(is_short).then(code.str.zfill(width)).otherwise(code))
        row_kinds.append(kept.filter(is_short).select(ROW, kind=pl.lit(_PADDED)))
    reasons = (pl.col(FIELD).alias("column"), pl.col(ISSUE).alias("reason"))
    counted = pl.concat(row_kinds).group_by("kind")
    return Scanned(
        frame=own.filter(~is_faulty).select(ROW, *sheet.columns),
        invalid=own.filter(is_faulty).select(ROW, *sheet.columns, *reasons),
        row_kinds=counted.agg(count=pl.len(), first=pl.col(ROW).min()),
        rows=sheet.rows,
        notes=sheet.notes,
        sheet=sheet,
    )


@contextmanager
def polars_errors_as_table_errors() -> Iterator[None]:
    """Turn exceptions of Polars for a truncated or changed file into TableError."""
    import polars as pl

    try:
        yield
    except pl.exceptions.PolarsError:
        raise TableError(_BROKEN) from None


_BROKEN = Text(
    vi="Tệp bị hỏng hoặc bị thay đổi trong khi đọc; hãy lưu lại tệp rồi chạy lại.",
    en="The file is damaged or was changed while it was being read; save it again and run again.",
)


_PADDED_CODES = Text(
    vi="{rows} mã khu vực được bổ sung lại các số 0 ở đầu (đầu tiên: {first}); hãy lưu cột mã "
    "dưới dạng văn bản.",
    en="Leading zeros of area codes were restored (rows: {rows}, first: {first}); save the code "
    "column as text.",
)
