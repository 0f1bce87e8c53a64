"""The result of a standard as the value of an input that rests on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from attrs import evolve

from xhht import labels
from xhht.criteria.dependencies import declared_inputs
from xhht.errors import FactsError
from xhht.evaluation.codegen import compile_plan
from xhht.evaluation.facts import OneOf, as_mapping, to_value_set
from xhht.evaluation.state import NO_STANDARDS, EvaluationState
from xhht.rules.inputs import NO_LEVEL, Input, InputType
from xhht.rules.lowering import lower
from xhht.text import Text, join

__all__ = ["before_closing", "fact_of_result", "facts_of_profile", "is_unsettled", "levels_text"]

Result = TypeVar("Result", bound=EvaluationState)


def fact_of_result(declared: Input, result: EvaluationState, as_of: date | None) -> object:
    """Return the result of another standard as the fact of an input.

    A choice takes the set of the levels that are still possible; a truth is None while it is open.

    Args:
        declared: an input that rests on a standard.
        result: the result of the same subject under the profile of the standard.
        as_of: the day of evaluation.

    Raises:
        FactsError: the result is of another title, kind of subject or day, or a level that is
            possible is no option of the input.
    """
    name, standard = declared.name, declared.standard
    if standard is None:
        raise _error("wrong_standard", name, _NO_STANDARD)
    profile = result.profile
    limits = profile.document.applies_to or {}
    fits = all(
        not set(values).isdisjoint(limits.get(key, values)) for key, values in standard.applies_to
    )
    if profile.title is not standard.title or not fits:
        wanted = standard.title.label
        raise _error("wrong_standard", name, _OTHER, wanted=wanted, profile=profile.reference)
    if result.as_of is not None and result.as_of != as_of:
        raise _error("wrong_day", name, _OTHER_DAY, profile=profile.reference)
    levels = [NO_LEVEL if level is None else level for level in result.levels_possible]
    if declared.kind is InputType.BOOL:
        reached = {level != NO_LEVEL for level in levels}
        return reached.pop() if len(reached) == 1 else None
    for level in levels:
        if level not in declared.choices:
            stated = {"level": level, "profile": profile.reference}
            choices = ", ".join(declared.choices)
            raise _error("unknown_choice", name, _NO_OPTION, **stated, choices=choices)
    return levels[0] if len(levels) == 1 else OneOf(levels)


def before_closing(result: Result) -> Result:
    """Return a result as it was before the assessment was closed; itself if it is open."""
    if not result.final:
        return result
    standards = {name: before_closing(one) for name, one in result.standards.items()}
    waivers = result.reader.waivers if result.reader else ()
    waived = frozenset(result.plan.inputs[index].name for index in waivers)
    plan = lower(result.profile.rules, waived) if waived else result.profile.plan
    input_lows, input_highs = _with_results(result, standards)
    compiled = compile_plan(plan)
    lows, highs = compiled.ranges(input_lows, input_highs, compiled.days(result.as_of))
    return evolve(
        result,
        plan=plan,
        input_lows=input_lows,
        input_highs=input_highs,
        lows=lows,
        highs=highs,
        standards=standards or NO_STANDARDS,
        final=False,
    )


def _with_results(
    result: EvaluationState, standards: Mapping[str, EvaluationState]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the sets of the inputs with other results of the standards."""
    lows, highs = list(result.input_lows), list(result.input_highs)
    for index, declared in enumerate(result.plan.inputs):
        if declared.name in standards:
            value = fact_of_result(declared, standards[declared.name], result.as_of)
            ends = declared.domain if value is None else to_value_set(declared, value)
            lows[index], highs[index] = ends
    return tuple(lows), tuple(highs)


def is_unsettled(result: EvaluationState, as_of: date | None) -> bool:
    """Return whether a result depends on a threshold that no source shows, itself or through a
    standard; it does not matter for which facts.
    """
    return result.profile.has_unknown_threshold(as_of) or any(
        is_unsettled(standard, as_of) for standard in result.standards.values()
    )


def facts_of_profile(result: EvaluationState, facts: object) -> dict[str, object]:
    """Return the facts of an evaluation for the inputs of its profile, without those of standards.

    The result of a standard becomes the set of values that it gives.
    """
    inputs = declared_inputs(result.profile)
    own = {name: value for name, value in as_mapping(facts).items() if name in inputs}
    return own | {
        name: fact_of_result(inputs[name], standard, result.as_of)
        for name, standard in result.standards.items()
    }


def levels_text(result: EvaluationState) -> Text:
    """Return the levels that are still possible by name, and the profile that decides them."""
    profile = result.profile
    levels = [
        labels.NO_LEVEL if level is None else profile.level(level).name
        for level in result.levels_possible
    ]
    return _RESULT.format(profile=profile.reference, levels=join(levels, " / "))


def _error(code: str, name: str, text: Text, **values: object) -> FactsError:
    return FactsError(text.format(name=name, **values), code=code, field=name)


_RESULT = Text(vi="kết quả theo {profile}: {levels}", en="result under {profile}: {levels}")
_NO_STANDARD = Text(
    vi="'{name}' không lấy kết quả của chuẩn khác; hãy nêu giá trị, hoặc thêm 'result' vào bộ "
    "tiêu chí.",
    en="'{name}' does not take the result of another standard; give a value, or add 'result' to "
    "the profile.",
)
_OTHER = Text(
    vi="'{name}' cần kết quả của {wanted} cho loại đối tượng này, không phải của {profile}.",
    en="'{name}' needs the result of {wanted} for this kind of subject, not of {profile}.",
)
_OTHER_DAY = Text(
    vi="'{name}': kết quả của {profile} tính đến một ngày khác; hãy đánh giá cả hai với cùng "
    "as_of.",
    en="'{name}': the result of {profile} is of another day; evaluate both with the same as_of.",
)
_NO_OPTION = Text(
    vi="'{name}' không có lựa chọn '{level}', là một mức của {profile}; các lựa chọn hợp lệ: "
    "{choices}.",
    en="'{name}' has no option '{level}', which is a level of {profile}; allowed options: "
    "{choices}.",
)
