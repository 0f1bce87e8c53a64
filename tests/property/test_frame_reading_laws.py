"""A column is read as its cells are, one by one: what a cell is worth, and why it cannot be.

Here the writings are as odd as they come, and so are the numbers; whole profiles stand in
`test_frame_laws.py`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import inf, nextafter
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
from attrs import evolve
from frame_columns import fact_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines import Engine, phases, rows_of
from xhht import FactsError
from xhht.evaluation.facts import to_value_set
from xhht.frames._engine import prepare_frame, with_layers
from xhht.frames._inputs import ColumnReader
from xhht.numbers import Convention
from xhht.rules.inputs import Input, InputType

Column = tuple[Input, pa.Array]
"""An input and the column that tells of it."""

Found = tuple[int, int] | str
"""The two ends of what a cell tells, or the code of its fault."""

_PREFIX = "__xhht_"
_ROWS = 24


def _decimals(places: int, least: str, most: str) -> Input:
    step = Fraction(1, 10**places)
    low, high = (int(Fraction(end) / step) for end in (least, most))
    return Input(name="x", kind=InputType.DECIMAL, minimum=low, maximum=high, step=step)


def _awarded(step: str, most: int) -> Input:
    points = Fraction(step)
    return Input(name="x", kind=InputType.ASSESSED, maximum=int(most / points), step=points)


NUMBERS = [
    Input(name="x", kind=InputType.COUNT, maximum=10**9),
    Input(name="x", kind=InputType.COUNT, minimum=2, maximum=40),
    _decimals(0, "-5", "5"),
    _decimals(1, "-0.2", "0.3"),
    _decimals(2, "0", "100000000"),
    _decimals(6, "-1234.5", "1234.5"),
    _decimals(9, "-1000000000", "1000000000"),
    Input(name="x", kind=InputType.SHARE, maximum=10, step=Fraction(1, 10)),
    Input(name="x", kind=InputType.SHARE, maximum=10**4, step=Fraction(1, 10**4)),
    Input(name="x", kind=InputType.SHARE, maximum=10**9, step=Fraction(1, 10**9)),
    _awarded("0.25", 10),
    _awarded("0.5", 100),
    _awarded("2", 30),
]
DAYS = [
    Input(
        name="x",
        kind=InputType.DATE,
        minimum=low.toordinal(),
        maximum=date(2199, 12, 31).toordinal(),
    )
    for low in (date(1900, 1, 1), date(2024, 2, 29))
]
TRUTH = Input(name="x", kind=InputType.BOOL)
SEEN = st.sampled_from(["", "", "", " ", "\u00a0", "\u200b", "\t", "\n", "\ufeff", "\u2003"])
SIGNED = st.sampled_from(["", "", "", "", "+", "-", "--"])
WHOLE = st.sampled_from(
    [
        *("0", "1", "3", "40", "41", "007", "100", "999", "1234", "1.234", "12.34", "01.234"),
        *("1.000.000", "1000000000", "1000000001", "9" * 10, "9" * 12, "9" * 39, "0" * 41, ""),
        *("٣", "１", "1_0", "1e3", "x"),
    ]
)
DECIMALS = st.sampled_from(
    [
        *("", "", "", ".", ",", ".0", ",0", ".5", ",5", ".25", ",25", ".30", ".31", ".000001"),
        *(",0000001", ".12345678", ".123456789", ".1234567891", ".5.5", ",5,5"),
    ]
)
ENDS = st.sampled_from(["", "", "", "%", " %", "\u00a0%", " \n\t%", "%%", "đ", " x"])


@st.composite
def number_texts(draw: st.DrawFn) -> str:
    return "".join(draw(part) for part in (SEEN, SIGNED, WHOLE, DECIMALS, ENDS, SEEN))


@st.composite
def day_texts(draw: st.DrawFn) -> str:
    year = draw(st.sampled_from(["2024", "1900", "2023", "2200", "0000", "24", "10000"]))
    month = draw(st.sampled_from(["01", "2", "02", "12", "13", "00"]))
    day = draw(st.sampled_from(["01", "1", "28", "29", "30", "31", "32", "00", "٣"]))
    iso, local = f"{year}-{month}-{day}", f"{day}/{month}/{year}"
    shape = draw(st.sampled_from([iso, local, iso, local, f"{iso}T00:00", f"{day}-{month}-{year}"]))
    return draw(SEEN) + shape + draw(SEEN)


WORDS = ["true", "TRUE", "True", "1", "có", "Có", "CÓ", "co\u0301", "CO\u0301", "false", "FALSE"]
WORDS += ["0", "không", "KHÔNG", "kho\u0302ng", "yes", "01", "co", "đúng", ""]


def doubles(declared: Input) -> st.SearchStrategy[float]:
    steps = st.integers(declared.minimum - 2, declared.maximum + 2) | st.sampled_from(
        [declared.minimum, declared.maximum]
    )
    near = steps.map(lambda units: float(declared.number(units)))
    beside = near.flatmap(lambda n: st.sampled_from([nextafter(n, inf), nextafter(n, -inf)]))
    rough = st.sampled_from([0.1 + 0.2, -0.0, 5e-324, 1e300, -1e300, inf, -inf, 0.333, 1 / 3])
    return near | near | beside | rough


def decimals(declared: Input) -> st.SearchStrategy[Decimal]:
    tenths = st.integers(10 * declared.minimum - 5, 10 * declared.maximum + 5)
    near = tenths.map(lambda n: declared.number(n) / 10).map(
        lambda n: Decimal(n.numerator) / Decimal(n.denominator)
    )
    return near | st.sampled_from([Decimal("0E-12"), Decimal(10) ** 20, -(Decimal(10) ** 20)])


@st.composite
def columns(draw: st.DrawFn) -> Column:
    """A column of some type, for an input of some kind."""
    declared = draw(st.sampled_from([*NUMBERS, *DAYS, TRUTH]))
    cells: st.SearchStrategy[Any]
    match declared.kind:
        case InputType.BOOL:
            spaced = st.tuples(SEEN, st.sampled_from(WORDS), SEEN).map("".join)
            cells, kind = draw(
                st.sampled_from([(st.booleans(), pa.bool_()), (spaced, pa.string())])
            )
        case InputType.DATE:
            days = st.dates(date(1890, 1, 1), date(2210, 1, 1)) | st.sampled_from(
                [date.fromordinal(declared.minimum + by) for by in (-1, 0, 1)]
            )
            times = days.flatmap(lambda d: st.sampled_from(_times_of(d)))
            ways = [(day_texts(), pa.string()), (days, pa.date32()), (times, pa.timestamp("us"))]
            cells, kind = draw(st.sampled_from(ways))
        case _:
            integers = st.integers(-3, 45) | st.sampled_from([10**9, 10**9 + 1, 2**62, -(2**62)])
            texts = (number_texts(), pa.string())
            ways = [texts, texts, (decimals(declared), pa.decimal128(36, 12))]
            # Beyond, doubles do not tell steps apart, and pandas makes them of whole numbers too.
            if declared.maximum < 10**15:
                small = (st.integers(-100, 100), pa.int8())
                ways += [(integers, pa.int64()), small, (doubles(declared), pa.float64())]
            cells, kind = draw(st.sampled_from(ways))
    listed = draw(st.lists(st.none() | cells | cells | cells, min_size=1, max_size=_ROWS))
    return declared, pa.array(listed, kind)


def _times_of(day: date) -> list[datetime]:
    midnight = datetime(day.year, day.month, day.day)
    return [midnight, midnight, midnight + timedelta(microseconds=1), midnight + timedelta(hours=7)]


def by_columns(make: Engine, read: list[Column], numbers: Convention) -> list[list[Found]]:
    """Return what a frame tells of each column, cell by cell."""
    length = max(len(array) for _, array in read)
    arrays = {f"x{at}": array for at, (_, array) in enumerate(read)}
    filled = {name: [*a.to_pylist(), *[None] * (length - len(a))] for name, a in arrays.items()}
    table = {name: pa.array(filled[name], a.type) for name, a in arrays.items()}
    opened = prepare_frame(
        make(pa.table({"row": range(length), **table})), ["row", *table], _PREFIX
    )
    reader = ColumnReader(opened.schema, numbers=numbers, as_of=None, prefix=_PREFIX)
    columns_read: dict[str, nw.Expr] = {}
    codes: dict[str, list[str]] = {}
    for name, (declared, _) in zip(arrays, read, strict=True):
        reading = reader.read(evolve(declared, name=name))
        assert reading is not None
        columns_read |= {f"{name}_low": reading.ends.lower, f"{name}_high": reading.ends.upper}
        columns_read |= {f"{name}_{at}": issue.rows for at, issue in enumerate(reading.issues)}
        codes[name] = [issue.code for issue in reading.issues]
    frame = with_layers(opened.frame, reader.layers).select("row", **columns_read)
    rows = sorted(rows_of(frame.to_native()), key=lambda row: row["row"])
    return [
        [_found(row, name, codes[name]) for row in rows[: len(a)]] for name, a in arrays.items()
    ]


def _found(row: dict[str, Any], name: str, codes: list[str]) -> Found:
    for at, code in enumerate(codes):
        assert row[f"{name}_{at}"] in (True, False)
        if row[f"{name}_{at}"]:
            return code
    return int(row[f"{name}_low"]), int(row[f"{name}_high"])


def cell_by_cell(read: list[Column], numbers: Convention) -> list[list[Found]]:
    """Return what every cell is worth on its own."""
    return [
        [_worth(declared, cell, numbers) for cell in array.to_pylist()] for declared, array in read
    ]


def _worth(declared: Input, cell: object, numbers: Convention) -> Found:
    try:
        fact = fact_of(declared, cell, numbers)
        return declared.domain if fact is None else to_value_set(declared, fact)
    except FactsError as fault:
        return fault.code


def test_columns_are_read_as_their_cells_are(constructor: Engine) -> None:
    @settings(
        max_examples=2 * constructor.examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=phases(constructor),
    )
    @given(st.lists(columns(), min_size=1, max_size=4), st.sampled_from(Convention))
    def law(read: list[Column], numbers: Convention) -> None:
        assert by_columns(constructor, read, numbers) == cell_by_cell(read, numbers)

    law()
