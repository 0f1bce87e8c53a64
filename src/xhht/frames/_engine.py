"""The adapter for the engines of frames: everything that is specific to one engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import narwhals.stable.v2 as nw
from attrs import frozen
from narwhals.exceptions import DuplicateError

from xhht.errors import FrameError
from xhht.text import Text

_ALL_ROWS = 2**62
_POLARS: Final = "polars"
_FRAMES = ("Polars", "pandas", "PyArrow", "DuckDB", "Ibis", "PySpark")
"""The kinds of frames that can be read."""
_TESTED_ENGINES = {
    _POLARS: "Polars",
    "duckdb": "DuckDB",
    "postgres": "PostgreSQL",
    "pyspark": "Spark",
    "pyspark[connect]": "Spark",
}
"""Engines, and databases by Ibis, tested to give exactly the results of `xhht.evaluate`."""


def _any_of(names: Iterable[str]) -> Text:
    *others, last = dict.fromkeys(names)
    listed = ", ".join(others)
    return Text(vi=f"{listed} hoặc {last}", en=f"{listed} or {last}")


KINDS_OF_FRAMES = _any_of(_FRAMES)
"""The kinds of frames that can be read, for messages."""

AnyFrame: TypeAlias = "nw.DataFrame[Any] | nw.LazyFrame[Any]"


@frozen(eq=False)
class PreparedFrame:
    """A frame prepared for reading.

    Attributes:
        native: the frame as passed by the caller.
        frame: the frame to compute on: the same frame, or its required columns in Polars.
        own: the columns of `frame` that are kept in results.
        names: the names of the frame's own columns.
        row: the column with the row numbers of `native`, if `frame` is a copy in Polars.
    """

    native: Any
    frame: nw.LazyFrame[Any]
    own: tuple[str, ...]
    names: tuple[str, ...]
    row: str | None

    @property
    def schema(self) -> Mapping[str, nw.dtypes.DType]:
        """The types of the columns that can be read.

        A type that only the database knows is reported as text, which it can be cast to.
        """
        types = self.frame.collect_schema()
        if self.frame.implementation.is_polars():
            return types
        return {n: nw.String() if kind == nw.Unknown else kind for n, kind in types.items()}

    @property
    def has_infinite_dates(self) -> bool:
        """Whether a date may have no year, as in PostgreSQL and DuckDB.

        PySpark has no such dates, and cannot write the days before the year 1000 that they are
        compared with.
        """
        return not self.frame.implementation.is_pyspark()

    def restore_kind(self, done: nw.LazyFrame[Any]) -> Any:
        """Return a result as a frame of the same kind as the input, with all its columns."""
        given = nw.from_native(self.native)
        if isinstance(given, nw.LazyFrame):
            return done.to_native()
        result = done.collect()
        if self.row is None:
            return result.to_native()
        try:
            rows = given[result[self.row].to_list()]
        except NotImplementedError:
            raise FrameError(_NO_ROWS) from None
        return _append_columns(rows.to_native(), result.drop(self.row).to_arrow())


def with_layers(frame: nw.LazyFrame[Any], layers: Iterable[Sequence[nw.Expr]]) -> nw.LazyFrame[Any]:
    """Return a frame with columns added layer by layer, each computed once.

    PostgreSQL inlines subqueries before planning, so a column used twice in each of many layers
    would be copied exponentially often. A LIMIT prevents this.
    """
    for layer in layers:
        if layer:
            frame = frame.with_columns(*layer)
            frame = frame.head(_ALL_ROWS) if frame.implementation.is_ibis() else frame
    return frame


def prepare_frame(native: Any, read: Iterable[str], prefix: str) -> PreparedFrame:
    """Return a frame of any engine, prepared for reading.

    Lazy engines compute where their data is stored. Other frames in memory (pandas, PyArrow) are
    read by Polars: only the required columns, without a copy where Arrow allows it.

    Args:
        native: the frame.
        read: the columns that will be read, if they exist.
        prefix: the prefix of the names of added columns.

    Raises:
        FrameError: it is not a supported frame, or its engine is not tested; a column's name has
            the prefix; or a column holds values of several types.
    """
    try:
        given = nw.from_native(native)
        names = tuple(given.collect_schema().names())
    except TypeError:
        raise FrameError(_NO_FRAME) from None
    except DuplicateError:
        raise FrameError(_REPEATED_NAME) from None
    if not all(isinstance(name, str) for name in names):
        raise FrameError(_NAMES_NOT_TEXT)
    if any(name.startswith(prefix) for name in names):
        raise FrameError(_OUR_NAME.format(prefix=prefix))
    if len({_identity(name, given) for name in names}) < len(names):
        raise FrameError(_REPEATED_NAME)
    if isinstance(given, nw.LazyFrame) or given.implementation.is_polars():
        _check_engine(given)
        return PreparedFrame(native, given.lazy(), names, names, None)
    row = f"{prefix}row"
    wanted = [name for name in names if name in set(read)]
    return PreparedFrame(native, _to_polars(given, wanted, row), (row,), names, row)


def check_free_names(opened: PreparedFrame, added: Iterable[str]) -> None:
    """Raise FrameError if a column to be added already exists."""
    own = {_identity(name, opened.frame) for name in opened.names}
    taken = sorted(name for name in added if _identity(name, opened.frame) in own)
    if taken:
        raise FrameError(_TAKEN.format(names=", ".join(taken)))


def _identity(name: str, frame: AnyFrame) -> str:
    """Return a name as the engine compares it: SQL engines ignore letter case."""
    in_memory = frame.implementation.is_polars() or isinstance(frame, nw.DataFrame)
    return name if in_memory else name.casefold()


def _to_polars(given: nw.DataFrame[Any], wanted: Iterable[str], row: str) -> nw.LazyFrame[Any]:
    """Return columns of a frame in memory as a Polars frame, with the numbers of their rows."""
    import polars as pl

    columns: dict[str, Any] = {row: pl.int_range(len(given), eager=True)}
    for name in wanted:
        try:
            # Arrow turns NaN in a NumPy column of pandas into null, which is its meaning there.
            column = given.select(name).to_arrow()[name]
        except ImportError:
            raise FrameError(_NO_ARROW) from None
        except (NotImplementedError, TypeError, ValueError):
            raise FrameError(_MIXED.format(name=name)) from None
        if str(column.type).startswith("decimal256"):
            raise FrameError(_MIXED.format(name=name))
        columns[name] = pl.from_arrow(column)
    frame: nw.LazyFrame[Any] = nw.from_native(pl.DataFrame(columns).lazy())
    return frame


def is_frame(native: Any) -> bool:
    """Return whether an object is a frame that can be read."""
    try:
        nw.from_native(native)
    except TypeError:
        return False
    return True


def engine_of(native: Any) -> str:
    """Return the engine that computes on a frame; frames in memory are computed on by Polars."""
    given = nw.from_native(native)
    return str(given.implementation.value) if isinstance(given, nw.LazyFrame) else _POLARS


def in_memory(native: Any) -> Any:
    """Return a frame with its rows in memory."""
    given = nw.from_native(native)
    return given.collect(_POLARS).to_native() if isinstance(given, nw.LazyFrame) else native


def from_memory(
    rows: Sequence[Sequence[object]], schema: Mapping[str, nw.dtypes.DType]
) -> nw.LazyFrame[Any]:
    """Return a few rows as a frame, which can be joined to a frame of any engine."""
    columns = {name: [row[index] for row in rows] for index, name in enumerate(schema)}
    return nw.from_dict(columns, schema, backend=_POLARS).lazy()


def reused(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return a frame that several others read.

    Polars would compute it again for each, so it is computed now; other engines keep their query.
    """
    return frame.collect().lazy() if frame.implementation.is_polars() else frame


