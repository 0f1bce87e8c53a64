"""Converts domain objects to plain dicts and back, for exchange as JSON.

Dates are ISO text, enumerations their identifiers. Errors give the path and the expected form,
never the value; all of them are reported, not only the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from xhht.dates import ISO_DAY_PATTERN
from xhht.domain.area_changes import ChangeKind
from xhht.domain.recognitions import ValidityStart
from xhht.domain.titles import AreaLevel, ManagedBy, Title, UnitKind
from xhht.domain.validators import NOT_A_DAY, Rule, join_errors, not_one_of, not_text
from xhht.errors import DomainError
from xhht.text import Text, normalize_text, suggestion

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = ["from_dict", "make_converter", "to_dict"]

T = TypeVar("T")


def make_converter() -> Converter:
    """Return a new converter for the classes of the domain, to which hooks can be added.

    Its `structure` raises exception groups of cattrs; `from_dict` converts them to one DomainError.
    """
    from cattrs import Converter  # takes half of the import time of the package

    converter = Converter()
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(int, lambda value, _: value)
    converter.register_structure_hook(date, _day)
    for kind in (Title, AreaLevel, ManagedBy, UnitKind, ChangeKind, ValidityStart):
        converter.register_structure_hook(kind, _member_hook(kind))
        converter.register_unstructure_hook(kind, lambda member: member.value)
    converter.register_structure_hook_factory(attrs.has, lambda kind: _object_hook(kind, converter))
    converter.register_unstructure_hook(date, date.isoformat)
    return converter


def from_dict(kind: type[T], data: Mapping[str, object], converter: Converter | None = None) -> T:
    """Return the object of class `kind` that `data` describes.

    Args:
        kind: a class of the domain.
        data: values by field name, as read from JSON.
        converter: one from `make_converter`; reuse it for many objects.

    Raises:
        DomainError: gives the path of every error, and no value.

    >>> from xhht.domain import Clan
    >>> from_dict(Clan, {"id": "d1", "commune": "22969"})
    Clan(id='d1', commune='22969')
    >>> from_dict(Clan, {"id": "d1", "comune": 22969})
    Traceback (most recent call last):
    xhht.errors.DomainError: commune: is missing. comune: unknown field; did you mean commune?
    """
    refused = None
    try:
        return (converter or make_converter()).structure(data, kind)
    except Exception as error:
        refused = error
    # Raised outside the handler, so that the error has no context with values.
    raise DomainError(_error_text(refused))


def to_dict(thing: object, converter: Converter | None = None) -> dict[str, Any]:
    """Return `thing` as a plain dict for JSON, which `from_dict` reads.

    It contains all data of the object, including personal data.

    >>> from xhht.domain import Registration, Title
    >>> to_dict(Registration(Title.LEARNING_CITIZEN, "c1", 2025))
    {'title': 'learning_citizen', 'subject': 'c1', 'year': 2025}
    """
    if isinstance(thing, type) or not attrs.has(type(thing)):
        raise DomainError(_NO_OBJECT)
    plain: dict[str, Any] = (converter or make_converter()).unstructure(thing)
    return plain


def _text(value: object, _: object) -> str:
    if not isinstance(value, str):
        raise DomainError(not_text(value))
    return normalize_text(value)


def _day(value: object, _: object) -> date:
    if isinstance(value, str) and re.fullmatch(ISO_DAY_PATTERN, value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            raise DomainError(_NO_SUCH_DAY) from None
    if type(value) is date:
        return value
    raise DomainError(NOT_A_DAY)


def _member_hook(kind: type[StrEnum]) -> Callable[[Any, object], StrEnum]:
    members: dict[str, StrEnum] = {member.value: member for member in kind}
    refused = not_one_of(kind)

    def structure(value: Any, _: object) -> StrEnum:
        if isinstance(value, str) and value in members:
            return members[value]
        if kind is Title:
            return Title.parse(value)
        raise DomainError(refused)

    return structure


def _object_hook(kind: Any, converter: Converter) -> Callable[[object, object], Any]:
    from cattrs.gen import make_dict_structure_fn, override

    options: dict[str, Any] = {
        attribute.name: override(struct_hook=_rule_hook(attribute, attribute.validator, converter))
        for attribute in attrs.fields(kind)
        if isinstance(attribute.validator, Rule)
    }
    read_fields = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True, **options)

    def structure(data: object, _: object) -> Any:
        if isinstance(data, kind):
            return data
        if not isinstance(data, Mapping):
            raise DomainError(_NO_MAPPING)
        return read_fields(data, kind)

    return structure


def _rule_hook(
    attribute: attrs.Attribute[Any], rule: Rule, converter: Converter
) -> Callable[[object, Any], object]:
    """Return a hook that checks a field by its rule, so that all errors are reported."""

    def structure(value: object, kind: Any) -> object:
        converted = converter.structure(value, kind)
        cleaned = attribute.converter(converted) if callable(attribute.converter) else converted
        error = rule.error_of(cleaned)
        if error is not None:
            raise DomainError(error)
        return converted

    return structure


def _error_text(error: Exception) -> Text:
    from cattrs import transform_error

    errors: list[list[tuple[str, Text]]] = []

    def collect(error: BaseException, _: object) -> str:
        errors.append(_texts_of(error))
        return ""

    paths = (place.removeprefix(" @ ") for place in transform_error(error, "", collect))
    places = [
        ((path + key).removeprefix("."), text)
        for path, texts in zip([*paths], errors, strict=True)
        for key, text in texts
    ]
    return join_errors([_AT.format(path=p, text=text) if p else text for p, text in places])


def _texts_of(error: BaseException) -> list[tuple[str, Text]]:
    """Return the texts of one error, each with the path below that of the error."""
    from cattrs.errors import ForbiddenExtraKeysError

    match error:
        case DomainError():
            return [("", error.text)]
        case KeyError():
            return [("", _MISSING)]
        case ForbiddenExtraKeysError():
            names = [attribute.name for attribute in attrs.fields(error.cl) if attribute.init]
            keys = sorted(error.extra_fields, key=str)
            return [(f".{_shown_key(key)}", _unknown_key(key, names)) for key in keys]
        case _:
            return [("", _UNREADABLE)]


def _shown_key(key: object) -> str:
    """Return a key if it has the form of a name; another may contain personal data."""
    return key if isinstance(key, str) and _NAME.fullmatch(key) else "?"


def _unknown_key(key: object, names: Collection[str]) -> Text:
    closest = suggestion(key, names) if isinstance(key, str) else None
    if closest is None:
        return _UNKNOWN_KEY.format(known=", ".join(names))
    return _NEAR_KEY.format(near=closest)


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")
_AT = Text(vi="{path}: {text}", en="{path}: {text}")
_MISSING = Text(vi="còn thiếu.", en="is missing.")
_UNKNOWN_KEY = Text(
    vi="không có trường này; các trường hợp lệ: {known}.",
    en="unknown field; allowed fields: {known}.",
)
_NEAR_KEY = Text(
    vi="không có trường này; có phải là {near}?", en="unknown field; did you mean {near}?"
)
_NO_MAPPING = Text(
    vi="phải là một đối tượng gồm tên trường và giá trị.",
    en="must be an object with field names and values.",
)
_NO_OBJECT = Text(
    vi="to_dict nhận một đối tượng của miền, như Citizen hoặc Area.",
    en="to_dict takes a domain object such as Citizen or Area.",
)
_NO_SUCH_DAY = Text(vi="ngày không hợp lệ.", en="is not a valid date.")
_UNREADABLE = Text(vi="có kiểu dữ liệu không được hỗ trợ.", en="has an unsupported type of value.")
