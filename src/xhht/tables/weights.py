"""A table of weights, such as people, by which the counts of a split area are apportioned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import frozen

from xhht.domain.concordance import Concordance
from xhht.errors import DomainError
from xhht.issues import FaultCode, FileKind, RowFault, parse_count
from xhht.numbers import Convention
from xhht.tables.reader import blank_cell, require_columns
from xhht.tables.table import Row
from xhht.text import Text

__all__ = ["WEIGHT_COLUMNS", "WeightTable", "read_weights"]

WEIGHT_COLUMNS = ("from", "to", "weight")
"""The columns that a table of weights must have."""


@frozen(kw_only=True)
class WeightTable:
    """The weights that a table lists, as used by `carry`, and the errors in its rows."""

    weights: Mapping[tuple[str, str], int]
    faults: tuple[RowFault, ...]


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
    require_columns(columns, WEIGHT_COLUMNS, FileKind.WEIGHTS)
    days = {"from": from_day, "to": to_day}
    weights: dict[tuple[str, str], int] = {}
    faults: list[RowFault] = []
    for row in rows:
        weight = _weight(row, concordance, days, numbers)
        if isinstance(weight, RowFault):
            faults.append(weight)
            continue
        pair = row.cells["from"], row.cells["to"]
        if pair in weights:
            faults.append(_fault(row, FaultCode.DUPLICATE_KEY, "from", _DUPLICATE))
        weights.setdefault(pair, weight)
    return WeightTable(weights=weights, faults=tuple(faults))


def _weight(
    row: Row, concordance: Concordance, days: Mapping[str, date], numbers: Convention
) -> int | RowFault:
    cells = row.cells
    if row.fault is not None:
        return _fault(row, FaultCode.BROKEN_ROW, None, row.fault)
    blank = next((name for name in WEIGHT_COLUMNS if not cells[name]), None)
    if blank is not None:
        return _fault(row, FaultCode.MISSING, blank, blank_cell(blank))
    for name, day in days.items():
        try:
            concordance.area(cells[name], day)
        except DomainError as error:
            return _fault(row, _UNKNOWN[name], name, error.text)
    weight = parse_count(cells["weight"], numbers)
    return weight if isinstance(weight, int) else _fault(row, weight[0], "weight", weight[1])


def _fault(row: Row, code: FaultCode, field: str | None, text: Text) -> RowFault:
    return RowFault(row=row.number, code=code, field=field, text=text, file=FileKind.WEIGHTS)


_UNKNOWN = {"from": FaultCode.UNKNOWN_FROM, "to": FaultCode.UNKNOWN_TO}
_DUPLICATE = Text(
    vi="Cặp mã này bị trùng với dòng trên; trọng số ở dòng trên được dùng, hãy giữ một dòng.",
    en="Duplicate pair of codes; the weight of the earlier row is used. Keep one of the rows.",
)
