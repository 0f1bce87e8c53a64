"""The facts that a profile asks for, as a JSON Schema."""

from __future__ import annotations

from typing import Any

from xhht import Profile
from xhht.exact import json_number
from xhht.rules.inputs import Input, InputType


def facts_schema(profile: Profile) -> dict[str, Any]:
    """Return the JSON Schema of a subject's facts; a fact that is null or left out is unknown."""
    declared = dict.fromkeys(each.asked for each in profile.plan.inputs)
    labels = profile.document.inputs
    return {
        "title": profile.name.vi,
        "description": profile.name.en,
        "type": "object",
        "additionalProperties": False,
        "properties": {
            each.name: {
                "title": labels[each.name].label.vi,
                "description": labels[each.name].label.en,
                "anyOf": [_value(each), _EVIDENCE, {"type": "null"}],
            }
            for each in declared
        },
    }


def _value(declared: Input) -> dict[str, Any]:
    match declared.kind:
        case InputType.BOOL:
            return {"type": "boolean"}
        case InputType.CHOICE:
            return {"enum": list(declared.choices)}
        case InputType.DATE:
            return {"type": "string", "format": "date"}
        case InputType.COUNT:
            return {"type": "integer", "minimum": declared.low, "maximum": declared.high}
        case _:
            low, high = (declared.number(end) for end in (declared.low, declared.high))
            return {"type": "number", "minimum": json_number(low), "maximum": json_number(high)}


_EVIDENCE = {
    "description": "A value with what backs it, or a waiver.",
    "type": "object",
    "properties": {"value": {}, "waived": {"type": "object"}},
}
