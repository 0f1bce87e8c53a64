"""Registrations and recognitions: their fields, and the months for which a title holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from xhht.domain import Recognition, Registration, Title
from xhht.errors import DomainError


def recognition(**given: Any) -> Recognition:
    whole: dict[str, Any] = {
        "title": Title.LEARNING_UNIT,
        "subject": "u1",
        "decided_on": date(2024, 1, 31),
        "document": "12/QĐ-UBND",
        "authority": "UBND huyện Tuy Phong",
    }
    return Recognition(**{**whole, **given})


def test_a_recognition_holds_from_its_day_up_to_the_end_of_its_months() -> None:
    limited = recognition(valid_months=1)
    assert limited.valid_until == date(2024, 2, 29)
    days = (date(2024, 1, 30), date(2024, 1, 31), date(2024, 2, 28), date(2024, 2, 29))
    assert [limited.holds_on(day) for day in days] == [False, True, True, False]


def test_a_day_that_the_last_month_lacks_becomes_its_last() -> None:
    leap = recognition(decided_on=date(2024, 2, 29), valid_months=12)
    assert leap.valid_until == date(2025, 2, 28)


def test_a_recognition_without_months_holds_on() -> None:
    assert recognition().valid_until is None
    assert recognition().holds_on(date.max)


def test_a_time_of_day_is_refused_where_a_day_is_asked() -> None:
    with pytest.raises(DomainError, match="without a time"):
        recognition().holds_on(datetime(2024, 2, 1))


def test_the_number_of_the_decision_is_tidied() -> None:
    assert recognition(document="Số: 12 / QD-UBND").document == "12/QĐ-UBND"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "learning_unit"),
        ("subject", 12),
        ("decided_on", datetime(2024, 1, 31)),
        ("document", ""),
        ("document", None),
        ("authority", ""),
        ("level", ""),
        ("level", 1),
        ("valid_months", 0),
        ("valid_months", True),
        ("valid_months", 36.0),
        ("valid_months", 1201),
    ],
)
def test_a_faulty_field_of_a_recognition_is_named(field: str, value: object) -> None:
    with pytest.raises(DomainError, match=f"^{field}: "):
        recognition(**{field: value})


@pytest.mark.parametrize("year", [23, 999, 10000, True, "2023", 2023.0, None])
def test_a_year_has_four_digits(year: Any) -> None:
    with pytest.raises(DomainError, match=r"^year: "):
        Registration(Title.LEARNING_CITIZEN, "c1", year)
    assert Registration(Title.LEARNING_CITIZEN, "c1", 2023).year == 2023
