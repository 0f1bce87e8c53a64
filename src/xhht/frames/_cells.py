"""Cells of a workbook as texts that the profile's inputs are read from, or why they cannot be.

A workbook keeps numbers, truths and days as such. All become text here, in the writing that texts
of the same column have, so that a column may hold both; what is of one type all the way down gets
that type back at the end.
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
from xhht.exact import Convention, parse_percent
from xhht.rules.inputs import Input, InputType
from xhht.text import normalize_text

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CellKind", "ColumnCells", "UnreadableCellError"]

_QUOTED = re.compile(r'"[^"]*"|\\.')
_ZEROS = re.compile("0+")


class CellKind(IntEnum):
    """What a workbook keeps a cell as; in a column of shares, how the share is written."""

    TEXT = auto()
    NUMBER = auto()
    TRUTH = auto()
    DAY = auto()
    PLAIN_SHARE = auto()
    """A number that shows no percent sign."""
    LARGE_SHARE = auto()
    """The same, and too large for the share that is asked for."""


class UnreadableCellError(Exception):
    """A cell that cannot be read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ColumnCells:
    """Reads the cells of one column.

    Args:
        declared: the input that the column tells, or None.
        is_code: whether its cells are codes, which are text whatever they look like.
        is_used: whether a row cannot be when its cell cannot be read.
        numbers: how its texts write numbers.
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
        """Return the text of a cell, None where it is blank, and what it was kept as.

        Raises:
            UnreadableCellError: it holds an error, or a percentage where no share is asked for.
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

    def typed(self, texts: pl.Series, kinds: Collection[int], judged: pl.Series) -> pl.Series:
        """Return what was read with the type that all cells have, as text where they differ.

        Args:
            texts: what was read.
            kinds: what the cells of subjects were kept as.
            judged: whether each row is a subject; cells of other rows are null if of another type.
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
        is_integer = (integers.is_not_null() | texts.is_null() | ~judged).all()
        return integers if is_integer else plain.cast(pl.Float64, strict=False)

    def _text(self, value: str, data_type: str) -> tuple[str | None, CellKind]:
        if data_type == "e" and self.is_used:
            raise UnreadableCellError("error_value")
        text = normalize_text(value)
        if self._kind is InputType.SHARE and not text.endswith("%"):
            with suppress(NumberFormatError):  # what is no number is refused when it is typed
                return text, self._share(parse_percent(text)[0])
        return text or None, CellKind.TEXT

    def _number(self, value: int | float, cell: Any) -> tuple[str, CellKind]:
        # A workbook shows 15 digits; what a double has beyond them nobody wrote.
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
        largest = self._declared.number(self._declared.high)
        return CellKind.LARGE_SHARE if number > largest else CellKind.PLAIN_SHARE
