"""Building blocks of column expressions, shared by input reading and compilation."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals.stable.v2 as nw
from attrs import Factory, frozen


@frozen(eq=False)
class InvalidRows:
    """Rows with an invalid value; the code is that of the FactsError for such a value.

    Attributes:
        code: the error code.
        rows: a boolean expression without nulls: the invalid rows.
        others: the same for all other rows.
    """

    code: str
    rows: nw.Expr
    others: nw.Expr = Factory(lambda self: ~self.rows, takes_self=True)

    @classmethod
    def unless(cls, code: str, others: nw.Expr) -> InvalidRows:
        """Return an issue from the expression of the valid rows."""
        return cls(code, ~others, others)


class LayerBuilder:
    """Collects columns in layers, so that no engine computes an expression twice.

    Each reader starts at the first layer; readers of different columns share the layers.

    Args:
        prefix: the prefix of the names of the columns; it must differ from those of other readers
            and of the frame.
        layers: the columns of each layer; a layer may read the layers before it.
    """

    def __init__(self, prefix: str, layers: list[list[nw.Expr]]) -> None:
        self._prefix = prefix
        self._layers = layers
        self._layer = 0
        self._count = 0

    def add(self, expression: nw.Expr) -> nw.Expr:
        """Add an expression to this layer; return its column, readable from the next layer on."""
        while len(self._layers) <= self._layer:
            self._layers.append([])
        name = f"{self._prefix}{self._count}"
        self._count += 1
        self._layers[self._layer].append(expression.alias(name))
        return nw.col(name)

    def add_last(self, expression: nw.Expr) -> nw.Expr:
        """Add the last expression of this layer; its column can be read from now on."""
        column = self.add(expression)
        self._layer += 1
        return column

    def next_layer(self) -> None:
        """Start the next layer, in which the columns added so far can be read."""
        self._layer += 1


def when(condition: nw.Expr, then: nw.Expr, other: nw.Expr) -> nw.Expr:
    """Return `then` where a condition holds, else `other`."""
    return nw.when(condition).then(then).otherwise(other)


def int64_literal(number: int) -> nw.Expr:
    """Return a constant as a 64-bit integer.

    Without the cast SQL engines choose the smallest type that holds the number.
    """
    return nw.lit(number).cast(nw.Int64)


def all_of(truths: list[nw.Expr]) -> nw.Expr:
    """Return the conjunction of truths; of none, that is true."""
    conjunction = truths[0] if truths else nw.lit(True)
    for truth in truths[1:]:
        conjunction = conjunction & truth
    return conjunction


def any_of(truths: list[nw.Expr]) -> nw.Expr:
    """Return the disjunction of truths; of none, that is false."""
    disjunction = truths[0] if truths else nw.lit(False)
    for truth in truths[1:]:
        disjunction = disjunction | truth
    return disjunction


def text_or_null(name: str, schema: Mapping[str, nw.dtypes.DType]) -> nw.Expr:
    """Return a column; one that is all null and has no type becomes text."""
    column = nw.col(name)
    return column.cast(nw.String) if schema[name] == nw.Unknown else column


def truth_or_null(name: str, schema: Mapping[str, nw.dtypes.DType]) -> nw.Expr | None:
    """Return a Boolean column, or nulls if the column is missing; None for another type."""
    if name not in schema or schema[name] == nw.Unknown:
        return nw.lit(None, nw.Boolean)
    return nw.col(name) if schema[name] == nw.Boolean else None


def ordinal_of(year: nw.Expr, month: nw.Expr, day: nw.Expr) -> nw.Expr:
    """Return the number of a day as `date.toordinal` counts it, by integers alone.

    Years are counted from March, so that a leap day is the last day of its year.
    """
    passed = when(month <= 2, year - 1, year)
    since_march = (month + 9) % 12
    leap_days = passed // 4 - passed // 100 + passed // 400
    days = passed * 365 + leap_days + (since_march * 153 + 2) // 5 + day - 306
    return days.cast(nw.Int64)
