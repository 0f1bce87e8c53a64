"""Structures YAML into attrs classes by the types of their fields and reports every error.

The reader knows types, not keys: `xhht.criteria.document` defines the format. The metadata of a
field can give the `key` in the file, the `pattern` of its text, the pattern of its `keys`, and
whether it `may_be_empty`. `SHORT` of a class is the field that a value without keys means. A value
with an error is reported and replaced by a placeholder of its type, so that the whole file is read.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping as MappingOf
from contextlib import suppress
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, Attribute, fields, frozen, has

from xhht.criteria.codes import pattern_description
from xhht.criteria.diagnostics import DiagnosticCollector
from xhht.criteria.document import (
    IDENTIFIER,
    Anything,
    ChoiceListName,
    Expression,
    RawValue,
    TableCell,
    key_of,
)
from xhht.criteria.recovery import CheckContext
from xhht.criteria.yaml_nodes import Alias, Mapping, Node, Scalar, Sequence, child, read_yaml
from xhht.dates import iso_day
from xhht.domain.titles import Title
from xhht.issues import Mark
from xhht.text import Text

_T = TypeVar("_T")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
LONGEST_NUMBER = 30
_NO_FORM: MappingOf[str, Any] = {}
_PLACEHOLDERS: MappingOf[Any, Any] = {
    str: "",
    ChoiceListName: ChoiceListName(""),
    Expression: Expression("unknown"),
    RawValue: RawValue("0"),
    TableCell: TableCell(""),
    Anything: None,
    int: 0,
    Fraction: Fraction(0),
    bool: False,
    date: date.min,
    tuple: (),
    dict: {},
}


@frozen
class _Invalid:
    """The result of reading a value with an error."""


_INVALID: Final = _Invalid()
_CUT_OFF = re.compile(r"[()\[\]]")
"""What no key contains, but the rest of a condition that was cut at a comma."""


def read_document(kind: type[_T], data: bytes, file: str) -> tuple[_T | None, CheckContext]:
    """Return the content of a file as `kind`, and the check context with its diagnostics.

    Invalid values are replaced by placeholders; None is returned if nothing can be read.
    """
    node, report = read_node(data, file)
    return (None if node is None else document_of(kind, node, report)), report


def as_bytes(text: str | bytes) -> bytes:
    """Return a text as the bytes of a file; lone surrogates stay and are rejected later."""
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


def read_node(data: bytes, file: str) -> tuple[Node | None, CheckContext]:
    """Return the YAML of a file, or None if it cannot be read, and the check context."""
    report = CheckContext(DiagnosticCollector(file))
    return read_yaml(data, report.sink), report


def document_of(kind: type[_T], node: Node, report: CheckContext) -> _T | None:
    """Return YAML as `kind` and report its errors; None if it is not a mapping."""
    return _Reader(report).read(kind, node)


class _Reader:
    def __init__(self, report: CheckContext) -> None:
        self._report = report
        self._sink = report.sink

    def read(self, kind: type[_T], node: Node) -> _T | None:
        """Return the whole file as `kind`, or None if it is not a mapping."""
        value = self._value(kind, node, "", _NO_FORM)
        return None if value is _INVALID else value

    def _value(self, kind: Any, node: Node, pointer: str, form: MappingOf[str, Any]) -> Any:
        self._report.marks[pointer] = node.mark
        if isinstance(node, Alias):
            return _INVALID
        if kind is Anything:
            return node
        if kind is Text:
            return self._text(node, pointer)
        if _is_object(kind):
            return self._object(kind, node, pointer)
        origin, arguments = _parts_of(kind)
        if origin is Union:
            kind = arguments[isinstance(node, Scalar)]
            origin, arguments = _parts_of(kind)
        if origin is tuple:
            return self._items(arguments[0], node, pointer)
        if origin is dict:
            return self._entries(arguments[1], node, pointer, form)
        if not isinstance(node, Scalar):
            return self._refuse("XH111", node.mark, pointer, expected="text")
        return self._scalar(kind, node, pointer, form.get("pattern"))

    def _value_or_placeholder(
        self, kind: Any, node: Node, pointer: str, form: MappingOf[str, Any]
    ) -> Any:
        value = self._value(kind, node, pointer, form)
        return self._placeholder(kind, pointer) if value is _INVALID else value

    def _placeholder(self, kind: Any, pointer: str) -> Any:
        if kind is not Text:  # no check depends on the text of a label
            self._report.mark_placeholder(pointer)
        return _placeholder_of(kind)

    def _refuse(self, code: str, mark: Mark, pointer: str, **values: object) -> _Invalid:
        self._sink.add(code, mark, pointer, **values)
        return _INVALID

    # Mappings and lists

    def _object(self, kind: type, node: Node, pointer: str) -> Any:
        short = getattr(kind, "SHORT", None)
        if short is not None and isinstance(node, Scalar) and not node.is_null:
            attribute, hint = fields_of(kind)[short]
            return kind(
                **{short: self._value_or_placeholder(hint, node, pointer, attribute.metadata)}
            )
        if not isinstance(node, Mapping):
            return self._refuse("XH111", node.mark, pointer, expected="mapping")
        misplaced = getattr(kind, "MISPLACED", None)
        if misplaced is not None and misplaced.is_in({key.text for key, _ in node.items}):
            self._object(misplaced.intended, node, pointer)  # to report its errors
            return self._refuse(misplaced.code, node.mark, pointer)
        known = fields_of(kind)
        before: Scalar | None = None
        for key, _ in node.items:
            if key.text in known:
                before = key
            elif before is not None and _CUT_OFF.search(key.text):
                self._cut_value(before, key, node, pointer)
            else:
                self._unknown_key(key, node, known, pointer)
        values: dict[str, Any] = {}
        for name, (attribute, hint) in known.items():
            value, place = node.get(name), child(pointer, name)
            is_null = isinstance(value, Scalar) and value.is_null and hint is not Anything
            if value is None or is_null:
                if attribute.default is NOTHING:
                    self._sink.add("XH110", node.mark, pointer, key=name)
                    values[attribute.name] = self._placeholder(hint, place)
                continue
            values[attribute.name] = self._value_or_placeholder(
                hint, value, place, attribute.metadata
            )
        return kind(**values)

    def _cut_value(self, key: Scalar, rest: Scalar, node: Mapping, pointer: str) -> None:
        """Report a value that ends at a comma, with the rest read as a key."""
        place, value = child(pointer, key.text), node.get(key.text)
        mark = key.mark if value is None else value.mark
        self._sink.add("XH354", mark, place, key=key.text, found=rest.text)
        self._report.mark_placeholder(place)

    def _unknown_key(
        self, key: Scalar, node: Mapping, known: MappingOf[str, object], pointer: str
    ) -> None:
        place = child(pointer, key.text)
        likely = self._report.suggest(key.text, known)
        if likely is not None and node.get(likely) is None:
            self._report.mark_placeholder(child(pointer, likely))
        else:
            self._report.doubtful_pointers.add(place)
        self._sink.add("XH109", key.mark, place, key=key.text, hint=likely, known=", ".join(known))

    def _text(self, node: Node, pointer: str) -> Any:
        if not isinstance(node, Mapping):
            return self._refuse("XH119", node.mark, pointer)
        known = {"vi": str, "en": str}
        for key, _ in node.items:
            if key.text not in known:
                self._unknown_key(key, node, known, pointer)
        values = dict.fromkeys(known, "")
        for lang in known:
            item = node.get(lang)
            if item is None:
                self._sink.add("XH110", node.mark, pointer, key=lang)
                continue
            value = self._value(str, item, child(pointer, lang), _NO_FORM)
            values[lang] = "" if value is _INVALID else value
        return Text(**values)

    def _items(self, kind: Any, node: Node, pointer: str) -> Any:
        if not isinstance(node, Sequence):
            return self._refuse("XH111", node.mark, pointer, expected="list")
        if not node.items:
            return self._refuse("XH121", node.mark, pointer)
        return tuple(
            self._value_or_placeholder(kind, item, f"{pointer}/{index}", _NO_FORM)
            for index, item in enumerate(node.items)
        )

    def _entries(self, kind: Any, node: Node, pointer: str, form: MappingOf[str, Any]) -> Any:
        if not isinstance(node, Mapping):
            return self._refuse("XH111", node.mark, pointer, expected="mapping")
        pattern = form.get("keys", IDENTIFIER)
        if not node.items and not form.get("may_be_empty"):
            return self._refuse("XH121", node.mark, pointer)
        values = {}
        for key, value in node.items:
            place = child(pointer, key.text)
            self._check_form(key, place, pattern)
            values[key.text] = self._value_or_placeholder(kind, value, place, _NO_FORM)
        return values

    # Scalars

    def _scalar(self, kind: Any, node: Scalar, pointer: str, pattern: str | None) -> Any:
        if kind in (Expression, RawValue):
            return self._raw(kind, node, pointer)
        if kind is TableCell:
            return TableCell("" if node.is_null else node.text)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return self._member(kind, node, pointer)
        if kind is bool:
            if node.plain and node.text in ("true", "false"):
                return node.text == "true"
            return self._refuse("XH117", node.mark, pointer, found=node.text)
        if kind is date:
            return self._day(node, pointer)
        if kind in (int, Fraction):
            return self._number(kind, node, pointer)
        return self._words(node, pointer, pattern)

    def _raw(self, kind: Any, node: Scalar, pointer: str) -> Any:
        if not node.text:
            return self._refuse("XH111", node.mark, pointer, expected="text")
        self._report.expressions[pointer] = node
        return kind(node.text)

    def _member(self, kind: type[Enum], node: Scalar, pointer: str) -> Any:
        with suppress(ValueError):
            return kind(node.text)
        names = [str(member.value) for member in kind]
        own = ["x.…"] if kind is Title else []
        return self._refuse(
            "XH120",
            node.mark,
            pointer,
            found=node.text,
            known=", ".join(names + own),
            hint=self._report.suggest(node.text, names),
        )

    def _day(self, node: Scalar, pointer: str) -> Any:
        try:
            return iso_day(node.text)
        except ValueError:
            return self._refuse("XH116", node.mark, pointer, found=node.text)

    def _number(self, kind: type, node: Scalar, pointer: str) -> Any:
        if not DECIMAL.fullmatch(node.text) or len(node.text) > LONGEST_NUMBER:
            return self._refuse("XH108", node.mark, pointer, found=node.text)
        number = Fraction(node.text)
        if kind is Fraction:
            return number
        if number.denominator != 1:
            return self._refuse("XH108", node.mark, pointer, found=node.text)
        return number.numerator

    def _words(self, node: Scalar, pointer: str, pattern: str | None) -> Any:
        if not node.text:
            return self._refuse("XH111", node.mark, pointer, expected="text")
        self._check_form(node, pointer, pattern)
        return node.text  # kept despite an invalid format: other places may refer to it

    def _check_form(self, node: Scalar, pointer: str, pattern: str | None) -> None:
        if pattern and not re.fullmatch(pattern, node.text):  # quotes would not fix it
            self._sink.add(
                "XH115", node.mark, pointer, found=node.text, form=pattern_description(pattern)
            )
        elif node.is_ambiguous:
            self._sink.add("XH107", node.mark, pointer, found=node.text)


_is_object = cache(has)


@cache
def _parts_of(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    return get_origin(kind), get_args(kind)


def _placeholder_of(kind: Any) -> Any:
    """Return a valid placeholder of the type of a field."""
    if kind is Text:
        return Text(vi="", en="")
    if has(kind):
        required = ((a.name, hint) for a, hint in fields_of(kind).values() if a.default is NOTHING)
        return kind(**{name: _placeholder_of(hint) for name, hint in required})
    origin = get_origin(kind) or kind
    if origin is Union:
        return _placeholder_of(get_args(kind)[0])
    if isinstance(origin, type) and issubclass(origin, Enum):
        return next(iter(origin))
    return _PLACEHOLDERS[origin]


@cache
def fields_of(kind: type) -> MappingOf[str, tuple[Attribute[Any], Any]]:
    """Return the fields of a class and their types, by key in the file.

    >>> from xhht.criteria.document import RoundingEntry
    >>> list(fields_of(RoundingEntry))
    ['step', 'mode']
    """
    hints = get_type_hints(kind)
    return {
        key_of(attribute): (attribute, _without_none(hints[attribute.name]))
        for attribute in fields(kind)
    }


def _without_none(hint: Any) -> Any:
    """Return `T` for `T | None`: an omitted key needs no type of its own.

    Of two other types, the first is a mapping and the second a scalar.
    """
    if get_origin(hint) in (Union, types.UnionType):
        return Union[tuple(kind for kind in get_args(hint) if kind is not type(None))]  # noqa: UP007
    return hint
