"""Measures of targets on a society: rates, shares under a condition, numbers of areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from attrs import frozen

from xhht.campaign._conditions import FactLookup, MeasureCondition, OtherProfileError
from xhht.campaign._states import Share, area_states_from_counts, states_from_counts, subject_state
from xhht.campaign.cohorts import TitleGroup
from xhht.campaign.places import SubjectPlaces
from xhht.campaign.tallies import Tallies, TallyEntry
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.target_document import AreasEntry, CountedIn, RateEntry
from xhht.criteria.targets import External, Measure, Target
from xhht.domain.areas import AreaLevel
from xhht.domain.titles import Title
from xhht.errors import CampaignError
from xhht.rollup.attained import (
    NotComputedReason,
    TargetResults,
    areas_measured,
    evaluate_targets,
    rate_measured,
)
from xhht.rollup.attainment import area_tally
from xhht.rollup.measured import AreaMeasurement, JointState, JointTally, Truth, joint_rollup
from xhht.rollup.tally import Tally
from xhht.rollup.tree import AreaRollup, Coverage
from xhht.rules.inputs import Input
from xhht.text import Text

__all__ = ["Measures"]


@frozen(kw_only=True)
class Measures:
    """Measures of a society in the areas of one level, computed on demand.

    Attributes:
        places, tallies: the current state of the society.
        facts_of: a function that returns the facts of a subject.
        as_of: the day of evaluation.
        by: the level of the areas.
        level: for communities, the level of those counted; None if there is only one level.
        decided: whether to count the authorities' decisions instead of the computed verdicts.
    """

    places: SubjectPlaces
    tallies: Tallies
    facts_of: FactLookup
    as_of: date
    by: AreaLevel
    level: AreaLevel | None
    decided: bool

    def attained(self, targets: Iterable[Target]) -> TargetResults:
        """Return the attainment of targets."""
        areas = self.places.areas.at_level(self.by)
        return evaluate_targets(targets, self, areas, as_of=self.as_of)

    def reason(self, target: Target) -> NotComputedReason | None:
        """Return why a target cannot be computed, or None if it can."""
        measure = target.measure
        if isinstance(measure, External):
            return NotComputedReason.EXTERNAL
        if isinstance(measure, AreasEntry) and not self.places.areas.at_level(measure.level):
            return NotComputedReason.NO_LEVEL
        group = self._group(measure)
        if isinstance(group, NotComputedReason):
            return group
        if not isinstance(measure, AreasEntry):
            try:
                self._condition(measure, group, target.inputs)
            except (ProfileError, OtherProfileError):
                return NotComputedReason.OTHER_PROFILE
        return None

    def measured(self, target: Target) -> dict[str, AreaMeasurement]:
        """Return the measured values of a target, by area code."""
        return self.of(target.measure, target.inputs)

    def of(self, measure: Measure, inputs: Iterable[Input] = ()) -> dict[str, AreaMeasurement]:
        """Return the value of a measure in every area, by code.

        Raises:
            CampaignError: it cannot be measured; the message gives the reason.
            ProfileError: the condition is invalid.
        """
        if isinstance(measure, External):
            raise _not_measured(NotComputedReason.EXTERNAL)
        group = self._group(measure)
        if isinstance(group, NotComputedReason):
            raise _not_measured(group)
        if isinstance(measure, AreasEntry):
            return self._areas(measure, group)
        condition = self._condition(measure, group, inputs)
        if condition is not None:
            return self._shares(measure, group, condition)
        assert isinstance(measure, RateEntry)
        rows = self.tallies.rollup(group, self.by, decided=self.decided).rows
        return {row.area.code: rate_measured(measure, row) for row in rows}

    def _group(self, measure: Share | AreasEntry) -> TitleGroup | NotComputedReason:
        """Return the group of subjects of a measure, or why there is none."""
        title, level = measure.title, self.level
        known = [group for group in self.tallies.groups() if group[0] is title]
        if isinstance(measure, AreasEntry) and measure.counted is CountedIn.ITSELF:
            if title is not Title.LEARNING_COMMUNITY:
                return NotComputedReason.NEEDS_OWN_RESULT
            level = measure.level
        if title is Title.LEARNING_COMMUNITY and level is None and len(known) > 1:
            return NotComputedReason.WHICH_COMMUNITIES
        if title is Title.LEARNING_COMMUNITY and level is not None:
            known = [group for group in known if group[1] is level]
        return known[0] if known else NotComputedReason.NO_COUNTS

    # Shares of subjects

    def _condition(
        self, measure: Share, group: TitleGroup, inputs: Iterable[Input]
    ) -> MeasureCondition | None:
        text = measure.where if isinstance(measure, RateEntry) else measure.when
        if text is None:
            return None
        return MeasureCondition(
            text,
            measure.profile,
            inputs,
            profiles=self.tallies.profiles(group),
            facts_of=self.facts_of,
            as_of=self.as_of,
        )

    def _shares(
        self, measure: Share, group: TitleGroup, condition: MeasureCondition
    ) -> dict[str, AreaMeasurement]:
        reported = {
            code: states_from_counts(measure, counts)
            for code, counts in self.tallies.unrecorded_counts(group)
        }
        uncounted = [code for code, tally in reported.items() if tally is None]
        rows = self.tallies.rollup(group, self.by, decided=self.decided, without=uncounted).rows
        parts = self._states(measure, group, condition)
        for code, tally in reported.items():
            if tally is not None:
                parts[code] = parts.get(code, JointTally()) + tally
        added = joint_rollup(parts, self.places.areas, by=self.by)
        return {
            row.area.code: AreaMeasurement(
                area=row.area,
                measured=added[row.area.code].measured(),
                coverage=row.coverage,
                reported=bool(row.tally),
            )
            for row in rows
        }

    def _states(
        self, measure: Share, group: TitleGroup, condition: MeasureCondition
    ) -> dict[str, JointTally]:
        """Return the states of the subjects with records in each area."""
        cases: Counter[tuple[str, TallyEntry, Truth]] = Counter()
        for case in self.places.cases.values():
            if case.counted_as is not None and case.counted_as[0].group == group:
                cohort, entry = case.counted_as
                cases[cohort.area, entry, condition.holds(case.record, cohort.profile)] += 1
        by_area: dict[str, Counter[JointState]] = {}
        for (code, entry, where), number in cases.items():
            state = subject_state(measure, entry, where, decided=self.decided)
            by_area.setdefault(code, Counter())[state] += number
        return {code: JointTally(states) for code, states in by_area.items()}

    # Numbers of areas

    def _areas(self, measure: AreasEntry, group: TitleGroup) -> dict[str, AreaMeasurement]:
        if measure.counted is CountedIn.ITSELF:
            areas = self._own(measure, group)
        else:
            rows = self.tallies.rollup(group, measure.level, decided=self.decided).rows
            areas = {row.area.code: area_tally(measure, row) for row in rows}
        return areas_measured(areas, self.places.areas, by=self.by)

    def _own(self, measure: AreasEntry, group: TitleGroup) -> dict[str, JointTally]:
        """Return for each area whether it meets the measure itself.

        For areas inside an area that sends counts, only the number that meet it is known.
        """
        tree, tallies = self.places.areas, self.tallies.tallies(group, decided=self.decided)
        sent = dict(self.tallies.unrecorded_counts(group))
        areas: dict[str, JointTally] = {}
        inside: Counter[str] = Counter()
        for area in tree.at_level(measure.level):
            above = (code for code in self.places.path(area.code)[1:] if code in sent)
            sender = next(above, None)
            if sender is None:
                tally = tallies.get(area.code, Tally())
                row = AreaRollup(
                    area=area, title=measure.title, tally=tally, coverage=Coverage(0, 1)
                )
                areas[area.code] = area_tally(measure, row)
            elif tree.up(sender, self.by) is None:
                areas[area.code] = JointTally.of(True, None)
            else:
                inside[sender] += 1
        for code, number in inside.items():
            areas[code] = area_states_from_counts(measure, sent[code], number)
        return areas


def _not_measured(reason: NotComputedReason) -> CampaignError:
    return CampaignError(_NOT_MEASURED.format(reason=reason.text))


_NOT_MEASURED = Text(
    vi="Không đo được: {reason}.",
    en="Cannot be measured: {reason}.",
)