def rows_of_all(frames: Sequence[nw.LazyFrame[Any]]) -> list[list[dict[str, Any]]]:
    """Return the rows of frames; Polars streams all of them at once.

    Common parts are computed once for each frame: a shared result would hold all rows in memory.
    """
    if not all(frame.implementation.is_polars() for frame in frames):
        return [list(frame.collect().iter_rows(named=True)) for frame in frames]
    import polars as pl

    apart = pl.QueryOptFlags(comm_subplan_elim=False)
    natives = [frame.to_native() for frame in frames]
    tables = pl.collect_all(natives, engine="streaming", optimizations=apart)
    return [list(table.iter_rows(named=True)) for table in tables]


def mark_duplicates(frame: nw.LazyFrame[Any], key: str, name: str) -> nw.LazyFrame[Any]:
    """Return a frame with a column that marks rows with a duplicate key.

    A window function makes Polars hold all columns of all rows in memory, so the duplicate keys
    are joined instead.
    """
    if not frame.implementation.is_polars():
        repeated = (nw.col(key).count().over(key) > 1) & ~nw.col(key).is_null()
        return frame.with_columns(repeated.alias(name))
    import polars as pl

    rows: pl.LazyFrame = frame.to_native()
    keys = rows.select(key).drop_nulls().group_by(key).len().filter(pl.col("len") > 1)
    duplicates = keys.select(key, pl.lit(True).alias(name))
    marked = rows.join(duplicates, on=key, how="left", maintain_order="left")
    result: nw.LazyFrame[Any] = nw.from_native(marked.with_columns(pl.col(name).fill_null(False)))
    return result


