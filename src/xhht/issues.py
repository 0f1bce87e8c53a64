"""Issues in rows of tables: stable codes, and their locations."""

from __future__ import annotations

from enum import StrEnum
from typing import TypedDict

from attrs import frozen

from xhht.errors import NumberFormatError
from xhht.numbers import MAX_DIGITS, Convention, parse_number
from xhht.text import Lang, Text

__all__ = ["FaultCode", "FileKind", "RowFault", "RowFaultDict", "parse_count"]


class FileKind(StrEnum):
    """The kind of file that a row belongs to."""

    COUNTS = "counts"
    AREAS = "areas"
    CHANGES = "changes"
    WEIGHTS = "weights"
    CANDIDATES = "candidates"
    CITIZENS = "citizens"
    HOUSEHOLDS = "households"
    CLANS = "clans"
    UNITS = "units"
    COMMUNITIES = "communities"
    DECISIONS = "decisions"

    @property
    def label(self) -> Text:
        """The display name of the table."""
        return _TABLES[self]


class FaultCode(StrEnum):
    """The stable codes of row issues."""

    BROKEN_ROW = "broken_row"
    """The row has more cells than the header has columns."""
    MISSING = "missing"
    """A required cell is blank."""
    NOT_A_COUNT = "not_a_count"
    """A text that is not a whole number in the requested number format."""
    NEGATIVE = "negative"
    """A count below 0."""
    ABOVE_WHOLE = "above_whole"
    """A count larger than the count it is part of."""
    UNKNOWN_AREA = "unknown_area"
    """The code is not in the table of areas."""
    FAULTY_AREA = "faulty_area"
    """An error in the table of areas excludes the row from the requested areas."""
    UNKNOWN_TITLE = "unknown_title"
    """No such title."""
    UNKNOWN_VERDICT = "unknown_verdict"
    """A verdict other than the three allowed."""
    NOT_YEARS = "not_years"
    """Years that are not written like 2021-2023 or 2021 2023."""
    OTHER_TITLE = "other_title"
    """A title other than that of the profile used to rank levels."""
    LEVEL_WITHOUT_RECOGNITION = "level_without_recognition"
    """A level with a verdict that is not `recognised`."""
    POINTS_RANGE = "points_range"
    """Points that are not a number, one without the other, or certain above possible."""
    DUPLICATE_KEY = "duplicate_key"
    """Duplicate rows for one area and title, or for one subject; all are excluded."""
    PARENT_DIFFERS = "parent_differs"
    """The count of an area differs from the sum of the areas below it."""
    INVALID_AREA = "invalid_area"
    """An area with an invalid code or name."""
    DUPLICATE_CODE = "duplicate_code"
    """Two areas with one code."""
    UNKNOWN_PARENT = "unknown_parent"
    """An area whose parent is not in the table."""
    UNKNOWN_LEVEL = "unknown_level"
    """An area with a level that does not exist."""
    WRONG_LEVEL = "wrong_level"
    """An area whose level is not below the level of its parent."""
    CYCLE = "cycle"
    """An area that is its own ancestor."""
    NOT_A_DAY = "not_a_day"
    """A day that is not written like 2025-07-01, or is not in the calendar."""
    INVALID_SOURCE = "invalid_source"
    """A source that cites no document, or a document without its date of issue."""
    UNKNOWN_KIND = "unknown_kind"
    """A kind of change that does not exist."""
    INVALID_CHANGE = "invalid_change"
    """A change with invalid codes."""
    UNKNOWN_FROM = "unknown_from"
    """A change of an area that does not exist on the day before."""
    UNKNOWN_TO = "unknown_to"
    """A change to an area that does not exist on the day."""
    DUPLICATE_CHANGE = "duplicate_change"
    """Two changes between the same areas on one day."""
    WHOLE_BESIDE_OTHER = "whole_beside_other"
    """All people of an area go to one area, and some of them also to another or to none."""
    PART_ALONE = "part_alone"
    """Some people of an area go to one area, and nothing is recorded for the others."""
    CHANGE_CYCLE = "change_cycle"
    """A cycle of changes between areas on one day."""
    ENDS_WITHOUT_CHANGE = "ends_without_change"
    """An area ends, and no change records where its people are."""
    INVALID_SUBJECT = "invalid_subject"
    """A subject or decision with invalid fields."""
    UNKNOWN_OPTION = "unknown_option"
    """A cell that is not one of the options of its column."""
    UNKNOWN_SUBJECT = "unknown_subject"
    """A decision about a subject that is in no table."""


