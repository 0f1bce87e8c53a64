"""Tables of all decisions: what they are read as, and what is said of invalid rows."""

from __future__ import annotations

from datetime import date

import pytest

from xhht.domain.recognitions import ValidityStart
from xhht.domain.titles import Title
from xhht.tables.csv import read_csv_text
from xhht.tables.register import RegisterTable, read_register

HEADER = (
    "title,id,level,decided_on,document,authority,for_year,valid_months,counted_from,revoked_on"
)


def read(*rows: str, validity: dict[tuple[Title, str], int] | None = None) -> RegisterTable:
    table = read_csv_text("\n".join([HEADER, *rows, ""]))
    return read_register(table.columns, table, validity=validity)


def test_every_column_is_read() -> None:
    row = "Đơn vị học tập,u1,one,2024-01-05,1/QĐ,UBND,2023,36,end_of_year,2025-02-03"
    (decision,) = read(row).decisions
    assert (decision.subject, decision.level, decision.for_year) == ("u1", "one", 2023)
    assert decision.counted_from is ValidityStart.END_OF_YEAR
    assert (decision.valid_months, decision.revoked_on) == (36, date(2025, 2, 3))


def test_months_of_validity_are_those_of_the_level_if_none_are_stated() -> None:
    validity = {(Title.LEARNING_UNIT, "one"): 36}
    rows = [
        "learning_unit,u1,one,2024-01-05,1/QĐ,UBND,,,,",
        "learning_unit,u1,,2023-01-05,2/QĐ,U,,,,",
    ]
    months = [decision.valid_months for decision in read(*rows, validity=validity).decisions]
    assert months == [36, None]


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ("learning_unit,,one,2024-01-05,1/QĐ,UBND,,,,", "missing", "id"),
        ("learning_unit,u1,one,2024-01-05,1/QĐ,UBND,,x,,", "not_a_count", "valid_months"),
        (
            "learning_unit,u1,one,2024-01-05,1/QĐ,UBND,2023,36,later,",
            "unknown_option",
            "counted_from",
        ),
        ("learning_unit,u1,one,2024-01-05,1/QĐ,UBND,,,,2023-01-01", "invalid_subject", None),
    ],
)
def test_an_invalid_row_is_named(row: str, code: str, field: str | None) -> None:
    table = read(row)
    assert table.decisions == ()
    assert [(fault.row, fault.code, fault.field) for fault in table.faults] == [(1, code, field)]