def _append_columns(native: Any, added: Any) -> Any:
    """Return a frame in memory with the columns of an Arrow table added."""
    frame = nw.from_native(native)
    if frame.implementation.is_pyarrow():
        for name in added.column_names:
            native = native.append_column(name, added[name])
        return native
    columns = added.to_pandas()
    columns.index = native.index
    return native.assign(**{name: columns[name] for name in columns})


def _check_engine(given: AnyFrame) -> None:
    """Refuse a lazy frame of an engine that is not tested against `xhht.evaluate`."""
    if not isinstance(given, nw.LazyFrame):
        return
    engine = given.implementation
    name = _database_of(given.to_native()) if engine.is_ibis() else engine.value
    if name not in _TESTED_ENGINES:
        tested = _any_of(_TESTED_ENGINES.values())
        raise FrameError(_UNTESTED_ENGINE.format(engine=name, tested=tested))


def _database_of(table: Any) -> str:
    from ibis.common.exceptions import IbisError

    try:
        return str(table.get_backend().name)
    except IbisError:
        raise FrameError(_NO_DATABASE) from None


_NO_FRAME = Text(
    vi="Bảng dữ liệu không được hỗ trợ: cần {frames}. Với danh sách dict, hãy dùng xhht.evaluate "
    "cho từng đối tượng.",
    en="Not a supported data frame; pass a {frames} frame. For a list of dicts, call xhht.evaluate "
    "for each subject.",
).format(frames=KINDS_OF_FRAMES)
_OUR_NAME = Text(
    vi="Tên cột không được bắt đầu bằng '{prefix}'; hãy đổi tên cột đó.",
    en="Column names must not start with '{prefix}'; rename the column.",
)
_REPEATED_NAME = Text(
    vi="Bảng có hai cột trùng tên (cơ sở dữ liệu không phân biệt chữ hoa, chữ thường); hãy đổi "
    "tên một cột.",
    en="Duplicate column name (databases ignore letter case); rename one of the columns.",
)
_NAMES_NOT_TEXT = Text(
    vi="Tên cột phải là văn bản; hãy đổi tên các cột.",
    en="Column names must be text; rename the columns.",
)
_TAKEN = Text(
    vi="Bảng đã có cột trùng tên với cột kết quả: {names}; hãy đổi tên cột hoặc, nếu được, nêu "
    "prefix.",
    en="The frame already has columns with the names of results: {names}; rename them or, if "
    "available, pass a prefix.",
)
_MIXED = Text(
    vi="Cột '{name}' có nhiều kiểu giá trị lẫn lộn, hoặc có kiểu không được hỗ trợ; hãy đổi sang "
    "một kiểu thông dụng, ví dụ astype('Int64').",
    en="Column '{name}' has mixed or unsupported types of values; convert it to a common type, "
    "for example astype('Int64').",
)
_UNTESTED_ENGINE = Text(
    vi="Chưa kiểm chứng được rằng {engine} cho kết quả chính xác. Hãy đưa dữ liệu vào {tested}, "
    "ví dụ lưu ra tệp Parquet rồi đọc bằng polars.scan_parquet.",
    en="{engine} is not verified to give exact results. Move the data to {tested}; for example, "
    "write Parquet and read it with polars.scan_parquet.",
)
_NO_DATABASE = Text(
    vi="Bảng Ibis này chưa gắn với cơ sở dữ liệu nào; hãy lấy bảng từ một kết nối: "
    "connection.table(…).",
    en="This Ibis table is not bound to a database; take it from a connection: "
    "connection.table(…).",
)
_NO_ARROW = Text(
    vi="Đọc bảng pandas cần PyArrow; hãy cài đặt: pip install 'xhht[pandas]'.",
    en="Reading a pandas frame requires PyArrow: pip install 'xhht[pandas]'.",
)
_NO_ROWS = Text(
    vi="PyArrow không chọn được dòng của bảng này; hãy đổi các cột string_view sang string.",
    en="PyArrow cannot select rows of this table; cast its string_view columns to string.",
)
