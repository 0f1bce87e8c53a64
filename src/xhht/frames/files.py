"""Tables of files as frames: Parquet and CSV are streamed, sheets of workbooks read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from xhht.criteria.profile import Profile
from xhht.domain.area import OFFICIAL_WIDTHS
from xhht.domain.titles import AreaLevel
from xhht.errors import TableError
from xhht.exact import Convention
from xhht.frames._csv import scan_csv
from xhht.frames._left_out import TOTALS_ROW, totals_notes
from xhht.frames._parquet import scan_parquet
from xhht.frames._reading import names_of
from xhht.frames._sheet import FAULT, FIELD, LEFT_OUT, ROW, Sheet
from xhht.frames._workbook import Asked, Watch, read_workbook
from xhht.rollup.counts import count_text
from xhht.rules.inputs import Input, InputType
from xhht.text import Text

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ROW", "Scanned", "kinds_in", "reading", "scan_table"]

AREA = "area"
_CODES = frozenset({"id", AREA, "title"})
_WORKBOOK, _OLD_WORKBOOK, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"


@frozen(eq=False, kw_only=True)
class Scanned:
    """A table of a file; each row that is not blank is in one of its frames.

    All are lazy Polars frames, and read the file when they are collected. The column `#row` numbers
    the rows: from 1 under the header, on a sheet as the sheet does.

    Attributes:
        frame: the rows that may be evaluated.
        faulty: those that cannot be read, with `column` and `reason` beside their own.
        noticed: how many rows there are of each `kind` (`count`), and the `first` of them. The
            kinds are `subject` and `faulty` for the rows of these two frames; `totals_row`,
            `repeated_header` and `column_numbers` for rows that are in neither; and `padded_code`
            for those whose code of an area got its zeros back.
        rows: about how many rows there are.
        notes: what else was read otherwise than written.
    """

    frame: pl.LazyFrame = field(repr=False)
    faulty: pl.LazyFrame = field(repr=False)
    noticed: pl.LazyFrame = field(repr=False)
    rows: int
    notes: tuple[Text, ...]
    _sheet: Sheet = field(repr=False)
    _counts: tuple[str, ...] = field(repr=False)
    _numbers: Convention = field(repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The table's own columns."""
        return self._sheet.columns

    def cell(self) -> pl.Expr | None:
        """Return a column that calls the cell at `#row` and `column`; None where rows have none."""
        import polars as pl

        if self._sheet.title is None:
            return None
        letter = pl.col("column").replace_strict(dict(self._sheet.letters), default="")
        return pl.concat_str(pl.lit(f"{self._sheet.title}!"), letter.fill_null(""), pl.col(ROW))

    def place(self, row: int, column: str | None = None) -> Text:
        """Return how to call a row, or a cell of it, so that it is found in the file: `Hộ!C7`."""
        return self._sheet.place(row, column)

    def warnings(self, noticed: Mapping[str, tuple[int, int]]) -> tuple[Text, ...]:
        """Return what to say of rows that are left out, of their sums, and of codes.

        Counts alone are summed up; shares and points of a totals row are no sums. Where there are
        totals rows the file is read again.

        Args:
            noticed: how many rows there are of each kind, and the first, as `noticed` has it.
        """
        notices = [
            text.format(rows=count_text(noticed[kind][0]), first=self.place(noticed[kind][1]))
            for kind, text in _NOTICES.items()
            if kind in noticed
        ]
        if TOTALS_ROW in noticed:
            notices += totals_notes(self._sheet, self._counts, self._numbers)
        return tuple(notices)


