"""A table scanned as a frame says what the readers of single rows say of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.errors import TableError
from xhht.frames._csv import scan_csv
from xhht.frames._sheet import ISSUE
from xhht.frames.counts import read_report_frame
from xhht.frames.files import scan_table
from xhht.numbers import Convention
from xhht.tables.counts import COUNTS, REPORT_COLUMNS, read_reports
from xhht.tables.csv import open_csv
from xhht.tables.files import open_table
from xhht.tables.parquet import ROW
from xhht.tables.workbook import TableRequest

pytest.importorskip("polars")

ODD = ["\ufeff", "\u200b", "\u00a0", "e\u0301", "Hòa", "Ho\u0300a", "’", "\x1c", "\u037e"]
MARKS = st.sampled_from([*"aX0 ;,\t\n", "\r\n", "a", "7", ";", "\n", *ODD])
QUOTES = st.sampled_from(['"', '"a"', '";"', '""', "\r", "\0"])
HEADERS = st.sampled_from(["a;b;c\n", "a,b\r\n", "\ufeffa\tb\n", "a\n", "a;;c\n", '"a";"b\nc"\n'])


NOTHING_EXPECTED = TableRequest(inputs={}, codes=frozenset(), numbers=Convention.PLAIN)


def rows_alone(path: Path) -> list[tuple[int, dict[str, str], bool]]:
    with open_csv(path) as table:
        return [
            (row.number, {k: v for k, v in row.cells.items() if k and v}, row.error is not None)
            for row in table
        ]


def rows_scanned(path: Path) -> list[tuple[int, dict[str, str], bool]]:
    sheet = scan_csv(path, NOTHING_EXPECTED)
    return [
        (row[ROW], {k: row[k] for k in sheet.columns if row[k]}, row[ISSUE] is not None)
        for row in sheet.frame.collect(engine="streaming").to_dicts()
    ]


AREAS = AreaTree(
    [
        Area(code="01", name="Tỉnh", level=AreaLevel.PROVINCE),
        Area(code="00004", name="Xã An", level=AreaLevel.COMMUNE, parent="01"),
        Area(code="00007", name="Xã Bình", level=AreaLevel.COMMUNE, parent="01"),
    ]
)
SUBJECTS = st.tuples(
    st.sampled_from(["", "a", "b", "b", "c", "d", "d"]),
    st.sampled_from(["00004", "00004", "4", "00007", "1", "99999", "00010", ""]),
    st.sampled_from(["learning_clan", "learning_clan", "Dòng họ học tập", "learning_dog", ""]),
    st.sampled_from(["recognised", "recognised", "not_recognised", "undetermined", "", "yes"]),
    st.sampled_from(["", "", "good", "fair"]),
    st.sampled_from([",", "1,1", "1,2.5", "2,1", "x,1", "1,", "1,1,spare"]),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files") / "table.csv"


@given(
    HEADERS,
    st.one_of(
        st.lists(MARKS, max_size=30).map("".join),
        st.lists(st.one_of(MARKS, QUOTES), max_size=30).map("".join),
    ),
)
@example("a;b;c\n", "1;2;3;;\n1;2;3; ;x\n;;\n\n4")
@example("a;b\n", '"x\n1;2\n')
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_frame_says_what_single_rows_say(path: Path, header: str, body: str) -> None:
    path.write_text(header + body, encoding="utf-8", newline="")
    try:
        alone = rows_alone(path)
    except TableError as fault:
        with pytest.raises(TableError, match=r"^" + fault.text.en[:20]):
            rows_scanned(path)
        return
    # Where a column has no name, both leave its cells out, but a row is kept for them by one alone.
    scanned = rows_scanned(path)
    if ";;" in header:
        alone = [row for row in alone if row[1] or row[2]]
    broken = {number for number, _, is_broken in alone if is_broken}
    assert [row[0] for row in scanned] == [row[0] for row in alone]
    assert {number for number, _, is_broken in scanned if is_broken} == broken
    assert [row[1] for row in scanned if row[0] not in broken] == [
        row[1] for row in alone if row[0] not in broken
    ]


@given(st.lists(SUBJECTS, max_size=25), st.booleans())
@example(
    [
        ("", "4", "learning_clan", "undetermined", "good", ","),
        ("a", "00004", "learning_clan", "recognised", "", ","),
        ("a", "00004", "Dòng họ học tập", "undetermined", "good", ","),
    ],
    False,
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_subjects_read_as_columns_are_the_same_reports(
    path: Path, subjects: list[tuple[str, ...]], is_quoted: bool
) -> None:
    names = ["id", "area", "title", "verdict", "level", "points_certain", "points_possible", "note"]
    lines = [",".join(subject) for subject in subjects]
    header = ",".join([f'"{names[0]}"' if is_quoted else names[0], *names[1:]])
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    with open_table(path, COUNTS) as table:
        alone = read_reports(table.columns, table, AREAS, excluded=["00010"])
        notes = {*table.warnings, *alone.warnings}
    scanned = scan_table(path, columns=REPORT_COLUMNS, keys=["area"], counts=COUNTS.counts)
    together = read_report_frame(scanned, AREAS, excluded_codes=["00010"])
    assert together.tallies == alone.tallies
    assert together.rows == alone.rows
    assert together.titles == alone.titles
    assert set(together.warnings) == notes
    assert together.faults == alone.faults
