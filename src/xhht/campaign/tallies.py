"""Counts of the results of subjects by title and area, and the counts reported by areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import TypeAlias

from attrs import evolve

from xhht.campaign.places import SubjectPlaces
from xhht.campaign.records import (
    AreaReport,
    Cohort,
    Refusal,
    SubjectCase,
    SubjectOutcomes,
    TallyEntry,
    TitleGroup,
)
from xhht.campaign.totals import DeclaredTotals
from xhht.criteria.profile import Profile
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.titles import Title
from xhht.evaluation.state import Verdict
from xhht.rollup.counts import Count, Counts
from xhht.rollup.rates import Coverage
from xhht.rollup.tally import Tally, TallySum
from xhht.rollup.tree import AreaRollup, Rollup, rollup
from xhht.text import Text

__all__ = [
    "NOT_EVALUATED",
    "Tallies",
    "accepted_reports",
    "counts_of",
    "roll_up_group",
    "sorted_groups",
]

NOT_EVALUATED = SubjectOutcomes((), None)
"""The result of a subject that could not be evaluated."""

_Counted: TypeAlias = tuple[Cohort, TallyEntry]


class Tallies:
    """Counts of subjects, updated incrementally."""

    def __init__(self, places: SubjectPlaces, totals: DeclaredTotals) -> None:
        self._places = places
        self._totals = totals
        self._cells: dict[Cohort, Counter[TallyEntry]] = {}
        self._alike: dict[_Counted, _Counted] = {}
        self._reports: dict[TitleGroup, dict[str, Counts]] = {}

    def replace(self, case: SubjectCase, cohort: Cohort, outcomes: SubjectOutcomes) -> None:
        """Replace the entry of a subject in the counts by its current result."""
        record, decision = case.record, case.record.decision
        decided = decision.level or "" if decision and decision.title is record.key[0] else None
        counted_as = cohort, (record.registered, outcomes, decided)
        if case.counted_as is not None:
            if case.counted_as == counted_as:
                return
            self.remove(case)
        # Equal entries share one object: a million fewer for memory and garbage collection.
        case.counted_as = self._alike.setdefault(counted_as, counted_as)
        cell = self._cells.get(cohort)
        if cell is None:
            cell = self._cells[cohort] = Counter()
        cell[counted_as[1]] += 1
        self._totals.add_known(cohort.group[0], cohort.area, 1)

    def remove(self, case: SubjectCase) -> None:
        """Remove a subject from the counts, if it was counted."""
        if case.counted_as is not None:
            cohort, entry = case.counted_as
            cell = self._cells[cohort]
            cell[entry] -= 1
            if not cell[entry]:
                del cell[entry]
            case.counted_as = None
            self._totals.add_known(cohort.group[0], cohort.area, -1)

    def add_report(self, report: AreaReport) -> None:
        """Add the counts that an area reports."""
        self._reports.setdefault((report.title, report.level), {})[report.area] = report.counts
        self._totals.add_known(report.title, report.area, report.counts.bounds(Count.TOTAL).lower)

    def is_reported(self, group: TitleGroup, area: str) -> bool:
        """Return whether an area is covered by reported counts."""
        reported = self._reports.get(group)
        return reported is not None and any(code in reported for code in self._places.path(area))

    def groups(self) -> tuple[TitleGroup, ...]:
        """Return the groups counted separately, in the order of titles and levels."""
        groups = {*self._reports, *(cohort.group for cohort, cell in self._cells.items() if cell)}
        groups |= {(title, None) for title in self._totals.titles}
        return sorted_groups(groups)

    def unrecorded_counts(self, group: TitleGroup) -> Iterator[tuple[str, Counts]]:
        """Yield the counts of subjects without records, by area: the reported counts, and the
        declared totals minus the known subjects.
        """
        yield from self._reports.get(group, {}).items()
        title, level = group
        if level is None:
            for code, missing in self._totals.excess(title):
                yield code, Counts(total=max(missing, 0))

    def tallies(self, group: TitleGroup, *, decided: bool = False) -> dict[str, Tally]:
        """Return the tally of a group in each area, from its subjects and its reported counts."""
        sums: dict[str, TallySum] = {}
        one = cache(partial(_tally, decided=decided))
        for cohort, cell in self._cells.items():
            if cohort.group == group and cell:
                total = sums.setdefault(cohort.area, TallySum())
                for entry, number in cell.items():
                    total.add(one(entry), number)
        for code, counts in self.unrecorded_counts(group):
            sums.setdefault(code, TallySum()).add(Tally.of(counts))
        return {code: total.tally() for code, total in sums.items()}

    def profiles(self, group: TitleGroup) -> set[Profile]:
        """Return the profiles by which subjects of a group are evaluated."""
        cohorts = (cohort for cohort, cell in self._cells.items() if cell)
        profiles = (cohort.profile for cohort in cohorts if cohort.group == group)
        return {profile for profile in profiles if profile is not None}

    def rollup(
        self,
        group: TitleGroup,
        by: AreaLevel,
        *,
        decided: bool = False,
        without: Collection[str] = (),
    ) -> Rollup:
        """Return the totals of a group in the areas of one level.

        Args:
            group: what is counted.
            by: the level.
            decided: whether to count the authorities' decisions instead of the computed verdicts.
            without: areas whose own counts are excluded.
        """
        tallies = self.tallies(group, decided=decided)
        return roll_up_group(
            {code: tally for code, tally in tallies.items() if code not in without},
            group,
            by,
            complete=[code for code, _ in self.unrecorded_counts(group)],
            places=self._places,
            totals=self._totals,
        )


def sorted_groups(groups: Iterable[TitleGroup]) -> tuple[TitleGroup, ...]:
    """Return groups in the order of titles and levels."""
    titles, levels = list(Title), [None, *AreaLevel]
    return tuple(sorted(groups, key=lambda g: (titles.index(g[0]), levels.index(g[1]))))


def roll_up_group(
    tallies: Mapping[str, Tally],
    group: TitleGroup,
    by: AreaLevel,
    *,
    complete: Iterable[str],
    places: SubjectPlaces,
    totals: DeclaredTotals,
) -> Rollup:
    """Return the tallies of a group added up to the areas of one level.

    Args:
        tallies: by the code of the area.
        group: what is counted.
        by: the level.
        complete: areas whose tally covers the whole area.
        places: the areas.
        totals: the declared totals.
    """
    title, level = group
    result = rollup(
        {(code, title): tally for code, tally in tallies.items()},
        _tree_of(group, by, tallies, places),
        by=by,
        titles=[title],
        subjects=True,
        complete=[(code, title) for code in complete],
    )
    rows = (evolve(row, communities=level) for row in result.rows)
    return evolve(result, rows=tuple(_as_covered(row, totals) for row in rows))


def _as_covered(row: AreaRollup, totals: DeclaredTotals) -> AreaRollup:
    """Return a row with coverage 0 if subjects missing in a containing area may be in it."""
    if not totals.around(row.title, row.area.code):
        return row
    return evolve(row, coverage=Coverage(0, row.coverage.expected))


def _tree_of(
    group: TitleGroup, by: AreaLevel, listed: Iterable[str], places: SubjectPlaces
) -> AreaTree:
    """Return the areas down to those of a group's subjects, which then count as leaves."""
    title, level = group
    levels = [level or _LISTED_AT.get(title, AreaLevel.VILLAGE), by]
    levels += map(places.level_of_area, listed)
    return places.tree_down_to(max(levels, key=lambda level: level.rank))


