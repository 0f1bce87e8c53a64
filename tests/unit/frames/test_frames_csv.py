from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from inline_tables import sample_profile

from xhht.errors import TableError
from xhht.frames import evaluate
from xhht.frames.files import ROW, Scanned, scan_table
from xhht.text import Text

PROFILE = sample_profile()


def scan(folder: Path, content: str | bytes, **options: Any) -> Scanned:
    path = folder / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return scan_table(path, PROFILE, **options)


def rows(scanned: Scanned) -> list[dict[str, Any]]:
    return scanned.frame.collect(engine="streaming").to_dicts()


def faulty(scanned: Scanned) -> list[tuple[int, str]]:
    return scanned.invalid.collect(engine="streaming").select(ROW, "reason").rows()


def noticed(scanned: Scanned) -> dict[str, tuple[int, int]]:
    kinds = scanned.row_kinds.collect(engine="streaming")
    return {kind: (count, first) for kind, count, first in kinds.iter_rows()}


def sums(scanned: Scanned) -> list[Text]:
    """Return what is said of the sums in totals rows, after that there are such rows."""
    kinds = noticed(scanned)
    notices = scanned.warnings({kind: kinds[kind] for kind in kinds if kind == "totals_row"})
    return list(notices[1:])


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_however_a_spreadsheet_writes_it(
    tmp_path: Path, mark: str, delimiter: str, end: str, quote: str
) -> None:
    lines = [["id", "area", "total"], ["a", "00004", ""], ["", "", ""], ["b", "010", "7"]]
    text = mark + end.join(delimiter.join(f"{quote}{c}{quote}" for c in line) for line in lines)
    assert rows(scan(tmp_path, text)) == [
        {ROW: 1, "id": "a", "area": "00004", "total": None},
        {ROW: 3, "id": "b", "area": "010", "total": "7"},
    ]


@pytest.mark.parametrize("quote", ["", '"'])
def test_headers_and_cells_are_normalised(tmp_path: Path, quote: str) -> None:
    header, cell = (unicodedata.normalize("NFD", text) for text in ("Tên", "Hoà\u00a0  Thắng"))
    text = f"{header} ,total\n\u200b{quote and ''}{cell} ,{quote}5{quote}\n"
    assert rows(scan(tmp_path, text)) == [{ROW: 1, "Tên": "Hoà Thắng", "total": "5"}]


