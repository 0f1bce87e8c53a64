"""Small pieces of column expressions that readings and compilation share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw
from attrs import field, frozen

__all__ = [
    "Fault",
    "Staging",
    "all_of",
    "any_of",
    "int64",
    "no_rows",
    "ordinal_of",
    "text_or_null",
    "truth_or_null",
    "when",
]


@frozen(eq=False)
class Fault:
    """Rows whose value cannot be; the code is that of the FactsError for such a value.

    Attributes:
        code: what is wrong.
        rows: a boolean expression without nulls.
        others: the rows that are free of it, likewise.
    """

    code: str
    rows: nw.Expr
    others: nw.Expr = field()

    @others.default
    def _others(self) -> nw.Expr:
        return ~self.rows

    @classmethod
    def unless(cls, code: str, others: nw.Expr) -> Fault:
        """Return a fault by the rows that are free of it."""
        return cls(code, ~others, others)


class Staging:
    """Columns to add in layers, so that nothing is computed twice on any engine.

    Each reader begins at the first layer; readers of different columns share the layers.

    Args:
        prefix: how the names of the columns begin; no other reader's and no column of the frame
            may begin so.
        layers: the columns of each layer; each reads those of the layers before it.
    """

    def __init__(self, prefix: str, layers: list[list[nw.Expr]]) -> None:
        self._prefix = prefix
        self._layers = layers
        self._layer = 0
        self._count = 0

    def add(self, expression: nw.Expr) -> nw.Expr:
        """Return the column that holds an expression from the next layer on."""
        while len(self._layers) <= self._layer:
            self._layers.append([])
        name = f"{self._prefix}{self._count}"
        self._count += 1
        self._layers[self._layer].append(expression.alias(name))
        return nw.col(name)

    def next_layer(self) -> None:
        """Begin the next layer: what was kept can be read now."""
        self._layer += 1


def when(condition: nw.Expr, then: nw.Expr, other: nw.Expr) -> nw.Expr:
    """Return `then` where a condition holds, else `other`."""
    return nw.when(condition).then(then).otherwise(other)


def int64(number: int) -> nw.Expr:
    """Return a constant as a 64-bit integer, which is not what every engine takes it for.

    In SQL a number has the type that it fits in, whatever it was called before.
    """
    return nw.lit(number).cast(nw.Int64)


def all_of(truths: list[nw.Expr]) -> nw.Expr:
    """Return whether all of some truths hold; of none, that is true."""
    conjunction = truths[0] if truths else nw.lit(True)
    for truth in truths[1:]:
        conjunction = conjunction & truth
    return conjunction


def no_rows(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return a frame without rows and with the same columns."""
    return frame.head(0)


def any_of(truths: list[nw.Expr]) -> nw.Expr:
    """Return whether any of some truths holds; of none, that is false."""
    disjunction = truths[0] if truths else nw.lit(False)
    for truth in truths[1:]:
        disjunction = disjunction | truth
    return disjunction


def text_or_null(name: str, schema: Mapping[str, nw.dtypes.DType]) -> nw.Expr:
    """Return a column, as text where all of it is null and so has no type of its own."""
    column = nw.col(name)
    return column.cast(nw.String) if schema[name] == nw.Unknown else column


def truth_or_null(name: str, schema: Mapping[str, nw.dtypes.DType]) -> nw.Expr | None:
    """Return a column of truths, nulls where there is no such column; None for another type."""
    if name not in schema or schema[name] == nw.Unknown:
        return nw.lit(None, nw.Boolean)
    return nw.col(name) if schema[name] == nw.Boolean else None


def ordinal_of(year: nw.Expr, month: nw.Expr, day: nw.Expr) -> nw.Expr:
    """Return the number of a day as `date.toordinal` counts it, by integers alone.

    Years are counted from March, so that the day that comes and goes is their last.
    """
    passed = when(month <= 2, year - 1, year)
    since_march = (month + 9) % 12
    leap_days = passed // 4 - passed // 100 + passed // 400
    days = passed * 365 + leap_days + (since_march * 153 + 2) // 5 + day - 306
    return days.cast(nw.Int64)
