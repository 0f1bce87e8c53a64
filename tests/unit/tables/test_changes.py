from __future__ import annotations

from datetime import date

import pytest

from xhht.errors import DomainError, TableError
from xhht.issues import FileKind
from xhht.tables import AreaTable, ChangeTable, read_areas, read_changes
from xhht.tables.csv import read_csv_text


def read(*rows: str) -> ChangeTable:
    table = read_csv_text("\n".join(["from,to,effective,kind,source", *rows, ""]))
    return read_changes(table.columns, table)


def areas() -> AreaTable:
    table = read_csv_text(
        "code,name,level,parent,valid_from,valid_to\n"
        "22915,Phường Mũi Né,commune,,,2025-07-01\n"
        "22918,Phường Hàm Tiến,commune,,,2025-07-01\n"
        "22918,Phường Mũi Né,commune,,2025-07-01,\n"
    )
    return read_areas(table.columns, table)


def test_a_sound_table() -> None:
    table = read(
        "22915,22918,2025-07-01,merged_whole,1671/NQ-UBTVQH15 ngày 16/6/2025",
        "22918,22918,2025-07-01,Nhập toàn bộ,",
    )
    assert not table.faults
    assert not table.check(areas())
    basis = table.changes[0].legal_basis
    assert basis is not None
    assert basis.issued == date(2025, 6, 16)
    after = table.concordance(areas()).targets("22915", date(2025, 6, 30), date(2025, 7, 1))
    assert [area.code for area in after.areas] == ["22918"]


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (",22918,2025-07-01,merged_whole,", "missing", "from"),
        ("22915,22918,,merged_whole,", "missing", "effective"),
        ("22915,22918,1/7/2025,merged_whole,", "not_a_day", "effective"),
        ("22915,22918,2025-07-01,moved,", "unknown_kind", "kind"),
        ("22915,22918,2025-07-01,merged_whole,press", "invalid_source", "source"),
        (f"{'1' * 500},22918,2025-07-01,merged_whole,", "invalid_change", None),
        ("22915,22918,0001-01-01,merged_whole,", "invalid_change", None),
        ("22915,22918,2025-07-01,merged_whole,,x", "broken_row", None),
    ],
)
def test_faults_of_rows_are_named(row: str, code: str, field: str | None) -> None:
    table = read(row)
    assert [(f.row, f.code, f.field, f.file) for f in table.faults] == [
        (1, code, field, FileKind.CHANGES)
    ]


def test_faults_between_the_tables_name_the_row_of_the_right_one() -> None:
    table = read("x,22918,2025-07-01,moved,", "22919,22918,2025-07-01,merged_whole,")
    assert [(f.file.value, f.row, f.code, f.field) for f in table.check(areas())] == [
        ("changes", 2, "unknown_from", "from"),
        ("areas", 1, "ends_without_change", "valid_to"),
        ("areas", 2, "ends_without_change", "valid_to"),
    ]
    with pytest.raises(DomainError):
        table.concordance(areas())


def test_columns_are_required() -> None:
    table = read_csv_text("from,to\n1,2\n")
    with pytest.raises(TableError, match="effective, kind"):
        read_changes(table.columns, table)
