"""The inputs of a profile as a JSON Schema, from which another system can build a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import assert_never

from xhht._json_schema import NULL, Schema, closed_object
from xhht.criteria.document import InputEntry, Year
from xhht.criteria.profile import Profile
from xhht.dates import ISO_DAY_PATTERN, day_text, months_text
from xhht.evaluation.facts import Verification
from xhht.numbers import decimal_text, json_number
from xhht.rules.inputs import Input, InputType
from xhht.text import Lang, Text

__all__ = ["facts_schema"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NON_BLANK = {"type": "string", "pattern": r"\S"}


def facts_schema(profile: Profile, lang: Lang | str = Lang.VI) -> Schema:
    """Return the JSON Schema (2020-12) of the facts that a profile reads.

    A fact that is null or omitted is unknown. The schema rejects what `evaluate` rejects, except
    for rules that JSON Schema cannot express; `x-` keys give these: decimals (`x-step`), the first
    and last day (`x-min`, `x-max`), and the input that is the upper bound (`x-at-most`). `x-label`
    and `x-unit` hold both languages.

    Args:
        profile: the profile.
        lang: the language of titles and descriptions.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")
    >>> schema = xhht.facts_schema(profile, "en")
    >>> members = schema["properties"]["members"]
    >>> members["title"], members["anyOf"][0]["type"]
    ('Members of the unit', ['integer', 'null'])
    """
    lang = Lang(lang)
    declared = {item.declared_input.name: item.declared_input for item in profile.plan.inputs}
    return {
        "$schema": _DIALECT,
        "$id": f"urn:xhht:facts:{profile.reference}",
        "title": profile.name.get(lang),
        "description": _FACTS.get(lang),
        "x-profile": profile.identity(),
        "type": "object",
        "properties": {
            name: _property(declared[name], entry, profile, lang)
            for name, entry in profile.document.inputs.items()
        },
        "additionalProperties": False,
        "$defs": {"waived": _waived(lang)},
    }


def _property(declared: Input, entry: InputEntry, profile: Profile, lang: Lang) -> Schema:
    value = _value(declared, entry, profile.document.options(entry), lang)
    forms = [value, _evidence(value, lang)]
    if _may_be_waived(declared.name, profile):
        forms.append({"$ref": "#/$defs/waived"})
    schema: Schema = {"title": entry.label.get(lang)}
    description = _description(declared, entry, profile, lang)
    if description:
        schema["description"] = description
    schema |= {"x-label": _both(entry.label), "x-type": entry.type.value}
    if entry.unit is not None:
        schema["x-unit"] = _both(entry.unit)
    if declared.at_most is not None:
        schema["x-at-most"] = declared.at_most
    if declared.step != 1:
        schema["x-step"] = decimal_text(declared.step)
    if declared.kind is InputType.DATE:
        ends = (date.fromordinal(end).isoformat() for end in (declared.minimum, declared.maximum))
        schema |= dict(zip(("x-min", "x-max"), ends, strict=True))
    if entry.evidence is not None:
        rule = declared.evidence
        schema["x-evidence"] = {"required": rule.required, "valid_months": rule.valid_months}
    if entry.members is not None:
        schema["x-members"] = {"title": entry.members.title.value, "take": entry.members.take.value}
    if entry.year is not Year.ASSESSED:
        schema["x-year"] = entry.year.value
    if entry.result is not None:
        schema["x-result"] = {"title": entry.result.title.value}
    return {**schema, "anyOf": forms}


def _may_be_waived(name: str, profile: Profile) -> bool:
    """Return whether an indicator is scored by an input."""
    scored = {index for node in profile.plan.nodes if node.is_leaf for index in node.inputs}
    return any(profile.plan.inputs[index].declared_input.name == name for index in scored)


def _value(declared: Input, entry: InputEntry, options: Mapping[str, Text], lang: Lang) -> Schema:
    match declared.kind:
        case InputType.BOOL:
            return {"type": ["boolean", "null"]}
        case InputType.CHOICE:
            consts = [
                {"const": option, "title": label.get(lang), "x-label": _both(label)}
                for option, label in options.items()
            ]
            return {"anyOf": [*consts, NULL]}
        case InputType.DATE:
            return {"type": ["string", "null"], "format": "date", "pattern": ISO_DAY_PATTERN}
        case InputType.COUNT | InputType.DECIMAL | InputType.SHARE | InputType.ASSESSED:
            kind = "integer" if declared.step.denominator == 1 else "number"
            schema = {
                "type": [kind, "null"],
                "minimum": json_number(declared.number(declared.minimum)),
                "maximum": json_number(declared.number(declared.maximum)),
            }
            if declared.kind is InputType.SHARE and entry.members is not None:
                return {"type": ["number", "null"], "minimum": 0, "maximum": 1}
            if kind == "integer" and declared.step != 1:
                schema["multipleOf"] = json_number(declared.step)
            return schema
        case _:
            assert_never(declared.kind)


def _evidence(value: Schema, lang: Lang) -> Schema:
    """Return the schema of a value with its evidence."""
    text = {"type": ["string", "null"]}
    properties = {
        "value": value,
        "dated": {**text, "format": "date", "pattern": ISO_DAY_PATTERN},
        "verification": {"enum": [status.value for status in Verification]},
        "verified_by": text,
        "source": text,
    }
    return {"title": _EVIDENCE.get(lang), **closed_object(properties, required=["value"])}


def _waived(lang: Lang) -> Schema:
    waiver = closed_object({"reason": _NON_BLANK, "authority": _NON_BLANK})
    return {"title": _WAIVED.get(lang), **closed_object({"waived": waiver})}


def _description(declared: Input, entry: InputEntry, profile: Profile, lang: Lang) -> str:
    """Return as text the rules that JSON Schema cannot express."""
    sentences = [entry.note] if entry.note else []
    if declared.at_most is not None:
        sentences.append(_AT_MOST.format(label=profile.document.inputs[declared.at_most].label))
    if declared.kind is InputType.DATE:
        days = map(date.fromordinal, (declared.minimum, declared.maximum))
        first, last = map(day_text, days)
        sentences.append(_BETWEEN.format(first=first, last=last))
    if declared.step.denominator != 1:
        sentences.append(_STEP.format(step=decimal_text(declared.step)))
    if declared.evidence.required:
        sentences.append(_VERIFIED)
    if declared.evidence.valid_months is not None:
        sentences.append(_VALID.format(months=months_text(declared.evidence.valid_months)))
    return " ".join(text.get(lang) for text in sentences)


def _both(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}


_FACTS = Text(
    vi="Dữ kiện của một đối tượng. Để trống (null) hoặc không nêu nghĩa là chưa biết, không phải "
    "là không.",
    en="The facts of one subject. Null or omitted means unknown, not no.",
)
_EVIDENCE = Text(vi="Giá trị kèm minh chứng", en="A value with its evidence")
_WAIVED = Text(vi="Được miễn minh chứng", en="Waived by an authority")
_AT_MOST = Text(vi="Không lớn hơn: {label}.", en="At most: {label}.")
_BETWEEN = Text(vi="Từ {first} đến {last}.", en="From {first} to {last}.")
_STEP = Text(vi="Bội số của {step}.", en="A multiple of {step}.")
_VERIFIED = Text(
    vi="Chỉ được tính khi minh chứng đã được xác nhận.", en="Counts only when verified."
)
_VALID = Text(
    vi="Minh chứng cũ hơn {months} không còn được tính.",
    en="Evidence older than {months} no longer counts.",
)
