"""Notebook display of a result: the verdict, the result of each criterion, missing facts."""

from __future__ import annotations

from collections.abc import Iterator

from xhht import labels
from xhht.criteria.document import Provenance
from xhht.criteria.profile import Profile, criterion_name
from xhht.dates import day_text
from xhht.evaluation.state import CriterionResult, EvaluationState
from xhht.evaluation.wording import percent_note
from xhht.numbers import decimal_label, decimal_range_label
from xhht.render import Column, DisplayTable
from xhht.text import Lang, Text, join

__all__ = ["evaluation_html", "status_text"]


def evaluation_html(result: EvaluationState, lang: Lang | str = Lang.VI) -> str:
    """Return a result as HTML without scripts."""
    profile = result.profile
    has_points = profile.plan.has_points()
    rows = [
        (
            criterion_name(profile, criterion.id, lang),
            status_text(profile, criterion).get(lang),
            *(_points(criterion, lang) if has_points else ()),
        )
        for criterion in result.criteria
    ]
    caption = f"{profile.name.get(lang)}: {_verdict(result, lang)}"
    columns = (*_COLUMNS, *_POINTS) if has_points else _COLUMNS
    return DisplayTable(columns, rows).html(lang, caption=caption, notes=_notes(result, lang))


def status_text(profile: Profile, criterion: CriterionResult) -> Text:
    """Return the status of a criterion, with that for each level if it differs by level."""
    if set(criterion.status_by_level.values()) <= {criterion.status}:
        return criterion.status.label
    by_level = (
        _AT_LEVEL.format(level=profile.level(level).name, status=status.label)
        for level, status in criterion.status_by_level.items()
    )
    return _BY_LEVEL.format(status=criterion.status.label, by_level=join(by_level, "; "))


def _points(criterion: CriterionResult, lang: Lang | str) -> tuple[str, str]:
    ends = criterion.points_certain, criterion.points_possible
    return decimal_range_label(*ends).get(lang), decimal_label(criterion.max_points).get(lang)


def _verdict(result: EvaluationState, lang: Lang | str) -> str:
    text = result.verdict.label.get(lang)
    if result.level is not None:
        text += f", {result.profile.level(result.level).name.get(lang)}"
    if not result.profile.plan.has_points():
        return text
    points = decimal_range_label(result.points_certain, result.points_possible).get(lang)
    points = f"{points}/{decimal_label(result.available_points).get(lang)}"
    percent = percent_note(result)
    return f"{text} ({points})" if percent is None else f"{text} ({points}) {percent.get(lang)}"


def _notes(result: EvaluationState, lang: Lang | str) -> Iterator[str]:
    inputs = (result.plan.inputs[index] for index in sorted(result.unknown_inputs()))
    names = dict.fromkeys(declared.declared_input.name for declared in inputs)
    if names:
        labels = (result.profile.document.inputs[name].label.get(lang) for name in names)
        yield f"{_MISSING.get(lang)}: {'; '.join(labels)}"
    if result.as_of is not None:
        yield f"{_AS_OF.get(lang)}: {day_text(result.as_of).get(lang)}"
    yield f"{result.profile.reference}, {result.profile.provenance.label.get(lang)}"
    if result.profile.provenance is Provenance.ILLUSTRATIVE:
        yield _ILLUSTRATIVE.get(lang)


_COLUMNS = (
    Column(labels.CRITERION),
    Column(labels.RESULT),
)
_POINTS = (
    Column(labels.POINTS, numeric=True),
    Column(labels.MAXIMUM_POINTS, numeric=True),
)
_AT_LEVEL = Text(vi="{level}: {status}", en="{level}: {status}")
_BY_LEVEL = Text(vi="{status} ({by_level})", en="{status} ({by_level})")
_MISSING = Text(vi="Chưa biết", en="Unknown")
_AS_OF = Text(vi="Tính đến ngày", en="As of")
_ILLUSTRATIVE = Text(
    vi="Bộ tiêu chí minh họa, tự đặt ra; kết quả không có giá trị pháp lý.",
    en="The profile is illustrative (invented); the result has no legal force.",
)
