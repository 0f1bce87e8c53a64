"""Tables of subjects: who becomes a record, what becomes of bad cells, what columns tell."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from society_samples import AREAS as TWO_VILLAGES
from society_samples import CITIZEN, HOUSEHOLD, PROFILES, VILLAGE
from xhht import Profile, loads_profile
from xhht.campaign import Campaign, Record, Run, Society
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.people import Citizen, Community, Household, Unit
from xhht.domain.titles import ManagedBy, Title, UnitKind
from xhht.errors import TableError
from xhht.issues import FileKind
from xhht.numbers import Convention
from xhht.rules.inputs import Input, InputType
from xhht.tables.csv import read_csv_text
from xhht.tables.subjects import SubjectTables, TableSummary, row_issue

AREAS = AreaTree(
    [*TWO_VILLAGES, Area(code="00004", name="Xã B", level=AreaLevel.COMMUNE, parent="01")]
)
SKILLED = Input(name="skilled", kind=InputType.BOOL)
GROUPED = loads_profile(
    CITIZEN.replace("test.citizen", "test.worker")
    .replace("title: learning_citizen", "title: learning_citizen\napplies_to: {group: [worker]}")
    .replace("type: assessed, max: 10", "type: count")
    .replace("assessed: score", "met_when: score >= 5")
)


def tables(*profiles: Profile, **more: object) -> SubjectTables:
    return SubjectTables(AREAS, profiles or PROFILES, **more)  # type: ignore[arg-type]


def read(reader: SubjectTables, file: FileKind, text: str) -> list[Record]:
    table = read_csv_text(text)
    return list(reader.records(file, table.columns, table))


def facts_of(record: Record, profile: Profile) -> Mapping[str, object]:
    assert record.untyped is not None
    return record.untyped.read(profile)


def faults(reader: SubjectTables) -> list[tuple[int, str, str | None]]:
    return [(fault.row, fault.code, fault.field) for fault in reader.faults]


def judged(*records: Record, profiles: tuple[Profile, ...] = PROFILES) -> Run:
    campaign = Campaign(2023, profiles, AREAS, illustrative=True)
    return campaign.run(Society(records=records))


def test_each_kind_is_read_as_what_it_is() -> None:
    reader = tables()
    citizens = read(
        reader, FileKind.CITIZENS, "id;household;unit;registered\n007;h1;u1;có\n8;h1;;\n"
    )
    assert [record.subject for record in citizens] == [
        Citizen(id="007", household="h1", unit="u1"),
        Citizen(id="8", household="h1"),
    ]
    assert [record.registered for record in citizens] == [True, None]
    (household,) = read(
        reader, FileKind.HOUSEHOLDS, "id,village,clan,members.learning_citizen\nh1,a1,d1,3\n"
    )
    assert household.subject == Household(id="h1", village="a1", clan="d1")
    assert household.members == {Title.LEARNING_CITIZEN: 3}
    (unit,) = read(reader, FileKind.UNITS, "id,commune,managed_by,kind\nu1,4,Xã,Trường học\n")
    assert unit.subject == Unit(
        id="u1",
        name="u1",
        kind=UnitKind.SCHOOL,
        managed_by=ManagedBy.COMMUNE,
        commune="00004",
    )
    (clan,) = read(reader, FileKind.CLANS, "id,commune\nd1,00001\n")
    assert clan.key == (Title.LEARNING_CLAN, "d1")
    (village,) = read(reader, FileKind.COMMUNITIES, "area\na1\n")
    assert village.subject == Community("a1", AreaLevel.VILLAGE)
    assert faults(reader) == []
    assert len(reader.warnings) == 1  # the unit's commune lost its zeros


@pytest.mark.parametrize(
    ("file", "header", "row", "code", "field"),
    [
        (FileKind.CITIZENS, "id,household", ",h1", "missing", "id"),
        (FileKind.CITIZENS, "id,household", "c1,", "missing", "household"),
        (FileKind.CITIZENS, "id,household", "c1,h1,x", "broken_row", None),
        (FileKind.CITIZENS, "id,household", f"{'1' * 200},h1", "invalid_subject", None),
        (FileKind.HOUSEHOLDS, "id,village", "h1,nowhere", "unknown_area", "village"),
        (FileKind.HOUSEHOLDS, "id,village", "h1,", "missing", "village"),
        (FileKind.CLANS, "id,commune", "d1,9", "unknown_area", "commune"),
        (
            FileKind.UNITS,
            "id,commune,managed_by,kind",
            "u,00001,x,school",
            "unknown_option",
            "managed_by",
        ),
        (FileKind.UNITS, "id,commune,managed_by,kind", "u,00001,commune,", "missing", "kind"),
        (FileKind.COMMUNITIES, "area", "zz", "unknown_area", "area"),
        (FileKind.COMMUNITIES, "area,registered", "01,x,y", "broken_row", None),
    ],
)
def test_a_row_that_does_not_tell_who_or_where_is_refused(
    file: FileKind, header: str, row: str, code: str, field: str | None
) -> None:
    reader = tables()
    assert read(reader, file, f"{header}\n{row}\n") == []
    assert faults(reader) == [(1, code, field)]
    assert reader.read([]) == (TableSummary(file=file, rows=1, unknown=0, refused=1),)
    for text in (reader.faults[0].text.vi, reader.faults[0].text.en):
        assert "nowhere" not in text


def test_a_column_that_is_needed_must_be_there() -> None:
    with pytest.raises(TableError) as caught:
        read(tables(), FileKind.HOUSEHOLDS, "id,clan\nh1,d1\n")
    assert "village" in caught.value.text.vi


@pytest.mark.parametrize(
    ("header", "cells", "code", "field"),
    [
        ("registered", "maybe", "wrong_type", "registered"),
        ("members.learning_citizen", "-1", "negative", "members.learning_citizen"),
        ("members.learning_citizen", "x", "not_a_count", "members.learning_citizen"),
        ("part", "x", "wrong_type", "part"),
    ],
)
def test_a_cell_that_cannot_be_read_makes_a_subject_of_whom_nothing_is_known(
    header: str, cells: str, code: str, field: str
) -> None:
    reader = tables()
    text = f"id,village,{header}\nh1,a1,{cells}\n"
    run = judged(*read(reader, FileKind.HOUSEHOLDS, text))
    (rejected,) = run.rejected
    fault = row_issue(rejected)
    assert fault is not None
    assert (fault.file, fault.row, fault.code, fault.field) == (FileKind.HOUSEHOLDS, 1, code, field)
    (row,) = run.rollup(Title.LEARNING_HOUSEHOLD, by=AreaLevel.PROVINCE).rows
    assert (row.tally.counts().total, row.tally.counts().assessed) == (1, None)
    assert reader.read(run.rejected) == (
        TableSummary(file=FileKind.HOUSEHOLDS, rows=1, unknown=1, refused=0),
    )


def test_cells_are_typed_by_the_profile_that_the_subject_goes_by() -> None:
    reader = tables(*PROFILES, GROUPED)
    read(reader, FileKind.HOUSEHOLDS, "id,village\nh1,a1\n")
    text = "id,household,group,score\nc1,h1,worker,12\nc2,h1,,9.5\n"
    worker, plain = read(reader, FileKind.CITIZENS, text)
    assert worker.traits == {"group": "worker"}
    assert facts_of(worker, GROUPED) == {"score": 12}
    assert float(facts_of(plain, PROFILES[0])["score"]) == 9.5  # type: ignore[arg-type]


def test_numbers_are_read_in_the_writing_asked_for() -> None:
    reader = tables(numbers=Convention.VI)
    (village,) = read(reader, FileKind.COMMUNITIES, "area;part\na1;70,5%\n")
    assert facts_of(village, PROFILES[2]) == {"part": pytest.approx(0.705)}


def test_a_blank_cell_is_unknown_and_one_that_is_not_asked_for_is_ignored_with_one_warning() -> (
    None
):
    reader = tables()
    (record,) = read(reader, FileKind.CITIZENS, "id,household,score,scores\nc1,h1,,7\n")
    assert facts_of(record, PROFILES[0]) == {}
    (warning,) = reader.warnings
    assert "scores" in warning.vi


def test_an_input_that_is_named_like_a_column_of_the_table_is_told_of() -> None:
    named = loads_profile(HOUSEHOLD.replace("part:", "clan:").replace("part >=", "clan >="))
    reader = tables(named)
    (record,) = read(reader, FileKind.HOUSEHOLDS, "id,village,clan\nh1,a1,d1\n")
    assert facts_of(record, named) == {}
    assert "clan" in reader.warnings[0].en


def test_answers_to_targets_stand_beside_facts_and_a_bad_one_is_named() -> None:
    reader = tables(answers=[SKILLED])
    text = "id,household,score,skilled\nc1,h1,9,có\nc2,h1,9,\nc3,h1,9,?\n"
    records = read(reader, FileKind.CITIZENS, text)
    assert [record.answers for record in records] == [{"skilled": True}, {}, {}]
    assert faults(reader) == [(3, "wrong_type", "skilled")]
    assert reader.read([])[0].evaluated == 3


def test_whatever_becomes_of_a_row_it_is_counted_once() -> None:
    reader = tables()
    homes = read(reader, FileKind.HOUSEHOLDS, "id,village\nh1,a1\nh3,a2\nh3,a1\nh3,a2\nh2,x\n")
    people = read(
        reader,
        FileKind.CITIZENS,
        "id,household,score\nc1,h1,9\nc2,h1,99\nc3,h9,9\n,h1,9\nc4,h1,\n",
    )
    run = judged(*homes, *people)
    assert reader.read(run.rejected) == (
        TableSummary(file=FileKind.HOUSEHOLDS, rows=5, unknown=0, refused=4),
        TableSummary(file=FileKind.CITIZENS, rows=5, unknown=1, refused=2),
    )
    rows = [row_issue(rejected) for rejected in run.rejected]
    assert {(row.file, row.row, row.code, row.field) for row in rows if row} == {
        (FileKind.HOUSEHOLDS, 2, "duplicate", None),
        (FileKind.HOUSEHOLDS, 3, "duplicate", None),
        (FileKind.HOUSEHOLDS, 4, "duplicate", None),
        (FileKind.CITIZENS, 2, "out_of_bounds", "score"),
        (FileKind.CITIZENS, 3, "unknown_area", "household"),
    }


def test_the_level_of_a_community_is_that_of_its_area() -> None:
    reader = tables(loads_profile(VILLAGE))
    (record,) = read(reader, FileKind.COMMUNITIES, "area,level\na1,commune\n")
    assert record.subject == Community("a1", AreaLevel.VILLAGE)
    assert "level" in reader.warnings[0].en
