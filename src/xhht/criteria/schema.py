"""The JSON Schema of profile files, generated from the classes of the format.

Editors use it for completion and checks while typing; `xhht check` also finds what a schema cannot
express. Draft 7, which editors support best. It describes values as YAML 1.2 types them.
"""

from __future__ import annotations

import types
from collections.abc import Iterable
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, get_args, get_origin

from attrs import NOTHING, Attribute, has

from xhht.criteria._check_inputs import NEEDED_KEYS, OWN_KEYS
from xhht.criteria.decoding import DECIMAL, LONGEST_NUMBER, fields_of
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
from xhht.domain.titles import OWN_TITLE, Title
from xhht.rules.inputs import InputType
from xhht.text import Text

__all__ = ["profile_schema"]

Schema = dict[str, Any]

_NULL: Schema = {"type": "null"}
_SOME_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_ANY_SCALAR: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_ISO_DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date"}
_INTEGER = r"^-?(0|[1-9][0-9]*)(\.0+)?$"


def profile_schema() -> Schema:
    """Return the JSON Schema of a criteria profile or overlay.

    >>> schema = profile_schema()
    >>> schema["definitions"]["RoundingEntry"]["required"]
    ['step', 'mode']
    """
    definitions = _Definitions()
    complete = definitions.of(ProfileDocument)
    overlay = definitions.of(OverlayDocument)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "xhht criteria profile",
        "description": f"A profile of learning-society criteria, format {FORMAT}.",
        "if": {"type": "object", "required": ["extends"]},
        "then": overlay,
        "else": complete,
        "definitions": dict(sorted(definitions.schemas.items())),
    }


class _Definitions:
    """The schemas of classes, each generated once."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}

    def of(self, kind: Any, metadata: Any = types.MappingProxyType({})) -> Schema:
        """Return the schema of a type, with the constraints in the metadata of its field."""
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
                "propertyNames": {"pattern": _anchored(metadata.get("keys", IDENTIFIER))},
                "additionalProperties": self.of(get_args(kind)[1]),
            }
        if kind is str and "pattern" in metadata:
            return {"type": "string", "pattern": _anchored(metadata["pattern"])}
        return dict(_SCALARS[kind])

    def _named(self, kind: type) -> Schema:
        name = kind.__name__
        if name not in self.schemas:
            self.schemas[name] = {}  # a class may contain itself
            self.schemas[name] |= (
                _enumerated(kind) if issubclass(kind, Enum) else self._object(kind)
            )
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
            "required": [key for key, (item, _) in known.items() if item.default is NOTHING],
            "properties": {key: self._property(*item) for key, item in known.items()},
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


def _anchored(pattern: str) -> str:
    return f"^({pattern})$"


_SCALARS: dict[Any, Schema] = {
    str: _SOME_TEXT,
    Expression: _ANY_SCALAR,
    RawValue: _ANY_SCALAR,
    bool: {"type": "boolean"},
    date: _ISO_DAY,
    int: {"type": ["integer", "string"], "pattern": _INTEGER, "maxLength": LONGEST_NUMBER},
    Fraction: {
        "type": ["number", "string"],
        "pattern": f"^{DECIMAL.pattern}$",
        "maxLength": LONGEST_NUMBER,
    },
}


# Constraints between keys


def _has(key: str) -> Schema:
    """Return the schema of an object with a value for `key`."""
    return {"required": [key], "properties": {key: {"not": _NULL}}}


def _exactly_one(keys: Iterable[str]) -> Schema:
    return {"oneOf": [_has(key) for key in keys]}


def _keys_by_type() -> Schema:
    """Return the allowed and the required keys of an input for each type."""
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
    IndicatorEntry: _exactly_one(SCORINGS),
    CriterionEntry: _exactly_one(BELOW_CRITERION),
    InputEntry: _keys_by_type(),
}
