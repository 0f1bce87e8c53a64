"""Days as files write them, and months as the law counts them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from xhht.dates import add_months, day_text, iso_day, months_before, months_text


def test_a_day_is_written_in_one_form_alone() -> None:
    assert iso_day("2024-12-31") == date(2024, 12, 31)
    for text in ("20241231", "2024-W01-1", "31/12/2024", "2024-12-31 ", "2024-02-30", "٢٠٢٤-12-31"):
        with pytest.raises(ValueError):
            iso_day(text)


def test_a_day_in_both_languages() -> None:
    assert day_text(date(2024, 2, 3)).vi == "03/02/2024"
    assert day_text(date(2024, 2, 3)).en == "2024-02-03"
    assert months_text(1).vi == "1 tháng"


def test_a_month_that_lacks_the_day_ends_on_its_last() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2023, 1, 31), 1) == date(2023, 2, 28)
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)


def test_months_outside_the_calendar_end_at_its_ends() -> None:
    assert add_months(date(9999, 6, 1), 12) == date.max
    assert add_months(date(1, 6, 1), -12) == date.min


@pytest.mark.parametrize("months", [0, 1, 6, 12, 13])
def test_the_latest_day_from_which_months_have_passed(months: int) -> None:
    for ahead in range(0, 800, 3):
        day = date(2023, 1, 1) + timedelta(ahead)
        latest = months_before(day, months)
        assert add_months(latest, months) <= day < add_months(latest + timedelta(1), months)
