"""Calendar months as formulas: the day that is some months before another."""

from __future__ import annotations

from datetime import date

import z3

from xhht.proving._encoding import Formula

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Calendar:
    """The day of evaluation as a variable between two dates.

    Attributes:
        day: its ordinal.
        rules: the constraints.
    """

    def __init__(self, first: date, last: date) -> None:
        self.day = z3.Int("as_of")
        self._months = z3.Int("as_of.months")
        self._in_month = z3.Int("as_of.day")
        self.rules: list[Formula] = [
            self.day >= first.toordinal(),
            self.day <= last.toordinal(),
        ]
        self._has_month_rules = False

    def months_before(self, months: int) -> Formula:
        """Return the ordinal that `xhht.dates.months_before` returns."""
        if months == 0:
            return self.day
        self._add_month_rules()
        earlier = self._months - months
        length, earlier_length = _length(self._months), _length(earlier)
        day = z3.If(
            self._in_month < length,
            z3.If(self._in_month < earlier_length, self._in_month, earlier_length),
            earlier_length,
        )
        return _before_month(earlier) + day

    def _add_month_rules(self) -> None:
        """Constrain year, month and day to those of the ordinal."""
        if self._has_month_rules:
            return
        self._has_month_rules = True
        self.rules += [
            self._in_month >= 1,
            self._in_month <= _length(self._months),
            self.day == _before_month(self._months) + self._in_month,
        ]


def _is_leap(year: Formula) -> Formula:
    return z3.And(year % 4 == 0, z3.Or(year % 100 != 0, year % 400 == 0))


def _length(months: Formula) -> Formula:
    """Return how many days a month has, counted from January of year 0."""
    month = months % 12
    length: Formula = z3.IntVal(_LENGTHS[11])
    for index in range(10, -1, -1):
        length = z3.If(month == index, _LENGTHS[index], length)
    return z3.If(z3.And(month == 1, _is_leap(months / 12)), 29, length)


def _before_month(months: Formula) -> Formula:
    """Return the ordinal of the last day before a month."""
    year, month = months / 12, months % 12
    full_years = year - 1
    days_in_year: Formula = z3.IntVal(sum(_LENGTHS[:11]))
    for index in range(10, -1, -1):
        days_in_year = z3.If(month == index, sum(_LENGTHS[:index]), days_in_year)
    leap = z3.If(z3.And(month >= 2, _is_leap(year)), 1, 0)
    return (
        365 * full_years
        + full_years / 4
        - full_years / 100
        + full_years / 400
        + days_in_year
        + leap
    )
