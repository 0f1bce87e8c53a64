"""Column headings of scoring forms, in Vietnamese and English."""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction

from xhht.text import canonical_key, normalize_text

__all__ = ["HEADINGS", "ColumnKind", "is_total", "kind_of", "points_in", "without_brackets"]


class ColumnKind(StrEnum):
    """The content of a form column."""

    NUMBER = "number"
    CRITERION = "criterion"
    INDICATOR = "indicator"
    POINTS = "points"
    CONDITION = "condition"


_NAMES = {
    kind: names.split("; ")
    for kind, names in (
        (ColumnKind.NUMBER, "stt; tt; số tt; số thứ tự; mã; mục; no; no.; id; code"),
        (
            ColumnKind.CRITERION,
            "tiêu chí; tên tiêu chí; nội dung; nội dung tiêu chí; nội dung đánh giá; "
            "tiêu chí / chỉ số; criterion; criteria; criterion / indicator; content",
        ),
        (
            ColumnKind.INDICATOR,
            "chỉ số; chỉ tiêu; tiêu chí thành phần; nội dung chỉ số; nội dung chỉ tiêu; "
            "indicator; indicators",
        ),
        (
            ColumnKind.POINTS,
            "điểm tối đa; số điểm tối đa; điểm chuẩn; thang điểm; số điểm; điểm; "
            "maximum points; max points; max. points; maximum score; maximum; points",
        ),
        (
            ColumnKind.CONDITION,
            "điều kiện; điều kiện đạt; cách tính; cách tính điểm; cách chấm; cách chấm "
            "điểm; hướng dẫn chấm; yêu cầu; condition; conditions; how scored; scoring",
        ),
    )
}
_KINDS = {canonical_key(name): kind for kind, names in _NAMES.items() for name in names}
_RANKS = {canonical_key(name): rank for names in _NAMES.values() for rank, name in enumerate(names)}

HEADINGS = tuple(name for names in _NAMES.values() for name in names)
"""All known headings."""

_BRACKETS = re.compile(r"\([^)]*\)|[:*]")
_TOTALS = re.compile(r"(tong|tong cong|tong diem|tong so|cong|total|sum|grand total)( diem)?:?")
_POINTS = re.compile(
    r"(?:toi da|maximum|max\.?)?\s*(-?[0-9]+(?:[.,][0-9]+)?)\s*(?:diem|d|points?|pts?)?\.?"
)


def without_brackets(text: str) -> str:
    """Return a heading without its bracketed part: `Điểm tối đa (100)`."""
    return normalize_text(_BRACKETS.sub(" ", text))


def kind_of(heading: str) -> tuple[ColumnKind, int] | None:
    """Return the content of a column, and the rank of its heading; 0 is the most specific."""
    key = canonical_key(without_brackets(heading))
    return (_KINDS[key], _RANKS[key]) if key in _KINDS else None


def is_total(text: str) -> bool:
    """Return whether a text marks a totals row.

    >>> is_total("TỔNG CỘNG:"), is_total("Cộng đồng học tập")
    (True, False)
    """
    return bool(_TOTALS.fullmatch(canonical_key(without_brackets(text)).replace("_", " ")))


def points_in(value: object) -> Fraction | None:
    """Return the points in a cell, None if it contains no number or several.

    >>> points_in("Tối đa 7,5 điểm"), points_in(10), points_in("5-10") is None
    (Fraction(15, 2), Fraction(10, 1), True)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return Fraction(str(value)) if value == value and abs(value) < 10**9 else None
    text = (
        canonical_key(str(value)).replace("_", " ")
        if not str(value).startswith("-")
        else str(value)
    )
    match = _POINTS.fullmatch(text.strip())
    return Fraction(match[1].replace(",", ".")) if match else None
