"""Areas by name: every way to write a name, old names, and what stays a question."""

from __future__ import annotations

import unicodedata
from datetime import date
from time import perf_counter
from typing import Any

import pytest

from xhht.domain import (
    Area,
    AreaChange,
    AreaLevel,
    AreaMatch,
    AreaNames,
    AreaQuestion,
    AreaReading,
    AreaTree,
    ChangeKind,
    Concordance,
    QuestionReason,
)

DAY = date(2025, 7, 1)


def area(code: str, name: str, level: str, parent: str | None = None, **when: Any) -> Area:
    return Area(code=code, name=name, level=AreaLevel(level), parent=parent, **when)


def now(code: str, name: str, parent: str, level: str = "commune") -> Area:
    return area(code, name, level, parent, valid_from=DAY)


def past(code: str, name: str, parent: str | None, level: str = "commune") -> Area:
    return area(code, name, level, parent, valid_to=DAY)


AREAS = (
    area("68", "Tỉnh Lâm Đồng", "province"),
    area("79", "Thành phố Hồ Chí Minh", "province"),
    past("60", "Tỉnh Bình Thuận", None, "province"),
    past("593", "Thành phố Phan Thiết", "60", "district"),
    past("22945", "Phường Lạc Đạo", "593"),
    past("22915", "Phường Bình Hưng", "593"),
    past("22930", "Xã Thiện Nghiệp", "593"),
    past("22900", "Thị trấn Phú Long", "593"),
    now("22945", "Phường Phan Thiết", "68"),
    now("22924", "Phường Phú Thuỷ", "68"),
    now("23053", "Xã Hòa Thắng", "68"),
    now("23054", "Xã Hòa Thạnh", "68"),
    now("23272", "Đặc khu Phú Quý", "68"),
    now("23300", "Xã Đạ M'ri", "68"),
    now("23301", "Phường Phan Rang - Tháp Chàm", "68"),
    now("23302", "Xã Bản Liền", "68"),
    now("23303", "Xã Tân Lập", "68"),
    now("26003", "Xã Tân Lập", "79"),
    now("26004", "Phường 1", "79"),
    now("26005", "Phường 10", "79"),
    now("26008", "Xã A Lưới 3", "79"),
    past("77", "Tỉnh Bà Rịa - Vũng Tàu", None, "province"),
    past("748", "Thành phố Bà Rịa", "77", "district"),
    past("26560", "Phường Kim Dinh", "748"),
    now("26561", "Phường Tam Long", "79"),
    now("26006", "Xã Thanh Long", "79"),
    now("26007", "Xã Thành Long", "79"),
    area("v1", "Khu phố 3", "village", "22924", valid_from=DAY),
    area("v2", "Khu phố 3", "village", "22945", valid_from=DAY),
    area("v3", "Thôn Hồng Thái", "village", "23053", valid_from=DAY),
)
TREE = AreaTree(AREAS)
CHANGES = Concordance(
    [
        AreaChange(from_code="22945", to_code="22945", effective=DAY, kind=ChangeKind.MERGED_WHOLE),
        AreaChange(from_code="22915", to_code="22945", effective=DAY, kind=ChangeKind.MERGED_WHOLE),
        AreaChange(from_code="22930", to_code="22945", effective=DAY, kind=ChangeKind.MERGED_PART),
        AreaChange(from_code="22930", to_code="22924", effective=DAY, kind=ChangeKind.MERGED_PART),
        AreaChange(from_code="77", to_code="79", effective=DAY, kind=ChangeKind.MERGED_WHOLE),
        AreaChange(from_code="26560", to_code="26561", effective=DAY, kind=ChangeKind.RENAMED),
        AreaChange(from_code="60", to_code="68", effective=DAY, kind=ChangeKind.MERGED_WHOLE),
        AreaChange(from_code="22900", to_code="23053", effective=DAY, kind=ChangeKind.RENAMED),
    ],
    TREE,
)