@pytest.mark.parametrize(
    ("content", "wrong", "left"),
    [
        ("id,total\na,1,2\nb,2\n", [1], [2]),
        ('id,total\na,"1"2\nb,2\n', [1], [2]),
        ("id,total\na,1\0\nb,2\n", [1], [2]),
        ('id,total\nb,2\na,"1\n', [2], [1]),
        ("id,total\na,1,,\nb\n", [], [1, 2]),
        ('id,total\n"a\nc","1"\nb,2\n', [], [1, 2]),
    ],
)
def test_broken_rows_are_set_apart_by_number(
    tmp_path: Path, content: str, wrong: list[int], left: list[int]
) -> None:
    scanned = scan(tmp_path, content)
    assert faulty(scanned) == [(number, "broken_row") for number in wrong]
    assert [row[ROW] for row in rows(scanned)] == left


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no header"),
        (b"\n\n", "no header"),
        (b"id,total,id\n", "Duplicate column names in columns 1, 3"),
        (b"id,to\0tal\n", "table header is invalid"),
        (b"id,t\xf4ng\n", "not UTF-8"),
        (b"id,total\na,5\n" + b"\xf4n\n", "not UTF-8"),
        (b"id,total\na,5\xc3", "not UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "office suite"),
        (b"PK\x03\x04rest", "Cannot read the workbook"),
        (b"PAR1rest", "Cannot read the Parquet data"),
    ],
    ids=repr,
)
def test_files_that_are_no_tables(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(TableError, match=said) as error:
        scan(tmp_path, content)
    assert error.value.message("vi") != error.value.message("en")


def test_what_is_no_file() -> None:
    with pytest.raises(FileNotFoundError):
        scan_table("no-such-file.csv")


def test_a_sheet_is_of_a_workbook(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="workbooks"):
        scan(tmp_path, "id,total\n", sheet="Hộ")


def test_totals_and_repeated_headers_are_left_out(tmp_path: Path) -> None:
    text = "stt;id;total\n1;a;5\nstt;id;total\n2;b;6\n;Tổng cộng:;11\n;CỘNG;11\n"
    scanned = scan(tmp_path, text)
    assert [row["id"] for row in rows(scanned)] == ["a", "b"]
    assert noticed(scanned) == {
        "subject": (2, 1),
        "repeated_header": (1, 2),
        "totals_row": (2, 4),
    }


@pytest.mark.parametrize(
    ("line", "is_left_out"),
    [
        ("A;B;1;2", True),
        ("1;2;3;4", True),
        ("(1);(2);(3);(4)", True),
        ("1;2;;", False),
        ("1;2;3;5", False),
        ("A;C;1;2", False),
        ("A;B;;", False),
    ],
)
def test_a_row_that_numbers_the_columns_is_left_out(
    tmp_path: Path, line: str, is_left_out: bool
) -> None:
    scanned = scan(tmp_path, f"id;name;total;part\n{line}\nx;y;3;4\n1;2;3;4\n")
    assert [row[ROW] for row in rows(scanned)] == ([2, 3] if is_left_out else [1, 2, 3])


@pytest.mark.parametrize(
    ("body", "differing"),
    [
        ("a;4;1\nb;6;2\nTổng;10;3\n", []),
        ("a;4;1\nCộng;4;1\nb;6;2\nc;1;\nCộng;7;2\nTổng cộng;11;3\n", []),
        ("a;4;1\nb;6;2\nTổng;;\n", []),
        ("a;4;1\nb;6;2\nTổng;11;3\n", ["row 3, column total"]),
        ("a;4;1\nCộng;5;1\nb;6;2\nTổng;10;4\n", ["row 2, column total", "row 4, column part"]),
    ],
)
def test_sums_in_totals_rows_are_checked(tmp_path: Path, body: str, differing: list[str]) -> None:
    notes = [note.en for note in sums(scan(tmp_path, f"id;total;part\n{body}"))]
    if differing:
        assert [note.split(":")[0] for note in notes] == differing
    else:
        assert "match the data rows" in notes[0]


def test_sums_are_read_in_the_writing_of_the_table(tmp_path: Path) -> None:
    text = "id;total\na;1.200\nb;34\nTổng;1.234\n"
    assert "match the data rows" in sums(scan(tmp_path, text, numbers="vi"))[0].en


def test_codes_get_their_zeros_back_by_level(tmp_path: Path) -> None:
    text = "area,total\n4,1\n00010,2\n123456,3\nKP1,4\n,5\n"
    scanned = scan(tmp_path, text, level="commune")
    assert [row["area"] for row in rows(scanned)] == ["00004", "00010", "123456", "KP1", None]
    assert noticed(scanned)["padded_code"] == (1, 1)
    for level in (None, "village"):
        assert rows(scan(tmp_path, text, level=level))[0]["area"] == "4"


def test_columns_without_a_name_are_left_out_with_a_note(tmp_path: Path) -> None:
    scanned = scan(tmp_path, "id;;total\na;x;5\n;y;\n")
    assert rows(scanned) == [{ROW: 1, "id": "a", "total": "5"}]
    assert [note.en for note in scanned.notes] == [
        "Columns without a name in the header are ignored: number 2."
    ]


def test_no_rows_at_all(tmp_path: Path) -> None:
    scanned = scan(tmp_path, "id,total\n")
    assert (rows(scanned), faulty(scanned), noticed(scanned)) == ([], [], {})
    assert scanned.warnings(noticed(scanned)) == ()


def test_text_is_typed_by_the_profile(tmp_path: Path) -> None:
    text = "id;flag;total;part;rate;day;kind;panel\na;có;12.000;5;70,5%;31/12/2024;hill;2,5\n"
    evaluated = evaluate(PROFILE, scan(tmp_path, text, numbers="vi").frame, numbers="vi")
    assert evaluated.rows.collect()["points_certain"].item() == 42_500
    assert evaluated.rejected.collect().is_empty()


@pytest.mark.parametrize("suffix", ["parquet", "folder"])
def test_parquet_keeps_types_and_is_numbered(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"table.{suffix}"
    frame = pl.DataFrame({"te\u0302n": ["a", "b"], "area": [4, 7], "total": [1, None]})
    if suffix == "folder":
        path.mkdir()
        frame.head(1).write_parquet(path / "1.parquet")
        frame.tail(1).write_parquet(path / "2.parquet")
    else:
        frame.write_parquet(path)
    scanned = scan_table(path, PROFILE, level="commune")
    assert rows(scanned) == [
        {ROW: 1, "tên": "a", "area": "00004", "total": 1},
        {ROW: 2, "tên": "b", "area": "00007", "total": None},
    ]
    assert scanned.rows == 2


def test_a_folder_without_parquet_and_names_that_become_one(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"no \.parquet"):
        scan_table(tmp_path)
    pl.DataFrame({"tên": [1], "te\u0302n": [2]}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(TableError, match="duplicate column names"):
        scan_table(tmp_path / "a.parquet")


def test_a_file_with_glob_signs_in_its_name(tmp_path: Path) -> None:
    pl.DataFrame({"total": [1]}).write_parquet(tmp_path / "a[1]*.parquet")
    assert scan_table(tmp_path / "a[1]*.parquet").rows == 1
    (tmp_path / "b[1].csv").write_text("total\n1\n")
    assert len(rows(scan_table(tmp_path / "b[1].csv"))) == 1
