"""A table of subjects is the same by rows and over columns: subjects, invalid and excluded rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import xhht
from xhht.errors import FactsError, TableError
from xhht.tables.facts import FactTable

pytest.importorskip("polars")

from xhht.errors import FrameError
from xhht.frames import evaluate
from xhht.frames.files import ROW, counts_by_kind, scan_table

PROFILE = xhht.loads_profile(
    """format: 1
id: test.unit
version: 1.0.0
status: active
title: learning_unit
name: {vi: Đơn vị, en: Unit}
provenance: illustrative
inputs:
  has_plan: {type: bool, label: {vi: A, en: A}}
  members: {type: count, max: 100, label: {vi: B, en: B}}
  readers: {type: count, at_most: members, label: {vi: C, en: C}}
  part: {type: share, label: {vi: D, en: D}}
criteria:
  - {id: "1", indicators: [{id: "1.1", points: 10, met_when: has_plan}]}
  - {id: "2", indicators: [{id: "2.1", points: 10, met_when: readers >= 5}]}
  - {id: "3", indicators: [{id: "3.1", points: 10, met_when: part >= 50%}]}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 20}
"""
)
COLUMNS = ["STT", "id", "name", "has_plan", "members", "readers", "part", ""]
CELLS = {
    "STT": ["", "1", "2", "I", "II", "A", "Tổng cộng"],
    "id": ["", "", "a", "b", "c", "d", "Tổng", "total:"],
    "name": ["", "x", "Tổng cộng (I+II)", "CỘNG", "Cộng thôn 1", "Toàn xã", "name", "An\u200b"],
    "has_plan": ["", "có", "0", "X", "✓", "Chưa đạt", "1.0", "maybe", "has_plan"],
    "members": ["", "1", "2", "3", "7", "14", "101", "-1", "x", "members"],
    "readers": ["", "1", "2", "3", "41", "1.5", "2.0", "readers"],
    "part": ["", "0.5", "0,5", "1", "70%", "70", "part"],
    "": ["", "", "note"],
}
HEADERS = st.lists(st.sampled_from(COLUMNS), min_size=2, unique=True).filter(
    lambda names: {"has_plan", "members", "readers", "part"} & set(names)
)


@st.composite
def tables(draw: st.DrawFn) -> str:
    columns = draw(HEADERS)
    rows = []
    for _ in range(draw(st.integers(0, 8))):
        match draw(st.integers(0, 9)):
            case 0:
                rows.append(columns)
            case 1:
                rows.append([""] * len(columns))
            case 2:
                rows.append([str(place) for place in range(1, len(columns) + 1)])
            case 3:
                rows.append([draw(st.sampled_from(CELLS[name])) for name in columns] + ["", "y"])
            case _:
                rows.append([draw(st.sampled_from(CELLS[name])) for name in columns])
    delimiter = draw(st.sampled_from(",;\t"))
    titles = draw(st.sampled_from([[], [["BIỂU 1"]], [["XÃ AN"], [], ["Năm 2025", "", "x"]]]))
    lines = [delimiter.join(row) for row in [*titles, columns, *rows]]
    marker = draw(st.sampled_from(["", "", f"sep={delimiter}\n", f'"sep={delimiter}"\r\n']))
    return marker + "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("facts") / "table.csv"


Rejected = tuple[str | None, str]


def by_rows(path: Path) -> tuple[list[object], list[tuple[object, Rejected]], set[str]]:
    table = FactTable(path.read_bytes(), PROFILE)
    results: list[object] = []
    rejected: list[tuple[object, Rejected]] = []
    for subject in table.subjects():
        name = subject.id if isinstance(subject.id, str) else ""
        try:
            if subject.error is not None:
                raise subject.error
            result = xhht.evaluate(PROFILE, subject.facts)
        except FactsError as error:
            # As columns, a broken row is known by its number only.
            rejected.append((name, (error.field, error.code)))
        else:
            points = result.points_certain, result.points_possible
            results.append((name, result.verdict.value, *points))
    return results, rejected, {warning.get("en") for warning in table.warnings}


def over_columns(path: Path) -> tuple[list[object], list[tuple[object, Rejected]], set[str]]:
    scanned = scan_table(path, PROFILE)
    id_column = "id" if "id" in scanned.columns else None
    evaluated = evaluate(PROFILE, scanned.frame, id=id_column)
    grid = evaluated.grid
    results: list[object] = [
        (
            row.get("id") or "",
            row["verdict"],
            row["points_certain"] * grid,
            row["points_possible"] * grid,
        )
        for row in evaluated.rows.collect().sort(ROW).to_dicts()
    ]
    rows = [*scanned.invalid.collect().to_dicts(), *evaluated.rejected.collect().to_dicts()]
    rejected: list[tuple[object, Rejected]] = [
        (row.get("id") or "", (row["column"], row["reason"]))
        for row in sorted(rows, key=lambda row: row[ROW])
    ]
    kinds = counts_by_kind(scanned.row_kinds.collect())
    notes = {note.get("en") for note in (*scanned.notes, *scanned.warnings(kinds))}
    return results, rejected, notes


@given(tables())
@example("id,name,members\na,x,7\na,x,8\nb,Tổng cộng,15\n,y,x\n")
@example("id,members,readers\n,101,1.5\n")
@example("id,members,readers\na,1,1\nb,2,1\n,3,2\n")
@example("id,name,members,readers\na,x,1,1\nb,x,2,1\n,Toàn xã,3,2\nc,,1,\n,Cộng thôn 1,9,\n")
@example("STT,id,name,members\nI,Khối trường,,\n1,a,x,4\nA,b,,\n")
@example("name,members\nx,1\nx,2\n,3\n")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_rows_and_columns_are_the_same(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    try:
        rows = by_rows(path)
    except TableError:
        with pytest.raises((TableError, FrameError)):
            over_columns(path)
        return
    columns = over_columns(path)
    assert rows[0] == columns[0]
    assert rows[1] == columns[1]
    excluded = ("Totals rows", "Repeated header", "The row of column", "Columns without")
    assert {note for note in rows[2] if note.startswith(excluded)} == {
        note for note in columns[2] if note.startswith(excluded)
    }
