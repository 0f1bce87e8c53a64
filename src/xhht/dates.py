"""Days as written in files, and calendar months as the law counts validity."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from xhht.text import Text, plural

__all__ = [
    "ISO_DAY_PATTERN",
    "add_months",
    "day_text",
    "earliest_within",
    "iso_day",
    "months_before",
    "months_text",
]

ISO_DAY_PATTERN: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
"""The pattern of a day in files, as regular expression and JSON Schema."""

_ISO_DAY = re.compile(ISO_DAY_PATTERN)


def iso_day(text: str) -> date:
    """Return the day written as `2024-12-31`; raises ValueError for any other form.

    `date.fromisoformat` also accepts `20241231` and weeks.
    """
    if not _ISO_DAY.fullmatch(text):
        raise ValueError
    return date.fromisoformat(text)


def day_text(day: date) -> Text:
    """Return a day in the format of each language.

    >>> day_text(date(2024, 12, 31)).get("vi"), day_text(date(2024, 12, 31)).get("en")
    ('31/12/2024', '2024-12-31')
    """
    return Text(vi=f"{day.day:02}/{day.month:02}/{day.year:04}", en=day.isoformat())


def months_text(months: int) -> Text:
    """Return a number of months in words.

    >>> months_text(1).en, months_text(12).en
    ('1 month', '12 months')
    """
    return Text(vi=f"{months} tháng", en=f"{months} {plural(months, 'month', 'months')}")


def add_months(day: date, months: int) -> date:
    """Return the day `months` calendar months later, or earlier if negative.

    A day that the month does not have becomes its last day; dates outside the calendar become its
    first or last day.

    >>> add_months(date(2024, 1, 31), 1), add_months(date(2024, 2, 12), 36)
    (datetime.date(2024, 2, 29), datetime.date(2027, 2, 12))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year < 1:
        return date.min
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_before(day: date, months: int) -> date:
    """Return the latest day from which `months` calendar months have passed on `day`.

    `since <= months_before(day, months)` is equivalent to `add_months(since, months) <= day`.

    >>> months_before(date(2025, 2, 28), 12), months_before(date(2025, 3, 30), 1)
    (datetime.date(2024, 2, 29), datetime.date(2025, 2, 28))
    """
    earlier = add_months(day, -months)
    if day.day < monthrange(day.year, day.month)[1]:
        return earlier
    # Later days of the earlier month also map to the last day of this one.
    return earlier.replace(day=monthrange(earlier.year, earlier.month)[1])


def earliest_within(months: int, day: date) -> date:
    """Return the earliest day that is at most `months` calendar months before `day`.

    `dated >= earliest_within(months, day)` is equivalent to `add_months(dated, months) >= day`:
    the last day of a period still belongs to it.

    >>> earliest_within(12, date(2024, 12, 31)), earliest_within(1, date(2025, 3, 31))
    (datetime.date(2023, 12, 31), datetime.date(2025, 3, 1))
    """
    earliest = add_months(day, -months)
    if add_months(earliest, months) >= day:
        return earliest
    return earliest + timedelta(days=1)
