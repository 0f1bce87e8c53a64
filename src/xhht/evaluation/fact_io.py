"""Read facts from text and JSON, and write them as facts, JSON and display text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from attrs import evolve

from xhht import labels
from xhht.criteria.document import ProfileDocument
from xhht.dates import day_text, iso_day
from xhht.errors import FactsError, NumberFormatError
from xhht.evaluation.facts import (
    KIND_LABELS,
    Between,
    Evidence,
    MemberShare,
    OneOf,
    Verification,
    Waiver,
    as_mapping,
)
from xhht.evaluation.result_types import FactValue
from xhht.evaluation.state import EvaluationState
from xhht.numbers import (
    Convention,
    decimal_label,
    decimal_places,
    exact,
    json_number,
    parse_number,
    parse_percent,
    share_label,
)
from xhht.rules.inputs import Input, InputType
from xhht.rules.plan import Interval
from xhht.text import Text, join, normalize_text

__all__ = [
    "WAIVER_WORDS",
    "fact_from_interval",
    "fact_from_json",
    "fact_from_text",
    "fact_text",
    "fact_to_json",
    "fact_to_plain",
    "facts_after_changes",
    "facts_from_intervals",
    "facts_from_json",
]


def facts_from_intervals(inputs: Sequence[Input], sets: Mapping[int, Interval]) -> dict[str, Any]:
    """Return the facts for sets of inputs, by index; unknown ones are omitted."""
    facts: dict[str, Any] = {}
    for index, ends in sets.items():
        declared = inputs[index]
        if declared.part_of is not None:
            counts = facts.setdefault(declared.declared_input.name, {})
            counts[declared.name.rpartition(".")[2]] = ends
        elif ends != declared.domain or declared.is_known(*ends):
            facts[declared.name] = fact_from_interval(declared, ends)
    for name, value in facts.items():
        if isinstance(value, dict):
            facts[name] = MemberShare(*(_count_or_range(value[key]) for key in ("held", "others")))
    return facts


def facts_after_changes(
    result: EvaluationState, base: Sequence[Interval], changed: Mapping[int, Interval]
) -> dict[str, Any]:
    """Return all facts after changes of some inputs, by index, as `evaluate` takes them.

    Unchanged facts keep their evidence or waiver; a changed fact that requires evidence gets
    evidence that is verified and dated on the day of the result.
    """
    inputs = result.plan.inputs
    sets = {index: changed.get(index, ends) for index, ends in enumerate(base)}
    facts = facts_from_intervals(inputs, sets)
    changed_names = {inputs[index].declared_input.name for index in changed}
    for declared in dict.fromkeys(inputs[index].declared_input for index in changed):
        if declared.evidence.required or declared.evidence.valid_months is not None:
            facts[declared.name] = Evidence(
                value=facts[declared.name], dated=result.as_of, verification=Verification.VERIFIED
            )
    if result.reader is not None:
        backings: dict[int, Evidence | Waiver] = {**result.reader.evidence, **result.reader.waivers}
        for index, backing in sorted(backings.items()):
            name = inputs[index].declared_input.name
            if name not in changed_names:
                facts[name] = _backing_with_value(backing, facts.get(name), inputs[index])
    return facts


def _backing_with_value(
    backing: Evidence | Waiver, value: Any, declared: Input
) -> Evidence | Waiver:
    """Return the evidence or waiver of a fact; a share of members gets both counts."""
    if isinstance(backing, Waiver) or declared.part_of is None:
        return backing
    return evolve(backing, value=value)


def _count_or_range(ends: Interval) -> int | Between:
    return ends[0] if ends[0] == ends[1] else Between(*ends)


def fact_from_interval(declared: Input, ends: Interval) -> Any:
    """Return the fact for a set of values of an input."""
    lower, upper = ends
    if declared.kind is InputType.CHOICE:
        options = declared.options(upper)
        return options[0] if len(options) == 1 else OneOf(options)
    if declared.kind is InputType.BOOL:
        return bool(lower)
    if declared.kind is InputType.DATE:
        days = date.fromordinal(lower), date.fromordinal(upper)
        return days[0] if lower == upper else Between(*days)
    numbers = _int_if_whole(declared.number(lower)), _int_if_whole(declared.number(upper))
    return numbers[0] if lower == upper else Between(*numbers)


def fact_text(document: ProfileDocument, name: str, value: object) -> Text:
    """Return the value of an input as text: an option by its label, a number with its unit."""
    entry = document.inputs[name]
    match value:
        case str():
            return document.options(entry).get(value, Text(vi=value, en=value))
        case bool():
            return labels.YES if value else labels.NO
        case date():
            return day_text(value)
        case MemberShare(holders, others) if isinstance(holders, int) and isinstance(others, int):
            return labels.MEMBERS.format(held=holders, all=holders + others)
        case int() | Fraction():
            is_share = entry.type is InputType.SHARE
            number = (share_label if is_share else decimal_label)(Fraction(value))
            return join((number, entry.unit)) if entry.unit else number
        case _:
            return Text(vi=str(value), en=str(value))


TRUE_WORDS: Final = ("true", "1", "1.0", "có", "x", "✓", "✔", "đạt", "yes")
"""The words that offices write for yes."""

FALSE_WORDS: Final = ("false", "0", "0.0", "không", "không đạt", "chưa", "chưa đạt", "no")
"""The words that offices write for no; a blank cell is unknown."""

_TRUTHS: Final = {**dict.fromkeys(TRUE_WORDS, True), **dict.fromkeys(FALSE_WORDS, False)}

VI_DAY: Final = r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})"
"""A day as Vietnamese write it: day, month, year."""

HOUR: Final = r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?$"
"""The hour behind a day, which does not count."""

_VI_DAY, _HOUR = re.compile(VI_DAY), re.compile(HOUR)


WAIVER_WORDS: Final = ("miễn", "miễn xét", "waived")
"""The words before the colon with which the cell of an input says that it is waived."""


_WAIVED = re.compile(rf"(?:{'|'.join(WAIVER_WORDS)}) ?:(?P<decision>.*)", re.IGNORECASE)


_SIGNS = frozenset(".,")


_SHARE = re.compile(r"[0-9]+([.,][0-9]+)?")


def fact_from_text(declared: Input, text: str, convention: Convention = Convention.PLAIN) -> object:
    """Return the value of a cell for an input; a blank cell is unknown.

    Args:
        declared: the input, whose kind determines how the text is read.
        text: the cell. Truths are words such as có/không, x, đạt/không đạt or 1/0; days are
            2024-12-31 or 31/12/2024, and an hour behind them does not count. `miễn: reason;
            authority` is a waiver of any input.
        convention: the number format.

    Raises:
        FactsError: the text is not a valid value of that kind.

    >>> from xhht.rules.inputs import Input, InputType
    >>> share = Input(name="share", kind=InputType.SHARE, maximum=10**9)
    >>> fact_from_text(share, "miễn: không còn cấp huyện; Bộ Giáo dục và Đào tạo")
    Waiver()
    """
    cleaned = normalize_text(text)
    if not cleaned:
        return None
    waived = _WAIVED.fullmatch(cleaned) if ":" in cleaned else None
    if waived:
        return _waiver(declared, waived["decision"])
    return _READERS[declared.kind](declared, cleaned, convention)


def _waiver(declared: Input, decision: str) -> Waiver:
    reason, _, authority = decision.rpartition(";")
    if not reason.strip() or not authority.strip():
        text = _WAIVER_PARTS.format(name=declared.name)
        raise FactsError(text, code="bad_waiver", field=declared.declared_input.name)
    return Waiver(reason=reason, authority=authority)


def _truth(declared: Input, text: str, _convention: Convention) -> bool:
    value = _TRUTHS.get(text.casefold())
    if value is None:
        raise _wrong_type(declared, _TRUTH)
    return value


def _number(declared: Input, text: str, convention: Convention) -> Fraction | int:
    try:
        return _int_if_whole(parse_number(text, convention))
    except NumberFormatError as error:
        vietnamese = convention is Convention.PLAIN and "," in text
        template = _NUMBER_OR_VI if vietnamese else _NUMBER
        raise _wrong_type(declared, template, problem=error.text) from None


def _int_if_whole(number: Fraction) -> Fraction | int:
    """Return an integer as an int, which has the faster path in evaluation."""
    return number.numerator if number.denominator == 1 else number


def _count(declared: Input, text: str, convention: Convention) -> Fraction | int:
    # The decimal sign of one format groups thousands in the other: a count has no decimals.
    decimal_sign = "," if convention is Convention.VI else "."
    text = text.removesuffix(f"{decimal_sign}0")  # how programs write whole numbers as doubles
    if decimal_sign not in text:
        with suppress(NumberFormatError):
            return _int_if_whole(parse_number(text, convention))
    if convention is Convention.VI:
        raise _wrong_type(declared, _COUNT_VI)
    raise _wrong_type(declared, _COUNT_OR_VI if _SIGNS & set(text) else _COUNT)


def _share(declared: Input, text: str, _convention: Convention) -> Fraction:
    # A share has no thousands, so a comma or point can only be the decimal sign.
    if text.endswith("%"):
        try:
            return parse_percent(text)[0] / 100
        except NumberFormatError as error:
            raise _wrong_type(declared, _NUMBER, problem=error.text) from None
    if not _SHARE.fullmatch(text) or len(text) > 40:
        raise _wrong_type(declared, _SHARE_TEXT)
    return Fraction(text.replace(",", "."))


def _day(declared: Input, text: str, _convention: Convention) -> date:
    text = _HOUR.sub("", text)
    local = _VI_DAY.fullmatch(text)
    try:
        if local:
            day, month, year = map(int, local.groups())
            return date(year, month, day)
        return iso_day(text)
    except ValueError:
        raise FactsError(
            _DAY.format(name=declared.name), code="not_a_date", field=declared.name
        ) from None


def _choice(_declared: Input, text: str, _convention: Convention) -> str:
    return text


_READERS: Final[Mapping[InputType, Callable[[Input, str, Convention], object]]] = {
    InputType.BOOL: _truth,
    InputType.COUNT: _count,
    InputType.DECIMAL: _number,
    InputType.ASSESSED: _number,
    InputType.SHARE: _share,
    InputType.CHOICE: _choice,
    InputType.DATE: _day,
}


def _wrong_type(declared: Input, text: Text, **values: object) -> FactsError:
    filled = text.format(name=declared.name, kind=KIND_LABELS[declared.kind], **values)
    return FactsError(filled, code="wrong_type", field=declared.name)


def fact_from_json(name: str, value: object) -> object:
    """Return the value of an input from JSON.

    An object is evidence, `{"value": …, "dated": "2024-05-31", "verification":
    "verified", "verified_by": …, "source": …}`, a waiver, `{"waived": {"reason": …,
    "authority": …}}`, or a partly known value: `{"between": [3, 5]}`, `{"one_of": ["a",
    "b"]}`, `{"held": 3, "others": {"between": [0, 2]}}`, `{"fraction": [1, 3]}`. Other values are
    returned unchanged.

    Raises:
        FactsError: the object is none of these.
    """
    if not isinstance(value, Mapping):
        return value
    try:
        if set(value) == {"waived"}:
            return Waiver(**_texts(value["waived"]))
        return _set_of(value) if "value" not in value else Evidence(**_evidence(value))
    except (TypeError, ValueError, AttributeError):
        raise FactsError(_EVIDENCE.format(name=name), code="bad_evidence", field=name) from None


def facts_from_json(values: Mapping[str, object]) -> dict[str, object]:
    """Return a subject's facts as `evaluate` takes them, from a JSON object.

    Args:
        values: JSON values by input: plain, or an object for evidence, a waiver or a partly known
            value.

    Raises:
        FactsError: an object is none of these, or `values` is not a mapping.

    >>> facts_from_json({"has_plan": True, "members": {"between": [3, 5]}})
    {'has_plan': True, 'members': Between()}
    """
    return {name: fact_from_json(name, value) for name, value in as_mapping(values).items()}


def fact_to_json(value: object) -> object:
    """Return a value as `fact_from_json` reads it: numbers as int or Fraction, text normalised.

    The value must be one that evaluation accepted; equal facts give equal values.

    >>> fact_to_json(0.50) == fact_to_json(Fraction(1, 2)), fact_to_json(Between(1, 3))
    (True, {'between': [1, 3]})
    """
    if isinstance(value, Evidence):
        return _evidence_to_json(value)
    if isinstance(value, Waiver):
        return {"waived": {"reason": value.reason, "authority": value.authority}}
    if isinstance(value, Between):
        return {"between": [fact_to_json(value.lower), fact_to_json(value.upper)]}
    if isinstance(value, OneOf):
        return {"one_of": sorted({_plain_text(option) for option in value.options})}
    if isinstance(value, MemberShare):
        return {"held": fact_to_json(value.held), "others": fact_to_json(value.others)}
    if isinstance(value, str):
        return _plain_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float, Decimal, Fraction)) and not isinstance(value, bool):
        return _number_to_json(exact(value))
    return value


def fact_to_plain(value: Any) -> FactValue:
    """Return a known value as plain data that `json.dumps` takes: numbers as int or float."""
    match value:
        case None | bool() | str():
            return value
        case int() | Fraction():
            return json_number(Fraction(value))
        case date():
            return value.isoformat()
        case _:
            return {"held": value.held, "others": value.others}


def _evidence_to_json(evidence: Evidence) -> dict[str, object]:
    fields: dict[str, object] = {
        "value": fact_to_json(evidence.value),
        "verification": evidence.verification.value,
    }
    if evidence.dated is not None:
        fields["dated"] = evidence.dated.isoformat()
    for key, text in (("source", evidence.source), ("verified_by", evidence.verified_by)):
        if text is not None:
            fields[key] = _plain_text(text)
    return fields


def _plain_text(text: str) -> str:
    return normalize_text(str.__str__(text))  # an enumeration member becomes its value


def _number_to_json(number: Fraction) -> object:
    if decimal_places(number) is None:
        return {"fraction": [number.numerator, number.denominator]}
    return _int_if_whole(number)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _texts(value: Mapping[str, Any]) -> dict[str, Any]:
    if not all(map(_is_text, value.values())):
        raise TypeError
    return dict(value)


def _evidence(value: Mapping[str, Any]) -> dict[str, Any]:
    fields = dict(value)
    if isinstance(fields["value"], list):
        raise TypeError
    if isinstance(fields["value"], Mapping):
        fields["value"] = _set_of(fields["value"])
    dated = fields.get("dated")
    if dated is not None:
        fields["dated"] = iso_day(dated)
    fields["verification"] = Verification(fields.get("verification", Verification.PENDING))
    _texts({key: fields[key] for key in ("source", "verified_by") if fields.get(key) is not None})
    return fields


def _set_of(value: Mapping[str, Any]) -> object:
    """Return a partly known value, or a fraction; raises TypeError and ValueError."""
    match dict(value):
        case {"between": [lower, upper], **extra} if not extra:
            return Between(_end(lower), _end(upper))
        case {"one_of": [*options], **extra} if not extra and all(map(_is_text, options)):
            return OneOf(options)
        case {"held": holders, "others": others, **extra} if not extra:
            return MemberShare(_end(holders), _end(others))
        case {"fraction": [int(numerator), int(denominator)], **extra} if (
            not extra and denominator > 1
        ):
            return Fraction(numerator, denominator)
    raise TypeError


def _end(value: object) -> Any:
    if isinstance(value, list):
        raise TypeError
    return _set_of(value) if isinstance(value, Mapping) else value


_WAIVER_PARTS = Text(
    vi="'{name}': việc miễn phải nêu lý do và cơ quan quyết định, viết “miễn: lý do; cơ quan”.",
    en="'{name}': a waiver must state its reason and the deciding authority; write “waived: "
    "reason; authority”.",
)
_TRUTH = Text(
    vi="'{name}' phải là có hoặc không; được viết: có/không, x, đạt/không đạt, 1/0, true/false.",
    en="'{name}' must be yes or no; write có/không, x, đạt/không đạt, 1/0 or true/false.",
)


_NUMBER = Text(vi="'{name}' phải là {kind}. {problem}", en="'{name}' must be {kind}. {problem}")


_NUMBER_OR_VI = Text(
    vi="'{name}' phải là {kind}. {problem} Nếu bảng viết số theo cách Việt Nam (2,5), vui lòng "
    "dùng --numbers vi.",
    en="'{name}' must be {kind}. {problem} If the table uses the Vietnamese number format "
    "(2,5), use --numbers vi.",
)


_COUNT = Text(
    vi="'{name}' phải là {kind}, viết như 12000.", en="'{name}' must be {kind} written like 12000."
)


_COUNT_OR_VI = Text(
    vi="'{name}' phải là {kind}, viết liền như 12000, không có dấu chấm hay dấu phẩy. Nếu bảng "
    "viết số theo cách Việt Nam (12.000), vui lòng dùng --numbers vi.",
    en="'{name}' must be {kind} written like 12000, without points or commas. If the table uses "
    "the Vietnamese number format (12.000), use --numbers vi.",
)


_COUNT_VI = Text(
    vi="'{name}' phải là {kind}, viết như 12.000 hoặc 12000, không có phần thập phân.",
    en="'{name}' must be {kind} written like 12.000 or 12000, without decimals.",
)


_SHARE_TEXT = Text(
    vi="'{name}' phải là tỉ lệ, viết như 0.705 hoặc 70,5%.",
    en="'{name}' must be a share, written like 0.705 or 70,5%.",
)


_DAY = Text(
    vi="'{name}' không phải ngày hợp lệ; hãy viết như 31/12/2024 hoặc 2024-12-31.",
    en="'{name}' is not a valid date; write it like 31/12/2024 or 2024-12-31.",
)


_EVIDENCE = Text(
    vi="Minh chứng của '{name}' không hợp lệ; cần value, và có thể có source, dated, "
    "verification, verified_by; hoặc waived với reason và authority; hoặc between, one_of, "
    "held và others, fraction.",
    en="Invalid evidence for '{name}'; use value, optionally with source, dated, verification, "
    "verified_by; or waived with reason and authority; or between, one_of, held and others, "
    "fraction.",
)
