"""Gathering: each layout and each kind of doubt, on files that the test makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xhht.criteria.mappings import bundled_mapping, check_mapping, loads_mapping
from xhht.domain.area import Area
from xhht.domain.areas import AreaTree
from xhht.domain.titles import AreaLevel, Title
from xhht.errors import TableError
from xhht.gathering import Gathered, gather, loads_decisions
from xhht.gathering.headings import read_heading
from xhht.rollup.counts import Counts

TREE = AreaTree(
    [
        Area(code="68", name="Tỉnh Lâm Đồng", level=AreaLevel.PROVINCE),
        Area(code="22924", name="Phường Phú Thuỷ", level=AreaLevel.COMMUNE, parent="68"),
        Area(code="23053", name="Xã Hòa Thắng", level=AreaLevel.COMMUNE, parent="68"),
        Area(code="23005", name="Xã Bắc Bình", level=AreaLevel.COMMUNE, parent="68"),
    ]
)
HOUSEHOLD = Title.LEARNING_HOUSEHOLD.label.vi
NAMES = {title: title.label.vi for title in list(Title)[:5]}
HEAD: tuple[Any, ...] = (
    ["HỘI KHUYẾN HỌC TỈNH LÂM ĐỒNG"],
    ["HỘI KHUYẾN HỌC XÃ HOÀ THẮNG"],
    [],
    ["BÁO CÁO NĂM 2025"],
)


def workbook(path: Path, *sheets: tuple[str, Any], merge: tuple[str, ...] = ()) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for cells in merge:
            sheet.merge_cells(cells)
    book.save(path)


def counts(gathered: Gathered) -> dict[tuple[str, str], Counts]:
    return {(item.area, item.title.value): item.counts for item in gathered.counts}


def kinds(gathered: Gathered) -> list[str]:
    return [question.kind.value for question in gathered.open_questions]


def assert_every_row_is_accounted_for(gathered: Gathered) -> None:
    for reading in gathered.files:
        for sheet in reading.sheets:
            assert sheet.rows == sheet.used + len(sheet.aside)
            assert len({aside.row for aside in sheet.aside}) == len(sheet.aside)


def test_one_row_a_title(tmp_path: Path) -> None:
    rows = [[i, name.upper(), "1.234", 900, 800, 700] for i, name in enumerate(NAMES.values(), 1)]
    head = ["TT", "Danh hiệu", "Tổng số", "Số đăng ký", "Số được xét", "Số đạt"]
    workbook(tmp_path / "a.xlsx", ("Biểu", [*HEAD, head, *rows]))
    gathered = gather(tmp_path, TREE)
    expected = Counts(total=1234, registered=900, assessed=800, recognised=700)
    assert counts(gathered) == {("23053", title.value): expected for title in NAMES}
    assert not gathered.open_questions
    assert_every_row_is_accounted_for(gathered)


def test_groups_of_columns_with_villages_a_total_and_copied_headings(tmp_path: Path) -> None:
    head = ["STT", "Thôn", "Gia đình học tập", None, "Dòng họ học tập", None]
    below = [None, None, "Tổng số hộ", "Hộ đạt GĐHT", "Tổng số hộ", "Hộ đạt GĐHT"]
    numbers = [[1, 2, 3, 4, 5, 6], [1, "Thôn 1", 10, 8, 2, 1], [2, "Thôn 2", 20, 9, 3, 3]]
    end = [[None, "Cộng", 30, 17, 5, 4], [None, "Ghi chú: số tạm"], [None, None, "CHỦ TỊCH"]]
    rows = [*HEAD, head, below, *numbers, *end]
    workbook(tmp_path / "a.xlsx", ("B", rows), merge=("C5:D5", "E5:F5", "A5:A6", "B5:B6"))
    gathered = gather(tmp_path, TREE)
    assert counts(gathered) == {
        ("23053", "learning_household"): Counts(total=30, recognised=17),
        ("23053", "learning_clan"): Counts(total=5, recognised=4),
    }
    assert any("copied" in note.en or "other titles" in note.en for note in gathered.files[0].notes)
    assert gathered.files[0].sheets[0].totals_checked == 4
    assert_every_row_is_accounted_for(gathered)


def test_a_total_that_differs_from_its_parts_is_a_question_and_kept_decided(tmp_path: Path) -> None:
    rows = [["Thôn", "Tổng số hộ", "Số hộ đạt"], ["Thôn 1", 10, 8], ["Thôn 2", 20, 9]]
    workbook(tmp_path / "Xã Hòa Thắng.xlsx", ("B", [*rows, ["Tổng cộng", 31, 17]]))
    first = gather(tmp_path, TREE)
    assert kinds(first) == ["total"]
    assert counts(first)["23053", "learning_household"] == Counts(recognised=17)
    text = first.decisions_text().replace("answer: ''", "answer: parts")
    again = gather(tmp_path, TREE, decisions=loads_decisions(text))
    assert counts(again)["23053", "learning_household"] == Counts(total=30, recognised=17)
    assert not again.open_questions
    assert again.decisions_text() == text


def test_one_sheet_a_title(tmp_path: Path) -> None:
    head = ["STT", "Thôn", "Tổng số", "Đăng ký", "Đạt"]
    sheets = [
        (name, [head, [1, "Thôn 1", 5, 4, 3], [2, "Thôn 2", 6, 5, 4], [None, "Cộng", 11, 9, 7]])
        for name in NAMES.values()
    ]
    workbook(tmp_path / "xã hoà thắng.xlsx", *sheets)
    expected = Counts(total=11, registered=9, recognised=7)
    gathered = gather(tmp_path, TREE)
    assert counts(gathered) == {("23053", title.value): expected for title in NAMES}


def test_a_list_of_subjects_with_marks(tmp_path: Path) -> None:
    head = ["STT", "Họ tên chủ hộ", "Thôn", "Đăng ký", "Được xét", "Đạt GĐHT"]
    rows = [
        [1, "A", "Thôn 1", "x", "X", "x"],
        [2, "B", "Thôn 1", "x", "x", None],
        [3, "C", "Thôn 1", None, None, None],
        [None, "Tổng cộng", None, 2, 2, 1],
    ]
    workbook(tmp_path / "Xã Hòa Thắng.xlsx", ("B", [head, *rows]))
    gathered = gather(tmp_path, TREE)
    expected = Counts(total=3, registered=2, assessed=2, recognised=1)
    assert counts(gathered) == {("23053", "learning_household"): expected}
    assert_every_row_is_accounted_for(gathered)


def test_one_row_an_area_of_a_form(tmp_path: Path) -> None:
    text = (
        'Dấu thời gian,"Tên xã, phường",Tổng số hộ,Số hộ đạt GĐHT,Số dòng họ,Số dòng họ đạt\n'
        "15/12/2025 9:32:11,xa hoa thang,100,90,5,4\n15/12/2025,P. Phú Thủy,200,150,7,6\n"
    )
    (tmp_path / "Form.csv").write_text(text, encoding="utf-8")
    gathered = gather(tmp_path, TREE)
    assert counts(gathered)["23053", "learning_household"] == Counts(total=100, recognised=90)
    assert counts(gathered)["22924", "learning_clan"] == Counts(total=7, recognised=6)
    assert gathered.missing == ("23005",)


def test_two_files_of_one_commune_are_a_question(tmp_path: Path) -> None:
    for name, number in (("Xã Hòa Thắng.csv", 8), ("Xã Hoà Thắng (2).csv", 9)):
        text = f"Danh hiệu;Tổng số;Đạt\nGia đình học tập;10;{number}\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    gathered = gather(tmp_path, TREE)
    assert kinds(gathered) == ["duplicate"]
    assert not gathered.counts


@pytest.mark.parametrize(
    "heading", ["Số hộ chưa đạt GĐHT", "Hộ nghèo đạt", "Số hộ dự kiến đạt", "Đạt gia đình văn hóa"]
)
def test_a_heading_with_a_word_that_is_not_known_is_a_question(
    tmp_path: Path, heading: str
) -> None:
    text = f"Thôn,Tổng số hộ,{heading}\nThôn 1,10,4\n"
    (tmp_path / "Xã Hòa Thắng.csv").write_text(text, encoding="utf-8")
    gathered = gather(tmp_path, TREE)
    assert kinds(gathered) == ["heading"]
    assert counts(gathered)["23053", "learning_household"] == Counts(total=10)


def test_an_own_mapping_answers(tmp_path: Path) -> None:
    (tmp_path / "Xã Hòa Thắng.csv").write_text(
        "Thôn,Tổng số hộ,Kết quả ABC\nThôn 1,10,4\n", "utf-8"
    )
    own = loads_mapping(
        "format: 1\nid: own.words\nheadings:\n  - heading: Kết quả ABC\n    means: recognised\n"
        "    title: learning_household\n"
    )
    gathered = gather(tmp_path, TREE, mapping=own)
    assert counts(gathered)["23053", "learning_household"] == Counts(total=10, recognised=4)


def test_a_file_of_no_area_or_of_two_is_a_question(tmp_path: Path) -> None:
    for name in ("bảng.csv", "Xã Bắc Bình.csv"):
        above = "HỘI KHUYẾN HỌC XÃ HOÀ THẮNG;;\n" if "Bình" in name else ""
        text = f"{above}Danh hiệu;Tổng số;Đạt\nGia đình học tập;10;7\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    gathered = gather(tmp_path, TREE)
    assert kinds(gathered) == ["area", "area"]
    assert not gathered.counts


def test_counts_out_of_order_are_not_counted(tmp_path: Path) -> None:
    text = "Danh hiệu;Tổng số;Đạt\nGia đình học tập;10;17\nDòng họ học tập;5;4\n"
    (tmp_path / "Xã Bắc Bình.csv").write_text(text, encoding="utf-8")
    gathered = gather(tmp_path, TREE)
    assert kinds(gathered) == ["order"]
    assert list(counts(gathered)) == [("23005", "learning_clan")]


def test_the_result_does_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    for number in range(20):
        text = f"Danh hiệu;Tổng số;Đạt\nGia đình học tập;10;{number % 10}\n"
        (tmp_path / f"Xã Bắc Bình {number}.csv").write_text(text, encoding="utf-8")
    assert gather(tmp_path, TREE).to_dict() == gather(tmp_path, TREE, processes=2).to_dict()


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError):
        gather(tmp_path, TREE)


@pytest.mark.parametrize(
    ("heading", "means", "title"),
    [
        ("Số hộ đạt", "recognised", None),
        ("ĐK GĐHT", "registered", "learning_household"),
        ("Số người từ 18 tuổi", "total", None),
        ("Tỷ lệ (%)", "rate", None),
        ("Số công dân đạt CDHT", "recognised", "learning_citizen"),
        ("Đạt ĐVHT", "recognised", "learning_unit"),
        ("Tổng số", "total", None),
        ("Thôn", "place", None),
    ],
)
def test_headings_of_offices(heading: str, means: str, title: str | None) -> None:
    read = read_heading([heading], bundled_mapping())
    assert (read.means, read.title, read.confidence) == (means, title, "certain")


def test_a_mapping_is_checked_with_its_lines() -> None:
    text = (
        "format: 1\nid: own.words\nheadings:\n  - pattern: '('\n    means: total\n"
        "  - means: totl\n    heading: A\n  - means: total\n    heading: A\n"
    )
    listed = [(item.code, item.mark.line) for item in check_mapping(text)]
    assert ("XH801", 4) in listed
    assert ("XH802", 8) in listed
    assert any(line == 6 for _, line in listed)


@pytest.mark.parametrize("cell", ["khoảng 10", "12 hộ", "1,5"])
@pytest.mark.parametrize("ordinal", ["2", ""])
def test_a_village_whose_numbers_are_not_clear_is_not_left_out_in_silence(
    tmp_path: Path, cell: str, ordinal: str
) -> None:
    text = f"STT;Thôn;Tổng số hộ\n1;Thôn 1;10\n{ordinal};Thôn 2;{cell}\n3;Thôn 3;10\n"
    (tmp_path / "Xã Hòa Thắng.csv").write_text(text, encoding="utf-8")
    gathered = gather(tmp_path, TREE)
    assert kinds(gathered) == ["number"]
    assert not gathered.counts


def test_formulas_without_a_value_in_a_totals_row_are_a_fault_and_the_parts_count(
    tmp_path: Path,
) -> None:
    rows = [["Thôn", "Tổng số hộ"], ["Thôn 1", 10], ["Thôn 2", 20], ["Tổng cộng", "=SUM(B2:B3)"]]
    workbook(tmp_path / "Xã Hòa Thắng.xlsx", ("B", rows))
    gathered = gather(tmp_path, TREE)
    assert counts(gathered)["23053", "learning_household"] == Counts(total=30)
    assert len(gathered.files[0].faults) == 1
    assert [aside.kind.value for aside in gathered.files[0].sheets[0].aside] == ["header", "total"]


def test_every_file_of_the_folder_is_named(tmp_path: Path) -> None:
    rows = (*HEAD, ["TT", "Danh hiệu", "Tổng số", "Số đạt"], [1, HOUSEHOLD, 10, 7])
    workbook(tmp_path / "Hòa Thắng.xlsx", ("Biểu", rows))
    (tmp_path / "Công văn xã Bắc Bình.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "~$Hòa Thắng.xlsx").write_bytes(b"lock")
    (tmp_path / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    gathered = gather(tmp_path, TREE)
    assert [reading.file for reading in gathered.files] == sorted(
        path.name for path in tmp_path.iterdir()
    )
    questions = {question.file: question for question in gathered.open_questions}
    assert questions.keys() == {"Công văn xã Bắc Bình.pdf", "empty.csv"}
    assert "PDF" in questions["Công văn xã Bắc Bình.pdf"].text.en
    assert "PDF" in gathered.to_mend()["23005"][0]
    noted = {reading.file for reading in gathered.files if reading.notes and not reading.sheets}
    assert noted == {"~$Hòa Thắng.xlsx", "Thumbs.db", ".DS_Store"}

    decided = gathered.decisions_text().replace("answer: ''", "answer: skip")
    again = gather(tmp_path, TREE, decisions=loads_decisions(decided.encode()))
    assert again.is_complete
    assert again.missing == ("22924", "23005")


def test_rows_that_an_open_quote_swallows_are_a_fault(tmp_path: Path) -> None:
    text = 'Danh hiệu,Tổng số,Số đạt\nGia đình học tập,10,7\n"Dòng họ học tập,5,2\nx,1,1\n'
    (tmp_path / "Bắc Bình.csv").write_text(text, encoding="utf-8")
    (reading,) = gather(tmp_path, TREE).files
    assert "A quote in row 3" in reading.faults[0].en


@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: text.encode("utf-16"),
        lambda text: b"\xef\xbb\xbfsep=;\n" + text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
    ],
)
def test_csv_is_read_as_other_tables_are(tmp_path: Path, encoded: Any) -> None:
    text = "Danh hiệu,Tổng số,Số đạt\nGia đình học tập,10,7\n"
    (tmp_path / "Bắc Bình.csv").write_bytes(encoded(text))
    assert counts(gather(tmp_path, TREE)) == {
        ("23005", "learning_household"): Counts(total=10, recognised=7)
    }


def test_an_answer_that_says_nothing_leaves_the_question_open(tmp_path: Path) -> None:
    rows = (*HEAD, ["TT", "Danh hiệu", "Tổng số", "Số đạt"], [1, HOUSEHOLD, "khoảng 10", 7])
    workbook(tmp_path / "Hòa Thắng.xlsx", ("Biểu", rows))
    first = gather(tmp_path, TREE)
    assert kinds(first) == ["number"]
    for answer, total in (("mười", None), ("12", 12), ("skip", None)):
        text = first.decisions_text().replace("answer: ''", f"answer: '{answer}'")
        decided = gather(tmp_path, TREE, decisions=loads_decisions(text))
        assert counts(decided)["23053", "learning_household"].total == total
        assert decided.is_complete == (answer != "mười")
        assert ("invalid" in str([q.text.en for q in decided.questions])) == (answer == "mười")
