"""Calendar months as formulas: which day lies some months before another."""

from __future__ import annotations

from datetime import date

import z3

from xhht.proving._encoding import Formula

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Calendar:
    """A day between two others, as the solver may choose it.

    Attributes:
        day: its ordinal.
        rules: what ties the formulas together.
    """

    def __init__(self, first: date, last: date) -> None:
        self.day = z3.Int("as_of")
        self._months = z3.Int("as_of.months")
        self._in_month = z3.Int("as_of.day")
        self.rules: list[Formula] = [
            self.day >= first.toordinal(),
            self.day <= last.toordinal(),
        ]
        self._is_tied = False

    def months_before(self, months: int) -> Formula:
        """Return the ordinal that `xhht.dates.months_before` returns."""
        if months == 0:
            return self.day
        self._tie()
        earlier = self._months - months
        here, there = _length(self._months), _length(earlier)
        day = z3.If(
            self._in_month < here, z3.If(self._in_month < there, self._in_month, there), there
        )
        return _before_month(earlier) + day

    def _tie(self) -> None:
        """Let year, month and day be those of the ordinal."""
        if self._is_tied:
            return
        self._is_tied = True
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
    for at in range(10, -1, -1):
        length = z3.If(month == at, _LENGTHS[at], length)
    return z3.If(z3.And(month == 1, _is_leap(months / 12)), 29, length)


def _before_month(months: Formula) -> Formula:
    """Return the ordinal of the last day before a month."""
    year, month = months / 12, months % 12
    before = year - 1
    begun: Formula = z3.IntVal(sum(_LENGTHS[:11]))
    for at in range(10, -1, -1):
        begun = z3.If(month == at, sum(_LENGTHS[:at]), begun)
    leap = z3.If(z3.And(month >= 2, _is_leap(year)), 1, 0)
    return 365 * before + before / 4 - before / 100 + before / 400 + begun + leap
