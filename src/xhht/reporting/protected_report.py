"""A report in which small counts are left out, and with them all that would give them away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from attrs import evolve

from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.errors import RollupError
from xhht.reporting.report import Figures, Group, Report
from xhht.rollup.counts import WHOLES, Count, Counts
from xhht.rollup.disclosure import DisclosurePolicy, ProtectedTable, protect
from xhht.rollup.rates import Denominator, Rate, rates
from xhht.rollup.tally import Tally
from xhht.text import Text

__all__ = ["protected_report"]

_NO_RATE = Rate(numerator=None, denominator=None)
_REST = "~"
"""Ends the name of what a count holds beyond the next one, and of what an area holds itself."""


def protected_report(report: Report, policy: DisclosurePolicy | None = None) -> Report:
    """Return the report with small counts left out, those that would give them away, and rates.

    Each title is protected by itself. Rates are worked out anew from the counts that are shown;
    targets and faults are left out, as they say counts in their own words.

    Args:
        report: the report.
        policy: what to leave out; left out, counts from 1 to 4.

    Raises:
        RollupError: counts of areas do not add up to those above, or some parts leave blank what
            others give: then nothing can be promised.
    """
    policy = policy or DisclosurePolicy()
    figures: dict[tuple[str, Group], Figures] = {}
    for group in report.groups:
        figures.update(_protected(report, group, policy))
    return evolve(report, figures=figures, least_shown=policy.threshold, targets=(), faults=())


def _protected(
    report: Report, group: Group, policy: DisclosurePolicy
) -> Iterable[tuple[tuple[str, Group], Figures]]:
    known = {
        area.code: found
        for area in report.areas
        if (found := report.of_area(area.code, group)).is_reported
    }
    given = [count for count in Count if any(f.counts[count] is not None for f in known.values())]
    table = {report.tree[code]: _with_rests(found, given) for code, found in known.items()}
    totals = dict(_totals(given))
    shown = protect(*_with_own(table, report.tree), totals=totals, policy=policy)
    for area in report.areas:
        found = report.of_area(area.code, group)
        yield (
            (area.code, group),
            _shown(found, given, shown, area.code) if area.code in known else found,
        )


def _with_rests(found: Figures, given: Sequence[Count]) -> dict[str, int]:
    """Return the counts of an area, and what each of its wholes holds beyond the next."""
    told = Counts.of({count: n for count, n in found.counts.items() if n is not None})
    row = {str(count): _certain(told, count) for count in given}
    for whole, parts in _totals(given):
        row[whole + _REST] = row[whole] - sum(row[part] for part in parts if part in row)
    return row


def _certain(told: Counts, count: Count) -> int:
    """Return a count that is given, or that the others leave no choice for."""
    if count is Count.UNDETERMINED and told.recognised is not None:
        return told.undetermined or 0  # who leaves it blank gives a final count
    bounds = told.bounds(count)
    if bounds.low != bounds.high:
        raise RollupError(_BLANKS.format(count=count.label))
    return bounds.low


def _totals(given: Sequence[Count]) -> Iterable[tuple[str, list[str]]]:
    """Yield each whole with its parts: the next whole or the verdicts, and the rest."""
    wholes = [count for count in given if count in WHOLES]
    for whole, below in zip_longest(wholes, wholes[1:]):
        inside = [c for c in given if c not in WHOLES] if below is None else [below]
        if inside:
            yield str(whole), [*map(str, inside), whole + _REST]


def _with_own(
    table: Mapping[Area, Mapping[str, int]], tree: AreaTree
) -> tuple[dict[str, Mapping[str, int]], AreaTree]:
    """Return the table and the tree with what areas hold themselves beside those within them."""
    found: dict[str, Mapping[str, int]] = {area.code: row for area, row in table.items()}
    own: list[Area] = []
    for area, row in table.items():
        below = [found[part.code] for part in tree.children(area.code) if part.code in found]
        left = {name: n - sum(part[name] for part in below) for name, n in row.items()}
        if below and any(left.values()):
            own.append(
                evolve(area, code=area.code + _REST, parent=area.code, level=AreaLevel.VILLAGE)
            )
            found[own[-1].code] = left
    return found, AreaTree([*tree, *own])


def _shown(found: Figures, given: Sequence[Count], shown: ProtectedTable, code: str) -> Figures:
    cells = shown.cells[code]
    counts = {count: cells[str(count)].value if count in given else None for count in Count}
    hidden = frozenset(count for count in given if counts[count] is None)
    told = Counts.of({count: number for count, number in counts.items() if number is not None})
    is_open = hidden <= set(WHOLES)
    left = rates(Tally.of(told)) if is_open else dict.fromkeys(Denominator, _NO_RATE)
    return evolve(found, counts=counts, hidden=hidden, rates=left)


_BLANKS = Text(
    vi="Chưa bảo vệ được số nhỏ: có khu vực để trống {count} mà khu vực khác thì không; hãy điền "
    "đủ hoặc bỏ cột này.",
    en="Small counts cannot be protected: some areas leave {count} blank and others do not; fill "
    "it in everywhere, or leave the column out.",
)
