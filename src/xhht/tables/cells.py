"""Converts cells of a workbook to texts that inputs are read from, or to an error code.

A workbook stores numbers, truths and dates with their types. All are converted to text in the
format of the texts of the same column, so that a column may mix both; a column with a single type
gets that type back at the end.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum, auto
from fractions import Fraction
from typing import Any

from xhht.errors import NumberFormatError
from xhht.numbers import Convention, parse_percent
from xhht.rules.inputs import Input, InputType
from xhht.text import normalize_text

__all__ = ["CellKind", "ColumnCells", "UnreadableCellError"]

_MAX_CODE = 10**15
"""A workbook keeps 15 digits of a number."""

_QUOTED = re.compile(r'"[^"]*"|\\.')
_ZEROS = re.compile("0+")
_PERCENT_PLACES = re.compile(r"[0#]\.([0#]+)%")


class CellKind(IntEnum):
    """The stored type of a cell; in a column of shares, the format of the share."""

    TEXT = auto()
    NUMBER = auto()
    TRUTH = auto()
    DAY = auto()
    PLAIN_SHARE = auto()
    """A number without percent format."""
    LARGE_SHARE = auto()
    """The same, but larger than the maximum of the share."""


class UnreadableCellError(Exception):
    """A cell that cannot be read; `code` is the error code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ColumnCells:
    """Reads the cells of one column.

    Args:
        declared: the input that the column holds, or None.
        is_code: whether its cells are codes, which are always text.
        is_percent: whether its cells are percentages, which are read as they are shown.
        is_used: whether an unreadable cell makes its row invalid.
        numbers: the number format of its texts.

    Attributes:
        kind: the kind of the input, or None.
    """

    def __init__(
        self,
        declared: Input | None,
        *,
        is_code: bool,
        is_used: bool,
        numbers: Convention,
        is_percent: bool = False,
    ) -> None:
        self._declared = declared
        self.kind = declared.kind if declared else None
        self.is_code = is_code
        self._is_percent = is_percent
        self._sign = "," if numbers is Convention.VI else "."
        self.is_used = is_used

    def read(self, cell: Any) -> tuple[str | None, CellKind]:
        """Return the text of a cell, None if it is blank, and its stored type.

        Raises:
            UnreadableCellError: it holds an error, or a percentage but the input is not a share.
        """
        value = cell.value
        if isinstance(value, str):
            return self._text(value, cell.data_type)
        if isinstance(value, bool):
            return str(value).lower(), CellKind.TRUTH
        if isinstance(value, int | float):
            return self._number(value, cell)
        if isinstance(value, date | time) and self.is_code:
            raise UnreadableCellError("day_in_code")
        if isinstance(value, datetime):
            value = value.date()  # an hour does not count
        if isinstance(value, date):
            return value.isoformat(), CellKind.DAY
        return str(value), CellKind.TEXT

    def _text(self, value: str, data_type: str) -> tuple[str | None, CellKind]:
        if data_type == "e" and self.is_used:
            raise UnreadableCellError("error_value")
        text = normalize_text(value)
        if self.kind is InputType.SHARE and not text.endswith("%"):
            with suppress(NumberFormatError):  # other texts are rejected when they are typed
                return text, self._share(parse_percent(text)[0])
        return text or None, CellKind.TEXT

    def _number(self, value: int | float, cell: Any) -> tuple[str, CellKind]:
        # A workbook shows 15 digits; further digits of a double are rounding noise.
        written = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
        digits = f"{written:f}"
        look = cell.number_format if cell.has_style else "General"
        if self.is_code:
            if abs(written) >= _MAX_CODE:
                raise UnreadableCellError("long_code")
            code = digits.zfill(len(look)) if _ZEROS.fullmatch(look) else digits
            return code, CellKind.TEXT
        in_percent = "%" in _QUOTED.sub("", look)
        if in_percent and self._is_percent:
            return _shown_percent(written, look).replace(".", self._sign), CellKind.TEXT
        if self.kind is InputType.SHARE:
            return digits, CellKind.TEXT if in_percent else self._share(Fraction(written))
        if in_percent and self.is_used:
            raise UnreadableCellError("percent_format")
        return digits.replace(".", self._sign), CellKind.NUMBER

    def _share(self, number: Fraction) -> CellKind:
        assert self._declared is not None
        largest = self._declared.number(self._declared.maximum)
        return CellKind.LARGE_SHARE if number > largest else CellKind.PLAIN_SHARE


def _shown_percent(written: Decimal, look: str) -> str:
    """Return a percentage with the decimals of its format, as the workbook shows it."""
    places = _PERCENT_PLACES.search(look)
    step = Decimal(1).scaleb(-len(places[1]) if places else 0)
    return f"{(written * 100).quantize(step, ROUND_HALF_UP):f}%"