def counts_of(entry: TallyEntry, *, decided: bool = False) -> Counts:
    """Return the counts of one subject, by the criteria or by the authority's decision."""
    registered, outcomes, decision = entry
    if not decided:
        return Counts.of_subject(_verdict(outcomes.levels), registered=registered)
    awarded = int(decision is not None)
    reported = None if registered is None else int(registered)
    return Counts(
        total=1, registered=1 if awarded else reported, recognised=awarded, undetermined=0
    )


def _tally(entry: TallyEntry, *, decided: bool) -> Tally:
    registered, outcomes, decision = entry
    if decided:
        counts = counts_of(entry, decided=True)
        return Tally.of(counts, levels={decision: 1} if decision else None)
    return Tally.of_subject(
        _verdict(outcomes.levels),
        level=outcomes.levels[0] if len(outcomes.levels) == 1 else None,
        points=outcomes.points,
        registered=registered,
    )


def _verdict(levels: tuple[str | None, ...]) -> Verdict | None:
    """Return the verdict for the possible outcomes, or None if there are none."""
    if not levels:
        return None
    if None not in levels:
        return Verdict.RECOGNISED
    return Verdict.NOT_RECOGNISED if levels == (None,) else Verdict.UNDETERMINED


def accepted_reports(
    reports: Iterable[AreaReport], places: SubjectPlaces
) -> Iterator[tuple[AreaReport, Refusal | None]]:
    """Yield each report with the reason it cannot be used, or None if it can.

    If an area and an area inside it both send counts, those of the inner one are used.
    """
    listed = list(reports)
    inner: Counter[tuple[TitleGroup, str]] = Counter()
    seen: set[tuple[TitleGroup, str]] = set()
    for report in listed:
        if report.area in places.areas:
            for code in places.path(report.area)[1:]:
                inner[(report.title, report.level), code] += 1
    for report in listed:
        place = ((report.title, report.level), report.area)
        yield report, _report_refusal(report, places, inner[place], place in seen)
        seen.add(place)


def _report_refusal(
    report: AreaReport, places: SubjectPlaces, inner: int, is_duplicate: bool
) -> Refusal | None:
    if report.area not in places.areas:
        return Refusal("unknown_area", "area", _NO_AREA)
    if (report.title is Title.LEARNING_COMMUNITY) != (report.level is not None):
        return Refusal("level", "area", _LEVEL)
    for issue in report.counts.faults():
        return Refusal(issue.code, "area", issue.text)
    if is_duplicate:
        return Refusal("duplicate", "area", _TWICE)
    return Refusal("reported_below", "area", _BELOW) if inner else None


_LISTED_AT = {Title.LEARNING_CLAN: AreaLevel.COMMUNE, Title.LEARNING_UNIT: AreaLevel.COMMUNE}
_NO_AREA = Text(
    vi="Khu vực này không có trong cây khu vực; hãy kiểm tra mã.",
    en="The area is not in the tree of areas; check the code.",
)
_LEVEL = Text(
    vi="Báo cáo về cộng đồng phải nêu cấp của cộng đồng; các báo cáo khác không được nêu cấp.",
    en="A report on communities must give their level; no other report may give one.",
)
_TWICE = Text(
    vi="Báo cáo của khu vực cho danh hiệu này bị trùng; báo cáo đứng trước được dùng.",
    en="Duplicate report of the area for this title; the first one is used.",
)
_BELOW = Text(
    vi="Khu vực bên trong cũng gửi số tổng hợp; số của khu vực bên trong được dùng.",
    en="An area within this one also sends counts; the counts of the inner area are used.",
)
