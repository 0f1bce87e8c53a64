"""The JSON Schema of profile files, generated from the classes of the format.

Editors use it for completion and checks while typing; `xhht check` also finds what a schema cannot
express. Draft 7, which editors support best. It describes values as YAML 1.2 types them.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, Union, get_args, get_origin

from attrs import NOTHING, Attribute

from xhht._json_schema import NULL, ClassSchemas, Members, Schema, anchored, summary_of
from xhht.criteria import document as doc
from xhht.criteria._check_inputs import NEEDED_KEYS, OWN_KEYS
from xhht.criteria.decoding import DECIMAL, LONGEST_NUMBER, fields_of
from xhht.dates import ISO_DAY_PATTERN
from xhht.domain.titles import OWN_TITLE, Title
from xhht.rules.inputs import InputType

__all__ = ["profile_schema"]

_SOME_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_ANY_SCALAR: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_ISO_DAY: Schema = {"type": "string", "pattern": ISO_DAY_PATTERN, "format": "date"}
_INTEGER = r"^-?(0|[1-9][0-9]*)(\.0+)?$"


def profile_schema() -> Schema:
    """Return the JSON Schema of a criteria profile or overlay.

    >>> schema = profile_schema()
    >>> schema["definitions"]["RoundingEntry"]["required"]
    ['step', 'mode']
    """
    schemas = _ProfileSchemas("#/definitions", _SCALARS)
    complete = schemas.of(doc.ProfileDocument)
    overlay = schemas.of(doc.OverlayDocument)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "xhht criteria profile",
        "description": f"A profile of learning-society criteria, format {doc.FORMAT}.",
        "if": {"type": "object", "required": ["extends"]},
        "then": overlay,
        "else": complete,
        "definitions": dict(sorted(schemas.definitions.items())),
    }


class _ProfileSchemas(ClassSchemas):
    """The schemas of the classes of profile files."""

    def members_of(self, kind: type) -> Members:
        members = fields_of(kind)
        return {key: item for key, item in members.items() if item[0].metadata.get("written", True)}

    def is_required(self, attribute: Attribute[Any]) -> bool:
        return attribute.default is NOTHING

    def of(self, hint: Any, metadata: Mapping[Any, Any] = types.MappingProxyType({})) -> Schema:
        if hint is doc.Anything:
            return {}
        if get_origin(hint) is Union:
            return {"anyOf": [self.of(alternative, metadata) for alternative in get_args(hint)]}
        if get_origin(hint) is dict:
            return {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": anchored(metadata.get("keys", doc.IDENTIFIER))},
                "additionalProperties": self.of(get_args(hint)[1]),
            }
        if hint in (str, doc.ChoiceListName) and "pattern" in metadata:
            return {"type": "string", "pattern": anchored(metadata["pattern"])}
        return super().of(hint, metadata)

    def array(self, items: Schema) -> Schema:
        return {"type": "array", "minItems": 1, "items": items}

    def object(self, kind: type) -> Schema:
        schema = super().object(kind)
        if kind is doc.ProfileDocument or kind is doc.OverlayDocument:
            schema["properties"]["format"] = {"enum": [doc.FORMAT, str(doc.FORMAT)]}
        schema |= _RULES.get(kind, {})
        short = getattr(kind, "SHORT", None)
        if short is None:
            return schema
        return {"description": schema.pop("description"), "anyOf": [_ANY_SCALAR, schema]}

    def property(self, attribute: Attribute[Any], hint: Any) -> Schema:
        schema = super().property(attribute, hint)
        if self.is_required(attribute) or hint is doc.Anything:
            return schema
        if isinstance(schema.get("type"), str):
            return schema | {"type": [schema["type"], "null"]}
        if isinstance(schema.get("type"), list):
            return schema | {"type": [*schema["type"], "null"]}
        return {"anyOf": [schema, NULL]}

    def enumeration(self, kind: type[Enum]) -> Schema:
        schema = super().enumeration(kind)
        schema["enum"] = [str(value) for value in schema["enum"]]
        if kind is Title:
            schema = {"anyOf": [schema, {"type": "string", "pattern": f"^{OWN_TITLE}$"}]}
        return {"description": summary_of(kind), **schema}


_SCALARS: dict[Any, Schema] = {
    str: _SOME_TEXT,
    doc.Expression: _ANY_SCALAR,
    doc.RawValue: _ANY_SCALAR,
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
    return {"required": [key], "properties": {key: {"not": NULL}}}


def _exactly_one(keys: Iterable[str]) -> Schema:
    return {"oneOf": [_has(key) for key in keys]}


def _keys_by_type() -> Schema:
    """Return the allowed and the required keys of an input for each type."""
    rules = []
    for kind in InputType:
        others = [key for key, kinds in OWN_KEYS.items() if kind not in kinds]
        then: Schema = {"properties": dict.fromkeys(others, NULL)}
        if kind in NEEDED_KEYS:
            then = {"allOf": [then, _has(NEEDED_KEYS[kind])]}
        is_kind = {"required": ["type"], "properties": {"type": {"const": kind.value}}}
        rules.append({"if": is_kind, "then": then})
    return {"allOf": rules}


_RULES: dict[type, Schema] = {
    doc.IndicatorEntry: _exactly_one(doc.SCORINGS),
    doc.CriterionEntry: _exactly_one(doc.BELOW_CRITERION),
    doc.InputEntry: _keys_by_type(),
    doc.DefinitionEntry: _exactly_one(doc.DEFINED_AS),
}
