"""An exported form comes back as the profile, with what was changed on the form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from xhht import bundled_profiles, compare_profiles, loads_profile
from xhht.criteria.writing import dump_profile
from xhht.drafting.export import RestoredProfile, export_form, restore_profile
from xhht.drafting.read_form import read_form

PROFILE = bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")


def edited(path: Path, edits: dict[str, Any], lang: str = "en") -> RestoredProfile:
    file = path / "form.xlsx"
    export_form(PROFILE, file, lang)
    book = openpyxl.load_workbook(file)
    for cell, value in edits.items():
        book.worksheets[0][cell] = value
    book.save(file)
    restored = restore_profile(read_form(file))
    assert restored is not None
    return restored


def test_the_form_is_for_people(tmp_path: Path) -> None:
    export_form(PROFILE, tmp_path / "f.xlsx", "vi")
    page = openpyxl.load_workbook(tmp_path / "f.xlsx").worksheets[0]
    assert [cell.value for cell in page[3]] == [
        "Mã",
        "Tiêu chí / chỉ số",
        "Điểm tối đa",
        "Điều kiện",
        "Diễn giải (chỉ để đọc)",
    ]
    assert [cell.value for cell in page[5]][:3:2] == ["1.1", 10]
    assert page[5][3].value == "has_learning_policy"
    assert page[5][4].value == "Có chủ trương hoặc kế hoạch để thành viên học tập thường xuyên"
    assert [cell.value for cell in page[page.max_row]][1:3] == ["Tổng cộng", 100]


def test_nothing_is_lost(tmp_path: Path) -> None:
    for lang in ("vi", "en"):
        restored = edited(tmp_path, {}, lang)
        assert not restored.changed
        assert not restored.faults
        assert loads_profile(restored.text).hash == PROFILE.hash


def test_the_form_says_what_missing_evidence_means_at_the_close(tmp_path: Path) -> None:
    closing = "at_close: {missing: unmet, clause: Khoản 3 Điều 9}\n"
    profile = loads_profile(dump_profile(PROFILE) + closing)
    export_form(profile, tmp_path / "f.xlsx", "vi")
    page = openpyxl.load_workbook(tmp_path / "f.xlsx").worksheets[0]
    assert page["B2"].value == (
        "Kết quả khi kết thúc đánh giá: chỉ tiêu không có minh chứng coi là không đạt theo "
        "khoản 3 Điều 9."
    )
    restored = restore_profile(read_form(tmp_path / "f.xlsx"))
    assert restored is not None
    assert (restored.faults, restored.changed) == ((), ())
    assert loads_profile(restored.text).hash == profile.hash
    export_form(PROFILE, tmp_path / "f.xlsx", "vi")
    assert openpyxl.load_workbook(tmp_path / "f.xlsx").worksheets[0]["B2"].value is None


def test_names_points_and_conditions_are_taken_from_the_form(tmp_path: Path) -> None:
    restored = edited(tmp_path, {"B5": "A plan", "C6": 15, "D7": "invests_resources or true"})
    assert not restored.faults
    assert restored.changed == ("1.1", "1.2", "1.3")
    changes = compare_profiles(PROFILE, loads_profile(restored.text)).changes
    described = {(change.id, change.key, change.new) for change in changes}
    assert ("1.2", "points", "15") in described
    assert ("1.3", "met_when", "invests_resources or true") in described
    assert any(change.id == "1.1" and change.key == "name" for change in changes)


def test_what_a_form_cannot_change_is_told_by_cell(tmp_path: Path) -> None:
    restored = edited(tmp_path, {"A5": "9.9"})
    assert [(fault.place.partition("!")[2], fault.text.en[:20]) for fault in restored.faults] == [
        ("B5", "this line is not in "),
        ("B4", "lines missing in the"),
    ]


def test_a_form_without_its_second_sheet_is_any_form(tmp_path: Path) -> None:
    export_form(PROFILE, tmp_path / "f.xlsx")
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    book.remove(book["xhht"])
    book.save(tmp_path / "f.xlsx")
    assert restore_profile(read_form(tmp_path / "f.xlsx")) is None


def test_the_form_of_a_profile_without_points_shows_none(tmp_path: Path) -> None:
    profile = bundled_profiles().get("vn.unit.tt24-2023-district")
    export_form(profile, tmp_path / "form.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "form.xlsx").worksheets[0]
    assert sheet.column_dimensions["C"].hidden
    assert [row[2] for row in sheet.iter_rows(min_row=4, values_only=True) if row[2]] == []
    restored = restore_profile(read_form(tmp_path / "form.xlsx"))
    assert restored is not None
    assert (restored.changed, restored.faults) == ((), ())
    assert loads_profile(restored.text).hash == profile.hash
