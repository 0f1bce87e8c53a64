"""A table of weights, such as people, by which the counts of a split area are apportioned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import frozen

from xhht.domain.concordance import Concordance
from xhht.errors import DomainError
from xhht.issues import FileKind, RowIssue, RowIssueCode
from xhht.numbers import Convention
from xhht.tables.reader import CellError, RowCells, RowReader
from xhht.tables.table import Row, TableFormat
from xhht.text import Text

__all__ = ["WEIGHTS", "WeightTable", "read_weights"]

WEIGHTS = TableFormat(
    file=FileKind.WEIGHTS,
    required=("from", "to", "weight"),
    filled=("from", "to", "weight"),
    data={"weight": None},
    key="from",
)
"""The columns of a table of weights."""


@frozen(kw_only=True)
class WeightTable:
    """The weights that a table lists, as used by `carry`, and the errors in its rows."""

    weights: Mapping[tuple[str, str], int]
    faults: tuple[RowIssue, ...]


def read_weights(
    columns: Sequence[str],
    rows: Iterable[Row],
    concordance: Concordance,
    *,
    from_day: date,
    to_day: date,
    numbers: Convention = Convention.PLAIN,
) -> WeightTable:
    """Return the weights that a table lists.

    Args:
        columns: the header, with from, to and weight.
        rows: one row for a code on `from_day` and a code on `to_day`; a whole number of 0 or more.
        concordance: the areas of both days.
        from_day: the day of the counts.
        to_day: the day of the map.
        numbers: how weights are written.

    Raises:
        TableError: columns are missing.
    """
    days = {"from": from_day, "to": to_day}

    def parse(cells: RowCells) -> tuple[str, str, int]:
        for column, day in days.items():
            try:
                concordance.area(cells.text(column), day)
            except DomainError as error:
                raise CellError(_UNKNOWN[column], column, error.text) from None
        return cells.text("from"), cells.text("to"), cells.count("weight")

    reader = RowReader(WEIGHTS, columns, numbers=numbers)
    weights: dict[tuple[str, str], int] = {}
    for row, (from_code, to_code, weight) in reader.read(rows, parse):
        if (from_code, to_code) in weights:
            reader.report(row.number, RowIssueCode.DUPLICATE_KEY, "from", _DUPLICATE)
        weights.setdefault((from_code, to_code), weight)
    return WeightTable(weights=weights, faults=tuple(reader.issues))


_UNKNOWN = {"from": RowIssueCode.UNKNOWN_FROM, "to": RowIssueCode.UNKNOWN_TO}
_DUPLICATE = Text(
    vi="Cặp mã này bị trùng với dòng trên; trọng số ở dòng trên được dùng, hãy giữ một dòng.",
    en="Duplicate pair of codes; the weight of the earlier row is used. Keep one of the rows.",
)
