"""The JSON Schema of result documents, derived from the classes of the format."""

from __future__ import annotations

import types
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, Union, get_args, get_origin, get_type_hints

from attrs import Attribute, fields, has

from xhht.documents.document import FORMAT, FactsJson, ResultDocument
from xhht.evaluation.facts import Verification

__all__ = ["result_schema"]

_Schema = dict[str, Any]

_SCALARS: Mapping[Any, _Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Fraction: {"type": "number"},
    date: {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    type(None): {"type": "null"},
    FactsJson: {"type": "object", "additionalProperties": {"$ref": "#/$defs/Fact"}},
}


def _closed_object(**properties: _Schema) -> _Schema:
    """Return the schema of an object with exactly these keys, all required."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _pair(of: _Schema) -> _Schema:
    return {"type": "array", "minItems": 2, "maxItems": 2, "items": of}


_TEXT: _Schema = {"type": "string"}
_VALUE: _Schema = {"$ref": "#/$defs/Value"}
_EVIDENCE = _closed_object(
    value={"anyOf": [_VALUE, {"type": "null"}]},
    verification={"enum": [member.value for member in Verification]},
)
_EVIDENCE["properties"] |= {
    "dated": _SCALARS[date],
    "source": _TEXT,
    "verified_by": _TEXT,
}
_FACTS: Mapping[str, _Schema] = {
    "Fact": {
        "description": "The fact of one input: a value, a value with evidence, or a waiver.",
        "anyOf": [
            _VALUE,
            _EVIDENCE,
            _closed_object(waived=_closed_object(reason=_TEXT, authority=_TEXT)),
        ],
    },
    "Value": {
        "description": "A value, or a set that contains it.",
        "anyOf": [
            {"type": ["boolean", "number", "string"]},
            _closed_object(between=_pair(_VALUE)),
            _closed_object(one_of={"type": "array", "minItems": 1, "items": _TEXT}),
            _closed_object(held=_VALUE, others=_VALUE),
            _closed_object(fraction=_pair({"type": "integer"})),
        ],
    },
}
"""The output of `fact_to_json`."""


def result_schema() -> _Schema:
    """Return the JSON Schema (2020-12) of a result document.

    >>> result_schema()["properties"]["format"]["const"]
    1
    """
    definitions = deepcopy(dict(_FACTS))
    schema = _object(ResultDocument, definitions)
    schema["properties"]["format"]["const"] = FORMAT
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xhht result",
        **schema,
        "$defs": dict(sorted(definitions.items())),
    }


def _object(kind: type, definitions: dict[str, _Schema]) -> _Schema:
    hints = get_type_hints(kind)
    descriptions = _field_descriptions(kind)
    properties = {
        attribute.name: _property(attribute, hints[attribute.name], definitions)
        | ({"description": descriptions[attribute.name]} if attribute.name in descriptions else {})
        for attribute in fields(kind)
    }
    return {
        "description": (kind.__doc__ or "").partition("\n\n")[0],
        "type": "object",
        "additionalProperties": False,
        "required": [
            attribute.name for attribute in fields(kind) if not attribute.metadata.get("omitted")
        ],
        "properties": properties,
    }


def _property(attribute: Attribute[Any], hint: Any, definitions: dict[str, _Schema]) -> _Schema:
    if attribute.metadata.get("omitted"):
        [hint] = [option for option in get_args(hint) if option is not type(None)]
    schema = _of(hint, definitions)
    if "pattern" in attribute.metadata:
        schema |= {"pattern": f"^({attribute.metadata['pattern']})$"}
    return schema


def _of(hint: Any, definitions: dict[str, _Schema]) -> _Schema:
    if get_origin(hint) in (Union, types.UnionType):
        options = [_of(option, definitions) for option in get_args(hint)]
        if all(set(option) == {"type"} for option in options):
            return {"type": [option["type"] for option in options]}
        return {"anyOf": options}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _of(get_args(hint)[0], definitions)}
    if hint in _SCALARS:
        return dict(_SCALARS[hint])
    if hint.__name__ not in definitions:
        definitions[hint.__name__] = _object(hint, definitions) if has(hint) else _members(hint)
    return {"$ref": f"#/$defs/{hint.__name__}"}


def _members(kind: type[Enum]) -> _Schema:
    return {"enum": [member.value for member in kind]}


def _field_descriptions(kind: type) -> dict[str, str]:
    """Return the descriptions of fields in the `Attributes:` section of a class docstring."""
    _, _, section = (kind.__doc__ or "").partition("Attributes:\n")
    descriptions: dict[str, str] = {}
    name = ""
    for line in section.splitlines():
        if line.startswith(" " * 12):
            descriptions[name] += f" {line.strip()}"
        elif ": " in line:
            name, _, text = line.strip().partition(": ")
            descriptions[name] = text
    public = {
        name: text.replace("; not shown in `repr`", "") for name, text in descriptions.items()
    }
    return {name: text.replace("None", "null") for name, text in public.items()}
