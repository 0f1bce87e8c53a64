"""The JSON Schema of result documents, derived from the classes of the format."""

from __future__ import annotations

import types
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from fractions import Fraction
from typing import Any, Union, get_args, get_origin, get_type_hints

from attrs import Attribute, fields

from xhht._json_schema import NULL, ClassSchemas, Members, Schema, anchored, closed_object
from xhht.dates import ISO_DAY_PATTERN
from xhht.documents.document import FORMAT, FactsJson, ResultDocument
from xhht.evaluation.facts import Verification

__all__ = ["result_schema"]


def _pair(of: Schema) -> Schema:
    return {"type": "array", "minItems": 2, "maxItems": 2, "items": of}


_SCALARS: Mapping[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Fraction: {"type": "number"},
    date: {"type": "string", "format": "date", "pattern": ISO_DAY_PATTERN},
    type(None): NULL,
    tuple[int, int]: _pair({"type": "integer"}),
    FactsJson: {"type": "object", "additionalProperties": {"$ref": "#/$defs/Fact"}},
}


_TEXT: Schema = {"type": "string"}
_VALUE: Schema = {"$ref": "#/$defs/Value"}
_EVIDENCE = closed_object(
    {
        "value": {"anyOf": [_VALUE, NULL]},
        "verification": {"enum": [member.value for member in Verification]},
        "dated": _SCALARS[date],
        "source": _TEXT,
        "verified_by": _TEXT,
    },
    required=["value", "verification"],
)
_FACTS: Mapping[str, Schema] = {
    "Fact": {
        "description": "The fact of one input: a value, a value with evidence, or a waiver.",
        "anyOf": [
            _VALUE,
            _EVIDENCE,
            closed_object({"waived": closed_object({"reason": _TEXT, "authority": _TEXT})}),
        ],
    },
    "Value": {
        "description": "A value, or a set that contains it.",
        "anyOf": [
            {"type": ["boolean", "number", "string"]},
            closed_object({"between": _pair(_VALUE)}),
            closed_object({"one_of": {"type": "array", "minItems": 1, "items": _TEXT}}),
            closed_object({"held": _VALUE, "others": _VALUE}),
            closed_object({"fraction": _pair({"type": "integer"})}),
        ],
    },
}
"""The output of `fact_to_json`."""


def result_schema() -> Schema:
    """Return the JSON Schema (2020-12) of a result document.

    >>> result_schema()["properties"]["format"]["const"]
    1
    """
    schemas = _DocumentSchemas("#/$defs", _SCALARS)
    schemas.definitions |= deepcopy(dict(_FACTS))
    schema = schemas.object(ResultDocument)
    schema["properties"]["format"]["const"] = FORMAT
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xhht result",
        **schema,
        "$defs": dict(sorted(schemas.definitions.items())),
    }


class _DocumentSchemas(ClassSchemas):
    """The schemas of the classes of result documents."""

    def members_of(self, kind: type) -> Members:
        hints = get_type_hints(kind)
        return {item.name: (item, hints[item.name]) for item in fields(kind)}

    def is_required(self, attribute: Attribute[Any]) -> bool:
        return not attribute.metadata.get("omitted")

    def of(self, hint: Any, metadata: Mapping[Any, Any] = types.MappingProxyType({})) -> Schema:
        if get_origin(hint) is dict:
            return {"type": "object", "additionalProperties": self.of(get_args(hint)[1])}
        if get_origin(hint) not in (Union, types.UnionType):
            return super().of(hint, metadata)
        options = [self.of(option) for option in get_args(hint)]
        if all(set(option) == {"type"} for option in options):
            return {"type": [option["type"] for option in options]}
        return {"anyOf": options}

    def object(self, kind: type) -> Schema:
        schema = super().object(kind)
        for name, description in _field_descriptions(kind).items():
            schema["properties"][name] |= {"description": description}
        return schema

    def property(self, attribute: Attribute[Any], hint: Any) -> Schema:
        if attribute.metadata.get("omitted") and attribute.default is None:
            [hint] = [option for option in get_args(hint) if option is not type(None)]
        schema = super().property(attribute, hint)
        if "pattern" in attribute.metadata:
            schema |= {"pattern": anchored(attribute.metadata["pattern"])}
        return schema


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
    public = {key: text.replace("; not shown in `repr`", "") for key, text in descriptions.items()}
    return {name: text.replace("None", "null") for name, text in public.items()}
