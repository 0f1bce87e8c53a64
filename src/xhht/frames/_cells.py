"""Cells of a workbook as texts that the profile's inputs are read from, or why they cannot be.

A workbook keeps numbers, truths and days as such. All become text here, in the writing that texts
of the same column have, so that a column may hold both; what is of one type all the way down gets
that type back at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum, auto
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from xhht.errors import NumberFormatError
from xhht.exact import Convention, parse_percent
from xhht.rules.inputs import Input, InputType
from xhht.text import normalize_text

if TYPE_CHECKING:
    import polars as pl

__all__ = ["UnreadableCellError", "CellKind", "ColumnCells"]

_QUOTED = re.compile(r'"[^"]*"|\\.')
_ZEROS = re.compile("0+")


class CellKind(Enum):
    """What a workbook keeps a cell as."""

    TEXT = auto()
    NUMBER = auto()
    TRUTH = auto()
    DAY = auto()


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
        numbers: how its texts write numbers.

    Attributes:
        is_used: whether a cell that cannot be read makes its row one that cannot be.
    """

    def __init__(self, declared: Input | None, *, is_code: bool, numbers: Convention) -> None:
        self._declared = declared
        self._is_code = is_code
        self._sign = "," if numbers is Convention.VI else "."
        self._kinds: set[CellKind] = set()
        self._plain_shares: list[int] = []
        self._is_in_percent = False
        self.is_used = declared is not None or is_code

    def read(self, cell: Any, place: int) -> str | None:
        """Return the text of a cell, None where it is blank.

        Args:
            cell: a cell of a worksheet that is only read.
            place: where the row stands among those that are read.

        Raises:
            UnreadableCellError: the cell holds an error, or a percentage where no share is asked for.
        """
        value = cell.value
        if isinstance(value, str):
            return self._text(value, cell.data_type, place)
        if isinstance(value, bool):
            return self._seen(CellKind.TRUTH, str(value).lower())
        if isinstance(value, int | float):
            return self._seen(CellKind.NUMBER, self._number(value, cell, place))
        if isinstance(value, datetime) and value.time() == time():
            return self._seen(CellKind.DAY, value.date().isoformat())
        if isinstance(value, date) and not isinstance(value, datetime):
            return self._seen(CellKind.DAY, value.isoformat())
        return self._seen(CellKind.TEXT, str(value))

    def ambiguous(self) -> Iterator[int]:
        """Yield the places of numbers that may be shares or percentages.

        Where one number of a column is too large for a share, its others may be percentages too.
        """
        if self._is_in_percent:
            yield from self._plain_shares

    def typed(self, texts: pl.Series) -> pl.Series:
        """Return what was read with the type that all cells have, as text where they differ."""
        import polars as pl

        if self._is_code or len(self._kinds) != 1:
            return texts
        (kind,) = self._kinds
        wanted = self._declared.kind if self._declared else None
        if kind is CellKind.TRUTH and wanted in (None, InputType.BOOL):
            return texts == "true"
        if kind is CellKind.DAY and wanted in (None, InputType.DATE):
            return texts.str.to_date("%Y-%m-%d")
        if kind is not CellKind.NUMBER or not (wanted is None or wanted.numeric):
            return texts
        plain = texts.str.replace(",", ".", literal=True)
        whole = plain.cast(pl.Int64, strict=False)
        return whole if whole.null_count() == texts.null_count() else plain.cast(pl.Float64)

    def _seen(self, kind: CellKind, text: str) -> str:
        self._kinds.add(kind)
        return text

    def _text(self, value: str, data_type: str, place: int) -> str | None:
        if data_type == "e" and self.is_used:
            raise UnreadableCellError("error_value")
        text = normalize_text(value)
        if not text:
            return None
        if self._is_share() and not text.endswith("%"):
            with suppress(NumberFormatError):  # what is no number is refused when it is typed
                self._note_share(parse_percent(text)[0], place)
        return self._seen(CellKind.TEXT, text)

    def _number(self, value: int | float, cell: Any, place: int) -> str:
        # A workbook shows 15 digits; what a double has beyond them nobody wrote.
        written = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
        digits = f"{written:f}"
        look = cell.number_format if cell.has_style else "General"
        if self._is_code:
            return digits.zfill(len(look)) if _ZEROS.fullmatch(look) else digits
        in_percent = "%" in _QUOTED.sub("", look)
        if self._is_share():
            if not in_percent:
                self._note_share(Fraction(written), place)
        elif in_percent and self._declared is not None:
            raise UnreadableCellError("percent_format")
        return digits.replace(".", self._sign)

    def _is_share(self) -> bool:
        return self._declared is not None and self._declared.kind is InputType.SHARE

    def _note_share(self, number: Fraction, place: int) -> None:
        assert self._declared is not None
        self._plain_shares.append(place)
        self._is_in_percent |= number > self._declared.number(self._declared.high)
