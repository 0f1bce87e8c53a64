"""A report with small counts suppressed, and all counts that would disclose them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from attrs import evolve

from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.errors import RollupError
from xhht.reporting.report import FigureGroup, Figures, Report
from xhht.rollup.counts import DENOMINATORS, Count, Counts
from xhht.rollup.disclosure import DisclosurePolicy, ProtectedTable, protect
from xhht.rollup.rates import Denominator, Rate, rates
from xhht.rollup.tally import Tally
from xhht.text import Text

__all__ = ["protected_report"]

_NO_RATE = Rate(numerator=None, denominator=None)
_REMAINDER = "~"
"""Suffix for the remainder of a count beyond the next, and of an area beyond its subareas."""


def protected_report(report: Report, policy: DisclosurePolicy | None = None) -> Report:
    """Return the report without small counts and without counts that would disclose them.

    Each title is protected separately. Rates are recomputed from the counts shown; targets and
    faults are omitted, as their texts may contain counts.

    Args:
        report: the report.
        policy: the counts to suppress; by default counts from 1 to 4.

    Raises:
        RollupError: counts of areas do not add up, or are blank in some areas only; protection
            cannot be guaranteed then.
    """
    policy = policy or DisclosurePolicy()
    figures: dict[tuple[str, FigureGroup], Figures] = {}
    for group in report.groups:
        figures.update(_protected(report, group, policy))
    return evolve(report, figures=figures, smallest_shown=policy.threshold, targets=(), faults=())


def _protected(
    report: Report, group: FigureGroup, policy: DisclosurePolicy
) -> Iterable[tuple[tuple[str, FigureGroup], Figures]]:
    reported = {
        area.code: area_figures
        for area in report.areas
        if (area_figures := report.of_area(area.code, group)).is_reported
    }
    counts = [
        count
        for count in Count
        if any(figures.counts[count] is not None for figures in reported.values())
    ]
    table = {
        report.tree[code]: _with_remainders(area_figures, counts)
        for code, area_figures in reported.items()
    }
    totals = dict(_totals(counts))
    shown = protect(*_with_own_remainders(table, report.tree), totals=totals, policy=policy)
    for area in report.areas:
        area_figures = report.of_area(area.code, group)
        yield (
            (area.code, group),
            _shown_figures(area_figures, counts, shown, area.code)
            if area.code in reported
            else area_figures,
        )


def _with_remainders(figures: Figures, counts: Sequence[Count]) -> dict[str, int]:
    """Return the counts of an area, and the remainder of each total."""
    known_counts = Counts.of(
        {count: number for count, number in figures.counts.items() if number is not None}
    )
    row = {str(count): _certain(known_counts, count) for count in counts}
    for total, parts in _totals(counts):
        row[total + _REMAINDER] = row[total] - sum(row[part] for part in parts if part in row)
    return row


def _certain(known_counts: Counts, count: Count) -> int:
    """Return a count that is reported or determined by the others."""
    if count is Count.UNDETERMINED and known_counts.recognised is not None:
        return known_counts.undetermined or 0  # blank means that the recognised count is final
    bounds = known_counts.bounds(count)
    if bounds.lower != bounds.upper:
        raise RollupError(_BLANKS.format(count=count.label))
    return bounds.lower


def _totals(counts: Sequence[Count]) -> Iterable[tuple[str, list[str]]]:
    """Yield each total with its parts: the next total or the verdicts, and the remainder."""
    totals = [count for count in counts if count in DENOMINATORS]
    for total, next_total in zip_longest(totals, totals[1:]):
        parts = (
            [count for count in counts if count not in DENOMINATORS]
            if next_total is None
            else [next_total]
        )
        if parts:
            yield str(total), [*map(str, parts), total + _REMAINDER]


def _with_own_remainders(
    table: Mapping[Area, Mapping[str, int]], tree: AreaTree
) -> tuple[dict[str, Mapping[str, int]], AreaTree]:
    """Return the table and the tree with the remainder of each area as a further subarea."""
    rows: dict[str, Mapping[str, int]] = {area.code: row for area, row in table.items()}
    own: list[Area] = []
    for area, row in table.items():
        parts = [rows[part.code] for part in tree.children(area.code) if part.code in rows]
        remainder = {
            name: number - sum(part[name] for part in parts) for name, number in row.items()
        }
        if parts and any(remainder.values()):
            own.append(
                evolve(area, code=area.code + _REMAINDER, parent=area.code, level=AreaLevel.VILLAGE)
            )
            rows[own[-1].code] = remainder
    return rows, AreaTree([*tree, *own])


def _shown_figures(
    figures: Figures, reported_counts: Sequence[Count], shown: ProtectedTable, code: str
) -> Figures:
    cells = shown.cells[code]
    counts = {
        count: cells[str(count)].value if count in reported_counts else None for count in Count
    }
    hidden = frozenset(count for count in reported_counts if counts[count] is None)
    known_counts = Counts.of(
        {count: number for count, number in counts.items() if number is not None}
    )
    is_open = hidden <= set(DENOMINATORS)
    shown_rates = rates(Tally.of(known_counts)) if is_open else dict.fromkeys(Denominator, _NO_RATE)
    return evolve(figures, counts=counts, hidden=hidden, rates=shown_rates)


_BLANKS = Text(
    vi="Chưa bảo vệ được số nhỏ: có khu vực để trống {count} mà khu vực khác thì không; vui lòng "
    "điền đủ hoặc bỏ cột này.",
    en="Small counts cannot be protected: {count} is blank in some areas only; fill it in for all "
    "areas, or remove the column.",
)