def names(**given: object) -> AreaNames:
    return AreaNames(TREE.on(DAY), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "code", "reading"),
    [
        ("Phường Phú Thuỷ", "22924", "same"),
        ("PHƯỜNG PHÚ THỦY", "22924", "same"),
        ("  phường   phú thủy ", "22924", "same"),
        (unicodedata.normalize("NFD", "Phường Phú Thủy"), "22924", "same"),
        ("Xã Hoà Thắng", "23053", "same"),
        ("P. Phú Thủy", "22924", "kind"),
        ("P.PHÚ THỦY", "22924", "kind"),
        ("P Phú Thủy", "22924", "kind"),
        ("p: Phú Thủy", "22924", "kind"),
        ("Phú Thuỷ", "22924", "kind"),
        ("X. Hoà Thắng", "23053", "kind"),
        ("X.Hòa Thắng", "23053", "kind"),
        ("ĐK. Phú Quý", "23272", "kind"),
        ("Tp. Hồ Chí Minh", "79", "kind"),
        ("T.P Hồ Chí Minh", "79", "kind"),
        ("Bản Liền", "23302", "kind"),
        ("Đặc khu Phú Quí", "23272", "spelling"),
        ("Xã Đạ Mri", "23300", "spelling"),
        ("Xã Đạ M’ri", "23300", "same"),
        ("Xã ĐạMri", "23300", "spelling"),
        ("P. Phan Rang-Tháp Chàm", "23301", "spelling"),
        ("Phường Phan Rang – Tháp Chàm", "23301", "spelling"),
        ("Phường 01", "26004", "spelling"),
        ("P.10", "26005", "kind"),
        ("P1", "26004", "kind"),
        ("PHUONG PHU THUY", "22924", "marks"),
        ("p phu thuy", "22924", "marks"),
        ("Xã Hoa Thang", "23053", "marks"),
        ("TPHCM", "79", "marks"),
        ("TP.HCM", "79", "marks"),
        ("Hồng Thái", "v3", "kind"),
        ("Xã Tân Lập, tỉnh Lâm Đồng", "23303", "same"),
        ("Xã Tân Lập - Lâm Đồng", "23303", "same"),
        ("X.Tân Lập (Tp. Hồ Chí Minh)", "26003", "kind"),
        ("tỉnh Lâm Đồng, xã Tân Lập", "23303", "same"),
        ("Xã Tân Lập tỉnh Lâm Đồng", "23303", "same"),
        ("KP 3, P. Phú Thủy", "v1", "kind"),
        ("UBND phường Phú Thủy", "22924", "same"),
        ("Xã Thành Long", "26007", "same"),
        ("X.A Lưới 3, Tp. HCM", "26008", "kind"),
        ("P. Phan Rang - Tháp Chàm - tỉnh Lâm Đồng", "23301", "kind"),
    ],
)
def test_one_certain_match_is_used(written: str, code: str, reading: str) -> None:
    match = names().find(written)
    assert isinstance(match, AreaMatch), match
    assert (match.area.code, match.reading.value) == (code, reading)
    assert match.text == written
    assert match.is_as_written == (reading == "same")


@pytest.mark.parametrize(
    ("written", "reason", "codes"),
    [
        ("Xã Tân Lập", "several", {"23303", "26003"}),
        ("Tan Lap", "several", {"23303", "26003"}),
        ("Thanh Long", "several", {"26006", "26007"}),
        ("KP 3", "several", {"v1", "v2"}),
        ("Xã Phú Thủy", "other_kind", {"22924"}),
        ("Thị trấn Hòa Thắng", "other_kind", {"23053"}),
        ("Thôn 3", "other_kind", {"v1", "v2"}),
        ("Xã Hòa Thằng", "near", {"23053", "23054"}),
        ("Xã Hòa Thangs", "near", {"23053", "23054"}),
        ("Xã Tân Lập, huyện Hàm Tân", "outside", {"23303", "26003"}),
        ("Xã Hòa Thắng (cũ)", "now", {"23053"}),
        ("Phường Lạc Đạo", "old", {"22945"}),
        ("Tổng cộng", "none", set()),
        ("3", "none", set()),
        ("…", "none", set()),
        ("Người lập biểu", "none", set()),
    ],
)
def test_several_or_no_match_is_a_question(written: str, reason: str, codes: set[str]) -> None:
    question = names().find(written)
    assert isinstance(question, AreaQuestion), question
    assert question.reason.value == reason
    assert {candidate.code for candidate in question.candidates} == codes
    for candidate, parent in zip(question.candidates, question.parents, strict=True):
        assert parent is None or parent.code == candidate.parent
        assert candidate.code in question.message.vi
        assert candidate.name in question.message.vi


def test_no_question_repeats_what_was_written() -> None:
    question = names().find("Trần Thị Bưởi")
    assert isinstance(question, AreaQuestion)
    assert "Bưởi" not in question.message.vi + question.message.en + repr(question)


def test_a_parent_and_a_level_make_a_name_certain() -> None:
    assert isinstance(names().find("Tân Lập"), AreaQuestion)
    match = names(within=["68"]).find("Tân Lập")
    assert isinstance(match, AreaMatch)
    assert match.area.code == "23303"
    village = names(within=["22924"], level=AreaLevel.VILLAGE).find("KP3")
    assert isinstance(village, AreaMatch)
    assert village.area.code == "v1"
    elsewhere = names(within=["79"]).find("Phường Phú Thủy")
    assert isinstance(elsewhere, AreaQuestion)
    assert elsewhere.reason is QuestionReason.OUTSIDE


