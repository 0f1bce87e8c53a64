"""Tables outside Python: a Parquet file read by DuckDB, or a database table read by Ibis."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from xhht.errors import TableError, XhhtError
from xhht.text import Text

__all__ = ["DUCKDB", "TableSource", "open_source"]

DUCKDB = "duckdb"
_BATCH = 100_000
_PARQUET = b"PAR1"


class TableSource(Protocol):
    """A table outside Python.

    Attributes:
        frame: the table as a frame of its engine.
    """

    frame: Any

    def sql(self, frame: Any) -> str:
        """Return the SQL query of a frame."""

    def stream(self, frame: Any) -> Any:
        """Return the rows of a frame as a stream of Arrow data."""

    def snapshot(self) -> AbstractContextManager[None]:
        """Return a transaction: the table does not change, and writing is atomic."""

    def write(self, frame: Any, table: str, *, replace: bool) -> Any:
        """Write a frame to a table of the same database, and return that table."""

    def close(self) -> None:
        """Close the connection."""


@contextmanager
def open_source(engine: str, file: Path | None, table: str | None) -> Iterator[TableSource]:
    """Open a table of an engine.

    Args:
        engine: `duckdb`, for a Parquet file, or the address of a database.
        file: the file, or None.
        table: the table of a database, optionally prefixed with its schema, or None.

    Raises:
        TableError: the connection fails, the table does not exist, or the engine fails.
    """
    with _engine_errors():
        source = _source(engine, file, table)
        try:
            yield source
        finally:
            source.close()


def _source(engine: str, file: Path | None, table: str | None) -> TableSource:
    if engine == DUCKDB:
        if file is None or table is not None:
            raise TableError(_ONE_FILE)
        return DuckDBFile(file)
    if file is not None or table is None:
        raise TableError(_ONE_TABLE)
    return DatabaseTable(engine, table)


class DuckDBFile:
    """A Parquet file read by DuckDB."""

    def __init__(self, file: Path) -> None:
        import duckdb

        with file.open("rb") as stream:
            if stream.read(len(_PARQUET)) != _PARQUET:
                raise TableError(_PARQUET_ALONE)
        self._connection = duckdb.connect()
        self.frame: Any = self._connection.read_parquet(str(file))

    def sql(self, frame: Any) -> str:
        return str(frame.sql_query())

    def stream(self, frame: Any) -> Any:
        return frame

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        yield

    def write(self, frame: Any, table: str, *, replace: bool) -> Any:
        raise TableError(_ONE_TABLE)

    def close(self) -> None:
        self._connection.close()


class DatabaseTable:
    """A table of a database connected by Ibis."""

    def __init__(self, address: str, table: str) -> None:
        import ibis

        try:
            self._connection: Any = ibis.connect(address)
        except ImportError:
            raise
        except Exception:
            # The driver's message may contain the address, and with it a password.
            raise TableError(_NO_CONNECTION) from None
        self._name = table
        if not self._exists(table):
            self.close()
            raise TableError(_NO_TABLE)
        self.frame: Any = self._table(table)

    def sql(self, frame: Any) -> str:
        import ibis

        return str(ibis.to_sql(frame))

    def stream(self, frame: Any) -> Any:
        return self._connection.to_pyarrow_batches(frame, chunk_size=_BATCH)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        lasting = " ISOLATION LEVEL REPEATABLE READ" if self._connection.name == "postgres" else ""
        self._connection.raw_sql(f"BEGIN TRANSACTION{lasting}")
        try:
            yield
        except BaseException:
            with suppress(Exception):  # the failure may have ended the transaction already
                self._connection.raw_sql("ROLLBACK")
            raise
        self._connection.raw_sql("COMMIT")

    def write(self, frame: Any, table: str, *, replace: bool) -> Any:
        if table == self._name:
            raise TableError(_SAME_TABLE)
        if self._exists(table):
            if not replace:
                raise TableError(_TABLE_EXISTS)
            self._connection.raw_sql(f"DROP TABLE {_quoted(table)}")
        query = self._connection.compile(frame)
        self._connection.raw_sql(f"CREATE TABLE {_quoted(table)} AS {query}")
        return self._table(table)

    def close(self) -> None:
        self._connection.disconnect()

    def _table(self, table: str) -> Any:
        schema, name = _parts(table)
        return self._connection.table(name, database=schema)

    def _exists(self, table: str) -> bool:
        schema, name = _parts(table)
        with suppress(Exception):  # drivers report a missing schema in many ways
            return name in self._connection.list_tables(database=schema)
        return False


def _parts(table: str) -> tuple[str | None, str]:
    schema, _, name = table.rpartition(".")
    return schema or None, name


def _quoted(table: str) -> str:
    parts = [part for part in _parts(table) if part is not None]
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


@contextmanager
def _engine_errors() -> Iterator[None]:
    """Turn exceptions of an engine into TableError; their messages may contain data of rows."""
    try:
        yield
    except (XhhtError, OSError, ImportError):
        raise
    except Exception as error:
        raise TableError(_FAILED.format(error=type(error).__name__)) from None


_ONE_FILE = Text(
    vi="--engine duckdb đọc một tệp Parquet: hãy nêu tệp đó, bỏ --table và --into.",
    en="--engine duckdb reads one Parquet file: give the file, and omit --table and --into.",
)
_PARQUET_ALONE = Text(
    vi="--engine duckdb chỉ đọc Parquet; với CSV và Excel, hãy bỏ --engine.",
    en="--engine duckdb reads only Parquet; omit --engine for CSV and Excel.",
)
_ONE_TABLE = Text(
    vi="Với cơ sở dữ liệu, hãy nêu bảng cần đánh giá bằng --table và bỏ tên tệp.",
    en="For a database, give the table to evaluate with --table and omit the file.",
)
_NO_CONNECTION = Text(
    vi="Không kết nối được cơ sở dữ liệu; hãy kiểm tra địa chỉ ở --engine, tài khoản và mật khẩu.",
    en="Cannot connect to the database; check the address in --engine, the user and the password.",
)
_NO_TABLE = Text(
    vi="Cơ sở dữ liệu không có bảng nêu ở --table, hoặc tài khoản không có quyền đọc bảng đó; tên "
    "lược đồ viết phía trước, như luoc_do.bang.",
    en="The database has no table with the name given in --table, or the user has no permission "
    "to read it; write a schema before the name, as in schema.table.",
)
_TABLE_EXISTS = Text(
    vi="Bảng nêu ở --into đã tồn tại; hãy chọn tên khác, hoặc thêm --replace để thay bảng đó.",
    en="The table given in --into already exists; choose another name, or add --replace to "
    "replace it.",
)
_SAME_TABLE = Text(
    vi="--into và --table là cùng một bảng; hãy chọn tên khác cho kết quả.",
    en="--into and --table name the same table; choose another name for the results.",
)
_FAILED = Text(
    vi="Công cụ tính toán báo lỗi ({error}); hãy kiểm tra quyền, dung lượng và kiểu dữ liệu các "
    "cột.",
    en="The engine failed ({error}); check permissions, disk space and column types.",
)
