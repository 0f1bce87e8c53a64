"""Evaluation of a programme's targets on a table of counts, where counts alone suffice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from xhht.criteria.target_document import AreasEntry, CountedIn, RateEntry
from xhht.criteria.targets import Target
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.titles import Title
from xhht.rollup.attained import (
    NotComputedReason,
    TargetResults,
    areas_measured,
    evaluate_targets,
    rate_measured,
)
from xhht.rollup.attainment import area_tally
from xhht.rollup.measured import AreaMeasurement, JointTally
from xhht.rollup.reports import Reports
from xhht.rollup.tree import AreaRollup, rollup

__all__ = ["CountTargetEvaluator"]


class CountTargetEvaluator:
    """Evaluates targets on counts; each level is rolled up once for all targets.

    Args:
        reports: a table of counts or of subjects.
        tree: the areas.
        by: the level of the areas for which targets are evaluated.
    """

    def __init__(self, reports: Reports, tree: AreaTree, *, by: AreaLevel) -> None:
        self._reports = reports
        self._tree = tree
        self._by = by
        self._rollups: dict[AreaLevel, tuple[AreaRollup, ...]] = {}

    def evaluate(self, targets: Iterable[Target], *, as_of: date | int) -> TargetResults:
        """Return the attainment of targets in each area of the level.

        Args:
            targets: the targets.
            as_of: the day for which the counts hold, or a year for its last day.
        """
        return evaluate_targets(targets, self, self._tree.at_level(self._by), as_of=as_of)

    def reason(self, target: Target) -> NotComputedReason | None:
        """Return why counts do not suffice for a target, or None."""
        measure = target.measure
        if not isinstance(measure, (RateEntry, AreasEntry)) or _needs_subjects(measure):
            return NotComputedReason.NEEDS_SUBJECTS
        if isinstance(measure, AreasEntry) and measure.counted is CountedIn.ITSELF:
            return NotComputedReason.NEEDS_OWN_RESULT
        if measure.title not in self._reports.titles:
            return NotComputedReason.NO_COUNTS
        if isinstance(measure, AreasEntry) and not self._tree.at_level(measure.level):
            return NotComputedReason.NO_LEVEL
        return None

    def measured(self, target: Target) -> dict[str, AreaMeasurement]:
        """Return what was measured for a target, by code of the areas of the level."""
        if isinstance(target.measure, RateEntry):
            return self._rates(target.measure)
        assert isinstance(target.measure, AreasEntry)
        return self._numbers_of_areas(target.measure)

    def _rates(self, measure: RateEntry) -> dict[str, AreaMeasurement]:
        rows = self._rows(self._by, measure.title)
        return {row.area.code: rate_measured(measure, row) for row in rows}

    def _numbers_of_areas(self, measure: AreasEntry) -> dict[str, AreaMeasurement]:
        rows = self._rows(measure.level, measure.title)
        tallies: dict[str, JointTally] = {row.area.code: area_tally(measure, row) for row in rows}
        return areas_measured(tallies, self._tree, by=self._by)

    def _rows(self, level: AreaLevel, title: Title) -> list[AreaRollup]:
        if level not in self._rollups:
            self._rollups[level] = rollup(
                self._reports.tallies,
                self._tree,
                by=level,
                titles=self._reports.titles,
                subjects=self._reports.by_subject,
            ).rows
        return [row for row in self._rollups[level] if row.title is title]


def _needs_subjects(measure: RateEntry | AreasEntry) -> bool:
    return isinstance(measure, RateEntry) and measure.where is not None
