"""The JSON Schema of profile files, made from the classes that the reader walks.

Editors complete and check by it while one types; `xhht check` then finds what no schema can say.
Draft 7, which editors know best. It describes values as YAML 1.2 types them.
"""

from __future__ import annotations

import types
from collections.abc import Iterable
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, get_args, get_origin

from attrs import NOTHING, Attribute, has

from xhht.criteria._inputs import NEEDED_KEYS, OWN_KEYS
from xhht.criteria.document import (
    BELOW_CRITERION,
    FORMAT,
    IDENTIFIER,
    SCORINGS,
    Anything,
    CriterionEntry,
    Expression,
    IndicatorEntry,
    InputEntry,
    OverlayDocument,
    ProfileDocument,
    RawValue,
)
from xhht.criteria.reading import DECIMAL, LONGEST_NUMBER, fields_of
from xhht.domain.titles import OWN_TITLE, Title
from xhht.rules.inputs import InputType
from xhht.text import Text

__all__ = ["profile_schema"]

Schema = dict[str, Any]

_NULL: Schema = {"type": "null"}
_SOME_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_ANY_SCALAR: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_ISO_DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date"}
_WHOLE = r"^-?(0|[1-9][0-9]*)(\.0+)?$"


def profile_schema() -> Schema:
    """Return the JSON Schema of a criteria profile or overlay.

    >>> schema = profile_schema()
    >>> schema["definitions"]["RoundingEntry"]["required"]
    ['step', 'mode']
    """
    definitions = _Definitions()
    whole = definitions.of(ProfileDocument)
    overlay = definitions.of(OverlayDocument)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "xhht criteria profile",
        "description": f"A profile of learning-society criteria, format {FORMAT}.",
        "if": {"type": "object", "required": ["extends"]},
        "then": overlay,
        "else": whole,
        "definitions": dict(sorted(definitions.found.items())),
    }


class _Definitions:
    """The schemas of classes, each made once."""

    def __init__(self) -> None:
        self.found: dict[str, Schema] = {}

    def of(self, kind: Any, metadata: Any = types.MappingProxyType({})) -> Schema:
        """Return the schema of a type, with what the metadata of its field says."""
        origin = get_origin(kind)
        if kind is Anything:
            return {}
        if kind is Text or has(kind) or (isinstance(kind, type) and issubclass(kind, Enum)):
            return self._named(kind)
        if origin is tuple:
            return {"type": "array", "minItems": 1, "items": self.of(get_args(kind)[0])}
        if origin is dict:
            return {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": _whole(metadata.get("keys", IDENTIFIER))},
                "additionalProperties": self.of(get_args(kind)[1]),
            }
        if kind is str and "pattern" in metadata:
            return {"type": "string", "pattern": _whole(metadata["pattern"])}
        return dict(_SCALARS[kind])

    def _named(self, kind: type) -> Schema:
        name = kind.__name__
        if name not in self.found:
            self.found[name] = {}  # a class may hold itself
            self.found[name] |= _enumerated(kind) if issubclass(kind, Enum) else self._object(kind)
        return {"$ref": f"#/definitions/{name}"}

    def _object(self, kind: type) -> Schema:
        known = {
            key: (attribute, hint)
            for key, (attribute, hint) in fields_of(kind).items()
            if attribute.metadata.get("written", True)
        }
        schema: Schema = {
            "description": _summary(kind),
            "type": "object",
            "additionalProperties": False,
            "required": [key for key, (each, _) in known.items() if each.default is NOTHING],
            "properties": {key: self._property(*each) for key, each in known.items()},
        }
        if kind is ProfileDocument or kind is OverlayDocument:
            schema["properties"]["format"] = {"enum": [FORMAT, str(FORMAT)]}
        return schema | _RULES.get(kind, {})

    def _property(self, attribute: Attribute[Any], hint: Any) -> Schema:
        schema = {**self.of(hint, attribute.metadata)}
        if attribute.default is NOTHING or hint is Anything:
            return schema
        if isinstance(schema.get("type"), str):
            return schema | {"type": [schema["type"], "null"]}
        if isinstance(schema.get("type"), list):
            return schema | {"type": [*schema["type"], "null"]}
        return {"anyOf": [schema, _NULL]}


def _enumerated(kind: type[Enum]) -> Schema:
    known: Schema = {"enum": [str(member.value) for member in kind]}
    if kind is Title:
        known = {"anyOf": [known, {"type": "string", "pattern": f"^{OWN_TITLE}$"}]}
    return {"description": _summary(kind), **known}


def _summary(kind: type) -> str:
    return (kind.__doc__ or "").partition("\n\n")[0].replace("\n    ", " ")


def _whole(pattern: str) -> str:
    return f"^({pattern})$"


_SCALARS: dict[Any, Schema] = {
    str: _SOME_TEXT,
    Expression: _ANY_SCALAR,
    RawValue: _ANY_SCALAR,
    bool: {"type": "boolean"},
    date: _ISO_DAY,
    int: {"type": ["integer", "string"], "pattern": _WHOLE, "maxLength": LONGEST_NUMBER},
    Fraction: {
        "type": ["number", "string"],
        "pattern": f"^{DECIMAL.pattern}$",
        "maxLength": LONGEST_NUMBER,
    },
}


# What goes together


def _has(key: str) -> Schema:
    """Return the schema of what has a value for `key`."""
    return {"required": [key], "properties": {key: {"not": _NULL}}}


def _just_one(keys: Iterable[str]) -> Schema:
    return {"oneOf": [_has(key) for key in keys]}


def _keys_by_type() -> Schema:
    """Return which keys of an input go with its type, and which it needs."""
    rules = []
    for kind in InputType:
        others = [key for key, kinds in OWN_KEYS.items() if kind not in kinds]
        then: Schema = {"properties": dict.fromkeys(others, _NULL)}
        if kind in NEEDED_KEYS:
            then = {"allOf": [then, _has(NEEDED_KEYS[kind])]}
        is_kind = {"required": ["type"], "properties": {"type": {"const": kind.value}}}
        rules.append({"if": is_kind, "then": then})
    return {"allOf": rules}


_RULES: dict[type, Schema] = {
    IndicatorEntry: _just_one(SCORINGS),
    CriterionEntry: _just_one(BELOW_CRITERION),
    InputEntry: _keys_by_type(),
}
