"""Legal bases: citations as they are really written, and the date that a number may lack."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from xhht.domain import LegalBasis, document_number
from xhht.errors import DomainError


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("25/2023/TT-BGDĐT", "25/2023/TT-BGDĐT"),
        ("Số: 25/2023/TT-BGDĐT", "25/2023/TT-BGDĐT"),
        ("số 25 / 2023 / TT - BGDDT", "25/2023/TT-BGDĐT"),
        ("25/2023/tt-bgdđt", "25/2023/TT-BGDĐT"),
        ("1373/QD-TTg", "1373/QĐ-TTg"),
        ("1373/QÐ-TTG", "1373/QĐ-TTg"),
        ("448/qd-khvn", "448/QĐ-KHVN"),
        ("278/2025/ND-CP", "278/2025/NĐ-CP"),
        ("202/2025/QH15", "202/2025/QH15"),
        ("16/2014/TTLT-BGDDT-BTC", "16/2014/TTLT-BGDĐT-BTC"),
        ("01-KH/BCĐTW", "01-KH/BCĐTW"),
        ("12/HD-UBND", "12/HD-UBND"),
        ("Bản quy định cũ", "Bản quy định cũ"),
    ],
)
def test_a_number_is_brought_to_its_usual_form(written: str, number: str) -> None:
    assert document_number(written) == number
    assert document_number(number) == number


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        (
            "điểm a khoản 2 Điều 5 Thông tư số 25/2023/TT-BGDĐT ngày 27 tháng 12 năm 2023",
            LegalBasis(
                document="25/2023/TT-BGDĐT",
                issued=date(2023, 12, 27),
                article="5",
                clause="2",
                point="a",
            ),
        ),
        (
            "Quyết định số 448/QD-KHVN - Bộ tiêu chí, ngày 01/12/2015",
            LegalBasis(document="448/QĐ-KHVN", issued=date(2015, 12, 1)),
        ),
        (
            "1671 / NQ-UBTVQH15 ngày 16-6-2025, điều 3",
            LegalBasis(document="1671/NQ-UBTVQH15", issued=date(2025, 6, 16), article="3"),
        ),
        ("QĐ 387/QĐ-TTg (25.3.2022)", LegalBasis(document="387/QĐ-TTg", issued=date(2022, 3, 25))),
        ("Luật 91/2025/QH15", LegalBasis(document="91/2025/QH15")),
        (
            "ĐIỂM Đ KHOẢN 1 ĐIỀU 12a Nghị định 30/2020/NĐ-CP",
            LegalBasis(document="30/2020/NĐ-CP", article="12a", clause="1", point="đ"),
        ),
    ],
)
def test_a_citation_is_read_and_written_back(cited: str, expected: LegalBasis) -> None:
    assert LegalBasis.parse(cited) == expected
    assert LegalBasis.parse(expected.citation.vi) == expected


def test_a_citation_is_told_in_english_too() -> None:
    basis = LegalBasis.parse("khoản 2 Điều 5 Quyết định 448/QĐ-KHVN ngày 1/12/2015")
    assert basis.citation.en == "clause 2 Article 5 of 448/QĐ-KHVN of 2015-12-01"


def test_a_number_without_a_year_needs_the_day_of_issue() -> None:
    with pytest.raises(DomainError, match=r"^issued: ") as caught:
        LegalBasis(document="448/QĐ-KHVN")
    assert "ngày ban hành" in caught.value.message("vi")
    assert LegalBasis(document="448/QĐ-KHVN", issued=date(2015, 12, 1)).year == 2015
    assert LegalBasis(document="22/2020/TT-BGDĐT").year == 2020


def test_the_day_of_issue_lies_in_the_year_of_the_number() -> None:
    with pytest.raises(DomainError, match=r"^issued: "):
        LegalBasis(document="22/2020/TT-BGDĐT", issued=date(2021, 8, 6))


@pytest.mark.parametrize(
    "cited", ["", "28/7/2022", "Quyết định", "448/QĐ-KHVN ngày 31/2/2015", "x" * 5000, None]
)
def test_what_names_no_document_is_refused(cited: Any) -> None:
    with pytest.raises(DomainError):
        LegalBasis.parse(cited)


def test_force_is_known_only_where_its_dates_are() -> None:
    document = "22/2020/TT-BGDĐT"
    day = date(2020, 9, 21)
    assert LegalBasis(document=document).in_force_on(day) is None
    assert LegalBasis(document=document, effective_to=day).in_force_on(day) is False
    limited = LegalBasis(document=document, effective_from=day, effective_to=date(2024, 1, 1))
    days = (date(2020, 9, 20), day, date(2023, 12, 31), date(2024, 1, 1))
    assert [limited.in_force_on(one) for one in days] == [False, True, True, False]
    with pytest.raises(DomainError, match="without a time"):
        limited.in_force_on(datetime(2021, 1, 1))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("document", ""),
        ("document", 22),
        ("issuer", ""),
        ("issued", datetime(2020, 8, 6)),
        ("source", "www.example.vn"),
        ("source", "javascript:alert(1)"),
        ("source", "https://a b"),
        ("source", 1),
        ("article", 5),
        ("effective_to", date(2020, 9, 21)),
    ],
)
def test_a_faulty_field_of_a_basis_is_named(field: str, value: object) -> None:
    given: dict[str, Any] = {"document": "22/2020/TT-BGDĐT", "effective_from": date(2020, 9, 21)}
    with pytest.raises(DomainError, match=f"^{field}: "):
        LegalBasis(**{**given, field: value})
