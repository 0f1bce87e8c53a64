"""Field validators whose errors give the expected form and the remedy, never the value.

The validators of attrs include the value in the error, which could expose personal data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum
from typing import Any

from attrs import Attribute, evolve, frozen

from xhht import labels
from xhht.errors import DomainError
from xhht.text import Text, join, normalize_text

__all__ = [
    "DAY",
    "NAME",
    "NATIONAL_ID",
    "NOT_A_DAY",
    "WEB_ADDRESS",
    "Rule",
    "clean",
    "clean_or_none",
    "instance_of",
    "join_errors",
    "not_one_of",
    "not_text",
    "one_of",
    "require_day",
    "text_of",
    "whole_number",
]


@frozen
class Rule:
    """A validator of an attrs field; its errors do not contain the value."""

    find: Callable[[Any], Text | None]
    takes_none: bool = False

    @property
    def or_none(self) -> Rule:
        """The same rule, with None allowed."""
        return evolve(self, takes_none=True)

    def error_of(self, value: object) -> Text | None:
        """Return the error of `value`, or None."""
        if value is None and self.takes_none:
            return None
        return self.find(value)

    def check(self, field: str, value: object) -> None:
        """Raise DomainError if the value of a field is invalid."""
        error = self.error_of(value)
        if error is not None:
            raise DomainError(_AT.format(field=field, error=error))

    def __call__(self, _: Any, attribute: Attribute[Any], value: Any) -> None:
        """Check the value of an attrs field."""
        self.check(attribute.name, value)


def clean(value: str) -> str:
    """Return text in NFC with normalised spaces; other values unchanged, for the rule to reject."""
    return normalize_text(value) if isinstance(value, str) else value


def clean_or_none(value: str | None) -> str | None:
    """Return `clean(value)`, or None for None."""
    return None if value is None else clean(value)


def text_of(max_length: int) -> Rule:
    """Return the rule for printable text of 1 to `max_length` characters."""
    too_long = _TOO_LONG.format(max_length=max_length)

    def find(value: object) -> Text | None:
        if not isinstance(value, str):
            return not_text(value)
        if not value:
            return _EMPTY
        if len(value) > max_length:
            return too_long
        return None if value.isprintable() else _UNPRINTABLE

    return Rule(find)


def not_text(value: object) -> Text:
    """Return the error for a value that is not text."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return _NUMBER_FOR_TEXT if is_number else _NOT_TEXT


def one_of(kind: type[Enum]) -> Rule:
    """Return the rule for a member of an enumeration."""
    error = not_one_of(kind)
    return Rule(lambda value: None if isinstance(value, kind) else error)


def not_one_of(kind: type[Enum]) -> Text:
    """Return the error for a value that is not a member of an enumeration."""
    known = ", ".join(str(member.value) for member in kind)
    return _NOT_ONE_OF.format(kind=kind.__name__, known=known)


def instance_of(kind: type) -> Rule:
    """Return the rule for an object of a class."""
    error = _NOT_A.format(kind=kind.__name__)
    return Rule(lambda value: None if isinstance(value, kind) else error)


def whole_number(lowest: int, highest: int) -> Rule:
    """Return the rule for a whole number within inclusive bounds; booleans are rejected."""
    error = _NOT_WHOLE.format(lowest=lowest, highest=highest)
    return Rule(lambda value: None if type(value) is int and lowest <= value <= highest else error)


def require_day(day: date) -> None:
    """Raise DomainError if `day` is not a plain date: a datetime does not compare with dates."""
    DAY.check("day", day)


def join_errors(texts: Sequence[Text]) -> Text:
    """Return the first errors as one text, with the number of the others."""
    shown = list(texts[:_MAX_SHOWN])
    if len(texts) > _MAX_SHOWN:
        shown.append(labels.MORE_ERRORS.format(count=len(texts) - _MAX_SHOWN))
    return join(shown)


def _not_a_day(value: object) -> Text | None:
    return None if type(value) is date else NOT_A_DAY


def _not_a_national_id(value: object) -> Text | None:
    if not isinstance(value, str):
        return not_text(value)
    return None if re.fullmatch("[0-9]{12}|[0-9]{9}", value) else _NOT_A_NATIONAL_ID


def _not_a_web_address(value: object) -> Text | None:
    if not isinstance(value, str):
        return _NOT_TEXT
    return None if re.fullmatch(r"https?://[!-~]{1,2000}", value) else _NOT_A_WEB_ADDRESS


_MAX_SHOWN = 20
_AT = Text(vi="{field}: {error}", en="{field}: {error}")
_NOT_TEXT = Text(vi="phải ở dạng văn bản.", en="must be text.")
_NUMBER_FOR_TEXT = Text(
    vi="phải ở dạng văn bản, không phải dạng số (dạng số làm mất các số 0 ở đầu); hãy đọc cột "
    "này ở dạng văn bản.",
    en="must be text, not a number: numbers lose leading zeros; read this column as text.",
)
_EMPTY = Text(
    vi="không được để trống; nếu chưa có dữ liệu và trường này không bắt buộc thì bỏ trường này.",
    en="must not be blank; omit the field if it is optional and the value is unknown.",
)
_TOO_LONG = Text(
    vi="dài quá {max_length} ký tự; hãy rút ngắn.",
    en="is longer than {max_length} characters; shorten it.",
)
_UNPRINTABLE = Text(
    vi="có ký tự điều khiển hoặc ký tự không in được; hãy nhập lại.",
    en="contains control or unprintable characters; type it again.",
)
_NOT_ONE_OF = Text(
    vi="phải là một giá trị của {kind}: {known}.", en="must be a member of {kind}: {known}."
)
_NOT_A = Text(vi="phải là một {kind}.", en="must be a {kind}.")
_NOT_WHOLE = Text(
    vi="phải là số nguyên từ {lowest} đến {highest}.",
    en="must be a whole number from {lowest} to {highest}.",
)
NOT_A_DAY = Text(
    vi="phải là ngày không kèm giờ, ví dụ 2025-07-01.",
    en="must be a date without a time, such as 2025-07-01.",
)
_NOT_A_NATIONAL_ID = Text(
    vi="phải có 12 chữ số (số định danh cá nhân) hoặc 9 chữ số (chứng minh nhân dân cũ).",
    en="must have 12 digits (personal identity number) or 9 digits (the old identity card).",
)
_NOT_A_WEB_ADDRESS = Text(
    vi="phải là địa chỉ web bắt đầu bằng https:// hoặc http://.",
    en="must be a web address that starts with https:// or http://.",
)

NAME = text_of(300)
DAY = Rule(_not_a_day)
NATIONAL_ID = Rule(_not_a_national_id)
WEB_ADDRESS = Rule(_not_a_web_address)