@pytest.mark.parametrize(
    ("written", "code", "is_part"),
    [
        ("Phường Bình Hưng", "22945", True),
        ("P. Lạc Đạo (cũ)", "22945", True),
        ("Phường Bình Hưng, TP Phan Thiết, tỉnh Bình Thuận", "22945", True),
        ("TT. Phú Long", "23053", False),
        ("P. Kim Dinh, TP Bà Rịa, tỉnh Bà Rịa - Vũng Tàu", "26561", False),
        ("P. Kim Dinh - TP Bà Rịa - tỉnh Bà Rịa-Vũng Tàu", "26561", False),
    ],
)
def test_an_old_name_is_followed_through_the_changes(
    written: str, code: str, is_part: bool
) -> None:
    match = names(changes=CHANGES).find(written)
    assert isinstance(match, AreaMatch), match
    assert (match.area.code, match.reading) == (code, AreaReading.OLD)
    assert match.was is not None
    assert match.is_part is is_part


def test_a_divided_area_is_a_question_with_its_parts() -> None:
    question = names(changes=CHANGES).find("Xã Thiện Nghiệp")
    assert isinstance(question, AreaQuestion)
    assert question.reason is QuestionReason.DIVIDED
    assert {candidate.code for candidate in question.candidates} == {"22945", "22924"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("HỘI KHUYẾN HỌC PHƯỜNG PHÚ THỦY - TỈNH LÂM ĐỒNG", "22924"),
        ("UBND XÃ HÒA THẮNG NĂM 2025", "23053"),
        ("12_xa_Hoa_Thang", "23053"),
        ("BÁO CÁO XÂY DỰNG XÃ HỘI HỌC TẬP CỦA P. PHÚ THỦY", "22924"),
        ("TỈNH LÂM ĐỒNG", "68"),
    ],
)
def test_a_title_line_names_its_area(text: str, code: str) -> None:
    match = names().mentioned(text)
    assert isinstance(match, AreaMatch), match
    assert match.area.code == code


@pytest.mark.parametrize(
    "text", ["BÁO CÁO XÂY DỰNG XÃ HỘI HỌC TẬP NĂM 2025", "", "Biểu 1", "Đơn vị: hộ"]
)
def test_a_line_without_an_area_names_none(text: str) -> None:
    assert names().mentioned(text) is None


def test_a_title_line_with_two_communes_is_a_question() -> None:
    question = names().mentioned("Phường Phú Thủy và xã Hòa Thắng")
    assert isinstance(question, AreaQuestion)
    assert {area.code for area in question.candidates} == {"22924", "23053"}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("22924", "Phường Phú Thủy"),
        ("22924", "phu thuy"),
        ("22924", "P. Phú Thuỷ, TP Phan Thiết"),
        ("22924", "tỉnh Lâm Đồng, P. Phú Thuỷ"),
        ("22924", ""),
        ("68", "Lâm Đồng"),
    ],
)
def test_a_name_that_fits_its_code_is_no_question(code: str, name: str) -> None:
    assert names().check(code, name) is None


@pytest.mark.parametrize(
    ("code", "name", "reason", "codes"),
    [
        ("22945", "Phường Lạc Đạo", "old_code", {"22945"}),
        ("22924", "Xã Hòa Thắng", "code_and_name", {"22924", "23053"}),
        ("22924", "Xã Phú Thủy", "code_and_name", {"22924"}),
        ("68", "Phường Phú Thuỷ, tỉnh Lâm Đồng", "code_and_name", {"68", "22924"}),
        ("22945", "Phường Phan Thiết (cũ)", "code_and_name", {"22945"}),
    ],
)
def test_a_code_that_contradicts_its_name_is_a_question(
    code: str, name: str, reason: str, codes: set[str]
) -> None:
    question = names().check(code, name)
    assert question is not None
    assert (question.reason.value, question.code) == (reason, code)
    assert {candidate.code for candidate in question.candidates} == codes


def test_ten_thousand_rows_are_read_fast() -> None:
    communes = [
        now(f"{10000 + number}", f"Xã Bình {number % 700} Thạnh {number}", "68")
        for number in range(3_000)
    ]
    finder = AreaNames(AreaTree([TREE.on(DAY)["68"], *communes]))
    start = perf_counter()
    for number in range(10_000):
        finder.find(f"X. bình {number % 700} thạnh {number}")
    assert perf_counter() - start < 20
