"""Targets and their attainment in areas, as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xhht import labels
from xhht.criteria.targets import Programme, Target
from xhht.dates import day_text
from xhht.numbers import NOT_REPORTED, count_range_label, number_text, percent_label
from xhht.render import Column, DisplayTable, sanitize_line
from xhht.reporting.comparisons import reason_line
from xhht.rollup.counts import Bounds
from xhht.rollup.targets import AreaAttainment, NotComputedReason, TargetResults
from xhht.text import Lang, Text

__all__ = ["attained_cells", "attained_report", "mark_text", "programmes_report"]


def programmes_report(programmes: Iterable[Programme], lang: Lang | str = Lang.VI) -> str:
    """Return the targets of programmes, with their sources."""
    return "\n\n".join(_programme(programme, lang) for programme in programmes)


def attained_report(
    programmes: Iterable[tuple[Programme, TargetResults]], lang: Lang | str = Lang.VI
) -> str:
    """Return the attainment of targets by programme, and the targets not computed."""
    return "\n\n".join(_attained(programme, attained, lang) for programme, attained in programmes)


def _programme(programme: Programme, lang: Lang | str) -> str:
    rows = [
        [
            target.id,
            mark_text(target, lang),
            day_text(target.deadline).get(lang),
            target.scope.level.label.get(lang),
            target.provenance.label.get(lang),
            target.text.get(lang),
        ]
        for target in programme.targets
    ]
    sources: dict[str, list[str]] = {}
    for target in programme.targets:
        sources.setdefault(target.source or NOT_REPORTED, []).append(target.id)
    lines = [
        _SOURCE.get(lang, source=sanitize_line(source), targets=", ".join(ids))
        for source, ids in sources.items()
    ]
    changes = [reason_line(entry, Lang(lang)) for entry in programme.document.changes or ()]
    table = DisplayTable(_TARGETS, rows).text(lang)
    return "\n".join([_heading(programme, lang), *changes, table, *lines])


def _attained(programme: Programme, attained: TargetResults, lang: Lang | str) -> str:
    blocks = [_heading(programme, lang)]
    if attained.rows:
        blocks.append(
            DisplayTable(_ATTAINED, [_row(row, lang) for row in attained.rows]).text(lang)
        )
    for reason in NotComputedReason:
        ids = [item.target.id for item in attained.not_computed if item.reason is reason]
        if ids:
            text = _NOT_COMPUTED.format(reason=reason.text)
            blocks.append(text.get(lang, targets=", ".join(ids)))
    return "\n".join(blocks)


def _heading(programme: Programme, lang: Lang | str) -> str:
    document = programme.legal_basis.document
    return sanitize_line(f"{programme.id}: {programme.name.get(lang)} ({document})")


def _row(row: AreaAttainment, lang: Lang | str) -> Sequence[str]:
    return [row.target.id, row.area.code, row.area.name, *attained_cells(row, lang)]


def attained_cells(row: AreaAttainment, lang: Lang | str) -> tuple[str, ...]:
    """Return the cells of a target: mark, deadline, reached, result, needed, per year, coverage."""
    attainment = row.attainment
    coverage = attainment.coverage
    return (
        mark_text(row.target, lang),
        day_text(row.target.deadline).get(lang),
        _reached(row, lang),
        attainment.state.label.get(lang),
        _bounds(row.needed, lang),
        _bounds(row.per_year, lang),
        coverage.text.get(lang) if coverage else NOT_REPORTED,
    )


def mark_text(target: Target, lang: Lang | str) -> str:
    """Return the share or the number to reach."""
    if target.share is None:
        return number_text(target.count, lang)
    return percent_label(target.share * 100).get(lang)


def _reached(row: AreaAttainment, lang: Lang | str) -> str:
    attainment = row.attainment
    if row.target.share is None:
        return _bounds(attainment.numerator, lang)
    return attainment.rate.text.get(lang)


def _bounds(bounds: Bounds | None, lang: Lang | str) -> str:
    if bounds is None:
        return NOT_REPORTED
    return count_range_label(bounds.lower, bounds.upper).get(lang)


_ID = Column(labels.TARGET)
_MARK = Column(labels.MARK, numeric=True)
_DEADLINE = Column(labels.DEADLINE)
_TARGETS = (
    _ID,
    _MARK,
    _DEADLINE,
    Column(Text(vi="Phạm vi", en="Scope")),
    Column(labels.PROVENANCE),
    Column(Text(vi="Nội dung", en="Text")),
)
_ATTAINED = (
    _ID,
    Column(labels.CODE),
    Column(labels.AREA),
    _MARK,
    _DEADLINE,
    Column(labels.REACHED, numeric=True),
    Column(labels.RESULT),
    Column(labels.NEEDED, numeric=True),
    Column(labels.EACH_YEAR, numeric=True),
    Column(labels.COVERAGE, numeric=True),
)
_SOURCE = Text(vi="Nguồn: {source} ({targets})", en="Source: {source} ({targets})")
_NOT_COMPUTED = Text(
    vi="Không tính: {{targets}} – {reason}.", en="Not computed: {{targets}} – {reason}."
)
