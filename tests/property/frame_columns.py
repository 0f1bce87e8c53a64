"""The ways in which a column may hold the values of an input, and the fact that each cell is.

A way is an Arrow type with cells: good ones, that are values of the input, and odd ones, most of
which are none. What a cell is worth is never told here: `fact_of` gives the plain fact or text, and
`evaluate` and `fact_from_text` judge it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
from attrs import frozen

from xhht.evaluation.fact_io import fact_from_text
from xhht.numbers import Convention, decimal_text, exact, format_vi
from xhht.rules.inputs import Input, InputType
from xhht.testing._random_profiles import Data, domain_of

__all__ = ["ABSENT", "Way", "fact_of", "values_of", "ways_of"]

_NO_NUMBERS = [
    "x",
    "1e3",
    "1_000",
    "٣",
    "0x1",
    "--1",
    "1,2,3",
    "1.2.3",
    ".5",
    "5.",
    "-",
    "%",
    "1 2",
]
_ODD_NUMBERS = ["-1", "-0", "1.000", "1.0000000000001", "12345678901", "9" * 40, "0" * 50 + "1"]
_ODD_SHARES = ["101%", "-1%", "-0%", "100,01%", "50.5.5%", "%50", "12.3456789%", "00050 %"]
_ODD_DAYS = [
    "2024-02-30",
    "2023-02-29",
    "1899-12-31",
    "2024-1-1",
    "31/12/2024",
    "1/1/24",
    "0/1/2024",
]


@frozen
class Way:
    """One way to hold values.

    Attributes:
        type: the Arrow type of the column.
        good: cells that are values of the input.
        odd: other cells of that type.
    """

    type: pa.DataType
    good: Sequence[Any]
    odd: Sequence[Any] = ()


ABSENT = Way(pa.null(), [None])
"""A column in which nothing is known."""


def values_of(entry: Data) -> list[Any]:
    """Return values of an input of a profile, the least first where they have an order."""
    if "members" in entry and entry["type"] == "share":
        return [0, 0.25, 0.5, 0.6, 0.123456789, 1]
    values = domain_of(entry)
    return values if entry["type"] == "choice" else sorted(values)


def ways_of(entry: Data, values: list[Any], numbers: Convention) -> list[Way]:
    """Return the ways to hold values of an input; texts write numbers as `numbers` says."""
    kind = entry["type"]
    if kind == "bool":
        spellings = {True: ["true", "1", "có", "CÓ"], False: ["false", "0", "Không", "FALSE"]}
        return [
            Way(pa.bool_(), values),
            Way(pa.int64(), [int(value) for value in values], [-1, 2, 2**62]),
            _texts(*(spellings[value] for value in values)),
        ]
    if kind == "choice":
        return [Way(pa.string(), [*values, f" {values[0]} "], ["sea", "CITY", ""])]
    if kind == "date":
        return _days(values, numbers)
    return _numbers(kind, [exact(value) for value in values], numbers)


def fact_of(declared: Input, cell: Any, numbers: Convention) -> object:
    """Return what `evaluate` is told for a cell; raises FactsError for a text that is no value."""
    if isinstance(cell, str) and declared.kind is not InputType.CHOICE:
        return fact_from_text(declared, cell, numbers)
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if declared.kind is InputType.BOOL and type(cell) is int and cell in (0, 1):
        return bool(cell)
    if isinstance(cell, datetime) and cell.time() == cell.min.time():
        return cell.date()
    return cell


def _texts(*groups: Iterable[str], odd: Sequence[str] = ("x", "yes")) -> Way:
    good = [text for group in groups for text in group]
    return Way(pa.string(), [*good, "", f"\u00a0{good[0]} ", f"{good[-1]}\u200b"], odd)


def _days(values: Sequence[str], numbers: Convention) -> list[Way]:
    days = [date.fromisoformat(value) for value in values]
    times = [datetime(day.year, day.month, day.day) for day in days]
    local = [f"{day:%d/%m/%Y}" for day in days] + [f"{d.day}/{d.month}/{d.year}" for d in days]
    return [
        Way(pa.date32(), days, [date(2022, 1, 1), date(2026, 1, 1)]),
        Way(pa.timestamp("us"), times, [datetime(2024, 1, 1, 12), datetime(2022, 1, 1)]),
        _texts(values, local if numbers is Convention.VI else [], odd=_ODD_DAYS),
    ]


def _numbers(kind: str, values: list[Fraction], numbers: Convention) -> list[Way]:
    integers = [int(value) for value in values if value.denominator == 1]
    far = [-1, int(max(values)) + 1]
    ways = [
        Way(pa.int64(), integers, [*far, 2**62]),
        Way(
            pa.float64(),
            list(map(float, values)),
            [*far, 0.25, 1 / 1024, 0.1 + 0.2, 1e300, float("inf")],
        ),
        Way(pa.decimal128(24, 12), list(map(_decimal, values)), [Decimal("0.001"), *far]),
    ]
    if max(map(abs, values)) < 2**15:
        ways.append(Way(pa.int16(), integers, far))
    if kind == "share":
        written = [f(v) for v in values for f in (decimal_text, format_vi, _percent, _percent_vi)]
        return [*ways, _texts(written, odd=[*_NO_NUMBERS, *_ODD_NUMBERS, *_ODD_SHARES])]
    write = format_vi if numbers is Convention.VI else decimal_text
    written = [write(value) for value in values]
    signed = [f"+{text}" for text in written if text[0] != "-"]
    return [*ways, _texts(written, signed, odd=[*_NO_NUMBERS, *_ODD_NUMBERS])]


def _decimal(value: Fraction) -> Decimal:
    return Decimal(decimal_text(value))


def _percent(value: Fraction) -> str:
    return f"{decimal_text(value * 100)}%"


def _percent_vi(value: Fraction) -> str:
    return f"{format_vi(value * 100, 7)} %"
