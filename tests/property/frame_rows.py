"""Random frames for a profile, with what `evaluate` says of every row.

A layout says by which columns a frame tells each input: one column, the two ends of a range, the
parts of a share of members, and what backs a value. Waivers, and choices known to be one of some
options, have no column.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pyarrow as pa
from attrs import evolve, frozen
from frame_columns import ABSENT, Way, fact_of, values_of, ways_of
from hypothesis import strategies as st

from xhht import Between, Evidence, FactsError, Profile, evaluate
from xhht.evaluation.fact_io import fact_from_json
from xhht.evaluation.facts import MemberShare, to_value_set
from xhht.numbers import Convention
from xhht.rules.inputs import Input, InputType, share_parts
from xhht.testing._random_profiles import Data
from xhht.text import Text

__all__ = ["AS_OF", "Case", "cases"]

AS_OF = date(2025, 1, 1)
Row = dict[str, Any]
_COUNT: Data = {"type": "count"}
_SAID = Way(pa.string(), ["verified", "pending", "rejected", " verified "], ["good"])
_DATED = [
    Way(
        pa.date32(), [date(2023, 6, 1), date(2024, 1, 1), date(2024, 1, 2), AS_OF, date(2025, 1, 2)]
    ),
    Way(pa.timestamp("us"), [datetime(2024, 7, 1), datetime(2024, 7, 2)]),
    Way(pa.string(), ["2024-07-02", "2024-07-01", ""], ["2024-02-30", "x"]),
]


@frozen
class Case:
    """A frame and how its columns are to be read.

    Attributes:
        table: the frame.
        numbers: how its texts write numbers.
    """

    table: pa.Table
    numbers: Convention

    def expected(self, profile: Profile, *, final: bool = False) -> tuple[list[Row], list[Row]]:
        """Return what `evaluate` gives for each row, and the rows that it refuses."""
        inputs = tuple(dict.fromkeys(declared.declared_input for declared in profile.plan.inputs))
        good, bad = [], []
        for row in self.table.to_pylist():
            try:
                facts = {declared.name: self._fact(declared, row) for declared in inputs}
                good.append(_told(profile, facts, row["row"], final=final))
            except FactsError as any_fault:
                fault = self._first_fault(profile, inputs, row) or any_fault
                bad.append({"row": row["row"], "column": fault.field, "reason": fault.code})
        return good, bad

    def _first_fault(
        self, profile: Profile, inputs: Sequence[Input], row: Row
    ) -> FactsError | None:
        """Return the first fault of a single input."""
        for declared in inputs:
            try:
                evaluate(profile, {declared.name: self._fact(declared, row)}, as_of=AS_OF)
            except FactsError as fault:
                if fault.code != "at_most":
                    return fault
        return None

    def _fact(self, declared: Input, row: Row) -> object:
        name = declared.name
        said, dated = f"{name}__verification", f"{name}__dated"
        if said not in row and dated not in row:
            return self._value(declared, row)
        entry = {"value": None}
        if row.get(said) is not None:
            entry["verification"] = row[said].strip()
        evidence = fact_from_json(name, entry)
        day = Input(name=name, kind=InputType.DATE, minimum=1, maximum=date.max.toordinal())
        day_of_evidence: Any = fact_of(day, row.get(dated), self.numbers)
        assert isinstance(evidence, Evidence)
        return evolve(evidence, value=self._value(declared, row), dated=day_of_evidence)

    def _value(self, declared: Input, row: Row) -> object:
        if not any(column.startswith(f"{declared.name}__held") for column in row):
            return self._range(declared, declared.name, row)
        sides: list[Any] = []
        for part in share_parts(declared):
            side = evolve(part, name=declared.name)
            sides.append(self._range(side, part.name.replace(".", "__"), row))
            if sides[-1] is not None:
                to_value_set(
                    side, sides[-1]
                )  # refused, if it is, before the other side is looked at
        return MemberShare(*sides)

    def _range(self, declared: Input, column: str, row: Row) -> object:
        ends = [f"{column}__low", f"{column}__high"]
        if not any(end in row for end in ends):
            return fact_of(declared, row.get(column), self.numbers)
        low, high = (self._end_of_range(declared, row[end]) for end in ends)
        if low is None and high is None:
            return None
        if declared.kind is InputType.BOOL:
            return _truth(low is True, high is not False, declared)
        return Between(
            _end(declared, declared.minimum) if low is None else low,  # type: ignore[arg-type]
            _end(declared, declared.maximum) if high is None else high,  # type: ignore[arg-type]
        )

    def _end_of_range(self, declared: Input, cell: Any) -> object:
        """Return one end, refused if it cannot be, before the other is looked at."""
        end = fact_of(declared, cell, self.numbers)
        if end is not None:
            to_value_set(declared, end)
        return end


def _truth(low: bool, high: bool, declared: Input) -> bool | None:
    """Return a truth that lies between two; `evaluate` takes no range of truths."""
    if low and not high:
        text = Text(vi="ngược", en="turned round")
        raise FactsError(text, code="out_of_bounds", field=declared.name)
    return low if low == high else None


def _end(declared: Input, units: int) -> date | Fraction:
    is_date = declared.kind is InputType.DATE
    return date.fromordinal(units) if is_date else declared.number(units)


def _told(profile: Profile, facts: Row, row: int, *, final: bool) -> Row:
    result = evaluate(profile, facts, as_of=AS_OF, final=final)
    steps = profile.plan.grid.units
    expected: Row = {
        "row": row,
        "verdict": result.verdict.value,
        "level": result.level,
        "points_certain": steps(result.points_certain),
        "points_possible": steps(result.points_possible),
        "levels_possible": "|".join(level or "none" for level in result.levels_possible),
        "available_certain": steps(result.available_certain),
        "available_possible": steps(result.available_points),
        "percent_certain": _float(result.percent_certain),
        "percent_possible": _float(result.percent_possible),
    }
    if final:
        expected["closed"] = "|".join(result.closed)
    for criterion in result.criteria:
        expected[f"status[{criterion.id}]"] = criterion.status.value
        for level, status in criterion.status_by_level.items():
            expected[f"status[{criterion.id}][{level}]"] = status.value
        expected[f"points_certain[{criterion.id}]"] = steps(criterion.points_certain)
        expected[f"points_possible[{criterion.id}]"] = steps(criterion.points_possible)
        expected[f"max_points[{criterion.id}]"] = steps(criterion.max_points)
    return expected


@st.composite
def cases(draw: st.DrawFn, data: Data, most: int) -> Case:
    """Frames of up to a dozen rows, with nulls, blanks, and rows of which some cells cannot be.

    At most so many inputs are told of, for each adds to the query that an engine has to plan.
    """
    given_inputs = draw(st.sets(st.sampled_from(list(data["inputs"])), min_size=1, max_size=most))
    numbers = draw(st.sampled_from(Convention))
    values = _kept_apart(draw, {name: values_of(entry) for name, entry in data["inputs"].items()})
    columns: dict[str, Way] = {}
    for name, entry in data["inputs"].items():
        if name in given_inputs:
            columns |= _layout(draw, name, entry, values[name], numbers)
    number = draw(st.integers(1, 12))
    cells: dict[str, list[Any]] = {name: [] for name in columns}
    for _ in range(number):
        odd = draw(st.sets(st.sampled_from(sorted(columns)), max_size=2))
        if draw(st.integers(0, 2)):
            odd = set()
        for name, way in columns.items():
            pool = way.odd if name in odd and way.odd else [None, *way.good, *way.good]
            cells[name].append(draw(st.sampled_from(pool)))
    arrays = {name: pa.array(cells[name], way.type) for name, way in columns.items()}
    table = pa.table({"row": pa.array(range(number), pa.int64()), **arrays})
    return Case(table, numbers)


def _layout(
    draw: st.DrawFn, name: str, entry: Data, values: list[Any], numbers: Convention
) -> dict[str, Way]:
    """Return the columns that tell an input."""
    layouts = ["one"] * 3 + ["pair"] * (entry["type"] != "choice")
    if "members" in entry and entry["type"] == "share":
        layouts = ["one", "parts", "parts"]
    match draw(st.sampled_from(layouts)):
        case "pair":
            columns = _pair(draw, name, entry, values, numbers)
        case "parts":
            columns = {}
            for part in draw(st.sampled_from([("held",), ("held", "others"), ("held", "others")])):
                make = draw(st.sampled_from([_one, _pair]))
                columns |= make(draw, f"{name}__{part}", _COUNT, [0, 1, 2, 3, 10**9], numbers)
        case _:
            columns = _one(draw, name, entry, values, numbers)
    if "evidence" in entry or draw(st.integers(0, 11)) == 0:
        backed = {f"{name}__verification": _SAID, f"{name}__dated": draw(st.sampled_from(_DATED))}
        for column in draw(st.sets(st.sampled_from(sorted(backed)))):
            columns[column] = backed[column]
        if columns.keys() & backed.keys() and draw(st.integers(0, 9)) == 0:
            columns = {column: columns[column] for column in columns.keys() & backed.keys()}
    return columns


def _one(
    draw: st.DrawFn, name: str, entry: Data, values: list[Any], numbers: Convention
) -> dict[str, Way]:
    ways = ways_of(entry, values, numbers)
    return {name: draw(st.sampled_from([*ways, *ways, ABSENT]))}


def _pair(
    draw: st.DrawFn, name: str, entry: Data, values: list[Any], numbers: Convention
) -> dict[str, Way]:
    """Return columns for the ends of ranges, most often so that no range is turned round."""
    low = high = values
    if draw(st.integers(0, 3)):
        mark = draw(st.sampled_from(values))
        low, high = [v for v in values if v <= mark], [v for v in values if v >= mark]
    return {
        **_one(draw, f"{name}__low", entry, low, numbers),
        **_one(draw, f"{name}__high", entry, high, numbers),
    }


def _kept_apart(draw: st.DrawFn, values: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return values of which those of a bounded input most often lie below those of its bound."""
    if draw(st.integers(0, 3)) == 0:
        return values
    limited = dict(values)
    for chain in _CHAINS:
        for smaller, larger in zip(chain[1:], chain, strict=False):
            mark = draw(st.sampled_from(limited[larger]))
            limited[larger] = [value for value in limited[larger] if value >= mark]
            limited[smaller] = [v for v in limited[smaller] if v <= mark] or limited[smaller]
    return limited


_CHAINS = (("people", "learners", "readers"), ("crowd", "active"), ("income", "spent"))


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)
