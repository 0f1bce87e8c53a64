"""Registrations and recognitions: their fields, and the months for which a title holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from xhht.domain import Recognition, Registration, Title, ValidityStart, from_dict, to_dict
from xhht.errors import DomainError


def recognition(**given: Any) -> Recognition:
    fields: dict[str, Any] = {
        "title": Title.LEARNING_UNIT,
        "subject": "u1",
        "decided_on": date(2024, 1, 31),
        "document": "12/QĐ-UBND",
        "authority": "UBND huyện Tuy Phong",
    }
    return Recognition(**{**fields, **given})


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
        ("for_year", 23),
        ("for_year", "2023"),
        ("counted_from", "end_of_year"),
        ("revoked_on", datetime(2024, 2, 1)),
        ("revoked_by", 12),
    ],
)
def test_a_faulty_field_of_a_recognition_is_named(field: str, value: object) -> None:
    with pytest.raises(DomainError, match=f"^{field}: "):
        recognition(**{field: value})


def test_months_are_counted_from_the_end_of_the_year_where_the_decision_says_so() -> None:
    given = {"decided_on": date(2025, 3, 20), "for_year": 2024, "valid_months": 36}
    by_year = recognition(counted_from=ValidityStart.END_OF_YEAR, **given)
    assert by_year.valid_until == date(2028, 1, 1)
    assert not by_year.holds_on(date(2025, 3, 19))
    assert recognition(**given).valid_until == date(2028, 3, 20)


def test_a_withdrawn_decision_holds_until_its_withdrawal() -> None:
    withdrawn = recognition(valid_months=12, revoked_on=date(2024, 6, 1), revoked_by="9 / QD-UBND")
    assert withdrawn.revoked_by == "9/QĐ-UBND"
    assert withdrawn.holds_on(date(2024, 5, 31))
    assert not withdrawn.holds_on(date(2024, 6, 1))
    assert recognition(revoked_on=date(2024, 6, 1)).valid_until == date(2024, 6, 1)
    assert not recognition(revoked_on=date(2024, 1, 31)).holds_on(date(2024, 1, 31))


def test_a_withdrawal_after_the_months_are_over_does_not_lengthen_them() -> None:
    assert recognition(valid_months=1, revoked_on=date(2025, 1, 1)).valid_until == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("for_year", {"for_year": 2025}),
        ("for_year", {"counted_from": ValidityStart.END_OF_YEAR}),
        (
            "valid_months",
            {"counted_from": ValidityStart.END_OF_YEAR, "for_year": 2022, "valid_months": 12},
        ),
        ("revoked_on", {"revoked_on": date(2024, 1, 30)}),
        ("revoked_on", {"revoked_by": "9/QĐ-UBND"}),
    ],
)
def test_days_that_contradict_each_other_are_refused(field: str, given: dict[str, Any]) -> None:
    with pytest.raises(DomainError, match=f"^{field}: "):
        recognition(**given)


def test_a_recognition_is_read_back_with_its_year_and_withdrawal() -> None:
    full = recognition(
        for_year=2023,
        counted_from=ValidityStart.END_OF_YEAR,
        valid_months=36,
        revoked_on=date(2025, 1, 1),
        revoked_by="9/QĐ-UBND",
    )
    plain = to_dict(full)
    assert (plain["counted_from"], plain["revoked_on"]) == ("end_of_year", "2025-01-01")
    assert from_dict(Recognition, plain) == full


@pytest.mark.parametrize("year", [23, 999, 10000, True, "2023", 2023.0, None])
def test_a_year_has_four_digits(year: Any) -> None:
    with pytest.raises(DomainError, match=r"^year: "):
        Registration(Title.LEARNING_CITIZEN, "c1", year)
    assert Registration(Title.LEARNING_CITIZEN, "c1", 2023).year == 2023
