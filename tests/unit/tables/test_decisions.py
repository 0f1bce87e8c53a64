"""Tables of decisions: which count for the year, and what is said of the others."""

from __future__ import annotations

import pytest
from test_subjects import AREAS

from xhht.domain.titles import Title
from xhht.errors import TableError
from xhht.tables.csv import read_csv_text
from xhht.tables.decisions import DecisionTable, read_decisions

HEADER = "title,id,level,decided_on,document,authority,for_year"


def read(*rows: str, header: str = HEADER) -> DecisionTable:
    table = read_csv_text("\n".join([header, *rows, ""]))
    return read_decisions(table.columns, table, AREAS, year=2023)


def test_a_decision_is_found_by_title_and_subject() -> None:
    table = read("Gia đình học tập,h1,good,2024-01-05,1/QĐ-UBND,UBND xã,2023")
    decision = table.decisions[Title.LEARNING_HOUSEHOLD, "h1"]
    assert (decision.level, decision.document, decision.for_year) == ("good", "1/QĐ-UBND", 2023)
    assert table.faults == ()


def test_the_code_of_a_community_finds_its_zeros() -> None:
    table = read("learning_community,4,,2024-01-05,1/QĐ-UBND,UBND tỉnh,")
    assert list(table.decisions) == [(Title.LEARNING_COMMUNITY, "00004")]
    assert len(table.warnings) == 1


def test_decisions_of_other_years_are_left_out_with_a_warning() -> None:
    table = read("learning_clan,d1,,2022-01-05,1/QĐ-UBND,UBND xã,2021")
    assert table.decisions == {}
    assert "2023" in table.warnings[0].vi
    assert table.faults == ()


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ("learning_clan,,,2024-01-05,1/QĐ-UBND,UBND xã,", "missing", "id"),
        ("learning_klan,d1,,2024-01-05,1/QĐ-UBND,UBND xã,", "unknown_title", "title"),
        ("learning_clan,d1,,05/01/2024,1/QĐ-UBND,UBND xã,", "not_a_day", "decided_on"),
        ("learning_clan,d1,,2024-01-05,1/QĐ-UBND,UBND xã,23", "not_years", "for_year"),
        ("learning_clan,d1,,2022-01-05,1/QĐ-UBND,UBND xã,2023", "invalid_subject", None),
        ("learning_community,zz,,2024-01-05,1/QĐ-UBND,UBND xã,", "unknown_area", "id"),
        ("learning_clan,d1,,2024-01-05,1/QĐ-UBND,UBND xã,,x", "broken_row", None),
    ],
)
def test_faults_are_named(row: str, code: str, field: str | None) -> None:
    table = read(row)
    assert [(fault.row, fault.code, fault.field) for fault in table.faults] == [(1, code, field)]
    assert table.decisions == {}


def test_of_several_decisions_on_a_subject_none_counts_and_each_names_another() -> None:
    row = "learning_clan,d1,{},2024-01-05,1/QĐ-UBND,UBND xã,"
    table = read(row.format("good"), row.format("fair"), row.format("good"))
    assert table.decisions == {}
    assert [(fault.row, fault.code) for fault in table.faults] == [
        (1, "duplicate_key"),
        (2, "duplicate_key"),
        (3, "duplicate_key"),
    ]
    assert ["dòng 2" in table.faults[0].text.vi, "dòng 1" in table.faults[1].text.vi] == [True] * 2


def test_columns_that_are_needed_must_be_there() -> None:
    with pytest.raises(TableError):
        read(header="title,id,level")
