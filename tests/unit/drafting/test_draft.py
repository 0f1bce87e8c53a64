"""Scoring forms as officials keep them: what is read, what is at fault, what is never guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from xhht import Severity, Title, check_profile, loads_profile
from xhht.criteria.document import Provenance
from xhht.drafting.draft import Draft, draft_of
from xhht.drafting.read_form import read_form
from xhht.errors import TableError

Rows = list[list[Any]]


def form(path: Path, rows: Rows, merged: tuple[str, ...] = (), sheet: str = "Biểu 1") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    for span in merged:
        page.merge_cells(span)
    book.save(path / "form.xlsx")
    return path / "form.xlsx"


def draft(path: Path, rows: Rows, merged: tuple[str, ...] = (), **options: Any) -> Draft:
    read = read_form(form(path, rows, merged))
    return draft_of(read, id="test.form", title=Title.LEARNING_UNIT, **options)


VIETNAMESE: Rows = [
    ["UBND XÃ MẪU"],
    ["BIỂU CHẤM ĐIỂM"],
    [],
    ["STT", "Tiêu chí", "Chỉ tiêu", "Điểm tối đa (100)", "Hướng dẫn chấm", "Tự chấm"],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
    [1, "Điều kiện", "1.1. Có kế hoạch", "Tối đa 10 điểm", "Có văn bản"],
    [None, None, "1.2. Có kinh phí", "20", None],
    [2, "Kết quả", "Tỉ lệ học tập", "69,5", None],
    [None, None, "Sáng kiến", 0.5, None],
    [None, "Tổng cộng", None, 100],
]
MERGED = ("A1:F1", "A2:F2", "A6:A7", "B6:B7")


def test_a_vietnamese_form_with_merged_cells(tmp_path: Path) -> None:
    drafted = draft(tmp_path, VIETNAMESE, MERGED, document="12/QĐ-UBND")
    assert not drafted.faults
    assert not [
        f for f in check_profile(drafted.text.encode(), "x") if f.severity is Severity.ERROR
    ]
    profile = loads_profile(drafted.text)
    assert {i: str(e.points) for i, e in profile.entries.items() if "." in i} == {
        "1.1": "10",
        "1.2": "20",
        "2.1": "139/2",
        "2.2": "1/2",
    }
    assert profile.max_points == 100
    assert profile.entries["1"].name is not None
    assert profile.entries["1"].name.vi == "Điều kiện"


def test_what_a_form_does_not_say_is_marked_and_told(tmp_path: Path) -> None:
    drafted = draft(tmp_path, VIETNAMESE, MERGED, document="12/QĐ-UBND")
    profile = loads_profile(drafted.text)
    for leaf in profile.entries.values():
        if "." in leaf.id:
            assert leaf.provenance is Provenance.PARTIAL
            assert leaf.assessed is not None  # type: ignore[union-attr]
    note = profile.entries["1.1"].note
    assert note is not None
    assert note.vi.endswith("Có văn bản")
    assert profile.document.levels[0].when == "points >= unknown"
    said = [text.vi for text in drafted.missing]
    assert said[0] == (
        "Biểu 1!C6: điều kiện được ghi ở note; hãy viết thành met_when, bands hoặc cách khác"
    )
    invented = loads_profile(draft(tmp_path, VIETNAMESE, MERGED).text)
    assert invented.provenance is Provenance.ILLUSTRATIVE


def test_an_english_form_of_one_column_nests_by_its_numbers(tmp_path: Path) -> None:
    rows: Rows = [
        ["No.", "Criteria", "Maximum points", "Condition"],
        ["I", "Conditions", 30],
        ["1", "Plan", 10, "has a plan"],
        ["2", "Money", 20],
        ["II", "Results", 70],
        ["1", "Share", 40],
        ["2", "Prize", 30],
        [None, "Total", 100],
    ]
    profile = loads_profile(draft(tmp_path, rows).text)
    assert list(profile.entries) == ["I", "I.1", "I.2", "II", "II.1", "II.2"]


def test_small_letters_stand_below_numbers(tmp_path: Path) -> None:
    rows: Rows = [
        ["TT", "Nội dung", "Số điểm"],
        ["1", "Điều kiện", 30],
        ["a)", "Kế hoạch", 10],
        ["b)", "Kinh phí", 20],
        ["2", "Kết quả", 70],
    ]
    profile = loads_profile(draft(tmp_path, rows).text)
    assert list(profile.entries) == ["1", "1.a", "1.b", "2", "2.1"]


def test_a_criterion_may_stand_alone_or_say_what_its_indicators_make(tmp_path: Path) -> None:
    rows: Rows = [
        ["STT", "Tiêu chí", "Chỉ số", "Điểm tối đa", "Điều kiện"],
        [1, "Điều kiện", None, 25],
        [None, None, "Kế hoạch", 10, "Có"],
        [None, None, "Kinh phí", 20],
        [2, "Kết quả", None, 70, "Tốt"],
    ]
    drafted = draft(tmp_path, rows)
    assert [fault.place for fault in drafted.faults] == ["Biểu 1!D2"]
    rows[1][3] = 30
    profile = loads_profile(draft(tmp_path, rows).text)
    assert profile.max_points == 100
    note = profile.entries["2.1"].note
    assert note is not None
    assert note.vi.endswith("Tốt")


def test_a_list_without_criteria(tmp_path: Path) -> None:
    profile = loads_profile(draft(tmp_path, [["Chỉ số", "Điểm"], ["A", 5], ["B", 7]]).text)
    assert list(profile.entries) == ["1", "1.1", "2", "2.1"]
    assert profile.max_points == 12


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        (["1", "A", "5-10"], "Biểu 1!C2", "not a single number"),
        (["1", "A", None], "Biểu 1!C2", "no maximum points"),
        (["1", "A", -5], "Biểu 1!C2", "must be above 0"),
        (["1", None, 5], "Biểu 1!C2", "no name"),
    ],
)
def test_faults_are_told_by_their_cell(
    tmp_path: Path, row: list[Any], place: str, words: str
) -> None:
    rows: Rows = [["STT", "Tiêu chí", "Điểm tối đa"], row, ["2", "B", 10]]
    (fault,) = draft(tmp_path, rows).faults
    assert fault.place == place
    assert words in fault.text.en


def test_sums_are_held_against_their_parts(tmp_path: Path) -> None:
    rows: Rows = [
        ["STT", "Tiêu chí", "Điểm tối đa"],
        ["1", "A", 15],
        ["1.1", "B", 10],
        ["1.2", "C", 10],
        [None, "Cộng", 25],
    ]
    faults = draft(tmp_path, rows).faults
    assert [fault.place for fault in faults] == ["Biểu 1!C5", "Biểu 1!C2"]
    assert "add up to 20" in faults[0].text.en


def test_texts_in_legacy_fonts_are_read_as_unicode(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["ChØ sè", "§iÓm tèi ®a"], ["KÕ ho¹ch", 5]):
        book.active.append(row)
        for cell in book.active[book.active.max_row]:
            cell.font = Font(name=".VnTime")
    book.save(tmp_path / "form.xlsx")
    (line,) = read_form(tmp_path / "form.xlsx").lines
    assert line.name == "Kế hoạch"


def test_what_is_no_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no scoring form"):
        read_form(form(tmp_path, [["a", "b"], [1, 2]]))
    with pytest.raises(TableError, match="no sheet"):
        read_form(form(tmp_path, VIETNAMESE), "Biểu 2")
    (tmp_path / "x.xlsx").write_text("a,b\n", "utf-8")
    with pytest.raises(TableError):
        read_form(tmp_path / "x.xlsx")
    with pytest.raises(TableError, match="id"):
        draft_of(read_form(form(tmp_path, VIETNAMESE)), id="Không", title=Title.LEARNING_UNIT)
