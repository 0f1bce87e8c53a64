"""Checks that points and roundings are whole steps of the grid of points."""

from __future__ import annotations

from fractions import Fraction

from xhht.criteria.document import RoundingEntry
from xhht.criteria.recovery import CheckContext
from xhht.numbers import MAX_DIGITS, decimal_places, decimal_text
from xhht.rules.scoring import RoundingRule


class GridChecker:
    """Checks points against the grid of one file."""

    def __init__(self, grid: Fraction, report: CheckContext) -> None:
        self.grid = grid
        self._report = report

    def check_grid(self) -> None:
        """Check that the grid is a step above 0 with finitely many decimal places."""
        if self.grid <= 0 or decimal_places(self.grid) is None:
            self._report.report_error("XH317", "/grid")

    def check_points(self, number: Fraction | None, pointer: str) -> None:
        """Check that a number of points is on the grid and not too long."""
        if number is None or self.grid <= 0:
            return
        if (number / self.grid).denominator != 1:
            values = {"found": decimal_text(number), "grid": decimal_text(self.grid)}
            self._report.report_error("XH301", pointer, **values)
        too_long = len(decimal_text(abs(number)).replace(".", "")) > MAX_DIGITS - 3
        if too_long or self.is_too_long(number):
            self._report.report_error("XH302", pointer)

    def is_too_long(self, number: Fraction) -> bool:
        """Return whether results with this many points may exceed the supported digits."""
        return abs(number) >= Fraction(10**MAX_DIGITS) * self.grid

    def rounding(self, entry: RoundingEntry | None, pointer: str) -> RoundingRule | None:
        """Return the rounding at `pointer`, or None if it has no valid step."""
        if entry is None:
            return None
        if entry.step <= 0:
            self._report.report_error("XH317", f"{pointer}/step")
            return None
        self.check_points(entry.step, f"{pointer}/step")
        return RoundingRule(entry.step, entry.mode)
