"""Converts points of evaluated rows from steps of the grid to exact numbers."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from typing import Any

import narwhals.stable.v2 as nw

from xhht.exact import decimal_text

__all__ = ["exact_points"]

_DIGITS = 18


def exact_points(rows: Any, grid: Fraction, own: Collection[str]) -> Any:
    """Return evaluated rows with points as exact numbers: integers or decimals.

    Supports rows in Polars, DuckDB or a database.

    Args:
        rows: the rows that `evaluate` returns.
        grid: the grid that it returns.
        own: the names of the columns of the evaluated frame, which are not changed.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"id": [7], "points_certain": [43077]})
    >>> exact_points(rows, Fraction(1, 1000), ["id"])["points_certain"].item()
    Decimal('43.077')
    """
    frame = nw.from_native(rows)
    schema = frame.collect_schema()
    points = [name for name in schema.names() if name not in own and schema[name].is_integer()]
    if grid == 1 or not points:
        return rows
    if grid.denominator == 1:
        return frame.with_columns(nw.col(*points) * grid.numerator).to_native()
    step = nw.lit(Decimal(decimal_text(grid)))
    return frame.with_columns(nw.col(*points).cast(nw.Decimal(_DIGITS, 0)) * step).to_native()
