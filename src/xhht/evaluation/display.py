"""Notebook display of a result: the verdict, the result of each criterion, missing facts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from xhht.criteria.document import Provenance
from xhht.criteria.profile import criterion_name
from xhht.dates import day_text
from xhht.evaluation.state import EvaluationState
from xhht.numbers import decimal_label
from xhht.render import HtmlColumn, html_table
from xhht.text import Lang, Text

__all__ = ["evaluation_html"]


def evaluation_html(result: EvaluationState, lang: Lang | str = Lang.VI) -> str:
    """Return a result as HTML without scripts."""
    profile = result.profile
    return html_table(
        f"{profile.name.get(lang)}: {_verdict(result, lang)}",
        [HtmlColumn(head.get(lang), numeric=head in _NUMERIC) for head in _HEADS],
        [
            (
                criterion_name(profile, criterion.id, lang),
                criterion.status.label.get(lang),
                _range(criterion.points_certain, criterion.points_possible, lang),
                decimal_label(criterion.max_points).get(lang),
            )
            for criterion in result.criteria
        ],
        *_notes(result, lang),
    )


def _verdict(result: EvaluationState, lang: Lang | str) -> str:
    text = result.verdict.label.get(lang)
    if result.level is not None:
        text += f", {result.profile.level(result.level).name.get(lang)}"
    points = _range(result.points_certain, result.points_possible, lang)
    return f"{text} ({points}/{decimal_label(result.max_points).get(lang)})"


def _range(lower: Fraction, upper: Fraction, lang: Lang | str) -> str:
    ends = dict.fromkeys(decimal_label(end).get(lang) for end in (lower, upper))
    return "–".join(ends)


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


_POINTS, _MAXIMUM = Text(vi="Điểm", en="Points"), Text(vi="Tối đa", en="Maximum")
_NUMERIC = (_POINTS, _MAXIMUM)
_HEADS = (Text(vi="Tiêu chí", en="Criterion"), Text(vi="Kết quả", en="Status"), _POINTS, _MAXIMUM)
_MISSING = Text(vi="Chưa biết", en="Unknown")
_AS_OF = Text(vi="Tính đến ngày", en="As of")
_ILLUSTRATIVE = Text(
    vi="Bộ tiêu chí minh họa, tự đặt ra; kết quả không có giá trị pháp lý.",
    en="The profile is illustrative (invented); the result has no legal force.",
)
