"""Converts cells of a workbook to texts that inputs are read from, or to an error code.

A workbook stores numbers, truths and dates with their types. All are converted to text in the
format of the texts of the same column, so that a column may mix both; a column with a single type
gets that type back at the end.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from enum import IntEnum, auto
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from xhht.errors import NumberFormatError
from xhht.numbers import Convention, parse_percent
from xhht.rules.inputs import Input, InputType
from xhht.text import normalize_text

if TYPE_CHECKING:
    import polars as pl


_QUOTED = re.compile(r'"[^"]*"|\\.')
_ZEROS = re.compile("0+")


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
        is_used: whether an unreadable cell makes its row invalid.
        numbers: the number format of its texts.
    """

    def __init__(
        self, declared: Input | None, *, is_code: bool, is_used: bool, numbers: Convention
    ) -> None:
        self._declared = declared
        self._kind = declared.kind if declared else None
        self._is_code = is_code
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
        if isinstance(value, datetime):
            if value.time() != time():
                return value.isoformat(" "), CellKind.TEXT
            value = value.date()
        if isinstance(value, date):
            return value.isoformat(), CellKind.DAY
        return str(value), CellKind.TEXT

    def typed(self, texts: pl.Series, kinds: Collection[int], is_subject: pl.Series) -> pl.Series:
        """Return texts converted to the common type of all cells; unchanged if the types differ.

        Args:
            texts: the texts of the cells.
            kinds: the stored types of the cells of subjects.
            is_subject: whether each row is a subject; cells of other rows become null if they have
                another type.
        """
        import polars as pl

        if self._is_code or len(kinds) != 1:
            return texts
        (kind,) = kinds
        if kind == CellKind.TRUTH and self._kind in (None, InputType.BOOL):
            return texts == "true"
        if kind == CellKind.DAY and self._kind in (None, InputType.DATE):
            return texts.str.to_date("%Y-%m-%d", strict=False)
        if kind != CellKind.NUMBER or not (self._kind is None or self._kind.numeric):
            return texts
        plain = texts.str.replace(",", ".", literal=True)
        integers = plain.cast(pl.Int64, strict=False)
        is_integer = (integers.is_not_null() | texts.is_null() | ~is_subject).all()
        return integers if is_integer else plain.cast(pl.Float64, strict=False)

    def _text(self, value: str, data_type: str) -> tuple[str | None, CellKind]:
        if data_type == "e" and self.is_used:
            raise UnreadableCellError("error_value")
        text = normalize_text(value)
        if self._kind is InputType.SHARE and not text.endswith("%"):
            with suppress(NumberFormatError):  # other texts are rejected when they are typed
                return text, self._share(parse_percent(text)[0])
        return text or None, CellKind.TEXT

    def _number(self, value: int | float, cell: Any) -> tuple[str, CellKind]:
        # A workbook shows 15 digits; further digits of a double are rounding noise.
        written = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
        digits = f"{written:f}"
        look = cell.number_format if cell.has_style else "General"
        if self._is_code:
            code = digits.zfill(len(look)) if _ZEROS.fullmatch(look) else digits
            return code, CellKind.TEXT
        in_percent = "%" in _QUOTED.sub("", look)
        if self._kind is InputType.SHARE:
            return digits, CellKind.TEXT if in_percent else self._share(Fraction(written))
        if in_percent and self.is_used:
            raise UnreadableCellError("percent_format")
        return digits.replace(".", self._sign), CellKind.NUMBER

    def _share(self, number: Fraction) -> CellKind:
        assert self._declared is not None
        largest = self._declared.number(self._declared.maximum)
        return CellKind.LARGE_SHARE if number > largest else CellKind.PLAIN_SHARE