class RowFaultDict(TypedDict):
    """A row issue in JSON."""

    row: int
    code: str
    field: str | None
    message: str
    file: str


@frozen(kw_only=True)
class RowFault:
    """One issue in one row.

    Attributes:
        row: counted from 1 for the first row under the header.
        code: what is wrong: a `FaultCode`, or for facts the code of the FactsError.
        field: the column, or None for the row as a whole.
        text: the message, without the cell's value.
        file: the file that the row belongs to.
    """

    row: int
    code: str
    field: str | None
    text: Text
    file: FileKind = FileKind.COUNTS

    def to_dict(self, lang: Lang | str = Lang.VI) -> RowFaultDict:
        """Return the issue as commands on tables print it in `errors`."""
        return {
            "row": self.row,
            "code": str(self.code),
            "field": self.field,
            "message": self.text.get(lang),
            "file": self.file.value,
        }


def parse_count(
    text: str, convention: Convention = Convention.PLAIN
) -> int | tuple[FaultCode, Text]:
    """Return the count in `text`, or the issue code and message if it is invalid.

    Nothing is guessed: `253.853` is a count in Vietnamese number format only, and `12.0` never.

    >>> parse_count("253853"), parse_count("253.853", Convention.VI)
    (253853, 253853)
    >>> parse_count("253.853")[0].value, parse_count("-5")[0].value
    ('not_a_count', 'negative')
    """
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        return int(text)
    try:
        number = parse_number(text, convention)
    except NumberFormatError:
        return FaultCode.NOT_A_COUNT, _remedy(text, convention)
    if number < 0:
        return FaultCode.NEGATIVE, _NEGATIVE
    decimal_sign = "," if convention is Convention.VI else "."
    if decimal_sign in text or number >= 10**MAX_DIGITS:
        return FaultCode.NOT_A_COUNT, _remedy(text, convention)
    return number.numerator


def _remedy(text: str, convention: Convention) -> Text:
    if convention is Convention.VI:
        return _NOT_A_COUNT_VI
    return _MAYBE_VI if _is_grouped(text) else _NOT_A_COUNT


def _is_grouped(text: str) -> bool:
    try:
        return "." in text and parse_number(text, Convention.VI).denominator == 1
    except NumberFormatError:
        return False


_TABLES = {
    FileKind.COUNTS: Text(vi="Bảng số liệu", en="Counts"),
    FileKind.AREAS: Text(vi="Bảng khu vực", en="Areas"),
    FileKind.CHANGES: Text(vi="Bảng biến động", en="Changes"),
    FileKind.WEIGHTS: Text(vi="Bảng trọng số", en="Weights"),
    FileKind.CANDIDATES: Text(vi="Danh sách đề nghị", en="Candidates"),
    FileKind.CITIZENS: Text(vi="Bảng công dân", en="Citizens"),
    FileKind.HOUSEHOLDS: Text(vi="Bảng gia đình", en="Households"),
    FileKind.CLANS: Text(vi="Bảng dòng họ", en="Clans"),
    FileKind.UNITS: Text(vi="Bảng đơn vị", en="Units"),
    FileKind.COMMUNITIES: Text(vi="Bảng cộng đồng", en="Communities"),
    FileKind.DECISIONS: Text(vi="Bảng quyết định", en="Decisions"),
}
_NEGATIVE = Text(
    vi="Số âm; số lượng phải từ 0 trở lên.",
    en="Negative number; a count must be 0 or more.",
)
_NOT_A_COUNT = Text(
    vi="Số lượng không hợp lệ; hãy viết số nguyên như 253853, tối đa 15 chữ số.",
    en="Invalid count; write a whole number such as 253853, with at most 15 digits.",
)
_NOT_A_COUNT_VI = Text(
    vi="Số lượng không hợp lệ theo cách viết Việt Nam; hãy viết số nguyên như 253.853.",
    en="Invalid count in Vietnamese number format; write a whole number such as 253.853.",
)
_MAYBE_VI = Text(
    vi="Số lượng không hợp lệ; nếu dấu chấm ngăn cách hàng nghìn, hãy dùng --numbers vi.",
    en="Invalid count; if the point separates thousands, use --numbers vi.",
)