def kinds_in(noticed: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """Return how many rows there are of each kind, and the first; see `Scanned.noticed`."""
    return {kind: (count, first) for kind, count, first in noticed.iter_rows()}


def scan_table(
    path: str | Path,
    profile: Profile | Iterable[Profile] | None = None,
    *,
    columns: Collection[str] = (),
    numbers: Convention | str = Convention.PLAIN,
    sheet: str | None = None,
    level: AreaLevel | str | None = None,
    watch: Watch | None = None,
) -> Scanned:
    """Return the table of a Parquet, CSV or XLSX file, told apart by their content.

    Cells of CSV stay text, so codes keep their zeros; they are typed by `evaluate`. Cells of a
    workbook keep their types; its header may stand below titles. Nothing that cannot be read is
    lost: it is among the faulty rows.

    Args:
        path: the file, or a folder of Parquet files.
        profile: whose inputs the columns are named after, or several; a workbook's header is found
            by them.
        columns: other columns in which a row says something of its own.
        numbers: how texts write numbers.
        sheet: the sheet of a workbook; left out, the one that has a header.
        level: the level of the areas in the column `area`; their codes get their lost zeros back.
        watch: is told, while a workbook is read, how many more rows were, and about how many there
            are in all; other files are read when a frame is collected.

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
    wanted = Asked(
        inputs={**dict.fromkeys(columns), **_inputs(profiles)},
        codes=_CODES,
        numbers=Convention(numbers),
    )
    table = _sheet_of(Path(path), wanted, sheet, watch)
    return _parted(table, wanted, AreaLevel(level) if level else None)


def _inputs(profiles: Iterable[Profile]) -> dict[str, Input | None]:
    """Return what each column tells; None for what a verifier said, which is a word."""
    columns: dict[str, Input | None] = {}
    for declared in (declared for profile in profiles for declared in profile.plan.inputs):
        whole_input = declared.asked
        dated = Input(name=whole_input.name, kind=InputType.DATE, low=1, high=date.max.toordinal())
        for name in names_of(declared):
            if name.endswith("__verification"):
                columns[name] = None
            elif name.endswith("__dated"):
                columns[name] = dated
            else:
                columns[name] = whole_input if name == whole_input.name else declared
    return columns


def _sheet_of(path: Path, wanted: Asked, sheet: str | None, watch: Watch | None) -> Sheet:
    if path.is_dir():
        return scan_parquet(path)
    with path.open("rb") as stream:
        head = stream.read(4)
    if head == _OLD_WORKBOOK:
        raise TableError(_OLD)
    if head == _WORKBOOK:
        return read_workbook(path, wanted, sheet, watch or (lambda _more, _all: None))
    if sheet is not None:
        raise TableError(_NO_SHEETS)
    if head == _PARQUET:
        return scan_parquet(path)
    return scan_csv(path, wanted.inputs)


def _parted(sheet: Sheet, wanted: Asked, level: AreaLevel | None) -> Scanned:
    """Return a sheet with its rows told apart."""
    import polars as pl

    kept = sheet.frame.filter(pl.col(LEFT_OUT).is_null())
    width = OFFICIAL_WIDTHS.get(level, 0) if level and AREA in sheet.columns else 0
    code = pl.col(AREA).cast(pl.String)
    is_short = code.str.contains("^[0-9]+$") & (code.str.len_chars() < width)
    is_faulty = pl.col(FAULT).is_not_null()
    kind = pl.when(is_faulty).then(pl.lit("faulty")).otherwise(pl.lit("subject"))
    noticed = [sheet.frame.select(ROW, kind=pl.coalesce(LEFT_OUT, kind))]
    own = kept
    if width:
        own = kept.with_columns(pl.when(is_short).then(code.str.zfill(width)).otherwise(code))
        noticed.append(kept.filter(is_short).select(ROW, kind=pl.lit("padded_code")))
    beside = (pl.col(FIELD).alias("column"), pl.col(FAULT).alias("reason"))
    counted = pl.concat(noticed).group_by("kind")
    return Scanned(
        frame=own.filter(~is_faulty).select(ROW, *sheet.columns),
        faulty=own.filter(is_faulty).select(ROW, *sheet.columns, *beside),
        noticed=counted.agg(count=pl.len(), first=pl.col(ROW).min()),
        rows=sheet.rows,
        notes=sheet.notes,
        sheet=sheet,
        counts=tuple(
            name
            for name in sheet.columns
            if (declared := wanted.inputs.get(name)) is not None
            and declared.kind is InputType.COUNT
        ),
        numbers=wanted.numbers,
    )


@contextmanager
def reading() -> Iterator[None]:
    """Turn what Polars raises for a file that breaks off or changes into a TableError."""
    import polars as pl

    try:
        yield
    except pl.exceptions.PolarsError:
        raise TableError(_BROKEN) from None


_OLD = Text(
    vi="Đây là bảng tính Excel định dạng cũ (.xls) hoặc có mật khẩu; hãy mở bằng Excel, bỏ mật "
    "khẩu và lưu dưới dạng .xlsx.",
    en="This Excel workbook is of the old format (.xls) or password-protected; open it in Excel, "
    "remove the password and save it as .xlsx.",
)
_NO_SHEETS = Text(
    vi="Chỉ bảng tính .xlsx mới có trang (sheet); hãy bỏ tùy chọn đó.",
    en="Only .xlsx workbooks have sheets; omit that option.",
)
_BROKEN = Text(
    vi="Tệp bị hỏng hoặc bị thay đổi trong khi đọc; hãy lưu lại tệp rồi chạy lại.",
    en="The file is damaged or was changed while it was being read; save it again and run again.",
)
_NOTICES = {
    "totals_row": Text(
        vi="{rows} dòng tổng không được đánh giá (đầu tiên: {first}).",
        en="Totals rows are excluded: {rows} (first: {first}).",
    ),
    "repeated_header": Text(
        vi="{rows} dòng lặp lại tiêu đề được bỏ qua (đầu tiên: {first}).",
        en="Repeated header rows are excluded: {rows} (first: {first}).",
    ),
    "column_numbers": Text(
        vi="Dòng đánh số các cột dưới tiêu đề được bỏ qua ({first}).",
        en="The row of column numbers below the header is excluded ({first}).",
    ),
    "padded_code": Text(
        vi="{rows} mã khu vực được bổ sung lại các số 0 ở đầu (đầu tiên: {first}); hãy lưu cột mã "
        "dưới dạng văn bản.",
        en="Leading zeros of area codes were restored (rows: {rows}, first: {first}); save the "
        "code column as text.",
    ),
}
