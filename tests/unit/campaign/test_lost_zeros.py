"""Ids that lost their zeros in one table, and subjects that are in several rows."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from xhht.campaign import Campaign, Society
from xhht.campaign.campaign import Run
from xhht.campaign.lost_zeros import restored_ids
from xhht.campaign.records import Record
from xhht.domain import Area, AreaLevel, AreaTree, Title
from xhht.issues import FileKind
from xhht.tables.csv import read_csv_text
from xhht.tables.subjects import SubjectTables

TREE = AreaTree(
    [
        Area(code="68", name="Tỉnh Mẫu", level=AreaLevel.PROVINCE),
        Area(code="00004", name="Xã An", level=AreaLevel.COMMUNE, parent="68"),
        Area(code="v1", name="Thôn 1", level=AreaLevel.VILLAGE, parent="00004"),
    ]
)


def begun(tables: Mapping[FileKind, str]) -> Run:
    reader = SubjectTables(TREE, ())
    records: list[Record] = []
    for file, text in tables.items():
        table = read_csv_text(text)
        records += reader.records(file, table.columns, table)
    return Campaign(2024, (), TREE).run(Society(records=records))


HOUSEHOLDS = "id,village,clan\n001,v1,7\n002,v1,\n010,v1,\n"
CLANS = "id,commune\n07,00004\n"


def unplaced(run: Run) -> list[str]:
    return [rejected.id for rejected in run.rejected if rejected.code == "unknown_area"]


def placed(run: Run, title: Title) -> int | None:
    (row,) = run.rollup(title, by=AreaLevel.PROVINCE).rows
    return row.tally.counts().total


def test_citizens_join_their_household_with_one_note() -> None:
    run = begun(
        {
            FileKind.HOUSEHOLDS: HOUSEHOLDS,
            FileKind.CITIZENS: "id,household\nc1,1\nc2,2\nc3,001\nc4,10\nc5,2\n",
        }
    )
    # Household 001 is referred to exactly as well, so 1 may be another one that is missing.
    assert unplaced(run) == ["c1"]
    (note,) = run.notes
    assert "3 dòng" in note.vi
    assert "household" in note.vi
    assert "dòng đầu tiên: 2" in note.vi
    assert placed(run, Title.LEARNING_CITIZEN) == 4


def test_the_order_of_the_tables_does_not_matter() -> None:
    citizens = "id,household\nc1,1\nc2,2\n"
    run = begun({FileKind.CITIZENS: citizens, FileKind.HOUSEHOLDS: HOUSEHOLDS})
    assert unplaced(run) == []
    assert len(run.notes) == 1


def test_zeros_may_be_lost_in_the_table_of_households_instead() -> None:
    run = begun(
        {
            FileKind.HOUSEHOLDS: "id,village\n1,v1\n2,v1\n",
            FileKind.CITIZENS: "id,household\nc1,001\nc2,002\n",
        }
    )
    assert unplaced(run) == []
    assert len(run.notes) == 1


def test_clans_and_units_are_joined_alike() -> None:
    run = begun(
        {
            FileKind.HOUSEHOLDS: HOUSEHOLDS,
            FileKind.CLANS: CLANS,
            FileKind.UNITS: "id,commune,managed_by,kind\n005,00004,xã,trường học\n",
            FileKind.CITIZENS: "id,household,unit\nc1,001,5\n",
        }
    )
    assert [("unit" in note.en, "clan" in note.en) for note in run.notes] == [
        (True, False),
        (False, True),
    ]


def test_a_late_table_is_joined_as_if_it_had_been_there() -> None:
    citizens = {FileKind.CITIZENS: "id,household\nc1,1\nc2,2\n"}
    late = begun(citizens)
    reader = SubjectTables(TREE, ())
    table = read_csv_text(HOUSEHOLDS)
    late.put(reader.records(FileKind.HOUSEHOLDS, table.columns, table))
    assert placed(late, Title.LEARNING_CITIZEN) == 2
    early = begun({FileKind.HOUSEHOLDS: HOUSEHOLDS})
    table = read_csv_text(citizens[FileKind.CITIZENS])
    early.put(reader.records(FileKind.CITIZENS, table.columns, table))
    assert placed(early, Title.LEARNING_CITIZEN) == 2


@pytest.mark.parametrize(
    ("referred", "ids", "restored"),
    [
        (["1"], ["001"], {"1": "001"}),
        (["001"], ["1"], {"001": "1"}),
        (["1"], ["01", "001"], {}),
        (["1", "01"], ["001"], {}),
        (["h1"], ["h01"], {}),
        (["1"], ["10"], {}),
        (["0"], ["000"], {"0": "000"}),
        (["1"], ["1"], {}),
    ],
)
def test_only_what_is_certain_is_restored(
    referred: list[str], ids: list[str], restored: dict[str, str]
) -> None:
    assert restored_ids(referred, ids) == restored


def test_a_person_in_two_households_is_told_by_both_rows() -> None:
    run = begun(
        {
            FileKind.HOUSEHOLDS: HOUSEHOLDS,
            FileKind.CITIZENS: "id,household\nc1,001\nc2,001\nc1,002\n",
        }
    )
    rejected = {r.row: r for r in run.rejected if r.code == "duplicate"}
    assert set(rejected) == {1, 3}
    assert "dòng 3" in rejected[1].text.vi
    assert "dòng 1" in rejected[3].text.vi
    assert [r.field for r in rejected.values()] == ["household", "household"]
    assert placed(run, Title.LEARNING_CITIZEN) == 1


def test_the_order_of_duplicates_decides_nothing() -> None:
    rows = ["c1,001", "c1,002", "c2,001", "c1,001"]
    totals = set()
    for order in (rows, rows[::-1]):
        text = "\n".join(["id,household", *order, ""])
        run = begun({FileKind.HOUSEHOLDS: HOUSEHOLDS, FileKind.CITIZENS: text})
        assert len([r for r in run.rejected if r.code == "duplicate"]) == 3
        totals.add(placed(run, Title.LEARNING_CITIZEN))
    assert totals == {1}
